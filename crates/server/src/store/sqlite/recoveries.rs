//! Recoveries: what colleagues ask for, what owners answer, and what is decided where they do not.
//!
//! A row is about the request of one owner. Once the request has another one, by whatever way, the row says nothing any more.

use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::lifecycle::{By, History, Kind, Mail, NamedPerson, Part, Recipient, Side, Standing, State};
use habilitation_model::rights::{Action, Actor, Caller, Condition, allows};
use habilitation_model::wire::{
    Newcomer, RecoveriesToDecide, Recovery, RecoveryDecision, RecoveryList, RecoveryState, RecoveryToAsk,
    RecoveryToDecide, TeamRole,
};
use habilitation_model::{ClosedList, Date, Id, Text};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::contest::VALID;
use super::history::read_events;
use super::passing;
use super::personal::{self, PersonalMail};
use super::values::{apart, changed, corrupt, from_json, json, milliseconds, time};
use super::{described, outbox, people};
use crate::clock::{paris_day, rfc3339};
use crate::store::accounts::PREFIX;
use crate::store::recoveries::{
    ANSWER_DAYS, ASKED_EVERY, Asker, CONTEST_DAYS, DRAFTS_MAX, Decider, DeciderAddresses, LISTED_MAX, REMINDER_DAYS,
};
use crate::store::{Passed, StoreFailure, StoreRefusal};

/// Most recoveries, or calls, that one transaction looks at: saves wait no longer than that takes.
const BATCH_SIZE: u32 = 50;

/// Words of the end of a call, where whoever asked left the organisation meanwhile.
const LEFT: &str = "Le rattachement de la personne qui demandait à l’organisation n’est plus vérifié\u{a0}: la demande n’a pas changé \
                    de propriétaire.";

/// Time after which a mail that was given up is tried again.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Call as it is kept until it is looked at.
#[derive(Deserialize, Serialize)]
struct KeptCall {
    siren: String,
    is_made_up: bool,
    given_name: String,
    family_name: String,
    email: String,
    organisation: String,
    number: Option<String>,
    reason: String,
}

/// Returns the number of the organisation of a session, where the tie to it is verified.
fn verified_siren<'a>(connection: &Connection, asker: &'a Asker) -> Result<Option<&'a str>, StoreFailure> {
    let Some(siren) = asker.siren.as_deref() else { return Ok(None) };
    let sql = "SELECT 1 FROM accounts WHERE ?2 || id = ?1 AND siren = ?3 AND is_tie_verified = 1";
    let is_verified =
        asker.is_made_up || connection.prepare_cached(sql)?.exists(params![asker.person, PREFIX, siren])?;
    Ok(is_verified.then_some(siren))
}

/// Keeps a call.
pub(super) fn ask(
    connection: &Connection,
    asker: &Asker,
    call: &RecoveryToAsk,
    at: Timestamp,
) -> Result<(), StoreRefusal> {
    let siren = verified_siren(connection, asker)?.ok_or(StoreRefusal::TieNotVerified)?.to_owned();
    let sql = "SELECT at FROM recovery_calls WHERE person = ?1";
    let last: Option<i64> = connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row([&asker.person], |row| row.get(0)).optional())
        .map_err(StoreFailure::from)?;
    if let Some(last) = last {
        let left = ASKED_EVERY - at.duration_since(time(last)?);
        if left.is_positive() {
            return Err(StoreRefusal::TooManyActs(left));
        }
    }
    let Asker { person, given_name, family_name, email, organisation, is_made_up, .. } = asker.clone();
    let kept = KeptCall {
        siren,
        is_made_up,
        given_name,
        family_name,
        email,
        organisation,
        number: call.number.as_ref().map(|number| number.trim().to_uppercase()),
        reason: call.reason.as_str().to_owned(),
    };
    let sql = "INSERT OR REPLACE INTO recovery_calls (person, at, call) VALUES (?1, ?2, ?3)";
    changed(connection, sql, params![person, milliseconds(at), json(&kept)?])?;
    Ok(())
}

/// Returns whether there are calls that were not looked at yet.
pub(super) fn is_asked(connection: &Connection) -> Result<bool, StoreFailure> {
    Ok(connection.prepare_cached("SELECT 1 FROM recovery_calls WHERE call IS NOT NULL")?.exists([])?)
}

/// Looks at a part of the calls that were kept.
pub(super) fn look_up_batch(connection: &Connection, at: Timestamp) -> Result<(), StoreFailure> {
    let sql = "SELECT person, call FROM recovery_calls WHERE call IS NOT NULL ORDER BY at LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([BATCH_SIZE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let calls: Vec<(String, String)> = rows.collect::<Result<_, _>>()?;
    for (person, call) in &calls {
        // One call that cannot be followed keeps no other from being so.
        match apart(connection, || look_up(connection, person, call, at)) {
            Err(StoreFailure::Broken(reason)) => tracing::error!(reason, "a call for a request cannot be followed"),
            done => done?,
        }
        changed(connection, "UPDATE recovery_calls SET call = NULL WHERE person = ?1", [person])?;
    }
    Ok(())
}

fn look_up(connection: &Connection, person: &str, call: &str, at: Timestamp) -> Result<(), StoreFailure> {
    let call: KeptCall = from_json(call, "a call for a request")?;
    let sql = match call.number {
        Some(_) => "SELECT id FROM requests WHERE number = ?1 AND siren = ?2 AND owner <> ?3 LIMIT ?4",
        None => {
            "SELECT id FROM requests
             WHERE ?1 IS NULL AND siren = ?2 AND owner <> ?3 AND state = 'draft' AND number IS NULL
             ORDER BY updated_at DESC LIMIT ?4"
        }
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![call.number, call.siren, person, DRAFTS_MAX], |row| row.get(0))?;
    let requests: Vec<String> = rows.collect::<Result<_, _>>()?;
    for request in requests {
        begin(connection, &Id::parse(&request).map_err(|_| corrupt("an identifier"))?, person, &call, at)?;
    }
    Ok(())
}

/// Begins a recovery, unless another one is under way.
fn begin(
    connection: &Connection,
    request: &Id,
    person: &str,
    call: &KeptCall,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let known = Known::read(connection, request)?;
    let sql = "SELECT 1 FROM recoveries WHERE request = ?1";
    let is_under_way = connection.prepare_cached(sql)?.exists([request.as_str()])?;
    let condition = Condition::from(known.standing());
    if is_under_way || !allows(&Caller::of(Actor::Colleague), Action::AskRecovery, &condition) {
        return Ok(());
    }
    let owner = described::person(connection, &known.owner, Some(request))?;
    let others = others_to_tell(connection, request, &[&known.owner, person])?;
    let told: Vec<String> = others.iter().map(|other| [other.office, "\u{a0}: ", &other.name].concat()).collect();
    let today = paris_day(at);
    let answer_by = today.plus_days(ANSWER_DAYS.unsigned_abs());
    let id = recovery_id(request, person, at);
    changed(
        connection,
        "INSERT INTO recoveries (id, request, state, person, given_name, family_name, email, organisation, siren, is_made_up, reason,
             owner, owner_name, owner_email, told, asked_at, answer_by)
         VALUES (:id, :request, :state, :person, :given_name, :family_name, :email, :organisation, :siren, :is_made_up, :reason,
             :owner, :owner_name, :owner_email, :told, :at, :answer_by)",
        named_params! {
            ":id": id.as_str(), ":request": request.as_str(), ":state": RecoveryState::Asked.as_str(),
            ":person": person, ":given_name": call.given_name, ":family_name": call.family_name,
            ":email": call.email, ":organisation": call.organisation, ":siren": call.siren,
            ":is_made_up": call.is_made_up, ":reason": call.reason,
            ":owner": known.owner, ":owner_name": owner.name, ":owner_email": owner.email,
            ":told": json(&told)?, ":at": milliseconds(at), ":answer_by": answer_by.to_string(),
        },
    )?;
    let row = read(connection, id.as_str())?.ok_or_else(|| corrupt("a recovery"))?;
    let by = By { side: Side::Applicant, name: row.asker_name(), job_title: String::new() };
    add_event(connection, &row, Kind::RecoveryAsked, by, &Text::from(call.reason.as_str()), None, at)?;
    write(connection, &row, Mail::RecoveryAsked, &row.owner_email, &row.facts(), at)?;
    for other in others {
        write(connection, &row, Mail::RecoveryTold, &other.email, &row.facts(), at)?;
    }
    Ok(())
}

fn recovery_id(request: &Id, person: &str, at: Timestamp) -> Id {
    let hash = Sha256::new().chain_update(request.as_str()).chain_update([0]).chain_update(person).finalize();
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hash[..10]);
    Id::new(u64::try_from(at.as_millisecond()).unwrap_or_default(), bytes)
}

/// Request as far as recoveries need to know it.
struct Known {
    owner: String,
    state: State,
    is_habilitated: bool,
    was_submitted: bool,
}

impl Known {
    fn read(connection: &Connection, request: &Id) -> Result<Self, StoreFailure> {
        let sql = "SELECT owner, state, number IS NOT NULL FROM requests WHERE id = ?1";
        let (owner, state, was_submitted): (String, String, bool) = connection
            .prepare_cached(sql)?
            .query_row([request.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let is_habilitated = History::of(&read_events(connection, None, request, 0)?).active().is_some();
        let state = State::parse(&state).ok_or_else(|| corrupt("a state"))?;
        Ok(Self { owner, state, is_habilitated, was_submitted })
    }

    fn standing(&self) -> Standing {
        Standing { state: self.state, is_habilitated: self.is_habilitated, was_submitted: self.was_submitted }
    }
}

/// Another person who is told of a recovery.
struct Other {
    office: &'static str,
    name: String,
    email: String,
}

/// Returns the people who edit the draft of a request beside its owner.
fn editors(connection: &Connection, request: &Id) -> Result<Vec<String>, StoreFailure> {
    let sql = "SELECT person FROM participants WHERE request = ?1 AND part = ?2 ORDER BY joined_at, person";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([request.as_str(), Part::Editor.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the editors of a request, and the data controller of its last submission.
fn others_to_tell(connection: &Connection, request: &Id, but: &[&str]) -> Result<Vec<Other>, StoreFailure> {
    let mut others = Vec::new();
    for editor in editors(connection, request)?.into_iter().filter(|editor| !but.contains(&editor.as_str())) {
        let described::Described { name, email } = described::person(connection, &editor, None)?;
        others.push(Other { office: "Participe à la demande", name, email });
    }
    let sql = "SELECT trim(coalesce(request_json ->> '$.people.controller.given_name', '') || ' '
                          || coalesce(request_json ->> '$.people.controller.family_name', '')),
                      coalesce(request_json ->> '$.people.controller.legal_name', ''), n
               FROM submissions WHERE request = ?1 ORDER BY n DESC LIMIT 1";
    let found: Option<(String, String, u32)> = connection
        .prepare_cached(sql)?
        .query_row([request.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((person, organisation, n)) = found {
        let name = if person.is_empty() { organisation } else { person };
        let email = outbox::address(connection, request, n, Recipient::Controller)?;
        others.push(Other { office: "Responsable de traitement", name, email });
    }
    Ok(others)
}

/// Recovery as it is kept, with what its request is called.
pub(super) struct Kept {
    id: Id,
    request: Id,
    number: Option<String>,
    project: String,
    request_state: State,
    state: RecoveryState,
    person: String,
    given_name: String,
    family_name: String,
    email: String,
    organisation: String,
    reason: String,
    owner: String,
    owner_name: String,
    owner_email: String,
    told: Vec<String>,
    asked_at: Timestamp,
    answer_by: Date,
    reminders: usize,
}

/// All of a recovery that its row tells, and its request.
const COLUMNS: &str = "recoveries.id, request, number, requests.name AS project, requests.state AS request_state,
     recoveries.state, person, given_name, family_name, email,
     recoveries.organisation, reason, recoveries.owner, owner_name, owner_email, told, asked_at, answer_by, reminders";

impl Kept {
    fn of(row: &Row<'_>) -> Result<Self, StoreFailure> {
        let id = |name: &str| -> Result<Id, StoreFailure> {
            Id::parse(&row.get::<_, String>(name)?).map_err(|_| corrupt("an identifier"))
        };
        let text = |name: &str| -> Result<String, StoreFailure> { Ok(row.get(name)?) };
        Ok(Self {
            id: id("id")?,
            request: id("request")?,
            number: row.get("number")?,
            project: text("project")?,
            request_state: State::parse(&text("request_state")?).ok_or_else(|| corrupt("a state"))?,
            state: RecoveryState::parse(&text("state")?).ok_or_else(|| corrupt("the state of a recovery"))?,
            person: text("person")?,
            given_name: text("given_name")?,
            family_name: text("family_name")?,
            email: text("email")?,
            organisation: text("organisation")?,
            reason: text("reason")?,
            owner: text("owner")?,
            owner_name: text("owner_name")?,
            owner_email: text("owner_email")?,
            told: from_json(&text("told")?, "the people who were told")?,
            asked_at: time(row.get("asked_at")?)?,
            answer_by: Date::parse(&text("answer_by")?).map_err(|_| corrupt("a day"))?,
            reminders: row.get("reminders")?,
        })
    }

    fn asker_name(&self) -> String {
        [self.given_name.as_str(), &self.family_name].join(" ").trim().to_owned()
    }

    /// Returns the facts of the mails about it; each mail tells some of them.
    fn facts(&self) -> PersonalFacts {
        PersonalFacts {
            project: self.project.clone(),
            by: self.asker_name(),
            by_email: self.email.clone(),
            by_organisation: self.organisation.clone(),
            person: self.owner_name.clone(),
            text: self.reason.as_str().into(),
            until: Some(self.answer_by),
            ..PersonalFacts::default()
        }
    }

    fn to_wire(&self) -> Recovery {
        Recovery {
            id: self.id.clone(),
            request: self.request.clone(),
            number: self.number.clone(),
            name: self.project.clone(),
            state: self.state,
            by: Newcomer {
                id: self.person.clone(),
                given_name: self.given_name.clone(),
                family_name: self.family_name.clone(),
                email: self.email.clone(),
                organisation: self.organisation.clone(),
            },
            reason: self.reason.as_str().into(),
            asked_at: rfc3339(self.asked_at),
            answer_by: self.answer_by,
            // Nobody else may ask.
            is_tie_verified: true,
        }
    }
}

/// Returns a recovery that still says something.
fn read(connection: &Connection, id: &str) -> Result<Option<Kept>, StoreFailure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM recoveries JOIN requests ON requests.id = request WHERE recoveries.id = ?1 AND {VALID}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(Kept::of).transpose()
}

fn read_all(
    connection: &Connection,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Kept>, StoreFailure> {
    let sql = format!(
        "SELECT {COLUMNS} FROM recoveries JOIN requests ON requests.id = request
         WHERE {condition} AND {VALID} ORDER BY asked_at, recoveries.id LIMIT {LISTED_MAX}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(parameters)?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        kept.push(Kept::of(row)?);
    }
    Ok(kept)
}

/// Returns the recoveries that a person may answer.
pub(super) fn list(connection: &Connection, asker: &Asker) -> Result<RecoveryList, StoreFailure> {
    let recoveries = read_all(connection, "recoveries.owner = ?1", [&asker.person])?;
    let drafts = match verified_siren(connection, asker)? {
        None => None,
        Some(siren) => {
            let sql = "SELECT count(*) FROM requests
                       WHERE siren = ?1 AND owner <> ?2 AND state = 'draft' AND number IS NULL";
            Some(connection.prepare_cached(sql)?.query_row(params![siren, asker.person], |row| row.get(0))?)
        }
    };
    Ok(RecoveryList { recoveries: recoveries.iter().map(Kept::to_wire).collect(), drafts })
}

/// Takes the answer of the owner, or of the former one.
pub(super) fn answer(
    connection: &Connection,
    person: &str,
    id: &Id,
    allow: bool,
    at: Timestamp,
) -> Result<(), StoreRefusal> {
    let row = read(connection, id.as_str())?.filter(|row| row.owner == person).ok_or(StoreRefusal::Absent)?;
    let by = By { side: Side::Applicant, name: row.owner_name.clone(), job_title: String::new() };
    let none = Text::default();
    take_back_question(connection, row.id.as_str())?;
    match (row.state, allow) {
        (RecoveryState::Asked | RecoveryState::Unanswered, true) => {
            // Where it cannot be given any more, the call is over all the same.
            hand(connection, &row, by, &none, None, at)?;
            end(connection, &row)?;
        }
        (RecoveryState::Asked | RecoveryState::Unanswered, false) => {
            add_event(connection, &row, Kind::RecoveryRefused, by, &none, None, at)?;
            end(connection, &row)?;
            let facts = PersonalFacts { text: none, until: None, ..row.facts() };
            write(connection, &row, Mail::RecoveryRefused, &row.email, &facts, at)?;
        }
        (RecoveryState::Granted, false) => {
            set_state(connection, &row, RecoveryState::Contested, row.answer_by)?;
            add_event(connection, &row, Kind::Contested, by, &none, None, at)?;
            write(connection, &row, Mail::RecoveryContested, &row.email, &row.facts(), at)?;
        }
        // The former owner agrees: nothing is left to contest.
        (RecoveryState::Granted | RecoveryState::Contested, true) => end(connection, &row)?,
        (RecoveryState::Contested, false) => {}
    }
    Ok(())
}

/// Returns the recoveries that wait for the team: those of requests that were sent.
pub(super) fn to_decide(connection: &Connection) -> Result<RecoveriesToDecide, StoreFailure> {
    Ok(RecoveriesToDecide { recoveries: waiting(connection, true)?.iter().map(Kept::to_decide).collect() })
}

/// Returns the recoveries that wait for a decision: of requests that were sent, or of drafts that never were.
pub(super) fn waiting(connection: &Connection, was_submitted: bool) -> Result<Vec<Kept>, StoreFailure> {
    read_all(
        connection,
        "recoveries.state IN ('unanswered', 'contested') AND (number IS NOT NULL) = ?1",
        [was_submitted],
    )
}

impl Kept {
    fn to_decide(&self) -> RecoveryToDecide {
        RecoveryToDecide {
            recovery: self.to_wire(),
            request_state: self.request_state,
            owner: self.owner_name.clone(),
            owner_email: self.owner_email.clone(),
            told: self.told.clone(),
        }
    }

    /// Returns one line for the operator.
    pub(super) fn line(&self) -> String {
        format!(
            "{}  {}  asked by {} <{}> for the draft of {} <{}>, until {}",
            self.id,
            self.state.as_str(),
            self.asker_name(),
            self.email,
            self.owner_name,
            self.owner_email,
            self.answer_by
        )
    }
}

/// Condition on recoveries that wait for a decision of which nobody was told yet.
const UNTOLD: &str = "recoveries.state IN ('unanswered', 'contested') AND decider_told = 0";

/// Returns the same condition on those for which there is an address.
fn tellable(addresses: &DeciderAddresses) -> String {
    let has = |address: &str| u8::from(!address.is_empty());
    let (operator, team) = (has(&addresses.operator), has(&addresses.team));
    format!("{UNTOLD} AND CASE WHEN number IS NULL THEN {operator} ELSE {team} END = 1")
}

/// Returns whether something waits for a decision of which somebody is to be told now.
pub(super) fn is_to_be_told(connection: &Connection, addresses: &DeciderAddresses) -> Result<bool, StoreFailure> {
    let condition = tellable(addresses);
    let sql = format!("SELECT 1 FROM recoveries JOIN requests ON requests.id = request WHERE {condition} AND {VALID}");
    Ok(connection.prepare_cached(&sql)?.exists([])?)
}

/// Writes to whoever decides a part of what waits for them.
pub(super) fn tell_deciders_batch(
    connection: &Connection,
    addresses: &DeciderAddresses,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    for row in read_all(connection, &tellable(addresses), [])? {
        changed(connection, "UPDATE recoveries SET decider_told = 1 WHERE id = ?1", [row.id.as_str()])?;
        let (to, facts) = match row.number {
            Some(_) => (&addresses.team, PersonalFacts { text: Text::default(), until: None, ..row.facts() }),
            // Nothing of a draft is for a mailbox that several people may read.
            None => (&addresses.operator, PersonalFacts::default()),
        };
        write(connection, &row, Mail::RecoveryToDecide, to, &facts, at)?;
    }
    Ok(())
}

/// Returns the number of those that wait while there is no address to tell it to.
pub(super) fn count_untold(connection: &Connection) -> Result<u32, StoreFailure> {
    let sql =
        format!("SELECT count(*) FROM recoveries JOIN requests ON requests.id = request WHERE {UNTOLD} AND {VALID}");
    Ok(connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// Has the team told of what waited for the operator, once a request is sent for the first time: then it is the team's to decide.
pub(super) fn pass_to_team(connection: &Connection, request: &Id) -> Result<(), StoreFailure> {
    let sql = "UPDATE recoveries SET decider_told = 0
               WHERE request = ?1 AND decider_told = 1 AND (SELECT count(*) FROM submissions WHERE request = ?1) = 1";
    if changed(connection, sql, [request.as_str()])? > 0 {
        for recovery in of_request(connection, request)? {
            personal::take_back_kind(connection, &recovery, Mail::RecoveryToDecide)?;
        }
    }
    Ok(())
}

/// Ends the recoveries of a request, with the mails that wait for an answer or a decision.
pub(super) fn end_those_of(connection: &Connection, request: &Id) -> Result<(), StoreFailure> {
    for recovery in of_request(connection, request)? {
        take_back_question(connection, &recovery)?;
        changed(connection, "DELETE FROM recoveries WHERE id = ?1", [&recovery])?;
    }
    Ok(())
}

fn of_request(connection: &Connection, request: &Id) -> Result<Vec<String>, StoreFailure> {
    let mut statement = connection.prepare_cached("SELECT id FROM recoveries WHERE request = ?1")?;
    let rows = statement.query_map([request.as_str()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Decides where the owner did not answer, or contests. Returns whether that was done: none who left the organisation gets a request.
pub(super) fn decide(
    connection: &Connection,
    decider: &Decider,
    id: &Id,
    decision: &RecoveryDecision,
    at: Timestamp,
) -> Result<bool, StoreRefusal> {
    let row = read(connection, id.as_str())?.ok_or(StoreRefusal::Absent)?;
    let is_waiting = matches!(row.state, RecoveryState::Unanswered | RecoveryState::Contested);
    let condition = Condition::from(Known::read(connection, &row.request)?.standing());
    let (caller, by) = match decider {
        Decider::Team(member) => {
            let is_own = member.person == row.person
                || member.person == row.owner
                || takes_part(connection, &row.request, &member.person)?;
            let actor = if member.role == TeamRole::Examiner { Actor::Examiner } else { Actor::Onlooker };
            (Caller { is_own, ..Caller::of(actor) }, member.author())
        }
        Decider::Operator(by) => (Caller::of(Actor::Operator), by.clone()),
    };
    // Drafts that never were sent are not there for the team, nor are other requests for the operator here.
    let is_theirs = condition.standing.was_submitted == matches!(decider, Decider::Team(_));
    if !is_waiting || !is_theirs {
        return Err(StoreRefusal::Absent);
    }
    if !allows(&caller, Action::DecideRecovery, &condition) {
        return Err(if caller.is_own { StoreRefusal::OwnRequest } else { StoreRefusal::ReadOnly });
    }
    let RecoveryDecision { grant, text } = decision;
    take_back_question(connection, row.id.as_str())?;
    match (row.state, grant) {
        (RecoveryState::Unanswered, true) => {
            let until = paris_day(at).plus_days(CONTEST_DAYS.unsigned_abs());
            if !hand(connection, &row, by, text, Some(until), at)? {
                end(connection, &row)?;
                return Ok(false);
            }
            set_state(connection, &row, RecoveryState::Granted, until)?;
        }
        (RecoveryState::Contested, false) => {
            // The request goes back to whom it was taken from.
            let former = Some(row.asker_name());
            people::transfer(connection, &row.request, &row.owner, None, at)?;
            add_event(connection, &row, Kind::RecoveryRefused, by, text, former, at)?;
            end(connection, &row)?;
            let facts = PersonalFacts { text: text.clone(), until: None, ..row.facts() };
            write(connection, &row, Mail::RecoveryRefused, &row.email, &facts, at)?;
            write(connection, &row, Mail::RecoveryUndone, &row.owner_email, &facts, at)?;
        }
        (RecoveryState::Contested, true) => {
            add_event(connection, &row, Kind::Recovered, by, text, Some(row.owner_name.clone()), at)?;
            end(connection, &row)?;
            let facts = PersonalFacts { text: text.clone(), until: None, ..row.facts() };
            write(connection, &row, Mail::Recovered, &row.owner_email, &facts, at)?;
            write(connection, &row, Mail::RecoveryGranted, &row.email, &facts, at)?;
        }
        _ => {
            add_event(connection, &row, Kind::RecoveryRefused, by, text, None, at)?;
            end(connection, &row)?;
            let facts = PersonalFacts { text: text.clone(), until: None, ..row.facts() };
            write(connection, &row, Mail::RecoveryRefused, &row.email, &facts, at)?;
        }
    }
    Ok(true)
}

/// Returns whether a person takes part in a request.
fn takes_part(connection: &Connection, request: &Id, person: &str) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM participants WHERE request = ?1 AND person = ?2";
    Ok(connection.prepare_cached(sql)?.exists([request.as_str(), person])?)
}

/// Returns whether the tie of the person who asks to the organisation of the request is still verified.
fn is_colleague(connection: &Connection, row: &Kept) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM recoveries JOIN requests ON requests.id = request
               WHERE recoveries.id = ?1
                   AND iif(is_made_up, recoveries.siren = requests.siren,
                           EXISTS (SELECT 1 FROM accounts
                                   WHERE ?2 || accounts.id = recoveries.person AND accounts.siren = requests.siren
                                       AND is_tie_verified = 1))";
    Ok(connection.prepare_cached(sql)?.exists([row.id.as_str(), PREFIX])?)
}

/// Gives the request to the person who asked for it, and tells all whom it concerns. Returns whether it did: it stays where they are
/// no colleagues of its owner any more, which the history and a mail to them say.
fn hand(
    connection: &Connection,
    row: &Kept,
    by: By,
    text: &Text,
    until: Option<Date>,
    at: Timestamp,
) -> Result<bool, StoreFailure> {
    if !is_colleague(connection, row)? {
        let text = Text::from(LEFT);
        add_event(connection, row, Kind::RecoveryRefused, By::clock(), &text, None, at)?;
        let facts = PersonalFacts { text, until: None, ..row.facts() };
        write(connection, row, Mail::RecoveryRefused, &row.email, &facts, at)?;
        return Ok(false);
    }
    people::transfer(connection, &row.request, &row.person, None, at)?;
    add_event(connection, row, Kind::Recovered, by, text, Some(row.owner_name.clone()), at)?;
    let facts = PersonalFacts { text: text.clone(), until, ..row.facts() };
    write(connection, row, Mail::Recovered, &row.owner_email, &facts, at)?;
    write(connection, row, Mail::RecoveryGranted, &row.email, &facts, at)?;
    for other in others_to_tell(connection, &row.request, &[&row.owner, &row.person])? {
        write(connection, row, Mail::RecoveredTold, &other.email, &facts, at)?;
    }
    Ok(true)
}

fn set_state(connection: &Connection, row: &Kept, state: RecoveryState, day: Date) -> Result<(), StoreFailure> {
    let sql = "UPDATE recoveries SET state = ?2, answer_by = ?3, decider_told = 0 WHERE id = ?1";
    changed(connection, sql, params![row.id.as_str(), state.as_str(), day.to_string()])?;
    Ok(())
}

fn end(connection: &Connection, row: &Kept) -> Result<(), StoreFailure> {
    changed(connection, "DELETE FROM recoveries WHERE id = ?1", [row.id.as_str()])?;
    Ok(())
}

/// Takes back mails to the owner, and to whoever decides, that did not leave yet: the question was answered. News to others leave all
/// the same.
pub(super) fn take_back_question(connection: &Connection, recovery: &str) -> Result<(), StoreFailure> {
    personal::take_back_kind(connection, recovery, Mail::RecoveryAsked)?;
    personal::take_back_kind(connection, recovery, Mail::RecoveryToDecide)
}

/// Adds an event about the person who asks to the history of the request.
fn add_event(
    connection: &Connection,
    row: &Kept,
    kind: Kind,
    by: By,
    text: &Text,
    former: Option<String>,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    // The person who asks makes the first one, and the owner, or the former one, the others on the applicant's side.
    let maker = match (by.side, kind) {
        (Side::Applicant, Kind::RecoveryAsked) => Some(row.person.clone()),
        (Side::Applicant, _) => Some(row.owner.clone()),
        _ => None,
    };
    let told = people::Told {
        kind,
        by,
        maker,
        person: Some(NamedPerson { name: row.asker_name(), role: None, external: false }),
        former,
        text: text.clone(),
    };
    people::tell(connection, &row.request, told, at)
}

fn write(
    connection: &Connection,
    row: &Kept,
    mail: Mail,
    to: &str,
    facts: &PersonalFacts,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let facts = PersonalFacts { to: to.to_owned(), ..facts.clone() };
    let about = row.id.as_str();
    personal::post(
        connection,
        &PersonalMail { mail, request: Some(&row.request), about, facts: &facts, secret: None },
        at,
    )
}

/// Reminds owners, leaves to others what nobody answered, and ends what nobody contested in time.
pub(super) fn pass_batch(
    connection: &Connection,
    after: &str,
    _: Keeping,
    at: Timestamp,
) -> Result<passing::Part, StoreFailure> {
    let sql = format!("SELECT request FROM recoveries JOIN requests ON requests.id = request WHERE NOT ({VALID})");
    let mut statement = connection.prepare_cached(&sql)?;
    let over: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for request in over {
        end_those_of(connection, &Id::parse(&request).map_err(|_| corrupt("an identifier"))?)?;
    }
    let sql = "SELECT id FROM recoveries WHERE id > ?1 ORDER BY id LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, BATCH_SIZE], |row| row.get(0))?;
    let ids: Vec<String> = rows.collect::<Result<_, _>>()?;
    let mut part = passing::Part { passed: Passed::default(), last: ids.last().cloned() };
    let today = paris_day(at);
    for id in ids {
        let Some(row) = read(connection, &id)? else { continue };
        if renew_term(connection, &row, today)? {
            continue;
        }
        let is_over = row.answer_by < today;
        match row.state {
            RecoveryState::Asked if is_over || did_not_arrive(connection, &row)? => {
                set_state(connection, &row, RecoveryState::Unanswered, row.answer_by)?;
            }
            RecoveryState::Asked => {
                let days = ANSWER_DAYS - today.days_until(row.answer_by);
                let due = REMINDER_DAYS.iter().filter(|day| **day <= days).count();
                if due > row.reminders {
                    write(connection, &row, Mail::RecoveryAsked, &row.owner_email, &row.facts(), at)?;
                    let sql = "UPDATE recoveries SET reminders = ?2 WHERE id = ?1";
                    changed(connection, sql, params![id, due])?;
                    part.passed.told += 1;
                }
            }
            RecoveryState::Granted if is_over => end(connection, &row)?,
            RecoveryState::Unanswered | RecoveryState::Granted | RecoveryState::Contested => {}
        }
    }
    Ok(part)
}

/// Begins the days anew while no mail to the owner has left, as where the relay is down: whoever was not told cannot be late. Returns
/// whether that is so.
fn renew_term(connection: &Connection, row: &Kept, today: Date) -> Result<bool, StoreFailure> {
    let (mail, days) = match row.state {
        RecoveryState::Asked => (Mail::RecoveryAsked, ANSWER_DAYS),
        RecoveryState::Granted => (Mail::Recovered, CONTEST_DAYS),
        RecoveryState::Unanswered | RecoveryState::Contested => return Ok(false),
    };
    let sql = "SELECT coalesce(min(outbox.state = 'waiting'), 0)
               FROM outbox JOIN personal_mails ON delivery = outbox.id WHERE about = ?1 AND mail = ?2";
    let parameters = params![row.id.as_str(), mail.as_str()];
    let all_wait: bool = connection.prepare_cached(sql)?.query_row(parameters, |found| found.get(0))?;
    let until = today.plus_days(days.unsigned_abs());
    if all_wait && until != row.answer_by {
        set_state(connection, row, row.state, until)?;
        let sql = "UPDATE personal_mails SET facts = json_set(facts, '$.until', ?3)
                   WHERE about = ?1 AND delivery IN (SELECT id FROM outbox WHERE mail = ?2 AND state = 'waiting')";
        changed(connection, sql, params![row.id.as_str(), mail.as_str(), until.to_string()])?;
    }
    Ok(all_wait)
}

/// Lets a mail wait again that was given up since the way out was closed: the owner, the former one, or whoever decides is to be told
/// all the same.
pub(super) fn write_again(connection: &Connection, delivery: &str, at: Timestamp) -> Result<(), StoreFailure> {
    let sql = "UPDATE outbox SET state = 'waiting', due_at = ?2, next_at = ?2
               WHERE id = ?1 AND state = 'failed' AND mail IN (?3, ?4, ?5)
                   AND id IN (SELECT delivery FROM personal_mails JOIN recoveries ON recoveries.id = about)";
    let next = milliseconds(at.saturating_add(AGAIN_AFTER).unwrap_or(at));
    let [asked, recovered, to_decide] =
        [Mail::RecoveryAsked, Mail::Recovered, Mail::RecoveryToDecide].map(Mail::as_str);
    let parameters = params![delivery, next, asked, recovered, to_decide];
    changed(connection, sql, parameters)?;
    Ok(())
}

/// Returns whether none of the mails to the owner arrived: each came back, or was refused for good. Nobody can answer.
fn did_not_arrive(connection: &Connection, row: &Kept) -> Result<bool, StoreFailure> {
    let sql = "SELECT coalesce(min(outbox.state IN ('bounced', 'failed')), 0)
               FROM outbox JOIN personal_mails ON delivery = outbox.id WHERE about = ?1 AND mail = ?2";
    let parameters = params![row.id.as_str(), Mail::RecoveryAsked.as_str()];
    Ok(connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?)
}

/// Forgets when people asked, a week later. What was not looked at yet stays.
pub(super) fn purge(connection: &Connection, at: Timestamp) -> Result<(), StoreFailure> {
    let before = milliseconds(at.saturating_sub(ASKED_EVERY).unwrap_or(at));
    changed(connection, "DELETE FROM recovery_calls WHERE at <= ?1 AND call IS NULL", [before])?;
    Ok(())
}
