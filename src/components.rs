//! Components that pages, steps and fields are built of.

mod confirm;
mod elements;
mod later;
mod sheet;

pub use confirm::{Confirm, ConfirmProps};
pub use elements::{
    Before, button, choice, described_choice, disclosure, external, heading, link, link_after, mail, new_request_link,
    paragraph, pressed, visually_hidden,
};
pub use later::{Placeholder, later};
pub use sheet::{Section, Sheet, Waiting, reload};
