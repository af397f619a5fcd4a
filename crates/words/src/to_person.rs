//! Mails that are written for one address: to people who take part in a request, or are asked to.

use habilitation_model::lifecycle::mail::PersonalFacts;
use habilitation_model::lifecycle::{Mail, Part};
use habilitation_model::place::Place;
use habilitation_model::wire::Service;
use habilitation_model::{Id, Text};

use crate::facts::{address, quoted};
use crate::paragraphs::{Paragraphs, line};
use crate::{Letter, dates, recovery, sign};

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

/// Writes a mail to one person.
#[must_use]
pub fn personal(mail: Mail, personal: &Personal<'_>) -> Letter {
    let mut text = Paragraphs::new();
    text.say("Bonjour,");
    let (subject, reason) = match mail {
        Mail::Invitation => invitation(&mut text, personal),
        Mail::InvitationToConfirm => to_confirm(&mut text, personal),
        Mail::HandOverOffered => offered(&mut text, personal),
        Mail::HandedOver => handed_over(&mut text, personal),
        Mail::SubjectLinked => subject_linked(&mut text, personal),
        Mail::FormerAccount => former_account(&mut text, personal),
        Mail::AddressChanged => address_changed(&mut text, personal),
        Mail::Card => recovery::card(&mut text, personal),
        Mail::CardAnswered => recovery::card_answered(&mut text, personal),
        Mail::RecoveryAsked => recovery::asked(&mut text, personal),
        Mail::RecoveryTold => recovery::told(&mut text, personal),
        Mail::RecoveryRefused => recovery::refused(&mut text, personal),
        Mail::RecoveryGranted => recovery::granted(&mut text, personal),
        Mail::Recovered => recovery::recovered(&mut text, personal),
        Mail::RecoveredTold => recovery::recovered_told(&mut text, personal),
        Mail::RecoveryContested => recovery::contested(&mut text, personal),
        Mail::RecoveryUndone => recovery::undone(&mut text, personal),
        Mail::Reassigned => recovery::reassigned(&mut text, personal),
        _ => new_owner(&mut text, personal),
    };
    let to = address(&Text::from(personal.facts.to.as_str()));
    sign(&mut text, &reason, &to, personal.service);
    let subject = match personal.shown_number(mail) {
        Some(number) => ["[", number, "] ", subject].concat(),
        None => subject.to_owned(),
    };
    Letter { to, subject: line(&subject), body: text.wrapped() }
}

impl Personal<'_> {
    /// Returns the number of the request, where the recipient has to do with the request already.
    fn shown_number(&self, mail: Mail) -> Option<&str> {
        let knows_it_not = matches!(mail, Mail::Invitation | Mail::Card) || is_of_account(mail);
        self.number.filter(|_| !knows_it_not)
    }

    /// Returns the address of the page that a link about an account opens.
    fn account_link(&self) -> String {
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
    fn words(&self, text: &mut Paragraphs) {
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

/// Reason for which people get a mail about their account, to follow « parce que ».
fn of_account() -> String {
    "c’est celle d’un compte de ce service".to_owned()
}

/// Reason for which people of a request get a mail, to follow « parce que ».
pub(crate) fn of_participant() -> String {
    "vous participez à cette demande".to_owned()
}

fn invitation(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    text.say(&[&personal.by(), " vous invite à participer à ", &personal.request(), "."].concat());
    text.say(match personal.facts.role {
        Some(Part::Editor) => {
            "Vous pourrez lire la demande, modifier ses réponses et écrire à l’équipe FranceConnect. Seule la personne titulaire de la \
             demande peut l’envoyer."
        }
        _ => "Vous pourrez lire la demande, ses documents et ses messages, sans rien modifier.",
    });
    let link = [&personal.service.page, "?invitation=", personal.token.unwrap_or_default()].concat();
    text.say(&["Pour participer, suivez ce lien, puis identifiez-vous\u{a0}:\n", &link].concat());
    text.say(
        &[
            "Ce lien est pour vous seulement, et sert une fois.",
            &personal.until(" Il est valable jusqu’au ", "."),
            " Si vous ne savez pas de quoi il s’agit, ne le suivez pas\u{a0}: rien ne se passera.",
        ]
        .concat(),
    );
    let reason = [&line(&personal.facts.by), " l’a donnée pour vous inviter"].concat();
    ("Invitation à participer à une demande", reason)
}

fn to_confirm(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            &with_organisation(&facts.person, &facts.person_organisation),
            " a suivi l’invitation à participer à ",
            &personal.request(),
            " que vous avez envoyée à ",
            &line(&facts.invited),
            ".",
        ]
        .concat(),
    );
    text.say(
        &[
            "Cette personne s’est identifiée avec une autre adresse, ",
            &line(&facts.person_email),
            ". Elle n’a pas accès à la demande tant que vous n’avez pas confirmé que c’est bien elle que vous invitez.",
            &personal.until(" Sans réponse de votre part, l’invitation prend fin le ", "."),
        ]
        .concat(),
    );
    personal.see(text, "Pour confirmer ou refuser\u{a0}:");
    ("Une invitation à confirmer", of_participant())
}

fn offered(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    text.say(&[&personal.by(), " vous propose de devenir titulaire de ", &personal.request(), "."].concat());
    personal.words(text);
    text.say(
        &[
            "Si vous acceptez, c’est vous qui enverrez la demande, répondrez à l’équipe FranceConnect et choisirez qui y participe.",
            &personal.until(" Vous pouvez accepter jusqu’au ", "."),
        ]
        .concat(),
    );
    personal.see(text, "Pour voir la demande et accepter\u{a0}:");
    ("Une demande vous est confiée", of_participant())
}

fn handed_over(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            &with_organisation(&facts.person, &facts.person_organisation),
            " a accepté de reprendre ",
            &personal.request(),
            " que vous lui avez confiée, et en est titulaire",
            &facts.on.map(|day| [" depuis le ", &dates::day(day)].concat()).unwrap_or_default(),
            ".",
        ]
        .concat(),
    );
    text.say("Tant que vous y participez, vous pouvez lire la demande, sans la modifier.");
    personal.see(text, "Pour lire la demande\u{a0}:");
    ("Votre demande a une nouvelle personne titulaire", of_participant())
}

fn new_owner(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            "Vous êtes titulaire de ",
            &personal.request(),
            &facts.on.map(|day| [" depuis le ", &dates::day(day)].concat()).unwrap_or_default(),
            ", à la suite de ",
            &personal.by(),
            ".",
        ]
        .concat(),
    );
    text.say("C’est à vous d’envoyer la demande, de répondre à l’équipe FranceConnect et de choisir qui y participe.");
    personal.see(text, "Pour ouvrir la demande\u{a0}:");
    ("Vous êtes titulaire d’une demande", of_participant())
}

fn subject_linked(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let on = personal.facts.on.map(|day| ["Le ", &dates::day(day), ", "].concat()).unwrap_or_default();
    text.say(
        &[
            &on,
            "ProConnect a ouvert votre compte avec une nouvelle façon de vous identifier\u{a0}: même adresse, même nom, même \
             organisation, mais un autre identifiant. C’est ce qui arrive quand votre organisation change de fournisseur d’identité.",
        ]
        .concat(),
    );
    text.say("Si c’est bien vous, il n’y a rien à faire.");
    let link = ["Ce n’est pas moi\u{a0}:\n", &personal.account_link()].concat();
    text.say(
        "Sinon, suivez ce lien\u{a0}: cette façon de s’identifier n’ouvrira plus votre compte, et ses sessions seront fermées. Il sert \
         une fois, pendant 30\u{a0}jours.",
    );
    text.say(&link);
    ("Nouvelle façon de vous identifier", of_account())
}

fn former_account(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            &line(&facts.by),
            ", qui s’est identifié avec l’adresse ",
            &line(&facts.by_email),
            ", demande à retrouver les demandes du compte de cette adresse-ci.",
        ]
        .concat(),
    );
    text.say(
        "Si c’est vous, suivez ce lien dans le navigateur où vous êtes connecté. Il sert une fois, pendant 24\u{a0}heures. Votre nouvelle \
         façon de vous identifier ouvrira alors votre ancien compte, avec ses demandes.",
    );
    text.say(&["Retrouver mes demandes\u{a0}:\n", &personal.account_link()].concat());
    text.say(
        "Si ce n’est pas vous, ne suivez pas ce lien et ne le transmettez à personne\u{a0}: rien ne change sans lui.",
    );
    ("Retrouver vos demandes", of_account())
}

fn address_changed(text: &mut Paragraphs, personal: &Personal<'_>) -> (&'static str, String) {
    let facts = personal.facts;
    text.say(
        &[
            "D’après ProConnect, votre adresse n’est plus ",
            &line(&facts.invited),
            " mais ",
            &line(&facts.person_email),
            ". Les courriels sur vos demandes iront désormais à cette nouvelle adresse\u{a0}; celles que vous avez écrites dans vos \
             demandes ne changent pas.",
        ]
        .concat(),
    );
    text.say("Si ce changement n’est pas de votre fait, répondez à ce message.");
    ("Votre adresse a changé", of_account())
}
