//! The words of the steps.

use crate::form::Progress;
use crate::model::{ClosedList, Step};
use crate::texts::count;

/// Returns the name of a step.
#[must_use]
pub fn title(step: Step) -> &'static str {
    match step {
        Step::Organisation => "L’organisation",
        Step::Project => "Le projet",
        Step::Data => "Les données",
        Step::Assurance => "Le niveau de garantie",
        Step::Legal => "Le cadre juridique",
        Step::People => "Les personnes",
        Step::Terms => "Les engagements",
        Step::Review => "Relire et envoyer",
    }
}

/// Returns the number of a step, from 1.
#[must_use]
pub fn number(step: Step) -> usize {
    step as usize + 1
}

/// Returns the position of a step: `Étape 2 sur 8`.
#[must_use]
pub fn position(step: Step) -> String {
    ["Étape ", &number(step).to_string(), " sur ", &Step::ALL.len().to_string()].concat()
}

/// Returns the purpose of a step, in a sentence or two.
#[must_use]
pub fn lead(step: Step) -> &'static str {
    match step {
        Step::Organisation => "Votre organisation, puis vos coordonnées.",
        Step::Project => "Le service que vous ouvrirez, et ce que vos usagers y feront une fois identifiés.",
        Step::Data => "Les données d’identité que FranceConnect transmettra à votre service, et ce que vous en ferez.",
        Step::Assurance => {
            "Plus une démarche est sensible, plus l’identité doit être vérifiée avec soin. Les niveaux eIDAS sont ceux du règlement européen : de 1 à 3, du plus simple au plus exigeant."
        }
        Step::Legal => {
            "Le texte qui autorise votre organisation à traiter ces données. Donnez son adresse en ligne ou joignez-le."
        }
        Step::People => {
            "Les personnes à qui l’équipe FranceConnect s’adressera. Si l’une d’elles doit changer bientôt, ne l’attendez pas : vous pourrez modifier les contacts plus tard."
        }
        Step::Terms => "Trois engagements sont nécessaires pour envoyer la demande.",
        Step::Review => "Relisez vos réponses. Vous pouvez encore tout modifier.",
    }
}

/// Returns the progress of a step in words.
#[must_use]
pub fn progress(step: Step, progress: Progress) -> String {
    match progress {
        Progress::Complete if step == Step::Review => "Prête à envoyer".to_owned(),
        Progress::NotStarted if step == Step::Review => "En dernier".to_owned(),
        Progress::NotStarted => "Pas commencée".to_owned(),
        Progress::Incomplete => "À compléter".to_owned(),
        Progress::Errors(errors) => count(errors, "erreur", "erreurs"),
        Progress::Remarks(open) => count(open, "remarque", "remarques"),
        Progress::Complete => "Complète".to_owned(),
    }
}
