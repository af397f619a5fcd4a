//! Mails on what days bring to a draft or a request: a reminder, and the loss that lies ahead.

use habilitation_model::lifecycle::Mail;
use habilitation_model::lifecycle::keeping::Loss;
use habilitation_model::place::Place;
use habilitation_model::wire::Service;
use habilitation_model::{Date, Draft, Field, Id, Text};

use crate::facts::{address, quoted};
use crate::paragraphs::{Paragraphs, line};
use crate::{Letter, dates, fields, sign};

/// Most fields that a reminder names.
const NAMED_MAX: usize = 8;

/// All that a mail on coming days tells.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// The service that answers.
    pub service: &'a Service,
    /// Identifier of the draft or the request.
    pub request: &'a Id,
    /// Number of the request, once it was sent.
    pub number: Option<&'a str>,
    /// Number of the habilitation that stays valid, if there is one.
    pub habilitation: Option<&'a str>,
    /// The draft, or what was sent last.
    pub draft: &'a Draft,
    /// Documents of the draft whose bytes have arrived.
    pub arrived: &'a [Id],
    /// Address of the account, or of the applicant.
    pub to: &'a str,
    /// Day since which nobody touched it.
    pub since: Date,
    /// The loss that lies ahead.
    pub loss: Loss,
    /// Day of the loss.
    pub on: Date,
}

/// Writes the reminder of a draft, or tells of the loss.
#[must_use]
pub fn outlook(mail: Mail, outlook: &Outlook<'_>) -> Letter {
    let mut text = Paragraphs::new();
    text.say("Bonjour,");
    let subject = if mail == Mail::DraftReminder {
        remind(&mut text, outlook);
        "Votre brouillon vous attend".to_owned()
    } else {
        match outlook.loss {
            Loss::Deletion => delete(&mut text, outlook),
            Loss::Withdrawal => withdraw(&mut text, outlook),
            Loss::Erasure => erase(&mut text, outlook),
        }
    };
    let page = [&outlook.service.page, "?", &Place::Request(outlook.request.clone(), None).query()].concat();
    let what =
        if outlook.number.is_some() { "Pour ouvrir la demande\u{a0}:\n" } else { "Pour ouvrir le brouillon\u{a0}:\n" };
    text.say(&[what, &page].concat());
    let to = address(&Text::from(outlook.to));
    let reason = match outlook.number {
        Some(number) => ["vous êtes la personne qui fait la demande (", number, ")"].concat(),
        None => "c’est celle du compte avec lequel vous avez commencé ce brouillon".to_owned(),
    };
    sign(&mut text, &reason, &to, outlook.service);
    let subject = match outlook.number {
        Some(number) => ["[", number, "] ", &subject].concat(),
        None => subject,
    };
    Letter { to, subject: line(&subject), body: text.wrapped() }
}

impl Outlook<'_> {
    /// Returns the name of the project after a word, where it has a name.
    fn named(&self, word: &str) -> String {
        let name = &self.draft.project.name;
        if name.is_empty() { word.to_owned() } else { [word, " ", &quoted(name)].concat() }
    }
}

fn remind(text: &mut Paragraphs, outlook: &Outlook<'_>) {
    let draft = outlook.named("Votre brouillon de demande d’habilitation FranceConnect");
    text.say(&[&draft, " n’a pas changé depuis le ", &dates::day(outlook.since), "."].concat());
    let left = left(outlook);
    if left.is_empty() {
        text.say("Toutes les réponses y sont\u{a0}: il reste à l’envoyer.");
    } else {
        text.say("Il reste à compléter\u{a0}:");
        let others = left.len().saturating_sub(NAMED_MAX);
        let more = match others {
            0 => None,
            1 => Some("une autre réponse".to_owned()),
            others => Some([&others.to_string(), " autres réponses"].concat()),
        };
        text.list(left.iter().take(NAMED_MAX).map(|field| fields::name(*field)).chain(more));
    }
    text.say("Tant que le brouillon n’est pas envoyé, l’équipe FranceConnect ne le voit pas.");
    let day = dates::day(outlook.on);
    text.say(&["Sans changement, il sera supprimé le ", &day, "."].concat());
}

/// Returns the fields that have errors, each once.
fn left(outlook: &Outlook<'_>) -> Vec<Field> {
    let mut left = Vec::new();
    for finding in outlook.draft.errors(outlook.arrived) {
        if !left.contains(&finding.field) {
            left.push(finding.field);
        }
    }
    left
}

fn delete(text: &mut Paragraphs, outlook: &Outlook<'_>) -> String {
    let draft = outlook.named("Votre brouillon de demande d’habilitation FranceConnect");
    let (since, day) = (dates::day(outlook.since), dates::day(outlook.on));
    text.say(
        &[&draft, " n’a pas changé depuis le ", &since, ". Il sera supprimé le ", &day, ", avec ses documents."]
            .concat(),
    );
    text.say("Pour le garder, ouvrez-le et modifiez une réponse avant cette date.");
    ["Votre brouillon sera supprimé le ", &day].concat()
}

fn withdraw(text: &mut Paragraphs, outlook: &Outlook<'_>) -> String {
    let (since, day) = (dates::day(outlook.since), dates::day(outlook.on));
    let project = outlook.named("la demande");
    let (what, end) = match outlook.habilitation {
        Some(_) => (["La modification de ", &project].concat(), "abandonnée"),
        None => (outlook.named("La demande"), "retirée"),
    };
    text.say(
        &[&what, " n’a pas changé depuis le ", &since, " et n’est pas envoyée. Elle sera ", end, " le ", &day, "."]
            .concat(),
    );
    if let Some(number) = outlook.habilitation {
        text.say(&["Votre habilitation ", number, " restera valable, sans changement."].concat());
    }
    let noun = if outlook.habilitation.is_some() { "modification" } else { "demande" };
    text.say(
        &[
            "Pour continuer, modifiez une réponse ou envoyez la ",
            noun,
            " avant cette date. Même ",
            end,
            ", elle garde vos réponses\u{a0}: vous pourrez la reprendre.",
        ]
        .concat(),
    );
    ["Votre ", noun, " sera ", end, " le ", &day].concat()
}

fn erase(text: &mut Paragraphs, outlook: &Outlook<'_>) -> String {
    let day = dates::day(outlook.on);
    let project = outlook.named("La demande");
    text.say(
        &[
            &project,
            " est terminée depuis le ",
            &dates::day(outlook.since),
            ". Le ",
            &day,
            ", ses réponses, ses documents et ses messages seront effacés.",
        ]
        .concat(),
    );
    text.say(
        "Resteront son numéro, les dates de son examen, le nom et le SIRET de l’organisation, le niveau et les données demandées.",
    );
    text.say("Pour en garder une copie, imprimez-la ou dupliquez-la avant cette date.");
    ["Votre demande sera effacée le ", &day].concat()
}
