//! Following the link of an invitation: once, and told as it ends.

use leptos::prelude::*;

use crate::api::ApiError;
use crate::components::{button, link, paragraph};
use crate::context::{HEADING, Identity};
use crate::device;
use crate::effect::spawn;
use crate::html::{div, live, p};
use crate::model::Id;
use crate::model::wire::{FollowedInvitation, InvitationToFollow, Joining};
use crate::navigation::Place;
use crate::pages::acting::Acting;

/// Name of the token of an invitation in the address of its link.
const TOKEN: &str = "invitation";

/// Progress of following a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Followed {
    /// No link led here.
    Not,
    Pending,
    /// The person takes part now, in a request if it is told which.
    Joined(Option<Id>),
    /// The owner has to confirm that the person is meant.
    ToConfirm,
    /// The link opens nothing: unknown, used, old, or taken back.
    Nothing,
    /// No answer came.
    Unreachable,
}

impl Followed {
    /// Returns the outcome of an answer.
    pub(super) fn of(answer: Result<FollowedInvitation, ApiError>) -> Self {
        match answer {
            Ok(FollowedInvitation { state: Joining::Joined, request }) => Self::Joined(request),
            Ok(FollowedInvitation { state: Joining::ToConfirm, .. }) => Self::ToConfirm,
            Err(error) if matches!(error.status(), Some(400..=499)) => Self::Nothing,
            Err(_) => Self::Unreachable,
        }
    }
}

/// Follows the link that led here, if one did. `then` is called once the person takes part.
pub(super) fn follow_link(acting: Acting, followed: RwSignal<Followed>, then: impl Fn() + Copy + 'static) {
    let Some(token) = device::link_token(TOKEN) else { return };
    followed.set(Followed::Pending);
    let to_follow = InvitationToFollow { token: Some(token), invitation: None };
    let following = acting.session.sharing().follow_invitation(&to_follow);
    spawn(async move {
        let answer = following.await;
        if followed.is_disposed() {
            return;
        }
        if answer.as_ref().is_err_and(|error| error.status() == Some(401)) {
            // The token stays: signing in leads back here.
            return acting.session.set_identity(Identity::SignedOut);
        }
        let outcome = Followed::of(answer);
        if outcome != Followed::Unreachable {
            device::forget_link_token(TOKEN);
        }
        acting.announcer.announce(announcement(&outcome));
        let has_joined = matches!(outcome, Followed::Joined(_));
        followed.set(outcome);
        if has_joined {
            then();
        }
    });
}

fn announcement(outcome: &Followed) -> &'static str {
    match outcome {
        Followed::Joined(_) => "Vous participez à la demande",
        Followed::ToConfirm => "La personne titulaire doit confirmer",
        Followed::Nothing => "Ce lien n’ouvre plus rien",
        Followed::Not | Followed::Pending | Followed::Unreachable => "",
    }
}

/// Shows the outcome of the link that led here.
#[component]
pub(super) fn FollowedLink(acting: Acting, followed: RwSignal<Followed>, again: Callback<()>) -> impl IntoView {
    live(move || {
        match followed.get() {
        Followed::Not => ().into_any(),
        Followed::Pending => paragraph("Un instant…").attr("role", "status").into_any(),
        Followed::Joined(request) => {
            let open = request.map(|request| {
                p().attr("class", "actions")
                    .child(link(&Place::Request(request, None), "button primary", "Ouvrir la demande"))
            });
            div()
                .attr("class", "success")
                .child(paragraph("L’invitation est acceptée : vous participez à la demande. Vous la retrouverez dans « Mes demandes »."))
                .child(open)
                .into_any()
        }
        Followed::ToConfirm => div()
            .attr("class", "note")
            .child(paragraph("Cette invitation a été envoyée à une autre adresse que la vôtre. La personne qui vous invite doit confirmer que c’est bien vous : elle voit maintenant votre nom, votre adresse et votre organisation. Vous trouverez la demande dans « Mes demandes » dès qu’elle l’aura fait."))
            .into_any(),
        Followed::Nothing => div()
            .attr("class", "note")
            .child(paragraph("Ce lien n’ouvre plus rien : il a déjà servi, il a plus de 14 jours, ou l’invitation a été annulée. Demandez à la personne qui vous l’a envoyé de vous inviter de nouveau."))
            .into_any(),
        Followed::Unreachable => {
            let retry = move || {
                acting.focus.on(HEADING);
                again.run(());
            };
            div()
                .attr("class", "note")
                .child(paragraph("L’invitation n’a pas pu être ouverte. Vérifiez votre accès à internet, puis réessayez."))
                .child(p().attr("class", "actions").child(button("button", "Réessayer", retry)))
                .into_any()
        }
    }
    })
}

#[cfg(test)]
#[cfg(not(feature = "ssr"))]
mod tests {
    use super::*;
    use crate::model::wire::Problem;
    use crate::testing::app;

    /// Follows a link, and returns its outcome, with whether the token is still kept.
    fn follow(answer: Option<Result<FollowedInvitation, ApiError>>) -> (Followed, bool) {
        let app = app(Place::Invitations, false);
        device::keep_link_token(TOKEN, "E9Mel");
        app.api.script().followed.replace(answer);
        let followed = app.with(|| RwSignal::new(Followed::Not));
        app.with(|| follow_link(Acting::new(), followed, || ()));
        let outcome = followed.get_untracked();
        assert_eq!(*app.api.script().shared.borrow(), ["follow E9Mel"]);
        let is_kept = device::link_token(TOKEN).is_some();
        device::forget_link_token(TOKEN);
        app.end();
        (outcome, is_kept)
    }

    fn problem(status: u16) -> Option<Result<FollowedInvitation, ApiError>> {
        Some(Err(ApiError::Problem(Box::new(Problem::of(status)))))
    }

    #[test]
    fn a_link_is_followed_once_and_its_token_forgotten_with_the_answer() {
        let request = Id::new(0, [1; 10]);
        let joined = FollowedInvitation { state: Joining::Joined, request: Some(request.clone()) };
        assert_eq!(follow(Some(Ok(joined))), (Followed::Joined(Some(request)), false));
        let to_confirm = FollowedInvitation { state: Joining::ToConfirm, request: None };
        assert_eq!(follow(Some(Ok(to_confirm))), (Followed::ToConfirm, false));
        assert_eq!(follow(problem(404)), (Followed::Nothing, false));
    }

    #[test]
    fn the_token_outlasts_a_sign_in_and_a_network_that_fails() {
        assert_eq!(follow(None), (Followed::Unreachable, true));
        assert_eq!(follow(problem(401)), (Followed::Pending, true));
    }

    #[test]
    fn without_a_link_nothing_is_followed() {
        let app = app(Place::Invitations, false);
        let followed = app.with(|| RwSignal::new(Followed::Not));
        app.with(|| follow_link(Acting::new(), followed, || ()));
        assert_eq!(followed.get_untracked(), Followed::Not);
        assert!(app.api.script().shared.borrow().is_empty());
        app.end();
    }
}
