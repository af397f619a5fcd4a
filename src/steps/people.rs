//! Step 6: who is involved.

use leptos::prelude::*;

use super::parts::Part;
use super::suggestions::Suggestions;
use crate::fields::{InputKind, Radios, TextField};
use crate::form::Form;
use crate::html::{LiveText, div, p};
use crate::model::Field;
use crate::model::phone::Phone;
use crate::texts::fields::{APPLICANT, CONTROLLER, DPO, TECHNICAL};

/// The applicant's fields and those of the technical contact that take after them.
const COPIED: [(Field, Field); 5] = [
    (Field::ApplicantGivenName, Field::TechnicalGivenName),
    (Field::ApplicantFamilyName, Field::TechnicalFamilyName),
    (Field::ApplicantJobTitle, Field::TechnicalJobTitle),
    (Field::ApplicantEmail, Field::TechnicalEmail),
    (Field::ApplicantPhone, Field::TechnicalPhone),
];

/// Shows the fields of the step.
#[component]
pub(super) fn People() -> impl IntoView {
    view! {
        <Part name=APPLICANT about="C’est vous. Vos coordonnées se modifient à la première étape.">
            <Applicant />
        </Part>
        <Part name=CONTROLLER about="Doit faire partie de votre organisation.">
            <Radios field=Field::ControllerKind values=&["person", "organisation"] />
            <TextField field=Field::ControllerLegalName kind=InputKind::WORDS />
            <TextField field=Field::ControllerGivenName kind=InputKind::NAME />
            <TextField field=Field::ControllerFamilyName kind=InputKind::NAME />
            <TextField field=Field::ControllerJobTitle kind=InputKind::WORDS />
            <TextField field=Field::ControllerEmail kind=InputKind::EMAIL />
            <TextField field=Field::ControllerPhone kind=InputKind::PHONE />
        </Part>
        <Part
            name=DPO
            about="En général, une personne de votre organisation. Ce ne peut pas être le responsable du traitement : le délégué doit rester indépendant."
        >
            <TextField field=Field::DpoGivenName kind=InputKind::NAME />
            <TextField field=Field::DpoFamilyName kind=InputKind::NAME />
            <TextField field=Field::DpoJobTitle kind=InputKind::WORDS />
            <TextField field=Field::DpoEmail kind=InputKind::EMAIL />
            <TextField field=Field::DpoPhone kind=InputKind::PHONE />
        </Part>
        <Part
            name=TECHNICAL
            about="Peut travailler chez votre prestataire. Il recevra les accès techniques, et sera joint en cas de problème technique."
        >
            <CopyApplicant />
            <TextField field=Field::TechnicalGivenName kind=InputKind::NAME />
            <TextField field=Field::TechnicalFamilyName kind=InputKind::NAME />
            <TextField field=Field::TechnicalJobTitle kind=InputKind::WORDS />
            <TextField field=Field::TechnicalEmail kind=InputKind::EMAIL />
            <TextField field=Field::TechnicalPhone kind=InputKind::PHONE />
        </Part>
    }
}

/// Shows what is known of the applicant.
#[component]
fn Applicant() -> impl IntoView {
    let form: Form = expect_context();
    let line = move || {
        let [given_name, family_name, others @ ..] = COPIED.map(|(own, _)| form.text(own));
        let name = [given_name, family_name].join(" ").trim().to_owned();
        let known: Vec<String> = [name].into_iter().chain(others).filter(|text| !text.is_empty()).collect();
        if known.is_empty() { "Pas encore indiqué.".to_owned() } else { known.join(" · ") }
    };
    p().attr("class", "answer").attr("translate", "no").live_text(line)
}

/// Offers to take over what is known of the applicant.
#[component]
fn CopyApplicant() -> impl IntoView {
    let form: Form = expect_context();
    let suggestions = Suggestions::new(form);
    // A phone that gets no text message would be an error that the person did not make.
    let fits = |field: Field, answer: &str| {
        field != Field::TechnicalPhone || Phone::parse(answer.trim()).is_ok_and(|phone| phone.is_mobile())
    };
    let copy = move || {
        let own = COPIED.iter().map(|(own, technical)| (*technical, form.text_untracked(*own)));
        own.filter(|(technical, answer)| fits(*technical, answer)).collect()
    };
    let offer = suggestions.offer("C’est moi : reprendre mes coordonnées", "Vos coordonnées sont reprises", copy);
    div().attr("class", "suggestions").child(offer).child(suggestions.undo())
}
