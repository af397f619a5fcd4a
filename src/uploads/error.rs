//! Why a file did not get through, by what was answered: only a problem of our API means what it says.

use crate::api::ApiError;
use crate::model::saving::Failure;
use crate::model::wire::{PROBLEMS, Problem};

/// Why a file is not where it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadError {
    /// The browser knows of no network.
    Offline,
    /// Nothing answered.
    Unreachable,
    /// The service answers that it cannot answer now.
    Away,
    /// Something between this device and the service answered in its place, and refused.
    Between,
    /// Something between lets nothing of this size through.
    TooLargeBetween,
    /// The session is over.
    SignedOut,
    /// The service has too many calls.
    Busy,
    /// The line was too slow for the service.
    TooSlow,
    /// Something is broken at the service.
    Broken,
    /// The service has no room left.
    ServerFull,
    /// There is no more of something than there may be.
    Quota,
    /// The request has as many files as it may have.
    QuotaOfRequest,
    /// The files of the person take as much room as they may.
    QuotaOfPerson,
    /// The service refuses its size.
    TooLarge,
    /// It is of no type that is taken.
    FileType,
    /// The request was sent meanwhile.
    Submitted,
    /// The service does not know the request, or not any more.
    Gone,
    /// The page is older than the service.
    Outdated,
    /// The service refused it for good.
    Refused,
    /// The file is not as it was when it was chosen.
    Changed,
    /// This device has no room for it.
    Full,
    /// This browser keeps no files for us.
    Blocked,
}

impl UploadError {
    /// Every one.
    #[cfg(test)]
    pub(crate) const ALL: &[Self] = &[
        Self::Offline,
        Self::Unreachable,
        Self::Away,
        Self::Between,
        Self::TooLargeBetween,
        Self::SignedOut,
        Self::Busy,
        Self::TooSlow,
        Self::Broken,
        Self::ServerFull,
        Self::Quota,
        Self::QuotaOfRequest,
        Self::QuotaOfPerson,
        Self::TooLarge,
        Self::FileType,
        Self::Submitted,
        Self::Gone,
        Self::Outdated,
        Self::Refused,
        Self::Changed,
        Self::Full,
        Self::Blocked,
    ];

    /// What a failed upload comes of.
    #[must_use]
    pub fn of(error: &ApiError, is_online: bool) -> Self {
        match error {
            ApiError::Refused(problem) => {
                Self::of_ours(problem.kind.strip_prefix(PROBLEMS).unwrap_or_default(), problem)
            }
            ApiError::UnexpectedResponse(status) | ApiError::RetryLater { status, .. } => Self::of_somebody(*status),
            ApiError::Newer(_) => Self::Outdated,
            ApiError::Unreachable | ApiError::Aborted if is_online => Self::Unreachable,
            ApiError::Unreachable | ApiError::Aborted => Self::Offline,
        }
    }

    /// The same where the files stay in this browser: only the status says anything.
    #[must_use]
    pub fn on_device(error: &ApiError) -> Self {
        match error.status() {
            Some(507) => Self::Full,
            Some(403) => Self::Blocked,
            Some(409) => Self::Submitted,
            Some(404 | 410) => Self::Gone,
            _ => Self::Refused,
        }
    }

    /// What the service itself says.
    fn of_ours(kind: &str, problem: &Problem) -> Self {
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
            // What the page sends is in order: somebody took it away, or changed it.
            _ if Failure::of_problem(problem.status, &problem.kind) == Failure::Intercepted => Self::Between,
            _ if problem.status == 507 => Self::ServerFull,
            _ if problem.status >= 500 => Self::Broken,
            _ => Self::Refused,
        }
    }

    /// What a status says by itself, whoever answered.
    fn of_somebody(status: u16) -> Self {
        match status {
            401 => Self::SignedOut,
            408 => Self::TooSlow,
            413 => Self::TooLargeBetween,
            425 | 429 => Self::Busy,
            507 => Self::ServerFull,
            500..=510 | 512..=599 => Self::Away,
            _ => Self::Between,
        }
    }

    /// Whether it may get through all the same, later or once the person did something about it.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::TooLarge | Self::FileType | Self::Submitted | Self::Refused | Self::Changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Params;
    use crate::model::wire::ProblemError;

    fn ours(kind: &str, status: u16) -> ApiError {
        ApiError::Refused(Box::new(Problem { kind: ["/problems/", kind].concat(), ..Problem::of(status) }))
    }

    fn quota(code: &str) -> ApiError {
        let error = ProblemError { pointer: String::new(), code: code.to_owned(), params: Params::default() };
        let kind = "/problems/quota-reached".to_owned();
        ApiError::Refused(Box::new(Problem { kind, errors: vec![error], ..Problem::of(409) }))
    }

    #[test]
    fn what_the_service_says_is_told_from_what_somebody_between_says() {
        for (status, between, kind, from_service) in [
            (401, UploadError::SignedOut, "signed-out", UploadError::SignedOut),
            (403, UploadError::Between, "foreign-origin", UploadError::Between),
            (404, UploadError::Between, "not-found", UploadError::Gone),
            (405, UploadError::Between, "method-not-allowed", UploadError::Between),
            (408, UploadError::TooSlow, "too-slow", UploadError::TooSlow),
            (409, UploadError::Between, "submitted", UploadError::Submitted),
            (410, UploadError::Between, "deleted", UploadError::Gone),
            (413, UploadError::TooLargeBetween, "too-large", UploadError::TooLarge),
            (415, UploadError::Between, "unsupported-file", UploadError::FileType),
            (429, UploadError::Busy, "too-many-calls", UploadError::Busy),
            (500, UploadError::Away, "internal", UploadError::Broken),
            (502, UploadError::Away, "internal", UploadError::Broken),
            (507, UploadError::ServerFull, "storage-full", UploadError::ServerFull),
        ] {
            assert_eq!(UploadError::of(&ApiError::UnexpectedResponse(status), true), between, "{status} by somebody");
            assert_eq!(UploadError::of(&ours(kind, status), true), from_service, "{status} {kind}");
        }
    }

    #[test]
    fn the_network_is_blamed_where_nothing_answered_and_nowhere_else() {
        assert_eq!(UploadError::of(&ApiError::Unreachable, true), UploadError::Unreachable);
        assert_eq!(UploadError::of(&ApiError::Unreachable, false), UploadError::Offline);
        for status in 300..600 {
            let trouble = UploadError::of(&ApiError::UnexpectedResponse(status), false);
            assert!(!matches!(trouble, UploadError::Unreachable | UploadError::Offline), "{status}");
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
        let full = ApiError::Refused(Box::new(Problem::of(507)));
        assert_eq!(UploadError::on_device(&full), UploadError::Full);
        assert_eq!(UploadError::of(&full, true), UploadError::ServerFull);
    }
}
