//! Bodies that the page and the server exchange, each defined here once.
//!
//! Times are RFC 3339 in UTC. The server refuses unknown members in the bodies that it reads; the page skips them, so
//! that a newer server may add some.

mod config;
mod deliveries;
mod embedding;
mod examination;
mod history;
mod outlets;
mod people;
mod problems;
mod public;
mod requests;
mod sessions;
mod statistics;
mod templates;

pub use crate::lifecycle::{
    Act, By, Event, Examiner, Ground, Kind, Mail, NamedPerson, Notice, Part, Recipient, Remark, Reply, Side, Start,
    State, SubmissionBody, SubmissionSummary,
};
pub use config::{Contacts, Operator, PageConfig};
pub use deliveries::{CaughtMail, CaughtMails, Delivery, DeliveryAttempt, DeliveryList, DeliveryState, DemoClock};
pub use embedding::{GrantRequest, Handover, IssuedGrant, IssuedToken, TokenClaim};
pub use examination::{
    ExaminedRequest, Queue, QueueCounts, QueueKind, QueueOrder, QueuedRequest, RelatedRequest, TeamList, TeamMember,
    Viewed,
};
pub use history::{EventList, Habilitation, Seen, Submission};
pub use outlets::{Outlets, Service};
pub use people::{
    Card, CardAnswer, CardContact, CardDetails, Confirmation, FollowedInvitation, HandOver, HandOverToOffer,
    INVITATIONS_MAX, InvitationList, InvitationToFollow, InvitationToSend, Joining, Newcomer, OpenInvitation,
    OrganisationFound, OrganisationState, PARTICIPANTS_MAX, Participant, PeopleList, REASON_MAX, ReceivedHandOver,
    ReceivedInvitation, RecoveriesToDecide, Recovery, RecoveryAnswer, RecoveryDecision, RecoveryList, RecoveryState,
    RecoveryToAsk, RecoveryToDecide,
};
pub use problems::{Current, PROBLEM_MEDIA_TYPE, PROBLEM_TYPE_PREFIX, Problem, ProblemError, ProblemOrigin, Standing};
pub use public::{PublicHabilitation, PublicList};
pub use requests::{
    Cursor, DraftToSave, EARLIER_MAX, Findings, Identified, Receipt, ReceiptNumber, RequestList, RequestSummary,
    StoredRequest, request_number,
};
pub use sessions::{
    Browser, DemoPeople, DemoPerson, DemoSignIn, Organisation, Session, SessionList, SessionSummary, SignInRefusal,
    SignOutAddress, System, TeamRole, User,
};
pub use statistics::{Backlog, Durations, MonthStatistics, PublicStatistics, Statistics, Totals};
pub use templates::{TEMPLATES_MAX, TITLE_MAX, Template, TemplateList, TemplateToSave, TemplateUse};

/// Header that names the user for whom a call is made. The server answers 401 when another person is signed in: a page
/// that was left open must not act in the name of that person.
pub const USER_HEADER: &str = "habilitation-user";

/// Header of a change with the time at which the base revision was saved ([`RequestSummary::updated_at`]). A restored
/// server gives the numbers of revisions a second time; it answers 412 where the time differs.
pub const SAVED_AT_HEADER: &str = "habilitation-saved-at";

/// Cookie beside that of the session that scripts can read. By it the page, which cannot see the session, knows whether
/// to ask who is signed in.
pub const SIGNED_IN_COOKIE: &str = "habilitation_signed_in";

/// Most bytes of a JSON body: 256 KiB.
pub const BODY_MAX: u64 = 256 * 1024;
