//! Requests: drafts that are saved, listed, checked and submitted.

use std::fmt;

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::SCHEMA;
use crate::date::Date;
use crate::draft::Draft;
use crate::finding::Finding;
use crate::from_json::Empty;
use crate::id::Id;
use crate::lifecycle::{Examiner, History, Part, Remark, Side, Standing, State, SubmissionSummary};
use crate::rights::{self, Action, Caller};
use crate::wire::history::Habilitation;

// The description of the API names the version as a number.
const _: () = assert!(SCHEMA == 1, "the description of each `schema` names the version");

/// A draft to save or to check: the body of `PUT /api/requests/{id}` and of `POST /api/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftToSave {
    /// Version of the draft's shape; no other is taken.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// Draft of the request.
    pub draft: Draft,
}

/// A request, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredRequest {
    /// Identifier, made by the client.
    pub id: Id,
    /// Number, given at submission: `FC-2026-000123`.
    pub number: Option<String>,
    /// State of the request.
    pub state: State,
    /// Version of the draft's shape, always that of the release that answers.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// 1 at creation, raised by each change of the draft or the state.
    pub revision: u64,
    /// Time of the first save.
    pub created_at: String,
    /// Time of the last change.
    pub updated_at: String,
    /// Times at which the revisions before this one were saved, the newest first, [`EARLIER_MAX`] at most. They tell a revision
    /// that grew out of a known one from one that a restored backup gave the same or a higher number.
    #[from_json(default)]
    pub earlier: Vec<String>,
    /// Time of submission.
    pub submitted_at: Option<String>,
    /// The documents whose bytes have arrived, listed by the draft or not.
    pub arrived: Vec<Id>,
    /// Draft of the request.
    pub draft: Draft,
    /// Submissions, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub submissions: Vec<SubmissionSummary>,
    /// The active habilitation, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub habilitation: Option<Habilitation>,
    /// Day after which silence rejects the request; absent while the legal clock stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Set while the legal clock is stopped until the applicant answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Last day to answer, while changes are requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Date>,
    /// Remarks that wait for the applicant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Examiner to whom the request is entrusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examiner: Option<Examiner>,
    /// Rank of the last event that the caller may see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_event: Option<u64>,
    /// Number of events that are news to the caller.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unread: u32,
    /// Part of the caller in the request; absent for its owner.
    #[serde(default, skip_serializing_if = "is_owner")]
    pub role: Part,
    /// Set where the caller is signed in for another organisation than the one for which they take part: then they only read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
    /// First and last name of the person who saved this revision, where that is not the caller. Absent where no name is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved_by: Option<String>,
}

impl StoredRequest {
    /// Returns whether the caller may do something to the request, on pages of our own.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        allows(self.role, self.elsewhere, action, self.standing())
    }

    /// Returns whether the caller may change the answers: what [`allows`](Self::allows) tells of that one action.
    ///
    /// The first program of the page has room for this question, and not for all rights.
    #[must_use]
    pub fn may_be_edited(&self) -> bool {
        !self.elsewhere && self.role != Part::Reader && self.state.is_editable()
    }

    /// Returns the standing of the request, as far as its caller is told of it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let (is_habilitated, was_submitted) = (self.habilitation.is_some(), self.number.is_some());
        Standing { state: self.state, is_habilitated, was_submitted }
    }
}

/// Returns whether somebody who takes part in a request may do something to it, on pages of our own.
fn allows(role: Part, elsewhere: bool, action: Action, standing: Standing) -> bool {
    let caller = Caller { acts_for_organisation: !elsewhere, ..Caller::participant(role) };
    rights::allows(&caller, action, &standing.into())
}

/// Returns whether a part is the owner's, which is left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_owner(part: &Part) -> bool {
    *part == Part::Owner
}

/// Returns whether a count says nothing, and is left out.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// Most times of earlier revisions in a response.
pub const EARLIER_MAX: usize = 32;

impl StoredRequest {
    /// Makes a draft of which nothing is known yet: no answer, no revision, no time.
    #[must_use]
    pub fn begun(id: Id) -> Self {
        Self { id, schema: SCHEMA, ..Self::empty() }
    }

    /// Sets the state and all members after the draft by the history, as the applicant is told of it.
    pub fn follow(&mut self, history: &History, today: Date, unread: u32) {
        let number = self.number.as_deref().unwrap_or_default();
        self.state = history.state;
        self.submissions.clone_from(&history.submissions);
        self.habilitation = history.active().map(|acceptance| Habilitation::of(acceptance, number));
        self.due_on = history.due_on(today);
        self.suspended = history.is_suspended(today);
        self.answer_by = history.answer_by;
        self.remarks.clone_from(&history.open_remarks);
        self.examiner = history.examiner.clone().map(|examiner| Examiner { id: None, ..examiner });
        self.last_event = Some(history.last_event_for(Side::Applicant)).filter(|seq| *seq > 0);
        self.unread = unread;
    }

    /// Returns [`earlier`](Self::earlier) of the revision that follows this one.
    #[must_use]
    pub fn earlier_of_next(&self) -> Vec<String> {
        let before = std::iter::once(&self.updated_at).chain(&self.earlier);
        before.take(EARLIER_MAX).cloned().collect()
    }

    /// Returns the summary that a list shows, and that answers a save.
    #[must_use]
    pub fn summary(&self) -> RequestSummary {
        let errors = self.draft.errors(&self.arrived).len();
        RequestSummary {
            id: self.id.clone(),
            number: self.number.clone(),
            state: self.state,
            name: self.draft.project.name.line(),
            organisation: self.draft.organisation.name.line(),
            revision: self.revision,
            updated_at: self.updated_at.clone(),
            errors: u32::try_from(errors).unwrap_or(u32::MAX),
            habilitation: self.habilitation.clone(),
            due_on: self.due_on,
            unread: self.unread,
            role: self.role,
            elsewhere: self.elsewhere,
        }
    }
}

/// Returns the number of a request, by its rank among those submitted in one year (UTC): `FC-2026-000123`.
#[must_use]
pub fn request_number(year: &str, rank: u64) -> String {
    let rank = rank.to_string();
    let zeros = "000000".get(rank.len()..).unwrap_or_default();
    ["FC-", year, "-", zeros, &rank].concat()
}

/// Summary of a request in a list, and the answer to a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestSummary {
    /// Identifier, made by the client.
    pub id: Id,
    /// Number, given at submission.
    pub number: Option<String>,
    /// State of the request.
    pub state: State,
    /// Name of the project, as typed.
    pub name: String,
    /// Name of the organisation, as typed.
    pub organisation: String,
    /// Revision of the draft.
    pub revision: u64,
    /// Time of the last change.
    pub updated_at: String,
    /// Number of findings that block submission.
    pub errors: u32,
    /// The active habilitation, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub habilitation: Option<Habilitation>,
    /// Day after which silence rejects the request; absent while the legal clock stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Number of events that are news to the caller.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unread: u32,
    /// Part of the caller in the request; absent for its owner.
    #[serde(default, skip_serializing_if = "is_owner")]
    pub role: Part,
    /// Set where the caller is signed in for another organisation than the one for which they take part: then they only read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
}

impl RequestSummary {
    /// Returns whether the caller may do something to the request, on pages of our own.
    #[must_use]
    pub fn allows(&self, action: Action) -> bool {
        let (is_habilitated, was_submitted) = (self.habilitation.is_some(), self.number.is_some());
        allows(self.role, self.elsewhere, action, Standing { state: self.state, is_habilitated, was_submitted })
    }

    /// Makes the summary of a draft of which nothing is known yet.
    #[must_use]
    pub fn begun(id: Id) -> Self {
        Self { id, ..Self::empty() }
    }
}

/// A page of the list of one's requests, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestList {
    /// Requests of the page.
    pub requests: Vec<RequestSummary>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// Part of a [`Receipt`] by which the page knows it, and its request.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub struct ReceiptNumber {
    /// `FC-2026-000123`.
    pub number: String,
    /// The request as it was submitted.
    pub request: Identified,
}

/// Part of a response that tells whether it is about the subject of the call.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub struct Identified {
    /// Identifier of the request, or of the document.
    pub id: Id,
}

/// Receipt of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// `FC-2026-000123`.
    pub number: String,
    /// Time of submission.
    pub submitted_at: String,
    /// The request as it was submitted.
    pub request: StoredRequest,
    /// Number of the submission in its request, from 1; 0 from a server that does not number them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub submission: u32,
    /// Day after which silence rejects the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// Findings of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Findings {
    /// Findings in the order of the form.
    pub findings: Vec<Finding>,
}

/// Position in a list of requests, which is in the order of their last change. [`RequestList::next`] holds one, opaque
/// to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Time of the last change of the request there, in milliseconds since 1970.
    pub updated_at: i64,
    /// Identifier of the request there.
    pub id: Id,
}

impl Cursor {
    /// Reads the form that [`Display`](fmt::Display) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (updated_at, id) = text.split_once('.')?;
        let cursor = Self { updated_at: updated_at.parse().ok()?, id: Id::parse(id).ok()? };
        // There is one way to write each.
        (cursor.to_string() == text).then_some(cursor)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.updated_at, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::ClosedList;

    #[test]
    fn a_cursor_reads_back_the_place_it_was_made_of_and_nothing_else() {
        for updated_at in [1_798_761_599_999, 0, -1, i64::MAX, i64::MIN] {
            let cursor = Cursor { updated_at, id: Id::new(7, [9; 10]) };
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        let id = Id::new(7, [9; 10]);
        for text in
            ["", ".", "x", "1", &format!("+1.{id}"), &format!("01.{id}"), &format!("1.{id} "), &format!("1..{id}")]
        {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn whoever_takes_part_is_allowed_what_their_part_and_their_session_allow() {
        let begun = || StoredRequest { state: State::Draft, ..StoredRequest::begun(Id::new(7, [9; 10])) };
        let allowed = |role, elsewhere| {
            let request = StoredRequest { role, elsewhere, ..begun() };
            let actions = [Action::Edit, Action::Submit, Action::Leave];
            assert_eq!(
                actions.map(|action| request.summary().allows(action)),
                actions.map(|action| request.allows(action))
            );
            actions.map(|action| request.allows(action))
        };
        assert_eq!(allowed(Part::Owner, false), [true, true, false]);
        assert_eq!(allowed(Part::Editor, false), [true, false, true]);
        assert_eq!(allowed(Part::Reader, false), [false, false, true]);
        assert_eq!(allowed(Part::Owner, true), [false, false, false]);
        assert_eq!(allowed(Part::Editor, true), [false, false, true]);
    }

    #[test]
    fn the_short_question_for_editing_has_the_answer_of_the_rights() {
        for state in State::ALL.iter().copied() {
            for role in Part::ALL.iter().copied() {
                for elsewhere in [false, true] {
                    let request = StoredRequest { state, role, elsewhere, ..StoredRequest::begun(Id::new(7, [9; 10])) };
                    assert_eq!(request.may_be_edited(), request.allows(Action::Edit), "{state:?} {role:?} {elsewhere}");
                }
            }
        }
    }

    /// A request as a page or a server kept it before requests had a history.
    fn kept_before() -> serde_json::Value {
        serde_json::json!({
            "id": Id::new(7, [9; 10]), "number": null, "state": "draft", "schema": 1, "revision": 3,
            "created_at": "2026-11-22T12:00:00.000Z", "updated_at": "2026-11-22T12:00:00.000Z",
            "submitted_at": null, "arrived": [], "earlier": [], "draft": Draft::default()
        })
    }

    #[test]
    fn a_request_from_before_the_history_is_read_and_written_as_it_was() {
        let request: StoredRequest = serde_json::from_value(kept_before()).unwrap();
        assert_eq!((request.submissions.len(), request.unread, request.due_on), (0, 0, None));
        assert_eq!(serde_json::to_value(&request).unwrap(), kept_before());
        let summary = serde_json::to_value(request.summary()).unwrap();
        assert_eq!(summary.as_object().unwrap().len(), 8);
        assert_eq!(serde_json::from_value::<RequestSummary>(summary).unwrap(), request.summary());
    }

    #[test]
    fn a_request_that_is_begun_is_an_empty_draft_of_this_version() {
        let request = StoredRequest::begun(Id::new(7, [9; 10]));
        assert_eq!((request.state, request.schema, request.revision), (State::Draft, SCHEMA, 0));
        assert_eq!(RequestSummary::begun(request.id).state, State::Draft);
    }

    #[test]
    fn a_request_follows_its_history_and_keeps_the_examiners_identifier_from_the_applicant() {
        let history = serde_json::json!([
            {"id": Id::new(7, [1; 10]), "seq": 1, "kind": "submitted", "at": "2027-01-14T10:00:00.000Z",
             "on": "2027-01-14", "by": {"side": "applicant", "name": "Maëlle Le Fur"}, "submission": 1},
            {"id": Id::new(7, [2; 10]), "seq": 2, "kind": "assignment", "at": "2027-01-15T10:00:00.000Z",
             "on": "2027-01-15", "by": {"side": "examiner", "name": "Claire Marchand"},
             "examiner": {"id": "claire", "name": "Claire Marchand", "job_title": "Chargée des habilitations"}},
            {"id": Id::new(7, [3; 10]), "seq": 3, "kind": "accepted", "at": "2027-01-20T10:00:00.000Z",
             "on": "2027-01-20", "by": {"side": "examiner", "name": "Claire Marchand"}, "submission": 1,
             "habilitation": "FC-2027-000001-1"},
        ]);
        let events: Vec<crate::lifecycle::Event> = serde_json::from_value(history).unwrap();
        let mut request: StoredRequest = serde_json::from_value(kept_before()).unwrap();
        request.number = Some("FC-2027-000001".to_owned());
        let today = Date::parse("2027-01-20").unwrap();

        request.follow(&History::of(&events[..2]), today, 0);
        assert_eq!((request.state, request.due_on), (State::Submitted, Date::parse("2027-03-14").ok()));
        assert_eq!((request.last_event, request.examiner.as_ref().unwrap().id.as_ref()), (Some(1), None));

        request.follow(&History::of(&events), today, 1);
        let habilitation = request.habilitation.as_ref().unwrap();
        assert_eq!((habilitation.number.as_str(), habilitation.submission), ("FC-2027-000001-1", 1));
        assert_eq!((request.state, request.due_on, request.unread), (State::Accepted, None, 1));
        let summary = request.summary();
        assert_eq!((summary.habilitation, summary.unread), (request.habilitation.clone(), 1));
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<StoredRequest>(&json).unwrap(), request);
    }

    #[test]
    fn a_number_names_its_year_and_its_rank_in_six_digits_or_more() {
        for (rank, number) in [
            (1, "FC-2026-000001"),
            (123, "FC-2026-000123"),
            (999_999, "FC-2026-999999"),
            (1_000_000, "FC-2026-1000000"),
        ] {
            assert_eq!(request_number("2026", rank), number);
        }
    }
}
