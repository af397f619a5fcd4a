//! Mails on what days bring to a draft or a request: each is written once for its term.

use habilitation_model::lifecycle::act::habilitation_number;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::lifecycle::keeping::{Forewarning, Loss, Prospect};
use habilitation_model::lifecycle::{History, Mail, Recipient};
use habilitation_model::schema::Unreadable;
use habilitation_model::{ClosedList, Date, Id};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::history::{kept_submission, read_events};
use super::values::{changed, corrupt, milliseconds, time};
use super::{outbox, people};
use crate::clock::paris_day;
use crate::store::outbox::OutlookMaterial;
use crate::store::{ReadDraft, StoreFailure};

/// Returns the last mail of a kind that told of a request.
pub(super) fn last(connection: &Connection, request: &Id, mail: Mail) -> Result<Option<Forewarning>, StoreFailure> {
    let sql = "SELECT term, day FROM forewarnings WHERE request = ?1 AND mail = ?2";
    let parameters = params![request.as_str(), mail.as_str()];
    let found: Option<(String, String)> =
        connection.prepare_cached(sql)?.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let day = |text: &str| Date::parse(text).map_err(|_| corrupt("a day"));
    found.map(|(of, on)| Ok(Forewarning { of: day(&of)?, on: day(&on)? })).transpose()
}

/// Writes a mail on a request into the outbox, and keeps that it was written.
pub(super) fn tell(
    connection: &Connection,
    request: &Id,
    (mail, recipient): (Mail, Recipient),
    term: Date,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    outbox::post_outlook(connection, request, mail, recipient, term, at)?;
    let sql = "INSERT INTO forewarnings (request, mail, term, day, at) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (request, mail) DO UPDATE SET term = excluded.term, day = excluded.day, at = excluded.at";
    let day = paris_day(at).to_string();
    changed(connection, sql, params![request.as_str(), mail.as_str(), term.to_string(), day, milliseconds(at)])?;
    Ok(())
}

/// Takes back a mail that is given up: another one is written the next time that days pass.
pub(super) fn take_back(connection: &Connection, delivery: &str) -> Result<(), StoreFailure> {
    // One that was written later for another term stays.
    let sql = "DELETE FROM forewarnings
               WHERE (request, mail) = (SELECT request, mail FROM outbox WHERE id = ?1 AND event IS NULL)
                   AND at <= (SELECT due_at FROM outbox WHERE id = ?1)";
    changed(connection, sql, [delivery])?;
    Ok(())
}

/// Draft or request of which a delivery tells.
struct Told {
    request: Id,
    mail: Mail,
    number: Option<String>,
    touched_on: Date,
    /// Version of the draft's shape, and its JSON.
    draft: (u32, String),
    /// Address of the owner's account.
    account: Option<String>,
}

/// Returns the facts of a mail on coming days; none where it tells nothing any more. Nor are there any where nobody can be told.
pub(super) fn material(
    connection: &Connection,
    read_draft: ReadDraft,
    delivery: &Id,
    keeping: Keeping,
) -> Result<Option<OutlookMaterial>, StoreFailure> {
    let Some(told) = read_told(connection, delivery)? else { return Ok(None) };
    let Told { request, mail, number, touched_on, draft: (schema, draft), account } = told;
    let Some(forewarning) = last(connection, &request, mail)? else { return Ok(None) };
    let Some(number) = number else {
        let draft = read_draft(schema, &draft).map_err(|unreadable| match unreadable {
            Unreadable::Newer => StoreFailure::Newer,
            Unreadable::Broken => corrupt("a draft"),
        })?;
        let Some(to) = account else { return Ok(None) };
        let prospect = Prospect::of_draft(touched_on, keeping);
        return Ok(Some(OutlookMaterial {
            arrived: arrived(connection, &request)?,
            request,
            number: None,
            habilitation: None,
            draft,
            to,
            since: touched_on,
            loss: prospect.loss,
            on: prospect.day_told_on(forewarning.on),
        }));
    };
    let events = read_events(connection, None, &request, 0)?;
    let history = History::of(&events);
    let Some(prospect) = Prospect::of(&history, touched_on, keeping) else { return Ok(None) };
    let sent = kept_submission(connection, None, read_draft, &request, history.last_submission())?
        .ok_or_else(|| corrupt("a submission"))?;
    let moved_on = history.moved_on.unwrap_or(touched_on);
    Ok(Some(OutlookMaterial {
        arrived: Vec::new(),
        habilitation: history.active().map(|active| habilitation_number(&number, active.rank)),
        number: Some(number),
        to: match people::address_of_new_owner(connection, &request, &events)? {
            Some(address) => address,
            None => sent.draft.organisation.applicant.email.trimmed().to_owned(),
        },
        draft: sent.draft,
        request,
        since: match prospect.loss {
            Loss::Erasure => history.closed_on.unwrap_or(moved_on),
            Loss::Withdrawal | Loss::Deletion => moved_on.max(touched_on),
        },
        loss: prospect.loss,
        on: prospect.day_told_on(forewarning.on),
    }))
}

fn read_told(connection: &Connection, delivery: &Id) -> Result<Option<Told>, StoreFailure> {
    let sql = "SELECT requests.id, mail, number, updated_at, schema, draft, nullif(email, '')
               FROM outbox JOIN requests ON requests.id = outbox.request LEFT JOIN people ON person = owner
               WHERE outbox.id = ?1 AND event IS NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([delivery.as_str()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (request, mail): (String, String) = (row.get(0)?, row.get(1)?);
    Ok(Some(Told {
        request: Id::parse(&request).map_err(|_| corrupt("an identifier"))?,
        mail: ClosedList::parse(&mail).ok_or_else(|| corrupt("a mail"))?,
        number: row.get(2)?,
        touched_on: paris_day(time(row.get(3)?)?),
        draft: (row.get(4)?, row.get(5)?),
        account: row.get(6)?,
    }))
}

fn arrived(connection: &Connection, request: &Id) -> Result<Vec<Id>, StoreFailure> {
    let mut statement = connection.prepare_cached("SELECT id FROM documents WHERE request = ?1")?;
    let rows = statement.query_map([request.as_str()], |row| row.get::<_, String>(0))?;
    rows.map(|id| Id::parse(&id?).map_err(|_| corrupt("an identifier"))).collect()
}

/// Returns whether a mail on coming days tells nothing any more: the request is gone, or was touched since.
pub(super) fn is_moot(connection: &Connection, request: &Id, due_at: i64) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM requests WHERE id = ?1 AND updated_at <= ?2";
    Ok(!connection.prepare_cached(sql)?.exists(params![request.as_str(), due_at])?)
}
