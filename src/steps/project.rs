//! Step 2: the service.

use super::Filling;
use crate::controls::{Look, documents, radios, text, text_area};
use crate::dom::View;
use crate::model::Field;

pub(super) fn fields(Filling { form, uploads, .. }: Filling) -> Vec<View> {
    vec![
        text(form, Field::ProjectName, Look::WORDS),
        text_area(form, Field::Description),
        radios(form, Field::Migration, &["true", "false"]),
        text(form, Field::FormerNumber, Look::SHORT),
        documents(form, Field::Mockups, uploads),
        text(form, Field::LaunchDate, Look::SHORT),
        text(form, Field::YearlyVolume, Look::DIGITS),
    ]
}
