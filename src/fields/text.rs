//! A text on one line.

use leptos::prelude::*;

use super::control::asked;
use crate::html::{div, input};
use crate::model::Field;

/// Tells how an input on one line looks and behaves, besides what its field says.
#[derive(Clone, Copy, Debug)]
pub struct InputKind {
    /// `type`: `text` or `tel`.
    pub r#type: &'static str,
    /// `inputmode`: which keyboard a phone shows.
    pub keyboard: Option<&'static str>,
    /// `autocomplete`: only for the applicant's own data.
    pub autocomplete: &'static str,
    /// The answer is short: so is the input.
    pub short: bool,
    /// Whether spelling is checked.
    pub spelling: bool,
    /// Whether keyboards are to leave capitals and words as they are typed.
    pub verbatim: bool,
}

impl InputKind {
    /// Plain words.
    pub const WORDS: Self =
        Self { r#type: "text", keyboard: None, autocomplete: "off", short: false, spelling: true, verbatim: false };
    /// Names of people: no dictionary has them.
    pub const NAME: Self = Self { spelling: false, ..Self::WORDS };
    /// Digits.
    pub const DIGITS: Self = Self { keyboard: Some("numeric"), short: true, spelling: false, ..Self::WORDS };
    /// A short answer of letters and digits.
    pub const SHORT: Self = Self { short: true, spelling: false, ..Self::WORDS };
    /// An e-mail address. A native e-mail input would rewrite accented domains.
    pub const EMAIL: Self = Self { keyboard: Some("email"), spelling: false, verbatim: true, ..Self::WORDS };
    /// A phone number.
    pub const PHONE: Self = Self { r#type: "tel", short: true, spelling: false, ..Self::WORDS };
    /// A web address. A native one would refuse accents in some browsers.
    pub const ADDRESS: Self = Self { keyboard: Some("url"), spelling: false, verbatim: true, ..Self::WORDS };

    /// The same for the applicant's own data, which the browser may know.
    #[must_use]
    pub const fn own(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }
}

/// Shows a field whose answer is a text on one line.
#[component]
pub fn TextField(field: Field, kind: InputKind) -> impl IntoView {
    asked(field, move |control| {
        let input = control
            .input(input())
            .attr("class", if kind.short { "control short" } else { "control" })
            .attr("type", kind.r#type)
            .attr("inputmode", kind.keyboard)
            .attr("autocomplete", kind.autocomplete)
            .attr("spellcheck", (!kind.spelling).then_some("false"))
            .attr("autocapitalize", kind.verbatim.then_some("none"))
            .attr("autocorrect", kind.verbatim.then_some("off"));
        control
            .frame(div())
            .child(control.label())
            .child(control.hint())
            .child(control.typed(input))
            .child(control.messages())
    })
}
