//! Checks of a file before it is sent, by the model's rules.

use crate::browser::file::File;
use crate::model::Code;
use crate::model::document::{FileType, MAX_NAME, MAX_SIZE, SIGNATURE_LENGTH};

/// Checks a file that would stand beside so many others, and returns its type by its first bytes.
pub(super) async fn checked(file: &File, others: usize, most: u64) -> Result<FileType, Code> {
    let size = file.size();
    if others as u64 >= most {
        return Err(Code::TooMany);
    }
    if size == 0 {
        return Err(Code::Required);
    }
    if size > MAX_SIZE {
        return Err(Code::FileTooLarge);
    }
    if file.name().chars().count() as u64 > MAX_NAME {
        return Err(Code::TooLong);
    }
    let head = file.head(SIGNATURE_LENGTH).await.ok_or(Code::MissingFile)?;
    FileType::of_bytes(&head).ok_or(Code::FileType)
}
