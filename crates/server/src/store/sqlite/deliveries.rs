//! Deliveries of the outbox, as they are leased, made and settled.

use habilitation_model::date::Date;
use habilitation_model::lifecycle::mail::{addressed_submission, earlier_submission, is_same_mailbox, undelivered};
use habilitation_model::lifecycle::{By, Event, History, Kind, Stamp};
use habilitation_model::wire::{Delivery, DeliveryAttempt, DeliveryState, Mail, Notice, Recipient};
use habilitation_model::{ClosedList, Draft, Id};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::forewarnings;
use super::history::{NewEvent, event_id, insert_event, kept_submission, read_events};
use super::outbox::{address, content};
use super::values::{apart, changed, corrupt, milliseconds, time};
use super::{people, personal, recoveries};
use crate::clock::{paris_day, rfc3339};
use crate::store::outbox::{Attempt, Channel, Content, DeliveryFilter, GIVEN_UP_AFTER, Leased, Material, SentDelivery};
use crate::store::{ReadDraft, StoreFailure};

/// Ends the leases of a program that did not end them itself. No other uses the data folder.
pub(super) fn release(connection: &Connection) -> Result<(), StoreFailure> {
    changed(connection, "UPDATE outbox SET leased_until = NULL WHERE leased_until IS NOT NULL", [])?;
    Ok(())
}

/// Condition on deliveries of which an attempt may be made.
const DUE: &str =
    "channel = :channel AND state = 'waiting' AND next_at <= :at AND (leased_until IS NULL OR leased_until <= :at)";

pub(super) fn is_due(connection: &Connection, channel: Channel, at: Timestamp) -> Result<bool, StoreFailure> {
    let sql = format!("SELECT 1 FROM outbox WHERE {DUE}");
    let parameters = named_params! { ":channel": channel.as_str(), ":at": milliseconds(at) };
    Ok(connection.prepare_cached(&sql)?.exists(parameters)?)
}

pub(super) fn lease(
    connection: &Connection,
    channel: Channel,
    at: Timestamp,
    until: Timestamp,
) -> Result<Option<Leased>, StoreFailure> {
    let sql = format!(
        "SELECT id, request, event, channel, mail, recipient, attempts, due_at FROM outbox
         WHERE {DUE} ORDER BY next_at, id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":channel": channel.as_str(), ":at": milliseconds(at) })?;
    while let Some(row) = rows.next()? {
        let id: String = row.get("id")?;
        match read_leased(connection, row, at) {
            Ok(Some(delivery)) => {
                let sql = "UPDATE outbox SET attempts = attempts + 1, leased_until = ?2 WHERE id = ?1";
                changed(connection, sql, params![id, milliseconds(until)])?;
                return Ok(Some(delivery));
            }
            Ok(None) => {
                changed(connection, "DELETE FROM outbox WHERE id = ?1", [&id])?;
            }
            Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
                tracing::error!(delivery = id, %failure, "a delivery cannot be read");
                put_off(connection, &id, at)?;
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(None)
}

/// Reads a delivery for its next attempt; none where it tells nothing any more.
fn read_leased(connection: &Connection, row: &Row<'_>, at: Timestamp) -> Result<Option<Leased>, StoreFailure> {
    // Nor is a mail repeated that may have arrived in an attempt before.
    if is_told_no_more(connection, row, at)? {
        return Ok(None);
    }
    let (id, attempts): (String, u32) = (row.get("id")?, row.get("attempts")?);
    let (content, due_at): (Content, i64) = (content_of(row)?, row.get("due_at")?);
    let sql = "SELECT min(at) FROM attempts WHERE delivery = ?1 AND at >= ?2";
    let tried_since: Option<i64> =
        connection.prepare_cached(sql)?.query_row(params![id, due_at], |attempt| attempt.get(0))?;
    Ok(Some(Leased {
        id: an_id(&id)?,
        content,
        attempt: attempts.saturating_add(1),
        due_at: time(due_at)?,
        tried_since: tried_since.map(time).transpose()?,
    }))
}

/// Reads the content of a delivery.
fn content_of(row: &Row<'_>) -> Result<Content, StoreFailure> {
    let (channel, mail, recipient): (String, String, String) =
        (row.get("channel")?, row.get("mail")?, row.get("recipient")?);
    content(&channel, &mail, &recipient)
}

/// Returns whether a delivery tells nothing any more.
fn is_told_no_more(connection: &Connection, row: &Row<'_>, at: Timestamp) -> Result<bool, StoreFailure> {
    let (request, event): (Option<String>, Option<String>) = (row.get("request")?, row.get("event")?);
    match (content_of(row)?, request, event) {
        (Content::Mail(_, Recipient::Named), ..) => Ok(!personal::is_told(connection, &row.get::<_, String>("id")?)?),
        (Content::Mail(..), Some(request), None) => {
            forewarnings::is_moot(connection, &an_id(&request)?, row.get("due_at")?)
        }
        (Content::Mail(mail, recipient), Some(request), Some(event)) => {
            is_moot(connection, (&an_id(&request)?, &an_id(&event)?), mail, recipient, paris_day(at))
        }
        _ => Ok(false),
    }
}

/// Time after which a delivery that cannot be read is read again: a later version may know it.
const PUT_OFF_BY: SignedDuration = SignedDuration::from_hours(1);

/// Puts off a delivery that cannot be read, or gives it up after as long as any other.
fn put_off(connection: &Connection, id: &str, at: Timestamp) -> Result<(), StoreFailure> {
    let given_up = at.saturating_sub(GIVEN_UP_AFTER).unwrap_or(at);
    let sql = "UPDATE outbox SET state = 'failed', next_at = ?2 WHERE id = ?1 AND due_at <= ?3";
    if changed(connection, sql, params![id, milliseconds(at), milliseconds(given_up)])? > 0 {
        forewarnings::take_back(connection, id)?;
        recoveries::write_again(connection, id, at)?;
    } else {
        let next = at.saturating_add(PUT_OFF_BY).unwrap_or(at);
        changed(connection, "UPDATE outbox SET next_at = ?2 WHERE id = ?1", params![id, milliseconds(next)])?;
    }
    Ok(())
}

fn an_id(text: &str) -> Result<Id, StoreFailure> {
    Id::parse(text).map_err(|_| corrupt("an identifier"))
}

/// Returns whether a mail tells nothing any more: its messages were read, the answer of which it reminds was given, or
/// fewer days are left to answer than it says.
fn is_moot(
    connection: &Connection,
    (request, event): (&Id, &Id),
    mail: Mail,
    recipient: Recipient,
    today: Date,
) -> Result<bool, StoreFailure> {
    if mail != Mail::Message && mail.days_left().is_none() {
        return Ok(false);
    }
    let events = read_events(connection, None, request, 0)?;
    let Some(place) = events.iter().position(|known| known.id == *event) else { return Ok(true) };
    if let Some(days_left) = mail.days_left() {
        // A reminder that leaves late would tell of more days than are left.
        let answer_by = History::of(&events[..=place]).answer_by;
        let is_late = answer_by.is_none_or(|last| today.days_until(last) < i32::from(days_left));
        return Ok(is_late || events[place + 1..].iter().any(|event| event.kind.moves_state()));
    }
    let messages = messages(connection, request, &events, place, recipient)?;
    let last = messages.last().map(|message| message.seq);
    let sql = match recipient {
        Recipient::Applicant => {
            "SELECT max(seq) FROM seen WHERE request = ?1 AND person = (SELECT owner FROM requests WHERE id = ?1)"
        }
        _ => {
            "SELECT max(seq) FROM seen
             WHERE request = ?1
                 AND person NOT IN (SELECT owner FROM requests WHERE id = ?1 UNION ALL
                                    SELECT person FROM participants WHERE request = ?1)"
        }
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
    let sql = "SELECT outbox.request, event, channel, mail, recipient, number
               FROM outbox JOIN requests ON requests.id = outbox.request WHERE outbox.id = ?1 AND event IS NOT NULL";
    let found: Option<[String; 6]> = connection
        .prepare_cached(sql)?
        .query_row([delivery.as_str()], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?])
        })
        .optional()?;
    let Some([request, event, channel, mail, recipient, number]) = found else { return Ok(None) };
    let (request, content) = (an_id(&request)?, content(&channel, &mail, &recipient)?);
    let events = read_events(connection, None, &request, 0)?;
    let place = events.iter().position(|known| known.id.as_str() == event).ok_or_else(|| corrupt("an event"))?;
    let (before, history) = (History::of(&events[..place]), History::of(&events[..=place]));
    let messages = match content {
        Content::Mail(Mail::Message, recipient) => messages(connection, &request, &events, place, recipient)?,
        _ => Vec::new(),
    };
    let draft = |n: u32| -> Result<Option<Draft>, StoreFailure> {
        Ok(kept_submission(connection, None, read_draft, &request, n)?.map(|kept| kept.draft))
    };
    let event = events[place].clone();
    let earlier = earlier_submission(&event, &before).map(&draft).transpose()?.flatten();
    let mut sent = draft(history.last_submission())?.ok_or_else(|| corrupt("a submission"))?;
    if matches!(content, Content::Mail(_, Recipient::Applicant))
        && let Some(address) = people::address_of_new_owner(connection, &request, &events)?
    {
        sent.organisation.applicant.email = address.as_str().into();
    }
    Ok(Some(Material { request, number, event, before, history, messages, sent, earlier }))
}

/// Keeps the outcome of an attempt. Returns whether the delivery waited for one.
pub(super) fn settle(
    connection: &Connection,
    delivery: &Id,
    attempt: Attempt,
    code: Option<u16>,
    at: Timestamp,
) -> Result<bool, StoreFailure> {
    let (state, next_at) = match attempt {
        Attempt::Sent | Attempt::Filed => (DeliveryState::Sent, at),
        Attempt::Failed | Attempt::GivenUp => (DeliveryState::Failed, at),
        Attempt::Again(next) => (DeliveryState::Waiting, next),
    };
    changed(
        connection,
        "INSERT INTO attempts (delivery, at, code) SELECT id, ?2, ?3 FROM outbox WHERE id = ?1",
        params![delivery.as_str(), milliseconds(at), code],
    )?;
    let sql = "UPDATE outbox SET state = ?2, next_at = ?3, leased_until = NULL WHERE id = ?1 AND state = 'waiting'";
    let was_waiting = changed(connection, sql, params![delivery.as_str(), state.as_str(), milliseconds(next_at)])? > 0;
    if was_waiting && attempt == Attempt::GivenUp {
        forewarnings::take_back(connection, delivery.as_str())?;
        recoveries::write_again(connection, delivery.as_str(), at)?;
    }
    if attempt == Attempt::Sent {
        personal::forget_link(connection, delivery)?;
    }
    Ok(was_waiting)
}

/// Notes that a mail came back. Returns whether there is such a delivery.
pub(super) fn bounce(connection: &Connection, delivery: &Id, at: Timestamp) -> Result<bool, StoreFailure> {
    // One that waits may have been taken all the same in an attempt before.
    let sql = "UPDATE outbox SET state = 'bounced', next_at = ?2, leased_until = NULL
               WHERE id = ?1 AND channel = 'mail' AND (state = 'sent' OR (state = 'waiting' AND attempts > 0))";
    if changed(connection, sql, params![delivery.as_str(), milliseconds(at)])? > 0 {
        // A history that cannot be read is told nothing; the mail came back all the same.
        match apart(connection, || tell(connection, delivery, at)) {
            Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
                tracing::error!(delivery = delivery.as_str(), %failure, "a mail that came back cannot be told");
            }
            told => told?,
        }
        return Ok(true);
    }
    Ok(connection.prepare_cached("SELECT 1 FROM outbox WHERE id = ?1")?.exists([delivery.as_str()])?)
}

/// Adds to the history of a request that a mail of it could not be delivered.
///
/// Nothing is added of an address that the recipient has no more.
pub(super) fn tell(connection: &Connection, delivery: &Id, at: Timestamp) -> Result<(), StoreFailure> {
    let sql = "SELECT request, event, channel, mail, recipient FROM outbox WHERE id = ?1 AND event IS NOT NULL";
    let found: Option<[String; 5]> = connection
        .prepare_cached(sql)?
        .query_row([delivery.as_str()], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))
        .optional()?;
    let Some([request, event, channel, mail, recipient]) = found else { return Ok(()) };
    if let Content::Mail(mail, recipient) = content(&channel, &mail, &recipient)? {
        let request = an_id(&request)?;
        let events = read_events(connection, None, &request, 0)?;
        let place = events.iter().position(|known| known.id.as_str() == event).ok_or_else(|| corrupt("an event"))?;
        let mut history = History::of(&events);
        let addressed = addressed_submission(mail, recipient, &events[place], &History::of(&events[..place]));
        let address = |n| address(connection, &request, n, recipient);
        // The answers are not to blame for an address that is not theirs.
        if recipient == Recipient::Applicant && people::address_of_new_owner(connection, &request, &events)?.is_some() {
            return Ok(());
        }
        if !is_same_mailbox(&address(addressed)?, &address(history.last_submission())?) {
            return Ok(());
        }
        let id = event_id(&request, history.last_event + 1, at);
        let stamp = Stamp { id, at: rfc3339(at), on: paris_day(at), by: By::clock() };
        if let Some(event) = undelivered(stamp, &history, mail, recipient) {
            history.add(&event);
            insert_event(
                connection,
                None,
                &request,
                &NewEvent { event: &event, history: &history, maker: None, sent: None, at },
            )?;
        }
    }
    Ok(())
}

/// Lets a delivery be attempted again now. Returns whether there is such a delivery. Those of a request that was erased are as good
/// as gone, and so are those that were taken back, or whose secret link is forgotten.
pub(super) fn retry(connection: &Connection, delivery: &Id, at: Timestamp) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM outbox LEFT JOIN personal_mails ON delivery = id
               WHERE id = ?1 AND iif(recipient = ?3, facts <> '' AND taken_back = 0 AND token IS NOT '', request IS NOT NULL OR mail = ?2)";
    let parameters = [delivery.as_str(), Notice::Ping.as_str(), Recipient::Named.as_str()];
    if !connection.prepare_cached(sql)?.exists(parameters)? {
        return Ok(false);
    }
    // What was never attempted waits for its day.
    let sql = "UPDATE outbox SET state = 'waiting', due_at = ?2, next_at = ?2
               WHERE id = ?1 AND leased_until IS NULL AND (state <> 'waiting' OR attempts > 0)";
    changed(connection, sql, params![delivery.as_str(), milliseconds(at)])?;
    Ok(true)
}

/// Most rows of one table that one transaction forgets: saves wait no longer than that takes.
const BATCH_SIZE: u32 = 200;

/// Forgets a part of the deliveries that ended before a time, and of the attempts made before another. Returns whether it was the last.
pub(super) fn forget_batch(
    connection: &Connection,
    ended_before: Timestamp,
    attempted_before: Timestamp,
) -> Result<(u64, bool), StoreFailure> {
    let sql = "DELETE FROM attempts WHERE rowid IN (SELECT rowid FROM attempts WHERE at < ?1 LIMIT ?2)";
    let attempts = changed(connection, sql, params![milliseconds(attempted_before), BATCH_SIZE])?;
    // Those that lost their request have no time any more.
    let sql = "INSERT INTO delivery_counts (month, channel, mail, state, n)
               SELECT strftime('%Y-%m', max(due_at, next_at) / 1000, 'unixepoch') AS month, channel, mail, state, count(*)
               FROM (SELECT * FROM outbox WHERE state IN ('sent', 'failed', 'bounced') AND next_at < ?1 ORDER BY next_at, id LIMIT ?2)
               GROUP BY month, channel, mail, state
               ON CONFLICT DO UPDATE SET n = n + excluded.n";
    changed(connection, sql, params![milliseconds(ended_before), BATCH_SIZE])?;
    let sql = "DELETE FROM outbox WHERE id IN
                   (SELECT id FROM outbox WHERE state IN ('sent', 'failed', 'bounced') AND next_at < ?1 ORDER BY next_at, id LIMIT ?2)";
    let forgotten = changed(connection, sql, params![milliseconds(ended_before), BATCH_SIZE])?;
    Ok((u64::try_from(forgotten).unwrap_or(u64::MAX), attempts == 0 && forgotten == 0))
}

/// Returns the deliveries of these that are not there.
pub(super) fn gone(connection: &Connection, deliveries: Vec<Id>) -> Result<Vec<Id>, StoreFailure> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM outbox WHERE id = ?1")?;
    let mut gone = Vec::new();
    for delivery in deliveries {
        if !statement.exists([delivery.as_str()])? {
            gone.push(delivery);
        }
    }
    Ok(gone)
}

/// Returns a page of the deliveries.
pub(super) fn list(connection: &Connection, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreFailure> {
    // A condition that always holds would keep the index from being used.
    let of_state = if filter.state.is_some() { "outbox.state = :state" } else { ":state IS NULL" };
    let sql = format!(
        "SELECT outbox.id, outbox.request, number, channel, mail, recipient, outbox.state, next_at
         FROM outbox LEFT JOIN requests ON requests.id = outbox.request
         WHERE {of_state} AND recipient <> 'owner' AND (recipient <> 'named' OR number IS NOT NULL) AND (next_at, outbox.id) < (:at, :after)
         ORDER BY next_at DESC, outbox.id DESC"
    );
    let after = filter.after.as_ref();
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! {
        ":state": filter.state.map(ClosedList::as_str), ":at": after.map_or(i64::MAX, |(at, _)| milliseconds(*at)),
        ":after": after.map_or("", |(_, id)| id.as_str()),
    })?;
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let mut deliveries = Vec::new();
    while deliveries.len() < limit
        && let Some(row) = rows.next()?
    {
        deliveries.extend(unless_unreadable(row, listed(connection, row))?);
    }
    Ok(deliveries)
}

/// Returns the outcome of reading a row; none where the row cannot be read. It keeps no other from being read.
fn unless_unreadable<T>(row: &Row<'_>, read: Result<T, StoreFailure>) -> Result<Option<T>, StoreFailure> {
    match read {
        Err(failure @ StoreFailure::Broken(_)) => {
            let delivery: String = row.get("id")?;
            tracing::error!(delivery, %failure, "a delivery cannot be read");
            Ok(None)
        }
        read => read.map(Some),
    }
}

fn listed(connection: &Connection, row: &Row<'_>) -> Result<Delivery, StoreFailure> {
    let (id, request): (String, Option<String>) = (row.get("id")?, row.get("request")?);
    let (mail, recipient, notice) = match content_of(row)? {
        Content::Mail(mail, recipient) => (Some(mail), Some(recipient), None),
        Content::Notice(notice) => (None, None, Some(notice)),
    };
    let state: String = row.get("state")?;
    Ok(Delivery {
        request: request.as_deref().map(an_id).transpose()?,
        number: row.get("number")?,
        mail,
        recipient,
        notice,
        state: ClosedList::parse(&state).ok_or_else(|| corrupt("the state of a delivery"))?,
        at: rfc3339(time(row.get("next_at")?)?),
        attempts: attempts(connection, &id)?,
        id: an_id(&id)?,
    })
}

/// Returns the last attempts of a delivery.
fn attempts(connection: &Connection, delivery: &str) -> Result<Vec<DeliveryAttempt>, StoreFailure> {
    let sql = "SELECT at, code FROM attempts WHERE delivery = ?1 ORDER BY at DESC, rowid DESC LIMIT 20";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([delivery], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let read = |(at, code): (i64, Option<u16>)| Ok(DeliveryAttempt { at: rfc3339(time(at)?), code });
    rows.map(|row| read(row?)).collect()
}

pub(super) fn last_sent(connection: &Connection, most: u32) -> Result<Vec<SentDelivery>, StoreFailure> {
    let sql = "SELECT id, mail, recipient, next_at FROM outbox
               WHERE state = 'sent' AND channel = 'mail' ORDER BY next_at DESC, rowid DESC LIMIT ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([most])?;
    let mut sent = Vec::new();
    while let Some(row) = rows.next()? {
        sent.extend(unless_unreadable(row, read_sent(row))?);
    }
    Ok(sent)
}

fn read_sent(row: &Row<'_>) -> Result<SentDelivery, StoreFailure> {
    let (id, mail, recipient): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(SentDelivery {
        id: an_id(&id)?,
        mail: ClosedList::parse(&mail).ok_or_else(|| corrupt("a mail"))?,
        recipient: ClosedList::parse(&recipient).ok_or_else(|| corrupt("a recipient"))?,
        at: time(row.get(3)?)?,
    })
}

/// Notes for the deliveries that are due on a channel that the way is closed: each waits since then at the latest. Gives up a part of
/// those that have waited too long, or drops them where they tell nothing any more. Returns their number.
pub(super) fn pass_over_batch(connection: &Connection, channel: Channel, at: Timestamp) -> Result<u64, StoreFailure> {
    let sql = format!(
        "INSERT INTO attempts (delivery, at)
         SELECT id, :at FROM outbox
         WHERE {DUE} AND NOT EXISTS (SELECT 1 FROM attempts WHERE delivery = outbox.id AND attempts.at >= outbox.due_at)"
    );
    changed(connection, &sql, named_params! { ":channel": channel.as_str(), ":at": milliseconds(at) })?;
    let sql = format!(
        "SELECT id, request, event, channel, mail, recipient, due_at FROM outbox
         WHERE {DUE} AND :before >= (SELECT min(at) FROM attempts WHERE delivery = outbox.id AND attempts.at >= outbox.due_at)
         LIMIT :limit"
    );
    let before = at.saturating_sub(GIVEN_UP_AFTER).unwrap_or(at);
    let mut statement = connection.prepare_cached(&sql)?;
    let parameters = named_params! {
        ":channel": channel.as_str(), ":at": milliseconds(at), ":before": milliseconds(before), ":limit": BATCH_SIZE,
    };
    let (mut rows, mut late) = (statement.query(parameters)?, Vec::new());
    while let Some(row) = rows.next()? {
        late.push((row.get::<_, String>("id")?, unless_unreadable(row, is_told_no_more(connection, row, at))?));
    }
    let mut ended = 0;
    for (id, is_told_no_more) in late {
        ended += 1;
        if is_told_no_more == Some(true) {
            changed(connection, "DELETE FROM outbox WHERE id = ?1", [&id])?;
            continue;
        }
        let sql = "UPDATE outbox SET state = 'failed', next_at = ?2 WHERE id = ?1";
        changed(connection, sql, params![id, milliseconds(at)])?;
        forewarnings::take_back(connection, &id)?;
        recoveries::write_again(connection, &id, at)?;
        match apart(connection, || tell(connection, &an_id(&id)?, at)) {
            Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
                tracing::error!(delivery = id, %failure, "a delivery that failed cannot be told");
            }
            told => told?,
        }
    }
    Ok(ended)
}
