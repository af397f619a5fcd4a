//! Fields whose answer is a text on several lines.

use leptos::prelude::*;

use super::control::{LabelledField, while_asked};
use crate::components::characters_left;
use crate::html::textarea;
use crate::model::Field;

/// Shows a field whose answer is a text on several lines. Near its limit, it shows how many characters are left.
#[component]
pub fn TextArea(field: Field) -> impl IntoView {
    while_asked(field, move |control| {
        let area = control.input(textarea()).attr("class", "control").attr("autocomplete", "off");
        let form = control.form;
        let count = field.max_length().map(|max| characters_left(move || form.text(field), max));
        view! { <LabelledField control>{control.typed(area)} {count}</LabelledField> }
    })
}
