//! The fields of the form: label, hint, input and message, done once.
//!
//! A component shows one field. Its `name` is the field's path, and so is its `id`; it is drawn only while the form asks
//! for the field. It reads and writes the [`Form`](crate::form::Form) around it, nothing else.

mod checkbox;
mod control;
mod documents;
mod radios;
mod scopes;
mod text;
mod text_area;
mod typing;

pub use checkbox::{Checkbox, TermsCheckbox};
pub use documents::{Documents, FileLink};
pub use radios::Radios;
pub use scopes::Scopes;
pub use text::{InputKind, TextField};
pub use text_area::TextArea;
