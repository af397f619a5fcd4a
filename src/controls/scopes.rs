//! The identity data that the service asks for, by group.

use super::{Control, choice, control};
use crate::dom::{Element, View, element, paragraph};
use crate::form::Form;
use crate::model::field::Value;
use crate::model::{ClosedList, Field, Scope};
use crate::texts::fields;

/// One box for each piece of data, in two groups, and the technical identifier that is always given.
pub fn scopes(form: Form) -> View {
    control(form, Field::Scopes, |control| {
        let always = "Un identifiant technique, propre à votre service, est toujours transmis : il permet de reconnaître un même usager.";
        control
            .described(control.frame("fieldset"), "")
            .child(element("legend").text(fields::of(Field::Scopes).label))
            .child(control.hint())
            .child(group(control, "Identité", Scope::IDENTITY))
            .child(group(control, "En complément", Scope::FURTHER))
            .child(paragraph(always).class("hint"))
            .child(control.messages())
    })
}

fn group(control: Control, name: &str, scopes: &[Scope]) -> Element {
    let options: Vec<Element> = scopes.iter().map(|scope| option(control, *scope)).collect();
    element("fieldset")
        .class("group")
        .child(element("legend").text(name))
        .child(element("div").class("choices two").child(options))
}

fn option(control: Control, scope: Scope) -> Element {
    let Control { form, field, .. } = control;
    let value = scope.as_str();
    let (name, help) = fields::option(field, value);
    let tick = move |ticked| {
        let scopes = form.draft().data.scopes.with(value, ticked);
        form.edit(field, Value::Scopes(&scopes));
    };
    let holds = move || form.with(field, |held| matches!(held, Value::Scopes(scopes) if scopes.contains(scope)));
    let input = element("input")
        .attr("type", "checkbox")
        .attr("name", field.path())
        .attr("value", value)
        .live_attr("aria-invalid", move || control.is_wrong().then_some("true"));
    let input = control.checked(input, holds, tick);
    choice(input, name, help, Some(&control.id(value)))
}
