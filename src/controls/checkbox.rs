//! A box to tick.

use super::{Control, choice, control};
use crate::dom::{Element, View, element, ticked};
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
    let words = fields::of(field);
    let input = control
        .input("input")
        .attr("type", "checkbox")
        .live_checked(move || form.with(field, |value| value == Value::Flag(true)))
        .on("change", move |event| {
            form.edit(field, Value::Flag(ticked(&event)));
            form.leave(field);
        });
    // The hint stands in the label and has the id that describes the box.
    choice(input, words.label, "", None).child(control.hint_in_label(words.hint))
}

impl Control {
    fn hint_in_label(self, words: &str) -> Option<Element> {
        (!words.is_empty()).then(|| element("span").class("hint").attr("id", &self.id("hint")).text(words))
    }
}
