//! Mails and notices: neither holds the other up, and a way that is closed is tried now and then, not by each of those that wait.

use habilitation_model::wire::{CaughtMail, DeliveryState, EventList, Kind, Mail, Recipient};
use jiff::SignedDuration;
use serde_json::json;

use super::partner::{self, Partner};
use super::relay::{Answer, Relay};
use super::{BOUNCE_SECRET, DELIVERIES, act, caught, done, listed, message_id, received, sending_to, submitted};
use crate::app::{Builder, TestApp, address};
use habilitation_fixtures::{id, named, ready};

/// Adds a partner to a server to come.
fn with_partner(builder: Builder, partner: &Partner) -> Builder {
    let url = format!("http://{}/webhook", partner.address());
    builder.with(|settings| {
        settings.webhook.webhook_url = Some(url.parse().unwrap());
        settings.webhook.webhook_secret = vec![partner::SECRET.parse().unwrap()];
    })
}

/// Waits until the partner was called, while the clock stands still.
async fn called(partner: &Partner, count: usize) {
    for _ in 0..500 {
        if partner.calls().len() >= count {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{} of {count} calls came", partner.calls().len());
}

#[tokio::test]
async fn a_notice_leaves_while_the_relay_keeps_a_mail_waiting() {
    let (relay, partner) = (Relay::start().await, Partner::start().await);
    let app = with_partner(sending_to(&relay), &partner).start().await;
    submitted(&app).await;
    received(&relay, 2).await;
    app.deliver().await;
    relay.answers(Answer::Silence);
    let claire = app.sign_in("claire").await;
    done(act(&claire, 101, 2, &json!({"kind": "accepted", "seen": 1}))).await;
    received(&relay, 3).await;
    called(&partner, 1).await;
    assert_eq!(relay.messages().len(), 3, "the other mails wait for the first one");
}

#[tokio::test]
async fn where_the_relay_is_closed_one_mail_in_a_turn_tries_it_and_the_others_wait_with_it() {
    let relay = Relay::start().await;
    for _ in 0..20 {
        relay.refuses("CONNECT", "421 closed");
    }
    let app = sending_to(&relay).start().await;
    for (number, person) in [(1, "noemie"), (2, "lucie"), (3, "karim")] {
        let who = app.sign_in(person).await;
        who.create(&id(number), &ready()).await;
        who.submit(&id(number), 1).await;
    }
    app.deliver().await;
    assert_eq!(relay.refusals_left(), 19, "six mails wait");
    app.deliver().await;
    assert_eq!(relay.refusals_left(), 19, "it is left alone for a minute");
    app.wait(SignedDuration::from_mins(1));
    app.deliver().await;
    assert_eq!(relay.refusals_left(), 18);
    app.wait(SignedDuration::from_mins(1));
    app.deliver().await;
    assert_eq!(relay.refusals_left(), 18, "and longer each time");
    for left in (8..18).rev() {
        app.wait(SignedDuration::from_mins(10));
        app.deliver().await;
        assert_eq!(relay.refusals_left(), left, "but ten minutes at most");
    }
    // An examiner who asks for a mail does not wait that long.
    let claire = app.sign_in("claire").await;
    let waiting = listed(&claire, "?state=waiting").await.deliveries;
    let tried = waiting.iter().find(|waiting| !waiting.attempts.is_empty()).unwrap();
    let retry = claire.call("POST", &format!("{DELIVERIES}/{}/retry", tried.id)).send().await;
    assert_eq!(retry.status, 202);
    app.deliver().await;
    assert_eq!(relay.refusals_left(), 7);

    for _ in 0..7 {
        app.wait(SignedDuration::from_mins(10));
        app.deliver().await;
    }
    app.wait(SignedDuration::from_hours(7));
    app.deliver().await;
    assert_eq!(relay.messages().len(), 6, "each arrives once");
}

#[tokio::test]
async fn what_waits_for_three_days_before_a_closed_way_is_given_up_though_it_never_had_its_turn() {
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    relay.goes_down().await;
    let noemie = submitted(&app).await;
    app.deliver().await;
    app.wait(SignedDuration::from_hours(71));
    app.deliver().await;
    let claire = app.sign_in("claire").await;
    assert_eq!(listed(&claire, "?state=waiting").await.deliveries.len(), 2);
    app.wait(SignedDuration::from_hours(7));
    app.deliver().await;
    app.wait(SignedDuration::from_hours(7));
    app.deliver().await;
    let claire = app.sign_in("claire").await;
    assert_eq!(listed(&claire, "?state=failed").await.deliveries.len(), 2);
    drop(noemie);
    let noemie = app.sign_in("noemie").await;
    let events = noemie.get(&format!("{}/events", address(&id(1)))).await.read::<EventList>().events;
    assert_eq!(events.iter().filter(|event| event.kind == Kind::Delivery).count(), 1, "that to the applicant is told");
}

#[tokio::test]
async fn what_tells_nothing_any_more_is_dropped_after_three_days_before_a_closed_way() {
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    relay.goes_down().await;
    let noemie = submitted(&app).await;
    done(super::event(&noemie, 101, &json!({"kind": "message", "text": "Quand ?"}))).await;
    app.wait(SignedDuration::from_mins(6));
    app.deliver().await;
    let claire = app.sign_in("claire").await;
    let seen = claire.call("PUT", &format!("/api/examination/requests/{}/seen", id(1))).json(&json!({"seq": 2}));
    assert_eq!(seen.send().await.status, 204);
    for hours in [73, 7] {
        app.wait(SignedDuration::from_hours(hours));
        app.deliver().await;
    }
    let left = listed(&app.sign_in("claire").await, "").await.deliveries;
    assert!(left.iter().all(|delivery| delivery.state == DeliveryState::Failed), "{left:?}");
    assert_eq!(left.len(), 2, "the message was read: {left:?}");
}

#[tokio::test]
async fn a_loss_of_which_the_mail_is_given_up_is_told_anew_and_comes_thirty_days_after_that() {
    let days = |count: i64| SignedDuration::from_hours(24 * count);
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    app.sign_in("noemie").await.create(&id(1), &named("oublié")).await;
    app.wait(days(20));
    app.purge().await;
    received(&relay, 1).await;
    app.deliver().await;
    relay.goes_down().await;
    app.wait(days(316));
    app.purge().await;
    for _ in 0..4 {
        app.deliver().await;
        app.wait(days(1));
    }
    relay.comes_back().await;
    app.wait(days(27));
    for _ in 0..2 {
        app.purge().await;
        app.deliver().await;
        assert_eq!(app.sign_in("noemie").await.read(&id(1)).await.revision, 1, "nobody was told of its end");
        assert_eq!(relay.messages().len(), 2, "the reminder, and then the loss once");
        app.wait(days(29));
    }
    app.purge().await;
    app.sign_in("noemie").await.get(&address(&id(1))).await.problem(410, "deleted");
}

#[tokio::test]
async fn no_mail_of_a_request_that_was_erased_is_sent_again() {
    let app = TestApp::start().await;
    submitted(&app).await;
    let sent = caught(&app).await;
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    // As a crash between the erasure and the next forgetting leaves it.
    let erase = "UPDATE outbox SET request = NULL, event = NULL, next_at = 0 WHERE id = ?1";
    assert_eq!(database.execute(erase, [sent[0].id.as_str()]).unwrap(), 1);
    let claire = app.sign_in("claire").await;
    let retry =
        async |mail: &CaughtMail| claire.call("POST", &format!("{DELIVERIES}/{}/retry", mail.id)).send().await.status;
    assert_eq!((retry(&sent[0]).await, retry(&sent[1]).await), (404, 202));
}

#[tokio::test]
async fn the_operator_is_told_once_of_a_notice_that_the_partner_refuses_five_times() {
    let partner = Partner::start().await;
    for _ in 0..8 {
        partner.answers(500);
    }
    let builder = with_partner(TestApp::builder(), &partner);
    let operator = "exploitation@equipe.example";
    let app = builder.with(|settings| settings.webhook.operator_email = Some(operator.to_owned())).start().await;
    submitted(&app).await;
    let claire = app.sign_in("claire").await;
    done(act(&claire, 101, 2, &json!({"kind": "accepted", "seen": 1}))).await;
    let failing = async || {
        let mut mails = caught(&app).await;
        mails.retain(|mail| mail.mail == Mail::WebhookFailing);
        mails
    };
    for attempt in 1..=8 {
        app.deliver().await;
        app.deliver().await;
        assert_eq!(partner.calls().len(), attempt);
        assert_eq!(failing().await.len(), usize::from(attempt >= 5), "attempt {attempt}");
        app.wait(SignedDuration::from_hours(6));
    }
    let told = failing().await;
    assert_eq!((told[0].to.as_str(), told[0].recipient), (operator, Recipient::Operator));
    assert!(
        told[0].subject.ends_with("Webhook en échec") && told[0].body.contains("FC-2026-000001-1"),
        "{:?}",
        told[0]
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_read_keeps_no_other_from_the_list_and_no_mail_from_coming_back() {
    let app = TestApp::builder()
        .with(|settings| settings.webhook.bounce_secret = Some(BOUNCE_SECRET.parse().unwrap()))
        .start()
        .await;
    submitted(&app).await;
    let mails = caught(&app).await;
    let ack = mails.iter().find(|mail| mail.mail == Mail::Ack).unwrap();
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let break_off = "UPDATE outbox SET recipient = 'nobody' WHERE id <> ?1";
    assert_eq!(database.execute(break_off, [ack.id.as_str()]).unwrap(), 1);
    let claire = app.sign_in("claire").await;
    let left: Vec<_> = listed(&claire, "").await.deliveries.into_iter().map(|delivery| delivery.id).collect();
    assert_eq!(left.iter().collect::<Vec<_>>(), [&ack.id]);
    assert_eq!(caught(&app).await.len(), 1);

    // Nor does a history that cannot be read.
    database.execute("UPDATE events SET author = '{}'", []).unwrap();
    let file = std::fs::read_to_string(app.data().join("mail").join(format!("{}.eml", ack.id))).unwrap();
    let report = format!("Action: failed\r\nStatus: 5.1.1\r\n\r\n{}\r\n", message_id(&file));
    let call = app.call("POST", "/api/mail/bounces").without("origin");
    let call = call.header("authorization", &format!("Bearer {BOUNCE_SECRET}"));
    let answer = call.header("content-type", "message/rfc822").body(report.as_bytes()).send().await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    let state: String =
        database.query_row("SELECT state FROM outbox WHERE id = ?1", [ack.id.as_str()], |row| row.get(0)).unwrap();
    assert_eq!(state, habilitation_model::ClosedList::as_str(DeliveryState::Bounced));
}
