//! Signing out: what the server lacks is sent first, and what it still lacks then is asked about.

use leptos::reactive::spawn_local;

use super::{App, HEADING, Identity};
use crate::api::ApiError;
use crate::clock;
use crate::device::Keeping;
use crate::dom::{Element, View, button, element, paragraph};
use crate::files;
use crate::model::Id;
use crate::model::saving::DeviceCopy;
use crate::navigation::Place;
use crate::pages;

/// Signs out, once what was typed is on the server, or the person said what is to become of it.
pub(super) fn sign_out(app: App) {
    let ask = move || {
        let unsent = app.copies().map_or(Vec::new(), |copies| copies.unsent());
        if unsent.is_empty() {
            leave(app);
        } else {
            app.leaving.set(true);
        }
    };
    match app.draft.get_untracked() {
        Some(draft) => draft.once_settled(ask),
        None => ask(),
    }
}

fn leave(app: App) {
    let leaving = app.api().sign_out();
    spawn_local(async move {
        match leaving.await {
            // The application may be gone.
            _ if app.leaving.is_disposed() => {}
            Err(ApiError::Unreachable) => {
                app.warn("La déconnexion n’a pas abouti : vérifiez votre accès à internet, puis réessayez.");
            }
            _ => {
                if let Some(copies) = app.copies() {
                    copies.forget_what_is_saved();
                }
                app.identify(Identity::Nobody);
                app.leaving.set(false);
                app.navigation.go(&Place::Start);
                app.announce("Vous êtes déconnecté");
                app.focus(HEADING);
            }
        }
    });
}

/// The question what is to become of answers that the server lacks.
pub(crate) fn question(app: App) -> View {
    let unsent = app.copies().map_or(Vec::new(), |copies| copies.unsent());
    let item = |(_, copy): &(Id, DeviceCopy)| {
        let about = ["modifiée le ", &clock::day_and_time_of(copy.changed_at)].concat();
        let name = element("strong").text(pages::named(copy.mine.project.name.trimmed()));
        element("li").child(name).text(", ").text(&about)
    };
    let items: Vec<Element> = unsent.iter().map(item).collect();
    let keeping = app.device().keeping();
    let kept = match keeping {
        Keeping::Local => {
            "Si vous les gardez, vous les retrouverez ici en vous reconnectant. Personne d’autre ne les verra sur ce site."
        }
        Keeping::Session => {
            "Si vous les gardez, vous les retrouverez en vous reconnectant dans cet onglet, tant qu’il reste ouvert."
        }
        Keeping::Memory => "Elles seront perdues si vous ne les exportez pas.",
    };
    let export = move || {
        for (_, copy) in &unsent {
            files::export(&copy.mine);
        }
        app.announce("Réponses exportées");
    };
    let erase = move || {
        if let Some(copies) = app.copies() {
            copies.unsent().iter().for_each(|(id, _)| copies.erase(id));
        }
        leave(app);
    };
    let keep =
        (keeping != Keeping::Memory).then(|| button("button main", "Les garder sur cet appareil", move || leave(app)));
    let ways = element("div")
        .class("actions")
        .child(keep)
        .child(button("button", "Les exporter dans un fichier", export))
        .child(button("button danger", "Les effacer et se déconnecter", erase));
    let stay = element("p").child(button("quiet", "Rester connecté", move || app.leaving.set(false)));
    pages::sheet(
        "Des réponses ne sont pas encore enregistrées",
        [
            paragraph(
                "Elles ne sont que sur cet appareil. Choisissez ce qu’elles deviennent avant de vous déconnecter.",
            ),
            element("ul").child(items),
            paragraph(kept),
            ways,
            stay,
        ],
    )
}
