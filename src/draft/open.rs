//! The handle of a draft that is open in this page.

use std::rc::Rc;

use leptos::prelude::*;

use super::browser::{AnyBrowser, Browser};
use super::driver::{DraftToOpen, Driver, Until};
use super::ports::TabMessage;
use super::status::SaveStatus;
use crate::form::Form;
use crate::model::saving::{BaseRevision, DeviceCopy, Event, Machine, Side};
use crate::model::{Field, Id};

/// Draft that is open in this page, and kept on the device and the server. Copies share one state.
#[derive(Clone, Copy)]
pub struct OpenDraft(StoredValue<Rc<Driver>, LocalStorage>);

impl OpenDraft {
    /// Opens a draft, and keeps what is typed in its form until the current owner ends.
    #[must_use]
    pub fn open(draft: DraftToOpen) -> Self {
        Self::open_in(Rc::new(Browser), draft)
    }

    /// Opens a draft as [`Self::open`] does, in a given browser.
    #[must_use]
    pub fn open_in(ports: Rc<AnyBrowser>, draft: DraftToOpen) -> Self {
        let draft = Self(StoredValue::new_local(Driver::new(ports, draft)));
        Owner::on_cleanup(move || draft.driver().end());
        draft.driver().start();
        draft
    }

    /// # Panics
    /// When its owner has ended.
    fn driver(self) -> Rc<Driver> {
        self.0.get_value()
    }

    /// Hands an event to the machine, and carries its effects out. Does nothing once the owner has ended.
    pub fn dispatch(self, event: Event) {
        if let Some(driver) = self.0.try_get_value() {
            driver.dispatch(event);
        }
    }

    /// Returns the form that holds what is typed.
    #[must_use]
    pub fn form(self) -> Form {
        self.driver().form
    }

    /// Returns the identifier of the request.
    #[must_use]
    pub fn id(self) -> Id {
        self.driver().id.clone()
    }

    /// Returns the documents that the server has, by its last answer; none before that.
    #[must_use]
    pub fn arrived(self) -> ArcRwSignal<Option<Vec<Id>>> {
        self.driver().arrived.clone()
    }

    /// Returns the status: where the answers are, and since when.
    #[must_use]
    pub fn status(self) -> ArcRwSignal<SaveStatus> {
        self.driver().status.clone()
    }

    /// Returns the revision that the server last acknowledged.
    #[must_use]
    pub fn revision(self) -> Option<u64> {
        self.driver().machine(|machine| machine.base().map(|base| base.revision))
    }

    /// Returns the revision that the server last acknowledged, and when it was saved.
    #[must_use]
    pub fn base_revision(self) -> BaseRevision {
        self.driver().machine(Machine::base_revision)
    }

    /// Settles a conflict: the person chose one of two values of a field.
    pub fn choose(self, field: Field, side: Side) {
        self.dispatch(Event::Chosen { field, side });
        self.form().acknowledge_remote_change(field);
    }

    /// Notes the place that the person chose for copies.
    pub fn persistence_changed(self) {
        let driver = self.driver();
        driver.update_status(|status| status.persistence = driver.copies.persistence());
    }

    /// Returns the copy that the device is to keep.
    #[must_use]
    pub fn copy(self) -> DeviceCopy {
        self.driver().copy()
    }

    /// Calls a function once everything is on the server: at once if it is already.
    pub fn once_saved(self, then: impl FnOnce() + 'static) {
        self.driver().wait(Until::Saved, Box::new(then));
    }

    /// Calls a function once everything is on the server, or cannot be there soon.
    pub fn once_settled(self, then: impl FnOnce() + 'static) {
        self.driver().wait(Until::Settled, Box::new(then));
    }

    /// Reads the draft from the server anew, then calls a function once the answers are settled.
    ///
    /// Needed before this device erases its copy: the server may have been restored from a backup since its last answer.
    pub fn refresh(self, then: impl FnOnce() + 'static) {
        self.driver().refresh(then);
    }

    /// Notes that the request was submitted from here, and tells the other tabs.
    pub fn submitted(self) {
        self.driver().tell_tabs(TabMessage::Submitted);
        self.dispatch(Event::Submitted);
    }

    /// Erases the copies that this device has of the draft, in every tab, at the wish of the person.
    pub fn erase(self) {
        self.driver().tell_tabs(TabMessage::Erased);
        self.dispatch(Event::Erased);
    }

    /// Returns whether the person erased the draft from this device, in another tab.
    #[must_use]
    pub fn was_erased_elsewhere(self) -> bool {
        self.driver().was_erased_elsewhere.get()
    }

    /// Asks the server which documents it has: it may have been restored from a backup without some.
    pub fn ask_what_arrived(self) {
        self.driver().ask_what_arrived();
    }
}
