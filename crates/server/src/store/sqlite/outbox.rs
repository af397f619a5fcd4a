//! Outbox: the mails of an event are written with it, and those on coming days when they come near.

use habilitation_model::lifecycle::mail::{Addresses, Due, Posting, mails_of, notice_of};
use habilitation_model::lifecycle::{Event, History, Kind};
use habilitation_model::wire::{DeliveryState, Mail, Notice, Recipient};
use habilitation_model::{ClosedList, Date, Id};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, named_params, params};
use sha2::{Digest, Sha256};

use super::values::{changed, corrupt, milliseconds};
use crate::clock::paris_morning;
use crate::store::StoreFailure;
use crate::store::outbox::{Channel, Content};

/// Channel of mails.
const MAIL: &str = Channel::Mails.as_str();
/// Channel of notices.
const WEBHOOK: &str = Channel::Notices.as_str();
/// Recipient of notices.
const PARTNER: &str = "partner";
/// Time for which messages wait for those that follow, so that one mail holds them all.
const GATHERING: SignedDuration = SignedDuration::from_mins(5);

/// Writes the mails of an event of a request, after the history before it.
pub(super) fn post(
    connection: &Connection,
    request: &Id,
    before: &History,
    event: &Event,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let replaced = match (event.kind, before.active(), event.submission) {
        (Kind::Accepted, Some(active), Some(accepted)) => {
            Some((addresses(connection, request, active.submission)?, addresses(connection, request, accepted)?))
        }
        _ => None,
    };
    for posting in mails_of(event, before, replaced.as_ref().map(|(were, are)| (were, are))) {
        let Posting { mail, recipient, due } = posting;
        let due_at = match due {
            Due::AtOnce => at,
            Due::Soon => at.saturating_add(GATHERING).unwrap_or(at),
            Due::On(day) => paris_morning(day).unwrap_or(at),
        };
        if mail != Mail::Message || !is_gathering(connection, request, recipient)? {
            insert(connection, request, &event.id, Content::Mail(mail, recipient), at, due_at)?;
        }
    }
    if let Some(notice) = notice_of(event)
        && is_webhook_open(connection)?
    {
        insert(connection, request, &event.id, Content::Notice(notice), at, at)?;
    }
    Ok(())
}

/// Writes a mail on coming days. It tells of no event; whoever calls sees that it is written once for its term.
pub(super) fn post_outlook(
    connection: &Connection,
    request: &Id,
    mail: Mail,
    recipient: Recipient,
    term: Date,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let (channel, mail, recipient) = columns(Content::Mail(mail, recipient));
    let id = delivery_id([request.as_str(), &term.to_string(), channel, mail, recipient], at);
    let sql = "INSERT INTO outbox (id, request, channel, mail, recipient, state, due_at, next_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
    let state = DeliveryState::Waiting.as_str();
    changed(
        connection,
        sql,
        params![id.as_str(), request.as_str(), channel, mail, recipient, state, milliseconds(at)],
    )?;
    Ok(())
}

/// Time in which the operator is told once of notices that are not taken.
const TOLD_EVERY: SignedDuration = SignedDuration::from_hours(24);

/// Writes to the operator that a notice is not taken: once for each, and not again within a day.
pub(super) fn tell_operator(connection: &Connection, delivery: &Id, at: Timestamp) -> Result<(), StoreFailure> {
    let (channel, mail, recipient) = columns(Content::Mail(Mail::WebhookFailing, Recipient::Operator));
    let id = delivery_id([delivery.as_str(), "", channel, mail, recipient], at);
    changed(
        connection,
        "INSERT INTO outbox (id, request, event, channel, mail, recipient, state, due_at, next_at)
         SELECT :id, request, event, :channel, :mail, :recipient, :state, :at, :at
         FROM outbox AS notice
         WHERE notice.id = :delivery AND notice.channel = :webhook AND event IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE mail = :mail AND recipient = :recipient AND due_at > :told_since)
         ON CONFLICT DO NOTHING",
        named_params! {
            ":id": id.as_str(), ":delivery": delivery.as_str(), ":channel": channel, ":mail": mail,
            ":recipient": recipient, ":state": DeliveryState::Waiting.as_str(), ":at": milliseconds(at),
            ":webhook": WEBHOOK, ":told_since": milliseconds(at.saturating_sub(TOLD_EVERY).unwrap_or(at)),
        },
    )?;
    Ok(())
}

/// Takes a request that goes out of its deliveries: none is attempted any more, and the next forgetting takes them.
pub(super) fn let_go(connection: &Connection, request: &str) -> Result<(), StoreFailure> {
    let sql = "UPDATE outbox
               SET request = NULL, event = NULL, next_at = 0, leased_until = NULL,
                   state = iif(state = 'waiting', 'failed', state)
               WHERE request = ?1";
    // What a mail to one person says goes with the request.
    let facts = "DELETE FROM personal_mails WHERE delivery IN (SELECT id FROM outbox WHERE request = ?1)";
    changed(connection, facts, [request])?;
    changed(connection, sql, [request])?;
    Ok(())
}

/// Returns the identifier of a delivery, which is made of all that it is.
pub(super) fn delivery_id(parts: [&str; 5], at: Timestamp) -> Id {
    let hash = parts.into_iter().fold(Sha256::new(), |hash, part| hash.chain_update(part).chain_update([0])).finalize();
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hash[..10]);
    Id::new(u64::try_from(at.as_millisecond()).unwrap_or_default(), bytes)
}

/// Writes a delivery of an event.
fn insert(
    connection: &Connection,
    request: &Id,
    event: &Id,
    content: Content,
    at: Timestamp,
    due_at: Timestamp,
) -> Result<(), StoreFailure> {
    let (channel, mail, recipient) = columns(content);
    let id = delivery_id([request.as_str(), event.as_str(), channel, mail, recipient], at);
    let sql = "INSERT INTO outbox (id, request, event, channel, mail, recipient, state, due_at, next_at)
               VALUES (:id, :request, :event, :channel, :mail, :recipient, :state, :due_at, :due_at)";
    let parameters = named_params! {
        ":id": id.as_str(), ":request": request.as_str(), ":event": event.as_str(), ":channel": channel,
        ":mail": mail, ":recipient": recipient, ":state": DeliveryState::Waiting.as_str(),
        ":due_at": milliseconds(due_at),
    };
    changed(connection, sql, parameters)?;
    Ok(())
}

/// Writes a notice that tries the way to the partner.
pub(super) fn ping(connection: &Connection, delivery: &Id, at: Timestamp) -> Result<(), StoreFailure> {
    let (channel, mail, recipient) = columns(Content::Notice(Notice::Ping));
    let sql =
        "INSERT INTO outbox (id, channel, mail, recipient, state, due_at, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
    let state = DeliveryState::Waiting.as_str();
    changed(connection, sql, params![delivery.as_str(), channel, mail, recipient, state, milliseconds(at)])?;
    Ok(())
}

/// Returns a content as the columns `channel`, `mail` and `recipient`.
pub(super) fn columns(content: Content) -> (&'static str, &'static str, &'static str) {
    match content {
        Content::Mail(mail, recipient) => (MAIL, mail.as_str(), recipient.as_str()),
        Content::Notice(notice) => (WEBHOOK, notice.as_str(), PARTNER),
    }
}

/// Reads the content of a delivery from its columns.
pub(super) fn content(channel: &str, mail: &str, recipient: &str) -> Result<Content, StoreFailure> {
    let content = match channel {
        MAIL => ClosedList::parse(mail).zip(ClosedList::parse(recipient)).map(|(mail, to)| Content::Mail(mail, to)),
        WEBHOOK => ClosedList::parse(mail).map(Content::Notice),
        _ => None,
    };
    content.ok_or_else(|| corrupt("a delivery"))
}

/// Opens the channel of notices, or closes it: then those that wait are given up.
pub(super) fn set_webhook(connection: &Connection, is_open: bool) -> Result<(), StoreFailure> {
    if is_open {
        changed(connection, "INSERT OR IGNORE INTO channels (name) VALUES (?1)", [WEBHOOK])?;
    } else if changed(connection, "DELETE FROM channels WHERE name = ?1", [WEBHOOK])? > 0 {
        let sql = "UPDATE outbox SET state = ?1 WHERE channel = ?2 AND state = 'waiting'";
        changed(connection, sql, params![DeliveryState::Failed.as_str(), WEBHOOK])?;
    }
    Ok(())
}

fn is_webhook_open(connection: &Connection) -> Result<bool, StoreFailure> {
    Ok(connection.prepare_cached("SELECT 1 FROM channels WHERE name = ?1")?.exists([WEBHOOK])?)
}

/// Returns whether a mail of messages to the recipient waits for more of them. No attempt was made yet: afterwards its text stays.
fn is_gathering(connection: &Connection, request: &Id, recipient: Recipient) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM outbox
               WHERE request = ?1 AND recipient = ?2 AND mail = ?3 AND state = 'waiting' AND attempts = 0";
    let parameters = params![request.as_str(), recipient.as_str(), Mail::Message.as_str()];
    Ok(connection.prepare_cached(sql)?.exists(parameters)?)
}

/// Returns the addresses of the contacts of a submission.
fn addresses(connection: &Connection, request: &Id, n: u32) -> Result<Addresses, StoreFailure> {
    let sql = "SELECT coalesce(request_json ->> '$.people.controller.email', ''),
                      coalesce(request_json ->> '$.people.dpo.email', ''),
                      coalesce(request_json ->> '$.people.technical.email', '')
               FROM submissions WHERE request = ?1 AND n = ?2";
    let parameters = params![request.as_str(), n];
    Ok(connection.prepare_cached(sql)?.query_row(parameters, |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?)
}

/// Returns the address of a recipient in a submission, as it was typed; an empty one for the team.
pub(super) fn address(
    connection: &Connection,
    request: &Id,
    n: u32,
    recipient: Recipient,
) -> Result<String, StoreFailure> {
    let Some(field) = recipient.field() else { return Ok(String::new()) };
    let path = format!("${}", field.pointer().replace('/', "."));
    let sql = "SELECT coalesce(request_json ->> ?3, '') FROM submissions WHERE request = ?1 AND n = ?2";
    Ok(connection.prepare_cached(sql)?.query_row(params![request.as_str(), n, path], |row| row.get(0))?)
}
