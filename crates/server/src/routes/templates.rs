//! `/api/examination/templates`: texts with which members of the team begin what they write.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use habilitation_model::wire::{Template, TemplateList, TemplateToSave};

use super::RequestId;
use super::examination::OfTeam;
use super::openapi::{ChangeHeaders, NoPrecondition, ReadHeaders, RequestPath, SaveHeaders};
use crate::app::App;
use crate::body;
use crate::preconditions::{Preconditions, entity_tag};
use crate::problem::{Problem, ProblemType};
use crate::store::SavedTemplate;

/// Lists the templates of the team.
#[utoipa::path(
    get,
    path = "/api/examination/templates",
    tag = "examination",
    operation_id = "list_templates",
    responses((status = 200, description = "The templates, by use and title.", body = TemplateList))
)]
pub(crate) async fn list(State(app): State<App>, OfTeam(member): OfTeam) -> Result<Json<TemplateList>, Problem> {
    Ok(Json(TemplateList { templates: app.store.templates(&member).await? }))
}

/// Returns a template of the team.
#[utoipa::path(
    get,
    path = "/api/examination/templates/{id}",
    tag = "examination",
    operation_id = "read_template",
    params(
        RequestPath,
        ReadHeaders,
    ),
    responses(
        (status = 200, description = "The template.", body = Template, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 304, description = "The caller has this revision."),
    )
)]
pub(crate) async fn read(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
    preconditions: Preconditions,
) -> Result<Response, Problem> {
    let template = app.store.template(&member, &id).await?.ok_or_else(|| Problem::new(ProblemType::NotFound))?;
    let tag = [(ETAG, entity_tag(template.revision))];
    if preconditions.has_already(template.revision) {
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    Ok((tag, Json(template)).into_response())
}

/// Creates a template, or saves it over the revision that the caller knows.
#[utoipa::path(
    put,
    path = "/api/examination/templates/{id}",
    tag = "examination",
    operation_id = "save_template",
    params(
        RequestPath,
        SaveHeaders,
    ),
    request_body = TemplateToSave,
    responses(
        (status = 200, description = "Changed.", body = Template, headers(("ETag" = String, description = "Its new revision, between quotes."))),
        (status = 201, description = "Created.", body = Template, headers(("ETag" = String, description = "Its revision, between quotes."))),
        (status = 403, description = "A reader saves it.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The team has as many templates as it may have.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 412, description = "The template is at another revision.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 422, description = "The title or the text is empty, too long, or holds control characters.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 428, response = inline(NoPrecondition)),
    )
)]
pub(crate) async fn save(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
    preconditions: Preconditions,
    body::Json(template): body::Json<TemplateToSave>,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let saved = app.store.save_template(&member, &id, &template, &preconditions.expected(), now).await?;
    let (status, template) = match saved {
        SavedTemplate::Created(template) => (StatusCode::CREATED, template),
        SavedTemplate::Changed(template) => (StatusCode::OK, template),
    };
    Ok((status, [(ETAG, entity_tag(template.revision))], Json(template)).into_response())
}

/// Deletes a template.
#[utoipa::path(
    delete,
    path = "/api/examination/templates/{id}",
    tag = "examination",
    operation_id = "delete_template",
    params(
        RequestPath,
        ChangeHeaders,
    ),
    responses(
        (status = 204, description = "Deleted."),
        (status = 403, description = "A reader deletes it.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 412, description = "The template is at another revision.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 428, response = inline(NoPrecondition)),
    )
)]
pub(crate) async fn delete(
    State(app): State<App>,
    OfTeam(member): OfTeam,
    RequestId(id): RequestId,
    preconditions: Preconditions,
) -> Result<StatusCode, Problem> {
    app.store.delete_template(&member, &id, &preconditions.expected()).await?;
    Ok(StatusCode::NO_CONTENT)
}
