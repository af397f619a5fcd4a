//! Mails to the contacts of a habilitation: the data controller, the data protection officer and the technical contact.

use habilitation_model::ClosedList;
use habilitation_model::assurance::AssuranceLevel;
use habilitation_model::draft::Draft;
use habilitation_model::lifecycle::{Mail, Recipient};
use habilitation_model::phone::Phone;

use crate::dates;
use crate::facts::{Facts, full_name, quoted};
use crate::fields;
use crate::paragraphs::Paragraphs;

pub(crate) fn named(text: &mut Paragraphs, recipient: Recipient, facts: &Facts<'_>) {
    let part = match recipient {
        Recipient::Dpo => "délégué à la protection des données",
        _ => "responsable du traitement",
    };
    text.say(&granted(facts));
    text.say(&[&named_by(facts.sent), " a donné votre nom comme ", part, "."].concat());
    let draft = facts.sent;
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
    wrong(text, facts);
    privacy(text, facts, facts.sent);
}

pub(crate) fn technical(text: &mut Paragraphs, facts: &Facts<'_>) {
    let draft = facts.sent;
    text.say(&granted(facts));
    text.say(
        &[&named_by(draft), " a donné votre nom comme contact technique. Voici la fiche technique\u{a0}:"].concat(),
    );
    let level = draft.assurance.level.value();
    let product = if level.is_some_and(AssuranceLevel::is_plus) { "FranceConnect+" } else { "FranceConnect" };
    text.facts(&[
        ("Habilitation", facts.event.habilitation.clone().unwrap_or_default()),
        ("Service", draft.project.name.line()),
        ("Organisation", facts.organisation()),
        ("Produit", product.to_owned()),
        ("acr_values", level.map(ClosedList::as_str).unwrap_or_default().to_owned()),
        ("scope", draft.data.scopes.parameter()),
    ]);
    text.say("Ce qui vient ensuite\u{a0}:");
    let code = ["vous recevrez un code par SMS au ", &masked(draft), "\u{a0};"].concat();
    let space = ["ouvrez l’espace partenaires, ", &facts.service.partner_space, ", et entrez ce code\u{a0};"].concat();
    let ask = "créez-y les accès de votre service, d’essai puis de production.".to_owned();
    text.list([code, space, ask]);
    text.say("Si rien n’arrive, regardez dans vos courriers indésirables, puis écrivez-nous.");
    wrong(text, facts);
    privacy(text, facts, draft);
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
            ", de ",
            &facts.organisation(),
            ".",
        ]
        .concat(),
    );
    text.say(&[&named_by(facts.sent), " a désigné une autre personne dans une modification de la demande."].concat());
    wrong(text, facts);
    privacy(text, facts, former);
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
    text.say(&["Vous en étiez ", part(recipient), ". Le service ne peut plus utiliser FranceConnect."].concat());
    text.say(
        &["Les raisons en sont données à ", &full_name(&facts.sent.organisation.applicant), ", qui suit la demande."]
            .concat(),
    );
    privacy(text, facts, draft);
}

/// Returns the sentence that tells of the habilitation.
fn granted(facts: &Facts<'_>) -> String {
    let (organisation, project) = (facts.organisation(), facts.project());
    ["La demande de ", &organisation, " d’utiliser FranceConnect pour ", &project, " est acceptée."].concat()
}

/// Returns the part of a contact, to follow « vous êtes ».
fn part(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Controller => "responsable du traitement",
        Recipient::Dpo => "délégué à la protection des données",
        _ => "contact technique",
    }
}

/// Returns the person who named the contacts.
fn named_by(draft: &Draft) -> String {
    let applicant = &draft.organisation.applicant;
    [&full_name(applicant), ", ", &applicant.job_title.line(), ","].concat()
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

fn wrong(text: &mut Paragraphs, facts: &Facts<'_>) {
    text.say(&["Si ce n’est pas juste, écrivez à ", &facts.service.email, "\u{a0}: nous le corrigerons."].concat());
}

/// Adds from whom we have the data of a contact, for what and for how long (GDPR, article 14).
fn privacy(text: &mut Paragraphs, facts: &Facts<'_>, draft: &Draft) {
    text.say(
        &[
            "Vos données\u{a0}: ",
            &facts.service.name,
            " tient votre nom, votre fonction, votre adresse électronique et votre téléphone de ",
            &full_name(&draft.organisation.applicant),
            " (",
            &draft.organisation.name.line(),
            "), qui les a donnés dans la demande. Ils servent à suivre l’habilitation et à vous joindre, pour une mission d’intérêt public \
             (article\u{a0}6, paragraphe\u{a0}1, point\u{a0}e, du RGPD). L’équipe FranceConnect seule les lit. Ils sont gardés tant que \
             l’habilitation qui vous nomme est en vigueur, puis 36\u{a0}mois.",
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
