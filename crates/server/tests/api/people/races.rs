//! Calls that meet: exactly one wins, and nothing is half done.

use habilitation_fixtures::{id, named, pdf, ready};
use habilitation_model::lifecycle::Part;
use habilitation_model::wire::{FollowedInvitation, Joining, Kind, Mail, State};

use super::{
    KARIM, TestApp, accepting, address, code, count, following, identifier, invited, joined, kinds, list_of, offering,
    parts, removing,
};
use crate::app::Person;

/// Rounds of each race, each with a request of its own.
const ROUNDS: std::ops::RangeInclusive<u8> = 1..=8;

/// Shares a request of Noémie with Karim, who edits, and offers it to him.
async fn offered(noemie: &Person<'_>, karim: &Person<'_>, request: u8) {
    noemie.create(&id(request), &ready()).await;
    joined(karim, &invited(noemie, request, 9, KARIM, "editor").await).await;
    assert_eq!(offering(noemie, request, "karim").send().await.status, 201);
}

async fn mails(app: &TestApp, kind: Mail) -> usize {
    let caught: habilitation_model::wire::CaughtMails = app.get("/api/demo/mail").await.read();
    caught.mails.iter().filter(|mail| mail.mail == kind).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_acceptances_of_one_hand_over_change_its_owner_once() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    for request in ROUNDS {
        offered(&noemie, &karim, request).await;
        let (one, other) = tokio::join!(accepting(&karim, request).send(), accepting(&karim, request).send());
        assert_eq!((one.status, other.status), (200, 200), "repeating it is harmless");
        let told = kinds(&karim, request).await;
        assert_eq!(told, [Kind::Invited, Kind::Joined, Kind::HandedOver]);
        let people = [("Karim", Part::Owner, false), ("Noémie", Part::Reader, false)];
        assert_eq!(parts(&list_of(&noemie, request).await), people);
        assert_eq!(mails(&app, Mail::NewOwner).await, usize::from(request));
        assert_eq!(mails(&app, Mail::HandedOver).await, usize::from(request));
    }
    assert_eq!(count(&app, "SELECT count(*) FROM hand_overs"), 0);
    let kept = "SELECT count(*) FROM kept WHERE bytes <> (SELECT sum(octet_length(draft)) FROM requests)";
    assert_eq!(count(&app, kept), 0, "what is kept went to the new owner once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acceptance_meets_the_offer_that_is_taken_back_before_or_after() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    for request in ROUNDS {
        offered(&noemie, &karim, request).await;
        let path = format!("{}/hand-over", address(&id(request)));
        let (accepted, withdrawn) =
            tokio::join!(accepting(&karim, request).send(), noemie.call("DELETE", &path).send());
        let list = list_of(&karim, request).await;
        match (accepted.status, withdrawn.status) {
            (200, 403) => {
                assert_eq!(code(&withdrawn), "part");
                assert_eq!(parts(&list)[0], ("Karim", Part::Owner, false));
            }
            (404, 204) => assert_eq!(parts(&list)[0], ("Noémie", Part::Owner, false)),
            other => panic!("{other:?}"),
        }
        assert_eq!((list.people.len(), list.hand_over), (2, None));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_meets_the_acceptance_of_a_hand_over_before_or_after() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    let mut submitted = 0;
    // A person submits twenty in a day at most.
    for request in ROUNDS {
        offered(&noemie, &karim, request).await;
        let (sent, accepted) =
            tokio::join!(noemie.submission(&id(request), 1).send(), accepting(&karim, request).send());
        assert_eq!(accepted.status, 200, "{}", accepted.text());
        let kept = karim.read(&id(request)).await;
        assert_eq!(kept.role, Part::Owner);
        match sent.status {
            201 => {
                submitted += 1;
                assert_eq!((kept.state, kept.revision, kept.submissions.len()), (State::Submitted, 2, 1));
                assert_eq!(kept.number, Some(format!("FC-2026-{submitted:06}")));
                assert_eq!(kinds(&karim, request).await[2..], [Kind::Submitted, Kind::HandedOver]);
            }
            _ => {
                assert_eq!(code(&sent), "part");
                assert_eq!((kept.state, kept.revision, kept.number), (State::Draft, 1, None));
                assert_eq!(kinds(&karim, request).await[2..], [Kind::HandedOver]);
            }
        }
    }
    assert_eq!(count(&app, "SELECT coalesce(sum(last), 0) FROM numbers"), submitted, "no number is lost");
    assert_eq!(count(&app, "SELECT count(*) FROM submissions"), submitted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_meets_the_removal_of_its_editor_before_or_after() {
    let app = TestApp::start().await;
    let (noemie, karim) = (app.sign_in("noemie").await, app.sign_in("karim").await);
    let mut arrived = 0;
    for request in ROUNDS {
        noemie.create(&id(request), &named("Guichet")).await;
        joined(&karim, &invited(&noemie, request, 9, KARIM, "editor").await).await;
        let bytes = pdf(&"a".repeat(50_000));
        let (sent, removed) = tokio::join!(
            karim.upload(&id(request), &id(30), &bytes).send(),
            removing(&noemie, request, "karim").send()
        );
        assert_eq!(removed.status, 204, "{}", removed.text());
        match sent.status {
            201 => arrived += 1,
            _ => drop(sent.problem(404, "not-found")),
        }
        assert_eq!(noemie.read(&id(request)).await.arrived.len(), usize::from(sent.status == 201));
        karim.get(&address(&id(request))).await.problem(404, "not-found");
        karim.upload(&id(request), &id(31), &bytes).send().await.problem(404, "not-found");
    }
    let rows = count(&app, "SELECT count(*) FROM documents WHERE owner = 'demonstration:noemie'");
    assert_eq!(rows, arrived);
    assert_eq!(app.files().len(), usize::try_from(arrived).unwrap(), "a file that was refused is gone at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_strangers_who_press_one_link_at_once_one_waits_for_the_owner() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    let (karim, jean) = (app.sign_in("karim").await, app.sign_in("jean-baptiste").await);
    for request in ROUNDS {
        noemie.create(&id(request), &named("Guichet")).await;
        let token = invited(&noemie, request, 9, "quelqu.un@ailleurs.example", "reader").await;
        let (one, other) = tokio::join!(following(&karim, &token).send(), following(&jean, &token).send());
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404]);
        let (first, waits) = if one.status == 200 { (&one, "karim") } else { (&other, "jean-baptiste") };
        assert_eq!(first.read::<FollowedInvitation>().state, Joining::ToConfirm);
        let list = list_of(&noemie, request).await;
        let to_confirm = list.invitations[0].to_confirm.as_ref().unwrap();
        assert_eq!((&to_confirm.id, list.people.len()), (&identifier(waits), 1));
        assert_eq!(mails(&app, Mail::InvitationToConfirm).await, usize::from(request));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_invited_takes_part_though_a_stranger_presses_the_link_at_once() {
    let app = TestApp::start().await;
    let noemie = app.sign_in("noemie").await;
    let (karim, jean) = (app.sign_in("karim").await, app.sign_in("jean-baptiste").await);
    for request in ROUNDS {
        noemie.create(&id(request), &named("Guichet")).await;
        let token = invited(&noemie, request, 9, KARIM, "reader").await;
        let (invited, other) = tokio::join!(following(&karim, &token).send(), following(&jean, &token).send());
        assert_eq!(invited.read::<FollowedInvitation>().state, Joining::Joined);
        match other.status {
            200 => assert_eq!(other.read::<FollowedInvitation>().state, Joining::ToConfirm),
            _ => drop(other.problem(404, "not-found")),
        }
        let list = list_of(&noemie, request).await;
        assert_eq!((parts(&list).len(), list.invitations), (2, Vec::new()), "nobody waits any more");
        jean.get(&address(&id(request))).await.problem(404, "not-found");
        assert_eq!(kinds(&noemie, request).await, [Kind::Invited, Kind::Joined]);
    }
}
