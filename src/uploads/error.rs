//! Errors of uploads, by the answer to them. Only problem documents of our API mean what they say.

use crate::api::ApiError;
use crate::model::saving::Failure;
use crate::model::wire::{PROBLEM_TYPE_PREFIX, Problem};

/// Error of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadError {
    /// The browser is offline.
    Offline,
    /// No response came.
    Unreachable,
    /// The service is unavailable, or has no server behind its gateway (502, 503, 504).
    ServerUnavailable,
    /// A proxy or firewall answered in the place of the service.
    Intercepted,
    /// A proxy or firewall answered that the file is too large.
    InterceptedAsTooLarge,
    /// The session has ended.
    SignedOut,
    /// The service receives too many calls.
    Busy,
    /// The connection was too slow for the service.
    TooSlow,
    /// The service failed (500).
    ServerError,
    /// The storage of the service is full.
    ServerFull,
    /// A quota is reached that the page does not know.
    Quota,
    /// The quota of documents of the request is reached.
    QuotaOfRequest,
    /// The quota of bytes of the person is reached.
    QuotaOfPerson,
    /// The service refuses the size of the file.
    TooLarge,
    /// The service refuses the type of the file.
    FileType,
    /// The request was submitted meanwhile.
    Submitted,
    /// The service does not know the request, or deleted it.
    Gone,
    /// The page is older than the service.
    Outdated,
    /// The service refused the file for another reason.
    Rejected,
    /// The file changed on disk since it was chosen.
    Changed,
    /// The storage of this device is full.
    DeviceFull,
    /// The browser blocks the storage of files.
    StorageBlocked,
}

impl UploadError {
    /// Every error.
    #[cfg(test)]
    pub(crate) const ALL: &[Self] = &[
        Self::Offline,
        Self::Unreachable,
        Self::ServerUnavailable,
        Self::Intercepted,
        Self::InterceptedAsTooLarge,
        Self::SignedOut,
        Self::Busy,
        Self::TooSlow,
        Self::ServerError,
        Self::ServerFull,
        Self::Quota,
        Self::QuotaOfRequest,
        Self::QuotaOfPerson,
        Self::TooLarge,
        Self::FileType,
        Self::Submitted,
        Self::Gone,
        Self::Outdated,
        Self::Rejected,
        Self::Changed,
        Self::DeviceFull,
        Self::StorageBlocked,
    ];

    /// Returns the error of an upload to a server.
    #[must_use]
    pub fn of(error: &ApiError, is_online: bool) -> Self {
        match error {
            ApiError::Problem(problem) => {
                Self::of_problem(problem.kind.strip_prefix(PROBLEM_TYPE_PREFIX).unwrap_or_default(), problem)
            }
            ApiError::Intercepted(status) | ApiError::RetryLater { status, .. } => Self::of_status(*status),
            ApiError::Newer(_) => Self::Outdated,
            ApiError::Unreachable | ApiError::Aborted if is_online => Self::Unreachable,
            ApiError::Unreachable | ApiError::Aborted => Self::Offline,
        }
    }

    /// Returns the error of an upload to the page's own store, which reports a status alone.
    #[must_use]
    pub fn on_device(error: &ApiError) -> Self {
        match error.status() {
            Some(507) => Self::DeviceFull,
            Some(403) => Self::StorageBlocked,
            Some(409) => Self::Submitted,
            Some(404 | 410) => Self::Gone,
            _ => Self::Rejected,
        }
    }

    /// Returns the error that a problem document of the service tells.
    fn of_problem(kind: &str, problem: &Problem) -> Self {
        match kind {
            "signed-out" => Self::SignedOut,
            "submitted" => Self::Submitted,
            "not-found" | "deleted" => Self::Gone,
            "quota-reached" => match problem.errors.first().map(|error| error.code.as_str()) {
                Some("documents_per_request") => Self::QuotaOfRequest,
                Some("bytes_per_person") => Self::QuotaOfPerson,
                _ => Self::Quota,
            },
            "too-large" => Self::TooLarge,
            "unsupported-file" => Self::FileType,
            "too-slow" => Self::TooSlow,
            "too-many-calls" => Self::Busy,
            // The page's call was correct: a proxy changed it.
            _ if Failure::of_problem(problem.status, &problem.kind) == Failure::Intercepted => Self::Intercepted,
            _ if problem.status == 507 => Self::ServerFull,
            _ if problem.status >= 500 => Self::ServerError,
            _ => Self::Rejected,
        }
    }

    /// Returns the error that a status alone tells, where it is not known who answered.
    fn of_status(status: u16) -> Self {
        match status {
            401 => Self::SignedOut,
            408 => Self::TooSlow,
            413 => Self::InterceptedAsTooLarge,
            425 | 429 => Self::Busy,
            507 => Self::ServerFull,
            500..=510 | 512..=599 => Self::ServerUnavailable,
            _ => Self::Intercepted,
        }
    }

    /// Returns whether a retry may succeed, later or once the person acted.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::TooLarge | Self::FileType | Self::Submitted | Self::Rejected | Self::Changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Params;
    use crate::model::wire::ProblemError;

    fn ours(kind: &str, status: u16) -> ApiError {
        ApiError::Problem(Box::new(Problem { kind: ["/problems/", kind].concat(), ..Problem::of(status) }))
    }

    fn quota(code: &str) -> ApiError {
        let error = ProblemError { pointer: String::new(), code: code.to_owned(), params: Params::default() };
        let kind = "/problems/quota-reached".to_owned();
        ApiError::Problem(Box::new(Problem { kind, errors: vec![error], ..Problem::of(409) }))
    }

    #[test]
    fn the_answer_of_the_service_is_told_from_an_intercepted_one() {
        for (status, intercepted, kind, from_service) in [
            (401, UploadError::SignedOut, "signed-out", UploadError::SignedOut),
            (403, UploadError::Intercepted, "foreign-origin", UploadError::Intercepted),
            (404, UploadError::Intercepted, "not-found", UploadError::Gone),
            (405, UploadError::Intercepted, "method-not-allowed", UploadError::Intercepted),
            (408, UploadError::TooSlow, "too-slow", UploadError::TooSlow),
            (409, UploadError::Intercepted, "submitted", UploadError::Submitted),
            (410, UploadError::Intercepted, "deleted", UploadError::Gone),
            (413, UploadError::InterceptedAsTooLarge, "too-large", UploadError::TooLarge),
            (415, UploadError::Intercepted, "unsupported-file", UploadError::FileType),
            (429, UploadError::Busy, "too-many-calls", UploadError::Busy),
            (500, UploadError::ServerUnavailable, "internal", UploadError::ServerError),
            (502, UploadError::ServerUnavailable, "internal", UploadError::ServerError),
            (507, UploadError::ServerFull, "storage-full", UploadError::ServerFull),
        ] {
            assert_eq!(UploadError::of(&ApiError::Intercepted(status), true), intercepted, "{status} intercepted");
            assert_eq!(UploadError::of(&ours(kind, status), true), from_service, "{status} {kind}");
        }
    }

    #[test]
    fn the_network_is_blamed_where_nothing_answered_and_nowhere_else() {
        assert_eq!(UploadError::of(&ApiError::Unreachable, true), UploadError::Unreachable);
        assert_eq!(UploadError::of(&ApiError::Unreachable, false), UploadError::Offline);
        for status in 300..600 {
            let error = UploadError::of(&ApiError::Intercepted(status), false);
            assert!(!matches!(error, UploadError::Unreachable | UploadError::Offline), "{status}");
        }
    }

    #[test]
    fn a_quota_is_told_from_the_other() {
        assert_eq!(UploadError::of(&quota("documents_per_request"), true), UploadError::QuotaOfRequest);
        assert_eq!(UploadError::of(&quota("bytes_per_person"), true), UploadError::QuotaOfPerson);
        assert_eq!(UploadError::of(&quota("too_many_stars"), true), UploadError::Quota);
    }

    #[test]
    fn a_full_device_is_told_from_a_full_server() {
        let full = ApiError::Problem(Box::new(Problem::of(507)));
        assert_eq!(UploadError::on_device(&full), UploadError::DeviceFull);
        assert_eq!(UploadError::of(&full, true), UploadError::ServerFull);
    }
}
