//! Links in mails about accounts: each is good for one press.

use habilitation_model::wire::Mail;

use super::accounts::{enter, listed, signed_in_by, token, visitor};
use super::*;

/// Subject of a person who signs in another way.
fn of_another_address() -> Visitor {
    Visitor { email: "n.loeb@marais.example".to_owned(), ..visitor("2") }
}

const DAY: i64 = 24 * 60;

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

    async fn a_link_that_is_unknown_or_old_does_nothing(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        enter(bench, visitor("2"), 2, 1).await;
        let key = token(2).hash();
        assert_eq!(bench.store.account_link(&key, at(30 * DAY)).await.unwrap(), Some(LinkKind::Refuse), "30 days");
        assert_eq!(bench.store.account_link(&key, at(30 * DAY + 1)).await.unwrap(), None);
        assert_eq!(bench.store.follow_link(&key, None, at(30 * DAY + 1)).await.unwrap(), Followed::Nothing);
        assert_eq!(bench.store.follow_link(&token(9).hash(), None, at(1)).await.unwrap(), Followed::Nothing);
        assert_eq!(enter(bench, visitor("2"), 3, 2).await, enter(bench, visitor("1"), 3, 2).await, "it stays added");
    }

    async fn a_link_leaves_in_a_mail_to_the_earlier_address_alone(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        enter(bench, of_another_address(), 2, 1).await;
        bench.deliver(at(1)).await;
        ask(bench, &of_another_address(), "noemie.loeb@vallon.example", 9, 2).await;
        ask(bench, &of_another_address(), "nobody@vallon.example", 10, 2).await;
        let left = bench.deliver(at(2)).await;
        let [mail] = &left[..] else { panic!("{left:?}") };
        assert_eq!((mail.mail, mail.to.as_str()), (Mail::FormerAccount, "Noemie.Loeb@vallon.example"));
        assert_eq!(mail.token.as_deref(), Some(token(9).as_str()));
    }

    async fn who_is_added_is_told_to_the_person_with_a_way_to_refuse(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        enter(bench, visitor("2"), 2, 1).await;
        let left = bench.deliver(at(1)).await;
        let [mail] = &left[..] else { panic!("{left:?}") };
        assert_eq!((mail.mail, mail.token.as_deref()), (Mail::SubjectLinked, Some(token(2).as_str())));
    }

    async fn a_subject_that_moves_ends_the_sessions_that_began_with_it_alone(bench: &Bench) {
        let (earlier, _) = enter(bench, visitor("1"), 1, 0).await;
        let (now, _) = enter(bench, of_another_address(), 2, 1).await;
        for (key, by, account) in [(7, visitor("1"), &earlier), (8, of_another_address(), &now)] {
            let identification = Some(signed_in_by(&by));
            let open = OpenSession { identification, ..session(&account.person(), 1, 1) };
            bench.store.open_session(&SessionKey([key; 32]), &open).await.unwrap();
            assert!(bench.store.session(&SessionKey([key; 32])).await.unwrap().is_some(), "whatever remembers it knows it");
        }
        ask(bench, &of_another_address(), "noemie.loeb@vallon.example", 9, 2).await;
        let by = signed_in_by(&of_another_address());
        let followed = bench.store.follow_link(&token(9).hash(), Some(&by), at(3)).await.unwrap();
        let Followed::Moved(moved) = followed else { panic!("{followed:?}") };
        assert_eq!((moved.subject.as_str(), moved.person), ("2", earlier.person()));
        assert!(bench.store.session(&SessionKey([7; 32])).await.unwrap().is_some());
        assert_eq!(bench.store.session(&SessionKey([8; 32])).await.unwrap(), None);
    }

    async fn of_many_presses_at_once_one_counts(bench: &Bench) {
        enter(bench, visitor("1"), 1, 0).await;
        enter(bench, of_another_address(), 2, 1).await;
        ask(bench, &of_another_address(), "noemie.loeb@vallon.example", 9, 2).await;
        let presses = (0..8).map(|_| {
            let store = Arc::clone(&bench.store);
            let by = signed_in_by(&of_another_address());
            tokio::spawn(async move { store.follow_link(&token(9).hash(), Some(&by), at(3)).await.unwrap() })
        });
        let mut moved = 0;
        for press in presses.collect::<Vec<_>>() {
            match press.await.unwrap() {
                Followed::Moved(_) => moved += 1,
                other => assert_eq!(other, Followed::Nothing),
            }
        }
        assert_eq!(moved, 1);
    }
}
