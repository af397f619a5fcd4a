//! The fields of the form: label, hint, input and message, done once.
//!
//! A component shows one field, only while the form asks for it. The field's path is the `name` of its inputs, and the `id` where
//! there is one input. Components hold no state of the request: answers are in the [`Form`](crate::form::Form), files in
//! [`Uploads`](crate::uploads::Uploads).

mod attachments;
mod binding;
mod checkbox;
mod control;
mod documents;
mod drop_zone;
mod radios;
mod remark;
mod scopes;
mod text;
mod text_area;
#[cfg(feature = "ssr")]
mod unasked;

pub use attachments::{AttachmentsField, AttachmentsFieldProps};
pub use checkbox::{Checkbox, TermsCheckbox};
pub use documents::{DocumentsField, FileLink};
pub use radios::Radios;
pub use remark::{FieldRemark, FieldRemarkProps};
pub use scopes::ScopesField;
pub use text::{InputKind, TextField};
pub use text_area::TextArea;
