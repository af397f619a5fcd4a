//! Outbox: mails on their way, each kept with the event that it tells of until a relay has taken it.

use async_trait::async_trait;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::lifecycle::keeping::Loss;
use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::lifecycle::{Event, History};
use habilitation_model::wire::{Delivery, DeliveryState, Mail, Notice, Recipient};
use habilitation_model::{Date, Draft, Id};
use jiff::{SignedDuration, Timestamp};

use super::StoreFailure;

/// Time after which a delivery that nobody takes is given up.
pub(crate) const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Way out of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Through the relay.
    Mails,
    /// To the program of a partner.
    Notices,
}

impl Channel {
    /// Returns the name of the channel in the tables and in the log.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Mails => "mail",
            Self::Notices => "webhook",
        }
    }
}

/// Content of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A mail to one recipient.
    Mail(Mail, Recipient),
    /// A notice to the program of a partner.
    Notice(Notice),
}

/// Delivery that is leased for one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leased {
    /// Identifier, the same at each attempt.
    pub(crate) id: Id,
    /// Content of the delivery.
    pub(crate) content: Content,
    /// Number of the attempt, from 1.
    pub(crate) attempt: u32,
    /// Time at which the first attempt was due.
    pub(crate) due_at: Timestamp,
    /// Time of the first attempt since then, if there was one before.
    pub(crate) tried_since: Option<Timestamp>,
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

/// All of a draft or a request that a mail on coming days is made of.
#[derive(Clone, Debug)]
pub(crate) struct OutlookMaterial {
    pub(crate) request: Id,
    /// Number, once it was sent.
    pub(crate) number: Option<String>,
    /// Number of the habilitation that stays valid, if there is one.
    pub(crate) habilitation: Option<String>,
    /// The draft, or what was sent last.
    pub(crate) draft: Draft,
    /// Documents of the draft whose bytes have arrived.
    pub(crate) arrived: Vec<Id>,
    /// Address of the account, or of the applicant.
    pub(crate) to: String,
    /// Day since which nobody touched it.
    pub(crate) since: Date,
    /// The loss that lies ahead, and its day.
    pub(crate) loss: Loss,
    pub(crate) on: Date,
}

/// All that a mail to one person is made of.
#[derive(Clone, Debug)]
pub(crate) struct PersonalMaterial {
    /// Request that the mail is about, if it is about one.
    pub(crate) request: Option<Id>,
    /// Number of the request, once it was sent.
    pub(crate) number: Option<String>,
    pub(crate) facts: PersonalFacts,
    /// Token of the link, where it is secret.
    pub(crate) token: Option<String>,
}

/// Outcome of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// The relay has taken the mail, or the partner the notice. A secret link of the mail is forgotten.
    Sent,
    /// The mail was written to a file, where it is kept whole.
    Filed,
    /// The mail is refused for good, or its mailbox was not ready for too long.
    Failed,
    /// The way was closed, or the mail could not be written, for too long.
    GivenUp,
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

/// Deliveries to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeliveryFilter {
    /// State of the listed deliveries; all states if none.
    pub(crate) state: Option<DeliveryState>,
    /// Position that the listed deliveries come after: time and identifier.
    pub(crate) after: Option<(Timestamp, Id)>,
    /// Most deliveries to list.
    pub(crate) limit: u32,
}

/// Mails on their way. They are written with the event that they tell of; here they are taken out.
#[async_trait]
pub(crate) trait Outbox: Send + Sync {
    /// Leases a delivery that is due on a channel to the caller alone, until a time. The attempt is counted. What needs no mail any
    /// more is dropped.
    async fn lease(&self, channel: Channel, at: Timestamp, until: Timestamp) -> Result<Option<Leased>, StoreFailure>;

    /// Returns the facts of a delivery; none where it is not there, or tells of no event.
    async fn material(&self, delivery: &Id) -> Result<Option<Material>, StoreFailure>;

    /// Returns the facts of a mail on coming days; none where it tells nothing any more. Nor are there any where nobody can be told.
    async fn outlook(&self, delivery: &Id, keeping: Keeping) -> Result<Option<OutlookMaterial>, StoreFailure>;

    /// Returns the facts of a mail to one person; none where it is not there, or its link is forgotten.
    async fn personal(&self, delivery: &Id) -> Result<Option<PersonalMaterial>, StoreFailure>;

    /// Notes for all that is due on a channel that its way is closed. Ends what waits too long, and returns its number.
    async fn pass_over(&self, channel: Channel, at: Timestamp) -> Result<u64, StoreFailure>;

    /// Writes to the operator that a notice is not taken: once for each, and not again within a day.
    async fn tell_operator(&self, delivery: &Id, at: Timestamp) -> Result<(), StoreFailure>;

    /// Keeps the outcome of an attempt, with the number that was answered. A mail that failed is told in the history.
    async fn settle(
        &self,
        delivery: &Id,
        attempt: Attempt,
        code: Option<u16>,
        at: Timestamp,
    ) -> Result<(), StoreFailure>;

    /// Returns the last mails that were sent, the last one first.
    async fn last_sent(&self, most: u32) -> Result<Vec<SentDelivery>, StoreFailure>;

    /// Notes that a mail came back, which is told in the history once. Returns whether there is such a delivery.
    async fn bounce(&self, delivery: &Id, at: Timestamp) -> Result<bool, StoreFailure>;

    /// Lets a delivery that was attempted be attempted again now. Returns whether there is such a delivery.
    async fn retry(&self, delivery: &Id, at: Timestamp) -> Result<bool, StoreFailure>;

    /// Sends a notice that tries the way to the partner.
    async fn ping(&self, delivery: &Id, at: Timestamp) -> Result<(), StoreFailure>;

    /// Forgets deliveries that ended before a time, of which numbers stay, and attempts made before another. Returns the number of
    /// deliveries.
    async fn forget(&self, ended_before: Timestamp, attempted_before: Timestamp) -> Result<u64, StoreFailure>;

    /// Returns the deliveries of these that are not there.
    async fn gone(&self, deliveries: Vec<Id>) -> Result<Vec<Id>, StoreFailure>;

    /// Returns a page of the deliveries, by the time of their next or last attempt, the latest first.
    async fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreFailure>;
}
