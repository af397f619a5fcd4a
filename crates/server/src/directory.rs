//! Public directory of establishments (API Recherche d'entreprises): what it says of a SIRET, for the form to show beside the field.
//!
//! The directory blocks nothing: whatever is wrong with it is the state `away`.
//! Its words are facts of somebody else, read leniently and shown apart
//! from what a person typed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{ACCEPT, USER_AGENT};
use axum::http::{Request, StatusCode};
use habilitation_model::draft::OrganisationKind;
use habilitation_model::siret::Siret;
use habilitation_model::wire::{OrganisationFound, OrganisationState};
use habilitation_model::{Date, Text};
use http_body_util::Full;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::clock::{Clock, paris_day};
use crate::outgoing::{self, Answer, CallLimits, HttpClient};
use crate::rate_limit::RateLimit;
use crate::settings::DirectoryUrl;

/// Limits on one call.
const LIMITS: CallLimits = CallLimits { time: Duration::from_secs(2), bytes: 256 * 1024 };
/// Time for which an answer is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Time for which the directory is not asked again about a number after it failed.
const AWAY_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Shortest and longest time for which nothing is asked after the directory said that it is too much, in seconds.
const PAUSE: (u64, u64) = (1, 600);
/// Most calls in a minute: the directory takes seven a second of one address, and fewer where others share its network.
const CALLS_PER_MINUTE: u32 = 240;
/// Most answers that are kept; then all are forgotten.
const CAPACITY: usize = 10_000;
/// Most numbers that are asked about at the same time.
const LANES: usize = 16;
/// Longest text of the directory, in characters.
const TEXT_MAX: usize = 256;
/// Text in the place of what is not made public.
const MASKED: &str = "[NON-DIFFUSIBLE]";
/// Name by which the directory knows who asks.
const AGENT: &str = concat!("Habilitation/", env!("CARGO_PKG_VERSION"));

/// Way to the directory, with what it said lately.
pub(crate) struct Directory {
    url: DirectoryUrl,
    client: HttpClient,
    known: Mutex<HashMap<String, (OrganisationFound, Timestamp)>>,
    /// Locks of the numbers that are being asked about: each number has one, which others may share.
    lanes: Vec<tokio::sync::Mutex<()>>,
    /// Time before which nothing is asked.
    paused_until: Mutex<Timestamp>,
    rate: RateLimit,
    clock: Arc<dyn Clock>,
}

impl Directory {
    /// Opens the way to the directory.
    ///
    /// # Errors
    /// When the certificates that this machine trusts cannot be read.
    pub(crate) fn open(url: DirectoryUrl, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        Ok(Self {
            url,
            client: outgoing::client()?,
            known: Mutex::default(),
            lanes: (0..LANES).map(|_| tokio::sync::Mutex::default()).collect(),
            paused_until: Mutex::new(Timestamp::MIN),
            rate: RateLimit::per_minute(CALLS_PER_MINUTE, Arc::clone(&clock)),
            clock,
        })
    }

    /// Returns the establishment of a number, as the directory describes it, or did within a day.
    pub(crate) async fn find(&self, siret: &Siret) -> OrganisationFound {
        let number = siret.as_str();
        let mut hasher = DefaultHasher::new();
        number.hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % 1_024).unwrap_or_default() % LANES;
        if let Some(found) = self.recall(number) {
            return found;
        }
        let _turn = self.lanes[lane].lock().await;
        // Whoever had the turn before may have asked about the same number.
        if let Some(found) = self.recall(number) {
            return found;
        }
        let now = self.clock.now();
        if now < *lock(&self.paused_until) || self.rate.count("").is_err() {
            return away(paris_day(now));
        }
        let found = self.ask(number).await;
        let lifetime = if found.state == OrganisationState::Away { AWAY_FOR } else { GOOD_FOR };
        let mut known = lock(&self.known);
        if known.len() >= CAPACITY {
            known.clear();
        }
        known.insert(number.to_owned(), (found.clone(), now.saturating_add(lifetime).unwrap_or(Timestamp::MAX)));
        found
    }

    fn recall(&self, number: &str) -> Option<OrganisationFound> {
        let known = lock(&self.known);
        known.get(number).filter(|(_, until)| self.clock.now() < *until).map(|(found, _)| found.clone())
    }

    async fn ask(&self, number: &str) -> OrganisationFound {
        let address = [
            self.url.as_str(),
            "?q=",
            number,
            "&minimal=true&include=siege,complements,matching_etablissements&per_page=1&limite_matching_etablissements=1",
        ]
        .concat();
        let today = paris_day(self.clock.now());
        let call = Request::get(address)
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, AGENT)
            .body(Full::<Bytes>::default());
        let Ok(call) = call else { return away(today) };
        match outgoing::call(&self.client, call, LIMITS).await {
            Ok(answer) if answer.status == StatusCode::TOO_MANY_REQUESTS => {
                self.pause(&answer);
                away(today)
            }
            Ok(answer) if answer.status == StatusCode::OK && answer.media_type == "application/json" => {
                read(&answer.body, number, today).unwrap_or_else(|| {
                    tracing::warn!("the directory of establishments answers in a shape that is not known");
                    away(today)
                })
            }
            Ok(answer) => {
                tracing::warn!(status = answer.status.as_u16(), "the directory of establishments fails");
                away(today)
            }
            Err(error) => {
                tracing::warn!(%error, "the directory of establishments does not answer");
                away(today)
            }
        }
    }

    /// Asks nothing for the time that the directory wants.
    fn pause(&self, answer: &Answer) {
        let seconds = answer.retry_after.unwrap_or(60).clamp(PAUSE.0, PAUSE.1);
        tracing::warn!(seconds, "the directory of establishments is asked too often");
        let pause = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(60));
        *lock(&self.paused_until) = self.clock.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the state of an establishment of which nothing can be told today.
fn away(as_of: Date) -> OrganisationFound {
    of_state(OrganisationState::Away, as_of)
}

fn of_state(state: OrganisationState, as_of: Date) -> OrganisationFound {
    OrganisationFound { state, name: None, place: None, closed_on: None, kind: None, as_of }
}

/// Reads an answer about a number; none where it has another shape.
fn read(body: &[u8], number: &str, as_of: Date) -> Option<OrganisationFound> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let results = answer.get("results")?.as_array()?;
    let Some(unit) = results.first() else { return Some(of_state(OrganisationState::NotFound, as_of)) };
    let establishment = unit.get("matching_etablissements").and_then(|found| found.get(0));
    // The directory searches by words: what it finds may be another establishment.
    let is_asked = |found: &&Value| found.get("siret").and_then(Value::as_str) == Some(number);
    let Some(establishment) = establishment.filter(is_asked) else {
        return Some(of_state(OrganisationState::NotFound, as_of));
    };
    let name = text(unit, "nom_raison_sociale").or_else(|| text(unit, "nom_complet"));
    let closed = |of: &Value, state: &str| text(of, "etat_administratif").as_deref() == Some(state);
    let is_closed = closed(unit, "C") || closed(establishment, "F");
    let state = match &name {
        _ if is_closed => OrganisationState::Closed,
        Some(_) => OrganisationState::Found,
        None => OrganisationState::Masked,
    };
    let closed_on = [establishment, unit].iter().find_map(|of| Date::parse(&text(of, "date_fermeture")?).ok());
    Some(OrganisationFound {
        state,
        name,
        place: text(establishment, "libelle_commune"),
        closed_on: closed_on.filter(|_| is_closed),
        kind: kind(unit),
        as_of,
    })
}

/// Returns a text of the directory on one line; none where it is not there, or not made public.
fn text(of: &Value, member: &str) -> Option<String> {
    let text = Text::from(of.get(member)?.as_str()?).line();
    let text: String = text.chars().take(TEXT_MAX).collect();
    (!text.is_empty() && !text.contains(MASKED)).then_some(text)
}

/// Returns the kind of an organisation that its legal form (« nature juridique ») suggests. The person decides.
fn kind(unit: &Value) -> Option<OrganisationKind> {
    let complements = unit.get("complements");
    let is = |member: &str| complements.and_then(|all| all.get(member)).and_then(Value::as_bool) == Some(true);
    let form = text(unit, "nature_juridique")?;
    match form.get(..2)? {
        _ if is("est_administration") => Some(OrganisationKind::Administration),
        _ if is("est_association") => Some(OrganisationKind::Association),
        form if form.starts_with('7') => Some(OrganisationKind::Administration),
        "92" => Some(OrganisationKind::Association),
        "10" | "51" | "52" | "53" | "54" | "55" | "56" | "57" | "58" => Some(OrganisationKind::Company),
        // Public establishments of trade (41), and foreign bodies (31, 32), may be either.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TOWN: &str = "21990042000015";

    fn town() -> Value {
        json!({"results": [{
            "siren": "219900420", "nom_complet": "COMMUNE DE VALLON-LES-PRES (VALLON)",
            "nom_raison_sociale": "COMMUNE DE VALLON-LES-PRES", "etat_administratif": "A", "nature_juridique": "7210",
            "statut_diffusion": "O", "date_fermeture": null, "complements": {"est_administration": true, "est_association": false},
            "matching_etablissements": [{"siret": TOWN, "etat_administratif": "A", "libelle_commune": "VALLON-LES-PRES",
                "liste_enseignes": null, "date_fermeture": null}],
        }], "total_results": 1})
    }

    fn day() -> Date {
        Date::parse("2026-11-22").unwrap()
    }

    fn told(answer: &Value) -> Option<OrganisationFound> {
        read(answer.to_string().as_bytes(), TOWN, day())
    }

    /// Returns the description once a member of the unit is another.
    fn changed(pointer: &str, to: Value) -> OrganisationFound {
        let mut answer = town();
        *answer.pointer_mut(&["/results/0", pointer].concat()).unwrap() = to;
        told(&answer).unwrap()
    }

    #[test]
    fn an_establishment_is_told_by_name_place_and_kind() {
        let found = told(&town()).unwrap();
        assert_eq!(found.state, OrganisationState::Found);
        assert_eq!(found.name.as_deref(), Some("COMMUNE DE VALLON-LES-PRES"));
        assert_eq!(found.place.as_deref(), Some("VALLON-LES-PRES"));
        assert_eq!((found.kind, found.closed_on), (Some(OrganisationKind::Administration), None));
    }

    #[test]
    fn what_was_closed_is_told_whether_it_is_the_establishment_or_its_organisation() {
        let closed = changed(
            "/matching_etablissements/0",
            json!({"siret": TOWN, "etat_administratif": "F", "date_fermeture": "2024-03-12"}),
        );
        assert_eq!(closed.state, OrganisationState::Closed);
        assert_eq!(closed.closed_on, Date::parse("2024-03-12").ok());
        assert_eq!(changed("/etat_administratif", json!("C")).state, OrganisationState::Closed);
    }

    #[test]
    fn another_establishment_than_the_one_that_was_asked_for_is_none() {
        let other = changed("/matching_etablissements/0/siret", json!("21990042000023"));
        assert_eq!(other, of_state(OrganisationState::NotFound, day()));
        for none in [json!([]), json!(null)] {
            assert_eq!(changed("/matching_etablissements", none).state, OrganisationState::NotFound);
        }
        assert_eq!(told(&json!({"results": []})).unwrap().state, OrganisationState::NotFound);
    }

    #[test]
    fn a_name_that_is_not_made_public_is_not_told() {
        let mut answer = town();
        answer["results"][0]["nom_raison_sociale"] = Value::Null;
        answer["results"][0]["nom_complet"] = json!(MASKED);
        let masked = told(&answer).unwrap();
        assert_eq!((masked.state, masked.name), (OrganisationState::Masked, None));
    }

    #[test]
    fn odd_answers_are_none_and_odd_members_as_if_they_were_not_there() {
        for odd in [json!(null), json!([]), json!({}), json!({"results": 7}), json!({"erreur": "trop"})] {
            assert_eq!(told(&odd), None, "{odd}");
        }
        assert_eq!(read(b"<html>", TOWN, day()), None);
        for odd in [json!(7), json!(null), json!([null]), json!({})] {
            assert_eq!(changed("/complements", odd.clone()).kind, Some(OrganisationKind::Administration));
            assert_eq!(changed("/nature_juridique", odd.clone()).state, OrganisationState::Found);
            assert_eq!(changed("/matching_etablissements/0/libelle_commune", odd).place, None);
        }
        let long = changed("/nom_raison_sociale", json!("é\u{202e}\n".repeat(1_000))).name.unwrap();
        assert!(long.chars().count() <= TEXT_MAX && !long.contains(['\n', '\u{202e}']));
    }

    #[test]
    fn the_legal_form_suggests_a_kind_where_it_tells_one() {
        for (form, kind) in [
            ("7112", Some(OrganisationKind::Administration)),
            ("9220", Some(OrganisationKind::Association)),
            ("5699", Some(OrganisationKind::Company)),
            ("1000", Some(OrganisationKind::Company)),
            ("4110", None),
            ("3120", None),
            ("", None),
        ] {
            let mut answer = town();
            answer["results"][0]["complements"] = Value::Null;
            answer["results"][0]["nature_juridique"] = json!(form);
            assert_eq!(told(&answer).unwrap().kind, kind, "{form}");
        }
    }
}
