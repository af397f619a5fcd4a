//! Signing out: answers that the server lacks are sent first; for those that it still lacks then, the person decides.

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

use crate::api::Filter;
use crate::browser::unload;
use crate::components::{Sheet, button, paragraph};
use crate::context::{Announcer, CurrentDraft, Focus, HEADING, Identity, Session, SignOut, SignOutState};
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
use crate::texts::{dates, named};

/// Contexts that signing out acts on, for as long as it takes.
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
        self.stop();
        self.announcer.warn(words);
    }

    /// Stops waiting; the question stays where it shows.
    fn stop(self) {
        self.set(self.state().stopped());
    }

    fn state(self) -> SignOutState {
        self.sign_out.state.get_untracked()
    }

    fn set(self, state: SignOutState) {
        self.sign_out.state.set(state);
    }

    /// Returns whether the last answers are being sent. The application may have ended meanwhile.
    fn is_saving(self) -> bool {
        matches!(self.sign_out.state.try_get_untracked(), Some(SignOutState::Saving { .. }))
    }

    /// Returns whether the session is being ended. The application may have ended meanwhile.
    fn is_ending(self) -> bool {
        matches!(self.sign_out.state.try_get_untracked(), Some(SignOutState::Ending { .. }))
    }

    /// Sets the state to `Ending`.
    fn set_ending(self) {
        self.set(SignOutState::Ending { question: self.state().shows_question() });
    }
}

/// Signs out once the server has every answer, or the person decided what becomes of those that it lacks.
pub(super) fn sign_out() {
    let context = Context::get();
    let question = context.state().shows_question();
    if !matches!(context.state(), SignOutState::Idle | SignOutState::Asking) {
        return;
    }
    context.set(SignOutState::Saving { question });
    spawn(async move {
        let begun = begin(context).await;
        // The application may be gone.
        if begun.is_err() && !context.sign_out.state.is_disposed() {
            context.fail();
        }
    });
}

deferred! {
    /// Sends the unsent answers of the open draft and of all others, then signs out or asks.
    fn begin(context: Context) -> () {
        if !context.sign_out.state.is_disposed() {
            send_unsent(context);
        }
    }

    /// Draws the notice that the last answers are being sent, with buttons not to wait for them.
    pub(super) fn saving_notice() -> AnyView {
        SavingNotice().into_any()
    }

    /// Draws the question about answers that the server lacks.
    pub(super) fn unsent_question() -> AnyView {
        UnsentQuestion().into_any()
    }
}

fn send_unsent(context: Context) {
    let Some(copies) = context.session.copies() else { return context.stop() };
    let open = context.open.draft().get_untracked();
    let owner = Owner::new();
    let left = owner.with(|| unsent::send(&copies, &context.session.api(), open.map(OpenDraft::id).as_ref()));
    end_drafts(context);
    context.sign_out.drafts.set_value(Some(owner));
    let drafts: Vec<_> = open.into_iter().chain(left).collect();
    // One more call, so that `then` cannot run before every draft is waited for.
    let settled = once_all(drafts.len() + 1, move || {
        if context.is_saving() {
            finish(context);
        }
    });
    for draft in drafts {
        draft.once_settled(settled.clone());
    }
    settled();
    if context.is_saving() {
        context.announcer.announce("Enregistrement en cours…");
    }
}

/// Stops sending the other drafts: this device has their answers too.
fn end_drafts(context: Context) {
    if let Some(owner) = context.sign_out.drafts.try_update_value(Option::take).flatten() {
        // A draft may be calling back at this moment: its owner outlasts the call.
        spawn(async move { owner.cleanup() });
    }
}

/// Signs out, unless the server still lacks something.
fn finish(context: Context) {
    end_drafts(context);
    if context.session.copies().is_some_and(|copies| !copies.unsent().is_empty()) {
        ask(context);
    } else if unload::would_lose_data() {
        context.stop();
        context.announcer.warn("Des fichiers ne sont pas encore arrivés. Attendez la fin de leur envoi, ou retirez-les, puis déconnectez-vous.");
    } else {
        verify(context);
    }
}

fn ask(context: Context) {
    context.set(SignOutState::Asking);
}

/// Verifies that the server still holds what it acknowledged, then signs out.
///
/// A server that was restored from a backup may have lost it, and this device is about to forget it.
fn verify(context: Context) {
    let Some(copies) = context.session.copies().filter(|copies| !copies.list().is_empty()) else {
        return leave(context);
    };
    context.set_ending();
    let asking = context.session.service().requests(&Filter::default());
    spawn(async move {
        let answer = asking.await;
        if !context.is_ending() {
            return;
        }
        let listed = match answer {
            Ok(page) => page.requests,
            // The session has ended: the server answers no question.
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
        let others = owner.with(|| unsent::verify(&copies, &context.session.api(), others));
        context.sign_out.drafts.set_value(Some(owner));
        let settled = once_all(1 + others.len() + usize::from(open.is_some()), move || {
            end_drafts(context);
            if !context.is_ending() {
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
            draft.verify(settled.clone());
        }
        settled();
    });
}

/// Returns a function whose call number `times` runs `then`.
fn once_all(times: usize, then: impl Fn() + 'static) -> impl Fn() + Clone {
    let (left, then) = (Rc::new(Cell::new(times)), Rc::new(then));
    move || {
        left.set(left.get().saturating_sub(1));
        if left.get() == 0 {
            then();
        }
    }
}

/// Returns the label of the button that signs out.
pub(super) fn button_label(state: SignOutState) -> &'static str {
    match state {
        SignOutState::Idle | SignOutState::Asking => "Se déconnecter",
        SignOutState::Saving { .. } => "Enregistrement…",
        SignOutState::Ending { .. } => "Déconnexion…",
    }
}

/// Tells that the last answers are being sent, and offers not to wait for them.
#[component]
fn SavingNotice() -> impl IntoView {
    let context = Context::get();
    let cancel = move || {
        context.stop();
        end_drafts(context);
        context.focus.on(HEADING);
        context.announcer.announce("La déconnexion est annulée");
    };
    let actions = p()
        .attr("class", "actions")
        .child(button("button", "Ne pas attendre", move || finish(context)))
        .child(button("quiet", "Ne pas se déconnecter", cancel));
    let words = "Enregistrement en cours… La déconnexion se fera dès que vos réponses seront enregistrées.";
    div().attr("class", "note sign-out").child(paragraph(words)).child(actions)
}

/// Ends the session.
fn leave(context: Context) {
    context.set_ending();
    let ending = context.session.service().sign_out();
    spawn(async move {
        match ending.await {
            // The application may be gone.
            _ if context.sign_out.state.is_disposed() => {}
            // Only the service itself can say that the session is over.
            Err(error) if error.failure() != Failure::SignedOut => context.fail(),
            _ => {
                if let Some(copies) = context.session.copies() {
                    copies.forget_what_is_saved();
                }
                context.session.set_identity(Identity::SignedOut);
                context.sign_out.reset();
                context.navigation.go(&Place::Start);
                context.announcer.announce("La déconnexion est faite");
                context.focus.on(HEADING);
            }
        }
    });
}

/// Asks what becomes of answers that the server lacks.
#[component]
fn UnsentQuestion() -> impl IntoView {
    let context = Context::get();
    let unsent = context.session.copies().map_or(Vec::new(), |copies| copies.unsent());
    let item = |(_, copy): &(Id, DeviceCopy)| {
        let about = ["modifiée le ", &dates::day_and_time_of(copy.changed_at)].concat();
        let name = strong().child(named(copy.mine.project.name.trimmed()).to_owned());
        li().child(name).child(", ").child(about)
    };
    let items: Vec<_> = unsent.iter().map(item).collect();
    let persistence = context.session.device().persistence();
    let kept = match persistence {
        Persistence::Local => {
            "Si vous les gardez, elles restent sur cet appareil, et vous les retrouverez ici en vous reconnectant. Ne les gardez pas sur un ordinateur que d’autres personnes utilisent."
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
        .then(|| button("button primary", "Les garder et se déconnecter", move || leave(context)));
    let actions = div()
        .attr("class", "actions")
        .child(keep)
        .child(button("button", "Les exporter dans un fichier", export))
        .child(button("button danger", "Les effacer et se déconnecter", erase));
    let cancel = p().child(button("quiet", "Ne pas se déconnecter", move || context.set(SignOutState::Idle)));
    view! {
        <Sheet title="Des réponses ne sont pas encore enregistrées">
            {paragraph("Elles ne sont que sur cet appareil. Choisissez ce qu’elles deviennent avant de vous déconnecter.")}
            {ul().child(items)}
            {paragraph(kept)}
            {actions}
            {cancel}
        </Sheet>
    }
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests;
