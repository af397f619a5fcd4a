//! The bodies that the page and the server exchange, each defined here once.
//!
//! Times are RFC 3339 in UTC. Bodies that the server reads refuse unknown members; bodies that the page reads do not,
//! so that the server can grow.

mod config;
mod embedding;
mod problems;
mod requests;
mod sessions;

pub use config::{Contacts, Operator, PageConfig};
pub use embedding::{GivenGrant, GivenToken, GrantToGive, Handover, TokenClaim};
pub use problems::{Current, PROBLEM_TYPE, PROBLEMS, Problem, ProblemError, ProblemKind};
pub use requests::{
    Cursor, DraftToSave, EARLIER_MAX, Findings, Identified, Receipt, ReceiptNumber, RequestList, RequestSummary, State,
    StoredRequest, request_number,
};
pub use sessions::{
    Browser, DemoPeople, DemoPerson, DemoSignIn, Organisation, Session, SessionList, SessionSummary, System, User,
};

/// Header that names the user for whom a call is made. The server answers 401 when somebody else is signed in: a page left
/// open must not act in the name of whoever came after.
pub const USER_HEADER: &str = "habilitation-user";

/// Header of a change with the time at which the revision that it builds on was saved ([`RequestSummary::updated_at`]). A
/// server that came back from a backup gives the numbers of revisions a second time; it answers 412 where the time differs.
pub const SAVED_AT_HEADER: &str = "habilitation-saved-at";

/// Cookie beside that of the session that scripts can read. It tells the page, which cannot see the session, that it is
/// worth asking who is signed in.
pub const SIGNED_IN_COOKIE: &str = "habilitation_signed_in";

/// Most bytes of a JSON body: 256 KiB.
pub const BODY_MAX: u64 = 256 * 1024;
