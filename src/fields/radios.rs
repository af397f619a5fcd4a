//! Fields that are answered by one choice among a few.

use std::rc::Rc;

use leptos::prelude::*;

use super::binding::{Toggle, toggled};
use super::control::{Control, Hint, Messages, while_asked};
use crate::components::choice;
use crate::html::{div, fieldset, input, legend};
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// Shows a field that is answered by one choice among a few.
#[component]
pub fn Radios(
    field: Field,
    /// Values on the wire, in the order shown; `true` and `false` for a yes or no.
    values: &'static [&'static str],
) -> impl IntoView {
    while_asked(field, move |control| {
        let options: Vec<_> = values.iter().map(|value| view! { <RadioOption control value /> }).collect();
        control
            .described(control.frame(fieldset()), "")
            .attr("role", "radiogroup")
            .attr("aria-required", "true")
            .child(legend().child(fields::of(field).label))
            .child(view! { <Hint control /> })
            .child(div().attr("class", "choices").child(options))
            .child(view! { <Messages control /> })
    })
}

/// Shows one of the choices.
#[component]
fn RadioOption(control: Control, value: &'static str) -> impl IntoView {
    let Control { form, field, .. } = control;
    let (name, help) = fields::option(field, value);
    let choose = move |is_chosen: bool| {
        let is_yes_or_no = untrack(|| form.with(field, |held| matches!(held, Value::YesNo(_))));
        let answer = if is_yes_or_no { Value::YesNo(Some(value == "true")) } else { Value::Choice(Some(value)) };
        // The button that takes its place edits the answer.
        if is_chosen {
            form.edit(field, answer);
        }
    };
    let is_chosen = Rc::new(move || form.text(field) == value);
    let input = input().attr("type", "radio").attr("name", field.path()).attr("value", value);
    let input = toggled(input, Toggle { form, field, is_chosen, choose: Rc::new(choose) });
    choice(input, name, help, Some(&control.id(value)))
}
