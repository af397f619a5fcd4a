//! Step 1: who asks.

use super::{Filling, section};
use crate::controls::{Look, checkbox, radios, text};
use crate::dom::View;
use crate::model::Field;
use crate::texts::fields::APPLICANT;

pub(super) fn fields(Filling { form, .. }: Filling) -> Vec<View> {
    let applicant = vec![
        text(form, Field::ApplicantGivenName, Look::NAME.own("given-name")),
        text(form, Field::ApplicantFamilyName, Look::NAME.own("family-name")),
        text(form, Field::ApplicantJobTitle, Look::WORDS.own("organization-title")),
        text(form, Field::ApplicantEmail, Look::EMAIL.own("email")),
        text(form, Field::ApplicantPhone, Look::PHONE.own("tel")),
    ];
    vec![
        text(form, Field::Siret, Look::DIGITS),
        text(form, Field::OrganisationName, Look::WORDS.own("organization")),
        radios(form, Field::OrganisationKind, &["administration", "company", "association"]),
        radios(form, Field::PrivateBasis, &["address_change", "identity_verification", "other"]),
        checkbox(form, Field::Member),
        section(APPLICANT, "C’est vous : la personne qui fait la demande.", applicant),
    ]
}
