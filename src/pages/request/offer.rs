//! The choice, in a portal, between a request that was begun and a new one.

use leptos::prelude::*;

use crate::components::{Sheet, link, paragraph};
use crate::html::p;
use crate::model::Id;
use crate::model::saving::DeviceCopy;
use crate::navigation::Place;
use crate::texts::{dates, isolated};

/// Offers to go on with the request that was begun, or to begin a new one.
#[component]
pub(super) fn Offer(
    /// Request that was begun.
    begun: Id,
    /// Device's copy of the request.
    copy: DeviceCopy,
) -> impl IntoView {
    let name = match copy.mine.project.name.trimmed() {
        "" => "sans nom".to_owned(),
        name => ["« ", &isolated(name), " »"].concat(),
    };
    let when = dates::day_and_time_of(copy.changed_at);
    let words = ["Vous avez commencé ici une demande ", &name, ", modifiée le ", &when, "."].concat();
    let ways = p()
        .attr("class", "actions")
        .child(link(&Place::Request(begun, None), "button primary", "Reprendre cette demande"))
        .child(link(&Place::NewRequest, "button", "Commencer une autre demande"));
    view! {
        <Sheet title="Votre demande">
            {paragraph(words)}
            {ways}
        </Sheet>
    }
}
