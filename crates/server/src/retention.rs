//! Purge of expired data: drafts that nobody touches, tombstones of deleted ones, documents that no draft lists, sessions that have
//! ended, grants that no portal claimed, and files to which nothing refers.

use std::io;

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::clock::months_before;
use crate::keeping::{forget_deliveries, let_days_pass};
use crate::metering;
use crate::routes::embed;
use crate::store::{PurgeCutoff, Purged, StoreFailure};

/// Time for which a document is kept that its draft no longer lists, so that the person can undo.
const UNLISTED_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// Lets the clock do what is due, and purges once. The numbers are in the log.
pub(crate) async fn purge(app: &App) -> Result<(), StoreFailure> {
    let now = app.clock.now();
    let before = |now: Timestamp, duration| now.saturating_sub(duration).unwrap_or(Timestamp::MIN);
    let ago = |duration| before(app.wall_clock.now(), duration);
    let cutoff = PurgeCutoff {
        drafts: months_before(now, app.retention.keep_drafts_months),
        tombstones: months_before(now, app.retention.tombstone_months()),
        documents: before(now, UNLISTED_LIFETIME),
        accounts: months_before(app.wall_clock.now(), app.retention.keep_drafts_months),
        sessions_opened: ago(app.lifetimes.ours.absolute),
        sessions_seen: ago(app.lifetimes.ours.idle),
        portal_sessions_opened: ago(app.lifetimes.portals.absolute),
        portal_sessions_seen: ago(app.lifetimes.portals.idle),
        grants: ago(embed::GRANT_LIFETIME),
    };
    // First, so that what is erased leaves the journal with what is purged. Its failure keeps nothing from being purged.
    let passed = let_days_pass(app).await;
    let purged = app.store.purge(&cutoff, now).await?;
    let removed = app.files.try_remove(purged.files.clone()).await;
    let swept = sweep(app, cutoff.documents, ago(UNLISTED_LIFETIME)).await?;

    app.call_rate.forget_idle();
    app.sign_ins.forget_idle();
    app.grants.forget_idle();
    app.claims.forget_idle();
    let Purged { drafts, tombstones, documents, sessions, grants, people, invitations, .. } = purged;
    let lost_files = swept.as_ref().copied().unwrap_or_default();
    tracing::info!(drafts, tombstones, documents, sessions, grants, people, invitations, lost_files, "purged");
    forget_deliveries(app, now).await?;
    removed.and(swept).map_err(|error| {
        metering::count_storage_failure("purge");
        StoreFailure::Broken(error.kind().to_string())
    })?;
    passed
}

/// Removes files to which nothing refers, and clears uploads that nobody finished. Returns the number of those files, or why
/// the store of documents does not do it.
///
/// A crash between that store and the database leaves such files. A young one may be on its way, and so may an upload.
async fn sweep(app: &App, files: Timestamp, uploads: Timestamp) -> Result<io::Result<usize>, StoreFailure> {
    let (mut lost, mut removed, mut after) = (0, Ok(()), None);
    loop {
        let (old, next) = match app.files.older_than(files, after.as_ref()).await {
            Err(error) => return Ok(Err(error)),
            Ok(page) => page,
        };
        let orphans = app.store.orphans(&old).await?;
        lost += orphans.len();
        removed = removed.and(app.files.try_remove(orphans).await);
        match next {
            None => break,
            next => after = next,
        }
    }
    Ok(removed.and(app.files.clear_unfinished(uploads).await).map(|()| lost))
}
