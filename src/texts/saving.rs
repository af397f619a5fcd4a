//! Texts on where the answers are saved.

use crate::device::Persistence;
use crate::draft::SaveStatus;
use crate::model::saving::{Failure, SavedTo};
use crate::texts::{dates, lifecycle};

/// Status of a draft with fields that have two values.
pub const IN_DOUBT: &str = "À vérifier : deux versions";

/// Returns on one line where the answers are, and since when.
#[must_use]
pub fn line(status: &SaveStatus) -> String {
    let why = match status.saved_to {
        SavedTo::Nowhere | SavedTo::Erased => return String::new(),
        SavedTo::Server => return with_time("Enregistré", " à ", status.since),
        SavedTo::OnTheWay if status.persistence == Persistence::Memory => "Pas encore enregistré",
        SavedTo::OnTheWay => return "Enregistrement…".to_owned(),
        SavedTo::Device(failure) => short_reason(failure, status.online),
    };
    let place = match status.persistence {
        Persistence::Local => "gardé sur cet appareil",
        Persistence::Session => "gardé sur cet appareil tant que l’onglet reste ouvert,",
        Persistence::Memory => return [why, " – gardez cette page ouverte"].concat(),
    };
    with_time(&[why, " – ", place].concat(), " depuis ", status.since)
}

/// Returns the line for a demonstration, where nothing leaves the device.
#[must_use]
pub fn line_here(status: &SaveStatus) -> String {
    match (status.saved_to, status.persistence) {
        (SavedTo::Server | SavedTo::OnTheWay, Persistence::Memory) => {
            "Non gardé – gardez cette page ouverte".to_owned()
        }
        (SavedTo::Server | SavedTo::OnTheWay, Persistence::Session) => {
            "Gardé tant que l’onglet reste ouvert".to_owned()
        }
        (SavedTo::Server | SavedTo::OnTheWay, Persistence::Local) => "Gardé sur cet appareil".to_owned(),
        _ => line(status),
    }
}

fn with_time(words: &str, before_time: &str, since: Option<u64>) -> String {
    let Some(since) = since else { return words.trim_end_matches(',').to_owned() };
    let when = dates::since(since);
    // « à 10 h 32 », but « le 22 novembre ».
    let before = if before_time == " à " && when.starts_with("le ") { " " } else { before_time };
    [words, before, &when].concat()
}

/// Returns in two or three words why the answers are not on the server.
fn short_reason(failure: Failure, online: bool) -> &'static str {
    match failure {
        Failure::Unreachable if online => "Service injoignable",
        Failure::Unreachable => "Hors ligne",
        Failure::Intercepted => "Service bloqué",
        Failure::QuotaReached => "Limite de brouillons atteinte",
        Failure::SignedOut => "Session terminée",
        Failure::NotPermitted => "Droit de modifier retiré",
        Failure::Gone => "Demande supprimée ailleurs",
        Failure::NotOnServer => "Demande inconnue du service",
        Failure::Submitted => "Plus modifiable",
        Failure::TooLarge => "Trop de texte",
        Failure::NotUnderstood => "Enregistrement refusé",
        Failure::Outdated => "Page à recharger",
    }
}

/// Returns the title of a failure, and what becomes of the answers.
#[must_use]
pub fn notice(failure: Failure, status: &SaveStatus) -> (&'static str, &'static str) {
    match failure {
        Failure::Unreachable if status.persistence == Persistence::Memory => (
            unreachable(status.online),
            "Vous pouvez continuer, mais gardez cette page ouverte : ce navigateur ne garde pas vos réponses. Elles seront enregistrées dès que possible, sans que vous ayez à intervenir.",
        ),
        Failure::Unreachable => (
            unreachable(status.online),
            "Vous pouvez continuer : vos réponses sont gardées sur cet appareil. Elles seront enregistrées dès que possible, sans que vous ayez à intervenir.",
        ),
        Failure::Intercepted if status.persistence == Persistence::Memory => (
            INTERCEPTED,
            "Le réseau ou un logiciel de sécurité répond à la place du service. Gardez cette page ouverte, ou exportez vos réponses dans un fichier : ce navigateur ne les garde pas. De nouveaux essais ont lieu régulièrement, sans que vous ayez à intervenir.",
        ),
        Failure::Intercepted => (
            INTERCEPTED,
            "Le réseau ou un logiciel de sécurité répond à la place du service. Vos réponses sont gardées sur cet appareil, et de nouveaux essais ont lieu régulièrement. Si cela dure, exportez-les dans un fichier, essayez depuis un autre réseau ou adressez-vous à votre service informatique.",
        ),
        Failure::QuotaReached => (
            "Vos brouillons occupent toute la place que le service leur réserve",
            "Vos réponses sont gardées sur cet appareil. Supprimez les brouillons dont vous n’avez plus besoin depuis « Mes demandes » : l’enregistrement reprendra de lui-même.",
        ),
        Failure::SignedOut => (
            "Votre session est terminée",
            "Vos réponses sont gardées sur cet appareil. Reconnectez-vous, puis revenez ici : l’enregistrement reprendra de lui-même.",
        ),
        Failure::NotPermitted => (
            "Vous ne pouvez plus modifier cette demande",
            "Vous n’avez plus le droit de la modifier, ou votre session est ouverte pour une autre organisation que la sienne. Ce que vous avez écrit et qui n’était pas encore enregistré est gardé sur cet appareil : vous pouvez le relire ici, ou le garder dans une nouvelle demande, sans les fichiers joints. Si ce droit vous est rendu, revenez sur cette page : l’enregistrement reprendra de lui-même.",
        ),
        Failure::Gone => (
            "Cette demande a été supprimée",
            "Elle l’a été dans un autre onglet ou sur un autre appareil. Les réponses affichées ici sont encore sur cet appareil : vous pouvez les garder dans une nouvelle demande, sans les fichiers joints.",
        ),
        Failure::NotOnServer => (
            "Le service ne connaît plus cette demande",
            "Il l’avait enregistrée, mais ne la retrouve pas. Les réponses affichées ici sont encore sur cet appareil : vous pouvez les garder dans une nouvelle demande, sans les fichiers joints.",
        ),
        Failure::Submitted => lifecycle::unsent(None),
        Failure::TooLarge => (
            "Vos réponses sont trop longues pour être enregistrées",
            "Elles restent sur cet appareil. Raccourcissez les textes les plus longs : l’enregistrement reprendra de lui-même. Commencez par :",
        ),
        Failure::Outdated if status.persistence == Persistence::Memory => (
            OUTDATED,
            "Ce navigateur ne garde pas vos réponses : exportez-les dans un fichier avant de la recharger, puis importez-le depuis « Mes demandes ».",
        ),
        Failure::Outdated => (
            OUTDATED,
            "Rechargez-la pour continuer. Vos réponses sont gardées sur cet appareil : elles seront enregistrées ensuite.",
        ),
        Failure::NotUnderstood => (
            "Une réponse n’a pas pu être enregistrée",
            "Vos réponses restent sur cet appareil. Saisissez de nouveau la réponse qui n’a pas été enregistrée, sans caractère spécial : l’enregistrement reprendra de lui-même.",
        ),
    }
}

/// Title and text of the notice for a person who does not take part in the request any more.
pub const NOT_TAKING_PART: (&str, &str) = (
    "Vous ne participez plus à cette demande",
    "La personne titulaire a mis fin à votre participation, ou la demande n’existe plus. Les réponses affichées ici sont encore sur cet appareil : vous pouvez les garder dans une nouvelle demande, sans les fichiers joints.",
);

/// Title and text of the notice for a person from whom a request was taken back.
pub const TAKEN_BACK: (&str, &str) = (
    "Cette demande n’est plus la vôtre",
    "La personne qui en était titulaire avant vous a contesté la reprise, et la demande lui a été rendue ; ou bien la demande n’existe plus. Les réponses affichées ici sont encore sur cet appareil : vous pouvez les garder dans une nouvelle demande, sans les fichiers joints.",
);

/// Title of the notice about a network that blocks the service.
const INTERCEPTED: &str = "Quelque chose bloque l’accès au service";

/// Title of the notice about a page that is older than the service.
const OUTDATED: &str = "Cette page n’est plus à jour";

fn unreachable(online: bool) -> &'static str {
    if online { "Le service ne répond pas" } else { "Vous êtes hors ligne" }
}

/// Title and text of the notice for a browser that stores nothing, where a server saves the answers.
pub const MEMORY: (&str, &str) = (
    "Ce navigateur ne garde pas vos réponses",
    "Son stockage est bloqué, plein, ou n’est pas utilisé ici. Vos réponses sont enregistrées par le service au fur et à mesure : avant de fermer la page, attendez que « Enregistré » s’affiche en haut.",
);

/// Title and text of the notice for a browser that stores nothing, in a demonstration.
pub const MEMORY_HERE: (&str, &str) = (
    MEMORY.0,
    "Son stockage est bloqué, plein, ou n’est pas utilisé ici. Ce que vous écrivez sera perdu dès que cette page sera fermée ou rechargée.",
);
