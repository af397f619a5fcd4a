//! Mails in French: the subject and the text of each, as pure functions of what happened to a request.
//!
//! Whoever sends or shows a mail brings the [facts](Facts): the history of the request up to the event that the mail tells of,
//! what was sent, and the [service](Service) that answers; or the [outlook](Outlook) of a draft or a request that nobody touches; or
//! what concerns [one person](Personal).
//! Mails of the same facts are the same for ever.

#![forbid(unsafe_code)]

mod contacts;
mod dates;
mod facts;
pub mod fields;
mod outlook;
mod paragraphs;
mod personal;
mod recovery;
mod service;
mod subjects;
mod to_applicant;
mod to_operator;
mod to_person;
mod to_team;

use habilitation_model::lifecycle::{Mail, Recipient};

pub use facts::Facts;
pub use habilitation_model::wire::Service;
pub use outlook::{Outlook, outlook};
pub use paragraphs::line;
pub use personal::Personal;
pub use service::SILENCE_NOTICE;
pub use to_person::personal;

use crate::paragraphs::Paragraphs;

/// Mail as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Address of the recipient.
    pub to: String,
    /// Subject, on one line.
    pub subject: String,
    /// Plain text, in lines of 76 characters at most where no longer word stands.
    pub body: String,
}

/// Writes a mail that tells of an event ([`Mail::tells_of_event`]).
#[must_use]
pub fn letter(mail: Mail, recipient: Recipient, facts: &Facts<'_>) -> Letter {
    let mut text = Paragraphs::new();
    text.say("Bonjour,");
    match mail {
        Mail::Ack => to_applicant::ack(&mut text, facts),
        Mail::AckAgain => to_applicant::ack_again(&mut text, facts),
        Mail::Changes => to_applicant::changes(&mut text, facts),
        Mail::ChangesReminder14 | Mail::ChangesReminder3 => to_applicant::reminder(&mut text, facts),
        Mail::Resumed => to_applicant::resumed(&mut text, facts),
        Mail::Accepted => to_applicant::accepted(&mut text, facts),
        Mail::Refused => to_applicant::refused(&mut text, facts),
        Mail::Withdrawn => to_applicant::withdrawn(&mut text, facts),
        Mail::NewRequest => to_team::new_request(&mut text, facts),
        Mail::Completed => to_team::completed(&mut text, facts),
        Mail::Assigned => to_team::assigned(&mut text, facts),
        Mail::Deadline => to_team::deadline(&mut text, facts),
        Mail::Message if recipient == Recipient::Team => to_team::message(&mut text, facts),
        Mail::Message => to_applicant::message(&mut text, facts),
        Mail::Revoked if recipient == Recipient::Applicant => to_applicant::revoked(&mut text, facts),
        Mail::Revoked => contacts::revoked(&mut text, recipient, facts),
        Mail::Controller | Mail::Dpo => contacts::named(&mut text, recipient, facts),
        Mail::Technical => contacts::technical(&mut text, facts),
        Mail::NoLongerNamed => contacts::no_longer_named(&mut text, recipient, facts),
        Mail::WebhookFailing => to_operator::webhook_failing(&mut text, facts),
        // `outlook` and `personal` write them.
        other => debug_assert!(!other.tells_of_event(), "{other:?} has no words"),
    }
    let to = facts.address(mail, recipient);
    sign(&mut text, &[&reason(mail, recipient), " (", facts.number, ")"].concat(), &to, facts.service);
    let subject = ["[", facts.number, "] ", &subjects::subject(mail, recipient, facts)].concat();
    Letter { to, subject: line(&subject), body: text.wrapped() }
}

/// Returns the reason for which a recipient gets a mail, to follow « parce que ».
fn reason(mail: Mail, recipient: Recipient) -> String {
    match (mail, recipient) {
        (_, Recipient::Applicant | Recipient::Owner | Recipient::Named) => {
            "vous êtes la personne qui fait la demande".to_owned()
        }
        (_, Recipient::Team) => "cette adresse est celle de l’équipe qui examine les demandes".to_owned(),
        (_, Recipient::Operator) => "cette adresse est celle de l’exploitant du service".to_owned(),
        (Mail::NoLongerNamed | Mail::Revoked, _) => {
            ["la demande donnait cette adresse pour le ", contacts::part(recipient)].concat()
        }
        _ => ["la demande donne cette adresse pour le ", contacts::part(recipient)].concat(),
    }
}

/// Ends a mail: who writes, why the recipient gets it, and at which address.
fn sign(text: &mut Paragraphs, reason: &str, to: &str, service: &Service) {
    text.say(&service.name);
    text.rule();
    text.say(
        &[
            "Vous recevez ce courriel à l’adresse ",
            to,
            " parce que ",
            reason,
            ". Une question\u{a0}? Écrivez à ",
            &service.email,
            ".",
        ]
        .concat(),
    );
}
