//! Fields that are answered by ticking a box.

use std::rc::Rc;

use leptos::prelude::*;

use super::binding::{Toggle, toggled};
use super::control::{Control, Messages, while_asked};
use crate::components::{described_choice, new_tab_link};
use crate::html::{div, input, p};
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// Shows a field that is answered by ticking a box.
#[component]
pub fn Checkbox(field: Field) -> impl IntoView {
    while_asked(field, |control| {
        control.frame(div()).child(view! { <Tick control /> }).child(view! { <Messages control /> })
    })
}

/// Shows a field that is answered by ticking a box, with a link to the general terms.
#[component]
pub fn TermsCheckbox(
    field: Field,
    /// Address of the terms.
    #[prop(into)]
    address: Signal<String>,
) -> impl IntoView {
    while_asked(field, move |control| {
        let terms = new_tab_link(move || address.get(), "Lire les conditions générales d’utilisation");
        control
            .frame(div())
            .child(view! { <Tick control /> })
            .child(p().attr("class", "below-choice").child(terms))
            .child(view! { <Messages control /> })
    })
}

/// Shows the box itself, with its label and its hint.
#[component]
fn Tick(control: Control) -> impl IntoView {
    let Control { form, field, .. } = control;
    let (texts, path) = (fields::of(field), field.path());
    let toggle = Toggle {
        form,
        field,
        is_chosen: Rc::new(move || form.with(field, |value| value == Value::Flag(true))),
        choose: Rc::new(move |ticked| form.edit(field, Value::Flag(ticked))),
    };
    // `required` would make browsers call an unticked box invalid before anybody tried.
    let input = input().attr("type", "checkbox").attr("id", path).attr("name", path).attr("aria-required", "true");
    described_choice(control.described(toggled(input, toggle), ""), texts.label, texts.hint, Some(path))
}
