//! The time at which the machine writes and sends.

use super::*;

#[test]
fn nothing_is_written_or_sent_before_the_first_edit() {
    let mut machine = script(Machine::new(another_tab(), named("rempli d’avance")));
    for event in [Woken, Flush, Hidden, Offline, Online, edited(named("rempli d’avance"))] {
        machine.on(event).then([]);
    }
    assert_eq!(machine.saved_to(), SavedTo::Nowhere);
}

#[test]
fn an_edit_is_kept_at_once_and_sent_soon() {
    let mut machine = sending(&named("a"));
    assert_eq!(machine.saved_to(), SavedTo::OnTheWay);
    machine.on(saved(1)).then([WriteDevice, ReleaseLock]);
    assert_eq!(machine.saved_to(), SavedTo::Server);
    assert_eq!(machine.base(), Some(&saved_draft(1, named("a"))));
}

#[test]
fn typing_without_a_pause_does_not_put_the_save_off() {
    let mut machine = script(Machine::new(another_tab(), Draft::default()));
    machine.on(edited(named("a"))).then([WriteDevice, wake(SAVE_DELAY)]);
    machine.on(edited(named("ab"))).then([WriteDevice]);
    machine.on(edited(named("abc"))).then([WriteDevice]);
    machine.on(Woken).then(asked());
    assert!(u64::from(SAVE_DELAY) + u64::from(LOCK_PATIENCE) < 2_000);
}

#[test]
fn the_body_is_read_when_the_lock_is_granted() {
    let mut machine = script(Machine::new(another_tab(), Draft::default()));
    machine.on(edited(named("a"))).on(Woken).on(edited(named("ab"))).then([WriteDevice]);
    machine.on(LockGranted).then(sent(None, named("ab")));
}

#[test]
fn a_lock_that_is_no_longer_needed_is_released() {
    let mut machine = at_rest(1, named("a"));
    machine.on(edited(named("b"))).on(Woken);
    machine.on(edited(named("a"))).on(LockGranted).then([ReleaseLock]);
    machine.on(LockGranted).then_because("nobody asked", [ReleaseLock]);
}

#[test]
fn a_lock_that_does_not_come_is_not_waited_for() {
    let mut machine = script(Machine::new(another_tab(), Draft::default()));
    machine.on(edited(named("a"))).on(Woken).then(asked());
    machine.on(Woken).then(sent(None, named("a")));
    machine.on(LockGranted).then_because("it is under way already", [ReleaseLock]);
    machine.on(saved(1)).then([WriteDevice]);
}

#[test]
fn a_page_that_closes_sends_without_the_lock() {
    let mut machine = script(Machine::new(another_tab(), Draft::default()));
    machine.on(edited(named("a"))).on(Woken).on(Hidden).then(sent(None, named("a")));
    machine.on(edited(named("ab"))).on(Hidden).then_because("one is under way", [WriteDevice]);
}

#[test]
fn one_save_is_under_way_at_a_time_and_later_edits_go_with_the_next() {
    let mut machine = sending(&named("a"));
    machine.on(edited(named("ab"))).then([WriteDevice, wake(SAVE_DELAY)]);
    machine.on(Flush).then([]);
    machine.on(saved(1)).then([WriteDevice, ReleaseLock]);
    machine.on(Woken).then(asked());
    machine.on(LockGranted).then(sent(Some(1), named("ab")));
}

#[test]
fn what_became_due_during_a_save_follows_at_once() {
    let mut machine = sending(&named("a"));
    machine.on(edited(named("ab"))).on(Woken).then([]);
    machine.on(saved(1)).then([vec![WriteDevice, ReleaseLock], asked()].concat());
}

#[test]
fn what_the_device_kept_is_sent_after_a_crash() {
    let machine = sending(&named("a"));
    let mut restored = script(Machine::from_device(another_tab(), machine.device_copy(0)));
    restored.on(Flush).then(asked());
    restored.on(LockGranted).then(sent(None, named("a")));
}

#[test]
fn a_copy_is_read_back_as_it_was_written() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("ici"));
    machine.on(stale(saved_draft(2, named("ailleurs"))));
    send_now(&mut machine, {
        let mut draft = named("ici");
        draft.legal.basis = "x".into();
        draft
    });
    let copy = machine.device_copy(12);
    let json = serde_json::to_string(&copy).unwrap();
    assert_eq!(serde_json::from_str::<DeviceCopy>(&json).unwrap(), copy);
    assert!(!copy.conflicts.is_empty() && !copy.sent_marks.is_empty());
}

#[test]
fn a_verification_that_takes_its_time_holds_no_save_up() {
    let mut machine = script(Machine::from_device(another_tab(), at_rest(2, named("a")).device_copy(0)));
    machine.on(Flush).on(LockGranted).then(verified(2));
    machine.on(Flush).then_because("it is verified once", []);
    machine.on(edited(named("b"))).then([WriteDevice, wake(SAVE_DELAY)]);
    machine.on(Woken).then(sent(Some(2), named("b")));
    machine.on(edited(named("c"))).on(Woken).then_because("a save is waited for", []);
    machine.on(saved(3));
    assert_eq!(machine.base(), Some(&saved_draft(3, named("b"))));
}

#[test]
fn what_only_the_device_says_is_on_the_server_is_asked_for_before_it_counts_as_saved() {
    let copy = at_rest(2, named("a")).device_copy(0);
    let mut machine = script(Machine::from_device(another_tab(), copy.clone()));
    assert_eq!(machine.saved_to(), SavedTo::OnTheWay);
    machine.on(Flush).then(asked());
    machine.on(LockGranted).then(verified(2));
    machine.on(saved(2)).then([WriteDevice, ReleaseLock]);
    assert_eq!((machine.saved_to(), machine.base()), (SavedTo::Server, Some(&saved_draft(2, named("a")))));

    for (failure, saved_to) in [
        (Failure::Unreachable, SavedTo::Device(Failure::Unreachable)),
        (Failure::NotOnServer, SavedTo::Device(Failure::NotOnServer)),
        // Nothing of it was to be kept here.
        (Failure::Gone, SavedTo::Erased),
        (Failure::Submitted, SavedTo::Erased),
    ] {
        let mut machine = script(Machine::from_device(another_tab(), copy.clone()));
        machine.on(Hidden).on(failed(failure));
        assert_eq!(machine.saved_to(), saved_to);
    }
}
