//! Findings of a check of a draft.

use std::borrow::Cow;

use habilitation_model_derive::FromJson;
use serde::Serialize;
use serde_json::Value;
use validator::ValidationError;

use crate::choice::{ClosedList, closed_list};
use crate::code::PARAMS;
pub use crate::code::{Code, Params};
use crate::date::Date;
use crate::field::Field;
use crate::id::Id;

closed_list! {
    /// Level of a finding: it blocks submission, or does not.
    pub enum Level {
        /// The request cannot be submitted.
        Error = "error",
        /// Shown to the person, blocks nothing.
        Warning = "warning",
    }
}

/// Error in the answer of a field, or a warning about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finding {
    /// Field concerned, as a JSON pointer into the draft (RFC 6901).
    #[serde(rename = "pointer", serialize_with = "crate::field::pointer::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "/project/launch_date"))]
    pub field: Field,
    /// Level of the finding.
    pub level: Level,
    /// Code of the finding.
    pub code: Code,
    /// Parameters of the code.
    #[serde(default)]
    pub params: Params,
}
impl Finding {
    pub(crate) fn error(field: Field, code: Code, params: Params) -> Self {
        Self { field, level: Level::Error, code, params }
    }

    pub(crate) fn warning(field: Field, code: Code, params: Params) -> Self {
        Self { field, level: Level::Warning, code, params }
    }

    /// Returns whether the finding blocks submission.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level == Level::Error
    }

    /// Returns whether the finding only says that an answer is missing, as in every unfinished draft.
    #[must_use]
    pub fn is_about_absence(&self) -> bool {
        matches!(self.code, Code::Required | Code::NotAccepted | Code::OneOf)
    }

    /// Returns the finding of an error of `validator` on one field, without the offending value that `validator` adds.
    pub(crate) fn from_validator(field: Field, error: &ValidationError) -> Option<Self> {
        let code = Code::parse(&error.code)?;
        let carried = error.params.get(PARAMS);
        // The rules that come with `validator` name their limits themselves.
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

/// Circumstances of a check, besides the draft.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// Date of today: the local one in the page, the one in UTC in the API.
    pub today: Date,
    /// Documents whose bytes have arrived, where that is known.
    pub arrived: Option<&'a [Id]>,
}

impl Circumstances<'_> {
    /// Returns the circumstances of a day, for a check that does not know which files have arrived.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Self { today, arrived: None }
    }
}
