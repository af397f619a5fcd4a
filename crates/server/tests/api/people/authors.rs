//! Authors of events: whoever made one knows it for their own, whatever others are called.

use habilitation_fixtures::{id, ready};
use habilitation_model::wire::EventList;

use super::{KARIM, TestApp, change, invited, joined};
use crate::app::Person;

#[tokio::test]
async fn what_somebody_of_the_same_name_did_is_not_told_to_be_ones_own() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    noemie.create(&id(1), &ready()).await;
    joined(&karim, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    let rename = "UPDATE events SET author = json_set(author, '$.name', 'Noémie Lœb')";
    change(&app, rename);
    let theirs = async |who: &Person<'_>| -> Vec<bool> {
        let answer = who.get(&format!("/api/requests/{}/events", id(1))).await;
        assert!(!answer.text().contains("demonstration:"), "no identifier is told: {}", answer.text());
        answer.read::<EventList>().events.iter().map(|event| event.yours).collect()
    };
    assert_eq!((theirs(&noemie).await, theirs(&karim).await), (vec![true, false], vec![false, true]));
}
