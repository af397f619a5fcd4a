//! The words of each field: its label, what helps to answer, and what to say when the answer is missing.

use crate::lazy::deferred;
use crate::model::Field;

/// The words of one field.
#[derive(Clone, Copy, Debug)]
pub struct FieldText {
    /// Name of the field.
    pub label: &'static str,
    /// Help to answer; may be empty.
    pub hint: &'static str,
    /// Message where the answer is missing.
    pub missing: &'static str,
}

const fn text(label: &'static str, hint: &'static str, missing: &'static str) -> FieldText {
    FieldText { label, hint, missing }
}

const GIVEN_NAME: FieldText = text("Prénom", "", "Indiquez le prénom.");
const FAMILY_NAME: FieldText = text("Nom", "", "Indiquez le nom.");
const JOB_TITLE: FieldText = text("Fonction", "", "Indiquez la fonction.");
const EMAIL: FieldText =
    text("Adresse électronique", "Par exemple : prenom.nom@organisme.example", "Indiquez l’adresse électronique.");
const PHONE: FieldText = text("Téléphone", "Par exemple : 01 99 00 12 34", "Indiquez le numéro de téléphone.");

/// Returns the words of a field.
#[must_use]
pub fn of(field: Field) -> FieldText {
    match field {
        Field::Siret => text(
            "Numéro SIRET",
            "14 chiffres, ceux de l’établissement qui porte le service. Rendu public si la demande est acceptée. Par exemple : 217 501 267 00017",
            "Indiquez le numéro SIRET de votre organisation.",
        ),
        Field::OrganisationName => text(
            "Nom de l’organisation",
            "Rendu public si la demande est acceptée.",
            "Indiquez le nom de votre organisation.",
        ),
        Field::OrganisationKind => text(
            "Votre organisation est…",
            "Rendu public si la demande est acceptée.",
            "Choisissez le type de votre organisation.",
        ),
        Field::PrivateBasis => text(
            "À quel titre demandez-vous FranceConnect ?",
            "L’arrêté du 8 novembre 2018 ouvre FranceConnect aux organisations privées dans deux cas.",
            "Choisissez à quel titre vous faites la demande.",
        ),
        Field::Member => text(
            "Je fais partie de cette organisation",
            "La demande doit être faite par une personne de l’organisation.",
            "Cochez cette case si vous faites partie de l’organisation. Sinon, demandez à l’un de ses membres de faire la demande.",
        ),
        Field::ApplicantGivenName => text("Prénom", "", "Indiquez votre prénom."),
        Field::ApplicantFamilyName => text("Nom", "", "Indiquez votre nom."),
        Field::ApplicantJobTitle => {
            text("Fonction", "Par exemple : cheffe de projet numérique", "Indiquez votre fonction.")
        }
        Field::ApplicantEmail => text(
            "Adresse électronique professionnelle",
            "L’équipe FranceConnect vous y répondra. Par exemple : prenom.nom@organisme.example",
            "Indiquez votre adresse électronique.",
        ),
        Field::ApplicantPhone => text(
            "Téléphone",
            "Pour les questions sur le fonctionnement du service. Par exemple : 01 99 00 12 34",
            "Indiquez votre numéro de téléphone.",
        ),

        // Drawn by the part that has their words, and not before it is loaded.
        field => further(field).now().unwrap_or(text("", "", "")),
    }
}

deferred! {
    /// Returns the words of a field of the steps after the first.
    fn further(field: Field) -> FieldText {
        of_further_step(field)
    }

    /// Returns the words of one value of a choice of the steps after the first.
    fn further_option(field: Field, value: String) -> (&'static str, &'static str) {
        option_of_further_step(field, &value)
    }
}

fn of_further_step(field: Field) -> FieldText {
    match field {
        Field::ProjectName => text(
            "Nom du projet",
            "Le nom que vos usagers connaissent : celui du service ou de la démarche. Rendu public si la demande est acceptée.",
            "Indiquez le nom du projet.",
        ),
        Field::Description => text(
            "Description du projet",
            "À quoi servira l’identité transmise par FranceConnect, et quelles démarches les usagers feront. Quelques phrases suffisent.",
            "Décrivez le projet en quelques phrases.",
        ),
        Field::Migration => text(
            "Faites-vous cette demande pour passer à FranceConnect v2 un service qui utilise déjà FranceConnect ?",
            "",
            "Répondez par oui ou par non.",
        ),
        Field::FormerNumber => text(
            "Numéro de l’ancienne habilitation",
            "À remplir si vous en avez un.",
            "Indiquez le numéro de l’ancienne habilitation.",
        ),
        Field::Mockups => text(
            "Maquettes du service",
            "Des images des écrans aident à comprendre votre service.",
            "Ajoutez une maquette.",
        ),
        Field::LaunchDate => text(
            "Date de mise en service prévue",
            "Cette date n’engage à rien : elle aide l’équipe FranceConnect à s’organiser. Par exemple : 01/09/2027",
            "Indiquez la date prévue.",
        ),
        Field::YearlyVolume => text(
            "Nombre de démarches par an",
            "Combien de démarches ou de dossiers traiterez-vous dans l’année ? Une estimation suffit. Par exemple : 4 200",
            "Indiquez le nombre de démarches prévues par an.",
        ),

        Field::Scopes => text(
            "À quelles données demandez-vous l’accès ?",
            "Cochez seulement ce dont la démarche ne peut pas se passer. Rendu public si la demande est acceptée.",
            "Cochez au moins une donnée.",
        ),
        Field::Recipients => text(
            "Destinataires des données",
            "Qui, par sa fonction, pourra recevoir ou traiter ces données ? Par exemple : les agents du service de l’état civil.",
            "Indiquez qui recevra ou traitera les données.",
        ),
        Field::RetentionMonths => text(
            "Durée de conservation, en mois",
            "Le responsable du traitement la fixe selon l’usage fait des données. Le plus souvent, 36 mois au plus. Par exemple : 24",
            "Indiquez la durée de conservation, en mois.",
        ),
        Field::RetentionReason => text(
            "Pourquoi plus de 36 mois ?",
            "Par exemple : une obligation légale, avec sa référence.",
            "Expliquez pourquoi les données sont conservées plus de 36 mois.",
        ),

        Field::AssuranceLevel => text(
            "Quel niveau demandez-vous ?",
            "Vous pourrez le changer tant que la demande n’est pas envoyée. Rendu public si la demande est acceptée.",
            "Choisissez un niveau de garantie.",
        ),

        Field::LegalBasis => text(
            "Texte qui autorise le traitement",
            "Sa nature et sa référence : loi, décret, arrêté, délibération… avec son numéro ou sa date. Rendu public si la demande est acceptée.",
            "Indiquez la nature et la référence du texte.",
        ),
        Field::LegalUrl => text(
            "Adresse du texte en ligne",
            "L’adresse ou le fichier joint ci-dessous : l’un des deux suffit. Rendu public si la demande est acceptée. Par exemple : https://www.organisme.example/texte",
            "Indiquez l’adresse du texte, ou joignez-le ci-dessous.",
        ),
        Field::LegalDocuments => text(
            "Texte joint",
            "Si le texte n’est pas en ligne, joignez-le. L’adresse ou le fichier suffit.",
            "Joignez le texte.",
        ),

        Field::ControllerKind => text(
            "Le responsable du traitement est…",
            "C’est la personne ou l’organisation qui décide pourquoi et comment les données sont traitées.",
            "Choisissez si le responsable est une personne ou une organisation.",
        ),
        Field::ControllerLegalName => {
            text("Nom de l’organisation", "", "Indiquez le nom de l’organisation responsable.")
        }
        Field::ControllerGivenName | Field::DpoGivenName | Field::TechnicalGivenName => GIVEN_NAME,
        Field::ControllerFamilyName | Field::DpoFamilyName | Field::TechnicalFamilyName => FAMILY_NAME,
        Field::ControllerJobTitle | Field::DpoJobTitle | Field::TechnicalJobTitle => JOB_TITLE,
        Field::ControllerEmail => text(
            "Adresse électronique",
            "Un message y sera envoyé quand la demande sera acceptée. Par exemple : prenom.nom@organisme.example",
            "Indiquez l’adresse électronique.",
        ),
        Field::DpoEmail => EMAIL,
        Field::TechnicalEmail => text(
            "Adresse électronique",
            "Les accès à l’espace d’essai (« bac à sable ») y seront envoyés. Le message peut arriver dans les courriers indésirables.",
            "Indiquez l’adresse électronique.",
        ),
        Field::ControllerPhone | Field::DpoPhone => PHONE,
        Field::TechnicalPhone => text(
            "Téléphone portable",
            "Un code d’accès y sera envoyé par SMS. Par exemple : 06 39 98 12 34",
            "Indiquez un numéro de téléphone portable.",
        ),

        Field::TermsAccepted => text(
            "J’ai lu les conditions générales d’utilisation et je les accepte",
            "",
            "Lisez les conditions générales, puis cochez cette case.",
        ),
        Field::DpoInformed => text(
            "Notre délégué à la protection des données est informé de cette demande",
            "",
            "Informez votre délégué à la protection des données, puis cochez cette case.",
        ),
        Field::AlternativeOffered => text(
            "Notre service propose un autre moyen d’accès que FranceConnect",
            "Au même niveau de garantie et sans service dégradé, pour les personnes qui ne peuvent ou ne veulent pas utiliser FranceConnect.",
            "Cette alternative est obligatoire : cochez cette case si votre service la propose.",
        ),
        Field::Siret
        | Field::OrganisationName
        | Field::OrganisationKind
        | Field::PrivateBasis
        | Field::Member
        | Field::ApplicantGivenName
        | Field::ApplicantFamilyName
        | Field::ApplicantJobTitle
        | Field::ApplicantEmail
        | Field::ApplicantPhone => of(field),
    }
}

/// Returns the name of a field out of its context, in a list of errors or of answers: `Contact technique – Téléphone portable`.
#[must_use]
pub fn name(field: Field) -> String {
    let label = match field {
        // Where the label is a question or a sentence, its subject.
        Field::OrganisationKind => "Type d’organisation",
        Field::PrivateBasis => "Motif de la demande",
        Field::Member => "Appartenance à l’organisation",
        Field::Migration => "Passage à FranceConnect v2",
        Field::Scopes => "Données demandées",
        Field::RetentionReason => "Raison de la durée de conservation",
        Field::AssuranceLevel => "Niveau de garantie",
        Field::LegalDocuments => "Texte joint",
        Field::ControllerKind => CONTROLLER,
        Field::TermsAccepted => "Conditions générales",
        Field::DpoInformed => "Information du délégué",
        Field::AlternativeOffered => "Autre moyen d’accès",
        field => of(field).label,
    };
    let owner = match field.path().rsplit_once('.') {
        Some(("organisation.applicant", _)) => APPLICANT,
        Some(("people.controller", _)) if field != Field::ControllerKind => CONTROLLER,
        Some(("people.dpo", _)) => DPO,
        Some(("people.technical", _)) => TECHNICAL,
        _ => return label.to_owned(),
    };
    [owner, " – ", label].concat()
}

/// Name of the person who files the request.
pub const APPLICANT: &str = "Demandeur";
/// Name of the person or body that decides on the processing.
pub const CONTROLLER: &str = "Responsable du traitement";
/// Name of the person who watches over personal data.
pub const DPO: &str = "Délégué à la protection des données";
/// Name of the person who connects the service.
pub const TECHNICAL: &str = "Contact technique";

/// Returns the words of one value of a choice: its name, and what helps to choose it.
#[must_use]
pub fn option(field: Field, value: &str) -> (&'static str, &'static str) {
    match (field, value) {
        (Field::OrganisationKind, "administration") => (
            "Une administration",
            "État, collectivité, établissement public… ou organisme privé chargé d’un service public.",
        ),
        (Field::OrganisationKind, "company") => ("Une entreprise", ""),
        (Field::OrganisationKind, "association") => ("Une association", ""),
        (Field::PrivateBasis, "address_change") => ("Un service en ligne pour déclarer un changement d’adresse", ""),
        (Field::PrivateBasis, "identity_verification") => (
            "Une obligation de vérifier l’identité de nos utilisateurs",
            "Prévue par un texte que vous citerez à l’étape « Le cadre juridique ».",
        ),
        (Field::PrivateBasis, "other") => ("Un autre cas", ""),
        (Field::OrganisationKind | Field::PrivateBasis, _) => UNKNOWN,
        (field, value) => further_option(field, value.to_owned()).now().unwrap_or(UNKNOWN),
    }
}

/// Words of a value that this version of the page does not know.
const UNKNOWN: (&str, &str) = ("Réponse inconnue", "");

fn option_of_further_step(field: Field, value: &str) -> (&'static str, &'static str) {
    match (field, value) {
        (Field::Migration, "true") => ("Oui", ""),
        (Field::Migration, "false") => ("Non", ""),
        (Field::AssuranceLevel, "eidas1") => {
            ("FranceConnect – eIDAS 1", "Ce niveau convient à la plupart des services.")
        }
        (Field::AssuranceLevel, "eidas2") => (
            "FranceConnect+ – eIDAS 2",
            "Pour les démarches sensibles : pièces d’identité conservées, mouvements d’argent, données de santé.",
        ),
        (Field::AssuranceLevel, "eidas3") => {
            ("FranceConnect+ – eIDAS 3", "Le niveau le plus élevé, pour des besoins particuliers.")
        }
        (Field::ControllerKind, "person") => ("Une personne", ""),
        (Field::ControllerKind, "organisation") => ("Une organisation", ""),
        (Field::Scopes, "family_name") => ("Nom de naissance", ""),
        (Field::Scopes, "given_name") => ("Prénoms", ""),
        (Field::Scopes, "birthdate") => ("Date de naissance", ""),
        (Field::Scopes, "birthplace") => ("Ville de naissance", ""),
        (Field::Scopes, "birthcountry") => ("Pays de naissance", ""),
        (Field::Scopes, "gender") => ("Sexe", ""),
        (Field::Scopes, "preferred_username") => {
            ("Nom d’usage", "Ce nom n’existe pas pour tout le monde : demandez aussi le nom de naissance.")
        }
        (Field::Scopes, "email") => ("Adresse électronique", "N’est pas toujours transmise."),
        _ => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_public_list_tells_is_said_at_its_fields_and_at_no_other() {
        let told = Field::ALL.iter().copied().filter(|field| of(*field).hint.contains("Rendu public"));
        let public = [
            Field::Siret,
            Field::OrganisationName,
            Field::OrganisationKind,
            Field::ProjectName,
            Field::Scopes,
            Field::AssuranceLevel,
            Field::LegalBasis,
            Field::LegalUrl,
        ];
        assert_eq!(told.collect::<Vec<_>>(), public);
    }
}
