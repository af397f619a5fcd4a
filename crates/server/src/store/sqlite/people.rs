//! People of requests, for one person at a time: every statement on the tables of participants, invitations and hand-overs.

mod calls;
mod hand_overs;
mod invitations;
mod presence;

use habilitation_model::lifecycle::event::unread;
use habilitation_model::lifecycle::mail::{PersonalFacts, is_same_mailbox};
use habilitation_model::lifecycle::{Event, History, Kind, NamedPerson, Part, Side, Stamp};
use habilitation_model::rights::Action;
use habilitation_model::wire::{By, HandOver, Mail, Participant, PeopleList, Recipient};
use habilitation_model::{ClosedList, Id, Text};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::access::{self, Access};
use super::contest;
use super::history::{NewEvent, event_id, insert_event, read_events};
use super::values::{changed, corrupt, milliseconds, time};
use super::{cards, outbox, personal, queue, reads};
use crate::clock::{paris_day, rfc3339};
use crate::store::people::{Person, full_name};
use crate::store::{StoreFailure, StoreRefusal};

/// Time in which an invitation can be followed, and a hand-over accepted.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Most mails of one kind that one person has sent to others in 24 hours.
const SENT_OF_DAY: u32 = 20;

/// People of requests as one person may see and change them, inside a transaction.
pub(super) struct PeopleScope<'a> {
    pub(super) connection: &'a Connection,
    pub(super) who: &'a Person,
    pub(super) at: Timestamp,
}

/// Person by their last sign-in.
#[derive(Clone, Debug, Default)]
struct Known {
    email: String,
    given_name: String,
    family_name: String,
    organisation: String,
}

impl Known {
    fn name(&self) -> String {
        full_name(&self.given_name, &self.family_name)
    }
}

impl PeopleScope<'_> {
    fn person(&self) -> &str {
        self.who.owner.person()
    }

    /// Finds the access of the caller to a request, if they may do something to it now.
    fn access(&self, request: &Id, action: Action) -> Result<Access, StoreRefusal> {
        let is_seen = |access: &Access| action == Action::Leave || access.allows(Action::Read);
        let is_through_portal = self.who.owner.portal().is_some();
        let access = access::find(self.connection, &self.who.owner, request)?;
        let access = access.filter(|access| !is_through_portal && is_seen(access)).ok_or(StoreRefusal::Absent)?;
        access.check_now(action)?;
        Ok(access)
    }

    /// Returns the people of a request.
    pub(super) fn people(&self, request: &Id) -> Result<PeopleList, StoreRefusal> {
        let access = self.access(request, Action::ListPeople)?;
        Ok(self.list(request, &access)?)
    }

    fn list(&self, request: &Id, access: &Access) -> Result<PeopleList, StoreFailure> {
        let is_owner = access.part == Part::Owner;
        let here = self.others_here(request)?;
        let told = |id: String, known: Known, role: Part, organisation: Option<String>, external: bool| Participant {
            you: id == self.person(),
            here: here.contains(&id),
            given_name: known.given_name,
            family_name: known.family_name,
            organisation: organisation.unwrap_or(known.organisation),
            role,
            external,
            id,
        };
        let owner = access.owner.person().to_owned();
        let known = known(self.connection, &owner)?;
        let mut people = vec![told(owner, known, Part::Owner, None, false)];
        let sql = "SELECT participants.person, part, siren, participants.organisation, email, given_name, family_name
                   FROM participants LEFT JOIN people ON people.person = participants.person
                   WHERE request = ?1 ORDER BY joined_at, participants.person";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([request.as_str()])?;
        while let Some(row) = rows.next()? {
            let (part, siren): (String, Option<String>) = (row.get("part")?, row.get("siren")?);
            let text =
                |name| -> Result<String, StoreFailure> { Ok(row.get::<_, Option<String>>(name)?.unwrap_or_default()) };
            let known = Known {
                email: text("email")?,
                given_name: text("given_name")?,
                family_name: text("family_name")?,
                organisation: text("organisation")?,
            };
            let part = Part::parse(&part).ok_or_else(|| corrupt("a part"))?;
            people.push(told(
                row.get("person")?,
                known,
                part,
                Some(row.get("organisation")?),
                is_external(access, siren.as_deref()),
            ));
        }
        let sql = "SELECT revision FROM requests WHERE id = ?1";
        let revision = self.connection.prepare_cached(sql)?.query_row([request.as_str()], |row| row.get(0))?;
        let hand_over = match self.open_hand_over(request)? {
            Some((to, expires_at)) => Some(HandOver {
                to_you: to == self.person(),
                to,
                expires_at: rfc3339(expires_at),
                undelivered: is_owner
                    && personal::did_not_arrive(self.connection, &hand_overs::about(request), Mail::HandOverOffered)?,
            }),
            None => None,
        };
        Ok(PeopleList {
            people,
            invitations: if is_owner { self.open_invitations(request)? } else { Vec::new() },
            undelivered_cards: if is_owner {
                cards::undelivered(self.connection, request, self.at)?
            } else {
                Vec::new()
            },
            hand_over: hand_over.filter(|hand_over| is_owner || hand_over.to_you),
            contestable_until: contest::contestable_until(self.connection, request)?,
            revision,
        })
    }

    /// Ends the part of a person in a request, or that of the caller.
    pub(super) fn remove(&self, request: &Id, person: &str) -> Result<(), StoreRefusal> {
        let action = if person == self.person() { Action::Leave } else { Action::Invite };
        let access = self.access(request, action)?;
        let (part, siren) = participant(self.connection, request, person)?.ok_or(StoreRefusal::Absent)?;
        let name = known(self.connection, person)?.name();
        for sql in [
            "DELETE FROM participants WHERE request = ?1 AND person = ?2",
            "DELETE FROM seen WHERE request = ?1 AND person = ?2",
            "DELETE FROM presences WHERE request = ?1 AND person = ?2",
            // No invitation of theirs is answered any more, the one by which they joined included.
            "UPDATE invitations SET joiner = NULL, followed = NULL WHERE request = ?1 AND joiner = ?2",
        ] {
            changed(self.connection, sql, params![request.as_str(), person])?;
        }
        invitations::close_those_to(self.connection, request, person)?;
        let sql = "DELETE FROM hand_overs WHERE request = ?1 AND person = ?2";
        if changed(self.connection, sql, params![request.as_str(), person])? > 0 {
            personal::take_back(self.connection, &hand_overs::about(request))?;
        }
        let person = NamedPerson { name, role: Some(part), external: is_external(&access, siren.as_deref()) };
        self.tell(request, Told { kind: Kind::Left, person: Some(person), ..Told::default() })
    }

    /// Adds an event that the caller makes to the history of a request.
    fn tell(&self, request: &Id, told: Told) -> Result<(), StoreRefusal> {
        let told = Told { by: self.who.author(), maker: Some(self.person().to_owned()), ..told };
        Ok(tell(self.connection, request, told, self.at)?)
    }

    /// Returns facts of a mail about a request, in which the caller acts.
    fn facts(&self, request: &Id, to: String) -> Result<PersonalFacts, StoreFailure> {
        Ok(PersonalFacts {
            to,
            project: project(self.connection, request)?,
            by: self.who.name(),
            by_email: self.who.user.email.clone(),
            by_organisation: self.who.organisation.name.clone(),
            ..PersonalFacts::default()
        })
    }

    /// Notes a mail of the caller to somebody, or refuses it where they sent too many of the kind.
    fn note_sending(&self, kind: &str) -> Result<(), StoreRefusal> {
        if let Some(wait) = self.wait_for_next(kind)? {
            return Err(StoreRefusal::TooManyActs(wait));
        }
        let sql = "INSERT INTO sendings (person, kind, at) VALUES (?1, ?2, ?3)";
        changed(self.connection, sql, params![self.person(), kind, milliseconds(self.at)])?;
        Ok(())
    }

    /// Returns the wait until the caller may send another mail of a kind, where they sent many in 24 hours.
    fn wait_for_next(&self, kind: &str) -> Result<Option<SignedDuration>, StoreFailure> {
        let day = SignedDuration::from_hours(24);
        let since = self.at.saturating_sub(day).unwrap_or(self.at);
        let sql = "SELECT at FROM sendings WHERE person = ?1 AND kind = ?2 AND at > ?3
                   ORDER BY at DESC LIMIT 1 OFFSET ?4";
        let parameters = params![self.person(), kind, milliseconds(since), SENT_OF_DAY - 1];
        let first: Option<i64> =
            self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
        first.map(|first| Ok(day - self.at.duration_since(time(first)?))).transpose()
    }

    fn expiry(&self) -> Timestamp {
        self.at.saturating_add(OPEN_FOR).unwrap_or(self.at)
    }
}

/// Returns whether a number of an organisation is another one than that of a request.
fn is_external(access: &Access, siren: Option<&str>) -> bool {
    siren.zip(access.siren.as_deref()).is_some_and(|(one, other)| one != other)
}

/// Returns a person as they are known by their last sign-in; empty where that is long ago.
fn known(connection: &Connection, person: &str) -> Result<Known, StoreFailure> {
    let sql = "SELECT email, given_name, family_name, organisation FROM people WHERE person = ?1";
    let known = connection
        .prepare_cached(sql)?
        .query_row([person], |row| {
            Ok(Known {
                email: row.get(0)?,
                given_name: row.get(1)?,
                family_name: row.get(2)?,
                organisation: row.get(3)?,
            })
        })
        .optional()?;
    Ok(known.unwrap_or_default())
}

/// Returns the part of a participant, and the number of the organisation for which they joined.
fn participant(
    connection: &Connection,
    request: &Id,
    person: &str,
) -> Result<Option<(Part, Option<String>)>, StoreFailure> {
    let sql = "SELECT part, siren FROM participants WHERE request = ?1 AND person = ?2";
    let found: Option<(String, Option<String>)> = connection
        .prepare_cached(sql)?
        .query_row(params![request.as_str(), person], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found.map(|(part, siren)| Ok((Part::parse(&part).ok_or_else(|| corrupt("a part"))?, siren))).transpose()
}

/// Returns the name of the project of a request, as the list shows it.
fn project(connection: &Connection, request: &Id) -> Result<String, StoreFailure> {
    let sql = "SELECT name FROM requests WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([request.as_str()], |row| row.get(0))?)
}

/// Returns the address of the owner of a request: that of their last sign-in, or of the applicant of the last submission.
pub(super) fn owner_address(connection: &Connection, request: &Id) -> Result<String, StoreFailure> {
    let sql = "SELECT coalesce(
                   (SELECT nullif(email, '') FROM people WHERE person = owner),
                   (SELECT request_json ->> '$.organisation.applicant.email' FROM submissions
                    WHERE submissions.request = requests.id ORDER BY n DESC LIMIT 1),
                   '')
               FROM requests WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([request.as_str()], |row| row.get(0))?)
}

/// Returns the address of a new owner's account, until they sent the request with that address. The applicant is then written to no
/// more: the answers may name the former owner still.
pub(super) fn address_of_new_owner(
    connection: &Connection,
    request: &Id,
    events: &[Event],
) -> Result<Option<String>, StoreFailure> {
    let changes_owner = |event: &Event| matches!(event.kind, Kind::HandedOver | Kind::Recovered | Kind::Reassigned);
    let Some(place) = events.iter().rposition(changes_owner) else { return Ok(None) };
    let account = owner_address(connection, request)?;
    for n in events[place..].iter().filter(|event| event.kind == Kind::Submitted).filter_map(|event| event.submission) {
        if is_same_mailbox(&outbox::address(connection, request, n, Recipient::Applicant)?, &account) {
            return Ok(None);
        }
    }
    Ok(Some(account))
}

/// Gives a request another owner, with all that belongs to its owner: documents, what is kept, and later its tombstone. Returns the
/// former owner, who keeps a part, if one is given. The new owner's own part ends, and so does an offer to hand the request over. Nothing
/// of the draft or the state changes, and no clock stops.
///
/// Whoever calls adds the event that tells of it, in the same transaction.
pub(super) fn transfer(
    connection: &Connection,
    request: &Id,
    to: &str,
    former_part: Option<Part>,
    at: Timestamp,
) -> Result<String, StoreFailure> {
    let id = request.as_str();
    let sql = "SELECT owner FROM requests WHERE id = ?1";
    let former: String = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    // A trigger takes along what belongs to the owner.
    changed(connection, "UPDATE requests SET owner = ?2 WHERE id = ?1", params![id, to])?;
    changed(connection, "DELETE FROM participants WHERE request = ?1 AND person = ?2", params![id, to])?;
    changed(connection, "DELETE FROM hand_overs WHERE request = ?1", [id])?;
    personal::take_back(connection, &hand_overs::about(request))?;
    // Whoever owns it waits for no word of an owner.
    invitations::close_those_to(connection, request, to)?;
    let (events, seen) = (read_events(connection, None, request, 0)?, reads::seen(connection, request, to)?);
    queue::set_unread(connection, request, Side::Applicant, unread(&events, seen, Side::Applicant))?;
    // The new owner was told of no loss that lies ahead.
    changed(connection, "DELETE FROM forewarnings WHERE request = ?1", [id])?;
    if former == to {
        return Ok(former);
    }
    if let Some(part) = former_part {
        changed(
            connection,
            "INSERT INTO participants (request, person, part, siren, organisation, joined_at, updated_at, state, portal)
             SELECT id, :person, :part, siren,
                    coalesce((SELECT organisation FROM people WHERE person = :person), ''), :at, updated_at, state, portal
             FROM requests WHERE id = :id",
            named_params! { ":id": id, ":person": former, ":part": part.as_str(), ":at": milliseconds(at) },
        )?;
    } else {
        for sql in [
            "DELETE FROM seen WHERE request = ?1 AND person = ?2",
            "DELETE FROM presences WHERE request = ?1 AND person = ?2",
        ] {
            changed(connection, sql, params![id, former])?;
        }
    }
    Ok(former)
}

/// Content of an event about people.
pub(super) struct Told {
    pub(super) kind: Kind,
    pub(super) by: By,
    /// Person on the applicant's side who made it in a session.
    pub(super) maker: Option<String>,
    pub(super) person: Option<NamedPerson>,
    /// Name of the owner before.
    pub(super) former: Option<String>,
    pub(super) text: Text,
}

impl Default for Told {
    fn default() -> Self {
        Self { kind: Kind::Invited, by: By::clock(), maker: None, person: None, former: None, text: Text::default() }
    }
}

/// Adds an event about people to the history of a request, whether it was sent or not.
pub(super) fn tell(connection: &Connection, request: &Id, told: Told, at: Timestamp) -> Result<(), StoreFailure> {
    let Told { kind, by, maker, person, former, text } = told;
    let mut history = History::of(&read_events(connection, None, request, 0)?);
    let seq = history.last_event + 1;
    let stamp = Stamp { id: event_id(request, seq, at), at: rfc3339(at), on: paris_day(at), by };
    let event = Event { person, former, text, ..Event::new(stamp, seq, kind) };
    history.add(&event);
    let new = NewEvent { event: &event, history: &history, maker: maker.as_deref(), sent: None, at };
    insert_event(connection, None, request, &new)
}
