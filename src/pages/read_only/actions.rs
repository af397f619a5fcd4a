//! Acts of the applicant on a request that is read.

use leptos::prelude::*;

use super::acting::{Acting, Told, Ways};
use crate::api::ApiError;
use crate::components::{Confirm, button, link};
use crate::context::Focus;
use crate::effect::spawn;
use crate::html::{LiveView, div, live, p, span};
use crate::model::Draft;
use crate::model::changes::changes;
use crate::model::rights::Action;
use crate::model::wire::{Act, Kind, Start, State, StoredRequest, Submission};
use crate::navigation::Place;
use crate::pages::request::duplicate::duplicate;
use crate::texts::{dates, lifecycle};

/// Shows the actions on a request that is read.
#[component]
pub(super) fn Actions(request: StoredRequest, ways: Ways) -> impl IntoView {
    let print = || {
        // An error means a browser that does not print.
        let _ = window().print();
    };
    let main = main_action(&request, ways);
    let print_class = if main.is_some() { "button" } else { "button primary" };
    let further = further_actions(&request, ways);
    let draft = request.draft;
    let actions = p()
        .attr("class", "actions")
        .child(button(print_class, "Imprimer", print))
        .child(button("button", "Dupliquer en un nouveau brouillon", move || duplicate(&draft)))
        .child(link(&Place::Requests, "button", "Mes demandes"));
    div().attr("class", "section").child(main).child(actions).child(further)
}

/// Returns the way to the form of a request, where there is one.
fn main_action(request: &StoredRequest, ways: Ways) -> Option<AnyView> {
    let reopened = |words| {
        let button = ReopenButton { words, class: "button primary", place: "reopen" };
        takes_acts(request).then(|| Reopening::new(request, ways, &REOPENED).view(request.clone(), button).into_any())
    };
    match request.state {
        State::Draft | State::ChangesRequested if request.allows(Action::Edit) => {
            let fill_in = button("button primary", "Compléter la demande", move || ways.fill_in());
            Some(p().attr("class", "actions").child(fill_in).into_any())
        }
        State::Accepted if request.allows(Action::Reopen) => reopened("Modifier"),
        _ if request.allows(Action::Reopen) => reopened("Reprendre la demande"),
        _ => None,
    }
}

/// Returns the quieter acts that a request takes from its applicant.
fn further_actions(request: &StoredRequest, ways: Ways) -> Vec<LiveView> {
    let is_modification = lifecycle::is_modification(request.state, request.habilitation.as_ref());
    match request.state {
        _ if !takes_acts(request) => Vec::new(),
        _ if ![Action::Withdraw, Action::Reopen, Action::Archive].into_iter().any(|action| request.allows(action)) => {
            Vec::new()
        }
        State::Draft | State::Submitted | State::ChangesRequested if is_modification => {
            vec![confirmed(request, ways, &GIVE_UP)]
        }
        State::Draft | State::Submitted | State::ChangesRequested => vec![confirmed(request, ways, &WITHDRAW)],
        State::Accepted => {
            let button = ReopenButton { words: "Changer les contacts", class: "quiet", place: "reopen-contacts" };
            vec![Reopening::new(request, ways, &CONTACTS).view(request.clone(), button)]
        }
        State::Refused | State::Withdrawn | State::Revoked => vec![confirmed(request, ways, &ARCHIVE)],
        State::Archived => Vec::new(),
    }
}

/// Returns whether the service takes acts on a request: one that keeps no history takes none.
fn takes_acts(request: &StoredRequest) -> bool {
    request.last_event.is_some()
}

/// Reopening of a request, with answers that the person chooses where there are several. Copies share one state.
#[derive(Clone, Copy)]
struct Reopening {
    acting: Acting,
    /// Answers to choose from, in words; none until the person has to choose.
    choice: RwSignal<Vec<(Start, String)>>,
}

/// Button that reopens a request.
#[derive(Clone, Copy)]
struct ReopenButton {
    words: &'static str,
    class: &'static str,
    /// Class of the place where it stands.
    place: &'static str,
}

impl ReopenButton {
    /// Puts the focus on the first button of the place.
    fn focus(self, focus: Focus) {
        focus.on(&[".", self.place, " button"].concat());
    }
}

impl Reopening {
    fn new(request: &StoredRequest, ways: Ways, told: &'static Told) -> Self {
        Self { acting: Acting::on(request, ways, told), choice: RwSignal::new(Vec::new()) }
    }

    fn view(self, request: StoredRequest, shown: ReopenButton) -> LiveView {
        let request = StoredValue::new(request);
        live(move || {
            let choice = self.choice.get();
            if choice.is_empty() {
                let press = move || self.start(request.get_value(), shown);
                let press = button(shown.class, shown.words, press);
                return p().attr("class", ["actions ", shown.place].concat()).child(press).into_any();
            }
            let option = |(start, words): (Start, String)| button("button", words, move || self.reopen(Some(start)));
            let options: Vec<_> = choice.into_iter().map(option).collect();
            let cancel = button("quiet", "Annuler", move || {
                self.choice.set(Vec::new());
                shown.focus(self.acting.focus);
            });
            div()
                .attr("class", ["confirm ", shown.place].concat())
                .attr("role", "group")
                .attr("aria-label", shown.words)
                .child(span().child("Avec quelles réponses reprendre\u{a0}?"))
                .child(options)
                .child(cancel)
                .into_any()
        })
    }

    /// Reopens the request, or asks with which answers: the draft may hold others than those that it begins with.
    fn start(self, request: StoredRequest, shown: ReopenButton) {
        let acting = self.acting;
        if !acting.begin() {
            return;
        }
        let last = request.submissions.last().map(|submission| submission.n);
        let usual = request.habilitation.as_ref().map(|habilitation| habilitation.submission).or(last);
        let service = acting.session.service();
        let submission = |number: Option<u32>| number.map(|number| service.submission(&request.id, number));
        let (usual, last) = (submission(usual), submission(last));
        spawn(async move {
            let (usual, last) = match (usual, last) {
                (Some(usual), Some(last)) => (usual.await, last.await),
                _ => (Err(ApiError::Unreachable), Err(ApiError::Unreachable)),
            };
            if !acting.end() {
                return;
            }
            match (usual, last) {
                (Ok(usual), Ok(last)) => match choice(&usual, &last, &request.draft) {
                    choice if choice.is_empty() => self.reopen(None),
                    choice => {
                        self.choice.set(choice);
                        shown.focus(acting.focus);
                    }
                },
                (Err(error), _) | (_, Err(error)) => acting.failed(&error),
            }
        });
    }

    fn reopen(self, from: Option<Start>) {
        self.acting.run(Act { from, ..Act::new(Kind::Reopened) });
    }
}

/// Returns the answers to choose from; none where all are the same. `usual` is the submission that a request is reopened with.
fn choice(usual: &Submission, last: &Submission, draft: &Draft) -> Vec<(Start, String)> {
    let is_equal = |one: &Draft, other: &Draft| changes(one, other).is_empty();
    let sent = |submission: &Submission| {
        let words = ["Celles de votre envoi du ", &dates::day(submission.on)].concat();
        (Start::Submission(submission.n), words)
    };
    let mut choice = Vec::new();
    if !is_equal(&usual.draft, &last.draft) {
        choice.push(sent(last));
    }
    if !is_equal(&usual.draft, draft) && !is_equal(&last.draft, draft) {
        choice.push((Start::Draft, "Celles que vous n’avez pas envoyées".to_owned()));
    }
    if !choice.is_empty() {
        choice.insert(0, sent(usual));
    }
    choice
}

/// Act that the person confirms before it is done.
struct Confirmed {
    kind: Kind,
    /// Class of the place where it stands.
    place: &'static str,
    words: &'static str,
    question: &'static str,
    yes: &'static str,
    no: &'static str,
    told: Told,
}

const WITHDRAW: Confirmed = Confirmed {
    kind: Kind::Withdrawn,
    place: "withdraw",
    words: "Retirer la demande",
    question: "Retirer cette demande\u{a0}? L’équipe FranceConnect ne l’examinera plus.",
    yes: "Oui, retirer",
    no: "Non, la garder",
    told: Told { done: "Demande retirée", not_done: "La demande n’a pas été retirée", then: Ways::reload },
};

const GIVE_UP: Confirmed = Confirmed {
    kind: Kind::Withdrawn,
    place: "withdraw",
    words: "Abandonner la modification",
    question: "Abandonner cette modification\u{a0}? Votre habilitation reste valable, avec les réponses acceptées.",
    yes: "Oui, abandonner",
    no: "Non, la garder",
    told: Told {
        done: "Modification abandonnée",
        not_done: "La modification n’a pas été abandonnée",
        then: Ways::reload,
    },
};

const ARCHIVE: Confirmed = Confirmed {
    kind: Kind::Archived,
    place: "archive",
    words: "Archiver",
    question: "Archiver cette demande\u{a0}? Elle quittera vos listes, et vous ne pourrez plus la reprendre.",
    yes: "Oui, archiver",
    no: "Non, la garder",
    told: Told { done: "Demande archivée", not_done: "La demande n’a pas été archivée", then: Ways::reload },
};

const REOPENED: Told =
    Told { done: "Demande reprise", not_done: "La demande n’a pas été reprise", then: Ways::fill_in };

const CONTACTS: Told =
    Told { done: "Contacts à modifier", not_done: "La demande n’a pas été reprise", then: Ways::fill_in_contacts };

/// Returns the button of an act, which asks the person to confirm it.
fn confirmed(request: &StoredRequest, ways: Ways, asked: &'static Confirmed) -> LiveView {
    let Confirmed { kind, place, words, question, yes, no, told } = asked;
    let (focus, asks) = (Focus::get(), RwSignal::new(false));
    let acting = Acting::on(request, ways, told);
    let ask = move |asked: bool| {
        asks.set(asked);
        // The last button changes nothing.
        focus.on(&[".", place, " button:last-child"].concat());
    };
    live(move || {
        let content = if asks.get() {
            let (confirm, cancel) = (move || acting.run(Act::new(*kind)), move || ask(false));
            view! { <Confirm about=*words question yes no confirm cancel /> }.into_any()
        } else {
            button("quiet", *words, move || ask(true)).into_any()
        };
        div().attr("class", ["actions ", place].concat()).child(content)
    })
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use super::*;
    use crate::model::wire::SubmissionSummary;
    use crate::model::{ClosedList, Date, Id, SCHEMA, Step};
    use crate::testing::app;

    fn sent() -> StoredRequest {
        let id = Id::new(0, [1; 10]);
        let number = Some("FC-2026-000123".to_owned());
        StoredRequest { state: State::Submitted, number, revision: 2, last_event: Some(1), ..StoredRequest::begun(id) }
    }

    fn named(name: &str) -> Draft {
        let mut draft = Draft::default();
        draft.project.name = name.into();
        draft
    }

    fn submission(n: u32, name: &str) -> Submission {
        let (on, at) = (Date::parse("2026-11-22").unwrap(), String::new());
        Submission { n, at, on, schema: SCHEMA, draft: named(name), changes: Vec::new(), contacts_only: false }
    }

    #[test]
    fn whoever_left_other_answers_chooses_with_which_to_reopen() {
        let starts = |usual, last, name: &str| {
            let choice = choice(&usual, &last, &named(name));
            choice.into_iter().map(|(start, _)| start).collect::<Vec<_>>()
        };
        let first = || submission(1, "a");
        assert_eq!(starts(first(), first(), "a"), []);
        let mut untouched = named("a");
        untouched.terms.accepted = true;
        assert_eq!(choice(&first(), &first(), &untouched), [], "a commitment is no answer");
        assert_eq!(starts(first(), first(), "b"), [Start::Submission(1), Start::Draft]);
        // A modification was refused: the habilitation is of the first submission.
        assert_eq!(starts(first(), submission(2, "b"), "b"), [Start::Submission(1), Start::Submission(2)]);
        let all = [Start::Submission(1), Start::Submission(2), Start::Draft];
        assert_eq!(starts(first(), submission(2, "b"), "c"), all);
    }

    #[test]
    fn a_request_is_not_reopened_before_its_answers_are_known_and_contacts_begin_at_their_step() {
        let app = app(Place::Request(sent().id, None), false);
        let opened = Rc::new(RefCell::new(0));
        let counted = Rc::clone(&opened);
        let fill_in = move || *counted.borrow_mut() += 1;
        let request = StoredRequest { state: State::Accepted, ..sent() };
        let reopening = app.with(|| {
            let ways = Ways::new(request.id.clone(), Box::new(fill_in), Box::new(|| ()));
            Reopening::new(&request, ways, &CONTACTS)
        });
        let shown = ReopenButton { words: "", class: "", place: "reopen" };
        app.with(|| reopening.start(request.clone(), shown));
        assert!(app.api.script().acts.borrow().is_empty(), "no submission could be read");

        app.api.script().submissions.replace(vec![submission(1, "")]);
        let submissions = vec![SubmissionSummary { n: 1, at: String::new(), on: Date::parse("2026-11-22").unwrap() }];
        app.with(|| reopening.start(StoredRequest { submissions, ..request.clone() }, shown));
        let kinds: Vec<Kind> = app.api.script().acts.borrow().iter().map(|(_, act)| act.kind).collect();
        assert_eq!((kinds, *opened.borrow()), (vec![Kind::Reopened], 1));
        assert_eq!(app.place(), Place::Request(request.id, Some(Step::People)));
        app.end();
    }

    #[test]
    fn each_state_offers_the_acts_that_it_takes_and_only_where_acts_are_taken() {
        let app = app(Place::Requests, false);
        let count = |request: StoredRequest| {
            app.with(|| {
                further_actions(&request, Ways::new(request.id.clone(), Box::new(|| ()), Box::new(|| ()))).len()
            })
        };
        for state in State::ALL.iter().copied() {
            let expected = usize::from(state != State::Archived);
            assert_eq!(count(StoredRequest { state, ..sent() }), expected, "{state:?}");
        }
        assert_eq!(count(StoredRequest { last_event: None, ..sent() }), 0);
        app.end();
    }
}
