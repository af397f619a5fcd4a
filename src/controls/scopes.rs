//! The identity data that the service asks for, by group.

use leptos::prelude::*;

use super::{described_by, error_of, hint, invalid, messages, while_asked};
use crate::form::Form;
use crate::model::field::Value;
use crate::model::{ClosedList, Field, Scope};
use crate::texts::fields;

/// One box for each piece of data, in two groups, and the technical identifier that is always given.
pub fn scopes(form: Form) -> AnyView {
    let field = Field::Scopes;
    while_asked(form, field, move || {
        let error = error_of(form, field);
        view! {
            <fieldset
                class="field"
                class:wrong=move || error.with(Option::is_some)
                aria-describedby=described_by(field, true, error)
            >
                <legend>{fields::of(field).label}</legend>
                {hint(field)}
                {group(form, "Identité", Scope::IDENTITY, error)}
                {group(form, "En complément", Scope::FURTHER, error)}
                <p class="hint">
                    {"Un identifiant technique, propre à votre service, est toujours transmis : il permet de reconnaître un même usager."}
                </p>
                {messages(form, field, error)}
            </fieldset>
        }
    })
}

fn group(
    form: Form,
    name: &'static str,
    scopes: &'static [Scope],
    error: Memo<Option<crate::model::Finding>>,
) -> AnyView {
    let option = move |scope: &Scope| {
        let scope = *scope;
        let value = scope.as_str();
        let (name, help) = fields::option(Field::Scopes, value);
        let help_id = format!("data.scopes-{value}-hint");
        let help = (!help.is_empty()).then(|| view! { <span class="hint" id=help_id.clone()>{help}</span> });
        let described = help.is_some().then_some(help_id);
        let ticked = move |event| {
            let scopes = form.draft().data.scopes.with(value, event_target_checked(&event));
            form.edit(Field::Scopes, Value::Scopes(&scopes));
            form.leave(Field::Scopes);
        };
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    name="data.scopes"
                    value=value
                    aria-describedby=described
                    aria-invalid=invalid(error)
                    prop:checked=move || {
                        form.with(Field::Scopes, |held| matches!(held, Value::Scopes(scopes) if scopes.contains(scope)))
                    }
                    on:change=ticked
                />
                <span class="name">{name}</span>
                {help}
            </label>
        }
    };
    view! {
        <fieldset class="group">
            <legend>{name}</legend>
            <div class="choices two">{scopes.iter().map(option).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
