//! The table of rights over HTTP: each action, by each part, in each state.

use habilitation_fixtures::{id, ready};
use habilitation_model::ClosedList;
use habilitation_model::lifecycle::{Part, Standing};
use habilitation_model::rights::{Action, Actor, Caller, Condition, allows, allows_in_some_state};
use habilitation_model::wire::State;
use serde_json::{Value, json};

use super::{JEAN_BAPTISTE, KARIM, invited, inviting, joined, offering, people_of, removing};
use crate::app::{Person, TestApp, address, tag};
use crate::call::{Call, Response};

/// Standing in which the table is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    /// A state that follows from the first draft.
    In(State),
    /// The draft of a modification of an accepted request.
    Modification,
}

impl Case {
    const ALL: [Self; 9] = [
        Self::In(State::Draft),
        Self::In(State::Submitted),
        Self::In(State::ChangesRequested),
        Self::In(State::Accepted),
        Self::Modification,
        Self::In(State::Refused),
        Self::In(State::Withdrawn),
        Self::In(State::Revoked),
        Self::In(State::Archived),
    ];

    fn standing(self) -> Standing {
        let state = match self {
            Self::In(state) => state,
            Self::Modification => State::Draft,
        };
        let is_habilitated = matches!(self, Self::In(State::Accepted) | Self::Modification);
        Standing { state, is_habilitated, was_submitted: self != Self::In(State::Draft) }
    }
}

/// Calls of each right, as anybody may make them on request 1, with the status where it is done.
fn calls<'a>(who: &Person<'a>, person: &str, event: u8, action: Action, case: Case, revision: u64) -> Vec<(Call, u16)> {
    let (request, event) = (address(&id(1)), id(event));
    let was_submitted = case.standing().was_submitted;
    let act = |body: Value| {
        let path = format!("{request}/events/{event}");
        who.call("PUT", &path).header("if-match", &tag(revision)).json(&body)
    };
    match action {
        Action::Read => {
            let submission = if was_submitted { 200 } else { 404 };
            [("", 200), ("/events", 200), ("/submissions/1", submission)]
                .map(|(rest, status)| (who.call("GET", &format!("{request}{rest}")), status))
                .into()
        }
        Action::Edit => vec![(who.save(&id(1), Some(revision), &ready()), 200)],
        // Once it was sent, there is something to send where an answer is another one.
        Action::Submit => vec![(who.submission(&id(1), revision), if was_submitted { 422 } else { 201 })],
        Action::Reopen => vec![(act(json!({"kind": "reopened"})), 201)],
        Action::Withdraw => vec![(act(json!({"kind": "withdrawn"})), 201)],
        Action::Delete => vec![(who.call("DELETE", &request).header("if-match", &tag(revision)), 204)],
        Action::Archive => vec![(act(json!({"kind": "archived"})), 201)],
        Action::Write => vec![(act(json!({"kind": "message", "text": "Bonjour."})), 201)],
        Action::ListPeople => vec![(who.call("GET", &people_of(1)), 200)],
        Action::Invite => vec![(inviting(who, 1, 91, "x@ailleurs.example", "reader"), 201)],
        Action::Leave => vec![(removing(who, 1, person), 204)],
        Action::HandOver => vec![(offering(who, 1, "karim"), 201)],
        // The team, the operator and strangers do these, elsewhere.
        Action::Decide | Action::AskRecovery | Action::DecideRecovery | Action::Reassign => Vec::new(),
    }
}

/// Brings a request of Noémie into a standing, with Karim as editor and Jean-Baptiste as reader. Returns its revision.
async fn request_in(app: &TestApp, case: Case) -> u64 {
    let noemie = app.sign_in("noemie").await;
    noemie.create(&id(1), &ready()).await;
    joined(&app.sign_in("karim").await, &invited(&noemie, 1, 9, KARIM, "editor").await).await;
    joined(&app.sign_in("jean-baptiste").await, &invited(&noemie, 1, 10, JEAN_BAPTISTE, "reader").await).await;
    if case == Case::In(State::Draft) {
        return 1;
    }
    noemie.submit(&id(1), 1).await;
    let claire = app.sign_in("claire").await;
    let acting = |who: &Person<'_>, path: &str, event: u8, revision: u64, act: Value| {
        let path = format!("{path}/{}/events/{}", id(1), id(event));
        who.call("PUT", &path).header("if-match", &tag(revision)).json(&act)
    };
    let (team, own) = ("/api/examination/requests", "/api/requests");
    let accepted = (&claire, team, json!({"kind": "accepted", "seen": 9}));
    let withdrawn = (&noemie, own, json!({"kind": "withdrawn"}));
    let steps: Vec<(&Person<'_>, &str, Value)> = match case {
        Case::In(State::ChangesRequested) => {
            vec![(&claire, team, json!({"kind": "changes_requested", "text": "a", "seen": 9}))]
        }
        Case::In(State::Accepted) => vec![accepted],
        Case::Modification => vec![accepted, (&noemie, own, json!({"kind": "reopened"}))],
        Case::In(State::Refused) => vec![(&claire, team, json!({"kind": "refused", "text": "a", "seen": 9}))],
        Case::In(State::Withdrawn) => vec![withdrawn],
        Case::In(State::Revoked) => {
            let revoked = json!({"kind": "revoked", "text": "a", "ground": "at_request", "seen": 9});
            vec![accepted, (&claire, team, revoked)]
        }
        Case::In(State::Archived) => vec![withdrawn, (&noemie, own, json!({"kind": "archived"}))],
        Case::In(State::Draft | State::Submitted) => Vec::new(),
    };
    let mut revision = 2;
    for ((who, path, act), event) in steps.into_iter().zip(60..) {
        let answer = acting(who, path, event, revision, act).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        revision += 1;
    }
    revision
}

/// Checks that an answer is a refusal of one kind.
#[track_caller]
fn refused(answer: &Response, status: u16, kind: &str, what: &str) {
    assert_eq!(answer.status, status, "{what}");
    assert!(answer.text().contains(&format!("\"/problems/{kind}\"")), "{what}");
}

#[tokio::test]
async fn the_table_of_rights_holds_for_every_part_in_every_state() {
    for case in Case::ALL {
        for action in Action::ALL.iter().copied() {
            let app = TestApp::start().await;
            let mut revision = request_in(&app, case).await;
            let condition = Condition::from(case.standing());
            let people = [
                ("stephane", None),
                ("jean-baptiste", Some(Part::Reader)),
                ("karim", Some(Part::Editor)),
                ("noemie", Some(Part::Owner)),
            ];
            // The owner comes last: what they do changes the state.
            for ((person, part), event) in people.into_iter().zip(90..) {
                let who = app.sign_in(person).await;
                let caller = part.map(|part| Caller::of(Actor::Participant(part)));
                let may = caller.is_some_and(|caller| allows(&caller, action, &condition));
                let reads = caller.is_some_and(|caller| allows(&caller, Action::Read, &condition));
                let ever = caller.is_some_and(|caller| allows_in_some_state(&caller, action, false));
                let before = app.kept();
                for (call, done) in calls(&who, person, event, action, case, revision) {
                    let answer = call.send().await;
                    let what = format!("{action:?} of {part:?} in {case:?}: {} {}", answer.status, answer.text());
                    match (may, reads, ever) {
                        (true, ..) => assert_eq!(answer.status, done, "{what}"),
                        (_, false, _) => refused(&answer, 404, "not-found", &what),
                        // A submission that is repeated is harmless.
                        (_, _, true) if action == Action::Submit && case == Case::In(State::Submitted) => {
                            assert_eq!(answer.status, 200, "{what}");
                        }
                        (_, _, true) if action == Action::Edit => refused(&answer, 409, "submitted", &what),
                        (_, _, true) => refused(&answer, 409, "wrong-state", &what),
                        (_, _, false) => {
                            refused(&answer, 403, "not-permitted", &what);
                            assert!(answer.text().contains(r#""code":"part""#), "{what}");
                        }
                    }
                }
                if !may || action == Action::Read || action == Action::ListPeople {
                    assert_eq!(app.kept(), before, "{action:?} of {part:?} in {case:?} changed something");
                } else if part == Some(Part::Editor) && action == Action::Edit {
                    revision += 1;
                }
            }
        }
    }
}
