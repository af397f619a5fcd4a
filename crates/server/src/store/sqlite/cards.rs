//! Cards of contacts: the only way by which somebody without an account changes a draft.

use habilitation_model::card::findings;
use habilitation_model::draft::ControllerKind;
use habilitation_model::finding::Circumstances;
use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::lifecycle::{By, Event, History, Kind, Mail, NamedPerson, Part, Recipient, Side, Stamp, State};
use habilitation_model::schema::Unreadable;
use habilitation_model::wire::{Card, CardAnswer, CardContact, CardDetails};
use habilitation_model::{ClosedList, Code, Draft, Field, Finding, Id, Level, Params, Text};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::history::{NewEvent, event_id, insert_event, read_events};
use super::owner_scope::OwnerScope;
use super::owner_scope::saving::PreparedSave;
use super::personal::{self, PersonalMail};
use super::values::{changed, corrupt, milliseconds, time};
use super::{described, reads};
use crate::clock::{paris_day, rfc3339, utc_day};
use crate::store::accounts::folded_email;
use crate::store::cards::{CardKey, CardToSend, LIFETIME, OF_PERSON_PER_DAY, OF_REQUEST_PER_DAY};
use crate::store::{Expected, Found, Owner, Quotas, ReadDraft, StoreFailure, StoreRefusal};

/// Time in which links are counted.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Words of a refusal that has none.
const REFUSED: &str = "Je ne suis pas la personne à désigner.";

/// Sending of a link that was checked: its address, in one revision of a draft.
pub(super) struct PreparedSending {
    address: String,
    revision: u64,
    state: State,
}

/// Checks that a link may be sent, and finds the address to which it goes.
pub(super) fn prepare_sending(
    scope: &OwnerScope<'_>,
    id: &Id,
    contact: CardContact,
    at: Timestamp,
) -> Result<PreparedSending, StoreRefusal> {
    let request = match scope.told(id, paris_day(at))? {
        Some(Found::Request(request)) => request,
        Some(Found::Deleted) => return Err(StoreRefusal::Deleted),
        None => return Err(StoreRefusal::Absent),
    };
    if !request.state.is_editable() {
        return Err(StoreRefusal::Submitted);
    }
    let address = contact
        .address(&request.draft)
        .map_err(|code| StoreRefusal::Incomplete(vec![error_at(contact.email_field(), code)]))?;
    Ok(PreparedSending { address: address.as_str().to_owned(), revision: request.revision, state: request.state })
}

fn error_at(field: Field, code: Code) -> Finding {
    Finding { field, level: Level::Error, code, params: Params::default() }
}

/// Keeps a link that was checked, in place of the one before. Returns none if draft, state or owner changed meanwhile.
pub(super) fn send(
    scope: &OwnerScope<'_>,
    request: &Id,
    card: &CardToSend,
    PreparedSending { address, revision, state }: &PreparedSending,
    at: Timestamp,
) -> Result<Option<()>, StoreRefusal> {
    let (connection, owner) = (scope.connection, scope.owner);
    let sql = "SELECT 1 FROM requests WHERE id = ?1 AND owner = ?2 AND revision = ?3 AND state = ?4";
    let parameters = params![request.as_str(), owner.person(), revision, state.as_str()];
    if !connection.prepare_cached(sql).and_then(|mut known| known.exists(parameters)).map_err(StoreFailure::from)? {
        return Ok(None);
    }
    check_pace(connection, "request", request.as_str(), OF_REQUEST_PER_DAY, at)?;
    check_pace(connection, "person", owner.person(), OF_PERSON_PER_DAY, at)?;
    let CardToSend { contact, token, name, email, organisation } = card;
    let about = about(request, *contact);
    personal::take_back(connection, &about)?;
    changed(
        connection,
        "INSERT OR REPLACE INTO cards (request, contact, token, folded_email, name, email, expires_at)
         VALUES (:request, :contact, :token, :folded_email, :name, :email, :expires_at)",
        named_params! {
            ":request": request.as_str(), ":contact": contact.as_str(), ":token": token.hash(),
            ":folded_email": folded_email(address), ":name": name, ":email": email,
            ":expires_at": milliseconds(at.saturating_add(LIFETIME).unwrap_or(at)),
        },
    )?;
    let sql = "INSERT INTO card_sendings (request, person, at) VALUES (?1, ?2, ?3)";
    changed(connection, sql, params![request.as_str(), owner.person(), milliseconds(at)])?;
    let facts = PersonalFacts {
        to: address.clone(),
        project: project(connection, request)?,
        by: name.clone(),
        by_email: email.clone(),
        by_organisation: organisation.clone(),
        contact: Some(recipient(*contact)),
        until: Some(paris_day(at.saturating_add(LIFETIME).unwrap_or(at))),
        ..PersonalFacts::default()
    };
    let mail =
        PersonalMail { mail: Mail::Card, request: Some(request), about: &about, facts: &facts, secret: Some(token) };
    personal::post(connection, &mail, at)?;
    Ok(Some(()))
}

/// Returns the name under which the mails with links to a contact are taken back.
fn about(request: &Id, contact: CardContact) -> String {
    [request.as_str(), " ", contact.as_str()].concat()
}

/// Returns the contacts of a request to whom their link could not be delivered, while it would open something.
pub(super) fn undelivered(
    connection: &Connection,
    request: &Id,
    at: Timestamp,
) -> Result<Vec<CardContact>, StoreFailure> {
    let sql = "SELECT 1 FROM cards WHERE request = ?1 AND contact = ?2 AND expires_at > ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut contacts = Vec::new();
    for contact in CardContact::ALL.iter().copied() {
        if statement.exists(params![request.as_str(), contact.as_str(), milliseconds(at)])?
            && personal::did_not_arrive(connection, &about(request, contact), Mail::Card)?
        {
            contacts.push(contact);
        }
    }
    Ok(contacts)
}

/// Returns the contact as mails name it.
fn recipient(contact: CardContact) -> Recipient {
    match contact {
        CardContact::Controller => Recipient::Controller,
        CardContact::Dpo => Recipient::Dpo,
        CardContact::Technical => Recipient::Technical,
    }
}

/// Returns the name of a project, as lists show it.
fn project(connection: &Connection, request: &Id) -> Result<String, StoreFailure> {
    let sql = "SELECT name FROM requests WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([request.as_str()], |row| row.get(0))?)
}

/// Refuses a link where as many were sent as may be in a day, by the value of a column.
fn check_pace(
    connection: &Connection,
    column: &'static str,
    value: &str,
    most: u32,
    at: Timestamp,
) -> Result<(), StoreRefusal> {
    let sql =
        format!("SELECT at FROM card_sendings WHERE {column} = ?1 AND at > ?2 ORDER BY at DESC LIMIT 1 OFFSET ?3");
    let since = milliseconds(at.saturating_sub(DAY).unwrap_or(at));
    let mut statement = connection.prepare_cached(&sql).map_err(StoreFailure::from)?;
    let parameters = params![value, since, most.saturating_sub(1)];
    let first: Option<i64> =
        statement.query_row(parameters, |row| row.get(0)).optional().map_err(StoreFailure::from)?;
    let Some(first) = first else { return Ok(()) };
    Err(StoreRefusal::TooManyActs(DAY - at.duration_since(time(first)?)))
}

/// Forgets the times of links that were sent before a day, and links whose time is over.
pub(super) fn purge(connection: &Connection, at: Timestamp) -> Result<(), StoreFailure> {
    let day_before = milliseconds(at.saturating_sub(DAY).unwrap_or(at));
    changed(connection, "DELETE FROM card_sendings WHERE at <= ?1", [day_before])?;
    changed(connection, "DELETE FROM cards WHERE expires_at <= ?1", [milliseconds(at)])?;
    Ok(())
}

/// Card that a link opens, with the draft in which its answer goes.
struct OpenCard {
    request: Id,
    owner: Owner,
    contact: CardContact,
    name: String,
    email: String,
    expires_at: Timestamp,
    revision: u64,
    draft: Draft,
}

/// Returns the card that a link opens. None once its time is over, another address stands in the draft, or that cannot be edited.
fn opened(
    connection: &Connection,
    read_draft: ReadDraft,
    key: &CardKey,
    at: Timestamp,
) -> Result<Option<OpenCard>, StoreFailure> {
    let sql =
        "SELECT request, owner, contact, folded_email, cards.name, email, expires_at, state, revision, schema, draft
               FROM cards JOIN requests ON requests.id = cards.request WHERE token = ?1 AND expires_at > ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![key.0, milliseconds(at)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (request, contact, state, folded): (String, String, String, String) =
        (row.get("request")?, row.get("contact")?, row.get("state")?, row.get("folded_email")?);
    let draft = row.get_ref("draft")?.as_str().map_err(|_| corrupt("a draft"))?;
    let draft = read_draft(row.get("schema")?, draft).map_err(|unreadable| match unreadable {
        Unreadable::Newer => StoreFailure::Newer,
        Unreadable::Broken => corrupt("a draft"),
    })?;
    let contact = CardContact::parse(&contact).ok_or_else(|| corrupt("a contact"))?;
    let is_editable = State::parse(&state).is_some_and(State::is_editable);
    let is_same = contact.address(&draft).is_ok_and(|address| folded_email(address.as_str()) == folded);
    if !is_editable || !is_same {
        return Ok(None);
    }
    Ok(Some(OpenCard {
        request: Id::parse(&request).map_err(|_| corrupt("an identifier"))?,
        owner: Owner { person: row.get("owner")?, portal: None, siren: None },
        contact,
        name: row.get("name")?,
        email: row.get("email")?,
        expires_at: time(row.get("expires_at")?)?,
        revision: row.get("revision")?,
        draft,
    }))
}

/// Returns the card that a link opens: the contact's own details, and who asks for them. Nothing else of the request is in it.
pub(super) fn card(
    connection: &Connection,
    read_draft: ReadDraft,
    key: &CardKey,
    at: Timestamp,
) -> Result<Option<Card>, StoreFailure> {
    let opened = opened(connection, read_draft, key, at)?;
    Ok(opened.map(|OpenCard { contact, name, email, expires_at, draft, .. }| Card {
        contact,
        name: draft.project.name.line(),
        organisation: draft.organisation.name.line(),
        by: name,
        by_email: email,
        details: CardDetails::of(contact, &draft),
        is_organisation: contact == CardContact::Controller
            && draft.people.controller.kind.is(ControllerKind::Organisation),
        expires_at: rfc3339(expires_at),
    }))
}

/// Returns the database as the owner of the draft sees it: the answer goes there as an edit, which none of those who take part made.
fn as_owner<'a>(connection: &'a Connection, owner: &'a Owner, read_draft: ReadDraft) -> OwnerScope<'a> {
    OwnerScope { connection, owner, caller: "", part: Part::Owner, is_elsewhere: false, read_draft }
}

/// Answer that was checked and is ready to be kept.
pub(super) struct PreparedAnswer {
    request: Id,
    contact: CardContact,
    owner: Owner,
    /// The draft with the details; none where the person refuses.
    save: Option<PreparedSave>,
    /// The history with the event in it.
    history: History,
    event: Event,
}

pub(super) fn prepare_answer(
    connection: &Connection,
    read_draft: ReadDraft,
    key: &CardKey,
    answer: &CardAnswer,
    at: Timestamp,
) -> Result<PreparedAnswer, StoreRefusal> {
    let OpenCard { request, owner, contact, revision, draft, .. } =
        opened(connection, read_draft, key, at)?.ok_or(StoreRefusal::Absent)?;
    let answered = answer.details.clone().map(|details| details.in_draft(contact, &draft));
    if let Some(answered) = &answered {
        let mut found = findings(contact, answered, &Circumstances::on(utc_day(at)));
        found.retain(Finding::is_error);
        // What the form does not show has no findings, and is kept all the same.
        let overlong = answered.overlong().filter(|field| contact.fields().contains(field));
        found.extend(overlong.map(|field| error_at(field, Code::TooLong)));
        if !found.is_empty() {
            return Err(StoreRefusal::Incomplete(found));
        }
    }
    let scope = as_owner(connection, &owner, read_draft);
    let expected = Expected::Revision { any_of: vec![revision], saved_at: None };
    let save = answered.as_ref().map(|draft| scope.prepare_save(&request, draft, &expected)).transpose()?;
    let mut history = History::of(&read_events(connection, None, &request, 0)?);
    let CardDetails { given_name, family_name, email, job_title, .. } =
        CardDetails::of(contact, answered.as_ref().unwrap_or(&draft));
    let name = [given_name.line(), family_name.line()].join(" ").trim().to_owned();
    let name = if name.is_empty() { email.line() } else { name };
    let seq = history.last_event + 1;
    let by = By { side: Side::Applicant, name: name.clone(), job_title: job_title.line() };
    let stamp = Stamp { id: event_id(&request, seq, at), at: rfc3339(at), on: paris_day(at), by };
    let words = answer.refusal.as_ref().map(|words| if words.is_empty() { Text::from(REFUSED) } else { words.clone() });
    let event = Event {
        text: words.unwrap_or_default(),
        pointer: Some(contact.pointer().to_owned()),
        person: Some(NamedPerson { name, role: None, external: false }),
        ..Event::new(stamp, seq, Kind::CardAnswered)
    };
    history.add(&event);
    Ok(PreparedAnswer { request, contact, owner, save, history, event })
}

/// Keeps an answer, with which the link is used up. Returns none if the draft or its history changed in the meantime.
pub(super) fn answer(
    connection: &Connection,
    read_draft: ReadDraft,
    key: &CardKey,
    prepared: &PreparedAnswer,
    quotas: &Quotas,
    at: Timestamp,
) -> Result<Option<()>, StoreRefusal> {
    let PreparedAnswer { request, contact, owner, save, history, event } = prepared;
    if reads::last_event(connection, request)? + 1 != event.seq {
        return Ok(None);
    }
    if let Some(save) = save
        && as_owner(connection, owner, read_draft).save(request, save, quotas, at)?.is_none()
    {
        return Ok(None);
    }
    if changed(connection, "DELETE FROM cards WHERE token = ?1 AND expires_at > ?2", params![key.0, milliseconds(at)])?
        == 0
    {
        // Another answer came first: nothing of this one is kept.
        return Err(StoreRefusal::Absent);
    }
    personal::take_back(connection, &about(request, *contact))?;
    insert_event(connection, None, request, &NewEvent { event, history, maker: None, sent: None, at })?;
    let facts = PersonalFacts {
        to: described::person(connection, owner.person(), Some(request))?.email,
        project: project(connection, request)?,
        person: event.by.name.clone(),
        contact: Some(recipient(*contact)),
        text: event.text.clone(),
        ..PersonalFacts::default()
    };
    let about = event.id.as_str();
    let mail = PersonalMail { mail: Mail::CardAnswered, request: Some(request), about, facts: &facts, secret: None };
    personal::post(connection, &mail, at)?;
    Ok(Some(()))
}
