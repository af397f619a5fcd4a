//! `/api/requests/{id}/documents/{document}`: the bytes of the files that a draft or a message lists.

use std::io::ErrorKind;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use habilitation_model::document::{FileType, MAX_SIZE};
use habilitation_model::{ClosedList, Id};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;

use super::DocumentId;
use super::openapi::{DocumentPath, RequestPath};
use crate::app::App;
use crate::body::{Incoming, announced_length, refuse_encoded};
use crate::files::NotStored;
use crate::metering;
use crate::problem::{Problem, ProblemType};
use crate::session::SignedIn;
use crate::store::{Owner, ReceivedFile, StoreRefusal, StoredDocument};
use crate::team::Member;

/// A document whose bytes are safe on disk.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceivedDocument {
    /// Identifier of the document.
    id: Id,
    /// Bytes.
    size: u64,
    /// Type that its first bytes tell.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "application/pdf")]
    media_type: FileType,
}

/// Receives the bytes of a document. A draft may list it before or after, a message after.
///
/// Repeating it is harmless: new bytes stand in place of the old ones, until they are sent. The draft's revision stays.
/// `Content-Length` must announce at most 10 MiB. Bytes that nothing lists go after 24 hours.
#[utoipa::path(
    put,
    path = "/api/requests/{id}/documents/{document}",
    tag = "documents",
    operation_id = "send_document",
    params(
        RequestPath,
        DocumentPath,
    ),
    request_body(
        description = "The bytes. They alone decide of the type: `Content-Type` may be any or none. A file that is empty, or neither a PDF, a PNG nor a JPEG, is an unsupported file.",
        content(("application/pdf"), ("image/png"), ("image/jpeg"), ("*/*"))
    ),
    responses(
        (status = 200, description = "The bytes are safe on disk, in place of others.", body = ReceivedDocument),
        (status = 201, description = "The bytes are safe on disk.", body = ReceivedDocument),
        (status = 409, description = "The document was sent, the request is archived, or a quota is reached.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
        (status = 410, response = inline(super::openapi::ADeletedRequest)),
        (status = 411, description = "The length is not announced.", body = habilitation_model::wire::Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn receive(
    State(app): State<App>,
    who: SignedIn,
    address: DocumentId,
    upload: Upload,
) -> Result<(StatusCode, Json<ReceivedDocument>), Problem> {
    keep(&app, Sender::Applicant(&who.owner), address, upload).await
}

/// Sender of a document.
pub(super) enum Sender<'a> {
    Applicant(&'a Owner),
    Team(&'a Member),
}

/// Keeps the bytes of a document.
pub(super) async fn keep(
    app: &App,
    sender: Sender<'_>,
    DocumentId { request, document }: DocumentId,
    Upload { announced, mut body }: Upload,
) -> Result<(StatusCode, Json<ReceivedDocument>), Problem> {
    let person = match sender {
        Sender::Applicant(owner) => owner.person(),
        Sender::Team(member) => &member.person,
    };
    let in_flight = app.uploads.enter_with_bytes(person, announced).ok_or_else(|| Problem::new(ProblemType::Busy))?;
    let size = in_flight.bytes_of_all();
    match sender {
        Sender::Applicant(owner) => app.store.reserve_document(owner, &request, &document, size).await?,
        Sender::Team(member) => app.store.reserve_document_for_team(member, &request, &document, size).await?,
    }
    let mut incoming = app.files.receive().await?;
    while let Some(bytes) = body.next_bytes().await? {
        incoming.take(bytes).await?;
    }
    let kept = incoming.finish().await?;
    let arrived = ReceivedFile {
        document: document.clone(),
        file: kept.file.clone(),
        file_type: kept.file_type,
        size: kept.size,
    };
    let now = app.clock.now();
    let recorded = match sender {
        Sender::Applicant(owner) => app.store.record_document(owner, &request, &arrived, now).await,
        Sender::Team(member) => app.store.record_document_for_team(member, &request, &arrived, now).await,
    };
    let recorded = match recorded {
        Ok(recorded) => recorded,
        // After a failure the database may refer to the file or not: a purge removes it if not.
        Err(refusal @ StoreRefusal::Failure(_)) => return Err(refusal.into()),
        Err(refusal) => {
            app.files.remove(vec![kept.file]).await;
            return Err(refusal.into());
        }
    };
    metering::count_upload(kept.size);
    let status = if recorded.replaced.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    app.files.remove(recorded.replaced.into_iter().collect()).await;
    Ok((status, Json(ReceivedDocument { id: document, size: kept.size, media_type: kept.file_type })))
}

/// A body that may be a document, as far as its headers tell.
pub(crate) struct Upload {
    announced: u64,
    body: Incoming,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let headers = request.headers();
        refuse_encoded(headers)?;
        let announced = announced_length(headers).ok_or_else(|| Problem::new(ProblemType::LengthRequired))?;
        if announced > MAX_SIZE {
            return Err(NotStored::TooLarge.into());
        }
        Ok(Self { announced, body: Incoming::new(request.into_body()) })
    }
}

impl From<NotStored> for Problem {
    fn from(reason: NotStored) -> Self {
        match reason {
            NotStored::Empty => Self::new(ProblemType::UnsupportedFile).detail("The file is empty."),
            NotStored::OfAnotherType => Self::new(ProblemType::UnsupportedFile),
            NotStored::TooLarge => Self::new(ProblemType::TooLarge).limit(MAX_SIZE),
            NotStored::Failure(error) => {
                tracing::error!(error = %error.kind(), "a document cannot be kept");
                metering::count_storage_failure("write");
                Self::new(of_storage(error.kind()))
            }
        }
    }
}

/// Returns the problem that a failure of the store of documents is to a caller.
fn of_storage(kind: ErrorKind) -> ProblemType {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => ProblemType::StorageFull,
        ErrorKind::HostUnreachable => ProblemType::StorageAway,
        ErrorKind::ResourceBusy => ProblemType::Busy,
        _ => ProblemType::Internal,
    }
}

/// The bytes of a document, to be kept and never shown by the browser itself.
#[utoipa::path(
    get,
    path = "/api/requests/{id}/documents/{document}",
    tag = "documents",
    operation_id = "read_document",
    params(
        RequestPath,
        DocumentPath,
    ),
    responses((
        status = 200,
        description = "The bytes, as an attachment.",
        content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg")),
        headers(("Content-Disposition" = String, description = "An attachment, by the name that the draft gives it."))
    ))
)]
pub(crate) async fn read(
    State(app): State<App>,
    who: SignedIn,
    DocumentId { request, document }: DocumentId,
) -> Result<Response, Problem> {
    let kept = app.store.document(&who.owner, &request, &document).await?;
    answer(&app, kept.ok_or_else(|| Problem::new(ProblemType::NotFound))?).await
}

/// Returns the bytes of a document, as an attachment.
pub(super) async fn answer(app: &App, kept: StoredDocument) -> Result<Response, Problem> {
    let unreadable = |error: std::io::Error| {
        tracing::error!(error = %error.kind(), "a document cannot be read");
        metering::count_storage_failure("read");
        Problem::new(of_storage(error.kind()))
    };
    let bytes = app.files.read(&kept.file).await.map_err(unreadable)?;
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kept.file_type.as_str()));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(kept.size));
    headers.insert(CONTENT_DISPOSITION, attachment(kept.name.as_deref(), kept.file_type));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok((headers, Body::new(bytes)).into_response())
}

/// Characters that stand for themselves in an extended value (RFC 8187, section 3.2.1).
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// An attachment (RFC 6266) by the name that the draft gives it, as far as its type allows.
///
/// Browsers read the extended name. Other programs read the plain one: where it is not of plain letters it says the type
/// alone, since some read `%` in it as an escape and others take ISO 8859-1 for UTF-8.
fn attachment(name: Option<&str>, file_type: FileType) -> HeaderValue {
    let shown = file_type.download_name(name.unwrap_or_default());
    let is_plain = shown.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'%' | b'\\'));
    let plain = if is_plain { shown.clone() } else { file_type.download_name("") };
    let extended = utf8_percent_encode(&shown, EXTENDED);
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}"))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

/// Removes the bytes of a document that was not sent.
#[utoipa::path(
    delete,
    path = "/api/requests/{id}/documents/{document}",
    tag = "documents",
    operation_id = "remove_document",
    params(
        RequestPath,
        DocumentPath,
    ),
    responses(
        (status = 204, description = "Removed."),
        (status = 409, response = inline(super::openapi::ASubmittedRequest)),
        (status = 410, response = inline(super::openapi::ADeletedRequest)),
    )
)]
pub(crate) async fn remove(
    State(app): State<App>,
    who: SignedIn,
    DocumentId { request, document }: DocumentId,
) -> Result<StatusCode, Problem> {
    let file = app.store.remove_document(&who.owner, &request, &document).await?;
    app.files.remove(vec![file]).await;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_keeps_its_name_as_far_as_its_type_allows() {
        for (name, plain, extended) in [
            ("plan.pdf", "plan.pdf", "plan.pdf"),
            ("facture.exe", "facture.pdf", "facture.pdf"),
            ("Note d'accueil (2).pdf", "Note d'accueil (2).pdf", "Note%20d%27accueil%20%282%29.pdf"),
            ("Écran d'accueil.pdf", "document.pdf", "%C3%89cran%20d%27accueil.pdf"),
            ("100 %.pdf", "document.pdf", "100%20%25.pdf"),
            ("%41.pdf", "document.pdf", "%2541.pdf"),
            ("a\"; filename=\"b.exe", "a_; filename=_b.pdf", "a_%3B%20filename%3D_b.pdf"),
            ("../../etc/passwd", "_.._etc_passwd.pdf", "_.._etc_passwd.pdf"),
            ("a\r\nSet-Cookie: b", "a__Set-Cookie_ b.pdf", "a__Set-Cookie_%20b.pdf"),
            ("facture\u{202e}fdp.exe", "facturefdp.pdf", "facturefdp.pdf"),
            ("..", "document.pdf", "document.pdf"),
            (" ", "document.pdf", "document.pdf"),
        ] {
            let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}");
            assert_eq!(attachment(Some(name), FileType::Pdf), value, "{name}");
        }
    }

    #[test]
    fn a_full_disk_is_told_as_such() {
        use std::io::Error;
        // As Linux numbers them: ENOSPC, EDQUOT, EFBIG, EIO, EHOSTUNREACH.
        for (number, status) in [(28, 507), (122, 507), (27, 507), (5, 500), (113, 503)] {
            let problem = Problem::from(NotStored::from(Error::from_raw_os_error(number)));
            assert_eq!(problem.into_response().status(), status, "{number}");
        }
    }

    #[test]
    fn an_attachment_is_of_bounded_length_and_one_quoted_string() {
        let every: String = ('\0'..='\u{2fff}').collect();
        for name in [every, "é".repeat(100_000), "\"".repeat(1000), "\\".repeat(1000)] {
            let value = attachment(Some(&name), FileType::Jpeg);
            let text = value.to_str().unwrap();
            assert!(text.is_ascii() && text.len() < 1_000, "{text}");
            let (plain, extended) = text.strip_prefix("attachment; filename=\"").unwrap().split_once("\"; ").unwrap();
            assert!(plain.ends_with(".jpg") && !plain.contains('\\') && !extended.contains('"'), "{text}");
            assert!(extended.starts_with("filename*=UTF-8''") && extended.ends_with(".jpg"), "{text}");
        }
    }

    #[test]
    fn a_document_that_no_draft_lists_is_named_by_its_type() {
        assert_eq!(
            attachment(None, FileType::Jpeg),
            "attachment; filename=\"document.jpg\"; filename*=UTF-8''document.jpg"
        );
    }
}
