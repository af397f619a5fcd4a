//! Contract of a [`Store`], as tests that each implementation runs with [`obeyed_by`].

use std::path::Path;
use std::sync::Arc;

use habilitation_fixtures::{Fixture, id, named, ready};
use habilitation_model::document::FileType;
use habilitation_model::wire::{Browser, EARLIER_MAX, Organisation, RequestSummary, State, StoredRequest, User};
use habilitation_model::{Draft, Field, Id, field};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use super::*;

/// Declares the clauses, and `obeyed_by!(make)`, which runs each of them against the store that `make(folder, quotas)`
/// opens. The same folder opened again is the same store.
macro_rules! declare {
    ($($(#[$doc:meta])* async fn $clause:ident($bench:ident: &$type:ident) $body:block)+) => {
        $($(#[$doc])* pub(crate) async fn $clause($bench: &$type) $body)+

        macro_rules! obeyed_by {
            ($make:path) => {
                struct Opener;

                #[async_trait::async_trait]
                impl $crate::store::contract::Open for Opener {
                    async fn open(&self, folder: &std::path::Path, quotas: $crate::store::Quotas) -> Box<dyn $crate::store::Store> {
                        Box::new($make(folder, quotas).await)
                    }
                }

                $(#[tokio::test]
                async fn $clause() {
                    $crate::store::contract::$clause(&$crate::store::contract::Bench::new(Opener).await).await;
                })+
            };
        }
        pub(crate) use obeyed_by;
    };
}

/// Opens a store of the implementation that is tested.
#[async_trait]
pub(crate) trait Open: Send + Sync + 'static {
    /// The store that this folder holds.
    async fn open(&self, folder: &Path, quotas: Quotas) -> Box<dyn Store>;
}

/// A store with a few people and things to keep.
pub(crate) struct Bench {
    store: Arc<dyn Store>,
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
        match self.store.request(owner, id).await.unwrap() {
            Some(Found::Request(request)) => *request,
            other => panic!("{other:?}"),
        }
    }

    async fn submit(&self, owner: &Owner, id: &Id, revision: u64, at: Timestamp) -> Result<Submitted, Refusal> {
        self.store.submit(owner, id, &Expected::revision(revision), at).await
    }

    async fn submitted(&self, owner: &Owner, id: &Id, at: Timestamp) -> String {
        self.create(owner, id, &ready(), at).await;
        match self.submit(owner, id, 1, at).await.unwrap() {
            Submitted::Now(receipt) => receipt.number,
            Submitted::Before(_) => panic!("it was submitted before"),
        }
    }

    async fn names(&self, owner: &Owner, filter: Filter) -> Vec<String> {
        let page = self.store.list(owner, &filter).await.unwrap();
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
        embed: None,
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
        given_by: ISSUER,
        given_at: at(0),
    }
}

/// A claim of what was granted after noon, less a minute.
fn redemption(challenge: u8, code: Option<u8>) -> Redemption {
    Redemption {
        challenge: [challenge; 32],
        code: code.map(|code| [code; 32]),
        portal: portal(),
        issued_after: at(-1),
        issuer_opened_after: at(-1),
        issuer_seen_after: at(-1),
    }
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
        tombstones: past,
        documents: past,
        sessions_opened: past,
        sessions_seen: past,
        embeds_opened: past,
        embeds_seen: past,
        grants: past,
    }
}

/// The name of a refusal, to compare.
fn refusal<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> &'static str {
    match outcome.unwrap_err() {
        Refusal::Absent => "absent",
        Refusal::Deleted => "deleted",
        Refusal::Submitted => "submitted",
        Refusal::Unconditional => "unconditional",
        Refusal::Stale(Some(_)) => "stale",
        Refusal::Stale(None) => "stale, nothing there",
        Refusal::Incomplete(_) => "incomplete",
        Refusal::QuotaReached(Quota::Drafts) => "quota of drafts",
        Refusal::QuotaReached(Quota::DocumentsOfRequest) => "quota of documents",
        Refusal::QuotaReached(Quota::BytesOfOwner) => "quota of bytes",
        Refusal::QuotaReached(Quota::TextOfOwner) => "quota of text",
        Refusal::QuotaReached(Quota::SubmissionsOfDay) => "quota of submissions",
        Refusal::QuotaReached(Quota::Tombstones) => "quota of tombstones",
        Refusal::Failure(failure) => panic!("{failure}"),
    }
}

declare! {
    async fn a_draft_is_read_back_as_it_was_saved(bench: &Bench) {
        let draft = Fixture::named("town-hall");
        let summary = bench.create(&alice(), &id(1), &draft, at(0)).await;
        assert_eq!((summary.revision, summary.state, summary.errors), (1, State::Draft, 1), "its file has not come");
        let request = bench.read(&alice(), &id(1)).await;
        let expected = StoredRequest {
            id: id(1),
            number: None,
            state: State::Draft,
            schema: 1,
            revision: 1,
            created_at: "2026-11-22T12:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T12:00:00.000Z".to_owned(),
            earlier: Vec::new(),
            submitted_at: None,
            arrived: Vec::new(),
            draft,
        };
        assert_eq!(request, expected);
    }

    async fn each_change_raises_the_revision_by_one(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        for revision in 1..5 {
            let draft = named(&format!("version {revision}"));
            let summary = bench.change(&alice(), &id(1), revision, &draft, at(1)).await;
            assert_eq!(summary.revision, revision + 1);
            assert_eq!(bench.read(&alice(), &id(1)).await.draft, draft);
        }
        let request = bench.read(&alice(), &id(1)).await;
        assert_eq!((request.created_at.as_str(), request.updated_at.as_str()), ("2026-11-22T12:00:00.000Z", "2026-11-22T12:01:00.000Z"));
    }

    async fn a_request_tells_when_its_earlier_revisions_were_saved(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        for revision in 1..40 {
            let minute = i64::try_from(revision).unwrap();
            bench.change(&alice(), &id(1), revision, &named(&revision.to_string()), at(minute)).await;
        }
        let request = bench.read(&alice(), &id(1)).await;
        assert_eq!(request.earlier.len(), EARLIER_MAX);
        let newest = ["2026-11-22T12:38:00.000Z", "2026-11-22T12:37:00.000Z"];
        assert_eq!((request.updated_at.as_str(), &request.earlier[..2]), ("2026-11-22T12:39:00.000Z", &newest.map(str::to_owned)[..]));
    }

    async fn a_revision_that_was_saved_at_another_time_is_refused_like_another_revision(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        let lost = Expected::revision(1).saved_at("2026-11-22T11:00:00.000Z");
        assert_eq!(refusal(bench.store.save(&alice(), &id(1), &named("x"), &lost, at(1)).await), "stale");
        assert_eq!(refusal(bench.store.submit(&alice(), &id(1), &lost, at(1)).await), "stale");
        assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &lost, at(1)).await), "stale");
        let known = Expected::revision(1).saved_at("2026-11-22T12:00:00.000Z");
        assert!(bench.store.save(&alice(), &id(1), &named("x"), &known, at(1)).await.is_ok());
    }

    async fn a_change_of_another_revision_is_refused_with_what_is_there(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("mine"), at(0)).await;
        for expected in [Expected::revision(2), Expected::Absent] {
            let outcome = bench.store.save(&alice(), &id(1), &named("other"), &expected, at(1)).await;
            match outcome.unwrap_err() {
                Refusal::Stale(Some(current)) => assert_eq!(*current, bench.read(&alice(), &id(1)).await),
                other => panic!("{other}"),
            }
        }
        let nothing = bench.store.save(&alice(), &id(2), &named("x"), &Expected::revision(1), at(1)).await;
        assert_eq!(refusal(nothing), "stale, nothing there");
        let unsaid = bench.store.save(&alice(), &id(1), &named("x"), &Expected::default(), at(1)).await;
        assert_eq!(refusal(unsaid), "unconditional");
        assert_eq!(bench.read(&alice(), &id(1)).await.draft, named("mine"));
    }

    async fn of_two_changes_of_one_revision_one_wins(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("start"), at(0)).await;
        let save = |name: &'static str| {
            let store = Arc::clone(&bench.store);
            tokio::spawn(async move {
                store.save(&alice(), &id(1), &named(name), &Expected::revision(1), at(1)).await
            })
        };
        let all: Vec<_> = ["a", "b", "c", "d", "e", "f", "g", "h"].map(save).into_iter().collect();
        let mut won = 0;
        for one in all {
            won += usize::from(one.await.unwrap().is_ok());
        }
        assert_eq!(won, 1);
        assert_eq!(bench.read(&alice(), &id(1)).await.revision, 2);
    }

    async fn a_deleted_identifier_does_not_come_back(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        assert_eq!(bench.store.delete(&alice(), &id(1), &Expected::revision(1), at(1)).await.unwrap(), []);
        assert_eq!(bench.store.request(&alice(), &id(1)).await.unwrap(), Some(Found::Deleted));
        for expected in [Expected::Absent, Expected::revision(1), Expected::default()] {
            let save = bench.store.save(&alice(), &id(1), &named("late"), &expected, at(2)).await;
            assert_eq!(refusal(save), "deleted");
            assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &expected, at(2)).await), "deleted");
            assert_eq!(refusal(bench.store.submit(&alice(), &id(1), &expected, at(2)).await), "deleted");
        }
        assert_eq!(refusal(bench.store.reserve_document(&alice(), &id(1), &id(9), 1).await), "deleted");
        assert_eq!(bench.names(&alice(), everything()).await, [""; 0]);
    }

    async fn a_deletion_needs_the_revision_that_is_there(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &Expected::revision(2), at(1)).await), "stale");
        assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &Expected::default(), at(1)).await), "unconditional");
        assert_eq!(refusal(bench.store.delete(&alice(), &id(2), &Expected::revision(1), at(1)).await), "absent");
        assert_eq!(bench.read(&alice(), &id(1)).await.revision, 1);
    }

    async fn what_belongs_to_another_is_absent(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a draft"), at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        bench.create(&alice(), &id(2), &named("deleted"), at(0)).await;
        bench.store.delete(&alice(), &id(2), &Expected::revision(1), at(0)).await.unwrap();
        bench.submitted(&alice(), &id(3), at(0)).await;
        let before = bench.read(&alice(), &id(1)).await;

        for theirs in [id(1), id(2), id(3)] {
            assert_eq!(bench.store.request(&bob(), &theirs).await.unwrap(), None);
            for expected in [Expected::Absent, Expected::revision(1), Expected::default()] {
                let save = bench.store.save(&bob(), &theirs, &named("bob's"), &expected, at(1)).await;
                assert_eq!(refusal(save), "absent");
                assert_eq!(refusal(bench.store.delete(&bob(), &theirs, &expected, at(1)).await), "absent");
                assert_eq!(refusal(bench.store.submit(&bob(), &theirs, &expected, at(1)).await), "absent");
            }
            assert_eq!(refusal(bench.store.reserve_document(&bob(), &theirs, &id(9), 1).await), "absent");
            let record = bench.store.record_document(&bob(), &theirs, &arrived(&id(9), 2, 10), at(1)).await;
            assert_eq!(refusal(record), "absent");
            assert_eq!(bench.store.document(&bob(), &theirs, &id(9)).await.unwrap(), None);
            assert_eq!(refusal(bench.store.remove_document(&bob(), &theirs, &id(9)).await), "absent");
        }
        assert_eq!(bench.names(&bob(), everything()).await, [""; 0]);
        assert_eq!(bench.read(&alice(), &id(1)).await, before);
    }

    async fn a_complete_draft_is_submitted_and_changes_no_more(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        let Submitted::Now(receipt) = bench.submit(&alice(), &id(1), 1, at(5)).await.unwrap() else { panic!("before") };
        assert_eq!(receipt.number, "FC-2026-000001");
        assert_eq!(receipt.submitted_at, "2026-11-22T12:05:00.000Z");
        assert_eq!((receipt.request.state, receipt.request.revision), (State::Submitted, 2));
        assert_eq!(receipt.request, bench.read(&alice(), &id(1)).await);

        for expected in [Expected::default(), Expected::revision(1), Expected::revision(2)] {
            let again = bench.store.submit(&alice(), &id(1), &expected, at(6)).await.unwrap();
            assert_eq!(again, Submitted::Before(receipt.clone()));
            let save = bench.store.save(&alice(), &id(1), &named("late"), &expected, at(6)).await;
            assert_eq!(refusal(save), "submitted");
            assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &expected, at(6)).await), "submitted");
        }
        assert_eq!(refusal(bench.store.reserve_document(&alice(), &id(1), &id(9), 1).await), "submitted");
        let record = bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(6)).await;
        assert_eq!(refusal(record), "submitted");
        assert_eq!(refusal(bench.store.remove_document(&alice(), &id(1), &id(9)).await), "submitted");
        assert_eq!(bench.read(&alice(), &id(1)).await, receipt.request);
    }

    async fn a_submission_is_refused_with_every_error_and_uses_up_no_number(bench: &Bench) {
        bench.create(&alice(), &id(1), &Fixture::named("incomplete-terms"), at(0)).await;
        match bench.submit(&alice(), &id(1), 1, at(1)).await.unwrap_err() {
            Refusal::Incomplete(findings) => {
                let fields: Vec<&str> = findings.iter().map(|finding| finding.field.path()).collect();
                assert_eq!(fields, ["terms.dpo_informed", "terms.alternative_offered"]);
            }
            other => panic!("{other}"),
        }
        assert_eq!(refusal(bench.submit(&alice(), &id(1), 2, at(1)).await), "stale");
        assert_eq!(bench.read(&alice(), &id(1)).await.revision, 1);
        assert_eq!(bench.submitted(&alice(), &id(2), at(2)).await, "FC-2026-000001");
    }

    async fn numbers_have_no_gaps_and_begin_anew_each_year_in_utc(bench: &Bench) {
        let last_moment = "2026-12-31T23:59:59.999Z".parse().unwrap();
        let new_year = "2027-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(bench.submitted(&alice(), &id(1), at(0)).await, "FC-2026-000001");
        assert_eq!(bench.submitted(&bob(), &id(2), last_moment).await, "FC-2026-000002");
        assert_eq!(bench.submitted(&alice(), &id(3), new_year).await, "FC-2027-000001");
        assert_eq!(bench.submitted(&alice(), &id(4), new_year).await, "FC-2027-000002");
    }

    async fn a_draft_is_submitted_once_however_many_ask(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        let all: Vec<_> = (0..8)
            .map(|_| {
                let store = Arc::clone(&bench.store);
                tokio::spawn(async move { store.submit(&alice(), &id(1), &Expected::revision(1), at(1)).await })
            })
            .collect();
        let mut now = 0;
        for one in all {
            now += usize::from(matches!(one.await.unwrap().unwrap(), Submitted::Now(_)));
        }
        assert_eq!(now, 1);
        assert_eq!(bench.submitted(&alice(), &id(2), at(2)).await, "FC-2026-000002");
    }

    async fn a_submission_waits_for_the_files_that_the_draft_lists(bench: &Bench) {
        let draft = Fixture::named("town-hall");
        let document = draft.documents().next().unwrap().id.clone();
        bench.create(&alice(), &id(1), &draft, at(0)).await;
        assert_eq!(refusal(bench.submit(&alice(), &id(1), 1, at(1)).await), "incomplete");
        bench.store.record_document(&alice(), &id(1), &arrived(&document, 1, 10), at(1)).await.unwrap();
        let request = bench.read(&alice(), &id(1)).await;
        assert_eq!((request.revision, request.arrived), (1, vec![document.clone()]), "a file is no revision");
        assert_eq!(bench.store.list(&alice(), &everything()).await.unwrap().requests[0].errors, 0);

        let removed = bench.store.remove_document(&alice(), &id(1), &document).await.unwrap();
        assert_eq!(removed, file(1));
        assert_eq!(bench.store.list(&alice(), &everything()).await.unwrap().requests[0].errors, 1);
        assert_eq!(refusal(bench.submit(&alice(), &id(1), 1, at(1)).await), "incomplete");

        bench.store.record_document(&alice(), &id(1), &arrived(&document, 2, 10), at(1)).await.unwrap();
        assert!(matches!(bench.submit(&alice(), &id(1), 1, at(1)).await.unwrap(), Submitted::Now(_)));
    }

    async fn a_document_sent_again_stands_in_place_of_the_first(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        for (number, replaced) in [(1, None), (2, Some(file(1)))] {
            let arrived = arrived(&id(9), number, 10);
            let recorded = bench.store.record_document(&alice(), &id(1), &arrived, at(1)).await.unwrap();
            assert_eq!(recorded.replaced, replaced);
        }
        let kept = bench.store.document(&alice(), &id(1), &id(9)).await.unwrap().unwrap();
        assert_eq!(kept, StoredDocument { file: file(2), file_type: FileType::Pdf, size: 10, name: None });
        assert_eq!(refusal(bench.store.remove_document(&alice(), &id(1), &id(8)).await), "absent");
        assert_eq!(bench.store.document(&alice(), &id(1), &id(8)).await.unwrap(), None);
    }

    async fn a_document_bears_the_name_that_the_draft_gives_it(bench: &Bench) {
        let draft = Fixture::named("town-hall");
        let document = draft.documents().next().unwrap().clone();
        bench.create(&alice(), &id(1), &draft, at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&document.id, 1, 10), at(1)).await.unwrap();
        let kept = bench.store.document(&alice(), &id(1), &document.id).await.unwrap().unwrap();
        assert_eq!(kept.name, Some(document.name));
    }

    async fn one_document_identifier_in_two_requests_is_two_documents(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        bench.create(&alice(), &id(2), &named("b"), at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(1)).await.unwrap();
        bench.store.record_document(&alice(), &id(2), &arrived(&id(9), 2, 10), at(1)).await.unwrap();
        assert_eq!(bench.store.document(&alice(), &id(1), &id(9)).await.unwrap().unwrap().file, file(1));
        assert_eq!(bench.store.document(&alice(), &id(2), &id(9)).await.unwrap().unwrap().file, file(2));
    }

    async fn nobody_keeps_more_than_their_share(bench: &Bench) {
        for number in 1..=50 {
            bench.create(&alice(), &id(number), &named("a"), at(0)).await;
        }
        let save = |owner, number| {
            let store = Arc::clone(&bench.store);
            async move { store.save(&owner, &id(number), &named("a"), &Expected::Absent, at(0)).await }
        };
        assert_eq!(refusal(save(alice(), 51).await), "quota of drafts");
        assert!(save(bob(), 51).await.is_ok(), "another's share is another's");
        bench.change(&alice(), &id(1), 1, &named("still changes"), at(0)).await;

        for (document, size) in [(101, 300), (102, 300), (103, 300)] {
            bench.store.reserve_document(&alice(), &id(1), &id(document), size).await.unwrap();
            let arrived = arrived(&id(document), document, size);
            bench.store.record_document(&alice(), &id(1), &arrived, at(0)).await.unwrap();
        }
        assert_eq!(refusal(bench.store.reserve_document(&alice(), &id(1), &id(104), 1).await), "quota of documents");
        assert_eq!(refusal(bench.store.reserve_document(&alice(), &id(2), &id(104), 101).await), "quota of bytes");
        let record = bench.store.record_document(&alice(), &id(2), &arrived(&id(104), 104, 101), at(0)).await;
        assert_eq!(refusal(record), "quota of bytes");
        bench.store.reserve_document(&alice(), &id(2), &id(104), 100).await.unwrap();
        bench.store.reserve_document(&alice(), &id(1), &id(103), 400).await.unwrap();
    }

    async fn the_list_has_what_changed_last_first_and_goes_on_where_it_stopped(bench: &Bench) {
        for number in 1..=9 {
            // Three at each moment: the identifier parts them.
            bench.create(&alice(), &id(number), &named(&number.to_string()), at(i64::from(number / 3))).await;
        }
        bench.change(&alice(), &id(4), 1, &named("4, changed"), at(60)).await;
        bench.create(&bob(), &id(99), &named("bob's"), at(30)).await;
        let expected = ["4, changed", "9", "8", "7", "6", "5", "3", "2", "1"];
        assert_eq!(bench.names(&alice(), everything()).await, expected);

        for limit in 1..=9 {
            let mut names = Vec::new();
            let mut filter = Filter { limit, ..Filter::default() };
            loop {
                let page = bench.store.list(&alice(), &filter).await.unwrap();
                assert!(page.requests.len() <= usize::try_from(limit).unwrap());
                names.extend(page.requests.into_iter().map(|request| request.name));
                filter.after = page.next;
                if filter.after.is_none() {
                    break;
                }
            }
            assert_eq!(names, expected, "{limit} at a time");
        }
    }

    async fn the_list_is_narrowed_by_state_and_words(bench: &Bench) {
        let mut town = named("Cantine de l'Été");
        Field::OrganisationName.set(&mut town, field::Value::Text("Commune d'Œuf-en-Ternois"));
        bench.create(&alice(), &id(1), &town, at(1)).await;
        bench.create(&alice(), &id(2), &named("100 % en ligne_"), at(2)).await;
        let number = bench.submitted(&alice(), &id(3), at(3)).await;
        bench.create(&bob(), &id(4), &named("cantine de bob"), at(4)).await;
        let company = bench.read(&alice(), &id(3)).await.draft.project.name.to_string();

        let with = |words: &str| Filter { words: words.to_owned(), ..everything() };
        for (words, found) in [
            ("", vec![company.as_str(), "100 % en ligne_", "Cantine de l'Été"]),
            ("CANTINE DE L'ETE", vec!["Cantine de l'Été"]),
            ("  été ", vec!["Cantine de l'Été"]),
            ("oeuf", vec!["Cantine de l'Été"]),
            ("%", vec!["100 % en ligne_"]),
            ("_", vec!["100 % en ligne_"]),
            (number.as_str(), vec![company.as_str()]),
            ("été commune", vec![]),
            ("bob", vec![]),
        ] {
            assert_eq!(bench.names(&alice(), with(words)).await, found, "{words:?}");
        }
        let state = |state| Filter { state: Some(state), ..everything() };
        assert_eq!(bench.names(&alice(), state(State::Submitted)).await, [company.as_str()]);
        assert_eq!(bench.names(&alice(), state(State::Draft)).await, ["100 % en ligne_", "Cantine de l'Été"]);
    }

    async fn a_session_is_found_until_it_is_closed(bench: &Bench) {
        let session = session("alice", 0, 0);
        let (key, other) = (SessionKey([1; 32]), SessionKey([2; 32]));
        bench.store.open_session(&key, &session).await.unwrap();
        assert_eq!(bench.store.session(&other).await.unwrap(), None);
        bench.store.touch_session(&key, at(7)).await.unwrap();
        let seen = OpenSession { seen_at: at(7), ..session };
        assert_eq!(bench.store.session(&key).await.unwrap(), Some(seen));
        bench.store.close_session(&other).await.unwrap();
        bench.store.close_session(&key).await.unwrap();
        assert_eq!(bench.store.session(&key).await.unwrap(), None);
    }

    async fn a_purge_takes_what_is_past_the_horizon_and_nothing_else(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("old"), at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        bench.create(&alice(), &id(2), &named("young"), at(10)).await;
        bench.submitted(&alice(), &id(3), at(0)).await;
        bench.create(&bob(), &id(4), &named("deleted long ago"), at(0)).await;
        bench.store.delete(&bob(), &id(4), &Expected::revision(1), at(0)).await.unwrap();

        assert_eq!(bench.store.purge(&never(), at(20)).await.unwrap(), Purged::default());
        let drafts = PurgeCutoff { drafts: at(5), ..never() };
        let purged = bench.store.purge(&drafts, at(20)).await.unwrap();
        assert_eq!(purged, Purged { drafts: 1, documents: 1, files: vec![file(1)], ..Purged::default() });
        assert_eq!(bench.store.request(&alice(), &id(1)).await.unwrap(), Some(Found::Deleted), "it leaves a tombstone");
        assert_eq!(bench.read(&alice(), &id(2)).await.draft, named("young"));
        assert_eq!(bench.read(&alice(), &id(3)).await.state, State::Submitted);

        let tombstones = PurgeCutoff { tombstones: at(5), ..never() };
        assert_eq!(bench.store.purge(&tombstones, at(20)).await.unwrap().tombstones, 1);
        assert_eq!(bench.store.request(&bob(), &id(4)).await.unwrap(), None);
        assert_eq!(bench.store.request(&alice(), &id(1)).await.unwrap(), Some(Found::Deleted), "deleted a moment ago");
    }

    async fn a_purge_takes_more_than_fits_one_transaction(bench: &Bench) {
        for number in 0..450_u64 {
            let id = Id::new(number, [1; 10]);
            let owner = owner(&format!("owner {}", number % 20));
            bench.create(&owner, &id, &named("old"), at(0)).await;
        }
        let purged = bench.store.purge(&PurgeCutoff { drafts: at(5), ..never() }, at(20)).await.unwrap();
        assert_eq!(purged.drafts, 450);
    }

    async fn a_document_that_no_draft_lists_is_purged_in_time(bench: &Bench) {
        let listing = Fixture::named("town-hall");
        let document = listing.documents().next().unwrap().id.clone();
        bench.create(&alice(), &id(1), &listing, at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&document, 1, 10), at(0)).await.unwrap();
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 2, 10), at(0)).await.unwrap();

        let purge = |before| {
            let store = Arc::clone(&bench.store);
            async move { store.purge(&PurgeCutoff { documents: before, ..never() }, at(99)).await.unwrap().files }
        };
        assert_eq!(purge(at(0)).await, [], "unlisted since this very moment");
        assert_eq!(purge(at(1)).await, [file(2)]);

        bench.change(&alice(), &id(1), 1, &listing.duplicate(), at(10)).await;
        bench.change(&alice(), &id(1), 2, &listing.duplicate(), at(20)).await;
        assert_eq!(purge(at(10)).await, [], "unlisted since the first of the two saves");
        bench.change(&alice(), &id(1), 3, &listing, at(30)).await;
        assert_eq!(purge(at(50)).await, [], "listed again");
        bench.change(&alice(), &id(1), 4, &listing.duplicate(), at(60)).await;
        assert_eq!(purge(at(61)).await, [file(1)]);
        assert_eq!(bench.read(&alice(), &id(1)).await.arrived, []);
    }

    async fn sessions_that_have_ended_are_purged(bench: &Bench) {
        for (key, opened, seen) in [(1, 0, 100), (2, 50, 60), (3, 50, 100)] {
            let ours = session("alice", opened, seen);
            bench.store.open_session(&SessionKey([key; 32]), &ours).await.unwrap();
            let embed = Some(Embed { portal: portal(), given_by: SessionKey([3; 32]) });
            let portals = OpenSession { embed, ..ours };
            bench.store.open_session(&SessionKey([100 + key; 32]), &portals).await.unwrap();
        }
        let left = async || {
            let mut left = Vec::new();
            for key in [1, 2, 3, 101, 102, 103] {
                if bench.store.session(&SessionKey([key; 32])).await.unwrap().is_some() {
                    left.push(key);
                }
            }
            left
        };
        let embeds = PurgeCutoff { embeds_opened: at(10), ..never() };
        assert_eq!(bench.store.purge(&embeds, at(100)).await.unwrap().sessions, 1);
        assert_eq!(left().await, [1, 2, 3, 102, 103]);
        let ours = PurgeCutoff { sessions_opened: at(10), ..never() };
        assert_eq!(bench.store.purge(&ours, at(100)).await.unwrap().sessions, 1);
        assert_eq!(left().await, [2, 3, 102, 103]);
        let unseen = PurgeCutoff { sessions_seen: at(70), embeds_seen: at(70), ..never() };
        assert_eq!(bench.store.purge(&unseen, at(100)).await.unwrap().sessions, 2);
        assert_eq!(left().await, [3, 103]);
    }

    async fn what_a_session_gave_is_purged_with_it(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        let embed = Some(Embed { portal: portal(), given_by: ISSUER });
        let given = OpenSession { embed, ..session("alice", 50, 100) };
        bench.store.open_session(&PORTAL_SESSION, &given).await.unwrap();
        assert!(bench.store.issue_grant(&Grant { given_at: at(99), ..grant(7, None) }).await.unwrap());
        let ours = PurgeCutoff { sessions_opened: at(10), ..never() };
        let purged = bench.store.purge(&ours, at(100)).await.unwrap();
        assert_eq!((purged.sessions, purged.grants), (2, 1));
        assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), None);
    }

    async fn a_grant_of_a_session_that_has_ended_is_worth_nothing(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 5)).await.unwrap();
        for late in [
            Redemption { issuer_opened_after: at(0), ..redemption(7, None) },
            Redemption { issuer_seen_after: at(5), ..redemption(7, None) },
        ] {
            assert!(bench.store.issue_grant(&grant(7, None)).await.unwrap());
            assert_eq!(bench.store.redeem_grant(&late, &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing);
        }
        assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), None);
    }

    async fn somebody_sees_their_own_sessions_and_ends_the_others(bench: &Bench) {
        let keys = |sessions: Vec<(SessionKey, OpenSession)>| {
            sessions.into_iter().map(|(key, _)| key.0[0]).collect::<Vec<u8>>()
        };
        for (key, person, seen) in [(1, "alice", 5), (3, "bob", 9), (4, "alice", 7), (5, "alice", 6)] {
            bench.store.open_session(&SessionKey([key; 32]), &session(person, 0, seen)).await.unwrap();
        }
        let mine = bench.store.sessions_of("alice").await.unwrap();
        assert_eq!(mine[0], (SessionKey([4; 32]), session("alice", 0, 7)));
        assert_eq!(keys(mine), [4, 5, 1], "last seen first");
        assert!(bench.store.issue_grant(&grant(7, None)).await.unwrap());
        bench.store.close_other_sessions("alice", &SessionKey([5; 32])).await.unwrap();
        assert_eq!(keys(bench.store.sessions_of("alice").await.unwrap()), [5]);
        assert_eq!(keys(bench.store.sessions_of("bob").await.unwrap()), [3]);
        assert_eq!(bench.store.redeem_grant(&redemption(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing);
    }

    async fn nobody_keeps_more_text_than_their_share(bench: &Bench) {
        let long = |length: usize| named(&"a".repeat(length));
        bench.create(&alice(), &id(1), &long(60_000), at(0)).await;
        let save = |number: u8, length: usize, known: Expected| {
            let store = Arc::clone(&bench.store);
            async move { store.save(&alice(), &id(number), &long(length), &known, at(1)).await }
        };
        assert_eq!(refusal(save(2, 60_000, Expected::Absent).await), "quota of text");
        assert_eq!(refusal(save(1, 120_000, Expected::revision(1)).await), "quota of text");
        bench.create(&bob(), &id(3), &long(60_000), at(0)).await;
        assert!(save(1, 10, Expected::revision(1)).await.is_ok(), "shorter is always right");
        assert!(save(2, 60_000, Expected::Absent).await.is_ok(), "there is room again");
        bench.store.delete(&alice(), &id(2), &Expected::revision(1), at(2)).await.unwrap();
        assert!(save(4, 60_000, Expected::Absent).await.is_ok(), "what was deleted takes none");
    }

    async fn nobody_submits_more_than_their_share_in_a_day(bench: &Bench) {
        for number in 1..=4 {
            bench.submitted(&alice(), &id(number), at(0)).await;
        }
        bench.create(&alice(), &id(5), &ready(), at(0)).await;
        let submit = |hours: i64| {
            let (store, at) = (Arc::clone(&bench.store), at(0) + SignedDuration::from_hours(hours));
            async move { store.submit(&alice(), &id(5), &Expected::revision(1), at).await }
        };
        assert_eq!(refusal(submit(23).await), "quota of submissions");
        bench.submitted(&bob(), &id(6), at(0)).await;
        assert!(submit(24).await.is_ok());
    }

    async fn whoever_begins_and_deletes_for_ever_is_stopped_at_beginning(bench: &Bench) {
        for number in 1..=12 {
            bench.create(&alice(), &id(number), &named("a"), at(0)).await;
            bench.store.delete(&alice(), &id(number), &Expected::revision(1), at(0)).await.unwrap();
        }
        let next = bench.store.save(&alice(), &id(13), &named("a"), &Expected::Absent, at(0)).await;
        assert_eq!(refusal(next), "quota of tombstones");
        bench.create(&bob(), &id(13), &named("a"), at(0)).await;
    }

    async fn what_was_not_begun_through_a_portal_is_absent_there(bench: &Bench) {
        let (here, elsewhere) = (alice_through("https://portail.example"), alice_through("https://autre.example"));
        bench.create(&here, &id(1), &named("here"), at(0)).await;
        bench.store.record_document(&here, &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        bench.create(&here, &id(2), &named("deleted"), at(0)).await;
        bench.store.delete(&here, &id(2), &Expected::revision(1), at(0)).await.unwrap();
        bench.submitted(&here, &id(3), at(0)).await;
        bench.create(&alice(), &id(4), &named("on our own page"), at(1)).await;

        for (through, theirs) in [(&elsewhere, [id(1), id(2), id(3)]), (&here, [id(4), id(4), id(4)])] {
            for theirs in theirs {
                assert_eq!(bench.store.request(through, &theirs).await.unwrap(), None);
                for expected in [Expected::Absent, Expected::revision(1), Expected::default()] {
                    let save = bench.store.save(through, &theirs, &named("x"), &expected, at(1)).await;
                    assert_eq!(refusal(save), "absent");
                    let delete = bench.store.delete(through, &theirs, &expected, at(1)).await;
                    assert_eq!(refusal(delete), "absent");
                    let submit = bench.store.submit(through, &theirs, &expected, at(1)).await;
                    assert_eq!(refusal(submit), "absent");
                }
                assert_eq!(refusal(bench.store.reserve_document(through, &theirs, &id(9), 1).await), "absent");
                let record = bench.store.record_document(through, &theirs, &arrived(&id(9), 2, 10), at(1)).await;
                assert_eq!(refusal(record), "absent");
                assert_eq!(bench.store.document(through, &theirs, &id(9)).await.unwrap(), None);
                assert_eq!(refusal(bench.store.remove_document(through, &theirs, &id(9)).await), "absent");
            }
        }
        let company = bench.read(&here, &id(3)).await.draft.project.name.to_string();
        assert_eq!(bench.names(&here, everything()).await, [company.as_str(), "here"]);
        let drafts = Filter { state: Some(State::Draft), ..everything() };
        assert_eq!(bench.names(&here, drafts).await, ["here"]);
        assert_eq!(bench.names(&elsewhere, everything()).await, [""; 0]);
        assert_eq!(bench.store.request(&here, &id(2)).await.unwrap(), Some(Found::Deleted));

        assert_eq!(bench.names(&alice(), everything()).await, ["on our own page", company.as_str(), "here"]);
        bench.change(&alice(), &id(1), 1, &named("changed on our own page"), at(2)).await;
        assert_eq!(bench.read(&here, &id(1)).await.draft, named("changed on our own page"), "it stays begun there");
    }

    async fn a_grant_is_worth_one_session(bench: &Bench) {
        let issuer = session("alice", 0, 0);
        bench.store.open_session(&ISSUER, &issuer).await.unwrap();
        assert_eq!(bench.store.redeem_grant(&redemption(7, Some(8)), &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing);
        assert!(bench.store.issue_grant(&grant(7, Some(8))).await.unwrap());
        assert_eq!(bench.store.redeem_grant(&redemption(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing, "no code yet");
        assert_eq!(bench.store.redeem_grant(&redemption(6, Some(8)), &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing);

        let embed = Some(Embed { portal: portal(), given_by: ISSUER });
        let expected = OpenSession { opened_at: at(1), seen_at: at(1), embed, ..issuer };
        let claimed = bench.store.redeem_grant(&redemption(7, Some(8)), &PORTAL_SESSION, at(1)).await.unwrap();
        assert_eq!(claimed, Redeemed::Session(Box::new(expected.clone())));
        assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), Some(expected));
        let again = bench.store.redeem_grant(&redemption(7, Some(8)), &SessionKey([3; 32]), at(1)).await.unwrap();
        assert_eq!(again, Redeemed::Nothing);
    }

    async fn of_many_who_claim_a_grant_one_gets_it(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        bench.store.issue_grant(&grant(7, Some(8))).await.unwrap();
        let all: Vec<_> = (10..18)
            .map(|key| {
                let store = Arc::clone(&bench.store);
                tokio::spawn(async move { store.redeem_grant(&redemption(7, Some(8)), &SessionKey([key; 32]), at(1)).await })
            })
            .collect();
        let mut won = 0;
        for one in all {
            won += usize::from(matches!(one.await.unwrap().unwrap(), Redeemed::Session(_)));
        }
        assert_eq!(won, 1);
    }

    async fn a_grant_that_is_claimed_wrongly_is_used_up(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        let elsewhere = "https://autre.example".parse::<Portal>().unwrap();
        for (code, wrong, outcome) in [
            (Some(8), redemption(7, Some(9)), Redeemed::WrongCode),
            (None, redemption(7, Some(9)), Redeemed::WrongCode),
            (Some(8), Redemption { portal: elsewhere.clone(), ..redemption(7, Some(8)) }, Redeemed::WrongPortal),
            (Some(8), Redemption { portal: elsewhere.clone(), ..redemption(7, None) }, Redeemed::WrongPortal),
        ] {
            assert!(bench.store.issue_grant(&grant(7, code)).await.unwrap());
            assert_eq!(bench.store.redeem_grant(&wrong, &PORTAL_SESSION, at(1)).await.unwrap(), outcome, "{wrong:?}");
            assert_eq!(bench.store.redeem_grant(&redemption(7, code), &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing);
            assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), None);
        }
    }

    async fn a_grant_is_worth_nothing_when_it_is_old_or_its_giver_left(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        bench.store.issue_grant(&grant(7, None)).await.unwrap();
        let late = Redemption { issued_after: at(0), ..redemption(7, None) };
        assert_eq!(bench.store.redeem_grant(&late, &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing);
        bench.store.close_session(&ISSUER).await.unwrap();
        assert_eq!(bench.store.redeem_grant(&redemption(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing);
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        assert_eq!(bench.store.redeem_grant(&redemption(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Redeemed::Nothing, "it went too");
    }

    async fn a_challenge_belongs_to_the_session_that_granted_it_first(bench: &Bench) {
        for (key, person) in [(ISSUER, "alice"), (SessionKey([5; 32]), "bob")] {
            bench.store.open_session(&key, &session(person, 0, 0)).await.unwrap();
        }
        assert!(bench.store.issue_grant(&grant(7, Some(8))).await.unwrap());
        assert!(!bench.store.issue_grant(&Grant { given_by: SessionKey([5; 32]), ..grant(7, None) }).await.unwrap());
        assert!(bench.store.issue_grant(&grant(7, Some(9))).await.unwrap(), "the answer was lost on its way");
        let claimed = bench.store.redeem_grant(&redemption(7, Some(9)), &PORTAL_SESSION, at(1)).await.unwrap();
        assert!(matches!(claimed, Redeemed::Session(session) if session.user.id == "alice"));
    }

    async fn closing_a_session_closes_those_that_it_gave(bench: &Bench) {
        for (key, person) in [(ISSUER, "alice"), (SessionKey([5; 32]), "alice")] {
            bench.store.open_session(&key, &session(person, 0, 0)).await.unwrap();
        }
        for (challenge, given_by) in [(7, ISSUER), (8, SessionKey([5; 32]))] {
            bench.store.issue_grant(&Grant { given_by, ..grant(challenge, None) }).await.unwrap();
            let key = SessionKey([challenge; 32]);
            assert!(matches!(bench.store.redeem_grant(&redemption(challenge, None), &key, at(1)).await, Ok(Redeemed::Session(_))));
            // Whatever remembers sessions knows it now.
            assert!(bench.store.session(&key).await.unwrap().is_some());
        }
        bench.store.close_session(&ISSUER).await.unwrap();
        assert_eq!(bench.store.session(&SessionKey([7; 32])).await.unwrap(), None);
        assert!(bench.store.session(&SessionKey([8; 32])).await.unwrap().is_some(), "another session gave it");
        bench.store.close_session(&SessionKey([8; 32])).await.unwrap();
        assert!(bench.store.session(&SessionKey([5; 32])).await.unwrap().is_some(), "the one who gave it stays");
    }

    async fn grants_that_nobody_claimed_are_purged(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        bench.store.issue_grant(&grant(7, None)).await.unwrap();
        bench.store.issue_grant(&Grant { given_at: at(10), ..grant(8, None) }).await.unwrap();
        let cutoff = PurgeCutoff { grants: at(5), ..never() };
        assert_eq!(bench.store.purge(&cutoff, at(20)).await.unwrap(), Purged { grants: 1, ..Purged::default() });
        assert!(matches!(bench.store.redeem_grant(&redemption(8, None), &PORTAL_SESSION, at(11)).await, Ok(Redeemed::Session(_))));
    }

    async fn files_to_which_nothing_refers_are_told_apart(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        assert_eq!(bench.store.orphans(&[file(1), file(2)]).await.unwrap(), [file(2)]);
    }

    async fn a_deletion_answers_the_files_that_are_left_over(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a"), at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        let files = bench.store.delete(&alice(), &id(1), &Expected::revision(1), at(1)).await.unwrap();
        assert_eq!(files, [file(1)]);
        assert_eq!(bench.store.orphans(&[file(1)]).await.unwrap(), [file(1)]);
    }

    async fn what_was_kept_is_there_when_it_is_opened_again(bench: &Bench) {
        bench.store.ready().await.unwrap();
        let number = bench.submitted(&alice(), &id(1), at(0)).await;
        bench.create(&alice(), &id(2), &named("a"), at(1)).await;
        bench.store.close().await.unwrap();
        assert!(bench.store.ready().await.is_err(), "closed");

        let again = bench.opener.open(bench.folder.path(), QUOTAS).await;
        again.ready().await.unwrap();
        let page = again.list(&alice(), &everything()).await.unwrap();
        assert_eq!(page.requests.len(), 2);
        assert_eq!(page.requests[1].number, Some(number));
    }
}
