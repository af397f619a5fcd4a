//! What the machine orders, event by event.

use std::sync::atomic::{AtomicU32, Ordering};

use super::timing::RETRY_LONGEST;
use super::*;
use crate::draft::Draft;
use crate::field::{Field, Value};
use crate::scope::Scopes;

fn named(name: &str) -> Draft {
    let mut draft = Draft::default();
    draft.project.name = name.into();
    draft
}

fn legal(basis: &str) -> Draft {
    let mut draft = Draft::default();
    draft.legal.basis = basis.into();
    draft
}

fn scoped(scopes: &[&str]) -> Draft {
    let mut draft = Draft::default();
    draft.data.scopes = Scopes::from_wire(scopes.iter().map(|scope| (*scope).to_owned()).collect());
    draft
}

/// The number of a tab that no other has.
fn another_tab() -> u32 {
    static TABS: AtomicU32 = AtomicU32::new(0);
    TABS.fetch_add(1, Ordering::Relaxed)
}

fn base(revision: u64, draft: Draft) -> Base {
    Base { revision, saved_at: format!("2026-11-25T10:00:{revision:02}Z"), draft }
}

fn of_revision(revision: u64) -> Basis {
    let Base { revision, saved_at, .. } = base(revision, Draft::default());
    Basis::of(revision, &saved_at)
}

fn refused(current: Base) -> Event {
    Event::Refused(current.into())
}

/// Tells the machine that the server holds this, as it was asked just now.
fn found(machine: &Machine, current: Base) -> Event {
    Event::Found { current: current.into(), asked: machine.basis() }
}

fn saved(revision: u64) -> Event {
    let Base { revision, saved_at, .. } = base(revision, Draft::default());
    Event::Saved { revision, saved_at }
}

fn failed(failure: Failure) -> Event {
    Event::Failed { failure, random: 0, pause: 0 }
}

fn edited(draft: Draft) -> Event {
    Event::Edited(draft)
}

fn wake(after: u32) -> Effect {
    Effect::Wake { after }
}

/// What asks for the turn to send.
fn asked() -> Vec<Effect> {
    vec![wake(LOCK_PATIENCE), Effect::RequestLock]
}

/// What sends once the turn has come.
fn sent(revision: Option<u64>, draft: Draft) -> Vec<Effect> {
    vec![
        Effect::WriteDevice,
        Effect::Send { over: revision.map(of_revision), draft: Box::new(draft), is_question: false },
    ]
}

/// Returns the orders that ask whether the server still holds a revision.
fn question(revision: u64, draft: Draft) -> Vec<Effect> {
    vec![
        Effect::WriteDevice,
        Effect::Send { over: Some(of_revision(revision)), draft: Box::new(draft), is_question: true },
    ]
}

/// A machine whose first save of `draft` is under way.
fn sending(draft: &Draft) -> Machine {
    let mut machine = Machine::new(another_tab(), Draft::default());
    assert_eq!(machine.handle(edited(draft.clone())), [Effect::WriteDevice, wake(SAVE_DELAY)]);
    assert_eq!(machine.handle(Event::Woken), asked());
    assert_eq!(machine.handle(Event::LockGranted), sent(None, draft.clone()));
    machine
}

/// A machine that saved `draft` as a revision.
fn at_rest(revision: u64, draft: Draft) -> Machine {
    Machine::from_server(another_tab(), base(revision, draft))
}

/// The save of what a machine was given is under way.
fn send_now(machine: &mut Machine, draft: Draft) {
    let _ = machine.handle(edited(draft));
    send(machine);
}

/// The save of what a machine has to send is under way.
fn send(machine: &mut Machine) {
    let _ = machine.handle(Event::Flush);
    let effects = machine.handle(Event::LockGranted);
    assert!(matches!(effects.last(), Some(Effect::Send { .. })), "{effects:?}");
}

/// The tab writes its copy where the other one sees it.
fn write(machine: &mut Machine) -> DeviceCopy {
    let copy = machine.device_copy(0);
    assert_eq!(machine.handle(Event::CopyWritten), []);
    copy
}

fn elsewhere(copy: &DeviceCopy) -> Event {
    Event::OtherTabWrote(Box::new(copy.clone()))
}

fn fields_in_conflict(machine: &Machine) -> Vec<Field> {
    machine.conflicts().map(|conflict| conflict.field).collect()
}

#[test]
fn nothing_is_written_or_sent_before_the_first_edit() {
    let mut machine = Machine::new(another_tab(), named("rempli d’avance"));
    for event in
        [Event::Woken, Event::Flush, Event::Hidden, Event::Offline, Event::Online, edited(named("rempli d’avance"))]
    {
        assert_eq!(machine.handle(event), []);
    }
    assert_eq!(machine.saved_to(), SavedTo::Nowhere);
}

#[test]
fn an_edit_is_kept_at_once_and_sent_soon() {
    let mut machine = sending(&named("a"));
    assert_eq!(machine.saved_to(), SavedTo::OnTheWay);
    assert_eq!(machine.handle(saved(1)), [Effect::WriteDevice, Effect::ReleaseLock]);
    assert_eq!(machine.saved_to(), SavedTo::Server);
    assert_eq!(machine.base(), Some(&base(1, named("a"))));
}

#[test]
fn typing_without_a_pause_does_not_put_the_save_off() {
    let mut machine = Machine::new(another_tab(), Draft::default());
    assert_eq!(machine.handle(edited(named("a"))), [Effect::WriteDevice, wake(SAVE_DELAY)]);
    assert_eq!(machine.handle(edited(named("ab"))), [Effect::WriteDevice]);
    assert_eq!(machine.handle(edited(named("abc"))), [Effect::WriteDevice]);
    assert_eq!(machine.handle(Event::Woken), asked());
    assert!(u64::from(SAVE_DELAY) + u64::from(LOCK_PATIENCE) < 2_000);
}

#[test]
fn the_body_is_read_when_the_turn_comes() {
    let mut machine = Machine::new(another_tab(), Draft::default());
    let _ = machine.handle(edited(named("a")));
    let _ = machine.handle(Event::Woken);
    assert_eq!(machine.handle(edited(named("ab"))), [Effect::WriteDevice]);
    assert_eq!(machine.handle(Event::LockGranted), sent(None, named("ab")));
}

#[test]
fn a_turn_that_is_no_longer_needed_is_given_back() {
    let mut machine = at_rest(1, named("a"));
    let _ = machine.handle(edited(named("b")));
    let _ = machine.handle(Event::Woken);
    let _ = machine.handle(edited(named("a")));
    assert_eq!(machine.handle(Event::LockGranted), [Effect::ReleaseLock]);
    assert_eq!(machine.handle(Event::LockGranted), [Effect::ReleaseLock], "nobody asked");
}

#[test]
fn a_turn_that_does_not_come_is_not_waited_for() {
    let mut machine = Machine::new(another_tab(), Draft::default());
    let _ = machine.handle(edited(named("a")));
    assert_eq!(machine.handle(Event::Woken), asked());
    assert_eq!(machine.handle(Event::Woken), sent(None, named("a")));
    assert_eq!(machine.handle(Event::LockGranted), [Effect::ReleaseLock], "it is under way already");
    assert_eq!(machine.handle(saved(1)), [Effect::WriteDevice]);
}

#[test]
fn a_page_that_closes_sends_without_its_turn() {
    let mut machine = Machine::new(another_tab(), Draft::default());
    let _ = machine.handle(edited(named("a")));
    let _ = machine.handle(Event::Woken);
    assert_eq!(machine.handle(Event::Hidden), sent(None, named("a")));
    let _ = machine.handle(edited(named("ab")));
    assert_eq!(machine.handle(Event::Hidden), [Effect::WriteDevice], "one is under way");
}

#[test]
fn one_save_is_under_way_at_a_time_and_later_edits_go_with_the_next() {
    let mut machine = sending(&named("a"));
    assert_eq!(machine.handle(edited(named("ab"))), [Effect::WriteDevice, wake(SAVE_DELAY)]);
    assert_eq!(machine.handle(Event::Flush), []);
    assert_eq!(machine.handle(saved(1)), [Effect::WriteDevice, Effect::ReleaseLock]);
    assert_eq!(machine.handle(Event::Woken), asked());
    assert_eq!(machine.handle(Event::LockGranted), sent(Some(1), named("ab")));
}

#[test]
fn what_became_due_during_a_save_follows_at_once() {
    let mut machine = sending(&named("a"));
    let _ = machine.handle(edited(named("ab")));
    assert_eq!(machine.handle(Event::Woken), []);
    assert_eq!(machine.handle(saved(1)), [vec![Effect::WriteDevice, Effect::ReleaseLock], asked()].concat());
}

#[test]
fn a_lost_answer_is_recognised_by_what_the_server_holds() {
    let mut machine = sending(&named("a"));
    let _ = machine.handle(failed(Failure::Unreachable));
    assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Unreachable));
    assert_eq!(machine.handle(Event::Woken), asked());
    assert_eq!(machine.handle(Event::LockGranted), sent(None, named("a")));
    assert_eq!(machine.handle(refused(base(1, named("a")))), [Effect::WriteDevice, Effect::ReleaseLock]);
    assert_eq!(machine.saved_to(), SavedTo::Server);
    assert_eq!(machine.base(), Some(&base(1, named("a"))));
}

#[test]
fn what_was_typed_after_a_lost_answer_is_no_conflict_with_what_was_sent() {
    for crash in [false, true] {
        let mut machine = sending(&named("a"));
        let _ = machine.handle(edited(named("ab")));
        let current = base(1, named("a"));
        if crash {
            machine = Machine::open(another_tab(), write(&mut machine), &current.into());
        } else {
            let _ = machine.handle(failed(Failure::Unreachable));
            let _ = machine.handle(Event::Woken);
            let _ = machine.handle(Event::LockGranted);
            let _ = machine.handle(Event::Refused(current.into()));
        }
        assert_eq!(machine.mine(), &named("ab"));
        assert_eq!(fields_in_conflict(&machine), []);
        let _ = machine.handle(Event::Flush);
        assert_eq!(machine.handle(Event::LockGranted), sent(Some(1), named("ab")));
    }
}

#[test]
fn any_of_many_attempts_without_an_answer_may_have_arrived() {
    let attempts = 100;
    for arrived in 0..attempts {
        let mut machine = at_rest(1, named("avant"));
        for attempt in 0..attempts {
            send_now(&mut machine, named(&attempt.to_string()));
            let _ = machine.handle(failed(Failure::Unreachable));
        }
        let _ = machine.handle(edited(named("dernier")));
        let _ = machine.handle(found(&machine, base(2, named(&arrived.to_string()))));
        assert_eq!((machine.mine(), fields_in_conflict(&machine)), (&named("dernier"), vec![]));
    }
}

#[test]
fn what_was_undone_after_a_lost_answer_stays_undone() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("après"));
    let _ = machine.handle(edited(named("avant")));
    let _ = machine.handle(failed(Failure::Unreachable));
    let _ = machine.handle(found(&machine, base(2, named("après"))));
    assert_eq!(machine.mine(), &named("avant"));
    assert_eq!(machine.saved_to(), SavedTo::OnTheWay);
}

#[test]
fn retries_come_later_and_later_up_to_a_minute() {
    let mut machine = sending(&named("a"));
    let mut waits = Vec::new();
    for _ in 0..10 {
        match machine.handle(failed(Failure::Unreachable)).as_slice() {
            [Effect::ReleaseLock, Effect::Wake { after }] => waits.push(*after),
            other => panic!("{other:?}"),
        }
        assert_eq!(
            machine.handle(edited(named(&format!("a{}", waits.len())))),
            [Effect::WriteDevice],
            "an edit hurries nothing"
        );
        assert_eq!(machine.handle(Event::Woken), asked());
        assert_eq!(machine.handle(Event::LockGranted).len(), 2);
    }
    assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000]);
}

#[test]
fn being_online_again_sends_at_once() {
    let mut machine = sending(&named("a"));
    let _ = machine.handle(failed(Failure::Unreachable));
    assert_eq!(machine.handle(Event::Online), asked());
}

#[test]
fn being_offline_is_told_at_once_and_tried_rarely() {
    let mut machine = at_rest(1, named("a"));
    assert_eq!(machine.handle(Event::Offline), []);
    assert_eq!(machine.saved_to(), SavedTo::Server, "there is nothing that it lacks");
    assert_eq!(machine.failure(), Some(Failure::Unreachable));
    let _ = machine.handle(edited(named("ab")));
    assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Unreachable));
    assert_eq!(machine.handle(Event::Online), asked());

    let mut machine = Machine::new(another_tab(), Draft::default());
    let _ = machine.handle(edited(named("a")));
    let _ = machine.handle(Event::Woken);
    assert_eq!(machine.handle(Event::Offline), [wake(RETRY_LONGEST)]);
    assert_eq!(machine.handle(Event::LockGranted), [Effect::ReleaseLock]);
    assert_eq!(machine.handle(Event::Woken), asked());
    assert_eq!(machine.handle(Event::LockGranted), sent(None, named("a")));
}

#[test]
fn being_signed_out_stops_sending_until_signed_in_again() {
    let mut machine = sending(&named("a"));
    assert_eq!(machine.handle(failed(Failure::SignedOut)), [Effect::ReleaseLock]);
    assert_eq!(machine.handle(edited(named("ab"))), [Effect::WriteDevice]);
    for event in [Event::Flush, Event::Online, Event::Woken] {
        assert_eq!(machine.handle(event), []);
    }
    assert_eq!(machine.handle(Event::Hidden), [Effect::WriteDevice]);
    assert_eq!(machine.handle(Event::SignedIn), asked());
    assert_eq!(machine.handle(Event::LockGranted), sent(None, named("ab")));
}

#[test]
fn an_answer_from_before_the_sign_in_does_not_sign_out_again() {
    let mut machine = sending(&named("a"));
    let _ = machine.handle(Event::SignedIn);
    assert_eq!(machine.handle(failed(Failure::SignedOut)), [vec![Effect::ReleaseLock], asked()].concat());
    assert_eq!(machine.handle(Event::LockGranted), sent(None, named("a")));
    assert_eq!(machine.handle(failed(Failure::SignedOut)), [Effect::ReleaseLock], "this one is from after it");
}

#[test]
fn a_draft_that_was_too_large_is_sent_again_once_it_changed() {
    for failure in [Failure::TooLarge, Failure::NotUnderstood] {
        let mut machine = sending(&named("a"));
        assert_eq!(machine.handle(failed(failure)), [Effect::ReleaseLock]);
        assert_eq!(machine.handle(Event::Flush), []);
        assert_eq!(machine.handle(edited(named("b"))), [Effect::WriteDevice, wake(SAVE_DELAY)]);
    }
}

#[test]
fn what_was_mended_before_it_was_refused_is_sent() {
    let mut machine = sending(&named("trop long"));
    let _ = machine.handle(edited(named("court")));
    assert_eq!(machine.handle(failed(Failure::TooLarge)), [Effect::ReleaseLock]);
    assert_eq!(machine.handle(Event::Woken), asked());
    assert_eq!(machine.handle(Event::LockGranted), sent(None, named("court")));
}

#[test]
fn two_tabs_do_not_take_turns_at_sending_what_is_too_large() {
    let mut first = sending(&named("a"));
    let mut second = Machine::from_device(another_tab(), write(&mut first));
    let _ = first.handle(failed(Failure::TooLarge));
    let _ = second.handle(Event::Flush);
    assert_eq!(second.handle(Event::LockGranted), sent(None, named("a")));
    assert_eq!(first.handle(elsewhere(&write(&mut second))), []);
    assert_eq!(first.failure(), Some(Failure::TooLarge));
    let _ = second.handle(failed(Failure::TooLarge));
    let _ = second.handle(edited(named("b")));
    assert_eq!(
        first.handle(elsewhere(&write(&mut second))),
        [Effect::ShowAnswers(vec![Field::ProjectName]), wake(SAVE_DELAY)]
    );
}

#[test]
fn different_fields_merge_by_themselves() {
    let mut machine = at_rest(1, Draft::default());
    send_now(&mut machine, named("ici"));
    let effects = machine.handle(refused(base(2, legal("ailleurs"))));
    let shown = vec![Effect::WriteDevice, Effect::ShowAnswers(vec![Field::LegalBasis]), Effect::ReleaseLock];
    assert_eq!(effects, [shown, asked()].concat());
    let mut both = legal("ailleurs");
    both.project.name = "ici".into();
    assert_eq!(machine.mine(), &both);
    assert_eq!(machine.handle(Event::LockGranted), sent(Some(2), both));
}

#[test]
fn scopes_merge_by_element() {
    let mut machine = at_rest(1, scoped(&["gender", "email"]));
    send_now(&mut machine, scoped(&["gender", "email", "birthdate"]));
    let _ = machine.handle(refused(base(2, scoped(&["email", "family_name"]))));
    assert_eq!(machine.mine(), &scoped(&["family_name", "birthdate", "email"]));
    assert_eq!(fields_in_conflict(&machine), []);
}

#[test]
fn what_was_removed_from_a_list_here_does_not_return_with_a_save_of_ours() {
    // The answer is lost; the element goes; another device adds one to what it found.
    let mut machine = at_rest(1, Draft::default());
    send_now(&mut machine, scoped(&["email"]));
    let _ = machine.handle(failed(Failure::Unreachable));
    let _ = machine.handle(edited(legal("x")));
    send(&mut machine);
    let _ = machine.handle(refused(base(3, scoped(&["email", "phone"]))));
    assert_eq!(machine.mine().data, scoped(&["phone"]).data);
}

#[test]
fn what_was_removed_from_a_list_elsewhere_goes_even_if_it_was_once_not_there() {
    let mut machine = at_rest(1, Draft::default());
    let _ = machine.handle(edited(scoped(&["phone"])));
    write(&mut machine);
    send(&mut machine);
    let _ = machine.handle(refused(base(2, scoped(&["email"]))));
    assert_eq!(machine.mine(), &scoped(&["email", "phone"]));
    let _ = machine.handle(Event::LockGranted);
    let _ = machine.handle(refused(base(3, Draft::default())));
    assert_eq!(machine.mine(), &scoped(&["phone"]));
}

#[test]
fn tabs_that_took_in_what_the_server_holds_do_not_mistake_it_for_their_own() {
    let stored = at_rest(1, Draft::default()).device_copy(0);
    let [mut quick, mut slow] =
        [(); 2].map(|()| Machine::open(another_tab(), stored.clone(), &base(2, scoped(&["email"])).into()));
    let _ = quick.handle(edited(Draft::default()));
    let _ = slow.handle(elsewhere(&write(&mut quick)));
    assert_eq!(slow.mine(), &Draft::default());
}

#[test]
fn two_values_of_one_field_wait_for_a_choice_while_the_rest_is_saved() {
    for (side, kept) in [(Side::Mine, "ici"), (Side::Theirs, "ailleurs")] {
        let mut machine = at_rest(1, named("avant"));
        send_now(&mut machine, named("ici"));
        let effects = machine.handle(refused(base(2, named("ailleurs"))));
        assert_eq!(
            effects,
            [Effect::WriteDevice, Effect::ShowConflicts(vec![Field::ProjectName]), Effect::ReleaseLock]
        );
        assert_eq!(machine.mine(), &named("ici"));
        assert_eq!(machine.handle(Event::Flush), [], "nothing to send but the conflict");

        let mut restored = Machine::from_device(another_tab(), machine.device_copy(0));
        let conflict = restored.conflicts().next().unwrap();
        assert_eq!((conflict.field, &conflict.theirs), (Field::ProjectName, &named("ailleurs")));
        assert_eq!(conflict.saved_at.as_deref(), Some("2026-11-25T10:00:02Z"));
        let _ = restored.handle(Event::Chosen { field: Field::ProjectName, side });
        assert_eq!(restored.mine(), &named(kept));
        assert_eq!(fields_in_conflict(&restored), []);
        let _ = restored.handle(Event::Flush);
        // Theirs is what the server had: whether it still has it is asked.
        let expected = if side == Side::Mine { sent(Some(2), named(kept)) } else { question(2, named(kept)) };
        assert_eq!(restored.handle(Event::LockGranted), expected);
    }
}

#[test]
fn typing_in_a_field_with_two_values_is_a_choice_of_its_own() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("ici"));
    let _ = machine.handle(refused(base(2, named("ailleurs"))));
    let _ = machine.handle(edited(named("les deux")));
    assert_eq!(fields_in_conflict(&machine), []);
    assert_eq!(machine.handle(Event::Woken), asked());
    assert_eq!(machine.handle(Event::LockGranted), sent(Some(2), named("les deux")));
}

#[test]
fn the_other_value_of_a_conflict_follows_the_server() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("ici"));
    let _ = machine.handle(refused(base(2, named("ailleurs"))));
    let _ = machine.handle(found(&machine, base(3, named("ailleurs encore"))));
    let others: Vec<_> = machine.conflicts().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!(others, [named("ailleurs encore")]);
    let _ = machine.handle(found(&machine, base(4, named("ici"))));
    assert_eq!(fields_in_conflict(&machine), [], "both say the same now");
}

#[test]
fn another_tab_shows_what_was_typed_and_sends_it_only_if_the_first_does_not() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    let _ = first.handle(edited(named("a")));
    let copy = write(&mut first);
    let effects = second.handle(elsewhere(&copy));
    assert_eq!(effects, [Effect::ShowAnswers(vec![Field::ProjectName]), wake(SAVE_DELAY)]);
    assert_eq!(second.handle(elsewhere(&copy)), [], "heard twice");
    assert_eq!(first.handle(elsewhere(&copy)), [], "its own");

    send_now(&mut first, named("ab"));
    let _ = first.handle(saved(2));
    let _ = second.handle(elsewhere(&write(&mut first)));
    assert_eq!(second.saved_to(), SavedTo::Server);
    assert_eq!(second.mine(), &named("ab"));
    assert_eq!(second.handle(Event::Woken), []);
}

#[test]
fn what_is_typed_over_another_tabs_answer_replaces_it() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    let _ = first.handle(edited(named("premier")));
    let _ = second.handle(elsewhere(&write(&mut first)));
    let _ = second.handle(edited(named("second")));
    let effects = first.handle(elsewhere(&write(&mut second)));
    assert_eq!(effects, [Effect::ShowAnswers(vec![Field::ProjectName])]);
    assert_eq!(first.mine(), &named("second"));
    assert_eq!(fields_in_conflict(&first), []);
}

#[test]
fn tabs_that_did_not_know_of_each_other_keep_both_values() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    let _ = first.handle(edited(named("premier")));
    let _ = second.handle(edited(named("second")));
    let effects = second.handle(elsewhere(&write(&mut first)));
    assert_eq!(effects, [Effect::WriteDevice, Effect::ShowConflicts(vec![Field::ProjectName])]);
    assert_eq!(second.mine(), &named("second"));
    let conflict = second.conflicts().next().unwrap();
    assert_eq!((&conflict.theirs, &conflict.saved_at), (&named("premier"), &None));

    // Both tabs show the same, and a choice in one is a choice in the other.
    let _ = first.handle(elsewhere(&write(&mut second)));
    assert_eq!(first.mine(), &named("second"));
    assert_eq!(fields_in_conflict(&first), [Field::ProjectName]);
    let _ = first.handle(Event::Chosen { field: Field::ProjectName, side: Side::Theirs });
    let _ = second.handle(elsewhere(&write(&mut first)));
    assert_eq!(second.mine(), &named("premier"));
    assert_eq!(fields_in_conflict(&second), []);
}

#[test]
fn a_value_that_was_typed_over_is_no_conflict_however_the_tabs_hear_of_it() {
    // Two values wait for a choice; a tab that shows one of them types over it before it hears so.
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    let _ = first.handle(edited(named("premier")));
    let _ = second.handle(edited(named("second")));
    let _ = second.handle(elsewhere(&write(&mut first)));
    let _ = first.handle(edited(named("troisième")));
    let _ = first.handle(elsewhere(&write(&mut second)));
    let others: Vec<_> = first.conflicts().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!((first.mine(), others), (&named("troisième"), vec![named("second")]));
    let _ = second.handle(elsewhere(&write(&mut first)));
    let copy = write(&mut second);
    assert_eq!(first.handle(elsewhere(&copy)), [], "and both come to rest");

    // The same once one of them is saved.
    let mut first = sending(&named("a"));
    let mut second = Machine::from_device(another_tab(), write(&mut first));
    let _ = second.handle(edited(named("ab")));
    let _ = first.handle(elsewhere(&write(&mut second)));
    let _ = first.handle(saved(1));
    let _ = second.handle(elsewhere(&write(&mut first)));
    assert_eq!((second.mine(), fields_in_conflict(&second)), (&named("ab"), vec![]));
    assert_eq!(second.base(), Some(&base(1, named("a"))));
}

#[test]
fn what_another_tab_sent_is_known_even_when_its_revision_is_news() {
    let mut first = at_rest(2, named("a"));
    send_now(&mut first, named("ab"));
    let mut second = at_rest(1, Draft::default());
    let _ = second.handle(elsewhere(&write(&mut first)));
    let _ = second.handle(edited(named("abc")));
    let _ = second.handle(found(&second, base(3, named("ab"))));
    assert_eq!((second.mine(), fields_in_conflict(&second)), (&named("abc"), vec![]));
}

#[test]
fn tabs_with_the_same_conflicts_have_nothing_to_tell_each_other() {
    let mut first = at_rest(1, named("avant"));
    send_now(&mut first, named("ici"));
    let _ = first.handle(refused(base(2, named("ailleurs"))));
    let mut copy = write(&mut first);
    copy = copy.following(&copy, another_tab());
    copy.conflicts[0].saved_at = Some("2026-11-25T11:00:00Z".to_owned());
    assert_eq!(first.handle(elsewhere(&copy)), []);
}

#[test]
fn a_copy_written_over_ours_without_knowing_of_it_takes_nothing_away() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    let _ = first.handle(edited(named("premier")));
    let _ = write(&mut first);
    let _ = second.handle(edited(legal("second")));
    let effects = first.handle(elsewhere(&write(&mut second)));
    assert_eq!(effects, [Effect::WriteDevice, Effect::ShowAnswers(vec![Field::LegalBasis])]);
    let mut both = named("premier");
    both.legal.basis = "second".into();
    assert_eq!(first.mine(), &both);
    let _ = second.handle(elsewhere(&write(&mut first)));
    assert_eq!(second.mine(), &both);
}

#[test]
fn a_choice_against_a_value_that_was_replaced_meanwhile_decides_nothing_else() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    let _ = first.handle(edited(named("premier")));
    let _ = second.handle(edited(named("second")));
    let _ = second.handle(elsewhere(&write(&mut first)));
    let copy = write(&mut second);
    let _ = first.handle(edited(named("troisième")));
    let _ = first.handle(elsewhere(&copy));
    let _ = second.handle(Event::Chosen { field: Field::ProjectName, side: Side::Mine });
    let _ = second.handle(elsewhere(&write(&mut first)));
    let values: Vec<_> = second.conflicts().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!((second.mine(), values), (&named("troisième"), vec![named("second")]));
}

#[test]
fn choices_against_each_other_do_not_leave_both_values_behind() {
    let mut slow = at_rest(1, named("avant"));
    let mut quick = at_rest(1, named("avant"));
    write(&mut slow);
    send_now(&mut quick, named("ici"));
    let _ = quick.handle(refused(base(2, named("ailleurs"))));
    let mut other = Machine::from_device(another_tab(), write(&mut quick));
    // One tab prefers the one value, and is told of a third; the other tab prefers the other one and knows of neither.
    let _ = quick.handle(Event::Chosen { field: Field::ProjectName, side: Side::Theirs });
    let _ = slow.handle(edited(named("troisième")));
    let _ = slow.handle(elsewhere(&write(&mut quick)));
    let _ = other.handle(Event::Chosen { field: Field::ProjectName, side: Side::Mine });
    let _ = other.handle(elsewhere(&write(&mut slow)));
    assert_eq!(other.mine(), &named("troisième"));
    let others: Vec<Value<'_>> = other.conflicts().map(Conflict::other).collect();
    assert_eq!(others, [Value::Text("ailleurs")]);
}

#[test]
fn a_tab_that_slept_through_many_versions_takes_the_last_one() {
    let mut first = at_rest(1, Draft::default());
    let mut sleeping = at_rest(1, Draft::default());
    let _ = first.handle(edited(named("a")));
    let _ = sleeping.handle(elsewhere(&write(&mut first)));
    for length in 2..100 {
        let _ = first.handle(edited(named(&"a".repeat(length))));
        let mut second = sleeping.clone();
        let _ = second.handle(elsewhere(&write(&mut first)));
        assert_eq!((second.mine(), fields_in_conflict(&second)), (first.mine(), vec![]), "after {length} versions");
    }
}

#[test]
fn a_tab_that_slept_while_many_others_wrote_asks_rather_than_lose_something() {
    let mut sleeping = at_rest(1, Draft::default());
    let _ = sleeping.handle(edited(named("a")));
    let mut copy = write(&mut sleeping);
    for number in 0..40 {
        let mut other = Machine::from_device(another_tab(), copy);
        let _ = other.handle(edited(named(&number.to_string())));
        copy = write(&mut other);
    }
    assert_eq!(copy.versions.len(), 32);
    let _ = sleeping.handle(elsewhere(&copy));
    assert_eq!(fields_in_conflict(&sleeping), [Field::ProjectName]);
}

#[test]
fn many_versions_do_not_make_up_for_one_that_was_written_over_unread() {
    let mut first = at_rest(1, Draft::default());
    let _ = first.handle(edited(named("a")));
    let mut second = Machine::from_device(another_tab(), write(&mut first));
    let _ = first.handle(edited(named("écrit en même temps")));
    write(&mut first);
    for number in 0..100 {
        let _ = second.handle(edited(named(&number.to_string())));
        write(&mut second);
    }
    let _ = first.handle(elsewhere(&second.device_copy(0)));
    assert_eq!(fields_in_conflict(&first), [Field::ProjectName]);
}

#[test]
fn many_versions_do_not_make_up_for_one_that_is_missing() {
    let mut writer = Machine::new(another_tab(), Draft::default());
    let mut sleeping = Machine::new(another_tab(), Draft::default());
    let _ = sleeping.handle(edited(named("avant")));
    let _ = writer.handle(elsewhere(&write(&mut sleeping)));
    let _ = sleeping.handle(edited(named("effacé")));
    write(&mut sleeping);
    for number in 0..40 {
        let _ = writer.handle(edited(named(&format!("après {number}"))));
        write(&mut writer);
    }
    let _ = sleeping.handle(elsewhere(&writer.device_copy(0)));
    assert_eq!(fields_in_conflict(&sleeping), [Field::ProjectName]);
}

#[test]
fn copies_that_know_nothing_of_each_other_are_put_together() {
    // The storage was wiped under two tabs, or they wrote in the same instant, and more than once.
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    let _ = first.handle(edited(named("premier")));
    let _ = write(&mut first);
    let _ = second.handle(edited(legal("sec")));
    let _ = write(&mut second);
    let _ = second.handle(edited(legal("second")));
    let _ = first.handle(elsewhere(&write(&mut second)));
    assert_eq!((first.mine().project.name.as_str(), first.mine().legal.basis.as_str()), ("premier", "second"));
    let _ = second.handle(elsewhere(&write(&mut first)));
    assert_eq!(second.mine(), first.mine());
}

#[test]
fn what_waits_for_a_choice_elsewhere_waits_for_it_in_a_tab_that_knew_of_nothing() {
    let second = Conflict { field: Field::ProjectName, theirs: named("second"), saved_at: None };
    let copy = DeviceCopy {
        versions: vec![Version { tab: another_tab(), number: 1 }],
        base: Some(base(1, named("premier"))),
        conflicts: vec![second],
        ..DeviceCopy::begun(named("premier"), 0)
    };
    let mut machine = Machine::new(another_tab(), Draft::default());
    let _ = machine.handle(edited(named("troisième")));
    let _ = machine.handle(elsewhere(&copy));
    let others: Vec<_> = machine.device_copy(0).conflicts.iter().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!((machine.mine(), others), (&named("troisième"), vec![named("premier"), named("second")]));
}

#[test]
fn a_save_of_another_tab_shows_that_the_server_is_back() {
    let mut first = sending(&named("a"));
    let mut second = Machine::from_device(another_tab(), write(&mut first));
    let _ = second.handle(edited(named("ab")));
    let _ = second.handle(Event::Flush);
    let _ = second.handle(Event::LockGranted);
    let _ = second.handle(failed(Failure::SignedOut));
    let _ = first.handle(saved(1));
    assert_eq!(second.handle(elsewhere(&write(&mut first)))[1..], asked());
    assert_eq!(second.handle(Event::LockGranted), sent(Some(1), named("ab")));
}

#[test]
fn an_answer_that_comes_after_newer_ones_takes_nothing_back() {
    let mut first = sending(&named("a"));
    let mut second = Machine::from_device(another_tab(), write(&mut first));
    let asked = first.basis();
    let _ = second.handle(found(&second, base(2, named("b"))));
    let _ = first.handle(elsewhere(&write(&mut second)));
    let _ = first.handle(saved(1));
    assert_eq!(first.base(), Some(&base(2, named("b"))));
    let _ = first.handle(Event::Found { current: base(1, named("a")).into(), asked });
    assert_eq!(first.base(), Some(&base(2, named("b"))));
}

#[test]
fn nothing_is_sent_while_a_submission_is_under_way() {
    let mut machine = at_rest(1, named("a"));
    let _ = machine.handle(Event::Submitting);
    assert_eq!(machine.handle(edited(named("b"))), [Effect::WriteDevice]);
    for event in [Event::Woken, Event::Flush, Event::Online] {
        assert_eq!(machine.handle(event), []);
    }
    assert_eq!(machine.handle(Event::Hidden), [Effect::WriteDevice]);
    assert_eq!(machine.handle(Event::NotSubmitted), asked());
}

#[test]
fn nothing_is_saved_after_submission_or_deletion() {
    for end in [Event::Submitted, Event::Deleted, Event::Discarded] {
        let mut machine = at_rest(1, named("a"));
        assert_eq!(machine.handle(end), [Effect::EraseDevice]);
        for event in [edited(named("b")), Event::Woken, Event::Hidden, saved(1)] {
            assert_eq!(machine.handle(event), []);
        }
        assert_eq!(machine.handle(Event::LockGranted), [Effect::ReleaseLock], "the other tabs wait for it");
        assert_eq!(machine.saved_to(), SavedTo::Over);
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
        let effects = machine.handle(end);
        assert!(!effects.contains(&Effect::EraseDevice), "{effects:?}");
        assert_eq!(machine.saved_to(), SavedTo::Device(failure));
        for event in [edited(named("c")), Event::Hidden] {
            assert_eq!(machine.handle(event), [Effect::WriteDevice]);
        }
        for event in [Event::Flush, Event::Online, Event::SignedIn] {
            assert_eq!(machine.handle(event), []);
        }
        let again = machine.device_copy(0).as_new_request(7);
        assert_eq!(again, DeviceCopy::begun(named("c"), 7));
        assert_eq!(machine.handle(Event::Discarded).first(), Some(&Effect::EraseDevice));
    }
}

#[test]
fn a_request_begun_again_leaves_the_files_behind() {
    let mut draft = named("a");
    draft.terms.accepted = true;
    let expected = DeviceCopy::begun(draft.clone(), 7);
    draft.legal.documents = vec![crate::Document {
        id: crate::Id::new(0, [0; 10]),
        name: "texte.pdf".to_owned(),
        size: 1,
        media_type: "application/pdf".to_owned(),
    }];
    assert_eq!(at_rest(1, draft).device_copy(0).as_new_request(7), expected);
}

#[test]
fn a_draft_is_opened_with_what_was_typed_here_and_saved_elsewhere() {
    let mut machine = at_rest(1, Draft::default());
    let _ = machine.handle(edited(named("ici")));
    let opened = Machine::open(another_tab(), machine.device_copy(0), &base(4, legal("ailleurs")).into());
    assert_eq!(opened.mine().project.name.as_str(), "ici");
    assert_eq!(opened.mine().legal.basis.as_str(), "ailleurs");
    assert_eq!(opened.saved_to(), SavedTo::OnTheWay);

    let unchanged = at_rest(1, named("avant")).device_copy(0);
    let opened = Machine::open(another_tab(), unchanged, &base(2, named("après")).into());
    assert_eq!(opened.mine(), &named("après"));
    assert_eq!(opened.saved_to(), SavedTo::Server);
}

#[test]
fn what_the_device_kept_is_sent_after_a_crash() {
    let machine = sending(&named("a"));
    let mut restored = Machine::from_device(another_tab(), machine.device_copy(0));
    assert_eq!(restored.handle(Event::Flush), asked());
    assert_eq!(restored.handle(Event::LockGranted), sent(None, named("a")));
}

#[test]
fn a_copy_is_read_back_as_it_was_written() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("ici"));
    let _ = machine.handle(refused(base(2, named("ailleurs"))));
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

/// A machine that saved `first`, then `second`, both acknowledged: its base is revision 2.
fn saved_twice(first: Draft, second: Draft) -> Machine {
    let mut machine = at_rest(1, first);
    send_now(&mut machine, second);
    let _ = machine.handle(saved(2));
    assert_eq!(machine.saved_to(), SavedTo::Server);
    machine
}

#[test]
fn what_a_restored_server_lost_is_sent_again_without_a_question() {
    let mut machine = saved_twice(named("avant"), named("après"));
    let copy = machine.device_copy(0);
    // A page that is open learns of it when it saves.
    let both = Draft { legal: legal("texte").legal, ..named("après") };
    send_now(&mut machine, both.clone());
    let effects = machine.handle(refused(base(1, named("avant"))));
    assert_eq!(effects, [vec![Effect::WriteDevice, Effect::ReleaseLock], asked()].concat());
    assert_eq!((machine.mine(), machine.conflicts().count()), (&both, 0));
    let Some(Effect::Send { over, draft, .. }) = machine.handle(Event::LockGranted).pop() else {
        panic!("nothing is sent")
    };
    assert_eq!((over.map(|basis| basis.revision), *draft), (Some(1), both));
    // One that is opened, at once: the server has it no more.
    let opened = Machine::open(another_tab(), copy, &base(1, named("avant")).into());
    assert_eq!(opened.saved_to(), SavedTo::OnTheWay);
    assert_eq!((opened.mine(), opened.conflicts().count()), (&named("après"), 0));
}

#[test]
fn a_save_that_arrives_only_once_the_server_was_restored_asks_nothing() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("en route"));
    let _ = machine.handle(failed(Failure::Unreachable));
    send_now(&mut machine, named("après"));
    let _ = machine.handle(saved(2));
    send_now(&mut machine, Draft { legal: legal("texte").legal, ..named("après") });
    let late = Base { saved_at: "2026-11-26T08:00:00Z".to_owned(), ..base(2, named("en route")) };
    let _ = machine.handle(refused(late));
    assert_eq!((machine.mine().project.name.as_str(), machine.conflicts().count()), ("après", 0));
}

#[test]
fn what_was_changed_back_after_it_was_sent_is_not_brought_back_by_a_tab_that_took_it_from_the_server() {
    // The device takes no copies any more: of what comes then, the other tab knows only what the server has.
    let mut machine = at_rest(1, named("avant"));
    let mut other = Machine::from_device(another_tab(), write(&mut machine));
    send_now(&mut machine, named("envoyé"));
    let _ = machine.handle(edited(named("avant")));
    let _ = other.handle(found(&other, base(2, named("envoyé"))));
    let _ = machine.handle(elsewhere(&write(&mut other)));
    assert_eq!((machine.mine().project.name.as_str(), machine.conflicts().count()), ("avant", 0));
}

#[test]
fn a_question_that_is_answered_ends_no_call_of_another_tab() {
    // The other tab's save is under way, and the server takes it; this one only asked.
    let mut other = at_rest(1, named("avant"));
    let mut machine = Machine::from_device(another_tab(), write(&mut other));
    let _ = machine.handle(Event::Flush);
    assert!(
        matches!(machine.handle(Event::LockGranted).last(), Some(Effect::Send { is_question: true, .. })),
        "it is a question"
    );
    send_now(&mut other, named("envoyé"));
    let _ = other.handle(edited(named("depuis")));
    let _ = machine.handle(elsewhere(&write(&mut other)));
    let _ = machine.handle(edited(named("après")));
    let _ = machine.handle(saved(1));
    let _ = machine.handle(found(&machine, base(2, named("envoyé"))));
    assert_eq!((machine.mine().project.name.as_str(), machine.conflicts().count()), ("après", 0));
}

#[test]
fn what_others_changed_after_the_server_was_restored_waits_for_a_choice() {
    let mut machine = saved_twice(named("avant"), named("après"));
    send_now(&mut machine, Draft { legal: legal("texte").legal, ..named("après") });
    let _ = machine.handle(refused(base(1, named("ailleurs"))));
    let other = machine.conflicts().next().map(|conflict| conflict.other());
    assert_eq!(other, Some(Value::Text("ailleurs")));
    assert_eq!(machine.mine().project.name.as_str(), "après");
}

#[test]
fn a_revision_of_the_same_or_a_higher_number_that_grew_out_of_a_backup_is_known_by_its_times() {
    let restored = |revision: u64, earlier: &[&str]| Snapshot {
        base: Base { revision, saved_at: format!("2026-11-26T08:00:{revision:02}Z"), draft: named("avant") },
        earlier: earlier.iter().map(|time| (*time).to_owned()).collect(),
    };
    let first = base(1, Draft::default()).saved_at;
    for current in [
        restored(2, &[&first]),
        restored(3, &["2026-11-26T08:00:02Z", &first]),
        restored(4, &["2026-11-26T08:00:03Z", "2026-11-26T08:00:02Z", &first]),
    ] {
        let copy = saved_twice(named("avant"), named("après")).device_copy(0);
        let opened = Machine::open(another_tab(), copy, &current);
        assert_eq!((opened.mine(), opened.saved_to()), (&named("après"), SavedTo::OnTheWay), "{current:?}");
    }
    // Grown out of what is known, it is news like any other.
    let second = base(2, Draft::default()).saved_at;
    for earlier in [&[second.as_str(), &first][..], &[&second], &[]] {
        let copy = saved_twice(named("avant"), named("après")).device_copy(0);
        let opened = Machine::open(another_tab(), copy, &restored(3, earlier));
        assert_eq!((opened.mine(), opened.saved_to()), (&named("avant"), SavedTo::Server), "{earlier:?}");
    }
}

#[test]
fn tabs_agree_on_which_revision_came_back_from_a_backup() {
    let mut first = saved_twice(named("avant"), named("après"));
    let mut second = Machine::from_device(another_tab(), write(&mut first));
    send_now(&mut first, Draft { legal: legal("texte").legal, ..named("après") });
    let _ = first.handle(refused(base(1, named("avant"))));
    let _ = second.handle(elsewhere(&write(&mut first)));
    assert_eq!(second.base().map(|base| base.revision), Some(1));
    assert_eq!((second.mine(), second.conflicts().count()), (first.mine(), 0));
    // And it stays so when the one that was slower speaks.
    let _ = first.handle(elsewhere(&write(&mut second)));
    assert_eq!(first.base().map(|base| base.revision), Some(1));
}

#[test]
fn a_server_that_refuses_again_and_again_is_asked_ever_more_rarely() {
    let mut machine = saved_twice(named("avant"), named("après"));
    send_now(&mut machine, named("encore"));
    let others = |revision: u64| base(revision, Draft { legal: legal(&revision.to_string()).legal, ..named("après") });
    // At once after the first time, which is what happens when others save too.
    assert_eq!(machine.handle(refused(others(3))).last(), asked().last());
    let mut waits = Vec::new();
    for revision in 4..12 {
        // The turn was asked for at once after the first refusal.
        if revision > 4 {
            let _ = machine.handle(Event::Woken);
        }
        let _ = machine.handle(Event::LockGranted);
        let effects = machine.handle(refused(others(revision)));
        let Some(Effect::Wake { after }) = effects.last() else { panic!("{effects:?}") };
        waits.push(*after);
    }
    assert!(waits.is_sorted() && waits[0] >= 500 && waits[7] >= 30_000, "{waits:?}");
}

#[test]
fn a_server_that_refuses_and_tells_nothing_new_is_not_asked_at_once() {
    let mut machine = at_rest(2, named("a"));
    send_now(&mut machine, named("b"));
    let effects = machine.handle(refused(base(2, named("a"))));
    assert!(matches!(effects[..], [Effect::ReleaseLock, Effect::Wake { after: 500.. }]), "{effects:?}");
}

#[test]
fn a_draft_that_the_server_does_not_know_is_kept_whatever_was_acknowledged() {
    for mut machine in [at_rest(3, named("a")), sending(&named("a"))] {
        assert_eq!(machine.handle(Event::Unknown), [Effect::WriteDevice]);
        assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Unknown));
        assert_eq!(machine.handle(edited(named("b"))), [Effect::WriteDevice]);
        assert_eq!(machine.handle(Event::Flush), []);
        assert!(machine.device_copy(0).is_unsent() && !machine.device_copy(0).has_expired(u64::MAX));
        assert_eq!(machine.handle(Event::Discarded).first(), Some(&Effect::EraseDevice));
    }
    let mut machine = at_rest(3, named("a"));
    send_now(&mut machine, named("b"));
    let _ = machine.handle(failed(Failure::Unknown));
    assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Unknown));
}

#[test]
fn somebody_who_answers_in_the_place_of_the_server_is_told_of_after_some_time_and_tried_on() {
    let mut machine = sending(&named("a"));
    for told in [Failure::Unreachable, Failure::Unreachable, Failure::Intercepted, Failure::Intercepted] {
        let effects = machine.handle(failed(Failure::Intercepted));
        assert!(matches!(effects.last(), Some(Effect::Wake { .. })), "{effects:?}");
        assert_eq!(machine.saved_to(), SavedTo::Device(told));
        let _ = machine.handle(Event::Woken);
        let _ = machine.handle(Event::LockGranted);
    }
    let _ = machine.handle(saved(1));
    assert_eq!(machine.saved_to(), SavedTo::Server);
}

#[test]
fn a_server_that_says_when_to_come_back_is_heard_up_to_a_minute() {
    for (pause, after) in [(0, 500), (7_000, 7_000), (3_600_000, RETRY_LONGEST)] {
        let mut machine = sending(&named("a"));
        let effects = machine.handle(Event::Failed { failure: Failure::Unreachable, random: 0, pause });
        assert_eq!(effects.last(), Some(&wake(after)));
    }
}

#[test]
fn only_our_own_problems_mean_what_their_status_says() {
    for status in [200, 302, 400, 401, 403, 404, 405, 407, 409, 410, 412, 413, 415, 422, 428, 451, 511] {
        assert_eq!(Failure::of_stranger(status), Failure::Intercepted, "{status}");
    }
    for status in [408, 425, 429, 500, 502, 503, 504, 507, 599] {
        assert_eq!(Failure::of_stranger(status), Failure::Unreachable, "{status}");
    }
    for (status, kind, failure) in [
        (401, "signed-out", Failure::SignedOut),
        (404, "not-found", Failure::Unknown),
        (408, "too-slow", Failure::Unreachable),
        (409, "submitted", Failure::Submitted),
        (409, "quota-reached", Failure::QuotaReached),
        (410, "deleted", Failure::Gone),
        (412, "stale", Failure::Unknown),
        (413, "too-large", Failure::TooLarge),
        (400, "invalid-body", Failure::NotUnderstood),
        (403, "foreign-origin", Failure::Intercepted),
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

#[test]
fn only_a_copy_of_which_the_server_has_everything_has_its_time() {
    let day = 24 * 3_600_000;
    let copy = |machine: &Machine, changed_at: u64| DeviceCopy { changed_at, ..machine.device_copy(0) };
    let acknowledged = copy(&at_rest(1, named("a")), 100 * day);
    for (now, expired) in [(130 * day, false), (130 * day + 1, true), (3 * day, false)] {
        assert_eq!(acknowledged.has_expired(now), expired, "{now}");
    }
    let mut unsent = at_rest(1, named("a"));
    let _ = unsent.handle(edited(named("b")));
    for machine in [unsent, Machine::new(another_tab(), named("a"))] {
        assert!(!copy(&machine, 0).has_expired(20_000 * day));
    }
}

#[test]
fn a_question_that_takes_its_time_holds_no_answer_up() {
    let mut machine = Machine::from_device(another_tab(), at_rest(2, named("a")).device_copy(0));
    let _ = machine.handle(Event::Flush);
    assert_eq!(machine.handle(Event::LockGranted), question(2, named("a")));
    assert_eq!(machine.handle(Event::Flush), [], "it is asked once");
    assert_eq!(machine.handle(edited(named("b"))), [Effect::WriteDevice, wake(SAVE_DELAY)]);
    assert_eq!(machine.handle(Event::Woken), sent(Some(2), named("b")));
    let _ = machine.handle(edited(named("c")));
    assert_eq!(machine.handle(Event::Woken), [], "a save is waited for");
    let _ = machine.handle(saved(3));
    assert_eq!(machine.base(), Some(&base(3, named("b"))));
}

#[test]
fn what_only_the_device_says_is_on_the_server_is_asked_for_before_it_counts_as_saved() {
    let copy = at_rest(2, named("a")).device_copy(0);
    let mut machine = Machine::from_device(another_tab(), copy.clone());
    assert_eq!(machine.saved_to(), SavedTo::OnTheWay);
    assert_eq!(machine.handle(Event::Flush), asked());
    assert_eq!(machine.handle(Event::LockGranted), question(2, named("a")));
    assert_eq!(machine.handle(saved(2)), [Effect::WriteDevice, Effect::ReleaseLock]);
    assert_eq!((machine.saved_to(), machine.base()), (SavedTo::Server, Some(&base(2, named("a")))));

    for (failure, saved_to) in [
        (Failure::Unreachable, SavedTo::Device(Failure::Unreachable)),
        (Failure::Unknown, SavedTo::Device(Failure::Unknown)),
        // Nothing of it was to be kept here.
        (Failure::Gone, SavedTo::Over),
        (Failure::Submitted, SavedTo::Over),
    ] {
        let mut machine = Machine::from_device(another_tab(), copy.clone());
        let _ = machine.handle(Event::Hidden);
        let _ = machine.handle(failed(failure));
        assert_eq!(machine.saved_to(), saved_to);
    }
}
