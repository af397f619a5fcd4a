//! Sending and taking back invitations.

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::Mail;

use super::super::people::Made;
use super::sharing::{dan, email, link, person, secret, through_portal, to};
use super::*;

declare! {
    async fn an_invitation_is_written_to_its_address_with_a_link_and_told_without_it(bench: &Bench) {
        let alice = person("alice");
        bench.begun(&alice, 1, at(0)).await;
        let sent = bench.invite(&alice, 1, 7, &to("Bob@Vallon.example", Part::Editor), at(0)).await.unwrap();
        let Made::Now(open) = sent else { panic!("{sent:?}") };
        assert_eq!((&open.id, open.email.as_str(), open.role), (&id(7), "Bob@Vallon.example", Part::Editor));
        assert_eq!((open.expires_at.as_str(), &open.to_confirm), ("2026-12-06T12:00:00.000Z", &None));
        assert_eq!(bench.people(&alice, 1, at(0)).await.invitations, [open]);

        let left = bench.deliver(at(0)).await;
        let [mail] = &left[..] else { panic!("{left:?}") };
        assert_eq!((mail.mail, mail.to.as_str()), (Mail::Invitation, "Bob@Vallon.example"));
        assert_eq!(mail.token.as_deref(), Some(secret(7).as_str()));
        assert!(!bench.store.retry(&mail.delivery, at(1)).await.unwrap(), "its secret is forgotten once it left");

        let [event] = &bench.told(&alice, 1).await[..] else { panic!("one event") };
        let invited = event.person.as_ref().unwrap();
        assert_eq!((event.kind, invited.role, invited.name.as_str()), (Kind::Invited, Some(Part::Editor), ""));
        assert!(!format!("{event:?}").contains('@'), "the history stays for ever");
    }

    async fn an_invitation_that_is_repeated_is_the_same_and_its_identifier_stands_for_no_other(bench: &Bench) {
        let alice = person("alice");
        bench.begun(&alice, 1, at(0)).await;
        let to_send = to("bob@vallon.example", Part::Editor);
        let Made::Now(open) = bench.invite(&alice, 1, 7, &to_send, at(0)).await.unwrap() else { panic!("new") };
        for again in [to_send.clone(), to("BOB@vallon.example", Part::Editor)] {
            let repeated = bench.store.invite(&alice, &id(1), (&id(7), &again), secret(8), at(1)).await;
            assert_eq!(repeated.unwrap(), Made::Before(open.clone()));
        }
        for other in [to("bob@vallon.example", Part::Reader), to("x@vallon.example", Part::Editor)] {
            assert_eq!(refusal(bench.invite(&alice, 1, 7, &other, at(1)).await), "id taken");
        }
        assert_eq!((bench.mails(at(2)).await.len(), bench.kinds(&alice, 1).await.len()), (1, 1));
        assert_eq!(refusal(bench.follow(&dan(), link(8), at(2)).await), "absent", "the first secret is the one that was sent");
        bench.known(&[&person("bob")]).await;
        bench.follow(&person("bob"), link(7), at(3)).await.unwrap();
        assert!(matches!(bench.invite(&alice, 1, 7, &to_send, at(4)).await, Ok(Made::Before(_))), "also once they joined");
        // Of another request, it stands for something else.
        bench.begun(&alice, 2, at(0)).await;
        assert!(matches!(bench.store.invite(&alice, &id(2), (&id(7), &to_send), secret(9), at(5)).await, Ok(Made::Now(_))));
    }

    async fn an_invitation_is_refused_for_the_first_reason_of_the_list(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let alice = person("alice");
        let unfit = [to("bob", Part::Reader), to("", Part::Reader), to("x@ailleurs.example", Part::Owner)];
        for who in [dan(), through_portal(&alice)] {
            assert_eq!(refusal(bench.invite(&who, 1, 7, &unfit[0], at(0)).await), "absent");
        }
        for name in ["bob", "carol"] {
            assert_eq!(refusal(bench.invite(&person(name), 1, 7, &unfit[0], at(0)).await), "not permitted");
        }
        for to_send in &unfit {
            assert_eq!(refusal(bench.invite(&alice, 1, 101, to_send, at(0)).await), "unfit", "before its identifier");
        }
        assert_eq!(bench.kinds(&alice, 1).await.len(), 4);
    }

    async fn nobody_is_invited_to_an_archived_request(bench: &Bench) {
        let alice = person("alice");
        bench.begun(&alice, 1, at(0)).await;
        bench.invite(&alice, 1, 6, &to("bob@vallon.example", Part::Reader), at(0)).await.unwrap();
        bench.submit(&alice.owner, &id(1), 1, at(0)).await.unwrap();
        for (event, kind, revision) in [(20, Kind::Withdrawn, 2), (21, Kind::Archived, 3)] {
            let to_make = ActToMake { event: id(event), act: Act::new(kind), by: author() };
            bench.store.act(&alice.owner, &id(1), &to_make, &Expected::revision(revision), at(1)).await.unwrap();
        }
        assert_eq!(refusal(bench.invite(&alice, 1, 7, &to("bob", Part::Reader), at(2)).await), "wrong state");
        assert_eq!(refusal(bench.store.take_back_invitation(&alice, &id(1), &id(6), at(2)).await), "wrong state");
        assert_eq!(refusal(bench.follow(&person("bob"), link(6), at(2)).await), "absent");
        assert_eq!(bench.store.invitations(&person("bob"), at(2)).await.unwrap().invitations, []);
    }

    async fn ten_invitations_of_a_request_are_open_at_most(bench: &Bench) {
        let alice = person("alice");
        bench.begun(&alice, 1, at(0)).await;
        for number in 1..=10 {
            bench.invite(&alice, 1, number, &to(&email(&number.to_string()), Part::Reader), at(0)).await.unwrap();
        }
        let another = to("another@vallon.example", Part::Reader);
        assert_eq!(refusal(bench.invite(&alice, 1, 11, &another, at(1)).await), "quota of invitations");
        let same = to("1@VALLON.example", Part::Editor);
        bench.invite(&alice, 1, 12, &same, at(1)).await.unwrap();
        let open = bench.people(&alice, 1, at(1)).await.invitations;
        assert_eq!((open.len(), open[9].id.clone()), (10, id(12)), "it takes the place of the one before");
        bench.store.take_back_invitation(&alice, &id(1), &id(2), at(2)).await.unwrap();
        bench.invite(&alice, 1, 11, &another, at(3)).await.unwrap();
        bench.begun(&alice, 2, at(3)).await;
        bench.invite(&alice, 2, 13, &another, at(3)).await.unwrap();
    }

    async fn a_person_sends_twenty_invitations_in_a_day_whatever_becomes_of_the_requests(bench: &Bench) {
        let alice = person("alice");
        for request in 1..=2 {
            bench.begun(&alice, request, at(0)).await;
            for number in 1..=10 {
                let number = request * 20 + number;
                bench.invite(&alice, request, number, &to(&email(&number.to_string()), Part::Reader), at(0)).await.unwrap();
            }
            bench.store.delete(&alice.owner, &id(request), &Expected::revision(1), at(0)).await.unwrap();
        }
        bench.begun(&alice, 3, at(0)).await;
        let more = to("more@vallon.example", Part::Reader);
        let StoreRefusal::TooManyActs(wait) = bench.invite(&alice, 3, 90, &more, at(60)).await.unwrap_err() else {
            panic!("too many")
        };
        assert_eq!(wait, SignedDuration::from_hours(23));
        bench.begun(&person("bob"), 4, at(0)).await;
        bench.invite(&person("bob"), 4, 91, &more, at(60)).await.unwrap();
        bench.invite(&alice, 3, 90, &more, on_day(1)).await.unwrap();
    }

    async fn an_invitation_that_is_taken_back_opens_nothing_and_its_mail_does_not_leave(bench: &Bench) {
        let alice = person("alice");
        bench.begun(&alice, 1, at(0)).await;
        bench.invite(&alice, 1, 7, &to("bob@vallon.example", Part::Reader), at(0)).await.unwrap();
        for _ in 0..2 {
            bench.store.take_back_invitation(&alice, &id(1), &id(7), at(1)).await.unwrap();
        }
        assert_eq!(bench.mails(at(1)).await, []);
        assert_eq!(refusal(bench.follow(&person("bob"), link(7), at(1)).await), "absent");
        assert_eq!(bench.store.invitations(&person("bob"), at(1)).await.unwrap().invitations, []);
        assert_eq!(bench.people(&alice, 1, at(1)).await.invitations, []);
        assert_eq!(refusal(bench.store.take_back_invitation(&alice, &id(1), &id(8), at(1)).await), "absent");
        let again = to("bob@vallon.example", Part::Reader);
        assert_eq!(refusal(bench.invite(&alice, 1, 7, &again, at(2)).await), "id taken", "it is over");
        for (who, told) in [(person("bob"), "absent"), (through_portal(&alice), "absent")] {
            assert_eq!(refusal(bench.store.take_back_invitation(&who, &id(1), &id(7), at(1)).await), told);
        }
    }

    async fn an_invitation_that_came_back_is_told_to_the_owner_until_another_one_is_sent(bench: &Bench) {
        let alice = person("alice");
        bench.begun(&alice, 1, at(0)).await;
        bench.invite(&alice, 1, 7, &to("bob@vallon.example", Part::Reader), at(0)).await.unwrap();
        let left = bench.deliver(at(0)).await;
        let told = async |now| {
            let open = bench.people(&alice, 1, now).await.invitations;
            open.into_iter().map(|one| (one.id, one.undelivered)).collect::<Vec<_>>()
        };
        assert_eq!(told(at(1)).await, [(id(7), false)]);
        bench.come_back(&left, Mail::Invitation, at(1)).await;
        assert_eq!(told(at(1)).await, [(id(7), true)]);
        bench.invite(&alice, 1, 8, &to("bob@vallon.example", Part::Reader), at(2)).await.unwrap();
        assert_eq!(told(at(2)).await, [(id(8), false)]);
    }

    async fn invitations_are_forgotten_after_their_time(bench: &Bench) {
        let alice = person("alice");
        bench.begun(&alice, 1, at(0)).await;
        bench.invite(&alice, 1, 7, &to("bob@vallon.example", Part::Reader), at(0)).await.unwrap();
        let again = async |now| bench.invite(&alice, 1, 7, &to("carol@vallon.example", Part::Reader), now).await;
        bench.store.purge(&never(), on_day(13)).await.unwrap();
        assert_eq!(refusal(again(on_day(13)).await), "id taken");
        bench.store.purge(&never(), on_day(15)).await.unwrap();
        assert!(matches!(again(on_day(15)).await, Ok(Made::Now(_))), "nothing is left of it");
    }
}
