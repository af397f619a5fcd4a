//! Drafts that were left with something that the server lacks: they are sent while nobody looks at them.

use std::rc::Rc;

use super::{Copies, Draft};
use crate::api::Api;
use crate::form::Form;
use crate::model::saving::Machine;

/// Sends them, and tells of each that got through. The owner that it is called under ends it.
pub fn send(copies: &Copies, api: &Rc<dyn Api>, sent: impl Fn() + Copy + 'static) {
    for (id, copy) in copies.unsent().into_iter().filter(|(_, copy)| copy.has_news()) {
        // A form that nobody draws.
        let form = Form::new(copy.mine.clone(), Vec::new());
        Draft::keep(&id, copies.clone(), form, Machine::from_device(copy), None, Rc::clone(api)).once_saved(sent);
    }
}
