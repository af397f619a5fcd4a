//! Parts of participants: what each allows, and whose it is that they save.

use habilitation_model::lifecycle::Part;

use super::sharing::{dan, elsewhere, person, through_portal};
use super::*;

fn not_permitted<T: std::fmt::Debug>(outcome: Result<T, StoreRefusal>) -> Hindrance {
    match outcome.unwrap_err() {
        StoreRefusal::NotPermitted(hindrance) => hindrance,
        other => panic!("{other}"),
    }
}

fn act(event: u8, kind: Kind) -> ActToMake {
    let act = if kind == Kind::Message { Act { text: "a".into(), ..Act::new(kind) } } else { Act::new(kind) };
    ActToMake { event: id(event), act, by: author() }
}

declare! {
    async fn an_editor_edits_the_draft_with_its_documents_and_does_nothing_final(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let bob = person("bob").owner;
        let request = bench.read(&bob, &id(1)).await;
        assert_eq!((request.role, request.elsewhere, &request.draft), (Part::Editor, false, &ready()));
        bench.change(&bob, &id(1), 1, &ready(), at(1)).await;
        bench.store.reserve_document(&bob, &id(1), &id(9), 10).await.unwrap();
        bench.store.record_document(&bob, &id(1), &arrived(&id(9), 1, 10), at(1)).await.unwrap();
        bench.store.remove_document(&bob, &id(1), &id(9)).await.unwrap();

        // Whatever else would be refused: the part comes first.
        for expected in [Expected::default(), Expected::Absent, Expected::revision(2)] {
            let submit = bench.store.submit(&bob, &id(1), &expected, &sender(), at(2)).await;
            assert_eq!(not_permitted(submit), Hindrance::Part);
            let delete = bench.store.delete(&bob, &id(1), &expected, at(2)).await;
            assert_eq!(not_permitted(delete), Hindrance::Part);
        }
        bench.submit(&person("alice").owner, &id(1), 2, at(2)).await.unwrap();
        let save = bench.store.save(&bob, &id(1), &ready(), &Expected::revision(3), at(3)).await;
        assert_eq!(refusal(save), "submitted", "what the state forbids is told as it is to the owner");
        bench.store.act(&bob, &id(1), &act(20, Kind::Message), &Expected::default(), at(3)).await.unwrap();
        for kind in [Kind::Withdrawn, Kind::Reopened, Kind::Archived] {
            let acted = bench.store.act(&bob, &id(1), &act(21, kind), &Expected::revision(3), at(3)).await;
            assert_eq!(not_permitted(acted), Hindrance::Part, "{kind:?}");
        }
    }

    async fn a_reader_reads_and_changes_nothing(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let (alice, carol) = (person("alice").owner, person("carol").owner);
        bench.store.record_document(&alice, &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        assert_eq!(bench.read(&carol, &id(1)).await.role, Part::Reader);
        assert!(bench.store.document(&carol, &id(1), &id(9)).await.unwrap().is_some());
        let before = bench.read(&alice, &id(1)).await;
        for expected in [Expected::default(), Expected::Absent, Expected::revision(1)] {
            let save = bench.store.save(&carol, &id(1), &named("x"), &expected, at(1)).await;
            assert_eq!(not_permitted(save), Hindrance::Part);
            let submit = bench.store.submit(&carol, &id(1), &expected, &sender(), at(1)).await;
            assert_eq!(not_permitted(submit), Hindrance::Part);
            let delete = bench.store.delete(&carol, &id(1), &expected, at(1)).await;
            assert_eq!(not_permitted(delete), Hindrance::Part);
        }
        assert_eq!(not_permitted(bench.store.reserve_document(&carol, &id(1), &id(8), 1).await), Hindrance::Part);
        let record = bench.store.record_document(&carol, &id(1), &arrived(&id(8), 2, 10), at(1)).await;
        assert_eq!(not_permitted(record), Hindrance::Part);
        assert_eq!(not_permitted(bench.store.remove_document(&carol, &id(1), &id(9)).await), Hindrance::Part);
        assert_eq!(bench.read(&alice, &id(1)).await, before);
        bench.submit(&alice, &id(1), 1, at(1)).await.unwrap();
        let message = bench.store.act(&carol, &id(1), &act(20, Kind::Message), &Expected::default(), at(2)).await;
        assert_eq!(not_permitted(message), Hindrance::Part);
        assert_eq!(bench.store.submission(&carol, &id(1), 1).await.unwrap().submission.n, 1);
    }

    async fn an_event_is_told_to_be_theirs_to_whoever_made_it_and_to_nobody_else(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        bench.submit(&person("alice").owner, &id(1), 1, at(1)).await.unwrap();
        bench.store.act(&person("bob").owner, &id(1), &act(20, Kind::Message), &Expected::default(), at(2)).await.unwrap();
        bench.store.remove(&person("carol"), &id(1), "carol", at(3)).await.unwrap();
        let theirs = async |name: &str| {
            let told = bench.told(&person(name), 1).await.into_iter();
            told.filter(|event| event.yours).map(|event| event.kind).collect::<Vec<_>>()
        };
        assert_eq!(theirs("alice").await, [Kind::Invited, Kind::Invited, Kind::Submitted]);
        assert_eq!(theirs("bob").await, [Kind::Joined, Kind::Message]);
        let without = |events: Vec<Event>| events.into_iter().map(|event| Event { yours: false, ..event }).collect::<Vec<_>>();
        let (of_alice, of_bob) = (bench.told(&person("alice"), 1).await, bench.told(&person("bob"), 1).await);
        assert_eq!(without(of_alice), without(of_bob), "all else is told to all");
    }

    async fn a_deleted_draft_is_its_owners_and_absent_to_the_others(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        bench.store.delete(&person("alice").owner, &id(1), &Expected::revision(1), at(1)).await.unwrap();
        let found = bench.store.request(&person("alice").owner, &id(1), at(1)).await.unwrap();
        assert_eq!(found, Some(Found::Deleted));
        for name in ["bob", "carol", "dan"] {
            let owner = person(name).owner;
            assert_eq!(bench.store.request(&owner, &id(1), at(1)).await.unwrap(), None);
            let save = bench.store.save(&owner, &id(1), &named("x"), &Expected::Absent, at(1)).await;
            assert_eq!(refusal(save), "absent", "the identifier is not given again");
        }
    }

    async fn what_participants_save_is_the_owners_and_counts_for_them(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let (alice, bob) = (person("alice").owner, person("bob").owner);
        bench.store.record_document(&bob, &id(1), &arrived(&id(9), 1, 600), at(0)).await.unwrap();
        bench.create(&alice, &id(2), &named("a"), at(0)).await;
        assert_eq!(refusal(bench.store.reserve_document(&alice, &id(2), &id(8), 401).await), "quota of bytes");
        bench.create(&bob, &id(3), &named("b"), at(0)).await;
        bench.store.reserve_document(&bob, &id(3), &id(8), 401).await.unwrap();

        let long = |length: usize| named(&"a".repeat(length));
        bench.change(&bob, &id(1), 1, &long(60_000), at(1)).await;
        let save = bench.store.save(&alice, &id(4), &long(60_000), &Expected::Absent, at(1)).await;
        assert_eq!(refusal(save), "quota of text");
        bench.create(&bob, &id(5), &long(60_000), at(1)).await;
    }

    async fn what_one_takes_part_in_is_listed_among_ones_own(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        bench.begun(&person("alice"), 2, at(0)).await;
        bench.shared(&person("bob"), Part::Reader, 2, 20, at(0)).await;
        let bob = person("bob").owner;
        bench.create(&bob, &id(3), &named("his own"), at(5)).await;
        let listed = async |filter: Filter| -> Vec<(Id, Part)> {
            let page = bench.store.list(&bob, &filter, at(0)).await.unwrap();
            page.requests.into_iter().map(|one| (one.id, one.role)).collect()
        };
        bench.change(&person("alice").owner, &id(1), 1, &ready(), at(9)).await;
        let all = [(id(1), Part::Editor), (id(3), Part::Owner), (id(2), Part::Reader)];
        assert_eq!(listed(everything()).await, all, "the last changed first, whoever changed it");

        // A page at a time is the same list.
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let filter = Filter { limit: 1, after, ..Filter::default() };
            let page = bench.store.list(&bob, &filter, at(0)).await.unwrap();
            paged.extend(page.requests.into_iter().map(|one| (one.id, one.role)));
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        assert_eq!(paged, all);

        bench.submit(&person("alice").owner, &id(1), 2, at(10)).await.unwrap();
        let of = |state| Filter { state: Some(state), ..everything() };
        assert_eq!(listed(of(State::Submitted)).await, [(id(1), Part::Editor)]);
        assert_eq!(listed(of(State::Draft)).await, [(id(3), Part::Owner), (id(2), Part::Reader)]);
        assert_eq!(listed(of(State::Refused)).await, []);
        let words = Filter { words: "his own".to_owned(), ..everything() };
        assert_eq!(listed(words).await, [(id(3), Part::Owner)]);
    }

    async fn through_a_portal_one_takes_part_in_what_was_begun_there_alone(bench: &Bench) {
        let (alice, bob) = (person("alice"), person("bob"));
        bench.known(&[&alice, &bob]).await;
        bench.create(&through_portal(&alice).owner, &id(1), &ready(), at(0)).await;
        bench.create(&alice.owner, &id(2), &ready(), at(0)).await;
        for request in [1, 2] {
            bench.shared(&bob, Part::Editor, request, 10 + request, at(0)).await;
        }
        let through = through_portal(&bob).owner;
        bench.change(&through, &id(1), 1, &ready(), at(1)).await;
        assert_eq!(bench.store.request(&through, &id(2), at(1)).await.unwrap(), None);
        let save = bench.store.save(&through, &id(2), &named("x"), &Expected::revision(1), at(1)).await;
        assert_eq!(refusal(save), "absent");
        for filter in [everything(), Filter { state: Some(State::Draft), ..everything() }] {
            let listed = bench.store.list(&through, &filter, at(0)).await.unwrap().requests;
            assert_eq!(listed.iter().map(|one| &one.id).collect::<Vec<_>>(), [&id(1)]);
        }
    }

    async fn whoever_is_signed_in_for_another_organisation_only_reads(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        for name in ["alice", "bob"] {
            let moved = elsewhere(&person(name)).owner;
            assert!(bench.read(&moved, &id(1)).await.elsewhere);
            assert!(bench.store.list(&moved, &everything(), at(0)).await.unwrap().requests[0].elsewhere);
            let save = bench.store.save(&moved, &id(1), &named("x"), &Expected::revision(1), at(1)).await;
            assert_eq!(not_permitted(save), Hindrance::Elsewhere, "{name}");
            let reserve = bench.store.reserve_document(&moved, &id(1), &id(9), 1).await;
            assert_eq!(not_permitted(reserve), Hindrance::Elsewhere, "{name}");
        }
        let submit = bench.submit(&elsewhere(&person("alice")).owner, &id(1), 1, at(1)).await;
        assert_eq!(not_permitted(submit), Hindrance::Elsewhere);
        let submit = bench.submit(&elsewhere(&person("bob")).owner, &id(1), 1, at(1)).await;
        assert_eq!(not_permitted(submit), Hindrance::Part, "what they could not do at home either");
        assert_eq!(bench.read(&person("alice").owner, &id(1)).await.revision, 1);
    }

    async fn a_number_that_is_not_known_restricts_nobody(bench: &Bench) {
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        for who in [person("alice").owner, elsewhere(&person("alice")).owner] {
            assert!(!bench.read(&who, &id(1)).await.elsewhere);
        }
        bench.change(&elsewhere(&person("alice")).owner, &id(1), 1, &ready(), at(1)).await;
    }

    async fn an_archived_request_is_its_owners_alone(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let alice = person("alice").owner;
        bench.submit(&alice, &id(1), 1, at(1)).await.unwrap();
        for (event, kind, revision) in [(20, Kind::Withdrawn, 2), (21, Kind::Archived, 3)] {
            bench.store.act(&alice, &id(1), &act(event, kind), &Expected::revision(revision), at(2)).await.unwrap();
        }
        for name in ["bob", "carol"] {
            let owner = person(name).owner;
            assert_eq!(bench.store.request(&owner, &id(1), at(3)).await.unwrap(), None);
            assert_eq!(refusal(bench.store.events(&owner, &id(1), 0).await), "absent");
            assert_eq!(refusal(bench.store.submission(&owner, &id(1), 1).await), "absent");
            for state in [None, Some(State::Archived)] {
                assert_eq!(bench.names(&owner, Filter { state, ..everything() }).await, [""; 0]);
            }
            assert_eq!(refusal(bench.store.people(&person(name), &id(1), at(3)).await), "absent");
        }
        assert_eq!(bench.names(&alice, Filter { state: Some(State::Archived), ..everything() }).await.len(), 1);
        bench.store.remove(&person("bob"), &id(1), "bob", at(4)).await.unwrap();
    }

    async fn each_person_has_read_for_themselves(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let seen = async |name: &str| bench.store.events(&person(name).owner, &id(1), 0).await.unwrap().seen;
        bench.store.see(&person("bob").owner, &id(1), 3, at(1)).await.unwrap();
        assert_eq!((seen("bob").await, seen("carol").await, seen("alice").await), (3, 0, 0));
        assert_eq!(refusal(bench.store.see(&dan().owner, &id(1), 1, at(1)).await), "absent");
    }

    async fn a_revision_tells_who_saved_it_to_everybody_else(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let saved_by = async |name: &str| bench.read(&person(name).owner, &id(1)).await.saved_by;
        assert_eq!(saved_by("bob").await, None, "nobody else was there to be told of the first one");
        bench.change(&person("bob").owner, &id(1), 1, &named("b"), at(1)).await;
        let bob = Some("bob de Vallon".to_owned());
        assert_eq!([saved_by("alice").await, saved_by("carol").await, saved_by("bob").await], [bob.clone(), bob.clone(), None]);
        let stale = bench.store.save(&person("alice").owner, &id(1), &named("a"), &Expected::revision(1), at(2)).await;
        let StoreRefusal::Stale(Some(current)) = stale.unwrap_err() else { panic!("stale") };
        assert_eq!((current.saved_by, current.updated_at.as_str()), (bob, "2026-11-22T12:01:00.000Z"));
        let alice = person("alice").owner;
        bench.change(&alice, &id(1), 2, &ready(), at(3)).await;
        assert_eq!(saved_by("bob").await.as_deref(), Some("alice de Vallon"));
        bench.submit(&alice, &id(1), 3, at(4)).await.unwrap();
        assert_eq!(saved_by("bob").await, None, "to send is not to save");
    }
}
