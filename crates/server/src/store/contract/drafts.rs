//! Saving, reading and deleting drafts.

use super::*;

declare! {
    async fn a_draft_is_read_back_as_it_was_saved(bench: &Bench) {
        let draft = Fixture::named("town-hall");
        let summary = bench.create(&alice(), &id(1), &draft, at(0)).await;
        assert_eq!((summary.revision, summary.state, summary.errors), (1, State::Draft, 1), "its file has not come");
        let request = bench.read(&alice(), &id(1)).await;
        let expected = StoredRequest {
            revision: 1,
            created_at: "2026-11-22T12:00:00.000Z".to_owned(),
            updated_at: "2026-11-22T12:00:00.000Z".to_owned(),
            draft,
            ..StoredRequest::begun(id(1))
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
        assert_eq!(refusal(bench.store.submit(&alice(), &id(1), &lost, &sender(), at(1)).await), "stale");
        assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &lost, at(1)).await), "stale");
        let known = Expected::revision(1).saved_at("2026-11-22T12:00:00.000Z");
        assert!(bench.store.save(&alice(), &id(1), &named("x"), &known, at(1)).await.is_ok());
    }

    async fn a_change_of_another_revision_is_refused_with_what_is_there(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("mine"), at(0)).await;
        for expected in [Expected::revision(2), Expected::Absent] {
            let outcome = bench.store.save(&alice(), &id(1), &named("other"), &expected, at(1)).await;
            match outcome.unwrap_err() {
                StoreRefusal::Stale(Some(current)) => assert_eq!(*current, bench.read(&alice(), &id(1)).await),
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
        assert_eq!(bench.store.request(&alice(), &id(1), at(0)).await.unwrap(), Some(Found::Deleted));
        for expected in [Expected::Absent, Expected::revision(1), Expected::default()] {
            let save = bench.store.save(&alice(), &id(1), &named("late"), &expected, at(2)).await;
            assert_eq!(refusal(save), "deleted");
            assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &expected, at(2)).await), "deleted");
            assert_eq!(refusal(bench.store.submit(&alice(), &id(1), &expected, &sender(), at(2)).await), "deleted");
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

    async fn what_was_kept_is_there_when_it_is_opened_again(bench: &Bench) {
        bench.store.ready().await.unwrap();
        let number = bench.submitted(&alice(), &id(1), at(0)).await;
        bench.create(&alice(), &id(2), &named("a"), at(1)).await;
        bench.store.close().await.unwrap();
        assert!(bench.store.ready().await.is_err(), "closed");

        let again = bench.opener.open(bench.folder.path(), QUOTAS).await;
        again.ready().await.unwrap();
        let page = again.list(&alice(), &everything(), at(0)).await.unwrap();
        assert_eq!(page.requests.len(), 2);
        assert_eq!(page.requests[1].number, Some(number));
    }
}
