//! Drafts that are not shown: what the server lacks of them is sent, and the server is asked what it holds.

use std::rc::Rc;

use super::browser::{AnyBrowser, Browser};
use super::copies::DeviceCopies;
use super::driver::DraftToOpen;
use super::open::OpenDraft;
#[cfg(not(test))]
use super::ports::Ports as _;
use crate::api::Api;
use crate::form::Form;
use crate::model::Id;
use crate::model::saving::{DeviceCopy, Machine};

/// Sends the unsent drafts of a person, except one that is open. The owner of the caller ends it.
#[must_use]
pub fn send(copies: &DeviceCopies, api: &Rc<dyn Api>, except: Option<&Id>) -> Vec<OpenDraft> {
    send_in(&browser(), copies, api, except)
}

/// Sends drafts as [`send`] does, in a given browser.
#[must_use]
pub fn send_in(
    ports: &Rc<AnyBrowser>,
    copies: &DeviceCopies,
    api: &Rc<dyn Api>,
    except: Option<&Id>,
) -> Vec<OpenDraft> {
    let is_left = |(id, copy): &(Id, DeviceCopy)| copy.needs_saving() && Some(id) != except;
    let left = copies.unsent().into_iter().filter(is_left);
    left.map(|(id, copy)| open(ports, copies, api, id, copy)).collect()
}

/// Verifies that the server still holds what it acknowledged of these drafts: it may have come back from a backup.
///
/// What the server lost is sent again. The owner of the caller ends it.
#[must_use]
pub fn verify(copies: &DeviceCopies, api: &Rc<dyn Api>, doubtful: Vec<(Id, DeviceCopy)>) -> Vec<OpenDraft> {
    let ports = browser();
    doubtful.into_iter().map(|(id, copy)| open(&ports, copies, api, id, copy)).collect()
}

fn browser() -> Rc<AnyBrowser> {
    Rc::new(Browser)
}

/// Opens a draft whose form is not drawn.
fn open(ports: &Rc<AnyBrowser>, copies: &DeviceCopies, api: &Rc<dyn Api>, id: Id, copy: DeviceCopy) -> OpenDraft {
    let form = Form::new(copy.mine.clone());
    let machine = Machine::from_device(ports.random(), copy);
    // Nothing is shown of its files.
    let arrived = Some(Vec::new());
    let draft = DraftToOpen { id, copies: copies.clone(), api: Rc::clone(api), form, machine, since: None, arrived };
    OpenDraft::open_in(Rc::clone(ports), draft)
}
