//! Drafts that were left with something that the server lacks: they are sent while nobody looks at them.

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
    let keep = |(id, copy): (Id, DeviceCopy)| {
        // A form that nobody draws.
        let form = Form::new(copy.mine.clone(), Vec::new());
        let machine = Machine::from_device(clock::random(), copy);
        Draft::keep(&id, copies.clone(), form, machine, None, Rc::clone(api))
    };
    copies.unsent().into_iter().filter(is_left).map(keep).collect()
}
