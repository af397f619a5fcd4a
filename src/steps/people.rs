//! Step 6: who is involved.

use leptos::prelude::*;

use super::card_request::card_request;
use super::field_group::FieldGroup;
use super::suggestions::{Suggestion, Suggestions, UndoSuggestion};
use crate::fields::{InputKind, Radios, TextField};
use crate::form::Form;
use crate::html::{LiveText, div, p};
use crate::model::Field;
use crate::model::phone::Phone;
use crate::model::wire::CardContact;
use crate::texts::fields::{APPLICANT, CONTROLLER, DPO, TECHNICAL};

/// Fields of one person: given name, family name, job title, e-mail address and phone number.
type Contact = [Field; 5];

const APPLICANT_CONTACT: Contact = [
    Field::ApplicantGivenName,
    Field::ApplicantFamilyName,
    Field::ApplicantJobTitle,
    Field::ApplicantEmail,
    Field::ApplicantPhone,
];
const CONTROLLER_CONTACT: Contact = [
    Field::ControllerGivenName,
    Field::ControllerFamilyName,
    Field::ControllerJobTitle,
    Field::ControllerEmail,
    Field::ControllerPhone,
];
const DPO_CONTACT: Contact =
    [Field::DpoGivenName, Field::DpoFamilyName, Field::DpoJobTitle, Field::DpoEmail, Field::DpoPhone];
const TECHNICAL_CONTACT: Contact = [
    Field::TechnicalGivenName,
    Field::TechnicalFamilyName,
    Field::TechnicalJobTitle,
    Field::TechnicalEmail,
    Field::TechnicalPhone,
];

/// Shows the fields of the step.
#[component]
pub(super) fn People() -> impl IntoView {
    view! {
        <FieldGroup name=APPLICANT about="C’est vous. Vos coordonnées se modifient à la première étape.">
            <Applicant />
        </FieldGroup>
        <FieldGroup name=CONTROLLER about="Le responsable doit faire partie de votre organisation, ou être votre organisation elle-même.">
            <Radios field=Field::ControllerKind values=&["person", "organisation"] />
            <TextField field=Field::ControllerLegalName kind=InputKind::WORDS />
            <ContactFields contact=CONTROLLER_CONTACT />
            {card_request(CardContact::Controller, Field::ControllerEmail)}
        </FieldGroup>
        <FieldGroup
            name=DPO
            about="Cette personne fait en général partie de votre organisation. Elle ne peut pas être le responsable du traitement : elle doit rester indépendante."
        >
            <ContactFields contact=DPO_CONTACT />
            {card_request(CardContact::Dpo, Field::DpoEmail)}
        </FieldGroup>
        <FieldGroup
            name=TECHNICAL
            about="Cette personne peut travailler chez votre prestataire. Elle recevra les accès techniques, et sera jointe en cas de problème technique."
        >
            <CopyApplicant />
            <ContactFields contact=TECHNICAL_CONTACT />
            {card_request(CardContact::Technical, Field::TechnicalEmail)}
        </FieldGroup>
    }
}

/// Shows the fields of one person.
#[component]
fn ContactFields(contact: Contact) -> impl IntoView {
    let [given_name, family_name, job_title, email, phone] = contact;
    view! {
        <TextField field=given_name kind=InputKind::NAME />
        <TextField field=family_name kind=InputKind::NAME />
        <TextField field=job_title kind=InputKind::WORDS />
        <TextField field=email kind=InputKind::EMAIL />
        <TextField field=phone kind=InputKind::PHONE />
    }
}

/// Shows the contact of the applicant, as answered at the first step.
#[component]
fn Applicant() -> impl IntoView {
    let form: Form = expect_context();
    let line = move || {
        let [given_name, family_name, others @ ..] = APPLICANT_CONTACT.map(|field| form.text(field));
        let name = [given_name, family_name].join(" ").trim().to_owned();
        let known: Vec<String> = [name].into_iter().chain(others).filter(|text| !text.is_empty()).collect();
        if known.is_empty() { "Pas encore indiqué.".to_owned() } else { known.join(" · ") }
    };
    p().attr("class", "answer").attr("translate", "no").live_text(line)
}

/// Offers to copy the applicant's contact to the technical contact.
#[component]
fn CopyApplicant() -> impl IntoView {
    let form: Form = expect_context();
    let suggestions = Suggestions::new(form);
    // A landline would be an error that the person did not make: the technical contact needs a mobile phone.
    let fits = |field: Field, answer: &str| {
        field != Field::TechnicalPhone || Phone::parse(answer.trim()).is_ok_and(|phone| phone.is_mobile())
    };
    let answers = move || {
        let of_applicant = APPLICANT_CONTACT.iter().map(|field| form.text_untracked(*field));
        TECHNICAL_CONTACT.into_iter().zip(of_applicant).filter(|(field, answer)| fits(*field, answer)).collect()
    };
    div().attr("class", "suggestions").child(view! {
        <Suggestion
            suggestions
            words="C’est moi : reprendre mes coordonnées"
            announcement="Vos coordonnées sont reprises"
            answers
        />
        <UndoSuggestion suggestions />
    })
}
