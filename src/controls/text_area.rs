//! A text on several lines, which tells how much room is left when little is.

use super::{Control, control};
use crate::dom::{View, element};
use crate::form::Form;
use crate::model::{Field, Text};
use crate::texts;
use leptos::prelude::*;

/// From this share of the limit on, the room that is left is told.
const NEARLY_FULL: (u64, u64) = (4, 5);
/// A screen reader is told every so many characters, not at each key.
const TOLD_EVERY: u64 = 50;

/// A text on several lines.
pub fn text_area(form: Form, field: Field) -> View {
    control(form, field, move |control| {
        let area = control.input("textarea").class("control").attr("autocomplete", "off");
        control
            .frame("div")
            .child(control.label())
            .child(control.hint())
            .child(control.typed(area))
            .child(room(control))
            .child(control.messages())
    })
}

fn room(Control { form, field, .. }: Control) -> View {
    let Some(max) = field.max_length() else { return View::Nothing };
    let left = move || {
        let length = Text::from(form.text(field).as_str()).trimmed().chars().count() as u64;
        (length * NEARLY_FULL.1 >= max * NEARLY_FULL.0).then(|| i64::try_from(max).unwrap_or_default() - length as i64)
    };
    let told = Memo::new(move |_| left().map_or(String::new(), |left| words(rounded_up(left))));
    let seen = element("p").class("hint room").attr("aria-hidden", "true");
    View::Several(vec![
        seen.live_text(move || left().map_or(String::new(), words)).into(),
        element("p").class("unseen").attr("aria-live", "polite").live_text(move || told.get()).into(),
    ])
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
