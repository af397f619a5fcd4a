//! The database as the operator's commands open it, beside a server that may run: nothing of what the server sets up is touched.

use std::path::{Path, PathBuf};

use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::lifecycle::{By, Kind, Mail, NamedPerson};
use habilitation_model::wire::RecoveryDecision;
use habilitation_model::{Id, Text};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use rusqlite_migration::SchemaVersion;

use super::owner_scope::saving::delete_request;
use super::personal::{self, PersonalMail};
use super::values::{changed, corrupt};
use super::{MIGRATION_STEPS, MIGRATIONS, connections, contest, described, erasing, people, recoveries};
use crate::store::accounts::{PREFIX, folded_email};
use crate::store::recoveries::Decider;
use crate::store::{StoreFailure, StoreRefusal};

/// Author and reason of what the operator does.
pub(crate) struct Grounds {
    pub(crate) by: By,
    pub(crate) text: Text,
}

/// Reason why a command does nothing, as the operator reads it.
struct Refused(String);

impl From<String> for Refused {
    fn from(sentence: String) -> Self {
        Self(sentence)
    }
}

impl From<StoreFailure> for Refused {
    fn from(failure: StoreFailure) -> Self {
        Self(failure.to_string())
    }
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        StoreFailure::from(error).into()
    }
}

/// Connection of one command.
pub(crate) struct Database {
    connection: Connection,
    folder: PathBuf,
}

/// Request as a command names it.
struct Named {
    id: Id,
    number: Option<String>,
    project: String,
    owner: String,
    siren: Option<String>,
}

impl Named {
    /// Returns the name of the request in a sentence to the operator.
    fn shown(&self) -> &str {
        self.number.as_deref().unwrap_or(self.id.as_str())
    }
}

impl Database {
    /// Opens the database of a data folder.
    ///
    /// # Errors
    /// With one sentence, where it is not there or of another version.
    pub(crate) fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join("habilitation.sqlite");
        if !path.is_file() {
            return Err(format!("--data {}: there is no database", folder.display()));
        }
        let connection = connections::open(&path).map_err(|failure| failure.to_string())?;
        match MIGRATIONS.current_version(&connection) {
            Ok(SchemaVersion::Inside(version)) if version.get() == MIGRATION_STEPS.len() => {}
            _ => {
                return Err(format!(
                    "--data {}: the tables are of another version; start the server of this version once",
                    folder.display()
                ));
            }
        }
        Ok(Self { connection, folder: folder.to_owned() })
    }

    /// Does all of a command, or nothing.
    fn apply<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Refused>) -> Result<T, String> {
        let begin = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begin.map_err(|error| StoreFailure::from(error).to_string())?;
        let done = work(&transaction).map_err(|Refused(sentence)| sentence)?;
        transaction.commit().map_err(|error| StoreFailure::from(error).to_string())?;
        Ok(done)
    }

    pub(crate) fn reassign(
        &mut self,
        request: &str,
        to: &str,
        grounds: &Grounds,
        at: Timestamp,
    ) -> Result<String, String> {
        self.apply(|connection| {
            let named = find_request(connection, request)?;
            let person = find_person(connection, to)?;
            if person == named.owner {
                return Err(format!("{} belongs to this person already", named.shown()).into());
            }
            let theirs = siren_of(connection, &person)?;
            if let (Some(of_request), Some(theirs)) = (&named.siren, &theirs)
                && of_request != theirs
            {
                return Err(format!(
                    "{} belongs to the organisation {of_request}, and this person signs in for {theirs}: move the organisation's \
                     requests first",
                    named.shown()
                )
                .into());
            }
            let former = described::person(connection, &named.owner, Some(&named.id))?;
            let new = described::person(connection, &person, None)?;
            people::transfer(connection, &named.id, &person, None, at)?;
            recoveries::end_those_of(connection, &named.id)?;
            let shown = NamedPerson { name: new.name.clone(), role: None, external: false };
            tell(connection, &named, Some(shown), Some(former.name), grounds, at)?;
            for to in [former.email, new.email] {
                write(connection, &named, &to, &new.name, grounds, at)?;
            }
            Ok(format!("{} belongs to {person} now.", named.shown()))
        })
    }

    pub(crate) fn move_organisation(
        &mut self,
        from: &str,
        to: &str,
        grounds: &Grounds,
        at: Timestamp,
    ) -> Result<String, String> {
        self.apply(|connection| {
            let sql = "SELECT id, number, name, owner, siren FROM requests WHERE siren = ?1 ORDER BY id";
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query([from])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(named(row)?);
            }
            if all.is_empty() {
                return Err(format!("no request belongs to the organisation {from}").into());
            }
            for request in &all {
                let sql = "UPDATE requests SET siren = ?2 WHERE id = ?1";
                changed(connection, sql, params![request.id.as_str(), to])?;
                // Colleagues stay colleagues.
                for sql in [
                    "UPDATE participants SET siren = ?2 WHERE request = ?1 AND siren = ?3",
                    "UPDATE invitations SET newcomer_siren = ?2 WHERE request = ?1 AND newcomer_siren = ?3",
                ] {
                    changed(connection, sql, params![request.id.as_str(), to, from])?;
                }
                tell(connection, request, None, None, grounds, at)?;
                let owner = described::person(connection, &request.owner, Some(&request.id))?;
                write(connection, request, &owner.email, "", grounds, at)?;
            }
            Ok(format!("{} requests of {from} belong to {to} now.", all.len()))
        })
    }

    pub(crate) fn list_recoveries(&self) -> Result<String, String> {
        let waiting = recoveries::waiting(&self.connection, false).map_err(|failure| failure.to_string())?;
        if waiting.is_empty() {
            return Ok("No call for a draft waits for a decision.".to_owned());
        }
        Ok(waiting.iter().map(recoveries::Kept::line).collect::<Vec<_>>().join("\n"))
    }

    pub(crate) fn decide_recovery(
        &mut self,
        decider: &Decider,
        id: &Id,
        decision: &RecoveryDecision,
        at: Timestamp,
    ) -> Result<bool, StoreRefusal> {
        let broken = |error: rusqlite::Error| StoreRefusal::from(StoreFailure::from(error));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(broken)?;
        let is_done = recoveries::decide(&transaction, decider, id, decision, at)?;
        transaction.commit().map_err(broken)?;
        Ok(is_done)
    }

    pub(crate) fn erase_person(&mut self, who: &str, at: Timestamp) -> Result<String, String> {
        let (person, files, drafts) = self.apply(|connection| {
            let person = find_person(connection, who)?;
            let sent = texts(
                connection,
                "SELECT number FROM requests WHERE owner = ?1 AND number IS NOT NULL ORDER BY number",
                &person,
            )?;
            if !sent.is_empty() {
                let all = sent.join(", ");
                return Err(
                    format!("this person owns requests that were sent, which need a new owner first: {all}").into()
                );
            }
            let drafts = texts(connection, "SELECT id FROM requests WHERE owner = ?1", &person)?;
            for draft in &drafts {
                let id = Id::parse(draft).map_err(|_| corrupt("an identifier"))?;
                if let Some(day) = contest::contestable_until(connection, &id)? {
                    return Err(format!(
                        "a former owner may contest until {day} that this person took over {draft}: wait until then"
                    )
                    .into());
                }
            }
            let mut files = Vec::new();
            for draft in &drafts {
                files.extend(delete_request(connection, &person, draft, at)?);
            }
            // Whoever asked for a request of others asks no more.
            let asked = "SELECT id FROM recoveries WHERE person = ?1 OR owner = ?1";
            for recovery in texts(connection, asked, &person)? {
                recoveries::take_back_question(connection, &recovery)?;
                changed(connection, "DELETE FROM recoveries WHERE id = ?1", [&recovery])?;
            }
            erase_mails(connection, &person)?;
            for sql in [
                "DELETE FROM recovery_calls WHERE person = ?1",
                "DELETE FROM card_sendings WHERE person = ?1",
                "DELETE FROM sendings WHERE person = ?1",
                "DELETE FROM seen WHERE person = ?1",
                "DELETE FROM grants WHERE given_by IN (SELECT key FROM sessions WHERE person = ?1)",
                "DELETE FROM sessions WHERE person = ?1",
                "DELETE FROM participants WHERE person = ?1",
                "DELETE FROM hand_overs WHERE person = ?1",
                "DELETE FROM presences WHERE person = ?1",
                "DELETE FROM saves WHERE person = ?1",
                "DELETE FROM invitations WHERE sent_by = ?1 OR newcomer = ?1 OR joiner = ?1",
                "DELETE FROM people WHERE person = ?1",
                "DELETE FROM deleted WHERE owner = ?1",
            ] {
                changed(connection, sql, [&person])?;
            }
            erasing::forget_maker(connection, &person)?;
            // The handles of the account go with it.
            changed(connection, "DELETE FROM accounts WHERE ?2 || id = ?1", params![person, PREFIX])?;
            Ok((person, files, drafts.len()))
        })?;
        let documents = self.folder.join("documents");
        // Those in a bucket are not reached from here.
        let left = files.iter().filter(|file| std::fs::remove_file(documents.join(file.as_str())).is_err());
        match left.count() {
            0 => Ok(format!("{person} is erased, with {drafts} drafts.")),
            left => Ok(format!(
                "{person} is erased, with {drafts} drafts; {left} files are left, and go with the next purge of the server."
            )),
        }
    }
}

fn named(row: &rusqlite::Row<'_>) -> Result<Named, StoreFailure> {
    let id: String = row.get("id")?;
    Ok(Named {
        id: Id::parse(&id).map_err(|_| corrupt("an identifier"))?,
        number: row.get("number")?,
        project: row.get("name")?,
        owner: row.get("owner")?,
        siren: row.get("siren")?,
    })
}

fn find_request(connection: &Connection, request: &str) -> Result<Named, Refused> {
    let sql = "SELECT id, number, name, owner, siren FROM requests WHERE id = ?1 OR number = ?2";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([request.to_lowercase(), request.to_uppercase()])?;
    match rows.next()? {
        Some(row) => Ok(named(row)?),
        None => Err(format!("there is no request {request}").into()),
    }
}

/// Returns the one person of an address or an identifier.
fn find_person(connection: &Connection, who: &str) -> Result<String, Refused> {
    let sql = "SELECT ?3 || id FROM accounts WHERE id = ?1 OR ?3 || id = ?1 OR folded_email = ?2
               UNION SELECT person FROM sessions WHERE person = ?1 OR lower(user ->> '$.email') = ?2
               UNION SELECT person FROM people WHERE person = ?1 OR lower(email) = ?2
               UNION SELECT owner FROM requests WHERE owner = ?1";
    let mut statement = connection.prepare(sql)?;
    let people = statement.query_map(params![who, folded_email(who), PREFIX], |row| row.get(0))?;
    let people: Vec<String> = people.collect::<Result<_, _>>()?;
    match &people[..] {
        [] => Err(format!("nobody has signed in as {who}").into()),
        [person] => Ok(person.clone()),
        several => {
            let all = several.join(", ");
            Err(format!("several people have this address; name one by their identifier: {all}").into())
        }
    }
}

/// Returns the number of the organisation for which a person signed in last, where it is known.
fn siren_of(connection: &Connection, person: &str) -> Result<Option<String>, StoreFailure> {
    let sql = "SELECT siren FROM accounts WHERE ?2 || id = ?1
               UNION ALL SELECT * FROM (
                   SELECT substr(organisation ->> '$.siret', 1, 9) FROM sessions
                   WHERE person = ?1 AND length(organisation ->> '$.siret') = 14 ORDER BY seen_at DESC LIMIT 1)
               LIMIT 1";
    Ok(connection.prepare(sql)?.query_row(params![person, PREFIX], |row| row.get(0)).optional()?)
}

/// Takes the mails to a person out, and what those said that they had others written.
fn erase_mails(connection: &Connection, person: &str) -> Result<(), StoreFailure> {
    let addresses = "SELECT folded_email FROM accounts WHERE ?2 || id = ?1
                     UNION SELECT lower(user ->> '$.email') FROM sessions WHERE person = ?1
                     UNION SELECT lower(email) FROM people WHERE person = ?1";
    let mut statement = connection.prepare(addresses)?;
    let addresses = statement.query_map([person, PREFIX], |row| row.get(0))?;
    let addresses: Vec<Option<String>> = addresses.collect::<Result<_, _>>()?;
    for address in addresses.iter().flatten().filter(|address| !address.is_empty()) {
        for sql in [
            // Facts that were blanked are no JSON.
            "DELETE FROM outbox
             WHERE state = 'waiting'
                 AND id IN (SELECT delivery FROM personal_mails
                            WHERE iif(facts = '', '', lower(facts ->> '$.to')) = ?1)",
            "DELETE FROM personal_mails
             WHERE iif(facts = '', '', lower(facts ->> '$.to')) = ?1
                 OR (iif(facts = '', '', lower(facts ->> '$.by_email')) = ?1
                     AND delivery NOT IN (SELECT id FROM outbox WHERE state = 'waiting'))",
            "DELETE FROM invitations WHERE folded_email = ?1",
        ] {
            changed(connection, sql, [address])?;
        }
    }
    Ok(())
}

fn texts(connection: &Connection, sql: &str, person: &str) -> Result<Vec<String>, StoreFailure> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([person], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds an event of the operator to the history of a request.
fn tell(
    connection: &Connection,
    request: &Named,
    person: Option<NamedPerson>,
    former: Option<String>,
    Grounds { by, text }: &Grounds,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let told = people::Told {
        kind: Kind::Reassigned,
        by: by.clone(),
        person,
        former,
        text: text.clone(),
        ..people::Told::default()
    };
    people::tell(connection, &request.id, told, at)
}

fn write(
    connection: &Connection,
    request: &Named,
    to: &str,
    new_owner: &str,
    grounds: &Grounds,
    at: Timestamp,
) -> Result<(), StoreFailure> {
    let facts = PersonalFacts {
        to: to.to_owned(),
        project: request.project.clone(),
        person: new_owner.to_owned(),
        text: grounds.text.clone(),
        ..PersonalFacts::default()
    };
    let about = request.id.as_str();
    let mail = PersonalMail { mail: Mail::Reassigned, request: Some(&request.id), about, facts: &facts, secret: None };
    personal::post(connection, &mail, at)
}
