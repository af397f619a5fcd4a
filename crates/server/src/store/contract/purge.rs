//! Purge of expired rows.

use super::*;

declare! {
    async fn a_purge_takes_what_is_past_the_cutoff_and_nothing_else(bench: &Bench) {
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
        assert_eq!(bench.store.request(&alice(), &id(1), at(0)).await.unwrap(), Some(Found::Deleted), "it leaves a tombstone");
        assert_eq!(bench.read(&alice(), &id(2)).await.draft, named("young"));
        assert_eq!(bench.read(&alice(), &id(3)).await.state, State::Submitted);

        let tombstones = PurgeCutoff { tombstones: at(5), ..never() };
        assert_eq!(bench.store.purge(&tombstones, at(20)).await.unwrap().tombstones, 1);
        assert_eq!(bench.store.request(&bob(), &id(4), at(0)).await.unwrap(), None);
        assert_eq!(bench.store.request(&alice(), &id(1), at(0)).await.unwrap(), Some(Found::Deleted), "deleted a moment ago");
    }

    async fn a_purge_takes_more_than_fits_one_transaction(bench: &Bench) {
        // All at once, so that many share a commit.
        let create = |number: u64| {
            let (store, owner) = (Arc::clone(&bench.store), owner(&format!("owner {}", number % 20)));
            let id = Id::new(number, [1; 10]);
            tokio::spawn(async move { store.save(&owner, &id, &named("old"), &Expected::Absent, at(0)).await })
        };
        for created in (0..450).map(create).collect::<Vec<_>>() {
            created.await.unwrap().unwrap();
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
            let portal_access = Some(PortalAccess { portal: portal(), issued_by: SessionKey([3; 32]) });
            let portals = OpenSession { portal_access, ..ours };
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
        let of_portals = PurgeCutoff { portal_sessions_opened: at(10), ..never() };
        assert_eq!(bench.store.purge(&of_portals, at(100)).await.unwrap().sessions, 1);
        assert_eq!(left().await, [1, 2, 3, 102, 103]);
        let ours = PurgeCutoff { sessions_opened: at(10), ..never() };
        assert_eq!(bench.store.purge(&ours, at(100)).await.unwrap().sessions, 1);
        assert_eq!(left().await, [2, 3, 102, 103]);
        let unseen = PurgeCutoff { sessions_seen: at(70), portal_sessions_seen: at(70), ..never() };
        assert_eq!(bench.store.purge(&unseen, at(100)).await.unwrap().sessions, 2);
        assert_eq!(left().await, [3, 103]);
    }

    async fn what_a_session_issued_is_purged_with_it(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        let portal_access = Some(PortalAccess { portal: portal(), issued_by: ISSUER });
        let granted = OpenSession { portal_access, ..session("alice", 50, 100) };
        bench.store.open_session(&PORTAL_SESSION, &granted).await.unwrap();
        assert!(bench.store.issue_grant(&Grant { issued_at: at(99), ..grant(7, None) }).await.unwrap());
        let ours = PurgeCutoff { sessions_opened: at(10), ..never() };
        let purged = bench.store.purge(&ours, at(100)).await.unwrap();
        assert_eq!((purged.sessions, purged.grants), (2, 1));
        assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), None);
    }

    async fn grants_that_nobody_claimed_are_purged(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        bench.store.issue_grant(&grant(7, None)).await.unwrap();
        bench.store.issue_grant(&Grant { issued_at: at(10), ..grant(8, None) }).await.unwrap();
        let cutoff = PurgeCutoff { grants: at(5), ..never() };
        assert_eq!(bench.store.purge(&cutoff, at(20)).await.unwrap(), Purged { grants: 1, ..Purged::default() });
        assert!(matches!(bench.store.claim_token(&claim(8, None), &PORTAL_SESSION, at(11)).await, Ok(Claimed::Session(_))));
    }
}
