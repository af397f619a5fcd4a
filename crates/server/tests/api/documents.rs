//! Sending, reading and removing the files of a draft, which are in the data folder or in a bucket.

use jiff::SignedDuration;
use serde_json::json;

use crate::app::{TestApp, address};
use habilitation_fixtures::{Fixture, id, named, pdf};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

/// Runs each test with documents in the data folder, and with documents in a bucket.
macro_rules! in_both {
    ($($test:ident)+) => {
        mod in_a_folder {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::app::TestApp::start().await).await;
            })+
        }

        mod in_a_bucket {
            $(#[tokio::test]
            async fn $test() {
                let bucket = habilitation_bucket::Bucket::start();
                super::$test(crate::app::TestApp::builder().bucket(bucket).start().await).await;
            })+
        }
    };
}

in_both! {
    a_file_is_sent_read_back_as_an_attachment_and_removed
    sending_again_is_harmless_and_the_last_bytes_count
    the_bytes_decide_whatever_is_declared
    a_file_is_handed_out_by_a_name_of_its_type
    a_file_may_come_before_the_save_that_lists_it
    a_file_on_its_way_does_not_outlive_its_draft
    many_files_at_once_all_arrive
}

async fn a_file_is_sent_read_back_as_an_attachment_and_removed(app: TestApp) {
    let who = app.sign_in("noemie").await;
    let draft = Fixture::named("town-hall");
    let document = draft.documents().next().unwrap().id.clone();
    who.create(&id(1), &draft).await;
    let path = format!("{}/documents/{document}", address(&id(1)));

    let answer = who.upload(&id(1), &document, &pdf("plan")).send().await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.read::<serde_json::Value>(), json!({"id": document, "size": 13, "type": "application/pdf"}));
    let request = who.read(&id(1)).await;
    assert_eq!((request.revision, request.arrived), (1, vec![document.clone()]), "the revision stays");

    let answer = who.get(&path).await;
    assert_eq!((answer.status, &answer.body[..]), (200, &pdf("plan")[..]));
    for (name, value) in [
        ("content-type", "application/pdf"),
        (
            "content-disposition",
            "attachment; filename=\"document.pdf\"; filename*=UTF-8''%C3%89cran%20d%27accueil%20%E2%80%93%20guichet.pdf",
        ),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
        ("content-length", "13"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }

    let answer = who.call("DELETE", &path).send().await;
    assert_eq!(answer.status, 204);
    who.get(&path).await.problem(404, "not-found");
    who.call("DELETE", &path).send().await.problem(404, "not-found");
    assert_eq!(app.files(), [] as [std::path::PathBuf; 0], "its bytes are gone");
}

async fn sending_again_is_harmless_and_the_last_bytes_count(app: TestApp) {
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    let path = format!("{}/documents/{}", address(&id(1)), id(9));
    for (bytes, status, media_type) in [
        (pdf("first"), 201, "application/pdf"),
        (pdf("first"), 200, "application/pdf"),
        (PNG.to_vec(), 200, "image/png"),
        (b"\xff\xd8\xff\xe0 photo".to_vec(), 200, "image/jpeg"),
    ] {
        assert_eq!(who.upload(&id(1), &id(9), &bytes).send().await.status, status);
        let answer = who.get(&path).await;
        assert_eq!((&answer.body[..], answer.header("content-type")), (&bytes[..], Some(media_type)));
        assert_eq!(app.files().len(), 1, "old bytes go");
    }
}

async fn the_bytes_decide_whatever_is_declared(app: TestApp) {
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    let late = |before: &[u8]| [before, b"%PDF-1.7\n"].concat();
    let files = [
        (PNG.to_vec(), "image/png"),
        (b"\xff\xd8\xff\xe0 photo".to_vec(), "image/jpeg"),
        (b"\xff\xd8\xff".to_vec(), "image/jpeg"),
        (late(b""), "application/pdf"),
        (late(b"\xef\xbb\xbf"), "application/pdf"),
        (late(b"\n"), "application/pdf"),
        (late(&[b'x'; 200]), "application/pdf"),
        (late(&[b'x'; 1000]), "application/pdf"),
    ];
    for (bytes, media_type) in &files {
        let send = || who.upload(&id(1), &id(9), bytes);
        for call in [
            send(),
            send().header("content-type", "application/octet-stream"),
            send().header("content-type", "IMAGE/PNG; x=y"),
            send().header("content-type", "image/heic"),
            send().header("content-type", "text/html"),
            send().header("content-type", "multipart/form-data; boundary=x"),
            send().header("content-type", "n'importe quoi"),
            send().header("content-type", "image/heic").and_header("content-type", "application/json"),
            send().header("content-type", ""),
            send().without("content-type"),
        ] {
            assert_eq!(call.send().await.read::<serde_json::Value>()["type"], *media_type);
        }
    }
    let late = late(&[b'x'; 1024]);
    for bytes in [&late[..], b"%PDF", b"\x00\x00\x00\x18ftypheic", b"MZ", b"<!doctype html>", b" \xff\xd8\xff\xe0", b""]
    {
        let declared = who.upload(&id(1), &id(9), bytes).header("content-type", "application/pdf");
        declared.send().await.problem(415, "unsupported-file");
    }
}

async fn a_file_is_handed_out_by_a_name_of_its_type(app: TestApp) {
    let who = app.sign_in("noemie").await;
    let mut draft = Fixture::named("town-hall");
    let document = draft.documents().next().unwrap().id.clone();
    let path = format!("{}/documents/{document}", address(&id(1)));
    who.create(&id(1), &draft).await;
    for (revision, (name, bytes, handed_out)) in (1..).zip([
        ("facture.exe", &pdf("x")[..], "filename=\"facture.pdf\"; filename*=UTF-8''facture.pdf"),
        ("IMG_0042.HEIC", b"\xff\xd8\xff\xe0", "filename=\"IMG_0042.jpg\"; filename*=UTF-8''IMG_0042.jpg"),
        ("fac\u{202e}fdp.exe", &pdf("x"), "filename=\"facfdp.pdf\"; filename*=UTF-8''facfdp.pdf"),
    ]) {
        name.clone_into(&mut draft.project.mockups[0].name);
        who.change(&id(1), revision, &draft).await;
        who.send(&id(1), &document, bytes).await;
        let answer = who.get(&path).await;
        assert_eq!(answer.header("content-disposition"), Some(format!("attachment; {handed_out}").as_str()));
        assert_eq!(who.read(&id(1)).await.draft, draft, "the draft keeps the name it came with");
    }
}

async fn a_file_may_come_before_the_save_that_lists_it(app: TestApp) {
    let who = app.sign_in("noemie").await;
    let draft = Fixture::named("town-hall");
    let document = draft.documents().next().unwrap().id.clone();
    who.create(&id(1), &named("a")).await;
    who.send(&id(1), &document, &pdf("early")).await;
    app.wait(SignedDuration::from_mins(60));
    assert_eq!(who.change(&id(1), 1, &draft).await.errors, 0);
    who.submit(&id(1), 2).await;
}

async fn a_file_on_its_way_does_not_outlive_its_draft(app: TestApp) {
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    who.send(&id(1), &id(9), &pdf("a")).await;
    who.delete(&id(1), 1).await;
    assert_eq!(app.files(), [] as [std::path::PathBuf; 0]);
}

async fn many_files_at_once_all_arrive(app: TestApp) {
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    let mut body = pdf("");
    body.resize(3_000_000, b'x');
    let calls: Vec<_> = (10..20).map(|number| tokio::spawn(who.upload(&id(1), &id(number), &body).send())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().status, 201);
    }
    assert_eq!(who.read(&id(1)).await.arrived.len(), 10);
    assert_eq!(app.files().len(), 10);
}
