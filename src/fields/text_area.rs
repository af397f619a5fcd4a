//! A text on several lines, which tells how much room is left when little is.

use leptos::prelude::*;

use super::control::{Control, asked};
use crate::effect::computed;
use crate::html::{LiveText, div, p, textarea};
use crate::model::{Field, Text};
use crate::texts;

/// From this share of the limit on, the room that is left is told.
const NEARLY_FULL: (u64, u64) = (4, 5);
/// A screen reader is told every so many characters, not at each key.
const TOLD_EVERY: u64 = 50;

/// Shows a field whose answer is a text on several lines.
#[component]
pub fn TextArea(field: Field) -> impl IntoView {
    asked(field, move |control| {
        let area = control.input(textarea()).attr("class", "control").attr("autocomplete", "off");
        control
            .frame(div())
            .child(control.label())
            .child(control.hint())
            .child(control.typed(area))
            .child(field.max_length().map(|max| characters_left(control, max)))
            .child(control.messages())
    })
}

fn characters_left(Control { form, field, .. }: Control, max: u64) -> impl IntoView {
    let left = move || {
        let length = Text::from(form.text(field).as_str()).trimmed().chars().count() as u64;
        (length * NEARLY_FULL.1 >= max * NEARLY_FULL.0).then(|| i64::try_from(max).unwrap_or_default() - length as i64)
    };
    let told = computed(move |_| left().map_or(String::new(), |left| words(rounded_up(left))));
    let seen = p().attr("class", "hint room").attr("aria-hidden", "true");
    let heard = p().attr("class", "unseen").attr("aria-live", "polite");
    vec![seen.live_text(move || left().map_or(String::new(), words)), heard.live_text(move || told.get())]
}

fn rounded_up(left: i64) -> i64 {
    let step = TOLD_EVERY.cast_signed();
    if left > 0 { (left + step - 1) / step * step } else { left }
}

fn words(left: i64) -> String {
    let number = texts::number(left.unsigned_abs());
    let characters = if left.abs() < 2 { "caractère" } else { "caractères" };
    match left {
        0 => "Longueur maximale atteinte".to_owned(),
        ..0 => format!("{number} {characters} en trop"),
        1.. => format!("Encore {number} {characters}"),
    }
}
