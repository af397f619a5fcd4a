//! Keeping: what days take of requests, what is told before, and what is left.

use std::fs;

use habilitation_model::wire::{
    CaughtMail, CaughtMails, EventList, Kind, Mail, PublicList, Queue, Recipient, RequestList, State,
};
use habilitation_model::{Draft, Field, Id, field};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use crate::embedding::{self, Element};
use habilitation_fixtures::{Fixture, id, named, pdf, ready};

/// Lets time pass until noon of a day, in UTC.
fn wait_until(app: &TestApp, day: &str) {
    let noon: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
    app.wait(noon.duration_since(app.now()));
}

/// Lets time pass until a day, and the clock do what is due then.
async fn pass(app: &TestApp, day: &str) {
    wait_until(app, day);
    app.purge().await;
}

/// Mails that the demonstration caught of a kind, the oldest first.
async fn caught(app: &TestApp, mail: Mail) -> Vec<CaughtMail> {
    let mut mails = app.get("/api/demo/mail").await.read::<CaughtMails>().mails;
    mails.retain(|caught| caught.mail == mail);
    mails.reverse();
    mails
}

async fn act(who: &Person<'_>, start: &str, request: &Id, event: u8, body: Value) {
    let read: Value = who.get(&format!("{start}/{request}")).await.read();
    let path = format!("{start}/{request}/events/{}", id(event));
    let mut body = body;
    if start == TEAM {
        body["seen"] = read["last_event"].clone();
    }
    let answer = who.call("PUT", &path).json(&body).header("if-match", &tag(read["revision"].as_u64().unwrap())).send();
    let answer = answer.await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

const OWNER: &str = "/api/requests";
const TEAM: &str = "/api/examination/requests";

/// Words that nobody else uses, so that they can be looked for.
const WORDS: [&str; 6] = [
    "guichet-effaçable",
    "note-effaçable",
    "message-effaçable",
    "refus-effaçable",
    "Effaçable-Nom",
    "annuaire-effaçable",
];

fn with(mut draft: Draft, field: Field, text: &str) -> Draft {
    field.set(&mut draft, field::Value::Text(text));
    draft
}

/// Bytes of all files of the data folder.
fn bytes_on_disk(app: &TestApp) -> String {
    let mut all = Vec::new();
    let mut folders = vec![app.data().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                all.extend(fs::read(entry.path()).unwrap());
            }
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

fn rows(app: &TestApp, sql: &str) -> Vec<String> {
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Leaves a request of Noémie that is refused and archived, with all that a request can hold.
async fn archived(app: &TestApp) {
    let noemie = app.sign_in("noemie").await;
    let draft = with(Fixture::named("town-hall"), Field::ProjectName, WORDS[0]);
    let draft = with(draft, Field::TechnicalFamilyName, WORDS[4]);
    noemie.create(&id(1), &draft).await;
    for document in draft.documents() {
        noemie.send(&id(1), &document.id, &pdf("maquette")).await;
    }
    noemie.submit(&id(1), 1).await;
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let found = json!({"state": "found", "name": WORDS[5], "as_of": "2026-11-22"}).to_string();
    let sql = "INSERT INTO found_organisations (request, n, found) VALUES (?1, 1, ?2)";
    database.execute(sql, [id(1).as_str(), &found]).unwrap();
    let claire = app.sign_in("claire").await;
    act(&claire, TEAM, &id(1), 101, json!({"kind": "note", "text": WORDS[1]})).await;
    act(&claire, TEAM, &id(1), 102, json!({"kind": "message", "text": WORDS[2]})).await;
    act(&claire, TEAM, &id(1), 103, json!({"kind": "refused", "text": WORDS[3]})).await;
    act(&noemie, OWNER, &id(1), 104, json!({"kind": "archived"})).await;
    app.deliver().await;
}

#[tokio::test]
async fn an_archived_request_is_erased_three_years_after_it_was_over_and_its_applicant_is_told_before() {
    let app = TestApp::start().await;
    archived(&app).await;
    let lucie = app.sign_in("lucie").await;
    lucie.create(&id(2), &ready()).await;
    lucie.submit(&id(2), 1).await;
    act(&app.sign_in("claire").await, TEAM, &id(2), 105, json!({"kind": "accepted"})).await;
    let csv = app.get("/habilitations.csv").await;
    let held = bytes_on_disk(&app);
    let mut told = Vec::new();
    assert!(WORDS.iter().all(|word| held.contains(word)), "before");

    pass(&app, "2029-10-22").await;
    assert_eq!(caught(&app, Mail::Erasure).await, []);
    for day in ["2029-10-23", "2029-10-24", "2029-11-21"] {
        pass(&app, day).await;
        told = caught(&app, Mail::Erasure).await;
        assert_eq!(told.len(), 1, "{day}: once");
        assert_eq!(told[0].to, Fixture::named("town-hall").organisation.applicant.email.trimmed());
        assert!(told[0].subject.ends_with("sera effacée le 22\u{a0}novembre\u{a0}2029"), "{}", told[0].subject);
    }
    assert_eq!(app.sign_in("noemie").await.read(&id(1)).await.state, State::Archived, "the day before");

    pass(&app, "2029-11-22").await;
    let noemie = app.sign_in("noemie").await;
    let claire = app.sign_in("claire").await;
    let document = Fixture::named("town-hall").documents().next().unwrap().id.clone();
    let own = address(&id(1));
    let message = json!({"kind": "message", "text": "Bonjour."});
    for call in [
        noemie.call("GET", &own),
        noemie.save(&id(1), None, &named("late")),
        noemie.save(&id(1), Some(4), &named("late")),
        noemie.call("DELETE", &own).header("if-match", &tag(4)),
        noemie.submission(&id(1), 4),
        noemie.call("GET", &format!("{own}/events")),
        noemie.call("GET", &format!("{own}/submissions/1")),
        noemie.call("PUT", &format!("{own}/events/{}", id(110))).json(&message),
        noemie.call("PUT", &format!("{own}/seen")).json(&json!({"seq": 1})),
        noemie.upload(&id(1), &document, &pdf("a")),
        claire.call("GET", &format!("{TEAM}/{}", id(1))),
        claire.call("GET", &format!("{TEAM}/{}/events", id(1))),
        claire.call("GET", &format!("{TEAM}/{}/submissions/1", id(1))),
        claire.call("GET", &format!("{TEAM}/{}/documents/{document}", id(1))),
        claire.call("PUT", &format!("{TEAM}/{}/events/{}", id(1), id(110))).json(&message),
        claire.call("PUT", &format!("{TEAM}/{}/seen", id(1))).json(&json!({"seq": 1})),
    ] {
        call.send().await.problem(410, "deleted");
    }
    app.sign_in("karim").await.get(&own).await.problem(404, "not-found");

    for query in ["", "?state=archived", "?q=guichet"] {
        assert_eq!(noemie.get(&format!("{OWNER}{query}")).await.read::<RequestList>().requests, [], "{query}");
    }
    let queue: Queue = claire.get(&format!("{TEAM}?state=archived")).await.read();
    assert_eq!((queue.requests.len(), queue.total), (0, 0));
    assert_eq!(claire.get(&format!("{TEAM}?state=archived&q=guichet-eff")).await.read::<Queue>().total, 0);
    let after = app.get("/habilitations.csv").await;
    assert_eq!((after.text(), after.header("etag")), (csv.text(), csv.header("etag")), "the public list is as it was");
    assert_eq!(app.get("/api/habilitations").await.read::<PublicList>().habilitations.len(), 1);

    assert_eq!(app.files().len(), 0);
    let left = bytes_on_disk(&app);
    // The index of words has them without accents.
    for word in WORDS.iter().chain(&["effacable"]) {
        assert!(!left.contains(word), "{word}");
    }
    assert!(!app.data().join("mail").join(format!("{}.eml", told[0].id)).exists(), "the mail told of it");
    let remains = "SELECT number || ' ' || state || ' ' || siret || ' ' || organisation || ' ' || level || ' ' || scopes FROM erased";
    let [remains] = &rows(&app, remains)[..] else { panic!("nothing is left") };
    assert!(remains.starts_with("FC-2026-000001 archived ") && remains.contains("eidas"), "{remains}");
    let events = rows(&app, "SELECT seq || ' ' || kind || ' ' || day FROM erased_events ORDER BY seq");
    let kinds = ["submitted", "note", "message", "refused", "archived"];
    let expected: Vec<String> = (1..).zip(kinds).map(|(seq, kind)| format!("{seq} {kind} 2026-11-22")).collect();
    assert_eq!(events, expected);

    app.purge().await;
    assert_eq!(rows(&app, "SELECT number FROM erased"), ["FC-2026-000001"]);
    noemie.create(&id(3), &ready()).await;
    assert!(noemie.submit(&id(3), 1).await.number.ends_with("-000001"), "the first one of its own year");
}

#[tokio::test]
async fn nothing_is_erased_before_it_was_told_for_thirty_days_however_late_it_is() {
    let app = TestApp::start().await;
    archived(&app).await;
    for day in ["2031-05-01", "2031-05-02", "2031-05-30"] {
        pass(&app, day).await;
        assert_eq!(app.sign_in("noemie").await.read(&id(1)).await.state, State::Archived, "{day}");
    }
    let told = caught(&app, Mail::Erasure).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].subject.ends_with("le 31\u{a0}mai\u{a0}2031"), "{}", told[0].subject);
    pass(&app, "2031-05-31").await;
    app.sign_in("noemie").await.get(&address(&id(1))).await.problem(410, "deleted");
}

#[tokio::test]
async fn a_reopened_draft_is_withdrawn_by_the_clock_once_it_was_told_and_not_if_somebody_works_on_it() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    noemie.submit(&id(1), 1).await;
    act(&app.sign_in("claire").await, TEAM, &id(1), 101, json!({"kind": "accepted"})).await;
    act(&noemie, OWNER, &id(1), 102, json!({"kind": "reopened"})).await;
    pass(&app, "2027-04-22").await;
    assert_eq!(caught(&app, Mail::Erasure).await.len(), 1, "30 days before");
    let noemie = app.sign_in("noemie").await;
    noemie.change(&id(1), 4, &with(ready(), Field::ProjectName, "Le guichet")).await;
    pass(&app, "2027-05-22").await;
    assert_eq!(app.sign_in("noemie").await.read(&id(1)).await.state, State::Draft, "it was touched");
    assert_eq!(caught(&app, Mail::Erasure).await.len(), 1);
    pass(&app, "2027-09-22").await;
    let told = caught(&app, Mail::Erasure).await;
    assert_eq!(told.len(), 2, "of the new term");
    assert!(
        told[1].subject.ends_with("Votre modification sera abandonnée le 22\u{a0}octobre\u{a0}2027"),
        "{}",
        told[1].subject
    );
    pass(&app, "2027-10-22").await;
    assert_eq!(app.sign_in("noemie").await.read(&id(1)).await.state, State::Accepted);
}

#[tokio::test]
async fn the_owner_of_a_forgotten_draft_is_reminded_once_and_told_before_it_goes() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &named("oublié")).await;
    noemie.create(&id(2), &named("envoyé")).await;
    noemie.change(&id(2), 1, &ready()).await;
    noemie.submit(&id(2), 2).await;
    pass(&app, "2026-12-06").await;
    assert_eq!(caught(&app, Mail::DraftReminder).await, []);
    for day in ["2026-12-07", "2026-12-08", "2027-02-01"] {
        pass(&app, day).await;
        let reminded = caught(&app, Mail::DraftReminder).await;
        assert_eq!(reminded.len(), 1, "{day}");
        assert_eq!((reminded[0].recipient, reminded[0].request.as_ref()), (Recipient::Owner, Some(&id(1))));
        assert!(reminded[0].to.contains('@') && reminded[0].body.contains("oublié"), "{:?}", reminded[0]);
    }
    // The team does not see that there is a draft.
    let claire = app.sign_in("claire").await;
    assert!(!claire.get("/api/examination/deliveries").await.text().contains(id(1).as_str()));

    pass(&app, "2027-10-23").await;
    let told = caught(&app, Mail::Erasure).await;
    assert_eq!((told.len(), told[0].request.as_ref()), (1, Some(&id(1))));
    assert!(told[0].subject.ends_with("sera supprimé le 22\u{a0}novembre\u{a0}2027"), "{}", told[0].subject);
    pass(&app, "2027-11-23").await;
    app.sign_in("noemie").await.get(&address(&id(1))).await.problem(410, "deleted");
    app.purge().await;
    let file = format!("{}.eml", told[0].id);
    assert!(!app.data().join("mail").join(file).exists(), "the mail named it");
}

#[tokio::test]
async fn the_file_of_a_mail_goes_once_its_delivery_is_gone_whatever_left_it_there() {
    let app = TestApp::start().await;
    archived(&app).await;
    let folder = app.data().join("mail");
    let names = || {
        let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<std::collections::BTreeSet<_>>()
    };
    let of_deliveries = names();
    assert!(!of_deliveries.is_empty());
    let [lost, old, young] = [format!("{}.eml", id(97)), format!("{}.part", id(98)), format!("{}.part", id(99))];
    for name in [&lost, &old, &young] {
        fs::write(folder.join(name), WORDS[0]).unwrap();
    }
    for (name, at) in [(&old, Timestamp::UNIX_EPOCH), (&young, app.now())] {
        fs::File::options().write(true).open(folder.join(name)).unwrap().set_modified(at.into()).unwrap();
    }
    app.purge().await;
    let mut left = of_deliveries;
    left.insert(young);
    assert_eq!(names(), left, "what is being written stays");
}

#[tokio::test]
async fn the_clock_of_the_demonstration_forgets_the_mails_of_what_it_erases() {
    let app = TestApp::start().await;
    archived(&app).await;
    for days in [1_070, 1_100] {
        let clock = app.call("PUT", "/api/demo/clock").json(&json!({"days": days})).send().await;
        assert_eq!(clock.status, 204);
    }
    assert_eq!(rows(&app, "SELECT number FROM erased"), ["FC-2026-000001"]);
    assert_eq!(rows(&app, "SELECT id FROM outbox"), Vec::<String>::new());
    assert_eq!(fs::read_dir(app.data().join("mail")).unwrap().count(), 0);
}

#[tokio::test]
async fn what_follows_from_each_other_comes_with_one_purge() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    noemie.submit(&id(1), 1).await;
    let ask = json!({"kind": "changes_requested", "text": "Un point."});
    act(&app.sign_in("claire").await, TEAM, &id(1), 101, ask).await;
    pass(&app, "2027-06-01").await;
    let kinds = "SELECT kind FROM events WHERE seq > 2 ORDER BY seq";
    assert_eq!(rows(&app, kinds), ["resumed", "deadline"], "the examination goes on, and its term is past");
}

#[tokio::test]
async fn an_address_is_kept_for_as_long_as_there_is_a_draft_to_write_about() {
    let app = TestApp::start().await;
    app.sign_in("karim").await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &named("brouillon")).await;
    let people = || rows(&app, "SELECT person FROM people ORDER BY person");
    assert_eq!(people().len(), 2);
    pass(&app, "2026-11-24").await;
    assert_eq!(people().len(), 1, "Karim has no draft, and is gone");
    app.sign_in("noemie").await.delete(&id(1), 1).await;
    pass(&app, "2026-11-26").await;
    assert_eq!(people().len(), 0);
}

#[tokio::test]
async fn people_whom_a_submission_named_are_blanked_three_years_after_it_was_replaced() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &with(ready(), Field::DpoFamilyName, WORDS[4])).await;
    noemie.submit(&id(1), 1).await;
    let claire = app.sign_in("claire").await;
    act(&claire, TEAM, &id(1), 101, json!({"kind": "accepted"})).await;
    wait_until(&app, "2027-01-10");
    let noemie = app.sign_in("noemie").await;
    act(&noemie, OWNER, &id(1), 102, json!({"kind": "reopened"})).await;
    noemie.change(&id(1), 4, &with(ready(), Field::DpoFamilyName, "Remplaçant")).await;
    noemie.submit(&id(1), 5).await;
    wait_until(&app, "2027-02-10");
    act(&app.sign_in("claire").await, TEAM, &id(1), 103, json!({"kind": "accepted"})).await;

    pass(&app, "2030-02-09").await;
    assert!(bytes_on_disk(&app).contains(WORDS[4]), "the day before");
    for _ in 0..2 {
        pass(&app, "2030-02-10").await;
        let noemie = app.sign_in("noemie").await;
        let [first, second]: [Value; 2] = [
            noemie.get(&format!("{}/submissions/1", address(&id(1)))).await.read(),
            noemie.get(&format!("{}/submissions/2", address(&id(1)))).await.read(),
        ];
        for part in ["draft", "request"] {
            assert_eq!(
                (&first[part]["people"]["dpo"]["family_name"], &first[part]["people"]["dpo"]["email"]),
                (&json!(""), &json!(""))
            );
            assert_eq!(first[part]["organisation"]["applicant"]["email"], json!(""));
            assert_eq!(first[part]["project"]["name"], second[part]["project"]["name"]);
            assert_eq!(second[part]["people"]["dpo"]["family_name"], json!("Remplaçant"));
        }
    }
    assert!(!bytes_on_disk(&app).contains(&format!("\"{}\"", WORDS[4])));
    let kept = "SELECT CAST(bytes - (SELECT sum(octet_length(draft) + octet_length(request_json)) FROM submissions)
                                  - (SELECT sum(octet_length(draft)) FROM requests) AS TEXT) FROM kept";
    assert_eq!(rows(&app, kept), ["0"]);
    let events: EventList = app.sign_in("noemie").await.get(&format!("{}/events", address(&id(1)))).await.read();
    assert_eq!(events.events.iter().filter(|event| event.kind == Kind::Accepted).count(), 2, "events stay");
}

#[tokio::test]
async fn a_portal_is_told_of_what_was_begun_there_alone_that_it_was_erased() {
    let app = embedding::builder().start().await;
    let noemie = app.sign_in("noemie").await;
    Element::signed_in(&noemie, 1).await.create(&id(1), &ready()).await;
    noemie.create(&id(2), &ready()).await;
    for (request, event) in [(id(1), 101), (id(2), 103)] {
        noemie.submit(&request, 1).await;
        act(&noemie, OWNER, &request, event, json!({"kind": "withdrawn"})).await;
        act(&noemie, OWNER, &request, event + 1, json!({"kind": "archived"})).await;
    }
    pass(&app, "2029-11-01").await;
    pass(&app, "2029-12-01").await;
    let noemie = app.sign_in("noemie").await;
    let element = Element::signed_in(&noemie, 2).await;
    element.get(&address(&id(1))).await.problem(410, "deleted");
    element.get(&address(&id(2))).await.problem(404, "not-found");
    for request in [id(1), id(2)] {
        noemie.get(&address(&request)).await.problem(410, "deleted");
    }
}
