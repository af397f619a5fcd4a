//! Facts of which mails are made.

use habilitation_model::changes::{Change, changes, is_contacts_only};
use habilitation_model::draft::{Contact, ControllerKind, Draft};
use habilitation_model::email::Email;
use habilitation_model::lifecycle::{Event, History, Kind, Mail, Recipient};
use habilitation_model::place::Place;
use habilitation_model::wire::Service;
use habilitation_model::{Id, Text};

/// All that a mail tells.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The service that answers.
    pub service: &'a Service,
    /// Identifier of the request.
    pub request: &'a Id,
    /// Number of the request.
    pub number: &'a str,
    /// The event that the mail tells of.
    pub event: &'a Event,
    /// History before the event.
    pub before: &'a History,
    /// History with the event.
    pub history: &'a History,
    /// Messages of one mail, the oldest first; the event is the first of them.
    pub messages: &'a [Event],
    /// Draft of the last submission.
    pub sent: &'a Draft,
    /// Draft of the submission of [`earlier_submission`](habilitation_model::lifecycle::mail::earlier_submission).
    pub earlier: Option<&'a Draft>,
}

impl<'a> Facts<'a> {
    /// Returns the address of a recipient.
    pub(crate) fn address(&self, mail: Mail, recipient: Recipient) -> String {
        let draft = self.draft_of(mail);
        let text = match recipient {
            Recipient::Team => return self.service.team_email.clone(),
            Recipient::Operator => return self.service.operator_email.clone(),
            // Their mails tell of no event.
            Recipient::Owner | Recipient::Named => return String::new(),
            Recipient::Applicant => &self.sent.organisation.applicant.email,
            Recipient::Controller => &draft.people.controller.email,
            Recipient::Dpo => &draft.people.dpo.email,
            Recipient::Technical => &draft.people.technical.email,
        };
        address(text)
    }

    /// Returns the draft that names the contacts to whom a mail goes.
    pub(crate) fn draft_of(&self, mail: Mail) -> &'a Draft {
        let speaks_of_earlier = matches!(mail, Mail::NoLongerNamed | Mail::Revoked);
        self.earlier.filter(|_| speaks_of_earlier).unwrap_or(self.sent)
    }

    /// Returns the name of the project between quotation marks.
    pub(crate) fn project(&self) -> String {
        quoted(&self.sent.project.name)
    }

    pub(crate) fn organisation(&self) -> String {
        self.sent.organisation.name.line()
    }

    /// Returns whether the request was changed while its habilitation stayed in force; of a submission and what becomes of it.
    pub(crate) fn is_modification(&self) -> bool {
        self.before.active().is_some()
    }

    /// Returns the word for what was sent.
    pub(crate) fn noun(&self) -> &'static str {
        if self.is_modification() { "modification" } else { "demande" }
    }

    /// Returns [`Facts::noun`] with the name of the project, to follow « votre » or « la ».
    pub(crate) fn noun_with_project(&self) -> String {
        let what = if self.is_modification() { "modification de la demande " } else { "demande " };
        [what, &self.project()].concat()
    }

    /// Returns whether a modification changes nothing but contacts.
    pub(crate) fn is_contacts_only(&self) -> bool {
        self.is_modification() && is_contacts_only(&self.changes())
    }

    /// Returns the changes since the earlier submission.
    pub(crate) fn changes(&self) -> Vec<Change<'a>> {
        self.earlier.map(|earlier| changes(earlier, self.sent)).unwrap_or_default()
    }

    /// Returns the number of a habilitation that was in force before the event.
    pub(crate) fn active_before(&self) -> Option<String> {
        let rank = self.before.active()?.rank;
        Some(habilitation_model::lifecycle::act::habilitation_number(self.number, rank))
    }

    /// Returns the address of the request's page.
    pub(crate) fn link(&self) -> String {
        [&self.service.page, "?", &Place::Request(self.request.clone(), None).query()].concat()
    }

    /// Returns the address at which the team examines the request.
    pub(crate) fn examination_link(&self) -> String {
        [&self.service.page, "?examen=", self.request.as_str()].concat()
    }

    /// Returns whether the event is an act of the program itself.
    pub(crate) fn is_by_clock(&self) -> bool {
        self.event.by.side == habilitation_model::lifecycle::Side::Clock
    }

    pub(crate) fn is_withdrawal(&self) -> bool {
        self.event.kind == Kind::Withdrawn
    }
}

/// Returns an e-mail address as it is written in a header.
pub(crate) fn address(text: &Text) -> String {
    Email::parse(text.as_str()).map_or_else(|_| text.line(), |email| email.as_str().to_owned())
}

pub(crate) fn quoted(text: &Text) -> String {
    ["«\u{a0}", &text.line(), "\u{a0}»"].concat()
}

/// Returns the first and last name of a contact.
pub(crate) fn full_name(contact: &Contact) -> String {
    [contact.given_name.line(), contact.family_name.line()].join(" ")
}

/// Returns the name of the data controller, a person or a body.
pub(crate) fn controller_name(draft: &Draft) -> String {
    let controller = &draft.people.controller;
    if controller.kind.is(ControllerKind::Organisation) {
        controller.legal_name.line()
    } else {
        [controller.given_name.line(), controller.family_name.line()].join(" ")
    }
}
