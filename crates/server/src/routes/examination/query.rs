//! The parameters of the queue.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use habilitation_model::assurance::AssuranceLevel;
use habilitation_model::draft::OrganisationKind;
use habilitation_model::wire::{QueueKind, QueueOrder, State};
use habilitation_model::{ClosedList, Date};
use utoipa::IntoParams;

use crate::problem::{Problem, ProblemType};
use crate::store::{Assigned, QueueFilter, QueuePosition};

/// Requests on one page if nothing is said.
const LIMIT_DEFAULT: u32 = 20;
/// Most requests on one page.
const LIMIT_MAX: u32 = 100;
/// Most characters of a search, and of an identifier.
const TEXT_MAX: usize = 200;

/// Parameters of the queue. One that is empty counts as absent.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters; `Query` reads them, to say which one is wrong")]
pub(crate) struct QueueParameters {
    /// State of the listed requests, or `all`. Several may be given.
    #[param(
        inline,
        default = "submitted",
        pattern = "^(draft|submitted|changes_requested|accepted|refused|withdrawn|revoked|archived|all)$"
    )]
    state: Option<String>,
    /// Examiner of the listed requests: `me`, `none`, or an identifier of the team.
    #[param(max_length = 200)]
    examiner: Option<String>,
    /// Kind of the last submission.
    #[param(inline)]
    kind: Option<QueueKind>,
    /// Level of assurance.
    #[param(inline)]
    level: Option<AssuranceLevel>,
    /// Kind of the organisation.
    #[param(inline)]
    organisation_kind: Option<OrganisationKind>,
    /// Set for requests whose applicant was the last to write in the thread.
    #[param(pattern = "^(true|false)$")]
    awaiting_reply: Option<String>,
    /// Day before which the legal clock ends.
    #[param(format = "date", pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    due_before: Option<String>,
    /// Beginnings of words, whatever their case and accents. Looked at are the names of the project and of the organisation, the
    /// SIRET number and the number. A whole number is found in every state.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Order of the requests. A `-` before it turns it round.
    #[param(default = "due", pattern = "^-?(due|submitted|activity)$")]
    sort: Option<String>,
    /// Most requests on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// Position at which the page begins: `next` of the page before, as it is.
    cursor: Option<String>,
}

/// Reads the parameters.
pub(crate) struct Query(pub(crate) QueueFilter);

/// Value of `examiner` for requests of whoever calls.
const ME: &str = "me";
/// Value of `examiner` for requests of nobody.
const NOBODY: &str = "none";

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read(query: &str) -> Result<QueueFilter, Problem> {
    let mut filter = QueueFilter { limit: LIMIT_DEFAULT, ..QueueFilter::default() };
    let (mut seen, mut cursor) = (Vec::new(), None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name != "state" && seen.contains(&name) {
            return Err(wrong(&name, "is given twice"));
        }
        match name.as_ref() {
            "state" | "examiner" | "kind" | "level" | "organisation_kind" | "awaiting_reply" | "due_before" | "q"
            | "sort" | "limit" | "cursor" => {}
            _ => {
                return Err(Problem::new(ProblemType::InvalidParameter).detail(
                    "The queue takes `state`, `examiner`, `kind`, `level`, `organisation_kind`, `awaiting_reply`, \
                     `due_before`, `q`, `sort`, `limit` and `cursor`.",
                ));
            }
        }
        if value.chars().count() > TEXT_MAX || value.contains('\0') {
            return Err(wrong(&name, "is longer than 200 characters, or holds U+0000"));
        }
        match (name.as_ref(), value.as_ref()) {
            (_, "") => {}
            ("state", "all") => filter.states = State::ALL.to_vec(),
            ("state", value) => {
                let state = one_of("state", value)?;
                if !filter.states.contains(&state) {
                    filter.states.push(state);
                }
            }
            ("examiner", NOBODY) => filter.examiner = Some(Assigned::Nobody),
            ("examiner", ME) => filter.examiner = Some(Assigned::ToCaller),
            ("examiner", value) => filter.examiner = Some(Assigned::To(value.to_owned())),
            ("kind", value) => filter.kind = Some(one_of("kind", value)?),
            ("level", value) => filter.level = Some(one_of("level", value)?),
            ("organisation_kind", value) => filter.organisation_kind = Some(one_of("organisation_kind", value)?),
            ("awaiting_reply", value) => {
                let awaiting = value.parse().map_err(|_| wrong("awaiting_reply", "is neither `true` nor `false`"))?;
                filter.awaiting_reply = Some(awaiting);
            }
            ("due_before", value) => {
                let day = Date::parse(value).ok().filter(|day| day.to_string() == value);
                filter.due_before = Some(day.ok_or_else(|| wrong("due_before", "is not a date of ISO 8601"))?);
            }
            ("q", value) => value.clone_into(&mut filter.words),
            ("sort", value) => {
                filter.is_descending = value.starts_with('-');
                filter.order = one_of("sort", value.strip_prefix('-').unwrap_or(value))?;
            }
            ("limit", value) => {
                let limit = value.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
                filter.limit = limit.ok_or_else(|| wrong("limit", "is not a number from 1 to 100"))?;
            }
            (_, value) => cursor = Some(value.to_owned()),
        }
        seen.push(name);
    }
    if filter.states.is_empty() {
        filter.states.push(State::Submitted);
    }
    if let Some(text) = cursor {
        let position = read_cursor(&text, &filter);
        filter.after = Some(position.ok_or_else(|| wrong("cursor", "is not `next` of another page in this order"))?);
    }
    Ok(filter)
}

fn one_of<T: ClosedList>(name: &str, value: &str) -> Result<T, Problem> {
    T::parse(value).ok_or_else(|| wrong(name, "has a value that is none of the known ones"))
}

fn wrong(name: &str, what: &str) -> Problem {
    Problem::new(ProblemType::InvalidParameter).detail(format!("`{name}` {what}."))
}

/// Writes a position in the queue as clients carry it.
pub(super) fn write_cursor(filter: &QueueFilter, position: &QueuePosition) -> String {
    let direction = if filter.is_descending { "-" } else { "" };
    format!("{direction}{}.{}.{}", filter.order.as_str(), position.key, position.number)
}

/// Reads a position in the order of the filter. There is one way to write each.
fn read_cursor(text: &str, filter: &QueueFilter) -> Option<QueuePosition> {
    let mut parts = text.splitn(3, '.').skip(1);
    let (key, number) = (parts.next()?, parts.next().filter(|number| !number.is_empty())?);
    match filter.order {
        QueueOrder::Due => drop(Date::parse(key).ok().filter(|day| day.to_string() == key)?),
        QueueOrder::Submitted | QueueOrder::Activity => drop(key.parse::<i64>().ok()?),
    }
    let position = QueuePosition { key: key.to_owned(), number: number.to_owned() };
    (write_cursor(filter, &position) == text).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_the_position_it_was_made_of_in_its_own_order() {
        for (order, key) in [
            (QueueOrder::Due, "2027-01-22"),
            (QueueOrder::Due, "9999-12-31"),
            (QueueOrder::Submitted, "1798761599999"),
            (QueueOrder::Activity, "-1"),
        ] {
            for is_descending in [false, true] {
                let filter = QueueFilter { order, is_descending, ..QueueFilter::default() };
                let position = QueuePosition { key: key.to_owned(), number: "FC-2026-000017".to_owned() };
                let text = write_cursor(&filter, &position);
                assert_eq!(read_cursor(&text, &filter), Some(position), "{text}");
                let other = QueueFilter { is_descending: !is_descending, ..filter };
                assert_eq!(read_cursor(&text, &other), None, "{text}");
            }
        }
        let filter = QueueFilter::default();
        for text in ["", "due", "due.x.1", "due.2027-01-22", "due.2027-01-22.", "due.2027-1-22.1"] {
            assert_eq!(read_cursor(text, &filter), None, "{text}");
        }
    }

    #[test]
    fn empty_parameters_count_as_absent() {
        let empty =
            "state=&examiner=&kind=&level=&organisation_kind=&awaiting_reply=&due_before=&q=&sort=&limit=&cursor=";
        assert_eq!(read(empty).unwrap(), read("").unwrap());
        assert_eq!(read("").unwrap().states, [State::Submitted]);
        let filter = read("state=refused&state=draft&state=refused&sort=-activity&examiner=none").unwrap();
        assert_eq!((filter.states, filter.is_descending), (vec![State::Refused, State::Draft], true));
        assert_eq!((filter.order, filter.examiner), (QueueOrder::Activity, Some(Assigned::Nobody)));
    }
}
