//! Mails to the applicant.

use habilitation_model::lifecycle::{Event, Ground, Mail, Side, State};

use crate::dates;
use crate::facts::{Facts, controller_name, full_name, quoted};
use crate::fields::{self, name_at};
use crate::paragraphs::Paragraphs;
use crate::service::{appeals, silence_of, untouched_of};

/// End of the sentence on a habilitation whose modification waits.
const UNTIL_ANSWER: &str = " reste valable jusqu’à la réponse.";

pub(crate) fn ack(text: &mut Paragraphs, facts: &Facts<'_>) {
    let day = dates::day(facts.event.on);
    let number = if facts.is_modification() { "Le numéro de la demande reste " } else { "Elle porte le numéro " };
    text.say(
        &[
            "Votre ",
            &facts.noun_with_project(),
            " (",
            &facts.organisation(),
            ") est bien arrivée le ",
            &day,
            ". ",
            number,
            facts.number,
            ".",
        ]
        .concat(),
    );
    stays_valid(text, facts, UNTIL_ANSWER);
    service(text, facts);
    silence(text, facts);
    see(text, facts, "Pour suivre votre demande ou écrire à l’équipe\u{a0}:");
}

pub(crate) fn ack_again(text: &mut Paragraphs, facts: &Facts<'_>) {
    let day = dates::day(facts.event.on);
    text.say(
        &["Vos compléments à la ", &facts.noun_with_project(), " sont bien arrivés le ", &day, ". L’examen continue."]
            .concat(),
    );
    stays_valid(text, facts, UNTIL_ANSWER);
    service(text, facts);
    silence(text, facts);
    see(text, facts, "Pour suivre votre demande ou écrire à l’équipe\u{a0}:");
}

pub(crate) fn changes(text: &mut Paragraphs, facts: &Facts<'_>) {
    text.say(
        &["Pour examiner votre ", &facts.noun_with_project(), ", l’équipe FranceConnect a besoin de compléments."]
            .concat(),
    );
    words_of_team(text, facts.event);
    for remark in &facts.event.remarks {
        text.say(&[&name_at(&remark.pointer), "\u{a0}:"].concat());
        text.quote(&remark.text.lines());
    }
    if let Some(answer_by) = facts.event.answer_by {
        let day = dates::day(answer_by);
        let suspension = if facts.history.is_suspended(facts.event.on) {
            " Jusque-là, le délai de réponse de l’équipe est suspendu\u{a0}; il reprendra dès votre envoi (article L.\u{a0}114-5 du code \
             des relations entre le public et l’administration)."
        } else {
            ""
        };
        text.say(
            &[
                "Répondez au plus tard le ",
                &day,
                ".",
                suspension,
                " Passé ce jour, l’équipe examinera la ",
                facts.noun(),
                " telle que vous l’avez envoyée.",
            ]
            .concat(),
        );
    }
    text.say(if facts.event.remarks.is_empty() {
        "Modifiez vos réponses, ou répondez à l’équipe par un message au moment de l’envoi."
    } else {
        "Modifiez vos réponses, ou répondez à une remarque sans modifier."
    });
    stays_valid(text, facts, UNTIL_ANSWER);
    examiner(text, facts);
    see(text, facts, "Pour compléter la demande\u{a0}:");
}

pub(crate) fn reminder(text: &mut Paragraphs, facts: &Facts<'_>) {
    let until = facts.event.answer_by.map(|day| [" au plus tard le ", &dates::day(day)].concat()).unwrap_or_default();
    text.say(
        &[
            "L’équipe FranceConnect attend des compléments à votre ",
            &facts.noun_with_project(),
            ". Envoyez-les",
            &until,
            ".",
        ]
        .concat(),
    );
    words_of_team(text, facts.event);
    if !facts.event.remarks.is_empty() {
        text.say("Les remarques de l’équipe portent sur\u{a0}:");
        text.list(facts.event.remarks.iter().map(|remark| name_at(&remark.pointer)));
    }
    text.say(&["Passé ce jour, l’équipe examinera la ", facts.noun(), " telle que vous l’avez envoyée."].concat());
    see(text, facts, "Pour compléter la demande\u{a0}:");
}

pub(crate) fn resumed(text: &mut Paragraphs, facts: &Facts<'_>) {
    let sent_on = facts.history.submissions.last().map(|submission| dates::day(submission.on)).unwrap_or_default();
    let was_refused = facts.before.state == State::Refused;
    let reason = if was_refused {
        "L’équipe FranceConnect revient sur son refus et reprend l’examen de votre "
    } else if facts.is_by_clock() {
        "Le jour prévu pour vos compléments est passé. L’équipe FranceConnect reprend l’examen de votre "
    } else {
        "L’équipe FranceConnect reprend l’examen de votre "
    };
    text.say(&[reason, &facts.noun_with_project(), ", telle que vous l’avez envoyée le ", &sent_on, "."].concat());
    words_of_team(text, facts.event);
    if !was_refused {
        text.say("Les réponses que vous auriez modifiées depuis, sans les envoyer, sont gardées.");
    }
    stays_valid(text, facts, UNTIL_ANSWER);
    silence(text, facts);
    examiner(text, facts);
    see(text, facts, "Pour suivre votre demande ou écrire à l’équipe\u{a0}:");
}

pub(crate) fn accepted(text: &mut Paragraphs, facts: &Facts<'_>) {
    let habilitation = facts.event.habilitation.as_deref().unwrap_or_default();
    let day = dates::day(facts.event.on);
    text.say(
        &[
            "Votre ",
            &facts.noun_with_project(),
            " est acceptée. L’habilitation ",
            habilitation,
            " est en vigueur depuis le ",
            &day,
            ".",
        ]
        .concat(),
    );
    if let Some(former) = facts.active_before() {
        text.say(&["Elle remplace l’habilitation ", &former, "."].concat());
    }
    words_of_team(text, facts.event);
    let people = &facts.sent.people;
    text.say("Ces personnes en sont informées en même temps que vous\u{a0}:");
    text.facts(&[
        (fields::CONTROLLER, controller_name(facts.sent)),
        (fields::DPO, full_name(&people.dpo)),
        (fields::TECHNICAL, full_name(&people.technical)),
    ]);
    text.say(
        "Votre contact technique reçoit la marche à suivre pour accéder à FranceConnect. Prévenez cette personne\u{a0}: le courriel peut \
         arriver dans ses courriels indésirables.",
    );
    text.say("Si un élément change, modifiez la demande avant de changer votre service.");
    decided_by(text, facts);
    see(text, facts, "Pour consulter l’habilitation\u{a0}:");
}

pub(crate) fn refused(text: &mut Paragraphs, facts: &Facts<'_>) {
    text.say(&["L’équipe FranceConnect refuse votre ", &facts.noun_with_project(), ". Ses raisons\u{a0}:"].concat());
    words(text, facts.event);
    stays_valid(text, facts, " reste valable.");
    text.say(&appeals(facts.service));
    service(text, facts);
    decided_by(text, facts);
    see(text, facts, "Vous pouvez aussi reprendre la demande pour la modifier et l’envoyer de nouveau\u{a0}:");
}

pub(crate) fn withdrawn(text: &mut Paragraphs, facts: &Facts<'_>) {
    let is_modification = facts.is_modification();
    let day = dates::day(facts.event.on);
    let untouched = untouched_of(facts.service);
    let project = facts.project();
    let said = match (is_modification, facts.is_by_clock()) {
        (true, false) => ["Vous avez abandonné la modification de la demande ", &project, " le ", &day, "."].concat(),
        (false, false) => ["Vous avez retiré la demande ", &project, " le ", &day, "."].concat(),
        (is_modification, true) => {
            let (what, end) = if is_modification {
                ("la modification de la demande ", " est abandonnée depuis le ")
            } else {
                ("la demande ", " est retirée depuis le ")
            };
            ["Sans changement depuis ", &untouched, ", ", what, &project, end, &day, "."].concat()
        }
    };
    text.say(&said);
    if facts.before.state != State::Draft {
        text.say("L’équipe FranceConnect ne l’examine plus.");
    }
    stays_valid(text, facts, " reste valable, sans changement.");
    let again =
        if is_modification { "Pour modifier de nouveau la demande\u{a0}:" } else { "Pour reprendre la demande\u{a0}:" };
    see(text, facts, again);
}

pub(crate) fn revoked(text: &mut Paragraphs, facts: &Facts<'_>) {
    let habilitation = facts.event.habilitation.as_deref().unwrap_or_default();
    let day = dates::day(facts.event.on);
    text.say(
        &[
            "L’équipe FranceConnect met fin à l’habilitation ",
            habilitation,
            ", pour ",
            &quoted(&facts.draft_of(Mail::Revoked).project.name),
            ", à compter du ",
            &day,
            ".",
        ]
        .concat(),
    );
    if let Some(ground) = facts.event.ground {
        text.say(&["Motif\u{a0}: ", ground_words(ground), "."].concat());
    }
    text.say("Ses raisons\u{a0}:");
    words(text, facts.event);
    text.say("À partir de cette date, votre service ne peut plus utiliser FranceConnect.");
    text.say(&appeals(facts.service));
    service(text, facts);
    decided_by(text, facts);
    see(text, facts, "Vous pouvez reprendre la demande pour la modifier et l’envoyer de nouveau\u{a0}:");
}

fn ground_words(ground: Ground) -> &'static str {
    match ground {
        Ground::Illegal => {
            "l’acceptation n’était pas conforme au droit (article L.\u{a0}242-1 du code des relations entre le public et \
             l’administration)"
        }
        Ground::ConditionLapsed => {
            "une condition de l’habilitation n’est plus remplie (article L.\u{a0}242-2 du code des relations entre le public et \
             l’administration)"
        }
        Ground::Fraud => {
            "l’acceptation a été obtenue par fraude (article L.\u{a0}241-2 du code des relations entre le public et l’administration)"
        }
        Ground::AtRequest => "l’organisation l’a demandé",
    }
}

pub(crate) fn message(text: &mut Paragraphs, facts: &Facts<'_>) {
    let what = if facts.messages.len() > 1 { " vous a écrit plusieurs messages" } else { " vous a écrit" };
    text.say(&["L’équipe FranceConnect", what, " au sujet de la demande ", &facts.project(), "."].concat());
    thread(text, facts);
    see(
        text,
        facts,
        "Pour répondre, écrivez sur la page de la demande (une réponse à ce courriel n’y apparaît pas)\u{a0}:",
    );
}

/// Adds the messages of one mail, each under its author.
pub(crate) fn thread(text: &mut Paragraphs, facts: &Facts<'_>) {
    for message in facts.messages {
        text.say(&[&message.by.name, ", le ", &dates::day(message.on), "\u{a0}:"].concat());
        text.quote(&message.text.lines());
        match message.documents.len() {
            0 => {}
            1 => text.say("Document joint, à lire sur la page de la demande\u{a0}:"),
            _ => text.say("Documents joints, à lire sur la page de la demande\u{a0}:"),
        }
        text.list(message.documents.iter().map(|document| document.name.clone()));
    }
}

/// Adds the words of an act, if it has some.
pub(crate) fn words(text: &mut Paragraphs, event: &Event) {
    text.quote(&event.text.lines());
}

/// Adds the words of an act of the team, if it has some, and who speaks.
fn words_of_team(text: &mut Paragraphs, event: &Event) {
    if !event.text.is_empty() {
        text.say("Message de l’équipe\u{a0}:");
        words(text, event);
    }
}

/// Adds the author of a decision, with their office and their service (CRPA L. 212-1 and L. 212-2).
fn decided_by(text: &mut Paragraphs, facts: &Facts<'_>) {
    let by = &facts.event.by;
    if !by.name.is_empty() {
        let author = with_office(&by.name, &by.job_title);
        text.say(&["Décision prise par ", &author, ", ", &facts.service.name, "."].concat());
    }
}

/// Adds the person in charge of the request (CRPA L. 111-2): its examiner, or else the member of the team who acted.
fn examiner(text: &mut Paragraphs, facts: &Facts<'_>) {
    let by = &facts.event.by;
    if let Some(examiner) = &facts.history.examiner {
        let name = with_office(&examiner.name, &examiner.job_title);
        text.say(&["Votre demande est confiée à ", &name, "."].concat());
    } else if by.side == Side::Examiner && !by.name.is_empty() {
        text.say(&["Votre demande est examinée par ", &with_office(&by.name, &by.job_title), "."].concat());
    }
}

fn with_office(name: &str, office: &str) -> String {
    if office.is_empty() { name.to_owned() } else { [name, " (", office, ")"].concat() }
}

/// Adds the service that examines, as an acknowledgement has to name it (CRPA R. 112-5).
fn service(text: &mut Paragraphs, facts: &Facts<'_>) {
    let service = facts.service;
    let mut lines = vec!["Le service chargé de votre demande\u{a0}:".to_owned(), service.name.clone()];
    lines.extend(service.postal_address.lines().map(str::to_owned));
    if !service.phone.is_empty() {
        lines.push(["Téléphone\u{a0}: ", &service.phone].concat());
    }
    lines.push(["Courriel\u{a0}: ", &service.email].concat());
    text.say(&lines.join("\n"));
}

/// Adds by when an answer comes, and what silence means.
fn silence(text: &mut Paragraphs, facts: &Facts<'_>) {
    if let Some(due_on) = facts.history.due_on(facts.event.on) {
        for paragraph in silence_of(facts.service, due_on, facts.noun()).split("\n\n") {
            text.say(paragraph);
        }
    }
}

/// Adds that the habilitation before stays in force, if there is one.
fn stays_valid(text: &mut Paragraphs, facts: &Facts<'_>, how: &str) {
    if let Some(number) = facts.active_before() {
        text.say(&["Votre habilitation ", &number, how].concat());
    }
}

/// Adds the link to the page of the request.
fn see(text: &mut Paragraphs, facts: &Facts<'_>, what: &str) {
    text.say(&[what, "\n", &facts.link()].concat());
}
