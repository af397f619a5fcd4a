//! Team that examines requests: who belongs to it, and in which role.

use habilitation_model::lifecycle::{By, Examiner, Role, Side};
use habilitation_model::wire::{TeamList, TeamMember, TeamRole};

/// Member of the team, as applicants read of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Identifier that the person's identity provider gives.
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

/// The members of the team.
#[derive(Clone, Debug, Default)]
pub(crate) struct Team(Vec<Member>);

impl Team {
    /// Makes the team of these members.
    pub(crate) fn of(members: Vec<Member>) -> Self {
        Self(members)
    }

    /// Returns the members, by name, as the team reads of them.
    pub(crate) fn list(&self) -> TeamList {
        let person = |member: &Member| TeamMember {
            id: member.person.clone(),
            name: member.name.clone(),
            job_title: member.office.clone(),
            role: member.role,
        };
        let mut people: Vec<TeamMember> = self.0.iter().map(person).collect();
        people.sort_by(|one, other| one.name.cmp(&other.name));
        TeamList { people }
    }

    /// Returns the member that a person is, if they are one.
    pub(crate) fn member(&self, person: &str) -> Option<&Member> {
        self.0.iter().find(|member| member.person == person)
    }

    /// Returns the examiner of an identifier, if there is one.
    pub(crate) fn examiner(&self, person: &str) -> Option<&Member> {
        self.member(person).filter(|member| member.role == TeamRole::Examiner)
    }
}
