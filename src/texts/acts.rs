//! Words for acts that the service refuses.

use crate::api::ApiError;
use crate::clock;
use crate::model::wire::{Event, Problem};
use crate::texts::{dates, lifecycle};

/// Returns why an act was not done, and what to do, to stand after a colon.
#[must_use]
pub fn refusal(error: &ApiError) -> String {
    match (error, error.status()) {
        (ApiError::RetryLater { status: 429, delay }, _) => too_many(*delay),
        (ApiError::Intercepted(_), _) => {
            "quelque chose, entre cet appareil et le service, bloque l’envoi. Réessayez plus tard, ou depuis un autre réseau."
                .to_owned()
        }
        (ApiError::Newer(_), _) => "cette page n’est plus à jour. Rechargez-la, puis réessayez.".to_owned(),
        (ApiError::Problem(problem), _) if problem.kind.ends_with("/not-permitted") => not_permitted(problem).to_owned(),
        (_, Some(403)) => {
            "le service ne le permet pas depuis cette page. Ouvrez la demande dans un nouvel onglet, puis réessayez."
                .to_owned()
        }
        (_, Some(404)) => "le service ne connaît plus cette demande.".to_owned(),
        (_, Some(410)) => "cette demande a été supprimée.".to_owned(),
        (_, Some(422)) => "le service n’accepte pas ce qui est écrit. Modifiez-le, puis réessayez.".to_owned(),
        (_, Some(_)) => "le service n’a pas pu traiter cette action. Réessayez plus tard.".to_owned(),
        (_, None) => "le service ne répond pas. Vérifiez votre accès à internet, puis réessayez.".to_owned(),
    }
}

/// Returns the refusal of what a person may not do, by the code that tells why.
fn not_permitted(problem: &Problem) -> &'static str {
    match problem.errors.first().map(|error| error.code.as_str()) {
        Some("elsewhere") => {
            "votre session est ouverte pour une autre organisation que celle pour laquelle vous participez à cette demande."
        }
        Some("contestable") => {
            "la demande vient d’être reprise, et son ancien titulaire peut encore le contester. Réessayez plus tard."
        }
        _ => "vous n’en avez pas, ou plus, le droit. Rechargez la page pour voir ce que vous pouvez faire.",
    }
}

/// Returns the refusal of one act too many, with the time from which on the service takes more.
fn too_many(delay: u32) -> String {
    let when = dates::since(clock::now() + u64::from(delay));
    let before = if when.starts_with("le ") { "" } else { "à " };
    let retry = match delay {
        0 => "Réessayez plus tard.".to_owned(),
        _ => ["Vous pourrez réessayer ", before, &when, "."].concat(),
    };
    ["vous avez atteint le nombre maximal de messages ou d’actions. ", &retry].concat()
}

/// Returns the last act that moved the state, with who did it and when; nothing where there is none.
#[must_use]
pub fn last_move(events: &[Event]) -> Option<String> {
    let last = events.iter().rev().find(|event| event.kind.moves_state())?;
    let when = clock::parse(&last.at).map(dates::since).unwrap_or_default();
    Some([&lifecycle::event(last, events)?, " (", &lifecycle::author(last), ", ", &when, ")."].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::time::set_now;
    use crate::model::lifecycle::Stamp;
    use crate::model::wire::{By, Kind, Problem, Side};
    use crate::model::{Date, Id};

    #[test]
    fn each_refusal_tells_its_own_reason() {
        set_now(1_800_000_000_000);
        let problem = |status| ApiError::Problem(Box::new(Problem::of(status)));
        let errors = [
            ApiError::RetryLater { status: 429, delay: 0 },
            ApiError::Intercepted(403),
            ApiError::Newer(String::new()),
            problem(403),
            problem(404),
            problem(410),
            problem(422),
            problem(500),
            ApiError::Unreachable,
        ];
        let words: Vec<String> = errors.iter().map(refusal).collect();
        for (place, one) in words.iter().enumerate() {
            assert!(one.ends_with('.') && !words[..place].contains(one), "{one}");
        }
        assert_eq!(refusal(&ApiError::RetryLater { status: 503, delay: 5_000 }), words[8], "it may pass");
    }

    #[test]
    fn a_pace_tells_when_it_ends() {
        set_now(1_800_000_000_000);
        let of = |delay| refusal(&ApiError::RetryLater { status: 429, delay });
        assert!(of(60_000).contains("Vous pourrez réessayer à "), "{}", of(60_000));
        assert!(of(86_400_000).contains("Vous pourrez réessayer le "), "{}", of(86_400_000));
    }

    #[test]
    fn whoever_moved_the_request_last_is_named_with_the_time() {
        let event = |seq, kind, side, name: &str| {
            let by = By { side, name: name.to_owned(), job_title: String::new() };
            let (at, on) = ("2027-01-15T08:00:00.000Z".to_owned(), Date::parse("2027-01-15").unwrap());
            Event::new(Stamp { id: Id::new(seq, [1; 10]), at, on, by }, seq, kind)
        };
        let events = [
            event(1, Kind::Submitted, Side::Applicant, ""),
            event(2, Kind::Refused, Side::Examiner, "Claire Marchand"),
            event(3, Kind::Message, Side::Applicant, ""),
        ];
        let told = last_move(&events).unwrap();
        assert!(told.starts_with("Demande refusée (Claire Marchand, de l’équipe FranceConnect, "), "{told}");
        assert_eq!(last_move(&[]), None);
    }
}
