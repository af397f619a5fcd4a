//! Names of the fields of the form, out of their context.

use habilitation_model::assurance::AssuranceLevel;
use habilitation_model::{Field, Scope};

/// Name of the person who files the request.
pub const APPLICANT: &str = "Demandeur";
/// Name of the person or body that decides on the processing.
pub const CONTROLLER: &str = "Responsable du traitement";
/// Name of the person who watches over personal data.
pub const DPO: &str = "Délégué à la protection des données";
/// Name of the person who connects the service.
pub const TECHNICAL: &str = "Contact technique";

/// Returns the name of a field as the page gives it in its lists: `Contact technique – Téléphone portable`.
#[must_use]
pub fn name(field: Field) -> String {
    let owner = match field.path().rsplit_once('.') {
        Some(("organisation.applicant", _)) => APPLICANT,
        Some(("people.controller", _)) if field != Field::ControllerKind => CONTROLLER,
        Some(("people.dpo", _)) => DPO,
        Some(("people.technical", _)) => TECHNICAL,
        _ => return label(field).to_owned(),
    };
    [owner, " – ", label(field)].concat()
}

/// Returns the name of the field at a pointer; the pointer itself where no field of today is there.
#[must_use]
pub fn name_at(pointer: &str) -> String {
    Field::from_pointer(pointer).map_or_else(|| pointer.to_owned(), name)
}

/// Returns the name of a level of assurance.
#[must_use]
pub fn level(level: AssuranceLevel) -> &'static str {
    match level {
        AssuranceLevel::Eidas1 => "FranceConnect – eIDAS 1",
        AssuranceLevel::Eidas2 => "FranceConnect+ – eIDAS 2",
        AssuranceLevel::Eidas3 => "FranceConnect+ – eIDAS 3",
    }
}

/// Returns the name of a piece of identity data.
#[must_use]
pub fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::FamilyName => "Nom de naissance",
        Scope::GivenName => "Prénoms",
        Scope::Birthdate => "Date de naissance",
        Scope::Birthplace => "Ville de naissance",
        Scope::Birthcountry => "Pays de naissance",
        Scope::Gender => "Sexe",
        Scope::PreferredUsername => "Nom d’usage",
        Scope::Email => "Adresse électronique",
    }
}

fn label(field: Field) -> &'static str {
    match field {
        Field::Siret => "Numéro SIRET",
        Field::OrganisationName | Field::ControllerLegalName => "Nom de l’organisation",
        Field::OrganisationKind => "Type d’organisation",
        Field::PrivateBasis => "Motif de la demande",
        Field::Member => "Appartenance à l’organisation",
        Field::ApplicantGivenName | Field::ControllerGivenName | Field::DpoGivenName | Field::TechnicalGivenName => {
            "Prénom"
        }
        Field::ApplicantFamilyName
        | Field::ControllerFamilyName
        | Field::DpoFamilyName
        | Field::TechnicalFamilyName => "Nom",
        Field::ApplicantJobTitle | Field::ControllerJobTitle | Field::DpoJobTitle | Field::TechnicalJobTitle => {
            "Fonction"
        }
        Field::ApplicantEmail => "Adresse électronique professionnelle",
        Field::ControllerEmail | Field::DpoEmail | Field::TechnicalEmail => "Adresse électronique",
        Field::ApplicantPhone | Field::ControllerPhone | Field::DpoPhone => "Téléphone",
        Field::TechnicalPhone => "Téléphone portable",
        Field::ProjectName => "Nom du projet",
        Field::Description => "Description du projet",
        Field::Migration => "Passage à FranceConnect v2",
        Field::FormerNumber => "Numéro de l’ancienne habilitation",
        Field::Mockups => "Maquettes du service",
        Field::LaunchDate => "Date de mise en service prévue",
        Field::YearlyVolume => "Nombre de démarches par an",
        Field::Scopes => "Données demandées",
        Field::Recipients => "Destinataires des données",
        Field::RetentionMonths => "Durée de conservation, en mois",
        Field::RetentionReason => "Raison de la durée de conservation",
        Field::AssuranceLevel => "Niveau de garantie",
        Field::LegalBasis => "Texte qui autorise le traitement",
        Field::LegalUrl => "Adresse du texte en ligne",
        Field::LegalDocuments => "Texte joint",
        Field::ControllerKind => CONTROLLER,
        Field::TermsAccepted => "Conditions générales",
        Field::DpoInformed => "Information du délégué",
        Field::AlternativeOffered => "Autre moyen d’accès",
    }
}
