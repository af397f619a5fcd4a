//! Components that pages, steps and fields are built of.

mod elements;
mod later;
mod sheet;

pub use elements::{
    Before, button, choice, described_choice, disclosure, external, heading, link, link_after, mail, new_request_link,
    paragraph, pressed, visually_hidden,
};
pub use later::{Placeholder, later};
pub use sheet::{Section, Sheet, Waiting, reload};
