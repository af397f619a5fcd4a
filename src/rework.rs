//! The basis on which a request that was sent before is changed: its last submission, and what the team asks for.

use crate::model::changes::changes;
use crate::model::lifecycle::Round;
use crate::model::wire::{State, StoredRequest, SubmissionBody};
use crate::model::{Draft, Field};

/// Basis on which a request that was sent before is changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Rework {
    /// The request as the service told it, without its draft: remarks, days and habilitation.
    pub request: StoredRequest,
    /// Answers of the last submission.
    pub sent: Draft,
}

impl Rework {
    /// Returns whether the request is changed while its habilitation stays in force.
    #[must_use]
    pub fn is_modification(&self) -> bool {
        self.request.habilitation.is_some()
    }

    /// Returns whether the team waits for changes.
    #[must_use]
    pub fn is_asked_for(&self) -> bool {
        self.request.state == State::ChangesRequested
    }

    /// Returns the fields whose remark has neither a changed answer nor a reply.
    #[must_use]
    pub fn open(&self, draft: &Draft, words: &SubmissionBody) -> Vec<Field> {
        let replies = words.replies.iter().filter(|reply| !reply.text.is_empty()).cloned().collect();
        let round = Round { submission: 0, remarks: self.request.remarks.clone(), replies };
        let changes = changes(&self.sent, draft);
        let open = round.follow_ups(&changes).filter(|follow_up| !follow_up.is_changed && follow_up.reply.is_none());
        open.filter_map(|follow_up| Field::from_pointer(&follow_up.remark.pointer)).collect()
    }
}
