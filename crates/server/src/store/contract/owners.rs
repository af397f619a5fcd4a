//! Separation of owners, and of portals.

use super::*;

declare! {
    async fn what_belongs_to_another_is_absent(bench: &Bench) {
        bench.create(&alice(), &id(1), &named("a draft"), at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        bench.create(&alice(), &id(2), &named("deleted"), at(0)).await;
        bench.store.delete(&alice(), &id(2), &Expected::revision(1), at(0)).await.unwrap();
        bench.submitted(&alice(), &id(3), at(0)).await;
        let before = bench.read(&alice(), &id(1)).await;

        for theirs in [id(1), id(2), id(3)] {
            assert_eq!(bench.store.request(&bob(), &theirs, at(0)).await.unwrap(), None);
            assert_eq!(refusal(bench.store.events(&bob(), &theirs, 0).await), "absent");
            assert_eq!(refusal(bench.store.submission(&bob(), &theirs, 1).await), "absent");
            for expected in [Expected::Absent, Expected::revision(1), Expected::default()] {
                let save = bench.store.save(&bob(), &theirs, &named("bob's"), &expected, at(1)).await;
                assert_eq!(refusal(save), "absent");
                assert_eq!(refusal(bench.store.delete(&bob(), &theirs, &expected, at(1)).await), "absent");
                assert_eq!(refusal(bench.store.submit(&bob(), &theirs, &expected, &sender(), at(1)).await), "absent");
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
                assert_eq!(bench.store.request(through, &theirs, at(0)).await.unwrap(), None);
                assert_eq!(refusal(bench.store.events(through, &theirs, 0).await), "absent");
                assert_eq!(refusal(bench.store.submission(through, &theirs, 1).await), "absent");
                for expected in [Expected::Absent, Expected::revision(1), Expected::default()] {
                    let save = bench.store.save(through, &theirs, &named("x"), &expected, at(1)).await;
                    assert_eq!(refusal(save), "absent");
                    let delete = bench.store.delete(through, &theirs, &expected, at(1)).await;
                    assert_eq!(refusal(delete), "absent");
                    let submit = bench.store.submit(through, &theirs, &expected, &sender(), at(1)).await;
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
        assert_eq!(bench.store.request(&here, &id(2), at(0)).await.unwrap(), Some(Found::Deleted));

        assert_eq!(bench.names(&alice(), everything()).await, ["on our own page", company.as_str(), "here"]);
        bench.change(&alice(), &id(1), 1, &named("changed on our own page"), at(2)).await;
        assert_eq!(bench.read(&here, &id(1)).await.draft, named("changed on our own page"), "it stays begun there");
    }
}
