//! Colleagues who ask for requests, owners who answer or do not.

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{Mail, RecoveryState, RecoveryToAsk};

use super::super::people::Person;
use super::super::recoveries::Asker;
use super::sharing::{VALLON, dan, email, offer_to, person, secret};
use super::*;

/// A person who asks, whose tie needs no proof.
pub(super) fn asker(who: &Person) -> Asker {
    Asker {
        person: who.owner.person().to_owned(),
        given_name: who.user.given_name.clone(),
        family_name: who.user.family_name.clone(),
        email: who.user.email.clone(),
        organisation: who.organisation.name.clone(),
        siren: who.owner.siren().map(str::to_owned),
        is_made_up: true,
    }
}

pub(super) fn call_for(number: Option<&str>) -> RecoveryToAsk {
    RecoveryToAsk { number: number.map(str::to_owned), reason: "Elle a quitté la commune.".into() }
}

impl Bench {
    /// A submitted request of Alice for which Bob asks. The mails of that have left.
    pub(super) async fn asked_for(&self) {
        self.known(&[&person("bob")]).await;
        self.begun(&person("alice"), 1, at(0)).await;
        self.submit(&person("alice").owner, &id(1), 1, at(0)).await.unwrap();
        self.ask(&person("bob"), Some("FC-2026-000001"), at(0)).await.unwrap();
        self.deliver(at(0)).await;
    }

    /// Keeps a call, and looks it up.
    pub(super) async fn ask(&self, who: &Person, number: Option<&str>, at: Timestamp) -> Result<(), StoreRefusal> {
        self.store.ask(&asker(who), &call_for(number), at).await?;
        Ok(self.store.look_up(at).await?)
    }

    /// Lets days pass until noon of one, and sends the mails of each.
    pub(super) async fn pass_until(&self, day: i64) {
        self.store.let_days_pass(Keeping::default(), on_day(day)).await.unwrap();
    }

    /// The recoveries that a person may answer: their identifiers with their states.
    pub(super) async fn waiting_for(&self, who: &Person) -> Vec<(Id, RecoveryState)> {
        let list = self.store.recoveries(&asker(who)).await.unwrap();
        list.recoveries.into_iter().map(|one| (one.id, one.state)).collect()
    }

    /// The one recovery that a person may answer.
    pub(super) async fn one_for(&self, who: &Person) -> (Id, RecoveryState) {
        let all = self.waiting_for(who).await;
        let [one] = &all[..] else { panic!("{all:?}") };
        one.clone()
    }
}

declare! {
    async fn a_call_is_kept_before_anything_is_looked_up(bench: &Bench) {
        bench.begun(&person("alice"), 1, at(0)).await;
        bench.submit(&person("alice").owner, &id(1), 1, at(0)).await.unwrap();
        bench.mails(at(0)).await;
        bench.store.ask(&asker(&person("bob")), &call_for(Some("FC-2026-000001")), at(0)).await.unwrap();
        assert_eq!(bench.waiting_for(&person("alice")).await, []);
        for _ in 0..2 {
            bench.store.look_up(at(1)).await.unwrap();
        }
        assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Asked);
        assert_eq!(bench.kinds(&person("alice"), 1).await, [Kind::Submitted, Kind::RecoveryAsked]);
        let told = bench.mails(at(1)).await;
        let controller = ready().people.controller.email.trimmed().to_owned();
        assert_eq!(told, [(Mail::RecoveryAsked, email("alice")), (Mail::RecoveryTold, controller)]);
    }

    async fn what_is_asked_for_is_found_within_the_organisation_alone(bench: &Bench) {
        bench.begun(&person("alice"), 1, at(0)).await;
        bench.submit(&person("alice").owner, &id(1), 1, at(0)).await.unwrap();
        bench.ask(&dan(), Some("FC-2026-000001"), at(0)).await.unwrap();
        bench.ask(&person("bob"), Some("FC-2026-000009"), at(0)).await.unwrap();
        bench.ask(&person("alice"), Some("FC-2026-000001"), at(0)).await.unwrap();
        assert_eq!(bench.waiting_for(&person("alice")).await, []);
        assert_eq!(bench.kinds(&person("alice"), 1).await, [Kind::Submitted]);
        bench.ask(&person("carol"), Some(" fc-2026-000001 "), at(0)).await.unwrap();
        assert_eq!(bench.waiting_for(&person("alice")).await.len(), 1, "as people type it");
    }

    async fn a_person_asks_once_a_week_with_a_verified_tie(bench: &Bench) {
        let bob = asker(&person("bob"));
        let call = call_for(Some("FC-2026-000001"));
        for unverified in [Asker { is_made_up: false, ..bob.clone() }, Asker { siren: None, ..bob.clone() }] {
            assert_eq!(refusal(bench.store.ask(&unverified, &call, at(0)).await), "tie not verified");
        }
        bench.store.ask(&bob, &call, at(0)).await.unwrap();
        let StoreRefusal::TooManyActs(wait) = bench.store.ask(&bob, &call, on_day(6)).await.unwrap_err() else {
            panic!("too many")
        };
        assert_eq!(wait, SignedDuration::from_hours(24));
        bench.store.purge(&never(), on_day(6)).await.unwrap();
        assert_eq!(refusal(bench.store.ask(&bob, &call, on_day(6)).await), "too many acts", "nor does a purge forget it");
        bench.store.ask(&asker(&person("carol")), &call, on_day(6)).await.unwrap();
        bench.store.ask(&bob, &call, on_day(7)).await.unwrap();
    }

    async fn without_a_number_the_drafts_of_the_organisation_are_asked_for_that_never_were_sent(bench: &Bench) {
        for request in 1..=22 {
            bench.begun(&person("alice"), request, at(i64::from(request))).await;
        }
        bench.submit(&person("alice").owner, &id(22), 1, at(30)).await.unwrap();
        bench.begun(&dan(), 30, at(0)).await;
        bench.begun(&person("bob"), 31, at(0)).await;
        assert_eq!(bench.store.recoveries(&asker(&person("bob"))).await.unwrap().drafts, Some(21));
        assert_eq!(bench.store.recoveries(&asker(&dan())).await.unwrap().drafts, Some(0));
        let unverified = Asker { is_made_up: false, ..asker(&person("bob")) };
        assert_eq!(bench.store.recoveries(&unverified).await.unwrap().drafts, None);
        bench.ask(&person("bob"), None, at(40)).await.unwrap();
        let asked = bench.store.recoveries(&asker(&person("alice"))).await.unwrap().recoveries;
        assert_eq!(asked.len(), 20, "the last touched");
        assert!(asked.iter().all(|one| one.request != id(1) && one.request != id(22) && one.number.is_none()));
        assert_eq!(bench.waiting_for(&dan()).await, []);
    }

    async fn the_owner_alone_is_asked_and_told_who_asks_and_why(bench: &Bench) {
        bench.asked_for().await;
        let list = bench.store.recoveries(&asker(&person("alice"))).await.unwrap();
        let [one] = &list.recoveries[..] else { panic!("{list:?}") };
        assert_eq!((one.request.clone(), one.number.as_deref()), (id(1), Some("FC-2026-000001")));
        assert_eq!((one.by.id.as_str(), &one.by.email, one.reason.as_str()), ("bob", &email("bob"), "Elle a quitté la commune."));
        assert_eq!((one.answer_by, one.is_tie_verified), (day("2026-12-07"), true));
        for name in ["bob", "carol"] {
            assert_eq!(bench.waiting_for(&person(name)).await, []);
            assert_eq!(refusal(bench.store.answer(name, &one.id, true, at(1)).await), "absent");
        }
        assert_eq!(refusal(bench.store.answer("alice", &id(99), true, at(1)).await), "absent");
    }

    async fn an_owner_who_allows_gives_the_request_and_reads_it_no_more(bench: &Bench) {
        bench.asked_for().await;
        let (alice, bob) = (person("alice"), person("bob"));
        let before = bench.read(&alice.owner, &id(1)).await;
        let (recovery, _) = bench.one_for(&alice).await;
        bench.store.answer("alice", &recovery, true, at(1)).await.unwrap();
        assert_eq!(refusal(bench.store.answer("alice", &recovery, true, at(2)).await), "absent", "it is over");
        let after = bench.read(&bob.owner, &id(1)).await;
        assert_eq!((after.role, after.revision, after.due_on), (Part::Owner, before.revision, before.due_on));
        assert_eq!(bench.store.request(&alice.owner, &id(1), at(2)).await.unwrap(), None);
        let event = bench.told(&bob, 1).await.pop().unwrap();
        assert_eq!((event.kind, event.former.as_deref()), (Kind::Recovered, Some("alice de Vallon")));
        let told: Vec<Mail> = bench.mails(at(2)).await.into_iter().map(|(mail, _)| mail).collect();
        assert_eq!(told, [Mail::RecoveryGranted, Mail::Recovered, Mail::RecoveredTold]);
        assert_eq!(bench.waiting_for(&alice).await, [], "who allowed it contests nothing");
    }

    async fn an_owner_who_refuses_keeps_the_request(bench: &Bench) {
        bench.asked_for().await;
        let alice = person("alice");
        let (recovery, _) = bench.one_for(&alice).await;
        bench.store.answer("alice", &recovery, false, at(1)).await.unwrap();
        assert_eq!(bench.read(&alice.owner, &id(1)).await.role, Part::Owner);
        assert_eq!(bench.kinds(&alice, 1).await[1..], [Kind::RecoveryAsked, Kind::RecoveryRefused]);
        assert_eq!(bench.mails(at(1)).await, [(Mail::RecoveryRefused, email("bob"))]);
        assert_eq!(bench.waiting_for(&alice).await, []);
    }

    async fn an_owner_is_reminded_after_one_seven_and_fourteen_days_and_has_fifteen(bench: &Bench) {
        bench.asked_for().await;
        let mut reminded = Vec::new();
        for day in 1..=15 {
            bench.pass_until(day).await;
            bench.pass_until(day).await;
            for (mail, to) in bench.mails(on_day(day)).await {
                if mail.is_personal() {
                    assert_eq!((mail, to), (Mail::RecoveryAsked, email("alice")));
                    reminded.push(day);
                }
            }
            assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Asked, "day {day}");
        }
        assert_eq!(reminded, [1, 7, 14]);
        bench.pass_until(16).await;
        let (recovery, state) = bench.one_for(&person("alice")).await;
        assert_eq!(state, RecoveryState::Unanswered);
        bench.store.answer("alice", &recovery, false, on_day(17)).await.unwrap();
        assert_eq!(bench.waiting_for(&person("alice")).await, [], "who is late may answer still");
    }

    async fn an_owner_whose_mails_all_come_back_is_not_waited_for(bench: &Bench) {
        bench.known(&[&person("bob")]).await;
        bench.begun(&person("alice"), 1, at(0)).await;
        bench.ask(&person("bob"), None, at(0)).await.unwrap();
        let left = bench.deliver(at(0)).await;
        bench.pass_until(0).await;
        assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Asked);
        bench.come_back(&left, Mail::RecoveryAsked, at(1)).await;
        bench.pass_until(0).await;
        assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Unanswered);
    }

    async fn whoever_was_not_told_cannot_be_late(bench: &Bench) {
        bench.known(&[&person("bob")]).await;
        bench.begun(&person("alice"), 1, at(0)).await;
        bench.ask(&person("bob"), None, at(0)).await.unwrap();
        bench.pass_until(40).await;
        assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Asked, "no mail left yet");
        bench.deliver(on_day(40)).await;
        bench.pass_until(55).await;
        assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Asked);
        bench.pass_until(56).await;
        assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Unanswered);
    }

    async fn a_request_has_one_call_at_a_time(bench: &Bench) {
        bench.asked_for().await;
        bench.ask(&person("carol"), Some("FC-2026-000001"), at(1)).await.unwrap();
        let list = bench.store.recoveries(&asker(&person("alice"))).await.unwrap();
        assert_eq!(list.recoveries.into_iter().map(|one| one.by.id).collect::<Vec<_>>(), ["bob"]);
        assert_eq!(bench.kinds(&person("alice"), 1).await.len(), 2);
    }

    async fn a_call_is_over_once_the_request_has_another_owner_or_is_gone(bench: &Bench) {
        bench.begun(&person("alice"), 1, at(0)).await;
        bench.begun(&person("alice"), 2, at(0)).await;
        bench.shared(&person("carol"), Part::Editor, 2, 9, at(0)).await;
        bench.ask(&person("bob"), None, at(0)).await.unwrap();
        assert_eq!(bench.waiting_for(&person("alice")).await.len(), 2);
        let first = bench.waiting_for(&person("alice")).await;
        bench.store.delete(&person("alice").owner, &id(1), &Expected::revision(1), at(1)).await.unwrap();
        bench.store.offer(&person("alice"), &id(2), &offer_to("carol"), at(1)).await.unwrap();
        bench.store.accept(&person("carol"), &id(2), at(1)).await.unwrap();
        for name in ["alice", "carol"] {
            assert_eq!(bench.waiting_for(&person(name)).await, []);
            for (recovery, _) in &first {
                assert_eq!(refusal(bench.store.answer(name, recovery, true, at(2)).await), "absent");
            }
        }
    }

    async fn whoever_left_the_organisation_meanwhile_gets_nothing(bench: &Bench) {
        let visitor = Visitor {
            issuer: "https://auth.example".to_owned(),
            subject: "1".to_owned(),
            email: email("bob"),
            given_name: "bob".to_owned(),
            usual_name: "de Vallon".to_owned(),
            siren: VALLON.to_owned(),
            is_tie_verified: true,
        };
        let enter = async |visitor: Visitor, seconds: i64| {
            let (token, team) = (Arc::new(secret(1)), Vec::new());
            let sign_in =
                SignIn { visitor, new_account: id(50), at: at(seconds), used_after: at(-1_000), token, team };
            bench.store.enter(&sign_in).await.unwrap().0.person()
        };
        let account = enter(visitor.clone(), 0).await;
        bench.begun(&person("alice"), 1, at(0)).await;
        let bob = Asker { person: account.clone(), is_made_up: false, ..asker(&person("bob")) };
        bench.store.ask(&bob, &call_for(None), at(1)).await.unwrap();
        bench.store.look_up(at(1)).await.unwrap();
        let (recovery, _) = bench.one_for(&person("alice")).await;
        assert_eq!(enter(Visitor { is_tie_verified: false, ..visitor }, 2).await, account);
        bench.store.answer("alice", &recovery, true, at(3)).await.unwrap();
        assert_eq!(bench.read(&person("alice").owner, &id(1)).await.role, Part::Owner);
        assert_eq!(bench.kinds(&person("alice"), 1).await, [Kind::RecoveryAsked, Kind::RecoveryRefused]);
        assert_eq!(bench.waiting_for(&person("alice")).await, []);
    }
}
