//! Documents of a request.

use super::*;

declare! {
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
}
