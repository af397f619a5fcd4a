//! Sessions.

use super::*;

declare! {
    async fn a_session_is_found_until_it_is_ended(bench: &Bench) {
        let identification = Some(Identification {
            issuer: "https://auth.example".to_owned(),
            subject: "1".to_owned(),
            provider: "ministry".to_owned(),
            level: "eidas1-mfa".to_owned(),
        });
        let session = OpenSession { identification, ..session("alice", 0, 0) };
        let (key, other) = (SessionKey([1; 32]), SessionKey([2; 32]));
        bench.store.open_session(&key, &session).await.unwrap();
        assert_eq!(bench.store.session(&other).await.unwrap(), None);
        bench.store.touch_session(&key, at(7)).await.unwrap();
        let seen = OpenSession { seen_at: at(7), ..session };
        assert_eq!(bench.store.session(&key).await.unwrap(), Some(seen));
        bench.store.end_session(&other).await.unwrap();
        bench.store.end_session(&key).await.unwrap();
        assert_eq!(bench.store.session(&key).await.unwrap(), None);
    }

    async fn somebody_sees_their_own_sessions_and_ends_the_others(bench: &Bench) {
        let keys = |sessions: Vec<(SessionKey, OpenSession)>| {
            sessions.into_iter().map(|(key, _)| key.0[0]).collect::<Vec<u8>>()
        };
        for (key, person, seen) in [(1, "alice", 5), (3, "bob", 9), (4, "alice", 7), (5, "alice", 6)] {
            bench.store.open_session(&SessionKey([key; 32]), &session(person, 0, seen)).await.unwrap();
        }
        let mine = bench.store.sessions_of("alice").await.unwrap();
        assert_eq!(mine[0], (SessionKey([4; 32]), session("alice", 0, 7)));
        assert_eq!(keys(mine), [4, 5, 1], "last seen first");
        assert!(bench.store.issue_grant(&grant(7, None)).await.unwrap());
        bench.store.end_other_sessions("alice", &SessionKey([5; 32])).await.unwrap();
        assert_eq!(keys(bench.store.sessions_of("alice").await.unwrap()), [5]);
        assert_eq!(keys(bench.store.sessions_of("bob").await.unwrap()), [3]);
        assert_eq!(bench.store.claim_token(&claim(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing);
    }

    async fn ending_a_session_ends_those_that_it_issued(bench: &Bench) {
        for (key, person) in [(ISSUER, "alice"), (SessionKey([5; 32]), "alice")] {
            bench.store.open_session(&key, &session(person, 0, 0)).await.unwrap();
        }
        for (challenge, issued_by) in [(7, ISSUER), (8, SessionKey([5; 32]))] {
            bench.store.issue_grant(&Grant { issued_by, ..grant(challenge, None) }).await.unwrap();
            let key = SessionKey([challenge; 32]);
            assert!(matches!(bench.store.claim_token(&claim(challenge, None), &key, at(1)).await, Ok(Claimed::Session(_))));
            // Whatever remembers sessions knows it now.
            assert!(bench.store.session(&key).await.unwrap().is_some());
        }
        bench.store.end_session(&ISSUER).await.unwrap();
        assert_eq!(bench.store.session(&SessionKey([7; 32])).await.unwrap(), None);
        assert!(bench.store.session(&SessionKey([8; 32])).await.unwrap().is_some(), "another session issued it");
        bench.store.end_session(&SessionKey([8; 32])).await.unwrap();
        assert!(bench.store.session(&SessionKey([5; 32])).await.unwrap().is_some(), "the one that issued it stays");
    }
}
