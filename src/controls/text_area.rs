//! A text on several lines, which tells how much room is left when little is.

use leptos::prelude::*;

use super::{described_by, error_of, hint, invalid, label_text, messages, required, while_asked};
use crate::form::Form;
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::{self, fields};

/// From this share of the limit on, the room that is left is told.
const NEARLY_FULL: (u64, u64) = (4, 5);
/// A screen reader is told every so many characters, not at each key.
const TOLD_EVERY: u64 = 50;

/// A text on several lines.
pub fn text_area(form: Form, field: Field) -> AnyView {
    while_asked(form, field, move || {
        let error = error_of(form, field);
        let with_hint = !fields::of(field).hint.is_empty();
        let typed = move |event| form.edit(field, Value::Text(&event_target_value(&event).replace('\t', " ")));
        view! {
            <div class="field" class:wrong=move || error.with(Option::is_some)>
                <label for=field.path()>{label_text(field)}</label>
                {hint(field)}
                <textarea
                    class="control"
                    id=field.path()
                    name=field.path()
                    autocomplete="off"
                    required=required(field)
                    aria-describedby=described_by(field, with_hint, error)
                    aria-invalid=invalid(error)
                    prop:value=move || form.text(field)
                    on:input=typed
                    on:change=move |_| form.leave(field)
                    on:blur=move |_| form.leave(field)
                ></textarea>
                {room(form, field)}
                {messages(form, field, error)}
            </div>
        }
    })
}

fn room(form: Form, field: Field) -> AnyView {
    let Some(max) = field.max_length() else { return ().into_any() };
    let length = Memo::new(move |_| {
        form.with(field, |value| match value {
            Value::Text(text) => text.trim().chars().count() as u64,
            _ => 0,
        })
    });
    let nearly_full = move || length.get() * NEARLY_FULL.1 >= max * NEARLY_FULL.0;
    let told = Memo::new(move |_| {
        let left = max.saturating_sub(length.get());
        nearly_full().then(|| left.div_ceil(TOLD_EVERY) * TOLD_EVERY)
    });
    view! {
        <p class="hint room" aria-hidden="true">{move || nearly_full().then(|| words(max, length.get()))}</p>
        <p class="unseen" aria-live="polite">
            {move || told.get().map(|left| words(max, max - left.min(max)))}
        </p>
    }
    .into_any()
}

fn words(max: u64, length: u64) -> String {
    if length > max {
        format!("{} caractères en trop", texts::number(length - max))
    } else {
        format!("Encore {} caractères", texts::number(max - length))
    }
}
