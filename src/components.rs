//! Components that pages, steps and fields are built of.

mod characters_left;
mod confirm;
mod deferred;
mod elements;
mod sheet;

pub use characters_left::characters_left;
pub use confirm::{Confirm, ConfirmProps};
pub use deferred::{Placeholder, deferred_view};
pub use elements::{
    Before, PENDING, button, choice, described_choice, disclosure, external, heading, link, link_after, mail,
    new_request_link, new_tab_link, paragraph, pressed, visually_hidden,
};
pub use sheet::{Section, Sheet, Waiting, reload};
