//! Submitting, and numbers.

use super::*;

declare! {
    async fn a_complete_draft_is_submitted_and_changes_no_more(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        let Submitted::Now(receipt) = bench.submit(&alice(), &id(1), 1, at(5)).await.unwrap() else { panic!("before") };
        assert_eq!(receipt.number, "FC-2026-000001");
        assert_eq!(receipt.submitted_at, "2026-11-22T12:05:00.000Z");
        assert_eq!((receipt.request.state, receipt.request.revision), (State::Submitted, 2));
        assert_eq!(receipt.request, bench.read(&alice(), &id(1)).await);

        for expected in [Expected::default(), Expected::revision(1), Expected::revision(2)] {
            let again = bench.store.submit(&alice(), &id(1), &expected, &sender(), at(6)).await.unwrap();
            assert_eq!(again, Submitted::Before(receipt.clone()));
            let save = bench.store.save(&alice(), &id(1), &named("late"), &expected, at(6)).await;
            assert_eq!(refusal(save), "submitted");
            assert_eq!(refusal(bench.store.delete(&alice(), &id(1), &expected, at(6)).await), "wrong state");
        }
        // A document for a message may come, and go.
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(6)).await.unwrap();
        assert_eq!(bench.store.remove_document(&alice(), &id(1), &id(9)).await.unwrap(), file(1));
        assert_eq!(bench.read(&alice(), &id(1)).await, receipt.request);
    }

    async fn a_submission_is_refused_with_every_error_and_uses_up_no_number(bench: &Bench) {
        bench.create(&alice(), &id(1), &Fixture::named("incomplete-terms"), at(0)).await;
        match bench.submit(&alice(), &id(1), 1, at(1)).await.unwrap_err() {
            StoreRefusal::Incomplete(findings) => {
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
                tokio::spawn(async move { store.submit(&alice(), &id(1), &Expected::revision(1), &sender(), at(1)).await })
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
        assert_eq!(bench.store.list(&alice(), &everything(), at(0)).await.unwrap().requests[0].errors, 0);

        let removed = bench.store.remove_document(&alice(), &id(1), &document).await.unwrap();
        assert_eq!(removed, file(1));
        assert_eq!(bench.store.list(&alice(), &everything(), at(0)).await.unwrap().requests[0].errors, 1);
        assert_eq!(refusal(bench.submit(&alice(), &id(1), 1, at(1)).await), "incomplete");

        bench.store.record_document(&alice(), &id(1), &arrived(&document, 2, 10), at(1)).await.unwrap();
        assert!(matches!(bench.submit(&alice(), &id(1), 1, at(1)).await.unwrap(), Submitted::Now(_)));
    }
}
