//! Asking a contact to check their own details, by a link that is sent to their address.

use leptos::prelude::*;

use super::context::StepContext;
use crate::components::{Placeholder, button, deferred_view, paragraph};
use crate::context::{Announcer, CurrentDraft, Session};
use crate::effect::{computed, spawn};
use crate::form::Form;
use crate::html::{LiveText, LiveView, div, live, p};
use crate::lazy::deferred;
use crate::model::Field;
use crate::model::email::Email;
use crate::model::saving::SavedTo;
use crate::model::wire::CardContact;

/// Draws the request to a contact, where cards are offered: once the service knows an address to which it can write. `email` is the
/// field of that address.
pub(super) fn card_request(contact: CardContact, email: Field) -> Option<LiveView> {
    Session::get().shares_requests().then(|| {
        let is_offered = offered(email);
        // What was told of a request to the contact stays while its answers are saved again.
        let was_offered = computed(move |was: Option<&bool>| was == Some(&true) || is_offered.get());
        live(move || was_offered.get().then(|| deferred_view(Placeholder::Nothing, move || shown(contact, email))))
    })
}

/// Follows whether the service knows an address to which the owner may let it write.
fn offered(email: Field) -> Memo<bool> {
    let StepContext { form, draft, .. } = expect_context();
    let (status, is_invited) = (draft.status(), CurrentDraft::get().is_invited());
    computed(move |_| {
        let is_saved = status.with(|status| status.saved_to == SavedTo::Server);
        is_saved && !is_invited.get() && has_address(form, email)
    })
}

deferred! {
    in people;
    /// Draws the request to a contact.
    fn shown(contact: CardContact, email: Field) -> AnyView {
        view! { <CardRequest contact email /> }.into_any()
    }
}

/// Lets the owner ask a contact for their details.
#[component]
fn CardRequest(contact: CardContact, email: Field) -> impl IntoView {
    let StepContext { form, draft, .. } = expect_context();
    let (session, announcer, is_offered) = (Session::get(), Announcer::get(), offered(email));
    let (outcome, is_running) = (RwSignal::new(String::new()), RwSignal::new(false));
    let ask = move || {
        if is_running.get_untracked() {
            return;
        }
        is_running.set(true);
        let asking = session.sharing().ask_card(&draft.id(), contact);
        spawn(async move {
            let answer = asking.await;
            if is_running.try_set(false).is_some() {
                return;
            }
            let address = form.text_untracked(email);
            outcome.set(match answer {
                Ok(()) => [
                    "Un courriel est envoyé à ",
                    address.trim(),
                    ". Vous serez prévenu de la réponse, et les coordonnées s’afficheront ici.",
                ]
                .concat(),
                Err(_) => {
                    announcer.announce("Le courriel n’a pas été envoyé");
                    "Le courriel n’a pas été envoyé. Réessayez plus tard, ou demandez ses coordonnées à cette personne."
                        .to_owned()
                }
            });
        });
    };
    let hint = "Cette personne reçoit un lien qui lui montre ces seules coordonnées, sans avoir à s’identifier.";
    let offer = live(move || {
        is_offered.get().then(|| {
            view! {
                {p().attr("class", "actions").child(button("button", "Demander à cette personne de vérifier ses coordonnées", ask))}
                {paragraph(hint).attr("class", "hint")}
            }
        })
    });
    let told = p().attr("class", "hint").attr("role", "status").live_text(move || outcome.get());
    div().attr("class", "card-request").child(offer).child(told)
}

/// Returns whether the field of an address holds one.
fn has_address(form: Form, email: Field) -> bool {
    Email::parse(form.text(email).trim()).is_ok()
}
