//! Requests as the team may see and change them, for one member at a time. Every such statement is here, or takes no owner.
//!
//! A request is there for the team once it was submitted. What was sent and the history are; the draft is in no statement, so
//! that nothing unsent can reach the team.

mod documents;
mod listing;
mod templates;

use habilitation_model::lifecycle::{ActFinding, Event, History, Kind, Refusal, Side, Stamp};
use habilitation_model::wire::{EventList, RelatedRequest, Standing, State, TeamRole};
use habilitation_model::{ClosedList, Code, Id, Params};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::erasing;
use super::found;
use super::history::{self, NewEvent};
use super::pace::check_pace;
use super::reads;
use crate::clock::{paris_day, rfc3339};
use crate::store::sqlite::values::{EARLIER_LENGTH, changed, corrupt, milliseconds, time};
use crate::store::{
    ActOfTeam, ActedByTeam, Examined, Expected, Outcome, ReadDraft, StoreFailure, StoreRefusal, WholeSubmission,
};
use crate::team::Member;

/// Most other requests of the same organisation that are told.
const RELATED_MAX: u32 = 20;

/// Condition on requests: those on whose other side a member of the team stands too, in any part.
const IS_OWN: &str = "(owner = :person
                       OR EXISTS (SELECT 1 FROM participants WHERE request = requests.id AND participants.person = :person))";

/// Database as one member of the team may see and change it, inside a transaction.
pub(super) struct TeamScope<'a> {
    pub(super) connection: &'a Connection,
    pub(super) member: &'a Member,
    pub(super) read_draft: ReadDraft,
}

/// Act of the team that was checked and is ready to be made.
pub(super) enum PreparedTeamAct {
    /// The act was made before; this is the request as it is now.
    Before(Box<Examined>),
    /// The act can be made.
    Now(Box<Making>),
}

/// An act that nothing refuses.
pub(super) struct Making {
    examined: Examined,
    /// The history with the event in it.
    history: History,
    event: Event,
    state: State,
}

impl TeamScope<'_> {
    /// Returns a request that was submitted, with its history.
    pub(super) fn examined(&self, id: &Id) -> Result<Examined, StoreRefusal> {
        let sql = format!(
            "SELECT number, revision, updated_at, siren, {IS_OWN} AS is_own FROM requests
             WHERE id = :request AND number IS NOT NULL"
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(StoreFailure::from)?;
        let parameters = named_params! { ":request": id.as_str(), ":person": self.member.person };
        let mut rows = statement.query(parameters).map_err(StoreFailure::from)?;
        let Some(row) = rows.next().map_err(StoreFailure::from)? else { return Err(self.absence(id)?) };
        let read = || -> Result<Examined, StoreFailure> {
            Ok(Examined {
                id: id.clone(),
                number: row.get("number")?,
                revision: row.get("revision")?,
                updated_at: rfc3339(time(row.get("updated_at")?)?),
                is_own: row.get("is_own")?,
                events: self.shown_events(id, 0)?,
                seen: reads::seen(self.connection, id, &self.member.person)?,
                related: self.related(id)?,
                looks: reads::looks(self.connection, id, &self.member.person)?,
                siren: row.get("siren")?,
                establishment: found::of_last(self.connection, id)?,
            })
        };
        Ok(read()?)
    }

    /// Refuses a request that never was submitted.
    fn check_is_there(&self, id: &Id) -> Result<(), StoreRefusal> {
        let sql = "SELECT 1 FROM requests WHERE id = ?1 AND number IS NOT NULL";
        let is_there = self.connection.prepare_cached(sql).and_then(|mut statement| statement.exists([id.as_str()]));
        if is_there.map_err(StoreFailure::from)? { Ok(()) } else { Err(self.absence(id)?) }
    }

    /// Returns the refusal where no request is there: one that was erased is gone for good.
    fn absence(&self, id: &Id) -> Result<StoreRefusal, StoreFailure> {
        Ok(if erasing::is_erased(self.connection, id)? { StoreRefusal::Deleted } else { StoreRefusal::Absent })
    }

    /// Returns other requests of the organisation of the last submission.
    fn related(&self, id: &Id) -> Result<Vec<RelatedRequest>, StoreFailure> {
        let sql = "SELECT request, number, state, name FROM queue
                   WHERE siren = (SELECT siren FROM queue WHERE request = ?1) AND siren <> '' AND request <> ?1
                   ORDER BY activity DESC LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![id.as_str(), RELATED_MAX])?;
        let mut related = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, state): (String, String) = (row.get("request")?, row.get("state")?);
            related.push(RelatedRequest {
                id: Id::parse(&id).map_err(|_| corrupt("an identifier"))?,
                number: row.get("number")?,
                state: State::parse(&state).ok_or_else(|| corrupt("a state"))?,
                name: row.get("name")?,
            });
        }
        Ok(related)
    }

    /// Returns the events of a request after a rank.
    pub(super) fn events(&self, id: &Id, after: u64) -> Result<EventList, StoreRefusal> {
        self.check_is_there(id)?;
        let mut events = self.shown_events(id, after)?;
        let seen = reads::seen(self.connection, id, &self.member.person)?;
        reads::tell_reads(self.connection, id, &mut events)?;
        Ok(EventList { events, seen })
    }

    /// Returns the events after a rank that the team may see. What happened before the first submission is the applicant's.
    fn shown_events(&self, id: &Id, after: u64) -> Result<Vec<Event>, StoreFailure> {
        let sql = "SELECT coalesce(min(seq), 1) FROM events WHERE request = ?1 AND kind = ?2";
        let parameters = params![id.as_str(), Kind::Submitted.as_str()];
        let first: u64 = self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?;
        history::read_events(self.connection, None, id, after.max(first.saturating_sub(1)))
    }

    /// Returns a submission of a request.
    pub(super) fn submission(&self, id: &Id, n: u32) -> Result<WholeSubmission, StoreRefusal> {
        self.check_is_there(id)?;
        history::read_submission(self.connection, None, self.read_draft, id, n)?.ok_or(StoreRefusal::Absent)
    }

    pub(super) fn prepare_act(
        &self,
        id: &Id,
        to_make: &ActOfTeam,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<PreparedTeamAct, StoreRefusal> {
        let ActOfTeam { event, act, examiner } = to_make;
        let examined = self.examined(id)?;
        if let Some(known) = examined.events.iter().find(|known| known.id == *event) {
            let is_same = known.by == self.member.author() && act.is_told_by(known);
            return if is_same { Ok(PreparedTeamAct::Before(Box::new(examined))) } else { Err(StoreRefusal::IdTaken) };
        }
        if self.member.role == TeamRole::Reader {
            return Err(StoreRefusal::ReadOnly);
        }
        if examined.is_own {
            return Err(StoreRefusal::OwnRequest);
        }
        let mut history = History::of(&examined.events);
        if act.kind.moves_state() {
            match expected.check(Some((examined.revision, &examined.updated_at))) {
                Outcome::Holds => {}
                Outcome::Unconditional => return Err(StoreRefusal::Unconditional),
                Outcome::Fails => return Err(StoreRefusal::StaleForTeam(Box::new(standing(&examined, &history)))),
            }
        }
        let state = act.outcome(&history, self.member.role()).map_err(|refusal| match refusal {
            Refusal::ReadOnly => StoreRefusal::ReadOnly,
            Refusal::NotAllowed | Refusal::WrongState => StoreRefusal::WrongState(history.state),
            Refusal::AssignedElsewhere => StoreRefusal::AssignedElsewhere,
            Refusal::Unseen => {
                let seen = act.seen.unwrap_or_default();
                let is_unseen = |event: &&Event| event.seq > seen && event.by.side == Side::Applicant;
                StoreRefusal::Unseen(examined.events.iter().filter(is_unseen).cloned().collect())
            }
        })?;
        let mut findings = act.findings(&history, self.member.role(), paris_day(at));
        let finding = |pointer, code| ActFinding { pointer, code, params: Params::default() };
        if act.kind == Kind::Assignment && act.examiner.is_some() && examiner.is_none() {
            findings.push(finding("/examiner".to_owned(), Code::UnknownValue));
        }
        for (index, document) in act.documents.iter().enumerate() {
            if !self.has_sent(id, &document.id)? {
                findings.push(finding(format!("/documents/{index}"), Code::MissingFile));
            }
        }
        if !findings.is_empty() {
            return Err(StoreRefusal::Unfit(findings));
        }
        let author = self.member.author();
        check_pace(examined.events.iter().filter(|event| event.by == author), act.kind, at)?;
        let (at, on) = (rfc3339(at), paris_day(at));
        let stamp = Stamp { id: event.clone(), at, on, by: author };
        let event = act.event(stamp, &history, &examined.number, examiner.clone());
        history.add(&event);
        Ok(PreparedTeamAct::Now(Box::new(Making { examined, history, event, state })))
    }

    /// Makes an act; returns none if the request or its history changed in the meantime.
    pub(super) fn act(
        &self,
        id: &Id,
        prepared: &PreparedTeamAct,
        at: Timestamp,
    ) -> Result<Option<ActedByTeam>, StoreRefusal> {
        let Making { examined, history, event, state } = match prepared {
            PreparedTeamAct::Before(examined) => return Ok(Some(ActedByTeam::Before(examined.clone()))),
            PreparedTeamAct::Now(making) => making.as_ref(),
        };
        let sql = "SELECT revision, updated_at, (SELECT max(seq) FROM events WHERE request = ?1)
                   FROM requests WHERE id = ?1 AND number IS NOT NULL";
        let (revision, updated_at, seq): (u64, i64, u64) = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            })
            .map_err(StoreFailure::from)?;
        let is_same = revision == examined.revision && rfc3339(time(updated_at)?) == examined.updated_at;
        if !is_same || seq + 1 != event.seq {
            return Ok(None);
        }
        for document in &event.documents {
            // An unlisted document may have been purged in the meantime.
            if !self.list_document(id, &document.id)? {
                return Ok(None);
            }
        }
        let mut examined = examined.clone();
        if event.kind.moves_state() {
            let sql = "UPDATE requests
                 SET state = :state, revision = revision + 1, updated_at = :at,
                     earlier = substr(updated_at || ' ' || earlier, 1, :earlier)
                 WHERE id = :id AND number IS NOT NULL";
            let parameters = named_params! {
                ":id": id.as_str(), ":state": state.as_str(), ":at": milliseconds(at), ":earlier": EARLIER_LENGTH,
            };
            changed(self.connection, sql, parameters)?;
            (examined.revision, examined.updated_at) = (examined.revision + 1, rfc3339(at));
        }
        history::insert_event(self.connection, None, id, &NewEvent { event, history, maker: None, sent: None, at })?;
        examined.events.push(event.clone());
        Ok(Some(ActedByTeam::Now(Box::new(examined))))
    }

    /// Notes that the member has seen the events of a request up to a rank. It never goes back, nor past the last event. Who reads
    /// their own request does not read it for the team.
    pub(super) fn see(&self, id: &Id, seq: u64, at: Timestamp) -> Result<(), StoreRefusal> {
        let sql = format!("SELECT {IS_OWN} FROM requests WHERE id = :request AND number IS NOT NULL");
        let parameters = named_params! { ":request": id.as_str(), ":person": self.member.person };
        let is_own = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.query_row(parameters, |row| row.get(0)).optional())
            .map_err(StoreFailure::from)?;
        let Some(is_own): Option<bool> = is_own else { return Err(self.absence(id)?) };
        let side = (!is_own).then_some(Side::Examiner);
        Ok(reads::see(self.connection, id, &self.member.person, side, seq, at)?)
    }
}

/// Returns where a request stands, and the act that brought it there. It holds nothing of a draft.
fn standing(examined: &Examined, history: &History) -> Standing {
    let last = examined.events.iter().rev().find(|event| event.kind.moves_state());
    Standing {
        state: history.state,
        revision: examined.revision,
        // When an applicant saved what is not sent is nobody's business: the act is told, with its time.
        by: last.map(|event| event.by.clone()),
        at: last.map_or_else(|| examined.updated_at.clone(), |event| event.at.clone()),
    }
}
