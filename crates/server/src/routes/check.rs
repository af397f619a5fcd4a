//! `/api/check`: the findings on a draft that is not kept.

use axum::Json;
use axum::extract::State;
use habilitation_model::finding::Circumstances;
use habilitation_model::wire::{DraftToSave, Findings};

use super::requests::refuse_other_schema;
use crate::app::App;
use crate::body;
use crate::clock::utc_day;
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;

/// Checks a draft with today's date in UTC. The arrival of its files is not checked.
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
    who: SignedIn,
    body::Json(body): body::Json<DraftToSave>,
) -> Result<Json<Findings>, Problem> {
    refuse_other_schema(&body)?;
    let _in_flight =
        app.calls_in_flight_of_person.enter(who.owner.person()).ok_or_else(|| Problem::new(ProblemType::Busy))?;
    let today = Circumstances::on(utc_day(app.clock.now()));
    // On a thread that may block: a large draft takes milliseconds, in which other calls are to be answered.
    let checking = tokio::task::spawn_blocking(move || body.draft.findings(&today));
    let findings = checking.await.map_err(|_| Problem::new(ProblemType::Internal))?;
    Ok(Json(Findings { findings }))
}
