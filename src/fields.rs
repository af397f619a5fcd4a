//! The fields of the form: label, hint, input and message, done once.
//!
//! A component shows one field. The field's path is the `name` and the `id` of its input. The field is drawn only while the
//! form asks for it. Components read and write the [`Form`](crate::form::Form) of their context, and nothing else.

mod binding;
mod checkbox;
mod control;
mod documents;
mod radios;
mod scopes;
mod text;
mod text_area;

pub use checkbox::{Checkbox, TermsCheckbox};
pub use documents::{DocumentsField, FileLink};
pub use radios::Radios;
pub use scopes::ScopesField;
pub use text::{InputKind, TextField};
pub use text_area::TextArea;
