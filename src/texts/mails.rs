//! Words for mails and notices, where lists and previews name them.

use crate::model::wire::{DeliveryState, Mail, Notice, Recipient};

/// Returns a mail in words.
#[must_use]
pub fn mail(mail: Mail) -> &'static str {
    match mail {
        Mail::Ack => "Demande bien reçue",
        Mail::AckAgain => "Compléments bien reçus",
        Mail::NewRequest => "Demande à examiner",
        Mail::Completed => "Demande complétée ou retirée",
        Mail::Changes => "Compléments demandés",
        Mail::ChangesReminder14 => "Rappel\u{a0}: 14\u{a0}jours pour compléter",
        Mail::ChangesReminder3 => "Rappel\u{a0}: 3\u{a0}jours pour compléter",
        Mail::Resumed => "L’examen reprend",
        Mail::Accepted => "Demande acceptée",
        Mail::Controller | Mail::Dpo => "Rôle dans une habilitation",
        Mail::Technical => "Accès à FranceConnect",
        Mail::NoLongerNamed => "Fin d’un rôle de contact",
        Mail::Refused => "Demande refusée",
        Mail::Withdrawn => "Demande retirée",
        Mail::Revoked => "Habilitation révoquée",
        Mail::Message => "Nouveau message",
        Mail::Assigned => "Demande confiée",
        Mail::Deadline => "Échéance",
        Mail::DraftReminder => "Rappel d’un brouillon",
        Mail::Erasure => "Fin à venir d’un brouillon ou d’une demande",
        Mail::WebhookFailing => "Avis refusés par l’espace partenaires",
        Mail::Invitation => "Invitation à une demande",
        Mail::InvitationToConfirm => "Invitation à confirmer",
        Mail::HandOverOffered => "Demande confiée à un collègue",
        Mail::HandedOver => "Demande transmise",
        Mail::NewOwner => "Nouvelle personne titulaire",
        Mail::SubjectLinked => "Nouvelle façon de s’identifier",
        Mail::FormerAccount => "Demandes à retrouver",
        Mail::AddressChanged => "Changement d’adresse",
        Mail::Card => "Coordonnées à vérifier",
        Mail::CardAnswered => "Réponse d’un contact",
        Mail::RecoveryAsked => "Reprise demandée",
        Mail::RecoveryTold => "Reprise demandée, pour information",
        Mail::RecoveryRefused => "Reprise refusée",
        Mail::RecoveryGranted => "Reprise accordée",
        Mail::Recovered => "Demande reprise par un collègue",
        Mail::RecoveredTold => "Demande reprise, pour information",
        Mail::RecoveryContested => "Reprise contestée",
        Mail::RecoveryUndone => "Reprise annulée",
        Mail::Reassigned => "Demande attribuée par l’exploitant",
        Mail::RecoveryToDecide => "Reprise à décider",
    }
}

/// Returns the recipient of a mail, by their part in the request.
#[must_use]
pub fn recipient(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Applicant => "Demandeur",
        Recipient::Team => "Équipe FranceConnect",
        Recipient::Controller => "Responsable du traitement",
        Recipient::Dpo => "Délégué à la protection des données",
        Recipient::Technical => "Contact technique",
        Recipient::Owner => "Auteur du brouillon",
        Recipient::Operator => "Exploitant du service",
        Recipient::Named => "Personne de la demande",
    }
}

/// Returns the recipient to whom a mail goes, as a heading over it.
#[must_use]
pub fn to(mail: Mail, recipient: Recipient) -> &'static str {
    match (mail, recipient) {
        (_, Recipient::Applicant) => "Au demandeur",
        (_, Recipient::Team) => "À l’équipe FranceConnect",
        (Mail::NoLongerNamed, Recipient::Controller) => "À l’ancien responsable du traitement",
        (Mail::NoLongerNamed, Recipient::Dpo) => "À l’ancien délégué à la protection des données",
        (Mail::NoLongerNamed, Recipient::Technical) => "À l’ancien contact technique",
        (_, Recipient::Controller) => "Au responsable du traitement",
        (_, Recipient::Dpo) => "Au délégué à la protection des données",
        (_, Recipient::Technical) => "Au contact technique",
        (_, Recipient::Owner) => "À l’auteur du brouillon",
        (_, Recipient::Operator) => "À l’exploitant du service",
        (Mail::Card, Recipient::Named) => "Au contact désigné",
        (Mail::Invitation, Recipient::Named) => "À la personne invitée",
        (_, Recipient::Named) => "À une personne de la demande",
    }
}

/// Returns a notice to the partner in words.
#[must_use]
pub fn notice(notice: Notice) -> &'static str {
    match notice {
        Notice::Accepted => "Habilitation acceptée",
        Notice::Revoked => "Habilitation révoquée",
        Notice::Ping => "Essai",
    }
}

/// Recipient of notices.
pub const PARTNER: &str = "Espace partenaires";

/// Sentence where mails are files.
pub const NO_RELAY: &str = "Aucun courriel n’est envoyé\u{a0}: ce service garde chaque courriel dans un fichier.";

/// Sentence where a page without a server shows mails.
pub const NOTHING_LEAVES: &str = "Aucun courriel n’est envoyé dans cette démonstration.";

/// Returns the state of a delivery in words.
#[must_use]
pub fn state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "En attente",
        DeliveryState::Sent => "Parti",
        DeliveryState::Failed => "En échec",
        DeliveryState::Bounced => "Revenu",
    }
}

/// Returns the name of the list of deliveries in a state.
#[must_use]
pub fn states(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "En attente",
        DeliveryState::Sent => "Partis",
        DeliveryState::Failed => "En échec",
        DeliveryState::Bounced => "Revenus",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClosedList;

    #[test]
    fn every_mail_recipient_notice_and_state_has_words() {
        for one in Mail::ALL.iter().copied() {
            assert!(!mail(one).is_empty());
            assert!(Recipient::ALL.iter().all(|recipient| to(one, *recipient).starts_with(['A', 'À'])));
        }
        assert!(Recipient::ALL.iter().all(|one| !recipient(*one).is_empty()));
        assert!(Notice::ALL.iter().all(|one| !notice(*one).is_empty()));
        let mut states: Vec<&str> = DeliveryState::ALL.iter().copied().map(state).collect();
        states.dedup();
        assert_eq!(states.len(), DeliveryState::ALL.len());
    }
}
