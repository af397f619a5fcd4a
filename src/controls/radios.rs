//! One choice among a few.

use leptos::prelude::*;

use super::{described_by, error_of, hint, invalid, messages, while_asked};
use crate::form::Form;
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// One choice among a few; the values are the wire's, in the order shown. A yes or no has `true` and `false`.
pub fn radios(form: Form, field: Field, values: &'static [&'static str]) -> AnyView {
    while_asked(form, field, move || {
        let error = error_of(form, field);
        let with_hint = !fields::of(field).hint.is_empty();
        let option = move |value: &'static str| {
            let (name, help) = fields::option(field, value);
            let chosen = move |_| {
                match untrack(|| form.with(field, |held| matches!(held, Value::YesNo(_)))) {
                    true => form.edit(field, Value::YesNo(Some(value == "true"))),
                    false => form.edit(field, Value::Choice(Some(value))),
                }
                form.leave(field);
            };
            let help_id = format!("{}-{value}-hint", field.path());
            let help = (!help.is_empty()).then(|| view! { <span class="hint" id=help_id.clone()>{help}</span> });
            let described = help.is_some().then_some(help_id);
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name=field.path()
                        value=value
                        required=true
                        aria-describedby=described
                        prop:checked=move || form.text(field) == value
                        on:change=chosen
                    />
                    <span class="name">{name}</span>
                    {help}
                </label>
            }
        };
        view! {
            <fieldset
                class="field"
                class:wrong=move || error.with(Option::is_some)
                role="radiogroup"
                aria-describedby=described_by(field, with_hint, error)
                aria-invalid=invalid(error)
                aria-required="true"
            >
                <legend>{fields::of(field).label}</legend>
                {hint(field)}
                <div class="choices">{values.iter().map(|value| option(value)).collect_view()}</div>
                {messages(form, field, error)}
            </fieldset>
        }
    })
}
