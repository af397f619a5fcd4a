//! Cleaning of texts from keyboards, clipboards, links and files: invisible characters are removed.
//!
//! Letters are not composed here (Unicode Annex 15): the table for it weighs more than the model, and browsers have it.

use characters::{
    BLACK_FLAG, COLOURED, JOINERS, KEYCAP, has_variants, is_format, is_hangul, is_joined, is_picture, is_tag,
    stands_alone,
};

mod characters;

pub(crate) use characters::is_invisible;

/// Returns a text without control characters and without invisible ones that mean nothing.
pub(crate) fn clean(raw: &str, several_lines: bool) -> String {
    let mut cleaned = String::with_capacity(raw.len());
    let mut before = None;
    let mut rest = raw.chars().peekable();
    while let Some(character) = rest.next() {
        let next = rest.peek().copied();
        let kept = match character {
            // Together they are one line break.
            '\r' if next == Some('\n') => continue,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if several_lines {
                    '\n'
                } else {
                    ' '
                }
            }
            '\t' => ' ',
            character if character.is_control() => continue,
            character if is_invisible(character) && !means_something(before, character, next) => continue,
            character => character,
        };
        cleaned.push(kept);
        before = Some(kept);
    }
    cleaned
}

/// Returns whether a text holds a format character (Unicode category Cf) that [`clean`] removes. Joiners are not
/// counted: they change no more than the form of letters.
pub(crate) fn holds_format(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if is_format(character) && !means_something(before, character, rest.peek().copied()) {
            return true;
        }
        before = Some(character);
    }
    false
}

/// Returns whether an invisible character changes how its neighbours look. Where possible the previous character
/// decides alone, since the next one is not typed yet.
fn means_something(before: Option<char>, character: char, next: Option<char>) -> bool {
    let after = |fits: fn(char) -> bool| before.is_some_and(fits);
    let beside = |fits: fn(char) -> bool| after(fits) || next.is_some_and(fits);
    match character {
        '\u{200c}' | '\u{200d}' if after(|before| JOINERS.contains(&before)) => false,
        '\u{200c}' => beside(is_joined),
        '\u{200d}' => beside(is_joined) || after(|before| is_picture(before) || before == COLOURED || is_tag(before)),
        '\u{fe0e}' | COLOURED if next == Some(KEYCAP) => after(|before| matches!(before, '0'..='9' | '#' | '*')),
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => after(has_variants),
        '\u{180b}'..='\u{180f}' => after(|before| matches!(before, '\u{1820}'..='\u{18aa}')),
        tag if is_tag(tag) => after(|before| before == BLACK_FLAG || is_tag(before)),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => beside(is_hangul),
        // It stands between words of Braille.
        '\u{2800}' => true,
        _ => false,
    }
}

/// Returns a text without white space and invisible characters around it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || stands_alone(character))
}

/// Returns whether a text shows nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || character.is_control() || is_invisible(character))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(text: &str) -> String {
        clean(text, false)
    }

    fn lines(text: &str) -> String {
        clean(text, true)
    }

    /// Draws a text that is rich in the characters that cleaning looks at.
    fn texts() -> impl Strategy<Value = String> {
        prop::collection::vec(prop_oneof![2 => any::<char>(), 3 => looked_at()], 0..12)
            .prop_map(|characters| characters.into_iter().collect())
    }

    fn looked_at() -> impl Strategy<Value = char> {
        prop::sample::select(
            "\0\t\n\r\u{b}\u{c}\u{1b}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b5}\u{180b}\u{180e}\u{200b}\u{200c}\u{200d}\u{200e}\
             \u{2028}\u{2029}\u{202e}\u{2060}\u{2800}\u{3164}\u{fe00}\u{fe0e}\u{fe0f}\u{feff}\u{ffa0}\u{fffc}\u{ffff}\u{e0001}\u{e0067}\
             \u{e007f}\u{e0100}\u{20e3}\u{1f3f4}aé1# ❤👩می葛ᠠ한ᄀ⠃"
                .chars()
                .collect::<Vec<char>>(),
        )
    }

    #[test]
    fn line_breaks_of_every_kind_are_line_breaks_or_spaces() {
        for broken in ["a\nb", "a\rb", "a\r\nb", "a\u{b}b", "a\u{c}b", "a\u{85}b", "a\u{2028}b", "a\u{2029}b"] {
            assert_eq!((line(broken).as_str(), lines(broken).as_str()), ("a b", "a\nb"), "{broken:?}");
        }
        assert_eq!(lines("a\r\n\r\nb\n\r"), "a\n\nb\n\n");
    }

    #[test]
    fn tabs_are_spaces_and_other_control_characters_go() {
        for several_lines in [false, true] {
            assert_eq!(clean("a\tb\0\u{1}\u{7}\u{8}\u{1b}\u{1f}\u{7f}\u{80}\u{9f}c", several_lines), "a bc");
        }
    }

    #[test]
    fn invisible_characters_go_where_they_mean_nothing() {
        for dirty in [
            "\u{feff}ab",
            "a\u{ad}b",
            "a\u{200b}b",
            "a\u{200c}b",
            "a\u{200d}b",
            "ab\u{200e}\u{200f}",
            "\u{202a}ab\u{202c}",
            "\u{202e}ab",
            "\u{2066}a\u{2069}b",
            "a\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}b",
            "ab\u{fe0d}",
            "ab\u{fe0f}",
            "a\u{e0100}b",
            "\u{e0001}\u{e0061}ab",
            "a\u{180e}b",
            "a\u{34f}b",
            "a\u{61c}b",
            "a\u{115f}b",
            "a\u{1160}b",
            "a\u{3164}b",
            "a\u{ffa0}b",
            "a\u{fffc}b",
            "a\u{ffff}b",
            "a\u{206a}b",
            "a\u{17b4}b",
            "\u{200d}ab",
            "\u{fe0f}ab",
            "a\u{1d173}b",
        ] {
            assert_eq!(line(dirty), "ab", "{dirty:?}");
        }
    }

    #[test]
    fn what_makes_pictures_and_scripts_what_they_are_stays() {
        for text in [
            "👩‍💻",
            "👩🏽‍⚕️",
            "👨‍👩‍👧‍👦",
            "🏳️‍🌈",
            "👁️‍🗨️",
            "❤️",
            "☎️",
            "©️",
            "1️⃣",
            "#️⃣",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🇫🇷",
            "葛󠄀城市",
            "می‌خواهم",
            "क्‍ष",
            "ශ්‍රී",
            "နိုင်ငံ",
            "ᠠ᠋",
            "ᠨ\u{180e}ᠠ",
            "\u{115f}ᅡ",
            "⠃⠕⠝⠀⠚⠕⠥⠗",
            "a\u{a0}b\u{202f}c",
            "e\u{301}",
            "\u{e000}",
            "Œ’«» — …",
        ] {
            assert_eq!((line(text).as_str(), lines(text).as_str()), (text, text), "{text:?}");
        }
    }

    #[test]
    fn what_is_told_of_format_characters_is_what_is_cleaned() {
        for character in ('\0'..=char::MAX).filter(|character| is_format(*character)) {
            assert!(is_invisible(character), "{character:?}");
            assert!(!holds_format(&line(&format!("a{character}b"))), "{character:?}");
        }
    }

    #[test]
    fn one_joiner_is_enough() {
        for (text, expected) in [
            ("می\u{200c}\u{200c}خواهم", "می\u{200c}خواهم"),
            ("می\u{200c}\u{200d}\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(line(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_typed_sign_by_sign_stays_too() {
        for text in ["👩‍💻", "❤️", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "می‌خواهم", "क्‍ष"] {
            let typed = text.chars().fold(String::new(), |typed, sign| line(&format!("{typed}{sign}")));
            assert_eq!(typed, text);
        }
    }

    #[test]
    fn a_text_is_trimmed_of_what_nobody_sees_but_not_of_a_part_of_its_last_sign() {
        for (text, expected) in [
            (" \u{200b}\u{a0}a b\u{feff}\n\u{2800}", "a b"),
            ("❤️ ", "❤️"),
            ("\u{ad}🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
            ("ه‍", "ه‍"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(trimmed(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_what_is_clean_changes_nothing(text in texts()) {
            let (line, lines) = (clean(&text, false), clean(&text, true));
            prop_assert_eq!(clean(&line, false), line.as_str());
            prop_assert_eq!(clean(&lines, true), lines.as_str());
            prop_assert_eq!(clean(&lines, false), line);
        }

        #[test]
        fn what_is_clean_holds_no_control_character(text in texts()) {
            prop_assert!(!clean(&text, false).chars().any(char::is_control));
            prop_assert!(!clean(&text, true).chars().any(|c| c.is_control() && c != '\n'));
        }

        #[test]
        fn what_can_be_seen_stays(text in texts()) {
            let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !is_invisible(*c)).collect::<String>();
            prop_assert_eq!(visible(&clean(&text, false)), visible(&text));
            prop_assert_eq!(is_blank(&text), is_blank(&clean(&text, true)));
        }
    }
}
