//! Acts of the applicant, and the rank up to which the applicant has seen the history.

use std::collections::HashSet;

use habilitation_model::lifecycle::event::unread;
use habilitation_model::lifecycle::{ActFinding, Event, History, Kind, Part, Role, Side, Stamp, Start};
use habilitation_model::wire::{State, StoredRequest};
use habilitation_model::{ClosedList, Code, Draft, Id, Params, SCHEMA};
use jiff::Timestamp;
use rusqlite::{named_params, params};

use super::list_columns::ListColumns;
use super::saving::check_precondition;
use super::{DraftSnapshot, Occupant, OwnerScope};
use crate::clock::{paris_day, rfc3339};
use crate::store::sqlite::history::NewEvent;
use crate::store::sqlite::pace::check_pace;
use crate::store::sqlite::reads;
use crate::store::sqlite::values::{EARLIER_LENGTH, changed, corrupt, json, milliseconds};
use crate::store::{ActToMake, Acted, Expected, StoreFailure, StoreRefusal};

/// Act that was checked and is ready to be made.
pub(in crate::store::sqlite) enum PreparedAct {
    /// The act was made before; this is the request as it is now.
    Before(Box<StoredRequest>),
    /// The act can be made.
    Now(Box<Making>),
}

/// An act that nothing refuses.
pub(in crate::store::sqlite) struct Making {
    request: StoredRequest,
    /// The history with the event in it.
    history: History,
    event: Event,
    state: State,
    /// Number of events that are news to the applicant.
    unread: u32,
    reopened: Option<Reopened>,
    snapshot: DraftSnapshot,
}

/// Draft with which a request is reopened.
struct Reopened {
    draft: Draft,
    json: String,
    columns: ListColumns,
    listed: HashSet<Id>,
}

impl OwnerScope<'_> {
    pub(in crate::store::sqlite) fn prepare_act(
        &self,
        id: &Id,
        to_make: &ActToMake,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<PreparedAct, StoreRefusal> {
        let ActToMake { event, act, by } = to_make;
        let mut request = self.existing(id)?;
        let (events, seen, today) = (self.events(id)?, self.seen(id)?, paris_day(at));
        if let Some(known) = events.iter().find(|known| known.id == *event) {
            if known.by.side != Side::Applicant || !act.is_told_by(known) {
                return Err(StoreRefusal::IdTaken);
            }
            request.follow(&History::of(&events), today, unread(&events, seen, Side::Applicant));
            return Ok(PreparedAct::Before(request));
        }
        if act.kind.moves_state() {
            check_precondition(expected, Some((request.revision, &request.updated_at)), || Ok(Some(request.clone())))?;
        }
        let mut history = History::of(&events);
        let state = act.outcome(&history, Role::Applicant).map_err(|_| StoreRefusal::WrongState(history.state))?;
        let mut findings = act.findings(&history, Role::Applicant, today);
        let missing = act.documents.iter().enumerate().filter(|(_, document)| !request.arrived.contains(&document.id));
        findings.extend(missing.map(|(index, _)| ActFinding {
            pointer: format!("/documents/{index}"),
            code: Code::MissingFile,
            params: Params::default(),
        }));
        if !findings.is_empty() {
            return Err(StoreRefusal::Unfit(findings));
        }
        // Submissions have a quota of their own, and so has what is about people. An event names its author by name alone.
        let is_theirs = |event: &Event| {
            let is_counted = event.kind != Kind::Submitted && !event.kind.is_about_people();
            is_counted && event.by.side == Side::Applicant && event.by.name == by.name
        };
        check_pace(events.iter().filter(|event| is_theirs(event)), act.kind, at)?;
        let number = request.number.as_deref().ok_or_else(|| corrupt("a number"))?;
        let stamp = Stamp { id: event.clone(), at: rfc3339(at), on: today, by: by.clone() };
        let event = act.event(stamp, &history, number, None);
        let reopened = event.from.map(|start| self.reopened(&request, start)).transpose()?;
        let snapshot = self.snapshot_of(&request)?;
        let unread = unread(&events, seen, Side::Applicant);
        history.add(&event);
        Ok(PreparedAct::Now(Box::new(Making { request: *request, history, event, state, unread, reopened, snapshot })))
    }

    /// Returns the draft with which a request is reopened.
    fn reopened(&self, request: &StoredRequest, start: Start) -> Result<Reopened, StoreRefusal> {
        let draft = match start {
            Start::Draft => request.draft.reopened(),
            Start::Submission(n) => self.sent_draft(&request.id, n)?.ok_or(StoreRefusal::Absent)?.reopened(),
        };
        Ok(Reopened {
            json: json(&draft)?,
            columns: ListColumns::of(&draft, &request.arrived),
            listed: draft.documents().map(|document| document.id.clone()).collect(),
            draft,
        })
    }

    /// Makes an act; returns none if the request or its history changed in the meantime.
    pub(in crate::store::sqlite) fn act(
        &self,
        id: &Id,
        prepared: &PreparedAct,
        at: Timestamp,
    ) -> Result<Option<Acted>, StoreRefusal> {
        let making = match prepared {
            PreparedAct::Before(request) => return Ok(Some(Acted::Before(request.clone()))),
            PreparedAct::Now(making) => making.as_ref(),
        };
        let Making { request, history, event, state, unread, reopened, snapshot } = making;
        if !self.is_unchanged(id, snapshot)? || reads::last_event(self.connection, id)? + 1 != event.seq {
            return Ok(None);
        }
        let mut request = request.clone();
        if event.kind.moves_state() {
            self.set_state(id, *state, at)?;
            request.earlier = request.earlier_of_next();
            // What was saved before is no news of this revision.
            request.saved_by = None;
            (request.revision, request.updated_at) = (request.revision + 1, rfc3339(at));
        }
        if let Some(reopened) = reopened {
            self.note_listed(id, snapshot, &reopened.listed, at)?;
            self.set_draft(id, reopened, request.number.as_deref())?;
            request.draft.clone_from(&reopened.draft);
        }
        for document in &event.documents {
            let sql = "UPDATE documents SET is_sent = 1 WHERE request = ?1 AND id = ?2 AND owner = ?3";
            changed(self.connection, sql, params![id.as_str(), document.id.as_str(), self.owner()])?;
        }
        self.add_event(id, &NewEvent { event, history, maker: Some(self.caller), sent: None, at })?;
        // What the applicant does is no news to them.
        request.follow(history, paris_day(at), *unread);
        Ok(Some(Acted::Now(Box::new(request))))
    }

    /// Sets the state to which an act leads, and raises the revision.
    fn set_state(&self, id: &Id, state: State, at: Timestamp) -> Result<(), StoreFailure> {
        changed(
            self.connection,
            "UPDATE requests
             SET state = :state, revision = revision + 1, updated_at = :at,
                 earlier = substr(updated_at || ' ' || earlier, 1, :earlier)
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":state": state.as_str(), ":at": milliseconds(at),
                ":earlier": EARLIER_LENGTH,
            },
        )?;
        Ok(())
    }

    fn set_draft(&self, id: &Id, reopened: &Reopened, number: Option<&str>) -> Result<(), StoreFailure> {
        let columns = &reopened.columns;
        changed(
            self.connection,
            "UPDATE requests
             SET schema = :schema, errors = :errors, name = :name, organisation = :organisation, search = :search,
                 draft = :draft
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":schema": SCHEMA, ":errors": columns.errors,
                ":name": columns.name, ":organisation": columns.organisation, ":search": columns.search(number),
                ":draft": reopened.json,
            },
        )?;
        Ok(())
    }

    /// Returns the rank of the last event that the caller has seen; 0 before the first.
    pub(super) fn seen(&self, request: &Id) -> Result<u64, StoreFailure> {
        reads::seen(self.connection, request, self.caller)
    }

    /// Notes that the caller has seen the events up to a rank. It never goes back, nor past the last event. What the owner has seen is
    /// read by the applicant's side.
    pub(in crate::store::sqlite) fn see(&self, id: &Id, seq: u64, at: Timestamp) -> Result<(), StoreRefusal> {
        match self.occupant(id)? {
            Occupant::Foreign | Occupant::Free => return Err(StoreRefusal::Absent),
            Occupant::Deleted => return Err(StoreRefusal::Deleted),
            Occupant::Request { .. } => {}
        }
        let side = (self.part == Part::Owner).then_some(Side::Applicant);
        Ok(reads::see(self.connection, id, self.caller, side, seq, at)?)
    }
}
