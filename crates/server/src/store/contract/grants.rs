//! Grants of portals.

use super::*;

declare! {
    async fn a_grant_of_a_session_that_has_ended_is_worth_nothing(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 5)).await.unwrap();
        for late in [
            Claim { issuer_opened_after: at(0), ..claim(7, None) },
            Claim { issuer_seen_after: at(5), ..claim(7, None) },
        ] {
            assert!(bench.store.issue_grant(&grant(7, None)).await.unwrap());
            assert_eq!(bench.store.claim_token(&late, &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing);
        }
        assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), None);
    }

    async fn a_grant_is_worth_one_session(bench: &Bench) {
        let issuer = session("alice", 0, 0);
        bench.store.open_session(&ISSUER, &issuer).await.unwrap();
        assert_eq!(bench.store.claim_token(&claim(7, Some(8)), &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing);
        assert!(bench.store.issue_grant(&grant(7, Some(8))).await.unwrap());
        assert_eq!(bench.store.claim_token(&claim(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing, "no code yet");
        assert_eq!(bench.store.claim_token(&claim(6, Some(8)), &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing);

        let portal_access = Some(PortalAccess { portal: portal(), issued_by: ISSUER });
        let expected = OpenSession { opened_at: at(1), seen_at: at(1), portal_access, ..issuer };
        let claimed = bench.store.claim_token(&claim(7, Some(8)), &PORTAL_SESSION, at(1)).await.unwrap();
        assert_eq!(claimed, Claimed::Session(Box::new(expected.clone())));
        assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), Some(expected));
        let again = bench.store.claim_token(&claim(7, Some(8)), &SessionKey([3; 32]), at(1)).await.unwrap();
        assert_eq!(again, Claimed::Nothing);
    }

    async fn of_many_who_claim_a_grant_one_gets_it(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        bench.store.issue_grant(&grant(7, Some(8))).await.unwrap();
        let all: Vec<_> = (10..18)
            .map(|key| {
                let store = Arc::clone(&bench.store);
                tokio::spawn(async move { store.claim_token(&claim(7, Some(8)), &SessionKey([key; 32]), at(1)).await })
            })
            .collect();
        let mut won = 0;
        for one in all {
            won += usize::from(matches!(one.await.unwrap().unwrap(), Claimed::Session(_)));
        }
        assert_eq!(won, 1);
    }

    async fn a_grant_that_is_claimed_wrongly_is_used_up(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        let elsewhere = "https://autre.example".parse::<Portal>().unwrap();
        for (code, wrong, outcome) in [
            (Some(8), claim(7, Some(9)), Claimed::WrongCode),
            (None, claim(7, Some(9)), Claimed::WrongCode),
            (Some(8), Claim { portal: elsewhere.clone(), ..claim(7, Some(8)) }, Claimed::WrongPortal),
            (Some(8), Claim { portal: elsewhere.clone(), ..claim(7, None) }, Claimed::WrongPortal),
        ] {
            assert!(bench.store.issue_grant(&grant(7, code)).await.unwrap());
            assert_eq!(bench.store.claim_token(&wrong, &PORTAL_SESSION, at(1)).await.unwrap(), outcome, "{wrong:?}");
            assert_eq!(bench.store.claim_token(&claim(7, code), &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing);
            assert_eq!(bench.store.session(&PORTAL_SESSION).await.unwrap(), None);
        }
    }

    async fn a_grant_is_worth_nothing_when_it_is_old_or_its_issuer_ended(bench: &Bench) {
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        bench.store.issue_grant(&grant(7, None)).await.unwrap();
        let late = Claim { issued_after: at(0), ..claim(7, None) };
        assert_eq!(bench.store.claim_token(&late, &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing);
        bench.store.end_session(&ISSUER).await.unwrap();
        assert_eq!(bench.store.claim_token(&claim(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing);
        bench.store.open_session(&ISSUER, &session("alice", 0, 0)).await.unwrap();
        assert_eq!(bench.store.claim_token(&claim(7, None), &PORTAL_SESSION, at(1)).await.unwrap(), Claimed::Nothing, "it went too");
    }

    async fn a_challenge_belongs_to_the_session_that_granted_it_first(bench: &Bench) {
        for (key, person) in [(ISSUER, "alice"), (SessionKey([5; 32]), "bob")] {
            bench.store.open_session(&key, &session(person, 0, 0)).await.unwrap();
        }
        assert!(bench.store.issue_grant(&grant(7, Some(8))).await.unwrap());
        assert!(!bench.store.issue_grant(&Grant { issued_by: SessionKey([5; 32]), ..grant(7, None) }).await.unwrap());
        assert!(bench.store.issue_grant(&grant(7, Some(9))).await.unwrap(), "the response was lost on its way");
        let claimed = bench.store.claim_token(&claim(7, Some(9)), &PORTAL_SESSION, at(1)).await.unwrap();
        assert!(matches!(claimed, Claimed::Session(session) if session.user.id == "alice"));
    }
}
