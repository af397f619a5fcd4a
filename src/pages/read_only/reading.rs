//! Parts of a page that the service is asked for once it is shown, and their placeholders.

use leptos::prelude::*;

use crate::api::{ApiFuture, Service};
use crate::components::{PENDING, button, paragraph};
use crate::context::{Focus, Identity, Session};
use crate::effect::spawn;
use crate::html::{LiveView, live, p};

/// Part of a page, as far as the service responded.
#[derive(Clone)]
pub(super) enum Reading<T> {
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

/// Shows the response of the service. Where none comes, the service can be asked again.
pub(super) fn reading<T: Clone + Send + Sync + 'static>(
    ask: impl Fn(&dyn Service) -> ApiFuture<T> + Clone + Send + 'static,
    draw: impl Fn(T) -> AnyView + Send + 'static,
    lost: Lost,
) -> LiveView {
    let (session, focus) = (Session::get(), Focus::get());
    let state = RwSignal::new(Reading::Pending);
    read(session, &ask, state);
    live(move || match state.get() {
        Reading::Pending => paragraph("Un instant…").attr("role", "status").attr(PENDING, "").into_any(),
        Reading::Ready(response) => draw(response),
        Reading::Unreachable => {
            let ask = ask.clone();
            let retry = move || {
                focus.on(lost.heading);
                state.set(Reading::Pending);
                read(session, &ask, state);
            };
            view! {
                {paragraph(lost.words)}
                {p().attr("class", "actions").child(button("button", "Réessayer", retry))}
            }
            .into_any()
        }
    })
}

/// Asks the service.
fn read<T: Send + Sync + 'static>(
    session: Session,
    ask: &impl Fn(&dyn Service) -> ApiFuture<T>,
    state: RwSignal<Reading<T>>,
) {
    let asking = ask(&*session.service());
    spawn(async move {
        let response = asking.await;
        if state.is_disposed() {
            return;
        }
        match response {
            Ok(response) => state.set(Reading::Ready(response)),
            Err(error) if error.status() == Some(401) => session.set_identity(Identity::SignedOut),
            Err(_) => state.set(Reading::Unreachable),
        }
    });
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::Id;
    use crate::model::wire::EventList;
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn what_could_not_be_read_is_read_once_the_service_responds() {
        let app = app(Place::Requests, false);
        let ask = |service: &dyn Service| service.events(&Id::new(0, [1; 10]), 0);
        let (session, state) = app.with(|| (Session::get(), RwSignal::new(Reading::Pending)));
        app.with(|| read(session, &ask, state));
        assert!(matches!(state.get_untracked(), Reading::Unreachable));

        let history = EventList { events: Vec::new(), seen: 0 };
        app.api.script().history.replace(Some(history.clone()));
        app.with(|| read(session, &ask, state));
        let Reading::Ready(shown) = state.get_untracked() else { panic!("the service responded") };
        assert_eq!(shown, history);
        app.end();
    }
}
