//! Every word that people read, in French. Fields have theirs by [`Field`], findings by field and code: page and API
//! can never disagree.

pub mod fields;
pub mod messages;
pub mod steps;

use crate::model::saving::Failure;

/// Name of the application.
pub const NAME: &str = "Demande d’habilitation";

/// `1 fichier`, `2 fichiers`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number < 2 { format!("{number}\u{a0}{one}") } else { format!("{number}\u{a0}{many}") }
}

/// `2,4 Mo`, of a number of bytes.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => format!("{}\u{a0}Ko", bytes / 1_000),
        _ => format!("{},{}\u{a0}Mo", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// `4 200`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push('\u{202f}');
        }
        written.push(digit);
    }
    written
}

/// Why the answers are on the device only.
#[must_use]
pub fn trouble(failure: Failure) -> &'static str {
    match failure {
        Failure::Unreachable => "Hors ligne – gardé sur cet appareil",
        Failure::SignedOut => "Déconnecté – gardé sur cet appareil",
        Failure::Gone => "Demande supprimée ailleurs – gardé sur cet appareil",
        Failure::Submitted => "Demande déjà envoyée",
        Failure::TooLarge => "Trop de texte pour être enregistré – gardé sur cet appareil",
        Failure::NotUnderstood => "Enregistrement refusé – gardé sur cet appareil",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_sizes_are_written_as_in_french() {
        assert_eq!(number(4_200), "4\u{202f}200");
        assert_eq!(number(1_000_000_000), "1\u{202f}000\u{202f}000\u{202f}000");
        assert_eq!(number(36), "36");
        assert_eq!(size(2_450_000), "2,4\u{a0}Mo");
        assert_eq!(size(48_213), "48\u{a0}Ko");
        assert_eq!(size(12), "12\u{a0}octets");
    }
}
