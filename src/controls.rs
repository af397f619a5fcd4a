//! The controls of the form: label, hint, input and message, done once.
//!
//! A control shows one field. Its `name` is the field's path, and so is its `id`; it is drawn only while the form asks
//! for the field. It reads and writes the form, nothing else.

mod checkbox;
mod documents;
mod radios;
mod scopes;
mod text;
mod text_area;

use leptos::prelude::*;

use crate::form::Form;
use crate::model::{Field, Finding};
use crate::texts::{fields, messages};

pub use checkbox::{checkbox, terms_checkbox};
pub use documents::documents;
pub use radios::radios;
pub use scopes::scopes;
pub use text::{Look, text};
pub use text_area::text_area;

/// Draws something only while the form asks for a field.
fn while_asked<V: IntoView + 'static>(form: Form, field: Field, draw: impl Fn() -> V + Send + 'static) -> AnyView {
    let asked = Memo::new(move |_| form.shows(field));
    (move || asked.get().then(&draw)).into_any()
}

fn hint_id(field: Field) -> String {
    format!("{}-hint", field.path())
}

fn message_id(field: Field) -> String {
    format!("{}-message", field.path())
}

/// The error that a field shows at the moment.
fn error_of(form: Form, field: Field) -> Memo<Option<Finding>> {
    Memo::new(move |_| form.finding(field))
}

/// What describes an input: its hint, then its message.
fn described_by(field: Field, with_hint: bool, error: Memo<Option<Finding>>) -> impl Fn() -> Option<String> + Clone {
    move || {
        let hint = with_hint.then(|| hint_id(field));
        let message = error.with(Option::is_some).then(|| message_id(field));
        match (hint, message) {
            (Some(hint), Some(message)) => Some(format!("{hint} {message}")),
            (one, other) => one.or(other),
        }
    }
}

/// The value of `aria-invalid`: present only when something is wrong.
fn invalid(error: Memo<Option<Finding>>) -> impl Fn() -> Option<&'static str> + Clone {
    move || error.with(Option::is_some).then_some("true")
}

fn hint(field: Field) -> AnyView {
    let words = fields::of(field).hint;
    if words.is_empty() {
        return ().into_any();
    }
    view! { <p class="hint" id=hint_id(field)>{words}</p> }.into_any()
}

/// The error of a field, then its warnings.
fn messages(form: Form, field: Field, error: Memo<Option<Finding>>) -> AnyView {
    let warnings = Memo::new(move |_| form.warnings(field));
    let error = move || {
        error.get().map(|finding| {
            view! { <p class="message" id=message_id(field)>{messages::of(&finding)}</p> }
        })
    };
    let warnings = move || {
        warnings.get().iter().map(|finding| view! { <p class="note">{messages::of(finding)}</p> }).collect_view()
    };
    // A warning appears without being asked for: it is told as well as shown.
    view! {
        {error}
        <div class="notes" aria-live="polite">{warnings}</div>
    }
    .into_any()
}

/// The label of a field, with a mark where a request can do without the answer.
fn label_text(field: Field) -> AnyView {
    let optional = field.is_optional().then(|| view! { <span class="optional">{"\u{a0}(facultatif)"}</span> });
    view! { {fields::of(field).label}{optional} }.into_any()
}

/// Whether an answer must be there: `required` on its input.
fn required(field: Field) -> bool {
    !field.is_optional() && field != Field::LegalUrl
}
