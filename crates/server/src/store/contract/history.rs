//! Histories: events and submissions.

use serde_json::json;

use super::*;

declare! {
    async fn a_submission_is_kept_whole_with_its_event_and_its_days(bench: &Bench) {
        // Half past midnight in Paris.
        let late = "2026-12-30T23:30:00Z".parse().unwrap();
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        let Submitted::Now(receipt) = bench.submit(&alice(), &id(1), 1, late).await.unwrap() else { panic!("before") };
        assert_eq!((receipt.submission, receipt.due_on), (1, Some(day("2027-02-28"))));

        let events = bench.store.events(&alice(), &id(1), 0).await.unwrap();
        let [event] = &events.events[..] else { panic!("{events:?}") };
        assert_eq!((event.seq, event.kind, event.submission, &event.by), (1, Kind::Submitted, Some(1), &author()));
        assert_eq!((event.at.as_str(), event.on), ("2026-12-30T23:30:00.000Z", day("2026-12-31")));
        assert_eq!((events.seen, bench.store.events(&alice(), &id(1), 1).await.unwrap().events.len()), (0, 0));

        let kept = bench.store.submission(&alice(), &id(1), 1).await.unwrap();
        assert_eq!((kept.submission.n, &kept.submission.at, kept.submission.on), (1, &event.at, event.on));
        assert_eq!((&kept.submission.draft, kept.submission.schema), (&ready(), 1));
        assert_eq!((kept.submission.changes.len(), kept.submission.contacts_only), (0, false));
        assert_eq!(kept.request["terms"]["accepted"], json!(true));

        let request = bench.read(&alice(), &id(1)).await;
        assert_eq!((request.submissions.len(), request.last_event, request.unread), (1, Some(1), 0));
        assert_eq!(request.submissions[0].on, event.on);
        let listed = bench.store.list(&alice(), &everything(), late).await.unwrap().requests;
        assert_eq!(listed, [request.summary()]);
    }

    async fn what_was_never_sent_has_no_history(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        bench.create(&alice(), &id(2), &named("deleted"), at(0)).await;
        bench.store.delete(&alice(), &id(2), &Expected::revision(1), at(0)).await.unwrap();
        bench.submitted(&alice(), &id(3), at(0)).await;
        assert_eq!(bench.store.events(&alice(), &id(1), 0).await.unwrap().events, []);
        assert_eq!(refusal(bench.store.submission(&alice(), &id(1), 1).await), "absent");
        for n in [0, 2, u32::MAX] {
            assert_eq!(refusal(bench.store.submission(&alice(), &id(3), n).await), "absent");
        }
        assert_eq!(refusal(bench.store.events(&alice(), &id(2), 0).await), "deleted");
        assert_eq!(refusal(bench.store.submission(&alice(), &id(2), 1).await), "deleted");
        assert_eq!(refusal(bench.store.events(&alice(), &id(4), 0).await), "absent");
    }

    async fn what_is_due_on_many_requests_is_done_once(bench: &Bench) {
        for number in 0..120_u64 {
            let (owner, id) = (owner(&format!("owner {}", number / 4)), Id::new(number, [1; 10]));
            bench.submitted(&owner, &id, at(0)).await;
        }
        bench.create(&alice(), &id(1), &named("never sent"), at(0)).await;
        let pass =
            async |days: i64| bench.store.let_days_pass(Keeping::default(), at(days * 24 * 60)).await.unwrap().events;
        assert_eq!(pass(40).await, 0);
        assert_eq!(pass(50).await, 120, "the team is reminded of each");
        assert_eq!(pass(50).await, 0);
        let owner = owner("owner 0");
        assert_eq!(bench.store.events(&owner, &Id::new(0, [1; 10]), 0).await.unwrap().events.len(), 1, "the applicant is not");
    }

    async fn what_was_submitted_is_never_purged(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        let everything = PurgeCutoff { drafts: at(99), tombstones: at(99), documents: at(99), ..never() };
        assert_eq!(bench.store.purge(&everything, at(100)).await.unwrap(), Purged::default());
        assert_eq!(bench.store.events(&alice(), &id(1), 0).await.unwrap().events.len(), 1);
    }
}
