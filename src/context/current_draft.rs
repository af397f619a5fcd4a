//! The request that is being filled in, and what is about to be put into one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;

use crate::draft::OpenDraft;
use crate::model::Id;
use crate::model::prefill::PrefilledAnswer;

/// The request that is being filled in, and what is about to be put into one.
#[derive(Clone, Copy)]
pub struct CurrentDraft(StoredValue<Rc<State>, LocalStorage>);

#[derive(Default)]
struct State {
    draft: ArcRwSignal<Option<OpenDraft>>,
    comes_from_review: ArcRwSignal<bool>,
    was_sent: ArcRwSignal<bool>,
    is_invited: ArcRwSignal<bool>,
    is_taken_over: ArcRwSignal<bool>,
    /// Answers given in the person's place, for the request that is opened next.
    prefill: RefCell<Vec<PrefilledAnswer>>,
    /// Answers that the address of the page proposes, for the new request that it leads to.
    proposed: RefCell<Vec<PrefilledAnswer>>,
    /// Set where a request that was begun is offered before a new one.
    resume_offer: Cell<bool>,
    /// Request that was just sent from here, whose receipt is reported to the portal.
    sent: RefCell<Option<Id>>,
}

impl CurrentDraft {
    /// Returns the context of no request.
    #[must_use]
    pub fn none() -> Self {
        Self(StoredValue::new_local(Rc::default()))
    }

    fn state(self) -> Rc<State> {
        self.0.try_get_value().unwrap_or_default()
    }

    /// Returns the draft; none where no request is being filled in.
    #[must_use]
    pub fn draft(self) -> ArcRwSignal<Option<OpenDraft>> {
        self.state().draft.clone()
    }

    /// Returns whether the person is mending an answer that they read back: the way back to the review is offered.
    #[must_use]
    pub fn comes_from_review(self) -> ArcRwSignal<bool> {
        self.state().comes_from_review.clone()
    }

    /// Returns whether the request was sent before, as far as the service said so.
    #[must_use]
    pub fn was_sent(self) -> ArcRwSignal<bool> {
        self.state().was_sent.clone()
    }

    /// Returns whether the person takes part by an invitation, as far as the service said so.
    #[must_use]
    pub fn is_invited(self) -> ArcRwSignal<bool> {
        self.state().is_invited.clone()
    }

    /// Returns whether the person took the request over, and its former owner may still get it back.
    #[must_use]
    pub fn is_taken_over(self) -> ArcRwSignal<bool> {
        self.state().is_taken_over.clone()
    }

    /// Gives an answer in the person's place to the request that is opened next.
    pub fn give_next(self, given: PrefilledAnswer) {
        self.state().prefill.borrow_mut().push(given);
    }

    /// Returns the answers that wait for a request to be opened, once.
    #[must_use]
    pub fn take_prefill(self) -> Vec<PrefilledAnswer> {
        self.state().prefill.take()
    }

    /// Keeps the answers that the address of the page proposes for a new request.
    pub fn propose(self, proposed: Vec<PrefilledAnswer>) {
        self.state().proposed.replace(proposed);
    }

    /// Returns the answers that the address of the page proposes for a new request, once.
    #[must_use]
    pub fn take_proposed(self) -> Vec<PrefilledAnswer> {
        self.state().proposed.take()
    }

    /// Sets whether the next new request first offers one that was begun.
    pub fn offer_to_resume(self, offers: bool) {
        self.state().resume_offer.set(offers);
    }

    /// Returns whether a request that was begun is to be offered before a new one is, once.
    #[must_use]
    pub fn take_resume_offer(self) -> bool {
        self.state().resume_offer.take()
    }

    /// Remembers that a request was sent from here.
    pub fn sent(self, id: &Id) {
        self.state().sent.replace(Some(id.clone()));
    }

    /// Returns whether a request is the one that was sent from here, once.
    #[must_use]
    pub fn take_sent(self, id: &Id) -> bool {
        self.state().sent.take().as_ref() == Some(id)
    }
}
