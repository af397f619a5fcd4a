//! Accounts of people who sign in through an identity provider.

use super::*;

const ISSUER: &str = "https://auth.example/api/v2";

pub(super) fn visitor(subject: &str) -> Visitor {
    Visitor {
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        email: "Noemie.Loeb@vallon.example".to_owned(),
        given_name: "Noémie".to_owned(),
        usual_name: "Lœb".to_owned(),
        siren: "219900420".to_owned(),
        is_tie_verified: true,
    }
}

/// The account that a visitor gets; one that is new has the identifier of `new`. Accounts count as used for 100 seconds.
pub(super) async fn enter(bench: &Bench, visitor: Visitor, new: u8, seconds: i64) -> (Account, Entry) {
    enter_beside(bench, visitor, new, seconds, &[]).await
}

/// Enters where these subjects are of the team.
pub(super) async fn enter_beside(
    bench: &Bench,
    visitor: Visitor,
    new: u8,
    seconds: i64,
    team: &[&str],
) -> (Account, Entry) {
    let (token, team) = (Arc::new(token(new)), listed(team));
    let sign_in = SignIn { visitor, new_account: id(new), at: at(seconds), used_after: at(seconds - 100), token, team };
    bench.store.enter(&sign_in).await.unwrap()
}

pub(super) fn listed(subjects: &[&str]) -> Vec<Subject> {
    subjects.iter().map(|subject| Subject { issuer: ISSUER.to_owned(), subject: (*subject).to_owned() }).collect()
}

pub(super) fn token(number: u8) -> Secret {
    Secret::of(&[number; 32])
}

pub(super) fn signed_in_by(visitor: &Visitor) -> Identification {
    let Visitor { issuer, subject, .. } = visitor.clone();
    Identification { issuer, subject, provider: String::new(), level: String::new() }
}

declare! {
    async fn a_known_subject_leads_to_its_account_whatever_else_changed(bench: &Bench) {
        let (account, entry) = enter(bench, visitor("1"), 1, 0).await;
        assert_eq!((account.id.clone(), entry), (id(1), Entry::Opened));
        let changed = Visitor {
            email: "n.loeb@marais.example".to_owned(),
            siren: "999001738".to_owned(),
            usual_name: String::new(),
            is_tie_verified: false,
            ..visitor("1")
        };
        let (account, entry) = enter(bench, changed, 2, 1_000_000).await;
        assert_eq!((account.id.clone(), entry), (id(1), Entry::Known));
        assert_eq!((&*account.email, &*account.siren), ("n.loeb@marais.example", "999001738"));
        assert_eq!(account.usual_name, "Lœb", "what is empty replaces nothing");
        let elsewhere = Visitor { issuer: "https://other.example".to_owned(), is_tie_verified: false, ..visitor("1") };
        assert_eq!(enter(bench, elsewhere, 3, 1_000_000).await.1, Entry::Opened);
    }

    async fn a_new_subject_of_the_same_person_is_added_to_their_account(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        let same = Visitor { email: "noemie.loeb@VALLON.example".to_owned(), usual_name: "LOEB".to_owned(), ..visitor("2") };
        let (account, entry) = enter(bench, same, 2, 100).await;
        assert_eq!((account.id, entry), (id(1), Entry::Linked));
        for subject in ["1", "2"] {
            let (account, entry) = enter(bench, visitor(subject), 3, 1_000).await;
            assert_eq!((account.id, entry), (id(1), Entry::Known), "{subject}");
        }
    }

    async fn an_account_is_found_by_each_of_its_subjects(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        enter(bench, visitor("2"), 2, 1).await;
        for (issuer, subject, account) in
            [(ISSUER, "1", Some(id(1))), (ISSUER, "2", Some(id(1))), (ISSUER, "3", None), ("https://other.example", "1", None)]
        {
            let found = bench.store.account_of(issuer, subject).await.unwrap();
            assert_eq!(found.map(|account| account.id), account, "{issuer} {subject}");
        }
    }

    async fn nobody_is_added_to_the_account_of_a_member_and_no_member_to_anothers(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        let (account, entry) = enter_beside(bench, visitor("2"), 2, 1, &["0", "1"]).await;
        assert_eq!((account.id, entry), (id(2), Entry::Opened), "to the account of a member");
        let elsewhere = Visitor { siren: "999001738".to_owned(), ..visitor("3") };
        enter(bench, elsewhere.clone(), 3, 2).await;
        let (account, entry) = enter_beside(bench, Visitor { subject: "4".to_owned(), ..elsewhere }, 4, 3, &["4"]).await;
        assert_eq!((account.id, entry), (id(4), Entry::Opened), "a member to another account");
    }

    async fn any_difference_makes_another_account(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        for (number, other) in [
            Visitor { email: "noemie@vallon.example".to_owned(), ..visitor("2") },
            Visitor { siren: "999001738".to_owned(), ..visitor("3") },
            Visitor { usual_name: "Lob".to_owned(), ..visitor("4") },
            Visitor { is_tie_verified: false, usual_name: "Loeb".to_owned(), ..visitor("5") },
        ].into_iter().enumerate() {
            let new = 10 + u8::try_from(number).unwrap();
            let (account, entry) = enter(bench, other, new, 1).await;
            assert_eq!((account.id, entry), (id(new), Entry::Opened), "{number}");
        }
    }

    async fn an_account_opened_without_a_verified_tie_gets_nobody_elses_subject(bench: &Bench) {
        // Somebody whose provider says of them what is true of another person.
        enter(bench, Visitor { is_tie_verified: false, ..visitor("1") }, 1, 0).await;
        let (account, entry) = enter(bench, visitor("2"), 2, 1).await;
        assert_eq!((account.id, entry), (id(2), Entry::Opened));
    }

    async fn an_account_that_later_says_it_is_somebody_else_gets_not_their_subject(bench: &Bench) {
        enter(bench, Visitor { email: "karim@vallon.example".to_owned(), usual_name: "Ziani".to_owned(), ..visitor("1") }, 1, 0).await;
        let (account, entry) = enter(bench, Visitor { is_tie_verified: false, ..visitor("1") }, 2, 1).await;
        assert_eq!((account.id, entry), (id(1), Entry::Known));
        let (account, entry) = enter(bench, visitor("2"), 3, 2).await;
        assert_eq!((account.id, entry), (id(3), Entry::Opened));
    }

    async fn an_account_gets_a_subject_once_its_tie_is_verified(bench: &Bench) {
        enter(bench, Visitor { is_tie_verified: false, ..visitor("1") }, 1, 0).await;
        enter(bench, visitor("1"), 2, 1).await;
        let (account, entry) = enter(bench, visitor("2"), 3, 2).await;
        assert_eq!((account.id, entry), (id(1), Entry::Linked));
    }

    async fn an_account_that_was_not_used_for_long_gets_no_new_subject(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        assert_eq!(enter(bench, visitor("2"), 2, 101).await.1, Entry::Opened, "the address may be somebody else's now");
    }

    async fn of_two_accounts_that_may_be_theirs_none_gets_a_new_subject(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        // The first one counts as unused by then.
        assert_eq!(enter(bench, visitor("2"), 2, 150).await.1, Entry::Opened);
        let (account, entry) = enter(bench, visitor("3"), 3, 160).await;
        assert_eq!((account.id, entry), (id(3), Entry::Opened));
    }

    async fn an_account_is_deleted_once_nobody_uses_it_and_nothing_is_theirs(bench: &Bench) {
        let (idle, _) = enter(bench, visitor("1"), 1, 0).await;
        let writer = Visitor { email: "karim@vallon.example".to_owned(), ..visitor("2") };
        let (with_request, _) = enter(bench, writer.clone(), 2, 0).await;
        bench.create(&Owner::named(&with_request.person()), &id(20), &named("Guichet"), at(0)).await;
        let present = Visitor { email: "lucie@vallon.example".to_owned(), ..visitor("3") };
        let (with_session, _) = enter(bench, present.clone(), 3, 0).await;
        let key = SessionKey([7; 32]);
        bench.store.open_session(&key, &session(&with_session.person(), 0, 0)).await.unwrap();
        let cutoff = PurgeCutoff { accounts: at(1), ..never() };
        bench.store.purge(&cutoff, at(1)).await.unwrap();
        assert_eq!(enter(bench, writer, 4, 2).await.1, Entry::Known);
        assert_eq!(enter(bench, present, 5, 2).await.1, Entry::Known);
        let (account, entry) = enter(bench, visitor("1"), 6, 2).await;
        assert_eq!((account.id != idle.id, entry), (true, Entry::Opened));
    }
}
