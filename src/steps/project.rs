//! Step 2: the service.

use leptos::prelude::*;

use super::Filling;
use crate::controls::{Look, documents, radios, text, text_area};
use crate::model::Field;

pub(super) fn fields(Filling { form, uploads, .. }: Filling) -> AnyView {
    view! {
        {text(form, Field::ProjectName, Look::WORDS)}
        {text_area(form, Field::Description)}
        {radios(form, Field::Migration, &["true", "false"])}
        {text(form, Field::FormerNumber, Look::SHORT)}
        {documents(form, Field::Mockups, uploads)}
        {text(form, Field::LaunchDate, Look::SHORT)}
        {text(form, Field::YearlyVolume, Look::DIGITS)}
    }
    .into_any()
}
