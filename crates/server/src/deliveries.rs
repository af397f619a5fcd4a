//! Deliveries: what is due leaves the outbox, one mail and one notice after the other, until the server stops.

use std::time::Duration;

use habilitation_model::ClosedList;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use crate::app::App;
use crate::lanes::{self, Lane};
use crate::mail::Sending;
use crate::metering;
use crate::store::StoreFailure;
use crate::store::outbox::{Attempt, Channel, Content, GIVEN_UP_AFTER, Leased, Material};
use crate::webhook;

/// Time between two looks into the outbox.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Time for which a delivery is leased: more than an attempt takes, with a silent relay too.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Wait after the first attempt. It doubles with each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// Longest wait between two attempts.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);
/// Attempts in vain after which the operator is told of a notice, and of a way that is closed.
const OPERATOR_TOLD_AT: u32 = 5;

/// Sends deliveries as they fall due, each channel for itself, until the other end says that the server stops.
pub(crate) async fn deliver_forever(app: App, stop: watch::Receiver<bool>) {
    let [mails, notices] = app.lanes.all();
    tokio::join!(deliver_through(&app, mails, stop.clone()), deliver_through(&app, notices, stop));
}

async fn deliver_through(app: &App, lane: &Lane, mut stop: watch::Receiver<bool>) {
    loop {
        if lane.channel() == Channel::Mails
            && let Err(error) = app.recoveries.look_up(app.clock.now()).await
        {
            tracing::error!(%error, "calls for requests cannot be looked up; it will be tried again");
        }
        if let Err(error) = deliver_due(app, lane, &stop).await {
            let channel = lane.channel().as_str();
            tracing::error!(channel, %error, "nothing can be taken from the outbox; it will be tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.wait_for(|stops| *stops) => return,
        }
    }
}

/// Looks up what is asked for, and sends all that is due now.
pub(crate) async fn deliver_now(app: &App) -> Result<(), StoreFailure> {
    app.recoveries.look_up(app.clock.now()).await?;
    let never = watch::channel(false).1;
    let [mails, notices] = app.lanes.all();
    let (mails, notices) = tokio::join!(deliver_due(app, mails, &never), deliver_due(app, notices, &never));
    mails.and(notices)
}

/// Sends all that is due now through a lane, unless the server stops meanwhile, or the way is closed.
async fn deliver_due(app: &App, lane: &Lane, stop: &watch::Receiver<bool>) -> Result<(), StoreFailure> {
    // Those who wait find the work done.
    let mut back_off = lane.take_turn().await;
    while !*stop.borrow() {
        let now = app.clock.now();
        if back_off.lasts(now) {
            break;
        }
        let until = now.saturating_add(LEASE).unwrap_or(now);
        // One at a time: whatever is leased is attempted at once.
        let Some(delivery) = app.outbox.lease(lane.channel(), now, until).await? else { break };
        match deliver(app, &delivery).await {
            Ok(Sending::Closed(_)) => {
                let failures =
                    back_off.begin(|failures| next_attempt(app, failures, lanes::LONGEST_WAIT, app.clock.now()));
                let given_up = app.outbox.pass_over(lane.channel(), app.clock.now()).await?;
                tracing::warn!(channel = lane.channel().as_str(), failures, given_up, "a way out is closed");
                if failures >= OPERATOR_TOLD_AT {
                    tell_operator(app, &delivery).await?;
                }
                break;
            }
            Ok(Sending::NotNow(None) | Sending::Refused(None)) => {}
            Ok(Sending::Taken | Sending::NotNow(Some(_)) | Sending::Refused(Some(_))) => back_off.end(),
            // One that cannot be read holds up no other.
            Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
                tracing::error!(delivery = delivery.id.as_str(), %failure, "a delivery cannot be settled");
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// Makes one attempt, and returns its outcome. A crash between the relay and the outbox repeats a mail; none is lost.
async fn deliver(app: &App, delivery: &Leased) -> Result<Sending, StoreFailure> {
    let Leased { id, content, attempt, tried_since, .. } = delivery;
    let sending = match send(app, delivery).await {
        Ok(sending) => sending,
        Err(failure @ (StoreFailure::Broken(_) | StoreFailure::Newer)) => {
            tracing::error!(delivery = id.as_str(), %failure, "a mail cannot be written");
            Sending::NotNow(None)
        }
        Err(failure) => return Err(failure),
    };
    let now = app.clock.now();
    let (outcome, code) = match sending {
        Sending::Taken if matches!(content, Content::Mail(..)) && !app.mailer.has_relay() => (Attempt::Filed, None),
        Sending::Taken => (Attempt::Sent, None),
        Sending::Refused(code) => (Attempt::Failed, code),
        Sending::NotNow(code) | Sending::Closed(code)
            if tried_since.is_some_and(|since| now.duration_since(since) >= GIVEN_UP_AFTER) =>
        {
            // A mailbox that is never ready keeps nothing from its end; a way that was closed does.
            let is_of_mailbox = matches!(sending, Sending::NotNow(Some(_)));
            (if is_of_mailbox { Attempt::Failed } else { Attempt::GivenUp }, code)
        }
        Sending::NotNow(code) | Sending::Closed(code) => {
            (Attempt::Again(next_attempt(app, *attempt, LONGEST_WAIT, now)), code)
        }
    };
    let what = match content {
        Content::Mail(mail, _) => mail.as_str(),
        Content::Notice(notice) => notice.as_str(),
    };
    let told = match outcome {
        Attempt::Sent | Attempt::Filed => "sent",
        Attempt::Failed => "refused",
        Attempt::GivenUp => "given_up",
        Attempt::Again(_) => "again",
    };
    let channel = match content {
        Content::Mail(..) => Channel::Mails,
        Content::Notice(_) => Channel::Notices,
    };
    metering::count_attempt(channel.as_str(), told);
    match outcome {
        Attempt::Sent | Attempt::Filed => tracing::info!(delivery = id.as_str(), what, attempt, "delivered"),
        Attempt::Failed | Attempt::GivenUp => {
            tracing::error!(delivery = id.as_str(), what, attempt, code, "a delivery is given up");
        }
        Attempt::Again(_) => tracing::warn!(delivery = id.as_str(), what, attempt, code, "a delivery was not taken"),
    }
    app.outbox.settle(id, outcome, code, now).await?;
    if !matches!(outcome, Attempt::Sent | Attempt::Filed) && *attempt >= OPERATOR_TOLD_AT {
        tell_operator(app, delivery).await?;
    }
    Ok(sending)
}

/// Writes to the operator, where there is one, that a notice is not taken.
async fn tell_operator(app: &App, delivery: &Leased) -> Result<(), StoreFailure> {
    match delivery.content {
        Content::Notice(_) if app.mailer.has_operator() => {
            app.outbox.tell_operator(&delivery.id, app.clock.now()).await
        }
        _ => Ok(()),
    }
}

/// Sends a mail to the relay, or a notice to the partner.
async fn send(app: &App, delivery: &Leased) -> Result<Sending, StoreFailure> {
    let Leased { id, content, due_at, .. } = delivery;
    if let Content::Mail(mail, _) = content
        && mail.tells_of_days()
    {
        return Ok(match app.outbox.outlook(id, app.mailer.keeping()).await? {
            Some(material) => app.mailer.send(id, app.mailer.outlook(*mail, &material), *due_at).await,
            None => Sending::Refused(None),
        });
    }
    if let Content::Mail(mail, _) = content
        && mail.is_personal()
    {
        return Ok(match app.outbox.personal(id).await? {
            Some(material) => app.mailer.send(id, app.mailer.personal(*mail, &material), *due_at).await,
            None => Sending::Refused(None),
        });
    }
    let material: Option<Material> = app.outbox.material(id).await?;
    Ok(match (content, &material, &app.webhook) {
        (Content::Mail(mail, recipient), Some(material), _) => {
            let letter = app.mailer.letter(*mail, *recipient, material);
            app.mailer.send(id, letter, *due_at).await
        }
        (Content::Notice(notice), material, Some(webhook)) => {
            // Whoever gets it twice knows it by the identifier of its event.
            let notice_id = material.as_ref().map_or(id, |material| &material.event.id);
            let body = webhook::body(*notice, material.as_ref(), *due_at);
            match webhook.send(notice_id.as_str(), body, app.wall_clock.now()).await {
                Ok(()) => Sending::Taken,
                Err(Some(status)) => Sending::NotNow(Some(status)),
                Err(None) => Sending::Closed(None),
            }
        }
        (Content::Mail(..), None, _) | (Content::Notice(_), _, None) => Sending::Refused(None),
    })
}

/// Returns the time of the attempt after one: later each time, and never at the same moment for many.
fn next_attempt(app: &App, attempt: u32, longest: SignedDuration, now: Timestamp) -> Timestamp {
    let mut byte = [0];
    // Without chance, the attempts of many mails come together: no harm to any of them.
    let _ = app.random.fill(&mut byte);
    now.saturating_add(wait(attempt, longest, byte[0])).unwrap_or(now)
}

/// Returns the wait after an attempt, shortened by up to a fifth by chance.
fn wait(attempt: u32, longest: SignedDuration, chance: u8) -> SignedDuration {
    let doublings = attempt.saturating_sub(1).min(16);
    let whole = FIRST_WAIT.saturating_mul(1 << doublings).min(longest);
    whole - whole / 5 * i32::from(chance) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_six_hours_and_differ_by_chance() {
        let minutes = |attempt| wait(attempt, LONGEST_WAIT, 0).as_mins();
        assert_eq!([1, 2, 3, 8, 9, 10, 40, u32::MAX].map(minutes), [1, 2, 4, 128, 256, 360, 360, 360]);
        assert_eq!(wait(1, LONGEST_WAIT, 255).as_secs(), 48);
        assert!(
            wait(1, LONGEST_WAIT, 128) < wait(1, LONGEST_WAIT, 0)
                && wait(1, LONGEST_WAIT, 128) > wait(1, LONGEST_WAIT, 255)
        );
    }
}
