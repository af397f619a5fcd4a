//! Step 7: commitments.

use leptos::prelude::*;

use super::Filling;
use crate::app::App;
use crate::controls::{checkbox, terms_checkbox};
use crate::model::Field;

pub(super) fn fields(Filling { form, .. }: Filling) -> AnyView {
    let config = App::get().config();
    let address = Signal::derive(move || config.with(|config| config.contacts.terms_url.clone()));
    view! {
        {terms_checkbox(form, Field::TermsAccepted, address)}
        {checkbox(form, Field::DpoInformed)}
        {checkbox(form, Field::AlternativeOffered)}
    }
    .into_any()
}
