use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

use super::*;
use crate::model::{Code, Document};

const EMAIL: Field = Field::ApplicantEmail;

/// Runs a test under an owner of signals.
fn with_form(draft: Draft, test: impl FnOnce(Form)) {
    let owner = Owner::new();
    owner.with(|| test(Form::new(draft)));
    owner.cleanup();
}

fn code(form: Form, field: Field) -> Option<Code> {
    form.finding(field).map(|finding| finding.code)
}

#[test]
fn findings_of_a_first_attempt_show_once_the_field_is_left() {
    with_form(Draft::default(), |form| {
        let _ = form.edit_text(EMAIL, "camille");
        assert_eq!(code(form, EMAIL), None);
        form.blur(EMAIL);
        assert_eq!(code(form, EMAIL), Some(Code::Format));
        let _ = form.edit_text(EMAIL, "camille@mairie");
        assert!(code(form, EMAIL).is_some(), "an error stays until it is corrected");
        let _ = form.edit_text(EMAIL, "camille@mairie.example");
        assert_eq!(code(form, EMAIL), None);
        let _ = form.edit_text(EMAIL, "camille");
        assert_eq!(code(form, EMAIL), None, "a corrected answer counts as a first attempt");
    });
}

#[test]
fn a_field_that_is_left_without_an_edit_shows_nothing() {
    with_form(Draft::default(), |form| {
        form.blur(EMAIL);
        assert_eq!(code(form, EMAIL), None);
    });
}

#[test]
fn an_answer_that_is_erased_is_missing_once_the_field_is_left() {
    with_form(Draft::default(), |form| {
        let _ = form.edit_text(EMAIL, "c");
        let _ = form.edit_text(EMAIL, "");
        form.blur(EMAIL);
        assert_eq!(code(form, EMAIL), Some(Code::Required));
    });
}

#[test]
fn findings_of_answers_that_the_form_begins_with_show_at_once() {
    let mut draft = Draft::default();
    EMAIL.set(&mut draft, Value::Text("camille"));
    with_form(draft, |form| assert_eq!(code(form, EMAIL), Some(Code::Format)));
}

#[test]
fn a_step_that_the_person_tries_to_complete_shows_what_is_missing() {
    with_form(Draft::default(), |form| {
        let step = EMAIL.step();
        assert_eq!(form.progress(step), Progress::NotStarted);
        assert!(!form.errors(step).is_empty());
        let _ = form.edit_text(Field::ApplicantGivenName, "Camille");
        assert_eq!(form.progress(step), Progress::Incomplete);
        form.attempt_step(step);
        assert_eq!(code(form, EMAIL), Some(Code::Required));
        assert_eq!(form.progress(step), Progress::Errors(form.errors(step).len()));
    });
}

#[test]
fn a_wrong_answer_counts_before_the_step_is_attempted() {
    with_form(Draft::default(), |form| {
        let _ = form.edit_text(EMAIL, "camille");
        form.blur(EMAIL);
        assert_eq!(form.progress(EMAIL.step()), Progress::Errors(1));
    });
}

#[test]
fn a_prefilled_answer_never_replaces_one_of_the_person() {
    with_form(Draft::default(), |form| {
        let given = |text: &str| PrefilledAnswer::parse(Field::ProjectName.path(), text, clock::today()).unwrap();
        form.prefill(&given("Portail"));
        assert_eq!(form.text(Field::ProjectName), "Portail");
        form.prefill(&given("Autre"));
        assert_eq!(form.text(Field::ProjectName), "Portail");
        let _ = form.edit_text(Field::ProjectName, "");
        form.blur(Field::ProjectName);
        form.prefill(&given("Autre"));
        assert_eq!(form.text(Field::ProjectName), "", "left empty on purpose");
    });
}

#[test]
fn a_proposal_is_accepted_by_an_edit_or_by_going_on() {
    with_form(Draft::default(), |form| {
        form.propose(vec![EMAIL, Field::ProjectName]);
        assert!(form.is_proposed(EMAIL));
        let _ = form.edit_text(EMAIL, "c");
        assert_eq!(form.proposed(), [Field::ProjectName]);
        form.accept_proposal(Field::ProjectName);
        assert!(form.proposed().is_empty());
    });
}

#[test]
fn a_change_from_elsewhere_is_marked_until_it_is_acknowledged() {
    with_form(Draft::default(), |form| {
        let mut other = form.draft();
        EMAIL.set(&mut other, Value::Text("camille"));
        Field::ProjectName.set(&mut other, Value::Text("Portail"));
        form.propose(vec![EMAIL]);
        form.apply_remote_changes(&other, &[EMAIL, Field::ProjectName]);
        assert_eq!(form.remote_changes(), [EMAIL, Field::ProjectName]);
        assert_eq!(code(form, EMAIL), Some(Code::Format), "its findings show at once");
        assert!(!form.is_proposed(EMAIL));
        let _ = form.edit_text(EMAIL, "camille@mairie.example");
        assert!(!form.has_remote_change(EMAIL));
        form.acknowledge_remote_change(Field::ProjectName);
        assert!(form.remote_changes().is_empty());
    });
}

#[test]
fn the_listener_hears_of_changes_and_of_nothing_else() {
    with_form(Draft::default(), |form| {
        let heard = Rc::new(RefCell::new(Vec::new()));
        let listener = Rc::clone(&heard);
        form.on_edit(move |draft| listener.borrow_mut().push(draft.project.name.line()));
        let _ = form.edit_text(Field::ProjectName, "Portail");
        let _ = form.edit_text(Field::ProjectName, "Portail");
        assert_eq!(form.edit_text(Field::ProjectName, "Portail\u{200b} 2"), "Portail 2", "texts are cleaned");
        form.apply_remote_changes(&Draft::default(), &[Field::ProjectName]);
        assert_eq!(*heard.borrow(), ["Portail", "Portail 2"]);
    });
}

#[test]
fn controls_are_read_when_asked_and_when_their_owner_ends() {
    with_form(Draft::default(), |form| {
        let reads = Rc::new(Cell::new(0));
        let owner = Owner::new();
        let count = Rc::clone(&reads);
        owner.with(|| form.register_control(Rc::new(move || count.set(count.get() + 1))));
        form.sync_controls();
        assert_eq!(reads.get(), 1);
        owner.cleanup();
        assert_eq!(reads.get(), 2);
        form.sync_controls();
        assert_eq!(reads.get(), 2);
    });
}

#[test]
fn a_listed_document_is_missing_until_it_is_uploaded() {
    let document = Document {
        id: Id::new(0, [1; 10]),
        name: "maquette.pdf".to_owned(),
        size: 1,
        media_type: "application/pdf".to_owned(),
    };
    with_form(Draft::default(), |form| {
        form.edit(Field::Mockups, Value::Documents(std::slice::from_ref(&document)));
        form.blur(Field::Mockups);
        assert_eq!(code(form, Field::Mockups), Some(Code::MissingFile));
        form.set_uploaded(&document.id, true);
        assert_eq!(code(form, Field::Mockups), None);
        form.set_uploaded(&document.id, false);
        assert_eq!(code(form, Field::Mockups), Some(Code::MissingFile));
    });
}
