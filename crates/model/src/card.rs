//! Cards: the five details of a contact, which the contact may give for themselves.
//!
//! The answer of a contact obeys the rules of the form, and changes nothing else of the draft.

use crate::code::Code;
use crate::draft::{Contact, Controller, Draft};
use crate::email::Email;
use crate::field::Field;
use crate::finding::{Circumstances, Finding};
use crate::step::Step;
use crate::text::Text;
use crate::wire::{CardContact, CardDetails};

/// Most characters of the words of a person who is not the one to name.
pub const REFUSAL_MAX: u64 = 2_000;

impl CardContact {
    /// Returns the fields of the contact's details.
    #[must_use]
    pub fn fields(self) -> [Field; 5] {
        use Field as F;

        match self {
            Self::Controller => [
                F::ControllerGivenName,
                F::ControllerFamilyName,
                F::ControllerEmail,
                F::ControllerPhone,
                F::ControllerJobTitle,
            ],
            Self::Dpo => [F::DpoGivenName, F::DpoFamilyName, F::DpoEmail, F::DpoPhone, F::DpoJobTitle],
            Self::Technical => [
                F::TechnicalGivenName,
                F::TechnicalFamilyName,
                F::TechnicalEmail,
                F::TechnicalPhone,
                F::TechnicalJobTitle,
            ],
        }
    }

    /// Returns the field that holds the contact's address.
    #[must_use]
    pub fn email_field(self) -> Field {
        self.fields()[2]
    }

    /// Returns the JSON pointer to the contact in the draft.
    #[must_use]
    pub fn pointer(self) -> &'static str {
        match self {
            Self::Controller => "/people/controller",
            Self::Dpo => "/people/dpo",
            Self::Technical => "/people/technical",
        }
    }

    /// Returns the address to which the contact's card is sent.
    ///
    /// # Errors
    /// With what is wrong, where the form does not ask for the address, or would not take it.
    pub fn address(self, draft: &Draft) -> Result<Email, Code> {
        let details = CardDetails::of(self, draft);
        if details.email.is_empty() || !self.email_field().is_shown(draft) {
            return Err(Code::Required);
        }
        Email::parse(details.email.as_str()).map_err(|_| Code::Format)
    }
}

impl CardDetails {
    /// Returns the details of a contact in a draft.
    #[must_use]
    pub fn of(contact: CardContact, draft: &Draft) -> Self {
        let of = |given_name: &Text, family_name: &Text, email: &Text, phone: &Text, job_title: &Text| Self {
            given_name: given_name.clone(),
            family_name: family_name.clone(),
            email: email.clone(),
            phone: phone.clone(),
            job_title: job_title.clone(),
        };
        let of_contact = |Contact { given_name, family_name, job_title, email, phone }: &Contact| {
            of(given_name, family_name, email, phone, job_title)
        };
        match contact {
            CardContact::Controller => {
                let Controller { given_name, family_name, job_title, email, phone, .. } = &draft.people.controller;
                of(given_name, family_name, email, phone, job_title)
            }
            CardContact::Dpo => of_contact(&draft.people.dpo),
            CardContact::Technical => of_contact(&draft.people.technical),
        }
    }

    /// Returns the draft with these details of a contact.
    #[must_use]
    pub fn in_draft(self, contact: CardContact, draft: &Draft) -> Draft {
        let Self { given_name, family_name, email, phone, job_title } = self;
        let mut draft = draft.clone();
        match contact {
            CardContact::Controller => {
                let kept = &mut draft.people.controller;
                (kept.given_name, kept.family_name, kept.job_title) = (given_name, family_name, job_title);
                (kept.email, kept.phone) = (email, phone);
            }
            CardContact::Dpo => draft.people.dpo = Contact { given_name, family_name, job_title, email, phone },
            CardContact::Technical => {
                draft.people.technical = Contact { given_name, family_name, job_title, email, phone };
            }
        }
        draft
    }
}

/// Returns the findings on the details of a contact in a draft, as the form tells them.
///
/// Not told is what only compares the contact with another one: whoever answers a card is told nothing of others.
#[must_use]
pub fn findings(contact: CardContact, draft: &Draft, circumstances: &Circumstances<'_>) -> Vec<Finding> {
    let fields = contact.fields();
    let mut findings = draft.findings_of(Step::People, circumstances);
    findings.retain(|finding| fields.contains(&finding.field) && finding.code != Code::SamePerson);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice::{Choice, ClosedList};
    use crate::date::Date;
    use crate::draft::ControllerKind;

    fn details() -> CardDetails {
        CardDetails {
            given_name: "Anaïs".into(),
            family_name: "Roche".into(),
            email: "anais.roche@vallon.example".into(),
            phone: "06 39 98 44 10".into(),
            job_title: "Responsable technique".into(),
        }
    }

    fn codes(contact: CardContact, draft: &Draft) -> Vec<(Field, Code)> {
        let found = findings(contact, draft, &Circumstances::on(Date::FIRST));
        found.into_iter().map(|finding| (finding.field, finding.code)).collect()
    }

    #[test]
    fn an_answer_changes_the_five_details_of_one_contact_and_nothing_else() {
        let mut draft = Draft::default();
        draft.people.controller.kind = Choice::from(ControllerKind::Person);
        draft.people.controller.legal_name = "Vallon".into();
        for contact in CardContact::ALL {
            let answered = details().in_draft(*contact, &draft);
            assert_eq!(CardDetails::of(*contact, &answered), details());
            assert_eq!(CardDetails::default().in_draft(*contact, &answered), draft, "{contact:?}");
            assert_eq!(codes(*contact, &answered), [], "{contact:?}");
            assert_eq!(contact.address(&answered).unwrap().as_str(), "anais.roche@vallon.example");
        }
    }

    #[test]
    fn the_rules_of_the_form_hold() {
        let wrong = CardDetails { email: "anais".into(), phone: "01 99 00 12 34".into(), ..details() };
        let draft = wrong.in_draft(CardContact::Technical, &Draft::default());
        assert_eq!(
            codes(CardContact::Technical, &draft),
            [(Field::TechnicalEmail, Code::Format), (Field::TechnicalPhone, Code::NotMobile)]
        );
        assert_eq!(codes(CardContact::Dpo, &Draft::default()).len(), 5, "all five are asked for");
    }

    #[test]
    fn nobody_learns_of_another_contact_by_answering() {
        let mut draft = details().in_draft(CardContact::Dpo, &Draft::default());
        draft.people.controller.kind = Choice::from(ControllerKind::Person);
        let draft = details().in_draft(CardContact::Controller, &draft);
        assert_eq!(codes(CardContact::Dpo, &draft), []);
    }

    #[test]
    fn a_controller_of_no_kind_has_no_address() {
        let draft = details().in_draft(CardContact::Controller, &Draft::default());
        let code = |contact: CardContact, draft: &Draft| contact.address(draft).unwrap_err();
        assert_eq!(code(CardContact::Controller, &draft), Code::Required);
        let unaddressed = CardDetails { email: "anais".into(), ..details() };
        assert_eq!(code(CardContact::Dpo, &unaddressed.in_draft(CardContact::Dpo, &Draft::default())), Code::Format);
    }
}
