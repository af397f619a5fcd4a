//! The history of a request: who did what, and when.

use leptos::prelude::*;

use crate::components::heading;
use crate::html::{self, Bare, ol};
use crate::model::wire::{Event, EventList};
use crate::pages::event_entry::{EventWords, event_entry};
use crate::pages::reading::{Lost, Question};
use crate::texts::lifecycle;

/// Shows the history of a request, once it is read.
#[component]
pub(super) fn History(history: Question<EventList>) -> impl IntoView {
    let draw = |history: EventList| {
        let entries: Vec<Bare> = history.events.iter().filter_map(|event| entry(event, &history.events)).collect();
        ol().attr("role", "list").child(entries).into_any()
    };
    let lost = Lost {
        words: "L’historique n’a pas pu être lu. Vérifiez votre accès à internet, puis réessayez.",
        heading: ".history .h2",
    };
    let heading = heading(2, "Historique").attr("tabindex", "-1");
    html::section().attr("class", "section history").child(heading).child(history.view(draw, lost))
}

/// Returns an event in words; nothing for one that is the team's alone.
fn entry(event: &Event, events: &[Event]) -> Option<Bare> {
    let words = EventWords {
        what: lifecycle::event(event, events)?,
        author: lifecycle::author(event),
        reply: if event.yours { "Votre réponse" } else { "Réponse" },
    };
    Some(event_entry(event, words))
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::api::unanswered::Backend;
    use crate::model::lifecycle::Stamp;
    use crate::model::wire::{By, Kind, Side};
    use crate::model::{Date, Id};
    use crate::pages::read_only::tests::html_of;

    fn drawn(kind: Kind) -> String {
        let by = By { side: Side::Applicant, name: "Karim Saïdi".to_owned(), job_title: String::new() };
        let (at, on) = ("2027-01-15T08:00:00.000Z".to_owned(), Date::parse("2027-01-15").unwrap());
        let stamp = Stamp { id: Id::new(0, [1; 10]), at, on, by };
        let event = Event { text: "Je change de service.".into(), ..Event::new(stamp, 2, kind) };
        html_of(Backend::Server, || entry(&event, &[]).unwrap().into_any())
    }

    #[test]
    fn reasons_that_were_written_for_one_person_stay_out_of_the_history_and_decisions_stand_in_it() {
        for kind in [Kind::RecoveryAsked, Kind::CardAnswered] {
            assert!(!drawn(kind).contains("Je change"), "{kind:?}");
        }
        for kind in [Kind::RecoveryRefused, Kind::Recovered, Kind::Reassigned] {
            assert!(drawn(kind).contains("Je change de service."), "{kind:?}");
        }
    }

    #[test]
    fn the_reason_of_a_hand_over_stands_in_the_history_and_a_message_in_the_thread_alone() {
        assert!(drawn(Kind::HandedOver).contains("Je change de service."));
        assert!(!drawn(Kind::Message).contains("Je change"));
    }
}
