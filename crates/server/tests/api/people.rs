//! People of a request: who may do what, how they come to take part, and how a request changes hands.

mod authors;
mod meanwhile;
mod races;
mod table;
mod undelivered;

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{
    CaughtMails, EventList, FollowedInvitation, InvitationList, Joining, Kind, Mail, PeopleList, RequestList,
    StoredRequest,
};
use jiff::SignedDuration;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use crate::call::{Call, Response};
use crate::embedding::{self, Element};
use habilitation_fixtures::{id, named, pdf, ready};

const KARIM: &str = "karim.saidi@vallon-les-pres.example";
const JEAN_BAPTISTE: &str = "jean-baptiste.ndiaye@sentiers.example";

fn people_of(request: u8) -> String {
    format!("{}/people", address(&id(request)))
}

fn inviting(who: &Person<'_>, request: u8, invitation: u8, email: &str, role: &str) -> Call {
    let path = format!("{}/invitations/{}", address(&id(request)), id(invitation));
    who.call("PUT", &path).json(&json!({"email": email, "role": role}))
}

/// Invites somebody, and returns the token of the link that the mail holds.
async fn invited(who: &Person<'_>, request: u8, invitation: u8, email: &str, role: &str) -> String {
    let answer = inviting(who, request, invitation, email, role).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let mails: CaughtMails = who.app.get("/api/demo/mail").await.read();
    let mail = mails.mails.into_iter().find(|mail| mail.mail == Mail::Invitation && mail.to == email).unwrap();
    let link = mail.body.lines().find(|line| line.contains("?invitation=")).unwrap();
    link.rsplit('=').next().unwrap().to_owned()
}

fn following(who: &Person<'_>, token: &str) -> Call {
    who.call("POST", "/api/invitations").json(&json!({"token": token}))
}

async fn joined(who: &Person<'_>, token: &str) {
    let answer = following(who, token).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.read::<FollowedInvitation>().state, Joining::Joined);
}

async fn kinds(who: &Person<'_>, request: u8) -> Vec<Kind> {
    let list: EventList = who.get(&format!("{}/events", address(&id(request)))).await.read();
    list.events.iter().map(|event| event.kind).collect()
}

async fn list_of(who: &Person<'_>, request: u8) -> PeopleList {
    let answer = who.get(&people_of(request)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.read()
}

fn parts(list: &PeopleList) -> Vec<(&str, Part, bool)> {
    list.people.iter().map(|one| (one.given_name.as_str(), one.role, one.external)).collect()
}

fn identifier(person: &str) -> String {
    format!("demonstration:{person}")
}

fn removing(who: &Person<'_>, request: u8, person: &str) -> Call {
    who.call("DELETE", &format!("{}/{}", people_of(request), identifier(person)))
}

fn offering(who: &Person<'_>, request: u8, person: &str) -> Call {
    let path = format!("{}/hand-over", address(&id(request)));
    who.call("PUT", &path).json(&json!({"to": identifier(person), "text": "Je change de service."}))
}

fn accepting(who: &Person<'_>, request: u8) -> Call {
    who.call("POST", &format!("{}/hand-over/acceptance", address(&id(request))))
}

fn change(app: &TestApp, sql: &str) {
    Connection::open(app.data().join("habilitation.sqlite")).unwrap().execute_batch(sql).unwrap();
}

fn count(app: &TestApp, sql: &str) -> u32 {
    let database = Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn code(answer: &Response) -> String {
    answer.problem(403, "not-permitted").errors[0].code.clone()
}

#[tokio::test]
async fn an_editor_edits_what_the_owner_shares_and_sends_nothing() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    karim.get(&address(&id(1))).await.problem(404, "not-found");

    let token = invited(&noemie, 1, 9, KARIM, "editor").await;
    let waiting: InvitationList = karim.get("/api/invitations").await.read();
    let [waits] = &waiting.invitations[..] else { panic!("{waiting:?}") };
    assert_eq!((waits.by.as_str(), waits.role, &waits.id), ("Noémie Lœb", Part::Editor, &id(9)));
    assert_eq!(waits.organisation, "Commune de Vallon-les-Prés");
    karim.get(&address(&id(1))).await.problem(404, "not-found");

    joined(&karim, &token).await;
    let request = karim.read(&id(1)).await;
    assert_eq!((request.role, request.elsewhere), (Part::Editor, false));
    let listed: RequestList = karim.get("/api/requests").await.read();
    assert_eq!((listed.requests.len(), listed.requests[0].role), (1, Part::Editor));
    karim.save(&id(1), Some(7), &named("x")).send().await.problem(412, "stale");
    let saved = karim.change(&id(1), 1, &ready()).await;
    assert_eq!((saved.revision, saved.role), (2, Part::Editor));
    karim.send(&id(1), &id(30), &pdf("of an editor")).await;
    assert_eq!(count(&app, "SELECT count(*) FROM documents WHERE owner = 'demonstration:noemie'"), 1);
    assert_eq!(count(&app, "SELECT count(*) FROM kept"), 1, "what an editor saves is the owner's");

    assert_eq!(code(&karim.submission(&id(1), 2).send().await), "part");
    let delete = karim.call("DELETE", &address(&id(1))).header("if-match", &tag(2)).send().await;
    assert_eq!(code(&delete), "part");
    assert_eq!(code(&inviting(&karim, 1, 8, JEAN_BAPTISTE, "reader").send().await), "part");
    assert_eq!(code(&removing(&karim, 1, "noemie").send().await), "part", "nobody locks the owner out");
    assert_eq!(code(&offering(&karim, 1, "karim").send().await), "part");
    let list = list_of(&karim, 1).await;
    assert_eq!(parts(&list), [("Noémie", Part::Owner, false), ("Karim", Part::Editor, false)]);
    assert_eq!((list.people[1].you, list.people[0].you, list.revision), (true, false, 2));

    assert_eq!(kinds(&karim, 1).await, [Kind::Invited, Kind::Joined]);
    noemie.submit(&id(1), 2).await;
    let claire = app.sign_in("claire").await;
    let told: EventList = claire.get(&format!("/api/examination/requests/{}/events", id(1))).await.read();
    let told: Vec<Kind> = told.events.iter().map(|event| event.kind).collect();
    assert_eq!(told, [Kind::Submitted], "the team is told nothing of what happened before");
    assert_eq!(kinds(&noemie, 1).await, [Kind::Invited, Kind::Joined, Kind::Submitted]);
    karim.save(&id(1), Some(3), &named("x")).send().await.problem(409, "submitted");

    assert_eq!(removing(&noemie, 1, "karim").send().await.status, 204);
    karim.get(&address(&id(1))).await.problem(404, "not-found");
    karim.save(&id(1), Some(3), &named("x")).send().await.problem(404, "not-found");
    karim.get(&people_of(1)).await.problem(404, "not-found");
    assert_eq!(karim.get("/api/requests").await.read::<RequestList>().requests.len(), 0);
    assert_eq!(kinds(&noemie, 1).await.last(), Some(&Kind::Left));
    let told: EventList = claire.get(&format!("/api/examination/requests/{}/events", id(1))).await.read();
    assert_eq!(told.events.last().map(|event| event.kind), Some(Kind::Left));
}

#[tokio::test]
async fn a_forwarded_link_waits_for_the_owner_and_a_supplier_is_external() {
    let app = TestApp::start().await;
    let (noemie, jean) = (app.sign_in("noemie").await, app.sign_in("jean-baptiste").await);
    noemie.create(&id(1), &named("Guichet")).await;
    let token = invited(&noemie, 1, 9, KARIM, "reader").await;
    for _ in 0..2 {
        let followed: FollowedInvitation = following(&jean, &token).send().await.read();
        assert_eq!((followed.state, followed.request), (Joining::ToConfirm, None));
    }
    jean.get(&address(&id(1))).await.problem(404, "not-found");
    let stephane = app.sign_in("stephane").await;
    following(&stephane, &token).send().await.problem(404, "not-found");

    let mails: CaughtMails = app.get("/api/demo/mail").await.read();
    let to_confirm: Vec<_> = mails.mails.iter().filter(|mail| mail.mail == Mail::InvitationToConfirm).collect();
    assert_eq!((to_confirm.len(), to_confirm[0].to.as_str()), (1, "noemie.loeb@vallon-les-pres.example"));
    assert!(to_confirm[0].body.contains(JEAN_BAPTISTE) && to_confirm[0].body.contains(KARIM), "{}", to_confirm[0].body);
    let list = list_of(&noemie, 1).await;
    let newcomer = list.invitations[0].to_confirm.as_ref().unwrap();
    assert_eq!((newcomer.given_name.as_str(), newcomer.email.as_str()), ("Jean-Baptiste", JEAN_BAPTISTE));

    let confirm = |person: &str, confirmed: bool| {
        let path = format!("{}/{}", people_of(1), identifier(person));
        noemie.call("PUT", &path).json(&json!({"confirmed": confirmed}))
    };
    confirm("stephane", true).send().await.problem(404, "not-found");
    for _ in 0..2 {
        assert_eq!(confirm("jean-baptiste", true).send().await.status, 204);
    }
    assert_eq!(parts(&list_of(&noemie, 1).await)[1], ("Jean-Baptiste", Part::Reader, true));
    assert_eq!(list_of(&noemie, 1).await.invitations, []);
    assert_eq!(code(&jean.save(&id(1), Some(1), &named("x")).send().await), "part");
    following(&app.sign_in("karim").await, &token).send().await.problem(404, "not-found");

    // Nobody of another organisation ever owns it.
    offering(&noemie, 1, "jean-baptiste").send().await.problem(422, "incomplete");
    offering(&noemie, 1, "karim").send().await.problem(422, "incomplete");

    let token = invited(&noemie, 1, 10, "quelqu.un@ailleurs.example", "reader").await;
    following(&stephane, &token).send().await;
    assert_eq!(confirm("stephane", false).send().await.status, 204);
    following(&stephane, &token).send().await.problem(404, "not-found");
    assert_eq!(list_of(&noemie, 1).await.people.len(), 2);
}

#[tokio::test]
async fn an_invitation_that_is_unknown_used_old_or_taken_back_opens_nothing_and_all_look_alike() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    let used = invited(&noemie, 1, 9, KARIM, "reader").await;
    let (one, other) = tokio::join!(following(&karim, &used).send(), following(&karim, &used).send());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200], "repeating it is harmless");
    let joined = kinds(&noemie, 1).await.into_iter().filter(|kind| *kind == Kind::Joined).count();
    assert_eq!(joined, 1, "it is followed once");
    let taken_back = invited(&noemie, 1, 10, "a@ailleurs.example", "reader").await;
    let path = format!("{}/invitations/{}", address(&id(1)), id(10));
    for _ in 0..2 {
        assert_eq!(noemie.call("DELETE", &path).send().await.status, 204);
    }
    let replaced = invited(&noemie, 1, 11, "b@ailleurs.example", "reader").await;
    let old = invited(&noemie, 1, 12, "B@AILLEURS.example", "reader").await;
    app.wait(SignedDuration::from_hours(14 * 24));
    let karim = app.sign_in("karim").await;
    let unknown = "A".repeat(43);
    let mut answers = Vec::new();
    for token in [&used, &taken_back, &replaced, &old, &unknown, "x"] {
        let answer = following(&karim, token).send().await;
        answer.problem(404, "not-found");
        answers.push(answer.text());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    inviting(&app.sign_in("noemie").await, 1, 10, KARIM, "reader").send().await.problem(409, "id-taken");
}

#[tokio::test]
async fn what_waits_for_an_address_is_followed_without_the_link_within_one_organisation_alone() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    let jean = app.sign_in("jean-baptiste").await;
    noemie.create(&id(1), &named("Guichet")).await;
    invited(&noemie, 1, 9, &KARIM.to_uppercase(), "reader").await;
    invited(&noemie, 1, 10, JEAN_BAPTISTE, "reader").await;
    let by_name = |who: &Person<'_>, invitation: u8| {
        who.call("POST", "/api/invitations").json(&json!({"invitation": id(invitation)}))
    };
    by_name(&karim, 10).send().await.problem(404, "not-found");
    let followed: FollowedInvitation = by_name(&karim, 9).send().await.read();
    assert_eq!((followed.state, followed.request), (Joining::Joined, Some(id(1))));
    let followed: FollowedInvitation = by_name(&jean, 10).send().await.read();
    assert_eq!(followed.state, Joining::ToConfirm, "of another organisation");
    for body in [json!({}), json!({"token": "x", "invitation": id(9)})] {
        karim.call("POST", "/api/invitations").json(&body).send().await.problem(400, "invalid-body");
    }
}

#[tokio::test]
async fn ten_invitations_are_open_at_most_and_twenty_are_sent_in_a_day() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    for request in [1, 2, 3] {
        noemie.create(&id(request), &named("Guichet")).await;
    }
    for (pointer, email, role) in [("/email", "karim", "reader"), ("/email", "", "reader"), ("/role", KARIM, "owner")] {
        let problem = inviting(&noemie, 1, 9, email, role).send().await.problem(422, "incomplete");
        assert_eq!(problem.errors[0].pointer, pointer);
    }
    for number in 0..10 {
        let email = format!("personne{number}@ailleurs.example");
        assert_eq!(inviting(&noemie, 1, 100 + number, &email, "reader").send().await.status, 201);
        let again = inviting(&noemie, 1, 100 + number, &email, "reader").send().await;
        assert_eq!(again.status, 200, "{}", again.text());
    }
    let problem = inviting(&noemie, 1, 120, KARIM, "reader").send().await.problem(409, "quota-reached");
    assert_eq!(problem.errors[0].code, "invitations_per_request");
    for number in 0..10 {
        let email = format!("personne{number}@ailleurs.example");
        assert_eq!(inviting(&noemie, 2, 140 + number, &email, "reader").send().await.status, 201);
    }
    let refused = inviting(&noemie, 3, 160, KARIM, "reader").send().await;
    refused.problem(429, "too-many-calls");
    assert_eq!(refused.header("retry-after"), Some("86400"));
    for request in [1, 2] {
        noemie.delete(&id(request), 1).await;
    }
    inviting(&noemie, 3, 160, KARIM, "reader").send().await.problem(429, "too-many-calls");
    app.wait(SignedDuration::from_hours(24));
    let noemie = app.sign_in("noemie").await;
    assert_eq!(inviting(&noemie, 3, 160, KARIM, "reader").send().await.status, 201);
}

#[tokio::test]
async fn no_address_of_who_was_invited_is_left_once_the_invitation_is_over() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    let token = invited(&noemie, 1, 9, KARIM, "reader").await;
    let said = "SELECT count(*) FROM personal_mails WHERE facts <> '' OR token <> ''";
    assert_eq!(count(&app, said), 1);
    joined(&karim, &token).await;
    assert_eq!(count(&app, said), 0, "it is answered");
    invited(&noemie, 1, 10, JEAN_BAPTISTE, "reader").await;
    let path = format!("{}/invitations/{}", address(&id(1)), id(10));
    assert_eq!(noemie.call("DELETE", &path).send().await.status, 204);
    assert_eq!(count(&app, said), 0, "it is taken back");
    invited(&noemie, 1, 11, JEAN_BAPTISTE, "reader").await;
    app.wait(SignedDuration::from_hours(15 * 24));
    app.purge().await;
    assert_eq!(count(&app, said), 0, "its time is over");
    assert_eq!(count(&app, "SELECT count(*) FROM events WHERE body LIKE '%@%'"), 0, "the history stays for ever");
}

#[tokio::test]
async fn what_is_repeated_after_somebody_joined_is_answered_as_before_to_the_same_caller_alone() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    let token = invited(&noemie, 1, 9, KARIM, "reader").await;
    let by_name = || karim.call("POST", "/api/invitations").json(&json!({"invitation": id(9)}));
    joined(&karim, &token).await;
    joined(&karim, &token).await;
    assert_eq!(by_name().send().await.status, 200);
    following(&app.sign_in("stephane").await, &token).send().await.problem(404, "not-found");
    assert_eq!(inviting(&noemie, 1, 9, KARIM, "reader").send().await.status, 200);
    inviting(&noemie, 1, 9, KARIM, "editor").send().await.problem(409, "id-taken");
    inviting(&noemie, 1, 9, JEAN_BAPTISTE, "reader").send().await.problem(409, "id-taken");
    assert_eq!(kinds(&noemie, 1).await, [Kind::Invited, Kind::Joined]);

    // Whoever is removed does not come back by what was sent before.
    let again = invited(&noemie, 1, 10, KARIM, "editor").await;
    assert_eq!(removing(&noemie, 1, "karim").send().await.status, 204);
    for token in [&token, &again] {
        following(&karim, token).send().await.problem(404, "not-found");
    }
    by_name().send().await.problem(404, "not-found");
}

#[tokio::test]
async fn an_older_invitation_takes_no_part_away() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    let forwarded = invited(&noemie, 1, 9, "quelqu.un@ailleurs.example", "reader").await;
    following(&karim, &forwarded).send().await;
    let other = invited(&noemie, 1, 10, "une.autre@ailleurs.example", "reader").await;
    following(&karim, &other).send().await;
    let own = invited(&noemie, 1, 11, KARIM, "editor").await;
    joined(&karim, &own).await;
    let path = format!("{}/{}", people_of(1), identifier("karim"));
    let confirm = noemie.call("PUT", &path).json(&json!({"confirmed": true}));
    assert_eq!(confirm.send().await.status, 204);
    assert_eq!(parts(&list_of(&noemie, 1).await)[1], ("Karim", Part::Editor, false));

    assert_eq!(list_of(&noemie, 1).await.invitations.len(), 1);
    assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201);
    assert_eq!(accepting(&karim, 1).send().await.status, 200);
    assert_eq!(list_of(&karim, 1).await.invitations, [], "the owner waits for nobody's word");
    assert_eq!(karim.call("PUT", &path).json(&json!({"confirmed": true})).send().await.status, 204);
    assert_eq!(parts(&list_of(&karim, 1).await), [("Karim", Part::Owner, false), ("Noémie", Part::Reader, false)]);
}

#[tokio::test]
async fn fifty_people_take_part_at_most() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    let token = invited(&noemie, 1, 9, KARIM, "reader").await;
    change(
        &app,
        "INSERT INTO participants (request, person, part, organisation, joined_at, updated_at, state)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50)
         SELECT id, 'demonstration:' || n, 'reader', '', 0, updated_at, state FROM requests, numbers",
    );
    let problem = following(&karim, &token).send().await.problem(409, "quota-reached");
    assert_eq!(problem.errors[0].code, "people_per_request");
    inviting(&noemie, 1, 10, JEAN_BAPTISTE, "reader").send().await.problem(409, "quota-reached");
    change(&app, "DELETE FROM participants WHERE person = 'demonstration:7'");
    joined(&karim, &token).await;
}

#[tokio::test]
async fn a_request_of_no_known_organisation_goes_to_a_colleague_of_its_owner_alone() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    let jean = app.sign_in("jean-baptiste").await;
    joined(&jean, &invited(&noemie, 1, 10, JEAN_BAPTISTE, "editor").await).await;
    change(&app, "UPDATE requests SET siren = NULL");
    offering(&noemie, 1, "jean-baptiste").send().await.problem(422, "incomplete");
    assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201);
    assert_eq!(accepting(&karim, 1).send().await.status, 200);
    let is_known = "SELECT count(*) FROM requests JOIN participants ON participants.siren = requests.siren";
    assert_eq!(count(&app, is_known), 1, "the former owner reads for the same organisation");
}

#[tokio::test]
async fn twenty_offers_are_sent_in_a_day() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "reader").await).await;
    let path = format!("{}/hand-over", address(&id(1)));
    for _ in 0..20 {
        assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201);
        assert_eq!(noemie.call("DELETE", &path).send().await.status, 204);
    }
    offering(&noemie, 1, "karim").send().await.problem(429, "too-many-calls");
}

#[tokio::test]
async fn what_the_owner_before_has_read_is_news_to_the_new_one() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    noemie.submit(&id(1), 1).await;
    let claire = app.sign_in("claire").await;
    let deciding = |event: u8, revision: u64, act: Value| {
        let path = format!("/api/examination/requests/{}/events/{}", id(1), id(event));
        claire.call("PUT", &path).header("if-match", &tag(revision)).json(&act)
    };
    let asked = json!({"kind": "changes_requested", "text": "a", "seen": 9});
    assert_eq!(deciding(60, 2, asked).send().await.status, 201);
    assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201);
    // The owner before has read it; the new one has not.
    change(&app, "UPDATE queue SET unread_by_applicant = 0");
    assert_eq!(accepting(&karim, 1).send().await.status, 200);
    assert_eq!(count(&app, "SELECT unread_by_applicant FROM queue"), 1);
}

#[tokio::test]
async fn an_editor_who_writes_much_leaves_the_owner_room() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    noemie.submit(&id(1), 1).await;
    let writing = |who: &Person<'_>, event: u8| {
        let path = format!("{}/events/{}", address(&id(1)), id(event));
        who.call("PUT", &path).json(&json!({"kind": "message", "text": "Bonjour."}))
    };
    for event in 100..130 {
        assert_eq!(writing(&karim, event).send().await.status, 201);
    }
    writing(&karim, 130).send().await.problem(429, "too-many-calls");
    assert_eq!(writing(&noemie, 131).send().await.status, 201);
}

#[tokio::test]
async fn a_request_that_is_handed_over_has_one_owner_and_goes_on_as_it_was() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    noemie.send(&id(1), &id(30), &pdf("of the owner")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    noemie.submit(&id(1), 1).await;
    let before = noemie.read(&id(1)).await;
    accepting(&karim, 1).send().await.problem(404, "not-found");

    for status in [201, 200] {
        assert_eq!(offering(&noemie, 1, "karim").send().await.status, status);
    }
    let waiting: InvitationList = karim.get("/api/invitations").await.read();
    assert_eq!((waiting.hand_overs.len(), &waiting.hand_overs[0].request), (1, &id(1)));
    assert!(list_of(&karim, 1).await.hand_over.unwrap().to_you);
    let path = format!("{}/hand-over", address(&id(1)));
    assert_eq!(noemie.call("DELETE", &path).send().await.status, 204);
    accepting(&karim, 1).send().await.problem(404, "not-found");
    assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201);
    for _ in 0..2 {
        let answer = accepting(&karim, 1).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.read::<StoredRequest>().role, Part::Owner);
    }
    let after = karim.read(&id(1)).await;
    assert_eq!((after.due_on, after.revision, &after.draft), (before.due_on, before.revision, &before.draft));
    assert_eq!(noemie.read(&id(1)).await.role, Part::Reader);
    assert_eq!(parts(&list_of(&noemie, 1).await), [("Karim", Part::Owner, false), ("Noémie", Part::Reader, false)]);
    assert_eq!(count(&app, "SELECT count(*) FROM documents WHERE owner = 'demonstration:karim'"), 1);
    assert_eq!(count(&app, "SELECT count(*) FROM kept WHERE owner = 'demonstration:noemie'"), 0);
    let held = "SELECT bytes = (SELECT octet_length(draft) FROM requests)
                             + (SELECT octet_length(draft) + octet_length(request_json) FROM submissions)
                FROM kept WHERE owner = 'demonstration:karim'";
    assert_eq!(count(&app, held), 1);
    let document = format!("{}/documents/{}", address(&id(1)), id(30));
    assert_eq!(karim.get(&document).await.status, 200);
    assert_eq!(noemie.get(&document).await.status, 200, "the former owner reads");

    let list: EventList = karim.get(&format!("{}/events", address(&id(1)))).await.read();
    let event = list.events.last().unwrap();
    assert_eq!((event.kind, event.former.as_deref()), (Kind::HandedOver, Some("Noémie Lœb")));
    assert_eq!(
        (event.person.as_ref().unwrap().name.as_str(), event.text.lines().as_str()),
        ("Karim Saïdi", "Je change de service.")
    );
    let handed = list.events.iter().filter(|event| event.kind == Kind::HandedOver).count();
    assert_eq!(handed, 1, "one event for one hand-over");
    let mails: CaughtMails = app.get("/api/demo/mail").await.read();
    let to = |mail| mails.mails.iter().find(|caught| caught.mail == mail).unwrap().to.clone();
    assert_eq!(
        (to(Mail::HandedOver), to(Mail::NewOwner)),
        ("noemie.loeb@vallon-les-pres.example".to_owned(), KARIM.to_owned())
    );
    let act = json!({"kind": "withdrawn"});
    let withdrawing = |who: &Person<'_>| {
        let path = format!("{}/events/{}", address(&id(1)), id(70));
        who.call("PUT", &path).header("if-match", &tag(2)).json(&act)
    };
    assert_eq!(code(&withdrawing(&noemie).send().await), "part");
    assert_eq!(withdrawing(&karim).send().await.status, 201);
    let mails: CaughtMails = app.get("/api/demo/mail").await.read();
    let withdrawn = mails.mails.iter().find(|caught| caught.mail == Mail::Withdrawn).unwrap();
    assert_eq!(withdrawn.to, KARIM, "from then on the new owner is written to");
}

#[tokio::test]
async fn a_save_that_comes_while_the_request_is_handed_over_is_kept_or_refused_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    for request in 1..6 {
        noemie.create(&id(request), &named("avant")).await;
        joined(&karim, &invited(&noemie, request, 9, KARIM, "editor").await).await;
        offering(&noemie, request, "karim").send().await;
        let (saved, accepted) = tokio::join!(
            noemie.save(&id(request), Some(1), &named("pendant")).send(),
            accepting(&karim, request).send()
        );
        assert_eq!(accepted.status, 200, "{}", accepted.text());
        let kept = karim.read(&id(request)).await;
        match saved.status {
            200 => assert_eq!((kept.revision, kept.draft), (2, named("pendant"))),
            _ => {
                assert_eq!(code(&saved), "part");
                assert_eq!((kept.revision, kept.draft), (1, named("avant")));
            }
        }
    }
}

#[tokio::test]
async fn whoever_is_signed_in_for_another_organisation_only_reads() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    change(&app, "UPDATE requests SET siren = '999001738'; UPDATE participants SET siren = '999001738'");
    for who in [&noemie, &karim] {
        assert!(who.read(&id(1)).await.elsewhere);
        let list: RequestList = who.get("/api/requests").await.read();
        assert!(list.requests[0].elsewhere);
        assert_eq!(code(&who.save(&id(1), Some(1), &named("x")).send().await), "elsewhere");
        assert_eq!(code(&who.upload(&id(1), &id(30), &pdf("x")).send().await), "elsewhere");
        assert_eq!(list_of(who, 1).await.people.len(), 2);
    }
    assert_eq!(code(&noemie.submission(&id(1), 1).send().await), "elsewhere");
    assert_eq!(code(&inviting(&noemie, 1, 8, JEAN_BAPTISTE, "reader").send().await), "elsewhere");
    assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201, "who moved hands it over");
    assert_eq!(code(&accepting(&karim, 1).send().await), "elsewhere", "to somebody of that organisation alone");
    assert_eq!(removing(&karim, 1, "karim").send().await.status, 204, "and may leave");
    change(&app, "UPDATE requests SET siren = NULL");
    assert!(!noemie.read(&id(1)).await.elsewhere, "what is not known restricts nobody");
}

#[tokio::test]
async fn the_typed_siret_gives_and_takes_no_right() {
    let app = TestApp::start().await;
    let (noemie, stephane) = (app.sign_in("noemie").await, app.sign_in("stephane").await);
    let mut draft = ready();
    draft.organisation.siret = "99900173800031".into();
    noemie.create(&id(1), &draft).await;
    stephane.get(&address(&id(1))).await.problem(404, "not-found");
    assert!(!noemie.read(&id(1)).await.elsewhere);
}

#[tokio::test]
async fn nobody_decides_on_a_request_in_which_they_take_part() {
    let app = TestApp::start().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    noemie.create(&id(1), &ready()).await;
    joined(&claire, &invited(&noemie, 1, 9, "claire.marchand@equipe.example", "reader").await).await;
    noemie.submit(&id(1), 1).await;
    let deciding = || {
        let path = format!("/api/examination/requests/{}/events/{}", id(1), id(70));
        claire.call("PUT", &path).header("if-match", &tag(2)).json(&json!({"kind": "accepted", "seen": 9}))
    };
    deciding().send().await.problem(403, "own-request");
}

#[tokio::test]
async fn a_portal_knows_nothing_of_people() {
    let app = embedding::builder().start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    let element = Element::signed_in(&noemie, 1).await;
    element.create(&id(1), &named("au portail")).await;
    noemie.create(&id(2), &named("chez nous")).await;
    for request in [1, 2] {
        joined(&karim, &invited(&noemie, request, 9, KARIM, "editor").await).await;
    }
    let of_karim = Element::signed_in(&karim, 2).await;
    let list: RequestList = of_karim.get("/api/requests").await.read();
    assert_eq!(list.requests.iter().map(|request| &request.id).collect::<Vec<_>>(), [&id(1)]);
    of_karim.get(&address(&id(2))).await.problem(404, "not-found");
    for element in [&element, &of_karim] {
        for path in [people_of(1), "/api/invitations".to_owned()] {
            element.get(&path).await.problem(404, "not-found");
        }
    }
}

#[tokio::test]
async fn others_who_have_a_request_open_are_told_for_a_minute() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    let here = |list: PeopleList| list.people.into_iter().map(|one| one.here).collect::<Vec<_>>();
    assert_eq!(here(list_of(&karim, 1).await), [false, false]);
    assert_eq!(here(list_of(&noemie, 1).await), [false, true]);
    app.wait(SignedDuration::from_secs(59));
    assert_eq!(here(list_of(&noemie, 1).await), [false, true]);
    app.wait(SignedDuration::from_secs(1));
    assert_eq!(here(list_of(&noemie, 1).await), [false, false]);
    assert_eq!(here(list_of(&karim, 1).await), [true, false]);
}

#[tokio::test]
async fn all_of_it_goes_with_a_draft_and_no_name_is_left() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    inviting(&noemie, 1, 10, JEAN_BAPTISTE, "reader").send().await;
    offering(&noemie, 1, "karim").send().await;
    list_of(&noemie, 1).await;
    noemie.delete(&id(1), 1).await;
    for table in ["participants", "invitations", "hand_overs", "presences", "events", "personal_mails"] {
        assert_eq!(count(&app, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    karim.get(&address(&id(1))).await.problem(404, "not-found");
    noemie.get(&address(&id(1))).await.problem(410, "deleted");
    karim.save(&id(1), None, &named("x")).send().await.problem(404, "not-found");
    app.wait(SignedDuration::from_hours(48));
    app.purge().await;
    assert_eq!(count(&app, "SELECT count(*) FROM people"), 0);
}

#[tokio::test]
async fn a_stranger_finds_nothing_at_any_address_of_a_request() {
    let app = TestApp::start().await;
    let (noemie, stephane) = (app.sign_in("noemie").await, app.sign_in("stephane").await);
    noemie.create(&id(1), &ready()).await;
    joined(&app.sign_in("karim").await, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    inviting(&noemie, 1, 10, JEAN_BAPTISTE, "reader").send().await;
    let (before, known) = (app.kept(), list_of(&noemie, 1).await);
    let request = address(&id(1));
    let of_people = format!("{request}/people/{}", identifier("karim"));
    let of_invitation = format!("{request}/invitations/{}", id(10));
    for (method, path, body) in [
        ("GET", format!("{request}/people"), None),
        ("PUT", of_people.clone(), Some(json!({"confirmed": true}))),
        ("DELETE", of_people, None),
        ("DELETE", format!("{request}/people/{}", identifier("stephane")), None),
        ("PUT", of_invitation.clone(), Some(json!({"email": "x@ailleurs.example", "role": "reader"}))),
        ("DELETE", of_invitation, None),
        ("PUT", format!("{request}/hand-over"), Some(json!({"to": identifier("karim")}))),
        ("DELETE", format!("{request}/hand-over"), None),
        ("POST", format!("{request}/hand-over/acceptance"), None),
    ] {
        let call = stephane.call(method, &path);
        let answer = if let Some(body) = body { call.json(&body) } else { call }.send().await;
        let nowhere = answer.problem(404, "not-found");
        assert!(!nowhere.detail.contains("Vallon"), "{method} {path}");
    }
    assert_eq!(app.kept(), before);
    assert_eq!(parts(&list_of(&noemie, 1).await), parts(&known));
}
