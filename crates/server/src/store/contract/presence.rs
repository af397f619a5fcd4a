//! Presence: who has a request open, and what people are called.

use habilitation_model::lifecycle::Part;

use super::sharing::{dan, person, through_portal, to};
use super::*;

/// Names of the others who have request 1 open.
async fn here(bench: &Bench, name: &str, seconds: i64) -> Vec<String> {
    let now = at(0) + SignedDuration::from_secs(seconds);
    let list = bench.people(&person(name), 1, now).await;
    list.people.into_iter().filter(|one| one.here).map(|one| one.id).collect()
}

declare! {
    async fn others_who_have_a_request_open_are_told_for_a_minute(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        assert_eq!(here(bench, "bob", 0).await, [""; 0]);
        assert_eq!(here(bench, "alice", 0).await, ["bob"]);
        assert_eq!(here(bench, "bob", 1).await, ["alice"], "nobody is told of themselves");
        assert_eq!(here(bench, "carol", 59).await, ["alice", "bob"]);
        assert_eq!(here(bench, "carol", 61).await, [""; 0]);
    }

    async fn people_are_called_as_at_their_last_sign_in(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let list = bench.people(&person("bob"), 1, at(0)).await;
        let told: Vec<_> = list.people.iter().map(|one| (one.given_name.as_str(), one.you, one.external)).collect();
        assert_eq!(told, [("alice", false, false), ("bob", true, false), ("carol", false, false)]);
        assert_eq!((list.people[0].organisation.as_str(), list.revision), ("de Vallon", 1));
        let mut renamed = person("alice");
        renamed.user.given_name = "Alix".to_owned();
        bench.known(&[&renamed]).await;
        assert_eq!(bench.people(&person("bob"), 1, at(0)).await.people[0].given_name, "Alix");
    }

    async fn only_the_owner_reads_to_whom_invitations_were_sent(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        bench.invite(&person("alice"), 1, 50, &to("x@ailleurs.example", Part::Reader), at(0)).await.unwrap();
        assert_eq!(bench.people(&person("alice"), 1, at(0)).await.invitations.len(), 1);
        for name in ["bob", "carol"] {
            assert_eq!(bench.people(&person(name), 1, at(0)).await.invitations, []);
        }
    }

    async fn nobody_else_reads_who_takes_part_nor_does_a_portal(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        for who in [dan(), through_portal(&person("alice"))] {
            assert_eq!(refusal(bench.store.people(&who, &id(1), at(0)).await), "absent");
        }
        assert_eq!(refusal(bench.store.people(&person("alice"), &id(2), at(0)).await), "absent");
    }

    async fn all_of_it_goes_with_a_draft(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        here(bench, "bob", 0).await;
        bench.store.delete(&person("alice").owner, &id(1), &Expected::revision(1), at(1)).await.unwrap();
        assert_eq!(bench.names(&person("bob").owner, everything()).await, [""; 0]);
        assert_eq!(refusal(bench.store.people(&person("bob"), &id(1), at(1)).await), "absent");
        assert_eq!(refusal(bench.store.events(&person("bob").owner, &id(1), 0).await), "absent");
    }

    async fn names_of_people_who_have_to_do_with_nothing_any_more_are_forgotten(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let sessions = PurgeCutoff { sessions_opened: at(1), ..never() };
        bench.store.purge(&sessions, at(1)).await.unwrap();
        assert_eq!(bench.people(&person("alice"), 1, at(0)).await.people[1].given_name, "bob", "a participant stays known");
        bench.store.remove(&person("bob"), &id(1), "bob", at(1)).await.unwrap();
        assert_eq!(bench.store.purge(&never(), at(2)).await.unwrap().people, 1);
    }
}
