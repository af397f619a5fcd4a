//! Mails that are written for one address, and need no submission. Their facts stand in a table of their own, and go with them.

use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::wire::{DeliveryState, Mail, Recipient};
use habilitation_model::{ClosedList, Id};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::outbox::{columns, delivery_id};
use super::values::{changed, corrupt, from_json, json, milliseconds};
use crate::clock::paris_day;
use crate::secret::Secret;
use crate::store::StoreFailure;
use crate::store::outbox::{Content, PersonalMaterial};

/// Time for which a mail that names no last day can be sent again.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most mails whose facts one transaction forgets.
const BATCH_SIZE: u32 = 200;

/// Mail to write to one person.
pub(super) struct PersonalMail<'a> {
    pub(super) mail: Mail,
    /// Request that the mail is about, if it is about one: without it, the mail goes.
    pub(super) request: Option<&'a Id>,
    /// Identifier of what the mail is about, by which it is taken back: an invitation, for one.
    pub(super) about: &'a str,
    pub(super) facts: &'a PersonalFacts,
    /// Secret of the link. It stands in the table until the relay has taken the mail, and nowhere else.
    pub(super) secret: Option<&'a Secret>,
}

/// Writes a mail into the outbox, due at once. Nothing is written without an address.
pub(super) fn post(connection: &Connection, mail: &PersonalMail<'_>, at: Timestamp) -> Result<(), StoreFailure> {
    let PersonalMail { mail, request, about, facts, secret } = *mail;
    if facts.to.is_empty() {
        return Ok(());
    }
    let (channel, name, recipient) = columns(Content::Mail(mail, Recipient::Named));
    let request = request.map(Id::as_str);
    let id = delivery_id([request.unwrap_or_default(), about, name, recipient, &facts.to], at);
    let sql = "INSERT INTO outbox (id, request, channel, mail, recipient, state, due_at, next_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7) ON CONFLICT DO NOTHING";
    let state = DeliveryState::Waiting.as_str();
    let parameters = params![id.as_str(), request, channel, name, recipient, state, milliseconds(at)];
    if changed(connection, sql, parameters)? > 0 {
        let until = facts.until.unwrap_or_else(|| paris_day(at.saturating_add(KEPT_FOR).unwrap_or(at)));
        let sql = "INSERT INTO personal_mails (delivery, about, facts, token, until) VALUES (?1, ?2, ?3, ?4, ?5)";
        let token = secret.map(Secret::as_str);
        changed(connection, sql, params![id.as_str(), about, json(facts)?, token, until.to_string()])?;
    }
    Ok(())
}

/// Takes back the mails about something that is answered, or over: none leaves any more, and nothing is kept of what they say.
pub(super) fn take_back(connection: &Connection, about: &str) -> Result<(), StoreFailure> {
    take_back_those(connection, about, None)
}

/// Takes back the mails of one kind about something.
pub(super) fn take_back_kind(connection: &Connection, about: &str, mail: Mail) -> Result<(), StoreFailure> {
    take_back_those(connection, about, Some(mail))
}

fn take_back_those(connection: &Connection, about: &str, mail: Option<Mail>) -> Result<(), StoreFailure> {
    let parameters = params![about, mail.map(ClosedList::as_str)];
    let sql = "DELETE FROM outbox
               WHERE state = 'waiting' AND leased_until IS NULL AND (?2 IS NULL OR mail = ?2)
                   AND id IN (SELECT delivery FROM personal_mails WHERE about = ?1)";
    changed(connection, sql, parameters)?;
    // One that is on its way, or failed, is not repeated.
    let sql = "UPDATE personal_mails SET taken_back = 1, facts = '', token = iif(token IS NULL, NULL, '')
               WHERE about = ?1 AND (?2 IS NULL OR delivery IN (SELECT id FROM outbox WHERE mail = ?2))";
    changed(connection, sql, parameters)?;
    Ok(())
}

/// Returns whether a mail says something still.
pub(super) fn is_told(connection: &Connection, delivery: &str) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM personal_mails
               WHERE delivery = ?1 AND taken_back = 0 AND facts <> '' AND token IS NOT ''";
    Ok(connection.prepare_cached(sql)?.exists([delivery])?)
}

/// Returns whether a mail of a kind about something came back, or was refused for good. One that was taken back is not asked for.
pub(super) fn did_not_arrive(connection: &Connection, about: &str, mail: Mail) -> Result<bool, StoreFailure> {
    let sql = "SELECT 1 FROM personal_mails JOIN outbox ON outbox.id = delivery
               WHERE about = ?1 AND taken_back = 0 AND mail = ?2 AND state IN (?3, ?4)";
    let (bounced, failed) = (DeliveryState::Bounced.as_str(), DeliveryState::Failed.as_str());
    Ok(connection.prepare_cached(sql)?.exists(params![about, mail.as_str(), bounced, failed])?)
}

/// Forgets a part of what mails said whose last day is over. Returns the number of those mails.
pub(super) fn forget_batch(connection: &Connection, at: Timestamp) -> Result<usize, StoreFailure> {
    let sql = "UPDATE personal_mails SET facts = '', token = iif(token IS NULL, NULL, '')
               WHERE delivery IN (SELECT delivery FROM personal_mails WHERE facts <> '' AND until < ?1 LIMIT ?2)";
    changed(connection, sql, params![paris_day(at).to_string(), BATCH_SIZE])
}

/// Forgets the secret of a link. The mail is written no more from then on.
pub(super) fn forget_link(connection: &Connection, delivery: &Id) -> Result<(), StoreFailure> {
    let sql = "UPDATE personal_mails SET token = '' WHERE delivery = ?1 AND token IS NOT NULL";
    changed(connection, sql, [delivery.as_str()])?;
    Ok(())
}

/// Returns the facts of a mail; none where it is not there, was taken back, or its link is forgotten.
pub(super) fn material(connection: &Connection, delivery: &Id) -> Result<Option<PersonalMaterial>, StoreFailure> {
    let sql = "SELECT outbox.request, number, facts, token
               FROM outbox JOIN personal_mails ON delivery = outbox.id LEFT JOIN requests ON requests.id = outbox.request
               WHERE outbox.id = ?1 AND token IS NOT '' AND facts <> '' AND taken_back = 0";
    type Columns = (Option<String>, Option<String>, String, Option<String>);
    let found: Option<Columns> = connection
        .prepare_cached(sql)?
        .query_row([delivery.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((request, number, facts, token)) = found else { return Ok(None) };
    let request = request.map(|id| Id::parse(&id).map_err(|_| corrupt("an identifier"))).transpose()?;
    Ok(Some(PersonalMaterial { request, number, facts: from_json(&facts, "the facts of a mail")?, token }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, RandomUnavailable};
    use crate::store::outbox::{Attempt, Channel};
    use crate::store::sqlite::{MIGRATIONS, deliveries};

    struct Sevens;

    impl Random for Sevens {
        fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomUnavailable> {
            buffer.fill(7);
            Ok(())
        }
    }

    /// Writes an invitation, and returns the database with its delivery.
    fn posted() -> (Connection, Id) {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let facts = PersonalFacts { to: "ines@atelier.example".to_owned(), ..PersonalFacts::default() };
        let secret = Secret::draw(&Sevens).unwrap();
        let mail = PersonalMail {
            mail: Mail::Invitation,
            request: None,
            about: "an invitation",
            facts: &facts,
            secret: Some(&secret),
        };
        for _ in 0..2 {
            post(&connection, &mail, Timestamp::UNIX_EPOCH).unwrap();
        }
        let of_all = "SELECT id FROM outbox";
        let id: String = connection.query_row(of_all, [], |row| row.get(0)).unwrap();
        assert_eq!(material(&connection, &Id::parse(&id).unwrap()).unwrap().unwrap().facts, facts);
        (connection, Id::parse(&id).unwrap())
    }

    fn kept(connection: &Connection) -> Vec<Option<String>> {
        let mut statement = connection.prepare("SELECT token FROM personal_mails").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_secret_link_is_forgotten_once_a_relay_has_taken_the_mail() {
        for (attempt, is_kept) in
            [(Attempt::Again(Timestamp::UNIX_EPOCH), true), (Attempt::Filed, true), (Attempt::Sent, false)]
        {
            let (connection, id) = posted();
            deliveries::settle(&connection, &id, attempt, None, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(kept(&connection)[0].as_deref() != Some(""), is_kept, "{attempt:?}");
            assert_eq!(material(&connection, &id).unwrap().is_some(), is_kept, "{attempt:?}");
            let is_retried = deliveries::retry(&connection, &id, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(is_retried, is_kept, "{attempt:?}: a mail without its link is not sent again");
        }
    }

    #[test]
    fn a_mail_that_is_taken_back_does_not_leave() {
        let (connection, id) = posted();
        take_back(&connection, "another").unwrap();
        assert!(material(&connection, &id).unwrap().is_some());
        take_back(&connection, "an invitation").unwrap();
        assert!(material(&connection, &id).unwrap().is_none() && kept(&connection).is_empty());
    }

    #[test]
    fn a_mail_that_is_taken_back_on_its_way_is_not_repeated() {
        for state in ["waiting", "failed", "sent"] {
            let (connection, id) = posted();
            let sql = "UPDATE outbox SET state = ?1, attempts = 1, leased_until = iif(?1 = 'waiting', 1, NULL)";
            connection.execute(sql, [state]).unwrap();
            take_back_kind(&connection, "an invitation", Mail::Card).unwrap();
            assert!(is_told(&connection, id.as_str()).unwrap(), "{state}: of another kind");
            take_back_kind(&connection, "an invitation", Mail::Invitation).unwrap();
            assert!(!is_told(&connection, id.as_str()).unwrap(), "{state}");
            assert!(material(&connection, &id).unwrap().is_none(), "{state}");
            assert!(!deliveries::retry(&connection, &id, Timestamp::UNIX_EPOCH).unwrap(), "{state}");
            let left = "SELECT count(*) FROM personal_mails WHERE facts <> '' OR token <> ''";
            assert_eq!(connection.query_row(left, [], |row| row.get::<_, u32>(0)).unwrap(), 0, "{state}");
            deliveries::settle(&connection, &id, Attempt::Again(Timestamp::UNIX_EPOCH), None, Timestamp::UNIX_EPOCH)
                .unwrap();
            let after = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
            let leased = deliveries::lease(&connection, Channel::Mails, after, after).unwrap();
            assert!(leased.is_none(), "{state}");
        }
    }

    #[test]
    fn a_mail_is_forgotten_after_its_last_day() {
        let (connection, id) = posted();
        let last = Timestamp::UNIX_EPOCH + KEPT_FOR;
        assert_eq!(forget_batch(&connection, last).unwrap(), 0);
        assert!(material(&connection, &id).unwrap().is_some());
        let after = last + SignedDuration::from_hours(24);
        assert_eq!(forget_batch(&connection, after).unwrap(), 1);
        assert_eq!(forget_batch(&connection, after).unwrap(), 0);
        assert!(material(&connection, &id).unwrap().is_none());
    }

    #[test]
    fn an_address_that_is_known_outlives_a_session_without_one() {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_version(&mut connection, 10).unwrap();
        for sql in [
            "INSERT INTO mail_addresses (person, email) VALUES ('ines', 'ines@atelier.example')",
            "INSERT INTO sessions (key, opened_at, seen_at, user, organisation, person)
             VALUES (zeroblob(32), 0, 0, '{}', '{}', 'ines')",
        ] {
            connection.execute(sql, []).unwrap();
        }
        MIGRATIONS.to_latest(&mut connection).unwrap();
        let email: String = connection.query_row("SELECT email FROM people", [], |row| row.get(0)).unwrap();
        assert_eq!(email, "ines@atelier.example");
    }

    #[test]
    fn what_a_mail_says_goes_with_its_delivery() {
        let (connection, _) = posted();
        connection.execute("DELETE FROM outbox", []).unwrap();
        assert!(kept(&connection).is_empty());
    }
}
