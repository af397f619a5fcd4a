//! What one person may see and change: every statement on requests and documents on behalf of a person is here,
//! and names the owner.

use habilitation_model::finding::Circumstances;
use habilitation_model::wire::{Receipt, RequestSummary, State, StoredRequest};
use habilitation_model::{ClosedList, Date, Draft, Id, Request, SCHEMA};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params, params_from_iter};

use super::{changed, corrupt, from_json, json, milliseconds, time};
use crate::clock::rfc3339;
use crate::files::FileName;
use crate::preconditions::{Preconditions, Verdict};
use crate::search::folded;
use crate::store::{
    Arrived, Failure, Filter, Found, KeptDocument, Owner, Page, Place, Quota, Quotas, Recorded, Refusal, Saved,
    Submitted,
};

/// The database as one person may use it, inside a transaction.
pub(super) struct Mine<'a> {
    pub(super) connection: &'a Connection,
    pub(super) owner: &'a Owner,
}

/// What an identifier stands for.
enum Standing {
    /// A request of mine.
    Mine(Box<StoredRequest>),
    /// One of mine that was deleted.
    Deleted,
    /// One of somebody else, deleted or not.
    Theirs,
    /// Nothing.
    Free,
}

/// What the list keeps of a draft.
struct Digest {
    errors: u32,
    name: String,
    organisation: String,
}

impl Digest {
    fn of(draft: &Draft, arrived: &[Id]) -> Self {
        // Only warnings depend on the day, and only errors are counted.
        let circumstances = Circumstances { today: Date::FIRST, arrived: Some(arrived) };
        let errors = draft.findings(&circumstances).iter().filter(|finding| finding.is_error()).count();
        Self {
            errors: u32::try_from(errors).unwrap_or(u32::MAX),
            name: draft.project.name.trimmed().to_owned(),
            organisation: draft.organisation.name.trimmed().to_owned(),
        }
    }

    /// The parts are parted by a line break, which no search holds: a match never spans two of them.
    fn search(&self, number: Option<&str>) -> String {
        [self.name.as_str(), self.organisation.as_str(), number.unwrap_or_default()].map(folded).join("\n")
    }
}

const COLUMNS: &str = "id, number, state, schema, revision, created_at, updated_at, submitted_at, draft";

fn stored(row: &Row<'_>, arrived: Vec<Id>) -> Result<StoredRequest, Failure> {
    let moment = |name| -> Result<String, Failure> { Ok(rfc3339(time(row.get(name)?)?)) };
    let submitted_at: Option<i64> = row.get("submitted_at")?;
    let draft = row.get_ref("draft")?.as_str().map_err(|_| corrupt("a draft"))?;
    Ok(StoredRequest {
        id: identifier(row.get_ref("id")?.as_str().map_err(|_| corrupt("an identifier"))?)?,
        number: row.get("number")?,
        state: state(row)?,
        schema: row.get("schema")?,
        revision: row.get("revision")?,
        created_at: moment("created_at")?,
        updated_at: moment("updated_at")?,
        submitted_at: submitted_at.map(time).transpose()?.map(rfc3339),
        arrived,
        draft: from_json(draft, "a draft")?,
    })
}

fn identifier(text: &str) -> Result<Id, Failure> {
    Id::parse(text).map_err(|_| corrupt("an identifier"))
}

fn state(row: &Row<'_>) -> Result<State, Failure> {
    let text: String = row.get("state")?;
    State::parse(&text).ok_or_else(|| corrupt("a state"))
}

fn summary(row: &Row<'_>) -> Result<(RequestSummary, Timestamp), Failure> {
    let updated_at = time(row.get("updated_at")?)?;
    let summary = RequestSummary {
        id: identifier(row.get_ref("id")?.as_str().map_err(|_| corrupt("an identifier"))?)?,
        number: row.get("number")?,
        state: state(row)?,
        name: row.get("name")?,
        organisation: row.get("organisation")?,
        revision: row.get("revision")?,
        updated_at: rfc3339(updated_at),
        errors: row.get("errors")?,
    };
    Ok((summary, updated_at))
}

impl Mine<'_> {
    fn owner(&self) -> &str {
        self.owner.as_str()
    }

    fn mine(&self, id: &Id) -> Result<Option<StoredRequest>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM requests WHERE id = ?1 AND owner = ?2");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![id.as_str(), self.owner()])?;
        rows.next()?.map(|row| stored(row, self.arrived(id)?)).transpose()
    }

    fn is_deleted(&self, id: &Id) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM deleted WHERE id = ?1 AND owner = ?2";
        Ok(self.connection.prepare_cached(sql)?.exists(params![id.as_str(), self.owner()])?)
    }

    /// The one question that looks past the owner: an identifier that somebody has, or had, is not given again.
    fn is_taken(&self, id: &Id) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM requests WHERE id = ?1 UNION ALL SELECT 1 FROM deleted WHERE id = ?1";
        Ok(self.connection.prepare_cached(sql)?.exists([id.as_str()])?)
    }

    fn standing(&self, id: &Id) -> Result<Standing, Failure> {
        Ok(if let Some(request) = self.mine(id)? {
            Standing::Mine(Box::new(request))
        } else if self.is_deleted(id)? {
            Standing::Deleted
        } else if self.is_taken(id)? {
            Standing::Theirs
        } else {
            Standing::Free
        })
    }

    /// A request of mine, to do something with.
    fn existing(&self, id: &Id) -> Result<Box<StoredRequest>, Refusal> {
        match self.standing(id)? {
            Standing::Mine(request) => Ok(request),
            Standing::Deleted => Err(Refusal::Deleted),
            Standing::Theirs | Standing::Free => Err(Refusal::Absent),
        }
    }

    /// One that was not submitted.
    fn existing_draft(&self, id: &Id) -> Result<Box<StoredRequest>, Refusal> {
        let request = self.existing(id)?;
        if request.state == State::Draft { Ok(request) } else { Err(Refusal::Submitted) }
    }

    pub(super) fn request(&self, id: &Id) -> Result<Option<Found>, Failure> {
        Ok(match self.standing(id)? {
            Standing::Mine(request) => Some(Found::Request(request)),
            Standing::Deleted => Some(Found::Deleted),
            Standing::Theirs | Standing::Free => None,
        })
    }

    pub(super) fn save(
        &self,
        id: &Id,
        draft: &Draft,
        preconditions: &Preconditions,
        quotas: &Quotas,
        at: Timestamp,
    ) -> Result<Saved, Refusal> {
        match self.standing(id)? {
            Standing::Theirs => Err(Refusal::Absent),
            Standing::Deleted => Err(Refusal::Deleted),
            Standing::Mine(current) if current.state != State::Draft => Err(Refusal::Submitted),
            Standing::Mine(current) => {
                judge(preconditions, Some(&current))?;
                Ok(Saved::Changed(self.change(&current, draft, at)?))
            }
            Standing::Free => {
                judge(preconditions, None)?;
                if self.drafts_reach(quotas.drafts)? {
                    return Err(Refusal::QuotaReached(Quota::Drafts));
                }
                Ok(Saved::Created(self.create(id, draft, at)?))
            }
        }
    }

    fn drafts_reach(&self, most: u32) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM requests WHERE owner = ?1 AND state = 'draft' LIMIT 1 OFFSET ?2";
        match most.checked_sub(1) {
            Some(before) => Ok(self.connection.prepare_cached(sql)?.exists(params![self.owner(), before])?),
            None => Ok(true),
        }
    }

    fn create(&self, id: &Id, draft: &Draft, at: Timestamp) -> Result<RequestSummary, Failure> {
        let digest = Digest::of(draft, &[]);
        changed(
            self.connection,
            "INSERT INTO requests
                (id, owner, state, schema, revision, created_at, updated_at, errors, name, organisation, search, draft)
             VALUES (:id, :owner, 'draft', :schema, 1, :at, :at, :errors, :name, :organisation, :search, :draft)",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":schema": SCHEMA, ":at": milliseconds(at),
                ":errors": digest.errors, ":name": digest.name, ":organisation": digest.organisation,
                ":search": digest.search(None), ":draft": json(draft)?,
            },
        )?;
        Ok(digest.into_summary(id, 1, at))
    }

    fn change(&self, current: &StoredRequest, draft: &Draft, at: Timestamp) -> Result<RequestSummary, Failure> {
        let (id, revision) = (&current.id, current.revision + 1);
        self.note_listed(current, draft, at)?;
        let digest = Digest::of(draft, &current.arrived);
        changed(
            self.connection,
            "UPDATE requests
             SET schema = :schema, revision = :revision, updated_at = :at, errors = :errors, name = :name,
                 organisation = :organisation, search = :search, draft = :draft
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":schema": SCHEMA, ":revision": revision,
                ":at": milliseconds(at), ":errors": digest.errors, ":name": digest.name,
                ":organisation": digest.organisation, ":search": digest.search(None), ":draft": json(draft)?,
            },
        )?;
        Ok(digest.into_summary(id, revision, at))
    }

    pub(super) fn list(&self, filter: &Filter) -> Result<Page, Failure> {
        let mut sql = "SELECT id, number, state, name, organisation, revision, updated_at, errors
                       FROM requests WHERE owner = ?1"
            .to_owned();
        let mut values = vec![Value::from(self.owner().to_owned())];
        let mut place = |value: Value| {
            values.push(value);
            values.len()
        };
        if let Some(state) = filter.state {
            sql += &format!(" AND state = ?{}", place(state.as_str().to_owned().into()));
        }
        if let Some(after) = &filter.after {
            let (time, id) = (place(milliseconds(after.updated_at).into()), place(after.id.to_string().into()));
            sql += &format!(" AND (updated_at, id) < (?{time}, ?{id})");
        }
        let words = folded(filter.words.trim());
        if !words.is_empty() {
            sql += &format!(" AND instr(search, ?{}) > 0", place(words.into()));
        }
        // One more than asked for tells whether more follow.
        sql += &format!(" ORDER BY updated_at DESC, id DESC LIMIT ?{}", place((i64::from(filter.limit) + 1).into()));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(summary(row)?);
        }
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let next = last.map(|(summary, updated_at)| Place { updated_at: *updated_at, id: summary.id.clone() });
        Ok(Page { requests: found.into_iter().map(|(summary, _)| summary).collect(), next })
    }

    pub(super) fn delete(
        &self,
        id: &Id,
        preconditions: &Preconditions,
        at: Timestamp,
    ) -> Result<Vec<FileName>, Refusal> {
        let draft = self.existing_draft(id)?;
        judge(preconditions, Some(&draft))?;
        Ok(forget(self.connection, self.owner(), id.as_str(), at)?)
    }

    pub(super) fn submit(&self, id: &Id, preconditions: &Preconditions, at: Timestamp) -> Result<Submitted, Refusal> {
        let request = self.existing(id)?;
        if let (State::Submitted, Some(number), Some(submitted_at)) =
            (request.state, &request.number, &request.submitted_at)
        {
            let (number, submitted_at) = (number.clone(), submitted_at.clone());
            return Ok(Submitted::Before(Receipt { number, submitted_at, request: *request }));
        }
        judge(preconditions, Some(&request))?;
        let parsed = Request::new(&request.draft, &request.arrived).map_err(Refusal::Incomplete)?;
        let number = self.next_number(at)?;
        let revision = request.revision + 1;
        let digest = Digest::of(&request.draft, &request.arrived);
        changed(
            self.connection,
            "UPDATE requests
             SET state = 'submitted', number = :number, revision = :revision, updated_at = :at, submitted_at = :at,
                 search = :search, request = :request
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":number": number, ":revision": revision,
                ":at": milliseconds(at), ":search": digest.search(Some(&number)), ":request": json(&parsed)?,
            },
        )
        .map_err(Refusal::from)?;
        let submitted_at = rfc3339(at);
        let request = StoredRequest {
            number: Some(number.clone()),
            state: State::Submitted,
            revision,
            updated_at: submitted_at.clone(),
            submitted_at: Some(submitted_at.clone()),
            ..*request
        };
        Ok(Submitted::Now(Receipt { number, submitted_at, request }))
    }

    /// Counted per year in the table, so that a number is given if and only if the submission is kept.
    fn next_number(&self, at: Timestamp) -> Result<String, Failure> {
        let year = at.to_zoned(TimeZone::UTC).year();
        let sql = "INSERT INTO numbers (year, last) VALUES (?1, 1)
                   ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last";
        let last: i64 = self.connection.prepare_cached(sql)?.query_row([year], |row| row.get(0))?;
        Ok(format!("FC-{year:04}-{last:06}"))
    }

    /// The documents of a request of mine whose bytes are here.
    fn arrived(&self, request: &Id) -> Result<Vec<Id>, Failure> {
        let sql = "SELECT id FROM documents WHERE request = ?1 AND owner = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![request.as_str(), self.owner()])?;
        let mut arrived = Vec::new();
        while let Some(row) = rows.next()? {
            arrived.push(identifier(row.get_ref(0)?.as_str().map_err(|_| corrupt("an identifier"))?)?);
        }
        Ok(arrived)
    }

    /// Notes which documents the draft lists from now on, and since when it does not list the others.
    fn note_listed(&self, request: &StoredRequest, draft: &Draft, at: Timestamp) -> Result<(), Failure> {
        for document in &request.arrived {
            let unlisted = !lists(draft, document);
            changed(
                self.connection,
                "UPDATE documents SET unlisted_since = iif(:unlisted, coalesce(unlisted_since, :at), NULL)
                 WHERE request = :request AND id = :id AND owner = :owner",
                named_params! {
                    ":request": request.id.as_str(), ":id": document.as_str(), ":owner": self.owner(),
                    ":unlisted": unlisted, ":at": milliseconds(at),
                },
            )?;
        }
        Ok(())
    }

    /// Counts the errors anew: a file that came or went is one less or one more.
    fn recount(&self, request: &StoredRequest) -> Result<(), Failure> {
        let digest = Digest::of(&request.draft, &self.arrived(&request.id)?);
        let sql = "UPDATE requests SET errors = ?1 WHERE id = ?2 AND owner = ?3";
        changed(self.connection, sql, params![digest.errors, request.id.as_str(), self.owner()])?;
        Ok(())
    }

    pub(super) fn admit_document(
        &self,
        request: &Id,
        document: &Id,
        size: u64,
        quotas: &Quotas,
    ) -> Result<(), Refusal> {
        self.existing_draft(request)?;
        match self.quota_broken_by(request, document, size, quotas)? {
            Some(quota) => Err(Refusal::QuotaReached(quota)),
            None => Ok(()),
        }
    }

    /// The quota that a document would break, itself not counted if it is here already.
    fn quota_broken_by(
        &self,
        request: &Id,
        document: &Id,
        size: u64,
        quotas: &Quotas,
    ) -> Result<Option<Quota>, Failure> {
        let sql = "SELECT count(*) FROM documents WHERE request = ?1 AND owner = ?2 AND id <> ?3";
        let parameters = params![request.as_str(), self.owner(), document.as_str()];
        let others: u32 = self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?;
        if others >= quotas.documents_of_request {
            return Ok(Some(Quota::DocumentsOfRequest));
        }
        let sql = "SELECT coalesce(sum(size), 0) FROM documents WHERE owner = ?1 AND NOT (request = ?2 AND id = ?3)";
        let parameters = params![self.owner(), request.as_str(), document.as_str()];
        let bytes: u64 = self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?;
        Ok((bytes.saturating_add(size) > quotas.bytes_of_owner).then_some(Quota::BytesOfOwner))
    }

    pub(super) fn record_document(
        &self,
        request: &Id,
        arrived: &Arrived,
        quotas: &Quotas,
        at: Timestamp,
    ) -> Result<Recorded, Refusal> {
        let draft = self.existing_draft(request)?;
        if let Some(quota) = self.quota_broken_by(request, &arrived.document, arrived.size, quotas)? {
            return Err(Refusal::QuotaReached(quota));
        }
        let replaced = self.file(request, &arrived.document)?;
        let unlisted_since = (!lists(&draft.draft, &arrived.document)).then(|| milliseconds(at));
        changed(
            self.connection,
            "INSERT INTO documents (request, id, owner, file, type, size, unlisted_since)
             VALUES (:request, :id, :owner, :file, :type, :size, :unlisted_since)
             ON CONFLICT (request, id) DO UPDATE SET
                 file = excluded.file, type = excluded.type, size = excluded.size,
                 unlisted_since = excluded.unlisted_since",
            named_params! {
                ":request": request.as_str(), ":id": arrived.document.as_str(), ":owner": self.owner(),
                ":file": arrived.file.as_str(), ":type": arrived.file_type.as_str(), ":size": arrived.size,
                ":unlisted_since": unlisted_since,
            },
        )
        .map_err(Refusal::from)?;
        self.recount(&draft)?;
        Ok(Recorded { replaced })
    }

    fn file(&self, request: &Id, document: &Id) -> Result<Option<FileName>, Failure> {
        let sql = "SELECT file FROM documents WHERE request = ?1 AND id = ?2 AND owner = ?3";
        let parameters = params![request.as_str(), document.as_str(), self.owner()];
        let file: Option<String> =
            self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
        file.map(|name| FileName::parse(&name).ok_or_else(|| corrupt("a file name"))).transpose()
    }

    pub(super) fn document(&self, request: &Id, document: &Id) -> Result<Option<KeptDocument>, Failure> {
        let (Some(kept), Some(file)) = (self.mine(request)?, self.file(request, document)?) else {
            return Ok(None);
        };
        let sql = "SELECT type, size FROM documents WHERE request = ?1 AND id = ?2 AND owner = ?3";
        let parameters = params![request.as_str(), document.as_str(), self.owner()];
        let (file_type, size): (String, u64) = self
            .connection
            .prepare_cached(sql)?
            .query_row(parameters, |row| Ok((row.get("type")?, row.get("size")?)))?;
        let file_type = ClosedList::parse(&file_type).ok_or_else(|| corrupt("a type"))?;
        let name = kept.draft.documents().find(|listed| listed.id == *document).map(|listed| listed.name.clone());
        Ok(Some(KeptDocument { file, file_type, size, name }))
    }

    pub(super) fn remove_document(&self, request: &Id, document: &Id) -> Result<FileName, Refusal> {
        let draft = self.existing_draft(request)?;
        let file = self.file(request, document)?.ok_or(Refusal::Absent)?;
        let sql = "DELETE FROM documents WHERE request = ?1 AND id = ?2 AND owner = ?3";
        changed(self.connection, sql, params![request.as_str(), document.as_str(), self.owner()])?;
        self.recount(&draft)?;
        Ok(file)
    }
}

impl Digest {
    fn into_summary(self, id: &Id, revision: u64, at: Timestamp) -> RequestSummary {
        RequestSummary {
            id: id.clone(),
            number: None,
            state: State::Draft,
            name: self.name,
            organisation: self.organisation,
            revision,
            updated_at: rfc3339(at),
            errors: self.errors,
        }
    }
}

fn lists(draft: &Draft, document: &Id) -> bool {
    draft.documents().any(|listed| listed.id == *document)
}

fn judge(preconditions: &Preconditions, current: Option<&StoredRequest>) -> Result<(), Refusal> {
    match preconditions.judge(current.map(|request| request.revision)) {
        Verdict::Holds => Ok(()),
        Verdict::Fails => Err(Refusal::Stale(current.cloned().map(Box::new))),
        Verdict::Missing => Err(Refusal::Unconditional),
    }
}

/// Deletes a request with its documents, leaves its trace, and answers the files that are left over.
pub(super) fn forget(connection: &Connection, owner: &str, id: &str, at: Timestamp) -> Result<Vec<FileName>, Failure> {
    let sql = "SELECT file FROM documents WHERE request = ?1 AND owner = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let names = statement.query_map(params![id, owner], |row| row.get::<_, String>(0))?;
    let mut files = Vec::new();
    for name in names {
        files.push(FileName::parse(&name?).ok_or_else(|| corrupt("a file name"))?);
    }
    // The documents go with it.
    changed(connection, "DELETE FROM requests WHERE id = ?1 AND owner = ?2", params![id, owner])?;
    let sql = "INSERT INTO deleted (id, owner, deleted_at) VALUES (?1, ?2, ?3)";
    changed(connection, sql, params![id, owner, milliseconds(at)])?;
    Ok(files)
}
