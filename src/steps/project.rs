//! Step 2: the service.

use leptos::prelude::*;

use crate::fields::{DocumentsField, InputKind, Radios, TextArea, TextField};
use crate::model::Field;

/// Shows the fields of the step.
#[component]
pub(super) fn Project() -> impl IntoView {
    view! {
        <TextField field=Field::ProjectName kind=InputKind::WORDS />
        <TextArea field=Field::Description />
        <Radios field=Field::Migration values=&["true", "false"] />
        <TextField field=Field::FormerNumber kind=InputKind::SHORT />
        <DocumentsField field=Field::Mockups />
        <TextField field=Field::LaunchDate kind=InputKind::SHORT />
        <TextField field=Field::YearlyVolume kind=InputKind::DIGITS />
    }
}
