//! Accounts of people who sign in through an identity provider.

use super::*;

const ISSUER: &str = "https://auth.example/api/v2";

fn visitor(subject: &str) -> Visitor {
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
async fn enter(bench: &Bench, visitor: Visitor, new: u8, seconds: i64) -> (Account, Entry) {
    enter_beside(bench, visitor, new, seconds, &[]).await
}

/// Enters where these subjects are of the team.
async fn enter_beside(bench: &Bench, visitor: Visitor, new: u8, seconds: i64, team: &[&str]) -> (Account, Entry) {
    let (token, team) = (Arc::new(token(new)), listed(team));
    let sign_in = SignIn { visitor, new_account: id(new), at: at(seconds), used_after: at(seconds - 100), token, team };
    bench.store.enter(&sign_in).await.unwrap()
}

fn listed(subjects: &[&str]) -> Vec<Subject> {
    subjects.iter().map(|subject| Subject { issuer: ISSUER.to_owned(), subject: (*subject).to_owned() }).collect()
}

fn token(number: u8) -> Secret {
    Secret::of(&[number; 32])
}

fn signed_in_by(visitor: &Visitor) -> Identification {
    let Visitor { issuer, subject, .. } = visitor.clone();
    Identification { issuer, subject, provider: String::new(), level: String::new() }
}

/// Asks for the account of an address, from the account of this subject.
async fn ask(bench: &Bench, by: &Visitor, former_email: &str, number: u8, seconds: i64) {
    ask_beside(bench, by, former_email, number, seconds, &[]).await;
}

/// Asks where these subjects are of the team.
async fn ask_beside(bench: &Bench, by: &Visitor, former_email: &str, number: u8, seconds: i64, team: &[&str]) {
    let asked = AskedAccount {
        by: signed_in_by(by),
        name: "Noémie Lœb".to_owned(),
        email: by.email.clone(),
        former_email: former_email.to_owned(),
        token: Arc::new(token(number)),
        at: at(seconds),
        team: listed(team),
    };
    bench.store.ask_for_account(&asked).await.unwrap();
}

declare! {
    async fn a_person_takes_a_subject_out_of_their_account_that_is_not_theirs(bench: &Bench) {
        let (account, _) = enter(bench, visitor("1"), 1, 0).await;
        enter(bench, visitor("2"), 2, 1).await;
        for (key, subject) in [(7, "1"), (8, "2")] {
            let identification = Some(signed_in_by(&visitor(subject)));
            let open = OpenSession { identification, ..session(&account.person(), 1, 1) };
            bench.store.open_session(&SessionKey([key; 32]), &open).await.unwrap();
            assert!(bench.store.session(&SessionKey([key; 32])).await.unwrap().is_some());
        }
        let key = token(2).hash();
        assert_eq!(bench.store.account_link(&key, at(2)).await.unwrap(), Some(LinkKind::Refuse));
        assert_eq!(bench.store.account_link(&[0; 32], at(2)).await.unwrap(), None);
        assert!(matches!(bench.store.follow_link(&key, None, at(2)).await.unwrap(), Followed::Refused(_)));
        assert_eq!(bench.store.follow_link(&key, None, at(2)).await.unwrap(), Followed::Nothing, "it is used up");
        assert!(bench.store.session(&SessionKey([7; 32])).await.unwrap().is_some());
        assert_eq!(bench.store.session(&SessionKey([8; 32])).await.unwrap(), None);
        let (other, entry) = enter(bench, visitor("2"), 3, 3).await;
        assert_eq!((other.id, entry), (id(3), Entry::Opened), "it is not added again");
        assert_eq!(enter(bench, visitor("1"), 4, 3).await.0.id, id(1));
    }

    async fn an_earlier_account_is_given_to_who_asked_and_reads_its_mails(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        let elsewhere = Visitor { email: "n.loeb@marais.example".to_owned(), ..visitor("2") };
        enter(bench, elsewhere.clone(), 2, 1).await;
        ask(bench, &elsewhere, "NOEMIE.loeb@vallon.example ", 9, 2).await;
        let key = token(9).hash();
        assert_eq!(bench.store.account_link(&key, at(3)).await.unwrap(), Some(LinkKind::Move));
        for stranger in [None, Some(signed_in_by(&visitor("1"))), Some(signed_in_by(&visitor("3")))] {
            let followed = bench.store.follow_link(&key, stranger.as_ref(), at(3)).await.unwrap();
            assert_eq!(followed, Followed::NotTheirs, "the mail alone gives nothing to a stranger");
        }
        let by = signed_in_by(&elsewhere);
        let day = 24 * 60 * 60;
        assert_eq!(bench.store.follow_link(&key, Some(&by), at(2 + day)).await.unwrap(), Followed::Nothing, "it is old");
        assert!(matches!(bench.store.follow_link(&key, Some(&by), at(3)).await.unwrap(), Followed::Moved(_)));
        let (account, entry) = enter(bench, elsewhere, 4, 4).await;
        assert_eq!((account.id, entry), (id(1), Entry::Known));
    }

    async fn requests_of_the_account_that_one_has_are_not_left_behind(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        let elsewhere = Visitor { email: "n.loeb@marais.example".to_owned(), ..visitor("2") };
        let (now, _) = enter(bench, elsewhere.clone(), 2, 1).await;
        bench.create(&Owner::named(&now.person()), &id(20), &named("Guichet"), at(1)).await;
        ask(bench, &elsewhere, "noemie.loeb@vallon.example", 9, 2).await;
        let by = signed_in_by(&elsewhere);
        let followed = bench.store.follow_link(&token(9).hash(), Some(&by), at(3)).await.unwrap();
        assert_eq!(followed, Followed::HasRequests);
        assert_eq!(enter(bench, elsewhere, 3, 4).await.0.id, id(2));
    }

    async fn nobody_is_written_to_without_end_and_a_refused_subject_asks_in_vain(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        enter(bench, visitor("2"), 2, 1).await;
        bench.store.follow_link(&token(2).hash(), None, at(2)).await.unwrap();
        enter(bench, visitor("2"), 3, 3).await;
        let elsewhere = Visitor { email: "n.loeb@marais.example".to_owned(), ..visitor("4") };
        enter(bench, elsewhere.clone(), 4, 3).await;
        ask(bench, &visitor("2"), "noemie.loeb@vallon.example", 30, 4).await;
        assert_eq!(bench.store.account_link(&token(30).hash(), at(4)).await.unwrap(), None);
        for number in 40..44 {
            ask(bench, &elsewhere, "noemie.loeb@vallon.example", number, 5).await;
        }
        let mut sent = Vec::new();
        for number in 40..44 {
            sent.push(bench.store.account_link(&token(number).hash(), at(5)).await.unwrap().is_some());
        }
        assert_eq!(sent, [true, true, true, false]);
    }


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

    async fn the_account_of_a_member_is_given_to_nobody_by_a_mail_and_a_member_is_given_none(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        let elsewhere = Visitor { email: "n.loeb@marais.example".to_owned(), ..visitor("2") };
        enter(bench, elsewhere.clone(), 2, 1).await;
        for (number, (team, is_sent)) in [("1", false), ("2", false), ("3", true)].into_iter().enumerate() {
            let number = 50 + u8::try_from(number).unwrap();
            ask_beside(bench, &elsewhere, "noemie.loeb@vallon.example", number, 2, &[team]).await;
            let link = bench.store.account_link(&token(number).hash(), at(3)).await.unwrap();
            assert_eq!(link.is_some(), is_sent, "{team}");
        }
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
