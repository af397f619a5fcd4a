//! One choice among a few.

use std::rc::Rc;

use leptos::prelude::*;

use super::control::{Control, asked};
use super::typing::{Choice, ticked};
use crate::components::choice;
use crate::html::{div, fieldset, input, legend};
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// Shows a field that is answered by one choice among a few. The values are the wire's, in the order shown; those of a yes or
/// no are `true` and `false`.
#[component]
pub fn Radios(field: Field, values: &'static [&'static str]) -> impl IntoView {
    asked(field, move |control| {
        let options: Vec<_> = values.iter().map(|value| option(control, value)).collect();
        control
            .described(control.frame(fieldset()), "")
            .attr("role", "radiogroup")
            .attr("aria-required", "true")
            .child(legend().child(fields::of(field).label))
            .child(control.hint())
            .child(div().attr("class", "choices").child(options))
            .child(control.messages())
    })
}

fn option(control: Control, value: &'static str) -> impl IntoView {
    let Control { form, field, .. } = control;
    let (name, help) = fields::option(field, value);
    let choose = move |chosen: bool| {
        let yes_or_no = untrack(|| form.with(field, |held| matches!(held, Value::YesNo(_))));
        let answer = if yes_or_no { Value::YesNo(Some(value == "true")) } else { Value::Choice(Some(value)) };
        // That another one is chosen is told by that one.
        if chosen {
            form.edit(field, answer);
        }
    };
    let input = input().attr("type", "radio").attr("name", field.path()).attr("value", value);
    let is_chosen = Rc::new(move || form.text(field) == value);
    let input = input.directive(ticked, Choice { form, field, is_chosen, choose: Rc::new(choose) });
    choice(input, name, help, Some(&control.id(value)))
}
