//! French texts that follow from the model: dates, fields, findings, files, saving and steps. Pages hold their own words.
//!
//! Texts of fields go by [`Field`](crate::model::Field), those of findings by field and code.

use std::borrow::Cow;

pub mod acts;
pub mod appeals;
pub mod dates;
pub mod establishments;
pub mod examination;
pub mod fields;
pub mod files;
pub mod lifecycle;
pub mod linked;
pub mod mails;
pub mod messages;
pub mod people;
pub mod saving;
pub mod steps;
pub mod templates;

/// Name of the application.
pub const NAME: &str = "Demande d’habilitation";

/// Returns a text that a person typed, isolated within a sentence.
///
/// A text that is written from right to left then leaves the order of the sentence as it is (Unicode Annex 9).
#[must_use]
pub fn isolated(name: &str) -> Cow<'_, str> {
    let is_from_the_right = |letter: char| {
        matches!(
            letter,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
        )
    };
    if name.chars().any(is_from_the_right) { Cow::Owned(["\u{2068}", name, "\u{2069}"].concat()) } else { name.into() }
}

/// Returns the name of a request, or words in place of an empty one.
#[must_use]
pub fn named(name: &str) -> &str {
    if name.is_empty() { "Demande sans nom" } else { name }
}

/// Returns a number with its noun: `1 fichier`, `2 fichiers`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number < 2 { one } else { many };
    [number.to_string().as_str(), "\u{a0}", noun].concat()
}

/// Returns a number of bytes in words: `2,4 Mo`.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes}\u{a0}octets"),
        1_000..1_000_000 => format!("{}\u{a0}ko", bytes / 1_000),
        _ => format!("{},{}\u{a0}Mo", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// Returns a number in digits, by thousands: `4 200`.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClosedList, Code, Field, Finding, Level, Params, Scope, Step};

    /// French wants a non-breaking space inside « » and before : ; ? !, and a curled apostrophe.
    fn assert_well_set(words: &str) {
        for wrong in [" :", " ;", " ?", " !", " »", "« ", "'", "..."] {
            assert!(!words.contains(wrong), "{wrong:?} in {words:?}");
        }
    }

    #[test]
    fn every_field_has_words_and_they_are_well_set() {
        for field in Field::ALL.iter().copied() {
            let words = fields::of(field);
            assert!(!words.label.is_empty() && !words.missing.is_empty(), "{}", field.path());
            for words in [words.label, words.hint, words.missing, &fields::name(field)] {
                assert_well_set(words);
            }
        }
        for scope in Scope::ALL {
            assert_ne!(fields::option(Field::Scopes, scope.as_str()), fields::option(Field::Scopes, "autre"));
        }
    }

    #[test]
    fn fields_and_answers_are_called_in_mails_as_they_are_on_the_page() {
        use crate::model::assurance::AssuranceLevel;
        use habilitation_words::fields as mails;

        for field in Field::ALL.iter().copied() {
            assert_eq!(mails::name(field), fields::name(field));
        }
        for scope in Scope::ALL.iter().copied() {
            assert_eq!(mails::scope(scope), fields::option(Field::Scopes, scope.as_str()).0);
        }
        for level in AssuranceLevel::ALL.iter().copied() {
            assert_eq!(mails::level(level), fields::option(Field::AssuranceLevel, level.as_str()).0);
        }
    }

    #[test]
    fn two_fields_never_bear_the_same_name_in_a_list() {
        let mut names: Vec<String> = Field::ALL.iter().map(|field| fields::name(*field)).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Field::ALL.len());
    }

    #[test]
    fn every_finding_has_a_sentence_and_it_is_well_set() {
        // What is said of a past date names today, which only a browser knows.
        for code in Code::ALL.iter().copied().filter(|code| *code != Code::PastDate) {
            for (field, level) in Field::ALL.iter().flat_map(|field| [(*field, Level::Error), (*field, Level::Warning)])
            {
                let params = Params { min: Some(1), max: Some(9_999), ..Params::default() };
                let words = messages::of(&Finding { field, level, code, params });
                assert!(words.ends_with('.'), "{words}");
                assert_well_set(&words);
            }
        }
    }

    #[test]
    fn every_step_is_named_and_introduced() {
        for step in Step::ALL.iter().copied() {
            for words in [steps::title(step), steps::lead(step)] {
                assert!(!words.is_empty());
                assert_well_set(words);
            }
        }
        assert_eq!(steps::position(Step::Review), "Étape 8 sur 8");
    }

    #[test]
    fn no_text_in_any_module_has_a_space_where_a_line_may_not_break() {
        fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    sources(&path, found);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    found.push(path);
                }
            }
        }
        let mut files = Vec::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        assert!(files.len() > 50);
        for file in files {
            // What is tested is no text of the page.
            let source = std::fs::read_to_string(&file).unwrap();
            let lines = source.split("#[cfg(test)]").next().unwrap_or_default().lines();
            for (number, line) in lines.enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                // Every second part of a line stands between quotes.
                for text in line.split('"').skip(1).step_by(2) {
                    let is_split = |mark: &str| text.ends_with(mark) || text.contains(&[mark, " "].concat());
                    let wrong = [" :", " ;", " ?", " !", " »"].into_iter().any(is_split) || text.contains("« ");
                    assert!(!wrong, "{}:{}: {text}", file.display(), number + 1);
                }
            }
        }
    }

    #[test]
    fn every_failure_is_named_and_explained() {
        use crate::device::Persistence;
        use crate::draft::SaveStatus;
        use crate::model::saving::{Failure, SavedTo};
        let status = |persistence| SaveStatus {
            saved_to: SavedTo::OnTheWay,
            failure: None,
            since: None,
            persistence,
            online: false,
            rejected_fields: Vec::new(),
            conflicts: Vec::new(),
        };
        for failure in [
            Failure::Unreachable,
            Failure::Intercepted,
            Failure::QuotaReached,
            Failure::SignedOut,
            Failure::NotPermitted,
            Failure::Gone,
            Failure::NotOnServer,
            Failure::Submitted,
            Failure::TooLarge,
            Failure::NotUnderstood,
            Failure::Outdated,
        ] {
            for persistence in [Persistence::Local, Persistence::Session, Persistence::Memory] {
                let (title, words) = saving::notice(failure, &status(persistence));
                assert_well_set(title);
                assert_well_set(words);
                let status = SaveStatus { saved_to: SavedTo::Device(failure), ..status(persistence) };
                assert_well_set(&saving::line(&status));
            }
        }
        for words in [saving::IN_DOUBT, saving::MEMORY.0, saving::MEMORY.1, files::LOST.0, files::LOST.1] {
            assert_well_set(words);
        }
    }

    #[test]
    fn every_upload_error_is_told_in_sentences() {
        use crate::uploads::{Stage, UploadError};
        for error in UploadError::ALL {
            let words = files::state(Stage::Failed(*error), 1, false);
            assert!(words.ends_with('.'), "{words}");
            assert_well_set(&words);
        }
    }

    #[test]
    fn numbers_and_sizes_are_written_as_in_french() {
        assert_eq!(number(4_200), "4\u{202f}200");
        assert_eq!(number(1_000_000_000), "1\u{202f}000\u{202f}000\u{202f}000");
        assert_eq!(number(36), "36");
        assert_eq!(size(2_450_000), "2,4\u{a0}Mo");
        assert_eq!(size(48_213), "48\u{a0}ko");
        assert_eq!(size(12), "12\u{a0}octets");
    }
}
