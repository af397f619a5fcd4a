//! The choice between a request that was begun and another one.

use crate::clock;
use crate::dom::{View, element, link, paragraph};
use crate::model::Id;
use crate::model::saving::DeviceCopy;
use crate::navigation::Place;
use crate::pages::sheet;
use crate::texts::isolated;

/// The choice, for whoever asked for a new request where one was begun.
pub(crate) fn offer(begun: &Id, copy: &DeviceCopy) -> View {
    let name = match copy.mine.project.name.trimmed() {
        "" => "sans nom".to_owned(),
        name => ["« ", &isolated(name), " »"].concat(),
    };
    let words =
        ["Vous avez commencé ici une demande ", &name, ", modifiée le ", &clock::day_and_time_of(copy.changed_at), "."];
    let ways = [
        link(&Place::Request(begun.clone(), None), "button main", "Reprendre cette demande"),
        link(&Place::NewRequest, "button", "Commencer une autre demande"),
    ];
    sheet("Votre demande", [paragraph(&words.concat()), element("p").class("actions").child(ways)])
}
