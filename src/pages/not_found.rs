//! The page of an address that leads nowhere.

use leptos::prelude::*;

use crate::components::{Sheet, link, paragraph};
use crate::html::p;
use crate::navigation::Place;

/// Tells that the address leads nowhere.
#[component]
pub(super) fn NotFound() -> impl IntoView {
    view! {
        <Sheet title="Page introuvable">
            {paragraph("Cette adresse ne mène à aucune page, ou à une demande à laquelle vous n’avez pas accès.")}
            {paragraph(
                "Si vous l’avez tapée, vérifiez-la. Si vous avez suivi un lien, la demande a pu être supprimée, appartenir à une autre personne, ou ne plus vous être ouverte.",
            )}
            {p()
                .attr("class", "actions")
                .child(link(&Place::Requests, "button primary", "Voir mes demandes"))
                .child(link(&Place::Start, "button", "Aller à l’accueil"))}
        </Sheet>
    }
}
