//! What the person decides about where their answers are kept.
use leptos::ev;
use leptos::prelude::*;

use super::state::StepperState;
use crate::components::{button, choice, paragraph};
use crate::context::{Focus, Host, Session};
use crate::device::{self, Persistence};
use crate::effect::{computed, watch};
use crate::files;
use crate::html::{self, Element, div, holds, input, live, p, span};
use crate::model::saving::SavedTo;

/// Tells where the answers are, in full, and what can be done about it.
#[component]
pub(super) fn Keeping(stepper: StepperState) -> impl IntoView {
    let session = Session::get();
    persist(stepper);
    let about = "Chaque réponse est gardée aussitôt sur cet appareil, puis enregistrée par le service en quelques secondes. Vous pouvez fermer la page et revenir quand vous voulez. La copie gardée sur cet appareil est effacée quand la demande est envoyée ou supprimée, quand vous vous déconnectez, ou 30 jours après votre dernière réponse enregistrée.";
    if session.api().is_local() {
        let about = "Dans cette démonstration, vos réponses et vos fichiers sont gardés sur cet appareil, et nulle part ailleurs, jusqu’à ce que vous supprimiez la demande.";
        return details().child(div().child(paragraph(about)).child(export(stepper)));
    }
    let sure = RwSignal::new(false);
    let ways = move || if sure.get() { doubted(stepper, sure) } else { erase(stepper, sure) };
    details().child(div().child(paragraph(about)).child(shared(stepper)).child(export(stepper)).child(live(ways)))
}

/// Once this device alone has something, the browser is asked to hold on to it. A portal's storage is the portal's.
fn persist(stepper: StepperState) {
    let (session, host) = (Session::get(), Host::get());
    let StepperState { filling, .. } = stepper;
    if host.is_portal() {
        return;
    }
    let is_only_here = computed(move |_| {
        filling.draft.status().with(|status| match status.saved_to {
            _ if status.persistence != Persistence::Local => false,
            SavedTo::Device(_) => true,
            SavedTo::Server | SavedTo::OnTheWay => session.api().is_local(),
            SavedTo::Nowhere | SavedTo::Over => false,
        })
    });
    watch(move || {
        if is_only_here.get() {
            device::persist();
        }
    });
}

fn details() -> Element {
    html::details().attr("class", "help keeping").child(html::summary().child("Où sont gardées mes réponses ?"))
}

/// On a shared computer, nothing stays once the tab is closed.
fn shared(stepper: StepperState) -> AnyView {
    let session = Session::get();
    let StepperState { filling, .. } = stepper;
    if !session.device().can_be_shared() {
        return ().into_any();
    }
    let shared = RwSignal::new(device::is_shared());
    let tick = move |event| {
        if let Some(copies) = session.copies() {
            copies.share(event_target_checked(&event));
        }
        session.remember(&session.identity().get_untracked());
        shared.set(event_target_checked(&event));
        filling.draft.persistence_changed();
    };
    let input = input().attr("type", "checkbox").prop("checked", holds(move || shared.get())).on(ev::change, tick);
    let help = "La copie gardée sur cet appareil est effacée dès que vous fermez l’onglet.";
    choice(input, "Cet ordinateur est partagé", help, Some("shared-computer")).into_any()
}

fn export(stepper: StepperState) -> Element {
    let about = "Vous pouvez aussi garder une copie de vos réponses dans un fichier, et l’importer plus tard depuis « Mes demandes ».";
    let press = move || {
        stepper.filling.form.collect();
        files::export(&stepper.filling.form.draft());
    };
    div().attr("class", "question").child(paragraph(about)).child(p().attr("class", "actions").child(button(
        "button",
        "Exporter dans un fichier",
        press,
    )))
}

fn erase(stepper: StepperState, sure: RwSignal<bool>) -> Element {
    let focus = Focus::get();
    let press = move || {
        let is_elsewhere = stepper.filling.draft.status().with_untracked(|status| {
            let is_saved = matches!(status.saved_to, SavedTo::Server | SavedTo::Nowhere);
            is_saved && status.conflicts.is_empty()
        });
        if is_elsewhere {
            stepper.leave_for_good();
        } else {
            sure.set(true);
            focus.on(".keeping .sure button:last-child");
        }
    };
    p().attr("class", "actions").child(button("button", "Effacer de cet appareil", press))
}

fn doubted(stepper: StepperState, sure: RwSignal<bool>) -> Element {
    let focus = Focus::get();
    let keep = move || {
        sure.set(false);
        focus.on(".keeping > div > .actions button");
    };
    doubt("Effacer de cet appareil", move || stepper.leave_for_good(), keep)
}

/// Asks whether to erase what nobody else has.
pub(super) fn doubt(about: &str, erase: impl Fn() + 'static, keep: impl Fn() + 'static) -> Element {
    div()
        .attr("class", "sure")
        .attr("role", "group")
        .attr("aria-label", about)
        .child(span().child("Des réponses ne sont enregistrées nulle part ailleurs. Les effacer pour de bon ?"))
        .child(button("quiet danger", "Oui, effacer", erase))
        .child(button("quiet", "Non, les garder", keep))
}
