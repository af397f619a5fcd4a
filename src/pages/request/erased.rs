//! A draft that was shown here while the person erased it from this device in another tab: it does not come back by itself.

use crate::dom::{View, button, element, link, paragraph};
use crate::navigation::Place;
use crate::pages::sheet;

/// What became of it, and the ways on: what the service has can be opened again.
pub(crate) fn erased(is_saved: bool, open: Box<dyn Fn()>) -> View {
    let words = if is_saved {
        "Il l’a été dans un autre onglet. Le service garde les réponses déjà enregistrées : vous pouvez les rouvrir."
    } else {
        "Il l’a été dans un autre onglet, avant d’être enregistré par le service. Il n’en reste rien."
    };
    let again = is_saved.then(|| button("button main", "Rouvrir la demande", open));
    let ways = element("p").class("actions").child(again).child(link(&Place::Requests, "button", "Mes demandes"));
    sheet("Ce brouillon a été effacé de cet appareil", [paragraph(words), ways])
}
