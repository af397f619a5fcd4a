//! Words for the pages of the team that examines requests.

use std::borrow::Cow;

use crate::clock;
use crate::model::lifecycle::run::{ANSWER_DAYS_MIN, ANSWER_MONTHS_MAX};
use crate::model::lifecycle::{ActFinding, FollowUp};
use crate::model::wire::{Act, By, Event, Examiner, Ground, Kind, QueueKind, Side};
use crate::model::{Code, Date, Field};
use crate::texts::{count, dates, fields, lifecycle};

/// Returns the day of the legal clock as seen from today; nothing where no answer is owed.
#[must_use]
pub fn due(due_on: Option<Date>, is_suspended: bool, today: Date) -> Option<String> {
    let due_on = match due_on {
        _ if is_suspended => return Some("Suspendu".to_owned()),
        None => return None,
        Some(due_on) => due_on,
    };
    let left = today.days_until(due_on);
    let days = || count(usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX), "jour", "jours");
    Some(match left {
        ..0 => ["Échéance dépassée de ", &days()].concat(),
        0 => "Échéance aujourd’hui".to_owned(),
        1 => "Échéance demain".to_owned(),
        2.. => ["Échéance dans ", &days()].concat(),
    })
}

/// Returns the kind of a submission; nothing for the usual one.
#[must_use]
pub fn queue_kind(kind: QueueKind) -> Option<&'static str> {
    match kind {
        QueueKind::First => None,
        QueueKind::Modification => Some("Modification"),
        QueueKind::Contacts => Some("Contacts seulement"),
    }
}

/// Returns a person with their office.
#[must_use]
pub fn person(name: &str, job_title: &str) -> String {
    let comma = if name.is_empty() || job_title.is_empty() { "" } else { ", " };
    [name, comma, job_title].concat()
}

/// Returns the author of an event, as the team knows them.
#[must_use]
pub fn author(by: &By) -> String {
    match by.side {
        Side::Clock => "Automatiquement".to_owned(),
        Side::Operator => [by.name.trim(), " (exploitant du service)"].concat(),
        Side::Applicant if by.name.trim().is_empty() => "Le demandeur".to_owned(),
        Side::Applicant => [by.name.trim(), " (demandeur)"].concat(),
        Side::Examiner => person(&by.name, &by.job_title),
    }
}

/// Returns an event in words, those of the team's own among them. `events` is the history that has it.
#[must_use]
pub fn event(event: &Event, events: &[Event]) -> String {
    if let Some(words) = lifecycle::event(event, events) {
        return words;
    }
    match event.kind {
        Kind::Assignment => match &event.examiner {
            Some(Examiner { name, .. }) => ["Demande confiée à ", name].concat(),
            None => "Demande sans examinateur".to_owned(),
        },
        Kind::Deadline => match event.days {
            Some(days) if days > 0 => {
                ["Rappel\u{a0}: échéance dans ", &count(usize::from(days), "jour", "jours")].concat()
            }
            _ => "Rappel\u{a0}: échéance dépassée".to_owned(),
        },
        _ => match event.pointer.as_deref().and_then(Field::from_pointer) {
            Some(field) => ["Note sur «\u{a0}", &fields::name(field), "\u{a0}»"].concat(),
            None => "Note".to_owned(),
        },
    }
}

/// Returns the sentence on an act that came first, by the person who did it: they stand where another act was refused.
#[must_use]
pub fn outrun(event: &Event) -> String {
    let done = match event.kind {
        Kind::ChangesRequested => "de demander des compléments",
        Kind::Resumed => "de reprendre l’examen",
        Kind::Accepted => "d’accepter cette demande",
        Kind::Refused => "de refuser cette demande",
        Kind::Revoked => "de révoquer cette habilitation",
        Kind::Withdrawn => "de retirer cette demande",
        Kind::Submitted => "d’envoyer cette demande de nouveau",
        _ => "de changer cette demande",
    };
    let who = match event.by.side {
        Side::Examiner if !event.by.name.is_empty() => event.by.name.as_str(),
        Side::Examiner => "L’équipe",
        Side::Applicant => "Le demandeur",
        Side::Clock | Side::Operator => "Le service",
    };
    let at = clock::parse(&event.at).map(dates::since).unwrap_or_default();
    [who, " vient ", done, " (", &at, ")."].concat()
}

/// Returns the follow-up of a remark in words.
#[must_use]
pub fn follow_up(follow_up: &FollowUp<'_>) -> String {
    match (follow_up.is_changed, follow_up.reply) {
        (true, None) => "Modifiée".to_owned(),
        (true, Some(reply)) => ["Modifiée. Réponse\u{a0}: ", &reply.lines()].concat(),
        (false, Some(reply)) => ["Réponse\u{a0}: ", &reply.lines()].concat(),
        (false, None) => "Sans suite".to_owned(),
    }
}

/// Words of an act of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActWords {
    /// Heading of its section, and its entry in the menu.
    pub title: &'static str,
    /// Explanation under the heading.
    pub lead: Cow<'static, str>,
    /// Label of its text.
    pub text: &'static str,
    /// Button that does it.
    pub button: &'static str,
    /// Heading once it is done.
    pub done: &'static str,
}

/// Returns the words of a kind of act on a request. `modified` is the number of the habilitation that is in force meanwhile.
#[must_use]
pub fn act_on(kind: Kind, modified: Option<&str>) -> ActWords {
    match (kind, modified) {
        (Kind::Accepted, Some(number)) => ActWords {
            lead: [
                "L’habilitation prend effet tout de suite. Elle remplace l’habilitation ",
                number,
                ". Ensuite, seule une révocation y met fin.",
            ]
            .concat()
            .into(),
            button: "Accepter la modification",
            done: "Modification acceptée",
            ..act(kind)
        },
        (Kind::Refused, Some(number)) => ActWords {
            lead: [REFUSAL, " L’habilitation ", number, " reste valable."].concat().into(),
            button: "Refuser la modification",
            done: "Modification refusée",
            ..act(kind)
        },
        _ => act(kind),
    }
}

/// Returns the words of a kind of act on a first request.
#[must_use]
pub fn act(kind: Kind) -> ActWords {
    let words = |title, lead, text, button, done| ActWords { title, lead: Cow::Borrowed(lead), text, button, done };
    match kind {
        Kind::ChangesRequested => words(
            "Demander des compléments",
            "Le délai de réponse n’est suspendu que si la demande ne peut pas être examinée sans ces compléments. Sinon, écrivez plutôt un message. Pour viser une réponse, utilisez «\u{a0}Ajouter une remarque\u{a0}» à côté d’elle.",
            "Message au demandeur (facultatif s’il y a une remarque)",
            "Demander ces compléments",
            "Compléments demandés",
        ),
        Kind::Accepted => words(
            "Accepter",
            "L’habilitation prend effet tout de suite. Ensuite, seule une révocation y met fin.",
            "Message au demandeur (facultatif)",
            "Accepter la demande",
            "Demande acceptée",
        ),
        Kind::Refused => {
            words("Refuser", REFUSAL, "Raisons du refus, en droit et en fait", "Refuser la demande", "Demande refusée")
        }
        Kind::Resumed => words(
            "Reprendre l’examen",
            "La demande revient à l’examen, telle qu’elle a été envoyée la dernière fois. Ce que le demandeur n’a pas envoyé reste chez lui.",
            "Message au demandeur",
            "Reprendre l’examen",
            "Examen repris",
        ),
        Kind::Revoked => words(
            "Révoquer",
            "L’habilitation prend fin. Une modification en cours prend fin avec elle.",
            "Raisons de la révocation, en droit et en fait",
            "Révoquer l’habilitation",
            "Habilitation révoquée",
        ),
        Kind::Message => words("Écrire au demandeur", "", "Votre message", "Envoyer le message", "Message envoyé"),
        Kind::Note => words(
            "Ajouter une note",
            "Une note est pour l’équipe\u{a0}: le demandeur ne la voit pas.",
            "Votre note",
            "Ajouter la note",
            "Note ajoutée",
        ),
        _ => words("Confier la demande", "", "", "Confier la demande", "Demande confiée"),
    }
}

/// Use of the reasons of a refusal.
const REFUSAL: &str = "Le demandeur reçoit ces raisons en entier, avec ses voies de recours.";

/// Returns the heading once an act is done. `modified` is that of [`act_on`].
#[must_use]
pub fn done(done: &Act, modified: Option<&str>) -> &'static str {
    match (done.kind, &done.examiner) {
        (Kind::Assignment, None) => "Demande sans examinateur",
        _ => act_on(done.kind, modified).done,
    }
}

/// Returns the heading where an act was not done.
#[must_use]
pub fn not_done(act: &Act) -> &'static str {
    match (act.kind, &act.examiner) {
        (Kind::Message, _) => "Votre message n’est pas parti",
        (Kind::Note, _) => "La note n’est pas enregistrée",
        (Kind::Assignment, Some(_)) => "La demande n’a pas été confiée",
        (Kind::Assignment, None) => "Ce changement n’est pas enregistré",
        _ => "Votre décision n’a pas été prise",
    }
}

/// Returns the sentences on an act that did not leave the device.
#[must_use]
pub fn not_sent(act: &Act) -> &'static str {
    match (act.kind, &act.examiner) {
        (Kind::Message, _) => {
            "Votre message n’est pas parti\u{a0}; le texte est gardé sur cet appareil. Vérifiez votre accès à internet, puis réessayez."
        }
        (Kind::Note, _) => {
            "La note n’est pas enregistrée\u{a0}; le texte est gardé sur cet appareil. Vérifiez votre accès à internet, puis réessayez."
        }
        (Kind::Assignment, Some(_)) => {
            "La demande n’a pas été confiée. Vérifiez votre accès à internet, puis réessayez."
        }
        (Kind::Assignment, None) => {
            "Ce changement n’est pas enregistré. Vérifiez votre accès à internet, puis réessayez."
        }
        _ => {
            "Votre décision n’est pas partie\u{a0}; le texte est gardé sur cet appareil. Vérifiez votre accès à internet, puis réessayez."
        }
    }
}

/// Returns the ground of a revocation, with its source.
#[must_use]
pub fn ground(ground: Ground) -> (&'static str, &'static str) {
    match ground {
        Ground::Illegal => (
            "L’acceptation était illégale",
            "Code des relations entre le public et l’administration, L. 242-1\u{a0}: dans les quatre mois.",
        ),
        Ground::ConditionLapsed => ("Une condition n’est plus remplie", "Même code, L. 242-2."),
        Ground::Fraud => ("L’acceptation a été obtenue par fraude", "Même code, L. 241-2."),
        Ground::AtRequest => ("L’organisation le demande", ""),
    }
}

/// Returns the error of what an act says.
#[must_use]
pub fn finding(finding: &ActFinding) -> String {
    error(&finding.pointer, finding.code, finding.params.max)
}

/// Returns the error of a member of an act, by its code.
#[must_use]
pub fn error(pointer: &str, code: Code, max: Option<u64>) -> String {
    match (code, pointer) {
        (Code::OneOf, _) => "Écrivez un message, ou ajoutez une remarque à une réponse.".to_owned(),
        (Code::Required, "/ground") => "Choisissez un motif.".to_owned(),
        (Code::Required, "/heard_on") => {
            "Indiquez jusqu’à quel jour l’organisation a pu présenter ses observations, ou cochez l’urgence.".to_owned()
        }
        (Code::FutureDate, _) => "Indiquez un jour passé, ou aujourd’hui.".to_owned(),
        (Code::TooLate, _) => {
            "L’acceptation date de plus de quatre mois\u{a0}: ce motif n’est plus possible.".to_owned()
        }
        (Code::OutOfRange, "/answer_by") => format!(
            "Choisissez un jour entre {ANSWER_DAYS_MIN}\u{a0}jours et {ANSWER_MONTHS_MAX}\u{a0}mois à partir d’aujourd’hui."
        ),
        (Code::TooLong, _) => {
            format!("Raccourcissez ce texte\u{a0}: {}\u{a0}caractères au plus.", super::number(max.unwrap_or_default()))
        }
        (Code::Required, _) => "Écrivez ce texte\u{a0}: il est nécessaire.".to_owned(),
        _ => "Vérifiez ce qui est indiqué ici.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lifecycle::{History, Role, Stamp};
    use crate::model::wire::Remark;
    use crate::model::{ClosedList, Id, Text};

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn stamp(side: Side, name: &str) -> Stamp {
        let by = By { side, name: name.to_owned(), job_title: String::new() };
        Stamp { id: Id::new(0, [1; 10]), at: "2027-01-25T09:12:00.000Z".to_owned(), on: day("2027-01-25"), by }
    }

    #[test]
    fn the_day_of_the_clock_is_told_as_seen_from_today() {
        let seen = |today: &str| due(Some(day("2027-03-24")), false, day(today)).unwrap();
        assert_eq!(seen("2027-03-12"), "Échéance dans 12\u{a0}jours");
        assert_eq!(seen("2027-03-23"), "Échéance demain");
        assert_eq!(seen("2027-03-24"), "Échéance aujourd’hui");
        assert_eq!(seen("2027-03-25"), "Échéance dépassée de 1\u{a0}jour");
        assert_eq!(seen("2027-03-26"), "Échéance dépassée de 2\u{a0}jours");
        assert_eq!(due(None, true, day("2027-03-26")).unwrap(), "Suspendu");
        assert_eq!(due(None, false, day("2027-03-26")), None);
    }

    #[test]
    fn every_event_has_words_for_the_team() {
        for kind in Kind::ALL.iter().copied() {
            let event = Event::new(stamp(Side::Examiner, "Idris Benali"), 1, kind);
            assert!(!super::event(&event, &[]).is_empty() && !outrun(&event).is_empty(), "{kind:?}");
            assert!(!act(kind).title.is_empty());
        }
        let accepted = Event::new(stamp(Side::Examiner, "Idris Benali"), 2, Kind::Accepted);
        assert!(
            outrun(&accepted).starts_with("Idris Benali vient d’accepter cette demande ("),
            "{}",
            outrun(&accepted)
        );
        let note = Act { pointer: Some("/project/name".to_owned()), ..Act::new(Kind::Note) };
        let note = note.event(stamp(Side::Examiner, "a"), &History::default(), "", None);
        assert_eq!(event(&note, &[]), "Note sur «\u{a0}Nom du projet\u{a0}»");
        assert_eq!(author(&stamp(Side::Applicant, "Camille Exemple").by), "Camille Exemple (demandeur)");
    }

    #[test]
    fn acts_on_a_modification_and_to_nobody_have_words_of_their_own() {
        let number = Some("FC-2027-000001-1");
        let accepted = act_on(Kind::Accepted, number);
        assert!(accepted.lead.contains("Elle remplace l’habilitation FC-2027-000001-1."), "{}", accepted.lead);
        assert_eq!((accepted.title, accepted.button), ("Accepter", "Accepter la modification"));
        assert_eq!(act_on(Kind::Refused, number).button, "Refuser la modification");
        assert_eq!(act_on(Kind::Message, number), act(Kind::Message));
        assert_eq!(done(&Act::new(Kind::Refused), number), "Modification refusée");
        let entrusted = Act { examiner: Some("idris".to_owned()), ..Act::new(Kind::Assignment) };
        assert_eq!(done(&entrusted, None), "Demande confiée");
        assert_eq!(done(&Act::new(Kind::Assignment), None), "Demande sans examinateur");
        assert!(not_sent(&Act::new(Kind::Note)).starts_with("La note n’est pas enregistrée"));
        assert!(not_sent(&Act::new(Kind::Refused)).starts_with("Votre décision n’est pas partie"));
    }

    #[test]
    fn what_became_of_a_remark_is_told() {
        let remark = Remark { pointer: "/project/name".to_owned(), text: "Lequel ?".into() };
        let reply = Text::from("Celui-ci.");
        let told = |is_changed, reply| follow_up(&FollowUp { remark: &remark, is_changed, reply });
        assert_eq!(told(true, None), "Modifiée");
        assert_eq!(told(false, Some(&reply)), "Réponse\u{a0}: Celui-ci.");
        assert_eq!(told(false, None), "Sans suite");
    }

    #[test]
    fn what_an_act_lacks_is_told_at_its_place() {
        let told = |act: Act| -> Vec<(String, String)> {
            let findings = act.findings(&History::default(), Role::Examiner, day("2027-01-25"));
            findings.iter().map(|found| (found.pointer.clone(), finding(found))).collect()
        };
        assert!(told(Act::new(Kind::ChangesRequested))[0].1.contains("ajoutez une remarque"));
        assert_eq!(told(Act::new(Kind::Refused))[0].0, "/text");
        let pointers: Vec<String> = told(Act::new(Kind::Revoked)).into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/text", "/ground", "/heard_on"]);
        let late = Act { answer_by: Some(day("2027-01-26")), text: "a".into(), ..Act::new(Kind::ChangesRequested) };
        assert!(told(late)[0].1.contains("15\u{a0}jours"));
    }
}
