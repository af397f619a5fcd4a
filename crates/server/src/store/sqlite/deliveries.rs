//! Deliveries of the outbox, as they are leased, made and settled.

use habilitation_model::lifecycle::mail::earlier_submission;
use habilitation_model::lifecycle::{Event, History, Kind};
use habilitation_model::wire::{DeliveryState, Mail, Recipient};
use habilitation_model::{ClosedList, Draft, Id};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::history::{kept_submission, read_events};
use super::values::{changed, corrupt, milliseconds, time};
use crate::store::outbox::{Attempt, Leased, Material, SentDelivery};
use crate::store::{ReadDraft, StoreFailure};

/// Ends the leases of a program that did not end them itself. No other uses the data folder.
pub(super) fn release(connection: &Connection) -> Result<(), StoreFailure> {
    changed(connection, "UPDATE outbox SET leased_until = NULL WHERE leased_until IS NOT NULL", [])?;
    Ok(())
}

/// Condition on deliveries of which an attempt may be made.
const DUE: &str = "state = 'waiting' AND next_at <= :at AND (leased_until IS NULL OR leased_until <= :at)";

pub(super) fn is_due(connection: &Connection, at: Timestamp) -> Result<bool, StoreFailure> {
    let sql = format!("SELECT 1 FROM outbox WHERE {DUE}");
    Ok(connection.prepare_cached(&sql)?.exists(named_params! { ":at": milliseconds(at) })?)
}

pub(super) fn lease(
    connection: &Connection,
    most: u32,
    at: Timestamp,
    until: Timestamp,
) -> Result<Vec<Leased>, StoreFailure> {
    let sql = format!(
        "SELECT id, request, event, mail, recipient, attempts, due_at FROM outbox
         WHERE {DUE} ORDER BY next_at, id LIMIT :most"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":at": milliseconds(at), ":most": most })?;
    let mut leased = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, request, event): (String, String, String) = (row.get("id")?, row.get("request")?, row.get("event")?);
        let (mail, recipient): (String, String) = (row.get("mail")?, row.get("recipient")?);
        let attempts: u32 = row.get("attempts")?;
        let delivery = Leased {
            id: an_id(&id)?,
            mail: ClosedList::parse(&mail).ok_or_else(|| corrupt("a mail"))?,
            recipient: ClosedList::parse(&recipient).ok_or_else(|| corrupt("a recipient"))?,
            attempt: attempts.saturating_add(1),
            due_at: time(row.get("due_at")?)?,
        };
        // After an attempt the mail may have arrived: then it is repeated as it is.
        if attempts == 0 && is_moot(connection, &an_id(&request)?, &an_id(&event)?, &delivery)? {
            changed(connection, "DELETE FROM outbox WHERE id = ?1", [&id])?;
            continue;
        }
        let sql = "UPDATE outbox SET attempts = attempts + 1, leased_until = ?2 WHERE id = ?1";
        changed(connection, sql, params![id, milliseconds(until)])?;
        leased.push(delivery);
    }
    Ok(leased)
}

fn an_id(text: &str) -> Result<Id, StoreFailure> {
    Id::parse(text).map_err(|_| corrupt("an identifier"))
}

/// Returns whether a mail tells nothing any more: its messages were read, or the answer of which it reminds was given.
fn is_moot(connection: &Connection, request: &Id, event: &Id, delivery: &Leased) -> Result<bool, StoreFailure> {
    if delivery.mail != Mail::Message && delivery.mail.days_left().is_none() {
        return Ok(false);
    }
    let events = read_events(connection, None, request, 0)?;
    let Some(place) = events.iter().position(|known| known.id == *event) else { return Ok(true) };
    if delivery.mail.days_left().is_some() {
        return Ok(events[place + 1..].iter().any(|event| event.kind.moves_state()));
    }
    let messages = messages(connection, request, &events, place, delivery.recipient)?;
    let last = messages.last().map(|message| message.seq);
    let sql = match delivery.recipient {
        Recipient::Applicant => {
            "SELECT max(seq) FROM seen WHERE request = ?1 AND person = (SELECT owner FROM requests WHERE id = ?1)"
        }
        _ => "SELECT max(seq) FROM seen WHERE request = ?1 AND person <> (SELECT owner FROM requests WHERE id = ?1)",
    };
    let seen: Option<u64> = connection.prepare_cached(sql)?.query_row([request.as_str()], |row| row.get(0))?;
    Ok(seen >= last)
}

/// Returns the messages of one mail: from that at a place to the one with which another mail begins.
fn messages(
    connection: &Connection,
    request: &Id,
    events: &[Event],
    place: usize,
    recipient: Recipient,
) -> Result<Vec<Event>, StoreFailure> {
    let sql = "SELECT event FROM outbox WHERE request = ?1 AND recipient = ?2 AND mail = ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let parameters = params![request.as_str(), recipient.as_str(), Mail::Message.as_str()];
    let begun: Vec<String> = statement.query_map(parameters, |row| row.get(0))?.collect::<Result<_, _>>()?;
    let side = events[place].by.side;
    let of_thread = events[place..].iter().filter(|event| event.kind == Kind::Message && event.by.side == side);
    let is_of_mail = |event: &&Event| event.seq == events[place].seq || !begun.iter().any(|id| id == event.id.as_str());
    Ok(of_thread.take_while(is_of_mail).cloned().collect())
}

pub(super) fn material(
    connection: &Connection,
    read_draft: ReadDraft,
    delivery: &Id,
) -> Result<Option<Material>, StoreFailure> {
    let sql = "SELECT outbox.request, event, mail, recipient, number
               FROM outbox JOIN requests ON requests.id = outbox.request WHERE outbox.id = ?1";
    let found: Option<[String; 5]> = connection
        .prepare_cached(sql)?
        .query_row([delivery.as_str()], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))
        .optional()?;
    let Some([request, event, mail, recipient, number]) = found else { return Ok(None) };
    let (request, recipient) = (an_id(&request)?, ClosedList::parse(&recipient).ok_or_else(|| corrupt("a recipient"))?);
    let events = read_events(connection, None, &request, 0)?;
    let place = events.iter().position(|known| known.id.as_str() == event).ok_or_else(|| corrupt("an event"))?;
    let (before, history) = (History::of(&events[..place]), History::of(&events[..=place]));
    let is_message = mail == Mail::Message.as_str();
    let messages = if is_message { messages(connection, &request, &events, place, recipient)? } else { Vec::new() };
    let draft = |n: u32| -> Result<Option<Draft>, StoreFailure> {
        Ok(kept_submission(connection, None, read_draft, &request, n)?.map(|kept| kept.draft))
    };
    let event = events[place].clone();
    let earlier = earlier_submission(&event, &before).map(&draft).transpose()?.flatten();
    let sent = draft(history.last_submission())?.ok_or_else(|| corrupt("a submission"))?;
    Ok(Some(Material { request, number, event, before, history, messages, sent, earlier }))
}

pub(super) fn settle(
    connection: &Connection,
    delivery: &Id,
    attempt: Attempt,
    code: Option<u16>,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let (state, next_at) = match attempt {
        Attempt::Sent => (DeliveryState::Sent, at),
        Attempt::Failed => (DeliveryState::Failed, at),
        Attempt::Again(next) => (DeliveryState::Waiting, next),
    };
    let sql = "UPDATE outbox SET state = ?2, next_at = ?3, leased_until = NULL, code = ?4
               WHERE id = ?1 AND state = 'waiting'";
    changed(connection, sql, params![delivery.as_str(), state.as_str(), milliseconds(next_at), code])?;
    Ok(())
}

pub(super) fn last_sent(connection: &Connection, most: u32) -> Result<Vec<SentDelivery>, StoreFailure> {
    let sql = "SELECT id, mail, recipient, next_at FROM outbox
               WHERE state = 'sent' ORDER BY next_at DESC, rowid DESC LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([most])?;
    let mut sent = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, mail, recipient): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        sent.push(SentDelivery {
            id: an_id(&id)?,
            mail: ClosedList::parse(&mail).ok_or_else(|| corrupt("a mail"))?,
            recipient: ClosedList::parse(&recipient).ok_or_else(|| corrupt("a recipient"))?,
            at: time(row.get(3)?)?,
        });
    }
    Ok(sent)
}
