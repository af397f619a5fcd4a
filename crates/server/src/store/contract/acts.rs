//! Acts of the applicant after a submission.

use habilitation_model::Document;
use habilitation_model::wire::{Reply, Start};

use super::*;

fn act(event: u8, act: Act) -> ActToMake {
    ActToMake { event: id(event), act, by: author() }
}

fn message(event: u8, text: &str) -> ActToMake {
    act(event, Act { text: text.into(), ..Act::new(Kind::Message) })
}

fn of_kind(event: u8, kind: Kind) -> ActToMake {
    act(event, Act::new(kind))
}

impl Bench {
    async fn act(&self, to_make: &ActToMake, expected: Expected, at: Timestamp) -> Result<StoredRequest, StoreRefusal> {
        match self.store.act(&alice(), &id(1), to_make, &expected, at).await? {
            Acted::Now(request) => Ok(*request),
            Acted::Before(_) => panic!("it was done before"),
        }
    }

    /// Submits a request, and takes it back.
    async fn withdrawn(&self) -> StoredRequest {
        self.submitted(&alice(), &id(1), at(0)).await;
        self.act(&of_kind(101, Kind::Withdrawn), Expected::revision(2), at(1)).await.unwrap()
    }
}

declare! {
    async fn a_message_leaves_the_state_and_the_revision(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        let before = bench.read(&alice(), &id(1)).await;
        let request = bench.act(&message(101, " Bonjour. "), Expected::default(), at(1)).await.unwrap();
        let expected = StoredRequest { last_event: Some(2), ..before };
        assert_eq!((&request, &bench.read(&alice(), &id(1)).await), (&expected, &expected));
        let events = bench.store.events(&alice(), &id(1), 1).await.unwrap().events;
        assert_eq!((events.len(), events[0].seq, events[0].text.as_str(), &events[0].by), (1, 2, "Bonjour.", &author()));
    }

    async fn an_act_repeated_changes_nothing_and_its_identifier_is_its_own(bench: &Bench) {
        let withdrawn = bench.withdrawn().await;
        for expected in [Expected::default(), Expected::revision(2), Expected::revision(7)] {
            let again = bench.store.act(&alice(), &id(1), &of_kind(101, Kind::Withdrawn), &expected, at(2)).await.unwrap();
            assert_eq!(again, Acted::Before(Box::new(withdrawn.clone())));
            assert_eq!(refusal(bench.act(&message(101, "a"), expected, at(2)).await), "id taken");
        }
        assert_eq!(bench.store.events(&alice(), &id(1), 0).await.unwrap().events.len(), 2);
        // Elsewhere the same identifier stands for something else.
        bench.submitted(&bob(), &id(2), at(0)).await;
        let theirs = bench.store.act(&bob(), &id(2), &message(101, "a"), &Expected::default(), at(2)).await;
        assert!(matches!(theirs, Ok(Acted::Now(_))));
    }

    async fn an_act_that_moves_the_state_needs_the_revision(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        for (expected, told) in [(Expected::default(), "unconditional"), (Expected::revision(1), "stale")] {
            assert_eq!(refusal(bench.act(&of_kind(101, Kind::Withdrawn), expected, at(1)).await), told);
        }
        let request = bench.act(&of_kind(101, Kind::Withdrawn), Expected::revision(2), at(1)).await.unwrap();
        assert_eq!((request.state, request.revision, request.due_on), (State::Withdrawn, 3, None));
        assert_eq!(request.updated_at, "2026-11-22T12:01:00.000Z");
        assert_eq!(request, bench.read(&alice(), &id(1)).await);
    }

    async fn what_the_state_does_not_allow_is_refused_and_changes_nothing(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        for kind in [Kind::Withdrawn, Kind::Reopened, Kind::Archived] {
            assert_eq!(refusal(bench.act(&of_kind(101, kind), Expected::revision(1), at(1)).await), "wrong state");
        }
        assert_eq!(refusal(bench.act(&message(101, "a"), Expected::default(), at(1)).await), "wrong state");
        bench.submit(&alice(), &id(1), 1, at(1)).await.unwrap();
        for kind in [Kind::Reopened, Kind::Archived, Kind::Accepted] {
            assert_eq!(refusal(bench.act(&of_kind(101, kind), Expected::revision(2), at(1)).await), "wrong state");
        }
        assert_eq!(refusal(bench.act(&message(101, ""), Expected::default(), at(1)).await), "unfit");
        assert_eq!(bench.store.events(&alice(), &id(1), 0).await.unwrap().events.len(), 1);
    }

    async fn a_request_is_reopened_and_sent_again_beside_what_was_sent(bench: &Bench) {
        let number = bench.withdrawn().await.number;
        let reopened = bench.act(&of_kind(102, Kind::Reopened), Expected::revision(3), at(2)).await.unwrap();
        assert_eq!((reopened.state, reopened.revision, &reopened.draft), (State::Draft, 4, &ready().reopened()));
        assert_eq!(reopened, bench.read(&alice(), &id(1)).await);
        assert_eq!(bench.store.list(&alice(), &everything(), at(2)).await.unwrap().requests, [reopened.summary()]);

        let mut changed = ready();
        Field::ProjectName.set(&mut changed, field::Value::Text("Autrement"));
        bench.change(&alice(), &id(1), 4, &changed, at(4)).await;
        let Submitted::Now(receipt) = bench.submit(&alice(), &id(1), 5, at(5)).await.unwrap() else { panic!("before") };
        assert_eq!((receipt.submission, Some(&receipt.number)), (2, number.as_ref()));
        assert_eq!((receipt.request.submissions.len(), receipt.request.last_event), (2, Some(4)));
        assert_eq!(receipt.request, bench.read(&alice(), &id(1)).await);
        let (first, second) = (
            bench.store.submission(&alice(), &id(1), 1).await.unwrap().submission,
            bench.store.submission(&alice(), &id(1), 2).await.unwrap().submission,
        );
        assert_eq!((first.draft, second.draft), (ready(), changed));
        assert_eq!(second.changes, [Field::ProjectName.pointer()]);
        let words = Filter { words: number.unwrap(), ..everything() };
        assert_eq!(bench.names(&alice(), words).await, ["Autrement"], "the number is still searched");
        let again = bench.submit(&alice(), &id(1), 1, at(6)).await.unwrap();
        assert_eq!(again, Submitted::Before(receipt));
    }

    async fn a_reopened_draft_keeps_its_number_and_is_no_new_draft(bench: &Bench) {
        let number = bench.withdrawn().await.number;
        bench.act(&of_kind(102, Kind::Reopened), Expected::revision(3), at(2)).await.unwrap();
        let saved = bench.change(&alice(), &id(1), 4, &named("b"), at(3)).await;
        assert_eq!((saved.number, saved.state), (number, State::Draft));
        let of_number = Filter { words: "fc-2026".to_owned(), ..everything() };
        assert_eq!(bench.names(&alice(), of_number).await, ["b"]);
        for place in 51..=100 {
            bench.create(&alice(), &id(place), &named("a"), at(3)).await;
        }
    }

    async fn a_request_is_reopened_with_the_answers_that_are_asked_for(bench: &Bench) {
        bench.withdrawn().await;
        bench.act(&of_kind(102, Kind::Reopened), Expected::revision(3), at(2)).await.unwrap();
        bench.change(&alice(), &id(1), 4, &named("unsent"), at(3)).await;
        bench.act(&of_kind(103, Kind::Withdrawn), Expected::revision(5), at(4)).await.unwrap();
        let from = |event, start| act(event, Act { from: Some(start), ..Act::new(Kind::Reopened) });
        let none = bench.act(&from(104, Start::Submission(2)), Expected::revision(6), at(5)).await;
        assert_eq!(refusal(none), "unfit");
        let unsent = bench.act(&from(104, Start::Draft), Expected::revision(6), at(5)).await.unwrap();
        assert_eq!(unsent.draft, named("unsent").reopened());
        bench.act(&of_kind(105, Kind::Withdrawn), Expected::revision(7), at(6)).await.unwrap();
        let sent = bench.act(&from(106, Start::Submission(1)), Expected::revision(8), at(7)).await.unwrap();
        assert_eq!(sent.draft, ready().reopened());
    }

    async fn words_of_a_submission_are_checked_and_kept(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        let reply = Reply { pointer: Field::ProjectName.pointer(), text: "Oui".into() };
        let words = SubmissionBody { text: " Merci ".into(), replies: vec![reply] };
        let sending = Sending { words: words.clone(), ..sender() };
        let submit = bench.store.submit(&alice(), &id(1), &Expected::revision(1), &sending, at(1)).await;
        assert_eq!(refusal(submit), "unfit", "no remark is open");
        let sending = Sending { words: SubmissionBody { replies: Vec::new(), ..words }, ..sender() };
        bench.store.submit(&alice(), &id(1), &Expected::revision(1), &sending, at(1)).await.unwrap();
        let events = bench.store.events(&alice(), &id(1), 0).await.unwrap().events;
        assert_eq!(events[0].text.as_str(), "Merci");
    }

    async fn what_was_ever_submitted_is_never_deleted_and_never_purged(bench: &Bench) {
        bench.withdrawn().await;
        let delete = bench.store.delete(&alice(), &id(1), &Expected::revision(3), at(3)).await;
        assert_eq!(refusal(delete), "wrong state");
        bench.act(&of_kind(102, Kind::Reopened), Expected::revision(3), at(2)).await.unwrap();
        let delete = bench.store.delete(&alice(), &id(1), &Expected::revision(4), at(3)).await;
        assert_eq!(refusal(delete), "wrong state");
        let purge = PurgeCutoff { drafts: at(99), ..never() };
        assert_eq!(bench.store.purge(&purge, at(100)).await.unwrap(), Purged::default());
        assert_eq!(bench.read(&alice(), &id(1)).await.state, State::Draft);
    }

    async fn documents_that_were_sent_stay_as_they_are(bench: &Bench) {
        let draft = Fixture::named("town-hall");
        let document = draft.documents().next().unwrap().id.clone();
        bench.create(&alice(), &id(1), &draft, at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&document, 1, 10), at(0)).await.unwrap();
        bench.submit(&alice(), &id(1), 1, at(0)).await.unwrap();
        bench.act(&of_kind(101, Kind::Withdrawn), Expected::revision(2), at(1)).await.unwrap();
        let reopened = bench.act(&of_kind(102, Kind::Reopened), Expected::revision(3), at(2)).await.unwrap();
        assert_eq!(reopened.draft.documents().count(), 1);
        bench.change(&alice(), &id(1), 4, &draft.duplicate(), at(3)).await;

        assert_eq!(refusal(bench.store.reserve_document(&alice(), &id(1), &document, 1).await), "submitted");
        let record = bench.store.record_document(&alice(), &id(1), &arrived(&document, 2, 10), at(3)).await;
        assert_eq!(refusal(record), "submitted");
        assert_eq!(refusal(bench.store.remove_document(&alice(), &id(1), &document).await), "submitted");
        let purge = PurgeCutoff { documents: at(99), ..never() };
        assert_eq!(bench.store.purge(&purge, at(100)).await.unwrap(), Purged::default());
        assert!(bench.store.document(&alice(), &id(1), &document).await.unwrap().is_some());
        // Another may come, and go again.
        bench.store.record_document(&alice(), &id(1), &arrived(&id(9), 3, 10), at(3)).await.unwrap();
        assert_eq!(bench.store.remove_document(&alice(), &id(1), &id(9)).await.unwrap(), file(3));
    }

    async fn a_message_lists_documents_that_have_arrived(bench: &Bench) {
        let draft = Fixture::named("town-hall");
        let document = draft.documents().next().unwrap().clone();
        bench.create(&alice(), &id(1), &draft, at(0)).await;
        bench.store.record_document(&alice(), &id(1), &arrived(&document.id, 1, 10), at(0)).await.unwrap();
        bench.submit(&alice(), &id(1), 1, at(0)).await.unwrap();
        let with = |event, document: &Document| {
            act(event, Act { text: "Voici".into(), documents: vec![document.clone()], ..Act::new(Kind::Message) })
        };
        let absent = Document { id: id(99), ..document.clone() };
        assert_eq!(refusal(bench.act(&with(101, &absent), Expected::default(), at(1)).await), "unfit");
        bench.act(&with(101, &document), Expected::default(), at(1)).await.unwrap();
    }

    async fn what_is_archived_is_listed_when_it_is_asked_for(bench: &Bench) {
        bench.withdrawn().await;
        let archived = bench.act(&of_kind(102, Kind::Archived), Expected::revision(3), at(2)).await.unwrap();
        assert_eq!(archived.state, State::Archived);
        assert_eq!(bench.names(&alice(), everything()).await, [""; 0]);
        let asked = Filter { state: Some(State::Archived), ..everything() };
        assert_eq!(bench.names(&alice(), asked).await.len(), 1);
        assert_eq!(refusal(bench.act(&message(103, "a"), Expected::default(), at(3)).await), "wrong state");
        assert_eq!(refusal(bench.submit(&alice(), &id(1), 4, at(3)).await), "wrong state");
    }

    async fn what_was_seen_never_goes_back_nor_past_the_last_event(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        bench.act(&message(101, "a"), Expected::default(), at(1)).await.unwrap();
        for (seq, seen) in [(1, 1), (9, 2), (1, 2)] {
            bench.store.see(&alice(), &id(1), seq, at(2)).await.unwrap();
            assert_eq!(bench.store.events(&alice(), &id(1), 0).await.unwrap().seen, seen);
        }
    }

    async fn whoever_does_not_own_a_request_does_nothing_to_it(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        for other in [bob(), alice_through("https://portail.example")] {
            assert_eq!(refusal(bench.store.see(&other, &id(1), 1, at(2)).await), "absent");
            for to_make in [message(101, "a"), of_kind(101, Kind::Withdrawn)] {
                let acted = bench.store.act(&other, &id(1), &to_make, &Expected::revision(2), at(2)).await;
                assert_eq!(refusal(acted), "absent");
            }
        }
        assert_eq!(bench.read(&alice(), &id(1)).await.last_event, Some(1));
    }

    async fn nobody_writes_more_than_thirty_messages_in_a_day(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        for number in 0..30 {
            bench.act(&message(101 + number, "a"), Expected::default(), at(i64::from(number))).await.unwrap();
        }
        let more = message(200, "a");
        assert_eq!(refusal(bench.act(&more, Expected::default(), at(40)).await), "too many acts");
        bench.act(&more, Expected::default(), at(24 * 60)).await.unwrap();
        assert_eq!(refusal(bench.act(&message(201, "a"), Expected::default(), at(24 * 60)).await), "too many acts");
    }

    async fn nobody_takes_back_and_up_again_without_end(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        for number in 0..30 {
            let kind = if number % 2 == 0 { Kind::Withdrawn } else { Kind::Reopened };
            let known = Expected::revision(2 + u64::from(number));
            bench.act(&of_kind(101 + number, kind), known, at(i64::from(number))).await.unwrap();
        }
        let more = of_kind(200, Kind::Withdrawn);
        assert_eq!(refusal(bench.act(&more, Expected::revision(32), at(40)).await), "too many acts");
        bench.act(&message(201, "a"), Expected::default(), at(40)).await.unwrap();
        bench.act(&more, Expected::revision(32), at(24 * 60)).await.unwrap();
    }

    async fn acts_at_once_follow_each_other(bench: &Bench) {
        bench.submitted(&alice(), &id(1), at(0)).await;
        let all: Vec<_> = (0..8)
            .map(|number| {
                let store = Arc::clone(&bench.store);
                let to_make = message(101 + number, "a");
                tokio::spawn(async move { store.act(&alice(), &id(1), &to_make, &Expected::default(), at(1)).await })
            })
            .collect();
        for one in all {
            one.await.unwrap().unwrap();
        }
        let events = bench.store.events(&alice(), &id(1), 0).await.unwrap().events;
        assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=9).collect::<Vec<u64>>());
    }
}
