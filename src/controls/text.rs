//! A text on one line.

use leptos::prelude::*;

use super::{described_by, error_of, hint, invalid, label_text, messages, required, while_asked};
use crate::form::Form;
use crate::model::Field;
use crate::model::field::Value;
use crate::texts::fields;

/// How a one-line text looks and behaves, besides what its field says.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// `type`: `text` or `tel`.
    pub kind: &'static str,
    /// `inputmode`: which keyboard a phone shows.
    pub keyboard: Option<&'static str>,
    /// `autocomplete`: only for the applicant's own data.
    pub autocomplete: &'static str,
    /// The answer is short: so is the input.
    pub short: bool,
    /// Whether spelling is checked.
    pub spelling: bool,
}

impl Look {
    /// Plain words.
    pub const WORDS: Self = Self { kind: "text", keyboard: None, autocomplete: "off", short: false, spelling: true };
    /// Names of people: no dictionary has them.
    pub const NAME: Self = Self { spelling: false, ..Self::WORDS };
    /// Digits.
    pub const DIGITS: Self = Self { keyboard: Some("numeric"), short: true, spelling: false, ..Self::WORDS };
    /// A short answer of letters and digits.
    pub const SHORT: Self = Self { short: true, spelling: false, ..Self::WORDS };
    /// An e-mail address. A native e-mail input would rewrite accented domains.
    pub const EMAIL: Self = Self { keyboard: Some("email"), spelling: false, ..Self::WORDS };
    /// A phone number.
    pub const PHONE: Self = Self { kind: "tel", short: true, spelling: false, ..Self::WORDS };
    /// A web address. A native one would refuse accents in some browsers.
    pub const ADDRESS: Self = Self { keyboard: Some("url"), spelling: false, ..Self::WORDS };

    /// The same for the applicant's own data, which the browser may know.
    #[must_use]
    pub const fn own(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }
}

/// A text on one line.
pub fn text(form: Form, field: Field, look: Look) -> AnyView {
    while_asked(form, field, move || {
        let error = error_of(form, field);
        let with_hint = !fields::of(field).hint.is_empty();
        // A pasted tab would be a control character; a space says the same.
        let typed = move |event| form.edit(field, Value::Text(&event_target_value(&event).replace('\t', " ")));
        view! {
            <div class="field" class:wrong=move || error.with(Option::is_some)>
                <label for=field.path()>{label_text(field)}</label>
                {hint(field)}
                <input
                    class="control"
                    class:short=look.short
                    id=field.path()
                    name=field.path()
                    type=look.kind
                    inputmode=look.keyboard
                    autocomplete=look.autocomplete
                    spellcheck=(!look.spelling).then_some("false")
                    required=required(field)
                    aria-describedby=described_by(field, with_hint, error)
                    aria-invalid=invalid(error)
                    prop:value=move || form.text(field)
                    on:input=typed
                    on:change=move |_| form.leave(field)
                    on:blur=move |_| form.leave(field)
                />
                {messages(form, field, error)}
            </div>
        }
    })
}
