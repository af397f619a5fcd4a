//! Other tabs of the browser.

use super::*;

#[test]
fn tabs_that_took_in_what_the_server_holds_do_not_mistake_it_for_their_own() {
    let stored = at_rest(1, Draft::default()).device_copy(0);
    let [mut quick, mut slow] = [(); 2]
        .map(|()| script(Machine::open(another_tab(), stored.clone(), &saved_draft(2, scoped(&["email"])).into())));
    quick.on(edited(Draft::default()));
    slow.on(other_tab_wrote(&write(&mut quick)));
    assert_eq!(slow.mine(), &Draft::default());
}

#[test]
fn another_tab_shows_what_was_typed_and_sends_it_only_if_the_first_does_not() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    first.on(edited(named("a")));
    let copy = write(&mut first);
    second.on(other_tab_wrote(&copy)).then([ShowAnswers(vec![Field::ProjectName]), wake(SAVE_DELAY)]);
    second.on(other_tab_wrote(&copy)).then_because("heard twice", []);
    first.on(other_tab_wrote(&copy)).then_because("its own", []);

    send_now(&mut first, named("ab"));
    first.on(saved(2));
    second.on(other_tab_wrote(&write(&mut first)));
    assert_eq!(second.saved_to(), SavedTo::Server);
    assert_eq!(second.mine(), &named("ab"));
    second.on(Woken).then([]);
}

#[test]
fn what_is_typed_over_another_tabs_answer_replaces_it() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    first.on(edited(named("premier")));
    second.on(other_tab_wrote(&write(&mut first))).on(edited(named("second")));
    first.on(other_tab_wrote(&write(&mut second))).then([ShowAnswers(vec![Field::ProjectName])]);
    assert_eq!(first.mine(), &named("second"));
    assert_eq!(fields_in_conflict(&first), []);
}

#[test]
fn tabs_that_did_not_know_of_each_other_keep_both_values() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    first.on(edited(named("premier")));
    second.on(edited(named("second")));
    second.on(other_tab_wrote(&write(&mut first))).then([WriteDevice, ShowConflicts(vec![Field::ProjectName])]);
    assert_eq!(second.mine(), &named("second"));
    let conflict = second.conflicts().next().unwrap();
    assert_eq!((&conflict.theirs, &conflict.saved_at), (&named("premier"), &None));

    // Both tabs show the same, and a choice in one is a choice in the other.
    first.on(other_tab_wrote(&write(&mut second)));
    assert_eq!(first.mine(), &named("second"));
    assert_eq!(fields_in_conflict(&first), [Field::ProjectName]);
    first.on(Event::Chosen { field: Field::ProjectName, side: Side::Theirs });
    second.on(other_tab_wrote(&write(&mut first)));
    assert_eq!(second.mine(), &named("premier"));
    assert_eq!(fields_in_conflict(&second), []);
}

#[test]
fn a_value_that_was_typed_over_is_no_conflict_however_the_tabs_hear_of_it() {
    // Two values wait for a choice; a tab that shows one of them types over it before it hears so.
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    first.on(edited(named("premier")));
    second.on(edited(named("second"))).on(other_tab_wrote(&write(&mut first)));
    first.on(edited(named("troisième"))).on(other_tab_wrote(&write(&mut second)));
    let others: Vec<_> = first.conflicts().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!((first.mine(), others), (&named("troisième"), vec![named("second")]));
    second.on(other_tab_wrote(&write(&mut first)));
    let copy = write(&mut second);
    first.on(other_tab_wrote(&copy)).then_because("and both come to rest", []);

    // The same once one of them is saved.
    let mut first = sending(&named("a"));
    let mut second = script(Machine::from_device(another_tab(), write(&mut first)));
    second.on(edited(named("ab")));
    first.on(other_tab_wrote(&write(&mut second))).on(saved(1));
    second.on(other_tab_wrote(&write(&mut first)));
    assert_eq!((second.mine(), fields_in_conflict(&second)), (&named("ab"), vec![]));
    assert_eq!(second.base(), Some(&saved_draft(1, named("a"))));
}

#[test]
fn what_another_tab_sent_is_known_even_when_its_revision_is_news() {
    let mut first = at_rest(2, named("a"));
    send_now(&mut first, named("ab"));
    let mut second = at_rest(1, Draft::default());
    second.on(other_tab_wrote(&write(&mut first))).on(edited(named("abc")));
    second.on(found(&second, saved_draft(3, named("ab"))));
    assert_eq!((second.mine(), fields_in_conflict(&second)), (&named("abc"), vec![]));
}

#[test]
fn tabs_with_the_same_conflicts_have_nothing_to_tell_each_other() {
    let mut first = at_rest(1, named("avant"));
    send_now(&mut first, named("ici"));
    first.on(stale(saved_draft(2, named("ailleurs"))));
    let mut copy = write(&mut first);
    copy = copy.following(&copy, another_tab());
    copy.conflicts[0].saved_at = Some("2026-11-25T11:00:00Z".to_owned());
    first.on(other_tab_wrote(&copy)).then([]);
}

#[test]
fn a_copy_written_over_ours_without_knowing_of_it_takes_nothing_away() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    first.on(edited(named("premier")));
    let _ = write(&mut first);
    second.on(edited(legal("second")));
    first.on(other_tab_wrote(&write(&mut second))).then([WriteDevice, ShowAnswers(vec![Field::LegalBasis])]);
    let mut both = named("premier");
    both.legal.basis = "second".into();
    assert_eq!(first.mine(), &both);
    second.on(other_tab_wrote(&write(&mut first)));
    assert_eq!(second.mine(), &both);
}

#[test]
fn a_choice_against_a_value_that_was_replaced_meanwhile_decides_nothing_else() {
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    first.on(edited(named("premier")));
    second.on(edited(named("second"))).on(other_tab_wrote(&write(&mut first)));
    let copy = write(&mut second);
    first.on(edited(named("troisième"))).on(other_tab_wrote(&copy));
    second.on(Event::Chosen { field: Field::ProjectName, side: Side::Mine }).on(other_tab_wrote(&write(&mut first)));
    let values: Vec<_> = second.conflicts().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!((second.mine(), values), (&named("troisième"), vec![named("second")]));
}

#[test]
fn choices_against_each_other_do_not_leave_both_values_behind() {
    let mut slow = at_rest(1, named("avant"));
    let mut quick = at_rest(1, named("avant"));
    write(&mut slow);
    send_now(&mut quick, named("ici"));
    quick.on(stale(saved_draft(2, named("ailleurs"))));
    let mut other = script(Machine::from_device(another_tab(), write(&mut quick)));
    // One tab prefers the one value, and is told of a third; the other tab prefers the other one and knows of neither.
    quick.on(Event::Chosen { field: Field::ProjectName, side: Side::Theirs });
    slow.on(edited(named("troisième"))).on(other_tab_wrote(&write(&mut quick)));
    other.on(Event::Chosen { field: Field::ProjectName, side: Side::Mine }).on(other_tab_wrote(&write(&mut slow)));
    assert_eq!(other.mine(), &named("troisième"));
    let others: Vec<Value<'_>> = other.conflicts().map(Conflict::other).collect();
    assert_eq!(others, [Value::Text("ailleurs")]);
}

#[test]
fn a_tab_that_slept_through_many_versions_takes_the_last_one() {
    let mut first = at_rest(1, Draft::default());
    let mut sleeping = at_rest(1, Draft::default());
    first.on(edited(named("a")));
    sleeping.on(other_tab_wrote(&write(&mut first)));
    for length in 2..100 {
        first.on(edited(named(&"a".repeat(length))));
        let mut second = sleeping.clone();
        second.on(other_tab_wrote(&write(&mut first)));
        assert_eq!((second.mine(), fields_in_conflict(&second)), (first.mine(), vec![]), "after {length} versions");
    }
}

#[test]
fn a_tab_that_slept_while_many_others_wrote_asks_rather_than_lose_something() {
    let mut sleeping = at_rest(1, Draft::default());
    sleeping.on(edited(named("a")));
    let mut copy = write(&mut sleeping);
    for number in 0..40 {
        let mut other = script(Machine::from_device(another_tab(), copy));
        other.on(edited(named(&number.to_string())));
        copy = write(&mut other);
    }
    assert_eq!(copy.versions.len(), 32);
    sleeping.on(other_tab_wrote(&copy));
    assert_eq!(fields_in_conflict(&sleeping), [Field::ProjectName]);
}

#[test]
fn many_versions_do_not_make_up_for_one_that_was_written_over_unread() {
    let mut first = at_rest(1, Draft::default());
    first.on(edited(named("a")));
    let mut second = script(Machine::from_device(another_tab(), write(&mut first)));
    first.on(edited(named("écrit en même temps")));
    write(&mut first);
    for number in 0..100 {
        second.on(edited(named(&number.to_string())));
        write(&mut second);
    }
    first.on(other_tab_wrote(&second.device_copy(0)));
    assert_eq!(fields_in_conflict(&first), [Field::ProjectName]);
}

#[test]
fn many_versions_do_not_make_up_for_one_that_is_missing() {
    let mut writer = script(Machine::new(another_tab(), Draft::default()));
    let mut sleeping = script(Machine::new(another_tab(), Draft::default()));
    sleeping.on(edited(named("avant")));
    writer.on(other_tab_wrote(&write(&mut sleeping)));
    sleeping.on(edited(named("effacé")));
    write(&mut sleeping);
    for number in 0..40 {
        writer.on(edited(named(&format!("après {number}"))));
        write(&mut writer);
    }
    sleeping.on(other_tab_wrote(&writer.device_copy(0)));
    assert_eq!(fields_in_conflict(&sleeping), [Field::ProjectName]);
}

#[test]
fn copies_that_know_nothing_of_each_other_are_put_together() {
    // The storage was wiped under two tabs, or they wrote in the same instant, and more than once.
    let (mut first, mut second) = (at_rest(1, Draft::default()), at_rest(1, Draft::default()));
    first.on(edited(named("premier")));
    let _ = write(&mut first);
    second.on(edited(legal("sec")));
    let _ = write(&mut second);
    second.on(edited(legal("second")));
    first.on(other_tab_wrote(&write(&mut second)));
    assert_eq!((first.mine().project.name.as_str(), first.mine().legal.basis.as_str()), ("premier", "second"));
    second.on(other_tab_wrote(&write(&mut first)));
    assert_eq!(second.mine(), first.mine());
}

#[test]
fn what_waits_for_a_choice_elsewhere_waits_for_it_in_a_tab_that_knew_of_nothing() {
    let second = Conflict { field: Field::ProjectName, theirs: named("second"), saved_at: None, saved_by: None };
    let copy = DeviceCopy {
        versions: vec![Version { tab: another_tab(), number: 1 }],
        base: Some(saved_draft(1, named("premier"))),
        conflicts: vec![second],
        ..DeviceCopy::new(named("premier"), 0)
    };
    let mut machine = script(Machine::new(another_tab(), Draft::default()));
    machine.on(edited(named("troisième"))).on(other_tab_wrote(&copy));
    let others: Vec<_> = machine.device_copy(0).conflicts.iter().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!((machine.mine(), others), (&named("troisième"), vec![named("premier"), named("second")]));
}

#[test]
fn a_save_of_another_tab_shows_that_the_server_is_back() {
    let mut first = sending(&named("a"));
    let mut second = script(Machine::from_device(another_tab(), write(&mut first)));
    second.on(edited(named("ab"))).on(Flush).on(LockGranted).on(failed(Failure::SignedOut));
    first.on(saved(1));
    assert_eq!(second.on(other_tab_wrote(&write(&mut first))).effects[1..], asked());
    second.on(LockGranted).then(sent(Some(1), named("ab")));
}

#[test]
fn a_response_that_comes_after_newer_ones_takes_nothing_back() {
    let mut first = sending(&named("a"));
    let mut second = script(Machine::from_device(another_tab(), write(&mut first)));
    let asked = first.base_revision();
    second.on(found(&second, saved_draft(2, named("b"))));
    first.on(other_tab_wrote(&write(&mut second))).on(saved(1));
    assert_eq!(first.base(), Some(&saved_draft(2, named("b"))));
    first.on(Event::Found { current: saved_draft(1, named("a")).into(), asked });
    assert_eq!(first.base(), Some(&saved_draft(2, named("b"))));
}

#[test]
fn what_was_changed_back_after_it_was_sent_is_not_brought_back_by_a_tab_that_took_it_from_the_server() {
    // The device takes no copies any more: of what comes then, the other tab knows only what the server has.
    let mut machine = at_rest(1, named("avant"));
    let mut other = script(Machine::from_device(another_tab(), write(&mut machine)));
    send_now(&mut machine, named("envoyé"));
    machine.on(edited(named("avant")));
    other.on(found(&other, saved_draft(2, named("envoyé"))));
    machine.on(other_tab_wrote(&write(&mut other)));
    assert_eq!((machine.mine().project.name.as_str(), machine.conflicts().count()), ("avant", 0));
}

#[test]
fn the_response_to_a_verification_ends_no_call_of_another_tab() {
    // The other tab's save is in flight, and the server takes it; this one only verified.
    let mut other = at_rest(1, named("avant"));
    let mut machine = script(Machine::from_device(another_tab(), write(&mut other)));
    machine.on(Flush);
    machine.on(LockGranted).then(verified(1));
    send_now(&mut other, named("envoyé"));
    other.on(edited(named("depuis")));
    machine.on(other_tab_wrote(&write(&mut other))).on(edited(named("après"))).on(saved(1));
    machine.on(found(&machine, saved_draft(2, named("envoyé"))));
    assert_eq!((machine.mine().project.name.as_str(), machine.conflicts().count()), ("après", 0));
}
