//! Submission, deletion and what outlives them.

use super::*;

#[test]
fn nothing_is_sent_while_a_submission_is_under_way() {
    let mut machine = at_rest(1, named("a"));
    machine.on(Submitting).on(edited(named("b"))).then([WriteDevice]);
    for event in [Woken, Flush, Online] {
        machine.on(event).then([]);
    }
    machine.on(Hidden).then([WriteDevice]);
    machine.on(NotSubmitted).then(asked());
}

#[test]
fn nothing_is_saved_after_submission_or_deletion() {
    for end in [Event::Submitted, Event::Deleted, Erased] {
        let mut machine = at_rest(1, named("a"));
        machine.on(end).then([EraseDevice]);
        for event in [edited(named("b")), Woken, Hidden, saved(1)] {
            machine.on(event).then([]);
        }
        machine.on(LockGranted).then_because("the other tabs wait for it", [ReleaseLock]);
        assert_eq!(machine.saved_to(), SavedTo::Erased);
    }
}

#[test]
fn what_never_reached_the_server_outlives_submission_and_deletion_elsewhere() {
    let endings = [
        (Event::Submitted, Failure::Submitted),
        (Event::Deleted, Failure::Gone),
        (failed(Failure::Submitted), Failure::Submitted),
        (failed(Failure::Gone), Failure::Gone),
    ];
    for (end, failure) in endings {
        let mut machine = at_rest(1, named("a"));
        send_now(&mut machine, named("b"));
        let effects = machine.on(end).effects.clone();
        assert!(!effects.contains(&EraseDevice), "{effects:?}");
        assert_eq!(machine.saved_to(), SavedTo::Device(failure));
        for event in [edited(named("c")), Hidden] {
            machine.on(event).then([WriteDevice]);
        }
        for event in [Flush, Online, SignedIn] {
            machine.on(event).then([]);
        }
        let again = machine.device_copy(0).as_new_request(7);
        assert_eq!(again, DeviceCopy::new(named("c"), 7));
        assert_eq!(machine.on(Erased).effects.first(), Some(&EraseDevice));
    }
}

#[test]
fn a_save_that_is_in_flight_when_the_draft_is_closed_still_gets_its_response() {
    for closing in [vec![Event::Submitted], vec![Event::Deleted, Event::Submitted]] {
        let mut closed = at_rest(1, named("a"));
        send_now(&mut closed, named("b"));
        for event in closing {
            closed.on(event).then([WriteDevice]);
        }
        assert_eq!(closed.saved_to(), SavedTo::Device(Failure::Submitted));

        let mut machine = closed.clone();
        machine.on(saved(2)).then([WriteDevice, ReleaseLock]);
        assert_eq!((machine.base(), machine.saved_to()), (Some(&saved_draft(2, named("b"))), SavedTo::Server));
        let mut machine = closed.clone();
        machine.on(failed(Failure::Unreachable)).then([ReleaseLock]);
        assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Submitted));
    }
}

#[test]
fn a_request_begun_again_leaves_the_files_behind() {
    let mut draft = named("a");
    draft.terms.accepted = true;
    let expected = DeviceCopy::new(draft.clone(), 7);
    draft.legal.documents = vec![crate::Document {
        id: crate::Id::new(0, [0; 10]),
        name: "texte.pdf".to_owned(),
        size: 1,
        media_type: "application/pdf".to_owned(),
    }];
    assert_eq!(at_rest(1, draft).device_copy(0).as_new_request(7), expected);
}

#[test]
fn a_draft_that_the_server_does_not_know_is_kept_whatever_was_acknowledged() {
    for mut machine in [at_rest(3, named("a")), sending(&named("a"))] {
        machine.on(Event::NotOnServer).then([WriteDevice]);
        assert_eq!(machine.saved_to(), SavedTo::Device(Failure::NotOnServer));
        machine.on(edited(named("b"))).then([WriteDevice]);
        machine.on(Flush).then([]);
        assert!(machine.device_copy(0).is_unsent() && !machine.device_copy(0).has_expired(u64::MAX));
        assert_eq!(machine.on(Erased).effects.first(), Some(&EraseDevice));
    }
    let mut machine = at_rest(3, named("a"));
    send_now(&mut machine, named("b"));
    machine.on(failed(Failure::NotOnServer));
    assert_eq!(machine.saved_to(), SavedTo::Device(Failure::NotOnServer));
}

#[test]
fn an_untouched_draft_that_the_server_does_not_know_leaves_nothing_on_the_device() {
    let mut machine = script(Machine::new(another_tab(), named("rempli d’avance")));
    machine.on(Event::NotOnServer).then([]);
    assert_eq!(machine.saved_to(), SavedTo::Nowhere);
    machine.on(Hidden).then([]);
    machine.on(edited(named("a"))).on(Woken).then(asked());
    machine.on(LockGranted).then(sent(None, named("a")));
}

#[test]
fn only_a_copy_of_which_the_server_has_everything_has_its_time() {
    let day = 24 * 3_600_000;
    let copy = |machine: &Machine, changed_at: u64| DeviceCopy { changed_at, ..machine.device_copy(0) };
    let acknowledged = copy(&at_rest(1, named("a")), 100 * day);
    for (now, expired) in [(130 * day, false), (130 * day + 1, true), (3 * day, false)] {
        assert_eq!(acknowledged.has_expired(now), expired, "{now}");
    }
    let mut unsent = at_rest(1, named("a"));
    unsent.on(edited(named("b")));
    for machine in [unsent, script(Machine::new(another_tab(), named("a")))] {
        assert!(!copy(&machine, 0).has_expired(20_000 * day));
    }
}
