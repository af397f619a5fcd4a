//! Words for the life of a request once it is sent: states, terms, what comes next, and its history.

use crate::model::Date;
use crate::model::wire::{Event, Habilitation, Kind, Part, Side, State, StoredRequest};
use crate::texts::{count, dates};

/// Returns the name of a state.
#[must_use]
pub fn state(state: State) -> &'static str {
    match state {
        State::Draft => "Brouillon",
        State::Submitted => "En cours d’examen",
        State::ChangesRequested => "Compléments demandés",
        State::Accepted => "Acceptée",
        State::Refused => "Refusée",
        State::Withdrawn => "Retirée",
        State::Revoked => "Révoquée",
        State::Archived => "Archivée",
    }
}

/// Returns the last change of a request in a state, to stand before its day.
#[must_use]
pub fn changed(state: State) -> &'static str {
    match state {
        State::Draft | State::ChangesRequested => "modifiée",
        State::Submitted => "envoyée",
        State::Accepted => "acceptée",
        State::Refused => "refusée",
        State::Withdrawn => "retirée",
        State::Revoked => "révoquée",
        State::Archived => "archivée",
    }
}

/// Returns the outcome of a request as a heading.
#[must_use]
pub fn outcome(request: &StoredRequest) -> &'static str {
    let is_modification = is_modification(request.state, request.habilitation.as_ref());
    match request.state {
        State::Draft if is_modification => "Votre modification est à compléter",
        State::Draft => "Votre demande est à compléter",
        State::Submitted if is_modification => "Votre modification est envoyée",
        State::Submitted => "Votre demande est envoyée",
        State::ChangesRequested => "Des compléments vous sont demandés",
        State::Accepted if has_ended_modification(request) => "Votre habilitation est en vigueur",
        State::Accepted => "Votre demande est acceptée",
        State::Refused => "Votre demande est refusée",
        State::Withdrawn => "Votre demande est retirée",
        State::Revoked => "Votre habilitation est révoquée",
        State::Archived => "Votre demande est archivée",
    }
}

/// Returns whether the last submission was a modification that ended without being accepted: the habilitation is of another one.
#[must_use]
pub fn has_ended_modification(request: &StoredRequest) -> bool {
    let last = request.submissions.last().map(|submission| submission.n);
    let active = request.habilitation.as_ref().map(|habilitation| habilitation.submission);
    request.state == State::Accepted && last.is_some() && active.is_some() && active != last
}

/// Returns the title of what the team wrote in an act.
#[must_use]
pub fn decision(kind: Kind, is_modification: bool) -> &'static str {
    match kind {
        Kind::Refused if is_modification => "La modification est refusée",
        Kind::Refused => "Les raisons du refus",
        Kind::Revoked => "Les raisons de la révocation",
        Kind::ChangesRequested => "Ce que l’équipe vous demande",
        Kind::Resumed => "L’équipe a repris l’examen",
        _ => "Le message de l’équipe",
    }
}

/// Returns the author and the time of an event.
#[must_use]
pub fn who_and_when(event: &Event) -> String {
    [&author(event), ", le ", &dates::day_and_time(&event.at)].concat()
}

/// Returns the reason why answers of this device cannot be sent, as a title and a sentence.
///
/// `last` is the kind of the act that moved the request last.
#[must_use]
pub fn unsent(last: Option<Kind>) -> (&'static str, &'static str) {
    match last {
        Some(Kind::Submitted) => (
            "Cette demande a déjà été envoyée",
            "Elle l’a été dans un autre onglet ou sur un autre appareil. Les réponses changées ici depuis n’en font pas partie\u{a0}: vous pouvez les garder dans une nouvelle demande, sans les fichiers joints.",
        ),
        Some(Kind::Resumed) => (
            "L’équipe a repris l’examen",
            "L’équipe a repris l’examen\u{a0}: vos modifications sont gardées, mais ne peuvent plus être envoyées maintenant.",
        ),
        Some(Kind::Withdrawn) => (
            "Cette demande a été retirée",
            "Vos modifications sont gardées sur cet appareil. Vous les retrouverez si vous reprenez la demande depuis sa page.",
        ),
        Some(Kind::Accepted) => (
            "Cette demande a été acceptée",
            "Vos modifications n’en font pas partie. Elles sont gardées sur cet appareil\u{a0}: vous les retrouverez si vous modifiez la demande depuis sa page.",
        ),
        Some(Kind::Refused) => (
            "L’équipe a rendu sa réponse",
            "Vos modifications n’en font pas partie. Elles sont gardées sur cet appareil\u{a0}: vous les retrouverez si vous reprenez la demande depuis sa page.",
        ),
        Some(Kind::Revoked) => (
            "L’équipe a révoqué cette habilitation",
            "Vos modifications sont gardées sur cet appareil, mais ne peuvent plus être envoyées maintenant.",
        ),
        Some(Kind::Archived) => (
            "Cette demande est archivée",
            "Elle ne peut plus être modifiée. Vous pouvez garder vos modifications dans une nouvelle demande, sans les fichiers joints.",
        ),
        _ => (
            "Cette demande ne peut plus être modifiée pour le moment",
            "Vos modifications sont gardées sur cet appareil, mais ne peuvent plus être envoyées maintenant.",
        ),
    }
}

/// Returns whether a request is changed while its habilitation stays in force.
#[must_use]
pub fn is_modification(state: State, habilitation: Option<&Habilitation>) -> bool {
    habilitation.is_some() && state != State::Accepted
}

/// Returns when an answer is due, or since when it is overdue, to stand in a row.
#[must_use]
pub fn due(due_on: Date, today: Date) -> String {
    let words = if today > due_on { "sans réponse depuis le " } else { "réponse attendue avant le " };
    [words, &dates::day(due_on)].concat()
}

/// Returns sentences on what comes next: who acts, by when, and what stays valid meanwhile.
#[must_use]
pub fn next_steps(request: &StoredRequest, today: Date) -> Vec<String> {
    let habilitation = request.habilitation.as_ref();
    let mut sentences = match request.state {
        State::Draft => vec!["C’est à vous\u{a0}: complétez la demande, puis envoyez-la.".to_owned()],
        State::Submitted => examined(request, today),
        State::ChangesRequested => asked_for_changes(request, today),
        State::Accepted => {
            let number = habilitation.map(|habilitation| habilitation.number.as_str()).unwrap_or_default();
            vec![["Votre habilitation ", number, " est en vigueur."].concat()]
        }
        State::Refused => {
            vec!["L’équipe FranceConnect a refusé votre demande.".to_owned(), RESUME_OR_APPEAL.to_owned()]
        }
        State::Withdrawn => {
            vec!["L’équipe FranceConnect n’examine plus cette demande. Vous pouvez la reprendre.".to_owned()]
        }
        State::Revoked => {
            vec!["L’équipe FranceConnect a mis fin à votre habilitation.".to_owned(), RESUME_OR_APPEAL.to_owned()]
        }
        State::Archived => {
            vec!["Cette demande ne peut plus être modifiée. Vous pouvez la relire et la dupliquer.".to_owned()]
        }
    };
    if let Some(habilitation) = habilitation.filter(|_| is_modification(request.state, habilitation)) {
        sentences.push(["Votre habilitation ", &habilitation.number, " reste valable jusqu’à la réponse."].concat());
    }
    let is_examined = matches!(request.state, State::Submitted | State::ChangesRequested);
    if let Some(examiner) = request.examiner.as_ref().filter(|_| is_examined) {
        let (before, after) = if examiner.job_title.is_empty() { ("", ".") } else { (" (", ").") };
        sentences.push(["Votre demande est confiée à ", &examiner.name, before, &examiner.job_title, after].concat());
    }
    sentences
}

/// Returns the time that the team usually takes to answer, by the median of its last answers if known.
#[must_use]
pub fn usual_answer(median: Option<u32>) -> String {
    let usual = match median {
        None => "en quelques jours".to_owned(),
        Some(0) => "le jour même".to_owned(),
        Some(days) => ["en ", &count(usize::try_from(days).unwrap_or(usize::MAX), "jour", "jours")].concat(),
    };
    [
        "L’équipe répond en général ",
        &usual,
        ", par courriel. Comptez quelques semaines si le cadre juridique demande une analyse approfondie.",
    ]
    .concat()
}

/// Ways that are left to the applicant after a decision against them.
const RESUME_OR_APPEAL: &str = "Vous pouvez reprendre la demande et l’envoyer de nouveau, ou contester cette décision (voir «\u{a0}Vos recours\u{a0}»).";

/// Returns the sentences on a request that the team examines.
fn examined(request: &StoredRequest, today: Date) -> Vec<String> {
    let object = match is_modification(request.state, request.habilitation.as_ref()) {
        true => "modification",
        false => "demande",
    };
    let examined = || ["L’équipe FranceConnect examine votre ", object, "."].concat();
    match request.due_on {
        // What an older server does not tell is not claimed.
        None => vec![examined()],
        Some(due_on) if today > due_on => vec![
            [
                "Sans réponse depuis le ",
                &dates::day(due_on),
                "\u{a0}: la ",
                object,
                " est considérée comme rejetée. L’équipe peut encore l’accepter.",
            ]
            .concat(),
        ],
        Some(due_on) => vec![examined(), ["Réponse attendue avant le ", &dates::day(due_on), "."].concat()],
    }
}

/// Returns the sentences on a request that its applicant is asked to change.
fn asked_for_changes(request: &StoredRequest, today: Date) -> Vec<String> {
    let mut sentences = vec!["C’est à vous\u{a0}: complétez la demande, puis envoyez-la de nouveau.".to_owned()];
    match (request.answer_by, request.suspended) {
        (Some(answer_by), true) => {
            let day = dates::day(answer_by);
            sentences.push(["Délai suspendu\u{a0}: il reprendra à votre envoi, ou le ", &day, "."].concat());
        }
        (answer_by, _) => {
            if let Some(answer_by) = answer_by.filter(|day| *day >= today) {
                sentences.push(["Répondez au plus tard le ", &dates::day(answer_by), "."].concat());
            }
            if request.due_on.is_some() {
                sentences.extend(examined(request, today).pop());
            }
        }
    }
    sentences
}

/// Returns the author of an event, as people on the side of its applicant know them.
///
/// Histories of earlier releases have no names of applicants.
#[must_use]
pub fn author(event: &Event) -> String {
    let by = &event.by;
    match by.side {
        Side::Applicant if event.yours => "Vous".to_owned(),
        Side::Applicant if by.name.is_empty() => "Le demandeur".to_owned(),
        Side::Applicant => by.name.clone(),
        Side::Examiner if by.name.is_empty() => "L’équipe FranceConnect".to_owned(),
        Side::Examiner => [&by.name, ", de l’équipe FranceConnect"].concat(),
        Side::Clock => "Automatiquement".to_owned(),
        Side::Operator => "L’exploitant du service".to_owned(),
    }
}

/// Returns whether a habilitation was in force when an event came. `events` is the history that has it.
fn is_of_modification(event: &Event, events: &[Event]) -> bool {
    let before = events.iter().rev().filter(|other| other.seq < event.seq);
    before.map(|other| other.kind).find(|kind| matches!(kind, Kind::Accepted | Kind::Revoked)) == Some(Kind::Accepted)
}

/// Returns an event in words; nothing for one that is the team's alone. `events` is the history that has it.
#[must_use]
pub fn event(event: &Event, events: &[Event]) -> Option<String> {
    let habilitation = event.habilitation.as_deref().unwrap_or_default();
    let is_modification = is_of_modification(event, events);
    Some(match event.kind {
        Kind::Submitted if is_modification => {
            let before = events.iter().rev().find(|other| other.seq < event.seq && other.kind.moves_state());
            let is_again = before.is_some_and(|before| before.kind == Kind::ChangesRequested);
            if is_again { "Modification envoyée de nouveau" } else { "Modification envoyée" }.to_owned()
        }
        Kind::Submitted if event.submission.unwrap_or(1) <= 1 => "Demande envoyée".to_owned(),
        Kind::Submitted => "Demande envoyée de nouveau".to_owned(),
        Kind::ChangesRequested => match event.answer_by {
            Some(day) => ["Compléments demandés, au plus tard le ", &dates::day(day)].concat(),
            None => "Compléments demandés".to_owned(),
        },
        Kind::Resumed => "Examen repris".to_owned(),
        Kind::Accepted => {
            let accepted = if is_modification { "Modification acceptée" } else { "Demande acceptée" };
            [accepted, "\u{a0}: habilitation ", habilitation].concat()
        }
        Kind::Refused if is_modification => "Modification refusée".to_owned(),
        Kind::Refused => "Demande refusée".to_owned(),
        Kind::Withdrawn if is_modification => "Modification abandonnée".to_owned(),
        Kind::Withdrawn => "Demande retirée".to_owned(),
        Kind::Reopened => "Demande reprise pour la modifier".to_owned(),
        Kind::Revoked => ["Habilitation ", habilitation, " révoquée"].concat(),
        Kind::Archived => "Demande archivée".to_owned(),
        Kind::Message => "Message".to_owned(),
        Kind::Delivery => "Un courriel n’a pas pu être remis".to_owned(),
        kind if kind.is_about_people() => about_people(event, events),
        _ => return None,
    })
}

/// Returns whether a recovery was contested when an event came, so that the event is what came of that.
fn is_of_contest(event: &Event, events: &[Event]) -> bool {
    let before = events.iter().rev().filter(|other| other.seq < event.seq).map(|other| other.kind);
    let of_recovery = [Kind::RecoveryAsked, Kind::RecoveryRefused, Kind::Recovered, Kind::Contested];
    before.into_iter().find(|kind| of_recovery.contains(kind)) == Some(Kind::Contested)
}

/// Returns an event about people in words, by what came of it. `events` is the history that has it.
fn about_people(event: &Event, events: &[Event]) -> String {
    let name = event.person.as_ref().map_or("une personne", |person| &person.name);
    let role = event.person.as_ref().and_then(|person| person.role);
    let role = match role {
        Some(Part::Editor) => " pour modifier",
        Some(Part::Reader) => " pour consulter",
        Some(Part::Owner) | None => "",
    };
    match event.kind {
        Kind::Invited => ["Invitation envoyée", role].concat(),
        Kind::Joined => [name, " participe à la demande", role].concat(),
        Kind::Left => [name, " ne participe plus à la demande"].concat(),
        Kind::HandedOver => ["Demande confiée à ", name].concat(),
        Kind::RecoveryAsked => [name, " demande à reprendre cette demande"].concat(),
        Kind::RecoveryRefused if is_of_contest(event, events) => {
            ["Reprise par ", name, " annulée\u{a0}: la demande revient à la personne qui en était titulaire"].concat()
        }
        Kind::RecoveryRefused => [name, " ne reprend pas cette demande"].concat(),
        Kind::Recovered if is_of_contest(event, events) => ["Reprise par ", name, " confirmée"].concat(),
        Kind::Recovered => ["Demande reprise par ", name].concat(),
        Kind::Contested => "Reprise de la demande contestée".to_owned(),
        Kind::Reassigned if event.person.is_none() => "Demande rattachée à une autre organisation".to_owned(),
        Kind::Reassigned => ["Demande attribuée à ", name].concat(),
        // Words are those of a refusal.
        _ if !event.text.is_empty() => [name, " ne souhaite pas figurer comme contact"].concat(),
        _ => [name, " a vérifié ses coordonnées"].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lifecycle::{Act, Examiner, History, NamedPerson, Stamp, SubmissionBody};
    use crate::model::wire::{By, SubmissionSummary};
    use crate::model::{ClosedList, Id};

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn the_usual_time_of_an_answer_is_told_in_days_once_it_is_known() {
        let told = |median, words: &str| assert!(usual_answer(median).starts_with(words), "{}", usual_answer(median));
        told(None, "L’équipe répond en général en quelques jours, par courriel.");
        told(Some(0), "L’équipe répond en général le jour même, par courriel.");
        told(Some(1), "L’équipe répond en général en 1\u{a0}jour, par courriel.");
        told(Some(6), "L’équipe répond en général en 6\u{a0}jours, par courriel.");
    }

    fn stamp(on: &str, side: Side, name: &str) -> Stamp {
        let by = By { side, name: name.to_owned(), job_title: String::new() };
        Stamp { id: Id::new(0, [1; 10]), at: format!("{on}T09:12:00.000Z"), on: day(on), by }
    }

    /// Request of one submission, then acts of the team, as its applicant is told of it on a day.
    fn request(acts: &[(&str, Act)], today: &str) -> StoredRequest {
        let mut history = History::default();
        let sent = stamp("2027-01-14", Side::Applicant, "Camille Exemple");
        history.add(&SubmissionBody::default().event(sent, &history));
        for (on, act) in acts {
            let event = act.event(stamp(on, Side::Examiner, ""), &history, "FC-2027-000001", None);
            history.add(&event);
        }
        let number = Some("FC-2027-000001".to_owned());
        let mut request = StoredRequest { number, ..StoredRequest::begun(Id::new(0, [1; 10])) };
        request.follow(&history, day(today), 0);
        request
    }

    fn asked() -> Act {
        Act { answer_by: Some(day("2027-03-25")), ..Act::new(Kind::ChangesRequested) }
    }

    #[test]
    fn a_submitted_request_tells_by_when_it_is_answered_and_what_silence_means() {
        let told = |today| next_steps(&request(&[], today), day(today)).join(" ");
        let awaited = "L’équipe FranceConnect examine votre demande. Réponse attendue avant le 14\u{a0}mars 2027.";
        assert_eq!(told("2027-01-14"), awaited);
        assert_eq!(told("2027-03-14"), awaited, "on the last day");
        assert_eq!(
            told("2027-03-15"),
            "Sans réponse depuis le 14\u{a0}mars 2027\u{a0}: la demande est considérée comme rejetée. L’équipe peut encore l’accepter."
        );
        let (due_on, today) = (day("2027-03-14"), day("2027-03-14"));
        assert_eq!(due(due_on, today), "réponse attendue avant le 14\u{a0}mars 2027");
        assert_eq!(due(due_on, day("2027-03-15")), "sans réponse depuis le 14\u{a0}mars 2027");
    }

    #[test]
    fn of_an_older_server_nothing_is_claimed() {
        let older = StoredRequest { due_on: None, ..request(&[], "2027-01-14") };
        assert_eq!(next_steps(&older, day("2027-09-01")), ["L’équipe FranceConnect examine votre demande."]);
    }

    #[test]
    fn whoever_is_asked_for_changes_is_told_when_the_clock_goes_on() {
        let acts = [("2027-01-25", asked())];
        let told = |today| next_steps(&request(&acts, today), day(today)).join(" ");
        let yours = "C’est à vous\u{a0}: complétez la demande, puis envoyez-la de nouveau.";
        let suspended = "Délai suspendu\u{a0}: il reprendra à votre envoi, ou le 25\u{a0}mars 2027.";
        assert_eq!(told("2027-02-01"), [yours, " ", suspended].concat());
        // From its last day on, the clock goes on by itself: 59 days later than without the request.
        let due = "Réponse attendue avant le 12\u{a0}mai 2027.";
        assert_eq!(told("2027-03-25"), [yours, " Répondez au plus tard le 25\u{a0}mars 2027. ", due].concat());
    }

    #[test]
    fn a_modification_says_that_the_habilitation_stays_valid() {
        let accepted = request(&[("2027-02-01", Act::new(Kind::Accepted))], "2027-02-01");
        assert_eq!(next_steps(&accepted, day("2027-02-01")), ["Votre habilitation FC-2027-000001-1 est en vigueur."]);
        assert!(!is_modification(accepted.state, accepted.habilitation.as_ref()));
        let modified = StoredRequest { state: State::Submitted, due_on: Some(day("2027-04-01")), ..accepted };
        assert!(is_modification(modified.state, modified.habilitation.as_ref()));
        let valid = "Votre habilitation FC-2027-000001-1 reste valable jusqu’à la réponse.";
        let awaited = "Réponse attendue avant le 1er\u{a0}avril 2027.";
        let examined = "L’équipe FranceConnect examine votre modification.";
        assert_eq!(next_steps(&modified, day("2027-02-01")), [examined, awaited, valid]);
        let overdue = "Sans réponse depuis le 1er\u{a0}avril 2027\u{a0}: la modification est considérée comme rejetée. L’équipe peut encore l’accepter.";
        assert_eq!(next_steps(&modified, day("2027-04-02")), [overdue, valid]);
    }

    #[test]
    fn what_ended_a_modification_is_not_told_of_the_habilitation() {
        let accepted = request(&[("2027-02-01", Act::new(Kind::Accepted))], "2027-02-01");
        assert!(!has_ended_modification(&accepted));
        assert_eq!(outcome(&accepted), "Votre demande est acceptée");
        let second = SubmissionSummary { n: 2, at: String::new(), on: day("2027-03-01") };
        let submissions = accepted.submissions.iter().cloned().chain([second]).collect();
        let refused = StoredRequest { submissions, ..accepted };
        assert!(has_ended_modification(&refused));
        assert_eq!(outcome(&refused), "Votre habilitation est en vigueur");
        let modified = StoredRequest { state: State::Submitted, ..refused };
        assert_eq!(outcome(&modified), "Votre modification est envoyée");
    }

    #[test]
    fn the_examiner_is_named_while_the_request_is_examined() {
        let examiner = Examiner {
            id: None,
            name: "Claire Marchand".to_owned(),
            job_title: "Chargée des habilitations".to_owned(),
        };
        let request = StoredRequest { examiner: Some(examiner), ..request(&[], "2027-01-14") };
        let told = next_steps(&request, day("2027-01-14"));
        assert_eq!(told.last().unwrap(), "Votre demande est confiée à Claire Marchand (Chargée des habilitations).");
    }

    #[test]
    fn each_state_and_each_event_has_words() {
        for state in State::ALL.iter().copied() {
            let request = StoredRequest { state, ..request(&[], "2027-01-14") };
            let words = [super::state(state), changed(state), outcome(&request)];
            assert!(words.iter().all(|words| !words.is_empty()));
            let told = next_steps(&request, day("2027-01-14"));
            assert!(told.iter().all(|sentence| sentence.ends_with('.')), "{told:?}");
        }
        for kind in Kind::ALL.iter().copied() {
            let event = Event::new(stamp("2027-01-14", Side::Examiner, ""), 1, kind);
            assert_eq!(super::event(&event, &[]).is_none(), kind.is_for_team(), "{kind:?}");
            let (title, words) = unsent(Some(kind));
            assert!(!title.is_empty() && words.ends_with('.') && !decision(kind, false).is_empty());
        }
    }

    #[test]
    fn events_are_told_as_their_applicant_sees_them() {
        let made = |side, name| Event::new(stamp("2027-01-14", side, name), 1, Kind::Message);
        let by = |side, name| author(&made(side, name));
        for name in ["Camille Exemple", ""] {
            assert_eq!(author(&Event { yours: true, ..made(Side::Applicant, name) }), "Vous");
        }
        assert_eq!(by(Side::Applicant, ""), "Le demandeur", "of an earlier release, and somebody else's");
        assert_eq!(by(Side::Applicant, "Sacha Modèle"), "Sacha Modèle");
        assert_eq!(by(Side::Examiner, ""), "L’équipe FranceConnect");
        assert_eq!(by(Side::Examiner, "Claire Marchand"), "Claire Marchand, de l’équipe FranceConnect");
        assert_eq!(by(Side::Clock, ""), "Automatiquement");
        let history = History::default();
        let made = |act: Act| act.event(stamp("2027-01-25", Side::Examiner, ""), &history, "FC-2027-000001", None);
        let asked = event(&made(asked()), &[]).unwrap();
        assert_eq!(asked, "Compléments demandés, au plus tard le 25\u{a0}mars 2027");
        let accepted = event(&made(Act::new(Kind::Accepted)), &[]).unwrap();
        assert_eq!(accepted, "Demande acceptée\u{a0}: habilitation FC-2027-000001-1");
        let again = Event { submission: Some(2), ..made(Act::new(Kind::Submitted)) };
        assert_eq!(event(&again, &[]).unwrap(), "Demande envoyée de nouveau");
    }

    #[test]
    fn events_about_people_are_told_by_what_came_of_them() {
        let person = NamedPerson { name: "Anaïs Roche".to_owned(), role: None, external: false };
        let about = |seq, kind, text: &str| Event {
            person: Some(person.clone()),
            text: text.into(),
            ..Event::new(stamp("2027-01-14", Side::Applicant, "Anaïs Roche"), seq, kind)
        };
        let told = |event: &Event, events: &[Event]| super::event(event, events).unwrap();
        assert_eq!(told(&about(1, Kind::CardAnswered, ""), &[]), "Anaïs Roche a vérifié ses coordonnées");
        let declined = told(&about(1, Kind::CardAnswered, "Ce n’est pas moi."), &[]);
        assert_eq!(declined, "Anaïs Roche ne souhaite pas figurer comme contact");

        let asked = [about(1, Kind::RecoveryAsked, "a"), about(2, Kind::Recovered, ""), about(3, Kind::Contested, "")];
        assert_eq!(told(&asked[1], &asked), "Demande reprise par Anaïs Roche");
        assert_eq!(told(&about(4, Kind::Recovered, ""), &asked), "Reprise par Anaïs Roche confirmée");
        assert!(told(&about(4, Kind::RecoveryRefused, ""), &asked).starts_with("Reprise par Anaïs Roche annulée"));
        assert_eq!(told(&about(2, Kind::RecoveryRefused, ""), &asked), "Anaïs Roche ne reprend pas cette demande");
        assert_eq!(told(&about(1, Kind::Reassigned, ""), &[]), "Demande attribuée à Anaïs Roche");
        let moved = Event { person: None, ..about(1, Kind::Reassigned, "") };
        assert_eq!(told(&moved, &[]), "Demande rattachée à une autre organisation");
    }

    #[test]
    fn what_happens_while_a_habilitation_is_in_force_is_told_of_the_modification() {
        let kinds = [
            (Kind::Submitted, "Demande envoyée"),
            (Kind::Accepted, "Demande acceptée\u{a0}: habilitation H"),
            (Kind::Reopened, "Demande reprise pour la modifier"),
            (Kind::Submitted, "Modification envoyée"),
            (Kind::ChangesRequested, "Compléments demandés"),
            (Kind::Submitted, "Modification envoyée de nouveau"),
            (Kind::Refused, "Modification refusée"),
            (Kind::Withdrawn, "Modification abandonnée"),
            (Kind::Accepted, "Modification acceptée\u{a0}: habilitation H"),
            (Kind::Revoked, "Habilitation H révoquée"),
            (Kind::Withdrawn, "Demande retirée"),
        ];
        let made = |(seq, (kind, _)): (u64, &(Kind, &str))| Event {
            habilitation: Some("H".to_owned()),
            ..Event::new(stamp("2027-01-25", Side::Applicant, ""), seq, *kind)
        };
        let events: Vec<Event> = (1..).zip(&kinds).map(made).collect();
        for (one, (_, words)) in events.iter().zip(&kinds) {
            assert_eq!(event(one, &events).as_deref(), Some(*words), "event {}", one.seq);
        }
    }
}
