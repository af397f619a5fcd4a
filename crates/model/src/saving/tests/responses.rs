//! Responses of the server, and what differs from them.

use super::*;

#[test]
fn a_lost_response_is_recognised_by_what_the_server_holds() {
    let mut machine = sending(&named("a"));
    machine.on(failed(Failure::Unreachable));
    assert_eq!(machine.saved_to(), SavedTo::Device(Failure::Unreachable));
    machine.on(Woken).then(asked());
    machine.on(LockGranted).then(sent(None, named("a")));
    machine.on(stale(saved_draft(1, named("a")))).then([WriteDevice, ReleaseLock]);
    assert_eq!(machine.saved_to(), SavedTo::Server);
    assert_eq!(machine.base(), Some(&saved_draft(1, named("a"))));
}

#[test]
fn what_was_typed_after_a_lost_response_is_no_conflict_with_what_was_sent() {
    for crash in [false, true] {
        let mut machine = sending(&named("a"));
        machine.on(edited(named("ab")));
        let current = saved_draft(1, named("a"));
        if crash {
            machine = script(Machine::open(another_tab(), write(&mut machine), &current.into()));
        } else {
            machine.on(failed(Failure::Unreachable)).on(Woken);
            machine.on(LockGranted).on(Event::Stale(current.into()));
        }
        assert_eq!(machine.mine(), &named("ab"));
        assert_eq!(fields_in_conflict(&machine), []);
        machine.on(Flush).on(LockGranted).then(sent(Some(1), named("ab")));
    }
}

#[test]
fn any_of_many_attempts_without_a_response_may_have_arrived() {
    let attempts = 100;
    for arrived in 0..attempts {
        let mut machine = at_rest(1, named("avant"));
        for attempt in 0..attempts {
            send_now(&mut machine, named(&attempt.to_string()));
            machine.on(failed(Failure::Unreachable));
        }
        machine.on(edited(named("dernier")));
        machine.on(found(&machine, saved_draft(2, named(&arrived.to_string()))));
        assert_eq!((machine.mine(), fields_in_conflict(&machine)), (&named("dernier"), vec![]));
    }
}

#[test]
fn what_was_undone_after_a_lost_response_stays_undone() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("après"));
    machine.on(edited(named("avant"))).on(failed(Failure::Unreachable));
    machine.on(found(&machine, saved_draft(2, named("après"))));
    assert_eq!(machine.mine(), &named("avant"));
    assert_eq!(machine.saved_to(), SavedTo::OnTheWay);
}

#[test]
fn different_fields_merge_by_themselves() {
    let mut machine = at_rest(1, Draft::default());
    send_now(&mut machine, named("ici"));
    let effects = machine.on(stale(saved_draft(2, legal("ailleurs")))).effects.clone();
    let shown = vec![WriteDevice, ShowAnswers(vec![Field::LegalBasis]), ReleaseLock];
    assert_eq!(effects, [shown, asked()].concat());
    let mut both = legal("ailleurs");
    both.project.name = "ici".into();
    assert_eq!(machine.mine(), &both);
    machine.on(LockGranted).then(sent(Some(2), both));
}

#[test]
fn scopes_merge_by_element() {
    let mut machine = at_rest(1, scoped(&["gender", "email"]));
    send_now(&mut machine, scoped(&["gender", "email", "birthdate"]));
    machine.on(stale(saved_draft(2, scoped(&["email", "family_name"]))));
    assert_eq!(machine.mine(), &scoped(&["family_name", "birthdate", "email"]));
    assert_eq!(fields_in_conflict(&machine), []);
}

#[test]
fn what_was_removed_from_a_list_here_does_not_return_with_a_save_of_ours() {
    // The response is lost; the element goes; another device adds one to what it found.
    let mut machine = at_rest(1, Draft::default());
    send_now(&mut machine, scoped(&["email"]));
    machine.on(failed(Failure::Unreachable)).on(edited(legal("x")));
    send(&mut machine);
    machine.on(stale(saved_draft(3, scoped(&["email", "phone"]))));
    assert_eq!(machine.mine().data, scoped(&["phone"]).data);
}

#[test]
fn what_was_removed_from_a_list_elsewhere_goes_even_if_it_was_once_not_there() {
    let mut machine = at_rest(1, Draft::default());
    machine.on(edited(scoped(&["phone"])));
    write(&mut machine);
    send(&mut machine);
    machine.on(stale(saved_draft(2, scoped(&["email"]))));
    assert_eq!(machine.mine(), &scoped(&["email", "phone"]));
    machine.on(LockGranted).on(stale(saved_draft(3, Draft::default())));
    assert_eq!(machine.mine(), &scoped(&["phone"]));
}

#[test]
fn two_values_of_one_field_wait_for_a_choice_while_the_rest_is_saved() {
    for (side, kept) in [(Side::Mine, "ici"), (Side::Theirs, "ailleurs")] {
        let mut machine = at_rest(1, named("avant"));
        send_now(&mut machine, named("ici"));
        let effects = machine.on(stale(saved_draft(2, named("ailleurs")))).effects.clone();
        assert_eq!(effects, [WriteDevice, ShowConflicts(vec![Field::ProjectName]), ReleaseLock]);
        assert_eq!(machine.mine(), &named("ici"));
        machine.on(Flush).then_because("nothing to send but the conflict", []);

        let mut restored = script(Machine::from_device(another_tab(), machine.device_copy(0)));
        let conflict = restored.conflicts().next().unwrap();
        assert_eq!((conflict.field, &conflict.theirs), (Field::ProjectName, &named("ailleurs")));
        assert_eq!(conflict.saved_at.as_deref(), Some("2026-11-25T10:00:02Z"));
        restored.on(Event::Chosen { field: Field::ProjectName, side });
        assert_eq!(restored.mine(), &named(kept));
        assert_eq!(fields_in_conflict(&restored), []);
        restored.on(Flush);
        // Theirs is the value that the server had: whether it still has it is verified.
        let expected = if side == Side::Mine { sent(Some(2), named(kept)) } else { verified(2) };
        restored.on(LockGranted).then(expected);
    }
}

#[test]
fn typing_in_a_field_with_two_values_is_a_choice_of_its_own() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("ici"));
    machine.on(stale(saved_draft(2, named("ailleurs")))).on(edited(named("les deux")));
    assert_eq!(fields_in_conflict(&machine), []);
    machine.on(Woken).then(asked());
    machine.on(LockGranted).then(sent(Some(2), named("les deux")));
}

#[test]
fn the_other_value_of_a_conflict_follows_the_server() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("ici"));
    machine.on(stale(saved_draft(2, named("ailleurs"))));
    machine.on(found(&machine, saved_draft(3, named("ailleurs encore"))));
    let others: Vec<_> = machine.conflicts().map(|conflict| conflict.theirs.clone()).collect();
    assert_eq!(others, [named("ailleurs encore")]);
    machine.on(found(&machine, saved_draft(4, named("ici"))));
    assert_eq!(fields_in_conflict(&machine), [], "both say the same now");
}

#[test]
fn a_draft_is_opened_with_what_was_typed_here_and_saved_elsewhere() {
    let mut machine = at_rest(1, Draft::default());
    machine.on(edited(named("ici")));
    let opened =
        script(Machine::open(another_tab(), machine.device_copy(0), &saved_draft(4, legal("ailleurs")).into()));
    assert_eq!(opened.mine().project.name.as_str(), "ici");
    assert_eq!(opened.mine().legal.basis.as_str(), "ailleurs");
    assert_eq!(opened.saved_to(), SavedTo::OnTheWay);

    let unchanged = at_rest(1, named("avant")).device_copy(0);
    let opened = script(Machine::open(another_tab(), unchanged, &saved_draft(2, named("après")).into()));
    assert_eq!(opened.mine(), &named("après"));
    assert_eq!(opened.saved_to(), SavedTo::Server);
}

#[test]
fn a_conflict_names_who_saved_the_other_value_and_a_copy_of_an_earlier_page_names_nobody() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("ici"));
    let there = Snapshot { saved_by: Some("Karim Saïdi".to_owned()), ..saved_draft(2, named("ailleurs")).into() };
    machine.on(Event::Stale(there));
    let copy = machine.device_copy(0);
    assert_eq!(copy.conflicts[0].saved_by.as_deref(), Some("Karim Saïdi"));
    let mut kept = serde_json::to_value(&copy).unwrap();
    assert_eq!(serde_json::from_value::<DeviceCopy>(kept.clone()).unwrap(), copy);
    kept["conflicts"][0].as_object_mut().unwrap().remove("saved_by");
    assert_eq!(serde_json::from_value::<DeviceCopy>(kept).unwrap().conflicts[0].saved_by, None);
}
