//! A box to tick.

use leptos::prelude::*;

use super::{described_by, error_of, hint, invalid, messages, while_asked};
use crate::form::Form;
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// A box to tick.
pub fn checkbox(form: Form, field: Field) -> AnyView {
    checkbox_with(form, field, || ().into_any())
}

/// A box to tick under which stands a link to the general terms.
pub fn terms_checkbox(form: Form, field: Field, address: Signal<String>) -> AnyView {
    checkbox_with(form, field, move || {
        view! {
            <p class="below-choice">
                <a href=move || address.get() rel="external noopener" target="_blank">
                    {"Lire les conditions générales d’utilisation (nouvel onglet)"}
                </a>
            </p>
        }
        .into_any()
    })
}

fn checkbox_with(form: Form, field: Field, below: impl Fn() -> AnyView + Copy + Send + 'static) -> AnyView {
    while_asked(form, field, move || {
        let error = error_of(form, field);
        let with_hint = !fields::of(field).hint.is_empty();
        let ticked = move |event| {
            form.edit(field, Value::Flag(event_target_checked(&event)));
            form.leave(field);
        };
        view! {
            <div class="field" class:wrong=move || error.with(Option::is_some)>
                <label class="choice">
                    <input
                        type="checkbox"
                        id=field.path()
                        name=field.path()
                        required=true
                        aria-describedby=described_by(field, with_hint, error)
                        aria-invalid=invalid(error)
                        prop:checked=move || form.with(field, |value| value == Value::Flag(true))
                        on:change=ticked
                    />
                    <span class="name">{fields::of(field).label}</span>
                    {hint(field)}
                </label>
                {below()}
                {messages(form, field, error)}
            </div>
        }
    })
}
