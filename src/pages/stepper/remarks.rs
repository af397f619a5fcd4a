//! Remarks of the team and the last submission: read from the service, and kept on this device beside the draft's copy.

use std::rc::Rc;

use leptos::prelude::*;

use super::state::StepperState;
use crate::clock;
use crate::components::{heading, link, paragraph};
use crate::context::{CurrentDraft, Session};
use crate::draft::{DeviceCopies, Note};
use crate::effect::{computed, spawn, watch};
use crate::fields::FieldRemark;
use crate::form::Form;
use crate::html::{self, Bare, li, live, p, ul};
use crate::json;
use crate::model::saving::{Failure, SavedTo};
use crate::model::wire::{StoredRequest, Submission, SubmissionBody};
use crate::model::{Draft, Field, Id, SCHEMA, Step};
use crate::navigation::Place;
use crate::rework::Rework;
use crate::steps::link_to;
use crate::texts::{count, dates, fields};

/// Follows the remarks of the team, from this device and from the service, and keeps the words of the person.
pub(super) fn follow(stepper: StepperState) {
    let (session, was_sent) = (Session::get(), CurrentDraft::get().was_sent());
    let (form, draft) = (stepper.context.form, stepper.context.draft);
    let Some(copies) = session.copies() else { return };
    let id = draft.id();
    restore(&copies, &id, form);
    watch(move || form.follow_remarks());
    watch(move || {
        if was_sent.get() {
            ask(session, draft.id(), form);
        }
    });
    let status = draft.status();
    watch(move || {
        // A copy is written with the first answer that is changed. Once it is erased, nothing is kept any more.
        if status.with(|status| status.saved_to != SavedTo::Erased) {
            keep(&copies, &id, form);
        }
    });
}

/// Takes the notes that this device kept.
fn restore(copies: &DeviceCopies, id: &Id, form: Form) {
    if let Some(words) = copies.note(id, Note::Words).and_then(|words| json::read(&words)) {
        form.set_words(words);
    }
    let request = copies.note(id, Note::Request).and_then(|request| json::read::<StoredRequest>(&request));
    let sent = copies.note(id, Note::Sent).and_then(|sent| json::read::<Submission>(&sent));
    if let (Some(request), Some(sent)) = (request, sent)
        && sent.schema == SCHEMA
    {
        form.set_rework(Rework { request, sent: sent.draft });
    }
}

/// Asks the service what the team asks for and what was sent last.
fn ask(session: Session, id: Id, form: Form) {
    let (service, asking) = (session.service(), session.api().request(&id));
    spawn(async move {
        // Without an answer, what this device kept shows.
        let Ok(request) = asking.await else { return };
        let Some(last) = request.submissions.last() else { return };
        let Ok(sent) = service.submission(&id, last.n).await else { return };
        form.set_rework(Rework { request: StoredRequest { draft: Draft::default(), ..request }, sent: sent.draft });
    });
}

/// Keeps the words of the person, and what they answer to where this device has a copy of the draft.
fn keep(copies: &DeviceCopies, id: &Id, form: Form) {
    let (words, rework) = (form.words(), form.rework());
    let is_empty = words == SubmissionBody::default();
    let text = if is_empty { String::new() } else { serde_json::to_string(&words).unwrap_or_default() };
    let write = |note, text: &str| {
        if copies.note(id, note).unwrap_or_default() != text {
            copies.set_note(id, note, text);
        }
    };
    write(Note::Words, &text);
    if let Some(rework) = rework.filter(|_| copies.text(id).is_some()) {
        write(Note::Request, &serde_json::to_string(&rework.request).unwrap_or_default());
        write(Note::Sent, &serde_json::to_string(&submission_of(&rework)).unwrap_or_default());
    }
}

/// Returns the last submission as this device keeps it.
fn submission_of(rework: &Rework) -> Submission {
    let last = rework.request.submissions.last();
    Submission {
        n: last.map_or(0, |last| last.n),
        at: last.map_or(String::new(), |last| last.at.clone()),
        on: last.map_or(clock::today(), |last| last.on),
        schema: SCHEMA,
        draft: rework.sent.clone(),
        changes: Vec::new(),
        contacts_only: false,
    }
}

/// Lists the remarks that wait for an answer, each as a link to its field.
#[component]
pub(super) fn RemarksNote(stepper: StepperState, step: Step) -> impl IntoView {
    let form = stepper.context.form;
    let (request, status) = (stepper.context.draft.id(), stepper.context.draft.status());
    // Nothing waits any more once the team has taken the request back.
    let is_closed = computed(move |_| status.with(|status| status.failure == Some(Failure::Submitted)));
    live(move || {
        let rework = form.rework().filter(|rework| rework.is_asked_for() && !is_closed.get())?;
        let open = form.open_remarks();
        let note = html::section().attr("class", "note remarks").child(heading(2, title(&rework, open.len())));
        let review = || link(&Place::Request(request.clone(), Some(Step::Review)), "", "Relire et renvoyer la demande");
        let way = match (open.is_empty(), step) {
            (true, Step::Review) => None,
            (true, _) => Some(p().child(review()).into_any()),
            (false, Step::Review) => Some(
                paragraph(
                    "Vous pouvez renvoyer la demande ainsi\u{a0}: l’équipe verra que ces remarques n’ont pas de suite.",
                )
                .into_any(),
            ),
            (false, _) => {
                Some(paragraph("Modifiez chaque réponse, ou répondez à l’équipe sans la modifier.").into_any())
            }
        };
        let items: Vec<Bare> = open.iter().map(|field| item(form, &request, *field)).collect();
        let list = (!items.is_empty()).then(|| ul().child(items));
        Some(note.child(list).child(way))
    })
}

/// Returns the link to the field of a remark. The remark stands here where the form does not ask for its field.
fn item(form: Form, request: &Id, field: Field) -> Bare {
    let name = fields::name(field);
    if untrack(|| form.shows(field)) {
        return li().child(link_to(request, field, name));
    }
    li().child(name).child(view! { <FieldRemark form field /> })
}

/// Returns the title of the remarks, with the last day to answer while it is ahead.
fn title(rework: &Rc<Rework>, open: usize) -> String {
    let day = rework.request.answer_by.filter(|day| *day >= clock::today_in_paris());
    let before = day.map(|day| [" avant le ", &dates::day(day)].concat()).unwrap_or_default();
    match open {
        0 if rework.request.remarks.is_empty() => ["Des compléments vous sont demandés", &before].concat(),
        0 => ["Remarques traitées\u{a0}: demande à renvoyer", &before].concat(),
        open => [count(open, "remarque à traiter", "remarques à traiter"), before].concat(),
    }
}

/// Returns the words of the button that sends a request.
pub(super) fn send_words(form: Form) -> &'static str {
    match form.rework() {
        None => "Envoyer la demande",
        Some(rework) if rework.is_modification() => "Envoyer la modification",
        Some(_) => "Renvoyer la demande",
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::Date;
    use crate::model::saving::DeviceCopy;
    use crate::model::wire::{Habilitation, Remark, State, SubmissionSummary};
    use crate::testing::{TestApp, app};

    const FIELD: Field = Field::Description;

    fn id() -> Id {
        Id::new(0, [1; 10])
    }

    /// Request that the team asked to change at one field, with what was sent.
    fn asked() -> (StoredRequest, Submission) {
        let on = Date::parse("2027-01-14").unwrap();
        let mut draft = Draft::default();
        draft.project.description = "Nos démarches".into();
        let request = StoredRequest {
            number: Some("FC-2027-000001".to_owned()),
            state: State::ChangesRequested,
            answer_by: Date::parse("2027-03-25").ok(),
            remarks: vec![Remark { pointer: FIELD.pointer(), text: "Quelles démarches\u{a0}?".into() }],
            submissions: vec![SubmissionSummary { n: 1, at: String::new(), on }],
            ..StoredRequest::begun(id())
        };
        let sent = Submission {
            n: 1,
            at: String::new(),
            on,
            schema: SCHEMA,
            draft,
            changes: Vec::new(),
            contacts_only: false,
        };
        (request, sent)
    }

    /// Returns the form of a request that the service tells of.
    fn form_of(app: &TestApp) -> Form {
        let (request, sent) = asked();
        let form = app.with(|| Form::new(sent.draft.clone()));
        app.api.script().request.replace(Some(request));
        app.api.script().submissions.replace(vec![sent]);
        app.with(|| ask(Session::get(), id(), form));
        app.with(|| untrack(|| form.follow_remarks()));
        form
    }

    #[test]
    fn what_the_service_tells_is_there_without_it_once_a_copy_is_kept_and_goes_with_the_copy() {
        let app = app(Place::Requests, false);
        let copies = app.copies().unwrap();
        let form = form_of(&app);
        app.with(|| form.set_reply(FIELD, "Toutes."));
        app.with(|| untrack(|| keep(&copies, &id(), form)));
        assert_eq!(copies.note(&id(), Note::Sent), None, "nothing is kept of a request without a copy");
        assert!(copies.note(&id(), Note::Words).is_some(), "but what the person typed");
        assert_eq!(copies.typed_notes(), [id()]);

        copies.keep(&id(), &DeviceCopy::new(Draft::default(), 1));
        app.with(|| untrack(|| keep(&copies, &id(), form)));
        let offline = app.with(|| Form::new(Draft::default()));
        app.with(|| restore(&copies, &id(), offline));
        assert_eq!(
            app.with(|| untrack(|| (offline.rework(), offline.words()))),
            app.with(|| untrack(|| (form.rework(), form.words())))
        );

        app.with(|| form.set_reply(FIELD, ""));
        app.with(|| untrack(|| keep(&copies, &id(), form)));
        assert_eq!(copies.note(&id(), Note::Words), None, "a reply that is taken back");
        copies.erase(&id());
        for note in [Note::Request, Note::Sent, Note::Words] {
            assert_eq!(copies.note(&id(), note), None, "{note:?}");
        }
        app.end();
    }

    #[test]
    fn the_title_counts_what_waits_until_when_and_the_button_says_what_is_sent() {
        let app = app(Place::Requests, false);
        let form = form_of(&app);
        let title_of = |open| app.with(|| untrack(|| title(&form.rework().unwrap(), open)));
        assert_eq!(title_of(2), "2\u{a0}remarques à traiter avant le 25\u{a0}mars 2027");
        assert_eq!(title_of(0), "Remarques traitées\u{a0}: demande à renvoyer avant le 25\u{a0}mars 2027");
        assert_eq!(app.with(|| untrack(|| send_words(form))), "Renvoyer la demande");
        let (request, Submission { draft: sent, .. }) = asked();
        let habilitation =
            Habilitation { number: "FC-2027-000001-1".to_owned(), submission: 1, accepted_at: String::new() };
        app.with(|| {
            form.set_rework(Rework { request: StoredRequest { habilitation: Some(habilitation), ..request }, sent });
        });
        assert_eq!(app.with(|| untrack(|| send_words(form))), "Envoyer la modification");
        let new = app.with(|| Form::new(Draft::default()));
        assert_eq!(app.with(|| untrack(|| send_words(new))), "Envoyer la demande");
        app.end();
    }
}
