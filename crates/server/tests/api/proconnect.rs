//! Signing in with ProConnect, as far as it goes without a provider: `tests/browser/proconnect.spec.ts` has one.

use std::fs;
use std::path::Path;

use data_encoding::BASE64URL_NOPAD;
use habilitation_fixtures::{id, named};
use habilitation_model::wire::{CaughtMails, Mail};
use jiff::SignedDuration;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::app::{Builder, TestApp};
use crate::call::Response;

const ISSUER: &str = "http://localhost:9/api/v2";

/// A server that is registered with a provider which does not answer.
fn registered() -> Builder {
    TestApp::builder().with(|settings| {
        let secret = settings.data.parent().unwrap().join("secret");
        fs::write(&secret, "0123456789abcdef").unwrap();
        settings.proconnect.proconnect_issuer = Some(ISSUER.parse().unwrap());
        settings.proconnect.proconnect_client_id = Some("habilitation".to_owned());
        settings.proconnect.proconnect_secret_file = Some(secret);
    })
}

/// An attempt that a browser has begun: its state, and its cookie.
fn attempt(app: &TestApp, path: &str) -> (String, String) {
    let secret = "A".repeat(43);
    let state = BASE64URL_NOPAD.encode(&Sha256::digest(format!("state:{secret}")));
    let cookie = format!("habilitation_signin_{}={secret}.{}.1.{path}", &state[..16], app.now().as_second());
    (state, cookie)
}

fn led_to(answer: &Response) -> &str {
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    answer.header("location").unwrap()
}

#[tokio::test]
async fn where_people_do_not_sign_in_with_proconnect_there_is_nothing() {
    let app = TestApp::start().await;
    for path in ["sign-in", "callback?code=a&state=b", "signed-out"] {
        app.get(&["/api/proconnect/", path].concat()).await.problem(404, "not-found");
    }
}

#[tokio::test]
async fn the_demonstration_is_off_and_its_sessions_are_over_where_people_sign_in_with_proconnect() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await.cookie;
    let before = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
    let copy = |data: &Path| {
        fs::create_dir_all(data).unwrap();
        before.execute("VACUUM INTO ?1", [data.join("habilitation.sqlite").to_str().unwrap()]).unwrap();
    };
    let app = registered().data(copy).start().await;
    app.get("/api/demo/people").await.problem(404, "not-found");
    app.call("GET", "/api/session").header("cookie", &noemie).send().await.problem(401, "signed-out");
    assert!(app.get("/config.json").await.text().contains("\"proconnect\":true"));
}

#[tokio::test]
async fn without_the_provider_signing_in_is_answered_in_words() {
    let app = registered().start().await;
    app.get("/api/proconnect/sign-in").await.problem(503, "not-ready");
    let page = app.call("GET", "/api/proconnect/sign-in").header("accept", "text/html,*/*").send().await;
    assert_eq!((page.status, page.header("retry-after")), (503, Some("60")));
    assert!(page.text().contains("ProConnect ne répond pas"));
    assert_eq!(led_to(&app.get("/api/proconnect/signed-out").await), "/");
}

#[tokio::test]
async fn an_attempt_counts_where_a_person_is_led_back_and_is_used_up() {
    let app = registered().start().await;
    let (state, cookie) = attempt(&app, "/?demande=nouvelle");
    let issuer = "http%3A%2F%2Flocalhost%3A9%2Fapi%2Fv2";
    let callback = format!("/api/proconnect/callback?code=a&state={state}&iss={issuer}");
    let call = |path: &str, site: &str, mode: &str| {
        let call = app.call("GET", path).without("origin").header("cookie", &cookie);
        call.header("sec-fetch-site", site).header("sec-fetch-mode", mode).send()
    };
    let expired = "/?page=connexion&erreur=expired";
    let led_back = call(&callback, "cross-site", "navigate").await;
    assert_eq!(led_to(&led_back), "/?page=connexion&retour=demande%3Dnouvelle&erreur=unavailable");
    let used_up = format!("habilitation_signin_{}=; HttpOnly; Path=/; SameSite=Lax; Max-Age=0", &state[..16]);
    assert_eq!(led_back.header("set-cookie"), Some(&*used_up));
    assert_eq!(led_to(&call(&callback, "cross-site", "no-cors").await), expired, "a picture on another site");
    for (change, to) in [
        (callback.replace(&state, &"B".repeat(43)), expired),
        (callback.replace(&state, ""), expired),
        (callback.replace("state=", "other="), expired),
        (callback.replace(issuer, "evil"), "/?page=connexion&retour=demande%3Dnouvelle&erreur=untrusted"),
        (callback.replace("&iss=", "&other="), "/?page=connexion&retour=demande%3Dnouvelle&erreur=untrusted"),
        (
            callback.replace("code=a", "error=access_denied"),
            "/?page=connexion&retour=demande%3Dnouvelle&erreur=refused",
        ),
    ] {
        assert_eq!(led_to(&call(&change, "cross-site", "navigate").await), to, "{change}");
    }
    let none = app.get(&callback).await;
    assert_eq!(led_to(&none), expired, "another browser");
}

#[tokio::test]
async fn who_was_let_in_with_one_factor_reads_one_thing_however_the_second_trip_fails_and_nobody_else_does() {
    let app = registered()
        .with(|settings| {
            let file = settings.data.parent().unwrap().join("team.json");
            let members = |issuer: &str| {
                format!(
                    r#"{{"members": [{{"issuer": "{issuer}", "subject": "claire", "name": "Claire Fontaine",
                        "office": "Instructrice", "role": "examiner"}}]}}"#
                )
            };
            fs::write(&file, members(ISSUER)).unwrap();
            settings.team.team = Some(file);
            settings.proconnect.trusted_identity_providers = vec!["ministry".to_owned()];
        })
        .start()
        .await;
    let session = |token: &str, subject: &str| {
        let database = rusqlite::Connection::open(app.data().join("habilitation.sqlite")).unwrap();
        let sql = "INSERT INTO sessions (key, opened_at, seen_at, user, organisation, person, identification)
                   VALUES (?1, ?2, ?2, json_object('id', ?3, 'given_name', '', 'family_name', '', 'email', '', 'phone', '',
                       'job_title', ''), '{\"siret\": \"\", \"name\": \"\", \"kind\": null}', ?3,
                       json_object('issuer', ?4, 'subject', ?5, 'provider', 'ministry', 'level', 'eidas1'))";
        let key: [u8; 32] = Sha256::digest(token).into();
        let person = format!("proconnect:{subject}");
        database.execute(sql, (key, app.now().as_millisecond(), person, ISSUER, subject)).unwrap();
        format!("habilitation_session={token}")
    };
    let (claire, other) = (session(&"E".repeat(43), "claire"), session(&"I".repeat(43), "other"));
    let (state, cookie) = attempt(&app, "/");
    let again = cookie.replace(".1./", ".2./");
    let issuer = "http%3A%2F%2Flocalhost%3A9%2Fapi%2Fv2";
    for (query, code) in [
        (format!("error=access_denied&state={state}&iss={issuer}"), "refused"),
        (format!("error=server_error&state={state}&iss={issuer}"), "unavailable"),
        (format!("code=a&state={state}&iss={issuer}"), "unavailable"),
        (format!("code=a&state={state}&iss=evil"), "untrusted"),
    ] {
        for (cookies, told) in [
            (format!("{again}; {claire}"), "one-factor"),
            (format!("{again}; {other}"), code),
            (again.clone(), code),
            (format!("{cookie}; {claire}"), code),
        ] {
            let call = app.call("GET", &format!("/api/proconnect/callback?{query}")).header("cookie", &cookies);
            let answer = call.send().await;
            assert_eq!(led_to(&answer), format!("/?page=connexion&erreur={told}"), "{query} {cookies}");
        }
    }
}

#[tokio::test]
async fn sign_ins_are_counted() {
    let app = registered().with(|settings| settings.limits.sign_ins_per_minute = 2).start().await;
    for status in [303, 303, 429] {
        assert_eq!(app.get("/api/proconnect/callback?code=a").await.status, status);
    }
    app.get("/api/proconnect/sign-in").await.problem(429, "too-many-calls");
    let page = app.call("GET", "/api/proconnect/sign-in").header("accept", "text/html").send().await;
    assert_eq!((page.status, page.header("content-type")), (429, Some("text/html; charset=utf-8")));
    assert!(page.header("retry-after").is_some() && page.text().contains("Trop de connexions"), "{}", page.text());
}

#[tokio::test]
async fn whoever_comes_back_was_counted_when_they_began() {
    let app = registered().with(|settings| settings.limits.sign_ins_per_minute = 1).start().await;
    let (state, cookie) = attempt(&app, "/");
    let back = async || {
        let call = app.call("GET", &format!("/api/proconnect/callback?code=a&state={state}"));
        call.header("cookie", &cookie).send().await.status
    };
    app.get("/api/proconnect/sign-in").await.problem(503, "not-ready");
    assert_eq!(back().await, 303);
    assert_eq!(back().await, 429, "anybody may write an attempt into their cookie");
}

#[tokio::test]
async fn a_link_of_another_site_leads_to_the_sign_in_page_and_no_further() {
    let app = registered().start().await;
    let path = "/api/proconnect/sign-in?to=/?demande=nouvelle";
    for (site, status) in [("cross-site", 303), ("same-site", 303), ("same-origin", 503), ("none", 503)] {
        let call = app.call("GET", path).without("origin").header("sec-fetch-mode", "navigate");
        let answer = call.header("sec-fetch-site", site).send().await;
        assert_eq!(answer.status, status, "{site}");
        if status == 303 {
            assert_eq!(led_to(&answer), "/?page=connexion&retour=demande%3Dnouvelle");
        }
    }
}

#[tokio::test]
async fn whoever_signs_out_elsewhere_to_come_as_another_is_told_where_that_took_too_long() {
    let app = registered().start().await;
    let signed_out = app.get("/api/proconnect/signed-out?state=a").await;
    assert_eq!(led_to(&signed_out), "/?page=connexion&erreur=expired");
}

#[tokio::test]
async fn signing_out_goes_on_at_the_provider_though_the_session_is_over() {
    let app = registered().start().await;
    let answer = app.call("DELETE", "/api/session").send().await;
    assert_eq!((answer.status, answer.text()), (200, "{}".to_owned()), "the provider is not known");
    assert_eq!(answer.header("set-cookie"), Some("habilitation_session=; HttpOnly; Path=/; SameSite=Lax; Max-Age=0"));
}

#[tokio::test]
async fn the_sign_in_page_says_why_nobody_is_signed_in_before_its_program_is_there() {
    let blank =
        b"<!doctype html><html lang=\"fr\"><head><title></title></head><body><div id=\"shell\"></div></body></html>";
    let app = registered().file("served.html", blank).start().await;
    for (query, is_told) in [
        ("page=connexion", false),
        ("page=connexion&erreur=expired", true),
        ("page=connexion&retour=page%3Ddemandes&erreur=refused", true),
        ("page=connexion&erreur=%3Cb%3E", false),
        ("page=demandes&erreur=expired", false),
        ("page=aide&erreur=expired", false),
    ] {
        let text = app.get(&["/?", query].concat()).await.text();
        assert_eq!(text.contains("class=\"note\" role=\"alert\""), is_told, "{query}");
        assert_eq!(text.contains("S’identifier avec ProConnect"), !query.starts_with("page=aide"), "{query}");
    }
}

#[tokio::test]
async fn the_sign_in_page_leads_back_to_where_the_person_wanted_to_go_before_its_program_is_there() {
    let blank =
        b"<!doctype html><html lang=\"fr\"><head><title></title></head><body><div id=\"shell\"></div></body></html>";
    let app = registered().file("served.html", blank).start().await;
    for (query, to) in [
        ("page=connexion", "page%3Ddemandes"),
        ("demande=nouvelle&project.name=L%C3%A9a", "demande%3Dnouvelle%26project.name%3DL%25C3%25A9a"),
        ("page=connexion&retour=demande%3Dnouvelle", "demande%3Dnouvelle"),
        ("page=connexion&retour=demande%3Dnouvelle&erreur=expired", "demande%3Dnouvelle"),
        ("page=demandes&a=%22%3E%3Cb%3E", "page%3Ddemandes%26a%3D%2522%253E%253Cb%253E"),
    ] {
        let text = app.get(&["/?", query].concat()).await.text();
        assert!(text.contains(&format!("href=\"api/proconnect/sign-in?to=/?{to}\"")), "{query}: {text}");
    }
}

/// A provider that answers with its document, and with nothing else. Returns its issuer.
async fn described() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}/api/v2", listener.local_addr().unwrap());
    let at = |path: &str| format!("{issuer}{path}");
    let document = json!({
        "issuer": issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"), "jwks_uri": at("/jwks"), "end_session_endpoint": at("/session/end"),
    })
    .to_string();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let length = document.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{document}"
            );
            if stream.read(&mut [0; 4_096]).await.is_ok_and(|length| length > 0) {
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        }
    });
    issuer
}

#[tokio::test]
async fn whoever_follows_an_invitation_is_proposed_its_address_once_and_no_address_of_ours_holds_it() {
    let before = TestApp::start().await;
    let noemie = before.sign_in("noemie").await;
    noemie.create(&id(1), &named("shared")).await;
    let invitation = format!("/api/requests/{}/invitations/{}", id(1), id(50));
    let body = json!({"email": "Karim+Essai@Vallon.example", "role": "editor"});
    assert_eq!(noemie.call("PUT", &invitation).json(&body).send().await.status, 201);
    let mails = before.get("/api/demo/mail").await.read::<CaughtMails>().mails;
    let mail = mails.into_iter().find(|mail| mail.mail == Mail::Invitation).unwrap();
    let token = mail.body.lines().find_map(|line| line.split_once("?invitation=")).unwrap().1.to_owned();
    let database = rusqlite::Connection::open(before.data().join("habilitation.sqlite")).unwrap();
    let copy = |data: &Path| {
        fs::create_dir_all(data).unwrap();
        database.execute("VACUUM INTO ?1", [data.join("habilitation.sqlite").to_str().unwrap()]).unwrap();
    };
    let issuer = described().await;
    let blank =
        b"<!doctype html><html lang=\"fr\"><head><title></title></head><body><div id=\"shell\"></div></body></html>";
    let app = registered()
        .data(copy)
        .file("served.html", blank)
        .with(|settings| settings.proconnect.proconnect_issuer = Some(issuer.parse().unwrap()))
        .start()
        .await;
    while app.get("/api/proconnect/sign-in").await.status == 503 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let link = app.get(&format!("/?invitation={token}")).await;
    let kept = format!(
        "habilitation_invitation={token}; HttpOnly; Path=/api/proconnect/sign-in; SameSite=Strict; Max-Age=600"
    );
    assert_eq!((link.header("set-cookie"), link.header("cache-control")), (Some(&*kept), Some("no-store")));
    for other in ["/", "/?page=invitations", "/?invitation=", "/?invitation=a%3Bb", &format!("/?invitation={token}a")] {
        assert_eq!(app.get(other).await.header("set-cookie"), None, "{other}");
    }
    let led = async |query: &str, cookie: &str| {
        let call = app.call("GET", &format!("/api/proconnect/sign-in{query}")).header("cookie", cookie).send().await;
        let gone = "habilitation_invitation=; HttpOnly; Path=/api/proconnect/sign-in; SameSite=Strict; Max-Age=0";
        let spent = call.headers.get_all("set-cookie").iter().any(|cookie| cookie == gone);
        (led_to(&call).contains("&login_hint=Karim%2BEssai%40Vallon.example"), spent)
    };
    let cookie = |token: &str| format!("a=b; habilitation_invitation={token}");
    assert_eq!(led("", &cookie(&token)).await, (true, true));
    assert_eq!(led("?as=other", &cookie(&token)).await, (false, true), "they want to be somebody else");
    for unknown in [&token[1..], &"A".repeat(43), "", "'"] {
        assert_eq!(led("", &cookie(unknown)).await, (false, true), "{unknown}");
    }
    assert_eq!(led("", "a=b").await, (false, false));
    app.wait(SignedDuration::from_hours(14 * 24));
    assert_eq!(led("", &cookie(&token)).await, (false, true), "the invitation is over");
}
