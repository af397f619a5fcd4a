//! Links to the legal text: a link, a file, or both.

use habilitation_model::Field;
use serde_json::{Value, json};

use crate::complete::{draft, error, error_with, findings, pdf, typed};

const NOTHING: [Value; 0] = [];

fn wrong() -> Value {
    error_with("/legal/url", "format", json!({"example": "https://www.organisme.example/texte"}))
}

#[test]
fn addresses_of_the_web_are_taken() {
    for text in [
        "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000037611479",
        "http://texte.example",
        "HTTPS://TEXTE.EXAMPLE/",
        "https://texte.example:8443/a?b=c&d=e#f",
        "https://préfecture.example/arrêté?nom=é#haut",
        "https://例え.example/法律",
        "https://texte.example?q={1|2}^`",
        "http://intranet:8080/texte",
        "http://192.0.2.1/texte",
        "http://[2001:db8::1]:8080/texte",
        "  https://texte.example/a  ",
        "www.texte.example",
        "texte.example/a",
        "texte.example:8443/a@b",
        "<https://texte.example/a>",
        "\u{200b}https://texte.ex\u{ad}ample/a\u{feff}",
    ] {
        assert_eq!(findings(&typed(Field::LegalUrl, text)), NOTHING, "{text:?}");
    }
}

#[test]
fn anything_else_is_of_the_wrong_form() {
    for text in [
        "//texte.example/a",
        "texte",
        "https://nom@texte.example/",
        "https://nom:secret@texte.example/",
        "nom:secret@texte.example/a",
        "nom@texte.example",
        "ftp://texte.example/a",
        "javascript:alert(1)",
        "javascript://texte.example/%0aalert(1)",
        "data:text/html,a.b",
        "file:///etc/passwd",
        "mailto:a@roc.example",
        "https:texte.example",
        "https://",
        "https:///a.b",
        "https://?a.b",
        "https://intranet/texte",
        "https://intranet./texte",
        "https://.example",
        "https://a..example",
        "https://a.example../",
        "https://texte.example:0/",
        "https://texte.example:65536/",
        "https://texte.example:port/",
        "https://texte example/",
        "https://texte.example/a b",
        "voir https://texte.example/",
        "article 5",
    ] {
        assert_eq!(findings(&typed(Field::LegalUrl, text)), [wrong()], "{text:?}");
    }
}

#[test]
fn a_line_break_inside_is_a_control_character_and_a_wrong_form() {
    let control = error("/legal/url", "control_character");
    assert_eq!(findings(&typed(Field::LegalUrl, "https://texte.example/a\nb")), [control, wrong()]);
}

#[test]
fn one_of_the_link_and_the_files_is_enough() {
    let one_of = error_with("/legal/url", "one_of", json!({"paths": ["legal.url", "legal.documents"]}));
    for (url, files, expected) in [
        ("", 0, vec![one_of.clone()]),
        ("  ", 0, vec![one_of]),
        ("https://texte.example/", 0, vec![]),
        ("", 1, vec![]),
        ("https://texte.example/", 1, vec![]),
        ("nulle part", 0, vec![wrong()]),
        ("nulle part", 1, vec![wrong()]),
    ] {
        let draft = draft(|d| {
            d.legal.url = url.into();
            d.legal.documents = (0..files).map(pdf).collect();
        });
        assert_eq!(findings(&draft), expected, "{url:?} and {files} files");
    }
}
