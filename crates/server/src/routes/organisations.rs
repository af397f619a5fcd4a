//! `/api/organisations`: what a public directory says of an establishment.

use axum::Json;
use axum::extract::{Path, State};
use habilitation_model::Id;
use habilitation_model::siret::Siret;
use habilitation_model::wire::{OrganisationFound, OrganisationState};

use crate::app::App;
use crate::clock::paris_day;
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;

/// Returns an establishment as a public directory describes it. That of the session is known from the identity provider already.
#[utoipa::path(
    get,
    path = "/api/organisations/{siret}",
    tag = "requests",
    operation_id = "find_organisation",
    params(("siret" = String, Path, description = "SIRET of the establishment.", min_length = 14, max_length = 14)),
    responses(
        (status = 200, description = "What is known. Where the directory does not answer, the state is `away`.", body = OrganisationFound),
        (status = 404, description = "No directory is asked here.", body = habilitation_model::wire::Problem, content_type = "application/problem+json")
    )
)]
pub(crate) async fn find(
    State(app): State<App>,
    who: SignedIn,
    Path(siret): Path<String>,
) -> Result<Json<OrganisationFound>, Problem> {
    let Some(directory) = &app.directory else {
        return Err(Problem::new(ProblemType::NotFound).detail("No directory is asked here."));
    };
    let own = who.session.organisation;
    if own.siret == siret && !own.name.is_empty() {
        let (state, as_of) = (OrganisationState::Found, paris_day(app.wall_clock.now()));
        let (name, kind) = (Some(own.name), own.kind);
        return Ok(Json(OrganisationFound { state, name, place: None, closed_on: None, kind, as_of }));
    }
    let siret = Siret::parse(&siret).map_err(|_| {
        Problem::new(ProblemType::InvalidParameter)
            .detail("`siret` in the address is not the number of an establishment.")
    })?;
    Ok(Json(directory.find(&siret).await))
}

/// Has the directory describe the establishment of a submission, where one is asked, and notes that for the team. Nobody waits for it.
///
/// While the directory does not answer nothing is noted: it is asked again when the team reads the request.
pub(super) fn note(app: &App, request: &Id, n: u32, siret: &str) {
    let (true, Ok(siret)) = (app.directory.is_some(), Siret::parse(siret)) else { return };
    let (app, request) = (app.clone(), request.clone());
    tokio::spawn(async move {
        let Some(directory) = &app.directory else { return };
        let found = directory.find(&siret).await;
        if found.state == OrganisationState::Away {
            return;
        }
        if let Err(failure) = app.store.note_organisation(&request, n, &found).await {
            tracing::warn!(%failure, "what the directory says of a submission is not noted");
        }
    });
}
