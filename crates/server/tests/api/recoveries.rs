//! Requests whose owner does not answer for them any more: who asks, who answers, who decides.

use habilitation_fixtures::{id, named, ready};
use habilitation_model::wire::{
    CaughtMails, EventList, Kind, Mail, RecoveriesToDecide, RecoveryList, RecoveryState, Side,
};
use habilitation_server::settings::Settings;
use jiff::SignedDuration;
use serde_json::json;

use crate::app::{Person, TestApp, address, tag};
use crate::call::Response;

const NOEMIE: &str = "noemie.loeb@vallon-les-pres.example";
const KARIM: &str = "karim.saidi@vallon-les-pres.example";

async fn ask(who: &Person<'_>, number: Option<&str>) -> Response {
    let body = match number {
        Some(number) => json!({ "number": number, "reason": "Elle a quitté la commune." }),
        None => json!({ "reason": "Ils ont quitté la commune." }),
    };
    let response = who.call("POST", "/api/recoveries").json(&body).send().await;
    who.app.deliver().await;
    response
}

async fn mine(who: &Person<'_>) -> RecoveryList {
    who.get("/api/recoveries").await.read()
}

async fn answer(who: &Person<'_>, allow: bool) -> Response {
    let recovery = mine(who).await.recoveries.remove(0);
    let path = format!("/api/recoveries/{}/answer", recovery.id);
    who.call("PUT", &path).json(&json!({ "allow": allow })).send().await
}

async fn to_decide(who: &Person<'_>) -> RecoveriesToDecide {
    who.get("/api/examination/recoveries").await.read()
}

async fn decide(who: &Person<'_>, id: &habilitation_model::Id, grant: bool) -> Response {
    let path = format!("/api/examination/recoveries/{id}/decision");
    who.call("PUT", &path).json(&json!({ "grant": grant, "text": "La commune confirme." })).send().await
}

/// Lets days pass, as the server does.
async fn pass(app: &TestApp, days: i64) {
    app.wait(SignedDuration::from_hours(24 * days));
    app.purge().await;
    app.deliver().await;
}

/// A request of Noémie's that Karim asks for.
async fn asked(app: &TestApp) {
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    let number = noemie.submit(&id(1), 1).await.number;
    assert_eq!(ask(&karim, Some(&number)).await.status, 202);
}

async fn mails(app: &TestApp, to: &str) -> Vec<Mail> {
    app.mails_to(to).await.into_iter().map(|mail| mail.mail).filter(|mail| mail.is_personal()).collect()
}

async fn kinds(who: &Person<'_>) -> Vec<(Kind, Side)> {
    let list: EventList = who.get(&format!("{}/events", address(&id(1)))).await.read();
    list.events.into_iter().map(|event| (event.kind, event.by.side)).collect()
}

#[tokio::test]
async fn requests_are_not_counted_by_asking() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    let number = noemie.submit(&id(1), 1).await.number;
    let mut answers = Vec::new();
    // It is there; it is there for others; it is not there; nothing is named.
    for (person, number) in [
        ("karim", Some(number.as_str())),
        ("lucie", Some(&number)),
        ("stephane", Some("FC-2026-999999")),
        ("jean-baptiste", None),
    ] {
        let answer = ask(&app.sign_in(person).await, number).await;
        let mut headers: Vec<_> = answer.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        headers.retain(|(name, _)| name != "date" && name != "x-request-id");
        answers.push((answer.status, answer.text(), headers));
    }
    assert_eq!((answers[0].0, answers[0].1.as_str()), (202, ""));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    let asked = mine(&noemie).await.recoveries;
    assert_eq!((asked.len(), asked[0].by.email.as_str()), (1, KARIM), "others than colleagues ask in vain");
    assert_eq!(mails(&app, NOEMIE).await, [Mail::RecoveryAsked]);
}

#[tokio::test]
async fn one_asks_once_a_week_with_a_reason() {
    let app = TestApp::start().await;
    let karim = app.sign_in("karim").await;
    let empty = json!({ "number": "FC-2026-000001", "reason": " " });
    let refused = karim.call("POST", "/api/recoveries").json(&empty).send().await;
    assert_eq!(refused.problem(422, "incomplete").errors[0].pointer, "/reason");
    assert_eq!(ask(&karim, Some("FC-2026-000001")).await.status, 202);
    ask(&karim, Some("FC-2026-000002")).await.problem(429, "too-many-calls");
    app.wait(SignedDuration::from_hours(7 * 24));
    assert_eq!(ask(&app.sign_in("karim").await, Some("FC-2026-000002")).await.status, 202);
    app.call("POST", "/api/recoveries").json(&empty).send().await.problem(401, "signed-out");
}

#[tokio::test]
async fn the_owner_who_answers_keeps_the_request_or_lets_it_go() {
    for allow in [false, true] {
        let app = TestApp::start().await;
        asked(&app).await;
        let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
        let shown = mine(&noemie).await.recoveries.remove(0);
        assert_eq!((shown.state, shown.is_tie_verified), (RecoveryState::Asked, true));
        assert_eq!(
            (shown.reason.as_str(), shown.answer_by.to_string().as_str()),
            ("Elle a quitté la commune.", "2026-12-07")
        );
        let path = format!("/api/recoveries/{}/answer", shown.id);
        karim.call("PUT", &path).json(&json!({ "allow": true })).send().await.problem(404, "not-found");

        assert_eq!(answer(&noemie, allow).await.status, 200);
        assert_eq!(mine(&noemie).await.recoveries, []);
        let (owner, told) = if allow { (&karim, Mail::RecoveryGranted) } else { (&noemie, Mail::RecoveryRefused) };
        assert_eq!(owner.get(&address(&id(1))).await.status, 200);
        assert_eq!(mails(&app, KARIM).await, [told]);
        let last = if allow { Kind::Recovered } else { Kind::RecoveryRefused };
        assert_eq!(kinds(owner).await[1..], [(Kind::RecoveryAsked, Side::Applicant), (last, Side::Applicant)]);
        pass(&app, 40).await;
        assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries, [], "nothing is left to decide");
    }
}

#[tokio::test]
async fn a_colleague_does_not_take_a_request_in_the_owners_holidays() {
    let app = TestApp::start().await;
    asked(&app).await;
    let controller = ready().people.controller.email.trimmed().to_owned();
    assert_eq!(mails(&app, &controller).await, [Mail::RecoveryTold], "the controller is told");
    let mut reminders = Vec::new();
    for day in 1..=15 {
        pass(&app, 1).await;
        if mails(&app, NOEMIE).await.len() > 1 + reminders.len() {
            reminders.push(day);
        }
        assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries, [], "day {day}");
    }
    assert_eq!(reminders, [1, 7, 14]);
    let recovery = mine(&app.sign_in("noemie").await).await.recoveries.remove(0);
    decide(&app.sign_in("claire").await, &recovery.id, true).await.problem(404, "not-found");

    pass(&app, 1).await;
    let claire = app.sign_in("claire").await;
    let waiting = to_decide(&claire).await.recoveries.remove(0);
    assert_eq!((waiting.owner.as_str(), waiting.owner_email.as_str()), ("Noémie Lœb", NOEMIE));
    assert_eq!((waiting.recovery.state, waiting.recovery.by.email.as_str()), (RecoveryState::Unanswered, KARIM));
    assert_eq!(waiting.told.len(), 1);
    decide(&app.sign_in("odile").await, &recovery.id, true).await.problem(403, "read-only");
    decide(&app.sign_in("noemie").await, &recovery.id, true).await.problem(404, "not-found");
    assert_eq!(decide(&claire, &recovery.id, true).await.status, 200);
    assert_eq!(to_decide(&claire).await.recoveries, []);

    // Back from holidays.
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    assert_eq!(karim.read(&id(1)).await.revision, 2);
    let granted = mine(&noemie).await.recoveries.remove(0);
    assert_eq!((granted.state, granted.answer_by.to_string().as_str()), (RecoveryState::Granted, "2027-01-07"));
    assert_eq!(answer(&noemie, false).await.status, 200);
    assert_eq!(mine(&noemie).await.recoveries.remove(0).state, RecoveryState::Contested);
    assert_eq!(decide(&claire, &recovery.id, false).await.status, 200);
    noemie.read(&id(1)).await;
    assert_eq!(
        kinds(&noemie).await[1..],
        [
            (Kind::RecoveryAsked, Side::Applicant),
            (Kind::Recovered, Side::Examiner),
            (Kind::Contested, Side::Applicant),
            (Kind::RecoveryRefused, Side::Examiner)
        ]
    );
    assert_eq!(mails(&app, KARIM).await, [Mail::RecoveryGranted, Mail::RecoveryContested, Mail::RecoveryRefused]);
    // Nothing is kept of what was asked once it is answered.
    assert_eq!(mails(&app, NOEMIE).await, [Mail::Recovered, Mail::RecoveryUndone]);
}

#[tokio::test]
async fn an_owner_to_whom_no_mail_comes_is_not_waited_for() {
    let app = TestApp::start().await;
    asked(&app).await;
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let bounce = "UPDATE outbox SET state = 'bounced' WHERE mail = 'recovery-told'";
    assert_eq!(database.execute(bounce, []).unwrap(), 1);
    app.purge().await;
    assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries, [], "the controller is not the owner");
    let bounce = "UPDATE outbox SET state = 'bounced' WHERE mail = 'recovery-asked'";
    assert_eq!(database.execute(bounce, []).unwrap(), 1);
    app.purge().await;
    assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries.len(), 1);
    // Whoever signs in all the same may still answer.
    assert_eq!(answer(&app.sign_in("noemie").await, false).await.status, 200);
    assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries, []);
}

#[tokio::test]
async fn what_nobody_contests_in_time_stays() {
    let app = TestApp::start().await;
    asked(&app).await;
    pass(&app, 16).await;
    let claire = app.sign_in("claire").await;
    let waiting = to_decide(&claire).await.recoveries.remove(0);
    assert_eq!(decide(&claire, &waiting.recovery.id, true).await.status, 200);
    app.deliver().await;
    pass(&app, 30).await;
    assert_eq!(mine(&app.sign_in("noemie").await).await.recoveries.len(), 1, "the last day counts");
    pass(&app, 1).await;
    assert_eq!(mine(&app.sign_in("noemie").await).await.recoveries, []);
    app.sign_in("karim").await.read(&id(1)).await;
}

#[tokio::test]
async fn a_request_that_may_be_contested_is_not_put_out_of_reach() {
    let app = TestApp::start().await;
    asked(&app).await;
    pass(&app, 16).await;
    let claire = app.sign_in("claire").await;
    let waiting = to_decide(&claire).await.recoveries.remove(0);
    assert_eq!(decide(&claire, &waiting.recovery.id, true).await.status, 200);
    let withdraw = async |revision: u64| {
        let karim = app.sign_in("karim").await;
        let path = format!("{}/events/{}", address(&id(1)), id(90));
        karim.call("PUT", &path).json(&json!({ "kind": "withdrawn" })).header("if-match", &tag(revision)).send().await
    };
    let refused = withdraw(2).await.problem(403, "not-permitted");
    assert_eq!(refused.errors[0].code, "contestable");
    app.deliver().await;
    pass(&app, 31).await;
    assert_eq!(withdraw(2).await.status, 201);
}

#[tokio::test]
async fn colleagues_learn_how_many_drafts_there_are_and_nobody_of_the_team_does() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    noemie.create(&id(2), &named("Carte")).await;
    karim.create(&id(3), &named("À moi")).await;
    let list = karim.get("/api/recoveries").await;
    assert_eq!(list.text(), r#"{"recoveries":[],"drafts":2}"#, "a number, and no name");
    assert_eq!(mine(&app.sign_in("lucie").await).await.drafts, Some(0));
    assert_eq!(ask(&karim, None).await.status, 202);
    assert_eq!(mine(&noemie).await.recoveries.len(), 2);
    pass(&app, 16).await;
    assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries, [], "these are for the operator");
    let recovery = mine(&app.sign_in("noemie").await).await.recoveries.remove(0);
    assert_eq!(recovery.state, RecoveryState::Unanswered);
    decide(&app.sign_in("claire").await, &recovery.id, true).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_request_that_changed_hands_or_went_is_asked_for_no_more() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    assert_eq!(ask(&karim, None).await.status, 202);
    noemie.delete(&id(1), 1).await;
    assert_eq!(mine(&noemie).await.recoveries, []);
}

fn change(app: &TestApp, sql: &str) {
    rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap().execute_batch(sql).unwrap();
}

/// Makes the mails to Noémie about calls end in a state, or wait.
fn mails_to_owner_are(app: &TestApp, state: &str) {
    let sql = "UPDATE outbox SET next_at = 9e15, state = ";
    change(app, &format!("{sql}'{state}' WHERE mail IN ('recovery-asked', 'recovered')"));
}

#[tokio::test]
async fn whoever_was_not_told_cannot_be_late() {
    let app = TestApp::start().await;
    asked(&app).await;
    mails_to_owner_are(&app, "waiting");
    pass(&app, 40).await;
    let claire = app.sign_in("claire").await;
    assert_eq!(to_decide(&claire).await.recoveries, []);
    let recovery = mine(&app.sign_in("noemie").await).await.recoveries.remove(0);
    assert_eq!((recovery.state, recovery.answer_by.to_string().as_str()), (RecoveryState::Asked, "2027-01-16"));
    // Once a mail left, the days are counted.
    mails_to_owner_are(&app, "sent");
    pass(&app, 15).await;
    assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries, []);
    pass(&app, 1).await;
    let claire = app.sign_in("claire").await;
    assert_eq!(to_decide(&claire).await.recoveries.len(), 1);
    // The former owner has all days to contest as well.
    assert_eq!(decide(&claire, &recovery.id, true).await.status, 200);
    mails_to_owner_are(&app, "waiting");
    pass(&app, 40).await;
    assert_eq!(mine(&app.sign_in("noemie").await).await.recoveries[0].state, RecoveryState::Granted);
}

#[tokio::test]
async fn mails_that_came_back_or_are_refused_leave_it_to_the_team() {
    for state in ["bounced", "failed"] {
        let app = TestApp::start().await;
        asked(&app).await;
        mails_to_owner_are(&app, state);
        pass(&app, 1).await;
        assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries.len(), 1, "{state}");
    }
}

#[tokio::test]
async fn nobody_who_left_the_organisation_gets_a_request() {
    for answered in [true, false] {
        let app = TestApp::start().await;
        asked(&app).await;
        change(&app, "UPDATE recoveries SET siren = '999001738'");
        let noemie = app.sign_in("noemie").await;
        if answered {
            assert_eq!(answer(&noemie, true).await.status, 200);
        } else {
            pass(&app, 16).await;
            let claire = app.sign_in("claire").await;
            let waiting = to_decide(&claire).await.recoveries.remove(0);
            assert_eq!(decide(&claire, &waiting.recovery.id, true).await.status, 200);
        }
        let noemie = app.sign_in("noemie").await;
        noemie.read(&id(1)).await;
        assert_eq!(kinds(&noemie).await.last(), Some(&(Kind::RecoveryRefused, Side::Clock)));
        assert_eq!(mine(&noemie).await.recoveries, [], "the call is over");
        assert_eq!(mails(&app, KARIM).await, [Mail::RecoveryRefused]);
    }
}

#[tokio::test]
async fn nobody_who_takes_part_decides() {
    let app = TestApp::start().await;
    asked(&app).await;
    pass(&app, 16).await;
    let claire = app.sign_in("claire").await;
    let waiting = to_decide(&claire).await.recoveries.remove(0);
    change(
        &app,
        "INSERT INTO participants SELECT id, 'demonstration:claire', 'reader', siren, '', 0, 0, state, portal FROM requests",
    );
    decide(&claire, &waiting.recovery.id, true).await.problem(403, "own-request");
}

#[tokio::test]
async fn a_relay_that_is_down_takes_no_request_from_its_owner() {
    let builder = TestApp::builder().with(|settings| {
        let mail = &mut settings.mail;
        mail.smtp = Some("smtp://127.0.0.1:1".to_owned());
        mail.mail_from = Some("habilitation@equipe.example".to_owned());
        for setting in [&mut mail.service_name, &mut mail.service_address, &mut mail.service_phone] {
            *setting = Some("Équipe".to_owned());
        }
    });
    let app = builder.start().await;
    asked(&app).await;
    for day in 1..=10 {
        pass(&app, 1).await;
        assert_eq!(to_decide(&app.sign_in("claire").await).await.recoveries, [], "day {day}");
    }
    let recovery = mine(&app.sign_in("noemie").await).await.recoveries.remove(0);
    assert_eq!(recovery.answer_by.to_string(), "2026-12-17");
}

/// Returns the mails that say that a decision is waited for, with their addresses.
async fn told_to_decide(app: &TestApp) -> Vec<(String, String)> {
    app.deliver().await;
    let mut mails = app.get("/api/demo/mail").await.read::<CaughtMails>().mails;
    mails.reverse();
    mails.retain(|mail| mail.mail == Mail::RecoveryToDecide);
    mails.into_iter().map(|mail| (mail.to, mail.body.replace('\n', " "))).collect()
}

/// A server with addresses of those who decide.
async fn with_deciders() -> TestApp {
    let with = |settings: &mut Settings| {
        settings.mail.team_email = Some("equipe@service.example".to_owned());
        settings.webhook.operator_email = Some("exploitant@service.example".to_owned());
    };
    TestApp::builder().with(with).start().await
}

#[tokio::test]
async fn the_team_is_told_once_each_time_that_a_request_waits_for_it() {
    let app = with_deciders().await;
    asked(&app).await;
    pass(&app, 15).await;
    assert_eq!(told_to_decide(&app).await, [], "the owner may answer still");
    for _ in 0..3 {
        pass(&app, 1).await;
    }
    let told = told_to_decide(&app).await;
    let [(to, body)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(to, "equipe@service.example");
    for part in ["Karim Saïdi", "Noémie Lœb", "?page=reprises"] {
        assert!(body.contains(part), "{part} in {body}");
    }
    assert!(!body.contains(KARIM) && !body.contains("Elle a quitté"), "{body}");
    let claire = app.sign_in("claire").await;
    let waiting = to_decide(&claire).await.recoveries.remove(0);
    assert_eq!(decide(&claire, &waiting.recovery.id, true).await.status, 200);
    assert_eq!(answer(&app.sign_in("noemie").await, false).await.status, 200);
    pass(&app, 1).await;
    pass(&app, 1).await;
    let told: Vec<String> = told_to_decide(&app).await.into_iter().map(|(to, _)| to).collect();
    assert_eq!(told, ["equipe@service.example"], "contested: it waits anew, and the first mail says nothing any more");
}

#[tokio::test]
async fn the_operator_alone_is_told_of_drafts_and_reads_nothing_of_them() {
    let app = with_deciders().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet secret")).await;
    assert_eq!(ask(&karim, None).await.status, 202);
    pass(&app, 16).await;
    pass(&app, 1).await;
    let told = told_to_decide(&app).await;
    let [(to, body)] = &told[..] else { panic!("{told:?}") };
    assert_eq!(to, "exploitant@service.example");
    assert!(body.contains("list-recoveries") && body.contains("decide-recovery"), "{body}");
    for kept in ["Guichet", "Karim", "Noémie", "vallon"] {
        assert!(!body.contains(kept), "{kept} in {body}");
    }
}

#[tokio::test]
async fn a_draft_that_is_sent_while_the_operator_was_to_decide_is_told_to_the_team() {
    let app = with_deciders().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    assert_eq!(ask(&karim, None).await.status, 202);
    pass(&app, 16).await;
    pass(&app, 1).await;
    let receivers = async || told_to_decide(&app).await.into_iter().map(|(to, _)| to).collect::<Vec<_>>();
    assert_eq!(receivers().await, ["exploitant@service.example"]);
    app.sign_in("noemie").await.submit(&id(1), 1).await;
    pass(&app, 1).await;
    pass(&app, 1).await;
    assert_eq!(receivers().await.last().map(String::as_str), Some("equipe@service.example"));
    assert_eq!(receivers().await.iter().filter(|to| *to == "equipe@service.example").count(), 1);
}

#[tokio::test]
async fn without_an_address_nobody_is_written_to_and_it_waits_all_the_same() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    assert_eq!(ask(&karim, None).await.status, 202);
    pass(&app, 16).await;
    assert_eq!(told_to_decide(&app).await, []);
    let state = mine(&app.sign_in("noemie").await).await.recoveries.remove(0).state;
    assert_eq!(state, RecoveryState::Unanswered);
}
