//! Words on an establishment as a public directory describes it: advice to the applicant, a fact of somebody else to the team.

use crate::model::ClosedList;
use crate::model::wire::{OrganisationFound, OrganisationState};
use crate::model::{Field, draft};
use crate::texts::{dates, fields, isolated};

/// Address of an establishment in the public directory, before its number.
const DIRECTORY: &str = "https://annuaire-entreprises.data.gouv.fr/etablissement/";

/// Returns the address of the page on which the public directory describes an establishment.
#[must_use]
pub fn address(siret: &str) -> String {
    [DIRECTORY, siret].concat()
}

/// Returns the sentence for the applicant on what the directory says.
#[must_use]
pub fn advice(found: &OrganisationFound) -> String {
    match found.state {
        OrganisationState::Found => ["D’après l’annuaire public, ce numéro est celui de « ", &who(found), " »."].concat(),
        OrganisationState::Closed => ["D’après l’annuaire public, cet établissement est ", &closed(found), ". Vérifiez le numéro."].concat(),
        OrganisationState::NotFound => {
            "L’annuaire public ne connaît pas ce numéro. S’il est récent, ou si ses données ne sont pas publiques, vous pouvez continuer.".to_owned()
        }
        OrganisationState::Masked => {
            "L’annuaire public connaît ce numéro, mais ne publie pas le nom de l’organisation.".to_owned()
        }
        OrganisationState::Away => {
            "L’annuaire public ne répond pas : le nom n’a pas pu être vérifié. Vous pouvez continuer.".to_owned()
        }
    }
}

/// Returns the sentence for the applicant on the number of the organisation for which they are signed in.
#[must_use]
pub fn of_own(name: &str) -> String {
    [
        "Ce numéro est celui de l’organisation pour laquelle vous êtes connecté\u{a0}: «\u{a0}",
        &isolated(name),
        "\u{a0}».",
    ]
    .concat()
}

/// Returns the sentence for an applicant whose number is not of the organisation for which they are signed in.
#[must_use]
pub fn of_another(own: &str) -> String {
    [
        "Ce numéro n’est pas celui de l’organisation pour laquelle vous êtes connecté (« ",
        &isolated(own),
        " »). Si c’est voulu, continuez : l’équipe FranceConnect en sera informée.",
    ]
    .concat()
}

/// Returns the sentence for the team on a number of another organisation than that of the request.
#[must_use]
pub fn of_another_request(siren: &str) -> String {
    [
        "Le numéro SIRET indiqué n’est pas celui de l’organisation au nom de laquelle la demande a été commencée (SIREN\u{a0}",
        &self::siren(siren),
        ").",
    ]
    .concat()
}

/// Returns the description of an establishment for the team, with the day.
#[must_use]
pub fn finding(found: &OrganisationFound) -> String {
    let what = match found.state {
        OrganisationState::Found => who(found),
        OrganisationState::Closed if found.name.is_some() => {
            [&who(found), " : établissement ", &closed(found)].concat()
        }
        OrganisationState::Closed => ["établissement ", &closed(found)].concat(),
        OrganisationState::NotFound => "numéro inconnu".to_owned(),
        OrganisationState::Masked => "nom non public".to_owned(),
        OrganisationState::Away => "pas de réponse".to_owned(),
    };
    let kind = found.kind.map(|kind| [" ; type d’organisation probable : « ", kind_name(kind), " »"].concat());
    [&what, kind.as_deref().unwrap_or_default(), " (annuaire consulté le ", &dates::day(found.as_of), ")"].concat()
}

/// Returns a kind of organisation as the form calls it.
#[must_use]
pub fn kind_name(kind: draft::OrganisationKind) -> &'static str {
    fields::option(Field::OrganisationKind, kind.as_str()).0
}

/// Returns the number of an organisation as people read it: by threes.
#[must_use]
pub fn siren(digits: &str) -> String {
    let mut written = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place.is_multiple_of(3) {
            written.push('\u{a0}');
        }
        written.push(digit);
    }
    written
}

/// Returns the name and the place of an establishment.
fn who(found: &OrganisationFound) -> String {
    let name = isolated(found.name.as_deref().unwrap_or_default());
    match &found.place {
        Some(place) => [&name, ", à ", &isolated(place)].concat(),
        None => name.into_owned(),
    }
}

fn closed(found: &OrganisationFound) -> String {
    match found.closed_on {
        Some(day) => ["fermé depuis le ", &dates::day(day)].concat(),
        None => "fermé".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Date, draft::OrganisationKind};

    fn found(state: OrganisationState) -> OrganisationFound {
        let (as_of, closed_on) = (Date::parse("2026-12-01").unwrap(), Date::parse("2024-03-12").ok());
        let (name, place) = (Some("VILLE".to_owned()), Some("VALLON".to_owned()));
        let closed_on = closed_on.filter(|_| state == OrganisationState::Closed);
        OrganisationFound { state, name, place, closed_on, kind: Some(OrganisationKind::Company), as_of }
    }

    #[test]
    fn the_team_reads_what_was_found_with_the_kind_and_the_day() {
        assert_eq!(
            finding(&found(OrganisationState::Found)).replace('\u{a0}', " "),
            "VILLE, à VALLON ; type d’organisation probable : « Une entreprise » (annuaire consulté le 1er décembre 2026)"
        );
        assert!(
            finding(&found(OrganisationState::Closed))
                .replace('\u{a0}', " ")
                .starts_with("VILLE, à VALLON : établissement fermé depuis le 12 mars 2024 ; ")
        );
        let unknown = OrganisationFound { name: None, kind: None, ..found(OrganisationState::NotFound) };
        assert!(finding(&unknown).starts_with("numéro inconnu (annuaire consulté le "));
    }

    #[test]
    fn every_state_is_told_in_well_set_words() {
        let told =
            OrganisationState::ALL.iter().map(|state| [advice(&found(*state)), finding(&found(*state))].join(" "));
        for words in told.chain([of_own("Ville"), of_another("Ville"), of_another_request("219900420")]) {
            for wrong in [" :", " ;", " »", "« ", "'"] {
                assert!(!words.contains(wrong), "{wrong:?} in {words:?}");
            }
        }
        assert_eq!(siren("219900420"), "219\u{a0}900\u{a0}420");
    }
}
