//! The last decision of the team, with what it wrote.

use leptos::prelude::*;

use crate::components::{heading, paragraph};
use crate::html::{LiveView, div, live};
use crate::model::wire::{Event, EventList, Kind, Side, State, StoredRequest};
use crate::pages::reading::Question;
use crate::texts::lifecycle;

/// Shows the last decision of the team once the history is read; nothing where the last word is the applicant's.
#[component]
pub(super) fn Decision(request: StoredRequest, history: Question<EventList>) -> impl IntoView {
    let habilitation = request.habilitation.filter(|_| request.state == State::Accepted);
    let number = habilitation.map(|habilitation| habilitation.number);
    decision(move || history.response(), number)
}

/// Shows the last decision of a history. `habilitation` is the number of the one in force, where the request rests.
fn decision(history: impl Fn() -> Option<EventList> + Send + 'static, habilitation: Option<String>) -> LiveView {
    live(move || {
        let history = history()?;
        let event = last_word(&history.events)?;
        let is_modification = event.kind == Kind::Refused && habilitation.is_some();
        let valid = habilitation.as_ref().filter(|_| is_modification).map(|number| {
            paragraph(["Votre habilitation ", number, " reste valable, avec les réponses acceptées."].concat())
        });
        let text = (!event.text.is_empty()).then(|| paragraph(event.text.lines()).attr("class", "answer"));
        let title = heading(2, lifecycle::decision(event.kind, is_modification));
        let who = paragraph(lifecycle::who_and_when(event)).attr("class", "hint");
        let class = if event.kind == Kind::Accepted { "success decision" } else { "note decision" };
        Some(div().attr("class", class).child(title).child(text).child(valid).child(who))
    })
}

/// Returns the last event that moved the state, if the team wrote something there or refused.
fn last_word(events: &[Event]) -> Option<&Event> {
    let last = events.iter().rev().find(|event| event.kind.moves_state())?;
    let says = !last.text.is_empty() || last.kind == Kind::Refused;
    (last.by.side == Side::Examiner && says).then_some(last)
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::api::unanswered::Backend;
    use crate::model::lifecycle::Stamp;
    use crate::model::wire::By;
    use crate::model::{Date, Id};
    use crate::pages::read_only::tests::html_of;

    fn event(seq: u64, kind: Kind, side: Side, text: &str) -> Event {
        let by = By { side, name: "Claire Marchand".to_owned(), job_title: String::new() };
        let (at, on) = ("2027-01-15T08:00:00.000Z".to_owned(), Date::parse("2027-01-15").unwrap());
        Event { text: text.into(), ..Event::new(Stamp { id: Id::new(seq, [1; 10]), at, on, by }, seq, kind) }
    }

    fn drawn(events: Vec<Event>, habilitation: Option<&str>) -> String {
        let history = EventList { events, seen: 0 };
        let shown = decision(move || Some(history.clone()), habilitation.map(str::to_owned));
        html_of(Backend::Server, || shown.into_any())
    }

    #[test]
    fn a_refused_modification_says_so_with_its_reasons_and_that_the_habilitation_stays_valid() {
        let refused = || {
            vec![
                event(1, Kind::Submitted, Side::Applicant, ""),
                event(2, Kind::Refused, Side::Examiner, "Hors du cadre."),
            ]
        };
        let html = drawn(refused(), Some("FC-2027-000001-1"));
        for words in ["La modification est refusée", "Hors du cadre.", "FC-2027-000001-1 reste valable"] {
            assert!(html.contains(words), "{words:?} in {html}");
        }
        let html = drawn(refused(), None);
        assert!(html.contains("Les raisons du refus") && !html.contains("reste valable"), "{html}");
    }

    #[test]
    fn what_the_applicant_did_since_has_the_last_word() {
        let events = vec![
            event(1, Kind::Refused, Side::Examiner, "Hors du cadre."),
            event(2, Kind::Reopened, Side::Applicant, ""),
            event(3, Kind::Message, Side::Examiner, "Bonjour"),
        ];
        assert_eq!(drawn(events, None), "");
        assert_eq!(drawn(vec![event(1, Kind::Accepted, Side::Examiner, "")], None), "", "nothing was written");
    }
}
