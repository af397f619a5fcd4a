//! The list of one's requests.

use habilitation_model::wire::RequestList;
use jiff::SignedDuration;

use crate::app::{Person, TestApp};
use habilitation_fixtures::{Fixture, id, named, ready};

async fn list(who: &Person<'_>, query: &str) -> RequestList {
    let answer = who.get(&format!("/api/requests?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.read()
}

fn names(list: &RequestList) -> Vec<&str> {
    list.requests.iter().map(|request| request.name.as_str()).collect()
}

#[tokio::test]
async fn it_is_searched_whatever_the_case_and_accents() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &Fixture::named("town-hall")).await;
    who.create(&id(2), &named("Déménagement à l'Œuvre")).await;
    who.create(&id(3), &ready()).await;
    let number = who.submit(&id(3), 1).await.number;
    let company = who.read(&id(3)).await.draft.project.name.to_string();
    for (query, expected) in [
        ("q=DEMENAGEMENT", vec!["Déménagement à l'Œuvre"]),
        ("q=%C5%93uvre", vec!["Déménagement à l'Œuvre"]),
        ("q=vallon-les-pres", vec!["Guichet citoyen de Vallon-les-Prés"]),
        ("q=guichet+CITOYEN", vec!["Guichet citoyen de Vallon-les-Prés"]),
        (&format!("q={}", number.to_lowercase()), vec![company.as_str()]),
        ("state=submitted", vec![company.as_str()]),
        ("state=draft&q=guichet", vec!["Guichet citoyen de Vallon-les-Prés"]),
        ("state=submitted&q=guichet+citoyen", vec![]),
        ("q=rien+de+tel", vec![]),
    ] {
        assert_eq!(names(&list(&who, query).await), expected, "{query}");
    }
    assert_eq!(list(&who, "state=&q=&limit=&cursor=").await.requests.len(), 3, "empty counts as absent");
    assert_eq!(list(&who, "limit=2").await.requests.len(), 2);
}

#[tokio::test]
async fn it_tells_what_stands_in_the_way() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    for (number, fixture) in (1..).zip(Fixture::all()) {
        who.create(&id(number), &fixture.draft).await;
        app.wait(SignedDuration::from_secs(1));
        let listed = list(&who, "").await.requests.remove(0);
        let errors = fixture.errors().len();
        let fields_with_files = [&fixture.draft.project.mockups, &fixture.draft.legal.documents];
        let missing = fields_with_files.into_iter().filter(|documents| !documents.is_empty()).count();
        assert_eq!(usize::try_from(listed.errors).unwrap(), errors + missing, "{}", fixture.name);
    }
}
