//! The page that shows where the service did not answer.

use leptos::prelude::*;

use crate::components::{Sheet, button, paragraph};
use crate::html::p;

/// Tells that the service did not answer, and lets the person try again.
#[component]
pub(super) fn Unreachable(
    /// Asks the service again.
    retry: impl Fn() + 'static,
) -> impl IntoView {
    let words = "Le service ne répond pas. Vérifiez votre accès à internet, puis réessayez : vos réponses déjà enregistrées s’afficheront alors.";
    let again = p().attr("class", "actions").child(button("button primary", "Réessayer", retry));
    view! {
        <Sheet title="Service momentanément injoignable">
            {paragraph(words)}
            {again}
        </Sheet>
    }
}
