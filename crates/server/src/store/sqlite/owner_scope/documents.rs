//! Documents of requests. Their bytes are on disk.

use habilitation_model::{ClosedList, Document, Draft, Id};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, named_params, params};

use super::list_columns::ListColumns;
use super::{DraftSnapshot, OwnerScope, identifier, lists};
use crate::files::FileName;
use crate::store::sqlite::values::{changed, corrupt, milliseconds};
use crate::store::{Quota, Quotas, ReceivedFile, Recorded, StoreFailure, StoreRefusal, StoredDocument};

/// Change of a document that was checked and is ready to be made.
pub(in crate::store::sqlite) struct PreparedDocument {
    /// Errors of the draft from then on.
    errors: u32,
    /// Set when the draft lists the file.
    is_listed: bool,
    snapshot: DraftSnapshot,
}

impl OwnerScope<'_> {
    /// Prepares to record or to remove a document, which changes the errors of the draft.
    pub(in crate::store::sqlite) fn prepare_document(
        &self,
        request: &Id,
        document: &Id,
        comes: bool,
    ) -> Result<PreparedDocument, StoreRefusal> {
        let draft = self.taking_documents(request)?;
        self.refuse_sent(request, document)?;
        let snapshot = self.snapshot_of(&draft)?;
        let others = snapshot.documents.iter().map(|(arrived, _)| arrived).filter(|arrived| *arrived != document);
        let arrived: Vec<Id> = others.chain(comes.then_some(document)).cloned().collect();
        Ok(PreparedDocument {
            errors: ListColumns::of(&draft.draft, &arrived).errors,
            is_listed: lists(&draft.draft, document),
            snapshot,
        })
    }

    /// Refuses to touch a document that a submission or a message lists, or that the team sent: other bytes need another identifier.
    fn refuse_sent(&self, request: &Id, document: &Id) -> Result<(), StoreRefusal> {
        let sql = "SELECT 1 FROM documents
                   WHERE request = ?1 AND id = ?2 AND owner = ?3 AND (is_sent = 1 OR sender IS NOT NULL)";
        let mut statement = self.connection.prepare_cached(sql).map_err(StoreFailure::from)?;
        let is_sent = statement.exists(params![request.as_str(), document.as_str(), self.owner()]);
        if is_sent.map_err(StoreFailure::from)? { Err(StoreRefusal::Submitted) } else { Ok(()) }
    }

    fn set_errors(&self, request: &Id, errors: u32) -> Result<(), StoreFailure> {
        let sql = "UPDATE requests SET errors = ?1 WHERE id = ?2 AND owner = ?3";
        changed(self.connection, sql, params![errors, request.as_str(), self.owner()])?;
        Ok(())
    }

    pub(in crate::store::sqlite) fn reserve_document(
        &self,
        request: &Id,
        document: &Id,
        size: u64,
        quotas: &Quotas,
    ) -> Result<(), StoreRefusal> {
        self.taking_documents(request)?;
        self.refuse_sent(request, document)?;
        match self.quota_exceeded_by(request, document, size, quotas)? {
            Some(quota) => Err(StoreRefusal::QuotaReached(quota)),
            None => Ok(()),
        }
    }

    /// Returns the quota that a document would exceed, itself not counted if it is there already.
    fn quota_exceeded_by(
        &self,
        request: &Id,
        document: &Id,
        size: u64,
        quotas: &Quotas,
    ) -> Result<Option<Quota>, StoreFailure> {
        // What was sent and is listed no more cannot be removed, and takes no place.
        let sql = "SELECT count(*) FROM documents
                   WHERE request = ?1 AND owner = ?2 AND id <> ?3 AND sender IS NULL
                       AND (is_sent = 0 OR unlisted_since IS NULL)";
        let parameters = params![request.as_str(), self.owner(), document.as_str()];
        let others: u32 = self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?;
        if others >= quotas.documents_of_request {
            return Ok(Some(Quota::DocumentsOfRequest));
        }
        let sql = "SELECT coalesce(sum(size), 0) FROM documents
                   WHERE owner = ?1 AND sender IS NULL AND NOT (request = ?2 AND id = ?3)";
        let parameters = params![self.owner(), request.as_str(), document.as_str()];
        let bytes: u64 = self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0))?;
        Ok((bytes.saturating_add(size) > quotas.bytes_of_owner).then_some(Quota::BytesOfOwner))
    }

    /// Records a document; returns none if the draft changed in the meantime.
    pub(in crate::store::sqlite) fn record_document(
        &self,
        request: &Id,
        arrived: &ReceivedFile,
        prepared: &PreparedDocument,
        quotas: &Quotas,
        at: Timestamp,
    ) -> Result<Option<Recorded>, StoreRefusal> {
        if !self.is_unchanged(request, &prepared.snapshot)? {
            return Ok(None);
        }
        // A message that lists it changes no draft.
        self.refuse_sent(request, &arrived.document)?;
        if let Some(quota) = self.quota_exceeded_by(request, &arrived.document, arrived.size, quotas)? {
            return Err(StoreRefusal::QuotaReached(quota));
        }
        let replaced = self.file(request, &arrived.document)?;
        let unlisted_since = (!prepared.is_listed).then(|| milliseconds(at));
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
        .map_err(StoreRefusal::from)?;
        self.set_errors(request, prepared.errors)?;
        Ok(Some(Recorded { replaced }))
    }

    fn file(&self, request: &Id, document: &Id) -> Result<Option<FileName>, StoreFailure> {
        let sql = "SELECT file FROM documents WHERE request = ?1 AND id = ?2 AND owner = ?3";
        let parameters = params![request.as_str(), document.as_str(), self.owner()];
        let file: Option<String> =
            self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
        file.map(|name| FileName::parse(&name).ok_or_else(|| corrupt("a file name"))).transpose()
    }

    pub(in crate::store::sqlite) fn document(
        &self,
        request: &Id,
        document: &Id,
    ) -> Result<Option<StoredDocument>, StoreFailure> {
        // One of the team is there once a message lists it.
        let sql = "SELECT file, type, size FROM documents
                   WHERE request = ?1 AND id = ?2 AND owner = ?3 AND (sender IS NULL OR is_sent = 1)";
        let parameters = params![request.as_str(), document.as_str(), self.owner()];
        let found: Option<(String, String, u64)> = self
            .connection
            .prepare_cached(sql)?
            .query_row(parameters, |row| Ok((row.get("file")?, row.get("type")?, row.get("size")?)))
            .optional()?;
        let (Some(kept), Some((file, file_type, size))) = (self.whole(request)?, found) else { return Ok(None) };
        let file = FileName::parse(&file).ok_or_else(|| corrupt("a file name"))?;
        let file_type = ClosedList::parse(&file_type).ok_or_else(|| corrupt("a type"))?;
        let named = |listed: &Document| (listed.id == *document).then(|| listed.name.clone());
        let mut name = kept.draft.documents().find_map(named);
        if name.is_none() {
            name = self.events(request)?.iter().flat_map(|event| &event.documents).find_map(named);
        }
        Ok(Some(StoredDocument { file, file_type, size, name }))
    }

    /// Returns the draft with the type and size that its files turned out to have, whatever it declares.
    pub(super) fn as_received(&self, request: &Id, draft: &Draft) -> Result<Draft, StoreFailure> {
        let mut draft = draft.clone();
        let sql = "SELECT id, type, size FROM documents WHERE request = ?1 AND owner = ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![request.as_str(), self.owner()])?;
        while let Some(row) = rows.next()? {
            let document = identifier(row)?;
            let listed = draft.project.mockups.iter_mut().chain(&mut draft.legal.documents);
            for listed in listed.filter(|listed| listed.id == document) {
                (listed.media_type, listed.size) = (row.get("type")?, row.get("size")?);
            }
        }
        Ok(draft)
    }

    /// Removes a document; returns none if the draft changed in the meantime.
    pub(in crate::store::sqlite) fn remove_document(
        &self,
        request: &Id,
        document: &Id,
        prepared: &PreparedDocument,
    ) -> Result<Option<FileName>, StoreRefusal> {
        if !self.is_unchanged(request, &prepared.snapshot)? {
            return Ok(None);
        }
        self.refuse_sent(request, document)?;
        let file = self.file(request, document)?.ok_or(StoreRefusal::Absent)?;
        let sql = "DELETE FROM documents WHERE request = ?1 AND id = ?2 AND owner = ?3";
        changed(self.connection, sql, params![request.as_str(), document.as_str(), self.owner()])?;
        self.set_errors(request, prepared.errors)?;
        Ok(Some(file))
    }
}
