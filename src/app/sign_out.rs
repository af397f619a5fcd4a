//! Signing out: answers that the server lacks are sent first; for those that it still lacks then, the person decides.

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use crate::api::Filter;
use crate::browser::timers::set_timeout;
use crate::browser::{location, unload};
use crate::components::{Sheet, button, paragraph};
use crate::context::{Announcer, CurrentDraft, Focus, HEADING, Identity, Session, SignOut, SignOutState};
use crate::device::Persistence;
use crate::draft::{DeviceCopies, OpenDraft, unsent};
use crate::effect::spawn;
use crate::files;
use crate::html::{div, li, p, strong, ul};
use crate::lazy::deferred;
use crate::model::Id;
use crate::model::saving::{DeviceCopy, Failure};
use crate::model::wire::RequestSummary;
use crate::navigation::{Navigation, Place};
use crate::texts::{dates, named};

/// Time after which the page to which a person goes has surely come.
const ONCE_THERE: Duration = Duration::from_millis(200);

/// Words where the identity provider, which does not answer, still lets the person in.
const STILL_AT_PROVIDER: &str = "La déconnexion est faite ici, mais pas chez ProConnect, qui ne répond pas et pourrait vous reconnecter sans rien demander. Si d’autres personnes utilisent cet ordinateur, fermez toutes les fenêtres de votre navigateur.";

/// Contexts that signing out acts on, for as long as it takes.
#[derive(Clone, Copy)]
struct SigningOut {
    announcer: Announcer,
    focus: Focus,
    navigation: Navigation,
    current_draft: CurrentDraft,
    session: Session,
    progress: SignOut,
}

impl SigningOut {
    fn get() -> Self {
        Self {
            announcer: Announcer::get(),
            focus: Focus::get(),
            navigation: Navigation::get(),
            current_draft: CurrentDraft::get(),
            session: Session::get(),
            progress: SignOut::get(),
        }
    }

    fn fail(self) {
        let words = "La déconnexion n’a pas abouti. Réessayez ; si cela continue, vérifiez votre accès à internet.";
        self.stop();
        self.announcer.warn(words);
    }

    /// Tells that the identity provider still lets the person in. It waits, because going to another page takes warnings away.
    fn warn_of_provider(self) {
        let warn = move || {
            if !self.progress.state.is_disposed() {
                self.announcer.warn(STILL_AT_PROVIDER);
            }
        };
        set_timeout(warn, ONCE_THERE);
    }

    /// Stops waiting; the question stays where it shows.
    fn stop(self) {
        self.set(self.state().stopped());
    }

    fn state(self) -> SignOutState {
        self.progress.state.get_untracked()
    }

    fn set(self, state: SignOutState) {
        self.progress.state.set(state);
    }

    /// Returns whether the last answers are being sent. The application may have ended meanwhile.
    fn is_saving(self) -> bool {
        matches!(self.progress.state.try_get_untracked(), Some(SignOutState::Saving { .. }))
    }

    /// Returns whether the session is being ended. The application may have ended meanwhile.
    fn is_ending(self) -> bool {
        matches!(self.progress.state.try_get_untracked(), Some(SignOutState::Ending { .. }))
    }

    /// Sets the state to `Ending`.
    fn set_ending(self) {
        self.set(SignOutState::Ending { question: self.state().shows_question() });
    }

    /// Returns whether this device has answers that the server lacks.
    fn has_unsent(self) -> bool {
        self.session.copies().is_some_and(|copies| copies.has_unsent())
    }

    /// Sends the unsent answers of the open draft and of all others, then signs out or asks.
    fn send_unsent(self) {
        let Some(copies) = self.session.copies() else { return self.stop() };
        let open = self.current_draft.draft().get_untracked();
        let owner = Owner::new();
        let left = owner.with(|| unsent::send(&copies, &self.session.api(), open.map(OpenDraft::id).as_ref()));
        self.end_drafts();
        self.progress.drafts.set_value(Some(owner));
        let drafts: Vec<_> = open.into_iter().chain(left).collect();
        // One more call, so that `then` cannot run before every draft is waited for.
        let settled = once_all(drafts.len() + 1, move || {
            if self.is_saving() {
                self.finish();
            }
        });
        for draft in drafts {
            draft.once_settled(settled.clone());
        }
        settled();
        if self.is_saving() {
            self.announcer.announce("Enregistrement en cours…");
        }
    }

    /// Stops sending the other drafts: this device has their answers too.
    fn end_drafts(self) {
        if let Some(owner) = self.progress.drafts.try_update_value(Option::take).flatten() {
            // A draft may be calling back at this moment: its owner outlasts the call.
            spawn(async move { owner.cleanup() });
        }
    }

    /// Signs out, unless the server still lacks something.
    fn finish(self) {
        self.end_drafts();
        if self.has_unsent() {
            self.ask_person();
        } else if unload::would_lose_data() {
            self.stop();
            self.announcer.warn("Des fichiers ne sont pas encore arrivés. Attendez la fin de leur envoi, ou retirez-les, puis déconnectez-vous.");
        } else {
            self.verify();
        }
    }

    /// Asks the person what becomes of answers that the server lacks.
    fn ask_person(self) {
        self.set(SignOutState::Asking);
    }

    /// Verifies that the server still holds what it acknowledged, then signs out.
    ///
    /// A server that was restored from a backup may have lost it, and this device is about to forget it.
    fn verify(self) {
        let Some(copies) = self.session.copies().filter(|copies| !copies.list().is_empty()) else {
            return self.leave();
        };
        self.set_ending();
        let asking = self.session.service().requests(&Filter::default());
        spawn(async move {
            let answer = asking.await;
            if !self.is_ending() {
                return;
            }
            let listed = match answer {
                Ok(page) => page.requests,
                // The session has ended: the server answers no question.
                Err(error) if error.failure() == Failure::SignedOut => return self.leave(),
                Err(_) => return self.fail(),
            };
            let doubtful: Vec<_> =
                copies.list().into_iter().filter(|(id, copy)| is_doubtful(id, copy, &listed)).collect();
            let open = self.current_draft.draft().get_untracked();
            let open = open.filter(|draft| doubtful.iter().any(|(id, _)| *id == draft.id()));
            let others = doubtful.into_iter().filter(|(id, _)| open.is_none_or(|draft| draft.id() != *id)).collect();
            let owner = Owner::new();
            let others = owner.with(|| unsent::verify(&copies, &self.session.api(), others));
            self.progress.drafts.set_value(Some(owner));
            let settled = once_all(1 + others.len() + usize::from(open.is_some()), move || {
                self.end_drafts();
                if !self.is_ending() {
                    return;
                }
                if self.has_unsent() {
                    self.ask_person();
                } else {
                    self.leave();
                }
            });
            for draft in others {
                draft.once_settled(settled.clone());
            }
            if let Some(draft) = open {
                draft.refresh(settled.clone());
            }
            settled();
        });
    }

    /// Ends the session. What the server lacks stays on this device.
    fn leave(self) {
        self.leave_then(|_| {});
    }

    /// Ends the session, then does something with the copies of this device; nothing where the session does not end.
    fn leave_then(self, then: fn(&DeviceCopies)) {
        self.set_ending();
        let ending = self.session.service().sign_out();
        spawn(async move {
            match ending.await {
                // The application may be gone.
                _ if self.progress.state.is_disposed() => {}
                // Only the service itself can say that the session is over.
                Err(error) if error.failure() != Failure::SignedOut => self.fail(),
                ended => {
                    if let Some(copies) = self.session.copies() {
                        then(&copies);
                        copies.erase_saved();
                    }
                    self.session.set_identity(Identity::SignedOut);
                    self.progress.reset();
                    self.navigation.go(&Place::Start);
                    self.focus.on(HEADING);
                    match ended {
                        Ok(Some(address)) if address.is_empty() => self.warn_of_provider(),
                        ended => {
                            self.announcer.announce("La déconnexion est faite");
                            // The session is over here already: whatever comes of it there keeps nobody signed in.
                            if let Ok(Some(address)) = ended {
                                location::go(&address);
                            }
                        }
                    }
                }
            }
        });
    }
}

/// Signs out once the server has every answer, or the person decided what becomes of those that it lacks.
pub(super) fn sign_out() {
    let signing_out = SigningOut::get();
    let question = signing_out.state().shows_question();
    if !matches!(signing_out.state(), SignOutState::Idle | SignOutState::Asking) {
        return;
    }
    signing_out.set(SignOutState::Saving { question });
    spawn(async move {
        let begun = begin(signing_out).await;
        // The application may be gone.
        if begun.is_err() && !signing_out.progress.state.is_disposed() {
            signing_out.fail();
        }
    });
}

deferred! {
    /// Sends the unsent answers of the open draft and of all others, then signs out or asks.
    fn begin(signing_out: SigningOut) -> () {
        if !signing_out.progress.state.is_disposed() {
            signing_out.send_unsent();
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

/// Erases the copies with answers that the server lacks, in every tab.
fn erase_unsent(copies: &DeviceCopies) {
    copies.unsent().iter().for_each(|(id, _)| copies.erase_in_all_tabs(id));
    copies.typed_notes().iter().for_each(|id| copies.erase_all_of(id));
    copies.erase_team_texts();
}

/// Returns whether a copy builds on a revision that the server does not list: it may have lost that one.
fn is_doubtful(id: &Id, copy: &DeviceCopy, listed: &[RequestSummary]) -> bool {
    copy.base.as_ref().is_some_and(|base| {
        let is_held = |held: &RequestSummary| {
            held.id == *id && held.revision == base.revision && held.updated_at == base.saved_at
        };
        !listed.iter().any(is_held)
    })
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
    let signing_out = SigningOut::get();
    let cancel = move || {
        signing_out.stop();
        signing_out.end_drafts();
        signing_out.focus.on(HEADING);
        signing_out.announcer.announce("La déconnexion est annulée");
    };
    let actions = p()
        .attr("class", "actions")
        .child(button("button", "Ne pas attendre", move || signing_out.finish()))
        .child(button("quiet", "Ne pas se déconnecter", cancel));
    let words = "Enregistrement en cours… La déconnexion se fera dès que vos réponses seront enregistrées.";
    div().attr("class", "note sign-out").child(paragraph(words)).child(actions)
}

/// Asks what becomes of answers that the server lacks.
#[component]
fn UnsentQuestion() -> impl IntoView {
    let signing_out = SigningOut::get();
    let unsent = signing_out.session.copies().map_or(Vec::new(), |copies| copies.unsent());
    let item = |(_, copy): &(Id, DeviceCopy)| {
        let about = ["modifiée le ", &dates::day_and_time_of(copy.changed_at)].concat();
        let name = strong().child(named(copy.mine.project.name.trimmed()).to_owned());
        li().child(name).child(", ").child(about)
    };
    let notes = signing_out.session.copies().map_or(0, |copies| copies.typed_notes().len());
    let notes = (notes > 0).then(|| {
        li().child("Ce que vous avez écrit ou joint pour l’équipe FranceConnect ou pour un collègue, sans l’envoyer")
    });
    let team = signing_out.session.copies().is_some_and(|copies| copies.has_team_texts());
    let team =
        team.then(|| li().child("Ce que vous avez écrit ou joint sur des demandes que vous examinez, sans l’envoyer"));
    let items: Vec<_> = unsent.iter().map(item).chain(notes).chain(team).collect();
    let persistence = signing_out.session.device().persistence();
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
        signing_out.announcer.announce("Réponses exportées");
    };
    let erase = move || signing_out.leave_then(erase_unsent);
    let keep = (persistence != Persistence::Memory)
        .then(|| button("button primary", "Les garder et se déconnecter", move || signing_out.leave()));
    let actions = div()
        .attr("class", "actions")
        .child(keep)
        .child(button("button", "Les exporter dans un fichier", export))
        .child(button("button danger", "Les effacer et se déconnecter", erase));
    let cancel = p().child(button("quiet", "Ne pas se déconnecter", move || signing_out.set(SignOutState::Idle)));
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
