//! A box to tick.

use std::rc::Rc;

use leptos::prelude::*;

use super::control::{Control, asked};
use super::typing::{Choice, ticked};
use crate::components::described_choice;
use crate::html::{a, div, follow, input, p};
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// Shows a field that is answered by ticking a box.
#[component]
pub fn Checkbox(field: Field) -> impl IntoView {
    asked(field, |control| control.frame(div()).child(label(control)).child(control.messages()))
}

/// Shows a box to tick under which stands a link to the general terms.
#[component]
pub fn TermsCheckbox(
    field: Field,
    /// Address of the terms.
    #[prop(into)]
    address: Signal<String>,
) -> impl IntoView {
    asked(field, move |control| {
        let terms = a()
            .attr("href", follow(move || address.get()))
            .attr("rel", "external noopener")
            .attr("target", "_blank")
            .child("Lire les conditions générales d’utilisation (nouvel onglet)");
        let below = p().attr("class", "below-choice").child(terms);
        control.frame(div()).child(label(control)).child(below).child(control.messages())
    })
}

fn label(control: Control) -> impl IntoView {
    let Control { form, field, .. } = control;
    let (words, path) = (fields::of(field), field.path());
    // `required` would make browsers call an unticked box wrong before anybody tried.
    let input = input().attr("type", "checkbox").attr("id", path).attr("name", path).attr("aria-required", "true");
    let input = input.directive(
        ticked,
        Choice {
            form,
            field,
            is_chosen: Rc::new(move || form.with(field, |value| value == Value::Flag(true))),
            choose: Rc::new(move |ticked| form.edit(field, Value::Flag(ticked))),
        },
    );
    described_choice(control.described(input, ""), words.label, words.hint, Some(path))
}
