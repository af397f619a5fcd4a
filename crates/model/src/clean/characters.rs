//! Classes of characters that cleaning distinguishes.

pub(super) const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];
/// Variation selector of the coloured form of a picture.
pub(super) const COLOURED: char = '\u{fe0f}';
pub(super) const KEYCAP: char = '\u{20e3}';
pub(super) const BLACK_FLAG: char = '\u{1f3f4}';

/// Returns whether a character shows nothing by itself: those that Unicode calls default ignorable, annotations and
/// stand-ins of objects, code points that are no characters, and the blank pattern of Braille. White space and control
/// characters are not counted.
pub(crate) fn is_invisible(character: char) -> bool {
    u32::from(character) & 0xfffe == 0xfffe
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fdd0}'..='\u{fdef}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffc}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Returns whether a character is an invisible one of the Unicode category Cf, joiners aside.
pub(super) fn is_format(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}'
            | '\u{e0020}'..='\u{e007f}'
    )
}

/// Returns whether an invisible character never belongs to its neighbour, so that a text can begin or end without it.
pub(super) fn stands_alone(character: char) -> bool {
    let variation = matches!(character, '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e01ef}');
    is_invisible(character) && !variation && !JOINERS.contains(&character)
}

/// Letters of the flags of England, Scotland and Wales.
pub(super) fn is_tag(character: char) -> bool {
    matches!(character, '\u{e0020}'..='\u{e007f}')
}

/// Letters of scripts in which joiners tell words apart: from Arabic to Myanmar, Khmer to Mongolian, and their likes.
pub(super) fn is_joined(character: char) -> bool {
    matches!(
        character,
        '\u{600}'..='\u{109f}'
            | '\u{1780}'..='\u{180a}'
            | '\u{1810}'..='\u{18af}'
            | '\u{1a20}'..='\u{1c4f}'
            | '\u{a800}'..='\u{abff}'
            | '\u{fb50}'..='\u{fdcf}'
            | '\u{fdf0}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10a00}'..='\u{11fff}'
            | '\u{1e900}'..='\u{1e95f}'
    ) && !is_invisible(character)
}

pub(super) fn is_hangul(character: char) -> bool {
    let block = matches!(
        character,
        '\u{1100}'..='\u{11ff}'
            | '\u{3130}'..='\u{318f}'
            | '\u{a960}'..='\u{a97f}'
            | '\u{ac00}'..='\u{d7ff}'
            | '\u{ffa1}'..='\u{ffdc}'
    );
    block && !is_invisible(character)
}

/// Signs that have a coloured form, and parts of such signs.
pub(super) fn is_picture(character: char) -> bool {
    matches!(
        character,
        '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙' | '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}'
    )
}

/// Characters with variants: pictures, and letters of China, Japan, Myanmar and Tibet.
pub(super) fn has_variants(character: char) -> bool {
    is_picture(character)
        || matches!(
            character,
            '\u{1000}'..='\u{109f}'
                | '\u{3001}'..='\u{9fff}'
                | '\u{a840}'..='\u{a87f}'
                | '\u{f900}'..='\u{faff}'
                | '\u{ff01}'..='\u{ff60}'
                | '\u{20000}'..='\u{3ffff}'
        ) && !is_invisible(character)
}
