//! The page of a draft that the person erased from this device in another tab. It does not come back by itself.

use leptos::prelude::*;

use crate::components::{Sheet, button, link, paragraph};
use crate::html::p;
use crate::navigation::Place;

/// Tells that the draft was erased, and lets the person go on.
#[component]
pub(super) fn Erased(
    /// Tells whether the server has some of the draft, which can be opened again.
    is_saved: bool,
    /// Opens the draft again.
    open: Box<dyn Fn()>,
) -> impl IntoView {
    let words = if is_saved {
        "Il l’a été dans un autre onglet. Le service garde les réponses déjà enregistrées : vous pouvez les rouvrir."
    } else {
        "Il l’a été dans un autre onglet, avant d’être enregistré par le service. Il n’en reste rien."
    };
    let again = is_saved.then(|| button("button primary", "Rouvrir la demande", open));
    let ways = p().attr("class", "actions").child(again).child(link(&Place::Requests, "button", "Mes demandes"));
    view! {
        <Sheet title="Ce brouillon a été effacé de cet appareil">
            {paragraph(words)}
            {ways}
        </Sheet>
    }
}
