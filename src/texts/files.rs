//! Texts on files: progress, failures, and what can be done about them.

use super::{messages, size};
use crate::model::document::MAX_SIZE;
use crate::uploads::{Stage, UploadError};

/// Returns the progress of a file of so many bytes. In a demonstration, the file is kept on the device.
#[must_use]
pub fn state(stage: Stage, bytes: u64, is_local: bool) -> String {
    match stage {
        Stage::Waiting => "En attente d’envoi".to_owned(),
        Stage::Sending(sent) => format!("{} envoyés sur {}", size(sent.min(bytes)), size(bytes)),
        Stage::Unverified => "L’arrivée de ce fichier sera vérifiée dès que le service répondra.".to_owned(),
        Stage::Uploaded if is_local => "Gardé sur cet appareil".to_owned(),
        Stage::Uploaded => "Envoyé".to_owned(),
        Stage::Failed(UploadError::TooLarge) => format!(
            "Ce fichier dépasse {}. Retirez-le et choisissez-en une version plus légère.",
            messages::mebibytes(MAX_SIZE)
        ),
        Stage::Failed(error) => reason(error).to_owned(),
        Stage::Lost => "Ce fichier n’est pas arrivé. Retirez-le et choisissez-le à nouveau.".to_owned(),
    }
}

/// Returns the progress of a file of so many bytes that goes with a message, and leaves with it.
#[must_use]
pub fn attached(stage: Stage, bytes: u64, is_local: bool) -> String {
    match stage {
        Stage::Uploaded => "Prêt à partir avec le message".to_owned(),
        stage => state(stage, bytes, is_local),
    }
}

/// Returns why a message with files cannot leave yet: one is on its way, or did not arrive.
#[must_use]
pub fn not_arrived(is_sending: bool) -> &'static str {
    if is_sending {
        "Attendez que les fichiers soient arrivés, ou retirez-les, puis envoyez le message."
    } else {
        "Un fichier n’est pas arrivé : réessayez ou retirez-le, puis envoyez le message."
    }
}

/// Reason for which a message did not leave: the service has not, or has no more, one of its files.
pub const REFUSED: &str =
    "Un fichier n’est plus joint\u{a0}: retirez-le et choisissez-le à nouveau, puis envoyez le message.";

/// Returns why a file failed, and what to do.
fn reason(error: UploadError) -> &'static str {
    match error {
        UploadError::Offline => {
            "Vous êtes hors ligne : ce fichier n’est pas parti. Réessayez quand la connexion à internet sera rétablie."
        }
        UploadError::Unreachable => "Le service ne répond pas. Vérifiez votre accès à internet, puis réessayez.",
        UploadError::ServerUnavailable => "Le service est momentanément indisponible. Réessayez dans quelques minutes.",
        UploadError::Intercepted => {
            "L’envoi a été refusé entre cet appareil et le service, par exemple par le réseau de votre organisation ou par un logiciel de sécurité. Réessayez depuis un autre réseau, ou adressez-vous à votre service informatique."
        }
        UploadError::InterceptedAsTooLarge => {
            "Ce fichier est trop lourd pour parvenir au service, même s’il ne dépasse pas la limite annoncée. Retirez-le et choisissez-en une version plus légère, ou réessayez depuis un autre réseau."
        }
        UploadError::SignedOut => {
            "Votre session est terminée. Reconnectez-vous, puis réessayez, ou choisissez à nouveau ce fichier."
        }
        UploadError::Busy => "Le service est très sollicité en ce moment. Réessayez dans un instant.",
        UploadError::TooSlow => {
            "L’envoi a été trop lent : le service ne l’a pas attendu. Réessayez, ou choisissez une version plus légère."
        }
        UploadError::ServerError => "Le service a rencontré un problème. Réessayez dans quelques minutes.",
        UploadError::ServerFull => {
            "Le service n’a plus de place pour garder ce fichier. Cela ne vient pas de votre appareil : réessayez plus tard."
        }
        UploadError::Quota => {
            "Une limite du service est atteinte, en nombre de fichiers ou en place occupée. Retirez des fichiers, puis réessayez."
        }
        UploadError::QuotaOfRequest => {
            "Cette demande a déjà autant de fichiers qu’elle peut en recevoir. Retirez-en un, puis réessayez."
        }
        UploadError::QuotaOfPerson => {
            "Les fichiers de toutes vos demandes occupent déjà la place qui leur est réservée. Retirez-en, ou supprimez un brouillon, puis réessayez."
        }
        UploadError::FileType => {
            "Ce fichier n’est pas un document PDF, PNG ou JPEG. Retirez-le et choisissez-en un autre."
        }
        UploadError::Submitted => "Cette demande est déjà envoyée : aucun fichier ne peut plus y être ajouté.",
        UploadError::Gone => {
            "Le service ne trouve plus cette demande : elle a pu être supprimée dans un autre onglet ou sur un autre appareil. Gardez vos réponses dans une nouvelle demande, puis ajoutez-y ce fichier."
        }
        UploadError::Outdated => "Cette page n’est plus à jour. Rechargez-la, puis choisissez à nouveau ce fichier.",
        UploadError::Changed => {
            "Ce fichier a changé depuis que vous l’avez choisi, ou n’est plus à sa place. Retirez-le et choisissez-le à nouveau."
        }
        UploadError::DeviceFull => {
            "Il n’y a plus assez de place sur cet appareil pour garder ce fichier. Retirez-en d’autres ou choisissez-en un plus léger, puis réessayez."
        }
        UploadError::StorageBlocked => {
            "Ce navigateur ne garde pas de fichiers pour ce site. Autorisez-le dans ses réglages, puis réessayez, ou retirez le fichier."
        }
        UploadError::TooLarge | UploadError::Rejected => {
            "Ce fichier n’a pas été accepté. Retirez-le et choisissez-en un autre."
        }
    }
}

/// Title and text of the notice about files whose upload ended when the page was left.
pub const LOST: (&str, &str) = (
    "Des fichiers ne sont pas arrivés",
    "La page a été quittée avant la fin de leur envoi. S’ils ne sont pas en cours d’envoi dans un autre onglet, retirez-les et choisissez-les à nouveau :",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_the_network_is_said_where_it_is_the_network() {
        for error in [
            UploadError::Busy,
            UploadError::ServerError,
            UploadError::ServerFull,
            UploadError::SignedOut,
            UploadError::TooLarge,
            UploadError::Changed,
        ] {
            let words = state(Stage::Failed(error), 1, false);
            assert!(!words.contains("internet") && !words.contains("réseau"), "{words}");
        }
    }
}
