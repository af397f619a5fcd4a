//! Calls of a server's API about the people of requests.

use super::{Call, Http, Reply};
use crate::api::ApiFuture;
use crate::api::sharing::Sharing;
use crate::model::wire::{
    Card, CardAnswer, CardContact, Confirmation, FollowedInvitation, HandOverToOffer, InvitationList,
    InvitationToFollow, InvitationToSend, PeopleList, RecoveryAnswer, RecoveryList, RecoveryToAsk,
};
use crate::model::{ClosedList, Id};

impl Http {
    /// Returns the path of something of a request.
    fn of_request(request: &Id, rest: &[&str]) -> String {
        ["/requests/", request.as_str(), &rest.concat()].concat()
    }
}

impl Call {
    /// Completes once the server did what was asked, whatever its answer tells.
    pub(super) fn done_with_answer(self) -> ApiFuture<()> {
        let reply = self.send();
        Box::pin(async move {
            match reply.await? {
                Reply { status: 202 | 204, .. } => Ok(()),
                Reply { status: 201, body, .. } if body.is_empty() => Ok(()),
                reply => reply.body().map(|_| ()),
            }
        })
    }
}

/// Escapes a text for a path.
fn escaped(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

impl Sharing for Http {
    fn people(&self, request: &Id) -> ApiFuture<PeopleList> {
        self.call("GET", &Self::of_request(request, &["/people"])).read()
    }

    fn invite(&self, request: &Id, invitation: &Id, to_send: &InvitationToSend) -> ApiFuture<()> {
        let path = Self::of_request(request, &["/invitations/", invitation.as_str()]);
        self.call("PUT", &path).with(to_send).done_with_answer()
    }

    fn take_invitation_back(&self, request: &Id, invitation: &Id) -> ApiFuture<()> {
        self.call("DELETE", &Self::of_request(request, &["/invitations/", invitation.as_str()])).done_with_answer()
    }

    fn answer_newcomer(&self, request: &Id, person: &str, confirmed: bool) -> ApiFuture<()> {
        let path = Self::of_request(request, &["/people/", &escaped(person)]);
        self.call("PUT", &path).with(&Confirmation { confirmed }).done_with_answer()
    }

    fn remove_person(&self, request: &Id, person: &str) -> ApiFuture<()> {
        self.call("DELETE", &Self::of_request(request, &["/people/", &escaped(person)])).done_with_answer()
    }

    fn offer_hand_over(&self, request: &Id, offer: &HandOverToOffer) -> ApiFuture<()> {
        self.call("PUT", &Self::of_request(request, &["/hand-over"])).with(offer).done_with_answer()
    }

    fn take_hand_over_back(&self, request: &Id) -> ApiFuture<()> {
        self.call("DELETE", &Self::of_request(request, &["/hand-over"])).done_with_answer()
    }

    fn accept_hand_over(&self, request: &Id) -> ApiFuture<()> {
        self.call("POST", &Self::of_request(request, &["/hand-over/acceptance"])).done_with_answer()
    }

    fn invitations(&self) -> ApiFuture<InvitationList> {
        self.call("GET", "/invitations").read()
    }

    fn follow_invitation(&self, invitation: &InvitationToFollow) -> ApiFuture<FollowedInvitation> {
        self.call("POST", "/invitations").with(invitation).read()
    }

    fn recoveries(&self) -> ApiFuture<RecoveryList> {
        self.call("GET", "/recoveries").read()
    }

    fn ask_recovery(&self, asked: &RecoveryToAsk) -> ApiFuture<()> {
        self.call("POST", "/recoveries").with(asked).done_with_answer()
    }

    fn answer_recovery(&self, recovery: &Id, allow: bool) -> ApiFuture<()> {
        let path = ["/recoveries/", recovery.as_str(), "/answer"].concat();
        self.call("PUT", &path).with(&RecoveryAnswer { allow }).done_with_answer()
    }

    fn ask_card(&self, request: &Id, contact: CardContact) -> ApiFuture<()> {
        self.call("PUT", &Self::of_request(request, &["/cards/", contact.as_str()])).done_with_answer()
    }

    fn card(&self, token: &str) -> ApiFuture<Card> {
        self.call("GET", &["/cards/", &escaped(token)].concat()).read()
    }

    fn answer_card(&self, token: &str, answer: &CardAnswer) -> ApiFuture<()> {
        self.call("PUT", &["/cards/", &escaped(token)].concat()).with(answer).done_with_answer()
    }
}
