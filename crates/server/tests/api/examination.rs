//! The team's side: reading what was submitted, and deciding.

use habilitation_model::wire::{EventList, ExaminedRequest, Kind, Problem, Receipt, Side, State, StoredRequest};
use habilitation_model::{ClosedList, Date, Draft, Field, Id, field};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use crate::call::{Call, Response};
use crate::embedding::{self, Element};
use habilitation_fixtures::{Fixture, id, named, pdf, ready};

fn examined(rest: &str) -> String {
    format!("/api/examination/requests/{}{rest}", id(1))
}

/// An act of the team on the first request.
fn act(who: &Person<'_>, event: u8, body: &Value) -> Call {
    who.call("PUT", &examined(&format!("/events/{}", id(event)))).json(body)
}

async fn decide(who: &Person<'_>, event: u8, revision: u64, body: &Value) -> ExaminedRequest {
    let answer = act(who, event, body).header("if-match", &tag(revision)).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.read()
}

async fn submitted(app: &TestApp) -> Person<'_> {
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    noemie.submit(&id(1), 1).await;
    noemie
}

fn with_name(name: &str) -> Draft {
    let mut draft = ready();
    Field::ProjectName.set(&mut draft, field::Value::Text(name));
    draft
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

#[tokio::test]
async fn a_request_is_sent_back_mended_and_accepted() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    let pointer = Field::ProjectName.pointer();
    let remark = json!({"pointer": pointer, "text": "Lequel, exactement ?"});
    let ask = json!({"kind": "changes_requested", "seen": 1, "remarks": [remark]});
    let asked = decide(&claire, 101, 2, &ask).await;
    assert_eq!((asked.state, asked.revision, asked.suspended, asked.due_on), (State::ChangesRequested, 3, true, None));

    let told = noemie.read(&id(1)).await;
    assert_eq!((told.state, told.suspended, told.due_on, told.unread), (State::ChangesRequested, true, None, 1));
    assert_eq!((told.remarks.len(), told.answer_by), (1, Some(day("2027-01-22"))));
    let problem = noemie.submission(&id(1), 3).send().await.problem(422, "incomplete");
    assert_eq!(problem.errors[0].code, "unanswered");
    // Edits that are not sent stay with the applicant.
    noemie.change(&id(1), 3, &with_name("Rien qu’à moi")).await;
    for path in [examined(""), examined("/events"), examined("/submissions/1")] {
        let answer = claire.get(&path).await;
        assert!(answer.status == 200 && !answer.text().contains("Rien qu’à moi"), "{}", answer.text());
    }

    app.wait(SignedDuration::from_hours(10 * 24));
    let noemie = app.sign_in("noemie").await;
    let claire = app.sign_in("claire").await;
    let reply = json!({"replies": [{"pointer": pointer, "text": "Celui-ci."}]});
    let receipt: Receipt = noemie.submission(&id(1), 4).json(&reply).send().await.read();
    assert_eq!((receipt.submission, receipt.due_on), (2, Some(day("2027-02-01"))), "ten days later than at first");
    let sent: Value = claire.get(&examined("/submissions/2")).await.read();
    assert_eq!((&sent["changes"], &sent["n"]), (&json!([pointer]), &json!(2)));

    let accepted = decide(&claire, 102, 5, &json!({"kind": "accepted", "seen": 3})).await;
    let habilitation = accepted.habilitation.unwrap();
    assert_eq!((habilitation.number.as_str(), habilitation.submission), ("FC-2026-000001-1", 2));
    let told = noemie.read(&id(1)).await;
    assert_eq!((told.state, told.habilitation.unwrap().number.as_str()), (State::Accepted, "FC-2026-000001-1"));

    // A modification without any change is nothing new; one of the contacts alone is marked so.
    let reopen = |event: u8| noemie.call("PUT", &format!("{}/events/{}", address(&id(1)), id(event)));
    let reopened = reopen(103).json(&json!({"kind": "reopened"})).header("if-match", &tag(6)).send().await;
    assert_eq!((reopened.status, reopened.read::<StoredRequest>().habilitation.is_some()), (201, true));
    noemie.change(&id(1), 7, &with_name("Rien qu’à moi")).await;
    let problem = noemie.submission(&id(1), 8).send().await.problem(422, "incomplete");
    assert_eq!(problem.errors[0].code, "unchanged");
    let mut contacts = with_name("Rien qu’à moi");
    Field::TechnicalEmail.set(&mut contacts, field::Value::Text("autre@marais-bleu.example"));
    noemie.change(&id(1), 8, &contacts).await;
    noemie.submit(&id(1), 9).await;
    let sent: Value = claire.get(&examined("/submissions/3")).await.read();
    assert_eq!(sent["contacts_only"], true);
    let refused = decide(&claire, 104, 10, &json!({"kind": "refused", "seen": 6, "text": "Non."})).await;
    assert_eq!(
        (refused.state, refused.habilitation.is_some()),
        (State::Accepted, true),
        "it rests on its habilitation"
    );
}

#[tokio::test]
async fn a_submission_that_the_team_outran_is_not_taken_for_the_one_before() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let again: Receipt = noemie.submission(&id(1), 1).send().await.read();
    assert_eq!(again.submission, 1, "repeating it is harmless");
    let claire = app.sign_in("claire").await;
    let remark = json!({"pointer": Field::ProjectName.pointer(), "text": "Lequel ?"});
    decide(&claire, 101, 2, &json!({"kind": "changes_requested", "seen": 1, "remarks": [remark]})).await;
    noemie.change(&id(1), 3, &with_name("Le guichet")).await;
    decide(&claire, 102, 4, &json!({"kind": "resumed", "seen": 2, "text": "Nous avons trouvé."})).await;
    let problem = noemie.submission(&id(1), 4).send().await.problem(409, "wrong-state");
    assert_eq!(problem.state, Some(State::Submitted));
    let request = noemie.read(&id(1)).await;
    assert_eq!((request.submissions.len(), request.draft.project.name.trimmed()), (1, "Le guichet"), "edits are kept");
}

#[tokio::test]
async fn whoever_does_not_decide_is_refused_and_changes_nothing() {
    let app = embedding::builder().start().await;
    let noemie = submitted(&app).await;
    let odile = app.sign_in("odile").await;
    let claire = app.sign_in("claire").await;
    claire.create(&id(2), &ready()).await;
    claire.submit(&id(2), 1).await;
    let element = Element::signed_in(&claire, 1).await;
    let before = app.kept();
    for kind in Kind::ALL {
        let body = json!({"kind": kind.as_str(), "seen": 9, "text": "a"});
        let send =
            async |who: &Person<'_>| -> Response { act(who, 101, &body).header("if-match", &tag(2)).send().await };
        use Kind::{Archived, Deadline, Delivery, Reopened, Submitted, Withdrawn};
        let is_of_team = !kind.is_about_people()
            && !matches!(kind, Submitted | Withdrawn | Reopened | Archived | Deadline | Delivery);
        if is_of_team {
            send(&noemie).await.problem(404, "not-found");
            send(&odile).await.problem(403, "read-only");
        } else {
            send(&claire).await.problem(400, "invalid-body");
        }
    }
    let own = format!("/api/examination/requests/{}/events/{}", id(2), id(101));
    let own = claire.call("PUT", &own).json(&json!({"kind": "accepted", "seen": 1})).header("if-match", &tag(2));
    own.send().await.problem(403, "own-request");
    for rest in ["", "/events", "/submissions/1"] {
        noemie.get(&examined(rest)).await.problem(404, "not-found");
        element.get(&examined(rest)).await.problem(404, "not-found");
        assert_eq!(odile.get(&examined(rest)).await.status, 200);
    }
    assert_eq!(app.kept(), before);
}

#[tokio::test]
async fn the_team_reads_the_documents_that_were_sent_and_no_other() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    let draft = Fixture::named("town-hall");
    let document = draft.documents().next().unwrap().clone();
    noemie.create(&id(1), &draft).await;
    noemie.send(&id(1), &document.id, &pdf("sent")).await;
    noemie.send(&id(1), &id(9), &pdf("not sent")).await;
    noemie.submit(&id(1), 1).await;
    let odile = app.sign_in("odile").await;
    let of = |document: &Id| examined(&format!("/documents/{document}"));
    let answer = odile.get(&of(&document.id)).await;
    assert_eq!((answer.status, answer.body.as_ref()), (200, pdf("sent").as_slice()));
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    let theirs = noemie.get(&format!("{}/documents/{}", address(&id(1)), document.id)).await;
    assert_eq!(answer.header("content-disposition"), theirs.header("content-disposition"));
    odile.get(&of(&id(9))).await.problem(404, "not-found");
    noemie.get(&of(&document.id)).await.problem(404, "not-found");
}

#[tokio::test]
async fn what_was_never_submitted_is_not_there_for_the_team() {
    let app = TestApp::start().await;
    app.sign_in("noemie").await.create(&id(1), &named("a draft")).await;
    let claire = app.sign_in("claire").await;
    for rest in ["", "/events", "/submissions/1"] {
        claire.get(&examined(rest)).await.problem(404, "not-found");
    }
    act(&claire, 101, &json!({"kind": "note", "text": "a"})).send().await.problem(404, "not-found");
    claire.call("PUT", &examined("/seen")).json(&json!({"seq": 1})).send().await.problem(404, "not-found");
}

#[tokio::test]
async fn of_two_who_decide_one_is_told_what_the_other_did() {
    let app = TestApp::start().await;
    let _noemie = submitted(&app).await;
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let accept = json!({"kind": "accepted", "seen": 1});
    act(&claire, 101, &accept).send().await.problem(428, "precondition-required");
    decide(&claire, 101, 2, &accept).await;
    let refuse = json!({"kind": "refused", "seen": 1, "text": "Non."});
    let problem = act(&idris, 102, &refuse).header("if-match", &tag(2)).send().await.problem(412, "stale");
    let standing = problem.standing.unwrap();
    assert_eq!((standing.state, standing.revision, problem.current), (State::Accepted, 3, None));
    assert_eq!(standing.by.unwrap().name, "Claire Marchand");
    let again = act(&claire, 101, &accept).send().await;
    assert_eq!((again.status, again.read::<ExaminedRequest>().last_event), (200, 2));
    act(&idris, 101, &accept).send().await.problem(409, "id-taken");
    let problem = act(&idris, 102, &refuse).header("if-match", &tag(3)).send().await.problem(409, "wrong-state");
    assert_eq!(problem.state, Some(State::Accepted));
}

#[tokio::test]
async fn however_many_decide_at_once_there_is_one_decision() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let accept = json!({"kind": "accepted", "seen": 1});
    let calls: Vec<_> = (101..=108)
        .map(|event| {
            let who = if event % 2 == 0 { &claire } else { &idris };
            tokio::spawn(act(who, event, &accept).header("if-match", &tag(2)).send())
        })
        .collect();
    let mut statuses = Vec::new();
    for call in calls {
        statuses.push(call.await.unwrap().status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 412, 412, 412, 412, 412, 412, 412]);
    assert_eq!(noemie.read(&id(1)).await.last_event, Some(2));
}

#[tokio::test]
async fn nothing_is_decided_before_what_the_applicant_wrote_is_read() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    let write = noemie.call("PUT", &format!("{}/events/{}", address(&id(1)), id(101)));
    assert_eq!(write.json(&json!({"kind": "message", "text": "Attendez."})).send().await.status, 201);
    let accept = |seen: u64| act(&claire, 102, &json!({"kind": "accepted", "seen": seen})).header("if-match", &tag(2));
    let problem: Problem = accept(1).send().await.problem(409, "unseen");
    assert_eq!(problem.events.iter().map(|event| event.text.as_str()).collect::<Vec<_>>(), ["Attendez."]);
    let before: ExaminedRequest = claire.get(&examined("")).await.read();
    assert_eq!((before.state, before.unread, before.awaiting_reply), (State::Submitted, 2, true));
    assert_eq!(claire.call("PUT", &examined("/seen")).json(&json!({"seq": 2})).send().await.status, 204);
    let seen: ExaminedRequest = claire.get(&examined("")).await.read();
    assert_eq!(seen.unread, 0);
    assert_eq!(accept(2).send().await.status, 201);
}

fn document_of_team(who: &Person<'_>, request: u8, document: u8, text: &str) -> Call {
    let path = format!("/api/examination/requests/{}/documents/{}", id(request), id(document));
    who.call("PUT", &path).body(&pdf(text))
}

fn message(document: u8) -> Value {
    let listed = json!({"id": id(document), "name": "modèle.pdf", "size": 1, "type": "application/pdf"});
    json!({"kind": "message", "text": "Voici.", "documents": [listed]})
}

#[tokio::test]
async fn the_team_sends_documents_with_messages() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let problem = act(&claire, 101, &message(9)).send().await.problem(422, "incomplete");
    assert_eq!((problem.errors[0].pointer.as_str(), problem.errors[0].code.as_str()), ("/documents/0", "missing_file"));
    for (text, status) in [("first", 201), ("second", 200)] {
        assert_eq!(document_of_team(&claire, 1, 9, text).send().await.status, status);
    }
    // Until a message lists it, it is the sender's alone.
    let theirs = format!("{}/documents/{}", address(&id(1)), id(9));
    noemie.get(&theirs).await.problem(404, "not-found");
    assert_eq!(noemie.read(&id(1)).await.arrived, []);
    noemie.upload(&id(1), &id(9), &pdf("overwritten")).send().await.problem(409, "submitted");
    noemie.call("DELETE", &theirs).send().await.problem(409, "submitted");
    idris.get(&examined(&format!("/documents/{}", id(9)))).await.problem(404, "not-found");
    document_of_team(&idris, 1, 9, "overwritten").send().await.problem(409, "submitted");
    act(&idris, 102, &message(9)).send().await.problem(422, "incomplete");

    assert_eq!(act(&claire, 103, &message(9)).send().await.status, 201);
    assert_eq!(act(&claire, 103, &message(9)).send().await.status, 200);
    document_of_team(&claire, 1, 9, "overwritten").send().await.problem(409, "submitted");
    for (who, path) in [(&noemie, theirs), (&idris, examined(&format!("/documents/{}", id(9))))] {
        let answer = who.get(&path).await;
        assert_eq!((answer.status, answer.body.as_ref()), (200, pdf("second").as_slice()));
        assert!(answer.header("content-disposition").unwrap().contains("mod%C3%A8le.pdf"));
    }
    // What nothing lists goes, and nothing else.
    assert_eq!(document_of_team(&claire, 1, 8, "never listed").send().await.status, 201);
    assert_eq!(app.files().len(), 2);
    app.wait(SignedDuration::from_hours(25));
    app.purge().await;
    assert_eq!(app.files().len(), 1);
    let claire = app.sign_in("claire").await;
    act(&claire, 104, &message(8)).send().await.problem(422, "incomplete");
}

#[tokio::test]
async fn documents_of_the_team_come_from_examiners_alone_and_have_their_limits() {
    let app = embedding::builder().with(|settings| settings.limits.documents_per_request = 2).start().await;
    let noemie = submitted(&app).await;
    let (claire, odile) = (app.sign_in("claire").await, app.sign_in("odile").await);
    claire.create(&id(2), &ready()).await;
    claire.submit(&id(2), 1).await;
    noemie.create(&id(3), &named("a draft")).await;
    let before = app.kept();
    document_of_team(&noemie, 1, 9, "x").send().await.problem(404, "not-found");
    document_of_team(&odile, 1, 9, "x").send().await.problem(403, "read-only");
    document_of_team(&claire, 2, 9, "x").send().await.problem(403, "own-request");
    document_of_team(&claire, 3, 9, "x").send().await.problem(404, "not-found");
    document_of_team(&claire, 4, 9, "x").send().await.problem(404, "not-found");
    document_of_team(&claire, 1, 9, "x").without("origin").send().await.problem(403, "foreign-origin");
    document_of_team(&claire, 1, 9, "x").without("cookie").send().await.problem(401, "signed-out");
    document_of_team(&claire, 1, 9, "x").body(b"text").send().await.problem(415, "unsupported-file");
    document_of_team(&claire, 1, 9, "x").chunked().send().await.problem(411, "length-required");
    assert_eq!(app.kept(), before);
    for document in [8, 9] {
        assert_eq!(document_of_team(&claire, 1, document, "x").send().await.status, 201);
    }
    let problem = document_of_team(&claire, 1, 10, "x").send().await.problem(409, "quota-reached");
    assert_eq!(problem.errors[0].code, "documents_per_request");
    // What is sent counts no more.
    assert_eq!(act(&claire, 103, &message(9)).send().await.status, 201);
    assert_eq!(document_of_team(&claire, 1, 10, "x").send().await.status, 201);
    // Nor does it for the applicant, ever.
    for document in [20, 21] {
        noemie.send(&id(1), &id(document), &pdf("x")).await;
    }
}

#[tokio::test]
async fn an_examiner_who_writes_too_much_is_told_when_to_come_back() {
    let app = TestApp::start().await;
    let _noemie = submitted(&app).await;
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let write = |who: &Person<'_>, event: u8| act(who, event, &json!({"kind": "message", "text": "a"}));
    for event in 101..=130 {
        assert_eq!(write(&claire, event).send().await.status, 201);
    }
    let answer = write(&claire, 131).send().await;
    answer.problem(429, "too-many-calls");
    assert_eq!(answer.header("retry-after"), Some("86400"));
    assert_eq!(write(&idris, 132).send().await.status, 201);
    assert_eq!(act(&claire, 133, &json!({"kind": "note", "text": "a"})).send().await.status, 201);
}

#[tokio::test]
async fn whoever_looks_is_told_who_of_the_others_looked_last() {
    let app = TestApp::start().await;
    let _noemie = submitted(&app).await;
    let (claire, idris, odile) = (app.sign_in("claire").await, app.sign_in("idris").await, app.sign_in("odile").await);
    let viewed = async |who: &Person<'_>| -> Option<(String, String)> {
        let request: ExaminedRequest = who.get(&examined("")).await.read();
        request.viewed.map(|viewed| (viewed.name, viewed.at))
    };
    let see = async |who: &Person<'_>| {
        app.wait(SignedDuration::from_secs(60));
        assert_eq!(who.call("PUT", &examined("/seen")).json(&json!({"seq": 1})).send().await.status, 204);
    };
    let look = |name: &str, minute: u8| Some((name.to_owned(), format!("2026-11-22T12:0{minute}:00.000Z")));
    viewed(&idris).await;
    assert_eq!(viewed(&claire).await, None, "reading alone leaves no trace");
    see(&claire).await;
    see(&odile).await;
    assert_eq!(viewed(&claire).await, look("Odile Kervella", 2));
    assert_eq!(viewed(&odile).await, look("Claire Marchand", 1));
    see(&claire).await;
    assert_eq!(viewed(&idris).await, look("Claire Marchand", 3), "though there was nothing new");
}

#[tokio::test]
async fn requests_of_one_organisation_are_told_with_each_other() {
    let app = TestApp::start().await;
    let (noemie, karim) = (submitted(&app).await, app.sign_in("karim").await);
    // Another establishment of the same organisation.
    let mut other = with_name("Deuxième");
    Field::Siret.set(&mut other, field::Value::Text("999 001 738 00049"));
    karim.create(&id(2), &other).await;
    karim.submit(&id(2), 1).await;
    let mut unlike = with_name("Troisième");
    Field::Siret.set(&mut unlike, field::Value::Text("219 900 420 00015"));
    noemie.create(&id(3), &unlike).await;
    noemie.submit(&id(3), 1).await;
    karim.create(&id(4), &with_name("Never sent")).await;
    let claire = app.sign_in("claire").await;
    let request: ExaminedRequest = claire.get(&examined("")).await.read();
    let [related] = &request.related[..] else { panic!("{:?}", request.related) };
    assert_eq!((&related.id, related.state, related.name.as_str()), (&id(2), State::Submitted, "Deuxième"));
    assert_eq!(related.number, "FC-2026-000002");
    let act = decide(&claire, 101, 2, &json!({"kind": "accepted", "seen": 1})).await;
    assert_eq!(act.related, request.related);
}

#[tokio::test]
async fn notes_and_assignments_are_for_the_team() {
    let app = TestApp::start().await;
    let noemie = submitted(&app).await;
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let assign = |who: &Person<'_>, event: u8, body: Value| act(who, event, &body);
    let to_claire = json!({"kind": "assignment", "examiner": "demonstration:claire"});
    assert_eq!(assign(&claire, 101, to_claire).send().await.status, 201);
    let to_idris = json!({"kind": "assignment", "examiner": "demonstration:idris"});
    assign(&idris, 102, to_idris).send().await.problem(409, "assigned-elsewhere");
    for nobody in ["demonstration:odile", "demonstration:noemie", "x"] {
        let body = json!({"kind": "assignment", "examiner": nobody, "was": "demonstration:claire"});
        let problem = assign(&idris, 102, body).send().await.problem(422, "incomplete");
        assert_eq!(problem.errors[0].pointer, "/examiner");
    }
    let note = json!({"kind": "note", "text": "À revoir.", "pointer": Field::ProjectName.pointer()});
    assert_eq!(act(&idris, 103, &note).send().await.status, 201);
    let whole: EventList = idris.get(&examined("/events")).await.read();
    assert_eq!(
        whole.events.iter().map(|event| event.kind).collect::<Vec<_>>(),
        [Kind::Submitted, Kind::Assignment, Kind::Note]
    );
    assert_eq!((whole.events[2].by.side, whole.events[2].by.name.as_str()), (Side::Examiner, "Idris Benali"));

    let told: EventList = noemie.get(&format!("{}/events", address(&id(1)))).await.read();
    assert_eq!(told.events.len(), 1);
    let told = noemie.read(&id(1)).await;
    let examiner = told.examiner.unwrap();
    assert_eq!((examiner.id, examiner.name.as_str(), told.last_event), (None, "Claire Marchand", Some(1)));
    assert_eq!((told.revision, told.unread), (2, 0));
}

#[tokio::test]
async fn what_is_not_answered_in_time_is_examined_again_and_the_team_is_reminded() {
    let app = TestApp::start().await;
    let _noemie = submitted(&app).await;
    let claire = app.sign_in("claire").await;
    // Asked on the day of the submission: two months to answer, then two months of the legal clock.
    decide(&claire, 101, 2, &json!({"kind": "changes_requested", "seen": 1, "text": "Un point."})).await;
    let pass_until = async |day: &str| -> (State, Option<Date>, Vec<Kind>) {
        let at: jiff::Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        app.wait(at.duration_since(app.now()));
        app.purge().await;
        app.purge().await;
        let claire = app.sign_in("claire").await;
        let request: ExaminedRequest = claire.get(&examined("")).await.read();
        let list: EventList = claire.get(&examined("/events?after=2")).await.read();
        (request.state, request.due_on, list.events.into_iter().map(|event| event.kind).collect())
    };
    let due = Some(day("2027-03-24"));
    assert_eq!(pass_until("2027-01-21").await, (State::ChangesRequested, None, vec![]));
    assert_eq!(pass_until("2027-01-23").await, (State::Submitted, due, vec![Kind::Resumed]));
    assert_eq!(pass_until("2027-03-09").await.2.len(), 1);
    assert_eq!(pass_until("2027-03-10").await.2, [Kind::Resumed, Kind::Deadline]);
    assert_eq!(pass_until("2027-03-21").await.2.len(), 3);
    let (state, due_on, kinds) = pass_until("2027-03-25").await;
    assert_eq!((state, due_on, kinds.len()), (State::Submitted, due, 4), "the team can still accept it");
    let noemie = app.sign_in("noemie").await;
    assert_eq!(noemie.read(&id(1)).await.last_event, Some(3), "reminders are for the team");
}
