//! Deliveries: mails that are due leave the outbox, one after the other, until the server stops.

use std::time::Duration;

use habilitation_model::ClosedList;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::app::App;
use crate::mail::Sending;
use crate::store::StoreFailure;
use crate::store::outbox::{Attempt, Content, GIVEN_UP_AFTER, Leased, Material};
use crate::webhook;

/// Time between two looks into the outbox.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Time for which a delivery is leased: more than an attempt takes, with a silent relay too.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Wait after the first attempt. It doubles with each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// Longest wait between two attempts.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// Sends deliveries as they fall due, until the other end says that the server stops.
pub(crate) async fn deliver_forever(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        if let Err(error) = deliver_due(&app, &stop).await {
            tracing::error!(%error, "mails cannot be taken from the outbox; it will be tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.wait_for(|stops| *stops) => return,
        }
    }
}

/// Sends all that is due now.
pub(crate) async fn deliver_now(app: &App) -> Result<(), StoreFailure> {
    deliver_due(app, &watch::channel(false).1).await
}

/// Sends all that is due now, unless the server stops meanwhile.
async fn deliver_due(app: &App, stop: &watch::Receiver<bool>) -> Result<(), StoreFailure> {
    let _alone = app.delivering.lock().await;
    while !*stop.borrow() {
        let now = app.clock.now();
        let until = now.saturating_add(LEASE).unwrap_or(now);
        // One at a time: whatever is leased is attempted at once.
        let Some(delivery) = app.outbox.lease(now, until).await? else { break };
        match deliver(app, &delivery).await {
            Ok(()) => {}
            // One that cannot be read holds up no other.
            Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
                tracing::error!(delivery = delivery.id.as_str(), %failure, "a delivery cannot be settled");
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// Makes one attempt. A crash between the relay and the outbox repeats a mail; none is lost.
async fn deliver(app: &App, delivery: &Leased) -> Result<(), StoreFailure> {
    let Leased { id, content, attempt, tried_since, .. } = delivery;
    let sending = match app.outbox.material(id).await {
        Ok(material) => send(app, delivery, material.as_ref()).await,
        Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
            tracing::error!(delivery = id.as_str(), %failure, "a mail cannot be written");
            Sending::NotNow(None)
        }
        Err(failure) => return Err(failure),
    };
    let now = app.clock.now();
    let (outcome, code) = match sending {
        Sending::Taken => (Attempt::Sent, None),
        Sending::Refused(code) => (Attempt::Failed, code),
        Sending::NotNow(code) if tried_since.is_some_and(|since| now.duration_since(since) >= GIVEN_UP_AFTER) => {
            (Attempt::Failed, code)
        }
        Sending::NotNow(code) => (Attempt::Again(next_attempt(app, *attempt, now)), code),
    };
    let what = match content {
        Content::Mail(mail, _) => mail.as_str(),
        Content::Notice(notice) => notice.as_str(),
    };
    match outcome {
        Attempt::Sent => tracing::info!(delivery = id.as_str(), what, attempt, "delivered"),
        Attempt::Failed => tracing::error!(delivery = id.as_str(), what, attempt, code, "a delivery is given up"),
        Attempt::Again(_) => tracing::warn!(delivery = id.as_str(), what, attempt, code, "a delivery was not taken"),
    }
    app.outbox.settle(id, outcome, code, now).await
}

/// Sends a mail to the relay, or a notice to the partner.
async fn send(app: &App, delivery: &Leased, material: Option<&Material>) -> Sending {
    let Leased { id, content, due_at, .. } = delivery;
    match (content, material, &app.webhook) {
        (Content::Mail(mail, recipient), Some(material), _) => {
            let letter = app.mailer.letter(*mail, *recipient, material);
            app.mailer.send(id, letter, *due_at).await
        }
        (Content::Notice(notice), material, Some(webhook)) => {
            // Whoever gets it twice knows it by the identifier of its event.
            let notice_id = material.map_or(id, |material| &material.event.id);
            let body = webhook::body(*notice, material, *due_at);
            match webhook.send(notice_id.as_str(), body, app.wall_clock.now()).await {
                Ok(()) => Sending::Taken,
                Err(status) => Sending::NotNow(status),
            }
        }
        (Content::Mail(..), None, _) | (Content::Notice(_), _, None) => Sending::Refused(None),
    }
}

/// Returns the time of the attempt after one: later each time, and never at the same moment for many.
fn next_attempt(app: &App, attempt: u32, now: Timestamp) -> Timestamp {
    let mut byte = [0];
    // Without chance, the attempts of many mails come together: no harm to any of them.
    let _ = app.random.fill(&mut byte);
    now.saturating_add(wait(attempt, byte[0])).unwrap_or(now)
}

/// Returns the wait after an attempt, shortened by up to a fifth by chance.
fn wait(attempt: u32, chance: u8) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(16);
    let whole = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    whole - whole / 5 * i32::from(chance) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours_and_differ_by_chance() {
        let minutes = |attempt| wait(attempt, 0).as_mins();
        assert_eq!([1, 2, 3, 8, 9, 10, 40, u32::MAX].map(minutes), [1, 2, 4, 128, 256, 360, 360, 360]);
        assert_eq!(wait(1, 255).as_secs(), 48);
        assert!(wait(1, 128) < wait(1, 0) && wait(1, 128) > wait(1, 255));
    }
}
