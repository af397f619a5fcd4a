//! Acts of the applicant on a request that is read.

use std::rc::Rc;

use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::{Confirm, button, link};
use crate::context::{Announcer, Focus, Identity, Session};
use crate::effect::spawn;
use crate::html::{LiveView, div, live, p, span};
use crate::ids::new_id;
use crate::model::changes::changes;
use crate::model::saving::BaseRevision;
use crate::model::wire::{Act, Kind, Start, State, StoredRequest, Submission};
use crate::model::{Draft, Id};
use crate::navigation::Place;
use crate::pages::request::duplicate::duplicate;
use crate::texts::{dates, lifecycle};

/// Ways from the page of a request that is read. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Ways {
    fill_in: StoredValue<Rc<dyn Fn()>, LocalStorage>,
    reload: StoredValue<Rc<dyn Fn()>, LocalStorage>,
}

impl Ways {
    /// Returns the ways to the form of the request, and to its page as it is by then.
    pub(super) fn new(fill_in: Box<dyn Fn()>, reload: Box<dyn Fn()>) -> Self {
        Self { fill_in: StoredValue::new_local(fill_in.into()), reload: StoredValue::new_local(reload.into()) }
    }

    fn fill_in(self) {
        self.fill_in.get_value()();
    }

    fn reload(self) {
        self.reload.get_value()();
    }
}

/// Shows the actions on a request that is read.
#[component]
pub(super) fn Actions(request: StoredRequest, ways: Ways) -> impl IntoView {
    let print = || {
        // An error means a browser that does not print.
        let _ = window().print();
    };
    let main = main_action(&request, ways);
    let print_class = if main.is_some() { "button" } else { "button primary" };
    let withdraw = can_be_withdrawn(&request).then(|| withdraw(&request, ways));
    let draft = request.draft;
    let actions = p()
        .attr("class", "actions")
        .child(button(print_class, "Imprimer", print))
        .child(button("button", "Dupliquer en un nouveau brouillon", move || duplicate(&draft)))
        .child(link(&Place::Requests, "button", "Mes demandes"));
    div().attr("class", "section").child(main).child(actions).child(withdraw)
}

/// Returns the way to the form of a request, where there is one.
fn main_action(request: &StoredRequest, ways: Ways) -> Option<AnyView> {
    let reopened = |words| {
        let reopening = Reopening { acting: Acting::on(request, ways, &REOPENED), choice: RwSignal::new(Vec::new()) };
        takes_acts(request).then(|| reopening.view(request.clone(), words).into_any())
    };
    match request.state {
        State::Draft | State::ChangesRequested => {
            let fill_in = button("button primary", "Compléter la demande", move || ways.fill_in());
            Some(p().attr("class", "actions").child(fill_in).into_any())
        }
        State::Accepted => reopened("Modifier"),
        State::Refused | State::Withdrawn | State::Revoked => reopened("Reprendre la demande"),
        State::Submitted | State::Archived => None,
    }
}

/// Returns whether the service takes acts on a request: one that keeps no history takes none.
fn takes_acts(request: &StoredRequest) -> bool {
    request.last_event.is_some()
}

/// Returns whether the applicant may take a request back here.
fn can_be_withdrawn(request: &StoredRequest) -> bool {
    let is_open = matches!(request.state, State::Draft | State::Submitted | State::ChangesRequested);
    is_open && takes_acts(request)
}

/// Reopening of a request, with answers that the person chooses where there are several. Copies share one state.
#[derive(Clone, Copy)]
struct Reopening {
    acting: Acting,
    /// Answers to choose from, in words; none until the person has to choose.
    choice: RwSignal<Vec<(Start, String)>>,
}

impl Reopening {
    fn view(self, request: StoredRequest, words: &'static str) -> LiveView {
        let request = StoredValue::new(request);
        live(move || {
            let choice = self.choice.get();
            if choice.is_empty() {
                let press = move || self.start(request.get_value());
                let press = button("button primary", words, press);
                return p().attr("class", "actions reopen").child(press).into_any();
            }
            let option = |(start, words): (Start, String)| button("button", words, move || self.reopen(Some(start)));
            let options: Vec<_> = choice.into_iter().map(option).collect();
            let cancel = button("quiet", "Annuler", move || {
                self.choice.set(Vec::new());
                self.acting.focus.on(".reopen button");
            });
            div()
                .attr("class", "confirm reopen")
                .attr("role", "group")
                .attr("aria-label", words)
                .child(span().child("Avec quelles réponses reprendre ?"))
                .child(options)
                .child(cancel)
                .into_any()
        })
    }

    /// Reopens the request, or asks with which answers: the draft may hold others than those that it begins with.
    fn start(self, request: StoredRequest) {
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
            if acting.is_running.is_disposed() {
                return;
            }
            acting.is_running.set_value(false);
            match (usual, last) {
                (Ok(usual), Ok(last)) => match choice(&usual, &last, &request.draft) {
                    choice if choice.is_empty() => self.reopen(None),
                    choice => {
                        self.choice.set(choice);
                        acting.focus.on(".reopen button");
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

/// Returns the button that takes a request back, once the person confirmed.
fn withdraw(request: &StoredRequest, ways: Ways) -> LiveView {
    let is_modification = lifecycle::is_modification(request.state, request.habilitation.as_ref());
    let (words, question, yes, told) = if is_modification {
        (
            "Abandonner la modification",
            "Abandonner cette modification ? Votre habilitation reste valable, avec les réponses acceptées.",
            "Oui, abandonner",
            &GIVEN_UP,
        )
    } else {
        (
            "Retirer la demande",
            "Retirer cette demande ? L’équipe FranceConnect ne l’examinera plus.",
            "Oui, retirer",
            &WITHDRAWN,
        )
    };
    let (focus, asks) = (Focus::get(), RwSignal::new(false));
    let acting = Acting::on(request, ways, told);
    let ask = move |asked: bool| {
        asks.set(asked);
        // The last button changes nothing.
        focus.on(".withdraw button:last-child");
    };
    live(move || {
        let content = if asks.get() {
            let (confirm, cancel) = (move || acting.run(Act::new(Kind::Withdrawn)), move || ask(false));
            view! { <Confirm about=words question yes no="Non, la garder" confirm cancel /> }.into_any()
        } else {
            button("quiet", words, move || ask(true)).into_any()
        };
        div().attr("class", "actions withdraw").child(content)
    })
}

/// Outcome of an act of the applicant, in words.
struct Told {
    /// Announcement, once it is done.
    done: &'static str,
    /// Way from there.
    then: fn(Ways),
    /// Warning where the request changed meanwhile.
    changed: &'static str,
    /// Warning where the service did not respond.
    failed: &'static str,
}

const WITHDRAWN: Told = Told {
    done: "Demande retirée",
    then: Ways::reload,
    changed: "La demande vient de changer : elle n’a pas été retirée. La voici à jour.",
    failed: "La demande n’a pas été retirée : le service ne répond pas. Vérifiez votre accès à internet, puis réessayez.",
};

const GIVEN_UP: Told = Told {
    done: "Modification abandonnée",
    then: Ways::reload,
    changed: "La demande vient de changer : la modification n’a pas été abandonnée. La voici à jour.",
    failed: "La modification n’a pas été abandonnée : le service ne répond pas. Vérifiez votre accès à internet, puis réessayez.",
};

const REOPENED: Told = Told {
    done: "Demande reprise",
    then: Ways::fill_in,
    changed: "La demande vient de changer : elle n’a pas été reprise. La voici à jour.",
    failed: "La demande n’a pas été reprise : le service ne répond pas. Vérifiez votre accès à internet, puis réessayez.",
};

/// Act of the applicant on one revision of a request. Copies share one state.
#[derive(Clone, Copy)]
struct Acting {
    session: Session,
    announcer: Announcer,
    ways: Ways,
    focus: Focus,
    told: &'static Told,
    request: StoredValue<(Id, BaseRevision), LocalStorage>,
    /// Identifier of the event: the same act again is done once.
    event: StoredValue<Id, LocalStorage>,
    is_running: StoredValue<bool>,
}

impl Acting {
    fn on(request: &StoredRequest, ways: Ways, told: &'static Told) -> Self {
        let base = BaseRevision::of(request.revision, &request.updated_at);
        Self {
            session: Session::get(),
            announcer: Announcer::get(),
            ways,
            focus: Focus::get(),
            told,
            request: StoredValue::new_local((request.id.clone(), base)),
            event: StoredValue::new_local(new_id()),
            is_running: StoredValue::new(false),
        }
    }

    /// Returns whether nothing is under way, and marks that something is from now on.
    fn begin(self) -> bool {
        let begins = !self.is_running.get_value();
        if begins {
            self.is_running.set_value(true);
            self.announcer.warn("");
        }
        begins
    }

    /// Acts on the request, and goes on from there.
    fn run(self, act: Act) {
        if !self.begin() {
            return;
        }
        let ((id, base), event) = (self.request.get_value(), self.event.get_value());
        let acting = self.session.service().act(&id, &event, Some(&base), &act);
        spawn(async move {
            let response = acting.await;
            if self.is_running.is_disposed() {
                return;
            }
            self.is_running.set_value(false);
            match response {
                Ok(_) => {
                    self.announcer.announce(self.told.done);
                    (self.told.then)(self.ways);
                }
                Err(error) => self.failed(&error),
            }
        });
    }

    /// Tells that the act was not done. A request that changed meanwhile is shown as it is.
    fn failed(self, error: &ApiError) {
        match error.status() {
            Some(401) => self.session.set_identity(Identity::SignedOut),
            Some(409 | 412) => {
                self.announcer.warn(self.told.changed);
                self.ways.reload();
            }
            _ => self.announcer.warn(self.told.failed),
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::model::wire::Problem;
    use crate::model::{Date, SCHEMA};
    use crate::testing::{TestApp, app};

    fn sent() -> StoredRequest {
        let id = Id::new(0, [1; 10]);
        StoredRequest { state: State::Submitted, revision: 2, last_event: Some(1), ..StoredRequest::begun(id) }
    }

    /// Returns an act in an application, and how many times the request was read again.
    fn acting(app: &TestApp) -> (Acting, Rc<Cell<u32>>) {
        let reloads = Rc::new(Cell::new(0));
        let counted = Rc::clone(&reloads);
        let reload = move || counted.set(counted.get() + 1);
        let acting = app.with(|| Acting::on(&sent(), Ways::new(Box::new(|| ()), Box::new(reload)), &WITHDRAWN));
        (acting, reloads)
    }

    #[test]
    fn a_request_is_taken_back_once_whatever_the_network_does() {
        let app = app(Place::Requests, false);
        let (acting, reloads) = acting(&app);
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| acting.run(Act::new(Kind::Withdrawn)));
        assert_eq!(reloads.get(), 0);
        assert!(app.with(|| Announcer::get().warning()).contains("n’a pas été retirée"));

        app.api.script().act_error.replace(None);
        app.with(|| acting.run(Act::new(Kind::Withdrawn)));
        assert_eq!((reloads.get(), app.with(|| Announcer::get().warning())), (1, String::new()));
        let acts = app.api.script().acts.borrow().clone();
        let [first, second] = &*acts else { panic!("{acts:?}") };
        assert_eq!(first.1.kind, Kind::Withdrawn);
        assert_eq!(first, second, "the service does it once");
        app.end();
    }

    #[test]
    fn a_request_that_changed_meanwhile_is_shown_as_it_is() {
        for status in [409, 412] {
            let app = app(Place::Requests, false);
            let (acting, reloads) = acting(&app);
            let problem = ApiError::Problem(Box::new(Problem::of(status)));
            app.api.script().act_error.replace(Some(problem));
            app.with(|| acting.run(Act::new(Kind::Withdrawn)));
            assert_eq!(reloads.get(), 1);
            assert!(app.with(|| Announcer::get().warning()).contains("vient de changer"));
            app.end();
        }
    }

    #[test]
    fn whoever_left_other_answers_chooses_with_which_to_reopen() {
        let (on, at) = (Date::parse("2026-11-22").unwrap(), String::new());
        let named = |name: &str| {
            let mut draft = Draft::default();
            draft.project.name = name.into();
            draft
        };
        let submission = |n, name: &str| Submission {
            n,
            at: at.clone(),
            on,
            schema: SCHEMA,
            draft: named(name),
            changes: Vec::new(),
            contacts_only: false,
        };
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
    fn a_request_is_not_reopened_before_its_answers_are_known() {
        let app = app(Place::Requests, false);
        let (acting, reloads) = acting(&app);
        let reopening = app.with(|| Reopening { acting, choice: RwSignal::new(Vec::new()) });
        // The service of tests reads no submission.
        app.with(|| reopening.start(sent()));
        assert!(app.api.script().acts.borrow().is_empty());
        app.with(|| reopening.reopen(None));
        let kinds: Vec<Kind> = app.api.script().acts.borrow().iter().map(|(_, act)| act.kind).collect();
        assert_eq!(kinds, [Kind::Reopened]);
        assert_eq!(reloads.get(), 1);
        app.end();
    }

    #[test]
    fn only_what_waits_for_an_answer_is_taken_back_and_only_where_acts_are_taken() {
        for state in [State::Draft, State::Submitted, State::ChangesRequested] {
            assert!(can_be_withdrawn(&StoredRequest { state, ..sent() }));
        }
        assert!(!can_be_withdrawn(&StoredRequest { state: State::Accepted, ..sent() }));
        assert!(!can_be_withdrawn(&StoredRequest { last_event: None, ..sent() }));
    }
}
