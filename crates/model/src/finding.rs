//! What a check finds in a draft.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;
use validator::ValidationError;

use crate::choice::{ClosedList, closed_list};
use crate::date::Date;
use crate::field::Field;
use crate::id::Id;
use crate::object::objects;

closed_list! {
    /// Whether a finding stands in the way of submission.
    pub enum Level {
        /// The request cannot be submitted.
        Error = "error",
        /// Shown to the person, blocks nothing.
        Warning = "warning",
    }
}

closed_list! {
    /// What is wrong, without words: the page chooses them from the field and the code.
    pub enum Code {
        /// Nothing was answered.
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
        /// The same person as at `path`: an error or a warning, by who the two are.
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
    }
}

/// What a code refers to; each code fills its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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

    pub(crate) fn path(field: Field) -> Self {
        Self { path: Some(Cow::Borrowed(field.path())), ..Self::default() }
    }
}

/// One thing that a check says of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Where: a JSON pointer into the draft (RFC 6901).
    #[serde(rename = "pointer", serialize_with = "crate::field::pointer::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "/project/launch_date"))]
    pub field: Field,
    /// Whether it blocks submission.
    pub level: Level,
    /// What.
    pub code: Code,
    /// What the code refers to.
    #[serde(default)]
    pub params: Params,
}

objects! {
    Finding open {field = "pointer", level, code} [params];
}
objects! {
    Params open [min, max, example, value, path, paths];
}

impl Finding {
    pub(crate) fn error(field: Field, code: Code, params: Params) -> Self {
        Self { field, level: Level::Error, code, params }
    }

    pub(crate) fn warning(field: Field, code: Code, params: Params) -> Self {
        Self { field, level: Level::Warning, code, params }
    }

    /// Whether it blocks submission.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }

    /// Whether it only says that an answer is missing, as in every draft that is not finished.
    #[must_use]
    pub fn is_about_absence(&self) -> bool {
        matches!(self.code, Code::Required | Code::NotAccepted | Code::OneOf)
    }

    /// What `validator` found in one field, in our terms. The offending value that it adds is left behind.
    pub(crate) fn from_validator(field: Field, error: &ValidationError) -> Option<Self> {
        let code = Code::parse(&error.code)?;
        let carried = error.params.get(PARAMS);
        // Rules of `validator`'s own tell their limits in its own way.
        let number = |name| carried.map_or_else(|| error.params.get(name), |params| params.get(name))?.as_u64();
        let text = |value: &Value| Some(Cow::Owned(value.as_str()?.to_owned()));
        let member = |name| text(carried?.get(name)?);
        let paths = || Some(carried?.get("paths")?.as_array()?.iter().filter_map(text).collect());
        let params = Params {
            min: number("min"),
            max: number("max"),
            example: member("example"),
            value: member("value"),
            path: member("path"),
            paths: paths().unwrap_or_default(),
        };
        Some(Self::error(field, code, params))
    }
}

/// Under which name a rule of ours hands its [`Params`] through `validator`.
const PARAMS: &str = "params";
/// Under which name a rule on a whole section says which field it is about.
pub(crate) const FIELD: &str = "field";

/// The error of a rule on one field, for `validator`.
pub(crate) fn broken(code: Code, params: &Params) -> ValidationError {
    let mut error = ValidationError::new(code.as_str());
    error.add_param(Cow::Borrowed(PARAMS), params);
    error
}

/// The error of a rule on a whole section that stands on one of its fields.
pub(crate) fn broken_at(field: Field, code: Code, params: &Params) -> ValidationError {
    let mut error = broken(code, params);
    error.add_param(Cow::Borrowed(FIELD), &field.path());
    error
}

/// What a check needs to know besides the draft.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The local date in the page, the UTC date in the API.
    pub today: Date,
    /// The documents whose bytes have arrived, where that is known.
    pub arrived: Option<&'a [Id]>,
}

impl Circumstances<'_> {
    /// A check that knows nothing of which files have arrived.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Self { today, arrived: None }
    }
}
