//! Events: lines of the history of a request, as they are kept and sent.

use std::fmt;

use habilitation_model_derive::FromJson;
use serde::{Serialize, Serializer};

use crate::date::Date;
use crate::document::Document;
use crate::from_json::{Empty, FromText, from_text};
use crate::id::Id;
use crate::lifecycle::kind::{Ground, Kind, Part, Side};
use crate::text::Text;

/// Line of the history of a request: who did what, and when. It never changes.
///
/// Members that say nothing are absent from the JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Identifier, made by the client that acted.
    pub id: Id,
    /// Rank in the history of its request, from 1.
    pub seq: u64,
    /// Kind of the event.
    pub kind: Kind,
    /// Time of the event.
    pub at: String,
    /// Day of the event in Europe/Paris.
    pub on: Date,
    /// Person who made the event.
    pub by: By,
    /// Set where whoever reads it made the event, on the applicant's side.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub yours: bool,
    /// Submission that the event makes, or is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<u32>,
    /// Text to the other side; of a note, to the team.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub text: Text,
    /// Remarks of a request for changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Replies to remarks, of a submission.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
    /// Last day to answer a request for changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Date>,
    /// Number of the habilitation that an acceptance gives, or a revocation ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub habilitation: Option<String>,
    /// Answers with which the request was reopened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Start>,
    /// Ground of a revocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    /// Day by which the organisation could present its observations on a revocation (CRPA L. 121-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_on: Option<Date>,
    /// Set for a revocation that could not wait for observations (CRPA L. 121-2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// Documents of a message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Document>,
    /// Field that a note or a delivery concerns, as a JSON pointer into the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Examiner to whom the request is entrusted from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examiner: Option<Examiner>,
    /// Examiner to whom it was entrusted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Examiner>,
    /// Days left until the day of a deadline; 0 once it is past.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// Mail that could not be delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Person whom an event about people concerns: who is invited, joined or left, asks for the request, or owns it from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<NamedPerson>,
    /// Name of the owner before, where the request has another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// Time at which the other side read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<String>,
}

/// Circumstances of an event, which the caller knows and no act says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Identifier, made by the client that acted.
    pub id: Id,
    /// Time of the event.
    pub at: String,
    /// Day of the event in Europe/Paris.
    pub on: Date,
    /// Person who acts.
    pub by: By,
}

impl Event {
    /// Makes an event that says nothing but who, when and of which kind.
    #[must_use]
    pub fn new(stamp: Stamp, seq: u64, kind: Kind) -> Self {
        let Stamp { id, at, on, by } = stamp;
        Self { id, seq, kind, at, on, by, ..Self::empty() }
    }

    /// Returns whether somebody on a side may see the event. The clock sees none.
    #[must_use]
    pub fn is_shown_to(&self, side: Side) -> bool {
        match side {
            Side::Applicant => !self.kind.is_for_team(),
            Side::Examiner => true,
            Side::Clock | Side::Operator => false,
        }
    }

    /// Returns whether a side is told of the event: it comes from elsewhere, and is more than a matter of the team's order. Those whom an
    /// event about people concerns are told by mail.
    #[must_use]
    pub fn is_news_to(&self, side: Side) -> bool {
        self.by.side != side && self.is_shown_to(side) && !self.kind.is_for_team() && !self.kind.is_about_people()
    }
}

/// Returns how many events after the rank that a side has seen are news to it.
#[must_use]
pub fn unread(events: &[Event], seen: u64, side: Side) -> u32 {
    let count = events.iter().filter(|event| event.seq > seen && event.is_news_to(side)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Person who made an event, as they were called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct By {
    /// Side on which they stand.
    pub side: Side,
    /// First and last name; empty for the clock.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Job title, or office in the team.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub job_title: String,
}

impl By {
    /// Returns the clock, which has no name.
    #[must_use]
    pub fn clock() -> Self {
        Self { side: Side::Clock, name: String::new(), job_title: String::new() }
    }
}

/// Person whom an event concerns, as they were called then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedPerson {
    /// First and last name; empty of somebody who is invited.
    pub name: String,
    /// Part that they get, or had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Part>,
    /// Set for somebody of another organisation than that of the request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
}

/// A submission in short, to choose one by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmissionSummary {
    /// Number of the submission in its request, from 1.
    pub n: u32,
    /// Time of the submission.
    pub at: String,
    /// Day of the submission in Europe/Paris.
    pub on: Date,
}

/// Remark of the team to the applicant, at one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Remark {
    /// Field concerned, as a JSON pointer into the draft.
    pub pointer: String,
    /// Text of the remark, of 1 to 2,000 characters.
    pub text: Text,
}

/// Reply of the applicant to the remark at one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reply {
    /// Field concerned, as a JSON pointer into the draft.
    pub pointer: String,
    /// Text of the reply, of 1 to 2,000 characters.
    pub text: Text,
}

/// Examiner to whom a request is entrusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Examiner {
    /// Identifier within the team; the applicant is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// First and last name.
    pub name: String,
    /// Office in the team.
    pub job_title: String,
}

/// Answers with which a request is reopened: `"draft"`, or the number of a submission such as `"2"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The answers that were left unsent.
    Draft,
    /// The answers of a submission.
    Submission(u32),
}

/// Value of [`Start::Draft`] on the wire.
const DRAFT: &str = "draft";

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft => f.write_str(DRAFT),
            Self::Submission(number) => number.fmt(f),
        }
    }
}

impl Serialize for Start {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Empty for Start {
    fn empty() -> Self {
        Self::Draft
    }
}

from_text!(Start);

impl FromText for Start {
    fn take_text(&mut self, text: &str) -> Result<(), &'static str> {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        *self = match text {
            DRAFT => Self::Draft,
            number => {
                Self::Submission(number.parse().ok().filter(|_| is_number).ok_or("neither a submission nor the draft")?)
            }
        };
        Ok(())
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Start {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^(draft|[1-9][0-9]*)$"))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Start {}
