//! The pages. Each one names itself through [`App::arrive`](crate::app::App::arrive) and draws what stands in `main`.

mod display;
mod eligibility;
mod help;
mod notices;
mod portal;
mod read_only;
mod request;
mod requests;
mod sessions;
mod sign_in;
mod start;
pub(crate) mod stepper;

use leptos::prelude::window;

use crate::app::{App, heading};
use crate::dom::{Child, Element, View, button, element, link, paragraph};
use crate::navigation::Place;

pub(crate) use read_only::read_only;
pub(crate) use request::{erased, newer, offer};
pub use request::{new_request, request};
pub use requests::named;
pub use start::start;

/// The page of a place, where it is not one of the first to be seen.
pub(crate) fn later(place: Place) -> View {
    match place {
        Place::Help => help::help(),
        Place::Eligibility => eligibility::eligibility(),
        Place::SignIn(back) => sign_in::sign_in(back.map(|back| *back)),
        Place::Requests => requests::requests(),
        Place::Accessibility => notices::accessibility(),
        Place::LegalNotice => notices::legal_notice(),
        Place::PersonalData => notices::personal_data(),
        Place::Display => display::display(),
        Place::Portal(challenge, origin) => portal::portal(challenge, origin),
        Place::Start | Place::NewRequest | Place::Request(..) | Place::Unknown => not_found(),
    }
}

/// A page of text under its heading.
pub fn sheet(title: &str, content: impl Child) -> View {
    App::get().arrive(title);
    let sheet = element("article").class("sheet").child(heading(1, title));
    element("div").class("page").child(sheet.child(content)).into()
}

/// While it is not known yet what to show.
#[must_use]
pub fn waiting() -> View {
    let words = element("p").class("sheet waiting").attr("role", "status").text("Un instant…");
    element("div").class("page").child(words).into()
}

/// Loads the page again.
#[must_use]
pub fn reload() -> Element {
    button("button main", "Recharger la page", || {
        // Where it is refused, the person can do it.
        let _ = window().location().reload();
    })
}

/// An address that leads nowhere.
#[must_use]
pub fn not_found() -> View {
    let ways = [
        link(&Place::Requests, "button main", "Voir mes demandes"),
        link(&Place::Start, "button", "Aller à l’accueil"),
    ];
    let content = [
        paragraph("Cette adresse ne mène à aucune page, ou à une demande à laquelle vous n’avez pas accès."),
        paragraph(
            "Si vous l’avez tapée, vérifiez-la. Si vous avez suivi un lien, la demande a pu être supprimée, ou appartenir à une autre personne.",
        ),
        element("p").class("actions").child(ways),
    ];
    sheet("Page introuvable", content)
}

/// Something did not answer; trying again may help.
fn trouble(retry: impl Fn() + 'static) -> View {
    let words = "Le service ne répond pas. Vérifiez votre accès à internet, puis réessayez : vos réponses déjà enregistrées s’afficheront alors.";
    let again = element("p").class("actions").child(button("button main", "Réessayer", retry));
    sheet("Service momentanément injoignable", [paragraph(words), again])
}
