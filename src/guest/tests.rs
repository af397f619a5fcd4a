use leptos::prelude::*;

use super::*;
use crate::api::ApiError;
use crate::context::Session;
use crate::model::{Id, Step};
use crate::testing::{TestApp, app, person};

fn names(app: &TestApp) -> Vec<String> {
    app.portal.take_events().into_iter().map(|(event, first, _)| format!("{event} {first}")).collect()
}

#[test]
fn the_portal_hears_of_each_place_and_may_refuse_it() {
    let app = app(Place::Start, true);
    assert_eq!(names(&app), ["place "], "the first one too");
    let id = Id::new(0, [1; 10]);
    let step = Place::Request(id.clone(), Some(Step::Project));
    app.with(|| navigate(&step));
    assert_eq!(names(&app), [format!("step {}", id.as_str()), format!("place {}", step.query())]);
    assert_eq!(app.place(), step);
    app.portal.refuse("step", id.as_str());
    app.with(|| navigate(&Place::Request(id.clone(), Some(Step::Data))));
    assert_eq!(names(&app), [format!("step {}", id.as_str())]);
    assert_eq!(app.place(), step);
}

#[test]
fn a_portal_that_asks_for_a_new_request_has_the_existing_one_offered() {
    let app = app(Place::Start, true);
    app.with(|| navigate(&Place::NewRequest));
    assert!(app.with(|| CurrentDraft::get().take_resume_offer()));
    app.with(|| navigate(&Place::Start));
    assert!(!app.with(|| CurrentDraft::get().take_resume_offer()));
}

#[test]
fn a_person_who_signs_in_is_acted_for_and_sent_back() {
    let app = app(Place::Start, true);
    app.with(|| Session::get().set_identity(Identity::SignedOut));
    app.with(|| Navigation::get().go(&Place::SignIn(Some(Box::new(Place::Requests)))));
    app.with(|| sign_in("jeton", &serde_json::to_string(&person("2")).unwrap()));
    assert_eq!(app.api.caller(), (Some("jeton".to_owned()), Some("2".to_owned())));
    assert_eq!(app.place(), Place::Requests);
}

#[test]
fn another_person_never_sees_the_request_of_the_one_before() {
    let app = app(Place::NewRequest, true);
    app.open_request();
    app.with(|| sign_in("jeton", &serde_json::to_string(&person("1")).unwrap()));
    assert!(app.with(|| CurrentDraft::get().draft().get_untracked().is_some()), "the same person goes on");
    app.with(|| sign_in("jeton", &serde_json::to_string(&person("2")).unwrap()));
    assert!(app.with(|| CurrentDraft::get().draft().get_untracked().is_none()));
    assert_eq!(app.place(), Place::Start);
}

#[test]
fn a_session_that_cannot_be_read_signs_nobody_in() {
    let app = app(Place::Start, true);
    app.with(|| sign_in("jeton", "{"));
    assert_eq!(app.api.caller().0, None);
}

#[test]
fn an_answer_is_given_to_the_open_request_or_to_the_next() {
    let app = app(Place::Start, true);
    assert!(!app.with(|| prefill("project.name.of", "Portail")), "there is no such field");
    assert!(app.with(|| prefill("project.name", "Portail")));
    assert_eq!(app.with(|| CurrentDraft::get().take_prefill().len()), 1);
    let draft = app.open_request();
    assert!(app.with(|| prefill("project.name", "Portail")));
    assert_eq!(draft.form().draft().project.name.line(), "Portail");
    let json = app.with(draft_json).unwrap();
    assert!(json.contains("Portail"), "{json}");
}

#[test]
fn a_save_that_is_asked_for_ends_once_the_server_has_every_answer() {
    let app = app(Place::Start, true);
    let saved = RwSignal::new(0);
    let count = move || Box::new(move || saved.update(|saved| *saved += 1));
    app.with(|| once_saved(count()));
    assert_eq!(saved.get_untracked(), 1, "nothing to save");
    let draft = app.open_request();
    app.type_name(draft, "Portail");
    app.api.script().save_error.replace(Some(ApiError::Unreachable));
    app.with(|| once_saved(count()));
    assert_eq!(saved.get_untracked(), 1);
    app.api.script().save_error.take();
    app.wait(60);
    app.wait(60);
    assert_eq!(saved.get_untracked(), 2);
}

#[test]
fn the_portal_hears_where_the_answers_are() {
    let app = app(Place::Start, true);
    app.with(report_changes);
    let draft = app.open_request();
    names(&app);
    app.type_name(draft, "Portail");
    app.wait(5);
    app.wait(5);
    assert_eq!(names(&app), ["saved server"]);
    app.api.script().save_error.replace(Some(ApiError::Unreachable));
    app.type_name(draft, "Portail 2");
    app.wait(5);
    app.wait(5);
    let events = names(&app);
    assert!(events.contains(&"error unreachable".to_owned()), "{events:?}");
}

#[test]
fn an_application_that_ended_tells_its_portal_nothing() {
    let app = app(Place::Start, true);
    app.with(report_changes);
    let draft = app.open_request();
    app.type_name(draft, "Portail");
    let _ = app.portal.take_events();
    let (_, portal) = app.end();
    assert_eq!(portal.take_events(), []);
}

#[test]
fn each_failure_has_a_name_of_its_own() {
    let failures = [
        Failure::Unreachable,
        Failure::SignedOut,
        Failure::Intercepted,
        Failure::QuotaReached,
        Failure::Gone,
        Failure::NotOnServer,
        Failure::Submitted,
        Failure::TooLarge,
        Failure::NotUnderstood,
        Failure::Outdated,
    ];
    let names: std::collections::BTreeSet<&str> = failures.into_iter().map(failure_name).collect();
    assert_eq!(names.len(), failures.len());
}
