//! `/api/openapi.json`: the description of the API, made from the handlers themselves.

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use habilitation_model::wire::{PROBLEM_MEDIA_TYPE, Problem};
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr};
use utoipa::{IntoParams, OpenApi, ToResponse};

use crate::addresses::{BOUNCES, TOKENS};
use crate::problem::ProblemType;

/// The request was submitted: nothing of it changes any more.
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
#[expect(dead_code, reason = "it describes an answer")]
pub(crate) struct ASubmittedRequest(Problem);

/// The request is in a state in which this is not done; `state` tells it.
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
#[expect(dead_code, reason = "it describes an answer")]
pub(crate) struct AnotherState(Problem);

/// The caller takes part in the request, and may not do this; `code` in `errors` says why.
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
#[expect(dead_code, reason = "it describes an answer")]
pub(crate) struct NotPermittedThere(Problem);

/// The draft was deleted, or the request erased when its time was over; its identifier will not be used again.
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
#[expect(dead_code, reason = "it describes an answer")]
pub(crate) struct ADeletedRequest(Problem);

/// The stored revision is not the one of the precondition; `current` is what is stored, if anything is.
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
#[expect(dead_code, reason = "it describes an answer")]
pub(crate) struct AnotherRevision(Problem);

/// The draft cannot be submitted; `errors` has everything that stands in the way.
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
#[expect(dead_code, reason = "it describes an answer")]
pub(crate) struct AnIncompleteRequest(Problem);

/// The call does not say which revision it means.
#[derive(ToResponse)]
#[response(content_type = "application/problem+json")]
#[expect(dead_code, reason = "it describes an answer")]
pub(crate) struct NoPrecondition(Problem);

/// The address of a request.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `RequestId` reads")]
pub(crate) struct RequestPath {
    /// A UUID of version 7, made by the client.
    #[param(
        format = "uuid",
        pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    )]
    id: String,
}

/// The address of an event.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `EventId` reads")]
pub(crate) struct EventPath {
    /// Identifier of the event: a UUID of version 7, made by the client.
    #[param(
        format = "uuid",
        pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    )]
    event: String,
}

/// The address of an invitation.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `InvitationId` reads")]
pub(crate) struct InvitationPath {
    /// Identifier of the invitation: a UUID of version 7, made by the client.
    #[param(
        format = "uuid",
        pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    )]
    invitation: String,
}

/// The address of a person.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `PersonId` reads")]
pub(crate) struct PersonPath {
    /// Identifier of the person.
    #[param(max_length = 200)]
    person: String,
}

/// The address of a recovery.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `RequestId` reads")]
pub(crate) struct RecoveryPath {
    /// Identifier of the recovery, a UUID of version 7.
    #[param(
        format = "uuid",
        pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    )]
    id: String,
}

/// The address of a delivery.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `RequestId` reads")]
pub(crate) struct DeliveryPath {
    /// Identifier of the delivery, a UUID of version 7.
    #[param(
        format = "uuid",
        pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    )]
    id: String,
}

/// The address of a document.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it describes a part of the address, which `DocumentId` reads")]
pub(crate) struct DocumentPath {
    /// `id` of the document in the draft: a UUID of version 7, made by the client.
    #[param(
        format = "uuid",
        pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    )]
    document: String,
}

/// Preconditions of a deletion or a submission.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes a header, which `Preconditions` reads")]
pub(crate) struct ChangeHeaders {
    /// The revision that is known, between quotes. A weak tag never matches, and `*` does not count.
    #[param(rename = "If-Match", example = "\"7\"", pattern = "^\"[0-9]+\"$")]
    if_match: String,
    /// The `updated_at` of that revision: a server that came back from a backup gives a number a second time.
    #[param(rename = "Habilitation-Saved-At", required = false)]
    saved_at: String,
}

/// Preconditions of an act. Only one that moves the state needs them.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes headers, which `Preconditions` reads")]
pub(crate) struct ActHeaders {
    /// The revision that is known, between quotes. A weak tag never matches, and `*` does not count.
    #[param(rename = "If-Match", required = false, example = "\"7\"", pattern = "^\"[0-9]+\"$")]
    if_match: String,
    /// The `updated_at` of that revision: a server that came back from a backup gives a number a second time.
    #[param(rename = "Habilitation-Saved-At", required = false)]
    saved_at: String,
}

/// Preconditions of a save.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes headers, which `Preconditions` reads")]
pub(crate) struct SaveHeaders {
    /// To change: the revision that is known, between quotes. A weak tag never matches, and `*` does not count.
    #[param(rename = "If-Match", required = false, example = "\"7\"", pattern = "^\"[0-9]+\"$")]
    if_match: String,
    /// The `updated_at` of that revision: a server that came back from a backup gives a number a second time.
    #[param(rename = "Habilitation-Saved-At", required = false)]
    saved_at: String,
    /// To create: `*`.
    #[param(rename = "If-None-Match", required = false, example = "*", pattern = "^\\*$")]
    if_none_match: String,
}

/// Precondition of a read.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it describes a header, which `Preconditions` reads")]
pub(crate) struct ReadHeaders {
    /// The revision that the caller has, between quotes.
    #[param(rename = "If-None-Match", required = false, example = "\"7\"", pattern = "^\"[0-9]+\"$")]
    if_none_match: String,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Habilitation", description = "Requests for FranceConnect: drafts, documents, submission."),
    components(schemas(Problem))
)]
struct Introduction;

/// Returns the description without its operations.
pub(crate) fn introduction() -> Document {
    let mut document = Introduction::openapi();
    let kinds = ProblemType::ALL
        .iter()
        .map(|kind| format!("| `{}` | {} | {} |", kind.uri(), kind.status().as_u16(), kind.meaning().trim()));
    let kinds: Vec<String> = kinds.collect();
    document.info.description = Some(format!(
        "Requests for FranceConnect: drafts, documents, submission.\n\n\
         Refusals are problems (RFC 9457). Their `type` is one of these and never changes:\n\n\
         | type | status | when |\n|---|---|---|\n{}\n\n\
         What belongs to somebody else answers as what is not there. A change must carry the `Origin` of this site, or that of a \
         portal with its token.",
        kinds.join("\n")
    ));
    document
}

/// The document as it is served.
pub(super) fn bytes(mut document: Document) -> Bytes {
    add_security_schemes(&mut document);
    add_common_answers(&mut document);
    // It is all texts and maps of texts, which always have a JSON form; a test reads it.
    document.to_pretty_json().unwrap_or_default().into()
}

pub(super) fn read(document: &Bytes) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], document.clone()).into_response()
}

/// Adds the ways to prove who calls: the cookie of our own pages, the token of a portal, the secret of a mail server.
fn add_security_schemes(document: &mut Document) {
    let scheme = ApiKeyValue::with_description("habilitation_session", "`__Host-habilitation_session` over HTTPS.");
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(scheme)));
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("From the pages of the portal that claimed it, for what was begun there."))
        .build();
    components.add_security_scheme("portal", SecurityScheme::Http(token));
    let secret = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The secret that the operator gave the mail server."))
        .build();
    components.add_security_scheme("mail_server", SecurityScheme::Http(secret));
}

/// Adds the answers that any call may get: they come from the layers and the extractors, not from the handlers.
fn add_common_answers(document: &mut Document) {
    for (path, item) in &mut document.paths.paths {
        for (operation, changes) in
            [(&mut item.get, false), (&mut item.put, true), (&mut item.post, true), (&mut item.delete, true)]
        {
            let Some(operation) = operation else { continue };
            add_answers_of_path(operation, path);
            add_answers_of_input(operation);
            if changes {
                answer(operation, &[ProblemType::ForeignOrigin]);
                if path != "/api/check" {
                    answer(operation, &[ProblemType::StorageFull]);
                }
            }
            if path.starts_with("/api/") {
                answer(
                    operation,
                    &[
                        ProblemType::Misdirected,
                        ProblemType::TooManyCalls,
                        ProblemType::HeadTooLarge,
                        ProblemType::Busy,
                    ],
                );
            }
            answer(operation, &[ProblemType::Internal]);
        }
        if path.ends_with("/documents/{document}") {
            for operation in [&mut item.get, &mut item.put].into_iter().flatten() {
                answer(operation, &[ProblemType::StorageAway]);
            }
        }
    }
}

/// Addresses of the API that everybody may read.
const PUBLIC: [&str; 2] = ["/api/habilitations", "/api/statistics"];

/// Beginnings of addresses that ask for no session, or lead whoever has none to one.
const OPEN: [&str; 4] = ["/api/accounts/", "/api/cards/", "/api/demo/", "/api/proconnect/"];

/// Adds the sign-in that an address asks for, and the answers about what it names.
fn add_answers_of_path(operation: &mut Operation, path: &str) {
    let open = !path.starts_with("/api/")
        || OPEN.iter().any(|start| path.starts_with(start))
        || path == TOKENS
        || PUBLIC.contains(&path);
    let ours_alone = ["/api/embed/", "/api/sessions", "/api/examination/"].iter().any(|start| path.starts_with(start));
    let takes_id = path.contains('{');
    if !open {
        let kinds: &[&str] = match path {
            BOUNCES => &["mail_server"],
            _ if ours_alone => &["session"],
            _ => &["session", "portal"],
        };
        let requirement = |kind: &&str| SecurityRequirement::new(*kind, Vec::<String>::new());
        operation.security = Some(kinds.iter().map(requirement).collect());
        answer(operation, &[ProblemType::SignedOut]);
    }
    // Whoever is not of the team finds nothing there.
    if takes_id || path.starts_with("/api/demo/") || path.starts_with("/api/examination/") {
        answer(operation, &[ProblemType::NotFound]);
    }
    if takes_id && !["/api/accounts/", "/api/sessions"].iter().any(|start| path.starts_with(start)) {
        answer(operation, &[ProblemType::NewerDraft]);
    }
    if path.starts_with("/api/demo/") {
        answer(operation, &[ProblemType::PassedOn]);
    }
}

/// Adds the answers about the parameters and the body of an operation.
fn add_answers_of_input(operation: &mut Operation) {
    if operation.parameters.is_some() {
        answer(operation, &[ProblemType::InvalidParameter]);
    }
    if let Some(RefOr::T(body)) = &operation.request_body {
        let json = body.content.contains_key("application/json");
        answer(operation, if json { &[ProblemType::InvalidBody] } else { &[ProblemType::UnsupportedFile] });
        answer(operation, &[ProblemType::TooSlow, ProblemType::TooLarge, ProblemType::UnsupportedMediaType]);
    }
}

/// Adds problems of these types to the answers of an operation, beside its own description of the same status.
fn answer(operation: &mut Operation, kinds: &[ProblemType]) {
    for kind in kinds {
        let status = kind.status().as_str().to_owned();
        let told = operation.responses.responses.entry(status).or_insert_with(|| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            RefOr::T(ResponseBuilder::new().content(PROBLEM_MEDIA_TYPE, content).build())
        });
        if let RefOr::T(response) = told {
            let before = if response.description.is_empty() { "" } else { " " };
            response.description = format!("{}{before}{}", response.description, kind.meaning().trim());
        }
    }
}
