//! The bodies that the page and the server exchange, each defined here once.
//!
//! Times are RFC 3339 in UTC. Bodies that the server reads refuse unknown members; bodies that the page reads do not,
//! so that the server can grow.

use std::fmt;

use habilitation_model_derive::FromJson;
use serde::Serialize;

use crate::SCHEMA;
use crate::choice::closed_list;
use crate::draft::{Draft, OrganisationKind};
use crate::finding::{Finding, Params};
use crate::id::Id;

/// Header that says for which user a call is made. The server answers 401 when somebody else is signed in: a page left
/// open must not act in the name of whoever came after.
pub const USER_HEADER: &str = "habilitation-user";

/// Header of a change that says when the revision was saved that it names: [`RequestSummary::updated_at`]. A server that came
/// back from a backup gives the numbers of revisions a second time; it answers 412 where the time differs.
pub const SAVED_AT_HEADER: &str = "habilitation-saved-at";

/// Media type of a [`Problem`] (RFC 9457).
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// Beginning of the `type` of every [`Problem`] of ours.
pub const PROBLEMS: &str = "/problems/";

/// Cookie that stands beside the session's and that scripts can read: it tells the page, which cannot see the session,
/// that it is worth asking who is signed in.
pub const SIGNED_IN_COOKIE: &str = "habilitation_signed_in";

/// Most bytes of a JSON body: 256 KiB.
pub const BODY_MAX: u64 = 256 * 1024;

closed_list! {
    /// Where a request stands.
    pub enum State {
        /// Being filled in.
        Draft = "draft",
        /// Sent to the FranceConnect team.
        Submitted = "submitted",
    }
}

// The description of the API names it as a number.
const _: () = assert!(SCHEMA == 1, "`DraftToSave::schema` says which version is taken");

/// A draft to save or to check: the body of `PUT /api/requests/{id}` and of `POST /api/check`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftToSave {
    /// Version of the draft's shape; no other is taken.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1))]
    pub schema: u32,
    /// What was typed.
    pub draft: Draft,
}

/// One request, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredRequest {
    /// Made by the client.
    pub id: Id,
    /// Given at submission: `FC-2026-000123`.
    pub number: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Version of the draft's shape.
    pub schema: u32,
    /// 1 at creation, raised by each change of the draft or the state.
    pub revision: u64,
    /// When it was first saved.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// When the revisions before this one were saved, the newest first, [`EARLIER_MAX`] at most. They tell a revision that grew
    /// out of a known one from one that a restored backup gave the same or a higher number.
    #[from_json(default)]
    pub earlier: Vec<String>,
    /// When it was submitted.
    pub submitted_at: Option<String>,
    /// The documents whose bytes have arrived, listed by the draft or not.
    pub arrived: Vec<Id>,
    /// What was typed.
    pub draft: Draft,
}

/// Most times of earlier revisions that are told.
pub const EARLIER_MAX: usize = 32;

impl StoredRequest {
    /// [`earlier`](Self::earlier) of the revision that follows this one.
    #[must_use]
    pub fn earlier_of_next(&self) -> Vec<String> {
        let before = std::iter::once(&self.updated_at).chain(&self.earlier);
        before.take(EARLIER_MAX).cloned().collect()
    }

    /// What a list tells of it, and the answer to the save that made it.
    #[must_use]
    pub fn summary(&self) -> RequestSummary {
        let errors = self.draft.errors(&self.arrived).len();
        RequestSummary {
            id: self.id.clone(),
            number: self.number.clone(),
            state: self.state,
            name: self.draft.project.name.line(),
            organisation: self.draft.organisation.name.line(),
            revision: self.revision,
            updated_at: self.updated_at.clone(),
            errors: u32::try_from(errors).unwrap_or(u32::MAX),
        }
    }
}

/// The number of a request, by its place among those submitted in one year (UTC): `FC-2026-000123`.
#[must_use]
pub fn request_number(year: &str, place: u64) -> String {
    let place = place.to_string();
    let zeros = "000000".get(place.len()..).unwrap_or_default();
    ["FC-", year, "-", zeros, &place].concat()
}

/// One request in a list, and the answer to a save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestSummary {
    /// Made by the client.
    pub id: Id,
    /// Given at submission.
    pub number: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Name of the project, as typed.
    pub name: String,
    /// Name of the organisation, as typed.
    pub organisation: String,
    /// Its revision.
    pub revision: u64,
    /// When it last changed.
    pub updated_at: String,
    /// How many findings stand in the way of submission.
    pub errors: u32,
}

/// A page of the list of one's requests, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestList {
    /// The requests.
    pub requests: Vec<RequestSummary>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// What is read of a [`Problem`] to know whose it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromJson)]
pub struct ProblemKind {
    /// `type`: one of ours begins with [`PROBLEMS`].
    #[serde(rename = "type")]
    pub kind: String,
}

/// The part of a [`Receipt`] by which it is known to be one, and of which request.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub struct ReceiptNumber {
    /// `FC-2026-000123`.
    pub number: String,
    /// The request as it was submitted.
    pub request: Identified,
}

/// What is read of an answer to know that it is about what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, FromJson)]
pub struct Identified {
    /// Of the request, or of the document.
    pub id: Id,
}

/// What submission gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// `FC-2026-000123`.
    pub number: String,
    /// When.
    pub submitted_at: String,
    /// The request as it was submitted.
    pub request: StoredRequest,
}

/// What a check finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Findings {
    /// In the order of the form.
    pub findings: Vec<Finding>,
}

/// A place in a list of requests, which is in the order of their last change: what [`RequestList::next`] says, without meaning to
/// callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// When the request there last changed, in milliseconds since 1970, in UTC.
    pub updated_at: i64,
    /// Its identifier.
    pub id: Id,
}

impl Cursor {
    /// Reads what [`Display`](fmt::Display) wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (updated_at, id) = text.split_once('.')?;
        let cursor = Self { updated_at: updated_at.parse().ok()?, id: Id::parse(id).ok()? };
        // There is one way to write each.
        (cursor.to_string() == text).then_some(cursor)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.updated_at, self.id)
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The person.
    pub user: User,
    /// For whom they act.
    pub organisation: Organisation,
    /// When the session ends by itself.
    pub ends_at: String,
}

closed_list! {
    /// The browser in which somebody signed in, as far as it says.
    pub enum Browser {
        /// Mozilla Firefox.
        Firefox = "firefox",
        /// Google Chrome, or another that calls itself so.
        Chrome = "chrome",
        /// Microsoft Edge.
        Edge = "edge",
        /// Opera.
        Opera = "opera",
        /// Apple Safari.
        Safari = "safari",
    }
}

closed_list! {
    /// The system on which somebody signed in, as far as their browser says.
    pub enum System {
        /// Microsoft Windows.
        Windows = "windows",
        /// Apple macOS, or iPadOS that calls itself so.
        MacOs = "macos",
        /// Android.
        Android = "android",
        /// Apple iOS or iPadOS.
        Ios = "ios",
        /// Linux, or another that calls itself so.
        Linux = "linux",
    }
}

/// The open sessions of the person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionList {
    /// The last seen first; at most 100.
    pub sessions: Vec<SessionSummary>,
}

/// A session of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionSummary {
    /// Names it in `DELETE /api/sessions/{id}`; opens nothing.
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When the person signed in, or the portal got its token, RFC 3339.
    pub opened_at: String,
    /// When they were last seen, give or take a minute, RFC 3339.
    pub seen_at: String,
    /// The origin of the portal that acts in it, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// In which browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<Browser>,
    /// On which system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<System>,
}

/// A person as their identity provider knows them. Text that it does not know is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// Opaque and stable.
    pub id: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number.
    pub phone: String,
    /// What they do in their organisation.
    pub job_title: String,
}

/// The organisation that a person signs in for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
// The draft has an organisation too; in the description of the API each needs a name of its own.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SessionOrganisation))]
pub struct Organisation {
    /// Number of the establishment.
    pub siret: String,
    /// Its name.
    pub name: String,
    /// What it is, where known.
    pub kind: Option<OrganisationKind>,
}

/// The made-up people of the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoPeople {
    /// Who can be signed in as.
    pub people: Vec<DemoPerson>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoPerson {
    /// What [`DemoSignIn`] takes.
    pub id: String,
    /// First name.
    pub given_name: String,
    /// Last name.
    pub family_name: String,
    /// What they do.
    pub job_title: String,
    /// Name of their organisation.
    pub organisation: String,
}

/// Signs in as one of the made-up people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DemoSignIn {
    /// Who.
    pub person: String,
}

closed_list! {
    /// How the window in which a person agreed hands over to the portal that asked.
    pub enum Handover {
        /// By a code that it posts to the window that opened it.
        Message = "message",
        /// Not at all: the portal asks by itself. Only where the window knows that the portal opened it.
        Poll = "poll",
    }
}

/// Lets a portal act for the person who is signed in: the body of `POST /api/embed/grants`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GrantToGive {
    /// The SHA-256 of the verifier that the portal drew, in base64url without padding.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"))]
    pub challenge: String,
    /// Origin of the portal's pages.
    pub portal: String,
    /// How the portal learns of it.
    pub handover: Handover,
}

/// What a grant gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GivenGrant {
    /// For the portal alone; none where it asks by itself.
    pub code: Option<String>,
    /// Until when the token can be claimed.
    pub ends_at: String,
}

/// Claims the token that a person granted: the body of `POST /api/embed/tokens`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenClaim {
    /// What the portal drew: 32 bytes in base64url without padding.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"))]
    pub verifier: String,
    /// What the window handed over, if it did.
    pub code: Option<String>,
}

/// What a portal acts with from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GivenToken {
    /// For the header `Authorization: Bearer`.
    pub token: String,
    /// For whom, and until when.
    pub session: Session,
}

/// Why a call was refused (RFC 9457).
#[derive(Clone, Debug, PartialEq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Names the kind of problem; a reference that never changes.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in a few words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What is wrong with this call.
    pub detail: String,
    /// The path that was called.
    pub instance: String,
    /// Where a body is wrong (400, 422), or which quota is reached (409).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
    /// What the server holds (412).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<Current>,
    /// Most bytes that the body may have (413).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

impl Problem {
    /// Whether it comes of versions: the server reads no draft of this one, or holds one of a newer version.
    #[must_use]
    pub fn is_of_versions(&self) -> bool {
        self.errors.iter().any(|error| error.pointer == "/schema")
            || self.current.as_ref().is_some_and(|current| current.schema > SCHEMA)
    }

    /// The problem of a status, where the page answers itself.
    #[must_use]
    pub fn of(status: u16) -> Self {
        let kind = match status {
            401 => "signed-out",
            404 => "not-found",
            409 => "submitted",
            410 => "deleted",
            412 => "stale",
            413 => "too-large",
            415 => "unsupported-file",
            422 => "incomplete",
            507 => "storage-full",
            _ => "internal",
        };
        Self {
            kind: [PROBLEMS, kind].concat(),
            title: String::new(),
            status,
            detail: String::new(),
            instance: String::new(),
            errors: Vec::new(),
            current: None,
            limit: None,
        }
    }
}

/// One wrong place in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemError {
    /// A JSON pointer into the body (400) or into the draft (422); empty for a quota.
    pub pointer: String,
    /// What is wrong there.
    pub code: String,
    /// What the code refers to.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub params: Params,
}

/// What the server holds when a precondition fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Current {
    /// Version of the draft's shape.
    pub schema: u32,
    /// Its revision.
    pub revision: u64,
    /// When it last changed.
    pub updated_at: String,
    /// See [`StoredRequest::earlier`].
    #[from_json(default)]
    pub earlier: Vec<String>,
    /// What was typed.
    pub draft: Draft,
}

/// What the operator tells the page: `config.json` beside `index.html`. Every member may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageConfig {
    /// Where the API answers, relative to the page or absolute.
    pub api: Option<String>,
    /// Everything is made up: the page says so.
    pub demonstration: bool,
    /// Where people turn to.
    pub contacts: Contacts,
    /// What the law wants said of the operator.
    pub operator: Operator,
}

/// Addresses that people are sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromJson)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contacts {
    /// General terms of FranceConnect.
    pub terms_url: String,
    /// E-mail for questions on a request.
    pub support_email: String,
    /// E-mail for lost access, or an applicant who left.
    pub access_email: String,
    /// The monthly information webinar; empty when there is none.
    pub webinar_url: String,
    /// Advice of the data protection authority on retention.
    pub retention_advice_url: String,
}

impl Default for Contacts {
    fn default() -> Self {
        Self {
            terms_url: "https://partenaires.franceconnect.gouv.fr/cgu".to_owned(),
            support_email: "support.partenaires@franceconnect.gouv.fr".to_owned(),
            access_email: "datapass@api.gouv.fr".to_owned(),
            webinar_url: String::new(),
            retention_advice_url: "https://www.cnil.fr/fr/les-durees-de-conservation-des-donnees".to_owned(),
        }
    }
}

/// Who runs this site. Paragraphs of a text are parted by a blank line; an empty text shows a notice that it is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromJson)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Operator {
    /// Name of the body that runs it.
    pub name: String,
    /// Legal notice: publisher, director of publication, host (loi n° 2004-575, article 6-III).
    pub legal_notice: String,
    /// Personal data: purposes, basis, recipients, duration, rights (GDPR, article 13).
    pub personal_data: String,
    /// E-mail for accessibility troubles; the support address when empty.
    pub accessibility_email: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_the_place_it_was_made_of_and_nothing_else() {
        for updated_at in [1_798_761_599_999, 0, -1, i64::MAX, i64::MIN] {
            let cursor = Cursor { updated_at, id: Id::new(7, [9; 10]) };
            assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        }
        let id = Id::new(7, [9; 10]);
        for text in
            ["", ".", "x", "1", &format!("+1.{id}"), &format!("01.{id}"), &format!("1.{id} "), &format!("1..{id}")]
        {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_names_its_year_and_its_place_in_six_digits_or_more() {
        for (place, number) in [
            (1, "FC-2026-000001"),
            (123, "FC-2026-000123"),
            (999_999, "FC-2026-999999"),
            (1_000_000, "FC-2026-1000000"),
        ] {
            assert_eq!(request_number("2026", place), number);
        }
    }
}
