//! Team that examines requests: who belongs to it, and in which role.
//!
//! Members who sign in with ProConnect are each bound to an issuer and a subject, never to an address, a name or an account, and
//! act as members in sessions that began as the [entrance](Entrance) wants it.

use std::sync::{PoisonError, RwLock};

use habilitation_model::lifecycle::{By, Examiner, Role, Side};
use habilitation_model::wire::{TeamList, TeamMember, TeamRole};

use crate::identification::Identification;

/// Levels of assurance (`acr`) at which a person has shown two factors.
pub(crate) const TWO_FACTORS: [&str; 4] = ["eidas0-mfa", "eidas1-mfa", "eidas2", "eidas3"];

/// Member of the team, as applicants read of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Identifier of the person, as in their session.
    pub(crate) person: String,
    /// First and last name.
    pub(crate) name: String,
    /// Office in the team.
    pub(crate) office: String,
    /// Role of the member.
    pub(crate) role: TeamRole,
}

impl Member {
    /// Returns the role in which the member acts on requests.
    pub(crate) fn role(&self) -> Role {
        match self.role {
            TeamRole::Examiner => Role::Examiner,
            TeamRole::Reader => Role::Reader,
        }
    }

    /// Returns the member as the author of an event.
    pub(crate) fn author(&self) -> By {
        By { side: Side::Examiner, name: self.name.clone(), job_title: self.office.clone() }
    }

    /// Returns the member as one to whom a request is entrusted.
    pub(crate) fn as_examiner(&self) -> Examiner {
        Examiner { id: Some(self.person.clone()), name: self.name.clone(), job_title: self.office.clone() }
    }
}

/// Handle of a person at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) issuer: String,
    pub(crate) subject: String,
}

impl Subject {
    fn is_of(&self, identification: &Identification) -> bool {
        self.issuer == identification.issuer && self.subject == identification.subject
    }
}

/// Member as the operator lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedMember {
    pub(crate) subject: Subject,
    pub(crate) name: String,
    pub(crate) office: String,
    pub(crate) role: TeamRole,
}

/// Conditions on a sign-in by which a listed person is a member of the team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entrance {
    /// Set where two factors have to be shown.
    pub(crate) needs_two_factors: bool,
    /// Identity providers whose people may be members.
    pub(crate) providers: Vec<String>,
}

/// Reason for which a listed person is no member in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The identity provider is not one of those whose people may be members.
    Provider,
    /// The person showed one factor alone.
    OneFactor,
}

/// Place of a member in the team.
#[derive(Debug)]
struct Place {
    /// None for the made-up people of the demonstration.
    subject: Option<Subject>,
    /// Identifier of the person; none until they have signed in.
    person: RwLock<Option<String>>,
    name: String,
    office: String,
    role: TeamRole,
}

impl Place {
    fn person(&self) -> Option<String> {
        self.person.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_of(&self, person: &str) -> bool {
        self.person().as_deref() == Some(person)
    }

    fn member(&self, person: String) -> Member {
        Member { person, name: self.name.clone(), office: self.office.clone(), role: self.role }
    }
}

/// The members of the team.
#[derive(Debug, Default)]
pub(crate) struct Team {
    places: Vec<Place>,
    entrance: Entrance,
}

impl Team {
    /// Makes the team of these made-up people.
    pub(crate) fn of(members: Vec<Member>) -> Self {
        let place = |member: Member| {
            let Member { person, name, office, role } = member;
            Place { subject: None, person: RwLock::new(Some(person)), name, office, role }
        };
        Self { places: members.into_iter().map(place).collect(), entrance: Entrance::default() }
    }

    /// Makes the team that the operator lists.
    pub(crate) fn listed(members: Vec<ListedMember>, entrance: Entrance) -> Self {
        let place = |member: ListedMember| {
            let ListedMember { subject, name, office, role } = member;
            Place { subject: Some(subject), person: RwLock::default(), name, office, role }
        };
        Self { places: members.into_iter().map(place).collect(), entrance }
    }

    /// Returns the handles of all members.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        self.places.iter().filter_map(|place| place.subject.clone()).collect()
    }

    /// Notes to whom a handle belongs now, if it is that of a member.
    pub(crate) fn bind(&self, issuer: &str, subject: &str, person: Option<String>) {
        let is_theirs = |known: &Subject| known.issuer == issuer && known.subject == subject;
        if let Some(place) = self.places.iter().find(|place| place.subject.as_ref().is_some_and(is_theirs)) {
            *place.person.write().unwrap_or_else(PoisonError::into_inner) = person;
        }
    }

    /// Returns the members who have signed in once, by name, as the team reads of them. Each stands once, however many handles
    /// they have.
    pub(crate) fn list(&self) -> TeamList {
        let mut people: Vec<TeamMember> = Vec::new();
        for person in self.places.iter().filter_map(Place::person) {
            if people.iter().all(|known| known.id != person)
                && let Some(Member { person, name, office, role }) = self.named(&person)
            {
                people.push(TeamMember { id: person, name, job_title: office, role });
            }
        }
        people.sort_by(|one, other| one.name.cmp(&other.name));
        TeamList { people }
    }

    /// Returns the member that a person is after a sign-in by this identification; none is for made-up people.
    pub(crate) fn member(&self, person: &str, identification: Option<&Identification>) -> Option<Member> {
        let place = match identification {
            Some(identification) if self.obstacle(identification).is_some() => None,
            Some(identification) => self.place_of(identification),
            None => self.places.iter().find(|place| place.subject.is_none() && place.is_of(person)),
        };
        place.map(|place| place.member(person.to_owned()))
    }

    /// Returns the reason for which somebody who is listed is no member after this sign-in; none for everybody else.
    pub(crate) fn obstacle(&self, identification: &Identification) -> Option<Obstacle> {
        self.place_of(identification)?;
        let Entrance { needs_two_factors, providers } = &self.entrance;
        if !providers.contains(&identification.provider) {
            Some(Obstacle::Provider)
        } else if *needs_two_factors && !TWO_FACTORS.contains(&identification.level.as_str()) {
            Some(Obstacle::OneFactor)
        } else {
            None
        }
    }

    fn place_of(&self, identification: &Identification) -> Option<&Place> {
        self.places.iter().find(|place| place.subject.as_ref().is_some_and(|subject| subject.is_of(identification)))
    }

    /// Returns the member that a person is called as, whatever they may do today. Who is an examiner by any handle is one
    /// here.
    pub(crate) fn named(&self, person: &str) -> Option<Member> {
        let places = self.places.iter().filter(|place| place.is_of(person));
        let strongest = places.min_by_key(|place| place.role != TeamRole::Examiner);
        strongest.map(|place| place.member(person.to_owned()))
    }

    /// Returns the examiner of an identifier, if there is one.
    pub(crate) fn examiner(&self, person: &str) -> Option<Member> {
        self.named(person).filter(|member| member.role == TeamRole::Examiner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: &str = "proconnect:01900000-0000-7000-8000-000000000001";

    fn identification() -> Identification {
        Identification {
            issuer: "https://auth.example".to_owned(),
            subject: "examiner".to_owned(),
            provider: "ministry".to_owned(),
            level: "eidas1-mfa".to_owned(),
        }
    }

    fn team(needs_two_factors: bool) -> Team {
        let member = |subject: &str, role| ListedMember {
            subject: Subject { issuer: "https://auth.example".to_owned(), subject: subject.to_owned() },
            name: "Claire Fontaine".to_owned(),
            office: "Chargée des habilitations".to_owned(),
            role,
        };
        let members = vec![member("examiner", TeamRole::Examiner), member("reader", TeamRole::Reader)];
        Team::listed(members, Entrance { needs_two_factors, providers: vec!["ministry".to_owned()] })
    }

    #[test]
    fn a_listed_subject_with_two_factors_of_a_listed_provider_is_a_member() {
        let member = team(true).member(PERSON, Some(&identification())).unwrap();
        assert_eq!((&*member.person, member.role), (PERSON, TeamRole::Examiner));
    }

    #[test]
    fn whatever_else_of_a_sign_in_agrees_nobody_is_a_member_by_less() {
        type Change = fn(&mut Identification);
        let changes: [(&str, Change, Option<Obstacle>); 9] = [
            ("another subject", |id| id.subject = "other".to_owned(), None),
            ("no subject", |id| id.subject = String::new(), None),
            ("another issuer", |id| id.issuer = "https://evil.example".to_owned(), None),
            ("another provider", |id| id.provider = "other".to_owned(), Some(Obstacle::Provider)),
            ("no provider", |id| id.provider = String::new(), Some(Obstacle::Provider)),
            ("no level", |id| id.level = String::new(), Some(Obstacle::OneFactor)),
            ("one factor", |id| id.level = "eidas1".to_owned(), Some(Obstacle::OneFactor)),
            ("an unknown level", |id| id.level = "eidas1-mfa-2".to_owned(), Some(Obstacle::OneFactor)),
            ("another case", |id| id.level = "EIDAS3".to_owned(), Some(Obstacle::OneFactor)),
        ];
        for (what, change, obstacle) in changes {
            let mut weaker = identification();
            change(&mut weaker);
            assert_eq!(team(true).obstacle(&weaker), obstacle, "{what}");
            assert_eq!(team(true).member(PERSON, Some(&weaker)), None, "{what}");
        }
    }

    #[test]
    fn an_account_makes_nobody_a_member_whose_subject_is_not_listed() {
        let team = team(true);
        team.bind("https://auth.example", "examiner", Some(PERSON.to_owned()));
        assert!(team.named(PERSON).is_some());
        let linked = Identification { subject: "linked".to_owned(), ..identification() };
        for identification in [None, Some(linked)] {
            assert_eq!(team.member(PERSON, identification.as_ref()), None);
        }
    }

    #[test]
    fn one_factor_is_enough_where_the_operator_says_so() {
        let weaker = Identification { level: String::new(), ..identification() };
        assert!(team(false).member(PERSON, Some(&weaker)).is_some());
    }

    #[test]
    fn two_handles_of_one_account_are_one_member_in_the_stronger_role() {
        let reader_first = |team: &Team| {
            for subject in ["reader", "examiner"] {
                team.bind("https://auth.example", subject, Some(PERSON.to_owned()));
            }
        };
        let mut team = team(true);
        team.places.reverse();
        reader_first(&team);
        let list = team.list().people;
        assert_eq!(
            list.iter().map(|member| (&*member.id, member.role)).collect::<Vec<_>>(),
            [(PERSON, TeamRole::Examiner)]
        );
        assert!(team.examiner(PERSON).is_some());
        let by_reader = Identification { subject: "reader".to_owned(), ..identification() };
        let member = team.member(PERSON, Some(&by_reader)).unwrap();
        assert_eq!(member.role, TeamRole::Reader, "each session has the role of its own handle");
    }

    #[test]
    fn a_request_is_entrusted_to_those_who_have_signed_in() {
        let team = team(true);
        assert_eq!((team.list().people.len(), team.examiner(PERSON)), (0, None));
        team.bind("https://auth.example", "examiner", Some(PERSON.to_owned()));
        team.bind("https://auth.example", "reader", Some("proconnect:2".to_owned()));
        team.bind("https://auth.example", "other", Some("proconnect:3".to_owned()));
        assert_eq!(team.list().people.len(), 2);
        assert!(team.examiner(PERSON).is_some() && team.examiner("proconnect:2").is_none());
        team.bind("https://auth.example", "examiner", None);
        assert_eq!(team.examiner(PERSON), None);
    }
}
