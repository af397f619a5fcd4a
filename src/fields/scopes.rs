//! The field of the identity data that the service asks for.

use std::rc::Rc;

use leptos::prelude::*;

use super::binding::{Toggle, toggled};
use super::control::{Control, Hint, Messages, while_asked};
use crate::components::{choice, paragraph};
use crate::html::{div, fieldset, follow, input, legend};
use crate::model::field::Value;
use crate::model::{ClosedList, Field, Scope};
use crate::texts::fields;

/// Shows one box for each scope, in two groups, and tells of the identifier that is always given.
#[component]
pub fn ScopesField() -> impl IntoView {
    while_asked(Field::Scopes, |control| {
        let always = "Un identifiant technique, propre à votre service, est toujours transmis : il permet de reconnaître un même usager.";
        control
            .described(control.frame(fieldset()), "")
            .child(legend().child(fields::of(Field::Scopes).label))
            .child(view! {
                <Hint control />
                <Group control name="Identité" scopes=Scope::IDENTITY />
                <Group control name="En complément" scopes=Scope::FURTHER />
            })
            .child(paragraph(always).attr("class", "hint"))
            .child(view! { <Messages control /> })
    })
}

/// Shows the boxes of some scopes under a name.
#[component]
fn Group(control: Control, name: &'static str, scopes: &'static [Scope]) -> impl IntoView {
    let options: Vec<_> = scopes.iter().map(|scope| view! { <ScopeOption control scope=*scope /> }).collect();
    let options = div().attr("class", "choices two").child(options);
    fieldset().attr("class", "group").child(legend().child(name)).child(options)
}

/// Shows the box of one scope.
#[component]
fn ScopeOption(control: Control, scope: Scope) -> impl IntoView {
    let Control { form, field, .. } = control;
    let value = scope.as_str();
    let (name, help) = fields::option(field, value);
    let is_chosen = move || form.with(field, |held| matches!(held, Value::Scopes(scopes) if scopes.contains(scope)));
    let choose = move |ticked| {
        let scopes = form.draft().data.scopes.with(value, ticked);
        form.edit(field, Value::Scopes(&scopes));
    };
    let toggle = Toggle { form, field, is_chosen: Rc::new(is_chosen), choose: Rc::new(choose) };
    let input = input()
        .attr("type", "checkbox")
        .attr("name", field.path())
        .attr("value", value)
        .attr("aria-invalid", follow(move || control.is_invalid().then_some("true")));
    choice(toggled(input, toggle), name, help, Some(&control.id(value)))
}
