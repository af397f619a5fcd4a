//! Requests that change hands because their owner wants it.

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{HandOverToOffer, Mail};

use super::super::people::Made;
use super::sharing::{dan, elsewhere, email, link, offer_to, person, through_portal, to};
use super::*;

impl Bench {
    /// A request of Alice that Bob edits and Carol reads, and which is offered to Bob.
    async fn offered(&self) {
        self.shared_by_three(1, at(0)).await;
        let made = self.store.offer(&person("alice"), &id(1), &offer_to("bob"), at(0)).await.unwrap();
        assert_eq!(made, Made::Now(()));
    }
}

declare! {
    async fn whoever_accepts_owns_the_request_as_it_was_and_the_former_owner_reads_it(bench: &Bench) {
        bench.offered().await;
        let (alice, bob) = (person("alice"), person("bob"));
        bench.store.record_document(&alice.owner, &id(1), &arrived(&id(9), 1, 10), at(0)).await.unwrap();
        bench.submit(&alice.owner, &id(1), 1, at(0)).await.unwrap();
        bench.mails(at(0)).await;
        let before = bench.read(&alice.owner, &id(1)).await;
        for minute in 1..3 {
            bench.store.accept(&bob, &id(1), at(minute)).await.unwrap();
        }
        let parts = [("bob", Part::Owner), ("carol", Part::Reader), ("alice", Part::Reader)];
        assert_eq!(bench.parts(&bob, 1).await, parts.map(|(name, part)| (name.to_owned(), part)));
        let after = bench.read(&bob.owner, &id(1)).await;
        assert_eq!((after.revision, after.state, &after.draft), (before.revision, before.state, &before.draft));
        assert_eq!((after.updated_at, after.due_on, after.number), (before.updated_at, before.due_on, before.number));
        for who in [&alice, &bob] {
            assert!(bench.store.document(&who.owner, &id(1), &id(9)).await.unwrap().is_some());
        }
        assert_eq!(bench.store.submission(&bob.owner, &id(1), 1).await.unwrap().submission.draft, before.draft);

        let event = bench.told(&bob, 1).await.pop().unwrap();
        assert_eq!((event.kind, event.former.as_deref()), (Kind::HandedOver, Some("alice de Vallon")));
        assert_eq!((event.by.name.as_str(), event.text.as_str()), ("bob de Vallon", "Je change de service."));
        assert_eq!(bench.told(&bob, 1).await.iter().filter(|event| event.kind == Kind::HandedOver).count(), 1);
        assert_eq!(bench.mails(at(3)).await, [(Mail::HandedOver, email("alice")), (Mail::NewOwner, email("bob"))]);
        assert_eq!(bench.people(&bob, 1, at(3)).await.hand_over, None);
    }

    async fn an_offer_is_told_to_both_and_to_nobody_else(bench: &Bench) {
        bench.offered().await;
        let told = async |name: &str| {
            let offer = bench.people(&person(name), 1, at(1)).await.hand_over;
            offer.map(|offer| (offer.to, offer.to_you, offer.expires_at))
        };
        let end = "2026-12-06T12:00:00.000Z".to_owned();
        assert_eq!(told("alice").await, Some(("bob".to_owned(), false, end.clone())));
        assert_eq!(told("bob").await, Some(("bob".to_owned(), true, end)));
        assert_eq!(told("carol").await, None);
        let received = bench.store.invitations(&person("bob"), at(1)).await.unwrap().hand_overs;
        assert_eq!(received.iter().map(|one| (&one.request, one.by.as_str())).collect::<Vec<_>>(), [(&id(1), "alice de Vallon")]);
        assert_eq!(bench.store.invitations(&person("carol"), at(1)).await.unwrap().hand_overs, []);
        let left = bench.deliver(at(1)).await;
        assert!(left.iter().any(|left| left.mail == Mail::HandOverOffered && left.to == email("bob")), "{left:?}");
        bench.come_back(&left, Mail::HandOverOffered, at(2)).await;
        assert!(bench.people(&person("alice"), 1, at(2)).await.hand_over.unwrap().undelivered);
        assert!(!bench.people(&person("bob"), 1, at(2)).await.hand_over.unwrap().undelivered, "who offers is told");
    }

    async fn a_request_is_offered_to_participants_of_its_organisation_alone(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let alice = person("alice");
        bench.known(&[&dan()]).await;
        bench.invite(&alice, 1, 50, &to(&email("dan"), Part::Editor), at(0)).await.unwrap();
        bench.follow(&dan(), link(50), at(0)).await.unwrap();
        for name in ["dan", "alice", "nobody", ""] {
            assert_eq!(refusal(bench.store.offer(&alice, &id(1), &offer_to(name), at(1)).await), "unfit", "{name}");
        }
        let long = HandOverToOffer { text: "a".repeat(2_001).as_str().into(), ..offer_to("bob") };
        assert_eq!(refusal(bench.store.offer(&alice, &id(1), &long, at(1)).await), "unfit");
        for name in ["bob", "carol"] {
            assert_eq!(refusal(bench.store.offer(&person(name), &id(1), &offer_to(name), at(1)).await), "not permitted");
        }
        for who in [through_portal(&alice), person("eve")] {
            assert_eq!(refusal(bench.store.offer(&who, &id(1), &offer_to("bob"), at(1)).await), "absent");
        }
        let moved = bench.store.offer(&elsewhere(&alice), &id(1), &offer_to("bob"), at(1)).await;
        assert_eq!(moved.unwrap(), Made::Now(()), "who moved hands it over");
    }

    async fn an_offer_that_is_repeated_is_the_same_and_another_takes_its_place(bench: &Bench) {
        bench.offered().await;
        let alice = person("alice");
        let again = bench.store.offer(&alice, &id(1), &offer_to("bob"), at(1)).await.unwrap();
        assert_eq!(again, Made::Before(()));
        assert_eq!(bench.store.offer(&alice, &id(1), &offer_to("carol"), at(2)).await.unwrap(), Made::Now(()));
        assert_eq!(refusal(bench.store.accept(&person("bob"), &id(1), at(3)).await), "absent");
        bench.store.accept(&person("carol"), &id(1), at(3)).await.unwrap();
    }

    async fn an_offer_that_was_taken_back_or_is_old_is_accepted_by_nobody(bench: &Bench) {
        bench.offered().await;
        let (alice, bob) = (person("alice"), person("bob"));
        for name in ["carol", "dan"] {
            assert_eq!(refusal(bench.store.accept(&person(name), &id(1), at(1)).await), "absent");
        }
        assert_eq!(refusal(bench.store.accept(&bob, &id(1), on_day(14)).await), "absent");
        assert_eq!(refusal(bench.store.withdraw_offer(&bob, &id(1), at(1)).await), "not permitted");
        for _ in 0..2 {
            bench.store.withdraw_offer(&alice, &id(1), at(1)).await.unwrap();
        }
        assert_eq!(refusal(bench.store.accept(&bob, &id(1), at(2)).await), "absent");
        assert!(bench.mails(at(2)).await.iter().all(|(mail, _)| *mail != Mail::HandOverOffered), "its mail does not leave");
        assert_eq!(bench.read(&alice.owner, &id(1)).await.role, Part::Owner);
    }

    async fn nobody_accepts_in_a_session_of_another_organisation(bench: &Bench) {
        bench.offered().await;
        let bob = person("bob");
        let StoreRefusal::NotPermitted(hindrance) =
            bench.store.accept(&elsewhere(&bob), &id(1), at(1)).await.unwrap_err()
        else {
            panic!("not permitted")
        };
        assert_eq!(hindrance, Hindrance::Elsewhere);
        assert_eq!(refusal(bench.store.accept(&through_portal(&bob), &id(1), at(1)).await), "absent");
        bench.store.accept(&bob, &id(1), at(1)).await.unwrap();
    }

    async fn a_request_of_no_known_organisation_belongs_to_that_of_who_accepts_it(bench: &Bench) {
        bench.known(&[&person("alice")]).await;
        bench.create(&alice(), &id(1), &ready(), at(0)).await;
        bench.shared(&person("bob"), Part::Reader, 1, 9, at(0)).await;
        bench.store.offer(&person("alice"), &id(1), &offer_to("bob"), at(1)).await.unwrap();
        bench.store.accept(&person("bob"), &id(1), at(2)).await.unwrap();
        assert!(bench.read(&elsewhere(&person("bob")).owner, &id(1)).await.elsewhere, "it is known from then on");
    }

    async fn whoever_is_removed_or_leaves_is_offered_nothing_any_more(bench: &Bench) {
        bench.offered().await;
        let bob = person("bob");
        bench.store.remove(&bob, &id(1), "bob", at(1)).await.unwrap();
        assert_eq!(bench.people(&person("alice"), 1, at(1)).await.hand_over, None);
        assert_eq!(bench.store.invitations(&bob, at(1)).await.unwrap().hand_overs, []);
        bench.shared(&bob, Part::Editor, 1, 50, at(2)).await;
        assert_eq!(refusal(bench.store.accept(&bob, &id(1), at(3)).await), "absent");
    }

    async fn what_belongs_to_an_owner_goes_with_the_request(bench: &Bench) {
        let (alice, bob) = (person("alice"), person("bob"));
        bench.offered().await;
        bench.store.record_document(&alice.owner, &id(1), &arrived(&id(9), 1, 600), at(0)).await.unwrap();
        bench.change(&alice.owner, &id(1), 1, &named(&"a".repeat(60_000)), at(0)).await;
        bench.store.accept(&bob, &id(1), at(1)).await.unwrap();
        bench.create(&alice.owner, &id(2), &named(&"a".repeat(60_000)), at(2)).await;
        bench.store.reserve_document(&alice.owner, &id(2), &id(8), 900).await.unwrap();
        let save = bench.store.save(&bob.owner, &id(3), &named(&"a".repeat(60_000)), &Expected::Absent, at(2)).await;
        assert_eq!(refusal(save), "quota of text");
        bench.create(&bob.owner, &id(4), &named("b"), at(2)).await;
        assert_eq!(refusal(bench.store.reserve_document(&bob.owner, &id(4), &id(8), 401).await), "quota of bytes");
        bench.store.delete(&bob.owner, &id(1), &Expected::revision(2), at(3)).await.unwrap();
        assert_eq!(bench.store.request(&bob.owner, &id(1), at(3)).await.unwrap(), Some(Found::Deleted));
        assert_eq!(bench.store.request(&alice.owner, &id(1), at(3)).await.unwrap(), None);
    }

    async fn what_the_former_owner_has_read_is_news_to_the_new_one(bench: &Bench) {
        bench.offered().await;
        bench.store.see(&person("alice").owner, &id(1), 4, at(0)).await.unwrap();
        bench.store.accept(&person("bob"), &id(1), at(1)).await.unwrap();
        let seen = async |name: &str| bench.store.events(&person(name).owner, &id(1), 0).await.unwrap().seen;
        assert_eq!((seen("alice").await, seen("bob").await), (4, 0));
    }

    async fn acceptances_saves_and_a_submission_at_once_leave_one_owner_and_lose_nothing(bench: &Bench) {
        bench.offered().await;
        let store = || Arc::clone(&bench.store);
        let accepting = (0..4).map(|_| {
            let store = store();
            tokio::spawn(async move { store.accept(&person("bob"), &id(1), at(1)).await })
        });
        let (accepting, one, other) = (accepting.collect::<Vec<_>>(), store(), store());
        let save = tokio::spawn(async move {
            one.save(&person("alice").owner, &id(1), &ready(), &Expected::revision(1), at(1)).await
        });
        let submit = tokio::spawn(async move {
            other.submit(&person("alice").owner, &id(1), &Expected::revision(1), &sender(), at(1)).await
        });
        for one in accepting {
            one.await.unwrap().unwrap();
        }
        let (saved, submitted) = (save.await.unwrap(), submit.await.unwrap());
        let bob = person("bob");
        let request = bench.read(&bob.owner, &id(1)).await;
        assert_eq!(bench.kinds(&bob, 1).await.iter().filter(|kind| **kind == Kind::HandedOver).count(), 1);
        assert!(!(saved.is_ok() && submitted.is_ok()), "both were made over the same revision");
        assert_eq!(request.revision, 1 + u64::from(saved.is_ok()) + u64::from(submitted.is_ok()));
        assert_eq!(request.state == State::Submitted, submitted.is_ok());
        for refused in [saved.map(drop), submitted.map(drop)].into_iter().filter(Result::is_err) {
            assert!(matches!(refusal(refused), "not permitted" | "stale" | "submitted" | "wrong state"));
        }
    }

    async fn a_person_offers_twenty_times_in_a_day(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let alice = person("alice");
        for _ in 0..20 {
            bench.store.offer(&alice, &id(1), &offer_to("bob"), at(0)).await.unwrap();
            bench.store.withdraw_offer(&alice, &id(1), at(0)).await.unwrap();
        }
        assert_eq!(refusal(bench.store.offer(&alice, &id(1), &offer_to("bob"), at(1)).await), "too many acts");
        bench.store.offer(&alice, &id(1), &offer_to("bob"), on_day(1)).await.unwrap();
    }
}
