//! Places of the team that examines requests, and their addresses: the queue with its filters, one request, and the tools of the
//! team.

use form_urlencoded::{Parse, Serializer};

use crate::assurance::AssuranceLevel;
use crate::choice::ClosedList;
use crate::date::Date;
use crate::draft::OrganisationKind;
use crate::id::Id;
use crate::lifecycle::State;
use crate::month::Month;
use crate::statistics::Period;
use crate::wire::{DeliveryState, QueueKind, QueueOrder};

/// Place of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamPlace {
    /// The queue of requests, as far as the filters let them through.
    Queue(QueueFilter),
    /// The examination of one request.
    Request(Id),
    /// The statistics of a period; of the last twelve months, where the address tells none.
    Statistics(Option<Period>),
    /// The templates of the team.
    Templates,
    /// The deliveries of mails and notices, as far as the filter lets them through.
    Deliveries(DeliveryFilter),
    /// The recoveries that nobody answered, or that are contested.
    Recoveries,
}

/// Filter of the deliveries, and the page of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// State of the deliveries; none stands for every state.
    pub state: Option<DeliveryState>,
    /// Start of the page of results, from the page before; empty for the first.
    pub cursor: String,
}

impl DeliveryFilter {
    /// Returns the parameters of the API, as a query.
    #[must_use]
    pub fn parameters(&self) -> String {
        self.write(String::new(), ["state", "cursor"])
    }

    /// Writes the filter after a beginning, under names for its two members.
    fn write(&self, beginning: String, names: [&str; 2]) -> String {
        let values = [self.state.map_or("", ClosedList::as_str), &self.cursor];
        let mut serializer = Serializer::new(beginning);
        serializer.extend_pairs(names.into_iter().zip(values).filter(|(_, value)| !value.is_empty()));
        serializer.finish()
    }
}

/// Filters of the queue, its order and the page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueFilter {
    /// State of the requests; none stands for every state.
    pub state: Option<State>,
    /// Identifier of the examiner, [`ME`](Self::ME) or [`NOBODY`](Self::NOBODY); empty for everybody.
    pub examiner: String,
    /// Kind of the last submission.
    pub kind: Option<QueueKind>,
    /// Level of assurance.
    pub level: Option<AssuranceLevel>,
    /// Kind of the organisation.
    pub organisation_kind: Option<OrganisationKind>,
    /// Set for requests whose applicant was the last to write.
    pub awaiting_reply: bool,
    /// Day before which the legal clock runs out.
    pub due_before: Option<Date>,
    /// Text within the name, the organisation, its number or that of the request.
    pub words: String,
    /// Order of the requests.
    pub order: QueueOrder,
    /// Set for the order turned round.
    pub is_descending: bool,
    /// Start of the page of results, from the page before; empty for the first.
    pub cursor: String,
}

impl Default for QueueFilter {
    fn default() -> Self {
        Self {
            state: Some(State::Submitted),
            examiner: String::new(),
            kind: None,
            level: None,
            organisation_kind: None,
            awaiting_reply: false,
            due_before: None,
            words: String::new(),
            order: QueueOrder::Due,
            is_descending: false,
            cursor: String::new(),
        }
    }
}

/// Name of the place of one request in addresses.
const REQUEST: &str = "examen";
/// Address of the queue without filters, with which those of the queue begin.
pub const QUEUE: &str = "page=examen";
/// Name of the place of the statistics in addresses.
const STATISTICS: &str = "statistiques";
/// Names of the first and the last month of the statistics in addresses.
const MONTHS: [&str; 2] = ["de", "a"];
/// Name of the place of the templates in addresses.
const TEMPLATES: &str = "modeles";
/// Name of the place of the deliveries in addresses.
const DELIVERIES: &str = "envois";
/// Name of the place of the recoveries in addresses.
const RECOVERIES: &str = "reprises";
/// Names of the filter of the deliveries in addresses.
const OF_DELIVERIES: [&str; 2] = ["etat", "suite"];
/// Most characters of a value in an address.
const VALUE_MAX: usize = 200;
/// Value in addresses for every state.
const ALL: &str = "toutes";
/// Value in addresses for a filter that is set.
const SET: &str = "oui";

/// Names of the filters in addresses.
const IN_ADDRESS: [&str; 10] =
    ["etat", "examinateur", "nature", "niveau", "organisation", "reponse", "avant", "recherche", "tri", "suite"];
/// Names of the filters as parameters of the API.
const IN_API: [&str; 10] =
    ["state", "examiner", "kind", "level", "organisation_kind", "awaiting_reply", "due_before", "q", "sort", "cursor"];

impl TeamPlace {
    /// Returns the address of the place, a query.
    #[must_use]
    pub fn query(&self) -> String {
        match self {
            Self::Queue(filter) => filter.write([QUEUE, ""].concat(), IN_ADDRESS, SET),
            Self::Request(id) => [REQUEST, "=", id.as_str()].concat(),
            Self::Statistics(None) => ["page=", STATISTICS].concat(),
            Self::Statistics(Some(Period { from, to })) => format!("page={STATISTICS}&de={from}&a={to}"),
            Self::Templates => ["page=", TEMPLATES].concat(),
            Self::Recoveries => ["page=", RECOVERIES].concat(),
            Self::Deliveries(filter) => filter.write(["page=", DELIVERIES].concat(), OF_DELIVERIES),
        }
    }

    /// Returns the place that a query names. A query that repeats a name, or has a value that is not known, names none.
    #[must_use]
    pub fn read(query: &str) -> Option<Self> {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let (name, value) = pairs.next()?;
        if name == REQUEST {
            return Id::parse(&value).ok().map(Self::Request);
        }
        if name != "page" {
            return None;
        }
        match value.as_ref() {
            REQUEST => QueueFilter::named(named(pairs, IN_ADDRESS)?).map(Self::Queue),
            STATISTICS => match named(pairs, MONTHS)?.map(|month| Month::parse(&month).ok_or(month)) {
                [Ok(from), Ok(to)] => Period::between(from, to).map(|period| Self::Statistics(Some(period))),
                [Err(from), Err(to)] if from.is_empty() && to.is_empty() => Some(Self::Statistics(None)),
                _ => None,
            },
            TEMPLATES => Some(Self::Templates),
            RECOVERIES => Some(Self::Recoveries),
            DELIVERIES => {
                let [state, cursor] = named(pairs, OF_DELIVERIES)?;
                Some(Self::Deliveries(DeliveryFilter { state: listed(&state)?, cursor }))
            }
            _ => None,
        }
    }
}

/// Returns the values of names in a query, empty where it has none.
///
/// Nothing where it repeats a name, or has a value too long.
fn named<const N: usize>(pairs: Parse<'_>, names: [&str; N]) -> Option<[String; N]> {
    let mut values: [Option<String>; N] = [const { None }; N];
    for (name, value) in pairs {
        let Some(place) = names.iter().position(|known| *known == name) else { continue };
        if value.chars().count() > VALUE_MAX || values[place].replace(value.into_owned()).is_some() {
            return None;
        }
    }
    Some(values.map(Option::unwrap_or_default))
}

impl QueueFilter {
    /// Examiner that stands for the person who asks.
    pub const ME: &str = "me";
    /// Examiner that stands for none.
    pub const NOBODY: &str = "none";

    /// Returns the parameters of the API, as a query.
    #[must_use]
    pub fn parameters(&self) -> String {
        let query = self.write(String::new(), IN_API, "true");
        if self.state.is_some() {
            return query;
        }
        let mut serializer = Serializer::new(query);
        serializer.extend_pairs(State::ALL.iter().map(|state| (IN_API[0], state.as_str())));
        serializer.finish()
    }

    /// Returns whether a filter of the form is set, beyond the state and the examiner.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        let Self { state, examiner, order, is_descending, cursor, .. } = self.clone();
        *self != Self { state, examiner, order, is_descending, cursor, ..Self::default() }
    }

    /// Writes the filters after a beginning, under names for each; `set` stands for one that is set.
    fn write(&self, beginning: String, names: [&str; IN_ADDRESS.len()], set: &str) -> String {
        let is_address = names == IN_ADDRESS;
        let state = match self.state {
            Some(State::Submitted) => "",
            Some(state) => state.as_str(),
            None if is_address => ALL,
            None => "",
        };
        let day = self.due_before.map(|day| day.to_string()).unwrap_or_default();
        let order = match (self.order, self.is_descending) {
            (QueueOrder::Due, false) => String::new(),
            (order, is_descending) => [if is_descending { "-" } else { "" }, order.as_str()].concat(),
        };
        let values = [
            state,
            &self.examiner,
            self.kind.map_or("", ClosedList::as_str),
            self.level.map_or("", ClosedList::as_str),
            self.organisation_kind.map_or("", ClosedList::as_str),
            if self.awaiting_reply { set } else { "" },
            &day,
            self.words.trim(),
            &order,
            &self.cursor,
        ];
        let said = names.into_iter().zip(values).filter(|(_, value)| !value.is_empty());
        let mut serializer = Serializer::new(beginning);
        serializer.extend_pairs(said);
        serializer.finish()
    }

    /// Returns the filters of values in the order of their names; none where a value is not known.
    fn named(values: [String; IN_ADDRESS.len()]) -> Option<Self> {
        let [state, examiner, kind, level, organisation_kind, reply, day, words, order, cursor] = values;
        let (order, is_descending) = match order.strip_prefix('-') {
            Some(order) => (order, true),
            None => (order.as_str(), false),
        };
        Some(Self {
            state: match state.as_str() {
                "" => Some(State::Submitted),
                ALL => None,
                state => Some(State::parse(state)?),
            },
            examiner,
            kind: listed(&kind)?,
            level: listed(&level)?,
            organisation_kind: listed(&organisation_kind)?,
            awaiting_reply: match reply.as_str() {
                "" => false,
                SET => true,
                _ => return None,
            },
            due_before: if day.is_empty() { None } else { Some(Date::parse(&day).ok()?) },
            words,
            order: if order.is_empty() { QueueOrder::Due } else { QueueOrder::parse(order)? },
            is_descending,
            cursor,
        })
    }
}

/// Returns the value that a text names, none for an empty text; nothing where the list does not have it.
fn listed<T: ClosedList>(text: &str) -> Option<Option<T>> {
    if text.is_empty() { Some(None) } else { T::parse(text).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;

    fn narrow() -> QueueFilter {
        QueueFilter {
            state: None,
            examiner: QueueFilter::ME.to_owned(),
            kind: Some(QueueKind::Contacts),
            level: Some(AssuranceLevel::Eidas2),
            organisation_kind: Some(OrganisationKind::Company),
            awaiting_reply: true,
            due_before: Date::parse("2027-03-24").ok(),
            words: "mairie & « école » = 100 %".to_owned(),
            order: QueueOrder::Activity,
            is_descending: true,
            cursor: "1795348800000.017f22e2".to_owned(),
        }
    }

    #[test]
    fn every_place_of_the_team_is_found_again_at_its_address() {
        let id = Id::parse("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").unwrap();
        let period = Period::between(Month::parse("2026-11").unwrap(), Month::parse("2027-02").unwrap());
        let statistics = [None, period].map(TeamPlace::Statistics);
        let failed = DeliveryFilter { state: Some(DeliveryState::Failed), cursor: "1795348800000.017f22e2".to_owned() };
        let queues = [QueueFilter::default(), narrow()].map(TeamPlace::Queue);
        let deliveries = [DeliveryFilter::default(), failed].map(TeamPlace::Deliveries);
        let single = [TeamPlace::Request(id), TeamPlace::Templates, TeamPlace::Recoveries];
        for place in single.into_iter().chain(queues).chain(deliveries).chain(statistics) {
            let query = place.query();
            assert_eq!(Place::read(&query), Place::Examination(query.clone()));
            assert_eq!(TeamPlace::read(&query), Some(place));
        }
        assert_eq!(TeamPlace::Queue(QueueFilter::default()).query(), "page=examen");
        assert_eq!(TeamPlace::Statistics(None).query(), "page=statistiques");
    }

    #[test]
    fn an_address_that_is_not_understood_names_no_place_of_the_team() {
        for query in [
            "page=examens",
            "examen=12",
            "page=examen&etat=perdue",
            "page=examen&etat=draft&etat=submitted",
            "page=examen&avant=demain",
            "page=examen&tri=nom",
            "page=statistique",
            "page=statistiques&de=2026-11",
            "page=statistiques&de=2026-11&a=2026-10",
            "page=statistiques&de=2006-11&a=2026-10",
            "page=statistiques&de=novembre&a=2026-12",
            "page=statistiques&de=2026-11&de=2026-11&a=2026-12",
            "page=modele",
            "page=envois&etat=perdu",
            "page=envois&suite=a&suite=b",
            "page=aide",
        ] {
            assert_eq!(TeamPlace::read(query), None, "{query}");
        }
        let long = ["page=examen&recherche=", &"a".repeat(VALUE_MAX + 1)].concat();
        assert_eq!(TeamPlace::read(&long), None);
        let other = "page=examen&utm_source=lettre";
        assert_eq!(TeamPlace::read(other), Some(TeamPlace::Queue(QueueFilter::default())));
    }

    #[test]
    fn the_api_is_asked_by_its_own_names() {
        assert_eq!(QueueFilter::default().parameters(), "");
        let failed = DeliveryFilter { state: Some(DeliveryState::Failed), cursor: "1.a".to_owned() };
        assert_eq!(
            (DeliveryFilter::default().parameters(), failed.parameters()),
            (String::new(), "state=failed&cursor=1.a".to_owned())
        );
        let all = QueueFilter { state: None, words: "a b".to_owned(), ..QueueFilter::default() }.parameters();
        assert!(all.starts_with("q=a+b&state=draft&state=submitted&") && all.ends_with("state=archived"), "{all}");
        let asked = QueueFilter { state: Some(State::Refused), ..narrow() }.parameters();
        for pair in ["state=refused", "examiner=me", "kind=contacts", "awaiting_reply=true", "sort=-activity"] {
            assert!(asked.split('&').any(|known| known == pair), "{pair} in {asked}");
        }
        assert!(narrow().is_narrowed() && !QueueFilter { state: None, ..QueueFilter::default() }.is_narrowed());
    }
}
