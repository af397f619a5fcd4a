//! Handing a request over to a colleague: the consequences, and the reason, which is kept until it is sent.

use leptos::ev;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::components::{button, heading, paragraph};
use crate::draft::Note;
use crate::draft::notes::{dated, undated};
use crate::effect::watch_changes;
use crate::html::{self, LiveText, follow, p};
use crate::model::wire::{HandOverToOffer, REASON_MAX};
use crate::model::{Id, Text};
use crate::pages::acting::{Acting, Told};
use crate::pages::typed::{Labels, Typed};

/// Identifier of the heading above what a hand-over means.
const HEADING: &str = "handing-over";

/// Hand-over of one request that the reader is about to offer. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct HandingOver {
    acting: Acting,
    request: StoredValue<Id>,
    reason: Typed,
}

impl HandingOver {
    /// Returns the hand-over of a request, with the reason that the device keeps.
    pub(super) fn new(acting: Acting, request: Id) -> Self {
        let handing_over = Self { acting, request: StoredValue::new(request), reason: Typed::new("hand-over-reason") };
        handing_over.keep_reason();
        handing_over
    }

    /// Returns the selector of the heading, after which the consequences are read, then what is asked.
    pub(super) fn selector() -> String {
        ["#", HEADING].concat()
    }

    /// Shows the reason that the device keeps, and keeps there what is typed.
    fn keep_reason(self) {
        let Some(copies) = self.acting.session.copies() else { return };
        let request = self.request.get_value();
        self.reason.set(undated(&copies.note(&request, Note::HandOver).unwrap_or_default()).1);
        watch_changes(move |before: Option<String>| {
            let reason = self.reason.followed();
            if before.is_some_and(|before| before != reason) {
                let text = if reason.trim().is_empty() { String::new() } else { dated(&reason) };
                copies.set_note(&request, Note::HandOver, &text);
            }
            reason
        });
    }

    /// Offers the request, and goes on with whether the service took the offer.
    fn offer(self, to: &str, then: impl FnOnce(bool) + 'static) {
        let reason = self.reason.text();
        if reason.chars().count() as u64 > REASON_MAX {
            self.reason.set_error("Ce texte est trop long. Raccourcissez-le.");
            return self.acting.focus.on(&self.reason.selector());
        }
        let offer = HandOverToOffer { to: to.to_owned(), text: Text::from(reason.as_str()) };
        let told = Told { done: "Demande confiée", not_done: "La demande n’a pas été confiée" };
        let request = self.request.get_value();
        self.acting.run(
            move |session| session.sharing().offer_hand_over(&request, &offer),
            told,
            move |done| {
                if done.is_some() {
                    self.reason.clear();
                }
                then(done.is_some());
            },
        );
    }
}

/// Asks for the reason of a hand-over, and offers the request.
#[component]
pub(super) fn HandingOverForm(
    handing_over: HandingOver,
    /// Identifier of the person whom it is for.
    to: String,
    /// Name of that person.
    name: String,
    /// Goes on with whether the service took the offer.
    then: Callback<bool>,
    /// Takes the question away.
    cancel: Callback<()>,
) -> impl IntoView {
    let HandingOver { acting, reason, .. } = handing_over;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        handing_over.offer(&to, move |is_done| then.run(is_done));
    };
    let meaning = [
        &name,
        " aura 14 jours pour accepter. D’ici là, rien ne change, et vous pouvez revenir sur votre choix. Dès que cette personne aura accepté, c’est elle qui enverra la demande et choisira qui y participe : vous pourrez la consulter, sans la modifier.",
    ]
    .concat();
    let labels = Labels {
        label: "Pourquoi lui confiez-vous la demande ?",
        hint: "Ce texte lui est envoyé, et figure dans l’historique de la demande.",
        is_optional: true,
    };
    let words = move || if acting.is_running() { "Envoi en cours…" } else { "Confier la demande" }.to_owned();
    let send = html::button()
        .attr("class", "button primary")
        .attr("aria-disabled", follow(move || acting.is_running().then_some("true")))
        .live_text(words);
    html::form()
        .attr("class", "section")
        .attr("novalidate", true)
        .on(ev::submit, submit)
        .child(heading(3, ["Confier la demande à ", &name].concat()).attr("id", HEADING).attr("tabindex", "-1"))
        .child(paragraph(meaning))
        .child(reason.area(labels, REASON_MAX))
        .child(
            p().attr("class", "actions")
                .child(send)
                .child(button("button", "Ne pas la confier", move || cancel.run(()))),
        )
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::api::ApiError;
    use crate::navigation::Place;
    use crate::testing::{TestApp, app};

    fn handing_over(app: &TestApp) -> HandingOver {
        app.with(|| HandingOver::new(Acting::beside_form(), Id::new(0, [1; 10])))
    }

    #[test]
    fn the_reason_of_a_hand_over_is_sent_and_stays_until_the_service_took_it() {
        let app = app(Place::Requests, false);
        let first = handing_over(&app);
        app.with(|| first.reason.set("Je change de service."));
        app.wait(1);
        app.api.script().sharing_error.replace(Some(ApiError::Unreachable));
        let taken = Rc::new(Cell::new(None));
        let offer = |of: HandingOver| {
            let taken = Rc::clone(&taken);
            app.with(|| of.offer("2", move |is_done| taken.set(Some(is_done))));
            app.wait(1);
        };
        offer(first);
        assert_eq!((taken.get(), app.with(|| first.reason.text()).as_str()), (Some(false), "Je change de service."));
        let again = handing_over(&app);
        assert_eq!(app.with(|| again.reason.text()), "Je change de service.", "the page was opened again");
        app.api.script().sharing_error.replace(None);
        app.api.script().shared.borrow_mut().clear();
        offer(again);
        assert_eq!(taken.get(), Some(true));
        assert_eq!(*app.api.script().shared.borrow(), ["hand over to 2: Je change de service."]);
        let last = handing_over(&app);
        assert_eq!(app.with(|| last.reason.text()), "");
        assert!(app.copies().unwrap().typed_notes().is_empty());
        app.end();
    }

    #[test]
    fn a_reason_that_is_too_long_is_not_sent() {
        let app = app(Place::Requests, false);
        let handing_over = handing_over(&app);
        app.with(|| handing_over.reason.set(&"é".repeat(2_001)));
        app.with(|| handing_over.offer("2", |_| ()));
        assert!(app.api.script().shared.borrow().is_empty());
        app.end();
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod drawn_tests {
    use super::*;
    use crate::pages::team::testing::drawn;

    #[test]
    fn the_heading_that_takes_the_focus_stands_before_what_a_hand_over_means() {
        let html = drawn(|| {
            let handing_over = HandingOver::new(Acting::new(), Id::new(0, [1; 10]));
            let (to, name) = ("2".to_owned(), "Karim Saïdi".to_owned());
            let (then, cancel) = (Callback::new(|_| ()), Callback::new(|()| ()));
            view! { <HandingOverForm handing_over to name then cancel /> }.into_any()
        });
        let at = |words: &str| html.find(words).unwrap_or_else(|| panic!("{words} in {html}"));
        let id = ["id=\"", HandingOver::selector().trim_start_matches('#'), "\""].concat();
        assert!(at("tabindex=\"-1\"") < at("Confier la demande à Karim"), "{html}");
        assert!(at(&id) < at("aura 14 jours") && at("aura 14 jours") < at("<textarea"), "{html}");
    }
}
