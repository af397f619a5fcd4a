//! Answers as they were sent, last or in an earlier submission.

use leptos::ev;
use leptos::prelude::*;
use web_sys::Event;

use crate::context::HEADING;
use crate::html::{self, Element, LiveText, anew, div, p, select};
use crate::model::wire::{StoredRequest, Submission, SubmissionSummary};
use crate::model::{Draft, Id};
use crate::pages::reading::{Lost, Question};
use crate::steps::{AnswerSummary, ReadBack};
use crate::texts::dates;

/// Answers that were sent last.
#[derive(Clone, Copy)]
pub(super) enum LastSent {
    /// The answers of the draft.
    Draft,
    /// The answers of a submission, which the draft may differ from.
    Submission(Question<Submission>),
}

impl LastSent {
    /// Returns the answers that were sent last, and asks the service for them where the draft may hold others.
    pub(super) fn of(request: &StoredRequest) -> Self {
        // Until something follows the first submission, the draft is what was sent. An older server tells of no submission.
        let last = request.submissions.last().filter(|_| request.last_event.is_some_and(|last| last > 1));
        last.map_or(Self::Draft, |last| Self::Submission(submission(&request.id, last.n)))
    }

    /// Returns the answers of a submission, which the service is asked for where it is not the last one.
    pub(super) fn or_submission(self, request: &StoredRequest, number: u32) -> Self {
        let is_last = request.submissions.last().is_none_or(|last| last.n == number);
        if is_last { self } else { Self::Submission(submission(&request.id, number)) }
    }

    /// Reads from the answers, once they are there.
    pub(super) fn read<T>(self, draft: &Draft, read: impl FnOnce(&Draft) -> T) -> Option<T> {
        match self {
            Self::Draft => Some(read(draft)),
            Self::Submission(question) => question.response().map(|sent| read(&sent.draft)),
        }
    }
}

/// Asks the service for a submission.
pub(super) fn submission(request: &Id, number: u32) -> Question<Submission> {
    let request = request.clone();
    Question::new(move |service| service.submission(&request, number))
}

/// Shows the name of the project, as it was sent last.
#[component]
pub(super) fn ProjectName(draft: Draft, last_sent: LastSent) -> impl IntoView {
    let name = move || last_sent.read(&draft, |sent| sent.project.name.line()).unwrap_or_default();
    p().attr("class", "lead").attr("translate", "no").live_text(name)
}

/// Shows every answer that was sent: last, or in the submission that the person chooses.
#[component]
pub(super) fn Sent(request: StoredRequest, last_sent: LastSent) -> impl IntoView {
    let StoredRequest { id, draft, submissions, .. } = request;
    let (LastSent::Submission(of_last), Some(last)) = (last_sent, submissions.last().map(|sent| sent.n)) else {
        return view! { <AnswerSummary draft request=id read_back=ReadBack::Only /> }.into_any();
    };
    let chosen = RwSignal::new(last);
    let answers = move |number: u32| {
        let shown = id.clone();
        let draw = move |Submission { draft, .. }| {
            view! { <AnswerSummary draft request=shown.clone() read_back=ReadBack::Only /> }.into_any()
        };
        let lost = Lost {
            words: "Ce que vous avez envoyé n’a pas pu être lu. Vérifiez votre accès à internet, puis réessayez.",
            heading: HEADING,
        };
        let question = if number == last { of_last } else { submission(&id, number) };
        question.view(draw, lost).into_any()
    };
    view! {
        {(submissions.len() > 1).then(|| view! { <SubmissionChoice submissions chosen /> })}
        {anew(move || chosen.get(), answers)}
    }
    .into_any()
}

/// Asks which submission to show, the last one first.
#[component]
fn SubmissionChoice(submissions: Vec<SubmissionSummary>, chosen: RwSignal<u32>) -> impl IntoView {
    let option = |SubmissionSummary { n, on, .. }: &SubmissionSummary| {
        let words = ["Envoi ", &n.to_string(), ", du ", &dates::day(*on)].concat();
        html::option().attr("value", n.to_string()).child(words)
    };
    let choose = move |event: Event| {
        if let Ok(number) = event_target_value(&event).parse() {
            chosen.set(number);
        }
    };
    let options: Vec<Element> = submissions.iter().rev().map(option).collect();
    let control =
        select().attr("id", "submission-choice").attr("class", "control").on(ev::change, choose).child(options);
    let label = html::label().attr("for", "submission-choice").child("Ce que vous avez envoyé");
    div().attr("class", "field").child(label).child(control)
}
