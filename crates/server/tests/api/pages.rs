//! Pages that the server draws to HTML: for everybody, and for the person who is signed in.

use std::io::Read;

use crate::app::TestApp;

/// Document without a page, as the build makes one.
const BLANK: &[u8] =
    "<!doctype html><html lang=\"fr\"><head><title>Demande</title><style data-href=\"./style-1.css\">p{}</style>\
    </head><body><div id=\"shell\"></div><script>run()</script><p id=\"notice\"></p></body></html>"
        .as_bytes();

/// Identifier of a request that nobody made.
const REQUEST: &str = "019ab3f0-7c01-7a51-9e01-5b0d6c4e0001";

async fn built() -> TestApp {
    TestApp::builder().file("index.html", b"static").file("served.html", BLANK).start().await
}

#[tokio::test]
async fn each_address_answers_with_its_page() {
    let app = built().await;
    for (path, heading) in [
        ("/", "Demander à utiliser FranceConnect"),
        ("/?page=aide", "Aide"),
        ("/?page=eligibilite", "Mon organisation peut-elle faire une demande ?"),
        ("/?page=connexion", "Se connecter"),
        ("/?page=connexion&retour=demande%3Dnouvelle", "Se connecter"),
        ("/?page=accessibilite", "Accessibilité : non conforme"),
        ("/?page=mentions-legales", "Mentions légales"),
        ("/?page=donnees-personnelles", "Données personnelles"),
        ("/?page=affichage", "Affichage"),
        ("/?page=habilitations", "Habilitations en vigueur"),
        ("/?page=habilitations&recherche=mairie", "Habilitations en vigueur"),
        ("/?page=nulle-part", "Page introuvable"),
        ("/?demande=nouvelle", "Se connecter"),
        ("/?page=demandes", "Se connecter"),
        ("/index.html", "Demander à utiliser FranceConnect"),
    ] {
        let answer = app.get(path).await;
        let text = answer.text().replace('\u{a0}', " ");
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        assert!(text.contains(&format!("<title>{heading} – Demande d’habilitation</title>")), "{path} {text}");
        assert!(text.contains(&format!(">{heading}</h1>")), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(answer.header("vary"), Some("accept-encoding, cookie"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
    }
    // Whoever has no JavaScript reads the file.
    assert!(app.get("/?page=habilitations").await.text().contains("href=\"habilitations.csv\""));
    for path in ["/served.html", "/blank.html"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
    app.call("POST", "/").send().await.problem(405, "method-not-allowed");
}

#[tokio::test]
async fn the_style_and_the_script_of_a_page_are_allowed_by_their_hashes() {
    let app = built().await;
    let answer = app.get("/").await;
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("style-src 'self' 'sha256-") && policy.contains("script-src 'self' 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    let policy = app.get("/config.json").await.header("content-security-policy").unwrap().to_owned();
    assert!(!policy.contains("sha256"), "{policy}");
}

#[tokio::test]
async fn a_signed_in_persons_page_has_who_they_are_and_is_stored_nowhere() {
    let app = built().await;
    let noemie = app.sign_in("noemie").await;
    for path in ["/", "/?demande=nouvelle", &format!("/?demande={REQUEST}&etape=project"), "/?page=demandes"] {
        let answer = noemie.call("GET", path).send().await;
        let text = answer.text();
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{path}");
        assert!(text.contains(">Noémie Lœb</span>"), "{path} {text}");
        assert!(text.contains("\"session\":{\"user\":{\"id\":"), "{path} {text}");
    }
    let text = noemie.call("GET", "/?demande=nouvelle").send().await.text();
    assert!(text.contains("value=\"Commune de Vallon-les-Prés\"") && text.contains("Étape 1 sur 8"), "{text}");
    // Another person's page, drawn next, holds nothing of it.
    let lucie = app.sign_in("lucie").await;
    let text = lucie.call("GET", "/?demande=nouvelle").send().await.text();
    assert!(text.contains("Lucie") && !text.contains("Noémie") && !text.contains("Vallon"), "{text}");
}

#[tokio::test]
async fn what_browsers_may_store_holds_nothing_of_anybody() {
    let app = built().await;
    let noemie = app.sign_in("noemie").await;
    for path in ["/index.html", "/index.html?demande=nouvelle"] {
        let answer = noemie.call("GET", path).send().await;
        let text = answer.text();
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        assert!(!text.contains("Noémie") && !text.contains("\"session\""), "{path} {text}");
        // Without a network it stands for every page.
        assert!(text.contains("<template id=\"waiting\">"), "{path} {text}");
    }
}

#[tokio::test]
async fn a_session_that_is_over_is_told_with_the_page() {
    let app = built().await;
    let noemie = app.sign_in("noemie").await;
    assert_eq!(noemie.call("DELETE", "/api/session").send().await.status, 204);
    let answer = noemie.call("GET", "/?demande=nouvelle").send().await;
    let text = answer.text();
    assert!(text.contains("\"session\":null") && text.contains("Se connecter"), "{text}");
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    let text = app.get("/").await.text();
    assert!(text.contains("\"session\":null"), "{text}");
}

#[tokio::test]
async fn the_question_of_a_portal_is_no_part_of_a_drawn_page() {
    let app = TestApp::builder()
        .file("index.html", b"static")
        .file("served.html", BLANK)
        .with(|settings| settings.embed_origin = vec!["https://portail.example".parse().unwrap()])
        .start()
        .await;
    let noemie = app.sign_in("noemie").await;
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let path = format!("/?page=portail&challenge={challenge}&origin=https%3A%2F%2Fportail.example");
    let answer = noemie.call("GET", &path).send().await;
    assert_eq!(answer.header("cross-origin-opener-policy"), Some("unsafe-none"));
    let text = answer.text();
    assert!(text.contains("Un instant…") && !text.contains("portail.example</"), "{text}");
}

#[tokio::test]
async fn pages_are_sent_compressed_to_who_reads_that() {
    let app = built().await;
    let plain = app.get("/?page=aide").await.text();
    let packed = app.call("GET", "/?page=aide").header("accept-encoding", "gzip, br").send().await;
    assert_eq!(packed.header("content-encoding"), Some("br"));
    let mut text = String::new();
    brotli::Decompressor::new(&packed.body[..], 4_096).read_to_string(&mut text).unwrap();
    assert_eq!(text, plain);
    let tag = packed.header("etag").unwrap();
    let again =
        app.call("GET", "/?page=aide").header("accept-encoding", "br").header("if-none-match", tag).send().await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}
