//! Mails to the contacts of a habilitation: the data controller, the data protection officer and the technical contact.

use habilitation_model::ClosedList;
use habilitation_model::assurance::AssuranceLevel;
use habilitation_model::draft::{ControllerKind, Draft};
use habilitation_model::lifecycle::{Kind, Mail, Recipient};
use habilitation_model::phone::Phone;

use crate::dates;
use crate::facts::{Facts, controller_name, full_name, quoted};
use crate::fields;
use crate::paragraphs::Paragraphs;

pub(crate) fn named(text: &mut Paragraphs, recipient: Recipient, facts: &Facts<'_>) {
    let draft = facts.sent;
    let who = if recipient == Recipient::Controller { controller_name(draft) } else { full_name(&draft.people.dpo) };
    text.say(&granted(facts));
    text.say(
        &["Dans la demande, ", &named_by(draft), " a indiqué comme ", part(recipient), "\u{a0}: ", &who, "."].concat(),
    );
    text.facts(&[
        ("Habilitation", facts.event.habilitation.clone().unwrap_or_default()),
        ("En vigueur depuis le", dates::day(facts.event.on)),
        (
            "Données reçues de FranceConnect",
            draft.data.scopes.known().map(fields::scope).collect::<Vec<_>>().join(", "),
        ),
        ("Destinataires", draft.data.recipients.line()),
        ("Durée de conservation, en mois", draft.data.retention_months.line()),
        ("Texte qui autorise le traitement", draft.legal.basis.line()),
        ("Adresse du texte", draft.legal.url.line()),
    ]);
    wrong(text, facts, "une information est fausse");
    privacy(text, recipient, facts, Keeping::InForce);
}

pub(crate) fn technical(text: &mut Paragraphs, facts: &Facts<'_>) {
    let draft = facts.sent;
    text.say(&granted(facts));
    text.say(
        &[
            "Dans la demande, ",
            &named_by(draft),
            " vous a indiqué comme contact technique. Voici la fiche technique\u{a0}:",
        ]
        .concat(),
    );
    let level = draft.assurance.level.value();
    let product = if level.is_some_and(AssuranceLevel::is_plus) { "FranceConnect+" } else { "FranceConnect" };
    text.facts(&[
        ("Habilitation", facts.event.habilitation.clone().unwrap_or_default()),
        ("Service", draft.project.name.line()),
        ("Organisation", facts.organisation()),
        ("FranceConnect ou FranceConnect+", product.to_owned()),
        ("acr_values", level.map(ClosedList::as_str).unwrap_or_default().to_owned()),
        ("scope", draft.data.scopes.parameter()),
    ]);
    text.say("Ce qui vient ensuite\u{a0}:");
    let code = ["vous recevrez un code par SMS au ", &masked(draft), "\u{a0};"].concat();
    let space = ["ouvrez l’espace partenaires, ", &facts.service.partner_space, ", et entrez ce code\u{a0};"].concat();
    let ask = "créez-y les accès de votre service, d’essai puis de production.".to_owned();
    text.list([code, space, ask]);
    text.say(
        &[
            "Si le code n’arrive pas, écrivez à ",
            &facts.service.email,
            ". Nos prochains courriels peuvent arriver dans vos courriels indésirables.",
        ]
        .concat(),
    );
    wrong(text, facts, "une information est fausse");
    privacy(text, Recipient::Technical, facts, Keeping::InForce);
}

pub(crate) fn no_longer_named(text: &mut Paragraphs, recipient: Recipient, facts: &Facts<'_>) {
    let former = facts.draft_of(Mail::NoLongerNamed);
    let project = quoted(&former.project.name);
    let day = dates::day(facts.event.on);
    text.say(
        &[
            "Depuis le ",
            &day,
            ", vous n’êtes plus ",
            part(recipient),
            " pour ",
            &project,
            " (",
            &facts.organisation(),
            ").",
        ]
        .concat(),
    );
    text.say(&[&named_by(facts.sent), " a désigné une autre personne dans une modification de la demande."].concat());
    wrong(text, facts, "c’est une erreur");
    privacy(text, recipient, facts, Keeping::Ended);
}

pub(crate) fn revoked(text: &mut Paragraphs, recipient: Recipient, facts: &Facts<'_>) {
    let draft = facts.draft_of(Mail::Revoked);
    let habilitation = facts.event.habilitation.as_deref().unwrap_or_default();
    let day = dates::day(facts.event.on);
    text.say(
        &[
            "L’équipe FranceConnect met fin à l’habilitation ",
            habilitation,
            ", pour ",
            &quoted(&draft.project.name),
            ", à compter du ",
            &day,
            ".",
        ]
        .concat(),
    );
    text.say(
        &[
            "La demande vous désignait comme ",
            part(recipient),
            ". À partir de cette date, le service ne peut plus utiliser FranceConnect. Les raisons sont données à ",
            &named_by(facts.sent),
            ", qui a fait la demande.",
        ]
        .concat(),
    );
    privacy(text, recipient, facts, Keeping::Ended);
}

/// Returns the sentence that tells of the habilitation.
fn granted(facts: &Facts<'_>) -> String {
    let (organisation, project) = (facts.organisation(), facts.project());
    ["L’utilisation de FranceConnect est acceptée pour ", &project, " (", &organisation, ")."].concat()
}

/// Returns the part of a contact, to follow « vous êtes ».
pub(crate) fn part(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Controller => "responsable du traitement",
        Recipient::Dpo => "délégué à la protection des données",
        _ => "contact technique",
    }
}

/// Returns the person who named the contacts.
fn named_by(draft: &Draft) -> String {
    full_name(&draft.organisation.applicant)
}

/// Returns the phone of the technical contact with its middle hidden: `06 •• •• •• 34`.
fn masked(draft: &Draft) -> String {
    let phone = Phone::parse(draft.people.technical.phone.as_str());
    let digits = phone.as_ref().map(Phone::as_str).unwrap_or_default();
    let last = digits.get(digits.len().saturating_sub(2)..).unwrap_or_default();
    let first = match digits.strip_prefix("+33").and_then(|national| national.get(..1)) {
        Some(digit) => ["0", digit].concat(),
        None => digits.get(..4).unwrap_or_default().to_owned(),
    };
    [&first, "\u{a0}••\u{a0}••\u{a0}••\u{a0}", last].concat()
}

fn wrong(text: &mut Paragraphs, facts: &Facts<'_>, what: &str) {
    text.say(
        &[
            "Si ",
            what,
            ", écrivez à ",
            &facts.service.email,
            "\u{a0}: nous préviendrons la personne qui a fait la demande.",
        ]
        .concat(),
    );
}

/// Term for which the data of a contact are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeping {
    /// The habilitation that names them is in force.
    InForce,
    /// The habilitation ended with the event.
    Ended,
}

/// Adds from whom we have the data of a contact, for what and for how long (GDPR, article 14).
fn privacy(text: &mut Paragraphs, recipient: Recipient, facts: &Facts<'_>, keeping: Keeping) {
    let mail = if keeping == Keeping::Ended { Mail::NoLongerNamed } else { Mail::Controller };
    let draft = facts.draft_of(mail);
    let passed_on = match (recipient, keeping) {
        (Recipient::Technical, Keeping::InForce) => {
            " Elles sont aussi transmises à l’espace partenaires, pour créer vos accès."
        }
        (Recipient::Technical, Keeping::Ended) => {
            " Elles ont aussi été transmises à l’espace partenaires, pour créer vos accès."
        }
        _ => "",
    };
    let terms = &facts.service.keeping;
    // What was sent last is kept until the request is erased.
    let is_last = facts.event.kind == Kind::Revoked;
    let most = if is_last { terms.people_months.max(terms.archived_months) } else { terms.people_months };
    let months = dates::months(most);
    let kept = match keeping {
        Keeping::InForce => ["tant que l’habilitation qui vous nomme est en vigueur, puis ", &months, "."].concat(),
        Keeping::Ended => [&months, " à partir du ", &dates::day(facts.event.on), ", puis effacées."].concat(),
    };
    text.say(
        &[
            "Vos données\u{a0}: ",
            &named_by(draft),
            " (",
            &draft.organisation.name.line(),
            ") a donné dans la demande ",
            &data_of(recipient, draft),
            ". ",
            &facts.service.name,
            " en est responsable. Elles servent à suivre l’habilitation et à vous joindre, pour une mission d’intérêt public \
             (article\u{a0}6, paragraphe\u{a0}1, point\u{a0}e, du règlement général sur la protection des données, RGPD). L’équipe \
             FranceConnect les lit.",
            passed_on,
            " Elles sont gardées ",
            &kept,
        ]
        .concat(),
    );
    text.say(
        &[
            "Vous pouvez les consulter, les faire corriger ou effacer, en faire limiter l’usage ou vous y opposer\u{a0}: écrivez à ",
            &facts.service.email,
            ". Vous pouvez aussi adresser une réclamation à la CNIL, www.cnil.fr. Cette information est celle de l’article\u{a0}14 du RGPD.",
        ]
        .concat(),
    );
}

/// Returns the data of a contact that a draft holds, in words.
fn data_of(recipient: Recipient, draft: &Draft) -> String {
    let people = &draft.people;
    let controller = &people.controller;
    let (name, job_title, phone) = match recipient {
        Recipient::Controller if controller.kind.is(ControllerKind::Organisation) => {
            ("le nom de votre organisation", None, &controller.phone)
        }
        Recipient::Controller => ("votre nom", Some(&controller.job_title), &controller.phone),
        Recipient::Dpo => ("votre nom", Some(&people.dpo.job_title), &people.dpo.phone),
        _ => ("votre nom", Some(&people.technical.job_title), &people.technical.phone),
    };
    let job_title = if job_title.is_some_and(|job_title| !job_title.is_empty()) { ", votre fonction" } else { "" };
    if phone.is_empty() {
        [name, job_title, " et votre adresse électronique"].concat()
    } else {
        [name, job_title, ", votre adresse électronique et votre téléphone"].concat()
    }
}

#[cfg(test)]
mod tests {
    use habilitation_model::{Field, field};

    use super::*;

    #[test]
    fn a_phone_is_told_by_its_ends_alone() {
        let mut draft = Draft::default();
        for (phone, told) in [
            ("06 39 98 12 34", "06\u{a0}••\u{a0}••\u{a0}••\u{a0}34"),
            ("+262 692 12 34 56", "+262\u{a0}••\u{a0}••\u{a0}••\u{a0}56"),
            ("", "\u{a0}••\u{a0}••\u{a0}••\u{a0}"),
        ] {
            Field::TechnicalPhone.set(&mut draft, field::Value::Text(phone));
            assert_eq!(masked(&draft), told);
        }
    }

    #[test]
    fn each_contact_has_a_part() {
        let parts = [Recipient::Controller, Recipient::Dpo, Recipient::Technical].map(part);
        assert!(parts[0] != parts[1] && parts[1] != parts[2]);
        assert_eq!(fields::TECHNICAL.to_lowercase(), parts[2]);
    }
}
