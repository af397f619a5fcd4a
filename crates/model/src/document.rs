//! Files joined to a request.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::choice::{ClosedList, closed_list};
use crate::code::{Code, Params};
use crate::id::Id;

/// Largest file, in bytes: 10 MiB.
pub const MAX_SIZE: u64 = 10 * 1024 * 1024;
/// Longest file name, in characters.
pub const MAX_NAME: u64 = 200;
/// Most files in one field.
pub const MAX_COUNT: u64 = 6;
/// First bytes of a file that [`FileType::of_bytes`] needs. Readers of PDF look for its header that far (ISO 32000-1,
/// annex H, implementation note 13).
pub const SIGNATURE_LENGTH: usize = 1024;

closed_list! {
    /// Type of a file by its first bytes. Its name and declared type prove nothing.
    pub enum FileType {
        /// Portable Document Format, ISO 32000.
        Pdf = "application/pdf",
        /// Portable Network Graphics, ISO/IEC 15948.
        Png = "image/png",
        /// JPEG, ISO/IEC 10918.
        Jpeg = "image/jpeg",
    }
}

/// Longest name of a file that is handed out, in bytes of UTF-8, without its extension. Systems allow 255, of which the
/// browser needs some while it saves.
const HANDED_OUT_MAX: usize = 200;

impl FileType {
    /// Returns the extensions of file names of this type, the usual one first.
    const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
        }
    }

    /// Returns the name under which a file of this type is handed out, by the one that it has.
    ///
    /// The extension tells the type of the bytes, since systems open files by it. Invisible characters are dropped,
    /// separators of paths become `_`, and any system accepts the name.
    #[must_use]
    pub fn download_name(self, name: &str) -> String {
        let shown: String = name.chars().filter(|letter| !is_unseen(*letter)).map(in_a_name).collect();
        let shown = shown.trim_end_matches(is_edge);
        let (mut stem, mut extension) = parted(shown);
        if !self.is_named(extension) {
            extension = "";
            // `facture.pdf.exe` had its extension already.
            let (inner, own) = parted(stem);
            if self.is_named(own) {
                (stem, extension) = (inner, own);
            }
        }
        let mut end = stem.len().min(HANDED_OUT_MAX);
        while !stem.is_char_boundary(end) {
            end -= 1;
        }
        let stem = stem.get(..end).unwrap_or_default().trim_matches(is_edge);
        let stem = if stem.is_empty() { "document" } else { stem };
        let before = if is_reserved(stem) { "_" } else { "" };
        let extension = if extension.is_empty() { self.extensions()[0] } else { extension };
        [before, stem, ".", extension].concat()
    }

    fn is_named(self, extension: &str) -> bool {
        self.extensions().iter().any(|own| own.eq_ignore_ascii_case(extension))
    }

    /// Returns the type that the first bytes of a file tell, if it is an accepted one.
    #[must_use]
    pub fn of_bytes(first: &[u8]) -> Option<Self> {
        const PDF: &[u8] = b"%PDF-";
        let first = first.get(..SIGNATURE_LENGTH).unwrap_or(first);
        if first.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if first.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else {
            first.windows(PDF.len()).any(|bytes| bytes == PDF).then_some(Self::Pdf)
        }
    }
}

/// Parts a name from what looks like an extension: up to four letters and digits, one letter at least.
fn parted(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, end))
            if (1..=4).contains(&end.len())
                && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && end.bytes().any(|byte| byte.is_ascii_alphabetic()) =>
        {
            (stem, end)
        }
        _ => (name, ""),
    }
}

/// Returns whether no name may begin or end with a character: some systems hide such files, or cannot open them.
fn is_edge(letter: char) -> bool {
    letter == '.' || letter.is_whitespace()
}

/// Returns whether a character is invisible: format characters (Unicode category Cf), fillers and code points that are
/// no characters. They could turn a name round or hide a part of it.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    ) || u32::from(letter) & 0xfffe == 0xfffe
}

/// Returns a character as a name may hold it: separators of paths, line breaks and characters that some system refuses
/// give `_`.
fn in_a_name(letter: char) -> char {
    match letter {
        '"' | '*' | '/' | ':' | '<' | '>' | '?' | '\\' | '|' | '\u{2028}' | '\u{2029}' => '_',
        // Braille without a dot.
        '\u{2800}' => ' ',
        letter if letter.is_control() => '_',
        letter => letter,
    }
}

/// Returns whether Windows takes a name for that of a device, whatever follows its first dot.
fn is_reserved(stem: &str) -> bool {
    let name = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let port = name.strip_prefix("COM").or_else(|| name.strip_prefix("LPT"));
    let numbered = port
        .is_some_and(|port| matches!(port, "¹" | "²" | "³") || port.len() == 1 && port.as_bytes()[0].is_ascii_digit());
    numbered || matches!(name.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
}

/// File that a draft lists. Its bytes are sent apart, under `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Document {
    /// Identifier of the bytes, in `PUT /api/requests/{id}/documents/{document}`.
    pub id: Id,
    /// Name on the person's device; shown as text, never a path.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// Media type, one of [`FileType`].
    #[serde(rename = "type")]
    pub media_type: String,
}

impl Document {
    /// Returns the declared type, if it is an accepted one.
    #[must_use]
    pub fn file_type(&self) -> Option<FileType> {
        FileType::parse(&self.media_type)
    }

    /// Returns the first thing that is wrong with a file by its declaration, in a list that is no field's.
    pub(crate) fn error(&self) -> Option<(Code, Params)> {
        if self.file_type().is_none() || self.size == 0 {
            Some((Code::FileType, Params::default()))
        } else if self.size > MAX_SIZE {
            Some((Code::FileTooLarge, Params::max(MAX_SIZE)))
        } else if self.name.trim().chars().count() as u64 > MAX_NAME {
            Some((Code::TooLong, Params::max(MAX_NAME)))
        } else {
            None
        }
    }

    /// Returns whether a file of this type and size would be accepted.
    pub(crate) fn is_plausible(&self) -> bool {
        self.file_type().is_some() && (1..=MAX_SIZE).contains(&self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        for (bytes, kind) in [
            (&b"%PDF-1.7\n"[..], Some(FileType::Pdf)),
            (b"\x89PNG\r\n\x1a\n\0\0", Some(FileType::Png)),
            (b"\xff\xd8\xff\xe0", Some(FileType::Jpeg)),
            (b"", None),
            (b"%PDF", None),
            (b" %PDF-1.7", Some(FileType::Pdf)),
            (b"\xef\xbb\xbf%PDF-1.7", Some(FileType::Pdf)),
            (&[&[b'x'; SIGNATURE_LENGTH - 5], &b"%PDF-"[..]].concat(), Some(FileType::Pdf)),
            (&[&[b'x'; SIGNATURE_LENGTH - 4], &b"%PDF-"[..]].concat(), None),
            (b"\xff\xd8\xff %PDF-1.7", Some(FileType::Jpeg)),
            (b"\x89PNG\n\x1a\n", None),
            (b"\xff\xd8", None),
            (b"<svg xmlns=", None),
            (b"GIF89a", None),
            (b"PK\x03\x04", None),
        ] {
            assert_eq!(FileType::of_bytes(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn a_file_that_is_handed_out_is_named_by_its_type() {
        use FileType::{Jpeg, Pdf, Png};
        for (name, kind, handed_out) in [
            ("plan.pdf", Pdf, "plan.pdf"),
            ("Écran d'accueil – guichet.PDF", Pdf, "Écran d'accueil – guichet.PDF"),
            ("facture.exe", Pdf, "facture.pdf"),
            ("facture.pdf.exe", Pdf, "facture.pdf"),
            ("facture.exe.pdf", Pdf, "facture.exe.pdf"),
            ("IMG_0042.HEIC", Jpeg, "IMG_0042.jpg"),
            ("plan.jpeg", Jpeg, "plan.jpeg"),
            ("plan.JPG", Jpeg, "plan.JPG"),
            ("plan.jpg", Png, "plan.png"),
            ("plan", Pdf, "plan.pdf"),
            ("compte rendu 12.05.2026", Pdf, "compte rendu 12.05.2026.pdf"),
            ("M. Dupont", Pdf, "M. Dupont.pdf"),
            ("lanceur.desktop", Pdf, "lanceur.desktop.pdf"),
            ("plan.pdf . ", Pdf, "plan.pdf"),
            ("plan.pdf\u{a0}", Pdf, "plan.pdf"),
            ("", Pdf, "document.pdf"),
            (".", Png, "document.png"),
            ("..", Pdf, "document.pdf"),
            ("... ...", Pdf, "document.pdf"),
            (".exe", Pdf, "document.pdf"),
            (".pdf", Pdf, "document.pdf"),
            (".bashrc", Pdf, "bashrc.pdf"),
            (" \u{3164}\u{2800}\u{200b}", Jpeg, "document.jpg"),
        ] {
            assert_eq!(kind.download_name(name), handed_out, "{name:?}");
        }
    }

    #[test]
    fn the_name_of_a_file_that_is_handed_out_hides_nothing_and_leads_nowhere() {
        for (name, handed_out) in [
            ("facture\u{202e}fdp.exe", "facturefdp.pdf"),
            ("facture\u{202e}.pdf", "facture.pdf"),
            ("fac\u{200d}ture.p\u{200b}df", "facture.pdf"),
            ("a\u{2066}b\u{2069}\u{200f}\u{61c}\u{feff}\u{ad}\u{e0041}\u{ffff}.pdf", "ab.pdf"),
            ("../../etc/passwd", "_.._etc_passwd.pdf"),
            ("C:\\Windows\\plan.pdf", "C__Windows_plan.pdf"),
            ("a\"; filename=\"b.exe", "a_; filename=_b.pdf"),
            ("a\r\nSet-Cookie: b", "a__Set-Cookie_ b.pdf"),
            ("a\u{2028}b\u{85}c\0d\u{7f}.pdf", "a_b_c_d_.pdf"),
            ("CON", "_CON.pdf"),
            ("con.pdf", "_con.pdf"),
            ("Nul .tar.pdf", "_Nul .tar.pdf"),
            ("COM1.png", "_COM1.pdf"),
            ("lpt²", "_lpt².pdf"),
            ("COM.pdf", "COM.pdf"),
            ("COM10.pdf", "COM10.pdf"),
            ("Contrat.pdf", "Contrat.pdf"),
        ] {
            assert_eq!(FileType::Pdf.download_name(name), handed_out, "{name:?}");
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_between_characters_and_keeps_its_extension() {
        for letter in ["a", "é", "\u{1f469}"] {
            let name = FileType::Pdf.download_name(&[&letter.repeat(1000), ".pdf"].concat());
            let stem = name.strip_suffix(".pdf").unwrap();
            assert_eq!(stem, letter.repeat(HANDED_OUT_MAX / letter.len()));
        }
        let name = FileType::Png.download_name(&["a".repeat(HANDED_OUT_MAX - 1), " b.png".to_owned()].concat());
        assert_eq!(name, ["a".repeat(HANDED_OUT_MAX - 1), ".png".to_owned()].concat());
    }
}
