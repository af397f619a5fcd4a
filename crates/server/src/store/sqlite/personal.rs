//! Mails that are written for one address, and need no submission. Their facts stand in a table of their own, and go with them.

use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::wire::{DeliveryState, Mail, Recipient};
use habilitation_model::{ClosedList, Id};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::outbox::{columns, delivery_id};
use super::values::{changed, corrupt, from_json, json, milliseconds};
use crate::secret::Secret;
use crate::store::StoreFailure;
use crate::store::outbox::{Content, PersonalMaterial};

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
        let sql = "INSERT INTO personal_mails (delivery, about, facts, token) VALUES (?1, ?2, ?3, ?4)";
        changed(connection, sql, params![id.as_str(), about, json(facts)?, secret.map(Secret::as_str)])?;
    }
    Ok(())
}

/// Takes back the mails about something that did not leave yet.
pub(super) fn take_back(connection: &Connection, about: &str) -> Result<(), StoreFailure> {
    let sql = "DELETE FROM outbox
               WHERE state = 'waiting' AND leased_until IS NULL
                   AND id IN (SELECT delivery FROM personal_mails WHERE about = ?1)";
    changed(connection, sql, [about])?;
    // One that is on its way, or failed, is not repeated with its link.
    changed(connection, "UPDATE personal_mails SET token = '' WHERE about = ?1 AND token <> ''", [about])?;
    Ok(())
}

/// Forgets the secret of a link. The mail is written no more from then on.
pub(super) fn forget_link(connection: &Connection, delivery: &Id) -> Result<(), StoreFailure> {
    let sql = "UPDATE personal_mails SET token = '' WHERE delivery = ?1 AND token IS NOT NULL";
    changed(connection, sql, [delivery.as_str()])?;
    Ok(())
}

/// Returns the facts of a mail; none where it is not there, or its link is forgotten.
pub(super) fn material(connection: &Connection, delivery: &Id) -> Result<Option<PersonalMaterial>, StoreFailure> {
    let sql = "SELECT outbox.request, number, facts, token
               FROM outbox JOIN personal_mails ON delivery = outbox.id LEFT JOIN requests ON requests.id = outbox.request
               WHERE outbox.id = ?1 AND token IS NOT ''";
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
    use crate::store::outbox::Attempt;
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
    fn what_a_mail_says_goes_with_its_delivery() {
        let (connection, _) = posted();
        connection.execute("DELETE FROM outbox", []).unwrap();
        assert!(kept(&connection).is_empty());
    }
}
