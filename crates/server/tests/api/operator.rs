//! Commands of the operator, beside a server that runs.

use clap::Parser;
use habilitation_fixtures::{id, named, pdf, ready};
use habilitation_model::wire::{EventList, Kind, Mail, RecoveryState, Side};
use habilitation_server::operator::{self, Command};
use jiff::SignedDuration;
use serde_json::json;

use crate::app::{Person, TestApp, address};

const NOEMIE: &str = "noemie.loeb@vallon-les-pres.example";
const KARIM: &str = "karim.saidi@vallon-les-pres.example";

/// Command line of the operator.
#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

/// Runs a command with the reason and the names that it needs.
fn run(app: &TestApp, words: &[&str]) -> Result<String, String> {
    let authority = ["--reason", "Départ confirmé.", "--by", "Alix Mercier", "--second", "Sacha Petit"];
    run_bare(app, &[words, &authority].concat())
}

fn run_bare(app: &TestApp, words: &[&str]) -> Result<String, String> {
    let data = ["--data", app.data().to_str().unwrap()];
    let words = ["habilitation-server"].iter().chain(&words[..1]).chain(&data).chain(&words[1..]);
    let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
    operator::run(&line.command, app.now())
}

fn change(app: &TestApp, sql: &str) {
    rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap().execute_batch(sql).unwrap();
}

async fn submitted(app: &TestApp) -> String {
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    noemie.submit(&id(1), 1).await.number
}

async fn last_event(who: &Person<'_>) -> habilitation_model::wire::Event {
    let mut list: EventList = who.get(&format!("{}/events", address(&id(1)))).await.read();
    list.events.pop().unwrap()
}

async fn mails(app: &TestApp, to: &str) -> Vec<Mail> {
    app.mails_to(to).await.into_iter().map(|mail| mail.mail).filter(|mail| mail.is_personal()).collect()
}

#[tokio::test]
async fn the_operator_gives_a_request_another_owner_in_the_sight_of_all() {
    let app = TestApp::start().await;
    let number = submitted(&app).await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    let said = run(&app, &["reassign", "--request", &number, "--to", KARIM]).unwrap();
    assert_eq!(said, format!("{number} belongs to demonstration:karim now."));
    noemie.get(&address(&id(1))).await.problem(404, "not-found");
    assert_eq!(karim.read(&id(1)).await.revision, 2);
    let event = last_event(&karim).await;
    assert_eq!((event.kind, event.by.side, event.by.name.as_str()), (Kind::Reassigned, Side::Operator, "Alix Mercier"));
    assert_eq!((event.person.unwrap().name.as_str(), event.former.as_deref()), ("Karim Saïdi", Some("Noémie Lœb")));
    assert!(event.text.as_str().contains("Départ confirmé.") && event.text.as_str().contains("Sacha Petit"));
    let claire = app.sign_in("claire").await;
    let path = format!("/api/examination/requests/{}/events", id(1));
    assert_eq!(claire.get(&path).await.read::<EventList>().events.last().unwrap().kind, Kind::Reassigned);
    assert_eq!((mails(&app, NOEMIE).await, mails(&app, KARIM).await), (vec![Mail::Reassigned], vec![Mail::Reassigned]));
}

#[tokio::test]
async fn nothing_is_done_without_a_reason_two_names_or_in_doubt() {
    let app = TestApp::start().await;
    let number = submitted(&app).await;
    for person in ["karim", "lucie"] {
        app.sign_in(person).await;
    }
    let before = app.kept();
    let reassign = ["reassign", "--request", &number, "--to", KARIM];
    for rest in [
        &["--reason", "Départ.", "--by", "Alix Mercier"][..],
        &["--by", "Alix Mercier", "--second", "Sacha Petit"],
        &["--reason", " ", "--by", "Alix Mercier", "--second", "Sacha Petit"],
        &["--reason", "Départ.", "--by", "Alix Mercier", "--second", "alix mercier"],
        &["--reason", "Départ.", "--by", "Alix Mercier", "--second", ""],
    ] {
        run_bare(&app, &[&reassign[..], rest].concat()).unwrap_err();
    }
    for (words, said) in [
        (["reassign", "--request", "FC-2026-999999", "--to", KARIM], "there is no request FC-2026-999999"),
        (["reassign", "--request", &number, "--to", "x@y.example"], "nobody has signed in as x@y.example"),
        (["reassign", "--request", &number, "--to", NOEMIE], "belongs to this person already"),
        (
            ["reassign", "--request", &number, "--to", "lucie.payet@nouvelle-adresse.example"],
            "belongs to the organisation",
        ),
        (["move-organisation", "--from", "123", "--to", "999001738"], "two numbers of nine digits"),
        (["move-organisation", "--from", "111111111", "--to", "999001738"], "no request belongs to"),
        (["erase-person", "--person", NOEMIE, "--by", "x"], "cannot be used multiple times"),
    ] {
        let refused = run(&app, &words).unwrap_err();
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(app.kept(), before);
    let elsewhere = ["habilitation-server", "list-recoveries", "--data", "/nowhere"];
    let line = Line::try_parse_from(elsewhere).unwrap();
    let refused = operator::run(&line.command, app.now()).unwrap_err();
    assert_eq!(refused, "--data /nowhere: there is no database");
}

#[tokio::test]
async fn the_requests_of_communes_that_merge_go_to_the_new_one() {
    let app = TestApp::start().await;
    let number = submitted(&app).await;
    change(
        &app,
        "INSERT INTO participants SELECT id, 'demonstration:karim', 'editor', siren, '', 0, 0, state, portal FROM requests;
         INSERT INTO participants SELECT id, 'demonstration:lucie', 'reader', '999000001', '', 0, 0, state, portal FROM requests;",
    );
    let said = run(&app, &["move-organisation", "--from", "219900420", "--to", "999001738"]).unwrap();
    assert_eq!(said, "1 requests of 219900420 belong to 999001738 now.");
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let sirens = "SELECT group_concat(siren) FROM (SELECT siren FROM participants ORDER BY person)";
    let sirens: String = database.query_row(sirens, [], |row| row.get(0)).unwrap();
    assert_eq!(sirens, "999001738,999000001", "who took part for the former one takes part for the new one");
    let noemie = app.sign_in("noemie").await;
    assert_eq!(last_event(&noemie).await.kind, Kind::Reassigned);
    assert_eq!(mails(&app, NOEMIE).await, [Mail::Reassigned]);
    // Colleagues of the former organisation ask in vain.
    let body = json!({ "number": number, "reason": "Elle est partie." });
    assert_eq!(app.sign_in("karim").await.call("POST", "/api/recoveries").json(&body).send().await.status, 202);
    assert_eq!(mails(&app, NOEMIE).await, [Mail::Reassigned]);
}

#[tokio::test]
async fn the_operator_decides_on_drafts_that_never_were_sent() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    let body = json!({ "reason": "Elle est partie." });
    assert_eq!(karim.call("POST", "/api/recoveries").json(&body).send().await.status, 202);
    app.deliver().await;
    assert_eq!(run_bare(&app, &["list-recoveries"]).unwrap(), "No call for a draft waits for a decision.");
    app.wait(SignedDuration::from_hours(16 * 24));
    app.purge().await;
    let listed = run_bare(&app, &["list-recoveries"]).unwrap();
    assert!(listed.contains(KARIM) && listed.contains(NOEMIE), "{listed}");
    let recovery = listed.split_whitespace().next().unwrap();
    let decide = ["decide-recovery", "--recovery", recovery];
    run(&app, &decide).unwrap_err();
    run(&app, &[&decide[..], &["--grant"]].concat()).unwrap();
    run(&app, &[&decide[..], &["--grant"]].concat()).unwrap_err();
    let karim = app.sign_in("karim").await;
    karim.read(&id(1)).await;
    assert_eq!(last_event(&karim).await.by.side, Side::Operator);
    let noemie = app.sign_in("noemie").await;
    let list: habilitation_model::wire::RecoveryList = noemie.get("/api/recoveries").await.read();
    assert_eq!(list.recoveries[0].state, RecoveryState::Granted, "the former owner may contest");
    let refused = run(&app, &["erase-person", "--person", KARIM]).unwrap_err();
    assert!(refused.contains("may contest until"), "{refused}");
    run(&app, &["erase-person", "--person", NOEMIE]).unwrap();
    karim.read(&id(1)).await;
}

#[tokio::test]
async fn a_person_is_erased_with_their_drafts_once_what_they_sent_has_another_owner() {
    let app = TestApp::start().await;
    let number = submitted(&app).await;
    let (noemie, _karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(2), &named("Carte")).await;
    noemie.send(&id(2), &id(9), &pdf("x")).await;
    let erase = ["erase-person", "--person", NOEMIE];
    let refused = run(&app, &erase).unwrap_err();
    assert!(refused.ends_with(&number), "{refused}");
    run(&app, &["reassign", "--request", &number, "--to", KARIM]).unwrap();
    let said = run(&app, &erase).unwrap();
    assert_eq!(said, "demonstration:noemie is erased, with 1 drafts.");
    assert!(app.files().is_empty());
    let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN
                  ('accounts', 'sessions', 'seen', 'deleted', 'recoveries', 'recovery_calls', 'card_sendings', 'sendings', 'kept',
                   'people', 'participants', 'invitations', 'hand_overs', 'presences', 'personal_mails', 'saves', 'events')";
    let mut statement = database.prepare(tables).unwrap();
    let tables: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(tables.len(), 17);
    for table in tables {
        let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let texts = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap()));
            assert!(texts.clone().all(|text| !text.contains("noemie")), "{table}: {:?}", texts.collect::<Vec<_>>());
        }
    }
}

#[tokio::test]
async fn an_erasure_leaves_its_reason_and_those_who_decided_it_in_the_security_log() {
    let app = TestApp::start().await;
    app.sign_in("noemie").await;
    let file = app.data().join("security.log");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_habilitation-server"))
        .args(["erase-person", "--person", NOEMIE, "--reason", "Demande du 3 mai.", "--by", "Alix Mercier"])
        .args(["--second", "Sacha Petit", "--data", app.data().to_str().unwrap()])
        .args(["--security-log", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let line: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let told = ["event", "command", "erased", "by", "second", "reason"].map(|name| line[name].as_str().unwrap());
    assert_eq!(told, ["operator", "erase-person", NOEMIE, "Alix Mercier", "Sacha Petit", "Demande du 3 mai."]);
    assert_eq!(line["is_done"], true);
}
