//! Signing out: what the server lacks is sent first, and what it still lacks then is asked about.

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

use crate::api::Filter;
use crate::clock;
use crate::closing;
use crate::components::{Sheet, button, paragraph};
use crate::context::{Announcer, CurrentDraft, Focus, HEADING, Identity, Session, SignOut, SigningOut};
use crate::device::Persistence;
use crate::draft::{OpenDraft, unsent};
use crate::effect::spawn;
use crate::files;
use crate::html::{div, li, p, strong, ul};
use crate::lazy::deferred;
use crate::model::Id;
use crate::model::saving::{DeviceCopy, Failure};
use crate::model::wire::RequestSummary;
use crate::navigation::{Navigation, Place};
use crate::texts::named;

/// The contexts that signing out acts on, for as long as it takes.
#[derive(Clone, Copy)]
struct Context {
    announcer: Announcer,
    focus: Focus,
    navigation: Navigation,
    open: CurrentDraft,
    session: Session,
    sign_out: SignOut,
}

impl Context {
    fn get() -> Self {
        Self {
            announcer: Announcer::get(),
            focus: Focus::get(),
            navigation: Navigation::get(),
            open: CurrentDraft::get(),
            session: Session::get(),
            sign_out: SignOut::get(),
        }
    }

    fn fail(self) {
        let words = "La déconnexion n’a pas abouti. Réessayez ; si cela continue, vérifiez votre accès à internet.";
        self.sign_out.progress.set(SigningOut::No);
        self.announcer.warn(words);
    }
}

/// Signs out, once what was typed is on the server, or the person said what is to become of it.
pub(super) fn sign_out() {
    let context = Context::get();
    let progress = context.sign_out.progress;
    if progress.get_untracked() != SigningOut::No {
        return;
    }
    progress.set(SigningOut::Saving);
    spawn(async move {
        let begun = begin(context).await;
        // The application may be gone.
        if begun.is_err() && !progress.is_disposed() {
            context.fail();
        }
    });
}

deferred! {
    /// Sends what the open draft has, and others that were left unsent, then signs out or asks.
    fn begin(context: Context) -> () {
        if !context.sign_out.progress.is_disposed() {
            send_what_is_unsent(context);
        }
    }

    /// Draws what is said while the last answers are on their way, which may take long, and the ways not to wait for them.
    pub(super) fn under_way() -> AnyView {
        UnderWay().into_any()
    }

    /// Draws the question what is to become of answers that the server lacks.
    pub(super) fn question() -> AnyView {
        Question().into_any()
    }
}

fn send_what_is_unsent(context: Context) {
    let Some(copies) = context.session.copies() else { return context.sign_out.progress.set(SigningOut::No) };
    let open = context.open.draft().get_untracked();
    let owner = Owner::new();
    let left = owner.with(|| unsent::send(&copies, &context.session.api(), open.map(OpenDraft::id).as_ref()));
    end_drafts(context);
    context.sign_out.drafts.set_value(Some(owner));
    let drafts: Vec<_> = open.into_iter().chain(left).collect();
    // One more: nothing is settled before everything is waited for.
    let settled = once_all(drafts.len() + 1, move || {
        if context.sign_out.progress.try_get_untracked() == Some(SigningOut::Saving) {
            go_on(context);
        }
    });
    for draft in drafts {
        draft.once_settled(settled.clone());
    }
    settled();
    if context.sign_out.progress.get_untracked() == SigningOut::Saving {
        context.announcer.announce("Enregistrement en cours…");
    }
}

/// Nobody waits any more for what is on its way: it is on this device, too.
fn end_drafts(context: Context) {
    if let Some(owner) = context.sign_out.drafts.try_update_value(Option::take).flatten() {
        // One of them may be telling that it is settled.
        spawn(async move { owner.cleanup() });
    }
}

/// Signs out, unless the server lacks something still.
fn go_on(context: Context) {
    end_drafts(context);
    if context.session.copies().is_some_and(|copies| !copies.unsent().is_empty()) {
        ask(context);
    } else if closing::would_lose_something() {
        context.sign_out.progress.set(SigningOut::No);
        context.announcer.warn("Des fichiers ne sont pas encore arrivés. Attendez la fin de leur envoi, ou retirez-les, puis déconnectez-vous.");
    } else {
        confirm(context);
    }
}

fn ask(context: Context) {
    context.sign_out.progress.set(SigningOut::No);
    context.sign_out.asks.set(true);
}

/// Makes sure that the server still holds what it acknowledged before this device forgets it, then signs out: a server that
/// came back from a backup may have lost it.
fn confirm(context: Context) {
    let Some(copies) = context.session.copies().filter(|copies| !copies.list().is_empty()) else {
        return leave(context);
    };
    context.sign_out.progress.set(SigningOut::Ending);
    let asking = context.session.service().requests(&Filter::default());
    spawn(async move {
        let answer = asking.await;
        if context.sign_out.progress.try_get_untracked() != Some(SigningOut::Ending) {
            return;
        }
        let listed = match answer {
            Ok(page) => page.requests,
            // The session is over: nothing can be asked any more.
            Err(error) if error.failure() == Failure::SignedOut => return leave(context),
            Err(_) => return context.fail(),
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
        let open =
            context.open.draft().get_untracked().filter(|draft| doubtful.iter().any(|(id, _)| *id == draft.id()));
        let others = doubtful.into_iter().filter(|(id, _)| open.is_none_or(|draft| draft.id() != *id)).collect();
        let owner = Owner::new();
        let others = owner.with(|| unsent::confirm(&copies, &context.session.api(), others));
        context.sign_out.drafts.set_value(Some(owner));
        let settled = once_all(1 + others.len() + usize::from(open.is_some()), move || {
            end_drafts(context);
            if context.sign_out.progress.try_get_untracked() != Some(SigningOut::Ending) {
                return;
            }
            if context.session.copies().is_some_and(|copies| !copies.unsent().is_empty()) {
                ask(context);
            } else {
                leave(context);
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
pub(super) fn words(progress: SigningOut) -> &'static str {
    match progress {
        SigningOut::No => "Se déconnecter",
        SigningOut::Saving => "Enregistrement…",
        SigningOut::Ending => "Déconnexion…",
    }
}

/// Tells that the last answers are on their way, and offers not to wait for them.
#[component]
fn UnderWay() -> impl IntoView {
    let context = Context::get();
    let stay = move || {
        context.sign_out.progress.set(SigningOut::No);
        end_drafts(context);
        context.focus.on(HEADING);
        context.announcer.announce("La déconnexion est annulée");
    };
    let ways = p()
        .attr("class", "actions")
        .child(button("button", "Ne pas attendre", move || go_on(context)))
        .child(button("quiet", "Ne pas se déconnecter", stay));
    let words = "Enregistrement en cours… La déconnexion se fera dès que vos réponses seront enregistrées.";
    div().attr("class", "note parting").child(paragraph(words)).child(ways)
}

fn leave(context: Context) {
    context.sign_out.progress.set(SigningOut::Ending);
    let leaving = context.session.service().sign_out();
    spawn(async move {
        match leaving.await {
            // The application may be gone.
            _ if context.sign_out.asks.is_disposed() => {}
            // Only the service itself can say that the session is over.
            Err(error) if error.failure() != Failure::SignedOut => context.fail(),
            _ => {
                if let Some(copies) = context.session.copies() {
                    copies.forget_what_is_saved();
                }
                context.session.identify(Identity::SignedOut);
                context.sign_out.asks.set(false);
                context.sign_out.progress.set(SigningOut::No);
                context.navigation.go(&Place::Start);
                context.announcer.announce("La déconnexion est faite");
                context.focus.on(HEADING);
            }
        }
    });
}

/// Asks what is to become of answers that the server lacks.
#[component]
fn Question() -> impl IntoView {
    let context = Context::get();
    let unsent = context.session.copies().map_or(Vec::new(), |copies| copies.unsent());
    let item = |(_, copy): &(Id, DeviceCopy)| {
        let about = ["modifiée le ", &clock::day_and_time_of(copy.changed_at)].concat();
        let name = strong().child(named(copy.mine.project.name.trimmed()).to_owned());
        li().child(name).child(", ").child(about)
    };
    let items: Vec<_> = unsent.iter().map(item).collect();
    let persistence = context.session.device().persistence();
    let kept = match persistence {
        Persistence::Local => {
            "Si vous les gardez, vous les retrouverez ici en vous reconnectant. Personne d’autre ne les verra sur ce site."
        }
        Persistence::Session => {
            "Si vous les gardez, vous les retrouverez en vous reconnectant dans cet onglet, tant qu’il reste ouvert."
        }
        Persistence::Memory => "Elles seront perdues si vous ne les exportez pas.",
    };
    let export = move || {
        for (_, copy) in &unsent {
            files::export(&copy.mine);
        }
        context.announcer.announce("Réponses exportées");
    };
    let erase = move || {
        if let Some(copies) = context.session.copies() {
            copies.unsent().iter().for_each(|(id, _)| copies.erase(id));
        }
        leave(context);
    };
    let keep = (persistence != Persistence::Memory)
        .then(|| button("button main", "Les garder et se déconnecter", move || leave(context)));
    let ways = div()
        .attr("class", "actions")
        .child(keep)
        .child(button("button", "Les exporter dans un fichier", export))
        .child(button("button danger", "Les effacer et se déconnecter", erase));
    let stay = p().child(button("quiet", "Ne pas se déconnecter", move || context.sign_out.asks.set(false)));
    view! {
        <Sheet title="Des réponses ne sont pas encore enregistrées">
            {paragraph("Elles ne sont que sur cet appareil. Choisissez ce qu’elles deviennent avant de vous déconnecter.")}
            {ul().child(items)}
            {paragraph(kept)}
            {ways}
            {stay}
        </Sheet>
    }
}
