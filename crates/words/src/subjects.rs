//! Subjects of mails, after the number of the request.

use habilitation_model::lifecycle::{Mail, Recipient};

use crate::contacts::part;
use crate::dates;
use crate::facts::{Facts, quoted};

pub(crate) fn subject(mail: Mail, recipient: Recipient, facts: &Facts<'_>) -> String {
    let is_modification = facts.is_modification();
    match mail {
        Mail::Ack if is_modification => "Modification bien reçue".to_owned(),
        Mail::Ack => "Demande bien reçue".to_owned(),
        Mail::AckAgain => "Compléments bien reçus".to_owned(),
        Mail::NewRequest if facts.is_contacts_only() => "Contacts à vérifier".to_owned(),
        Mail::NewRequest if is_modification => "Modification à examiner".to_owned(),
        Mail::NewRequest => "Demande à examiner".to_owned(),
        Mail::Completed if facts.is_withdrawal() => withdrawn(is_modification).to_owned(),
        Mail::Completed if is_modification => "Modification complétée".to_owned(),
        Mail::Completed => "Demande complétée".to_owned(),
        Mail::Changes => match facts.event.answer_by {
            Some(day) => ["Compléments demandés avant le ", &dates::day_of_year(day)].concat(),
            None => "Compléments demandés".to_owned(),
        },
        Mail::ChangesReminder14 => "Plus que 14\u{a0}jours pour compléter".to_owned(),
        Mail::ChangesReminder3 => "Plus que 3\u{a0}jours pour compléter".to_owned(),
        Mail::Resumed => "L’examen reprend".to_owned(),
        Mail::Accepted if is_modification => "Modification acceptée".to_owned(),
        Mail::Accepted => "Demande acceptée".to_owned(),
        Mail::Controller | Mail::Dpo => ["Votre rôle de ", part(recipient), " pour ", &facts.project()].concat(),
        Mail::Technical => "Vos accès à FranceConnect".to_owned(),
        Mail::NoLongerNamed => {
            let project = quoted(&facts.draft_of(mail).project.name);
            ["Vous n’êtes plus contact pour ", &project].concat()
        }
        Mail::Refused if is_modification => "Modification refusée".to_owned(),
        Mail::Refused => "Demande refusée".to_owned(),
        Mail::Withdrawn => withdrawn(is_modification).to_owned(),
        Mail::Revoked => "Habilitation révoquée".to_owned(),
        Mail::Message if recipient == Recipient::Team => "Nouveau message du demandeur".to_owned(),
        Mail::Message => "Nouveau message".to_owned(),
        Mail::Assigned => "Demande confiée".to_owned(),
        Mail::Deadline => match facts.event.days {
            Some(0) | None => "Échéance dépassée".to_owned(),
            Some(days) => ["Échéance dans ", &days.to_string(), "\u{a0}jours"].concat(),
        },
        Mail::WebhookFailing => "Webhook en échec".to_owned(),
        other => {
            debug_assert!(!other.tells_of_event(), "{other:?} has no subject");
            String::new()
        }
    }
}

fn withdrawn(is_modification: bool) -> &'static str {
    if is_modification { "Modification abandonnée" } else { "Demande retirée" }
}
