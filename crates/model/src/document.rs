//! Files joined to a request.

use serde::Serialize;

use crate::choice::{ClosedList, closed_list};
use crate::id::Id;
use crate::object::objects;

/// Largest file, in bytes: 10 MiB.
pub const MAX_SIZE: u64 = 10 * 1024 * 1024;
/// Longest file name, in characters.
pub const MAX_NAME: u64 = 200;
/// Most files in one field.
pub const MAX_COUNT: u64 = 6;
/// How many of a file's first bytes [`FileType::of_bytes`] wants to see. Readers of PDF look for its header that far
/// (ISO 32000-1, annex H, implementation note 13).
pub const SIGNATURE_LENGTH: usize = 1024;

closed_list! {
    /// What a file may be, by its first bytes: its name and declared type prove nothing.
    pub enum FileType {
        /// Portable Document Format, ISO 32000.
        Pdf = "application/pdf",
        /// Portable Network Graphics, ISO/IEC 15948.
        Png = "image/png",
        /// JPEG, ISO/IEC 10918.
        Jpeg = "image/jpeg",
    }
}

impl FileType {
    /// The type that the first bytes of a file tell, if it is one that is taken.
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

/// A file that a draft lists. Its bytes travel apart, under `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Document {
    /// Names the bytes: `PUT /api/requests/{id}/documents/{document}`.
    pub id: Id,
    /// The name it had on the person's device; shown as text, never a path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Media type, one of [`FileType`].
    #[serde(rename = "type")]
    pub media_type: String,
}

impl Document {
    /// The type, where it is one that is taken.
    #[must_use]
    pub fn file_type(&self) -> Option<FileType> {
        FileType::parse(&self.media_type)
    }
}

objects! {
    Document closed {id, name, size, media_type = "type"};
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
}
