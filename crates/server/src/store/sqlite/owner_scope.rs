//! Requests and documents of one owner: every statement that reads or changes them on behalf of a person is here, and names the
//! owner. Whoever takes part in a request comes [as its owner](super::access) does, once they may.
//!
//! A change has two parts. It is prepared on a connection that reads: what callers sent is read and checked there. Then it is made
//! on the connection that writes, if the draft is still as its [`DraftSnapshot`] says; otherwise it is prepared again. Changes wait
//! for each other, so nothing that a caller can make large is read or checked in their turn.

mod acting;
mod documents;
pub(super) mod history;
mod list_columns;
mod listing;
pub(super) mod saving;
mod submitting;

use habilitation_model::lifecycle::Part;
use habilitation_model::schema::Unreadable;
use habilitation_model::wire::{State, StoredRequest};
use habilitation_model::{ClosedList, Date, Draft, Id};
use rusqlite::{Connection, Row, named_params, params};

use crate::clock::rfc3339;
use crate::portal::Portal;
use crate::store::sqlite::erasing::owner_hash;
use crate::store::sqlite::values::{corrupt, time};
use crate::store::{Found, Owner, ReadDraft, StoreFailure, StoreRefusal};

/// Database as one owner may see and change it, inside a transaction.
pub(super) struct OwnerScope<'a> {
    pub(super) connection: &'a Connection,
    pub(super) owner: &'a Owner,
    /// Identifier of the person who calls, and their part in the request.
    pub(super) caller: &'a str,
    pub(super) part: Part,
    /// Set where the caller is signed in for another organisation than the one for which they take part.
    pub(super) is_elsewhere: bool,
    pub(super) read_draft: ReadDraft,
}

/// Occupant of an identifier, as a save has to know it: something of another owner is told from nothing.
enum Occupant {
    /// A request of the owner.
    Request {
        state: State,
        /// Version of its draft's shape.
        schema: u32,
        revision: u64,
        /// Time at which that revision was saved (RFC 3339).
        saved_at: String,
        /// Number, once it was submitted.
        number: Option<String>,
    },
    /// A request of the owner that was deleted or erased.
    Deleted,
    /// A request of another owner, or begun elsewhere than this owner may see, deleted or not.
    Foreign,
    /// No request.
    Free,
}

/// State of a draft for which a change was prepared.
#[derive(PartialEq, Eq)]
struct DraftSnapshot {
    revision: u64,
    saved_at: String,
    /// Documents whose bytes have arrived, with their files: new bytes come under a new name.
    documents: Vec<(Id, String)>,
}

impl DraftSnapshot {
    fn arrived(&self) -> Vec<Id> {
        self.documents.iter().map(|(document, _)| document.clone()).collect()
    }
}

/// Name of the person who saved the revision that is there, where that is somebody else than the caller.
const SAVED_BY: &str = "(SELECT trim(given_name || ' ' || family_name)
     FROM saves JOIN people ON people.person = saves.person
     WHERE saves.request = requests.id AND saves.revision = requests.revision AND saves.person <> :caller)";

/// Condition on rows of requests or tombstones that the owner may see; through a portal, those that were begun there.
const VISIBLE: &str = "owner = :owner AND (:portal IS NULL OR portal = :portal)";

const COLUMNS: &str = "id, number, state, schema, revision, created_at, updated_at, submitted_at, draft, earlier";

fn stored(row: &Row<'_>, arrived: Vec<Id>, read_draft: ReadDraft) -> Result<StoredRequest, StoreFailure> {
    let moment = |name| -> Result<String, StoreFailure> { Ok(rfc3339(time(row.get(name)?)?)) };
    let submitted_at: Option<i64> = row.get("submitted_at")?;
    let earlier: String = row.get("earlier")?;
    let draft = row.get_ref("draft")?.as_str().map_err(|_| corrupt("a draft"))?;
    // What the database holds stays as it is: a draft is written in today's shape when it is saved or submitted.
    let draft = read_draft(row.get("schema")?, draft).map_err(|unreadable| match unreadable {
        Unreadable::Newer => StoreFailure::Newer,
        Unreadable::Broken => corrupt("a draft"),
    })?;
    Ok(StoredRequest {
        number: row.get("number")?,
        state: state(row)?,
        revision: row.get("revision")?,
        created_at: moment("created_at")?,
        updated_at: moment("updated_at")?,
        earlier: earlier.split_ascii_whitespace().map(earlier_time).collect::<Result<_, _>>()?,
        submitted_at: submitted_at.map(time).transpose()?.map(rfc3339),
        arrived,
        draft,
        ..StoredRequest::begun(identifier(row)?)
    })
}

fn earlier_time(milliseconds: &str) -> Result<String, StoreFailure> {
    Ok(rfc3339(time(milliseconds.parse().map_err(|_| corrupt("an earlier time"))?)?))
}

fn identifier(row: &Row<'_>) -> Result<Id, StoreFailure> {
    let text: String = row.get("id")?;
    Id::parse(&text).map_err(|_| corrupt("an identifier"))
}

fn state(row: &Row<'_>) -> Result<State, StoreFailure> {
    let text: String = row.get("state")?;
    State::parse(&text).ok_or_else(|| corrupt("a state"))
}

impl OwnerScope<'_> {
    fn owner(&self) -> &str {
        self.owner.person()
    }

    fn portal(&self) -> Option<&str> {
        self.owner.portal().map(Portal::as_str)
    }

    /// Returns a request of the owner, whole but for what follows from its history. A save does not need it, unless it is
    /// refused.
    fn whole(&self, id: &Id) -> Result<Option<Box<StoredRequest>>, StoreFailure> {
        let sql = format!("SELECT {COLUMNS}, {SAVED_BY} AS saved_by FROM requests WHERE id = :id AND {VISIBLE}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(named_params! {
            ":id": id.as_str(), ":owner": self.owner(), ":portal": self.portal(), ":caller": self.caller,
        })?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let saved_by = row.get::<_, Option<String>>("saved_by")?.filter(|name| !name.is_empty());
        let request = stored(row, self.arrived(id)?, self.read_draft)?;
        Ok(Some(Box::new(StoredRequest { role: self.part, elsewhere: self.is_elsewhere, saved_by, ..request })))
    }

    fn is_deleted(&self, id: &Id) -> Result<bool, StoreFailure> {
        let sql = format!("SELECT 1 FROM deleted WHERE id = :id AND {VISIBLE}");
        let visible = named_params! { ":id": id.as_str(), ":owner": self.owner(), ":portal": self.portal() };
        if self.connection.prepare_cached(&sql)?.exists(visible)? {
            return Ok(true);
        }
        let sql = format!("SELECT 1 FROM erased WHERE request = :id AND {VISIBLE}");
        let owner = owner_hash(id.as_str(), self.owner());
        let visible = named_params! { ":id": id.as_str(), ":owner": owner, ":portal": self.portal() };
        Ok(self.connection.prepare_cached(&sql)?.exists(visible)?)
    }

    /// Returns whether anybody has, or had, a request of this identifier, which is then not given again. No other statement
    /// looks past the owner.
    fn is_taken(&self, id: &Id) -> Result<bool, StoreFailure> {
        let sql = "SELECT 1 FROM requests WHERE id = ?1 UNION ALL SELECT 1 FROM deleted WHERE id = ?1
                   UNION ALL SELECT 1 FROM erased WHERE request = ?1";
        Ok(self.connection.prepare_cached(sql)?.exists([id.as_str()])?)
    }

    fn occupant(&self, id: &Id) -> Result<Occupant, StoreFailure> {
        let sql =
            format!("SELECT state, schema, revision, updated_at, number FROM requests WHERE id = :id AND {VISIBLE}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let visible = named_params! { ":id": id.as_str(), ":owner": self.owner(), ":portal": self.portal() };
        let mut rows = statement.query(visible)?;
        Ok(if let Some(row) = rows.next()? {
            Occupant::Request {
                state: state(row)?,
                schema: row.get("schema")?,
                revision: row.get("revision")?,
                saved_at: rfc3339(time(row.get("updated_at")?)?),
                number: row.get("number")?,
            }
        } else if self.is_deleted(id)? {
            Occupant::Deleted
        } else if self.is_taken(id)? {
            Occupant::Foreign
        } else {
            Occupant::Free
        })
    }

    /// Returns a request of the owner that is there.
    fn existing(&self, id: &Id) -> Result<Box<StoredRequest>, StoreRefusal> {
        match self.request(id)? {
            Some(Found::Request(request)) => Ok(request),
            Some(Found::Deleted) => Err(StoreRefusal::Deleted),
            None => Err(StoreRefusal::Absent),
        }
    }

    /// Returns a request of the owner that takes documents: those of its draft, or of messages from its first submission on.
    fn taking_documents(&self, id: &Id) -> Result<Box<StoredRequest>, StoreRefusal> {
        let request = self.existing(id)?;
        if request.state == State::Archived { Err(StoreRefusal::Submitted) } else { Ok(request) }
    }

    /// Returns a request of the owner as the owner is told of it on a day, or its tombstone.
    pub(super) fn told(&self, id: &Id, today: Date) -> Result<Option<Found>, StoreFailure> {
        let mut found = self.request(id)?;
        if let Some(Found::Request(request)) = &mut found {
            self.follow(request, today)?;
        }
        Ok(found)
    }

    fn request(&self, id: &Id) -> Result<Option<Found>, StoreFailure> {
        Ok(match self.whole(id)? {
            Some(request) => Some(Found::Request(request)),
            None => self.is_deleted(id)?.then_some(Found::Deleted),
        })
    }

    /// Returns the documents of a request whose bytes have arrived from its applicant.
    fn arrived(&self, request: &Id) -> Result<Vec<Id>, StoreFailure> {
        Ok(self.files(request)?.into_iter().map(|(document, _)| document).collect())
    }

    /// Returns the same documents with their files, ordered by identifier.
    fn files(&self, request: &Id) -> Result<Vec<(Id, String)>, StoreFailure> {
        let sql = "SELECT id, file FROM documents WHERE request = ?1 AND owner = ?2 AND sender IS NULL ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![request.as_str(), self.owner()])?;
        let mut files = Vec::new();
        while let Some(row) = rows.next()? {
            files.push((identifier(row)?, row.get("file")?));
        }
        Ok(files)
    }

    /// Returns the snapshot of a request that was read.
    fn snapshot_of(&self, request: &StoredRequest) -> Result<DraftSnapshot, StoreFailure> {
        let documents = self.files(&request.id)?;
        Ok(DraftSnapshot { revision: request.revision, saved_at: request.updated_at.clone(), documents })
    }

    /// Returns whether the draft is still as it was when the change was prepared. The state goes along with the revision.
    fn is_unchanged(&self, id: &Id, snapshot: &DraftSnapshot) -> Result<bool, StoreFailure> {
        Ok(match self.occupant(id)? {
            Occupant::Request { revision, saved_at, .. } => {
                *snapshot == DraftSnapshot { revision, saved_at, documents: self.files(id)? }
            }
            _ => false,
        })
    }
}

fn lists(draft: &Draft, document: &Id) -> bool {
    draft.documents().any(|listed| listed.id == *document)
}
