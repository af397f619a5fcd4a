//! Deliveries: what became of each mail, and the mails of a demonstration.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::choice::closed_list;
use crate::id::Id;
use crate::lifecycle::{Mail, Notice, Recipient};

closed_list! {
    /// State of a delivery.
    pub enum DeliveryState {
        /// Not sent yet, or to be tried again.
        Waiting = "waiting",
        /// Taken by the relay, or written to a file.
        Sent = "sent",
        /// Refused for good, or tried in vain for too long.
        Failed = "failed",
        /// Sent back by the server of the recipient.
        Bounced = "bounced",
    }
}

/// Page of the deliveries: the answer of `GET /api/examination/deliveries`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryList {
    /// Deliveries, the last attempt first.
    pub deliveries: Vec<Delivery>,
    /// Value of `cursor` for the page after this one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Delivery of one mail to one recipient, or of a notice to a partner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Identifier, the same at each attempt.
    pub id: Id,
    /// Request concerned; none for a notice that tries the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Id>,
    /// Number of that request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Mail to deliver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Mail>,
    /// Recipient of the mail, by their part in the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<Recipient>,
    /// Notice to deliver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// State of the delivery.
    pub state: DeliveryState,
    /// Time of the next attempt, or of the last one where none is left.
    pub at: String,
    /// Attempts so far, the last one first; at most 20.
    pub attempts: Vec<DeliveryAttempt>,
}

/// Attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryAttempt {
    /// Time of the attempt.
    pub at: String,
    /// Number that was answered (SMTP or HTTP); none where nobody answered, or a mail was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u16>,
}

/// Mails that a demonstration caught: the answer of `GET /api/demo/mail`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaughtMails {
    /// Mails, the last one first; at most 100.
    pub mails: Vec<CaughtMail>,
}

/// Mail that a demonstration caught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaughtMail {
    /// Identifier of the delivery, which is that of the message too.
    pub id: Id,
    /// Request that the mail is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Id>,
    /// Kind of the mail.
    pub mail: Mail,
    /// Part of the recipient in the request.
    pub recipient: Recipient,
    /// Time at which it was sent.
    pub at: String,
    /// Address of the recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// Clock of a demonstration: the body of `PUT /api/demo/clock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoClock {
    /// Days by which the life of requests is ahead of the calendar, in all; it never goes back.
    pub days: u32,
}
