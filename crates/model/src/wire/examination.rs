//! Requests as the team that examines them reads them: the queue, and one request.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::assurance::AssuranceLevel;
use crate::choice::closed_list;
use crate::date::Date;
use crate::id::Id;
use crate::lifecycle::event::unread;
use crate::lifecycle::{Event, Examiner, History, Remark, Side, State, SubmissionSummary};
use crate::wire::history::Habilitation;
use crate::wire::people::OrganisationFound;
use crate::wire::sessions::TeamRole;

/// Page of the queue: the answer of `GET /api/examination/requests`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Queue {
    /// Requests, in the order that was asked for.
    pub requests: Vec<QueuedRequest>,
    /// Value of `cursor` for the page after this one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Number of all requests that the filters let through.
    pub total: u64,
    /// Set where a search finds too many: those submitted first among them are neither listed nor counted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
    /// Numbers of requests for the whole team, whatever the filters.
    pub counts: QueueCounts,
}

/// Request in the queue. What its applicant typed is of the last submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueuedRequest {
    /// Identifier, made by the client.
    pub id: Id,
    /// Number: `FC-2026-000123`.
    pub number: String,
    /// State of the request.
    pub state: State,
    /// Name of the project.
    pub name: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Number of the establishment.
    pub siret: String,
    /// Level of assurance.
    pub level: Option<AssuranceLevel>,
    /// Kind of the last submission.
    pub kind: QueueKind,
    /// Number of the last submission.
    pub submission: u32,
    /// Time of the last submission.
    pub submitted_at: String,
    /// Day after which silence rejects the request; absent while the legal clock stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Set while the legal clock is stopped until the applicant answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// Examiner to whom the request is entrusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examiner: Option<Examiner>,
    /// Number of events of the applicant that nobody of the team has read.
    pub unread: u32,
    /// Set while the applicant was the last to write in the thread.
    pub awaiting_reply: bool,
    /// Number of the model's warnings on the last submission.
    pub warnings: u32,
    /// Revision of the request.
    pub revision: u64,
    /// Rank of the last event.
    pub last_event: u64,
}

closed_list! {
    /// Kind of a submission, for the queue.
    pub enum QueueKind {
        /// No habilitation was active.
        First = "first",
        /// Changes an active habilitation.
        Modification = "modification",
        /// Changes nothing but contacts of an active habilitation.
        Contacts = "contacts",
    }
}

closed_list! {
    /// Order of the queue, from the least to the greatest. A `-` before the value turns it round.
    pub enum QueueOrder {
        /// By the day of the legal clock; requests without one come last.
        Due = "due",
        /// By the time of the last submission.
        Submitted = "submitted",
        /// By the time of the last event.
        Activity = "activity",
    }
}

/// Numbers of requests for the whole team.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QueueCounts {
    /// Requests to examine: those in the state `submitted`.
    pub to_examine: u64,
    /// Requests to examine that are entrusted to the caller.
    pub mine: u64,
    /// Requests to examine that are entrusted to nobody.
    pub unassigned: u64,
    /// Requests whose applicant was asked for changes.
    pub waiting: u64,
    /// Requests to examine whose day is past or at most 14 days ahead.
    pub due_soon: u64,
    /// Requests whose applicant was the last to write in the thread.
    pub awaiting_reply: u64,
    /// Requests that were ever submitted.
    pub all: u64,
}

/// Team that examines requests: the answer of `GET /api/examination/team`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamList {
    /// Members, by name.
    pub people: Vec<TeamMember>,
}

/// Member of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamMember {
    /// Identifier within the team, by which an assignment names the member.
    pub id: String,
    /// First and last name.
    pub name: String,
    /// Office in the team.
    pub job_title: String,
    /// Role of the member.
    pub role: TeamRole,
}

/// Other request of the same organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RelatedRequest {
    /// Identifier of the request.
    pub id: Id,
    /// Number: `FC-2026-000123`.
    pub number: String,
    /// State of the request.
    pub state: State,
    /// Name of the project.
    pub name: String,
}

/// Look of a member of the team at a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Viewed {
    /// First and last name of the member.
    pub name: String,
    /// Time of the look.
    pub at: String,
}

/// Request as the team sees it: submissions, and what follows from its history. Nothing of its draft is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExaminedRequest {
    /// Identifier, made by the client.
    pub id: Id,
    /// Number: `FC-2026-000123`.
    pub number: String,
    /// State of the request.
    pub state: State,
    /// Revision of the request.
    pub revision: u64,
    /// Time of the last change.
    pub updated_at: String,
    /// Submissions, the first one first.
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
    /// Set while the applicant was the last to write in the thread.
    pub awaiting_reply: bool,
    /// Rank of the last event.
    pub last_event: u64,
    /// Number of events that are news to the caller.
    pub unread: u32,
    /// Set where the caller filed the request, and so decides nothing on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_own: bool,
    /// Other requests of the same organisation (SIREN), the last changed first; at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<RelatedRequest>,
    /// Other member of the team who looked last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewed: Option<Viewed>,
    /// Number (SIREN) of the organisation for which the request was begun, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub siren: Option<String>,
    /// Establishment of the last submission as the public directory described it, where one was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<OrganisationFound>,
}

impl ExaminedRequest {
    /// Returns the request as a member of the team is told of it on a day.
    #[must_use]
    pub fn of(id: Id, number: String, revision: (u64, String), events: &[Event], seen: u64, today: Date) -> Self {
        let history = History::of(events);
        Self {
            habilitation: history.active().map(|acceptance| Habilitation::of(acceptance, &number)),
            id,
            number,
            state: history.state,
            revision: revision.0,
            updated_at: revision.1,
            due_on: history.due_on(today),
            suspended: history.is_suspended(today),
            answer_by: history.answer_by,
            awaiting_reply: history.awaits_reply,
            last_event: history.last_event,
            submissions: history.submissions,
            remarks: history.open_remarks,
            examiner: history.examiner,
            unread: unread(events, seen, Side::Examiner),
            is_own: false,
            related: Vec::new(),
            viewed: None,
            siren: None,
            found: None,
        }
    }
}
