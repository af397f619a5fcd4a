//! Following invitations, and ending a part.

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{FollowedInvitation, Joining, Mail};

use super::super::people::Following;
use super::sharing::{dan, email, link, person, through_portal, to};
use super::*;

/// A request of Alice with an open invitation of number 7.
async fn invited(bench: &Bench, to_email: &str, part: Part) {
    bench.begun(&person("alice"), 1, at(0)).await;
    bench.known(&[&person("bob"), &person("carol"), &dan()]).await;
    bench.invite(&person("alice"), 1, 7, &to(to_email, part), at(0)).await.unwrap();
}

fn joined() -> FollowedInvitation {
    FollowedInvitation { state: Joining::Joined, request: Some(id(1)) }
}

fn to_confirm() -> FollowedInvitation {
    FollowedInvitation { state: Joining::ToConfirm, request: None }
}

declare! {
    async fn whoever_has_the_link_and_the_address_takes_part_once(bench: &Bench) {
        invited(bench, "BOB@vallon.example", Part::Editor).await;
        for minute in 1..3 {
            assert_eq!(bench.follow(&person("bob"), link(7), at(minute)).await.unwrap(), joined(), "repeating it is harmless");
        }
        assert_eq!(refusal(bench.follow(&person("carol"), link(7), at(3)).await), "absent", "it is used");
        assert_eq!(bench.kinds(&person("alice"), 1).await, [Kind::Invited, Kind::Joined]);
        let event = bench.told(&person("alice"), 1).await.pop().unwrap();
        let told = event.person.unwrap();
        assert_eq!((told.name.as_str(), told.role, told.external), ("bob de Vallon", Some(Part::Editor), false));
        assert_eq!((event.by.side, event.by.name.as_str()), (Side::Applicant, "bob de Vallon"));
        assert_eq!(bench.people(&person("alice"), 1, at(3)).await.invitations, []);
    }

    async fn a_link_that_is_unknown_old_or_replaced_opens_nothing(bench: &Bench) {
        invited(bench, "bob@vallon.example", Part::Reader).await;
        let (alice, bob) = (person("alice"), person("bob"));
        assert_eq!(refusal(bench.follow(&bob, link(8), at(1)).await), "absent");
        assert_eq!(refusal(bench.follow(&through_portal(&bob), link(7), at(1)).await), "absent");
        assert_eq!(refusal(bench.follow(&bob, link(7), on_day(14)).await), "absent");
        bench.invite(&alice, 1, 9, &to("bob@vallon.example", Part::Reader), at(2)).await.unwrap();
        assert_eq!(refusal(bench.follow(&bob, link(7), at(3)).await), "absent");
        assert_eq!(bench.follow(&bob, link(9), on_day(14)).await.unwrap(), joined(), "14 days of its own");
    }

    async fn whoever_comes_by_another_address_waits_for_the_owners_word(bench: &Bench) {
        invited(bench, "x@ailleurs.example", Part::Reader).await;
        bench.mails(at(0)).await;
        for minute in 1..3 {
            assert_eq!(bench.follow(&dan(), link(7), at(minute)).await.unwrap(), to_confirm());
        }
        assert_eq!(bench.mails(at(3)).await, [(Mail::InvitationToConfirm, email("alice"))], "once");
        assert_eq!(refusal(bench.follow(&person("bob"), link(7), at(3)).await), "absent", "the first one waits");
        assert_eq!(bench.store.request(&dan().owner, &id(1), at(3)).await.unwrap(), None, "nothing is told before");
        let alice = person("alice");
        let newcomer = bench.people(&alice, 1, at(3)).await.invitations.remove(0).to_confirm.unwrap();
        assert_eq!((newcomer.id.as_str(), newcomer.email, newcomer.organisation.as_str()), ("dan", email("dan"), "du Marais"));

        for (who, told) in [(person("bob"), "absent"), (dan(), "absent"), (through_portal(&alice), "absent")] {
            assert_eq!(refusal(bench.store.confirm(&who, &id(1), "dan", true, at(4)).await), told);
        }
        assert_eq!(refusal(bench.store.confirm(&alice, &id(1), "bob", true, at(4)).await), "absent", "they do not wait");
        for minute in 4..6 {
            bench.store.confirm(&alice, &id(1), "dan", true, at(minute)).await.unwrap();
        }
        let list = bench.people(&alice, 1, at(6)).await;
        let [_, dan] = &list.people[..] else { panic!("{list:?}") };
        assert_eq!((dan.id.as_str(), dan.role, dan.external), ("dan", Part::Reader, true));
        assert_eq!((list.invitations, bench.kinds(&alice, 1).await.len()), (Vec::new(), 2));
    }

    async fn whoever_is_turned_away_ends_the_invitation(bench: &Bench) {
        invited(bench, "x@ailleurs.example", Part::Reader).await;
        bench.follow(&dan(), link(7), at(1)).await.unwrap();
        bench.store.confirm(&person("alice"), &id(1), "dan", false, at(2)).await.unwrap();
        for who in [dan(), person("bob")] {
            assert_eq!(refusal(bench.follow(&who, link(7), at(3)).await), "absent");
        }
        assert_eq!(bench.parts(&person("alice"), 1).await.len(), 1);
        assert_eq!(bench.kinds(&person("alice"), 1).await, [Kind::Invited]);
    }

    async fn the_person_of_the_address_comes_before_somebody_who_waits(bench: &Bench) {
        invited(bench, "bob@vallon.example", Part::Reader).await;
        assert_eq!(bench.follow(&dan(), link(7), at(1)).await.unwrap(), to_confirm());
        assert_eq!(bench.follow(&person("bob"), link(7), at(2)).await.unwrap(), joined());
        assert_eq!(refusal(bench.store.confirm(&person("alice"), &id(1), "dan", true, at(3)).await), "absent");
    }

    async fn of_many_strangers_at_once_one_waits(bench: &Bench) {
        invited(bench, "x@ailleurs.example", Part::Reader).await;
        let all: Vec<_> = (0..8)
            .map(|number| {
                let store = Arc::clone(&bench.store);
                let who = person(&format!("stranger{number}"));
                tokio::spawn(async move { store.follow_invitation(&who, link(7), at(1)).await })
            })
            .collect();
        let mut waiting = 0;
        for one in all {
            match one.await.unwrap() {
                Ok(followed) => {
                    assert_eq!(followed, to_confirm());
                    waiting += 1;
                }
                refused => assert_eq!(refusal(refused), "absent"),
            }
        }
        assert_eq!(waiting, 1);
    }

    async fn without_the_link_an_address_is_believed_of_colleagues_alone(bench: &Bench) {
        invited(bench, "bob@vallon.example", Part::Reader).await;
        let (alice, bob) = (person("alice"), person("bob"));
        let by_name = |is_believed| Following::Address(id(7), is_believed);
        assert_eq!(refusal(bench.follow(&person("carol"), by_name(true), at(1)).await), "absent", "of another address");
        let received = bench.store.invitations(&bob, at(1)).await.unwrap().invitations;
        let [waits] = &received[..] else { panic!("{received:?}") };
        assert_eq!((&waits.id, waits.by.as_str(), waits.organisation.as_str()), (&id(7), "alice de Vallon", "de Vallon"));
        assert_eq!(bench.store.invitations(&person("carol"), at(1)).await.unwrap().invitations, []);
        assert_eq!(bench.follow(&bob, by_name(false), at(1)).await.unwrap(), to_confirm(), "the tie is not verified");
        assert_eq!(bench.follow(&bob, by_name(true), at(2)).await.unwrap(), joined());
        assert_eq!(bench.follow(&bob, by_name(false), at(3)).await.unwrap(), joined(), "repeating it is harmless");
        bench.invite(&alice, 1, 8, &to(&email("dan"), Part::Reader), at(3)).await.unwrap();
        let of_dan = Following::Address(id(8), true);
        assert_eq!(bench.follow(&dan(), of_dan, at(4)).await.unwrap(), to_confirm(), "of another organisation");
    }

    async fn an_invitation_that_was_sent_before_somebody_joined_changes_nothing_of_their_part(bench: &Bench) {
        invited(bench, "x@ailleurs.example", Part::Reader).await;
        bench.follow(&person("bob"), link(7), at(1)).await.unwrap();
        bench.shared(&person("bob"), Part::Editor, 1, 9, at(2)).await;
        bench.store.confirm(&person("alice"), &id(1), "bob", true, at(3)).await.unwrap();
        assert_eq!(bench.parts(&person("alice"), 1).await[1], ("bob".to_owned(), Part::Editor));
        // One that is sent later gives what it says.
        bench.invite(&person("alice"), 1, 10, &to(&email("bob"), Part::Reader), at(4)).await.unwrap();
        bench.follow(&person("bob"), link(10), at(5)).await.unwrap();
        assert_eq!(bench.parts(&person("alice"), 1).await[1], ("bob".to_owned(), Part::Reader));
    }

    async fn the_owner_needs_no_invitation(bench: &Bench) {
        invited(bench, "x@ailleurs.example", Part::Reader).await;
        assert_eq!(bench.follow(&person("alice"), link(7), at(1)).await.unwrap(), joined());
        assert_eq!(bench.parts(&person("alice"), 1).await, [("alice".to_owned(), Part::Owner)]);
        assert_eq!(bench.follow(&dan(), link(7), at(2)).await.unwrap(), to_confirm(), "it is not used up");
    }

    async fn fifty_people_take_part_beside_the_owner_at_most(bench: &Bench) {
        bench.begun(&person("alice"), 1, at(0)).await;
        for number in 0..50_u8 {
            let day = on_day(i64::from(number / 20));
            bench.shared(&person(&format!("guest{number}")), Part::Reader, 1, 100 + number, day).await;
        }
        let more = bench.invite(&person("alice"), 1, 90, &to("more@vallon.example", Part::Reader), on_day(3)).await;
        assert_eq!(refusal(more), "quota of participants");
        bench.store.remove(&person("alice"), &id(1), "guest7", on_day(3)).await.unwrap();
        bench.shared(&person("more"), Part::Reader, 1, 91, on_day(3)).await;
    }

    async fn whoever_is_removed_finds_nothing_and_is_invited_by_nothing_that_was_sent_before(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let (alice, bob) = (person("alice"), person("bob"));
        bench.invite(&alice, 1, 50, &to(&email("bob"), Part::Editor), at(1)).await.unwrap();
        assert_eq!(refusal(bench.store.remove(&person("carol"), &id(1), "bob", at(1)).await), "not permitted");
        assert_eq!(refusal(bench.store.remove(&bob, &id(1), "alice", at(1)).await), "not permitted");
        assert_eq!(refusal(bench.store.remove(&alice, &id(1), "dan", at(1)).await), "absent");
        for who in [dan(), through_portal(&alice)] {
            assert_eq!(refusal(bench.store.remove(&who, &id(1), "bob", at(1)).await), "absent");
        }
        bench.store.remove(&alice, &id(1), "bob", at(2)).await.unwrap();
        assert_eq!(refusal(bench.store.remove(&alice, &id(1), "bob", at(2)).await), "absent");
        assert_eq!(bench.store.request(&bob.owner, &id(1), at(3)).await.unwrap(), None);
        let save = bench.store.save(&bob.owner, &id(1), &named("x"), &Expected::revision(1), at(3)).await;
        assert_eq!(refusal(save), "absent");
        assert_eq!(bench.names(&bob.owner, everything()).await, [""; 0]);
        for number in [101, 50] {
            assert_eq!(refusal(bench.follow(&bob, link(number), at(3)).await), "absent");
            assert_eq!(refusal(bench.follow(&bob, Following::Address(id(number), true), at(3)).await), "absent");
        }
        let event = bench.told(&alice, 1).await.pop().unwrap();
        let left = event.person.unwrap();
        assert_eq!((event.kind, left.name.as_str(), left.role), (Kind::Left, "bob de Vallon", Some(Part::Editor)));
        bench.shared(&bob, Part::Reader, 1, 51, at(4)).await;
    }

    async fn a_participant_leaves_and_the_owner_does_not(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        for name in ["bob", "carol"] {
            bench.store.remove(&person(name), &id(1), name, at(1)).await.unwrap();
            assert_eq!(refusal(bench.store.remove(&person(name), &id(1), name, at(2)).await), "absent");
        }
        assert_eq!(refusal(bench.store.remove(&person("alice"), &id(1), "alice", at(2)).await), "not permitted");
        assert_eq!(bench.parts(&person("alice"), 1).await, [("alice".to_owned(), Part::Owner)]);
    }
}
