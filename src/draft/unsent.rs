//! Drafts that nobody looks at: what the server lacks of them is sent, and it is asked whether it lacks something.

use std::rc::Rc;

use super::browser::{AnyBrowser, Browser};
use super::copies::DeviceCopies;
use super::open::OpenDraft;
#[cfg(not(test))]
use super::ports::Ports as _;
use crate::api::Api;
use crate::form::Form;
use crate::model::Id;
use crate::model::saving::{DeviceCopy, Machine};

/// Sends them, but for one that is open. The owner that it is called under ends it.
#[must_use]
pub fn send(copies: &DeviceCopies, api: &Rc<dyn Api>, open: Option<&Id>) -> Vec<OpenDraft> {
    send_with(&browser(), copies, api, open)
}

/// Sends them as [`send`] does, by way of a given browser.
#[must_use]
pub fn send_with(
    ports: &Rc<AnyBrowser>,
    copies: &DeviceCopies,
    api: &Rc<dyn Api>,
    open: Option<&Id>,
) -> Vec<OpenDraft> {
    let is_left = |(id, copy): &(Id, DeviceCopy)| copy.needs_saving() && Some(id) != open;
    let left = copies.unsent().into_iter().filter(is_left);
    left.map(|(id, copy)| keep(ports, copies, api, &id, copy)).collect()
}

/// Verifies that the server still holds what it acknowledged of these drafts: it may have come back from a backup.
///
/// What the server lost is sent again. The owner of the caller ends it.
#[must_use]
pub fn verify(copies: &DeviceCopies, api: &Rc<dyn Api>, doubtful: Vec<(Id, DeviceCopy)>) -> Vec<OpenDraft> {
    let ports = browser();
    doubtful.into_iter().map(|(id, copy)| keep(&ports, copies, api, &id, copy)).collect()
}

fn browser() -> Rc<AnyBrowser> {
    Rc::new(Browser)
}

fn keep(ports: &Rc<AnyBrowser>, copies: &DeviceCopies, api: &Rc<dyn Api>, id: &Id, copy: DeviceCopy) -> OpenDraft {
    // A form that nobody draws.
    let form = Form::new(copy.mine.clone(), Vec::new());
    let machine = Machine::from_device(ports.random(), copy);
    OpenDraft::keep_with(Rc::clone(ports), id, copies.clone(), form, machine, None, Rc::clone(api))
}
