//! Calls about the people of requests, which only their own part of the program makes.

use std::future::ready;

use super::{ApiError, ApiFuture};
use crate::model::Id;
use crate::model::wire::{
    Card, CardAnswer, CardContact, FollowedInvitation, HandOverToOffer, InvitationList, InvitationToFollow,
    InvitationToSend, PeopleList, Problem, RecoveryList, RecoveryToAsk,
};

/// Returns the response of a service that shares no request: nothing is there.
fn not_offered<T: 'static>() -> ApiFuture<T> {
    Box::pin(ready(Err(ApiError::Problem(Box::new(Problem::of(404))))))
}

/// Calls about the people of requests. A page that answers itself offers none of them.
pub trait Sharing {
    /// Lists the people of a request, and tells that the caller looks at it.
    fn people(&self, _request: &Id) -> ApiFuture<PeopleList> {
        not_offered()
    }
    /// Invites somebody by an invitation of this identifier.
    fn invite(&self, _request: &Id, _invitation: &Id, _to_send: &InvitationToSend) -> ApiFuture<()> {
        not_offered()
    }
    /// Takes an invitation back.
    fn take_invitation_back(&self, _request: &Id, _invitation: &Id) -> ApiFuture<()> {
        not_offered()
    }
    /// Confirms, or refuses, a person who came by an invitation to another address.
    fn answer_newcomer(&self, _request: &Id, _person: &str, _confirmed: bool) -> ApiFuture<()> {
        not_offered()
    }
    /// Removes a person from a request; the caller leaves it.
    fn remove_person(&self, _request: &Id, _person: &str) -> ApiFuture<()> {
        not_offered()
    }
    /// Names the colleague who is to own a request.
    fn offer_hand_over(&self, _request: &Id, _offer: &HandOverToOffer) -> ApiFuture<()> {
        not_offered()
    }
    /// Takes the hand-over of a request back.
    fn take_hand_over_back(&self, _request: &Id) -> ApiFuture<()> {
        not_offered()
    }
    /// Accepts to own a request.
    fn accept_hand_over(&self, _request: &Id) -> ApiFuture<()> {
        not_offered()
    }
    /// Lists the invitations and the hand-overs that wait for the caller.
    fn invitations(&self) -> ApiFuture<InvitationList> {
        not_offered()
    }
    /// Follows an invitation.
    fn follow_invitation(&self, _invitation: &InvitationToFollow) -> ApiFuture<FollowedInvitation> {
        not_offered()
    }
    /// Lists the recoveries that wait for the caller.
    fn recoveries(&self) -> ApiFuture<RecoveryList> {
        not_offered()
    }
    /// Asks for a request whose owner does not answer for it any more.
    fn ask_recovery(&self, _asked: &RecoveryToAsk) -> ApiFuture<()> {
        not_offered()
    }
    /// Allows a recovery, refuses it, or contests it.
    fn answer_recovery(&self, _recovery: &Id, _allow: bool) -> ApiFuture<()> {
        not_offered()
    }
    /// Asks a contact to check their own details.
    fn ask_card(&self, _request: &Id, _contact: CardContact) -> ApiFuture<()> {
        not_offered()
    }
    /// Reads the card that a token opens.
    fn card(&self, _token: &str) -> ApiFuture<Card> {
        not_offered()
    }
    /// Answers the card that a token opens.
    fn answer_card(&self, _token: &str, _answer: &CardAnswer) -> ApiFuture<()> {
        not_offered()
    }
}
