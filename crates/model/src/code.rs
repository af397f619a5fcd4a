//! Codes of findings, and their way through `validator`.

use std::borrow::Cow;

use habilitation_model_derive::FromJson;
use serde::Serialize;
use validator::ValidationError;

use crate::choice::{ClosedList, closed_list};

closed_list! {
    /// Code of a finding, without words: the page chooses them by the field and the code.
    pub enum Code {
        /// Answer that is missing.
        Required = "required",
        /// More than `max` characters.
        TooLong = "too_long",
        /// A control character, or a line break where there is one line.
        ControlCharacter = "control_character",
        /// Not of the form that `example` shows.
        Format = "format",
        /// Not a day of the calendar, or written otherwise than `example`.
        NotADate = "not_a_date",
        /// Outside `min` to `max`, both allowed.
        OutOfRange = "out_of_range",
        /// A value that the list does not have.
        UnknownValue = "unknown_value",
        /// Needs `value` to be chosen as well.
        Needs = "needs",
        /// Can only be `value` here.
        MustBe = "must_be",
        /// Person who stands at `path` as well. It is an error or a warning, depending on who the two are.
        SamePerson = "same_person",
        /// A phone, but not a mobile one.
        NotMobile = "not_mobile",
        /// At least one of `paths` is needed.
        OneOf = "one_of",
        /// A box that must be ticked is not.
        NotAccepted = "not_accepted",
        /// Not a type of file that is taken.
        FileType = "file_type",
        /// More than `max` bytes.
        FileTooLarge = "file_too_large",
        /// More than `max` files.
        TooMany = "too_many",
        /// A file is listed but its bytes never arrived.
        MissingFile = "missing_file",
        /// A date before today.
        PastDate = "past_date",
        /// Identity providers may charge a private body.
        MayBeBilled = "may_be_billed",
        /// The domain is not that of the applicant's address.
        OtherDomain = "other_domain",
        /// Not everyone has every piece of data that is asked for.
        NotAlwaysAvailable = "not_always_available",
        /// Every piece of data is asked for.
        OverAsking = "over_asking",
        /// Private bodies are eligible on two grounds only.
        MaybeNotEligible = "maybe_not_eligible",
        /// A date after today.
        FutureDate = "future_date",
        /// After the term that the law sets.
        TooLate = "too_late",
        /// Equal to the submission whose habilitation is active.
        Unchanged = "unchanged",
        /// Sent again without a change, a reply or a text, after changes were requested.
        Unanswered = "unanswered",
        /// A member that an act of this kind does not have.
        NotAsked = "not_asked",
    }
}

/// Parameters of a code; each code fills its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Params {
    /// Least value allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u64>,
    /// Greatest value allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u64>,
    /// An answer of the right form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub example: Option<Cow<'static, str>>,
    /// A value of a closed list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub value: Option<Cow<'static, str>>,
    /// The other field concerned, dotted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub path: Option<Cow<'static, str>>,
    /// The fields of which one is enough, dotted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub paths: Vec<Cow<'static, str>>,
}

impl Params {
    pub(crate) fn max(max: u64) -> Self {
        Self { max: Some(max), ..Self::default() }
    }

    pub(crate) fn example(example: &'static str) -> Self {
        Self { example: Some(Cow::Borrowed(example)), ..Self::default() }
    }

    pub(crate) fn value(value: &'static str) -> Self {
        Self { value: Some(Cow::Borrowed(value)), ..Self::default() }
    }

    pub(crate) fn path(path: &'static str) -> Self {
        Self { path: Some(Cow::Borrowed(path)), ..Self::default() }
    }
}

/// Name under which a rule hands its [`Params`] through `validator`.
pub(crate) const PARAMS: &str = "params";
/// Name under which a rule on a section hands the path of its field through `validator`.
pub(crate) const FIELD: &str = "field";

/// Returns the error of a rule on one field, for `validator`.
pub(crate) fn error(code: Code, params: &Params) -> ValidationError {
    let mut error = ValidationError::new(code.as_str());
    error.add_param(Cow::Borrowed(PARAMS), params);
    error
}

/// Returns the error of a rule on a section, which stands on the field at this path.
pub(crate) fn error_at(path: &'static str, code: Code, params: &Params) -> ValidationError {
    let mut error = error(code, params);
    error.add_param(Cow::Borrowed(FIELD), &path);
    error
}
