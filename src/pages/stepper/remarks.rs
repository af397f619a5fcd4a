//! Remarks of the team and the last submission: read from the service, and kept on this device beside the draft's copy.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::state::StepperState;
use crate::clock;
use crate::components::{heading, link, paragraph};
use crate::context::{CurrentDraft, Session};
use crate::draft::notes::{dated, erase_expired, undated};
use crate::draft::{DeviceCopies, Note};
use crate::effect::{computed, spawn, watch};
use crate::fields::FieldRemark;
use crate::form::Form;
use crate::html::{self, Bare, li, live, p, ul};
use crate::json;
use crate::model::saving::{Failure, SavedTo};
use crate::model::wire::{Remark, Reply, StoredRequest, Submission, SubmissionBody};
use crate::model::{Draft, Field, Id, SCHEMA, Step};
use crate::navigation::Place;
use crate::rework::Rework;
use crate::steps::link_to;
use crate::texts::{count, dates, fields};

/// Words for the next submission as this device keeps them, with what they answer to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct KeptWords {
    /// Number of the last submission.
    n: u32,
    /// Remarks of the team.
    remarks: Vec<Remark>,
    words: SubmissionBody,
}

impl KeptWords {
    fn new(rework: &Rework, words: SubmissionBody) -> Self {
        let n = rework.request.submissions.last().map_or(0, |last| last.n);
        Self { n, remarks: rework.request.remarks.clone(), words }
    }

    /// Returns the words that have their place in the next submission: none of another round, no reply to another remark.
    fn for_next(self, rework: &Rework) -> SubmissionBody {
        let asked = Self::new(rework, self.words);
        if asked.n != self.n {
            return SubmissionBody::default();
        }
        let of = |remarks: &[Remark], pointer: &str| remarks.iter().find(|remark| remark.pointer == pointer).cloned();
        let mut words = asked.words;
        words.replies.retain(|reply| of(&self.remarks, &reply.pointer) == of(&asked.remarks, &reply.pointer));
        words
    }
}

/// Remarks and words of one form, between the service, the form and this device.
struct Following {
    copies: DeviceCopies,
    id: Id,
    form: Form,
    /// Words that are with the device or came from it: only an edit in this tab is written.
    known: RefCell<SubmissionBody>,
}

/// Follows the remarks of the team, from this device and from the service, and keeps the words of the person.
pub(super) fn follow(stepper: StepperState) {
    let (session, was_sent) = (Session::get(), CurrentDraft::get().was_sent());
    let (form, draft) = (stepper.context.form, stepper.context.draft);
    let Some(copies) = session.copies() else { return };
    erase_expired(&copies);
    let following = Rc::new(Following::new(copies, draft.id(), form));
    following.restore();
    watch(move || form.follow_remarks());
    let asking = Rc::clone(&following);
    watch(move || {
        if was_sent.get() {
            ask(session, Rc::clone(&asking));
        }
    });
    let status = draft.status();
    watch(move || {
        // A copy is written with the first answer that is changed. Once it is erased, nothing is kept any more.
        if status.with(|status| status.saved_to != SavedTo::Erased) {
            following.keep();
        }
    });
}

/// Asks the service what the team asks for and what was sent last.
fn ask(session: Session, following: Rc<Following>) {
    let (service, asking) = (session.service(), session.api().request(&following.id));
    spawn(async move {
        // Without an answer, what this device kept shows.
        let Ok(request) = asking.await else { return };
        let Some(last) = request.submissions.last() else { return };
        let Ok(sent) = service.submission(&following.id, last.n).await else { return };
        if !following.form.is_disposed() {
            let request = StoredRequest { draft: Draft::default(), ..request };
            untrack(|| following.take(Rework { request, sent: sent.draft }));
        }
    });
}

impl Following {
    fn new(copies: DeviceCopies, id: Id, form: Form) -> Self {
        Self { copies, id, form, known: RefCell::default() }
    }

    /// Takes the notes that this device kept.
    fn restore(&self) {
        let note = |note| self.copies.note(&self.id, note);
        let request = note(Note::Request).and_then(|request| json::read::<StoredRequest>(&request));
        let sent = note(Note::Sent).and_then(|sent| json::read::<Submission>(&sent));
        if let (Some(request), Some(sent)) = (request, sent)
            && sent.schema == SCHEMA
        {
            untrack(|| self.take(Rework { request, sent: sent.draft }));
        }
    }

    /// Takes the remarks of the team, with the words of the person that still answer to it.
    fn take(&self, rework: Rework) {
        let before = self.form.rework();
        let is_first = before.is_none();
        let kept = match before {
            Some(before) => KeptWords::new(&before, self.form.words()),
            None => self.kept(),
        };
        let had = kept.words.clone();
        let words = kept.for_next(&rework);
        let is_less = words != had;
        if is_first || is_less {
            self.known.replace(words.clone());
            self.form.set_words(words.clone());
        }
        if is_first && is_less {
            self.write_words(&KeptWords::new(&rework, words));
        }
        self.form.set_rework(rework);
    }

    /// Returns the words on this device.
    fn kept(&self) -> KeptWords {
        let note = self.copies.note(&self.id, Note::Words).unwrap_or_default();
        json::read(undated(&note).1).unwrap_or_default()
    }

    fn write_words(&self, kept: &KeptWords) {
        let is_empty = kept.words == SubmissionBody::default();
        let text = if is_empty { String::new() } else { dated(&serde_json::to_string(kept).unwrap_or_default()) };
        self.copies.set_note(&self.id, Note::Words, &text);
    }

    /// Keeps the words of the person, and what they answer to where this device has a copy of the draft.
    fn keep(&self) {
        let (words, rework) = (self.form.words(), self.form.rework());
        let Some(rework) = rework else { return };
        if *self.known.borrow() != words {
            // Another tab may have written beside it.
            let theirs = self.kept().for_next(&rework);
            let merged = merged(&self.known.borrow(), &words, &theirs);
            self.known.replace(merged.clone());
            if merged != words {
                self.form.set_words(merged.clone());
            }
            self.write_words(&KeptWords::new(&rework, merged));
        }
        if self.copies.text(&self.id).is_some() {
            let write = |note, text: &str| {
                if self.copies.note(&self.id, note).unwrap_or_default() != text {
                    self.copies.set_note(&self.id, note, text);
                }
            };
            write(Note::Request, &serde_json::to_string(&rework.request).unwrap_or_default());
            write(Note::Sent, &serde_json::to_string(&submission_of(&rework)).unwrap_or_default());
        }
    }
}

/// Returns the words of two tabs that both grew out of the same ones: what was changed in this tab, and else what the other one has.
fn merged(before: &SubmissionBody, mine: &SubmissionBody, theirs: &SubmissionBody) -> SubmissionBody {
    let at =
        |words: &SubmissionBody, pointer: &str| words.replies.iter().find(|reply| reply.pointer == pointer).cloned();
    let mut pointers: Vec<&str> = Vec::new();
    for Reply { pointer, .. } in mine.replies.iter().chain(&theirs.replies) {
        if !pointers.contains(&pointer.as_str()) {
            pointers.push(pointer);
        }
    }
    let chosen = |pointer: &str| {
        let (before, mine) = (at(before, pointer), at(mine, pointer));
        if mine == before { at(theirs, pointer) } else { mine }
    };
    let text = if mine.text == before.text { &theirs.text } else { &mine.text };
    SubmissionBody { text: text.clone(), replies: pointers.into_iter().filter_map(chosen).collect() }
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
    use crate::model::wire::{Habilitation, State, SubmissionSummary};
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

    /// Returns the remarks and words of a tab, for a request that the service tells of.
    fn tab_of(app: &TestApp, (request, sent): (StoredRequest, Submission)) -> Rc<Following> {
        let following = app.with(|| following(app.copies().unwrap(), sent.draft.clone()));
        app.api.script().request.replace(Some(request));
        app.api.script().submissions.replace(vec![sent]);
        app.with(|| following.restore());
        app.with(|| ask(Session::get(), Rc::clone(&following)));
        app.with(|| untrack(|| following.form.follow_remarks()));
        following
    }

    fn following(copies: DeviceCopies, draft: Draft) -> Rc<Following> {
        Rc::new(Following::new(copies, id(), Form::new(draft)))
    }

    fn form_of(app: &TestApp) -> Form {
        tab_of(app, asked()).form
    }

    #[test]
    fn what_the_service_tells_is_there_without_it_once_a_copy_is_kept_and_goes_with_the_copy() {
        let app = app(Place::Requests, false);
        let copies = app.copies().unwrap();
        let tab = tab_of(&app, asked());
        let form = tab.form;
        app.with(|| form.set_reply(FIELD, "Toutes."));
        app.with(|| untrack(|| tab.keep()));
        assert_eq!(copies.note(&id(), Note::Sent), None, "nothing is kept of a request without a copy");
        assert!(copies.note(&id(), Note::Words).is_some(), "but what the person typed");
        assert_eq!(copies.typed_notes(), [id()]);

        copies.keep(&id(), &DeviceCopy::new(Draft::default(), 1));
        app.with(|| untrack(|| tab.keep()));
        let offline = app.with(|| following(copies.clone(), Draft::default()));
        app.with(|| offline.restore());
        let offline = offline.form;
        assert_eq!(
            app.with(|| untrack(|| (offline.rework(), offline.words()))),
            app.with(|| untrack(|| (form.rework(), form.words())))
        );

        app.with(|| form.set_reply(FIELD, ""));
        app.with(|| untrack(|| tab.keep()));
        assert_eq!(copies.note(&id(), Note::Words), None, "a reply that is taken back");
        copies.erase(&id());
        for note in [Note::Request, Note::Sent, Note::Words] {
            assert_eq!(copies.note(&id(), note), None, "{note:?}");
        }
        app.end();
    }

    #[test]
    fn words_of_one_round_answer_no_other_one() {
        let app = app(Place::Requests, false);
        let tab = tab_of(&app, asked());
        app.with(|| {
            tab.form.set_reply(FIELD, "Toutes.");
            tab.form.set_text_to_team("Voici.");
            untrack(|| tab.keep());
        });
        let same = tab_of(&app, asked());
        assert_eq!(app.with(|| untrack(|| same.form.words())), app.with(|| untrack(|| tab.form.words())));

        let (mut request, sent) = asked();
        request.remarks[0].text = "Et lesquelles\u{a0}?".into();
        let other = tab_of(&app, (request, sent));
        let words = app.with(|| untrack(|| other.form.words()));
        assert_eq!((words.text.as_str(), words.replies.len()), ("Voici.", 0), "it is another remark");

        let (mut request, sent) = asked();
        request.submissions[0].n = 2;
        let next = tab_of(&app, (request, Submission { n: 2, ..sent }));
        assert_eq!(app.with(|| untrack(|| next.form.words())), SubmissionBody::default());
        assert_eq!(app.copies().unwrap().typed_notes(), [], "nobody can send them any more");
        app.end();
    }

    #[test]
    fn what_is_typed_in_two_tabs_at_once_is_kept_together() {
        let app = app(Place::Requests, false);
        let (one, other) = (tab_of(&app, asked()), tab_of(&app, asked()));
        app.with(|| {
            one.form.set_reply(FIELD, "Toutes.");
            untrack(|| one.keep());
            other.form.set_text_to_team("Voici.");
            untrack(|| other.keep());
        });
        let words = |tab: &Following| app.with(|| untrack(|| tab.form.words()));
        let kept = words(&tab_of(&app, asked()));
        assert_eq!((kept.text.as_str(), kept.replies.len()), ("Voici.", 1));
        assert_eq!(words(&other), kept, "it is shown as well");

        app.with(|| {
            one.form.set_reply(FIELD, "Toutes, sauf une.");
            untrack(|| one.keep());
            other.form.set_reply(FIELD, "");
            untrack(|| other.keep());
        });
        let kept = words(&tab_of(&app, asked()));
        let replies: Vec<&str> = kept.replies.iter().map(|reply| reply.text.as_str()).collect();
        assert_eq!((kept.text.as_str(), replies.concat().as_str()), ("Voici.", ""), "the last one at one field");
        app.end();
    }

    #[test]
    fn a_tab_writes_only_what_is_typed_in_it() {
        let app = app(Place::Requests, false);
        let (typing, reading) = (tab_of(&app, asked()), tab_of(&app, asked()));
        app.with(|| typing.form.set_reply(FIELD, "Toutes."));
        app.with(|| untrack(|| typing.keep()));
        app.with(|| untrack(|| reading.keep()));
        assert_eq!(app.copies().unwrap().typed_notes(), [id()], "the other tab erases nothing");

        let reading = tab_of(&app, asked());
        app.copies().unwrap().set_note(&id(), Note::Words, "");
        app.with(|| untrack(|| reading.keep()));
        assert_eq!(app.copies().unwrap().typed_notes(), [], "what was sent does not come back");
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
