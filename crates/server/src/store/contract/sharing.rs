//! Common ground of the subjects about people: a few people who sign in, what they share, and the mails that come of it.

use std::sync::atomic::{AtomicU64, Ordering};

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{
    Event, FollowedInvitation, HandOverToOffer, InvitationToSend, Joining, Mail, OpenInvitation, PeopleList,
};

use super::super::outbox::{Attempt, Channel, Content};
use super::super::people::{Following, Made, Person};
use super::*;

/// Organisation of Alice, Bob and Carol.
pub(super) const VALLON: &str = "219900420";
/// Organisation of Dan.
pub(super) const MARAIS: &str = "999001738";

/// A person of Vallon, as they are signed in. Their address is that of their name.
pub(super) fn person(name: &str) -> Person {
    person_of(name, VALLON)
}

pub(super) fn person_of(name: &str, siren: &str) -> Person {
    let family_name = if siren == VALLON { "de Vallon" } else { "du Marais" };
    let siret = [siren, "00015"].concat();
    Person {
        owner: Owner { siren: Some(siren.to_owned()), ..owner(name) },
        user: User {
            id: name.to_owned(),
            given_name: name.to_owned(),
            family_name: family_name.to_owned(),
            email: email(name),
            phone: String::new(),
            job_title: String::new(),
        },
        organisation: Organisation { siret, name: family_name.to_owned(), kind: None },
    }
}

pub(super) fn email(name: &str) -> String {
    [name, "@vallon.example"].concat()
}

/// Dan, of another organisation.
pub(super) fn dan() -> Person {
    person_of("dan", MARAIS)
}

/// A person as they come through a portal.
pub(super) fn through_portal(who: &Person) -> Person {
    Person { owner: Owner { portal: Some(portal()), ..who.owner.clone() }, ..who.clone() }
}

/// A person in a session of another organisation.
pub(super) fn elsewhere(who: &Person) -> Person {
    let siren = if who.owner.siren() == Some(VALLON) { MARAIS } else { VALLON };
    Person { owner: Owner { siren: Some(siren.to_owned()), ..who.owner.clone() }, ..who.clone() }
}

pub(super) fn secret(number: u8) -> Secret {
    Secret::of(&[number; 32])
}

pub(super) fn link(number: u8) -> Following {
    Following::Link(secret(number).hash())
}

pub(super) fn to(email: &str, role: Part) -> InvitationToSend {
    InvitationToSend { email: email.to_owned(), role }
}

pub(super) fn offer_to(name: &str) -> HandOverToOffer {
    HandOverToOffer { to: name.to_owned(), text: "Je change de service.".into() }
}

/// Mail that left, by what tells one from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) delivery: Id,
    pub(super) mail: Mail,
    pub(super) to: String,
    pub(super) token: Option<String>,
}

impl Bench {
    /// Signs people in, by which the store knows what they are called and where they are written to.
    pub(super) async fn known(&self, people: &[&Person]) {
        static SESSIONS: AtomicU64 = AtomicU64::new(0);
        for person in people {
            let Person { user, organisation, .. } = (*person).clone();
            let mut key = [200; 32];
            key[..8].copy_from_slice(&SESSIONS.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            let open = OpenSession { user, organisation, ..session("", 0, 0) };
            self.store.open_session(&SessionKey(key), &open).await.unwrap();
        }
    }

    /// Makes a request of a person, which belongs to their organisation. It could be sent.
    pub(super) async fn begun(&self, who: &Person, request: u8, at: Timestamp) {
        self.known(&[who]).await;
        self.create(&who.owner, &id(request), &ready(), at).await;
    }

    /// Sends an invitation, whose number is that of its secret.
    pub(super) async fn invite(
        &self,
        who: &Person,
        request: u8,
        number: u8,
        to_send: &InvitationToSend,
        at: Timestamp,
    ) -> Result<Made<OpenInvitation>, StoreRefusal> {
        self.store.invite(who, &id(request), (&id(number), to_send), secret(number), at).await
    }

    pub(super) async fn follow(
        &self,
        who: &Person,
        following: Following,
        at: Timestamp,
    ) -> Result<FollowedInvitation, StoreRefusal> {
        self.store.follow_invitation(who, following, at).await
    }

    /// Lets a person take part in a request of Alice, by an invitation of this number.
    pub(super) async fn shared(&self, who: &Person, part: Part, request: u8, number: u8, at: Timestamp) {
        self.known(&[who]).await;
        let sent = self.invite(&person("alice"), request, number, &to(&who.user.email, part), at).await;
        assert!(matches!(sent, Ok(Made::Now(_))), "{sent:?}");
        let followed = self.follow(who, link(number), at).await.unwrap();
        assert_eq!(followed, FollowedInvitation { state: Joining::Joined, request: Some(id(request)) });
    }

    /// A request of Alice that Bob edits and Carol reads.
    pub(super) async fn shared_by_three(&self, request: u8, at: Timestamp) {
        self.begun(&person("alice"), request, at).await;
        self.shared(&person("bob"), Part::Editor, request, 100 + request, at).await;
        self.shared(&person("carol"), Part::Reader, request, 110 + request, at).await;
    }

    pub(super) async fn people(&self, who: &Person, request: u8, at: Timestamp) -> PeopleList {
        self.store.people(who, &id(request), at).await.unwrap()
    }

    /// Names of the people of a request with their parts, as somebody reads them.
    pub(super) async fn parts(&self, who: &Person, request: u8) -> Vec<(String, Part)> {
        let list = self.people(who, request, at(0)).await;
        list.people.into_iter().map(|person| (person.id, person.role)).collect()
    }

    /// Kinds of the events of a request, in their order.
    pub(super) async fn kinds(&self, who: &Person, request: u8) -> Vec<Kind> {
        self.told(who, request).await.iter().map(|event| event.kind).collect()
    }

    pub(super) async fn told(&self, who: &Person, request: u8) -> Vec<Event> {
        self.store.events(&who.owner, &id(request), 0).await.unwrap().events
    }

    /// Sends all mails that are due, and returns those that are written for one person.
    pub(super) async fn deliver(&self, at: Timestamp) -> Vec<Left> {
        let mut left = Vec::new();
        while let Some(leased) = self.store.lease(Channel::Mails, at, at).await.unwrap() {
            if let (Content::Mail(mail, _), Some(material)) =
                (leased.content, self.store.personal(&leased.id).await.unwrap())
            {
                let (to, token) = (material.facts.to, material.token);
                left.push(Left { delivery: leased.id.clone(), mail, to, token });
            }
            self.store.settle(&leased.id, Attempt::Sent, None, at).await.unwrap();
        }
        left
    }

    /// Sends all mails that are due, and returns what they are and to whom, in a fixed order.
    pub(super) async fn mails(&self, at: Timestamp) -> Vec<(Mail, String)> {
        let mut mails: Vec<_> = self.deliver(at).await.into_iter().map(|left| (left.mail, left.to)).collect();
        mails.sort();
        mails
    }

    /// Lets a mail of a kind come back.
    pub(super) async fn come_back(&self, left: &[Left], mail: Mail, at: Timestamp) {
        let returned = left.iter().find(|left| left.mail == mail).unwrap();
        assert!(self.store.bounce(&returned.delivery, at).await.unwrap());
    }
}
