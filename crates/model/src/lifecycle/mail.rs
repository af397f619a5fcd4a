//! Mails that events send: which, to whom, and when.

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::choice::{ClosedList, closed_list};
use crate::date::Date;
use crate::email::Email;
use crate::field::Field;
use crate::lifecycle::event::{Event, Stamp};
use crate::lifecycle::history::History;
use crate::lifecycle::kind::{Kind, Part, Role, Side};
use crate::lifecycle::machine::next;
use crate::lifecycle::state::State;
use crate::text::Text;

closed_list! {
    /// Mail that tells of an event, or of days that passed.
    pub enum Mail {
        /// The request has come in.
        Ack = "ack",
        /// Changes that were asked for have come in.
        AckAgain = "ack-again",
        /// The team has a request to examine.
        NewRequest = "new-request",
        /// A request under examination was completed, or taken back.
        Completed = "completed",
        /// The applicant is asked for changes.
        Changes = "changes",
        /// The applicant has 14 days left to answer.
        ChangesReminder14 = "changes-reminder-14",
        /// The applicant has 3 days left to answer.
        ChangesReminder3 = "changes-reminder-3",
        /// The examination goes on.
        Resumed = "resumed",
        /// The request is accepted.
        Accepted = "accepted",
        /// Tells the data controller of an accepted request.
        Controller = "controller",
        /// Tells the data protection officer of an accepted request.
        Dpo = "dpo",
        /// Tells the technical contact of an accepted request.
        Technical = "technical",
        /// Tells a contact whom a modification replaced.
        NoLongerNamed = "no-longer-named",
        /// The request is refused.
        Refused = "refused",
        /// The request is taken back.
        Withdrawn = "withdrawn",
        /// The habilitation is revoked.
        Revoked = "revoked",
        /// The other side wrote.
        Message = "message",
        /// The request is entrusted to an examiner.
        Assigned = "assigned",
        /// The end of the legal term comes near, or is past.
        Deadline = "deadline",
        /// A draft waits that nobody touched for long.
        DraftReminder = "draft-reminder",
        /// A draft or a request comes to its end: it is deleted, withdrawn or erased on a day.
        Erasure = "erasure",
        /// A notice to a partner is not taken.
        WebhookFailing = "webhook-failing",
        /// The recipient is invited to take part in a request.
        Invitation = "invitation",
        /// An invitation was followed by another person than the one to whose address it was sent.
        InvitationToConfirm = "invitation-to-confirm",
        /// The owner of a request hands it over.
        HandOverOffered = "hand-over-offered",
        /// Tells the former owner that the request was handed over.
        HandedOver = "handed-over",
        /// Tells the new owner that the request is theirs.
        NewOwner = "new-owner",
        /// A person signed in to an account in a new way.
        SubjectLinked = "subject-linked",
        /// An earlier account is asked for by a person who signed in in a new way.
        FormerAccount = "former-account",
        /// The address of an account is another one.
        AddressChanged = "address-changed",
        /// A contact is asked for their own details.
        Card = "card",
        /// Tells the owner that a contact gave their details, or refuses to be named.
        CardAnswered = "card-answered",
        /// A colleague asks for the request: its owner answers, or is reminded to.
        RecoveryAsked = "recovery-asked",
        /// Tells the other people of a request that a colleague of its owner asks for it.
        RecoveryTold = "recovery-told",
        /// The colleague does not get the request.
        RecoveryRefused = "recovery-refused",
        /// The colleague has the request.
        RecoveryGranted = "recovery-granted",
        /// Tells the former owner that a colleague has taken the request over.
        Recovered = "recovered",
        /// Tells the other people of a request that it has another owner.
        RecoveredTold = "recovered-told",
        /// Tells the new owner that the former one contests that.
        RecoveryContested = "recovery-contested",
        /// Tells the former owner that the request is theirs again.
        RecoveryUndone = "recovery-undone",
        /// The operator gave the request another owner.
        Reassigned = "reassigned",
        /// A call for a request waits for a decision of the team, or of the operator.
        RecoveryToDecide = "recovery-to-decide",
    }
}

impl Mail {
    /// Returns the days that are left when the mail reminds of a term to answer; none for other mails.
    #[must_use]
    pub fn days_left(self) -> Option<u16> {
        match self {
            Self::ChangesReminder14 => Some(14),
            Self::ChangesReminder3 => Some(3),
            _ => None,
        }
    }

    /// Returns whether the mail tells of days that passed, in place of an event.
    #[must_use]
    pub fn tells_of_days(self) -> bool {
        matches!(self, Self::DraftReminder | Self::Erasure)
    }

    /// Returns whether the mail is written for one address, in place of an event ([`PersonalFacts`]).
    #[must_use]
    pub fn is_personal(self) -> bool {
        self >= Self::Invitation
    }

    /// Returns whether the mail tells of an event of a request, whose history says all that is in it.
    #[must_use]
    pub fn tells_of_event(self) -> bool {
        !self.tells_of_days() && !self.is_personal()
    }
}

/// Facts of a mail that is written for one address, whatever was submitted. What a mail does not tell is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
pub struct PersonalFacts {
    /// Address of the mail.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// Name of the project, as typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub project: String,
    /// First and last name of the person who acts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// E-mail address of that person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by_email: String,
    /// Name of their organisation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by_organisation: String,
    /// First and last name of another person whom the mail concerns.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// E-mail address of that person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person_email: String,
    /// Name of their organisation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub person_organisation: String,
    /// Contact whose details the mail is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Recipient>,
    /// Address to which an invitation was sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub invited: String,
    /// Part that the recipient gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Part>,
    /// Day of what the mail tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Last day to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Words of the person who acts.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub text: Text,
}

closed_list! {
    /// Recipient of a mail, by the part that they have in the request.
    pub enum Recipient {
        /// Applicant of the last submission.
        Applicant = "applicant",
        /// Team that examines requests.
        Team = "team",
        /// Data controller.
        Controller = "controller",
        /// Data protection officer.
        Dpo = "dpo",
        /// Technical contact.
        Technical = "technical",
        /// Person whose account holds a draft that never was sent.
        Owner = "owner",
        /// Operator of the program.
        Operator = "operator",
        /// Person to whose address the mail is written ([`PersonalFacts`]).
        Named = "named",
    }
}

impl Recipient {
    /// Returns the field that holds the address of the recipient; none where no answer does.
    #[must_use]
    pub fn field(self) -> Option<Field> {
        match self {
            Self::Applicant => Some(Field::ApplicantEmail),
            Self::Team | Self::Owner | Self::Operator | Self::Named => None,
            Self::Controller => Some(Field::ControllerEmail),
            Self::Dpo => Some(Field::DpoEmail),
            Self::Technical => Some(Field::TechnicalEmail),
        }
    }
}

closed_list! {
    /// Notice to the program of a partner, which gives services their access.
    pub enum Notice {
        /// A habilitation is in force.
        Accepted = "habilitation.accepted",
        /// A habilitation is ended.
        Revoked = "habilitation.revoked",
        /// Tries the way; no event is told.
        Ping = "ping",
    }
}

/// Returns the notice that an event sends to a partner.
#[must_use]
pub fn notice_of(event: &Event) -> Option<Notice> {
    match event.kind {
        Kind::Accepted => Some(Notice::Accepted),
        Kind::Revoked => Some(Notice::Revoked),
        _ => None,
    }
}

/// Returns the event that tells of a mail that could not be delivered.
///
/// None tells of mails to the team, which is no matter of the request, nor of a request that is archived. None tells of a
/// mail to a contact who was replaced: their address stands in no field any more.
#[must_use]
pub fn undelivered(stamp: Stamp, history: &History, mail: Mail, recipient: Recipient) -> Option<Event> {
    let field = recipient.field().filter(|_| mail != Mail::NoLongerNamed)?;
    next(&history.standing(), Kind::Delivery, Role::Clock).ok()?;
    Some(Event {
        pointer: Some(field.pointer()),
        mail: Some(mail.as_str().to_owned()),
        ..Event::new(stamp, history.last_event + 1, Kind::Delivery)
    })
}

/// Contacts of a request who are told of a habilitation.
pub const CONTACTS: [Recipient; 3] = [Recipient::Controller, Recipient::Dpo, Recipient::Technical];

/// Time at which a mail is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// With the event.
    AtOnce,
    /// A few minutes after the event, for what is written meanwhile to come along.
    Soon,
    /// On a day.
    On(Date),
}

/// Mail to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The mail.
    pub mail: Mail,
    /// Recipient of the mail.
    pub recipient: Recipient,
    /// Time at which the mail is due.
    pub due: Due,
}

/// Addresses of the contacts of a submission, in the order of [`CONTACTS`].
pub type Addresses = [String; 3];

/// Returns whether two typed addresses lead to one mailbox.
#[must_use]
pub fn is_same_mailbox(one: &str, other: &str) -> bool {
    match (Email::parse(one), Email::parse(other)) {
        (Ok(one), Ok(other)) => one.same_mailbox(&other),
        _ => one == other,
    }
}

/// Returns the mails that an event sends, after the history before it.
///
/// `replaced` holds the addresses of the habilitation that an acceptance replaces, and those of the new one.
#[must_use]
pub fn mails_of(event: &Event, before: &History, replaced: Option<(&Addresses, &Addresses)>) -> Vec<Posting> {
    use Recipient::{Applicant, Team};
    let now = |mail, recipient| Posting { mail, recipient, due: Due::AtOnce };
    match event.kind {
        Kind::Submitted if before.state == State::ChangesRequested => {
            vec![now(Mail::AckAgain, Applicant), now(Mail::Completed, Team)]
        }
        Kind::Submitted => vec![now(Mail::Ack, Applicant), now(Mail::NewRequest, Team)],
        Kind::ChangesRequested => {
            let reminders = [Mail::ChangesReminder14, Mail::ChangesReminder3].into_iter();
            let reminders = reminders.filter_map(|mail| {
                let (days, last) = (u32::from(mail.days_left()?), event.answer_by?);
                // One that would leave with the request itself says nothing new.
                let ahead =
                    u32::try_from(event.on.days_until(last)).ok()?.checked_sub(days).filter(|days| *days > 1)?;
                Some(Posting { mail, recipient: Applicant, due: Due::On(event.on.plus_days(ahead)) })
            });
            std::iter::once(now(Mail::Changes, Applicant)).chain(reminders).collect()
        }
        Kind::Resumed => vec![now(Mail::Resumed, Applicant)],
        Kind::Accepted => {
            let named = [Mail::Controller, Mail::Dpo, Mail::Technical].into_iter().zip(CONTACTS);
            let gone = replaced.into_iter().flat_map(|(were, are)| {
                let pairs = CONTACTS.into_iter().zip(were.iter().zip(are));
                pairs
                    .filter(|(_, (was, is))| !is_same_mailbox(was, is))
                    .map(|(recipient, _)| now(Mail::NoLongerNamed, recipient))
            });
            let named = named.map(|(mail, recipient)| now(mail, recipient));
            std::iter::once(now(Mail::Accepted, Applicant)).chain(named).chain(gone).collect()
        }
        Kind::Refused => vec![now(Mail::Refused, Applicant)],
        Kind::Withdrawn => vec![now(Mail::Withdrawn, Applicant), now(Mail::Completed, Team)],
        Kind::Revoked => {
            let told = std::iter::once(Applicant).chain(CONTACTS);
            told.map(|recipient| now(Mail::Revoked, recipient)).collect()
        }
        Kind::Message => {
            let recipient = if event.by.side == Side::Applicant { Team } else { Applicant };
            vec![Posting { mail: Mail::Message, recipient, due: Due::Soon }]
        }
        Kind::Assignment => {
            let is_other = |name: &str| name != event.by.name;
            let is_told = event.examiner.as_ref().is_some_and(|examiner| is_other(&examiner.name));
            if is_told { vec![now(Mail::Assigned, Team)] } else { Vec::new() }
        }
        Kind::Deadline => vec![now(Mail::Deadline, Team)],
        Kind::Reopened
        | Kind::Archived
        | Kind::Note
        | Kind::Delivery
        // Whoever makes them writes to the people whom they concern.
        | Kind::Invited
        | Kind::Joined
        | Kind::Left
        | Kind::HandedOver
        | Kind::RecoveryAsked
        | Kind::RecoveryRefused
        | Kind::Recovered
        | Kind::Contested
        | Kind::Reassigned
        | Kind::CardAnswered => Vec::new(),
    }
}

/// Returns the submission that holds the address of a recipient, for a mail of an event.
#[must_use]
pub fn addressed_submission(mail: Mail, recipient: Recipient, event: &Event, before: &History) -> u32 {
    let is_of_earlier = matches!(mail, Mail::NoLongerNamed | Mail::Revoked) && CONTACTS.contains(&recipient);
    let earlier = if is_of_earlier { earlier_submission(event, before) } else { None };
    earlier.or(event.submission.filter(|_| event.kind == Kind::Submitted)).unwrap_or_else(|| before.last_submission())
}

/// Returns the earlier submission that the mails of an event speak of, beside the last one.
///
/// An acceptance follows the active habilitation, a revocation ends it, and a submission is compared with one.
#[must_use]
pub fn earlier_submission(event: &Event, before: &History) -> Option<u32> {
    let active = || before.active().map(|acceptance| acceptance.submission);
    match event.kind {
        Kind::Submitted if before.state == State::ChangesRequested => Some(before.last_submission()),
        Kind::Submitted | Kind::Accepted | Kind::Revoked => active(),
        _ => None,
    }
}
