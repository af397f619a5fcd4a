//! Step 7: commitments.

use super::Filling;
use crate::app::App;
use crate::controls::{checkbox, terms_checkbox};
use crate::dom::View;
use crate::model::Field;
use leptos::prelude::*;

pub(super) fn fields(Filling { form, .. }: Filling) -> Vec<View> {
    let config = App::get().config();
    let address = move || config.with(|config| config.contacts.terms_url.clone());
    vec![
        terms_checkbox(form, Field::TermsAccepted, address),
        checkbox(form, Field::DpoInformed),
        checkbox(form, Field::AlternativeOffered),
    ]
}
