//! States of a request.

use crate::choice::closed_list;

closed_list! {
    /// State of a request.
    pub enum State {
        /// Being filled in, for the first time or for a modification.
        Draft = "draft",
        /// Sent to the FranceConnect team, which examines it.
        Submitted = "submitted",
        /// Back with the applicant, who is asked to change something.
        ChangesRequested = "changes_requested",
        /// In force: a habilitation is active, and no modification is under way.
        Accepted = "accepted",
        /// Refused; it never had a habilitation that is still active.
        Refused = "refused",
        /// Taken back by the applicant, or by the clock.
        Withdrawn = "withdrawn",
        /// Ended by the team, which revoked the habilitation.
        Revoked = "revoked",
        /// Read only, out of the lists.
        Archived = "archived",
    }
}

impl State {
    /// Returns whether the applicant may edit the draft.
    #[must_use]
    pub fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::ChangesRequested)
    }

    /// Returns whether the request is over, unless its applicant takes it up again.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn | Self::Revoked)
    }
}
