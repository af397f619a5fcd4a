//! Facts of a mail that is written for one address, and the words that all such mails share.

use habilitation_model::lifecycle::Mail;
use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::place::Place;
use habilitation_model::wire::Service;
use habilitation_model::{Id, Text};

use crate::dates;
use crate::facts::quoted;
use crate::paragraphs::{Paragraphs, line};

/// All that a mail to one person tells.
#[derive(Clone, Copy, Debug)]
pub struct Personal<'a> {
    /// The service that answers.
    pub service: &'a Service,
    /// Identifier of the request, if the mail is about one.
    pub request: Option<&'a Id>,
    /// Number of the request, once it was sent.
    pub number: Option<&'a str>,
    /// Facts of the mail.
    pub facts: &'a PersonalFacts,
    /// Token of the link, where it is secret.
    pub token: Option<&'a str>,
}

impl Personal<'_> {
    /// Returns the number of the request, where the recipient has to do with the request already.
    pub(crate) fn shown_number(&self, mail: Mail) -> Option<&str> {
        let knows_it_not = matches!(mail, Mail::Invitation | Mail::Card) || is_of_account(mail);
        self.number.filter(|_| !knows_it_not)
    }

    /// Returns the address of the page that a link about an account opens.
    pub(crate) fn account_link(&self) -> String {
        [&self.service.page, "api/accounts/links/", self.token.unwrap_or_default()].concat()
    }

    /// Returns the request by the name of its project, where it has one.
    pub(crate) fn request(&self) -> String {
        let what = "la demande d’habilitation FranceConnect";
        let name = Text::from(self.facts.project.as_str());
        if name.is_empty() { what.to_owned() } else { [what, " ", &quoted(&name)].concat() }
    }

    /// Returns the person who acts, with their organisation where it is known.
    pub(crate) fn by(&self) -> String {
        with_organisation(&self.facts.by, &self.facts.by_organisation)
    }

    /// Returns a sentence with the last day, where there is one.
    pub(crate) fn until(&self, before: &str, after: &str) -> String {
        self.facts.until.map(|day| [before, &dates::day(day), after].concat()).unwrap_or_default()
    }

    /// Adds the link to the page of the request.
    pub(crate) fn see(&self, text: &mut Paragraphs, what: &str) {
        if let Some(request) = self.request {
            let query = Place::Request(request.clone(), None).query();
            text.say(&[what, "\n", &self.service.page, "?", &query].concat());
        }
    }

    /// Adds the words of the person who acts, if there are some.
    pub(crate) fn words(&self, text: &mut Paragraphs) {
        if !self.facts.text.is_empty() {
            text.say(&["Message de ", &line(&self.facts.by), "\u{a0}:"].concat());
            text.quote(&self.facts.text.lines());
        }
    }
}

pub(crate) fn with_organisation(name: &str, organisation: &str) -> String {
    let (name, organisation) = (line(name), line(organisation));
    if organisation.is_empty() { name } else { [&name, " (", &organisation, ")"].concat() }
}

/// Returns whether a mail is about the account of a person, and no request.
fn is_of_account(mail: Mail) -> bool {
    matches!(mail, Mail::SubjectLinked | Mail::FormerAccount | Mail::AddressChanged)
}

/// Reason for which people of a request get a mail, to follow « parce que ».
pub(crate) fn of_participant() -> String {
    "vous participez à cette demande".to_owned()
}
