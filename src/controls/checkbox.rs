//! A box to tick.

use super::{Control, choice, control};
use crate::dom::{Element, View, element};
use crate::form::Form;
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// A box to tick.
pub fn checkbox(form: Form, field: Field) -> View {
    control(form, field, |control| control.frame("div").child(label(control)).child(control.messages()))
}

/// A box to tick under which stands a link to the general terms.
pub fn terms_checkbox(form: Form, field: Field, address: impl Fn() -> String + Clone + 'static) -> View {
    control(form, field, move |control| {
        let address = address.clone();
        let terms = element("a")
            .live_attr("href", move || Some(address()))
            .attr("rel", "external noopener")
            .attr("target", "_blank")
            .text("Lire les conditions générales d’utilisation (nouvel onglet)");
        control
            .frame("div")
            .child(label(control))
            .child(element("p").class("below-choice").child(terms))
            .child(control.messages())
    })
}

fn label(control: Control) -> Element {
    let Control { form, field, .. } = control;
    let (words, path) = (fields::of(field), field.path());
    // `required` would make browsers call an unticked box wrong before anybody tried.
    let input =
        element("input").attr("type", "checkbox").attr("id", path).attr("name", path).attr("aria-required", "true");
    let holds = move || form.with(field, |value| value == Value::Flag(true));
    let input = control.checked(input, holds, move |ticked| form.edit(field, Value::Flag(ticked)));
    let label = choice(input.clone(), words.label, words.hint, Some(path));
    control.described(input, "");
    label
}
