//! `/api/examination/statistics`, and `/api/statistics` for everybody: what the team answered, and how long it took.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use habilitation_model::Date;
use habilitation_model::month::Month;
use habilitation_model::statistics::{Period, csv};
use habilitation_model::wire::{PublicStatistics, Statistics};

use super::examination::OfTeam;
use crate::app::App;
use crate::clock::paris_day;
use crate::problem::{Problem, ProblemType};

/// An hour, for browsers and what stands between.
const CACHED: &str = "public, max-age=3600";

/// Parameters of the statistics. One that is empty counts as absent.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters; `Query` reads them, to say which one is wrong")]
pub(crate) struct StatisticsParameters {
    /// First month. Without it, eleven months before the last one.
    #[param(inline)]
    from: Option<Month>,
    /// Last month, at most 119 months after the first one. Without it, the current one.
    #[param(inline)]
    to: Option<Month>,
}

/// Reader of the parameters.
pub(crate) struct Query {
    from: Option<Month>,
    to: Option<Month>,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let wrong = |detail: &str| Problem::new(ProblemType::InvalidParameter).detail(detail);
        let mut query = Self { from: None, to: None };
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if seen.contains(&name) {
                return Err(wrong("A parameter is given twice."));
            }
            let member = match name.as_ref() {
                "from" => &mut query.from,
                "to" => &mut query.to,
                _ => return Err(wrong("The statistics take `from` and `to`.")),
            };
            if !value.is_empty() {
                let month = Month::parse(&value);
                *member = Some(month.ok_or_else(|| wrong("`from` and `to` are months, such as `2026-11`."))?);
            }
            seen.push(name);
        }
        Ok(query)
    }
}

impl Query {
    fn period(self, today: Date) -> Result<Period, Problem> {
        let usual = Period::ending(self.to.unwrap_or_else(|| Month::of(today)));
        Period::between(self.from.unwrap_or(usual.from), usual.to).ok_or_else(|| {
            Problem::new(ProblemType::InvalidParameter)
                .detail("`from` is after `to`, or more than 119 months before it.")
        })
    }
}

async fn told(app: &App, query: Query) -> Result<Statistics, Problem> {
    let now = app.clock.now();
    Ok(app.store.statistics(query.period(paris_day(now))?, now).await?)
}

/// Returns the statistics of a period, month by month, and how many requests wait now.
#[utoipa::path(
    get,
    path = "/api/examination/statistics",
    tag = "examination",
    operation_id = "read_statistics",
    params(StatisticsParameters),
    responses((status = 200, description = "The statistics. Days and months are those of Europe/Paris.", body = Statistics))
)]
pub(crate) async fn read(State(app): State<App>, OfTeam(_): OfTeam, query: Query) -> Result<Json<Statistics>, Problem> {
    Ok(Json(told(&app, query).await?))
}

/// Returns the statistics of a period as comma-separated values (RFC 4180): a row for each month, and one for the period.
#[utoipa::path(
    get,
    path = "/api/examination/statistics.csv",
    tag = "examination",
    operation_id = "read_statistics_as_file",
    params(StatisticsParameters),
    responses((status = 200, description = "The file, in UTF-8.", body = String, content_type = "text/csv"))
)]
pub(crate) async fn file(State(app): State<App>, OfTeam(_): OfTeam, query: Query) -> Result<Response, Problem> {
    let statistics = told(&app, query).await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"statistiques.csv\"")),
    ];
    Ok((headers, csv(&statistics)).into_response())
}

/// Returns how long the team takes to answer. Everybody may read it.
#[utoipa::path(
    get,
    path = "/api/statistics",
    tag = "habilitations",
    operation_id = "read_public_statistics",
    responses((status = 200, description = "The median of the last 90 days; nothing where fewer than ten answers were given.", body = PublicStatistics))
)]
pub(crate) async fn read_public(State(app): State<App>) -> Result<Response, Problem> {
    let statistics = app.store.public_statistics(app.clock.now()).await?;
    Ok(([(CACHE_CONTROL, HeaderValue::from_static(CACHED))], Json(statistics)).into_response())
}
