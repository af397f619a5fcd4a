//! Made-up people, whom anyone on this machine may sign in as. No password protects them, so this exists only while
//! nobody else can reach the server: see [`is_allowed`].

use std::net::SocketAddr;

use habilitation_model::draft::OrganisationKind;
use habilitation_model::wire::{DemoPerson, Organisation, TeamRole, User};

use crate::public_url::PublicUrl;
use crate::team::{Member, Team};

/// Returns whether the demonstration may be on, which takes a listener and a public address that only this machine reaches.
/// Calls with another `Host` are refused earlier, so that a name that somebody points at this machine opens nothing.
pub(crate) fn is_allowed(listener: SocketAddr, public_url: &PublicUrl) -> bool {
    listener.ip().is_loopback() && public_url.is_loopback()
}

struct Body {
    siret: &'static str,
    name: &'static str,
    kind: OrganisationKind,
}

struct Person {
    id: &'static str,
    given_name: &'static str,
    family_name: &'static str,
    job_title: &'static str,
    email: &'static str,
    /// Of a block kept for fiction.
    phone: &'static str,
    body: &'static Body,
}

static TOWN: Body =
    Body { siret: "21990042000015", name: "Commune de Vallon-les-Prés", kind: OrganisationKind::Administration };
static STATE: Body = Body {
    siret: "13990011200026",
    name: "Agence nationale des sentiers et des belvédères",
    kind: OrganisationKind::Administration,
};
static COMPANY: Body =
    Body { siret: "99900173800031", name: "Caisse de crédit du Marais bleu", kind: OrganisationKind::Company };
static ASSOCIATION: Body = Body {
    siret: "99901244600012",
    name: "Nouvelle Adresse – l’entraide du déménagement",
    kind: OrganisationKind::Association,
};

static PEOPLE: &[Person] = &[
    Person {
        id: "noemie",
        given_name: "Noémie",
        family_name: "Lœb",
        job_title: "Cheffe de projet relation aux usagers",
        email: "noemie.loeb@vallon-les-pres.example",
        phone: "01 99 00 12 34",
        body: &TOWN,
    },
    Person {
        id: "karim",
        given_name: "Karim",
        family_name: "Saïdi",
        job_title: "Directeur général des services",
        email: "karim.saidi@vallon-les-pres.example",
        phone: "06 39 98 12 10",
        body: &TOWN,
    },
    Person {
        id: "jean-baptiste",
        given_name: "Jean-Baptiste",
        family_name: "N’Diaye",
        job_title: "Responsable du pôle services numériques",
        email: "jean-baptiste.ndiaye@sentiers.example",
        phone: "01 99 00 78 21",
        body: &STATE,
    },
    Person {
        id: "stephane",
        given_name: "Stéphane",
        family_name: "Müller",
        job_title: "Responsable de l’entrée en relation",
        email: "stephane.muller@marais-bleu.example",
        phone: "01 99 00 88 10",
        body: &COMPANY,
    },
    Person {
        id: "lucie",
        given_name: "Lucie",
        family_name: "Payet",
        job_title: "Coordinatrice des services en ligne",
        email: "lucie.payet@nouvelle-adresse.example",
        phone: "06 39 98 26 10",
        body: &ASSOCIATION,
    },
];

static DINUM: Body = Body {
    siret: "13002526500013",
    name: "Direction interministérielle du numérique",
    kind: OrganisationKind::Administration,
};

/// Made-up people of the team that examines requests.
static TEAM: &[(Person, TeamRole)] = &[
    (
        Person {
            id: "claire",
            given_name: "Claire",
            family_name: "Marchand",
            job_title: "Chargée des habilitations",
            email: "claire.marchand@equipe.example",
            phone: "01 99 00 45 01",
            body: &DINUM,
        },
        TeamRole::Examiner,
    ),
    (
        Person {
            id: "idris",
            given_name: "Idris",
            family_name: "Benali",
            job_title: "Chargé des habilitations",
            email: "idris.benali@equipe.example",
            phone: "01 99 00 45 02",
            body: &DINUM,
        },
        TeamRole::Examiner,
    ),
    (
        Person {
            id: "odile",
            given_name: "Odile",
            family_name: "Kervella",
            job_title: "Responsable de l’accompagnement",
            email: "odile.kervella@equipe.example",
            phone: "01 99 00 45 03",
            body: &DINUM,
        },
        TeamRole::Reader,
    ),
];

/// Returns the made-up team.
pub(crate) fn team() -> Team {
    let member = |(person, role): &(Person, TeamRole)| Member {
        person: identifier(person.id),
        name: [person.given_name, person.family_name].join(" "),
        office: person.job_title.to_owned(),
        role: *role,
    };
    Team::of(TEAM.iter().map(member).collect())
}

/// Returns the identifier of a made-up person. Its prefix is its own: nobody of another identity provider owns what was made here.
fn identifier(id: &str) -> String {
    ["demonstration:", id].concat()
}

/// Everyone, as the sign-in page lists them: those who file requests, then the team.
pub(crate) fn people() -> Vec<DemoPerson> {
    let applicants = PEOPLE.iter().map(|person| (person, None));
    let team = TEAM.iter().map(|(person, role)| (person, Some(*role)));
    let listed = |(person, role): (&Person, Option<TeamRole>)| DemoPerson {
        id: person.id.to_owned(),
        given_name: person.given_name.to_owned(),
        family_name: person.family_name.to_owned(),
        job_title: person.job_title.to_owned(),
        organisation: person.body.name.to_owned(),
        role,
    };
    applicants.chain(team).map(listed).collect()
}

/// Returns a made-up person as an identity provider would describe them.
pub(crate) fn person(id: &str) -> Option<(User, Organisation)> {
    let person = PEOPLE.iter().chain(TEAM.iter().map(|(person, _)| person)).find(|person| person.id == id)?;
    let user = User {
        id: identifier(person.id),
        given_name: person.given_name.to_owned(),
        family_name: person.family_name.to_owned(),
        email: person.email.to_owned(),
        phone: person.phone.to_owned(),
        job_title: person.job_title.to_owned(),
    };
    let organisation = Organisation {
        siret: person.body.siret.to_owned(),
        name: person.body.name.to_owned(),
        kind: Some(person.body.kind),
    };
    Some((user, organisation))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use habilitation_model::Step;
    use habilitation_model::draft::{Contact, Draft, Organisation as Asking};
    use habilitation_model::finding::Circumstances;
    use habilitation_model::{Choice, Date};

    use super::*;

    #[test]
    fn five_people_stand_for_four_organisations_and_two_of_them_for_one() {
        let names: BTreeSet<&str> = PEOPLE.iter().map(|person| person.body.name).collect();
        let ids: BTreeSet<&str> = PEOPLE.iter().map(|person| person.id).collect();
        assert_eq!((PEOPLE.len(), ids.len(), names.len()), (5, 5, 4));
    }

    #[test]
    fn what_a_session_tells_of_them_fills_the_first_step_without_a_format_error() {
        for person in PEOPLE {
            let applicant = Contact {
                given_name: person.given_name.into(),
                family_name: person.family_name.into(),
                job_title: person.job_title.into(),
                email: person.email.into(),
                phone: person.phone.into(),
            };
            let organisation = Asking {
                siret: person.body.siret.into(),
                name: person.body.name.into(),
                kind: Choice::from(person.body.kind),
                private_basis: Choice::from_wire(Some("address_change")),
                member: true,
                applicant,
            };
            let draft = Draft { organisation, ..Draft::default() };
            assert_eq!(draft.findings_of(Step::Organisation, &Circumstances::on(Date::FIRST)), [], "{}", person.id);
            assert!(person.email.ends_with(".example"), "{}", person.id);
        }
    }

    #[test]
    fn it_is_on_for_this_machine_alone() {
        for (listener, public_url, allowed) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("[::1]:8080", "http://localhost:8080", true),
            ("0.0.0.0:8080", "http://127.0.0.1:8080", false),
            ("127.0.0.1:8080", "https://habilitation.example", false),
            ("192.0.2.1:8080", "https://habilitation.example", false),
        ] {
            let (listener, url) = (listener.parse().unwrap(), public_url.parse().unwrap());
            assert_eq!(is_allowed(listener, &url), allowed, "{listener} {public_url}");
        }
    }
}
