//! The history of a request: who did what, and when.

use leptos::prelude::*;

use crate::components::{button, heading, paragraph};
use crate::context::{Focus, Identity, Session};
use crate::effect::spawn;
use crate::html::{self, Bare, Element, dd, div, dl, dt, element, li, live, ol, p, strong};
use crate::model::wire::{Event, Remark, Reply};
use crate::model::{Field, Id, Text};
use crate::texts::{dates, fields, lifecycle};

/// Events of a request, as far as the server responded.
#[derive(Clone)]
enum HistoryState {
    Pending,
    Ready(Vec<Event>),
    Unreachable,
}

/// Shows the history of a request, once it is read.
#[component]
pub(super) fn History(request: Id) -> impl IntoView {
    let (session, focus) = (Session::get(), Focus::get());
    let state = RwSignal::new(HistoryState::Pending);
    read(session, &request, state);
    let content = live(move || match state.get() {
        HistoryState::Pending => paragraph("Un instant…").attr("role", "status").into_any(),
        HistoryState::Ready(events) => {
            let entries: Vec<Bare> = events.iter().filter_map(entry).collect();
            ol().attr("role", "list").child(entries).into_any()
        }
        HistoryState::Unreachable => {
            let request = request.clone();
            let retry = move || {
                // The button that had the focus goes away.
                focus.on(".history .h2");
                state.set(HistoryState::Pending);
                read(session, &request, state);
            };
            let words = "L’historique n’a pas pu être lu. Vérifiez votre accès à internet, puis réessayez.";
            view! {
                {paragraph(words)}
                {p().attr("class", "actions").child(button("button", "Réessayer", retry))}
            }
            .into_any()
        }
    });
    let heading = heading(2, "Historique").attr("tabindex", "-1");
    html::section().attr("class", "section history").child(heading).child(content)
}

/// Asks for all events of a request.
fn read(session: Session, request: &Id, state: RwSignal<HistoryState>) {
    let asking = session.service().events(request, 0);
    spawn(async move {
        let response = asking.await;
        if state.is_disposed() {
            return;
        }
        match response {
            Ok(history) => state.set(HistoryState::Ready(history.events)),
            Err(error) if error.status() == Some(401) => session.set_identity(Identity::SignedOut),
            Err(_) => state.set(HistoryState::Unreachable),
        }
    });
}

/// Returns an event in words: what, who and when, then what was written; nothing for one that is the team's alone.
fn entry(event: &Event) -> Option<Bare> {
    let what = lifecycle::event(event)?;
    let when = dates::day_and_time(&event.at);
    let time = element("time").attr("datetime", event.at.clone()).child(["le ", &when].concat());
    let who = p().attr("class", "hint").child([&lifecycle::author(&event.by), ", "].concat()).child(time);
    let text = (!event.text.is_empty()).then(|| paragraph(event.text.lines()).attr("class", "answer"));
    let remarks = event.remarks.iter().map(|Remark { pointer, text }| at_field("", pointer, text));
    let replies = event.replies.iter().map(|Reply { pointer, text }| at_field("Votre réponse\u{a0}: ", pointer, text));
    let at_fields: Vec<Element> = remarks.chain(replies).collect();
    let at_fields = (!at_fields.is_empty()).then(|| dl().child(at_fields));
    Some(li().child(p().child(strong().child(what))).child(who).child(text).child(at_fields))
}

/// Returns words at one field, under its name.
fn at_field(before: &'static str, pointer: &str, text: &Text) -> Element {
    let name = Field::from_pointer(pointer).map(fields::name).unwrap_or_default();
    let words = dd().attr("class", "answer").child([before, &text.lines()].concat());
    div().attr("class", "answer-row").child(dt().child(name)).child(words)
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::Date;
    use crate::model::wire::{By, EventList, Kind, Side};
    use crate::navigation::Place;
    use crate::testing::app;

    #[test]
    fn a_history_that_could_not_be_read_is_read_once_the_service_responds() {
        let app = app(Place::Requests, false);
        let id = Id::new(0, [1; 10]);
        let (session, state) = app.with(|| (Session::get(), RwSignal::new(HistoryState::Pending)));
        app.with(|| read(session, &id, state));
        assert!(matches!(state.get_untracked(), HistoryState::Unreachable));

        let by = By { side: Side::Applicant, name: "Camille Exemple".to_owned(), job_title: String::new() };
        let (at, on) = ("2026-11-22T12:00:00.000Z".to_owned(), Date::parse("2026-11-22").unwrap());
        let stamp = crate::model::lifecycle::Stamp { id: id.clone(), at, on, by };
        let events = vec![Event::new(stamp, 1, Kind::Submitted)];
        app.api.script().history.replace(Some(EventList { events: events.clone(), seen: 1 }));
        app.with(|| read(session, &id, state));
        let HistoryState::Ready(shown) = state.get_untracked() else { panic!("the history came") };
        assert_eq!(shown, events);
        app.end();
    }
}
