//! Store of requests, documents and sessions: the promises that any database behind this server must keep.
//!
//! - Absence is `Ok(None)` or a [`StoreRefusal`], never a [`StoreFailure`]; a failure means that the database is out of order.
//! - A request in which a person takes no part is as absent as one that never was, whatever the call. Whoever takes part is refused
//!   with `NotPermitted` what their part does not allow, right after `Absent` and `Deleted`.
//! - A call that changes something is one transaction: all of it is kept, or none. When it answers, what it kept
//!   survives a crash of the process and of the machine.
//! - A check and the change that depends on it happen in the same transaction.
//!
//! The store knows no HTTP, no clock and no randomness: times come in as arguments. The bytes of documents are in
//! [`files`](crate::files); the store knows under which name.

use std::sync::Arc;

use async_trait::async_trait;
use habilitation_model::assurance::AssuranceLevel;
use habilitation_model::document::FileType;
use habilitation_model::draft::OrganisationKind;
use habilitation_model::lifecycle::ActFinding;
use habilitation_model::lifecycle::deadline::Keeping;
use habilitation_model::schema::Unreadable;
use habilitation_model::statistics::Period;
use habilitation_model::wire::{
    Act, Browser, By, Event, EventList, Examiner, Organisation, OrganisationFound, PublicHabilitation,
    PublicStatistics, QueueCounts, QueueKind, QueueOrder, QueuedRequest, Receipt, RelatedRequest, RequestList,
    RequestSummary, Standing, State, Statistics, StoredRequest, Submission, SubmissionBody, System, Template,
    TemplateToSave, User,
};
use habilitation_model::{Date, Draft, Finding, Id};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::files::FileName;
use crate::identification::Identification;
use crate::portal::Portal;
use crate::secret::Secret;
use crate::team::{Member, Subject};

pub(crate) mod accounts;
pub(crate) mod cards;
#[cfg(test)]
pub(crate) mod contract;
mod expected;
pub(crate) mod outbox;
pub(crate) mod people;
pub(crate) mod recoveries;
pub(crate) mod sqlite;

pub(crate) use accounts::{Account, AskedAccount, Entry, Followed, LinkKind, Visitor};
pub(crate) use expected::{Expected, Outcome};

/// Reads a stored draft of the given schema.
pub type ReadDraft = fn(u32, &str) -> Result<Draft, Unreadable>;

/// A person who owns requests or takes part in them, and the portal through which they come, if they do: what was not begun through it is
/// then as absent as what belongs to another person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    person: String,
    portal: Option<Portal>,
    /// Number of the organisation for which the person is signed in, where it is known: what they begin belongs to it.
    siren: Option<String>,
}

impl Owner {
    /// Returns the owner of the requests that are made in a session.
    #[must_use]
    pub(crate) fn of(session: &OpenSession) -> Self {
        let portal = session.portal_access.as_ref().map(|access| access.portal.clone());
        let siret = &session.organisation.siret;
        let is_number = siret.len() == 14 && siret.bytes().all(|byte| byte.is_ascii_digit());
        let siren = siret.get(..9).filter(|_| is_number).map(str::to_owned);
        Self { person: session.user.id.clone(), portal, siren }
    }

    /// Returns the owner of a person on our own pages.
    #[cfg(test)]
    pub(crate) fn named(person: &str) -> Self {
        Self { person: person.to_owned(), portal: None, siren: None }
    }

    /// Returns the opaque identifier that the person's identity provider gives.
    pub(crate) fn person(&self) -> &str {
        &self.person
    }

    /// Returns another person, as they would come the same way.
    pub(crate) fn standing_for(&self, person: String) -> Self {
        Self { person, ..self.clone() }
    }

    pub(crate) fn portal(&self) -> Option<&Portal> {
        self.portal.as_ref()
    }

    pub(crate) fn siren(&self) -> Option<&str> {
        self.siren.as_deref()
    }
}

/// Failure of the database. Its message may be logged, never answered.
#[derive(Clone, Debug, Error)]
pub enum StoreFailure {
    /// The disk has no room left; reading goes on.
    #[error("there is no room left for the database")]
    DiskFull,
    /// The database did not answer in time: it has too much to do, or was asked too much at once.
    #[error("the database has too much to do")]
    Busy,
    /// A later version of this program stored the draft, in a shape that this one does not know.
    #[error("a later version stored this draft")]
    Newer,
    /// Anything else.
    #[error("the database failed: {0}")]
    Broken(String),
}

/// Reason why the store refused a call.
#[derive(Debug, Error)]
pub(crate) enum StoreRefusal {
    /// There is nothing of that name for this owner.
    #[error("nothing there")]
    Absent,
    /// The request was deleted or erased, and its name is not given again.
    #[error("deleted")]
    Deleted,
    /// The person takes part in the request, and may not do this.
    #[error("not permitted")]
    NotPermitted(Hindrance),
    /// The request was submitted, and does not change any more.
    #[error("submitted")]
    Submitted,
    /// The caller did not say which revision it means.
    #[error("no precondition")]
    Unconditional,
    /// The caller means another revision than the one that is there, if one is.
    #[error("stale")]
    Stale(Option<Box<StoredRequest>>),
    /// The request is in a state in which this is not done.
    #[error("not in this state")]
    WrongState(State),
    /// Another event of the request has the identifier of the act.
    #[error("identifier taken")]
    IdTaken,
    /// The request is at another revision than a member of the team means.
    #[error("stale")]
    StaleForTeam(Box<Standing>),
    /// The template is at another revision than the caller means, if it is there.
    #[error("stale")]
    StaleTemplate,
    /// The applicant acted or wrote since the examiner looked.
    #[error("unseen")]
    Unseen(Vec<Event>),
    /// Another examiner has the request than the act says.
    #[error("entrusted to somebody else")]
    AssignedElsewhere,
    /// The examiner filed the request.
    #[error("own request")]
    OwnRequest,
    /// A reader of the team only looks.
    #[error("only reads")]
    ReadOnly,
    /// The identity provider does not verify that the person belongs to their organisation.
    #[error("tie not verified")]
    TieNotVerified,
    /// The draft has errors.
    #[error("incomplete")]
    Incomplete(Vec<Finding>),
    /// An act has errors, or nothing of a submission is new.
    #[error("unfit")]
    Unfit(Vec<ActFinding>),
    /// The person has acted on the request, or written on it, as often as one may in 24 hours. After this time once more is possible.
    #[error("too many acts")]
    TooManyActs(SignedDuration),
    /// The owner, or the request, has as much of this as it may.
    #[error("quota of {0:?} reached")]
    QuotaReached(Quota),
    /// The database is out of order.
    #[error(transparent)]
    Failure(#[from] StoreFailure),
}

/// Reason for which a person who takes part in a request may not do something to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// The part of the person.
    Part,
    /// A session of another organisation than the one for which the person takes part.
    Elsewhere,
    /// A former owner may contest that the request was taken over.
    Contestable,
}

/// Error that may come of a full disk.
pub(crate) trait DiskFull {
    /// Returns whether the disk is full.
    fn is_disk_full(&self) -> bool;
}

impl DiskFull for StoreFailure {
    fn is_disk_full(&self) -> bool {
        matches!(self, Self::DiskFull)
    }
}

impl DiskFull for StoreRefusal {
    fn is_disk_full(&self) -> bool {
        matches!(self, Self::Failure(failure) if failure.is_disk_full())
    }
}

/// Limited quantity of a person or of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quota {
    /// Drafts of one owner.
    Drafts,
    /// Documents of one request.
    DocumentsOfRequest,
    /// Bytes of all documents of one owner.
    BytesOfOwner,
    /// Bytes of all texts of one owner.
    TextOfOwner,
    /// Requests that one owner submits in a day.
    SubmissionsOfDay,
    /// Tombstones of one owner's deleted drafts.
    Tombstones,
    /// Templates of the team.
    Templates,
    /// Open invitations of one request.
    Invitations,
    /// People who take part in one request beside its owner.
    Participants,
}

/// Limits on what one person may keep.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quotas {
    /// Most drafts of one owner; submitted requests do not count.
    pub(crate) drafts: u32,
    /// Most documents of one request, those that its draft no longer lists included until they are purged.
    pub(crate) documents_of_request: u32,
    /// Most bytes of all documents of one owner.
    pub(crate) bytes_of_owner: u64,
    /// Most bytes of the texts of all requests of one owner, drafts or not.
    pub(crate) text_of_owner: u64,
    /// Most requests that one owner submits in 24 hours.
    pub(crate) submissions_of_day: u32,
    /// Most tombstones of deleted drafts of one owner: with as many, none is begun.
    pub(crate) tombstones: u32,
}

#[cfg(test)]
impl Quotas {
    /// Returns quotas that no test reaches.
    pub(crate) fn ample() -> Self {
        Self {
            drafts: 1_000,
            documents_of_request: 1_000,
            bytes_of_owner: 1 << 40,
            text_of_owner: 1 << 40,
            submissions_of_day: 1_000,
            tombstones: 1_000,
        }
    }
}

/// Outcome of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Saved {
    /// There is a new draft, at revision 1.
    Created(RequestSummary),
    /// The draft that was there changed.
    Changed(RequestSummary),
}

/// Request or tombstone that an owner finds under an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A request.
    Request(Box<StoredRequest>),
    /// Tombstone of one that was deleted, or remains of one that was erased.
    Deleted,
}

/// Requests to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// State of the listed requests; all states if none.
    pub(crate) state: Option<State>,
    /// Text that name, organisation or number must hold, case and accents aside; empty for all.
    pub(crate) words: String,
    /// Position that the listed requests come after.
    pub(crate) after: Option<Position>,
    /// Most requests to list.
    pub(crate) limit: u32,
}

/// Position in the order of the list: last changed first, then by identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Time at which the request there last changed.
    pub(crate) updated_at: Timestamp,
    /// Identifier of the request there.
    pub(crate) id: Id,
}

/// Page of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The requests.
    pub(crate) requests: Vec<RequestSummary>,
    /// Position of the last of them, if more follow.
    pub(crate) next: Option<Position>,
}

impl Page {
    /// Converts the page to its wire form, in which `write` gives the position.
    pub(crate) fn into_wire(self, write: impl Fn(&Position) -> String) -> RequestList {
        RequestList { next: self.next.as_ref().map(write), requests: self.requests }
    }
}

/// Outcome of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Submitted {
    /// The draft is now a submitted request.
    Now(Receipt),
    /// The request was submitted before; this is its receipt.
    Before(Receipt),
}

/// Words of a submission, and the person who sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sending {
    /// The person.
    pub(crate) by: By,
    /// The words.
    pub(crate) words: SubmissionBody,
}

/// Act of an applicant, to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ActToMake {
    /// Identifier of the event that tells of the act.
    pub(crate) event: Id,
    /// The act.
    pub(crate) act: Act,
    /// The person who acts.
    pub(crate) by: By,
}

/// Outcome of an act: the request as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Acted {
    /// The act was made.
    Now(Box<StoredRequest>),
    /// The act was made before.
    Before(Box<StoredRequest>),
}

/// Request that was submitted, as the team may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Examined {
    pub(crate) id: Id,
    pub(crate) number: String,
    pub(crate) revision: u64,
    pub(crate) updated_at: String,
    /// Set where the member of the team filed it.
    pub(crate) is_own: bool,
    pub(crate) events: Vec<Event>,
    /// Rank of the last event that the member has seen.
    pub(crate) seen: u64,
    /// Other requests of the same organisation (SIREN), the last changed first; at most 20.
    pub(crate) related: Vec<RelatedRequest>,
    /// Looks of other people than the applicant and the member, the last one first; at most 20.
    pub(crate) looks: Vec<Look>,
    /// Number of the organisation for which the request was begun, where it is known.
    pub(crate) siren: Option<String>,
    /// Establishment of the last submission, where its number is one.
    pub(crate) establishment: Option<Establishment>,
}

/// Establishment of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Establishment {
    /// Number of the submission in its request.
    pub(crate) submission: u32,
    pub(crate) siret: String,
    /// The establishment as the directory described it, if that was noted.
    pub(crate) found: Option<OrganisationFound>,
}

/// Look of a person at a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Identifier that the person's identity provider gives.
    pub(crate) person: String,
    /// Time of the look.
    pub(crate) at: Timestamp,
}

/// Requests of the queue to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueueFilter {
    /// States of the listed requests, at least one.
    pub(crate) states: Vec<State>,
    pub(crate) examiner: Option<Assigned>,
    pub(crate) kind: Option<QueueKind>,
    pub(crate) level: Option<AssuranceLevel>,
    pub(crate) organisation_kind: Option<OrganisationKind>,
    pub(crate) awaiting_reply: Option<bool>,
    /// Day before which the legal clock ends.
    pub(crate) due_before: Option<Date>,
    /// Words to find; empty for all.
    pub(crate) words: String,
    pub(crate) order: QueueOrder,
    /// Set where the order is turned round.
    pub(crate) is_descending: bool,
    /// Position that the listed requests come after.
    pub(crate) after: Option<QueuePosition>,
    /// Most requests to list.
    pub(crate) limit: u32,
}

impl Default for QueueFilter {
    fn default() -> Self {
        Self {
            states: Vec::new(),
            examiner: None,
            kind: None,
            level: None,
            organisation_kind: None,
            awaiting_reply: None,
            due_before: None,
            words: String::new(),
            order: QueueOrder::Due,
            is_descending: false,
            after: None,
            limit: 0,
        }
    }
}

/// Holder of the listed requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Assigned {
    /// No examiner: they are entrusted to nobody.
    Nobody,
    /// The member who asks.
    ToCaller,
    /// The examiner of this identifier.
    To(String),
}

/// Position in an order of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QueuePosition {
    /// Day, or time in milliseconds, by which the request there is ordered.
    pub(crate) key: String,
    /// Number of the request there.
    pub(crate) number: String,
}

/// Page of the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueuePage {
    /// The requests.
    pub(crate) requests: Vec<QueuedRequest>,
    /// Position of the last of them, if more follow.
    pub(crate) next: Option<QueuePosition>,
    /// Number of all requests that the filter lets through.
    pub(crate) total: u64,
    /// Set where more requests have the words than a search looks at.
    pub(crate) is_cut: bool,
    /// Numbers of requests for the whole team, whatever the filter.
    pub(crate) counts: QueueCounts,
}

/// Habilitations in force to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PublicFilter {
    /// Words to find; empty for all.
    pub(crate) words: String,
    /// Position that the listed habilitations come after.
    pub(crate) after: Option<PublicPosition>,
    /// Most habilitations to list.
    pub(crate) limit: u32,
}

/// Position in the list of habilitations: last accepted first, then by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicPosition {
    /// Time of the acceptance there.
    pub(crate) accepted_at: Timestamp,
    /// Number of the habilitation there.
    pub(crate) number: String,
}

/// Page of the list of habilitations in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PublicPage {
    /// The habilitations.
    pub(crate) habilitations: Vec<PublicHabilitation>,
    /// Position of the last of them, if more follow.
    pub(crate) next: Option<PublicPosition>,
}

/// Outcome of a save of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SavedTemplate {
    /// There is a new template, at revision 1.
    Created(Template),
    /// The template that was there changed.
    Changed(Template),
}

/// Act of a member of the team, to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ActOfTeam {
    /// Identifier of the event that tells of the act.
    pub(crate) event: Id,
    /// The act.
    pub(crate) act: Act,
    /// Examiner whom an assignment names, if there is such a one.
    pub(crate) examiner: Option<Examiner>,
}

/// Outcome of an act of the team: the request as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ActedByTeam {
    /// The act was made.
    Now(Box<Examined>),
    /// The act was made before.
    Before(Box<Examined>),
}

/// A submission, with the typed request that was made of its draft.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WholeSubmission {
    /// The submission.
    pub(crate) submission: Submission,
    /// JSON of the model's `Request`.
    pub(crate) request: serde_json::Value,
}

/// A document whose bytes are on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReceivedFile {
    /// Identifier of the document in the draft.
    pub(crate) document: Id,
    /// File with the bytes.
    pub(crate) file: FileName,
    /// Type that the first bytes tell.
    pub(crate) file_type: FileType,
    /// Bytes.
    pub(crate) size: u64,
}

/// Outcome of recording a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// File of the document before, to which no row refers any more.
    pub(crate) replaced: Option<FileName>,
}

/// A document, to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredDocument {
    /// File with the bytes.
    pub(crate) file: FileName,
    /// Type that the first bytes told.
    pub(crate) file_type: FileType,
    /// Bytes.
    pub(crate) size: u64,
    /// The name that the draft gives it, or what was sent for the team, if one lists it.
    pub(crate) name: Option<String>,
}

/// Key of a session: the SHA-256 of its token, which is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionKey(pub(crate) [u8; 32]);

/// Session of a person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenSession {
    /// The person.
    pub(crate) user: User,
    /// Organisation for which the person acts.
    pub(crate) organisation: Organisation,
    /// Time of the sign-in.
    pub(crate) opened_at: Timestamp,
    /// Time at which the person was last seen, to a minute.
    pub(crate) seen_at: Timestamp,
    /// Device of the sign-in.
    pub(crate) device: Device,
    /// Access of the portal whose session this is; none for those of our own pages.
    pub(crate) portal_access: Option<PortalAccess>,
    /// Way in which an identity provider knew the person; none for made-up people.
    pub(crate) identification: Option<Identification>,
}

/// Device of a sign-in, as far as the browser says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) browser: Option<Browser>,
    pub(crate) system: Option<System>,
}

/// Access of a portal to the requests of a person, by a grant that the portal claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PortalAccess {
    /// The portal.
    pub(crate) portal: Portal,
    /// The session in which the person agreed. This one ends with it.
    pub(crate) issued_by: SessionKey,
}

/// Leave for a portal to act for a person, until the portal claims its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Hash of the verifier, which the portal alone knows.
    pub(crate) challenge: [u8; 32],
    /// Hash of the code that the window gave the portal, where it gave one.
    pub(crate) code: Option<[u8; 32]>,
    /// The portal.
    pub(crate) portal: Portal,
    /// The session in which the person agreed.
    pub(crate) issued_by: SessionKey,
    /// Time at which it was issued.
    pub(crate) issued_at: Timestamp,
}

/// Proof that a portal shows to get its session.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    /// Hash of the verifier.
    pub(crate) challenge: [u8; 32],
    /// Hash of the code, if the portal shows one.
    pub(crate) code: Option<[u8; 32]>,
    /// Portal that claims.
    pub(crate) portal: Portal,
    /// Time after which the grant must have been issued.
    pub(crate) issued_after: Timestamp,
    /// Time after which the session that issued it must have been opened.
    pub(crate) issuer_opened_after: Timestamp,
    /// Time after which the session that issued it must have been seen last.
    pub(crate) issuer_seen_after: Timestamp,
}

/// Outcome of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Claimed {
    /// The session, which is open now.
    Session(Box<OpenSession>),
    /// There is no such grant, or it needs a code, or its session has ended.
    Nothing,
    /// The grant has another code; it is used up.
    WrongCode,
    /// The grant is for another portal; it is used up.
    WrongPortal,
}

/// Sign-in of somebody who proved who they are.
#[derive(Clone, Debug)]
pub(crate) struct SignIn {
    pub(crate) visitor: Visitor,
    /// Identifier of their account, if they have none.
    pub(crate) new_account: Id,
    /// Time of the sign-in.
    pub(crate) at: Timestamp,
    /// Time since which an account must have been used for a new subject to be added to it.
    pub(crate) used_after: Timestamp,
    /// Token of the link by which whoever owns the account takes a new subject out of it.
    pub(crate) token: Arc<Secret>,
    /// Handles of the team, whom the rule adds to no account, and to whose accounts it adds nobody.
    pub(crate) team: Vec<Subject>,
}

/// Times before which rows expire. A purge deletes whatever is strictly older.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PurgeCutoff {
    /// Drafts last changed before this.
    pub(crate) drafts: Timestamp,
    /// Tombstones of requests deleted before this.
    pub(crate) tombstones: Timestamp,
    /// Documents that their draft has not listed since before this.
    pub(crate) documents: Timestamp,
    /// Accounts last used before this, unless they have requests or sessions.
    pub(crate) accounts: Timestamp,
    /// Sessions opened before this.
    pub(crate) sessions_opened: Timestamp,
    /// Sessions last seen before this.
    pub(crate) sessions_seen: Timestamp,
    /// Sessions of portals opened before this.
    pub(crate) portal_sessions_opened: Timestamp,
    /// Sessions of portals last seen before this.
    pub(crate) portal_sessions_seen: Timestamp,
    /// Grants issued before this.
    pub(crate) grants: Timestamp,
}

/// Counts of what a purge removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purged {
    /// Drafts; each leaves a tombstone.
    pub(crate) drafts: u64,
    /// Tombstones of deleted requests.
    pub(crate) tombstones: u64,
    /// Documents, those of purged drafts included.
    pub(crate) documents: u64,
    /// Sessions, those of portals included.
    pub(crate) sessions: u64,
    /// Grants that no portal claimed.
    pub(crate) grants: u64,
    /// People who have no session and no request, and take part in none.
    pub(crate) people: u64,
    /// Invitations and hand-overs that are over.
    pub(crate) invitations: u64,
    /// Files to which no row refers any more.
    pub(crate) files: Vec<FileName>,
}

/// Outcome of days that passed, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Events that were added.
    pub(crate) events: u64,
    /// Mails on coming days that were written.
    pub(crate) told: u64,
    /// Requests that were erased.
    pub(crate) erased: u64,
    /// Submissions whose people were blanked.
    pub(crate) blanked: u64,
    /// Files to which no row refers any more.
    pub(crate) files: Vec<FileName>,
}

impl Passed {
    /// Adds the outcome of another part.
    pub(crate) fn add(&mut self, other: Self) {
        self.events += other.events;
        self.told += other.told;
        self.erased += other.erased;
        self.blanked += other.blanked;
        self.files.extend(other.files);
    }
}

/// Numbers that metrics tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gauges {
    /// Deliveries that wait, with the time since which the first of them is due, by channel.
    pub(crate) outbox: Vec<(&'static str, u32, Option<Timestamp>)>,
    /// Sessions that are stored.
    pub(crate) sessions: u32,
}

/// Database of requests, of documents without their bytes, of sessions and of grants.
#[async_trait]
pub(crate) trait Store: Send + Sync {
    /// Returns the numbers that metrics tell as they are at a time.
    async fn gauges(&self, at: Timestamp) -> Result<Gauges, StoreFailure>;

    /// Returns whether the database answers, with its tables as this version wants them.
    async fn ready(&self) -> Result<(), StoreFailure>;

    /// Keeps a draft under an identifier that the caller made: creates it, or changes it and raises its revision by one.
    ///
    /// Refuses, in this order: `Absent` (it is someone else's), `Deleted`, `Submitted`, `Unconditional`, `Stale`,
    /// `QuotaReached`.
    async fn save(
        &self,
        owner: &Owner,
        id: &Id,
        draft: &Draft,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<Saved, StoreRefusal>;

    /// Returns the request or tombstone of an identifier, with what follows from its history at a time.
    async fn request(&self, owner: &Owner, id: &Id, at: Timestamp) -> Result<Option<Found>, StoreRefusal>;

    /// Returns a page of the requests that a person owns or takes part in, last changed first. Without words its cost does not depend
    /// on how many there are.
    async fn list(&self, owner: &Owner, filter: &Filter, at: Timestamp) -> Result<Page, StoreFailure>;

    /// Returns the events of a request that its owner may see, those after a rank.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`.
    async fn events(&self, owner: &Owner, id: &Id, after: u64) -> Result<EventList, StoreRefusal>;

    /// Returns a submission of a request by its number.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `Absent` (there is no such submission).
    async fn submission(&self, owner: &Owner, id: &Id, n: u32) -> Result<WholeSubmission, StoreRefusal>;

    /// Deletes a draft with its documents, leaves a tombstone, and returns the files to which no row refers any more.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `WrongState` (it was submitted, whatever it is now), `Unconditional`, `Stale`.
    async fn delete(
        &self,
        owner: &Owner,
        id: &Id,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<Vec<FileName>, StoreRefusal>;

    /// Makes a draft a submitted request with the next number of its year (UTC), without gaps. Keeps what was sent, with the typed
    /// request, as a submission, and the event that tells of it. A request keeps the number of its first submission, and its
    /// documents from then on. Repeating the call changes nothing, whatever the precondition, until the request is in another
    /// state.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `WrongState`, `Unconditional`, `Stale`, `Incomplete`, `Unfit`.
    async fn submit(
        &self,
        owner: &Owner,
        id: &Id,
        expected: &Expected,
        sending: &Sending,
        at: Timestamp,
    ) -> Result<Submitted, StoreRefusal>;

    /// Makes an act of the applicant, which adds one event to the history of a request. Repeating the call changes nothing,
    /// whatever the precondition. Only acts that move the state look at it.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `IdTaken`, `Unconditional`, `Stale`, `WrongState`, `Unfit`,
    /// `TooManyActs`.
    async fn act(
        &self,
        owner: &Owner,
        id: &Id,
        act: &ActToMake,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<Acted, StoreRefusal>;

    /// Notes that the owner has seen the events of a request up to a rank. It never goes back.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`.
    async fn see(&self, owner: &Owner, id: &Id, seq: u64, at: Timestamp) -> Result<(), StoreRefusal>;

    /// Returns a page of the queue, as it is told at a time. Its cost does not depend on how many requests there are, unless words
    /// find many. Of these it looks at the 10,000 that were submitted last.
    async fn queue(&self, member: &Member, filter: &QueueFilter, at: Timestamp) -> Result<QueuePage, StoreFailure>;

    /// Returns a request that was submitted, as a member of the team may see it.
    ///
    /// Refuses: `Absent`, `Deleted`.
    async fn examined(&self, member: &Member, id: &Id) -> Result<Examined, StoreRefusal>;

    /// Notes how the public directory describes the establishment of a submission, for the team to read. What was noted before
    /// stays; of a submission that is not there, nothing is noted.
    async fn note_organisation(&self, request: &Id, n: u32, found: &OrganisationFound) -> Result<(), StoreFailure>;

    /// Returns the events of a request that was submitted, those after a rank.
    ///
    /// Refuses: `Absent`, `Deleted`.
    async fn examined_events(&self, member: &Member, id: &Id, after: u64) -> Result<EventList, StoreRefusal>;

    /// Returns a submission to a member of the team.
    ///
    /// Refuses: `Absent`, `Deleted`.
    async fn examined_submission(&self, member: &Member, id: &Id, n: u32) -> Result<WholeSubmission, StoreRefusal>;

    /// Returns a document that a submission or a message lists to a member of the team.
    ///
    /// Refuses: `Absent`, `Deleted`.
    async fn examined_document(
        &self,
        member: &Member,
        request: &Id,
        document: &Id,
    ) -> Result<StoredDocument, StoreRefusal>;

    /// Makes an act of a member of the team. Repeating the call changes nothing, whatever the precondition.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `IdTaken`, `ReadOnly`, `OwnRequest`, `Unconditional`, `StaleForTeam`, `WrongState`,
    /// `Unseen`, `AssignedElsewhere`, `Unfit`, `TooManyActs`.
    async fn act_for_team(
        &self,
        member: &Member,
        id: &Id,
        act: &ActOfTeam,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<ActedByTeam, StoreRefusal>;

    /// Checks the quotas for a document of a message of the team, before its bytes are read. Those that no message lists yet count
    /// for the member.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `ReadOnly`, `OwnRequest`, `Submitted` (it was sent, or the request is archived),
    /// `QuotaReached`.
    async fn reserve_document_for_team(
        &self,
        member: &Member,
        request: &Id,
        document: &Id,
        size: u64,
    ) -> Result<(), StoreRefusal>;

    /// Records the file of a document of the team, whose bytes are on disk, in place of the one before.
    ///
    /// Refuses as [`reserve_document_for_team`](Self::reserve_document_for_team).
    async fn record_document_for_team(
        &self,
        member: &Member,
        request: &Id,
        arrived: &ReceivedFile,
        at: Timestamp,
    ) -> Result<Recorded, StoreRefusal>;

    /// Notes that a member of the team has seen the events of a request up to a rank. It never goes back.
    ///
    /// Refuses: `Absent`, `Deleted`.
    async fn see_for_team(&self, member: &Member, id: &Id, seq: u64, at: Timestamp) -> Result<(), StoreRefusal>;

    /// Checks the quotas for a document of this size, before its bytes are read. It may be one of the draft, or of a message from the
    /// first submission until the request is archived.
    ///
    /// Refuses, in this order: `Absent`, `Deleted`, `Submitted` (it was sent, or the request is archived), `QuotaReached`.
    async fn reserve_document(&self, owner: &Owner, request: &Id, document: &Id, size: u64)
    -> Result<(), StoreRefusal>;

    /// Records the file of a document, whose bytes are on disk, in place of the one before. The draft's revision stays.
    ///
    /// Refuses as [`reserve_document`](Self::reserve_document): much may have happened while the bytes came.
    async fn record_document(
        &self,
        owner: &Owner,
        request: &Id,
        arrived: &ReceivedFile,
        at: Timestamp,
    ) -> Result<Recorded, StoreRefusal>;

    /// Returns a document of a request, if its bytes have arrived.
    async fn document(
        &self,
        owner: &Owner,
        request: &Id,
        document: &Id,
    ) -> Result<Option<StoredDocument>, StoreRefusal>;

    /// Removes a document that was not sent and returns its file, to which no row refers any more.
    ///
    /// Refuses, in this order: `Absent` (also when there is no such document), `Deleted`, `Submitted`.
    async fn remove_document(&self, owner: &Owner, request: &Id, document: &Id) -> Result<FileName, StoreRefusal>;

    /// Returns the templates of the team, by use and title.
    async fn templates(&self, member: &Member) -> Result<Vec<Template>, StoreFailure>;

    /// Returns a template of the team, if it is there.
    async fn template(&self, member: &Member, id: &Id) -> Result<Option<Template>, StoreFailure>;

    /// Keeps a template under an identifier that the caller made: creates it, or changes it and raises its revision by one.
    ///
    /// Refuses, in this order: `ReadOnly`, `Unconditional`, `StaleTemplate`, `QuotaReached`, `Unfit`.
    async fn save_template(
        &self,
        member: &Member,
        id: &Id,
        template: &TemplateToSave,
        expected: &Expected,
        at: Timestamp,
    ) -> Result<SavedTemplate, StoreRefusal>;

    /// Deletes a template.
    ///
    /// Refuses, in this order: `Absent` (to examiners), `ReadOnly`, `Unconditional`, `StaleTemplate`.
    async fn delete_template(&self, member: &Member, id: &Id, expected: &Expected) -> Result<(), StoreRefusal>;

    /// Returns a page of the habilitations in force, which everybody may read.
    async fn habilitations(&self, filter: &PublicFilter) -> Result<PublicPage, StoreFailure>;

    /// Returns the statistics of a period, and the numbers of requests that wait for the team.
    async fn statistics(&self, period: Period, at: Timestamp) -> Result<Statistics, StoreFailure>;

    /// Returns the statistics that everybody may read.
    async fn public_statistics(&self, at: Timestamp) -> Result<PublicStatistics, StoreFailure>;

    /// Returns the number of changes so far of the list of habilitations in force.
    async fn version_of_habilitations(&self) -> Result<u64, StoreFailure>;

    /// Returns the files, among these, to which no document refers.
    async fn orphans(&self, files: &[FileName]) -> Result<Vec<FileName>, StoreFailure>;

    /// Returns the account of somebody who signs in through an identity provider, as it is from now on. A subject that is known
    /// leads to its account. A new one is added to the account of the same person, if exactly one is, was used lately, and the tie
    /// to the organisation is verified; otherwise it gets an account of its own.
    async fn enter(&self, sign_in: &SignIn) -> Result<(Account, Entry), StoreFailure>;

    /// Sends a link to the address of an earlier account, if there is one. A person who asks too often gets none, and nothing tells
    /// whether it was sent.
    async fn ask_for_account(&self, asked: &AskedAccount) -> Result<(), StoreFailure>;

    /// Returns the effect of a link about an account; none where it is unknown, used or old.
    async fn account_link(&self, key: &[u8; 32], at: Timestamp) -> Result<Option<LinkKind>, StoreFailure>;

    /// Follows a link about an account, for a person who is signed in by this identification. The link is used up then.
    async fn follow_link(
        &self,
        key: &[u8; 32],
        by: Option<&Identification>,
        at: Timestamp,
    ) -> Result<Followed, StoreFailure>;

    /// Returns the account of a subject, if there is one.
    async fn account_of(&self, issuer: &str, subject: &str) -> Result<Option<Account>, StoreFailure>;

    /// Stores a session under a key.
    async fn open_session(&self, key: &SessionKey, session: &OpenSession) -> Result<(), StoreFailure>;

    /// Returns a session, whatever its age.
    async fn session(&self, key: &SessionKey) -> Result<Option<OpenSession>, StoreFailure>;

    /// Sets the time at which the person was last seen in a session.
    async fn touch_session(&self, key: &SessionKey, at: Timestamp) -> Result<(), StoreFailure>;

    /// Returns the sessions of a person, whatever their age, last seen first; at most 100.
    async fn sessions_of(&self, person: &str) -> Result<Vec<(SessionKey, OpenSession)>, StoreFailure>;

    /// Deletes all sessions of a person but this one, and the grants of all of them.
    async fn end_other_sessions(&self, person: &str, key: &SessionKey) -> Result<(), StoreFailure>;

    /// Deletes a session, if it is there, with its grants and the sessions of portals that it granted.
    async fn end_session(&self, key: &SessionKey) -> Result<(), StoreFailure>;

    /// Stores a grant, in place of one that the same session issued for this challenge. Returns false where another session
    /// issued one.
    async fn issue_grant(&self, grant: &Grant) -> Result<bool, StoreFailure>;

    /// Opens the session of a portal under this key, if there is a grant for it. The grant is then used up.
    async fn claim_token(&self, claim: &Claim, key: &SessionKey, at: Timestamp) -> Result<Claimed, StoreFailure>;

    /// Makes the acts of the clock, and the reminders to the team, that are due. Tells owners of what they are about to lose, erases
    /// what was told of in time, and blanks the people of submissions that are no longer in force.
    ///
    /// Each is done once, however often this is called.
    async fn let_days_pass(&self, keeping: Keeping, at: Timestamp) -> Result<Passed, StoreFailure>;

    /// Deletes rows past the cutoff, a part at a time so that saves go on in between. A draft whose owner has an address stays until
    /// they were told.
    async fn purge(&self, cutoff: &PurgeCutoff, at: Timestamp) -> Result<Purged, StoreFailure>;

    /// Finishes the changes that wait, and closes the database.
    async fn close(&self) -> Result<(), StoreFailure>;
}
