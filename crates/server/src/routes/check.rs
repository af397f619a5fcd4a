//! `/api/check`: what a draft lacks, without keeping it.

use axum::Json;
use axum::extract::State;
use habilitation_model::finding::Circumstances;
use habilitation_model::wire::{DraftToSave, Findings};

use super::requests::refuse_other_schema;
use crate::app::App;
use crate::body;
use crate::clock::utc_day;
use crate::problem::Problem;
use crate::session::SignedIn;

/// Everything wrong or worth saying of a draft, today in UTC. Whether its files arrived is not looked at.
#[utoipa::path(
    post,
    path = "/api/check",
    tag = "requests",
    operation_id = "check_draft",
    request_body = DraftToSave,
    responses((status = 200, description = "The findings, in the order of the form.", body = Findings))
)]
pub(crate) async fn check(
    State(app): State<App>,
    _who: SignedIn,
    body::Json(body): body::Json<DraftToSave>,
) -> Result<Json<Findings>, Problem> {
    refuse_other_schema(&body)?;
    let findings = body.draft.findings(&Circumstances::on(utc_day(app.clock.now())));
    Ok(Json(Findings { findings }))
}
