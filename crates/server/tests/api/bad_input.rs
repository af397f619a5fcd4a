//! Refusals of everything that a stranger, a broken client or an outdated page can send: each has the right status, a body that
//! says what is wrong, and no effect.

use habilitation_model::SCHEMA;
use habilitation_model::document::MAX_SIZE;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use crate::call::Call;
use habilitation_fixtures::{Fixture, id, named, pdf, ready};

/// A call that must be refused.
struct Case {
    what: &'static str,
    call: Call,
    status: u16,
    kind: &'static str,
    /// Pointers of `errors`, in order.
    pointers: Vec<&'static str>,
}

fn case(what: &'static str, call: Call, status: u16, kind: &'static str) -> Case {
    Case { what, call, status, kind, pointers: Vec::new() }
}

fn case_at(what: &'static str, call: Call, kind: &'static str, status: u16, pointers: &[&'static str]) -> Case {
    Case { what, call, status, kind, pointers: pointers.to_vec() }
}

/// A draft at revision 2 with one document.
const DRAFT: u8 = 1;
const SUBMITTED: u8 = 2;
const DELETED: u8 = 3;
const ABSENT: u8 = 4;
const DOCUMENT: u8 = 9;

async fn prepare(who: &Person<'_>) {
    who.create(&id(DRAFT), &named("Guichet")).await;
    who.change(&id(DRAFT), 1, &named("Guichet citoyen")).await;
    who.send(&id(DRAFT), &id(DOCUMENT), &pdf("mine")).await;
    who.create(&id(SUBMITTED), &ready()).await;
    who.submit(&id(SUBMITTED), 1).await;
    who.create(&id(DELETED), &named("Deleted")).await;
    who.delete(&id(DELETED), 1).await;
}

/// Sends each call, and compares everything that is kept before and after.
async fn all_are_refused_and_change_nothing(app: &TestApp, cases: Vec<Case>) {
    let before = app.kept();
    for Case { what, call, status, kind, pointers } in cases {
        println!("{what}");
        let answer = call.send().await;
        let problem = answer.problem(status, kind);
        let found: Vec<&str> = problem.errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(found, pointers, "{what}");
        assert!(problem.instance.starts_with('/'), "{what}");
        for secret in ["habilitation.sqlite", "SELECT", "sqlite", "serde", "/tmp"] {
            assert!(!answer.text().contains(secret), "{what}: {}", answer.text());
        }
        assert_eq!(app.kept(), before, "{what} changed something");
    }
}

/// Body of a save or a check with this draft.
fn body(draft: Value) -> String {
    json!({"schema": SCHEMA, "draft": draft}).to_string()
}

/// Bodies that are no draft to save, with what is wrong and the pointer that is told.
fn wrong_bodies() -> Vec<(&'static str, String, &'static str)> {
    let mockup = |document: Value| body(json!({"project": {"mockups": [document]}}));
    let deep = |member: &str| format!("{{\"schema\":1,\"draft\":{member}{}", "[".repeat(5_000));
    let half_a_pair = body(json!({"project": {"name": "?"}})).replace('?', "\\ud800");
    vec![
        ("no body", String::new(), ""),
        ("not JSON", "draft=1".to_owned(), ""),
        ("half a JSON", r#"{"schema":1,"draft":{"#.to_owned(), "/draft"),
        ("more than one JSON", body(json!({})) + "{}", ""),
        ("a member twice", r#"{"schema":1,"draft":{},"draft":{}}"#.to_owned(), ""),
        ("half a surrogate pair", half_a_pair, "/draft/project/name"),
        ("too deep", deep(""), "/draft"),
        ("too deep inside", deep(r#"{"project":{"name":"#), "/draft/project/name"),
        ("an array", json!([1, {}]).to_string(), ""),
        ("no draft", json!({"schema": SCHEMA}).to_string(), ""),
        ("a later version", json!({"schema": SCHEMA + 1, "draft": {}}).to_string(), "/schema"),
        ("an unknown member", json!({"schema": SCHEMA, "draft": {}, "force": true}).to_string(), "/force"),
        ("a draft that is an array", body(json!([])), "/draft"),
        ("an unknown member inside", body(json!({"legal": {"lien": ""}})), "/draft/legal/lien"),
        ("a number for a text", body(json!({"project": {"yearly_volume": 4200}})), "/draft/project/yearly_volume"),
        ("a text for a box", body(json!({"terms": {"accepted": "yes"}})), "/draft/terms/accepted"),
        ("a text for yes or no", body(json!({"project": {"migration": "true"}})), "/draft/project/migration"),
        ("an object for a list", body(json!({"data": {"scopes": {}}})), "/draft/data/scopes"),
        ("U+0000", body(json!({"project": {"name": "a\0b"}})), "/draft/project/name"),
        ("U+0000 in a choice", body(json!({"organisation": {"kind": "\0"}})), "/draft/organisation/kind"),
        (
            "a document without a name",
            mockup(json!({"id": id(DOCUMENT), "size": 1, "type": "application/pdf"})),
            "/draft/project/mockups/0",
        ),
        (
            "a document of another identifier",
            mockup(json!({"id": "7", "name": "a", "size": 1, "type": "application/pdf"})),
            "/draft/project/mockups/0/id",
        ),
    ]
}

#[tokio::test]
async fn a_wrong_body_is_refused_where_it_is_wrong() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let save = || who.save(&id(DRAFT), Some(2), &named(""));
    let create = || who.save(&id(ABSENT), None, &named(""));
    let check = || who.call("POST", "/api/check").json(&json!({}));
    let empty = body(json!({}));
    let long = body(json!({"project": {"name": "a".repeat(256 * 1024)}}));
    let text = body(json!({"project": {"name": "?"}}));
    let (before, after) = text.split_once('?').unwrap();
    let not_utf_8 = [before.as_bytes(), b"\xff", after.as_bytes()].concat();

    let mut cases = Vec::new();
    for call in [&save as &dyn Fn() -> Call, &create, &check] {
        let send = |body: &str| call().body(body.as_bytes());
        let wrong = wrong_bodies().into_iter();
        cases.extend(wrong.map(|(what, body, pointer)| case_at(what, send(&body), "invalid-body", 400, &[pointer])));
        let unsupported = |what, call| case(what, call, 415, "unsupported-media-type");
        cases.extend([
            case_at("not UTF-8", call().body(&not_utf_8), "invalid-body", 400, &["/draft/project/name"]),
            case("too large", send(&long), 413, "too-large"),
            case("too large, and says so only by sending it", send(&long).chunked(), 413, "too-large"),
            unsupported("of another type", send(&empty).header("content-type", "text/plain")),
            unsupported("a form", send("draft=1").header("content-type", "application/x-www-form-urlencoded")),
            unsupported("of no type", send(&empty).without("content-type")),
            unsupported("compressed", send(&empty).header("content-encoding", "gzip")),
        ]);
    }
    let sign_in = |body: Value| app.call("POST", "/api/demo/session").json(&body);
    for (what, call, pointer) in [
        ("no body", sign_in(json!({})).body(b""), ""),
        ("no person", sign_in(json!({})), ""),
        ("an array", sign_in(json!(["noemie"])), ""),
        ("a number for a person", sign_in(json!({"person": 1})), "/person"),
        ("an unknown member", sign_in(json!({"person": "noemie", "x": 1})), "/x"),
        ("a stranger's sign-in", sign_in(json!({"person": "nobody"})), "/person"),
    ] {
        cases.push(case_at(what, call, "invalid-body", 400, &[pointer]));
    }
    all_are_refused_and_change_nothing(&app, cases).await;
}

#[tokio::test]
async fn the_limit_of_a_body_is_told() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let answer = who.save(&id(ABSENT), None, &named(&"a".repeat(300_000))).send().await;
    assert_eq!(answer.problem(413, "too-large").limit, Some(256 * 1024));
    who.create(&id(DRAFT), &named("a")).await;
    let large = vec![b'a'; usize::try_from(MAX_SIZE).unwrap() + 1];
    assert_eq!(
        who.upload(&id(DRAFT), &id(DOCUMENT), &large).send().await.problem(413, "too-large").limit,
        Some(MAX_SIZE)
    );
}

#[tokio::test]
async fn a_wrong_precondition_is_refused_with_what_is_there() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let save = |target| who.save(&id(target), None, &named("Écrasé")).without("if-none-match");
    let delete = |target| who.call("DELETE", &address(&id(target)));
    let submit = |target| who.submission(&id(target), 0).without("if-match");
    let mut cases = vec![
        case("a save of a stale revision", save(DRAFT).header("if-match", "\"1\""), 412, "stale"),
        case("a save of a revision to come", save(DRAFT).header("if-match", "\"3\""), 412, "stale"),
        case("a save of a weak tag", save(DRAFT).header("if-match", "W/\"2\""), 412, "stale"),
        case("a creation of what is there", save(DRAFT).header("if-none-match", "*"), 412, "stale"),
        case("a save of what is not there", save(ABSENT).header("if-match", "\"1\""), 412, "stale"),
        case(
            "a save of one thing and its contrary",
            save(DRAFT).header("if-match", "\"2\"").header("if-none-match", "*"),
            412,
            "stale",
        ),
        case("a deletion of a stale revision", delete(DRAFT).header("if-match", "\"1\""), 412, "stale"),
        case("a submission of a stale revision", submit(DRAFT).header("if-match", "\"1\""), 412, "stale"),
        case("a creation that may overwrite", save(ABSENT), 428, "precondition-required"),
    ];
    for call in [save(DRAFT), delete(DRAFT), submit(DRAFT)] {
        cases.extend([
            case("no precondition", call.clone(), 428, "precondition-required"),
            case("whatever is there", call.clone().header("if-match", "*"), 428, "precondition-required"),
            case("anything but that", call.clone().header("if-none-match", "\"1\""), 428, "precondition-required"),
            case("a tag without quotes", call.clone().header("if-match", "2"), 400, "invalid-parameter"),
            case("half a tag", call.clone().header("if-match", "\"2"), 400, "invalid-parameter"),
            case("an empty tag", call.clone().header("if-match", ""), 400, "invalid-parameter"),
        ]);
    }
    all_are_refused_and_change_nothing(&app, cases).await;

    let current = save(DRAFT).header("if-match", "\"1\"").send().await.problem(412, "stale").current.unwrap();
    assert_eq!((current.revision, current.draft, current.schema), (2, named("Guichet citoyen"), 1));
    assert_eq!(save(ABSENT).header("if-match", "\"1\"").send().await.problem(412, "stale").current, None);
}

#[tokio::test]
async fn what_is_not_there_or_not_mine_is_absent_on_every_method() {
    let app = TestApp::start().await;
    let owner = app.sign_in("noemie").await;
    prepare(&owner).await;
    let colleague = app.sign_in("karim").await;
    let stranger = app.sign_in("stephane").await;
    let mut cases = Vec::new();
    for who in [&colleague, &stranger] {
        for target in [DRAFT, SUBMITTED, DELETED] {
            let path = address(&id(target));
            let document = format!("{path}/documents/{}", id(DOCUMENT));
            cases.extend([
                case("reading another's", who.call("GET", &path), 404, "not-found"),
                case(
                    "reading another's head",
                    who.call("GET", &path).header("if-none-match", "\"2\""),
                    404,
                    "not-found",
                ),
                case("creating over another's", who.save(&id(target), None, &named("x")), 404, "not-found"),
                case("saving another's", who.save(&id(target), Some(2), &named("x")), 404, "not-found"),
                case(
                    "saving another's unasked",
                    who.save(&id(target), None, &named("x")).without("if-none-match"),
                    404,
                    "not-found",
                ),
                case("deleting another's", who.call("DELETE", &path).header("if-match", "\"2\""), 404, "not-found"),
                case("deleting another's unasked", who.call("DELETE", &path), 404, "not-found"),
                case("submitting another's", who.submission(&id(target), 2), 404, "not-found"),
                case("sending to another's", who.upload(&id(target), &id(DOCUMENT), &pdf("x")), 404, "not-found"),
                case("reading a document of another's", who.call("GET", &document), 404, "not-found"),
                case("removing a document of another's", who.call("DELETE", &document), 404, "not-found"),
            ]);
        }
    }
    let path = address(&id(ABSENT));
    let document = format!("{path}/documents/{}", id(DOCUMENT));
    cases.extend([
        case("reading nothing", owner.call("GET", &path), 404, "not-found"),
        case("deleting nothing", owner.call("DELETE", &path).header("if-match", "\"1\""), 404, "not-found"),
        case("submitting nothing", owner.submission(&id(ABSENT), 1), 404, "not-found"),
        case("sending to nothing", owner.upload(&id(ABSENT), &id(DOCUMENT), &pdf("x")), 404, "not-found"),
        case("reading a document of nothing", owner.call("GET", &document), 404, "not-found"),
        case("removing a document of nothing", owner.call("DELETE", &document), 404, "not-found"),
        case(
            "reading no document",
            owner.call("GET", &format!("{}/documents/{}", address(&id(DRAFT)), id(8))),
            404,
            "not-found",
        ),
        case(
            "removing no document",
            owner.call("DELETE", &format!("{}/documents/{}", address(&id(DRAFT)), id(8))),
            404,
            "not-found",
        ),
    ]);
    all_are_refused_and_change_nothing(&app, cases).await;
    for who in [&colleague, &stranger] {
        assert_eq!(who.get("/api/requests").await.text(), "{\"requests\":[],\"next\":null}");
    }
}

#[tokio::test]
async fn what_is_submitted_or_deleted_stays_so() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let mut cases = Vec::new();
    for (target, status, kind) in [(SUBMITTED, 409, "submitted"), (DELETED, 410, "deleted")] {
        let path = address(&id(target));
        cases.extend([
            case("creating", who.save(&id(target), None, &named("x")), status, kind),
            case("saving", who.save(&id(target), Some(1), &named("x")), status, kind),
            case("saving the right revision", who.save(&id(target), Some(2), &named("x")), status, kind),
            case(
                "saving without precondition",
                who.save(&id(target), None, &named("x")).without("if-none-match"),
                status,
                kind,
            ),
            case(
                "deleting",
                who.call("DELETE", &path).header("if-match", "\"2\""),
                status,
                if target == SUBMITTED { "wrong-state" } else { kind },
            ),
        ]);
    }
    let document = format!("{}/documents/{}", address(&id(DELETED)), id(DOCUMENT));
    cases.extend([
        case("sending a document", who.upload(&id(DELETED), &id(DOCUMENT), &pdf("x")), 410, "deleted"),
        case("removing a document", who.call("DELETE", &document), 410, "deleted"),
        case("reading what is deleted", who.call("GET", &address(&id(DELETED))), 410, "deleted"),
        case("submitting what is deleted", who.submission(&id(DELETED), 1), 410, "deleted"),
    ]);
    all_are_refused_and_change_nothing(&app, cases).await;
}

#[tokio::test]
async fn a_wrong_address_or_method_is_refused() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let mut cases = Vec::new();
    for wrong in [
        "1",
        "019ab3f0-7c01-4a51-9e01-5b0d6c4e0001",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "%ff",
        "019ab3f0-7c01-7a51-9e01-5b0d6c4e0001%20",
    ] {
        let path = format!("/api/requests/{wrong}");
        let document = format!("{}/documents/{wrong}", address(&id(DRAFT)));
        cases.extend([
            case("reading a wrong identifier", who.call("GET", &path), 400, "invalid-parameter"),
            case(
                "creating a wrong identifier",
                who.call("PUT", &path).header("if-none-match", "*").json(&json!({"schema": 1, "draft": {}})),
                400,
                "invalid-parameter",
            ),
            case(
                "deleting a wrong identifier",
                who.call("DELETE", &path).header("if-match", "\"1\""),
                400,
                "invalid-parameter",
            ),
            case(
                "submitting a wrong identifier",
                who.call("POST", &format!("{path}/submission")).header("if-match", "\"1\""),
                400,
                "invalid-parameter",
            ),
            case("sending a wrong document", who.call("PUT", &document).body(&pdf("x")), 400, "invalid-parameter"),
            case("reading a wrong document", who.call("GET", &document), 400, "invalid-parameter"),
        ]);
    }
    for path in [
        "/api",
        "/api/",
        "/api/request",
        "/api/requests/",
        "/api/requests/a/b/c/d",
        "/api/session/",
        "/api/openapi.yaml",
    ] {
        cases.push(case("an unknown address", who.call("GET", path), 404, "not-found"));
        cases.push(case("a change at an unknown address", who.call("POST", path), 404, "not-found"));
    }
    let path = address(&id(DRAFT));
    for (method, path) in [
        ("POST", "/api/requests"),
        ("PATCH", path.as_str()),
        ("POST", path.as_str()),
        ("GET", "/api/check"),
        ("PUT", "/api/session"),
        ("GET", "/api/demo/session"),
        ("DELETE", "/api/openapi.json"),
        ("BREW", "/api/requests"),
        ("POST", "/healthz"),
        ("POST", "/"),
        ("DELETE", "/index.html"),
    ] {
        cases.push(case("another method", who.call(method, path), 405, "method-not-allowed"));
    }
    for (what, query) in [
        ("an unknown state", "state=lost"),
        ("no number", "limit=many"),
        ("too few", "limit=0"),
        ("too many", "limit=101"),
        ("a negative number", "limit=-1"),
        ("a position that is none", "cursor=AAAA"),
        ("a position that is none either", "cursor=%00"),
        ("a parameter twice", "q=a&q=b"),
        ("an unknown parameter", "sort=name"),
        ("U+0000", "q=%00"),
        ("too long a search", &format!("q={}", "a".repeat(201))),
    ] {
        cases.push(case(what, who.call("GET", &format!("/api/requests?{query}")), 400, "invalid-parameter"));
    }
    all_are_refused_and_change_nothing(&app, cases).await;

    let answer = who.call("POST", &path).send().await;
    assert_eq!(answer.header("allow"), Some("GET,HEAD,PUT,DELETE"));
    let wrong = who.get("/api/requests?limit=many").await.problem(400, "invalid-parameter");
    assert!(wrong.detail.contains("`limit`"), "it names the parameter: {}", wrong.detail);
}

#[tokio::test]
async fn a_file_that_is_not_what_it_must_be_is_refused() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let limit = usize::try_from(MAX_SIZE).unwrap();
    let mut large = pdf("");
    large.resize(limit + 1, b' ');
    let send = |bytes: &[u8]| who.upload(&id(DRAFT), &id(8), bytes);
    let replace = |bytes: &[u8]| who.upload(&id(DRAFT), &id(DOCUMENT), bytes);
    let mut cases = Vec::new();
    for send in [&send as &dyn Fn(&[u8]) -> Call, &replace] {
        cases.extend([
            case("an empty file", send(b""), 415, "unsupported-file"),
            case("a text named .pdf", send("Ceci n'est pas un PDF.".as_bytes()), 415, "unsupported-file"),
            case("half a signature", send(b"%PDF"), 415, "unsupported-file"),
            case("a signature that comes late", send(b"\n\xff\xd8\xff\xe0"), 415, "unsupported-file"),
            case(
                "a picture that runs scripts",
                send(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
                415,
                "unsupported-file",
            ),
            case(
                "an archive",
                send(b"PK\x03\x04 and more").header("content-type", "application/octet-stream"),
                415,
                "unsupported-file",
            ),
            case("a page", send(b"<!doctype html>").header("content-type", "text/html"), 415, "unsupported-file"),
            case("a declared picture", send(b"ftypheic").header("content-type", "image/png"), 415, "unsupported-file"),
            case("a compressed file", send(&pdf("x")).header("content-encoding", "br"), 415, "unsupported-media-type"),
            case("one byte too many", send(&large), 413, "too-large"),
            case("an unknown length", send(&pdf("x")).chunked(), 411, "length-required"),
            case("too many bytes of an unknown length", send(&large).chunked(), 411, "length-required"),
        ]);
    }
    all_are_refused_and_change_nothing(&app, cases).await;

    large.truncate(limit);
    assert_eq!(send(&large).send().await.status, 201, "the limit itself is allowed");
}

#[tokio::test]
async fn nothing_is_said_or_done_without_a_session() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let path = address(&id(DRAFT));
    let document = format!("{path}/documents/{}", id(DOCUMENT));
    let calls = |cookie: Option<&str>| {
        let calls = [
            who.call("GET", "/api/session"),
            who.call("DELETE", "/api/session"),
            who.call("GET", "/api/requests"),
            who.call("GET", &path),
            who.call("GET", "/api/requests/not-an-id"),
            who.save(&id(ABSENT), None, &named("x")),
            who.save(&id(DRAFT), Some(2), &named("x")),
            who.save(&id(DRAFT), Some(2), &named("x")).body(b"nonsense"),
            who.call("DELETE", &path).header("if-match", "\"2\""),
            who.submission(&id(DRAFT), 2),
            who.call("GET", &document),
            who.call("DELETE", &document),
            who.upload(&id(DRAFT), &id(8), &pdf("x")),
            who.upload(&id(DRAFT), &id(8), &vec![b'a'; 12 * 1024 * 1024]),
            who.call("POST", "/api/check").json(&json!({"schema": 1, "draft": {}})),
            who.call("GET", "/api/examination/deliveries"),
            who.call("GET", "/api/examination/statistics"),
            who.call("GET", "/api/examination/statistics.csv"),
            who.call("POST", "/api/examination/webhook/ping"),
            who.call("POST", &format!("/api/examination/deliveries/{}/retry", id(ABSENT))),
        ];
        calls.map(|call| match cookie {
            None => call.without("cookie"),
            Some(cookie) => call.header("cookie", cookie),
        })
    };
    let mut cases = Vec::new();
    for cookie in [None, Some("habilitation_session="), Some("habilitation_session=guess"), Some("session=1; other=2")]
    {
        cases.extend(calls(cookie).map(|call| case("without a session", call, 401, "signed-out")));
    }
    all_are_refused_and_change_nothing(&app, cases).await;
    assert!(app.get("/api/session").await.header("www-authenticate").is_some());
}

#[tokio::test]
async fn a_change_that_another_site_asks_for_is_refused() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let path = address(&id(DRAFT));
    let document = format!("{path}/documents/{}", id(DOCUMENT));
    let changes = [
        who.save(&id(ABSENT), None, &named("x")),
        who.save(&id(DRAFT), Some(2), &named("x")),
        who.call("DELETE", &path).header("if-match", "\"2\""),
        who.submission(&id(DRAFT), 2),
        who.upload(&id(DRAFT), &id(8), &pdf("x")),
        who.call("DELETE", &document),
        who.call("POST", "/api/check").json(&json!({"schema": 1, "draft": {}})),
        who.call("POST", "/api/demo/session").json(&json!({"person": "karim"})),
        who.call("PUT", "/api/demo/clock").json(&json!({"days": 1})),
        who.call("POST", "/api/examination/webhook/ping"),
        who.call("POST", &format!("/api/examination/deliveries/{}/retry", id(ABSENT))),
        who.call("DELETE", "/api/session"),
    ];
    let mut cases = Vec::new();
    for call in changes {
        let foreign = |name, value| call.clone().without("origin").header(name, value);
        cases.extend([
            case("nobody says who asks", call.clone().without("origin"), 403, "foreign-origin"),
            case("another site asks", foreign("origin", "https://portail.example"), 403, "foreign-origin"),
            case("another port asks", foreign("origin", "http://127.0.0.1:1"), 403, "foreign-origin"),
            case("a page without origin asks", foreign("origin", "null"), 403, "foreign-origin"),
            case(
                "the browser says that another site asks",
                foreign("sec-fetch-site", "cross-site"),
                403,
                "foreign-origin",
            ),
            case(
                "the browser says that another port asks",
                foreign("sec-fetch-site", "same-site"),
                403,
                "foreign-origin",
            ),
            case("the two disagree", call.clone().header("sec-fetch-site", "cross-site"), 403, "foreign-origin"),
            case("two sites ask", call.clone().and_header("origin", "https://portail.example"), 403, "foreign-origin"),
        ]);
    }
    all_are_refused_and_change_nothing(&app, cases).await;
    let read = who.call("GET", &path).header("origin", "https://portail.example").send().await;
    read.problem(401, "signed-out");
    assert_eq!(read.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_call_for_another_host_is_refused() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    prepare(&who).await;
    let host = app.origin().split("//").nth(1).unwrap();
    let port = host.split(':').nth(1).unwrap();
    let mut cases = Vec::new();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/api/session"),
        ("GET", "/api/demo/people"),
        ("DELETE", "/api/session"),
        ("GET", "/nothing"),
    ] {
        for other in [
            "rebound.example",
            &format!("rebound.example:{port}"),
            &format!("localhost:{port}"),
            "127.0.0.1",
            "127.0.0.1:1",
            "",
        ] {
            cases.push(case("another host", who.call(method, path).header("host", other), 421, "misdirected"));
        }
        cases.push(case("two hosts", who.call(method, path).and_header("host", host), 421, "misdirected"));
        let absolute = format!("http://rebound.example{path}");
        cases.push(case("another host in the target", who.call(method, &absolute), 421, "misdirected"));
    }
    all_are_refused_and_change_nothing(&app, cases).await;
    let absolute = who.call("GET", &format!("{}/api/session", app.origin())).send().await;
    assert_eq!(absolute.status, 200, "our own host in the target is ours");
    let probe = app.call("GET", "/healthz").header("host", "10.0.0.7:8080").send().await;
    assert_eq!(probe.status, 200, "probes ask by whatever address");
}

#[tokio::test]
async fn a_draft_that_lacks_something_is_not_submitted_and_told_everything() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    for (number, fixture) in (10..).zip(Fixture::all().into_iter().filter(|fixture| !fixture.is_complete())) {
        let documents: Vec<_> = fixture.draft.documents().cloned().collect();
        who.create(&id(number), &fixture.draft).await;
        for document in documents {
            who.send(&id(number), &document.id, &pdf(&document.name)).await;
        }
        let before = app.kept();
        let problem = who.submission(&id(number), 1).send().await.problem(422, "incomplete");
        let told: Vec<_> = problem.errors.into_iter().map(|error| (error.pointer, error.code)).collect();
        assert_eq!(told, fixture.errors(), "{}", fixture.name);
        assert_eq!(app.kept(), before, "{}", fixture.name);
    }
    let empty = who.create(&id(1), &named("")).await;
    let problem = who.submission(&id(1), 1).send().await.problem(422, "incomplete");
    assert_eq!(u32::try_from(problem.errors.len()).unwrap(), empty.errors);
    let long = who.create(&id(2), &named(&"n".repeat(121))).await;
    let problem = who.submission(&id(2), long.revision).send().await.problem(422, "incomplete");
    let name = problem.errors.iter().find(|error| error.pointer == "/project/name").unwrap();
    assert_eq!((name.code.as_str(), serde_json::to_value(&name.params).unwrap()), ("too_long", json!({"max": 120})));
    assert_eq!(tag(long.revision), "\"1\"");
}

#[tokio::test]
async fn a_head_of_more_than_64_kib_is_refused_and_one_below_is_taken() {
    let app = TestApp::start().await;
    for (kibibytes, status) in [(60, 200), (65, 431), (1_000, 431)] {
        let answer = app.call("GET", "/healthz").header("x-long", &"a".repeat(kibibytes * 1024)).try_send().await;
        assert_eq!(answer.map(|answer| answer.status), Some(status), "{kibibytes} KiB");
    }
}
