//! Documents that the team reads, and those that it sends with messages. Their bytes are on disk.

use habilitation_model::lifecycle::{History, State};
use habilitation_model::wire::TeamRole;
use habilitation_model::{ClosedList, Id};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, named_params, params};

use super::{IS_OWN, TeamScope};
use crate::files::FileName;
use crate::store::sqlite::history;
use crate::store::sqlite::values::{changed, corrupt, milliseconds};
use crate::store::{Quota, Quotas, ReceivedFile, Recorded, StoreFailure, StoreRefusal, StoredDocument};

impl TeamScope<'_> {
    /// Returns a document that a submission or a message lists, under the name that it has there.
    pub(in crate::store::sqlite) fn document(&self, id: &Id, document: &Id) -> Result<StoredDocument, StoreRefusal> {
        self.check_is_there(id)?;
        let events = history::read_events(self.connection, None, id, 0)?;
        let sql = "SELECT file, type, size FROM documents WHERE request = ?1 AND id = ?2 AND is_sent = 1";
        let parameters = params![id.as_str(), document.as_str()];
        let found: Option<(String, String, u64)> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
            })
            .map_err(StoreFailure::from)?;
        let (file, file_type, size) = found.ok_or(StoreRefusal::Absent)?;
        let file = FileName::parse(&file).ok_or_else(|| corrupt("a file name"))?;
        let file_type = ClosedList::parse(&file_type).ok_or_else(|| corrupt("a type"))?;
        let mut of_messages = events.iter().flat_map(|event| &event.documents);
        let mut name = of_messages.find(|listed| listed.id == *document).map(|listed| listed.name.clone());
        let mut n = History::of(&events).last_submission();
        while name.is_none() && n > 0 {
            let sent = history::read_submission(self.connection, None, self.read_draft, id, n)?;
            let mut listed = sent.iter().flat_map(|sent| sent.submission.draft.documents());
            name = listed.find(|listed| listed.id == *document).map(|listed| listed.name.clone());
            n -= 1;
        }
        Ok(StoredDocument { file, file_type, size, name })
    }

    /// Refuses a document that the member may not send, or for which there is no room.
    pub(in crate::store::sqlite) fn reserve_document(
        &self,
        request: &Id,
        document: &Id,
        size: u64,
        quotas: &Quotas,
    ) -> Result<(), StoreRefusal> {
        self.check_may_send(request, document)?;
        match self.quota_exceeded_by(request, document, size, quotas)? {
            Some(quota) => Err(StoreRefusal::QuotaReached(quota)),
            None => Ok(()),
        }
    }

    fn check_may_send(&self, request: &Id, document: &Id) -> Result<(), StoreRefusal> {
        let sql = format!(
            "SELECT {IS_OWN} AS is_own, requests.state,
                          (SELECT is_sent = 1 OR sender IS NOT :person FROM documents
                           WHERE documents.request = :request AND documents.id = :document) AS is_taken
                   FROM requests WHERE id = :request AND number IS NOT NULL"
        );
        let parameters = named_params! {
            ":request": request.as_str(), ":document": document.as_str(), ":person": self.member.person,
        };
        let found: Option<(bool, String, Option<bool>)> = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
            })
            .map_err(StoreFailure::from)?;
        let Some((is_own, state, is_taken)) = found else { return Err(self.absence(request)?) };
        if self.member.role == TeamRole::Reader {
            return Err(StoreRefusal::ReadOnly);
        }
        if is_own {
            return Err(StoreRefusal::OwnRequest);
        }
        // Other bytes need another identifier, and so do those of somebody else.
        let is_archived = State::parse(&state) == Some(State::Archived);
        if is_archived || is_taken == Some(true) { Err(StoreRefusal::Submitted) } else { Ok(()) }
    }

    /// Returns the quota that a document would exceed. Those of the member that no message lists yet are counted.
    fn quota_exceeded_by(
        &self,
        request: &Id,
        document: &Id,
        size: u64,
        quotas: &Quotas,
    ) -> Result<Option<Quota>, StoreFailure> {
        let sql = "SELECT coalesce(sum(request = ?2), 0), coalesce(sum(size), 0) FROM documents
                   WHERE sender = ?1 AND is_sent = 0 AND NOT (request = ?2 AND id = ?3)";
        let parameters = params![self.member.person, request.as_str(), document.as_str()];
        let (others, bytes): (u32, u64) =
            self.connection.prepare_cached(sql)?.query_row(parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
        if others >= quotas.documents_of_request {
            return Ok(Some(Quota::DocumentsOfRequest));
        }
        Ok((bytes.saturating_add(size) > quotas.bytes_of_owner).then_some(Quota::BytesOfOwner))
    }

    /// Records a document, which no message lists yet.
    pub(in crate::store::sqlite) fn record_document(
        &self,
        request: &Id,
        arrived: &ReceivedFile,
        quotas: &Quotas,
        at: Timestamp,
    ) -> Result<Recorded, StoreRefusal> {
        self.reserve_document(request, &arrived.document, arrived.size, quotas)?;
        let sql = "SELECT file FROM documents WHERE request = ?1 AND id = ?2";
        let parameters = params![request.as_str(), arrived.document.as_str()];
        let replaced: Option<String> = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(parameters, |row| row.get(0)).optional())
            .map_err(StoreFailure::from)?;
        // The applicant reads what the team sends, as what is theirs.
        changed(
            self.connection,
            "INSERT INTO documents (request, id, owner, file, type, size, unlisted_since, sender)
             SELECT id, :document, owner, :file, :type, :size, :at, :person FROM requests WHERE id = :request
             ON CONFLICT (request, id) DO UPDATE SET
                 file = excluded.file, type = excluded.type, size = excluded.size, unlisted_since = excluded.unlisted_since",
            named_params! {
                ":request": request.as_str(), ":document": arrived.document.as_str(), ":file": arrived.file.as_str(),
                ":type": arrived.file_type.as_str(), ":size": arrived.size, ":at": milliseconds(at),
                ":person": self.member.person,
            },
        )?;
        let replaced = replaced.map(|file| FileName::parse(&file).ok_or_else(|| corrupt("a file name"))).transpose()?;
        Ok(Recorded { replaced })
    }

    /// Returns whether the bytes of a document have arrived from the member.
    pub(super) fn has_sent(&self, request: &Id, document: &Id) -> Result<bool, StoreFailure> {
        let sql = "SELECT 1 FROM documents WHERE request = ?1 AND id = ?2 AND sender = ?3";
        let parameters = params![request.as_str(), document.as_str(), self.member.person];
        Ok(self.connection.prepare_cached(sql)?.exists(parameters)?)
    }

    /// Keeps a document of the member for good, since a message lists it. Returns false if it is not there.
    pub(super) fn list_document(&self, request: &Id, document: &Id) -> Result<bool, StoreFailure> {
        let sql = "UPDATE documents SET is_sent = 1 WHERE request = ?1 AND id = ?2 AND sender = ?3";
        let parameters = params![request.as_str(), document.as_str(), self.member.person];
        Ok(changed(self.connection, sql, parameters)? > 0)
    }
}
