//! Security events (OWASP ASVS 5.0, 16.3): sign-ins and sign-outs, grants to portals, refusals.
//!
//! A person is named by their identifier alone, and only in the [log of its own](crate::log) that an operator asked for. The other
//! log has the same lines without anybody. An erasure by the operator names those who decided it, and why: it is in no history.

use axum::http::StatusCode;

use crate::app::App;

/// Target of the log lines of security events.
pub(crate) const TARGET: &str = "security";

/// Kind of a security event. Names never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecurityEvent {
    /// A person signed in.
    SignedIn,
    /// A sign-in came to nothing: the provider refused, or its answer is not to be believed.
    SignInRefused,
    /// A person has a new account.
    AccountOpened,
    /// A new subject of the identity provider was added to the account of a person.
    SubjectLinked,
    /// The person of an account said that a subject is not theirs: it is out of the account.
    SubjectRefused,
    /// A subject was given an earlier account, by a link that was sent to its address.
    SubjectMoved,
    /// A listed person signed in too weakly, or with another provider, and is no member of the team.
    MemberRefused,
    /// A person signed out.
    SignedOut,
    /// A person ended another session of theirs, or all others.
    SessionEnded,
    /// A person lets a portal act for them.
    Granted,
    /// A portal claimed the token that it was granted.
    Claimed,
    /// A portal showed a wrong code, or the grant of another portal.
    ClaimRefused,
    /// A person calls too often.
    TooManyCalls,
    /// A call was refused for who makes it, from where or how often.
    Refused,
}

impl SecurityEvent {
    const fn name(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::AccountOpened => "account_opened",
            Self::SubjectLinked => "subject_linked",
            Self::SubjectRefused => "subject_refused",
            Self::SubjectMoved => "subject_moved",
            Self::MemberRefused => "member_refused",
            Self::SignedOut => "signed_out",
            Self::SessionEnded => "session_ended",
            Self::Granted => "granted",
            Self::Claimed => "claimed",
            Self::ClaimRefused => "claim_refused",
            Self::TooManyCalls => "too_many_calls",
            Self::Refused => "refused",
        }
    }
}

/// Writes the line of an event.
pub(crate) fn note(app: &App, event: SecurityEvent, person: Option<&str>) {
    let person = person.filter(|_| app.security_log);
    tracing::info!(target: TARGET, event = event.name(), person, "security");
}

/// Most lines of refusals of one route and status in a minute: anybody can be refused as often as they like.
pub(crate) const REFUSALS_PER_MINUTE: u32 = 60;

/// Writes the line of a refusal that is worth one, within a limit per minute.
pub(crate) fn note_refusal(app: &App, route: &str, status: StatusCode) {
    let is_worth_it = matches!(
        status,
        StatusCode::FORBIDDEN
            | StatusCode::MISDIRECTED_REQUEST
            | StatusCode::UNAUTHORIZED
            | StatusCode::TOO_MANY_REQUESTS
    );
    if is_worth_it && app.refusals.count(&format!("{status} {route}")).is_ok() {
        let (event, status) = (SecurityEvent::Refused.name(), status.as_u16());
        tracing::info!(target: TARGET, event, route, status, "security");
    }
}
