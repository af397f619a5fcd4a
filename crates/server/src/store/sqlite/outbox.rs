//! Outbox: the mails of an event are written with it.

use habilitation_model::lifecycle::mail::{Addresses, Due, Posting, mails_of};
use habilitation_model::lifecycle::{Event, History, Kind};
use habilitation_model::wire::{DeliveryState, Mail, Recipient};
use habilitation_model::{ClosedList, Id};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, named_params, params};
use sha2::{Digest, Sha256};

use super::values::{changed, milliseconds};
use crate::clock::paris_morning;
use crate::store::StoreFailure;

/// Channel of mails.
const MAIL: &str = "mail";
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
        if posting.mail != Mail::Message || !is_gathering(connection, request, posting.recipient)? {
            insert(connection, request, event, posting, at)?;
        }
    }
    Ok(())
}

fn insert(
    connection: &Connection,
    request: &Id,
    event: &Event,
    posting: Posting,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let Posting { mail, recipient, due } = posting;
    let due_at = match due {
        Due::AtOnce => at,
        Due::Soon => at.saturating_add(GATHERING).unwrap_or(at),
        Due::On(day) => paris_morning(day).unwrap_or(at),
    };
    let sql = "INSERT INTO outbox (id, request, event, channel, mail, recipient, state, due_at, next_at)
               VALUES (:id, :request, :event, :channel, :mail, :recipient, :state, :due_at, :due_at)";
    let id = delivery_id(request, event, posting, at);
    let parameters = named_params! {
        ":id": id.as_str(), ":request": request.as_str(),
        ":event": event.id.as_str(), ":channel": MAIL, ":mail": mail.as_str(), ":recipient": recipient.as_str(),
        ":state": DeliveryState::Waiting.as_str(), ":due_at": milliseconds(due_at),
    };
    changed(connection, sql, parameters)?;
    Ok(())
}

/// Returns the identifier of a delivery, which is made of all that it is.
fn delivery_id(request: &Id, event: &Event, posting: Posting, at: Timestamp) -> Id {
    let parts = [request.as_str(), event.id.as_str(), posting.mail.as_str(), posting.recipient.as_str()];
    let hash = parts.into_iter().fold(Sha256::new(), |hash, part| hash.chain_update(part).chain_update([0])).finalize();
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&hash[..10]);
    Id::new(u64::try_from(at.as_millisecond()).unwrap_or_default(), bytes)
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
