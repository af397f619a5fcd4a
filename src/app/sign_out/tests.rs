use super::*;
use crate::api::ApiError;
use crate::browser::location;
use crate::context::Session;
use crate::draft::Note;
use crate::model::Draft;
use crate::model::saving::SavedDraft;
use crate::testing::{TestApp, app};

fn state(app: &TestApp) -> SignOutState {
    app.with(|| SignOut::get().state.get_untracked())
}

fn warning(app: &TestApp) -> String {
    app.with(|| untrack(|| Announcer::get().warning()))
}

fn is_signed_out(app: &TestApp) -> bool {
    app.with(|| Session::get().identity().get_untracked()) == Identity::SignedOut
}

/// Returns an application with a draft that the server lacks, and does not take.
fn unsent() -> TestApp {
    let app = app(Place::Requests, false);
    let draft = app.open_request();
    app.api.script().save_error.replace(Some(ApiError::Unreachable));
    app.type_name(draft, "Portail");
    app.wait(5);
    app
}

#[test]
fn a_person_without_drafts_is_signed_out_at_once() {
    let app = app(Place::Requests, false);
    app.with(sign_out);
    assert!(is_signed_out(&app));
    assert_eq!((state(&app), app.place()), (SignOutState::Idle, Place::Start));
    assert_eq!(app.api.script().sign_outs.get(), 1);
}

#[test]
fn signing_out_goes_on_at_the_identity_provider_once_the_session_is_over() {
    let app = app(Place::Requests, false);
    let address = "https://auth.example/api/v2/session/end?client_id=habilitation";
    app.api.script().sign_out_address.replace(Some(address.to_owned()));
    app.api.script().sign_out_error.replace(Some(ApiError::Unreachable));
    app.with(sign_out);
    assert_eq!(location::went_to(), None);
    app.api.script().sign_out_error.replace(None);
    app.with(sign_out);
    assert!(is_signed_out(&app));
    assert_eq!(location::went_to().as_deref(), Some(address));
}

#[test]
fn who_cannot_be_signed_out_at_the_identity_provider_is_told_so() {
    let app = app(Place::Requests, false);
    app.api.script().sign_out_address.replace(Some(String::new()));
    app.with(sign_out);
    app.wait(1);
    assert!(is_signed_out(&app));
    assert!(warning(&app).contains("mais pas chez ProConnect"), "{}", warning(&app));
    assert_eq!((location::went_to(), app.place()), (None, Place::Start));
}

#[test]
fn answers_are_sent_before_the_session_ends() {
    let app = app(Place::Requests, false);
    let draft = app.open_request();
    app.type_name(draft, "Portail");
    app.with(sign_out);
    app.wait(5);
    assert_eq!(app.api.script().stored.borrow().len(), 1, "sent without a pause");
    assert!(is_signed_out(&app));
}

#[test]
fn answers_that_cannot_be_sent_are_asked_about() {
    let app = unsent();
    app.with(sign_out);
    app.wait(60);
    assert_eq!(state(&app), SignOutState::Asking);
    assert!(!is_signed_out(&app));
    assert_eq!(app.api.script().sign_outs.get(), 0);
}

#[test]
fn a_person_who_keeps_their_answers_finds_them_on_the_device() {
    let app = unsent();
    app.with(sign_out);
    app.wait(60);
    let copies = app.copies().unwrap();
    app.with(|| SigningOut::get().leave());
    assert!(is_signed_out(&app));
    assert_eq!(copies.unsent().len(), 1);
}

#[test]
fn answers_are_erased_only_where_the_session_ends() {
    let app = unsent();
    app.with(sign_out);
    app.wait(60);
    let copies = app.copies().unwrap();
    app.api.script().sign_out_error.replace(Some(ApiError::Unreachable));
    app.with(|| SigningOut::get().leave_then(erase_unsent));
    assert_eq!(copies.unsent().len(), 1, "the person is still signed in");
    app.api.script().sign_out_error.replace(None);
    app.with(|| SigningOut::get().leave_then(erase_unsent));
    assert!(is_signed_out(&app));
    assert!(copies.list().is_empty());
}

#[test]
fn a_message_that_was_not_sent_is_asked_about_and_erased_with_the_rest() {
    let app = app(Place::Requests, false);
    let (copies, id) = (app.copies().unwrap(), Id::new(0, [1; 10]));
    copies.set_note(&id, Note::Message, "Bonjour");
    app.with(sign_out);
    assert_eq!(state(&app), SignOutState::Asking);
    app.with(|| SigningOut::get().leave_then(erase_unsent));
    assert!(is_signed_out(&app));
    assert_eq!(copies.note(&id, Note::Message), None);
}

#[test]
fn texts_about_examined_requests_are_asked_about_and_erased_with_the_rest() {
    let app = app(Place::Requests, false);
    let copies = app.copies().unwrap();
    let (mine, others) = (person_prefix(&app), "examination:somebody:");
    let device = app.with(|| Session::get().device());
    for prefix in [&mine, others] {
        device.write(&[prefix, "request:refused:text"].concat(), "1\nHors du cadre.");
    }
    app.with(sign_out);
    app.wait(60);
    assert_eq!(state(&app), SignOutState::Asking);
    app.with(|| SigningOut::get().leave_then(erase_unsent));
    assert!(is_signed_out(&app) && !copies.has_team_texts());
    assert_eq!(device.names(others).len(), 1, "those of another person");
}

/// Returns the beginning of the names of texts that the signed-in person wrote about examined requests.
fn person_prefix(app: &TestApp) -> String {
    let identity = app.with(|| Session::get().identity().get_untracked());
    let Identity::Person(session) = identity else { panic!("nobody is signed in") };
    ["examination:", &session.user.id, ":"].concat()
}

#[test]
fn a_message_that_is_kept_outlasts_the_session() {
    let app = app(Place::Requests, false);
    let (copies, id) = (app.copies().unwrap(), Id::new(0, [1; 10]));
    copies.set_note(&id, Note::Message, "Bonjour");
    copies.set_note(&id, Note::Sent, "{}");
    app.with(|| SigningOut::get().leave());
    assert!(is_signed_out(&app));
    assert_eq!(copies.note(&id, Note::Message).as_deref(), Some("Bonjour"));
    let other = Id::new(0, [2; 10]);
    copies.set_note(&other, Note::Sent, "{}");
    copies.erase_saved();
    assert_eq!(copies.note(&other, Note::Sent), None, "the server has it");
}

#[test]
fn whoever_comes_next_finds_nothing_saved_of_the_person_before_and_loses_nothing_that_is_not() {
    let app = app(Place::Requests, false);
    let mine = app.copies().unwrap();
    let device = app.with(|| Session::get().device());
    let theirs = DeviceCopies::in_storage(Rc::new(device), "proconnect:01900000-0000-7000-8000-000000000001");
    let [saved, unsent, noted, answered] = [1, 2, 3, 4].map(|last| Id::new(0, [last; 10]));
    let base = SavedDraft { draft: Draft::default(), revision: 1, saved_at: String::new() };
    let acknowledged = DeviceCopy { base: Some(base), ..DeviceCopy::new(Draft::default(), 1) };
    for copies in [&mine, &theirs] {
        copies.keep(&saved, &acknowledged);
        copies.set_note(&saved, Note::Request, "{}");
        copies.keep(&unsent, &DeviceCopy::new(Draft::default(), 1));
        copies.set_note(&noted, Note::Sent, "{}");
        copies.set_note(&answered, Note::Message, "Bonjour");
    }
    mine.erase_saved_of_others();
    assert!(theirs.text(&saved).is_none() && theirs.note(&saved, Note::Request).is_none());
    assert!(theirs.note(&noted, Note::Sent).is_none());
    assert!(theirs.text(&unsent).is_some() && theirs.note(&answered, Note::Message).is_some());
    assert!(mine.text(&saved).is_some() && mine.note(&noted, Note::Sent).is_some());
}

#[test]
fn a_session_that_does_not_end_leaves_the_question_on_the_screen() {
    let app = unsent();
    app.with(sign_out);
    app.wait(60);
    app.api.script().sign_out_error.replace(Some(ApiError::Unreachable));
    app.with(|| SigningOut::get().leave());
    assert_eq!(state(&app), SignOutState::Asking);
    assert!(!warning(&app).is_empty());
    assert!(!is_signed_out(&app));
}

#[test]
fn a_session_that_does_not_end_is_a_warning() {
    let app = app(Place::Requests, false);
    app.api.script().sign_out_error.replace(Some(ApiError::Intercepted(502)));
    app.with(sign_out);
    assert_eq!(state(&app), SignOutState::Idle);
    assert!(!warning(&app).is_empty());
    assert!(!is_signed_out(&app));
}

#[test]
fn a_session_that_has_ended_before_is_no_failure() {
    let app = app(Place::Requests, false);
    let problem =
        crate::model::wire::Problem { kind: "/problems/signed-out".to_owned(), ..crate::model::wire::Problem::of(401) };
    app.api.script().sign_out_error.replace(Some(ApiError::Problem(Box::new(problem))));
    app.with(sign_out);
    assert!(is_signed_out(&app));
}

#[test]
fn a_second_press_changes_nothing() {
    let app = app(Place::Requests, false);
    app.with(|| {
        sign_out();
        sign_out();
    });
    assert_eq!(app.api.script().sign_outs.get(), 1);
}

#[test]
fn states_tell_what_the_button_and_the_page_show() {
    use SignOutState::{Asking, Ending, Idle, Saving};
    for (state, label, shows_question, stopped) in [
        (Idle, "Se déconnecter", false, Idle),
        (Asking, "Se déconnecter", true, Asking),
        (Saving { question: false }, "Enregistrement…", false, Idle),
        (Saving { question: true }, "Enregistrement…", true, Asking),
        (Ending { question: false }, "Déconnexion…", false, Idle),
        (Ending { question: true }, "Déconnexion…", true, Asking),
    ] {
        assert_eq!(button_label(state), label);
        assert_eq!((state.shows_question(), state.stopped()), (shows_question, stopped), "{state:?}");
    }
}
