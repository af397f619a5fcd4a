//! Step 7: commitments.

use leptos::prelude::*;

use crate::context::Settings;
use crate::fields::{Checkbox, TermsCheckbox};
use crate::model::Field;

/// Shows the fields of the step.
#[component]
pub(super) fn Terms() -> impl IntoView {
    let settings = Settings::get();
    let config = settings.config;
    let address = Signal::derive(move || config.with(|config| config.contacts.terms_url.clone()));
    view! {
        <TermsCheckbox field=Field::TermsAccepted address />
        <Checkbox field=Field::DpoInformed />
        <Checkbox field=Field::AlternativeOffered />
    }
}
