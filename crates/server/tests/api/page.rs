//! The built page, as browsers and caches get it.

use habilitation_model::wire::PageConfig;
use habilitation_server::settings::Settings;
use serde_json::Value;

use crate::app::TestApp;
use crate::call::Response;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types habilitation";

/// Returns the policy of an answer without the hash of the style in it, which bare pages have.
fn policy(answer: &Response) -> Option<String> {
    let policy = answer.header("content-security-policy")?;
    let Some((before, hash)) = policy.split_once("style-src 'self' 'sha256-") else { return Some(policy.to_owned()) };
    Some(format!("{before}style-src 'self'{}", hash.split_once('\'')?.1))
}

async fn built() -> TestApp {
    TestApp::builder()
        .file("index.html", b"<!doctype html><title>Habilitation</title>")
        .file("index.html.br", b"brotli")
        .file("index.html.gz", b"gzipped")
        .file("habilitation-0123456789abcdef.js", b"export default 1")
        .file("habilitation-0123456789abcdef_bg.wasm", b"\0asm")
        .file("embed.js", b"")
        .file("demo/portal.html", b"<p>")
        .start()
        .await
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let app = built().await;
    for path in
        ["/", "/embed.js", "/nothing", "/api/session", "/api/nothing", "/api/openapi.json", "/healthz", "/config.json"]
    {
        let answer = app.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{path} {name}");
        }
        assert_eq!(policy(&answer).as_deref(), Some(POLICY), "{path}");
        assert!(answer.header("permissions-policy").unwrap().contains("geolocation=()"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}: not over HTTP");
        assert!(answer.header("x-request-id").is_some(), "{path}");
        let (public, policy) = match path {
            "/" | "/embed.js" | "/config.json" => (Some("*"), "cross-origin"),
            _ => (None, "same-origin"),
        };
        assert_eq!(answer.header("access-control-allow-origin"), public, "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some(policy), "{path}");
        let cached = if path.starts_with("/api/") { "no-store" } else { "no-cache" };
        assert_eq!(answer.header("cache-control"), Some(cached), "{path}");
    }
}

#[tokio::test]
async fn the_page_stands_at_the_root_whatever_the_query() {
    let app = built().await;
    for path in ["/", "/?page=aide", "/?demande=019ab3f0-7c01-7a51-9e01-5b0d6c4e0001&etape=project", "/index.html"] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        assert!(answer.text().contains("<title>Habilitation</title>"), "{path}");
    }
}

#[tokio::test]
async fn the_smallest_form_is_sent_and_caches_know_why() {
    let app = built().await;
    for (accepted, encoding, body) in [
        (Some("gzip, deflate, br, zstd"), Some("br"), "brotli"),
        (Some("gzip"), Some("gzip"), "gzipped"),
        (Some("br;q=0"), None, "<!doctype html><title>Habilitation</title>"),
        (None, None, "<!doctype html><title>Habilitation</title>"),
    ] {
        let call = app.call("GET", "/");
        let call = accepted.map_or(call.clone(), |accepted| call.header("accept-encoding", accepted));
        let answer = call.clone().send().await;
        assert_eq!((answer.header("content-encoding"), answer.text().as_str()), (encoding, body), "{accepted:?}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        let tag = answer.header("etag").unwrap();

        let again = call.clone().header("if-none-match", tag).send().await;
        assert_eq!((again.status, again.header("etag"), again.body.len()), (304, Some(tag), 0), "{accepted:?}");
        let head = app.call("HEAD", "/").send().await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        let stale = call.header("if-none-match", "\"other\"").send().await;
        assert_eq!(stale.status, 200);
    }
}

#[tokio::test]
async fn files_whose_name_holds_a_hash_are_kept_for_good() {
    let app = built().await;
    for (path, content_type, cached) in [
        ("/habilitation-0123456789abcdef.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/habilitation-0123456789abcdef_bg.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        ("/embed.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/demo/portal.html", "text/html; charset=utf-8", "no-cache"),
        ("/config.json", "application/json", "no-cache"),
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            (answer.header("content-type"), answer.header("cache-control")),
            (Some(content_type), Some(cached)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn nothing_outside_the_page_has_an_address() {
    let app = built().await;
    for path in [
        "/nothing",
        "/index.html.br",
        "/../data/habilitation.sqlite",
        "/%2e%2e/data/habilitation.sqlite",
        "//etc/passwd",
        "/demo",
        "/demo/",
        "/.git",
    ] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/html; charset=utf-8")), "{path}");
        assert!(answer.text().contains("<html lang=\"fr\">"), "{path}");
    }
}

#[tokio::test]
async fn the_operators_words_reach_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let notice = folder.path().join("mentions.txt");
    std::fs::write(&notice, "Éditeur : la DINUM.").unwrap();
    let app = TestApp::builder()
        .with(|settings| {
            settings.page.legal_notice = Some(notice);
            settings.page.support_email = "aide@habilitation.example".to_owned();
        })
        .start()
        .await;
    let config: PageConfig = app.get("/config.json").await.read();
    assert_eq!(config.api.as_deref(), Some("api"));
    assert!(config.demonstration);
    assert_eq!(config.operator.legal_notice, "Éditeur : la DINUM.");
    assert_eq!(config.contacts.support_email, "aide@habilitation.example");
    assert_eq!(config.contacts.access_email, "datapass@api.gouv.fr");
}

#[tokio::test]
async fn behind_tls_the_demonstration_is_off_and_browsers_are_told_to_stay_there() {
    let app = TestApp::builder()
        .with(|settings| settings.public_url = Some("https://habilitation.example".parse().unwrap()))
        .start()
        .await;
    let answer = app.get("/").await;
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=63072000; includeSubDomains"));
    app.get("/api/demo/people").await.problem(404, "not-found");
    let body = serde_json::json!({"person": "noemie"});
    app.call("POST", "/api/demo/session").json(&body).send().await.problem(404, "not-found");
    assert_eq!(app.get("/config.json").await.read::<Value>()["demonstration"], false);
    app.call("GET", "/").header("host", "127.0.0.1").send().await.problem(421, "misdirected");
}

/// Value of `Accept` when somebody opens a page.
const OPENED: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

#[tokio::test]
async fn whoever_opens_the_page_by_another_name_is_told_the_right_one_in_words() {
    let app = built().await;
    let port = app.origin().rsplit(':').next().unwrap();
    let ours = format!("<a href=\"{0}/\">{0}/</a>", app.origin());
    for host in [
        format!("localhost:{port}"),
        format!("LOCALHOST:{port}"),
        format!("127.0.0.1.:{port}"),
        format!("[::1]:{port}"),
        "127.0.0.1".to_owned(),
        "theirs.example".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "\"><img src=x>".to_owned(),
        String::new(),
    ] {
        for path in ["/", "/?page=aide", "/nothing"] {
            let answer = app.call("GET", path).header("host", &host).header("accept", OPENED).send().await;
            let text = answer.text();
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (421, Some("text/html; charset=utf-8")),
                "{host}"
            );
            assert!(
                text.contains("<html lang=\"fr\">") && text.contains(&ours) && text.contains("localhost"),
                "{text}"
            );
            assert!(!text.contains("theirs") && !text.contains("script") && !text.contains("img"), "{text}");
            assert_eq!(policy(&answer).as_deref(), Some(POLICY));
            assert_eq!(answer.header("cache-control"), Some("no-cache"));
        }
    }
    let head = app.call("HEAD", "/").header("host", "localhost").header("accept", OPENED).send().await;
    assert_eq!((head.status, head.body.len()), (421, 0));
    let call = |method: &str, path: &str| app.call(method, path).header("host", &format!("localhost:{port}"));
    for call in [
        call("GET", "/"),
        call("GET", "/").header("accept", "*/*"),
        call("GET", "/").header("accept", "application/json, text/html;q=0.5"),
        call("GET", "/embed.js"),
        call("POST", "/").header("accept", OPENED),
        call("GET", "/api/session").header("accept", OPENED),
        call("GET", "/api").header("accept", OPENED),
    ] {
        call.send().await.problem(421, "misdirected");
    }
}

#[tokio::test]
async fn behind_a_proxy_that_does_not_pass_the_name_on_people_are_told_whom_to_tell() {
    let app = TestApp::builder()
        .with(|settings| settings.public_url = Some("https://habilitation.example".parse().unwrap()))
        .start()
        .await;
    let answer = app.call("GET", "/").header("host", "127.0.0.1:8080").header("accept", OPENED).send().await;
    let text = answer.text();
    assert!(
        text.contains("<a href=\"https://habilitation.example/\">") && text.contains("le serveur placé devant"),
        "{text}"
    );
    assert!(!text.contains("localhost") && !text.contains("127.0.0.1"), "{text}");
    for host in ["habilitation.example", "HABILITATION.Example", "habilitation.example:443"] {
        let answer = app.call("GET", "/").header("host", host).header("accept", OPENED).send().await;
        assert_eq!(answer.status, 200, "{host}");
    }
}

#[tokio::test]
async fn those_who_watch_over_the_server_are_answered() {
    let app = built().await;
    assert_eq!(app.get("/healthz").await.text(), "alive\n");
    assert_eq!(app.get("/readyz").await.text(), "ready\n");
}

#[tokio::test]
async fn a_weakness_is_reported_where_the_operator_says() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/.well-known/security.txt").await.status, 404);
    let contact =
        |settings: &mut Settings| settings.page.security_contact = Some("mailto:securite@site.example".to_owned());
    let app = TestApp::builder().with(contact).start().await;
    let answer = app.get("/.well-known/security.txt").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    let expected = format!(
        "Contact: mailto:securite@site.example\nExpires: 2027-05-21T12:00:00.000Z\nPreferred-Languages: fr, en\n\
         Canonical: {}/.well-known/security.txt\n",
        app.origin()
    );
    assert_eq!(answer.text(), expected);
}
