use super::*;
use crate::browser::unload;
use crate::model::document::MAX_SIZE;
use crate::model::wire::Problem;
use crate::navigation::Place;
use crate::testing::{Sent, TestApp, app, run};

const FIELD: Field = Field::Mockups;

/// Returns the uploads of a new request.
fn opened() -> (TestApp, OpenDraft, Uploads) {
    let app = app(Place::Start, false);
    let draft = app.open_request();
    let uploads = app.with(|| Uploads::new(draft.form(), draft, crate::context::Session::get().api()));
    (app, draft, uploads)
}

fn pdf(name: &str) -> File {
    File::new(name, b"%PDF-1.7", 2_000)
}

/// Adds files, and lets the draft be saved.
fn add(app: &TestApp, uploads: Uploads, files: Vec<File>) {
    app.with(|| uploads.add_files(FIELD, files));
    app.wait(5);
    app.wait(5);
}

fn listed(draft: OpenDraft) -> Vec<Document> {
    draft.form().draft().documents().cloned().collect()
}

fn last(app: &TestApp) -> Sent {
    app.api.script().uploads.borrow().last().cloned().unwrap()
}

#[test]
fn a_file_is_listed_at_once_and_sent_with_its_progress() {
    let (app, draft, uploads) = opened();
    app.with(|| uploads.add_files(FIELD, vec![pdf("maquette.pdf")]));
    let document = listed(draft).pop().unwrap();
    assert_eq!((document.name.as_str(), document.size), ("maquette.pdf", 2_000));
    assert!(unload::would_lose_data(), "its bytes are nowhere else");
    app.wait(5);
    app.wait(5);
    assert_eq!(uploads.stage(&document.id), Stage::Sending(0));
    let sent = last(&app);
    assert_eq!(sent.document, document.id);
    sent.progress(1_000);
    assert_eq!(uploads.stage(&document.id), Stage::Sending(1_000));
    assert!(uploads.has_pending());
    sent.end(Ok(()));
    assert_eq!(uploads.stage(&document.id), Stage::Uploaded);
    assert!(!uploads.has_pending());
    assert!(!unload::would_lose_data());
}

#[test]
fn a_removed_file_is_cancelled_and_leaves_the_request() {
    let (app, draft, uploads) = opened();
    add(&app, uploads, vec![pdf("maquette.pdf")]);
    let document = listed(draft).pop().unwrap();
    app.with(|| uploads.remove(FIELD, &document.id));
    assert!(last(&app).is_cancelled());
    assert!(listed(draft).is_empty());
    assert_eq!(*app.api.script().removed.borrow(), [document.id]);
    assert!(!uploads.has_pending());
    app.wait(5);
    app.wait(5);
    assert!(!unload::would_lose_data());
}

#[test]
fn a_failed_file_is_sent_again_when_asked() {
    let (app, draft, uploads) = opened();
    add(&app, uploads, vec![pdf("maquette.pdf")]);
    let document = listed(draft).pop().unwrap();
    last(&app).end(Err(ApiError::Unreachable));
    assert_eq!(uploads.stage(&document.id), Stage::Failed(UploadError::Unreachable));
    assert!(unload::would_lose_data(), "a retry may succeed");
    app.with(|| uploads.retry(&document.id));
    assert_eq!(app.api.script().uploads.borrow().len(), 2);
    assert_eq!(uploads.stage(&document.id), Stage::Sending(0));
    last(&app).end(Ok(()));
    assert_eq!(uploads.stage(&document.id), Stage::Uploaded);
}

#[test]
fn a_file_that_the_service_refuses_for_good_is_not_worth_a_retry() {
    let (app, draft, uploads) = opened();
    add(&app, uploads, vec![pdf("maquette.pdf")]);
    let document = listed(draft).pop().unwrap();
    let problem = Problem { kind: "/problems/too-large".to_owned(), ..Problem::of(413) };
    last(&app).end(Err(ApiError::Problem(Box::new(problem))));
    assert_eq!(uploads.stage(&document.id), Stage::Failed(UploadError::TooLarge));
    assert!(!unload::would_lose_data());
}

#[test]
fn a_file_that_changed_on_disk_is_told_from_a_lost_connection() {
    let (app, draft, uploads) = opened();
    let file = pdf("maquette.pdf");
    add(&app, uploads, vec![file.clone()]);
    file.change();
    last(&app).end(Err(ApiError::Unreachable));
    let document = listed(draft).pop().unwrap();
    assert_eq!(uploads.stage(&document.id), Stage::Failed(UploadError::Changed));
}

#[test]
fn files_that_fail_a_check_are_rejected_until_others_are_added() {
    let (app, draft, uploads) = opened();
    let files = vec![
        File::new("vide.pdf", b"", 0),
        File::new("lourd.pdf", b"%PDF-1.7", MAX_SIZE + 1),
        File::new("texte.pdf", b"bonjour", 7),
        pdf(&"a".repeat(usize::try_from(MAX_NAME).unwrap() + 1)),
    ];
    app.with(|| uploads.add_files(FIELD, files));
    let codes: Vec<Code> = uploads.rejected(FIELD).iter().map(|file| file.code).collect();
    assert_eq!(codes, [Code::Required, Code::FileTooLarge, Code::FileType, Code::TooLong]);
    assert!(listed(draft).is_empty());
    app.with(|| uploads.add_files(FIELD, vec![pdf("maquette.pdf")]));
    assert!(uploads.rejected(FIELD).is_empty());
}

#[test]
fn a_field_takes_so_many_files_and_no_more() {
    let (app, draft, uploads) = opened();
    let files = (0..=MAX_COUNT).map(|number| pdf(&format!("{number}.pdf"))).collect();
    app.with(|| uploads.add_files(FIELD, files));
    assert_eq!(listed(draft).len() as u64, MAX_COUNT);
    let rejected = uploads.rejected(FIELD);
    assert_eq!((rejected.len(), rejected[0].code), (1, Code::TooMany));
}

#[test]
fn files_of_one_name_get_names_of_their_own() {
    let (app, draft, uploads) = opened();
    app.with(|| uploads.add_files(FIELD, vec![pdf("a.pdf"), pdf("a.pdf")]));
    let names: Vec<String> = listed(draft).into_iter().map(|document| document.name).collect();
    assert_eq!(names, ["a.pdf", "a (2).pdf"]);
}

#[test]
fn a_listed_file_that_the_server_lacks_is_lost() {
    let (app, draft, uploads) = opened();
    add(&app, uploads, vec![pdf("maquette.pdf")]);
    last(&app).end(Ok(()));
    let document = listed(draft).pop().unwrap();
    app.with(|| uploads.reconcile(std::slice::from_ref(&document.id)));
    assert_eq!(uploads.stage(&document.id), Stage::Uploaded);
    app.with(|| uploads.reconcile(&[]));
    assert_eq!(uploads.stage(&document.id), Stage::Lost);
    assert_eq!(uploads.lost(), [(FIELD, "maquette.pdf".to_owned())]);
}

#[test]
fn a_listed_file_counts_as_uploaded_once_the_server_says_so() {
    let (app, draft, uploads) = opened();
    add(&app, uploads, vec![pdf("maquette.pdf"), pdf("plan.pdf")]);
    let ids: Vec<Id> = listed(draft).into_iter().map(|document| document.id).collect();
    draft.arrived().set(None);
    let reopened = app.with(|| Uploads::new(draft.form(), draft, crate::context::Session::get().api()));
    assert!(ids.iter().all(|id| reopened.stage(id) == Stage::Unverified));
    assert!(reopened.lost().is_empty());
    app.with(|| reopened.reconcile(&ids[..1]));
    assert_eq!(ids.iter().map(|id| reopened.stage(id)).collect::<Vec<_>>(), [Stage::Uploaded, Stage::Lost]);
}

#[test]
fn an_upload_that_ends_after_the_application_does_nothing() {
    let (app, _, uploads) = opened();
    add(&app, uploads, vec![pdf("maquette.pdf")]);
    let sent = last(&app);
    let _ = app.end();
    sent.progress(1);
    sent.end(Ok(()));
    run();
    assert!(!unload::would_lose_data());
}
