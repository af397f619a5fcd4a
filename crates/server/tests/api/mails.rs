//! Mails: who gets which, once, whatever the relay does.

mod lanes;
mod partner;
mod relay;

use std::fs;
use std::time::Duration;

use habilitation_model::wire::{
    CaughtMail, CaughtMails, DeliveryList, DeliveryState, DemoClock, EventList, Kind, Mail, Notice, Outlets, Receipt,
    Recipient,
};
use habilitation_model::{Draft, Field, field};
use jiff::SignedDuration;
use serde_json::{Value, json};

use self::partner::Partner;
use self::relay::{Answer, Relay};
use crate::app::{Builder, Person, TestApp, address, tag};
use crate::call::Call;
use habilitation_fixtures::{id, ready};

/// Mails that the demonstration caught, the oldest first.
async fn caught(app: &TestApp) -> Vec<CaughtMail> {
    let mut mails = app.get("/api/demo/mail").await.read::<CaughtMails>().mails;
    mails.reverse();
    mails
}

fn names(mails: &[CaughtMail]) -> Vec<(Mail, Recipient)> {
    let mut names: Vec<_> = mails.iter().map(|mail| (mail.mail, mail.recipient)).collect();
    names.sort_unstable();
    names
}

/// Returns the mails that came after so many.
async fn caught_after(app: &TestApp, count: usize) -> Vec<(Mail, Recipient)> {
    names(&caught(app).await[count..])
}

fn event(who: &Person<'_>, event: u8, body: &Value) -> Call {
    who.call("PUT", &format!("{}/events/{}", address(&id(1)), id(event))).json(body)
}

fn act(who: &Person<'_>, event: u8, revision: u64, body: &Value) -> Call {
    let path = format!("/api/examination/requests/{}/events/{}", id(1), id(event));
    who.call("PUT", &path).json(body).header("if-match", &tag(revision))
}

async fn done(call: Call) {
    let answer = call.send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

async fn submitted(app: &TestApp) -> Person<'_> {
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    noemie.submit(&id(1), 1).await;
    noemie
}

fn with(field: Field, text: &str) -> Draft {
    let mut draft = ready();
    field.set(&mut draft, field::Value::Text(text));
    draft
}

#[tokio::test]
async fn a_submission_sends_exactly_two_mails_which_are_files_without_a_relay() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let again: Receipt = noemie.submission(&id(1), 1).send().await.read();
    let mails = caught(&app).await;
    assert_eq!(names(&mails), [(Mail::Ack, Recipient::Applicant), (Mail::NewRequest, Recipient::Team)]);
    let ack = mails.iter().find(|mail| mail.mail == Mail::Ack).unwrap();
    assert_eq!(ack.to, ready().organisation.applicant.email.trimmed());
    assert_eq!(ack.subject, format!("[{}] Demande bien reçue", again.number));
    assert!(
        ack.body.contains("22\u{a0}janvier 2027") || ack.body.contains("22\u{a0}janvier\u{a0}2027"),
        "{}",
        ack.body
    );
    assert!(ack.body.contains(&format!("{}/?demande={}", app.origin(), id(1))), "{}", ack.body);
    let file = fs::read_to_string(app.data().join("mail").join(format!("{}.eml", ack.id))).unwrap();
    assert!(file.contains(&format!("Message-ID: <{}@", ack.id)) && file.contains("Auto-Submitted: auto-generated"));
    assert_eq!(fs::read_dir(app.data().join("mail")).unwrap().count(), 2);
}

#[tokio::test]
async fn an_acceptance_tells_four_people_once_and_a_modification_whoever_is_no_longer_named() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let accept = json!({"kind": "accepted", "seen": 1});
    done(act(&claire, 101, 2, &accept)).await;
    assert_eq!(act(&claire, 101, 2, &accept).send().await.status, 200);
    act(&idris, 102, 2, &json!({"kind": "refused", "seen": 1, "text": "Non."})).send().await.problem(412, "stale");
    let four = [
        (Mail::Accepted, Recipient::Applicant),
        (Mail::Controller, Recipient::Controller),
        (Mail::Dpo, Recipient::Dpo),
        (Mail::Technical, Recipient::Technical),
    ];
    assert_eq!(caught_after(&app, 2).await, four);

    done(event(&noemie, 103, &json!({"kind": "reopened"})).header("if-match", &tag(3))).await;
    noemie.change(&id(1), 4, &with(Field::TechnicalEmail, "autre@marais-bleu.example")).await;
    noemie.submit(&id(1), 5).await;
    done(act(&claire, 104, 6, &json!({"kind": "accepted", "seen": 4}))).await;
    let mails = caught(&app).await;
    let team = mails[6..].iter().find(|mail| mail.mail == Mail::NewRequest).unwrap();
    assert!(team.subject.ends_with("Contacts à vérifier"), "{}", team.subject);
    let gone: Vec<&CaughtMail> = mails.iter().filter(|mail| mail.mail == Mail::NoLongerNamed).collect();
    let technical: Vec<&str> =
        mails.iter().filter(|mail| mail.mail == Mail::Technical).map(|mail| mail.to.as_str()).collect();
    let former = ready().people.technical.email.trimmed().to_owned();
    assert_eq!(technical, [former.as_str(), "autre@marais-bleu.example"]);
    assert_eq!((gone.len(), gone[0].to.as_str(), gone[0].recipient), (1, former.as_str(), Recipient::Technical));
}

#[tokio::test]
async fn nothing_that_was_not_sent_is_in_a_mail() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    let ask = json!({"kind": "changes_requested", "seen": 1, "text": "Lequel ?"});
    done(act(&claire, 101, 2, &ask)).await;
    noemie.change(&id(1), 3, &with(Field::ProjectName, "Rien qu’à moi")).await;
    done(act(&claire, 102, 4, &json!({"kind": "resumed", "seen": 2, "text": "Trouvé."}))).await;
    done(act(&claire, 103, 5, &json!({"kind": "refused", "seen": 3, "text": "Non."}))).await;
    let mails = caught(&app).await;
    assert_eq!(mails.len(), 5);
    assert!(mails.iter().all(|mail| !mail.body.contains("Rien qu’à moi") && !mail.subject.contains("Rien qu’à moi")));
}

#[tokio::test]
async fn messages_of_five_minutes_come_in_one_mail_and_none_once_they_were_read() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    let write = async |who: &Person<'_>, number: u8, text: &str| {
        let body = json!({"kind": "message", "text": text});
        let is_of_team = who.cookie == claire.cookie;
        done(if is_of_team { act(who, number, 2, &body) } else { event(who, number, &body) }).await;
    };
    for (number, text) in [(101, "Un."), (102, "Deux."), (103, "Trois.")] {
        write(&claire, number, text).await;
        app.wait(SignedDuration::from_mins(1));
    }
    assert_eq!(caught(&app).await.len(), 2, "it waits");
    app.wait(SignedDuration::from_mins(2));
    let mails = caught(&app).await;
    assert_eq!(names(&mails[2..]), [(Mail::Message, Recipient::Applicant)]);
    assert!(["Un.", "Deux.", "Trois."].iter().all(|text| mails[2].body.contains(text)), "{}", mails[2].body);

    // A later one is another mail, which does not repeat those before.
    write(&claire, 104, "Quatre.").await;
    app.wait(SignedDuration::from_mins(5));
    let mails = caught(&app).await;
    assert_eq!(mails.len(), 4);
    assert!(mails[3].body.contains("Quatre.") && !mails[3].body.contains("Trois."), "{}", mails[3].body);

    // What is read meanwhile sends nothing, on either side.
    write(&claire, 105, "Cinq.").await;
    write(&noemie, 106, "Merci.").await;
    for (who, path) in [(&noemie, address(&id(1))), (&claire, format!("/api/examination/requests/{}", id(1)))] {
        assert_eq!(who.call("PUT", &format!("{path}/seen")).json(&json!({"seq": 7})).send().await.status, 204);
    }
    app.wait(SignedDuration::from_mins(5));
    assert_eq!(caught(&app).await.len(), 4);
    write(&noemie, 107, "Encore un mot.").await;
    app.wait(SignedDuration::from_mins(5));
    assert_eq!(caught_after(&app, 4).await, [(Mail::Message, Recipient::Team)]);
}

#[tokio::test]
async fn a_delivery_that_cannot_be_read_holds_up_no_other_and_is_given_up() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let lucie = app.sign_in("lucie").await;
    lucie.create(&id(2), &ready()).await;
    lucie.submit(&id(2), 1).await;
    assert_eq!(caught(&app).await.len(), 4);
    let write = json!({"kind": "message", "text": "Quand ?"});
    done(event(&noemie, 101, &write)).await;
    done(lucie.call("PUT", &format!("{}/events/{}", address(&id(2)), id(102))).json(&write)).await;
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let state = || -> String {
        let sql = "SELECT state FROM outbox WHERE request = ?1 AND event = ?2";
        database.query_row(sql, [id(1).as_str(), id(101).as_str()], |row| row.get(0)).unwrap()
    };
    let break_off = "UPDATE outbox SET recipient = 'nobody' WHERE request = ?1 AND event = ?2";
    assert_eq!(database.execute(break_off, [id(1).as_str(), id(101).as_str()]).unwrap(), 1);
    app.wait(SignedDuration::from_mins(6));
    assert_eq!(caught_after(&app, 4).await, [(Mail::Message, Recipient::Team)], "that of the other request");
    assert_eq!(state(), "waiting");
    app.wait(SignedDuration::from_hours(73));
    app.deliver().await;
    assert_eq!(state(), "failed");

    // One that can be read, of a history that cannot.
    let mend = "UPDATE outbox SET mail = 'refused', recipient = 'applicant', state = 'waiting', next_at = due_at
                WHERE request = ?1 AND event = ?2";
    assert_eq!(database.execute(mend, [id(1).as_str(), id(101).as_str()]).unwrap(), 1);
    database.execute("UPDATE events SET author = '{}' WHERE request = ?1", [id(1).as_str()]).unwrap();
    app.deliver().await;
    assert_eq!(state(), "waiting", "three days count from the first attempt");
    app.wait(SignedDuration::from_hours(73));
    app.deliver().await;
    assert_eq!(state(), "failed");
}

#[tokio::test]
async fn days_that_pass_remind_of_what_is_open_and_end_no_session() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    let ask = json!({"kind": "changes_requested", "seen": 1, "text": "Lequel ?", "answer_by": "2027-01-22"});
    done(act(&claire, 101, 2, &ask)).await;
    let pass = async |days: u32| {
        let answer = noemie.call("PUT", "/api/demo/clock").json(&json!({ "days": days })).send().await;
        assert_eq!(answer.status, 204, "{}", answer.text());
    };
    let reminder = |mail| [(mail, Recipient::Applicant)];
    pass(46).await;
    assert_eq!(caught_after(&app, 3).await, []);
    pass(47).await;
    assert_eq!(caught_after(&app, 3).await, reminder(Mail::ChangesReminder14));
    pass(20).await;
    pass(47).await;
    assert_eq!(caught(&app).await.len(), 4, "it never goes back");
    assert_eq!(app.get("/api/demo/clock").await.read::<DemoClock>(), DemoClock { days: 47 });
    // Once it is answered, nothing reminds of it.
    let sent: Receipt = noemie.submission(&id(1), 3).json(&json!({"text": "Celui-ci."})).send().await.read();
    assert_eq!(sent.request.submitted_at.unwrap().get(..10), Some("2027-01-08"));
    pass(60).await;
    assert_eq!(
        caught_after(&app, 4).await,
        [(Mail::AckAgain, Recipient::Applicant), (Mail::Completed, Recipient::Team)]
    );
    // 14 and 3 days before the end of the term, and once it is past.
    for days in [95, 106, 120] {
        pass(days).await;
    }
    let deadline = (Mail::Deadline, Recipient::Team);
    assert_eq!(caught_after(&app, 6).await, [deadline, deadline, deadline]);
    assert_eq!(noemie.get("/api/session").await.status, 200);
    for days in [json!(3_651), json!(-1), json!("x")] {
        let call = noemie.call("PUT", "/api/demo/clock").json(&json!({ "days": days }));
        assert_eq!(call.send().await.problem(400, "invalid-body").errors[0].pointer, "/days");
    }
}

#[tokio::test]
async fn a_reminder_that_would_leave_late_does_not_leave() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    let ask = json!({"kind": "changes_requested", "seen": 1, "text": "Lequel ?", "answer_by": "2027-01-22"});
    done(act(&claire, 101, 2, &ask)).await;
    assert_eq!(caught(&app).await.len(), 3);
    // The first one was due on the 47th day, the other one on the 58th.
    for (days, count) in [(49, 0), (58, 1), (62, 1)] {
        let answer = noemie.call("PUT", "/api/demo/clock").json(&json!({ "days": days })).send().await;
        assert_eq!(answer.status, 204, "{}", answer.text());
        let mut reminders = caught_after(&app, 3).await;
        reminders.retain(|(mail, _)| mail.days_left().is_some());
        assert_eq!(reminders.len(), count, "{reminders:?}");
        assert!(reminders.iter().all(|(mail, _)| *mail == Mail::ChangesReminder3));
    }
}

#[tokio::test]
async fn what_became_of_a_mail_is_forgotten_after_a_year_and_its_attempts_earlier() {
    let app = TestApp::start().await;
    submitted(&app).await;
    let ack = caught(&app).await.into_iter().find(|mail| mail.mail == Mail::Ack).unwrap();
    let file = app.data().join("mail").join(format!("{}.eml", ack.id));
    let days = async |days: i64| {
        app.wait(SignedDuration::from_hours(24 * days));
        app.purge().await;
        let claire = app.sign_in("claire").await;
        listed(&claire, "?state=sent").await.deliveries.into_iter().find(|delivery| delivery.id == ack.id)
    };
    assert_eq!(days(80).await.unwrap().attempts.len(), 1);
    assert_eq!(days(20).await.unwrap().attempts.len(), 0);
    assert!(file.exists());
    assert_eq!(days(270).await, None);
    assert!(!file.exists());
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let mut counts =
        database.prepare("SELECT month || ' ' || mail || ' ' || state || ' ' || n FROM delivery_counts").unwrap();
    let counts: Vec<String> = counts.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(counts, ["2026-11 ack sent 1", "2026-11 new-request sent 1"], "numbers stay");
}

/// A server that sends through a relay.
fn sending_to(relay: &Relay) -> Builder {
    let url = format!("smtp://{}", relay.address());
    TestApp::builder().with(|settings| {
        settings.mail.smtp = Some(url);
        settings.mail.mail_from = Some("habilitation@equipe.example".to_owned());
        for setting in
            [&mut settings.mail.service_name, &mut settings.mail.service_address, &mut settings.mail.service_phone]
        {
            *setting = Some("Équipe".to_owned());
        }
    })
}

/// Waits until the relay has taken so many messages, while the clock stands still.
async fn received(relay: &Relay, count: usize) -> Vec<String> {
    for _ in 0..500 {
        let messages = relay.messages();
        if messages.len() >= count {
            return messages;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} of {count} messages came", relay.messages().len());
}

fn message_id(message: &str) -> &str {
    message.lines().find(|line| line.starts_with("Message-ID: ")).unwrap()
}

#[tokio::test]
async fn mails_reach_the_relay_by_themselves_each_with_its_envelope() {
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    submitted(&app).await;
    let messages = received(&relay, 2).await;
    for message in &messages {
        assert!(message.starts_with("MAIL FROM:<habilitation@equipe.example>"), "{message}");
        assert!(message_id(message).ends_with("@equipe.example>"));
    }
    assert!(messages.iter().any(|message| message.contains("RCPT TO:<stephane.muller@marais-bleu.example>")));
}

#[tokio::test]
async fn a_relay_that_refuses_for_now_or_hangs_up_gets_each_mail_again_with_one_message_id() {
    let relay = Relay::start().await;
    // After the last one, the message has arrived, and nobody was told.
    for answer in [Answer::Say("451 later"), Answer::Say("452 full"), Answer::HangUp] {
        relay.answers(answer);
    }
    let app = sending_to(&relay).start().await;
    submitted(&app).await;
    received(&relay, 2).await;
    app.deliver().await;
    for _ in 0..6 {
        app.wait(SignedDuration::from_mins(16));
        app.deliver().await;
    }
    let messages = relay.messages();
    assert_eq!(messages.len(), 5, "two mails, three attempts in vain");
    let mut ids: Vec<&str> = messages.iter().map(|message| message_id(message)).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2);
}

#[tokio::test]
async fn what_the_relay_refuses_for_good_is_not_tried_again() {
    let relay = Relay::start().await;
    relay.answers(Answer::Say("550 no such user"));
    let app = sending_to(&relay).start().await;
    submitted(&app).await;
    received(&relay, 2).await;
    app.deliver().await;
    app.wait(SignedDuration::from_hours(48));
    app.deliver().await;
    assert_eq!(relay.messages().len(), 2);
    // That we may not send is no matter of the mail.
    relay.answers(Answer::Say("530 authenticate first"));
    let lucie = app.sign_in("lucie").await;
    lucie.create(&id(2), &ready()).await;
    lucie.submit(&id(2), 1).await;
    received(&relay, 4).await;
    app.deliver().await;
    app.wait(SignedDuration::from_mins(2));
    app.deliver().await;
    assert_eq!(relay.messages().len(), 5);
}

#[tokio::test]
async fn a_mail_that_was_not_taken_is_not_repeated_once_it_was_read() {
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    received(&relay, 2).await;
    app.deliver().await;
    relay.answers(Answer::Say("451 later"));
    done(event(&noemie, 101, &json!({"kind": "message", "text": "Quand ?"}))).await;
    app.wait(SignedDuration::from_mins(6));
    app.deliver().await;
    assert_eq!(relay.messages().len(), 3);
    let seen = claire.call("PUT", &format!("/api/examination/requests/{}/seen", id(1))).json(&json!({"seq": 2}));
    assert_eq!(seen.send().await.status, 204);
    app.wait(SignedDuration::from_mins(20));
    app.deliver().await;
    assert_eq!(relay.messages().len(), 3);
}

#[tokio::test]
async fn a_relay_that_refuses_us_gets_the_mail_again_and_one_that_refuses_the_recipient_does_not() {
    let relay = Relay::start().await;
    for (verb, answer) in [
        ("CONNECT", "554 no service for you"),
        ("EHLO", "550 who are you"),
        ("MAIL", "553 no such sender"),
        ("RCPT", "550 5.7.1 relaying denied"),
        ("DATA", "554 no valid recipients"),
    ] {
        relay.refuses(verb, answer);
    }
    let app = sending_to(&relay).start().await;
    submitted(&app).await;
    for _ in 0..6 {
        app.deliver().await;
        app.wait(SignedDuration::from_mins(20));
    }
    assert_eq!((relay.refusals_left(), relay.messages().len()), (0, 2));
    relay.refuses("RCPT", "550 5.1.1 no such user");
    let noemie = app.sign_in("noemie").await;
    done(event(&noemie, 101, &json!({"kind": "message", "text": "Quand ?"}))).await;
    app.wait(SignedDuration::from_mins(6));
    app.deliver().await;
    app.wait(SignedDuration::from_hours(48));
    app.deliver().await;
    assert_eq!((relay.refusals_left(), relay.messages().len()), (0, 2));
}

#[tokio::test]
async fn with_a_relay_that_is_down_acts_succeed_and_mails_leave_once_it_is_back() {
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    relay.goes_down().await;
    let noemie = submitted(&app).await;
    app.deliver().await;
    assert_eq!(noemie.read(&id(1)).await.submissions.len(), 1);
    app.wait(SignedDuration::from_hours(5));
    app.deliver().await;
    let app = app.restart().await;
    assert_eq!(relay.messages().len(), 0);
    relay.comes_back().await;
    app.wait(SignedDuration::from_hours(7));
    received(&relay, 2).await;
    app.deliver().await;
    assert_eq!(relay.messages().len(), 2);
}

#[tokio::test]
async fn a_server_that_ends_while_a_mail_is_under_way_sends_it_once_more() {
    let relay = Relay::start().await;
    relay.answers(Answer::Silence);
    let app = sending_to(&relay).with(|settings| settings.grace_seconds = 0).start().await;
    submitted(&app).await;
    let first = received(&relay, 1).await;
    let app = app.restart().await;
    let messages = received(&relay, 3).await;
    app.deliver().await;
    let repeated = messages[1..].iter().filter(|message| message_id(message) == message_id(&first[0])).count();
    assert_eq!((repeated, relay.messages().len()), (1, 3), "no mail is lost, and one comes twice");
}

#[tokio::test]
async fn what_nobody_takes_for_three_days_is_given_up() {
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    relay.goes_down().await;
    submitted(&app).await;
    app.deliver().await;
    app.wait(SignedDuration::from_hours(73));
    app.deliver().await;
    relay.comes_back().await;
    app.wait(SignedDuration::from_hours(48));
    app.deliver().await;
    assert_eq!(relay.messages().len(), 0);
}

const DELIVERIES: &str = "/api/examination/deliveries";
const OUTLETS: &str = "/api/examination/outlets";
const BOUNCE_SECRET: &str = "a-secret-of-the-mail-server";

async fn listed(who: &Person<'_>, query: &str) -> DeliveryList {
    who.get(&format!("{DELIVERIES}{query}")).await.read()
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_told_to_both_sides_and_can_be_sent_again() {
    let relay = Relay::start().await;
    let app = sending_to(&relay).start().await;
    let noemie = submitted(&app).await;
    received(&relay, 2).await;
    app.deliver().await;
    let claire = app.sign_in("claire").await;
    relay.answers(Answer::Say("550 no such user"));
    done(act(&claire, 101, 2, &json!({"kind": "refused", "seen": 1, "text": "Non."}))).await;
    received(&relay, 3).await;
    app.deliver().await;
    let events = noemie.get(&format!("{}/events", address(&id(1)))).await.read::<EventList>().events;
    let told = events.last().unwrap();
    let (pointer, mail) = (told.pointer.as_deref(), told.mail.as_deref());
    assert_eq!((told.kind, pointer, mail), (Kind::Delivery, Some("/organisation/applicant/email"), Some("refused")));

    let failed = listed(&claire, "?state=failed").await;
    let [failed] = &failed.deliveries[..] else { panic!("{failed:?}") };
    assert_eq!(
        (failed.mail, failed.recipient, failed.request.as_ref()),
        (Some(Mail::Refused), Some(Recipient::Applicant), Some(&id(1)))
    );
    assert_eq!(failed.attempts.iter().map(|attempt| attempt.code).collect::<Vec<_>>(), [Some(550)]);
    assert_eq!(listed(&claire, "").await.deliveries.len(), 3);

    let retry = |who: &Person<'_>, delivery: &str| who.call("POST", &format!("{DELIVERIES}/{delivery}/retry"));
    retry(&noemie, failed.id.as_str()).send().await.problem(404, "not-found");
    noemie.get(DELIVERIES).await.problem(404, "not-found");
    let odile = app.sign_in("odile").await;
    assert_eq!(listed(&odile, "").await.deliveries.len(), 3);
    retry(&odile, failed.id.as_str()).send().await.problem(403, "read-only");
    retry(&claire, id(9).as_str()).send().await.problem(404, "not-found");
    claire.get(&format!("{DELIVERIES}?state=lost")).await.problem(400, "invalid-parameter");
    assert_eq!(retry(&claire, failed.id.as_str()).send().await.status, 202);
    let messages = received(&relay, 4).await;
    app.deliver().await;
    assert_eq!(message_id(&messages[3]), message_id(&messages[2]));
    assert_eq!(listed(&claire, "?state=failed").await.deliveries.len(), 0);
    let sent = listed(&claire, "?state=sent").await.deliveries;
    assert_eq!(sent.iter().find(|sent| sent.id == failed.id).unwrap().attempts.len(), 2);
}

#[tokio::test]
async fn a_reminder_waits_for_its_day_and_a_mail_can_come_back_whose_taking_nobody_heard_of() {
    let relay = Relay::start().await;
    let app = sending_to(&relay)
        .with(|settings| settings.webhook.bounce_secret = Some(BOUNCE_SECRET.parse().unwrap()))
        .start()
        .await;
    submitted(&app).await;
    let claire = app.sign_in("claire").await;
    received(&relay, 2).await;
    app.deliver().await;
    relay.answers(Answer::HangUp);
    done(act(&claire, 101, 2, &json!({"kind": "changes_requested", "seen": 1, "text": "Lequel ?"}))).await;
    let messages = received(&relay, 3).await;
    app.deliver().await;
    let waiting = listed(&claire, "?state=waiting").await.deliveries;
    assert_eq!(waiting.len(), 3, "two reminders, and the mail that nobody took");
    for reminder in waiting.iter().filter(|waiting| waiting.mail != Some(Mail::Changes)) {
        let retry = claire.call("POST", &format!("{DELIVERIES}/{}/retry", reminder.id));
        assert_eq!(retry.send().await.status, 202);
    }
    app.deliver().await;
    assert_eq!(relay.messages().len(), 3);

    let report = format!("Action: failed\r\nStatus: 5.1.1\r\n\r\n{}\r\n", message_id(&messages[2]));
    let call = app.call("POST", "/api/mail/bounces").without("origin");
    let call = call.header("authorization", &format!("Bearer {BOUNCE_SECRET}"));
    assert_eq!(call.header("content-type", "message/rfc822").body(report.as_bytes()).send().await.status, 204);
    app.wait(SignedDuration::from_mins(20));
    app.deliver().await;
    let bounced = listed(&claire, "?state=bounced").await.deliveries;
    assert_eq!((bounced.len(), relay.messages().len()), (1, 3), "it is not repeated");
}

/// A server whose mail server may tell of mails that came back.
pub(crate) fn bouncing() -> Builder {
    TestApp::builder().with(|settings| settings.webhook.bounce_secret = Some(BOUNCE_SECRET.parse().unwrap()))
}

/// Tells that a mail, which was written to a file, came back.
pub(crate) async fn come_back(app: &TestApp, mail: &CaughtMail) {
    let file = fs::read_to_string(app.data().join("mail").join(format!("{}.eml", mail.id))).unwrap();
    let report = format!("Action: failed\r\nStatus: 5.1.1\r\n\r\n{}\r\n", message_id(&file));
    let call = app.call("POST", "/api/mail/bounces").without("origin");
    let call = call.header("authorization", &format!("Bearer {BOUNCE_SECRET}"));
    assert_eq!(call.header("content-type", "message/rfc822").body(report.as_bytes()).send().await.status, 204);
}

#[tokio::test]
async fn a_mail_that_comes_back_is_told_once_to_whoever_shows_the_secret() {
    let app = bouncing().start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    done(act(&claire, 101, 2, &json!({"kind": "accepted", "seen": 1}))).await;
    let mails = caught(&app).await;
    let dpo = mails.iter().find(|mail| mail.mail == Mail::Dpo).unwrap();
    let file = fs::read_to_string(app.data().join("mail").join(format!("{}.eml", dpo.id))).unwrap();
    let report = format!("Action: failed\r\nStatus: 5.1.1\r\n\r\n{}\r\n", message_id(&file));
    let bounce = |secret: &str, report: &str| {
        let call = app.call("POST", "/api/mail/bounces").without("origin").header("authorization", secret);
        call.header("content-type", "message/rfc822").body(report.as_bytes())
    };
    for secret in ["Bearer another-secret-of-that-length", "Bearer ", BOUNCE_SECRET] {
        bounce(secret, &report).send().await.problem(401, "signed-out");
    }
    let right = format!("Bearer {BOUNCE_SECRET}");
    assert_eq!(bounce(&right, "not a report").send().await.status, 204);
    bounce(&right, &report).header("content-type", "text/plain").send().await.problem(415, "unsupported-media-type");
    bounce(&right, &"a".repeat(256 * 1024 + 1)).send().await.problem(413, "too-large");
    assert_eq!(listed(&claire, "?state=bounced").await.deliveries.len(), 0);
    for _ in 0..2 {
        assert_eq!(bounce(&right, &report).send().await.status, 204);
    }
    let bounced = listed(&claire, "?state=bounced").await;
    assert_eq!((bounced.deliveries.len(), bounced.deliveries[0].state), (1, DeliveryState::Bounced));
    let events = noemie.get(&format!("{}/events", address(&id(1)))).await.read::<EventList>().events;
    let told: Vec<_> = events.iter().filter(|event| event.kind == Kind::Delivery).collect();
    assert_eq!((told.len(), told[0].pointer.as_deref()), (1, Some("/people/dpo/email")));

    let closed = TestApp::start().await;
    let call = closed.call("POST", "/api/mail/bounces").header("authorization", &right);
    call.header("content-type", "message/rfc822").body(b"a").send().await.problem(404, "not-found");
}

#[tokio::test]
async fn a_mail_that_comes_back_from_a_former_contact_is_told_at_no_field() {
    let app = bouncing().start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    done(act(&claire, 101, 2, &json!({"kind": "accepted", "seen": 1}))).await;
    done(event(&noemie, 102, &json!({"kind": "reopened"})).header("if-match", &tag(3))).await;
    noemie.change(&id(1), 4, &with(Field::DpoEmail, "autre@marais-bleu.example")).await;
    noemie.submit(&id(1), 5).await;
    done(act(&claire, 103, 6, &json!({"kind": "revoked", "seen": 4, "text": "Non.", "ground": "at_request"}))).await;
    let mails = caught(&app).await;
    for (recipient, count) in [(Recipient::Dpo, 0), (Recipient::Technical, 1)] {
        let revoked = mails.iter().find(|mail| mail.mail == Mail::Revoked && mail.recipient == recipient).unwrap();
        come_back(&app, revoked).await;
        let events = noemie.get(&format!("{}/events", address(&id(1)))).await.read::<EventList>().events;
        let told = events.iter().filter(|event| event.kind == Kind::Delivery).count();
        assert_eq!(told, count, "{recipient:?}");
    }
}

#[tokio::test]
async fn a_partner_gets_each_notice_until_it_is_taken_signed_anew_under_one_identifier() {
    let partner = Partner::start().await;
    for status in [500, 302] {
        partner.answers(status);
    }
    let url = format!("http://{}/webhook", partner.address());
    let app = TestApp::builder()
        .with(|settings| {
            settings.webhook.webhook_url = Some(url.parse().unwrap());
            settings.webhook.webhook_secret = vec![partner::SECRET.parse().unwrap()];
        })
        .start()
        .await;
    submitted(&app).await;
    let claire = app.sign_in("claire").await;
    done(act(&claire, 101, 2, &json!({"kind": "accepted", "seen": 1}))).await;
    app.deliver().await;
    for _ in 0..2 {
        app.wait(SignedDuration::from_mins(3));
        app.deliver().await;
    }
    let calls = partner.calls();
    assert_eq!(calls.len(), 3, "a redirection is not followed, and is no success");
    for call in &calls {
        assert_eq!((call.id.as_str(), call.is_signed()), (id(101).as_str(), true));
        assert_eq!(call.body, calls[0].body);
    }
    assert!(calls[0].timestamp < calls[1].timestamp && calls[1].timestamp < calls[2].timestamp);
    let notice: Value = serde_json::from_str(&calls[0].body).unwrap();
    assert_eq!(
        (&notice["type"], &notice["timestamp"]),
        (&json!("habilitation.accepted"), &json!("2026-11-22T12:00:00.000Z"))
    );
    let data = &notice["data"];
    assert_eq!(
        (&data["number"], &data["request"], &data["replaces"]),
        (&json!("FC-2026-000001-1"), &json!(id(1)), &Value::Null)
    );
    assert_eq!(data["technical"]["email"], json!(ready().people.technical.email.trimmed()));
    assert!(
        data["technical"]["phone"].as_str().unwrap().starts_with("+33") && data["siret"].as_str().unwrap().len() == 14
    );

    let listed = listed(&claire, "").await.deliveries;
    let delivery = listed.iter().find(|delivery| delivery.notice == Some(Notice::Accepted)).unwrap();
    let codes: Vec<_> = delivery.attempts.iter().map(|attempt| attempt.code).collect();
    assert_eq!((delivery.state, codes), (DeliveryState::Sent, vec![None, Some(302), Some(500)]));

    // A ping goes the same way, and so does a repetition that an examiner asks for.
    assert_eq!(claire.call("POST", "/api/examination/webhook/ping").send().await.status, 202);
    app.deliver().await;
    let ping: Value = serde_json::from_str(&partner.calls()[3].body).unwrap();
    assert!(partner.calls()[3].is_signed() && ping["type"] == "ping" && ping["data"] == json!({}));
    let retry = claire.call("POST", &format!("{DELIVERIES}/{}/retry", delivery.id));
    assert_eq!(retry.send().await.status, 202);
    app.deliver().await;
    assert_eq!((partner.calls()[4].id.as_str(), partner.calls().len()), (id(101).as_str(), 5));
    let odile = app.sign_in("odile").await;
    odile.call("POST", "/api/examination/webhook/ping").send().await.problem(403, "read-only");
}

#[tokio::test]
async fn without_a_partner_no_notice_is_kept_and_there_is_no_way_to_try() {
    let app = TestApp::start().await;
    submitted(&app).await;
    let claire = app.sign_in("claire").await;
    done(act(&claire, 101, 2, &json!({"kind": "accepted", "seen": 1}))).await;
    assert!(listed(&claire, "").await.deliveries.iter().all(|delivery| delivery.notice.is_none()));
    claire.call("POST", "/api/examination/webhook/ping").send().await.problem(404, "not-found");
}

#[tokio::test]
async fn the_team_alone_reads_how_mails_leave_and_in_whose_name() {
    let relay = Relay::start().await;
    let outlets = async |app: &TestApp| app.sign_in("odile").await.get(OUTLETS).await.read::<Outlets>();
    let app = sending_to(&relay).start().await;
    let with_relay = outlets(&app).await;
    assert_eq!((with_relay.relay, with_relay.partner), (true, false));
    assert!(with_relay.service.silence_notice.contains("{jour}") && with_relay.service.page.starts_with("http"));
    app.sign_in("noemie").await.get(OUTLETS).await.problem(404, "not-found");
    app.get(OUTLETS).await.problem(401, "signed-out");
    assert!(!outlets(&TestApp::start().await).await.relay);
}
