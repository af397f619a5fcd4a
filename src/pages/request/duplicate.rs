//! Duplicating a request.

use crate::clock;
use crate::context::Session;
use crate::ids::new_id;
use crate::model::saving::DeviceCopy;
use crate::model::{Draft, Step};
use crate::navigation::{Navigation, Place};

/// Begins a request with the answers of another one, without its commitments and files.
pub(crate) fn duplicate(answers: &Draft) {
    let (session, navigation) = (Session::get(), Navigation::get());
    let id = new_id();
    let copy = DeviceCopy::new(answers.duplicate(), clock::now());
    if let Some(copies) = session.copies() {
        copies.keep(&id, &copy);
    }
    navigation.go(&Place::Request(id, Some(Step::Organisation)));
}
