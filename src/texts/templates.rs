//! Words for the templates of the team, and the text that one gives.

use crate::api::ApiError;
use crate::clock;
use crate::model::Code;
use crate::model::lifecycle::ActFinding;
use crate::model::wire::{Kind, Template, TemplateUse};
use crate::texts::{acts, dates};

/// Gaps in the text of a template, with their meanings.
pub const GAPS: [(&str, &str); 3] = [
    ("{numero}", "le numéro de la demande"),
    ("{projet}", "le nom du projet"),
    ("{organisation}", "le nom de l’organisation"),
];

/// Returns the use of a template in words.
#[must_use]
pub fn purpose(purpose: TemplateUse) -> &'static str {
    match purpose {
        TemplateUse::Changes => "Demande de compléments",
        TemplateUse::Accepted => "Acceptation",
        TemplateUse::Refused => "Refus",
        TemplateUse::Message => "Message",
    }
}

/// Returns the use of the templates that begin the text of an act; none for an act that has none.
#[must_use]
pub fn purpose_of(kind: Kind) -> Option<TemplateUse> {
    match kind {
        Kind::ChangesRequested => Some(TemplateUse::Changes),
        Kind::Accepted => Some(TemplateUse::Accepted),
        Kind::Refused => Some(TemplateUse::Refused),
        Kind::Message => Some(TemplateUse::Message),
        _ => None,
    }
}

/// Returns the text of a template for a request: its number, its project and its organisation fill its gaps.
#[must_use]
pub fn filled(text: &str, number: &str, project: &str, organisation: &str) -> String {
    let values = [number, project, organisation];
    let (mut filled, mut rest) = (String::new(), text);
    // A value that looks like a gap stays as it is.
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        filled.push_str(before);
        let known = GAPS.iter().zip(values).find(|((gap, _), _)| from.starts_with(gap));
        let (value, length) = known.map_or(("{", 1), |((gap, _), value)| (value, gap.len()));
        filled.push_str(value);
        rest = &from[length..];
    }
    filled.push_str(rest);
    filled
}

/// Returns the error of what a template says.
#[must_use]
pub fn finding(finding: &ActFinding) -> String {
    error(&finding.pointer, finding.code, finding.params.max)
}

/// Returns the error of a member of a template, by its code.
#[must_use]
pub fn error(pointer: &str, code: Code, max: Option<u64>) -> String {
    let what = if pointer == "/title" { "ce titre" } else { "ce texte" };
    match code {
        Code::Required => ["Écrivez ", what, "\u{a0}: il est nécessaire."].concat(),
        Code::TooLong => {
            let most = super::number(max.unwrap_or_default());
            ["Raccourcissez ", what, "\u{a0}: ", &most, "\u{a0}caractères au plus."].concat()
        }
        _ => "Vérifiez ce qui est indiqué ici.".to_owned(),
    }
}

/// Returns the time of the last save of a template, and its author where that is known.
#[must_use]
pub fn saved(template: &Template) -> String {
    let by = if template.saved_by.is_empty() { "" } else { " par " };
    ["Enregistré le ", &dates::day_and_time(&template.updated_at), by, &template.saved_by].concat()
}

/// Returns the sentences on a template that was saved meanwhile, for a person who changes it too.
#[must_use]
pub fn changed(template: &Template) -> String {
    let at = clock::parse(&template.updated_at).map(dates::since).unwrap_or_default();
    let by = match template.saved_by.as_str() {
        "" => "un autre membre de l’équipe, ou par vous dans un autre onglet",
        name => name,
    };
    let told = ["Modèle enregistré par ", by, " (", &at, ") pendant que vous l’écriviez."].concat();
    [&told, " Ce que vous avez écrit est gardé sur cet appareil."].concat()
}

/// Sentences on a template that was deleted while a person changes it.
pub const DELETED: &str = "Ce modèle a été supprimé entre-temps, par un autre membre de l’équipe ou par vous dans un autre onglet. Ce que vous avez écrit est gardé sur cet appareil.";

/// Sentence where the team has as many templates as it may have.
pub const FULL: &str = "L’équipe a 50\u{a0}modèles, le maximum. Supprimez-en un pour en ajouter un autre.";

/// Returns why a template was not saved, and what to do.
#[must_use]
pub fn not_saved(error: &ApiError) -> String {
    match (error, error.status()) {
        (_, Some(403)) => "Vous pouvez lire les modèles, sans les changer.".to_owned(),
        (_, Some(409)) => [FULL, " Ce que vous avez écrit est gardé sur cet appareil."].concat(),
        (ApiError::Unreachable | ApiError::Aborted, _) => "Le modèle n’est pas enregistré\u{a0}; ce que vous avez écrit est gardé sur cet appareil. Vérifiez votre accès à internet, puis réessayez.".to_owned(),
        _ => ["Le modèle n’est pas enregistré\u{a0}: ", &acts::refusal(error), " Ce que vous avez écrit est gardé sur cet appareil."].concat(),
    }
}

/// Returns why a template was not deleted, and what to do.
#[must_use]
pub fn not_deleted(error: &ApiError) -> String {
    match (error, error.status()) {
        (_, Some(403)) => "Vous pouvez lire les modèles, sans les changer.".to_owned(),
        (_, Some(412)) => "Ce modèle a changé entre-temps\u{a0}: relisez-le avant de le supprimer.".to_owned(),
        (ApiError::Unreachable | ApiError::Aborted, _) => {
            "Le modèle n’est pas supprimé. Vérifiez votre accès à internet, puis réessayez.".to_owned()
        }
        _ => ["Le modèle n’est pas supprimé\u{a0}: ", &acts::refusal(error)].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClosedList;
    use crate::model::wire::TemplateToSave;

    #[test]
    fn gaps_become_what_a_request_says_and_nothing_else_does() {
        let text = "{organisation}, {projet} ({numero}) {nom} {\n{projet}";
        assert_eq!(
            filled(text, "FC-1", "{organisation}", "Ville"),
            "Ville, {organisation} (FC-1) {nom} {\n{organisation}"
        );
        assert_eq!(filled("", "a", "b", "c"), "");
    }

    #[test]
    fn whoever_saved_a_template_meanwhile_is_named_where_that_is_known() {
        let template = |saved_by: &str| Template {
            id: crate::model::Id::new(0, [1; 10]),
            title: "Refus".into(),
            purpose: TemplateUse::Refused,
            text: "Non.".into(),
            revision: 2,
            updated_at: "2026-11-22T12:00:00.000Z".to_owned(),
            saved_by: saved_by.to_owned(),
        };
        let idris = template("Idris Benali");
        assert!(changed(&idris).starts_with("Modèle enregistré par Idris Benali ("), "{}", changed(&idris));
        assert!(saved(&idris).ends_with(" par Idris Benali"), "{}", saved(&idris));
        let before = template("");
        assert!(
            changed(&before).starts_with("Modèle enregistré par un autre membre de l’équipe, ou"),
            "{}",
            changed(&before)
        );
        assert!(!saved(&before).contains("par"), "{}", saved(&before));
    }

    #[test]
    fn every_use_has_words_and_an_act() {
        let of_acts: Vec<TemplateUse> = Kind::ALL.iter().copied().filter_map(purpose_of).collect();
        for use_ in TemplateUse::ALL.iter().copied() {
            assert!(!purpose(use_).is_empty());
            assert_eq!(of_acts.iter().filter(|of_act| **of_act == use_).count(), 1, "{use_:?}");
        }
    }

    #[test]
    fn what_a_template_lacks_is_told_at_its_place() {
        let long =
            TemplateToSave { title: "a".repeat(61).as_str().into(), purpose: TemplateUse::Message, text: "".into() };
        let told: Vec<(String, String)> =
            long.findings().iter().map(|found| (found.pointer.clone(), finding(found))).collect();
        assert!(told[0].1.contains("ce titre\u{a0}: 60\u{a0}caractères"), "{told:?}");
        assert_eq!((told[1].0.as_str(), told[1].1.starts_with("Écrivez ce texte")), ("/text", true));
    }
}
