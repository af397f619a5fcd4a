//! Purge of expired data: drafts that nobody touches, tombstones of deleted ones, documents that no draft lists, sessions that have
//! ended, grants that no portal claimed, and files to which nothing refers.

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::clock::months_before;
use crate::keeping::{forget_deliveries, let_days_pass};
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

    // A crash between the disk and the database leaves a file that nothing refers to. A young one may be on its way.
    let search = tokio::task::spawn_blocking({
        let app = app.clone();
        move || app.files.older_than(cutoff.documents)
    });
    let old = search
        .await
        .unwrap_or_else(|error| Err(error.into()))
        .map_err(|error| StoreFailure::Broken(error.kind().to_string()))?;
    let orphans = app.store.orphans(&old).await?;
    let lost_files = orphans.len();
    let removed = removed.and(app.files.try_remove(orphans).await);

    app.call_rate.forget_idle();
    app.sign_ins.forget_idle();
    app.grants.forget_idle();
    app.claims.forget_idle();
    let Purged { drafts, tombstones, documents, sessions, grants, people, invitations, .. } = purged;
    tracing::info!(drafts, tombstones, documents, sessions, grants, people, invitations, lost_files, "purged");
    forget_deliveries(app, now).await?;
    removed.map_err(|error| StoreFailure::Broken(error.kind().to_string()))?;
    passed
}
