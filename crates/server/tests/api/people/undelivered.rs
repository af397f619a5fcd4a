//! Mails about people that cannot be delivered: whoever had them sent sees it where they would mend it.

use habilitation_fixtures::{id, named, ready};
use habilitation_model::ClosedList;
use habilitation_model::wire::{CardContact, CaughtMail, CaughtMails, HandOver, Mail, RecoveryList, RecoveryState};
use serde_json::json;

use super::{JEAN_BAPTISTE, KARIM, TestApp, address, code, count, invited, inviting, joined, list_of, offering};
use crate::mails::{bouncing, come_back};

/// Returns the last mail of a kind.
async fn last(app: &TestApp, kind: Mail) -> CaughtMail {
    app.deliver().await;
    let caught: CaughtMails = app.get("/api/demo/mail").await.read();
    caught.mails.into_iter().find(|mail| mail.mail == kind).unwrap()
}

#[tokio::test]
async fn an_owner_sees_that_an_invitation_came_back_until_another_one_is_sent() {
    let app = bouncing().start().await;
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &named("Guichet")).await;
    invited(&noemie, 1, 9, "faute@ailleurs.example", "reader").await;
    let came_back = last(&app, Mail::Invitation).await;
    invited(&noemie, 1, 10, JEAN_BAPTISTE, "reader").await;
    let told = async || {
        let open = list_of(&noemie, 1).await.invitations;
        open.into_iter().map(|one| (one.email, one.undelivered)).collect::<Vec<_>>()
    };
    let [faulty, right] = ["faute@ailleurs.example", JEAN_BAPTISTE].map(str::to_owned);
    assert_eq!(told().await, [(faulty.clone(), false), (right.clone(), false)]);
    for _ in 0..2 {
        come_back(&app, &came_back).await;
        assert_eq!(told().await, [(faulty.clone(), true), (right.clone(), false)]);
    }
    let again = inviting(&noemie, 1, 9, "faute@ailleurs.example", "reader").send().await;
    assert!(again.text().contains(r#""undelivered":true"#), "to repeat a call tells the same: {}", again.text());
    assert_eq!(count(&app, "SELECT count(*) FROM events WHERE kind = 'delivery'"), 0, "the history names no address");

    assert_eq!(inviting(&noemie, 1, 11, "faute@ailleurs.example", "reader").send().await.status, 201);
    assert_eq!(told().await, [(right, false), (faulty, false)], "the one that is open was sent anew");
}

#[tokio::test]
async fn an_owner_sees_that_the_mail_of_a_hand_over_came_back_and_nobody_else_does() {
    let app = bouncing().start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &named("Guichet")).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    let told = async |who: &crate::app::Person<'_>| -> HandOver { list_of(who, 1).await.hand_over.unwrap() };
    assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201);
    come_back(&app, &last(&app, Mail::HandOverOffered).await).await;
    assert!(told(&noemie).await.undelivered && !told(&karim).await.undelivered);

    let path = format!("{}/hand-over", address(&id(1)));
    assert_eq!(noemie.call("DELETE", &path).send().await.status, 204);
    app.wait(jiff::SignedDuration::from_mins(1));
    assert_eq!(offering(&noemie, 1, "karim").send().await.status, 201);
    assert!(!told(&noemie).await.undelivered, "another offer is another mail");
}

#[tokio::test]
async fn an_owner_sees_which_contact_the_request_for_their_details_did_not_reach() {
    let app = bouncing().start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    let ask = async |contact: CardContact| {
        let path = format!("{}/cards/{}", address(&id(1)), contact.as_str());
        assert_eq!(noemie.call("PUT", &path).send().await.status, 201);
    };
    ask(CardContact::Dpo).await;
    ask(CardContact::Technical).await;
    assert_eq!(list_of(&noemie, 1).await.undelivered_cards, []);
    let contact = CardContact::Technical;
    let mails = app.mails_to(ready().people.technical.email.trimmed()).await;
    come_back(&app, mails.iter().find(|mail| mail.mail == Mail::Card).unwrap()).await;
    assert_eq!(list_of(&noemie, 1).await.undelivered_cards, [contact]);
    assert_eq!(list_of(&karim, 1).await.undelivered_cards, [], "who asked is told");
    app.wait(jiff::SignedDuration::from_mins(1));
    ask(contact).await;
    assert_eq!(list_of(&noemie, 1).await.undelivered_cards, []);
    let refused = karim.call("PUT", &format!("{}/cards/technical", address(&id(1)))).send().await;
    assert_eq!(code(&refused), "part");
}

#[tokio::test]
async fn a_question_to_an_owner_that_comes_back_leaves_the_decision_to_others_at_the_next_look() {
    let app = bouncing().start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    let number = noemie.submit(&id(1), 1).await.number;
    let asked = json!({"number": number, "reason": "Elle a quitté la commune."});
    assert_eq!(karim.call("POST", "/api/recoveries").json(&asked).send().await.status, 202);
    let question = last(&app, Mail::RecoveryAsked).await;
    let state = async || noemie.get("/api/recoveries").await.read::<RecoveryList>().recoveries[0].state;
    app.purge().await;
    assert_eq!(state().await, RecoveryState::Asked);
    come_back(&app, &question).await;
    app.purge().await;
    assert_eq!(state().await, RecoveryState::Unanswered);
}
