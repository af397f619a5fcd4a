//! One choice among a few.

use leptos::prelude::*;

use super::{Control, choice, control};
use crate::dom::{Element, View, element};
use crate::form::Form;
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// One choice among a few; the values are the wire's, in the order shown. A yes or no has `true` and `false`.
pub fn radios(form: Form, field: Field, values: &'static [&'static str]) -> View {
    control(form, field, move |control| {
        let options: Vec<Element> = values.iter().map(|value| option(control, value)).collect();
        let frame = control.described(control.frame("fieldset"), "");
        frame
            .attr("role", "radiogroup")
            .attr("aria-required", "true")
            .child(element("legend").text(fields::of(field).label))
            .child(control.hint())
            .child(element("div").class("choices").child(options))
            .child(control.messages())
    })
}

fn option(control: Control, value: &'static str) -> Element {
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
    let input = element("input").attr("type", "radio").attr("name", field.path()).attr("value", value);
    let input = control.checked(input, move || form.text(field) == value, choose);
    choice(input, name, help, Some(&control.id(value)))
}
