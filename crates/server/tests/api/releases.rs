//! Databases that earlier releases wrote: this one serves every request in them, and rewrites none by reading it.
//!
//! `tests/releases/N` holds what a release with tables of version N wrote, as SQL, and its documents. A release that changes the
//! tables adds a folder: `cargo test -p habilitation-server write_the_release -- --ignored` writes it.

use std::fs;
use std::path::{Path, PathBuf};

use habilitation_model::export::{self, Export};
use habilitation_model::saving::DeviceCopy;
use habilitation_model::schema::{self, History, Migration};
use habilitation_model::wire::{
    EventList, IssuedToken, Kind, Receipt, RequestList, State, StoredRequest, SubmissionSummary,
};
use habilitation_model::{Date, Document, Draft, Id, SCHEMA};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use crate::embedding::{self, Element, PORTAL};
use habilitation_fixtures::{Fixture, id, named, pdf, ready};

/// Verifier of the grant that the release left unclaimed.
const UNCLAIMED: u8 = 7;
/// Number of the request that was begun through the portal.
const OF_PORTAL: u8 = 21;
const DELETED: u8 = 30;

/// Number of the request whose applicant is asked for changes, and edits without sending.
const SENT_BACK: u8 = 22;
/// Number of the request that was accepted.
const ACCEPTED: u8 = 23;

fn folder(tables: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases").join(tables.to_string())
}

fn database(data: &Path) -> Connection {
    Connection::open(data.join("habilitation.sqlite")).unwrap()
}

/// Restores the data folder of a release.
pub(crate) fn restore(release: u32, data: &Path) {
    fs::create_dir_all(data.join("documents")).unwrap();
    for file in fs::read_dir(folder(release).join("documents")).unwrap().map(Result::unwrap) {
        fs::copy(file.path(), data.join("documents").join(file.file_name())).unwrap();
    }
    database(data).execute_batch(&fs::read_to_string(folder(release).join("database.sql")).unwrap()).unwrap();
}

/// Returns the versions of the tables that are kept, the oldest first.
fn releases() -> Vec<u32> {
    let folders = fs::read_dir(folder(0).parent().unwrap()).unwrap();
    let mut releases: Vec<u32> =
        folders.map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap()).collect();
    releases.sort_unstable();
    releases
}

/// Reads every request of the list, with its documents, and claims the portal's grant.
async fn serve_everything(app: &TestApp) -> Vec<StoredRequest> {
    let noemie = app.sign_in("noemie").await;
    let list: RequestList = noemie.get("/api/requests?limit=100").await.read();
    let mut requests = Vec::new();
    for summary in &list.requests {
        let request = noemie.read(&summary.id).await;
        assert_eq!((request.schema, request.revision), (SCHEMA, summary.revision));
        assert_eq!(request.draft.project.name.line(), summary.name);
        for document in &request.arrived {
            let answer = noemie.get(&document_address(&request.id, document)).await;
            assert_eq!((answer.status, answer.body.as_ref()), (200, pdf("kept").as_slice()));
        }
        if request.state == State::Submitted {
            let again = noemie.submission(&request.id, request.revision).send().await;
            assert_eq!(again.status, 200, "{}", again.text());
        }
        requests.push(request);
    }
    noemie.get(&address(&id(DELETED))).await.problem(410, "deleted");
    requests
}

fn document_address(request: &Id, document: &Id) -> String {
    format!("{}/documents/{document}", address(request))
}

#[tokio::test]
async fn every_request_of_an_earlier_release_is_served_and_stays_as_it_was_written() {
    for release in releases() {
        let app = embedding::builder().data(|data| restore(release, data)).start().await;
        let before = app.kept_requests();
        let requests = serve_everything(&app).await;
        assert_eq!(app.kept_requests(), before);

        let in_state = |state| requests.iter().filter(|request| request.state == state).count();
        let expected = if release < 5 { [8, 2, 0, 0] } else { [8, 2, 1, 1] };
        let states = [State::Draft, State::Submitted, State::ChangesRequested, State::Accepted];
        assert_eq!(states.map(in_state), expected, "release {release}");
        assert!(requests.iter().filter(|request| !request.arrived.is_empty()).count() >= 2);

        let claim = embedding::claiming(&app, PORTAL, &embedding::verifier(UNCLAIMED), None).send().await;
        assert_eq!(claim.status, 201, "{}", claim.text());
        let element = Element { app: &app, origin: PORTAL, token: claim.read::<IssuedToken>().token };
        let of_portal: RequestList = element.get("/api/requests").await.read();
        assert_eq!(of_portal.requests.iter().map(|request| &request.id).collect::<Vec<_>>(), [&id(OF_PORTAL)]);
    }
}

#[tokio::test]
async fn what_an_earlier_release_submitted_has_a_history_from_then_on() {
    let app = embedding::builder().data(|data| restore(4, data)).start().await;
    let noemie = app.sign_in("noemie").await;
    let list: RequestList = noemie.get("/api/requests?limit=100&state=submitted").await.read();
    assert_eq!(list.requests.len(), 2);
    for summary in &list.requests {
        let request = noemie.read(&summary.id).await;
        let at = request.submitted_at.clone().unwrap();
        let (on, due_on) = (Date::parse("2026-11-22").unwrap(), Date::parse("2027-01-22").unwrap());
        assert_eq!(request.submissions, [SubmissionSummary { n: 1, at: at.clone(), on }]);
        assert_eq!((request.due_on, summary.due_on, request.last_event), (Some(due_on), Some(due_on), Some(1)));
        let again: Receipt = noemie.submission(&request.id, 1).send().await.read();
        assert_eq!((again.submission, again.due_on, &again.request), (1, Some(due_on), &request));

        let events: EventList = noemie.get(&format!("{}/events", address(&request.id))).await.read();
        let [event] = &events.events[..] else { panic!("{events:?}") };
        assert_eq!((&event.id, event.seq, event.kind, &event.at, event.on), (&request.id, 1, Kind::Submitted, &at, on));
        let applicant = &request.draft.organisation.applicant;
        let name = format!("{} {}", applicant.given_name.trimmed(), applicant.family_name.trimmed());
        assert_eq!((&event.by.name, event.by.job_title.as_str()), (&name, applicant.job_title.trimmed()));

        let sent: Value = noemie.get(&format!("{}/submissions/1", address(&request.id))).await.read();
        assert_eq!(sent["draft"], serde_json::to_value(&request.draft).unwrap());
        assert_eq!(sent["request"]["project"]["name"], summary.name);
        // A request that was submitted is not deleted, whoever asks.
        let delete = database(app.data()).execute("DELETE FROM requests WHERE id = ?1", [request.id.as_str()]);
        assert!(delete.is_err());
    }
}

/// Made-up history in which the version before today's called `project.name` `project.title`.
struct Renamed;

impl History for Renamed {
    const NEWEST: u32 = SCHEMA;
    const MIGRATIONS: &'static [Migration] =
        &[Migration { draft: |draft| rename(draft, "title", "name"), renamed: &[("/project/title", "/project/name")] }];
}

fn rename(draft: &mut Value, from: &str, to: &str) {
    if let Some(project) = draft["project"].as_object_mut()
        && let Some(value) = project.remove(from)
    {
        project.insert(to.to_owned(), value);
    }
}

/// Turns the drafts of a database, or one of them, into drafts of the version before.
fn age(database: &Connection, only: Option<&Id>) {
    let sql = "UPDATE requests SET schema = schema - 1,
                   draft = json_set(json_remove(draft, '$.project.name'), '$.project.title', draft ->> '$.project.name')
               WHERE ?1 IS NULL OR id = ?1";
    assert!(database.execute(sql, [only.map(Id::as_str)]).unwrap() > 0);
}

/// Starts a server for which what the newest release wrote is of the version before.
async fn start_a_version_later() -> TestApp {
    let newest = *releases().last().unwrap();
    let builder = embedding::builder().data(|data| {
        restore(newest, data);
        age(&database(data), None);
    });
    builder.reading(schema::read_draft_in::<Renamed, str>).start().await
}

#[tokio::test]
async fn a_renamed_field_is_brought_up_on_reading_and_the_rows_stay_as_they_were() {
    let newest = *releases().last().unwrap();
    let expected = serve_everything(&embedding::builder().data(|data| restore(newest, data)).start().await).await;
    let app = start_a_version_later().await;
    let before = app.kept_requests();
    assert_eq!(serve_everything(&app).await, expected);
    assert_eq!(app.kept_requests(), before);
}

/// Version and draft of a row.
fn stored(app: &TestApp, request: &Id) -> (u32, Value) {
    let sql = "SELECT schema, draft FROM requests WHERE id = ?1";
    let row = database(app.data()).query_row(sql, [request.as_str()], |row| Ok((row.get(0)?, row.get(1)?)));
    let (schema, draft): (u32, String) = row.unwrap();
    (schema, serde_json::from_str(&draft).unwrap())
}

#[tokio::test]
async fn an_old_draft_that_is_changed_or_submitted_is_written_in_the_shape_of_today() {
    let app = start_a_version_later().await;
    let noemie = app.sign_in("noemie").await;
    let requests: RequestList = noemie.get("/api/requests?limit=100&state=draft").await.read();
    let (first, second) = (&requests.requests[0], &requests.requests[1]);

    noemie.change(&first.id, first.revision, &named("Later")).await;
    assert_eq!(stored(&app, &first.id).0, SCHEMA);

    let complete = ready();
    noemie.change(&second.id, second.revision, &complete).await;
    age(&database(app.data()), Some(&second.id));
    assert_eq!(stored(&app, &second.id).1["project"]["title"], complete.project.name.as_str());
    noemie.submit(&second.id, second.revision + 1).await;
    let (schema, draft) = stored(&app, &second.id);
    assert_eq!((schema, serde_json::from_value::<Draft>(draft).unwrap()), (SCHEMA, complete));
}

#[test]
fn the_same_migration_brings_up_copies_of_devices_and_exported_files() {
    let draft = Fixture::named("town-hall");
    let aged = |mut envelope: Value, member: &str| {
        envelope["schema"] = (SCHEMA - 1).into();
        rename(&mut envelope[member], "name", "title");
        envelope.to_string()
    };
    let copy = aged(serde_json::to_value(DeviceCopy::new(draft.clone(), 12)).unwrap(), "mine");
    assert_eq!(schema::read_copy_in::<Renamed, _>(copy.as_str()).unwrap().mine, draft);
    let file =
        aged(serde_json::to_value(Export::new(draft.clone(), "2026-11-25T10:00:00Z".to_owned())).unwrap(), "draft");
    assert_eq!(export::import_in::<Renamed, _>(file.as_str()), Ok(draft.duplicate()));
}

#[tokio::test]
async fn a_draft_of_a_later_release_is_refused_and_kept() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let draft = Fixture::named("town-hall");
    let document = draft.documents().next().unwrap().id.clone();
    who.create(&id(1), &draft).await;
    who.send(&id(1), &document, &pdf("kept")).await;
    let set = |schema: u32| {
        database(app.data()).execute("UPDATE requests SET schema = ?1", [schema]).unwrap();
    };
    set(SCHEMA + 1);
    let before = app.kept();
    let file = document_address(&id(1), &document);
    for call in [
        who.call("GET", &address(&id(1))),
        who.save(&id(1), Some(1), &named("overwritten")),
        who.save(&id(1), Some(7), &named("overwritten")),
        who.call("DELETE", &address(&id(1))).header("if-match", &tag(1)),
        who.submission(&id(1), 1),
        who.call("GET", &file),
        who.call("DELETE", &file),
        who.upload(&id(1), &document, &pdf("overwritten")),
    ] {
        let answer = call.send().await;
        answer.problem(503, "newer-draft");
        assert_eq!(answer.header("retry-after"), Some("60"));
    }
    let list: RequestList = who.get("/api/requests").await.read();
    assert_eq!(list.requests[0].name, draft.project.name.line());
    assert_eq!(app.kept(), before);
    set(SCHEMA);
    assert_eq!(who.read(&id(1)).await.draft, draft);
}

#[tokio::test]
#[ignore = "writes the files of this release"]
async fn write_the_release() {
    let app = embedding::builder().start().await;
    let noemie = app.sign_in("noemie").await;
    for (number, fixture) in (1..).zip(Fixture::all().iter().filter(|fixture| !fixture.is_complete())) {
        create(&noemie, number, &fixture.draft).await;
    }
    create(&noemie, 20, &ready()).await;
    noemie.change(&id(20), 1, &ready()).await;
    noemie.submit(&id(20), 2).await;
    let element = Element::signed_in(&noemie, 1).await;
    element.create(&id(OF_PORTAL), &Fixture::named("town-hall")).await;
    for document in Fixture::named("town-hall").documents() {
        noemie.send(&id(OF_PORTAL), &document.id, &pdf("kept")).await;
    }
    noemie.submit(&id(OF_PORTAL), 1).await;
    examine(&app, &noemie).await;
    noemie.create(&id(DELETED), &named("Deleted")).await;
    noemie.delete(&id(DELETED), 1).await;
    embedding::granting(&noemie, &embedding::verifier(UNCLAIMED), PORTAL, habilitation_model::wire::Handover::Poll)
        .send()
        .await;

    let database = database(app.data());
    let folder = folder(database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap());
    fs::create_dir_all(folder.join("documents")).unwrap();
    for file in app.files() {
        fs::copy(&file, folder.join("documents").join(file.file_name().unwrap())).unwrap();
    }
    fs::write(folder.join("database.sql"), dump(&database)).unwrap();
}

/// Leaves a request that is sent back, one that is accepted, and events of several kinds.
async fn examine(app: &TestApp, noemie: &Person<'_>) {
    let claire = app.sign_in("claire").await;
    for number in [SENT_BACK, ACCEPTED] {
        noemie.create(&id(number), &ready()).await;
        noemie.submit(&id(number), 1).await;
    }
    let act = async |who: &Person<'_>, start: &str, request: u8, event: u8, body: Value| {
        let path = format!("{start}/{}/events/{}", id(request), id(event));
        let answer = who.call("PUT", &path).header("if-match", &tag(2)).json(&body).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    };
    let see = async |who: &Person<'_>, start: &str, request: u8, seq: u64| {
        let call = who.call("PUT", &format!("{start}/{}/seen", id(request)));
        assert_eq!(call.json(&json!({ "seq": seq })).send().await.status, 204);
    };
    let (theirs, ours) = ("/api/requests", "/api/examination/requests");

    let remark = json!({"pointer": "/project/description", "text": "Quelles démarches, exactement ?"});
    let ask = json!({"kind": "changes_requested", "seen": 1, "text": "Un point.", "remarks": [remark]});
    see(&claire, ours, SENT_BACK, 1).await;
    act(&claire, ours, SENT_BACK, 101, ask).await;
    noemie.change(&id(SENT_BACK), 3, &named("Not sent")).await;

    let to_claire = json!({"kind": "assignment", "examiner": "demonstration:claire"});
    act(&claire, ours, ACCEPTED, 102, to_claire).await;
    act(&claire, ours, ACCEPTED, 103, json!({"kind": "note", "text": "À suivre."})).await;
    act(noemie, theirs, ACCEPTED, 104, json!({"kind": "message", "text": "Bonjour."})).await;
    see(&claire, ours, ACCEPTED, 4).await;
    act(&claire, ours, ACCEPTED, 105, json!({"kind": "accepted", "seen": 4})).await;
    see(noemie, theirs, ACCEPTED, 5).await;
    act(noemie, theirs, OF_PORTAL, 106, json!({"kind": "message", "text": "Y a-t-il du nouveau ?"})).await;
}

async fn create(who: &Person<'_>, number: u8, draft: &Draft) {
    who.create(&id(number), draft).await;
    let listed: Vec<&Document> = draft.documents().collect();
    for document in listed {
        who.send(&id(number), &document.id, &pdf("kept")).await;
    }
}

/// Writes a database as SQL. Triggers come after the rows, which they would count twice.
fn dump(database: &Connection) -> String {
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let version: u32 = database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let mut sql = format!("PRAGMA user_version = {version};\n");
    // An index of words is made of its table again.
    let tables = "FROM sqlite_schema JOIN pragma_table_list USING (name)
                  WHERE sqlite_schema.type = 'table' AND pragma_table_list.type = 'table' AND sql IS NOT NULL
                  ORDER BY sqlite_schema.rowid";
    for statement in texts(&format!("SELECT sql {tables}")) {
        sql += &format!("{statement};\n");
    }
    for table in texts(&format!("SELECT name {tables}")) {
        let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}')"));
        let values: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        for row in texts(&format!("SELECT {} FROM {table}", values.join(" || ', ' || "))) {
            sql += &format!("INSERT INTO {table} ({}) VALUES ({row});\n", columns.join(", "));
        }
    }
    for words in texts("SELECT name FROM pragma_table_list WHERE type = 'virtual' AND schema = 'main' ORDER BY name") {
        let statement = texts(&format!("SELECT sql FROM sqlite_schema WHERE name = '{words}'")).remove(0);
        sql += &format!("{statement};\nINSERT INTO {words} ({words}) VALUES ('rebuild');\n");
    }
    for statement in texts("SELECT sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid") {
        sql += &format!("{statement};\n");
    }
    sql
}
