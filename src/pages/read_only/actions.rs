//! What the applicant can do with a request that is read.

use std::rc::Rc;

use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::{Confirm, button, link};
use crate::context::{Announcer, Focus, Identity, Session};
use crate::effect::spawn;
use crate::html::{LiveView, div, live, p};
use crate::ids::new_id;
use crate::model::Id;
use crate::model::saving::BaseRevision;
use crate::model::wire::{Act, Kind, State, StoredRequest};
use crate::navigation::Place;
use crate::pages::request::duplicate::duplicate;
use crate::texts::lifecycle;

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
    let fill_in =
        request.state.is_editable().then(|| button("button primary", "Compléter la demande", move || ways.fill_in()));
    let print_class = if fill_in.is_some() { "button" } else { "button primary" };
    let withdraw = can_be_withdrawn(&request).then(|| withdraw(&request, ways));
    let draft = request.draft;
    let actions = p()
        .attr("class", "actions")
        .child(fill_in)
        .child(button(print_class, "Imprimer", print))
        .child(button("button", "Dupliquer en un nouveau brouillon", move || duplicate(&draft)))
        .child(link(&Place::Requests, "button", "Mes demandes"));
    view! {
        {actions}
        {withdraw}
    }
}

/// Returns whether the applicant may take a request back here. A server that keeps no history takes no act.
fn can_be_withdrawn(request: &StoredRequest) -> bool {
    request.last_event.is_some() && matches!(request.state, State::Submitted | State::ChangesRequested)
}

/// Returns the button that takes a request back, once the person confirmed.
fn withdraw(request: &StoredRequest, ways: Ways) -> LiveView {
    let is_modification = lifecycle::is_modification(request.state, request.habilitation.as_ref());
    let (words, question, yes, done) = if is_modification {
        (
            "Abandonner la modification",
            "Abandonner cette modification ? Votre habilitation reste valable, avec les réponses acceptées.",
            "Oui, abandonner",
            "Modification abandonnée",
        )
    } else {
        (
            "Retirer la demande",
            "Retirer cette demande ? L’équipe FranceConnect ne l’examinera plus.",
            "Oui, retirer",
            "Demande retirée",
        )
    };
    let (focus, asks) = (Focus::get(), RwSignal::new(false));
    let acting = Acting::on(request, ways, done);
    let ask = move |asked: bool| {
        asks.set(asked);
        // The last button changes nothing.
        focus.on(".withdraw button:last-child");
    };
    live(move || {
        let content = if asks.get() {
            let (confirm, cancel) = (move || acting.withdraw(), move || ask(false));
            view! { <Confirm about=words question yes no="Non, la garder" confirm cancel /> }.into_any()
        } else {
            button("quiet", words, move || ask(true)).into_any()
        };
        div().attr("class", "withdraw").child(content)
    })
}

/// Act of the applicant on one revision of a request. Copies share one state.
#[derive(Clone, Copy)]
struct Acting {
    session: Session,
    announcer: Announcer,
    ways: Ways,
    /// Announcement of the act, once it is done.
    done: &'static str,
    request: StoredValue<(Id, BaseRevision), LocalStorage>,
    /// Identifier of the event: the same act again is done once.
    event: StoredValue<Id, LocalStorage>,
    is_running: StoredValue<bool>,
}

impl Acting {
    fn on(request: &StoredRequest, ways: Ways, done: &'static str) -> Self {
        let base = BaseRevision::of(request.revision, &request.updated_at);
        Self {
            session: Session::get(),
            announcer: Announcer::get(),
            ways,
            done,
            request: StoredValue::new_local((request.id.clone(), base)),
            event: StoredValue::new_local(new_id()),
            is_running: StoredValue::new(false),
        }
    }

    /// Takes the request back, and shows it as it is then.
    fn withdraw(self) {
        if self.is_running.get_value() {
            return;
        }
        self.is_running.set_value(true);
        self.announcer.warn("");
        let ((id, base), event) = (self.request.get_value(), self.event.get_value());
        let acting = self.session.service().act(&id, &event, Some(&base), &Act::new(Kind::Withdrawn));
        spawn(async move {
            let response = acting.await;
            if self.is_running.is_disposed() {
                return;
            }
            self.is_running.set_value(false);
            match response {
                Ok(_) => {
                    self.announcer.announce(self.done);
                    self.ways.reload();
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
                self.announcer.warn("La demande vient de changer : elle n’a pas été retirée. La voici à jour.");
                self.ways.reload();
            }
            _ => self.announcer.warn(
                "La demande n’a pas été retirée : le service ne répond pas. Vérifiez votre accès à internet, puis réessayez.",
            ),
        }
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::model::wire::Problem;
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
        let acting = app.with(|| Acting::on(&sent(), Ways::new(Box::new(|| ()), Box::new(reload)), ""));
        (acting, reloads)
    }

    #[test]
    fn a_request_is_taken_back_once_whatever_the_network_does() {
        let app = app(Place::Requests, false);
        let (acting, reloads) = acting(&app);
        app.api.script().act_error.replace(Some(ApiError::Unreachable));
        app.with(|| acting.withdraw());
        assert_eq!(reloads.get(), 0);
        assert!(app.with(|| Announcer::get().warning()).contains("n’a pas été retirée"));

        app.api.script().act_error.replace(None);
        app.with(|| acting.withdraw());
        assert_eq!((reloads.get(), app.with(|| Announcer::get().warning())), (1, String::new()));
        let acts = app.api.script().acts.borrow().clone();
        let [(first, Kind::Withdrawn), (second, Kind::Withdrawn)] = &*acts else { panic!("{acts:?}") };
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
            app.with(|| acting.withdraw());
            assert_eq!(reloads.get(), 1);
            assert!(app.with(|| Announcer::get().warning()).contains("vient de changer"));
            app.end();
        }
    }

    #[test]
    fn only_what_waits_for_an_answer_is_taken_back_and_only_where_acts_are_taken() {
        for state in [State::Submitted, State::ChangesRequested] {
            assert!(can_be_withdrawn(&StoredRequest { state, ..sent() }));
        }
        assert!(!can_be_withdrawn(&StoredRequest { state: State::Accepted, ..sent() }));
        assert!(!can_be_withdrawn(&StoredRequest { last_event: None, ..sent() }));
    }
}
