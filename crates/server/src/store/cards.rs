//! Cards: links by which contacts of a draft give their own details, without an account.
//!
//! A link is single use, and bound to the address that stood in the draft when it was sent: once another one stands there, it opens
//! nothing. Nor does it once the draft cannot be edited.

use std::sync::Arc;

use async_trait::async_trait;
use habilitation_model::Id;
use habilitation_model::wire::{Card, CardAnswer, CardContact};
use jiff::{SignedDuration, Timestamp};

use super::{Owner, StoreFailure, StoreRefusal};
use crate::secret::Secret;

/// Time for which a link can be answered.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Most links that are sent for one request in 24 hours.
pub(crate) const OF_REQUEST_PER_DAY: u32 = 9;
/// Most links that one person sends in 24 hours.
pub(crate) const OF_PERSON_PER_DAY: u32 = 30;

/// Key of a card: the SHA-256 of its token, which is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CardKey(pub(crate) [u8; 32]);

/// Link to send.
#[derive(Clone)]
pub(crate) struct CardToSend {
    pub(crate) contact: CardContact,
    /// Token of the link, which the mail alone tells.
    pub(crate) token: Arc<Secret>,
    /// Name and e-mail address of the person who asks, and the name of their organisation.
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) organisation: String,
}

/// Links to contacts, and what contacts answer.
#[async_trait]
pub(crate) trait Cards: Send + Sync {
    /// Keeps a link to a contact of a draft, in place of the one before, and writes to them.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `Submitted` (the draft cannot be edited), `Incomplete` (there is no address),
    /// `TooManyActs`.
    async fn send_card(
        &self,
        owner: &Owner,
        request: &Id,
        card: &CardToSend,
        at: Timestamp,
    ) -> Result<(), StoreRefusal>;

    /// Returns the card that a link opens; none where it opens nothing, whyever.
    async fn card(&self, key: &CardKey, at: Timestamp) -> Result<Option<Card>, StoreFailure>;

    /// Takes an answer, with which the link is used up. Details change the draft; a refusal changes nothing of it.
    ///
    /// Refuses, in this order: `Absent` (the link opens nothing), `Incomplete`, `QuotaReached`.
    async fn answer_card(&self, key: &CardKey, answer: &CardAnswer, at: Timestamp) -> Result<(), StoreRefusal>;
}
