//! Signing out: what the server lacks is sent first, and what it still lacks then is asked about.

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

use leptos::reactive::spawn_local;

use super::{App, HEADING, Identity};
use crate::api::Filter;
use crate::clock;
use crate::closing;
use crate::device::Keeping;
use crate::dom::{Element, View, button, element, paragraph};
use crate::draft::{Draft, leftovers};
use crate::files;
use crate::model::Id;
use crate::model::saving::{DeviceCopy, Failure};
use crate::model::wire::RequestSummary;
use crate::navigation::Place;
use crate::pages;
use crate::rest;

/// How far signing out is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parting {
    /// Nobody signs out, or they are asked something first.
    No,
    /// What the server lacks is on its way there.
    Saving,
    /// The session is being ended.
    Ending,
}

impl App {
    /// Signs out, once what was typed is on the server, or the person said what is to become of it.
    pub(super) fn sign_out(self) {
        if self.parting.get_untracked() != Parting::No {
            return;
        }
        self.parting.set(Parting::Saving);
        spawn_local(async move {
            match rest::load().await {
                // The application may be gone.
                _ if self.parting.is_disposed() => {}
                Ok(rest) => (rest.sign_out)(self),
                Err(_) => self.failed_to_sign_out(),
            }
        });
    }

    fn failed_to_sign_out(self) {
        self.parting.set(Parting::No);
        self.warn("La déconnexion n’a pas abouti. Réessayez ; si cela continue, vérifiez votre accès à internet.");
    }
}

/// Sends what the open draft has, and others that were left unsent, then signs out or asks.
pub(crate) fn sign_out(app: App) {
    let Some(copies) = app.copies() else { return app.parting.set(Parting::No) };
    let open = app.draft.get_untracked();
    let owner = Owner::new();
    let left = owner.with(|| leftovers::send(&copies, &app.api(), open.map(Draft::id).as_ref()));
    end_drafts(app);
    app.parting_with.set_value(Some(owner));
    let drafts: Vec<_> = open.into_iter().chain(left).collect();
    // One more: nothing is settled before everything is waited for.
    let settled = once_all(drafts.len() + 1, move || {
        if app.parting.try_get_untracked() == Some(Parting::Saving) {
            go_on(app);
        }
    });
    for draft in drafts {
        draft.once_settled(settled.clone());
    }
    settled();
    if app.parting.get_untracked() == Parting::Saving {
        app.announce("Enregistrement en cours…");
    }
}

/// Nobody waits any more for what is on its way: it is on this device, too.
fn end_drafts(app: App) {
    if let Some(owner) = app.parting_with.try_update_value(Option::take).flatten() {
        // One of them may be telling that it is settled.
        spawn_local(async move { owner.cleanup() });
    }
}

/// Signs out, unless the server lacks something still.
fn go_on(app: App) {
    end_drafts(app);
    if app.copies().is_some_and(|copies| !copies.unsent().is_empty()) {
        ask(app);
    } else if closing::would_lose_something() {
        app.parting.set(Parting::No);
        app.warn("Des fichiers ne sont pas encore arrivés. Attendez la fin de leur envoi, ou retirez-les, puis déconnectez-vous.");
    } else {
        confirm(app);
    }
}

fn ask(app: App) {
    app.parting.set(Parting::No);
    app.leaving.set(true);
}

/// Makes sure that the server still holds what it acknowledged before this device forgets it, then signs out: a server that
/// came back from a backup may have lost it.
fn confirm(app: App) {
    let Some(copies) = app.copies().filter(|copies| !copies.list().is_empty()) else { return leave(app) };
    app.parting.set(Parting::Ending);
    let asking = app.api().requests(&Filter::default());
    spawn_local(async move {
        let answer = asking.await;
        if app.parting.try_get_untracked() != Some(Parting::Ending) {
            return;
        }
        let listed = match answer {
            Ok(page) => page.requests,
            // The session is over: nothing can be asked any more.
            Err(error) if error.failure() == Failure::SignedOut => return leave(app),
            Err(_) => return app.failed_to_sign_out(),
        };
        let is_doubtful = |(id, copy): &(Id, DeviceCopy)| {
            copy.base.as_ref().is_some_and(|base| {
                let is_held = |held: &RequestSummary| {
                    held.id == *id && held.revision == base.revision && held.updated_at == base.saved_at
                };
                !listed.iter().any(is_held)
            })
        };
        let doubtful: Vec<_> = copies.list().into_iter().filter(is_doubtful).collect();
        let open = app.draft.get_untracked().filter(|draft| doubtful.iter().any(|(id, _)| *id == draft.id()));
        let others = doubtful.into_iter().filter(|(id, _)| open.is_none_or(|draft| draft.id() != *id)).collect();
        let owner = Owner::new();
        let others = owner.with(|| leftovers::confirm(&copies, &app.api(), others));
        app.parting_with.set_value(Some(owner));
        let settled = once_all(1 + others.len() + usize::from(open.is_some()), move || {
            end_drafts(app);
            if app.parting.try_get_untracked() != Some(Parting::Ending) {
                return;
            }
            if app.copies().is_some_and(|copies| !copies.unsent().is_empty()) {
                ask(app);
            } else {
                leave(app);
            }
        });
        for draft in others {
            draft.once_settled(settled.clone());
        }
        if let Some(draft) = open {
            draft.confirm(settled.clone());
        }
        settled();
    });
}

/// Does something when what this returns was called so many times.
fn once_all(times: usize, then: impl Fn() + 'static) -> impl Fn() + Clone {
    let (left, then) = (Rc::new(Cell::new(times)), Rc::new(then));
    move || {
        left.set(left.get().saturating_sub(1));
        if left.get() == 0 {
            then();
        }
    }
}

/// What the button says by which one signs out.
pub(super) fn words(app: App) -> &'static str {
    match app.parting.get() {
        Parting::No => "Se déconnecter",
        Parting::Saving => "Enregistrement…",
        Parting::Ending => "Déconnexion…",
    }
}

/// What is said while the last answers are on their way, which may take long, and the ways not to wait for them.
pub(crate) fn under_way(app: App) -> View {
    let stay = move || {
        app.parting.set(Parting::No);
        end_drafts(app);
        app.focus(HEADING);
        app.announce("La déconnexion est annulée");
    };
    let ways = element("p")
        .class("actions")
        .child(button("button", "Ne pas attendre", move || go_on(app)))
        .child(button("quiet", "Ne pas se déconnecter", stay));
    let words = "Enregistrement en cours… La déconnexion se fera dès que vos réponses seront enregistrées.";
    element("div").class("note parting").child(paragraph(words)).child(ways).into()
}

fn leave(app: App) {
    app.parting.set(Parting::Ending);
    let leaving = app.api().sign_out();
    spawn_local(async move {
        match leaving.await {
            // The application may be gone.
            _ if app.leaving.is_disposed() => {}
            // Only the service itself can say that the session is over.
            Err(error) if error.failure() != Failure::SignedOut => app.failed_to_sign_out(),
            _ => {
                if let Some(copies) = app.copies() {
                    copies.forget_what_is_saved();
                }
                app.identify(Identity::Nobody);
                app.leaving.set(false);
                app.parting.set(Parting::No);
                app.navigation.go(&Place::Start);
                app.announce("La déconnexion est faite");
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
    let keep = (keeping != Keeping::Memory)
        .then(|| button("button main", "Les garder et se déconnecter", move || leave(app)));
    let ways = element("div")
        .class("actions")
        .child(keep)
        .child(button("button", "Les exporter dans un fichier", export))
        .child(button("button danger", "Les effacer et se déconnecter", erase));
    let stay = element("p").child(button("quiet", "Ne pas se déconnecter", move || app.leaving.set(false)));
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
