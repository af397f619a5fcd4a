//! Servers that came back from a backup.

use super::*;

#[test]
fn what_a_restored_server_lost_is_sent_again_without_a_question() {
    let mut machine = saved_twice(named("avant"), named("après"));
    let copy = machine.device_copy(0);
    // A page that is open learns of it when it saves.
    let both = Draft { legal: legal("texte").legal, ..named("après") };
    send_now(&mut machine, both.clone());
    machine.on(stale(saved_draft(1, named("avant")))).then([vec![WriteDevice, ReleaseLock], asked()].concat());
    assert_eq!((machine.mine(), machine.conflicts().count()), (&both, 0));
    let Some(Effect::Send { base, draft, .. }) = machine.on(LockGranted).effects.pop() else {
        panic!("nothing is sent")
    };
    assert_eq!((base.map(|base| base.revision), *draft), (Some(1), both));
    // One that is opened, at once: the server has it no more.
    let opened = script(Machine::open(another_tab(), copy, &saved_draft(1, named("avant")).into()));
    assert_eq!(opened.saved_to(), SavedTo::OnTheWay);
    assert_eq!((opened.mine(), opened.conflicts().count()), (&named("après"), 0));
}

#[test]
fn a_save_that_arrives_only_once_the_server_was_restored_asks_nothing() {
    let mut machine = at_rest(1, named("avant"));
    send_now(&mut machine, named("en route"));
    machine.on(failed(Failure::Unreachable));
    send_now(&mut machine, named("après"));
    machine.on(saved(2));
    send_now(&mut machine, Draft { legal: legal("texte").legal, ..named("après") });
    let late = SavedDraft { saved_at: "2026-11-26T08:00:00Z".to_owned(), ..saved_draft(2, named("en route")) };
    machine.on(stale(late));
    assert_eq!((machine.mine().project.name.as_str(), machine.conflicts().count()), ("après", 0));
}

#[test]
fn what_others_changed_after_the_server_was_restored_waits_for_a_choice() {
    let mut machine = saved_twice(named("avant"), named("après"));
    send_now(&mut machine, Draft { legal: legal("texte").legal, ..named("après") });
    machine.on(stale(saved_draft(1, named("ailleurs"))));
    let other = machine.conflicts().next().map(|conflict| conflict.other());
    assert_eq!(other, Some(Value::Text("ailleurs")));
    assert_eq!(machine.mine().project.name.as_str(), "après");
}

#[test]
fn a_revision_of_the_same_or_a_higher_number_that_grew_out_of_a_backup_is_known_by_its_times() {
    let restored = |revision: u64, earlier: &[&str]| Snapshot {
        saved: SavedDraft { revision, saved_at: format!("2026-11-26T08:00:{revision:02}Z"), draft: named("avant") },
        earlier: earlier.iter().map(|time| (*time).to_owned()).collect(),
        saved_by: None,
    };
    let first = saved_draft(1, Draft::default()).saved_at;
    for current in [
        restored(2, &[&first]),
        restored(3, &["2026-11-26T08:00:02Z", &first]),
        restored(4, &["2026-11-26T08:00:03Z", "2026-11-26T08:00:02Z", &first]),
    ] {
        let copy = saved_twice(named("avant"), named("après")).device_copy(0);
        let opened = script(Machine::open(another_tab(), copy, &current));
        assert_eq!((opened.mine(), opened.saved_to()), (&named("après"), SavedTo::OnTheWay), "{current:?}");
    }
    // Grown out of what is known, it is news like any other.
    let second = saved_draft(2, Draft::default()).saved_at;
    for earlier in [&[second.as_str(), &first][..], &[&second], &[]] {
        let copy = saved_twice(named("avant"), named("après")).device_copy(0);
        let opened = script(Machine::open(another_tab(), copy, &restored(3, earlier)));
        assert_eq!((opened.mine(), opened.saved_to()), (&named("avant"), SavedTo::Server), "{earlier:?}");
    }
}

#[test]
fn tabs_agree_on_which_revision_came_back_from_a_backup() {
    let mut first = saved_twice(named("avant"), named("après"));
    let mut second = script(Machine::from_device(another_tab(), write(&mut first)));
    send_now(&mut first, Draft { legal: legal("texte").legal, ..named("après") });
    first.on(stale(saved_draft(1, named("avant"))));
    second.on(other_tab_wrote(&write(&mut first)));
    assert_eq!(second.base().map(|base| base.revision), Some(1));
    assert_eq!((second.mine(), second.conflicts().count()), (first.mine(), 0));
    // And it stays so when the one that was slower speaks.
    first.on(other_tab_wrote(&write(&mut second)));
    assert_eq!(first.base().map(|base| base.revision), Some(1));
}
