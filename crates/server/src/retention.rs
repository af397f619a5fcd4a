//! Purge of expired data: drafts that nobody touches, tombstones of deleted ones, documents that no draft lists, sessions that have
//! ended, grants that no portal claimed, and files to which nothing refers.

use habilitation_model::lifecycle::deadline::Keeping;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::app::App;
use crate::routes::embed;
use crate::store::{PurgeCutoff, Purged, StoreFailure};

/// Time for which a document is kept that its draft no longer lists, so that the person can undo.
const UNLISTED_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// Months for which is kept what became of a mail.
const DELIVERY_MONTHS: u32 = 12;
/// Months for which the attempts to deliver one are kept.
const ATTEMPT_MONTHS: u32 = 3;

/// Purges once, then lets the clock do what is due. The numbers are in the log.
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
    let purged = app.store.purge(&cutoff, now).await?;
    app.files.remove(purged.files.clone()).await;

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
    app.files.remove(orphans).await;

    app.call_rate.forget_idle();
    app.sign_ins.forget_idle();
    app.grants.forget_idle();
    app.claims.forget_idle();
    let attempted_before = months_before(now, ATTEMPT_MONTHS);
    let mails = app.outbox.forget(months_before(now, DELIVERY_MONTHS), attempted_before).await?;
    for mail in &mails {
        app.mailer.forget(mail).await;
    }
    let mails = mails.len();
    // Last, so that a history that cannot be read keeps nothing from being purged.
    let events = app.store.let_days_pass(Keeping::default(), now).await?;
    let Purged { drafts, tombstones, documents, sessions, grants, .. } = purged;
    tracing::info!(drafts, tombstones, documents, sessions, grants, lost_files, mails, events, "purged");
    Ok(())
}

/// Months of the calendar, in UTC: the 31st minus one month is the last day of the month before.
fn months_before(now: Timestamp, months: u32) -> Timestamp {
    let span = Span::new().try_months(months);
    span.and_then(|span| now.to_zoned(TimeZone::UTC).checked_sub(span)).map_or(Timestamp::MIN, |then| then.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(months_before(at("2026-11-22T10:00:00Z"), 12), at("2025-11-22T10:00:00Z"));
        assert_eq!(months_before(at("2027-03-31T10:00:00Z"), 1), at("2027-02-28T10:00:00Z"));
    }
}
