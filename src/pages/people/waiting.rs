//! Notices beside the list of requests, and the way to a request whose owner left.

use leptos::prelude::*;

use super::recoveries::Recoveries;
use crate::components::{link, paragraph};
use crate::html::{div, live, p};
use crate::navigation::Place;
use crate::pages::reading::Question;
use crate::texts::count;

/// Shows the notices that wait for the person.
#[component]
pub(super) fn Waiting() -> impl IntoView {
    view! {
        <Notice />
        <Recoveries />
    }
}

/// Tells how many invitations and hand-overs wait, once that is known and if some do.
#[component]
fn Notice() -> impl IntoView {
    let list = Question::of(|session| session.sharing().invitations());
    live(move || {
        let list = list.response()?;
        let (invitations, hand_overs) = (list.invitations.len(), list.hand_overs.len());
        let words = match (invitations, hand_overs) {
            (0, 0) => return None,
            (_, 0) => [&count(invitations, "invitation vous attend", "invitations vous attendent"), "."].concat(),
            (0, _) => [&count(hand_overs, "demande vous est confiée", "demandes vous sont confiées"), "."].concat(),
            (_, _) => [
                &count(invitations, "invitation", "invitations"),
                " et ",
                &count(hand_overs, "demande confiée", "demandes confiées"),
                " vous attendent.",
            ]
            .concat(),
        };
        let open = p().attr("class", "actions").child(link(&Place::Invitations, "button", "Voir les invitations"));
        Some(div().attr("class", "note waiting-invitations").child(paragraph(words)).child(open))
    })
}
