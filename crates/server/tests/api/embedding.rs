//! Portals: what their pages may call, and how they come to act for somebody. The threats are those of
//! `docs/embedding-sign-in.md`, where each is listed with its test.

use data_encoding::BASE64URL_NOPAD;
use habilitation_model::wire::{
    GrantRequest, Handover, IssuedGrant, IssuedToken, RequestList, RequestSummary, Session, StoredRequest, TokenClaim,
};
use habilitation_model::{Draft, Id};
use jiff::SignedDuration;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::{Builder, Person, TestApp, address, tag};
use crate::call::{Call, Response};
use habilitation_fixtures::{Fixture, id, named, pdf};

pub(crate) const PORTAL: &str = "https://portail.example";
const OTHER: &str = "https://autre.example";
/// Origin that no operator named.
const STRANGER: &str = "https://inconnu.example";

/// A server that knows two portals.
pub(crate) fn builder() -> Builder {
    TestApp::builder().with(|settings| settings.embed_origin = vec![PORTAL.parse().unwrap(), OTHER.parse().unwrap()])
}

async fn start() -> TestApp {
    builder().start().await
}

/// A verifier that an element would draw.
pub(crate) fn verifier(number: u8) -> String {
    BASE64URL_NOPAD.encode(&[number; 32])
}

fn challenge(verifier: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(verifier))
}

pub(crate) fn granting(who: &Person<'_>, verifier: &str, portal: &str, handover: Handover) -> Call {
    let grant = GrantRequest { challenge: challenge(verifier), portal: portal.to_owned(), handover };
    who.call("POST", "/api/embed/grants").json(&grant)
}

/// Agrees in the window as a person, and returns the code that it hands over.
async fn agree(who: &Person<'_>, verifier: &str) -> String {
    let answer = granting(who, verifier, PORTAL, Handover::Message).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.read::<IssuedGrant>().code.unwrap()
}

pub(crate) fn claiming(app: &TestApp, origin: &str, verifier: &str, code: Option<&str>) -> Call {
    let claim = TokenClaim { verifier: verifier.to_owned(), code: code.map(str::to_owned) };
    app.call("POST", "/api/embed/tokens").header("origin", origin).json(&claim)
}

#[track_caller]
fn nothing_yet(answer: &Response) {
    assert_eq!((answer.status, answer.header("retry-after"), answer.text().as_str()), (202, Some("2"), ""));
}

/// The element in a page of a portal, with its token.
pub(crate) struct Element<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) origin: &'static str,
    pub(crate) token: String,
}

impl<'a> Element<'a> {
    /// Signs in an element for which a person agreed.
    pub(crate) async fn signed_in(who: &Person<'a>, number: u8) -> Self {
        let verifier = verifier(number);
        let code = agree(who, &verifier).await;
        let answer = claiming(who.app, PORTAL, &verifier, Some(&code)).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        Self { app: who.app, origin: PORTAL, token: answer.read::<IssuedToken>().token }
    }

    fn call(&self, method: &str, path: &str) -> Call {
        let bearer = format!("Bearer {}", self.token);
        self.app.call(method, path).header("origin", self.origin).header("authorization", &bearer)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.call("GET", path).send().await
    }

    pub(crate) fn save(&self, id: &Id, revision: Option<u64>, draft: &Draft) -> Call {
        let call = self.call("PUT", &address(id)).json(&json!({"schema": 1, "draft": draft}));
        match revision {
            None => call.header("if-none-match", "*"),
            Some(revision) => call.header("if-match", &tag(revision)),
        }
    }

    pub(crate) async fn create(&self, id: &Id, draft: &Draft) {
        let answer = self.save(id, None, draft).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
    }

    async fn names(&self) -> Vec<String> {
        names(&self.get("/api/requests").await)
    }
}

fn names(answer: &Response) -> Vec<String> {
    answer.read::<RequestList>().requests.into_iter().map(|request| request.name).collect()
}

#[tokio::test]
async fn a_person_agrees_and_the_element_acts_for_them() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let verifier = verifier(1);
    nothing_yet(&claiming(&app, PORTAL, &verifier, None).send().await);
    let answer = granting(&who, &verifier, PORTAL, Handover::Message).send().await;
    let IssuedGrant { code, ends_at } = answer.read();
    assert_eq!(ends_at, "2026-11-22T12:05:00.000Z");
    let answer = claiming(&app, PORTAL, &verifier, code.as_deref()).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("set-cookie"), None);
    let IssuedToken { token, session } = answer.read();
    assert_eq!((session.user.given_name.as_str(), session.ends_at.as_str()), ("Noémie", "2026-11-22T12:15:00.000Z"));

    let element = Element { app: &app, origin: PORTAL, token };
    assert_eq!(element.get("/api/session").await.read::<Session>(), session);
    let document = Fixture::named("town-hall").documents().next().unwrap().id.clone();
    let created = element.save(&id(1), None, &Fixture::named("town-hall")).send().await;
    assert_eq!((created.status, created.header("etag")), (201, Some("\"1\"")));
    assert_eq!(created.header("access-control-expose-headers"), Some("etag, location, retry-after"));
    let upload = element.call("PUT", &format!("{}/documents/{document}", address(&id(1)))).body(&pdf("plan"));
    assert_eq!(upload.header("content-type", "application/pdf").send().await.status, 201);
    let checked = element.call("POST", "/api/check").json(&json!({"schema": 1, "draft": named("a")})).send().await;
    assert_eq!(checked.status, 200);
    let submission = element.call("POST", &format!("{}/submission", address(&id(1)))).header("if-match", "\"1\"");
    assert_eq!(submission.send().await.status, 201);
    assert_eq!(who.read(&id(1)).await.number.as_deref(), Some("FC-2026-000001"), "it is the person's own");
}

#[tokio::test]
async fn where_the_opener_is_lost_the_element_asks_until_it_is_answered() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let verifier = verifier(1);
    nothing_yet(&claiming(&app, PORTAL, &verifier, None).send().await);
    let answer = granting(&who, &verifier, PORTAL, Handover::Poll).send().await;
    assert_eq!(answer.read::<IssuedGrant>().code, None);
    assert_eq!(claiming(&app, PORTAL, &verifier, None).send().await.status, 201);
}

#[tokio::test]
async fn a_token_works_from_its_own_portal_alone() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let element = Element::signed_in(&who, 1).await;
    element.create(&id(1), &named("a")).await;
    let before = app.kept();
    for origin in [OTHER, STRANGER, "null", app.origin()] {
        for path in ["/api/session".to_owned(), "/api/requests".to_owned(), address(&id(1))] {
            let answer = element.call("GET", &path).header("origin", origin).send().await;
            answer.problem(401, "signed-out");
        }
        let answer = element.save(&id(1), Some(1), &named("b")).header("origin", origin).send().await;
        assert!(matches!(answer.status, 401 | 403), "{origin}: {}", answer.text());
    }
    element.call("GET", &address(&id(1))).without("origin").send().await.problem(401, "signed-out");
    element.call("GET", &address(&id(1))).and_header("origin", OTHER).send().await.problem(401, "signed-out");
    element.save(&id(1), Some(1), &named("b")).without("origin").send().await.problem(403, "foreign-origin");
    element.save(&id(1), Some(1), &named("b")).and_header("origin", OTHER).send().await.problem(403, "foreign-origin");
    assert_eq!(app.kept(), before);
}

#[tokio::test]
async fn a_token_sees_only_what_was_begun_through_its_portal() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let element = Element::signed_in(&who, 1).await;
    who.create(&id(1), &named("on our own page")).await;
    who.send(&id(1), &id(9), &pdf("plan")).await;
    element.create(&id(2), &named("in the portal")).await;
    let other_verifier = verifier(2);
    granting(&who, &other_verifier, OTHER, Handover::Poll).send().await;
    let claimed: IssuedToken = claiming(&app, OTHER, &other_verifier, None).send().await.read();
    let other = Element { app: &app, origin: OTHER, token: claimed.token };
    other.create(&id(3), &named("in the other portal")).await;

    assert_eq!(element.names().await, ["in the portal"]);
    assert_eq!(names(&element.get("/api/requests?q=portal&state=draft").await), ["in the portal"]);
    assert_eq!(other.names().await, ["in the other portal"]);
    assert_eq!(names(&who.get("/api/requests").await), ["in the other portal", "in the portal", "on our own page"]);

    let before = app.kept();
    for theirs in [id(1), id(3)] {
        let document = format!("{}/documents/{}", address(&theirs), id(9));
        element.get(&address(&theirs)).await.problem(404, "not-found");
        element.get(&document).await.problem(404, "not-found");
        element.save(&theirs, None, &named("x")).send().await.problem(404, "not-found");
        element.save(&theirs, Some(1), &named("x")).send().await.problem(404, "not-found");
        let delete = element.call("DELETE", &address(&theirs)).header("if-match", "\"1\"");
        delete.send().await.problem(404, "not-found");
        let submission = element.call("POST", &format!("{}/submission", address(&theirs)));
        submission.header("if-match", "\"1\"").send().await.problem(404, "not-found");
        element.call("PUT", &document).body(&pdf("x")).send().await.problem(404, "not-found");
        element.call("DELETE", &document).send().await.problem(404, "not-found");
    }
    assert_eq!(app.kept(), before);

    let karim = app.sign_in("karim").await;
    let colleague = Element::signed_in(&karim, 3).await;
    colleague.get(&address(&id(2))).await.problem(404, "not-found");
    who.change(&id(2), 1, &named("changed on our own page")).await;
    let read: StoredRequest = element.get(&address(&id(2))).await.read();
    assert_eq!((read.revision, read.draft), (2, named("changed on our own page")));
}

#[tokio::test]
async fn a_token_ends_when_it_is_not_used_and_after_two_hours_at_the_latest() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let idle = Element::signed_in(&who, 1).await;
    let busy = Element::signed_in(&who, 2).await;
    for minutes in [14, 14, 14, 14, 14, 14, 14, 14] {
        app.wait(SignedDuration::from_mins(minutes));
        assert_eq!(busy.get("/api/session").await.status, 200, "{}", app.now());
    }
    idle.get("/api/session").await.problem(401, "signed-out");
    assert_eq!(busy.get("/api/session").await.read::<Session>().ends_at, "2026-11-22T14:00:00.000Z");
    app.wait(SignedDuration::from_mins(8));
    let answer = busy.get("/api/session").await;
    answer.problem(401, "signed-out");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"Habilitation\""));
    assert_eq!(answer.header("access-control-allow-origin"), Some(PORTAL), "the element reads why");
}

#[tokio::test]
async fn a_grant_is_worth_one_token() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let verifier = verifier(1);
    let code = agree(&who, &verifier).await;
    assert_eq!(claiming(&app, PORTAL, &verifier, Some(&code)).send().await.status, 201);
    nothing_yet(&claiming(&app, PORTAL, &verifier, Some(&code)).send().await);
    nothing_yet(&claiming(&app, PORTAL, &verifier, None).send().await);
}

#[tokio::test]
async fn a_verifier_that_is_not_the_challenges_gets_nothing() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let code = agree(&who, &verifier(1)).await;
    nothing_yet(&claiming(&app, PORTAL, &verifier(2), Some(&code)).send().await);
    nothing_yet(&claiming(&app, PORTAL, &challenge(&verifier(1)), Some(&code)).send().await);
    for wrong in ["", "short", &"é".repeat(43), &format!("{}=", verifier(1))] {
        let problem = claiming(&app, PORTAL, wrong, Some(&code)).send().await.problem(400, "invalid-body");
        assert_eq!(problem.errors[0].pointer, "/verifier");
    }
    assert_eq!(claiming(&app, PORTAL, &verifier(1), Some(&code)).send().await.status, 201, "it is there still");
}

#[tokio::test]
async fn a_grant_handed_over_by_message_is_worth_nothing_without_its_code() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let code = agree(&who, &verifier(1)).await;
    // Whoever sent the link knows the verifier, but no code ever reaches them.
    for _ in 0..3 {
        nothing_yet(&claiming(&app, PORTAL, &verifier(1), None).send().await);
    }
    assert_eq!(claiming(&app, PORTAL, &verifier(1), Some(&code)).send().await.status, 201);
}

#[tokio::test]
async fn a_wrong_code_uses_the_grant_up() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    for wrong in [verifier(9), "0000".to_owned(), String::new()] {
        let code = agree(&who, &verifier(1)).await;
        let problem = claiming(&app, PORTAL, &verifier(1), Some(&wrong)).send().await.problem(400, "invalid-body");
        assert_eq!(problem.errors[0].pointer, "/code");
        nothing_yet(&claiming(&app, PORTAL, &verifier(1), Some(&code)).send().await);
    }
}

#[tokio::test]
async fn a_grant_is_for_the_portal_that_was_named() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let code = agree(&who, &verifier(1)).await;
    claiming(&app, OTHER, &verifier(1), Some(&code)).send().await.problem(403, "foreign-origin");
    nothing_yet(&claiming(&app, PORTAL, &verifier(1), Some(&code)).send().await);
}

#[tokio::test]
async fn a_portal_that_is_not_configured_gets_nothing() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let granted = granting(&who, &verifier(1), STRANGER, Handover::Message).send().await;
    assert_eq!(granted.problem(400, "invalid-body").errors[0].pointer, "/portal");
    for origin in [STRANGER, "null", app.origin(), "https://portail.example.inconnu.example"] {
        claiming(&app, origin, &verifier(1), None).send().await.problem(403, "foreign-origin");
    }
    for query in [
        format!("page=portail&challenge={}&origin={STRANGER}", challenge(&verifier(1))),
        format!("page=portail&challenge=x&origin={PORTAL}"),
    ] {
        let answer = app.get(&format!("/?{query}")).await;
        assert_eq!((answer.status, answer.header("cross-origin-opener-policy")), (400, Some("same-origin")), "{query}");
        assert!(answer.text().contains("Site inconnu"), "{query}");
    }
}

#[tokio::test]
async fn a_grant_is_worth_nothing_after_five_minutes() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let code = agree(&who, &verifier(1)).await;
    app.wait(SignedDuration::from_mins(5));
    nothing_yet(&claiming(&app, PORTAL, &verifier(1), Some(&code)).send().await);
    let code = agree(&who, &verifier(2)).await;
    app.wait(SignedDuration::from_secs(299));
    assert_eq!(claiming(&app, PORTAL, &verifier(2), Some(&code)).send().await.status, 201);
}

#[tokio::test]
async fn signing_out_ends_the_tokens_that_the_session_issued() {
    let app = start().await;
    let (who, elsewhere) = (app.sign_in("noemie").await, app.sign_in("noemie").await);
    let (given, other) = (Element::signed_in(&who, 1).await, Element::signed_in(&elsewhere, 2).await);
    assert_eq!(given.get("/api/session").await.status, 200);
    let unclaimed = agree(&who, &verifier(3)).await;
    assert_eq!(who.call("DELETE", "/api/session").send().await.status, 204);
    given.get("/api/session").await.problem(401, "signed-out");
    nothing_yet(&claiming(&app, PORTAL, &verifier(3), Some(&unclaimed)).send().await);
    assert_eq!(other.get("/api/session").await.status, 200, "another session issued it");

    // Signing in anew in the same browser is signing out first.
    elsewhere.call("POST", "/api/demo/session").json(&json!({"person": "karim"})).send().await;
    other.get("/api/session").await.problem(401, "signed-out");
}

#[tokio::test]
async fn a_token_ends_at_the_latest_with_the_session_that_issued_it() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    for _ in 0..7 {
        app.wait(SignedDuration::from_mins(100));
        assert_eq!(who.get("/api/session").await.status, 200);
    }
    let given = Element::signed_in(&who, 1).await;
    let unclaimed = agree(&who, &verifier(2)).await;
    // Twelve hours after the person signed in, to the minute, nothing of it is worth anything, purged or not.
    for minutes in [8, 8] {
        app.wait(SignedDuration::from_mins(minutes));
        assert_eq!(given.get("/api/session").await.status, 200);
    }
    assert_eq!(given.get("/api/session").await.read::<Session>().ends_at, "2026-11-23T00:00:00.000Z");
    let late = agree(&who, &verifier(3)).await;
    app.wait(SignedDuration::from_mins(4));
    given.get("/api/session").await.problem(401, "signed-out");
    nothing_yet(&claiming(&app, PORTAL, &verifier(3), Some(&late)).send().await);
    nothing_yet(&claiming(&app, PORTAL, &verifier(2), Some(&unclaimed)).send().await);
    app.wait(SignedDuration::from_secs(1));
    app.purge().await;
    assert!(!app.kept().iter().any(|kept| kept.starts_with("sessions.") || kept.starts_with("grants.")));
}

#[tokio::test]
async fn an_element_signs_out_alone() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let (one, two) = (Element::signed_in(&who, 1).await, Element::signed_in(&who, 2).await);
    let answer = one.call("DELETE", "/api/session").send().await;
    assert_eq!((answer.status, answer.header("set-cookie")), (204, None));
    one.get("/api/session").await.problem(401, "signed-out");
    assert_eq!(two.get("/api/session").await.status, 200);
    assert_eq!(who.get("/api/session").await.status, 200);
}

#[tokio::test]
async fn a_token_gives_no_other_and_signs_in_nobody() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let element = Element::signed_in(&who, 1).await;
    let before = app.kept();
    let grant =
        GrantRequest { challenge: challenge(&verifier(2)), portal: PORTAL.to_owned(), handover: Handover::Poll };
    element.call("POST", "/api/embed/grants").json(&grant).send().await.problem(403, "foreign-origin");
    let sign_in = element.call("POST", "/api/demo/session").json(&json!({"person": "karim"}));
    sign_in.send().await.problem(403, "foreign-origin");
    assert_eq!(app.kept(), before);
}

#[tokio::test]
async fn a_cookie_from_another_origin_counts_for_nothing() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    let before = app.kept();
    for origin in [PORTAL, STRANGER, "null"] {
        who.call("GET", "/api/session").header("origin", origin).send().await.problem(401, "signed-out");
        who.call("GET", &address(&id(1))).header("origin", origin).send().await.problem(401, "signed-out");
        who.save(&id(1), Some(1), &named("b")).header("origin", origin).send().await.problem(403, "foreign-origin");
        let grant = granting(&who, &verifier(1), PORTAL, Handover::Poll).header("origin", origin);
        grant.send().await.problem(403, "foreign-origin");
        who.call("DELETE", "/api/session").header("origin", origin).send().await.problem(403, "foreign-origin");
        let sign_in = who.call("POST", "/api/demo/session").header("origin", origin);
        sign_in.json(&json!({"person": "karim"})).send().await.problem(403, "foreign-origin");
        let with_junk = who.save(&id(1), Some(1), &named("b")).header("origin", origin);
        let answer = with_junk.header("authorization", &format!("Bearer {}", verifier(1))).send().await;
        assert!(matches!(answer.status, 401 | 403), "{}", answer.text());
    }
    let grant = granting(&who, &verifier(1), PORTAL, Handover::Poll).header("sec-fetch-site", "cross-site");
    grant.send().await.problem(403, "foreign-origin");
    assert_eq!(app.kept(), before);
}

#[tokio::test]
async fn a_token_is_no_cookie_and_a_cookie_no_token() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let element = Element::signed_in(&who, 1).await;
    let cookie = format!("habilitation_session={}", element.token);
    app.call("GET", "/api/session").header("cookie", &cookie).send().await.problem(401, "signed-out");
    let token = who.cookie.split_once('=').unwrap().1.to_owned();
    let of_the_cookie = Element { app: &app, origin: PORTAL, token };
    of_the_cookie.get("/api/session").await.problem(401, "signed-out");
    // On our own pages a proxy may want credentials of its own.
    let behind_a_proxy = who.call("GET", "/api/session").header("authorization", "Basic bW9pOnNlY3JldA==");
    assert_eq!(behind_a_proxy.send().await.status, 200);
}

#[tokio::test]
async fn a_page_left_open_never_acts_for_whoever_came_after() {
    let app = start().await;
    let element = Element::signed_in(&app.sign_in("noemie").await, 1).await;
    let save = || element.save(&id(1), None, &named("a"));
    save().header("habilitation-user", "demonstration:karim").send().await.problem(401, "signed-out");
    assert_eq!(save().header("habilitation-user", "demonstration:noemie").send().await.status, 201);
}

#[tokio::test]
async fn the_window_keeps_its_opener_and_cannot_be_framed() {
    let app = start().await;
    let origin = "https%3A%2F%2Fportail.example";
    let window = format!("/?page=portail&challenge={}&origin={origin}", challenge(&verifier(1)));
    let answer = app.get(&window).await;
    assert_eq!((answer.status, answer.header("cross-origin-opener-policy")), (200, Some("unsafe-none")));
    assert!(answer.text().contains("<title>Habilitation</title>"));
    assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
    for other in ["/", "/?page=connexion", "/?page=aide&page=portail", "/embed.js?page=portail"] {
        let answer = app.get(other).await;
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"), "{other}");
        assert!(answer.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"), "{other}");
    }
}

#[tokio::test]
async fn an_address_that_can_be_read_in_two_ways_is_the_window_of_nobody() {
    let app = start().await;
    // The page reads the same addresses, with the same function: see `tests/browser/navigation.spec.ts`.
    for query in include_str!("../../../../tests/addresses.txt").lines() {
        let query = query.replace("CHALLENGE", &challenge(&verifier(1)));
        let answer = app.get(&format!("/?{query}")).await;
        assert_eq!((answer.status, answer.header("cross-origin-opener-policy")), (200, Some("same-origin")), "{query}");
    }
}

#[tokio::test]
async fn neither_token_nor_code_nor_verifier_is_kept_as_it_is() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let element = Element::signed_in(&who, 1).await;
    let code = agree(&who, &verifier(2)).await;
    let kept = app.kept();
    assert!(kept.iter().any(|kept| kept.starts_with("grants.")));
    for secret in [&element.token, &code, &verifier(2)] {
        assert!(!kept.iter().any(|kept| kept.contains(secret.as_str())), "{secret}");
        let bits = BASE64URL_NOPAD.decode(secret.as_bytes()).unwrap();
        assert!(!kept.iter().any(|kept| kept.contains(&format!("{bits:?}"))), "{secret}");
    }
}

#[tokio::test]
async fn too_many_grants_or_claims_wait() {
    let app = TestApp::builder()
        .with(|settings| {
            settings.embed_origin = vec![PORTAL.parse().unwrap()];
            settings.limits.embed_grants_per_minute = 2;
            settings.limits.embed_claims_per_minute = 3;
        })
        .start()
        .await;
    let who = app.sign_in("noemie").await;
    for number in 1..=2 {
        agree(&who, &verifier(number)).await;
    }
    let answer = granting(&who, &verifier(3), PORTAL, Handover::Poll).send().await;
    answer.problem(429, "too-many-calls");
    assert_eq!(answer.header("retry-after"), Some("30"));
    for _ in 0..3 {
        nothing_yet(&claiming(&app, PORTAL, &verifier(9), None).send().await);
    }
    let answer = claiming(&app, PORTAL, &verifier(9), None).send().await;
    answer.problem(429, "too-many-calls");
    assert_eq!(answer.header("access-control-allow-origin"), Some(PORTAL));
    app.wait(SignedDuration::from_secs(20));
    nothing_yet(&claiming(&app, PORTAL, &verifier(9), None).send().await);
}

#[tokio::test]
async fn what_was_granted_and_never_claimed_is_forgotten() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    agree(&who, &verifier(1)).await;
    Element::signed_in(&who, 2).await;
    let count = |table: &str| app.kept().iter().filter(|kept| kept.starts_with(table)).count();
    app.purge().await;
    assert_eq!((count("grants.challenge"), count("sessions.key")), (1, 2));
    app.wait(SignedDuration::from_mins(6));
    app.purge().await;
    assert_eq!((count("grants.challenge"), count("sessions.key")), (0, 2));
    app.wait(SignedDuration::from_mins(10));
    app.purge().await;
    assert_eq!(count("sessions.key"), 1, "the token ended, the session goes on");
}

#[tokio::test]
async fn a_challenge_is_granted_by_one_session_alone() {
    let app = start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    agree(&noemie, &verifier(1)).await;
    let taken = granting(&karim, &verifier(1), PORTAL, Handover::Poll).send().await;
    assert_eq!(taken.problem(400, "invalid-body").errors[0].pointer, "/challenge");
    // The response was lost on its way, and the window asks again.
    let code = agree(&noemie, &verifier(1)).await;
    let claimed: IssuedToken = claiming(&app, PORTAL, &verifier(1), Some(&code)).send().await.read();
    assert_eq!(claimed.session.user.given_name, "Noémie");
}

#[tokio::test]
async fn a_grant_that_is_not_understood_is_refused() {
    let app = start().await;
    let who = app.sign_in("noemie").await;
    let good = json!({"challenge": challenge(&verifier(1)), "portal": PORTAL, "handover": "message"});
    for (member, value, pointer) in [
        ("challenge", json!("abc"), "/challenge"),
        ("handover", json!("fax"), "/handover"),
        ("portal", json!("https://portail.example/"), "/portal"),
        ("state", json!("x"), "/state"),
    ] {
        let mut body = good.clone();
        body[member] = value;
        let answer = who.call("POST", "/api/embed/grants").json(&body).send().await;
        assert_eq!(answer.problem(400, "invalid-body").errors[0].pointer, pointer);
    }
    app.call("POST", "/api/embed/grants").json(&good).send().await.problem(401, "signed-out");
}

/// Returns the preflight request for a call that a page of this origin wants to make.
async fn preflight(app: &TestApp, origin: &str, path: &str) -> Response {
    let call = app.call("OPTIONS", path).header("origin", origin).header("access-control-request-method", "PUT");
    call.header("access-control-request-headers", "authorization,content-type,if-match").send().await
}

#[tokio::test]
async fn browsers_are_told_that_portals_may_call() {
    let app = start().await;
    for path in ["/api/session".to_owned(), address(&id(1)), "/api/embed/tokens".to_owned()] {
        let answer = preflight(&app, PORTAL, &path).await;
        assert_eq!(answer.status, 204, "{path}: {}", answer.text());
        for (name, value) in [
            ("access-control-allow-origin", Some(PORTAL)),
            ("access-control-allow-methods", Some("GET, PUT, POST, DELETE")),
            (
                "access-control-allow-headers",
                Some("authorization, content-type, if-match, if-none-match, habilitation-user, habilitation-saved-at"),
            ),
            ("access-control-allow-credentials", None),
            ("access-control-max-age", Some("7200")),
            ("vary", Some("origin")),
            ("content-length", None),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
    }
}

#[tokio::test]
async fn browsers_are_told_that_nobody_else_may() {
    let app = start().await;
    for origin in [STRANGER, "null", "http://portail.example", "https://portail.example:8443"] {
        let answer = preflight(&app, origin, &address(&id(1))).await;
        answer.problem(403, "foreign-origin");
        let read = app.call("GET", "/api/openapi.json").header("origin", origin).send().await;
        for answer in [answer, read] {
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
            assert_eq!(answer.header("vary"), Some("origin"), "{origin}");
        }
    }
    let plain = TestApp::start().await;
    preflight(&plain, PORTAL, "/api/session").await.problem(403, "foreign-origin");
}

#[tokio::test]
async fn a_portal_reads_refusals_too() {
    let app = start().await;
    let element = Element::signed_in(&app.sign_in("noemie").await, 1).await;
    element.create(&id(1), &named("a")).await;
    let stale = element.save(&id(1), Some(7), &named("b")).send().await;
    assert_eq!(stale.problem(412, "stale").current.unwrap().draft, named("a"));
    for answer in [stale, element.get("/api/nothing").await, element.call("PATCH", "/api/session").send().await] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(PORTAL), "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert_eq!(answer.header("vary"), Some("origin"));
    }
    let listed: RequestList = element.get("/api/requests").await.read();
    let [RequestSummary { name, .. }] = &listed.requests[..] else { panic!("{listed:?}") };
    assert_eq!(name, "a");
}

#[test]
fn each_threat_has_the_tests_that_its_description_names() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let description = read("docs/embedding-sign-in.md");
    let tests = [
        "crates/server/tests/api/embedding.rs",
        "crates/server/tests/api/program.rs",
        "tests/browser/portal-sign-in.spec.ts",
        "tests/browser/proconnect-trip.spec.ts",
        "tests/browser/static-api.spec.ts",
        "src/pages/portal_grant.rs",
    ]
    .map(read)
    .concat();
    let threats: Vec<&str> = description.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(threats.len() >= 17, "{threats:?}");
    for threat in threats {
        let named: Vec<&str> = threat.rsplit(" | ").next().unwrap().split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "{threat}");
        for name in named {
            let there = tests.contains(&format!("fn {name}()")) || tests.contains(&format!("test('{name}'"));
            assert!(there, "{name}");
        }
    }
}
