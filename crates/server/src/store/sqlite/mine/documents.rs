//! Which documents there are. Their bytes are on disk.

use habilitation_model::wire::StoredRequest;
use habilitation_model::{ClosedList, Draft, Id};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, named_params, params};

use super::digest::Digest;
use super::{Mine, identifier, lists};
use crate::files::FileName;
use crate::store::sqlite::{changed, corrupt, milliseconds};
use crate::store::{Arrived, Failure, KeptDocument, Quota, Quotas, Recorded, Refusal};

impl Mine<'_> {
    /// Counts the errors anew: a file that came or went is one less or one more.
    fn recount(&self, request: &StoredRequest) -> Result<(), Failure> {
        let digest = Digest::of(&request.draft, &self.arrived(&request.id)?);
        let sql = "UPDATE requests SET errors = ?1 WHERE id = ?2 AND owner = ?3";
        changed(self.connection, sql, params![digest.errors, request.id.as_str(), self.owner()])?;
        Ok(())
    }

    pub(in crate::store::sqlite) fn admit_document(
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

    pub(in crate::store::sqlite) fn record_document(
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

    pub(in crate::store::sqlite) fn document(
        &self,
        request: &Id,
        document: &Id,
    ) -> Result<Option<KeptDocument>, Failure> {
        let (Some(kept), Some(file)) = (self.whole(request)?, self.file(request, document)?) else {
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

    /// Returns the draft with the type and the size that its files turned out to have, whatever it declares of them.
    pub(super) fn as_received(&self, request: &Id, draft: &Draft) -> Result<Draft, Failure> {
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

    pub(in crate::store::sqlite) fn remove_document(&self, request: &Id, document: &Id) -> Result<FileName, Refusal> {
        let draft = self.existing_draft(request)?;
        let file = self.file(request, document)?.ok_or(Refusal::Absent)?;
        let sql = "DELETE FROM documents WHERE request = ?1 AND id = ?2 AND owner = ?3";
        changed(self.connection, sql, params![request.as_str(), document.as_str(), self.owner()])?;
        self.recount(&draft)?;
        Ok(file)
    }
}
