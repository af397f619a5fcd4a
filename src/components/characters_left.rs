//! The number of characters that may still be typed in a text.

use leptos::prelude::*;

use crate::effect::computed;
use crate::html::{LiveText, p};
use crate::model::Text;
use crate::texts;

/// Share of the limit, as a fraction, from which on the number of characters left is shown.
const NEARLY_FULL: (u64, u64) = (4, 5);
/// Number of characters between two announcements to a screen reader, which is not told at each key.
const ANNOUNCED_EVERY: u64 = 50;

/// Shows how many characters may still be typed in a text, once it is near its limit.
pub fn characters_left(text: impl Fn() -> String + Copy + Send + Sync + 'static, max: u64) -> Vec<AnyView> {
    let left = move || {
        let length = Text::from(text().as_str()).trimmed().chars().count() as u64;
        (length * NEARLY_FULL.1 >= max * NEARLY_FULL.0).then(|| i64::try_from(max).unwrap_or_default() - length as i64)
    };
    let announced = computed(move |_| left().map_or(String::new(), |left| words(rounded_up(left))));
    let visible = p().attr("class", "hint character-count").attr("aria-hidden", "true");
    let announcement = p().attr("class", "visually-hidden").attr("aria-live", "polite");
    let visible = visible.live_text(move || left().map_or(String::new(), words));
    vec![visible, announcement.live_text(move || announced.get())]
}

fn rounded_up(left: i64) -> i64 {
    let step = ANNOUNCED_EVERY.cast_signed();
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
