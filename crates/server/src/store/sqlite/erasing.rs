//! Erasure: what is taken out of histories when its time is over. No other module changes or deletes an event or a submission.

use habilitation_model::field::Value as Answer;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::lifecycle::keeping::{blank_people, fields_of_people, submissions_to_blank};
use habilitation_model::lifecycle::{History, State};
use habilitation_model::schema::Unreadable;
use habilitation_model::{ClosedList, Date, Draft, Id, SCHEMA};
use jiff::Timestamp;
use rusqlite::{Connection, named_params, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::history::read_events;
use super::outbox;
use super::values::{apart, changed, corrupt, from_json, json, milliseconds};
use crate::clock::{months_before, paris_day};
use crate::files::FileName;
use crate::store::{ReadDraft, StoreFailure};

/// Most requests that one transaction looks at: saves wait no longer than that takes.
const BATCH_SIZE: u32 = 100;

/// Returns the owner of a request as its remains name them: whoever knows both finds it, and nobody reads it there.
pub(super) fn owner_hash(request: &str, person: &str) -> String {
    let hash = Sha256::new().chain_update(request).chain_update([0]).chain_update(person).finalize();
    data_encoding::HEXLOWER.encode(&hash)
}

/// Returns whether a request was erased, whoever filed it.
pub(super) fn is_erased(connection: &Connection, request: &Id) -> Result<bool, StoreFailure> {
    Ok(connection.prepare_cached("SELECT 1 FROM erased WHERE request = ?1")?.exists([request.as_str()])?)
}

/// Erases an archived request, leaves its remains, and returns the files to which no row refers any more.
///
/// Its deliveries lose the request, and are forgotten with the next ones.
pub(super) fn erase(connection: &Connection, request: &Id, at: Timestamp) -> Result<Vec<FileName>, StoreFailure> {
    let id = request.as_str();
    let sql = "SELECT owner FROM requests WHERE id = ?1 AND state = 'archived'";
    let owner: String = connection.prepare_cached(sql)?.query_row([id], |row| row.get(0))?;
    changed(
        connection,
        "INSERT INTO erased (request, owner, portal, number, state, day, siret, organisation, level, scopes)
         SELECT requests.id, :owner, portal, number, :state, :day, coalesce(request_json ->> '$.organisation.siret', ''),
                coalesce(request_json ->> '$.organisation.name', ''), coalesce(request_json ->> '$.assurance.level', ''),
                coalesce(request_json -> '$.data.scopes', '[]')
         FROM requests JOIN submissions ON submissions.request = requests.id
         WHERE requests.id = :request ORDER BY n DESC LIMIT 1",
        named_params! {
            ":request": id, ":owner": owner_hash(id, &owner), ":state": State::Archived.as_str(),
            ":day": paris_day(at).to_string(),
        },
    )?;
    let sql = "INSERT INTO erased_events (request, seq, kind, day)
               SELECT request, seq, kind, day FROM events WHERE request = ?1";
    changed(connection, sql, [id])?;
    outbox::let_go(connection, id)?;
    let files = {
        let mut statement = connection.prepare_cached("DELETE FROM documents WHERE request = ?1 RETURNING file")?;
        let names = statement.query_map([id], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        let read = |name: &String| FileName::parse(name).ok_or_else(|| corrupt("a file name"));
        names.iter().map(read).collect::<Result<Vec<_>, _>>()?
    };
    delete_events(connection, id)?;
    for sql in [
        "DELETE FROM habilitations WHERE request = ?1",
        "DELETE FROM queue WHERE request = ?1",
        "DELETE FROM unqueued WHERE request = ?1",
        "DELETE FROM submissions WHERE request = ?1",
        // What else refers to it goes with it.
        "DELETE FROM requests WHERE id = ?1",
    ] {
        changed(connection, sql, [id])?;
    }
    Ok(files)
}

/// Deletes the events of a request that goes. Those of a draft that never was sent tell who took part in it.
pub(super) fn delete_events(connection: &Connection, request: &str) -> Result<(), StoreFailure> {
    changed(connection, "DELETE FROM events WHERE request = ?1", [request])?;
    Ok(())
}

/// Forgets of the events that a person made in a session whose account that was. What they say stays.
pub(super) fn forget_maker(connection: &Connection, person: &str) -> Result<(), StoreFailure> {
    changed(connection, "UPDATE events SET person = NULL WHERE person = ?1", [person])?;
    Ok(())
}

/// Part of the requests whose people were looked at.
pub(super) struct Part {
    /// Submissions whose people were blanked.
    pub(super) blanked: u64,
    /// Identifier of the last request of the part; none where no request is left.
    pub(super) last: Option<String>,
}

/// Blanks the people of submissions that are no longer in force, on the requests that come after an identifier.
pub(super) fn blank_batch(
    connection: &Connection,
    read_draft: ReadDraft,
    after: &str,
    keeping: Keeping,
    at: Timestamp,
) -> Result<Part, StoreFailure> {
    // Whatever is blanked was followed, and is older than the term.
    let sql = "SELECT DISTINCT request FROM submissions
               WHERE has_people = 1 AND at <= ?1 AND request > ?2
                   AND EXISTS (SELECT 1 FROM submissions AS next
                               WHERE next.request = submissions.request AND next.n > submissions.n)
               ORDER BY request LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let before = months_before(at, keeping.people_months.into());
    let rows = statement.query_map(params![milliseconds(before), after, BATCH_SIZE], |row| row.get(0))?;
    let requests: Vec<String> = rows.collect::<Result<_, _>>()?;
    let mut part = Part { blanked: 0, last: requests.last().cloned() };
    for request in &requests {
        let id = Id::parse(request).map_err(|_| corrupt("an identifier"))?;
        match apart(connection, || blank(connection, read_draft, &id, keeping, paris_day(at))) {
            Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
                tracing::error!(request, %failure, "the people of a submission cannot be blanked");
            }
            blanked => part.blanked += blanked?,
        }
    }
    Ok(part)
}

fn blank(
    connection: &Connection,
    read_draft: ReadDraft,
    request: &Id,
    keeping: Keeping,
    today: Date,
) -> Result<u64, StoreFailure> {
    let history = History::of(&read_events(connection, None, request, 0)?);
    let mut blanked = 0;
    for n in submissions_to_blank(&history, today, keeping) {
        let sql =
            "SELECT schema, draft, request_json FROM submissions WHERE request = ?1 AND n = ?2 AND has_people = 1";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![request.as_str(), n])?;
        let Some(row) = rows.next()? else { continue };
        let (text, typed): (String, String) = (row.get(1)?, row.get(2)?);
        let mut draft = read_draft(row.get(0)?, &text).map_err(|unreadable| match unreadable {
            Unreadable::Newer => StoreFailure::Newer,
            Unreadable::Broken => corrupt("a draft"),
        })?;
        let typed = without_people(from_json(&typed, "a submitted request")?, &draft);
        blank_people(&mut draft);
        changed(
            connection,
            "UPDATE submissions SET schema = :schema, draft = :draft, request_json = :typed, has_people = 0
             WHERE request = :request AND n = :n",
            named_params! {
                ":request": request.as_str(), ":n": n, ":schema": SCHEMA, ":draft": json(&draft)?,
                ":typed": json(&typed)?,
            },
        )?;
        // A sole trader's name is that of a person.
        let sql = "DELETE FROM found_organisations WHERE request = ?1 AND n = ?2";
        changed(connection, sql, params![request.as_str(), n])?;
        blanked += 1;
    }
    Ok(blanked)
}

/// Empties the typed answers in which people stand.
fn without_people(mut typed: Value, draft: &Draft) -> Value {
    for field in fields_of_people().filter(|field| matches!(field.value(draft), Answer::Text(_))) {
        if let Some(answer) = typed.pointer_mut(&field.pointer()).filter(|answer| answer.is_string()) {
            *answer = Value::from("");
        }
    }
    typed
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Returns the files of a folder, those of folders within it included.
    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }

    /// Returns the statements of a source that change or delete rows of a table.
    fn changes(source: &str, table: &str) -> usize {
        let text = source.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let verbs = [
            "update",
            "update or ignore",
            "update or replace",
            "delete from",
            "replace into",
            "insert or replace into",
        ];
        let ends_there = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        let count = |verb: &str| {
            let statement = format!("{verb} {table}");
            text.match_indices(&statement).filter(|(place, _)| ends_there(&text[place + statement.len()..])).count()
        };
        verbs.map(count).into_iter().sum()
    }

    #[test]
    fn no_statement_but_those_of_erasure_changes_or_deletes_an_event_or_a_submission() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for (table, of_erasure) in [("events", 2), ("submissions", 2), ("erased", 0), ("erased_events", 0)] {
            for path in files(&folder) {
                let source = fs::read_to_string(&path).unwrap();
                // What the tests say comes last.
                let source = source.split("#[cfg(test)]\nmod tests").next().unwrap();
                // A migration tells whose the events of before are.
                let of_migration = usize::from(table == "events" && path.ends_with("store/sqlite/11-people.sql"));
                let expected = if path.ends_with("store/sqlite/erasing.rs") { of_erasure } else { of_migration };
                assert_eq!(changes(source, table), expected, "{table} in {}", path.display());
            }
        }
        assert_eq!(changes("UPDATE  events\n SET x = 1; DELETE FROM events; UPDATE events_of SET x = 1", "events"), 2);
    }
}
