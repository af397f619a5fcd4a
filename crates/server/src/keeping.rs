//! Days that pass, and all that they bring to requests and deliveries.

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::clock::months_before;
use crate::store::{Passed, StoreFailure};

/// Lets the clock do what is due. The numbers are in the log.
pub(crate) async fn let_days_pass(app: &App) -> Result<(), StoreFailure> {
    let Passed { events, told, erased, blanked, files } =
        app.store.let_days_pass(app.retention.keeping(), app.clock.now()).await?;
    app.files.remove(files).await;
    tracing::info!(events, told, erased, blanked, "days passed");
    let waiting = app.recoveries.tell_deciders(&app.mailer.deciders(), app.clock.now()).await?;
    if waiting > 0 {
        tracing::warn!(waiting, "calls for requests wait for a decision, and there is no address to tell it to");
    }
    Ok(())
}

/// Forgets deliveries whose time is over, and those of drafts and requests that are gone. Mails that are files go with them.
pub(crate) async fn forget_deliveries(app: &App, now: Timestamp) -> Result<(), StoreFailure> {
    let ended_before = months_before(now, app.retention.keep_deliveries_months);
    let attempted_before = months_before(now, app.retention.keep_attempts_months);
    let deliveries = app.outbox.forget(ended_before, attempted_before).await?;
    let files = forget_files(app).await?;
    tracing::info!(deliveries, files, "forgotten");
    Ok(())
}

/// Time after which the file of a mail that was not finished never will be.
const UNFINISHED_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// Removes the files of mails whose delivery is gone, and returns their number.
///
/// A crash leaves such files, and so does a mail that was tried and then told nothing any more.
async fn forget_files(app: &App) -> Result<usize, StoreFailure> {
    let broken = |error: std::io::Error| StoreFailure::Broken(error.kind().to_string());
    let unfinished = app.wall_clock.now().saturating_sub(UNFINISHED_LIFETIME).unwrap_or(Timestamp::MIN);
    // Files are listed first: whatever is written later is of a delivery that is there.
    let filed = app.mailer.tidy(unfinished.into()).await.map_err(broken)?;
    let gone = app.outbox.gone(filed).await?;
    for delivery in &gone {
        app.mailer.forget(delivery).await.map_err(broken)?;
    }
    Ok(gone.len())
}
