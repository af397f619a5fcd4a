//! Contract of a [store with all of its parts](WholeStore), as tests that each implementation runs with [`obeyed_by`].

use std::path::Path;
use std::sync::Arc;

use habilitation_fixtures::{Fixture, id, named, ready};
use habilitation_model::document::FileType;
use habilitation_model::wire::{
    Act, Browser, EARLIER_MAX, Kind, Organisation, RequestSummary, Side, State, StoredRequest, SubmissionBody, User,
};
use habilitation_model::{Date, Draft, Field, Id, field};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::cards::Cards;
use super::outbox::Outbox;
use super::people::People;
use super::recoveries::Recoveries;
use super::*;

/// Declares the clauses of a subject, and `clauses!(Opener)`, which runs each of them as a test.
macro_rules! declare {
    ($($(#[$doc:meta])* async fn $clause:ident($bench:ident: &Bench) $body:block)+) => {
        $($(#[$doc])* pub(crate) async fn $clause($bench: &Bench) $body)+

        macro_rules! clauses {
            ($module:ident, $opener:path) => {
                $(#[tokio::test]
                async fn $clause() {
                    use $crate::store::contract::{Bench, $module};

                    $module::$clause(&Bench::new($opener).await).await;
                })+
            };
        }
        pub(crate) use clauses;
    };
}

/// Runs each clause against the store that `make(folder, quotas)` opens. The same folder opened again is the same store.
macro_rules! obeyed_by {
    ($make:path) => {
        struct Opener;

        #[async_trait::async_trait]
        impl $crate::store::contract::Open for Opener {
            async fn open(&self, folder: &std::path::Path, quotas: $crate::store::Quotas) -> Box<dyn $crate::store::contract::WholeStore> {
                Box::new($make(folder, quotas).await)
            }
        }

        $crate::store::contract::obeyed_by!(Opener: accounts links drafts owners participants presence invitations joining hand_overs
                cards recoveries decisions submission documents list sessions grants quotas purge history acts);
    };
    (Opener: $($subject:ident)+) => {
        $(mod $subject {
            $crate::store::contract::$subject::clauses!($subject, super::Opener);
        })+
    };
}
pub(crate) use obeyed_by;

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod cards;
pub(crate) mod decisions;
pub(crate) mod documents;
pub(crate) mod drafts;
pub(crate) mod grants;
pub(crate) mod hand_overs;
pub(crate) mod history;
pub(crate) mod invitations;
pub(crate) mod joining;
pub(crate) mod links;
pub(crate) mod list;
pub(crate) mod owners;
pub(crate) mod participants;
pub(crate) mod presence;
pub(crate) mod purge;
pub(crate) mod quotas;
pub(crate) mod recoveries;
pub(crate) mod sessions;
mod sharing;
pub(crate) mod submission;

/// Store with all of its parts, which one database holds.
pub(crate) trait WholeStore: Store + People + Cards + Recoveries + Outbox {}

impl<T: Store + People + Cards + Recoveries + Outbox> WholeStore for T {}

/// Opens a store of the implementation that is tested.
#[async_trait]
pub(crate) trait Open: Send + Sync + 'static {
    /// The store that this folder holds.
    async fn open(&self, folder: &Path, quotas: Quotas) -> Box<dyn WholeStore>;
}

/// A store with a few people and things to keep.
pub(crate) struct Bench {
    store: Arc<dyn WholeStore>,
    folder: TempDir,
    opener: Box<dyn Open>,
}

const QUOTAS: Quotas = Quotas {
    drafts: 50,
    documents_of_request: 3,
    bytes_of_owner: 1_000,
    text_of_owner: 100_000,
    submissions_of_day: 4,
    tombstones: 12,
};

impl Bench {
    pub(crate) async fn new(opener: impl Open) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = opener.open(folder.path(), QUOTAS).await.into();
        Self { store, folder, opener: Box::new(opener) }
    }

    async fn create(&self, owner: &Owner, id: &Id, draft: &Draft, at: Timestamp) -> RequestSummary {
        match self.store.save(owner, id, draft, &Expected::Absent, at).await.unwrap() {
            Saved::Created(summary) => summary,
            Saved::Changed(_) => panic!("it was there before"),
        }
    }

    async fn change(&self, owner: &Owner, id: &Id, revision: u64, draft: &Draft, at: Timestamp) -> RequestSummary {
        match self.store.save(owner, id, draft, &Expected::revision(revision), at).await.unwrap() {
            Saved::Changed(summary) => summary,
            Saved::Created(_) => panic!("it was not there before"),
        }
    }

    async fn read(&self, owner: &Owner, id: &Id) -> StoredRequest {
        match self.store.request(owner, id, at(0)).await.unwrap() {
            Some(Found::Request(request)) => *request,
            other => panic!("{other:?}"),
        }
    }

    async fn submit(&self, owner: &Owner, id: &Id, revision: u64, at: Timestamp) -> Result<Submitted, StoreRefusal> {
        self.store.submit(owner, id, &Expected::revision(revision), &sender(), at).await
    }

    async fn submitted(&self, owner: &Owner, id: &Id, at: Timestamp) -> String {
        self.create(owner, id, &ready(), at).await;
        match self.submit(owner, id, 1, at).await.unwrap() {
            Submitted::Now(receipt) => receipt.number,
            Submitted::Before(_) => panic!("it was submitted before"),
        }
    }

    async fn names(&self, owner: &Owner, filter: Filter) -> Vec<String> {
        let page = self.store.list(owner, &filter, at(0)).await.unwrap();
        page.requests.into_iter().map(|request| request.name).collect()
    }
}

fn owner(person: &str) -> Owner {
    Owner::named(person)
}

fn alice() -> Owner {
    owner("alice")
}

fn bob() -> Owner {
    owner("bob")
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Alice, as the author of what she does.
fn author() -> By {
    By { side: Side::Applicant, name: "Alice Noël".to_owned(), job_title: "Cheffe de projet".to_owned() }
}

/// A submission by Alice, without words.
fn sender() -> Sending {
    Sending { by: author(), words: SubmissionBody::default() }
}

fn portal() -> Portal {
    "https://portail.example".parse().unwrap()
}

/// Alice, as she comes through a portal.
fn alice_through(portal: &str) -> Owner {
    Owner { portal: Some(portal.parse().unwrap()), ..alice() }
}

/// A session of our own pages.
fn session(person: &str, opened: i64, seen: i64) -> OpenSession {
    OpenSession {
        user: User {
            id: person.to_owned(),
            given_name: "Alice".to_owned(),
            family_name: "Noël".to_owned(),
            email: "alice@vallon.example".to_owned(),
            phone: String::new(),
            job_title: String::new(),
        },
        organisation: Organisation { siret: String::new(), name: "Vallon".to_owned(), kind: None },
        opened_at: at(opened),
        seen_at: at(seen),
        device: Device { browser: Some(Browser::Firefox), system: None },
        portal_access: None,
        identification: None,
    }
}

const ISSUER: SessionKey = SessionKey([1; 32]);
const PORTAL_SESSION: SessionKey = SessionKey([2; 32]);

/// Returns a grant by Alice's session.
fn grant(challenge: u8, code: Option<u8>) -> Grant {
    Grant {
        challenge: [challenge; 32],
        code: code.map(|code| [code; 32]),
        portal: portal(),
        issued_by: ISSUER,
        issued_at: at(0),
    }
}

/// A claim of what was granted after noon, less a minute.
fn claim(challenge: u8, code: Option<u8>) -> Claim {
    Claim {
        challenge: [challenge; 32],
        code: code.map(|code| [code; 32]),
        portal: portal(),
        issued_after: at(-1),
        issuer_opened_after: at(-1),
        issuer_seen_after: at(-1),
    }
}

/// Noon, so many days later.
fn on_day(days: i64) -> Timestamp {
    at(days * 24 * 60)
}

/// Noon of a day of November 2026, so many minutes later.
fn at(minutes: i64) -> Timestamp {
    "2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn everything() -> Filter {
    Filter { limit: 100, ..Filter::default() }
}

fn file(number: u8) -> FileName {
    FileName::parse(&format!("{number:032x}")).unwrap()
}

fn arrived(document: &Id, number: u8, size: u64) -> ReceivedFile {
    ReceivedFile { document: document.clone(), file: file(number), file_type: FileType::Pdf, size }
}

fn never() -> PurgeCutoff {
    let past = Timestamp::MIN;
    PurgeCutoff {
        drafts: past,
        accounts: past,
        tombstones: past,
        documents: past,
        sessions_opened: past,
        sessions_seen: past,
        portal_sessions_opened: past,
        portal_sessions_seen: past,
        grants: past,
    }
}

/// The name of a refusal, to compare.
fn refusal<T: std::fmt::Debug>(outcome: Result<T, StoreRefusal>) -> &'static str {
    match outcome.unwrap_err() {
        StoreRefusal::Absent => "absent",
        StoreRefusal::NotPermitted(_) => "not permitted",
        StoreRefusal::Deleted => "deleted",
        StoreRefusal::Submitted => "submitted",
        StoreRefusal::Unconditional => "unconditional",
        StoreRefusal::Stale(Some(_)) => "stale",
        StoreRefusal::Stale(None) => "stale, nothing there",
        StoreRefusal::WrongState(_) => "wrong state",
        StoreRefusal::IdTaken => "id taken",
        StoreRefusal::StaleForTeam(_) => "stale for the team",
        StoreRefusal::StaleTemplate => "stale template",
        StoreRefusal::Unseen(_) => "unseen",
        StoreRefusal::AssignedElsewhere => "assigned elsewhere",
        StoreRefusal::OwnRequest => "own request",
        StoreRefusal::ReadOnly => "read only",
        StoreRefusal::TieNotVerified => "tie not verified",
        StoreRefusal::Incomplete(_) => "incomplete",
        StoreRefusal::Unfit(_) => "unfit",
        StoreRefusal::TooManyActs(_) => "too many acts",
        StoreRefusal::QuotaReached(Quota::Drafts) => "quota of drafts",
        StoreRefusal::QuotaReached(Quota::DocumentsOfRequest) => "quota of documents",
        StoreRefusal::QuotaReached(Quota::BytesOfOwner) => "quota of bytes",
        StoreRefusal::QuotaReached(Quota::TextOfOwner) => "quota of text",
        StoreRefusal::QuotaReached(Quota::SubmissionsOfDay) => "quota of submissions",
        StoreRefusal::QuotaReached(Quota::Tombstones) => "quota of tombstones",
        StoreRefusal::QuotaReached(Quota::Templates) => "quota of templates",
        StoreRefusal::QuotaReached(Quota::Invitations) => "quota of invitations",
        StoreRefusal::QuotaReached(Quota::Participants) => "quota of participants",
        StoreRefusal::Failure(failure) => panic!("{failure}"),
    }
}
