//! Creating, changing and deleting drafts.

use std::collections::HashSet;

use habilitation_model::wire::{RequestSummary, State, StoredRequest};
use habilitation_model::{Draft, Id, SCHEMA};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use super::list_columns::ListColumns;
use super::{DraftSnapshot, Occupant, OwnerScope};
use crate::clock::paris_day;
use crate::files::FileName;
use crate::store::sqlite::erasing;
use crate::store::sqlite::outbox;
use crate::store::sqlite::values::{EARLIER_LENGTH, changed, corrupt, json, milliseconds};
use crate::store::{Expected, Outcome, Quota, Quotas, Saved, StoreFailure, StoreRefusal};

/// Save that was checked and is ready to be made.
pub(in crate::store::sqlite) struct PreparedSave {
    json: String,
    columns: ListColumns,
    /// The documents that the draft lists.
    listed: HashSet<Id>,
    /// None for a new draft.
    snapshot: Option<DraftSnapshot>,
    /// State in which the request stays.
    state: State,
    /// Number, once the request was submitted.
    number: Option<String>,
}

impl OwnerScope<'_> {
    pub(in crate::store::sqlite) fn prepare_save(
        &self,
        id: &Id,
        draft: &Draft,
        expected: &Expected,
    ) -> Result<PreparedSave, StoreRefusal> {
        let (snapshot, state, number) = match self.occupant(id)? {
            Occupant::Foreign => return Err(StoreRefusal::Absent),
            Occupant::Deleted => return Err(StoreRefusal::Deleted),
            Occupant::Request { state, .. } if !state.is_editable() => return Err(StoreRefusal::Submitted),
            // Members that this version does not know would be lost.
            Occupant::Request { schema, .. } if schema > SCHEMA => return Err(StoreFailure::Newer.into()),
            Occupant::Request { state, revision, saved_at, number, .. } => {
                check_precondition(expected, Some((revision, &saved_at)), || self.whole(id))?;
                (Some(DraftSnapshot { revision, saved_at, documents: self.files(id)? }), state, number)
            }
            Occupant::Free => {
                check_precondition(expected, None, || Ok(None))?;
                (None, State::Draft, None)
            }
        };
        let columns = ListColumns::of(draft, &snapshot.as_ref().map(DraftSnapshot::arrived).unwrap_or_default());
        let listed = draft.documents().map(|document| document.id.clone()).collect();
        Ok(PreparedSave { json: json(draft)?, columns, listed, snapshot, state, number })
    }

    /// Makes a save; returns none if the draft changed in the meantime.
    pub(in crate::store::sqlite) fn save(
        &self,
        id: &Id,
        save: &PreparedSave,
        quotas: &Quotas,
        at: Timestamp,
    ) -> Result<Option<Saved>, StoreRefusal> {
        match &save.snapshot {
            Some(snapshot) if self.is_unchanged(id, snapshot)? => {
                self.check_text_quota(id, save, quotas)?;
                Ok(Some(Saved::Changed(self.change(id, snapshot, save, at)?)))
            }
            None if matches!(self.occupant(id)?, Occupant::Free) => {
                if self.drafts_reach(quotas.drafts)? {
                    return Err(StoreRefusal::QuotaReached(Quota::Drafts));
                }
                if self.tombstones_reach(quotas.tombstones)? {
                    return Err(StoreRefusal::QuotaReached(Quota::Tombstones));
                }
                self.check_text_quota(id, save, quotas)?;
                Ok(Some(Saved::Created(self.create(id, save, at)?)))
            }
            _ => Ok(None),
        }
    }

    /// Refuses a save that exceeds the quota of text, unless it makes the draft shorter.
    fn check_text_quota(&self, id: &Id, save: &PreparedSave, quotas: &Quotas) -> Result<(), StoreRefusal> {
        let number = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| -> Result<u64, StoreFailure> {
            let found = self.connection.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
            Ok(found.unwrap_or_default())
        };
        let before = number(
            "SELECT octet_length(draft) FROM requests WHERE id = ?1 AND owner = ?2",
            &[&id.as_str(), &self.owner()],
        )?;
        let after = u64::try_from(save.json.len()).unwrap_or(u64::MAX);
        let all = number("SELECT bytes FROM kept WHERE owner = ?1", &[&self.owner()])?;
        if after > before && all.saturating_add(after - before) > quotas.text_of_owner {
            return Err(StoreRefusal::QuotaReached(Quota::TextOfOwner));
        }
        Ok(())
    }

    fn drafts_reach(&self, most: u32) -> Result<bool, StoreFailure> {
        self.rows_reach(
            "SELECT 1 FROM requests WHERE owner = ?1 AND state = 'draft' AND number IS NULL LIMIT 1 OFFSET ?2",
            most,
        )
    }

    fn tombstones_reach(&self, most: u32) -> Result<bool, StoreFailure> {
        self.rows_reach("SELECT 1 FROM deleted WHERE owner = ?1 LIMIT 1 OFFSET ?2", most)
    }

    /// Returns whether the owner has at least `most` rows. The query takes the owner and the number of rows to pass over.
    fn rows_reach(&self, sql: &str, most: u32) -> Result<bool, StoreFailure> {
        match most.checked_sub(1) {
            Some(before) => Ok(self.connection.prepare_cached(sql)?.exists(params![self.owner(), before])?),
            None => Ok(true),
        }
    }

    fn create(&self, id: &Id, save: &PreparedSave, at: Timestamp) -> Result<RequestSummary, StoreFailure> {
        let columns = &save.columns;
        changed(
            self.connection,
            "INSERT INTO requests
                (id, owner, portal, siren, state, schema, revision, created_at, updated_at, errors, name, organisation,
                 search, draft)
             VALUES
                (:id, :owner, :portal, :siren, 'draft', :schema, 1, :at, :at, :errors, :name, :organisation, :search,
                 :draft)",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":portal": self.portal(), ":siren": self.owner.siren(),
                ":schema": SCHEMA,
                ":at": milliseconds(at), ":errors": columns.errors, ":name": columns.name, ":organisation": columns.organisation,
                ":search": columns.search(None), ":draft": save.json,
            },
        )?;
        Ok(columns.summary(id, 1, at))
    }

    fn change(
        &self,
        id: &Id,
        snapshot: &DraftSnapshot,
        save: &PreparedSave,
        at: Timestamp,
    ) -> Result<RequestSummary, StoreFailure> {
        self.note_listed(id, snapshot, &save.listed, at)?;
        let (columns, revision) = (&save.columns, snapshot.revision + 1);
        changed(
            self.connection,
            "UPDATE requests
             SET schema = :schema, revision = :revision, updated_at = :at, errors = :errors, name = :name,
                 organisation = :organisation, search = :search, draft = :draft,
                 earlier = substr(updated_at || ' ' || earlier, 1, :earlier)
             WHERE id = :id AND owner = :owner",
            named_params! {
                ":id": id.as_str(), ":owner": self.owner(), ":schema": SCHEMA, ":revision": revision,
                ":at": milliseconds(at), ":errors": columns.errors, ":name": columns.name,
                ":organisation": columns.organisation, ":search": columns.search(save.number.as_deref()),
                ":draft": save.json, ":earlier": EARLIER_LENGTH,
            },
        )?;
        self.note_saving(id, revision)?;
        let (state, number) = (save.state, save.number.clone());
        let mut summary = RequestSummary { state, number, ..columns.summary(id, revision, at) };
        self.follow_in_list(&mut summary, paris_day(at))?;
        Ok(summary)
    }

    /// Notes who saved a revision, for the others who edit the draft: where there are none, nobody asks.
    fn note_saving(&self, request: &Id, revision: u64) -> Result<(), StoreFailure> {
        let sql = "INSERT INTO saves (request, revision, person)
                   SELECT id, ?2, ?3 FROM requests
                   WHERE id = ?1 AND ?3 <> '' AND EXISTS (SELECT 1 FROM participants WHERE request = ?1)
                   ON CONFLICT (request) DO UPDATE SET revision = excluded.revision, person = excluded.person";
        changed(self.connection, sql, params![request.as_str(), revision, self.caller])?;
        Ok(())
    }

    /// Notes the documents that the draft lists, and the time since which it does not list the others.
    pub(super) fn note_listed(
        &self,
        request: &Id,
        snapshot: &DraftSnapshot,
        listed: &HashSet<Id>,
        at: Timestamp,
    ) -> Result<(), StoreFailure> {
        for (document, _) in &snapshot.documents {
            let unlisted = !listed.contains(document);
            changed(
                self.connection,
                "UPDATE documents SET unlisted_since = iif(:unlisted, coalesce(unlisted_since, :at), NULL)
                 WHERE request = :request AND id = :id AND owner = :owner",
                named_params! {
                    ":request": request.as_str(), ":id": document.as_str(), ":owner": self.owner(),
                    ":unlisted": unlisted, ":at": milliseconds(at),
                },
            )?;
        }
        Ok(())
    }

    pub(in crate::store::sqlite) fn prepare_deletion(
        &self,
        id: &Id,
        expected: &Expected,
    ) -> Result<PreparedDeletion, StoreRefusal> {
        let draft = self.existing(id)?;
        if draft.number.is_some() {
            return Err(StoreRefusal::WrongState(draft.state));
        }
        check_precondition(expected, Some((draft.revision, &draft.updated_at)), || Ok(Some(draft.clone())))?;
        Ok(PreparedDeletion(self.snapshot_of(&draft)?))
    }

    /// Deletes a draft; returns none if it changed in the meantime.
    pub(in crate::store::sqlite) fn delete(
        &self,
        id: &Id,
        PreparedDeletion(snapshot): &PreparedDeletion,
        at: Timestamp,
    ) -> Result<Option<Vec<FileName>>, StoreRefusal> {
        if !self.is_unchanged(id, snapshot)? {
            return Ok(None);
        }
        Ok(Some(delete_request(self.connection, self.owner(), id.as_str(), at)?))
    }
}

/// Deletion that was checked and is ready to be made.
pub(in crate::store::sqlite) struct PreparedDeletion(DraftSnapshot);

/// Checks the precondition of a change against the stored revision and its time. Reads the request where it is stale only.
pub(super) fn check_precondition(
    expected: &Expected,
    current: Option<(u64, &str)>,
    read: impl FnOnce() -> Result<Option<Box<StoredRequest>>, StoreFailure>,
) -> Result<(), StoreRefusal> {
    match expected.check(current) {
        Outcome::Holds => Ok(()),
        Outcome::Fails => Err(StoreRefusal::Stale(read()?)),
        Outcome::Unconditional => Err(StoreRefusal::Unconditional),
    }
}

/// Deletes a request with its documents, leaves its tombstone, and returns the files that are left over.
pub(in crate::store::sqlite) fn delete_request(
    connection: &Connection,
    owner: &str,
    id: &str,
    at: Timestamp,
) -> Result<Vec<FileName>, StoreFailure> {
    let sql = "SELECT file FROM documents WHERE request = ?1 AND owner = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let names = statement.query_map(params![id, owner], |row| row.get::<_, String>(0))?;
    let mut files = Vec::new();
    for name in names {
        files.push(FileName::parse(&name?).ok_or_else(|| corrupt("a file name"))?);
    }
    let sql = "INSERT INTO deleted (id, owner, deleted_at, portal)
               SELECT id, owner, ?3, portal FROM requests WHERE id = ?1 AND owner = ?2";
    changed(connection, sql, params![id, owner, milliseconds(at)])?;
    outbox::let_go(connection, id)?;
    erasing::delete_events(connection, id)?;
    // What else refers to it goes with it.
    changed(connection, "DELETE FROM requests WHERE id = ?1 AND owner = ?2", params![id, owner])?;
    Ok(files)
}
