//! Mails to the team that examines requests.

use habilitation_model::lifecycle::Side;

use crate::dates;
use crate::facts::Facts;
use crate::fields::{self, name_at};
use crate::paragraphs::Paragraphs;
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
        ("Réponse attendue avant le", due),
    ]);
    words(text, facts.event);
    examine(text, facts);
}

pub(crate) fn completed(text: &mut Paragraphs, facts: &Facts<'_>) {
    let (project, organisation) = (facts.project(), facts.organisation());
    if facts.is_withdrawal() {
        let who = if facts.event.by.side == Side::Applicant { "par le demandeur" } else { "faute de suite" };
        text.say(&["La demande ", &project, ", de ", &organisation, ", est retirée ", who, "."].concat());
    } else {
        text.say(&["La demande ", &project, ", de ", &organisation, ", est complétée."].concat());
        let changed: Vec<String> = facts.changes().iter().map(|change| fields::name(change.field)).collect();
        if !changed.is_empty() {
            text.say("Réponses changées\u{a0}:");
            text.list(changed);
        }
        for reply in &facts.event.replies {
            text.say(&["En réponse à la remarque sur «\u{a0}", &name_at(&reply.pointer), "\u{a0}»\u{a0}:"].concat());
            text.quote(&reply.text.lines());
        }
        if let Some(due_on) = facts.history.due_on(facts.event.on) {
            text.say(&["Réponse attendue avant le ", &dates::day(due_on), "."].concat());
        }
    }
    words(text, facts.event);
    entrusted(text, facts);
    examine(text, facts);
}

pub(crate) fn message(text: &mut Paragraphs, facts: &Facts<'_>) {
    text.say(
        &["Le demandeur a écrit au sujet de la demande ", &facts.project(), ", de ", &facts.organisation(), "."]
            .concat(),
    );
    thread(text, facts);
    entrusted(text, facts);
    examine(text, facts);
}

pub(crate) fn assigned(text: &mut Paragraphs, facts: &Facts<'_>) {
    let to = facts.event.examiner.as_ref().map(|examiner| examiner.name.as_str()).unwrap_or_default();
    text.say(
        &[
            &facts.event.by.name,
            " confie la demande ",
            &facts.project(),
            ", de ",
            &facts.organisation(),
            ", à ",
            to,
            ".",
        ]
        .concat(),
    );
    examine(text, facts);
}

pub(crate) fn deadline(text: &mut Paragraphs, facts: &Facts<'_>) {
    let due = facts.history.due_on(facts.event.on).map(dates::day).unwrap_or_default();
    let when = if facts.event.days.unwrap_or_default() == 0 {
        [
            "Le délai de réponse était fixé au ",
            &due,
            ". La demande est considérée comme rejetée\u{a0}; vous pouvez encore l’accepter.",
        ]
    } else {
        ["La réponse est attendue avant le ", &due, ". Après ce jour, le silence vaut rejet."]
    };
    text.say(&["Demande ", &facts.project(), ", de ", &facts.organisation(), "."].concat());
    text.say(&when.concat());
    entrusted(text, facts);
    examine(text, facts);
}

/// Adds the examiner to whom the request is entrusted, if there is one.
fn entrusted(text: &mut Paragraphs, facts: &Facts<'_>) {
    if let Some(examiner) = &facts.history.examiner {
        text.say(&["Elle est confiée à ", &examiner.name, "."].concat());
    }
}

fn examine(text: &mut Paragraphs, facts: &Facts<'_>) {
    text.say(&["Pour l’examiner\u{a0}:\n", &facts.examination_link()].concat());
}
