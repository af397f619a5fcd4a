//! A text on one line.

use super::control;
use crate::dom::View;
use crate::form::Form;
use crate::model::Field;

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
    /// Whether keyboards are to leave capitals and words as they are typed.
    pub verbatim: bool,
}

impl Look {
    /// Plain words.
    pub const WORDS: Self =
        Self { kind: "text", keyboard: None, autocomplete: "off", short: false, spelling: true, verbatim: false };
    /// Names of people: no dictionary has them.
    pub const NAME: Self = Self { spelling: false, ..Self::WORDS };
    /// Digits.
    pub const DIGITS: Self = Self { keyboard: Some("numeric"), short: true, spelling: false, ..Self::WORDS };
    /// A short answer of letters and digits.
    pub const SHORT: Self = Self { short: true, spelling: false, ..Self::WORDS };
    /// An e-mail address. A native e-mail input would rewrite accented domains.
    pub const EMAIL: Self = Self { keyboard: Some("email"), spelling: false, verbatim: true, ..Self::WORDS };
    /// A phone number.
    pub const PHONE: Self = Self { kind: "tel", short: true, spelling: false, ..Self::WORDS };
    /// A web address. A native one would refuse accents in some browsers.
    pub const ADDRESS: Self = Self { keyboard: Some("url"), spelling: false, verbatim: true, ..Self::WORDS };

    /// The same for the applicant's own data, which the browser may know.
    #[must_use]
    pub const fn own(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }
}

/// A text on one line.
pub fn text(form: Form, field: Field, look: Look) -> View {
    control(form, field, move |control| {
        let input = control
            .input("input")
            .class(if look.short { "control short" } else { "control" })
            .attr("type", look.kind)
            .attr_if("inputmode", look.keyboard)
            .attr("autocomplete", look.autocomplete)
            .attr_if("spellcheck", (!look.spelling).then_some("false"))
            .attr_if("autocapitalize", look.verbatim.then_some("none"))
            .attr_if("autocorrect", look.verbatim.then_some("off"));
        control
            .frame("div")
            .child(control.label())
            .child(control.hint())
            .child(control.typed(input))
            .child(control.messages())
    })
}
