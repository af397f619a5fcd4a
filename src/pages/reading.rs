//! Parts of a page that the API is asked for once it is shown, and their placeholders.

use leptos::prelude::*;

use crate::api::{ApiError, ApiFuture, Service};
use crate::components::{PENDING, button, paragraph};
use crate::context::{Announcer, Focus, Identity, Session};
use crate::effect::spawn;
use crate::html::{LiveView, live, p};

/// Part of a page, as far as the service responded.
#[derive(Clone)]
enum Reading<T> {
    Pending,
    Ready(T),
    Unreachable,
}

/// Words and place of a part that could not be read.
#[derive(Clone, Copy)]
pub(super) struct Lost {
    /// Sentence that tells the part, and a way on.
    pub(super) words: &'static str,
    /// Selector of the heading that gets the focus, once the button is gone.
    pub(super) heading: &'static str,
}

/// Function that asks by the calls that a session offers.
type Ask<T> = dyn Fn(Session) -> ApiFuture<T>;

/// Question to the service, whose response several parts of a page may show. Copies share one state.
pub(super) struct Question<T: Send + Sync + 'static> {
    session: Session,
    state: RwSignal<Reading<T>>,
    ask: StoredValue<Box<Ask<T>>, LocalStorage>,
    /// Number of the last question: responses to those before come too late.
    number: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Question<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Question<T> {}

impl<T: Clone + Send + Sync + 'static> Question<T> {
    /// Asks the service of applicants.
    pub(super) fn new(ask: impl Fn(&dyn Service) -> ApiFuture<T> + 'static) -> Self {
        Self::of(move |session| ask(&*session.service()))
    }

    /// Asks by the calls that a session offers.
    pub(super) fn of(ask: impl Fn(Session) -> ApiFuture<T> + 'static) -> Self {
        let (session, state) = (Session::get(), RwSignal::new(Reading::Pending));
        let question = Self { session, state, ask: StoredValue::new_local(Box::new(ask)), number: StoredValue::new(0) };
        question.ask();
        question
    }

    /// Takes a response that came otherwise, or its failure. It is newer than what is asked.
    pub(super) fn take(self, response: Result<T, ApiError>) {
        if response.is_ok() {
            self.number.try_update_value(|number| *number += 1);
        }
        self.put(response);
    }

    fn put(self, response: Result<T, ApiError>) {
        let Self { session, state, .. } = self;
        if state.is_disposed() {
            return;
        }
        match response {
            Ok(response) => state.set(Reading::Ready(response)),
            Err(error) if error.status() == Some(401) => session.set_identity(Identity::SignedOut),
            Err(_) if matches!(state.get_untracked(), Reading::Ready(_)) => {}
            Err(_) => state.set(Reading::Unreachable),
        }
    }

    /// Returns the response, once it is there.
    pub(super) fn response(self) -> Option<T> {
        match self.state.get() {
            Reading::Ready(response) => Some(response),
            Reading::Pending | Reading::Unreachable => None,
        }
    }

    /// Asks the service again. The response before stays until another one comes.
    pub(super) fn ask(self) {
        self.ask_then(Box::new(|_| ()));
    }

    /// Asks the service again for a list, and tells the person whether it is up to date.
    pub(super) fn refresh(self, announcer: Announcer) {
        announcer.warn("");
        self.ask_then(Box::new(move |is_there| match is_there {
            true => announcer.announce("Liste à jour"),
            false => {
                announcer.warn("La liste n’a pas pu être actualisée. Vérifiez votre accès à internet, puis réessayez.");
            }
        }));
    }

    /// Asks the service again, then does something with whether a response came, unless the session has ended.
    fn ask_then(self, then: Box<dyn FnOnce(bool)>) {
        let Some(asking) = self.ask.try_with_value(|ask| ask(self.session)) else { return };
        let number = self.number.try_update_value(|number| {
            *number += 1;
            *number
        });
        spawn(async move {
            let response = asking.await;
            if self.number.try_get_value() == number {
                let is_over = response.as_ref().is_err_and(|error| error.status() == Some(401));
                let is_there = response.is_ok();
                self.put(response);
                if !is_over {
                    then(is_there);
                }
            }
        });
    }

    /// Shows the response. Where none comes, the service can be asked again.
    pub(super) fn view(self, draw: impl Fn(T) -> AnyView + Send + 'static, lost: Lost) -> LiveView {
        let focus = Focus::get();
        live(move || match self.state.get() {
            Reading::Pending => paragraph("Un instant…").attr("role", "status").attr(PENDING, "").into_any(),
            Reading::Ready(response) => draw(response),
            Reading::Unreachable => {
                let retry = move || {
                    focus.on(lost.heading);
                    self.state.set(Reading::Pending);
                    self.ask();
                };
                view! {
                    {paragraph(lost.words)}
                    {p().attr("class", "actions").child(button("button", "Réessayer", retry))}
                }
                .into_any()
            }
        })
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::poll_fn;
    use std::rc::Rc;
    use std::task::{Poll, Waker};

    use super::*;
    use crate::model::Id;
    use crate::model::wire::EventList;
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn a_response_that_comes_late_replaces_no_newer_one() {
        let app = app(Place::Requests, false);
        let (waiting, held) = (Rc::new(Cell::new(true)), Rc::new(RefCell::new(Vec::<Waker>::new())));
        let (waits, wakers) = (Rc::clone(&waiting), Rc::clone(&held));
        let asked = Cell::new(0);
        let ask = move |_| -> ApiFuture<u32> {
            let (number, waiting, wakers) = (asked.replace(asked.get() + 1), Rc::clone(&waiting), Rc::clone(&wakers));
            Box::pin(poll_fn(move |context| match number == 0 && waiting.get() {
                true => {
                    wakers.borrow_mut().push(context.waker().clone());
                    Poll::Pending
                }
                false => Poll::Ready(Ok(number)),
            }))
        };
        let question = app.with(|| Question::of(ask));
        app.with(|| question.ask());
        assert_eq!(app.with(|| untrack(|| question.response())), Some(1));
        waits.set(false);
        held.borrow_mut().drain(..).for_each(Waker::wake);
        app.with(|| ());
        app.wait(1);
        assert_eq!(app.with(|| untrack(|| question.response())), Some(1));
        app.with(|| question.take(Ok(7)));
        assert_eq!(app.with(|| untrack(|| question.response())), Some(7));
        app.end();
    }

    #[test]
    fn whoever_refreshes_a_list_is_told_whether_it_is_up_to_date() {
        let app = app(Place::Requests, false);
        app.api.script().history.replace(Some(EventList { events: Vec::new(), seen: 0 }));
        let question = app.with(|| Question::new(|service| service.events(&Id::new(0, [1; 10]), 0)));
        let warning = || app.with(|| untrack(|| Announcer::get().warning()));
        app.api.script().history.replace(None);
        app.with(|| question.refresh(Announcer::get()));
        assert!(warning().contains("n’a pas pu être actualisée"), "{}", warning());
        app.api.script().history.replace(Some(EventList { events: Vec::new(), seen: 0 }));
        app.with(|| question.refresh(Announcer::get()));
        assert_eq!(warning(), "");
        app.end();
    }

    #[test]
    fn what_could_not_be_read_is_read_once_the_service_responds_and_stays() {
        let app = app(Place::Requests, false);
        let question = app.with(|| Question::new(|service| service.events(&Id::new(0, [1; 10]), 0)));
        assert!(matches!(question.state.get_untracked(), Reading::Unreachable));

        let history = EventList { events: Vec::new(), seen: 0 };
        app.api.script().history.replace(Some(history.clone()));
        app.with(|| question.ask());
        assert_eq!(app.with(|| untrack(|| question.response())), Some(history.clone()));

        app.api.script().history.replace(None);
        app.with(|| question.ask());
        assert_eq!(app.with(|| untrack(|| question.response())), Some(history));
        app.end();
    }
}
