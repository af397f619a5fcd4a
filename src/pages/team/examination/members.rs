//! Choices of the acts beside their texts. They last as long as the page, however often it is drawn.

use leptos::prelude::*;

use crate::clock;
use crate::model::Date;
use crate::model::lifecycle::run::usual_answer_day;
use crate::model::wire::{Ground, Kind};

/// Choices of the acts on one request. Copies share one state.
#[derive(Clone, Copy)]
pub(super) struct Members {
    /// Last day to answer a request for changes.
    pub(super) answer_by: RwSignal<Option<Date>>,
    /// Ground of a revocation.
    pub(super) ground: RwSignal<Option<Ground>>,
    /// Day by which the organisation could present its observations.
    pub(super) heard_on: RwSignal<Option<Date>>,
    /// Set for a revocation that cannot wait for observations.
    pub(super) urgent: RwSignal<bool>,
    /// Field that a note is about, as a JSON pointer; empty for the whole request.
    pub(super) pointer: RwSignal<String>,
}

impl Members {
    /// Returns the choices with which the acts begin.
    pub(super) fn new() -> Self {
        Self {
            answer_by: RwSignal::new(usual()),
            ground: RwSignal::new(None),
            heard_on: RwSignal::new(None),
            urgent: RwSignal::new(false),
            pointer: RwSignal::new(String::new()),
        }
    }

    /// Follows the choices.
    pub(super) fn track(self) {
        self.answer_by.track();
        self.ground.track();
        self.heard_on.track();
        self.urgent.track();
    }

    /// Forgets the choices of an act that is done.
    pub(super) fn forget(self, kind: Kind) {
        match kind {
            Kind::ChangesRequested => self.answer_by.set(usual()),
            Kind::Revoked => {
                self.ground.set(None);
                self.heard_on.set(None);
                self.urgent.set(false);
            }
            Kind::Note => self.pointer.set(String::new()),
            _ => {}
        }
    }
}

/// Returns the day that stands in the control at first.
fn usual() -> Option<Date> {
    Some(usual_answer_day(clock::today_in_paris()))
}
