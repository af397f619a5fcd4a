//! Answers on this device that are not in a request which is read.

use leptos::prelude::*;

use crate::clock;
use crate::components::{Confirm, button, heading};
use crate::context::{Announcer, Focus, HEADING, Session};
use crate::draft::{DeviceCopies, Note};
use crate::html::{LiveText, div, live, p};
use crate::ids::new_id;
use crate::model::rights::Action;
use crate::model::saving::DeviceCopy;
use crate::model::wire::{EventList, StoredRequest};
use crate::model::{Id, Step};
use crate::navigation::{Navigation, Place};
use crate::pages::reading::Question;
use crate::texts::lifecycle;

/// Returns the copy of this device, if it holds answers that the service lacks. Another copy is erased: the service has it all.
pub(super) fn left_on_device(copies: &DeviceCopies, request: &StoredRequest) -> Option<DeviceCopy> {
    // The copy of a request that can be edited is of use there. One that cannot be read may hold what the service lacks.
    if request.allows(Action::Edit) {
        return None;
    }
    let copy = copies.read(&request.id)?.ok()?;
    let is_left = copy.is_unsent() && (copy.mine != request.draft || !copy.conflicts.is_empty());
    if !is_left {
        // Words for a submission that was not made are with nobody else.
        let words = copies.note(&request.id, Note::Words).unwrap_or_default();
        copies.erase(&request.id);
        copies.set_note(&request.id, Note::Words, &words);
    }
    is_left.then_some(copy)
}

/// Tells of answers that stayed on this device, with what can become of them.
#[component]
pub(super) fn Unsent(
    request: Id,
    copy: DeviceCopy,
    history: Option<Question<EventList>>,
    /// Set where the state lets the request be changed, and the person may not.
    is_without_right: bool,
) -> impl IntoView {
    let (focus, asks) = (Focus::get(), RwSignal::new(false));
    let told = move || {
        if is_without_right {
            return "Vous ne pouvez plus modifier cette demande. Ce que vous aviez écrit, et qui n’était pas enregistré, est gardé sur cet appareil : vous pouvez le garder dans une nouvelle demande, sans les fichiers joints.".to_owned();
        }
        let history = history.and_then(Question::response);
        let last =
            history.and_then(|history| Some(history.events.iter().rev().find(|event| event.kind.moves_state())?.kind));
        lifecycle::unsent(last).1.to_owned()
    };
    let ask = move |asked: bool| {
        asks.set(asked);
        // The last button changes nothing.
        focus.on(".unsent button:last-child");
    };
    let is_there = RwSignal::new(true);
    let copy = StoredValue::new(copy);
    live(move || {
        let (kept, erased) = (request.clone(), request.clone());
        let actions = move || {
            let (kept, erased) = (kept.clone(), erased.clone());
            if asks.get() {
                let confirm = move || {
                    erase(&erased);
                    is_there.set(false);
                    focus.on(HEADING);
                };
                let question = "Effacer ces modifications\u{a0}? Elles ne sont enregistrées nulle part ailleurs.";
                let cancel = move || ask(false);
                return view! {
                    <Confirm about=ERASE question yes="Oui, effacer" no="Non, les garder" confirm cancel />
                }
                .into_any();
            }
            let keep = move || keep_as_new_request(&kept, &copy.get_value());
            vec![
                button("button", "Les garder dans une nouvelle demande", keep),
                button("quiet", ERASE, move || ask(true)),
            ]
            .into_any()
        };
        is_there.get().then(|| {
            div()
                .attr("class", "note unsent")
                .child(heading(
                    2,
                    if is_without_right {
                        "Des modifications n’ont pas été enregistrées"
                    } else {
                        "Des modifications n’ont pas été envoyées"
                    },
                ))
                .child(p().live_text(told))
                .child(div().attr("class", "actions").child(live(actions)))
        })
    })
}

const ERASE: &str = "Effacer ces modifications de cet appareil";

fn erase(request: &Id) {
    if let Some(copies) = Session::get().copies() {
        copies.erase_in_all_tabs(request);
    }
    Announcer::get().announce("Modifications effacées de cet appareil");
}

/// Begins another request with the answers of a copy.
fn keep_as_new_request(request: &Id, copy: &DeviceCopy) {
    let (session, navigation) = (Session::get(), Navigation::get());
    let id = new_id();
    if let Some(copies) = session.copies() {
        copies.keep(&id, &copy.as_new_request(clock::now()));
        copies.erase_in_all_tabs(request);
    }
    navigation.go(&Place::Request(id, Some(Step::Organisation)));
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::wire::State;
    use crate::testing::app;

    #[test]
    fn a_copy_is_erased_only_where_the_service_has_its_answers() {
        let app = app(Place::Requests, false);
        let copies = app.copies().unwrap();
        let id = Id::new(0, [1; 10]);
        let request = StoredRequest { state: State::Submitted, ..StoredRequest::begun(id.clone()) };
        let unsent = |name: &str| {
            let mut copy = DeviceCopy::new(request.draft.clone(), 1);
            copy.mine.project.name = name.into();
            copies.keep(&id, &copy);
        };
        unsent("Guichet");
        assert_eq!(
            left_on_device(&copies, &request).map(|copy| copy.mine.project.name.line()),
            Some("Guichet".to_owned())
        );
        assert!(copies.read(&id).is_some(), "nobody else has it");

        let editable = StoredRequest { state: State::ChangesRequested, ..request.clone() };
        assert_eq!(left_on_device(&copies, &editable), None);
        assert!(copies.read(&id).is_some(), "the form opens with it");

        let mut sent = request.clone();
        sent.draft.project.name = "Guichet".into();
        copies.set_note(&id, Note::Words, "{}");
        copies.set_note(&id, Note::Sent, "{}");
        assert_eq!(left_on_device(&copies, &sent), None);
        assert!(copies.read(&id).is_none() && copies.note(&id, Note::Sent).is_none());
        assert!(copies.note(&id, Note::Words).is_some(), "a reply that was not sent");

        copies.write(&id, "{\"schema\":999}");
        assert_eq!(left_on_device(&copies, &request), None);
        assert!(copies.text(&id).is_some(), "of a newer version");
        app.end();
    }
}
