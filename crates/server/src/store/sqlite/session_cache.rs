//! Sessions that were read lately, so that not every call reads them from the database. One process alone uses the file, so the
//! cache sees every change.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::store::{OpenSession, SessionKey};

/// Most sessions that are remembered; then all are forgotten, and read again when they are needed.
const CAPACITY: usize = 10_000;

/// Cache of sessions.
#[derive(Default)]
pub(super) struct SessionCache(Mutex<Known>);

#[derive(Default)]
struct Known {
    sessions: HashMap<SessionKey, OpenSession>,
    /// Number of times that entries were removed.
    epoch: u64,
}

impl SessionCache {
    pub(super) fn get(&self, key: &SessionKey) -> Option<OpenSession> {
        self.lock().sessions.get(key).cloned()
    }

    /// Returns the epoch, to be read before the database is.
    pub(super) fn epoch(&self) -> u64 {
        self.lock().epoch
    }

    /// Remembers a session as the database gave it, unless an entry was removed since `epoch`: it may be this very session,
    /// ended in the meantime.
    pub(super) fn remember(&self, key: SessionKey, session: OpenSession, epoch: u64) {
        let mut known = self.lock();
        if known.epoch != epoch {
            return;
        }
        if known.sessions.len() >= CAPACITY {
            known.sessions.clear();
        }
        known.sessions.insert(key, session);
    }

    /// Removes a session, once the database has changed it and before the call is answered.
    pub(super) fn forget(&self, key: &SessionKey) {
        let mut known = self.lock();
        known.epoch += 1;
        known.sessions.remove(key);
    }

    /// Removes a session and those that it granted, once the database has ended them and before the call is answered.
    pub(super) fn forget_with_granted(&self, key: &SessionKey) {
        let mut known = self.lock();
        known.epoch += 1;
        let is_granted =
            |session: &OpenSession| session.portal_access.as_ref().is_some_and(|access| access.issued_by == *key);
        known.sessions.retain(|known, session| known != key && !is_granted(session));
    }

    pub(super) fn forget_all(&self) {
        let mut known = self.lock();
        known.epoch += 1;
        known.sessions.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use habilitation_model::wire::{Organisation, User};
    use jiff::Timestamp;

    use super::*;
    use crate::store::Device;

    const KEY: SessionKey = SessionKey([1; 32]);

    fn session() -> OpenSession {
        let user = User {
            id: "alice".to_owned(),
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            phone: String::new(),
            job_title: String::new(),
        };
        let organisation = Organisation { siret: String::new(), name: String::new(), kind: None };
        let at = Timestamp::UNIX_EPOCH;
        OpenSession {
            user,
            organisation,
            opened_at: at,
            seen_at: at,
            device: Device::default(),
            portal_access: None,
            identification: None,
        }
    }

    #[test]
    fn what_was_closed_while_it_was_being_read_is_not_remembered() {
        let known = SessionCache::default();
        let epoch = known.epoch();
        known.forget(&KEY);
        known.remember(KEY, session(), epoch);
        assert_eq!(known.get(&KEY), None);
        known.remember(KEY, session(), known.epoch());
        assert_eq!(known.get(&KEY), Some(session()));
        known.forget_all();
        assert_eq!(known.get(&KEY), None);
    }
}
