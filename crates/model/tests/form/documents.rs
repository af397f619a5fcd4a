//! Files: their types, sizes, names, number, and whether they have arrived.

use habilitation_model::{Circumstances, ClosedList, Document, Draft, Id, Request};
use serde_json::{Value, json};

use crate::complete::{complete, draft, error, error_with, findings, findings_in, pdf, today};

const NOTHING: [Value; 0] = [];
const POINTERS: [&str; 2] = ["/project/mockups", "/legal/documents"];

/// The complete draft with these files in one of the two fields.
fn listing(pointer: &str, documents: Vec<Document>) -> Draft {
    draft(|d| match pointer {
        "/project/mockups" => d.project.mockups = documents,
        _ => d.legal.documents = documents,
    })
}

fn with(change: impl FnOnce(&mut Document)) -> Vec<Document> {
    let mut document = pdf(1);
    change(&mut document);
    vec![document]
}

#[test]
fn pdf_png_and_jpeg_are_taken_and_nothing_else() {
    for pointer in POINTERS {
        for media_type in ["application/pdf", "image/png", "image/jpeg"] {
            let draft = listing(pointer, with(|document| document.media_type = media_type.to_owned()));
            assert_eq!(findings(&draft), NOTHING, "{pointer} {media_type}");
        }
        for media_type in
            ["", "image/gif", "image/svg+xml", "text/plain", "application/zip", "PDF", "application/pdf; a=b"]
        {
            let draft = listing(pointer, with(|document| document.media_type = media_type.to_owned()));
            assert_eq!(findings(&draft), [error(pointer, "file_type")], "{pointer} {media_type:?}");
        }
    }
}

#[test]
fn a_file_holds_something_and_10_mebibytes_at_most() {
    let too_large = |pointer| error_with(pointer, "file_too_large", json!({"max": 10_485_760}));
    for pointer in POINTERS {
        for (size, expected) in [
            (0, vec![error(pointer, "file_type")]),
            (1, vec![]),
            (10_485_760, vec![]),
            (10_485_761, vec![too_large(pointer)]),
            (u64::MAX, vec![too_large(pointer)]),
        ] {
            let draft = listing(pointer, with(|document| document.size = size));
            assert_eq!(findings(&draft), expected, "{pointer} {size}");
        }
    }
}

#[test]
fn bytes_that_are_there_prove_what_is_declared_wrongly() {
    for pointer in POINTERS {
        for (media_type, size, code) in
            [("image/heic", 1, "file_type"), ("image/png", 0, "file_type"), ("image/png", u64::MAX, "file_too_large")]
        {
            let wrong = with(|document| (document.media_type, document.size) = (media_type.to_owned(), size));
            let draft = listing(pointer, [wrong, vec![pdf(2)]].concat());
            let codes =
                |arrived: &[Id]| draft.errors(arrived).iter().map(|error| error.code.as_str()).collect::<Vec<_>>();
            assert_eq!(codes(&[pdf(1).id, pdf(2).id]), [""; 0], "{pointer} {media_type} {size}");
            assert!(codes(&[pdf(2).id]).contains(&code), "{pointer} {media_type} {size}");
        }
    }
}

#[test]
fn a_name_holds_200_characters_at_most_after_trimming() {
    for pointer in POINTERS {
        for (name, expected) in [
            ("é".repeat(200), vec![]),
            (format!("  {}  ", "🙂".repeat(200)), vec![]),
            ("é".repeat(201), vec![error_with(pointer, "too_long", json!({"max": 200}))]),
        ] {
            let draft = listing(pointer, with(|document| document.name.clone_from(&name)));
            assert_eq!(findings(&draft), expected, "{pointer} {name}");
        }
    }
}

#[test]
fn a_name_proves_nothing_and_is_only_text() {
    for name in ["", "virus.exe", "../../etc/passwd", "<img src=x>", "écran « final ».pdf", "名前.png"] {
        let draft = listing("/project/mockups", with(|document| name.clone_into(&mut document.name)));
        assert_eq!(findings(&draft), NOTHING, "{name:?}");
    }
}

#[test]
fn each_field_holds_six_files_at_most() {
    for pointer in POINTERS {
        assert_eq!(findings(&listing(pointer, (1..=6).map(pdf).collect())), NOTHING, "{pointer}");
        let too_many = error_with(pointer, "too_many", json!({"max": 6}));
        assert_eq!(findings(&listing(pointer, (1..=7).map(pdf).collect())), [too_many], "{pointer}");
    }
    let six_in_each = draft(|d| {
        d.project.mockups = (1..=6).map(pdf).collect();
        d.legal.documents = (7..=12).map(pdf).collect();
    });
    assert_eq!(findings(&six_in_each), NOTHING);
}

#[test]
fn several_wrong_files_are_told_once_by_what_is_wrong() {
    let mut documents: Vec<Document> = (1..=7).map(pdf).collect();
    documents[1].media_type = "image/gif".to_owned();
    documents[2].media_type = "image/gif".to_owned();
    documents[3].size = 10_485_761;
    documents[4].name = "n".repeat(201);
    let pointer = "/legal/documents";
    assert_eq!(
        findings(&listing(pointer, documents)),
        [
            error_with(pointer, "too_long", json!({"max": 200})),
            error(pointer, "file_type"),
            error_with(pointer, "file_too_large", json!({"max": 10_485_760})),
            error_with(pointer, "too_many", json!({"max": 6})),
        ]
    );
}

#[test]
fn every_listed_file_must_have_arrived_where_that_is_known() {
    let draft = draft(|d| {
        d.project.mockups = vec![pdf(1), pdf(2)];
        d.legal.documents = vec![pdf(3)];
    });
    let [first, second, third, unknown] = [1, 2, 3, 4].map(|number| pdf(number).id);
    let missing = |pointer| error(pointer, "missing_file");
    for (arrived, expected) in [
        (vec![], POINTERS.map(missing).to_vec()),
        (vec![first.clone()], POINTERS.map(missing).to_vec()),
        (vec![first.clone(), third.clone()], vec![missing("/project/mockups")]),
        (vec![second.clone(), first.clone()], vec![missing("/legal/documents")]),
        (vec![first.clone(), second.clone(), unknown], vec![missing("/legal/documents")]),
        (vec![third, first, second], vec![]),
    ] as [(Vec<Id>, Vec<Value>); 6]
    {
        let circumstances = Circumstances { today: today(), arrived: Some(&arrived) };
        assert_eq!(findings_in(&draft, &circumstances), expected, "{arrived:?}");
        assert_eq!(Request::new(&draft, &arrived).is_ok(), expected.is_empty(), "{arrived:?}");
    }
    assert_eq!(findings(&draft), NOTHING, "while a draft is filled in, files may still be on their way");
}

#[test]
fn a_draft_without_files_waits_for_none() {
    let circumstances = Circumstances { today: today(), arrived: Some(&[]) };
    assert_eq!(findings_in(&complete(), &circumstances), NOTHING);
}

#[test]
fn the_documents_of_a_draft_are_those_of_both_fields() {
    let draft = draft(|d| {
        d.project.mockups = vec![pdf(1), pdf(2)];
        d.legal.documents = vec![pdf(3)];
    });
    assert_eq!(draft.documents().collect::<Vec<_>>(), [&pdf(1), &pdf(2), &pdf(3)]);
}

#[test]
fn a_duplicate_keeps_the_answers_but_not_the_commitments_nor_the_files() {
    let original = draft(|d| {
        d.project.mockups = vec![pdf(1)];
        d.legal.documents = vec![pdf(2)];
    });
    assert_eq!(
        original.duplicate(),
        draft(|d| {
            d.organisation.member = false;
            d.terms.accepted = false;
            d.terms.dpo_informed = false;
            d.terms.alternative_offered = false;
        })
    );
}
