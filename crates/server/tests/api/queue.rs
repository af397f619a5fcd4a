//! The queue of the team: what it lists, in which order, and how many.

use std::collections::BTreeSet;

use habilitation_model::wire::{Queue, QueueCounts, QueueKind, State, TeamList, TeamRole};
use habilitation_model::{Date, Draft, Field, field};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Person, TestApp, address, tag};
use crate::embedding::{self, Element};
use habilitation_fixtures::{Fixture, id, pdf, ready};

async fn queue(who: &Person<'_>, query: &str) -> Queue {
    let answer = who.get(&format!("/api/examination/requests?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.read()
}

fn names(queue: &Queue) -> Vec<&str> {
    queue.requests.iter().map(|request| request.name.as_str()).collect()
}

fn draft(name: &str) -> Draft {
    with(ready(), Field::ProjectName, name)
}

fn with(mut draft: Draft, field: Field, value: &str) -> Draft {
    field.set(&mut draft, field::Value::Text(value));
    draft
}

async fn submit(who: &Person<'_>, number: u8, draft: &Draft) {
    who.create(&id(number), draft).await;
    for document in draft.documents() {
        who.send(&id(number), &document.id, &pdf("sent")).await;
    }
    who.submit(&id(number), 1).await;
}

/// Acts on a request, of the team or of its applicant, at the revision that is there.
async fn act(who: &Person<'_>, is_of_team: bool, request: u8, event: u8, revision: u64, body: Value) {
    let start = if is_of_team { "/api/examination/requests" } else { "/api/requests" };
    let path = format!("{start}/{}/events/{}", id(request), id(event));
    let answer = who.call("PUT", &path).header("if-match", &tag(revision)).json(&body).send().await;
    assert_eq!(answer.status, 201, "{}", answer.text());
}

fn day(text: &str) -> Option<Date> {
    Some(Date::parse(text).unwrap())
}

#[tokio::test]
async fn a_line_tells_the_last_submission_and_nothing_of_a_draft() {
    let app = TestApp::start().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    submit(&noemie, 1, &Fixture::named("town-hall")).await;
    noemie.create(&id(2), &draft("Never sent")).await;
    let list = queue(&claire, "").await;
    let [line] = &list.requests[..] else { panic!("{list:?}") };
    assert_eq!((&line.id, line.number.as_str(), line.state), (&id(1), "FC-2026-000001", State::Submitted));
    assert_eq!(
        (line.name.as_str(), line.organisation.as_str()),
        ("Guichet citoyen de Vallon-les-Prés", "Commune de Vallon-les-Prés")
    );
    assert_eq!((line.siret.as_str(), line.level.is_some(), line.warnings), ("21990042000015", true, 1));
    assert_eq!(
        (line.kind, line.submission, line.submitted_at.as_str()),
        (QueueKind::First, 1, "2026-11-22T12:00:00.000Z")
    );
    assert_eq!((line.due_on, line.suspended, line.revision, line.last_event), (day("2027-01-22"), false, 2, 1));
    assert_eq!((line.unread, line.awaiting_reply, line.examiner.is_none()), (1, false, true));

    act(&claire, true, 1, 101, 2, json!({"kind": "assignment", "examiner": "demonstration:claire"})).await;
    act(&noemie, false, 1, 102, 2, json!({"kind": "message", "text": "Bonjour."})).await;
    let line = queue(&claire, "").await.requests.remove(0);
    assert_eq!((line.unread, line.awaiting_reply, line.last_event), (2, true, 3));
    assert_eq!(line.examiner.unwrap().name, "Claire Marchand");
    let seen = claire.call("PUT", &format!("/api/examination/requests/{}/seen", id(1)));
    assert_eq!(seen.json(&json!({"seq": 2})).send().await.status, 204);
    assert_eq!(queue(&claire, "").await.requests[0].unread, 1);

    let ask = json!({"kind": "changes_requested", "seen": 3, "text": "Un point."});
    act(&claire, true, 1, 103, 2, ask).await;
    noemie.change(&id(1), 3, &draft("Rien qu’à moi")).await;
    let list = queue(&claire, "state=all").await;
    let line = &list.requests[0];
    assert_eq!((line.state, line.suspended, line.due_on), (State::ChangesRequested, true, None));
    assert_eq!((names(&list), line.awaiting_reply), (vec!["Guichet citoyen de Vallon-les-Prés"], false));
    assert_eq!(queue(&claire, "state=all&q=rien").await.total, 0);
}

#[tokio::test]
async fn modifications_and_mere_contacts_are_told_apart() {
    let app = TestApp::start().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    let changes = [
        (QueueKind::Modification, draft("Autrement")),
        (QueueKind::Contacts, with(draft("Autrement"), Field::TechnicalEmail, "autre@marais-bleu.example")),
    ];
    submit(&noemie, 1, &ready()).await;
    act(&claire, true, 1, 100, 2, json!({"kind": "accepted", "seen": 1})).await;
    let (mut revision, mut event, mut seen) = (3, 101, 2);
    for (kind, draft) in changes {
        act(&noemie, false, 1, event, revision, json!({"kind": "reopened"})).await;
        noemie.change(&id(1), revision + 1, &draft).await;
        assert_eq!(
            queue(&claire, "state=draft").await.requests[0].submission,
            noemie.read(&id(1)).await.submissions.len() as u32
        );
        noemie.submit(&id(1), revision + 2).await;
        let line =
            queue(&claire, &format!("kind={}", habilitation_model::ClosedList::as_str(kind))).await.requests.remove(0);
        assert_eq!((line.kind, line.name.as_str()), (kind, "Autrement"));
        assert_eq!(queue(&claire, "kind=first").await.total, 0);
        seen += 2;
        act(&claire, true, 1, event + 1, revision + 3, json!({"kind": "accepted", "seen": seen})).await;
        (revision, event, seen) = (revision + 4, event + 2, seen + 1);
    }
}

/// Seven requests: two of a town, one of them awaiting a reply, and others in several states, four of Claire's.
async fn seven(app: &TestApp) {
    let town = Fixture::named("town-hall");
    for (number, name) in (1..).zip(["b", "a", "d", "c", "e", "g", "f"]) {
        let (who, base) = if number < 3 { ("noemie", town.clone()) } else { ("stephane", ready()) };
        submit(&app.sign_in(who).await, number, &with(base, Field::ProjectName, name)).await;
        if number % 2 == 1 {
            let to_claire = json!({"kind": "assignment", "examiner": "demonstration:claire"});
            act(&app.sign_in("claire").await, true, number, 100, 2, to_claire).await;
        }
        app.wait(SignedDuration::from_hours(24));
    }
    let (claire, idris) = (app.sign_in("claire").await, app.sign_in("idris").await);
    let message = json!({"kind": "message", "text": "Bonjour."});
    act(&app.sign_in("noemie").await, false, 2, 101, 2, message).await;
    app.wait(SignedDuration::from_secs(1));
    let ask = json!({"kind": "changes_requested", "seen": 1, "text": "Un point."});
    act(&claire, true, 3, 102, 2, ask).await;
    app.wait(SignedDuration::from_secs(1));
    act(&idris, true, 4, 103, 2, json!({"kind": "accepted", "seen": 1})).await;
    app.wait(SignedDuration::from_secs(1));
    act(&idris, true, 5, 104, 2, json!({"kind": "refused", "seen": 1, "text": "Non."})).await;
}

#[tokio::test]
async fn it_is_narrowed_by_each_parameter_and_says_how_many_there_are() {
    let app = TestApp::start().await;
    seven(&app).await;
    let claire = app.sign_in("claire").await;
    for (query, expected) in [
        ("", "b a g f"),
        ("state=submitted&state=changes_requested", "b a g f d"),
        ("state=all", "b a g f d c e"),
        ("state=all&sort=submitted", "b a d c e g f"),
        ("examiner=me", "b f"),
        ("examiner=none", "a g"),
        ("examiner=demonstration:claire&state=all", "b f d e"),
        ("examiner=demonstration:idris&state=all", ""),
        ("level=eidas1", "b a"),
        ("level=eidas3&state=all&examiner=none", "g c"),
        ("organisation_kind=administration", "b a"),
        ("organisation_kind=company&examiner=me", "f"),
        ("kind=first&state=accepted", "c"),
        ("kind=contacts&state=all", ""),
        ("awaiting_reply=true&state=all", "a"),
        ("awaiting_reply=false", "b g f"),
        ("due_before=2027-01-23", "b"),
        ("due_before=2027-01-24", "b a"),
        ("due_before=2027-01-24&examiner=none", "a"),
        ("due_before=2099-01-01&state=all", "b a g f"),
        ("sort=activity", "b g f a"),
        ("sort=-activity&state=all", "e c d a f g b"),
        ("q=a", "a"),
        ("q=vallon+pre", "b a"),
        ("q=VALLON-LES-PR%C3%89S&examiner=me", "b"),
        ("q=marais", "g f"),
        ("q=marais&state=all&sort=-submitted", "f g e c d"),
        ("q=arais", ""),
        ("q=219900420", "b a"),
        ("q=219+900+420+00015&due_before=2027-01-23", "b"),
        ("q=fc-2026-000005", "e"),
        ("q=FC-2026-000005&examiner=none", ""),
        ("q=000005", ""),
        ("q=000005&state=all", "e"),
        ("q=%25", ""),
        ("q=rien+de+tel", ""),
    ] {
        let list = queue(&claire, query).await;
        assert_eq!(names(&list).join(" "), expected, "{query}");
        assert_eq!((list.total, list.next), (list.requests.len() as u64, None), "{query}");
    }
    let counts =
        QueueCounts { to_examine: 4, mine: 2, unassigned: 2, waiting: 1, due_soon: 0, awaiting_reply: 1, all: 7 };
    assert_eq!(queue(&claire, "q=rien").await.counts, counts);
    let idris = app.sign_in("idris").await;
    assert_eq!(queue(&idris, "kind=contacts").await.counts, QueueCounts { mine: 0, ..counts });
    // Seven weeks on, the oldest has two weeks left.
    app.wait(SignedDuration::from_hours(24 * 40));
    let claire = app.sign_in("claire").await;
    assert_eq!(queue(&claire, "").await.counts, QueueCounts { due_soon: 1, ..counts });
}

#[tokio::test]
async fn in_every_order_it_goes_on_where_it_stopped() {
    let app = TestApp::start().await;
    seven(&app).await;
    let claire = app.sign_in("claire").await;
    for sort in ["due", "-due", "submitted", "-submitted", "activity", "-activity"] {
        for filter in ["state=all", "state=submitted&state=accepted", "state=all&q=marais", "state=all&examiner=none"] {
            let whole = queue(&claire, &format!("{filter}&sort={sort}")).await;
            for limit in 1..=3 {
                let mut found = Vec::new();
                let mut cursor = String::new();
                loop {
                    let page = queue(&claire, &format!("{filter}&sort={sort}&limit={limit}&cursor={cursor}")).await;
                    assert_eq!((page.total, page.counts), (whole.total, whole.counts));
                    assert!(page.requests.len() <= limit);
                    found.extend(page.requests);
                    match page.next {
                        Some(next) => cursor = next,
                        None => break,
                    }
                }
                assert_eq!(found, whole.requests, "{filter} {sort} {limit}");
            }
        }
    }
    let next = queue(&claire, "sort=due&limit=1").await.next.unwrap();
    for query in [format!("sort=-due&cursor={next}"), format!("sort=activity&cursor={next}")] {
        claire.get(&format!("/api/examination/requests?{query}")).await.problem(400, "invalid-parameter");
    }
}

#[tokio::test]
async fn a_clock_that_goes_on_by_itself_has_its_day_again() {
    let app = TestApp::start().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    submit(&noemie, 1, &draft("first")).await;
    submit(&noemie, 2, &draft("second")).await;
    let ask = json!({"kind": "changes_requested", "seen": 1, "text": "Un point.", "answer_by": "2026-12-22"});
    act(&claire, true, 1, 101, 2, ask).await;
    assert_eq!(names(&queue(&claire, "state=all").await), ["second", "first"]);
    app.wait(SignedDuration::from_hours(24 * 30));
    let claire = app.sign_in("claire").await;
    let told = queue(&claire, "state=changes_requested").await.requests.remove(0);
    assert_eq!((told.suspended, told.due_on), (false, day("2027-02-21")));
    assert_eq!(queue(&claire, "state=all&due_before=2028-01-01").await.total, 1);
    app.purge().await;
    let claire = app.sign_in("claire").await;
    let list = queue(&claire, "state=all&due_before=2028-01-01").await;
    assert_eq!((list.total, list.requests[1].state), (2, State::ChangesRequested));
    app.wait(SignedDuration::from_hours(24));
    app.purge().await;
    let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
    let list = queue(&claire, "").await;
    assert_eq!((names(&list), list.counts.waiting), (vec!["second", "first"], 0), "the team takes it back");
    assert_eq!(noemie.read(&id(1)).await.due_on, day("2027-02-21"));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused() {
    let app = TestApp::start().await;
    let claire = app.sign_in("claire").await;
    for query in [
        "state=lost",
        "examiner=a&examiner=b",
        &format!("examiner={}", "a".repeat(201)),
        "kind=second",
        "level=eidas4",
        "organisation_kind=town",
        "awaiting_reply=1",
        "due_before=2027-1-1",
        "due_before=2027-02-30",
        "due_before=demain",
        "q=a&q=b",
        "q=%00",
        &format!("q={}", "a".repeat(201)),
        "sort=name",
        "sort=--due",
        "limit=0",
        "limit=101",
        "limit=many",
        "cursor=x",
        "cursor=due.2027-01-01",
        "cursor=submitted.1.1",
        "page=2",
    ] {
        claire.get(&format!("/api/examination/requests?{query}")).await.problem(400, "invalid-parameter");
    }
    // Neither words nor identifiers are statements.
    for query in ["q=%22+OR+%2A+NEAR%28", "q='+OR+1%3D1+--", "examiner='+OR+1%3D1+--", "q=words%3Aa+-b+%5Ec"] {
        assert_eq!(queue(&claire, query).await.total, 0, "{query}");
    }
}

#[tokio::test]
async fn it_is_for_the_team_alone_and_so_is_the_list_of_its_members() {
    let app = embedding::builder().start().await;
    let (noemie, claire, odile) =
        (app.sign_in("noemie").await, app.sign_in("claire").await, app.sign_in("odile").await);
    let element = Element::signed_in(&claire, 1).await;
    for path in ["/api/examination/requests", "/api/examination/team", "/api/examination/requests?state=lost"] {
        app.get(path).await.problem(401, "signed-out");
        noemie.get(path).await.problem(404, "not-found");
        element.get(path).await.problem(404, "not-found");
    }
    assert_eq!(queue(&odile, "").await.total, 0);
    let team: TeamList = odile.get("/api/examination/team").await.read();
    let people: Vec<_> = team.people.iter().map(|member| (member.name.as_str(), member.role)).collect();
    assert_eq!(
        people,
        [
            ("Claire Marchand", TeamRole::Examiner),
            ("Idris Benali", TeamRole::Examiner),
            ("Odile Kervella", TeamRole::Reader)
        ]
    );
    assert_eq!(team.people[0].id, "demonstration:claire");
}

#[tokio::test]
async fn what_an_earlier_release_left_is_in_the_queue() {
    for (release, expected) in [(4, 2), (5, 4)] {
        let app = embedding::builder().data(|data| crate::releases::restore(release, data)).start().await;
        let (noemie, claire) = (app.sign_in("noemie").await, app.sign_in("claire").await);
        let list = queue(&claire, "state=all").await;
        assert_eq!((list.total, list.counts.all, list.requests.len()), (expected, expected, expected as usize));
        for line in &list.requests {
            let request = noemie.read(&line.id).await;
            assert_eq!((line.state, line.due_on, line.suspended), (request.state, request.due_on, request.suspended));
            assert_eq!((Some(&line.number), line.revision), (request.number.as_ref(), request.revision));
            assert_eq!(
                (u32::try_from(request.submissions.len()).unwrap(), &line.submitted_at),
                (line.submission, &request.submissions[0].at)
            );
            let sent: Value = claire.get(&format!("/api/examination/requests/{}/submissions/1", line.id)).await.read();
            assert_eq!(sent["request"]["project"]["name"], line.name);
            let summary = noemie.get(&format!("/api/requests?q={}", line.number)).await;
            let told: habilitation_model::wire::RequestList = summary.read();
            assert_eq!(told.requests, [request.summary()]);
        }
        if release > 4 {
            let unread: BTreeSet<u32> = list.requests.iter().map(|line| line.unread).collect();
            assert_eq!(unread, BTreeSet::from([0, 1, 2]));
            let claires = queue(&claire, "state=all&examiner=me").await;
            assert_eq!((claires.requests[0].state, claires.total), (State::Accepted, 1));
            assert_eq!(queue(&claire, "state=all&awaiting_reply=true").await.total, 1);
        }
        // What was made of histories is as good as what is kept from now on.
        let restarted = app.restart().await;
        let claire = restarted.sign_in("claire").await;
        assert_eq!(queue(&claire, "state=all").await, list);
    }
}

#[tokio::test]
async fn listing_leaves_no_trace() {
    let app = TestApp::start().await;
    seven(&app).await;
    let claire = app.sign_in("claire").await;
    let before = app.kept();
    queue(&claire, "state=all").await;
    for path in ["", "/events", "/submissions/1"] {
        claire.get(&format!("/api/examination/requests/{}{path}", id(1))).await;
    }
    let noemie = app.sign_in("noemie").await;
    noemie.get(&address(&id(1))).await;
    let is_session = |line: &&String| line.starts_with("sessions.");
    let kept: Vec<_> = app.kept().into_iter().filter(|line| !is_session(&line)).collect();
    assert_eq!(kept, before.into_iter().filter(|line| !is_session(&line)).collect::<Vec<_>>());
}
