//! Cards: links by which contacts of a draft give their own details.

use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{CardAnswer, CardContact, CardDetails, Mail};
use habilitation_model::{Text, field::Value};

use super::super::cards::{CardKey, CardToSend};
use super::sharing::{dan, elsewhere, email, offer_to, person, secret};
use super::*;

const TECHNICAL: CardContact = CardContact::Technical;

fn card(contact: CardContact, number: u8) -> CardToSend {
    CardToSend {
        contact,
        token: Arc::new(secret(number)),
        name: "alice de Vallon".to_owned(),
        email: email("alice"),
        organisation: "de Vallon".to_owned(),
    }
}

fn key(number: u8) -> CardKey {
    CardKey(secret(number).hash())
}

fn details() -> CardDetails {
    CardDetails { job_title: "Responsable technique".into(), ..CardDetails::of(TECHNICAL, &ready()) }
}

fn with_details(details: CardDetails) -> CardAnswer {
    CardAnswer { details: Some(details), refusal: None }
}

fn refusing(words: &str) -> CardAnswer {
    CardAnswer { details: None, refusal: Some(words.into()) }
}

fn with(field: Field, text: &str) -> Draft {
    let mut draft = ready();
    field.set(&mut draft, Value::Text(text));
    draft
}

impl Bench {
    /// A draft of Alice whose technical contact has a link of number 7.
    async fn asked(&self) {
        self.begun(&person("alice"), 1, at(0)).await;
        self.send_card(TECHNICAL, 7, at(0)).await.unwrap();
    }

    async fn send_card(&self, contact: CardContact, number: u8, at: Timestamp) -> Result<(), StoreRefusal> {
        self.store.send_card(&person("alice").owner, &id(1), &card(contact, number), at).await
    }

    async fn opens(&self, number: u8, at: Timestamp) -> bool {
        self.store.card(&key(number), at).await.unwrap().is_some()
    }
}

declare! {
    async fn a_link_opens_the_contacts_own_details_and_nothing_else(bench: &Bench) {
        bench.asked().await;
        let left = bench.deliver(at(0)).await;
        let [mail] = &left[..] else { panic!("{left:?}") };
        assert_eq!((mail.mail, mail.token.as_deref()), (Mail::Card, Some(secret(7).as_str())));
        assert_eq!(mail.to, ready().people.technical.email.trimmed());
        for _ in 0..2 {
            let card = bench.store.card(&key(7), at(1)).await.unwrap().unwrap();
            assert_eq!((card.contact, &card.details), (TECHNICAL, &CardDetails::of(TECHNICAL, &ready())));
            assert_eq!((card.by.as_str(), &card.by_email), ("alice de Vallon", &email("alice")));
            assert_eq!(card.expires_at, "2026-12-06T12:00:00.000Z");
        }
        assert!(!bench.opens(8, at(1)).await, "unknown");
        assert!(!bench.opens(7, on_day(14)).await, "old");
    }

    async fn details_change_the_draft_as_an_edit_and_are_told_in_its_history(bench: &Bench) {
        bench.asked().await;
        bench.mails(at(0)).await;
        let alice = person("alice");
        bench.store.answer_card(&key(7), &with_details(details()), at(3)).await.unwrap();
        let request = bench.read(&alice.owner, &id(1)).await;
        assert_eq!((request.revision, &request.draft), (2, &details().in_draft(TECHNICAL, &ready())));
        assert_eq!(request.updated_at, "2026-11-22T12:03:00.000Z");
        let [event] = &bench.told(&alice, 1).await[..] else { panic!("one event") };
        assert_eq!((event.kind, event.pointer.as_deref()), (Kind::CardAnswered, Some("/people/technical")));
        assert_eq!((event.by.side, event.text.as_str()), (Side::Applicant, ""));
        assert_eq!(bench.mails(at(3)).await, [(Mail::CardAnswered, email("alice"))]);

        assert!(!bench.opens(7, at(4)).await, "it is used up");
        assert_eq!(refusal(bench.store.answer_card(&key(7), &refusing(""), at(4)).await), "absent");
        bench.change(&alice.owner, &id(1), 2, &ready(), at(5)).await;
        let stale = bench.store.save(&alice.owner, &id(1), &ready(), &Expected::revision(2), at(6)).await;
        assert_eq!(refusal(stale), "stale");
    }

    async fn a_refusal_changes_nothing_and_always_has_words(bench: &Bench) {
        bench.asked().await;
        bench.store.answer_card(&key(7), &refusing("Ce n’est pas moi."), at(1)).await.unwrap();
        bench.send_card(TECHNICAL, 8, at(2)).await.unwrap();
        bench.store.answer_card(&key(8), &refusing(""), at(3)).await.unwrap();
        let request = bench.read(&person("alice").owner, &id(1)).await;
        assert_eq!((request.revision, request.draft), (1, ready()));
        let told: Vec<Text> = bench.told(&person("alice"), 1).await.into_iter().map(|event| event.text).collect();
        assert_eq!((told.len(), told[0].as_str(), told[1].is_empty()), (2, "Ce n’est pas moi.", false));
    }

    async fn what_the_form_would_not_take_is_refused_and_the_link_stays_good(bench: &Bench) {
        bench.asked().await;
        for wrong in [
            CardDetails { email: "nul".into(), ..details() },
            CardDetails { given_name: Text::default(), ..details() },
            CardDetails { job_title: "a".repeat(10_000).as_str().into(), ..details() },
        ] {
            assert_eq!(refusal(bench.store.answer_card(&key(7), &with_details(wrong), at(1)).await), "incomplete");
        }
        assert_eq!(bench.read(&person("alice").owner, &id(1)).await.revision, 1);
        bench.store.answer_card(&key(7), &with_details(details()), at(2)).await.unwrap();
    }

    async fn a_link_opens_nothing_once_another_address_stands_there_and_works_again_once_it_is_back(bench: &Bench) {
        bench.asked().await;
        let alice = person("alice").owner;
        bench.change(&alice, &id(1), 1, &with(Field::TechnicalEmail, "autre@vallon.example"), at(1)).await;
        assert!(!bench.opens(7, at(1)).await);
        assert_eq!(refusal(bench.store.answer_card(&key(7), &refusing("x"), at(1)).await), "absent");
        let upper = ready().people.technical.email.trimmed().to_uppercase();
        bench.change(&alice, &id(1), 2, &with(Field::TechnicalEmail, &upper), at(2)).await;
        assert!(bench.opens(7, at(2)).await, "case is no difference");
    }

    async fn a_link_opens_nothing_while_the_draft_cannot_be_edited(bench: &Bench) {
        bench.asked().await;
        bench.submit(&person("alice").owner, &id(1), 1, at(1)).await.unwrap();
        assert!(!bench.opens(7, at(1)).await);
        assert_eq!(refusal(bench.store.answer_card(&key(7), &with_details(details()), at(1)).await), "absent");
        assert_eq!(refusal(bench.send_card(TECHNICAL, 8, at(1)).await), "submitted");
    }

    async fn another_link_to_the_same_contact_takes_the_place_of_the_one_before(bench: &Bench) {
        bench.asked().await;
        bench.send_card(TECHNICAL, 8, at(1)).await.unwrap();
        bench.send_card(CardContact::Dpo, 9, at(1)).await.unwrap();
        assert_eq!([bench.opens(7, at(1)).await, bench.opens(8, at(1)).await, bench.opens(9, at(1)).await], [false, true, true]);
        let left = bench.deliver(at(1)).await;
        assert_eq!(left.len(), 2, "the mail with the first link does not leave: {left:?}");
    }

    async fn a_link_is_refused_for_the_first_reason_of_the_list(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        let alice = person("alice").owner;
        let send = async |who: &Owner| bench.store.send_card(who, &id(1), &card(TECHNICAL, 7), at(0)).await;
        assert_eq!(refusal(send(&dan().owner).await), "absent");
        for who in [person("bob").owner, person("carol").owner, elsewhere(&person("alice")).owner] {
            assert_eq!(refusal(send(&who).await), "not permitted");
        }
        bench.change(&alice, &id(1), 1, &with(Field::TechnicalEmail, ""), at(0)).await;
        assert_eq!(refusal(send(&alice).await), "incomplete", "there is no address");
        bench.change(&alice, &id(1), 2, &with(Field::TechnicalEmail, "nul"), at(0)).await;
        assert_eq!(refusal(send(&alice).await), "incomplete", "it is none");
        bench.store.delete(&alice, &id(1), &Expected::revision(3), at(0)).await.unwrap();
        assert_eq!(refusal(send(&alice).await), "deleted");
    }

    async fn nine_links_of_a_request_are_sent_in_a_day(bench: &Bench) {
        bench.begun(&person("alice"), 1, at(0)).await;
        for number in 0..9 {
            bench.send_card(TECHNICAL, number, at(0)).await.unwrap();
        }
        let StoreRefusal::TooManyActs(wait) = bench.send_card(TECHNICAL, 9, at(60)).await.unwrap_err() else { panic!("many") };
        assert_eq!(wait, SignedDuration::from_hours(23));
        bench.send_card(TECHNICAL, 9, on_day(1)).await.unwrap();
    }

    async fn thirty_links_of_a_person_are_sent_in_a_day_for_drafts_that_they_deleted_too(bench: &Bench) {
        let alice = person("alice").owner;
        for request in 1..=5_u8 {
            bench.begun(&person("alice"), request, at(0)).await;
            for number in 0..6 {
                let card = card(TECHNICAL, request * 10 + number);
                bench.store.send_card(&alice, &id(request), &card, at(0)).await.unwrap();
            }
            bench.store.delete(&alice, &id(request), &Expected::revision(1), at(0)).await.unwrap();
        }
        bench.begun(&person("alice"), 6, at(0)).await;
        let send = async |now| bench.store.send_card(&alice, &id(6), &card(TECHNICAL, 90), now).await;
        assert_eq!(refusal(send(at(1)).await), "too many acts");
        send(on_day(1)).await.unwrap();
    }

    async fn of_many_answers_at_once_one_is_kept(bench: &Bench) {
        bench.asked().await;
        let answers = (0..8).map(|number| {
            let store = Arc::clone(&bench.store);
            let details = CardDetails { job_title: format!("Poste {number}").as_str().into(), ..details() };
            tokio::spawn(async move { store.answer_card(&key(7), &with_details(details), at(1)).await })
        });
        let mut kept = 0;
        for answer in answers.collect::<Vec<_>>() {
            match answer.await.unwrap() {
                Ok(()) => kept += 1,
                refused => assert_eq!(refusal(refused), "absent"),
            }
        }
        let alice = person("alice");
        assert_eq!((kept, bench.read(&alice.owner, &id(1)).await.revision), (1, 2));
        assert_eq!(bench.kinds(&alice, 1).await, [Kind::CardAnswered]);
    }

    async fn an_answer_is_kept_beside_what_is_saved_at_once(bench: &Bench) {
        bench.asked().await;
        let (store, other) = (Arc::clone(&bench.store), Arc::clone(&bench.store));
        let answer = tokio::spawn(async move { store.answer_card(&key(7), &with_details(details()), at(1)).await });
        let renamed = with(Field::ProjectName, "Nouveau nom");
        let save = tokio::spawn(async move {
            other.save(&person("alice").owner, &id(1), &renamed, &Expected::revision(1), at(1)).await
        });
        answer.await.unwrap().unwrap();
        let saved = save.await.unwrap();
        let draft = bench.read(&person("alice").owner, &id(1)).await.draft;
        assert_eq!(CardDetails::of(TECHNICAL, &draft), details());
        assert_eq!(draft.project.name.as_str() == "Nouveau nom", saved.is_ok(), "a save that came late is stale");
    }

    async fn a_card_goes_with_the_request_to_another_owner_who_is_written_to(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        bench.send_card(TECHNICAL, 7, at(0)).await.unwrap();
        bench.store.offer(&person("alice"), &id(1), &offer_to("bob"), at(0)).await.unwrap();
        bench.store.accept(&person("bob"), &id(1), at(1)).await.unwrap();
        bench.mails(at(1)).await;
        bench.store.answer_card(&key(7), &with_details(details()), at(2)).await.unwrap();
        assert_eq!(bench.mails(at(2)).await, [(Mail::CardAnswered, email("bob"))]);
        let request = bench.read(&person("bob").owner, &id(1)).await;
        assert_eq!((request.revision, request.role, request.saved_by), (2, Part::Owner, None));
    }

    async fn a_link_that_came_back_is_told_to_the_owner_alone_until_another_one_is_sent(bench: &Bench) {
        bench.shared_by_three(1, at(0)).await;
        bench.mails(at(0)).await;
        bench.send_card(TECHNICAL, 7, at(0)).await.unwrap();
        let left = bench.deliver(at(0)).await;
        bench.come_back(&left, Mail::Card, at(1)).await;
        assert_eq!(bench.people(&person("alice"), 1, at(1)).await.undelivered_cards, [TECHNICAL]);
        assert_eq!(bench.people(&person("bob"), 1, at(1)).await.undelivered_cards, []);
        bench.send_card(TECHNICAL, 8, at(2)).await.unwrap();
        assert_eq!(bench.people(&person("alice"), 1, at(2)).await.undelivered_cards, []);
    }
}
