//! Made-up people of the demonstration beside the applicant: the team that examines requests.

use crate::model::draft::OrganisationKind;
use crate::model::wire::{DemoPerson, Organisation, Session, TeamMember, TeamRole, User};

/// Made-up member of the team.
pub(super) struct Member {
    id: &'static str,
    given_name: &'static str,
    family_name: &'static str,
    job_title: &'static str,
    role: TeamRole,
}

/// Organisation of the team.
const ORGANISATION: &str = "Direction interministérielle du numérique";

/// Made-up team, as on a server.
pub(super) const TEAM: [Member; 3] = [
    Member {
        id: "claire",
        given_name: "Claire",
        family_name: "Marchand",
        job_title: "Chargée des habilitations",
        role: TeamRole::Examiner,
    },
    Member {
        id: "idris",
        given_name: "Idris",
        family_name: "Benali",
        job_title: "Chargé des habilitations",
        role: TeamRole::Examiner,
    },
    Member {
        id: "odile",
        given_name: "Odile",
        family_name: "Kervella",
        job_title: "Responsable de l’accompagnement",
        role: TeamRole::Reader,
    },
];

/// Returns the member of an identifier, if there is one.
pub(super) fn member(id: &str) -> Option<&'static Member> {
    TEAM.iter().find(|member| member.id == id)
}

impl Member {
    /// Returns the identifier of the member.
    pub(super) fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the member as the sign-in page lists them.
    pub(super) fn listed(&self) -> DemoPerson {
        DemoPerson {
            id: self.id.to_owned(),
            given_name: self.given_name.to_owned(),
            family_name: self.family_name.to_owned(),
            job_title: self.job_title.to_owned(),
            organisation: ORGANISATION.to_owned(),
            role: Some(self.role),
        }
    }

    /// Returns the session of the member.
    pub(super) fn session(&self) -> Session {
        let user = User {
            id: self.id.to_owned(),
            given_name: self.given_name.to_owned(),
            family_name: self.family_name.to_owned(),
            email: [self.id, "@equipe.example"].concat(),
            phone: String::new(),
            job_title: self.job_title.to_owned(),
        };
        let organisation = Organisation {
            siret: "13002526500013".to_owned(),
            name: ORGANISATION.to_owned(),
            kind: Some(OrganisationKind::Administration),
        };
        Session { user, organisation, ends_at: String::new(), role: Some(self.role) }
    }

    /// Returns the member as the team lists them.
    pub(super) fn in_team(&self) -> TeamMember {
        TeamMember {
            id: self.id.to_owned(),
            name: [self.given_name, " ", self.family_name].concat(),
            job_title: self.job_title.to_owned(),
            role: self.role,
        }
    }
}
