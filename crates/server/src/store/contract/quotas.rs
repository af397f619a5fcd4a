//! Limits on what one person keeps.

use super::*;

declare! {
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

    async fn what_was_submitted_is_text_that_is_kept(bench: &Bench) {
        bench.create(&alice(), &id(1), &named(&"a".repeat(90_000)), at(0)).await;
        bench.submitted(&alice(), &id(2), at(0)).await;
        let longer = named(&"a".repeat(95_000));
        let save = bench.store.save(&alice(), &id(1), &longer, &Expected::revision(1), at(1)).await;
        assert_eq!(refusal(save), "quota of text", "the draft would fit beside the other one alone");
        bench.create(&bob(), &id(3), &named(&"a".repeat(90_000)), at(0)).await;
        bench.create(&bob(), &id(4), &ready(), at(0)).await;
        bench.change(&bob(), &id(3), 1, &longer, at(1)).await;
    }

    async fn nobody_submits_more_than_their_share_in_a_day(bench: &Bench) {
        for number in 1..=4 {
            bench.submitted(&alice(), &id(number), at(0)).await;
        }
        bench.create(&alice(), &id(5), &ready(), at(0)).await;
        let submit = |hours: i64| {
            let (store, at) = (Arc::clone(&bench.store), at(0) + SignedDuration::from_hours(hours));
            async move { store.submit(&alice(), &id(5), &Expected::revision(1), &sender(), at).await }
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
}
