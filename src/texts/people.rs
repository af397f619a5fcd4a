//! Words for people who share a request: parts, invitations, hand-overs, recoveries, and the cards of contacts.

use crate::api::ApiError;
use crate::clock;
use crate::model::Date;
use crate::model::wire::{CardContact, HandOver, Newcomer, Part, Participant, RecoveryState, StoredRequest};
use crate::texts::{acts, dates};

/// Returns a part as a badge of a person.
#[must_use]
pub fn part(part: Part) -> &'static str {
    match part {
        Part::Owner => "Titulaire",
        Part::Editor => "Peut modifier",
        Part::Reader => "Peut consulter",
    }
}

/// Returns the purpose of an invitation, to stand after « pour ».
#[must_use]
pub fn purpose(part: Part) -> &'static str {
    match part {
        Part::Owner => "en devenir titulaire",
        Part::Editor => "modifier",
        Part::Reader => "consulter",
    }
}

/// Returns the rights that a part gives, in words.
#[must_use]
pub fn what_a_part_may(part: Part) -> &'static str {
    match part {
        Part::Owner => "Tout faire sur la demande.",
        Part::Editor => {
            "Lire et changer les réponses et les fichiers, écrire à l’équipe FranceConnect. Cette personne ne peut ni envoyer la demande, ni la retirer, ni inviter quelqu’un."
        }
        Part::Reader => "Lire les réponses, les fichiers et l’historique, sans rien changer.",
    }
}

/// Returns the rights that a part gives, in words to the person who is invited to it.
#[must_use]
pub fn what_you_may(part: Part) -> &'static str {
    match part {
        Part::Owner => "Vous pourrez tout faire sur la demande.",
        Part::Editor => {
            "Vous pourrez lire et changer les réponses et les fichiers, et écrire à l’équipe FranceConnect. Vous ne pourrez ni envoyer la demande, ni la retirer, ni inviter quelqu’un."
        }
        Part::Reader => "Vous pourrez lire les réponses, les fichiers et l’historique, sans rien changer.",
    }
}

/// Returns the caller's part in a list of requests; nothing for the owner, who needs no such word.
#[must_use]
pub fn own_part(part: Part, elsewhere: bool) -> Option<&'static str> {
    match part {
        _ if elsewhere => Some("Autre organisation : lecture seule"),
        Part::Owner => None,
        Part::Editor => Some("Vous modifiez"),
        Part::Reader => Some("Vous consultez"),
    }
}

/// Returns why somebody may not do everything to a request; nothing where they may.
#[must_use]
pub fn why_not(request: &StoredRequest) -> Option<&'static str> {
    match request.role {
        Part::Owner if request.elsewhere => Some(
            "Votre session est ouverte pour une autre organisation que celle de cette demande : vous pouvez la lire, et la confier à un collègue. Pour la modifier, identifiez-vous au nom de son organisation.",
        ),
        _ if request.elsewhere => Some(
            "Votre session est ouverte pour une autre organisation que celle pour laquelle vous participez à cette demande : vous pouvez la lire. Pour la modifier, identifiez-vous au nom de cette organisation.",
        ),
        Part::Owner => None,
        Part::Editor => Some(
            "Vous participez à cette demande : vous pouvez la modifier quand elle est à compléter. Seule la personne titulaire peut l’envoyer, la retirer ou la reprendre.",
        ),
        Part::Reader => {
            Some("Vous participez à cette demande pour la consulter : vous pouvez tout lire, sans rien changer.")
        }
    }
}

/// Returns the name of a participant.
#[must_use]
pub fn name(person: &Participant) -> String {
    full_name(&person.given_name, &person.family_name)
}

/// Returns the name of a newcomer.
#[must_use]
pub fn name_of_newcomer(person: &Newcomer) -> String {
    let name = full_name(&person.given_name, &person.family_name);
    if name.is_empty() { person.email.clone() } else { name }
}

fn full_name(given_name: &str, family_name: &str) -> String {
    [given_name, " ", family_name].concat().trim().to_owned()
}

/// Returns the names of the others who have the draft open, in a sentence; empty if nobody has.
#[must_use]
pub fn others_here(people: &[Participant]) -> String {
    let names: Vec<String> = people.iter().filter(|person| person.here && !person.you).map(name).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => [one, " a aussi ouvert cette demande. Ses réponses s’affichent ici dès qu’elles sont enregistrées."]
            .concat(),
        [others @ .., last] => [
            &others.join(", "),
            " et ",
            last,
            " ont aussi ouvert cette demande. Leurs réponses s’affichent ici dès qu’elles sont enregistrées.",
        ]
        .concat(),
    }
}

/// Returns the last day of something that ends at a time, to stand in a sentence.
#[must_use]
pub fn until(rfc3339: &str) -> String {
    dates::day(clock::day_in_paris(rfc3339))
}

/// Returns the sentence on a hand-over that is under way. `name` is of the person whom it is for.
#[must_use]
pub fn hand_over(hand_over: &HandOver, name: &str) -> String {
    let end = until(&hand_over.expires_at);
    match hand_over.to_you {
        true => ["Cette demande vous est confiée. Vous pouvez l’accepter jusqu’au ", &end, "."].concat(),
        false => [
            "Cette demande est confiée à ",
            name,
            ", qui peut l’accepter jusqu’au ",
            &end,
            ". D’ici là, rien ne change.",
        ]
        .concat(),
    }
}

/// Words about an invitation whose mail could not be delivered.
pub const INVITATION_UNDELIVERED: &str =
    "L’invitation n’a pas pu être remise à cette adresse. Vérifiez-la avec la personne, puis invitez-la de nouveau.";

/// Words about an offer of a request whose mail could not be delivered.
pub const HAND_OVER_UNDELIVERED: &str = "Le courriel qui le lui annonce n’a pas pu être remis. Prévenez cette personne vous-même\u{a0}: elle peut accepter dès qu’elle s’identifie.";

/// Returns the words about a contact to whom the request for their details could not be delivered.
#[must_use]
pub fn card_undelivered(of: CardContact) -> String {
    [
        "La demande de coordonnées envoyée au ",
        contact(of),
        " n’a pas pu être remise. Vérifiez l’adresse e-mail de cette personne, puis écrivez-lui de nouveau.",
    ]
    .concat()
}

/// Returns the sentence on a request that was taken over, while its former owner may contest that until a day.
#[must_use]
pub fn contestable(until: Date) -> String {
    [
        "La personne titulaire a repris cette demande. Celle qui l’était avant peut le contester jusqu’au ",
        &dates::day(until),
        "\u{a0}: d’ici là, la demande ne peut être ni retirée, ni archivée, ni confiée à quelqu’un d’autre.",
    ]
    .concat()
}

/// Consequences for the person who accepts a request.
pub const ACCEPTING: &str = "En acceptant, vous devenez la personne titulaire : vous seul pourrez envoyer la demande, la retirer, et décider qui y participe. La personne qui vous la confie pourra la consulter.";

/// Returns why something about people was not done, to stand after a colon.
#[must_use]
pub fn refusal(error: &ApiError) -> String {
    match error.status() {
        Some(401) => "votre session est terminée. Reconnectez-vous, puis réessayez.".to_owned(),
        Some(404 | 410) => "ce n’est plus possible. La page est maintenant à jour.".to_owned(),
        Some(409) => "la situation vient de changer, ou le nombre maximal est atteint. Vérifiez la liste.".to_owned(),
        Some(422) => "le service n’accepte pas ce qui est écrit. Vérifiez l’adresse et le texte.".to_owned(),
        _ => acts::refusal(error),
    }
}

/// Answer to every call for a request, whether or not there is one.
pub const RECOVERY_ASKED: &str = "Si cette demande existe et relève de votre organisation, son titulaire est prévenu.";

/// Returns a state of a recovery in words.
#[must_use]
pub fn recovery_state(state: RecoveryState) -> &'static str {
    match state {
        RecoveryState::Asked => "Attend votre réponse",
        RecoveryState::Unanswered => "Sans réponse dans le délai",
        RecoveryState::Granted => "Demande transmise",
        RecoveryState::Contested => "Reprise contestée",
    }
}

/// Returns the office of a contact, to stand inside a sentence: after « comme » or « au ».
#[must_use]
pub fn contact(contact: CardContact) -> &'static str {
    match contact {
        CardContact::Controller => "responsable du traitement",
        CardContact::Dpo => "délégué à la protection des données",
        CardContact::Technical => "contact technique",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClosedList;
    use crate::model::Id;
    use crate::model::wire::State;

    fn person(name: &str, here: bool, you: bool) -> Participant {
        Participant {
            id: name.to_owned(),
            given_name: name.to_owned(),
            family_name: "Modèle".to_owned(),
            organisation: String::new(),
            role: Part::Editor,
            external: false,
            you,
            here,
        }
    }

    #[test]
    fn whoever_has_the_draft_open_is_named_and_nobody_is_told_of_themselves() {
        assert_eq!(others_here(&[person("Sacha", false, false), person("Lou", true, true)]), "");
        let one = others_here(&[person("Sacha", true, false), person("Lou", true, true)]);
        assert!(one.starts_with("Sacha Modèle a aussi ouvert"), "{one}");
        let two = others_here(&[person("Sacha", true, false), person("Lou", true, false)]);
        assert!(two.starts_with("Sacha Modèle et Lou Modèle ont aussi ouvert"), "{two}");
    }

    #[test]
    fn only_an_owner_in_a_session_of_the_organisation_needs_no_explanation() {
        for role in Part::ALL.iter().copied() {
            for elsewhere in [false, true] {
                let request =
                    StoredRequest { role, elsewhere, state: State::Draft, ..StoredRequest::begun(Id::new(0, [1; 10])) };
                let is_free = role == Part::Owner && !elsewhere;
                assert_eq!(why_not(&request).is_none(), is_free, "{role:?} {elsewhere}");
                assert_eq!(own_part(role, elsewhere).is_none(), is_free, "{role:?} {elsewhere}");
            }
        }
    }

    #[test]
    fn sentences_are_well_set() {
        let parts = Part::ALL
            .iter()
            .flat_map(|role| [part(*role), purpose(*role), what_a_part_may(*role), what_you_may(*role)]);
        let requests = Part::ALL.iter().flat_map(|role| {
            [false, true].map(|elsewhere| StoredRequest {
                role: *role,
                elsewhere,
                ..StoredRequest::begun(Id::new(0, [1; 10]))
            })
        });
        let reasons = requests.filter_map(|request| why_not(&request));
        for words in parts.chain(reasons).chain([ACCEPTING, RECOVERY_ASKED]) {
            for wrong in [" :", " ;", " ?", " !", " »", "« ", "'", "..."] {
                assert!(!words.contains(wrong), "{wrong:?} in {words:?}");
            }
        }
    }
}
