//! People of requests: who takes part, who is invited, and to whom a request is handed over.

use async_trait::async_trait;
use habilitation_model::Id;
use habilitation_model::wire::{
    By, FollowedInvitation, HandOverToOffer, InvitationList, InvitationToSend, OpenInvitation, Organisation,
    PeopleList, Side, User,
};
use jiff::Timestamp;

use super::{Owner, StoreFailure, StoreRefusal};
use crate::secret::Secret;

/// Person who calls, with what they are called.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Owner of what the person begins.
    pub(crate) owner: Owner,
    pub(crate) user: User,
    /// Organisation for which they are signed in.
    pub(crate) organisation: Organisation,
}

impl Person {
    /// Returns the first and last name.
    pub(crate) fn name(&self) -> String {
        full_name(&self.user.given_name, &self.user.family_name)
    }

    /// Returns the person as the author of an event on the applicant's side.
    pub(crate) fn author(&self) -> By {
        By { side: Side::Applicant, name: self.name(), job_title: self.user.job_title.clone() }
    }
}

/// Returns a first and a last name as one.
pub(crate) fn full_name(given_name: &str, family_name: &str) -> String {
    [given_name, family_name].join(" ").trim().to_owned()
}

/// Way in which somebody follows an invitation.
#[derive(Clone, Debug)]
pub(crate) enum Following {
    /// By the link that was sent: the hash of its token.
    Link([u8; 32]),
    /// By the identifier of one that was sent to their address. The address may be theirs or not: it is believed where this is set, or
    /// the tie of their account to the organisation is verified.
    Address(Id, bool),
}

/// Outcome of a call that makes something, and is harmless to repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Made<T> {
    /// New.
    Now(T),
    /// Made before.
    Before(T),
}

/// People of requests. Through a portal, nothing of it is there.
///
/// Each call that changes who takes part adds one event to the history, also of a draft that never was sent.
#[async_trait]
pub(crate) trait People: Send + Sync {
    /// Returns the people of a request, and notes that the caller has it open.
    ///
    /// Refuses: `Absent`.
    async fn people(&self, who: &Person, request: &Id, at: Timestamp) -> Result<PeopleList, StoreRefusal>;

    /// Invites somebody under an identifier that the caller made, with a link that holds the secret. An invitation that was sent to the
    /// same address before is over then.
    ///
    /// Refuses, in this order: `Absent`, `NotPermitted`, `WrongState`, `Unfit`, `IdTaken`, `TooManyActs`, `QuotaReached`.
    async fn invite(
        &self,
        who: &Person,
        request: &Id,
        invitation: (&Id, &InvitationToSend),
        secret: Secret,
        at: Timestamp,
    ) -> Result<Made<OpenInvitation>, StoreRefusal>;

    /// Takes an invitation back.
    ///
    /// Refuses, in this order: `Absent`, `NotPermitted`, `WrongState`, `Absent` (there never was such an invitation).
    async fn take_back_invitation(
        &self,
        who: &Person,
        request: &Id,
        invitation: &Id,
        at: Timestamp,
    ) -> Result<(), StoreRefusal>;

    /// Returns the invitations that were sent to the address of a person, and the requests handed over to them.
    async fn invitations(&self, who: &Person, at: Timestamp) -> Result<InvitationList, StoreFailure>;

    /// Returns the address to which an invitation was sent that can still be followed, by the hash of its token.
    async fn invited_address(&self, token: [u8; 32], at: Timestamp) -> Result<Option<String>, StoreFailure>;

    /// Follows an invitation. Whoever comes by another address than it was sent to waits for the owner.
    ///
    /// Refuses: `Absent`, of one that is unknown, used, old, or taken back.
    async fn follow_invitation(
        &self,
        who: &Person,
        following: Following,
        at: Timestamp,
    ) -> Result<FollowedInvitation, StoreRefusal>;

    /// Lets a person take part who followed an invitation by another address, or turns them away. The invitation is over then.
    ///
    /// Refuses, in this order: `Absent`, `NotPermitted`, `WrongState`, `Absent` (nobody of that name waits).
    async fn confirm(
        &self,
        who: &Person,
        request: &Id,
        person: &str,
        is_meant: bool,
        at: Timestamp,
    ) -> Result<(), StoreRefusal>;

    /// Ends the part of a person in a request, or that of the caller. They have no access from then on.
    ///
    /// Refuses, in this order: `Absent`, `NotPermitted`, `WrongState`, `Absent` (nobody of that name takes part).
    async fn remove(&self, who: &Person, request: &Id, person: &str, at: Timestamp) -> Result<(), StoreRefusal>;

    /// Names the participant of the same organisation who is to own a request. They accept within 14 days.
    ///
    /// Refuses, in this order: `Absent`, `NotPermitted`, `WrongState`, `Unfit`.
    async fn offer(
        &self,
        who: &Person,
        request: &Id,
        offer: &HandOverToOffer,
        at: Timestamp,
    ) -> Result<Made<()>, StoreRefusal>;

    /// Takes the offer back.
    ///
    /// Refuses, in this order: `Absent`, `NotPermitted`, `WrongState`.
    async fn withdraw_offer(&self, who: &Person, request: &Id, at: Timestamp) -> Result<(), StoreRefusal>;

    /// Makes the caller the owner of a request that was handed over to them. The former owner reads it from then on.
    ///
    /// Refuses, in this order: `Absent`, `NotPermitted`.
    async fn accept(&self, who: &Person, request: &Id, at: Timestamp) -> Result<(), StoreRefusal>;
}
