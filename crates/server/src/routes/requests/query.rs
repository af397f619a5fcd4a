//! The parameters of the list.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use habilitation_model::ClosedList;
use habilitation_model::wire::{Cursor, State};
use jiff::Timestamp;
use utoipa::IntoParams;

use crate::problem::{Problem, ProblemType};
use crate::store::{Filter, Position};

/// Requests on one page if nothing is said.
const LIMIT_DEFAULT: u32 = 20;
/// Most requests on one page.
const LIMIT_MAX: u32 = 100;
/// Most characters of a search.
const WORDS_MAX: usize = 200;

/// Parameters of the list. One that is empty counts as absent.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters; `Query` reads them, to say which one is wrong")]
pub(crate) struct ListParameters {
    /// State of the listed requests.
    #[param(inline)]
    state: Option<State>,
    /// Text that the project's name, the organisation's name or the number holds, whatever its case and accents.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Most requests on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u32>,
    /// Position at which the page begins: `next` of the page before, as it is.
    cursor: Option<String>,
}

/// Reads the parameters.
pub(crate) struct Query(pub(crate) Filter);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read(query: &str) -> Result<Filter, Problem> {
    let mut filter = Filter { limit: LIMIT_DEFAULT, ..Filter::default() };
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if seen.contains(&name) {
            return Err(wrong(&name, "is given twice"));
        }
        match (name.as_ref(), value.as_ref()) {
            ("state" | "q" | "limit" | "cursor", "") => {}
            ("state", value) => {
                let state = State::parse(value).ok_or_else(|| wrong("state", "is not a state of requests"))?;
                filter.state = Some(state);
            }
            ("q", value) => {
                if value.chars().count() > WORDS_MAX || value.contains('\0') {
                    return Err(wrong("q", "is longer than 200 characters, or holds U+0000"));
                }
                value.clone_into(&mut filter.words);
            }
            ("limit", value) => {
                let limit = value.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
                filter.limit = limit.ok_or_else(|| wrong("limit", "is not a number from 1 to 100"))?;
            }
            ("cursor", value) => {
                let position = read_cursor(value).ok_or_else(|| wrong("cursor", "is not `next` of another page"))?;
                filter.after = Some(position);
            }
            _ => {
                return Err(Problem::new(ProblemType::InvalidParameter)
                    .detail("The list takes `state`, `q`, `limit` and `cursor`."));
            }
        }
        seen.push(name);
    }
    Ok(filter)
}

fn wrong(name: &str, what: &str) -> Problem {
    Problem::new(ProblemType::InvalidParameter).detail(format!("`{name}` {what}."))
}

/// Writes a position in the list as clients carry it.
pub(super) fn write_cursor(position: &Position) -> String {
    Cursor { updated_at: position.updated_at.as_millisecond(), id: position.id.clone() }.to_string()
}

fn read_cursor(text: &str) -> Option<Position> {
    let Cursor { updated_at, id } = Cursor::parse(text)?;
    Some(Position { updated_at: Timestamp::from_millisecond(updated_at).ok()?, id })
}

#[cfg(test)]
mod tests {
    use habilitation_model::Id;

    use super::*;

    #[test]
    fn a_cursor_reads_back_the_position_it_was_made_of() {
        let position =
            Position { updated_at: Timestamp::from_millisecond(1_798_761_599_999).unwrap(), id: Id::new(7, [9; 10]) };
        assert_eq!(read_cursor(&write_cursor(&position)), Some(position));
        for text in ["x", "9223372036854775807.01a22317-4831-7d54-a657-26b3d4fd5ca4", "9999"] {
            assert_eq!(read_cursor(text), None, "{text}");
        }
    }

    #[test]
    fn empty_parameters_count_as_absent() {
        assert_eq!(read("state=&q=&limit=&cursor=").unwrap(), read("").unwrap());
        let filter = read("state=submitted&q=%C3%A9t%C3%A9+&limit=100").unwrap();
        assert_eq!((filter.state, filter.words.as_str(), filter.limit), (Some(State::Submitted), "été ", 100));
    }
}
