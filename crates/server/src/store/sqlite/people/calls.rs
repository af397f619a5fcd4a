//! Calls about people, as the store answers them: each is one transaction.

use async_trait::async_trait;
use habilitation_model::Id;
use habilitation_model::wire::{
    FollowedInvitation, HandOverToOffer, InvitationList, InvitationToSend, OpenInvitation, PeopleList,
};
use jiff::Timestamp;
use rusqlite::Connection;

use super::{PeopleScope, invitations, presence};
use crate::secret::Secret;
use crate::store::people::{Following, Made, People, Person};
use crate::store::sqlite::SqliteStore;
use crate::store::{StoreFailure, StoreRefusal};

impl SqliteStore {
    /// Changes something about people in one transaction.
    async fn change_people<T: Send + 'static>(
        &self,
        who: &Person,
        at: Timestamp,
        work: impl FnOnce(&PeopleScope<'_>) -> Result<T, StoreRefusal> + Send + 'static,
    ) -> Result<T, StoreRefusal> {
        let who = who.clone();
        self.writer.write(move |connection: &Connection| work(&PeopleScope { connection, who: &who, at })).await
    }
}

#[async_trait]
impl People for SqliteStore {
    async fn people(&self, who: &Person, request: &Id, at: Timestamp) -> Result<PeopleList, StoreRefusal> {
        let (caller, id) = (who.clone(), request.clone());
        let read = move |connection: &Connection| {
            let scope = PeopleScope { connection, who: &caller, at };
            let listed = scope.people(&id).map(|list| scope.is_to_note(&id).map(|is_to_note| (list, is_to_note)));
            // A refusal is an answer here, not a failure of the reading.
            match listed {
                Ok(listed) => listed.map(Ok),
                Err(refusal) => Ok(Err(refusal)),
            }
        };
        let (list, is_to_note) = self.readers.read(read).await??;
        if is_to_note {
            let (person, id) = (who.owner.person().to_owned(), request.clone());
            let note = move |connection: &Connection| presence::note(connection, &id, &person, at);
            // On a full disk people still read what they have.
            if let Err(failure) = self.writer.write(note).await {
                tracing::warn!(%failure, "it is not noted who is there");
            }
        }
        Ok(list)
    }

    async fn invite(
        &self,
        who: &Person,
        request: &Id,
        (id, to_send): (&Id, &InvitationToSend),
        secret: Secret,
        at: Timestamp,
    ) -> Result<Made<OpenInvitation>, StoreRefusal> {
        let (request, id, to_send) = (request.clone(), id.clone(), to_send.clone());
        self.change_people(who, at, move |scope| scope.invite(&request, &id, &to_send, &secret)).await
    }

    async fn take_back_invitation(
        &self,
        who: &Person,
        request: &Id,
        invitation: &Id,
        at: Timestamp,
    ) -> Result<(), StoreRefusal> {
        let (request, id) = (request.clone(), invitation.clone());
        self.change_people(who, at, move |scope| scope.take_back(&request, &id)).await
    }

    async fn invitations(&self, who: &Person, at: Timestamp) -> Result<InvitationList, StoreFailure> {
        let who = who.clone();
        self.readers.read(move |connection| PeopleScope { connection, who: &who, at }.received()).await
    }

    async fn invited_address(&self, token: [u8; 32], at: Timestamp) -> Result<Option<String>, StoreFailure> {
        self.readers.read(move |connection| invitations::invited_address(connection, token, at)).await
    }

    async fn follow_invitation(
        &self,
        who: &Person,
        following: Following,
        at: Timestamp,
    ) -> Result<FollowedInvitation, StoreRefusal> {
        self.change_people(who, at, move |scope| scope.follow(&following)).await
    }

    async fn confirm(
        &self,
        who: &Person,
        request: &Id,
        person: &str,
        is_meant: bool,
        at: Timestamp,
    ) -> Result<(), StoreRefusal> {
        let (request, person) = (request.clone(), person.to_owned());
        self.change_people(who, at, move |scope| scope.confirm(&request, &person, is_meant)).await
    }

    async fn remove(&self, who: &Person, request: &Id, person: &str, at: Timestamp) -> Result<(), StoreRefusal> {
        let (request, person) = (request.clone(), person.to_owned());
        self.change_people(who, at, move |scope| scope.remove(&request, &person)).await
    }

    async fn offer(
        &self,
        who: &Person,
        request: &Id,
        offer: &HandOverToOffer,
        at: Timestamp,
    ) -> Result<Made<()>, StoreRefusal> {
        let (request, offer) = (request.clone(), offer.clone());
        self.change_people(who, at, move |scope| scope.offer(&request, &offer)).await
    }

    async fn withdraw_offer(&self, who: &Person, request: &Id, at: Timestamp) -> Result<(), StoreRefusal> {
        let request = request.clone();
        self.change_people(who, at, move |scope| scope.withdraw_offer(&request)).await
    }

    async fn accept(&self, who: &Person, request: &Id, at: Timestamp) -> Result<(), StoreRefusal> {
        let request = request.clone();
        self.change_people(who, at, move |scope| scope.accept(&request)).await
    }
}
