//! Failures, and how the machine goes on after them.

use super::*;

#[test]
fn retries_come_later_and_later_up_to_a_minute() {
    let mut machine = sending(&named("a"));
    let mut waits = Vec::new();
    for _ in 0..10 {
        match machine.on(failed(Failure::Unreachable)).effects.as_slice() {
            [ReleaseLock, Effect::Wake { after }] => waits.push(*after),
            other => panic!("{other:?}"),
        }
        machine.on(edited(named(&format!("a{}", waits.len())))).then_because("an edit hurries nothing", [WriteDevice]);
        machine.on(Woken).then(asked());
        assert_eq!(machine.on(LockGranted).effects.len(), 2);
    }
    assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
}

#[test]
fn being_online_again_sends_at_once() {
    let mut machine = sending(&named("a"));
    machine.on(failed(Failure::Unreachable)).on(Online).then(asked());
}

#[test]
fn being_offline_is_told_at_once_and_tried_rarely() {
    let mut machine = at_rest(1, named("a"));
    machine.on(Offline).then([]);
    assert_eq!(machine.saved_to(), SavedTo::Server, "there is nothing that it lacks");
    assert_eq!(machine.failure(), Some(Failure::Unreachable));
    machine.on(edited(named("ab")));
    assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Unreachable));
    machine.on(Online).then(asked());

    let mut machine = script(Machine::new(another_tab(), Draft::default()));
    machine.on(edited(named("a"))).on(Woken).on(Offline).then([wake(RETRY_LONGEST)]);
    machine.on(LockGranted).then([ReleaseLock]);
    machine.on(Woken).then(asked());
    machine.on(LockGranted).then(sent(None, named("a")));
}

#[test]
fn a_save_in_flight_is_on_its_way_again_once_the_network_is_back() {
    let mut machine = sending(&named("a"));
    machine.on(Offline).then([]);
    assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Unreachable));
    machine.on(Online).then([wake(SAVE_DELAY)]);
    assert_eq!((machine.saved_to(), machine.failure()), (SavedTo::OnTheWay, None));
    machine.on(saved(1));
    assert_eq!(machine.saved_to(), SavedTo::Server);
}

#[test]
fn being_signed_out_or_without_a_right_stops_sending_until_the_person_comes_back() {
    for failure in [Failure::SignedOut, Failure::NotPermitted] {
        let mut machine = sending(&named("a"));
        machine.on(failed(failure)).then([ReleaseLock]);
        machine.on(edited(named("ab"))).then([WriteDevice]);
        for event in [Flush, Online, Woken] {
            machine.on(event).then([]);
        }
        machine.on(Hidden).then([WriteDevice]);
        machine.on(SignedIn).then(asked());
        machine.on(LockGranted).then(sent(None, named("ab")));
    }
}

#[test]
fn a_response_from_before_the_person_came_back_does_not_stop_again() {
    for failure in [Failure::SignedOut, Failure::NotPermitted] {
        let mut machine = sending(&named("a"));
        machine.on(SignedIn).on(failed(failure)).then([vec![ReleaseLock], asked()].concat());
        machine.on(LockGranted).then(sent(None, named("a")));
        machine.on(failed(failure)).then_because("this one is from after it", [ReleaseLock]);
    }
}

#[test]
fn a_draft_that_was_too_large_is_sent_again_once_it_changed() {
    for failure in [Failure::TooLarge, Failure::NotUnderstood] {
        let mut machine = sending(&named("a"));
        machine.on(failed(failure)).then([ReleaseLock]);
        machine.on(Flush).then([]);
        machine.on(edited(named("b"))).then([WriteDevice, wake(SAVE_DELAY)]);
    }
}

#[test]
fn answers_corrected_before_the_draft_was_rejected_are_sent() {
    let mut machine = sending(&named("trop long"));
    machine.on(edited(named("court"))).on(failed(Failure::TooLarge)).then([ReleaseLock]);
    machine.on(Woken).then(asked());
    machine.on(LockGranted).then(sent(None, named("court")));
}

#[test]
fn two_tabs_do_not_take_turns_at_sending_what_is_too_large() {
    let mut first = sending(&named("a"));
    let mut second = script(Machine::from_device(another_tab(), write(&mut first)));
    first.on(failed(Failure::TooLarge));
    second.on(Flush).on(LockGranted).then(sent(None, named("a")));
    first.on(other_tab_wrote(&write(&mut second))).then([]);
    assert_eq!(first.failure(), Some(Failure::TooLarge));
    second.on(failed(Failure::TooLarge)).on(edited(named("b")));
    first.on(other_tab_wrote(&write(&mut second))).then([ShowAnswers(vec![Field::ProjectName]), wake(SAVE_DELAY)]);
}

#[test]
fn a_server_for_which_every_save_is_stale_is_asked_ever_more_rarely() {
    let mut machine = saved_twice(named("avant"), named("après"));
    send_now(&mut machine, named("encore"));
    let others =
        |revision: u64| saved_draft(revision, Draft { legal: legal(&revision.to_string()).legal, ..named("après") });
    // At once after the first time, which is what happens when others save too.
    assert_eq!(machine.on(stale(others(3))).effects.last(), asked().last());
    let mut waits = Vec::new();
    for revision in 4..12 {
        // The lock was asked for at once after the first stale save.
        if revision > 4 {
            machine.on(Woken);
        }
        machine.on(LockGranted);
        let effects = machine.on(stale(others(revision))).effects.clone();
        let Some(Effect::Wake { after }) = effects.last() else { panic!("{effects:?}") };
        waits.push(*after);
    }
    assert!(waits.is_sorted() && waits[0] >= 500 && waits[7] >= 30_000, "{waits:?}");
}

#[test]
fn a_server_that_calls_a_save_stale_and_has_no_news_is_not_asked_at_once() {
    let mut machine = at_rest(2, named("a"));
    send_now(&mut machine, named("b"));
    let effects = machine.on(stale(saved_draft(2, named("a")))).effects.clone();
    assert!(matches!(effects[..], [ReleaseLock, Effect::Wake { after: 500.. }]), "{effects:?}");
}

#[test]
fn a_save_that_is_intercepted_again_and_again_is_told_as_such_and_tried_on() {
    let mut machine = sending(&named("a"));
    for told in [Failure::Unreachable, Failure::Unreachable, Failure::Intercepted, Failure::Intercepted] {
        let effects = machine.on(failed(Failure::Intercepted)).effects.clone();
        assert!(matches!(effects.last(), Some(Effect::Wake { .. })), "{effects:?}");
        assert_eq!(machine.saved_to(), SavedTo::Device(told));
        machine.on(Woken).on(LockGranted);
    }
    machine.on(saved(1));
    assert_eq!(machine.saved_to(), SavedTo::Server);
}

#[test]
fn a_server_that_says_when_to_come_back_is_heard_up_to_a_minute() {
    for (pause, after) in [(0, 500), (7_000, 7_000), (3_600_000, RETRY_LONGEST)] {
        let mut machine = sending(&named("a"));
        let effects = machine.on(Event::Failed { failure: Failure::Unreachable, random: 0, pause }).effects.clone();
        assert_eq!(effects.last(), Some(&wake(after)));
    }
}

#[test]
fn only_our_own_problems_mean_what_their_status_says() {
    for status in [200, 302, 400, 401, 403, 404, 405, 407, 409, 410, 412, 413, 415, 422, 428, 451, 511] {
        assert_eq!(Failure::of_intercepted(status), Failure::Intercepted, "{status}");
    }
    for status in [408, 425, 429, 500, 502, 503, 504, 507, 599] {
        assert_eq!(Failure::of_intercepted(status), Failure::Unreachable, "{status}");
    }
    for (status, kind, failure) in [
        (401, "signed-out", Failure::SignedOut),
        (404, "not-found", Failure::NotOnServer),
        (408, "too-slow", Failure::Unreachable),
        (409, "submitted", Failure::Submitted),
        (409, "wrong-state", Failure::Submitted),
        (409, "quota-reached", Failure::QuotaReached),
        (410, "deleted", Failure::Gone),
        (412, "stale", Failure::NotOnServer),
        (413, "too-large", Failure::TooLarge),
        (400, "invalid-body", Failure::NotUnderstood),
        (403, "foreign-origin", Failure::Intercepted),
        (403, "not-permitted", Failure::NotPermitted),
        (425, "not-known-yet", Failure::Unreachable),
        (429, "too-many-calls", Failure::Unreachable),
        (500, "internal", Failure::Unreachable),
        (503, "not-ready", Failure::Unreachable),
        (507, "not-known-yet", Failure::Unreachable),
        (418, "not-known-yet", Failure::Intercepted),
    ] {
        assert_eq!(Failure::of_problem(status, &["/problems/", kind].concat()), failure, "{status} {kind}");
    }
}
