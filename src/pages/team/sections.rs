//! Links among the pages of the team.

use leptos::prelude::*;

use crate::components::link;
use crate::context::{Session, Settings};
use crate::html::{li, live, nav, ul};
use crate::model::place::team::{DeliveryFilter, QueueFilter, TeamPlace};
use crate::navigation::Place;

/// Returns the pages of the team with their names, in the order of their links.
fn sections(is_local: bool, is_demonstration: bool) -> Vec<(&'static str, Place)> {
    let of_team = |place: TeamPlace| Place::Examination(place.query());
    let sections = [
        Some(("Examen", of_team(TeamPlace::Queue(QueueFilter::default())))),
        Some(("Modèles", of_team(TeamPlace::Templates))),
        Some(("Statistiques", of_team(TeamPlace::Statistics(None)))),
        (!is_local).then(|| ("Reprises", of_team(TeamPlace::Recoveries))),
        // A page without a server sends nothing.
        (!is_local).then(|| ("Envois", of_team(TeamPlace::Deliveries(DeliveryFilter::default())))),
        is_demonstration.then_some(("Courriels", Place::CaughtMails)),
    ];
    sections.into_iter().flatten().collect()
}

/// Shows the links among the pages of the team. `current` is the name of the page that shows them.
#[component]
pub(super) fn Sections(current: &'static str) -> impl IntoView {
    let (config, is_local) = (Settings::get().config, Session::get().api().is_local());
    let section = move |(name, place): (&'static str, Place)| {
        li().child(link(&place, "quiet", name).attr("aria-current", (name == current).then_some("page")))
    };
    // Whether it is a demonstration may be known later.
    live(move || {
        let is_demonstration = is_local || config.with(|config| config.demonstration);
        let sections: Vec<_> = sections(is_local, is_demonstration).into_iter().map(section).collect();
        nav()
            .attr("aria-label", "Pages de l’équipe")
            .child(ul().attr("class", "tabs").attr("role", "list").child(sections))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_a_server_has_no_deliveries_and_a_demonstration_has_its_mails() {
        let names = |is_local, is_demonstration| -> Vec<&str> {
            sections(is_local, is_demonstration).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(false, false), ["Examen", "Modèles", "Statistiques", "Reprises", "Envois"]);
        assert_eq!(names(true, true), ["Examen", "Modèles", "Statistiques", "Courriels"]);
    }
}
