//! Choices of the person about where their answers are kept.

use leptos::ev;
use leptos::prelude::*;

use super::state::StepperState;
use crate::components::{Confirm, button, choice, paragraph};
use crate::context::{Focus, Host, Session};
use crate::device::{self, Persistence};
use crate::effect::{computed, watch};
use crate::html::{self, div, holds, input, live, p};
use crate::model::saving::SavedTo;

/// Tells where the answers are kept, and lets the person export and erase them.
#[component]
pub(super) fn StorageChoices(stepper: StepperState) -> impl IntoView {
    let session = Session::get();
    ask_to_persist(stepper);
    let is_local = session.api().is_local();
    let about = if is_local {
        "Dans cette démonstration, vos réponses et vos fichiers sont gardés sur cet appareil, et nulle part ailleurs, jusqu’à ce que vous supprimiez la demande ou utilisiez « Tout effacer », dans « Mes demandes »."
    } else {
        "Chaque réponse est gardée aussitôt sur cet appareil, puis enregistrée par le service en quelques secondes. Vous pouvez fermer la page et revenir quand vous voulez. La copie gardée sur cet appareil est effacée quand la demande est envoyée ou supprimée, quand vous vous déconnectez, ou 30 jours après votre dernière réponse enregistrée. Si des réponses ne sont pas encore enregistrées quand vous vous déconnectez, vous choisissez de les garder ou non."
    };
    let content = div()
        .child(paragraph(about))
        .child((!is_local && session.device().can_be_shared()).then(|| view! { <SharedComputer stepper /> }))
        .child(view! { <Export stepper /> })
        .child((!is_local).then(|| view! { <Erase stepper /> }));
    html::details()
        .attr("class", "help storage-details")
        .child(html::summary().child("Où sont gardées mes réponses ?"))
        .child(content)
}

/// Asks the browser to persist the storage of this site once only this device has some answers. In a portal the storage is
/// the portal's, which decides itself.
fn ask_to_persist(stepper: StepperState) {
    let (session, host) = (Session::get(), Host::get());
    let StepperState { context, .. } = stepper;
    if host.is_portal() {
        return;
    }
    let is_only_here = computed(move |_| {
        context.draft.status().with(|status| match status.saved_to {
            _ if status.persistence != Persistence::Local => false,
            SavedTo::Device(_) => true,
            SavedTo::Server | SavedTo::OnTheWay => session.api().is_local(),
            SavedTo::Nowhere | SavedTo::Erased => false,
        })
    });
    watch(move || {
        if is_only_here.get() {
            device::persist();
        }
    });
}

/// Lets the person say that the computer is shared: the copies of this device then go with the tab.
#[component]
fn SharedComputer(stepper: StepperState) -> impl IntoView {
    let session = Session::get();
    let is_shared = RwSignal::new(device::is_shared());
    let tick = move |event| {
        if let Some(copies) = session.copies() {
            copies.set_shared(event_target_checked(&event));
        }
        session.persist_identity(&session.identity().get_untracked());
        is_shared.set(event_target_checked(&event));
        stepper.context.draft.persistence_changed();
    };
    let input = input().attr("type", "checkbox").prop("checked", holds(move || is_shared.get())).on(ev::change, tick);
    let help = "La copie gardée sur cet appareil est effacée dès que vous fermez l’onglet.";
    choice(input, "Cet ordinateur est partagé", help, Some("shared-computer"))
}

/// Lets the person save the answers in a file.
#[component]
fn Export(stepper: StepperState) -> impl IntoView {
    let about = "Vous pouvez aussi garder une copie de vos réponses dans un fichier, et l’importer plus tard depuis « Mes demandes ».";
    let export = move || stepper.export();
    div().attr("class", "question").child(paragraph(about)).child(p().attr("class", "actions").child(button(
        "button",
        "Exporter dans un fichier",
        export,
    )))
}

/// Lets the person erase the device's copy, once they confirmed where nobody else has the answers.
#[component]
fn Erase(stepper: StepperState) -> impl IntoView {
    let focus = Focus::get();
    let asks = RwSignal::new(false);
    let erase = move || {
        let is_elsewhere = stepper.context.draft.status().with_untracked(|status| {
            let is_saved = matches!(status.saved_to, SavedTo::Server | SavedTo::Nowhere);
            is_saved && status.conflicts.is_empty()
        });
        if is_elsewhere {
            stepper.erase_and_leave();
        } else {
            asks.set(true);
            focus.on(".storage-details .confirm button:last-child");
        }
    };
    let cancel = move || {
        asks.set(false);
        focus.on(".storage-details > div > .actions button");
    };
    let words = "Effacer de cet appareil";
    live(move || match asks.get() {
        false => p().attr("class", "actions").child(button("button", words, erase)).into_any(),
        true => view! { <ConfirmErase about=words erase=move || stepper.erase_and_leave() cancel /> }.into_any(),
    })
}

/// Asks whether to erase answers that nobody else has.
#[component]
pub(super) fn ConfirmErase(
    about: &'static str,
    erase: impl Fn() + 'static,
    cancel: impl Fn() + 'static,
) -> impl IntoView {
    let question = "Des réponses ne sont enregistrées nulle part ailleurs. Les effacer définitivement ?";
    view! { <Confirm about question yes="Oui, effacer" no="Non, les garder" confirm=erase cancel /> }
}
