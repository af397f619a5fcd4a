//! Fields whose answer is a text on one line.

use leptos::prelude::*;

use super::control::{LabelledField, while_asked};
use crate::html::input;
use crate::model::Field;

/// Settings of an input on one line that do not follow from its field.
#[derive(Clone, Copy, Debug)]
pub struct InputKind {
    /// `type`: `text` or `tel`.
    pub r#type: &'static str,
    /// `inputmode`: the keyboard that a phone shows.
    pub keyboard: Option<&'static str>,
    /// `autocomplete`: `off` except for the applicant's own data.
    pub autocomplete: &'static str,
    /// Width of the input: narrow for a short answer.
    pub short: bool,
    /// `spellcheck`.
    pub spelling: bool,
    /// `autocapitalize` and `autocorrect`, both off: the text stays as it is typed.
    pub verbatim: bool,
}

impl InputKind {
    /// Plain words.
    pub const WORDS: Self =
        Self { r#type: "text", keyboard: None, autocomplete: "off", short: false, spelling: true, verbatim: false };
    /// Names of people, which no dictionary has.
    pub const NAME: Self = Self { spelling: false, ..Self::WORDS };
    /// Digits.
    pub const DIGITS: Self = Self { keyboard: Some("numeric"), short: true, spelling: false, ..Self::WORDS };
    /// Short answers of letters and digits.
    pub const SHORT: Self = Self { short: true, spelling: false, ..Self::WORDS };
    /// E-mail addresses. `type="email"` would rewrite accented domains.
    pub const EMAIL: Self = Self { keyboard: Some("email"), spelling: false, verbatim: true, ..Self::WORDS };
    /// Phone numbers.
    pub const PHONE: Self = Self { r#type: "tel", short: true, spelling: false, ..Self::WORDS };
    /// Web addresses. `type="url"` refuses accents in some browsers.
    pub const ADDRESS: Self = Self { keyboard: Some("url"), spelling: false, verbatim: true, ..Self::WORDS };

    /// Returns this kind for the applicant's own data, which the browser may know.
    #[must_use]
    pub const fn own(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }
}

/// Shows a field whose answer is a text on one line.
#[component]
pub fn TextField(field: Field, kind: InputKind) -> impl IntoView {
    while_asked(field, move |control| {
        let input = control
            .input(input())
            .attr("class", if kind.short { "control short" } else { "control" })
            .attr("type", kind.r#type)
            .attr("inputmode", kind.keyboard)
            .attr("autocomplete", kind.autocomplete)
            .attr("spellcheck", (!kind.spelling).then_some("false"))
            .attr("autocapitalize", kind.verbatim.then_some("none"))
            .attr("autocorrect", kind.verbatim.then_some("off"));
        #[cfg(feature = "ssr")]
        let input = input.attr("value", control.form.text_untracked(field));
        view! { <LabelledField control>{control.typed(input)}</LabelledField> }
    })
}
