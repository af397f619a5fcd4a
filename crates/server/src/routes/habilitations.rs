//! `/api/habilitations` and `/habilitations.csv`: the habilitations in force, for everybody.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use habilitation_model::wire::PublicList;
use jiff::Timestamp;

use crate::app::App;
use crate::problem::{Problem, ProblemType};
use crate::store::{PublicFilter, PublicPosition};

/// Habilitations on one page.
const LIMIT: u32 = 50;
/// Most characters of a search.
const WORDS_MAX: usize = 200;
/// An hour, for browsers and what stands between.
const CACHED: &str = "public, max-age=3600";

/// Parameters of the list. One that is empty counts as absent.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters; `Query` reads them, to say which one is wrong")]
pub(crate) struct PublicParameters {
    /// Beginnings of words, whatever their case and accents. Looked at are the names of the project and of the organisation, the
    /// SIRET number and the number.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Position at which the page begins: `next` of the page before, as it is.
    cursor: Option<String>,
}

/// Reads the parameters.
pub(crate) struct Query(PublicFilter);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

fn read(query: &str) -> Result<PublicFilter, Problem> {
    let wrong = |detail: &str| Problem::new(ProblemType::InvalidParameter).detail(detail);
    let mut filter = PublicFilter { limit: LIMIT, ..PublicFilter::default() };
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (name.as_ref(), value.as_ref()) {
            _ if seen.contains(&name) => return Err(wrong("A parameter is given twice.")),
            ("q" | "cursor", "") => {}
            ("q", value) => {
                if value.chars().count() > WORDS_MAX || value.contains('\0') {
                    return Err(wrong("`q` is longer than 200 characters, or holds U+0000."));
                }
                value.clone_into(&mut filter.words);
            }
            ("cursor", value) => {
                let position = read_cursor(value).ok_or_else(|| wrong("`cursor` is not `next` of another page."))?;
                filter.after = Some(position);
            }
            _ => return Err(wrong("The list takes `q` and `cursor`.")),
        }
        seen.push(name);
    }
    Ok(filter)
}

/// Writes a position in the list as clients carry it.
fn write_cursor(position: &PublicPosition) -> String {
    format!("{}.{}", position.accepted_at.as_millisecond(), position.number)
}

/// Reads a position in the list. There is one way to write each.
fn read_cursor(text: &str) -> Option<PublicPosition> {
    let (at, number) = text.split_once('.').filter(|(_, number)| !number.is_empty())?;
    let accepted_at = Timestamp::from_millisecond(at.parse().ok()?).ok()?;
    let position = PublicPosition { accepted_at, number: number.chars().take(WORDS_MAX).collect() };
    (write_cursor(&position) == text).then_some(position)
}

/// Lists the habilitations in force. No person is named.
#[utoipa::path(
    get,
    path = "/api/habilitations",
    tag = "habilitations",
    operation_id = "list_habilitations",
    params(PublicParameters),
    responses((status = 200, description = "A page of the list, the last accepted first.", body = PublicList))
)]
pub(crate) async fn list(State(app): State<App>, Query(filter): Query) -> Result<Response, Problem> {
    let page = app.store.habilitations(&filter).await?;
    let list = PublicList { next: page.next.as_ref().map(write_cursor), habilitations: page.habilitations };
    Ok(([(CACHE_CONTROL, HeaderValue::from_static(CACHED))], Json(list)).into_response())
}

/// Returns the habilitations in force as comma-separated values (RFC 4180).
#[utoipa::path(
    get,
    path = "/habilitations.csv",
    tag = "habilitations",
    operation_id = "read_habilitations_as_file",
    responses((status = 200, description = "The file, in UTF-8.", body = String, content_type = "text/csv"))
)]
pub(crate) async fn file(State(app): State<App>) -> Result<Response, Problem> {
    let file = app.public_file.read(app.store.as_ref()).await?;
    let headers = [
        (CACHE_CONTROL, HeaderValue::from_static(CACHED)),
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"habilitations.csv\"")),
    ];
    Ok((headers, file).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_the_position_it_was_made_of() {
        let accepted_at = Timestamp::from_millisecond(1_798_761_599_999).unwrap();
        let position = PublicPosition { accepted_at, number: "FC-2026-000017-1".to_owned() };
        assert_eq!(read_cursor(&write_cursor(&position)), Some(position));
        for text in ["", "x", "1", "1.", "+1.FC", "9223372036854775807.FC"] {
            assert_eq!(read_cursor(text), None, "{text}");
        }
    }
}
