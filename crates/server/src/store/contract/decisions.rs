//! Decisions about requests whose owner did not answer, and what a former owner may contest.

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{Mail, RecoveryDecision, RecoveryState, TeamRole};

use super::super::recoveries::{Decider, DeciderAddresses};
use super::sharing::{email, offer_to, person};
use super::*;

fn member(name: &str, role: TeamRole) -> Member {
    Member { person: name.to_owned(), name: name.to_owned(), office: "Chargée des habilitations".to_owned(), role }
}

fn examiner() -> Decider {
    Decider::Team(member("claire", TeamRole::Examiner))
}

fn operator() -> Decider {
    Decider::Operator(By { side: Side::Operator, name: "Sam".to_owned(), job_title: String::new() })
}

fn decision(grant: bool) -> RecoveryDecision {
    RecoveryDecision { grant, text: "La commune confirme.".into() }
}

fn addresses() -> DeciderAddresses {
    DeciderAddresses { team: "equipe@service.example".to_owned(), operator: "exploitant@service.example".to_owned() }
}

impl Bench {
    /// A submitted request of Alice for which Bob asks in vain, by the identifier of the recovery.
    async fn unanswered(&self) -> Id {
        self.asked_for().await;
        self.pass_until(16).await;
        let (recovery, state) = self.one_for(&person("alice")).await;
        assert_eq!(state, RecoveryState::Unanswered);
        recovery
    }

    /// A draft of Alice for which Bob asks in vain, by the identifier of the recovery.
    async fn unanswered_draft(&self) -> Id {
        self.known(&[&person("bob")]).await;
        self.begun(&person("alice"), 1, at(0)).await;
        self.ask(&person("bob"), None, at(0)).await.unwrap();
        self.deliver(at(0)).await;
        self.pass_until(16).await;
        self.one_for(&person("alice")).await.0
    }

    async fn decide(&self, decider: &Decider, recovery: &Id, grant: bool, day: i64) -> Result<(), StoreRefusal> {
        self.store.decide(decider, recovery, &decision(grant), on_day(day)).await
    }

    async fn owner_of(&self, request: u8) -> &'static str {
        let names = ["alice", "bob"].into_iter();
        let mut owners = Vec::new();
        for name in names {
            let found = self.store.request(&person(name).owner, &id(request), at(0)).await.unwrap();
            if let Some(Found::Request(found)) = found
                && found.role == Part::Owner
            {
                owners.push(name);
            }
        }
        assert_eq!(owners.len(), 1, "exactly one");
        owners[0]
    }
}

/// Lets Alice contest a grant, and decides once more. Returns the mails of that.
async fn decided_once_more(bench: &Bench, grant: bool) -> Vec<(Mail, String)> {
    let recovery = bench.unanswered().await;
    bench.decide(&examiner(), &recovery, true, 16).await.unwrap();
    for _ in 0..2 {
        bench.store.answer("alice", &recovery, false, on_day(17)).await.unwrap();
    }
    assert_eq!(bench.one_for(&person("alice")).await, (recovery.clone(), RecoveryState::Contested));
    let told = bench.mails(on_day(17)).await;
    assert!(told.contains(&(Mail::RecoveryContested, email("bob"))), "{told:?}");
    bench.decide(&examiner(), &recovery, grant, 18).await.unwrap();
    assert_eq!(bench.waiting_for(&person("alice")).await, [], "it is over");
    bench.mails(on_day(18)).await
}

declare! {
    async fn the_team_decides_on_requests_that_were_sent_and_the_operator_on_drafts(bench: &Bench) {
        let recovery = bench.unanswered().await;
        let to_decide = bench.store.to_decide(&member("claire", TeamRole::Examiner)).await.unwrap().recoveries;
        let [one] = &to_decide[..] else { panic!("{to_decide:?}") };
        assert_eq!((&one.recovery.id, one.owner.as_str(), &one.owner_email), (&recovery, "alice de Vallon", &email("alice")));
        assert_eq!(one.told.len(), 1, "the data controller was told: {:?}", one.told);
        assert_eq!(refusal(bench.decide(&operator(), &recovery, true, 16).await), "absent");
        bench.decide(&examiner(), &recovery, true, 16).await.unwrap();
        assert_eq!(bench.owner_of(1).await, "bob");
    }

    async fn drafts_are_not_there_for_the_team(bench: &Bench) {
        let recovery = bench.unanswered_draft().await;
        assert_eq!(bench.store.to_decide(&member("claire", TeamRole::Examiner)).await.unwrap().recoveries, []);
        assert_eq!(refusal(bench.decide(&examiner(), &recovery, true, 16).await), "absent");
        bench.decide(&operator(), &recovery, true, 16).await.unwrap();
        assert_eq!(bench.owner_of(1).await, "bob");
    }

    async fn nobody_decides_before_the_owners_days_are_over_or_twice(bench: &Bench) {
        bench.asked_for().await;
        let (recovery, _) = bench.one_for(&person("alice")).await;
        assert_eq!(refusal(bench.decide(&examiner(), &recovery, true, 1).await), "absent");
        bench.pass_until(16).await;
        bench.decide(&examiner(), &recovery, true, 16).await.unwrap();
        assert_eq!(refusal(bench.decide(&examiner(), &recovery, false, 16).await), "absent");
        assert_eq!(refusal(bench.decide(&examiner(), &id(99), true, 16).await), "absent");
    }

    async fn readers_of_the_team_and_those_whom_it_concerns_do_not_decide(bench: &Bench) {
        bench.begun(&person("alice"), 1, at(0)).await;
        bench.shared(&person("carol"), Part::Reader, 1, 9, at(0)).await;
        bench.submit(&person("alice").owner, &id(1), 1, at(0)).await.unwrap();
        bench.ask(&person("bob"), Some("FC-2026-000001"), at(0)).await.unwrap();
        bench.deliver(at(0)).await;
        bench.pass_until(16).await;
        let (recovery, _) = bench.one_for(&person("alice")).await;
        let reader = Decider::Team(member("odile", TeamRole::Reader));
        assert_eq!(refusal(bench.decide(&reader, &recovery, true, 16).await), "read only");
        for name in ["alice", "bob", "carol"] {
            let of_request = Decider::Team(member(name, TeamRole::Examiner));
            assert_eq!(refusal(bench.decide(&of_request, &recovery, true, 16).await), "own request", "{name}");
        }
        assert_eq!(bench.owner_of(1).await, "alice");
    }

    async fn a_refusal_leaves_the_request_and_is_over(bench: &Bench) {
        let recovery = bench.unanswered().await;
        bench.deliver(on_day(16)).await;
        bench.decide(&examiner(), &recovery, false, 16).await.unwrap();
        assert_eq!(bench.owner_of(1).await, "alice");
        assert_eq!(bench.waiting_for(&person("alice")).await, []);
        let event = bench.told(&person("alice"), 1).await.pop().unwrap();
        assert_eq!((event.kind, event.by.name.as_str(), event.text.as_str()), (Kind::RecoveryRefused, "claire", "La commune confirme."));
        assert_eq!(bench.mails(on_day(16)).await, [(Mail::RecoveryRefused, email("bob"))]);
    }

    async fn a_grant_may_be_contested_for_thirty_days_and_is_over_then(bench: &Bench) {
        let recovery = bench.unanswered().await;
        bench.decide(&examiner(), &recovery, true, 16).await.unwrap();
        bench.deliver(on_day(16)).await;
        let list = bench.people(&person("bob"), 1, on_day(16)).await;
        assert_eq!(list.contestable_until, Some(day("2027-01-07")));
        bench.pass_until(46).await;
        assert_eq!(bench.one_for(&person("alice")).await.1, RecoveryState::Granted, "the last day counts");
        bench.pass_until(47).await;
        assert_eq!(bench.waiting_for(&person("alice")).await, []);
        assert_eq!(bench.people(&person("bob"), 1, on_day(47)).await.contestable_until, None);
        assert_eq!(refusal(bench.store.answer("alice", &recovery, false, on_day(47)).await), "absent");
    }

    async fn while_it_may_be_contested_nobody_puts_the_request_out_of_reach(bench: &Bench) {
        bench.begun(&person("alice"), 1, at(0)).await;
        bench.shared(&person("carol"), Part::Editor, 1, 9, at(0)).await;
        bench.ask(&person("bob"), None, at(0)).await.unwrap();
        bench.deliver(at(0)).await;
        bench.pass_until(16).await;
        let (recovery, _) = bench.one_for(&person("alice")).await;
        bench.decide(&operator(), &recovery, true, 16).await.unwrap();
        bench.deliver(on_day(16)).await;
        let bob = person("bob");
        let contestable = |outcome: Result<(), StoreRefusal>| {
            let refused = outcome.unwrap_err();
            assert!(matches!(refused, StoreRefusal::NotPermitted(Hindrance::Contestable)), "{refused}");
        };
        let delete = async || bench.store.delete(&bob.owner, &id(1), &Expected::revision(1), on_day(17)).await.map(drop);
        let offer = async || bench.store.offer(&bob, &id(1), &offer_to("carol"), on_day(17)).await.map(drop);
        contestable(delete().await);
        contestable(offer().await);
        bench.change(&bob.owner, &id(1), 1, &ready(), on_day(17)).await;
        bench.store.answer("alice", &recovery, true, on_day(18)).await.unwrap();
        bench.store.offer(&bob, &id(1), &offer_to("carol"), on_day(18)).await.unwrap();
    }

    async fn what_is_contested_goes_back_where_it_is_not_granted_once_more(bench: &Bench) {
        let mails = decided_once_more(bench, false).await;
        assert_eq!(bench.owner_of(1).await, "alice");
        assert_eq!(mails, [(Mail::RecoveryRefused, email("bob")), (Mail::RecoveryUndone, email("alice"))]);
    }

    async fn what_is_contested_stays_where_it_is_granted_once_more(bench: &Bench) {
        let mails = decided_once_more(bench, true).await;
        assert_eq!(bench.owner_of(1).await, "bob");
        assert_eq!(mails, [(Mail::RecoveryGranted, email("bob")), (Mail::Recovered, email("alice"))]);
    }

    async fn of_a_decision_and_an_answer_at_once_one_counts(bench: &Bench) {
        let recovery = bench.unanswered().await;
        let (store, other, id_of_it) = (Arc::clone(&bench.store), Arc::clone(&bench.store), recovery.clone());
        let deciding = tokio::spawn(async move { store.decide(&examiner(), &recovery, &decision(true), on_day(16)).await });
        let answering = tokio::spawn(async move { other.answer("alice", &id_of_it, false, on_day(16)).await });
        let (decided, answered) = (deciding.await.unwrap(), answering.await.unwrap());
        let kinds = bench.kinds(&person(bench.owner_of(1).await), 1).await;
        match (decided.is_ok(), answered.is_ok()) {
            (true, true) => assert_eq!(kinds[2..], [Kind::Recovered, Kind::Contested], "what was granted is contested"),
            (false, true) => {
                assert_eq!(refusal(decided), "absent");
                assert_eq!(kinds[2..], [Kind::RecoveryRefused]);
            }
            other => panic!("{other:?}"),
        }
    }

    async fn whoever_decides_is_told_once_for_each_time_that_something_waits(bench: &Bench) {
        let recovery = bench.unanswered().await;
        let tell = async |day| {
            assert_eq!(bench.store.tell_deciders(&addresses(), on_day(day)).await.unwrap(), 0);
            let mails = bench.mails(on_day(day)).await.into_iter();
            mails.filter(|(mail, _)| *mail == Mail::RecoveryToDecide).map(|(_, to)| to).collect::<Vec<_>>()
        };
        assert_eq!(tell(16).await, ["equipe@service.example"]);
        assert_eq!(tell(17).await, [""; 0]);
        bench.decide(&examiner(), &recovery, true, 17).await.unwrap();
        assert_eq!(tell(17).await, [""; 0]);
        bench.store.answer("alice", &recovery, false, on_day(18)).await.unwrap();
        assert_eq!(tell(18).await, ["equipe@service.example"]);
        assert_eq!(tell(19).await, [""; 0]);
    }

    async fn the_operator_alone_is_told_of_drafts_and_the_number_of_those_that_nobody_is_told(bench: &Bench) {
        bench.unanswered_draft().await;
        bench.begun(&person("carol"), 2, at(0)).await;
        bench.ask(&person("alice"), None, on_day(1)).await.unwrap();
        assert_eq!(bench.store.tell_deciders(&addresses(), on_day(16)).await.unwrap(), 0);
        let left = bench.deliver(on_day(16)).await;
        let told: Vec<_> = left.iter().filter(|left| left.mail == Mail::RecoveryToDecide).map(|left| left.to.as_str()).collect();
        assert_eq!(told, ["exploitant@service.example"]);
        bench.pass_until(40).await;
        let to_decide = async |day| {
            let mails = bench.mails(on_day(day)).await;
            mails.iter().filter(|(mail, _)| *mail == Mail::RecoveryToDecide).count()
        };
        for day in [40, 41] {
            assert_eq!(bench.store.tell_deciders(&DeciderAddresses::default(), on_day(day)).await.unwrap(), 1);
            assert_eq!(to_decide(day).await, 0);
        }
        assert_eq!(bench.store.tell_deciders(&addresses(), on_day(42)).await.unwrap(), 0);
        assert_eq!(to_decide(42).await, 1, "as soon as there is an address");
    }
}
