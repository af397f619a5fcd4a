//! The history of a request on the wire: events, submissions and habilitations.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::SCHEMA;
use crate::date::Date;
use crate::draft::Draft;
use crate::lifecycle::act::habilitation_number;
use crate::lifecycle::{Acceptance, Event};

// The description of the API names the version as a number.
const _: () = assert!(SCHEMA == 1, "the description of each `schema` names the version");

/// Events of a request that the caller may see: the answer of `GET …/events`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventList {
    /// Events in the order of the history.
    pub events: Vec<Event>,
    /// Rank of the last event that the caller has seen; 0 before the first.
    pub seen: u64,
}

/// Rank up to which a caller has seen the events: the body of `PUT …/seen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seen {
    /// Rank of the last event that was shown.
    pub seq: u64,
}

/// A submission, whole. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Submission {
    /// Number of the submission in its request, from 1.
    pub n: u32,
    /// Time of the submission.
    pub at: String,
    /// Day of the submission in Europe/Paris.
    pub on: Date,
    /// Version of the draft's shape, always that of the release that answers.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// Draft as it was typed.
    pub draft: Draft,
    /// Fields that differ from the submission before, as JSON pointers, in the order of the form.
    pub changes: Vec<String>,
    /// Set where nothing but contacts of the active habilitation changes.
    pub contacts_only: bool,
}

/// The active habilitation of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Habilitation {
    /// Number: that of the request and the rank, `FC-2026-000123-1`.
    pub number: String,
    /// Submission that was accepted.
    pub submission: u32,
    /// Time of the acceptance.
    pub accepted_at: String,
}

impl Habilitation {
    /// Makes the habilitation that an acceptance gave, of the request with this number.
    #[must_use]
    pub fn of(acceptance: &Acceptance, request: &str) -> Self {
        Self {
            number: habilitation_number(request, acceptance.rank),
            submission: acceptance.submission,
            accepted_at: acceptance.at.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::{Act, Kind, Side, SubmissionBody};

    const ID: &str = "01932f5e-7a10-7000-8000-000000000001";

    #[test]
    fn an_act_and_its_event_have_the_members_of_the_description() {
        let act: Act = serde_json::from_value(serde_json::json!({
            "kind": "changes_requested", "seen": 4, "text": "Deux points à préciser.", "answer_by": "2027-03-25",
            "remarks": [{"pointer": "/project/description", "text": "Quelles démarches, exactement ?"}]
        }))
        .unwrap();
        assert_eq!((act.kind, act.seen, act.remarks.len()), (Kind::ChangesRequested, Some(4), 1));

        let json = serde_json::json!({"events": [{
            "id": ID, "seq": 5, "kind": "changes_requested", "at": "2027-01-25T09:12:00.000Z", "on": "2027-01-25",
            "submission": 1, "by": {"side": "examiner", "name": "Claire Marchand", "job_title": "Chargée des habilitations"},
            "text": "Deux points à préciser.", "answer_by": "2027-03-25", "read_at": "2027-01-25T10:02:11.000Z",
            "remarks": [{"pointer": "/project/description", "text": "Quelles démarches, exactement ?"}]
        }], "seen": 4});
        let list: EventList = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(list.events[0].by.side, Side::Examiner);
        assert!(act.is_told_by(&list.events[0]));
        assert_eq!(serde_json::to_value(list).unwrap(), json);
    }

    #[test]
    fn bodies_that_the_server_reads_refuse_unknown_members() {
        for json in [r#"{"seq": 4, "at": 1}"#, r#"{"seq": -1}"#, r#"{}"#] {
            assert!(serde_json::from_str::<Seen>(json).is_err(), "{json}");
        }
        for json in
            [r#"{"text": "a", "reply": []}"#, r#"{"replies": [{"pointer": "/project/name", "text": "a", "n": 1}]}"#]
        {
            assert!(serde_json::from_str::<SubmissionBody>(json).is_err(), "{json}");
        }
        for json in [r#"{}"#, r#"{"text": null, "replies": null}"#] {
            assert_eq!(serde_json::from_str::<SubmissionBody>(json).unwrap(), SubmissionBody::default());
        }
        assert!(serde_json::from_str::<Act>(r#"{"kind": "approved"}"#).is_err());
    }

    #[test]
    fn a_page_skips_members_of_a_newer_server() {
        let json = serde_json::json!({
            "n": 2, "at": "2027-02-04T10:00:00.000Z", "on": "2027-02-04", "schema": 1, "draft": {},
            "request": {"project": {"name": "Guichet"}}, "changes": ["/project/description"], "contacts_only": false
        });
        let submission: Submission = serde_json::from_value(json).unwrap();
        assert_eq!((submission.n, submission.changes.len()), (2, 1));
    }

    #[test]
    fn a_habilitation_is_numbered_by_its_request_and_its_rank() {
        assert_eq!(habilitation_number("FC-2026-000123", 2), "FC-2026-000123-2");
    }
}
