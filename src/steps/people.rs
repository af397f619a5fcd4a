//! Step 6: who is involved.

use super::suggestions::Suggestions;
use super::{Filling, section};
use crate::controls::{Look, radios, text};
use crate::dom::{View, element};
use crate::form::Form;
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

pub(super) fn fields(Filling { form, .. }: Filling) -> Vec<View> {
    let controller = vec![
        radios(form, Field::ControllerKind, &["person", "organisation"]),
        text(form, Field::ControllerLegalName, Look::WORDS),
        text(form, Field::ControllerGivenName, Look::NAME),
        text(form, Field::ControllerFamilyName, Look::NAME),
        text(form, Field::ControllerJobTitle, Look::WORDS),
        text(form, Field::ControllerEmail, Look::EMAIL),
        text(form, Field::ControllerPhone, Look::PHONE),
    ];
    let dpo = vec![
        text(form, Field::DpoGivenName, Look::NAME),
        text(form, Field::DpoFamilyName, Look::NAME),
        text(form, Field::DpoJobTitle, Look::WORDS),
        text(form, Field::DpoEmail, Look::EMAIL),
        text(form, Field::DpoPhone, Look::PHONE),
    ];
    let technical = vec![
        copy_applicant(form),
        text(form, Field::TechnicalGivenName, Look::NAME),
        text(form, Field::TechnicalFamilyName, Look::NAME),
        text(form, Field::TechnicalJobTitle, Look::WORDS),
        text(form, Field::TechnicalEmail, Look::EMAIL),
        text(form, Field::TechnicalPhone, Look::PHONE),
    ];
    vec![
        section(APPLICANT, "C’est vous. Vos coordonnées se modifient à la première étape.", applicant(form)),
        section(CONTROLLER, "Doit faire partie de votre organisation.", controller),
        section(
            DPO,
            "En général, une personne de votre organisation. Ce ne peut pas être le responsable du traitement : le délégué doit rester indépendant.",
            dpo,
        ),
        section(
            TECHNICAL,
            "Peut travailler chez votre prestataire. Il recevra les accès techniques, et sera joint en cas de problème technique.",
            technical,
        ),
    ]
}

fn applicant(form: Form) -> Vec<View> {
    let line = move || {
        let [given_name, family_name, others @ ..] = COPIED.map(|(own, _)| form.text(own));
        let name = [given_name, family_name].join(" ").trim().to_owned();
        let known: Vec<String> = [name].into_iter().chain(others).filter(|text| !text.is_empty()).collect();
        if known.is_empty() { "Pas encore indiqué.".to_owned() } else { known.join(" · ") }
    };
    vec![element("p").class("answer").untranslated().live_text(line).into()]
}

fn copy_applicant(form: Form) -> View {
    let suggestions = Suggestions::new(form);
    // A phone that gets no text message would be an error that the person did not make.
    let fits = |field: Field, answer: &str| {
        field != Field::TechnicalPhone || Phone::parse(answer.trim()).is_ok_and(|phone| phone.is_mobile())
    };
    let copy = move || {
        let own = COPIED.iter().map(|(own, technical)| (*technical, form.text_now(*own)));
        own.filter(|(technical, answer)| fits(*technical, answer)).collect()
    };
    let offer = suggestions.offer("C’est moi : reprendre mes coordonnées", "Vos coordonnées sont reprises", copy);
    element("div").class("suggestions").child(offer).child(suggestions.undo()).into()
}
