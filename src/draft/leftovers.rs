//! Drafts that nobody looks at: what the server lacks of them is sent, and it is asked whether it lacks something.

use std::rc::Rc;

use super::{Copies, Draft};
use crate::api::Api;
use crate::clock;
use crate::form::Form;
use crate::model::Id;
use crate::model::saving::{DeviceCopy, Machine};

/// Sends them, but for one that is open. The owner that it is called under ends it.
#[must_use]
pub fn send(copies: &Copies, api: &Rc<dyn Api>, open: Option<&Id>) -> Vec<Draft> {
    let is_left = |(id, copy): &(Id, DeviceCopy)| copy.has_news() && Some(id) != open;
    let left = copies.unsent().into_iter().filter(is_left);
    left.map(|(id, copy)| keep(copies, api, &id, copy)).collect()
}

/// Asks the server whether it still holds what it acknowledged of these: it may have come back from a backup. What it lost is
/// sent again. The owner that it is called under ends it.
#[must_use]
pub fn confirm(copies: &Copies, api: &Rc<dyn Api>, doubtful: Vec<(Id, DeviceCopy)>) -> Vec<Draft> {
    doubtful.into_iter().map(|(id, copy)| keep(copies, api, &id, copy)).collect()
}

fn keep(copies: &Copies, api: &Rc<dyn Api>, id: &Id, copy: DeviceCopy) -> Draft {
    // A form that nobody draws.
    let form = Form::new(copy.mine.clone(), Vec::new());
    let machine = Machine::from_device(clock::random(), copy);
    Draft::keep(id, copies.clone(), form, machine, None, Rc::clone(api))
}
