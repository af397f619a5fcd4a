//! Days that pass, and all that they bring to requests and deliveries.

use jiff::Timestamp;

use crate::app::App;
use crate::clock::months_before;
use crate::store::{Passed, StoreFailure};

/// Lets the clock do what is due. The numbers are in the log.
pub(crate) async fn let_days_pass(app: &App) -> Result<(), StoreFailure> {
    let Passed { events, told, erased, blanked, files } =
        app.store.let_days_pass(app.retention.keeping(), app.clock.now()).await?;
    app.files.remove(files).await;
    tracing::info!(events, told, erased, blanked, "days passed");
    Ok(())
}

/// Forgets deliveries whose time is over, and those of drafts and requests that are gone. Mails that are files go with them.
pub(crate) async fn forget_deliveries(app: &App, now: Timestamp) -> Result<(), StoreFailure> {
    let ended_before = months_before(now, app.retention.keep_deliveries_months);
    let attempted_before = months_before(now, app.retention.keep_attempts_months);
    let forgotten = app.outbox.forget(ended_before, attempted_before).await?;
    for delivery in &forgotten {
        app.mailer.forget(delivery).await;
    }
    tracing::info!(deliveries = forgotten.len(), "forgotten");
    Ok(())
}
