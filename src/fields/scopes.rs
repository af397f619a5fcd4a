//! The identity data that the service asks for, by group.

use std::rc::Rc;

use leptos::prelude::*;

use super::control::{Control, asked};
use super::typing::{Choice, ticked};
use crate::components::{choice, paragraph};
use crate::html::{div, fieldset, follow, input, legend};
use crate::model::field::Value;
use crate::model::{ClosedList, Field, Scope};
use crate::texts::fields;

/// Shows one box for each piece of data, in two groups, and the technical identifier that is always given.
#[component]
pub fn Scopes() -> impl IntoView {
    asked(Field::Scopes, |control| {
        let always = "Un identifiant technique, propre à votre service, est toujours transmis : il permet de reconnaître un même usager.";
        control
            .described(control.frame(fieldset()), "")
            .child(legend().child(fields::of(Field::Scopes).label))
            .child(control.hint())
            .child(group(control, "Identité", Scope::IDENTITY))
            .child(group(control, "En complément", Scope::FURTHER))
            .child(paragraph(always).attr("class", "hint"))
            .child(control.messages())
    })
}

fn group(control: Control, name: &'static str, scopes: &[Scope]) -> impl IntoView + use<> {
    let options: Vec<_> = scopes.iter().map(|scope| option(control, *scope)).collect();
    let options = div().attr("class", "choices two").child(options);
    fieldset().attr("class", "group").child(legend().child(name)).child(options)
}

fn option(control: Control, scope: Scope) -> impl IntoView {
    let Control { form, field, .. } = control;
    let value = scope.as_str();
    let (name, help) = fields::option(field, value);
    let tick = move |ticked| {
        let scopes = form.draft().data.scopes.with(value, ticked);
        form.edit(field, Value::Scopes(&scopes));
    };
    let holds = move || form.with(field, |held| matches!(held, Value::Scopes(scopes) if scopes.contains(scope)));
    let input = input()
        .attr("type", "checkbox")
        .attr("name", field.path())
        .attr("value", value)
        .attr("aria-invalid", follow(move || control.is_invalid().then_some("true")));
    let input = input.directive(ticked, Choice { form, field, is_chosen: Rc::new(holds), choose: Rc::new(tick) });
    choice(input, name, help, Some(&control.id(value)))
}
