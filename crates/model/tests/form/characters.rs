//! Control characters, tabs and line breaks in texts.

use habilitation_model::Field;
use serde_json::Value;

use crate::complete::{error, findings, is_text, typed};

/// Texts in which a stray character breaks no rule of form.
fn free_texts() -> impl Iterator<Item = Field> {
    let formatted = [
        Field::Siret,
        Field::ApplicantEmail,
        Field::ApplicantPhone,
        Field::LaunchDate,
        Field::YearlyVolume,
        Field::RetentionMonths,
        Field::LegalUrl,
        Field::ControllerEmail,
        Field::ControllerPhone,
        Field::DpoEmail,
        Field::DpoPhone,
        Field::TechnicalEmail,
        Field::TechnicalPhone,
    ];
    Field::ALL.iter().copied().filter(move |field| is_text(*field) && !formatted.contains(field))
}

#[test]
fn control_characters_are_told_in_every_text() {
    for field in free_texts() {
        for control in ['\u{1}', '\u{7}', '\t', '\u{b}', '\u{c}', '\u{1b}', '\u{1f}', '\u{7f}', '\u{85}', '\u{9f}'] {
            let draft = typed(field, &format!("avant{control}après"));
            let expected = error(&field.pointer(), "control_character");
            assert_eq!(findings(&draft), [expected], "{} with {control:?}", field.path());
        }
    }
}

#[test]
fn line_breaks_are_right_in_several_lines_and_wrong_in_one() {
    for field in free_texts() {
        for line_break in ["\n", "\r\n", "\r", "\n\n"] {
            let draft = typed(field, &format!("avant{line_break}après"));
            let expected: &[Value] =
                if field.is_multiline() { &[] } else { &[error(&field.pointer(), "control_character")] };
            assert_eq!(findings(&draft), expected, "{} with {line_break:?}", field.path());
        }
    }
}

#[test]
fn control_characters_around_a_text_are_told_though_they_are_trimmed_away() {
    for field in free_texts() {
        let control = error(&field.pointer(), "control_character");
        for text in ["\ttexte", "texte\t", "texte\u{b}"] {
            let draft = typed(field, text);
            assert_eq!(findings(&draft), std::slice::from_ref(&control), "{} with {text:?}", field.path());
        }
        let line_break_at_the_end: &[Value] = if field.is_multiline() { &[] } else { std::slice::from_ref(&control) };
        assert_eq!(findings(&typed(field, "texte\n")), line_break_at_the_end, "{}", field.path());
    }
}

/// Characters that turn text round, or that nobody sees, of the Unicode category Cf.
const FORMAT: [char; 16] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
    '\u{200e}', '\u{200f}', '\u{61c}', '\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}',
];

#[test]
fn format_characters_are_told_in_one_line_and_gone_once_it_is_clean() {
    for field in free_texts() {
        for format in FORMAT {
            let text = format!("avant{format}après");
            let expected: &[Value] =
                if field.is_multiline() { &[] } else { &[error(&field.pointer(), "control_character")] };
            assert_eq!(findings(&typed(field, &text)), expected, "{} with {format:?}", field.path());
            assert_eq!(findings(&typed(field, &field.clean(&text))), [] as [Value; 0], "{}", field.path());
        }
        for joined in ["می\u{200c}خواهم", "a\u{200d}b", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"] {
            assert_eq!(findings(&typed(field, joined)), [] as [Value; 0], "{} with {joined:?}", field.path());
        }
    }
}

#[test]
fn other_characters_are_right_wherever_they_come_from() {
    for field in free_texts() {
        for text in ["Œuvre & Cie — « l’été »", "名前", "שם", "👩‍💻", "e\u{301}", "a\u{a0}b", "<b>\"'\\%{}"]
        {
            assert_eq!(findings(&typed(field, text)), [] as [Value; 0], "{} with {text:?}", field.path());
        }
    }
}

#[test]
fn no_text_is_told_of_control_characters_once_it_is_clean() {
    let controls: String = ('\0'..='\u{20}').chain('\u{7f}'..='\u{a0}').collect();
    for field in Field::ALL.iter().copied().filter(|field| is_text(*field)) {
        let clean = field.clean(&format!("1{controls}2"));
        let expected = if field.is_multiline() { "1 \n\n\n\n \n\u{a0}2" } else { "1       \u{a0}2" };
        assert_eq!(clean, expected, "{}", field.path());
        assert!(
            !findings(&typed(field, &clean)).contains(&error(&field.pointer(), "control_character")),
            "{}",
            field.path()
        );
    }
}
