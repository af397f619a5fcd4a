//! Step 1: who asks.

use leptos::prelude::*;

use super::establishment;
use super::field_group::FieldGroup;
use crate::fields::{Checkbox, InputKind, Radios, TextField};
use crate::model::Field;
use crate::texts::fields::APPLICANT;

/// Shows the fields of the step.
#[component]
pub(super) fn Organisation() -> impl IntoView {
    view! {
        <TextField field=Field::Siret kind=InputKind::DIGITS />
        {establishment::advice()}
        <TextField field=Field::OrganisationName kind=InputKind::WORDS.own("organization") />
        <Radios field=Field::OrganisationKind values=&["administration", "company", "association"] />
        <Radios field=Field::PrivateBasis values=&["address_change", "identity_verification", "other"] />
        <Checkbox field=Field::Member />
        <FieldGroup name=APPLICANT about="C’est vous : la personne qui fait la demande.">
            <TextField field=Field::ApplicantGivenName kind=InputKind::NAME.own("given-name") />
            <TextField field=Field::ApplicantFamilyName kind=InputKind::NAME.own("family-name") />
            <TextField field=Field::ApplicantJobTitle kind=InputKind::WORDS.own("organization-title") />
            <TextField field=Field::ApplicantEmail kind=InputKind::EMAIL.own("email") />
            <TextField field=Field::ApplicantPhone kind=InputKind::PHONE.own("tel") />
        </FieldGroup>
    }
}
