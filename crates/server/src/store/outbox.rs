//! Outbox: mails on their way, each kept with the event that it tells of until a relay has taken it.

use async_trait::async_trait;
use habilitation_model::lifecycle::{Event, History};
use habilitation_model::wire::{Mail, Recipient};
use habilitation_model::{Draft, Id};
use jiff::Timestamp;

use super::StoreFailure;

/// Delivery of a mail, leased for one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leased {
    /// Identifier, the same at each attempt.
    pub(crate) id: Id,
    /// Mail to send.
    pub(crate) mail: Mail,
    /// Recipient of the mail.
    pub(crate) recipient: Recipient,
    /// Number of the attempt, from 1.
    pub(crate) attempt: u32,
    /// Time of the first attempt.
    pub(crate) due_at: Timestamp,
}

/// All of a request that a mail is made of.
#[derive(Clone, Debug)]
pub(crate) struct Material {
    pub(crate) request: Id,
    pub(crate) number: String,
    pub(crate) event: Event,
    /// History before the event.
    pub(crate) before: History,
    /// History with the event.
    pub(crate) history: History,
    /// Messages that the mail holds, if it holds some.
    pub(crate) messages: Vec<Event>,
    /// Draft of the last submission.
    pub(crate) sent: Draft,
    /// Draft of the submission that the mail speaks of besides.
    pub(crate) earlier: Option<Draft>,
}

/// Outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The relay has taken the mail.
    Sent,
    /// The mail is refused for good.
    Failed,
    /// Another attempt is made at this time.
    Again(Timestamp),
}

/// Delivery that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SentDelivery {
    pub(crate) id: Id,
    pub(crate) mail: Mail,
    pub(crate) recipient: Recipient,
    pub(crate) at: Timestamp,
}

/// Mails on their way. They are written with the event that they tell of; here they are taken out.
#[async_trait]
pub(crate) trait Outbox: Send + Sync {
    /// Leases deliveries that are due to the caller alone, until a time. What needs no mail any more is dropped.
    async fn lease(&self, most: u32, at: Timestamp, until: Timestamp) -> Result<Vec<Leased>, StoreFailure>;

    /// Returns the facts of a mail; none where the delivery is not there.
    async fn material(&self, delivery: &Id) -> Result<Option<Material>, StoreFailure>;

    /// Keeps the outcome of an attempt, with the number that the relay answered.
    async fn settle(
        &self,
        delivery: &Id,
        attempt: Attempt,
        code: Option<u16>,
        at: Timestamp,
    ) -> Result<(), StoreFailure>;

    /// Returns the last deliveries that were sent, the last one first.
    async fn last_sent(&self, most: u32) -> Result<Vec<SentDelivery>, StoreFailure>;
}
