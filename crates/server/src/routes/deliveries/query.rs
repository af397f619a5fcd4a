//! Parameters of the list of deliveries.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use habilitation_model::wire::{Cursor, DeliveryState};
use habilitation_model::{ClosedList, Id};
use jiff::Timestamp;
use utoipa::IntoParams;

use crate::problem::{Problem, ProblemType};
use crate::store::outbox::DeliveryFilter;

/// Deliveries on one page.
pub(super) const PAGE: u32 = 50;

/// Parameters of the list. One that is empty counts as absent.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the parameters; `Query` reads them, to say which one is wrong")]
pub(crate) struct DeliveryParameters {
    /// State of the listed deliveries.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// Position at which the page begins: `next` of the page before, as it is.
    cursor: Option<String>,
}

/// Reader of the parameters.
pub(crate) struct Query(pub(super) DeliveryFilter);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut filter = DeliveryFilter { limit: PAGE + 1, ..DeliveryFilter::default() };
        let wrong = |detail: &str| Problem::new(ProblemType::InvalidParameter).detail(detail.to_owned());
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if seen.contains(&name) {
                return Err(wrong("A parameter is given twice."));
            }
            match (name.as_ref(), value.as_ref()) {
                ("state" | "cursor", "") => {}
                ("state", value) => {
                    let state = DeliveryState::parse(value);
                    filter.state = Some(state.ok_or_else(|| wrong("`state` is not a state of deliveries."))?);
                }
                ("cursor", value) => {
                    let after = position(value).ok_or_else(|| wrong("`cursor` is not `next` of another page."))?;
                    filter.after = Some(after);
                }
                _ => return Err(wrong("The list takes `state` and `cursor`.")),
            }
            seen.push(name);
        }
        Ok(Self(filter))
    }
}

fn position(text: &str) -> Option<(Timestamp, Id)> {
    let Cursor { updated_at, id } = Cursor::parse(text)?;
    Some((Timestamp::from_millisecond(updated_at).ok()?, id))
}
