//! What the person decides about where their answers are kept.
use leptos::prelude::*;

use super::Stepper;
use crate::controls::choice;
use crate::device::{self, Keeping};
use crate::dom::{Element, View, button, element, live, paragraph, ticked};
use crate::files;
use crate::model::saving::Whereabouts;

/// Where the answers are, in full, and what can be done about it.
pub(crate) fn keeping(stepper: Stepper) -> View {
    persist(stepper);
    let about = "Chaque réponse est gardée aussitôt sur cet appareil, puis enregistrée par le service en quelques secondes. Vous pouvez fermer la page et revenir quand vous voulez. La copie gardée sur cet appareil est effacée quand la demande est envoyée ou supprimée, quand vous vous déconnectez, ou 30 jours après votre dernière réponse enregistrée.";
    if stepper.app.api().is_local() {
        let about = "Dans cette démonstration, vos réponses et vos fichiers sont gardés sur cet appareil, et nulle part ailleurs, jusqu’à ce que vous supprimiez la demande.";
        return details().child(element("div").child(paragraph(about)).child(export(stepper))).into();
    }
    let sure = RwSignal::new(false);
    let ways = move || if sure.get() { doubted(stepper, sure) } else { erase(stepper, sure) };
    details()
        .child(element("div").child(paragraph(about)).child(shared(stepper)).child(export(stepper)).child(live(ways)))
        .into()
}

/// Once this device alone has something, the browser is asked to hold on to it. A portal's storage is the portal's.
fn persist(stepper: Stepper) {
    let Stepper { app, filling, .. } = stepper;
    if app.portal().is_some() {
        return;
    }
    let is_only_here = Memo::new(move |_| {
        filling.draft.standing().with(|standing| match standing.whereabouts {
            _ if standing.kept != Keeping::Local => false,
            Whereabouts::Device(_) => true,
            Whereabouts::Server | Whereabouts::OnTheWay => app.api().is_local(),
            Whereabouts::Nowhere | Whereabouts::Over => false,
        })
    });
    Effect::new(move |_| {
        if is_only_here.get() {
            device::persist();
        }
    });
}

fn details() -> Element {
    element("details").class("help keeping").child(element("summary").text("Où sont gardées mes réponses ?"))
}

/// On a shared computer, nothing stays once the tab is closed.
fn shared(stepper: Stepper) -> View {
    let Stepper { app, filling, .. } = stepper;
    if !app.device().can_be_shared() {
        return View::Nothing;
    }
    let shared = RwSignal::new(device::is_shared());
    let tick = move |event| {
        if let Some(copies) = app.copies() {
            copies.share(ticked(&event));
        }
        app.remember(&app.identity().get_untracked());
        shared.set(ticked(&event));
        filling.draft.moved();
    };
    let input = element("input").attr("type", "checkbox").live_checked(move || shared.get()).on("change", tick);
    let help = "La copie gardée sur cet appareil est effacée dès que vous fermez l’onglet.";
    choice(input, "Cet ordinateur est partagé", help, Some("shared-computer")).into()
}

fn export(stepper: Stepper) -> Element {
    let about = "Vous pouvez aussi garder une copie de vos réponses dans un fichier, et l’importer plus tard depuis « Mes demandes ».";
    let press = move || {
        stepper.filling.form.collect();
        files::export(&stepper.filling.form.draft());
    };
    element("div").class("question").child(paragraph(about)).child(element("p").class("actions").child(button(
        "button",
        "Exporter dans un fichier",
        press,
    )))
}

fn erase(stepper: Stepper, sure: RwSignal<bool>) -> Element {
    let press = move || {
        let is_elsewhere = stepper.filling.draft.standing().with_untracked(|standing| {
            let is_saved = matches!(standing.whereabouts, Whereabouts::Server | Whereabouts::Nowhere);
            is_saved && standing.conflicts.is_empty()
        });
        if is_elsewhere {
            stepper.leave_for_good();
        } else {
            sure.set(true);
            stepper.app.focus(".keeping .sure button:last-child");
        }
    };
    element("p").class("actions").child(button("button", "Effacer de cet appareil", press))
}

fn doubted(stepper: Stepper, sure: RwSignal<bool>) -> Element {
    let keep = move || {
        sure.set(false);
        stepper.app.focus(".keeping > div > .actions button");
    };
    doubt("Effacer de cet appareil", move || stepper.leave_for_good(), keep)
}

/// Asks whether to erase what nobody else has.
pub(super) fn doubt(about: &str, erase: impl Fn() + 'static, keep: impl Fn() + 'static) -> Element {
    element("div")
        .class("sure")
        .attr("role", "group")
        .attr("aria-label", about)
        .child(element("span").text("Des réponses ne sont enregistrées nulle part ailleurs. Les effacer pour de bon ?"))
        .child(button("quiet danger", "Oui, effacer", erase))
        .child(button("quiet", "Non, les garder", keep))
}
