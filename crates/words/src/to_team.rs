//! Mails to the team that examines requests.

use crate::dates;
use crate::facts::Facts;
use crate::fields::{self, name_at};
use crate::paragraphs::Paragraphs;
use crate::service::untouched_of;
use crate::to_applicant::{thread, words};

pub(crate) fn new_request(text: &mut Paragraphs, facts: &Facts<'_>) {
    text.say(if facts.is_modification() {
        "Une modification est à examiner."
    } else {
        "Une demande est à examiner."
    });
    let nature = match (facts.is_modification(), facts.is_contacts_only()) {
        (true, true) => "modification, contacts seulement",
        (true, false) => "modification",
        (false, _) => "première habilitation",
    };
    let level = facts.sent.assurance.level.value().map(fields::level).unwrap_or_default();
    let due = facts.history.due_on(facts.event.on).map(dates::day).unwrap_or_default();
    text.facts(&[
        ("Organisation", facts.organisation()),
        ("SIRET", facts.sent.organisation.siret.line()),
        ("Projet", facts.sent.project.name.line()),
        ("Niveau", level.to_owned()),
        ("Nature", nature.to_owned()),
        ("Réponse attendue au plus tard le", due),
    ]);
    words_of_applicant(text, facts);
    examine(text, facts);
}

pub(crate) fn completed(text: &mut Paragraphs, facts: &Facts<'_>) {
    if facts.is_withdrawal() {
        withdrawn(text, facts);
        words_of_applicant(text, facts);
        entrusted(text, facts);
        see(text, facts, "Pour la consulter\u{a0}:");
    } else {
        text.say(&["La ", &request(facts), " est complétée."].concat());
        let changed: Vec<String> = facts.changes().iter().map(|change| fields::name(change.field)).collect();
        if !changed.is_empty() {
            text.say("Réponses modifiées\u{a0}:");
            text.list(changed);
        }
        for reply in &facts.event.replies {
            text.say(&["En réponse à la remarque sur «\u{a0}", &name_at(&reply.pointer), "\u{a0}»\u{a0}:"].concat());
            text.quote(&reply.text.lines());
        }
        if let Some(due_on) = facts.history.due_on(facts.event.on) {
            text.say(&["Réponse attendue au plus tard le ", &dates::day(due_on), "."].concat());
        }
        words_of_applicant(text, facts);
        entrusted(text, facts);
        examine(text, facts);
    }
}

/// Adds that a request, or its modification, is examined no more.
fn withdrawn(text: &mut Paragraphs, facts: &Facts<'_>) {
    let said = match (facts.is_by_clock(), facts.is_modification()) {
        (true, is_modification) => {
            let end = if is_modification { " est abandonnée" } else { " est retirée" };
            ["La ", &request(facts), end, "\u{a0}: rien n’a changé depuis ", &untouched_of(facts.service), "."].concat()
        }
        (false, true) => ["Le demandeur a abandonné la ", &request(facts), "."].concat(),
        (false, false) => ["Le demandeur a retiré la ", &request(facts), "."].concat(),
    };
    text.say(&said);
    if let Some(number) = facts.active_before() {
        text.say(&["L’habilitation ", &number, " reste en vigueur."].concat());
    }
}

pub(crate) fn message(text: &mut Paragraphs, facts: &Facts<'_>) {
    text.say(&["Le demandeur a écrit au sujet de la demande ", &project(facts), "."].concat());
    thread(text, facts);
    entrusted(text, facts);
    examine(text, facts);
}

pub(crate) fn assigned(text: &mut Paragraphs, facts: &Facts<'_>) {
    let to = facts.event.examiner.as_ref().map(|examiner| examiner.name.as_str()).unwrap_or_default();
    text.say(&[&facts.event.by.name, " confie la demande ", &project(facts), " à ", to, "."].concat());
    examine(text, facts);
}

pub(crate) fn deadline(text: &mut Paragraphs, facts: &Facts<'_>) {
    let due = facts.history.due_on(facts.event.on).map(dates::day).unwrap_or_default();
    let when = if facts.event.days.unwrap_or_default() == 0 {
        [
            "Le délai de réponse était fixé au ",
            &due,
            ". La ",
            facts.noun(),
            " est considérée comme rejetée\u{a0}; vous pouvez encore l’accepter.",
        ]
    } else {
        [
            "Réponse attendue au plus tard le ",
            &due,
            ". Après ce jour, la ",
            facts.noun(),
            " sera considérée comme rejetée.",
        ]
    };
    text.say(&["La ", &request(facts), " attend une réponse."].concat());
    text.say(&when.concat());
    entrusted(text, facts);
    examine(text, facts);
}

/// Adds the examiner to whom the request is entrusted, if there is one.
fn entrusted(text: &mut Paragraphs, facts: &Facts<'_>) {
    if let Some(examiner) = &facts.history.examiner {
        text.say(&["La demande est confiée à ", &examiner.name, "."].concat());
    }
}

/// Adds the words of an act of the applicant, if it has some, and who speaks.
fn words_of_applicant(text: &mut Paragraphs, facts: &Facts<'_>) {
    if !facts.event.text.is_empty() {
        text.say("Message du demandeur\u{a0}:");
        words(text, facts.event);
    }
}

/// Returns the word for what was sent, its project and its organisation, to follow « la ».
fn request(facts: &Facts<'_>) -> String {
    [&facts.noun_with_project(), " (", &facts.organisation(), ")"].concat()
}

/// Returns the project with its organisation, for what is told in any state.
fn project(facts: &Facts<'_>) -> String {
    [&facts.project(), " (", &facts.organisation(), ")"].concat()
}

fn examine(text: &mut Paragraphs, facts: &Facts<'_>) {
    see(text, facts, "Pour l’examiner\u{a0}:");
}

/// Adds the link to the page of the examination.
fn see(text: &mut Paragraphs, facts: &Facts<'_>, what: &str) {
    text.say(&[what, "\n", &facts.examination_link()].concat());
}
