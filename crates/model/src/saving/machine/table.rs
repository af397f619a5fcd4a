//! Test of the table of states in the module's documentation.

use std::fmt::Write as _;

use super::{Effect, Event, Failure, Lock, Machine, State, Timer};
use crate::draft::Draft;
use crate::saving::SavedDraft;

fn named(name: &str) -> Draft {
    let mut draft = Draft::default();
    draft.project.name = name.into();
    draft
}

fn saved_draft(revision: u64, name: &str) -> SavedDraft {
    SavedDraft { revision, saved_at: String::new(), draft: named(name) }
}

fn stale(revision: u64, name: &str) -> Event {
    Event::Stale(saved_draft(revision, name).into())
}

fn after(events: &[(&str, Event)]) -> Machine {
    let mut machine = Machine::from_server(1, saved_draft(1, "avant"));
    for (_, event) in events {
        let _ = machine.handle(event.clone());
    }
    machine
}

fn failed(failure: Failure) -> Event {
    Event::Failed { failure, random: 0, pause: 0 }
}

/// Returns the name of the state, which tells apart cases of [`State::Ready`] and [`State::Sending`].
fn state(machine: &Machine) -> &'static str {
    match &machine.state {
        State::Erased => "erased",
        State::Closed(..) => "closed",
        State::Stopped(_) => "stopped",
        _ if machine.submitting => "submitting",
        State::Sending(in_flight) if in_flight.draft == machine.copy.to_send() => "sending",
        State::Sending(_) => "sending, news",
        _ if machine.lock == Lock::Requested => "asking",
        State::CutOff(_) => "cut off",
        State::Ready if machine.timer == Some(Timer::Save) => "waiting",
        State::Ready if machine.begun => "at rest",
        State::Ready => "untouched",
    }
}

fn told(effect: &Effect) -> &'static str {
    match effect {
        Effect::WriteDevice => "WriteDevice",
        Effect::EraseDevice => "EraseDevice",
        Effect::RequestLock => "RequestLock",
        Effect::ReleaseLock => "ReleaseLock",
        Effect::Send { .. } => "Send",
        Effect::Verify(_) => "Verify",
        Effect::Wake { .. } => "Wake",
        Effect::ShowAnswers(_) => "ShowAnswers",
        Effect::ShowConflicts(_) => "ShowConflicts",
    }
}

fn table() -> String {
    let edited = ("Edited", Event::Edited(named("ici")));
    let (woken, lock) = (("Woken", Event::Woken), ("LockGranted", Event::LockGranted));
    let cut_off = ("Failed: Unreachable", failed(Failure::Unreachable));
    let stopped = ("Failed: SignedOut", failed(Failure::SignedOut));
    let gone = ("Failed: Gone", failed(Failure::Gone));
    let submitting = ("Submitting", Event::Submitting);
    let way = [edited.clone(), woken.clone(), lock.clone()];
    let with = |further: &(&'static str, Event)| after(&[way.as_slice(), std::slice::from_ref(further)].concat());
    let machines = [
        Machine::new(1, Draft::default()),
        after(&[]),
        after(&way[..1]),
        after(&way[..2]),
        after(&way),
        with(&("Edited", Event::Edited(named("encore")))),
        with(&cut_off),
        with(&stopped),
        with(&gone),
        after(std::slice::from_ref(&submitting)),
    ];
    let other_tab = after(&[("Edited", Event::Edited(named("autre onglet")))]).device_copy(0);
    let events = [
        edited,
        woken,
        ("Flush", Event::Flush),
        ("Hidden", Event::Hidden),
        ("Offline", Event::Offline),
        ("Online", Event::Online),
        ("SignedIn", Event::SignedIn),
        lock,
        ("OtherTabWrote", Event::OtherTabWrote(Box::new(other_tab))),
        ("Saved", Event::Saved { revision: 2, saved_at: String::new() }),
        ("Stale: as sent", stale(2, "ici")),
        ("Stale: other", stale(2, "ailleurs")),
        cut_off,
        stopped,
        gone,
        submitting,
        ("NotSubmitted", Event::NotSubmitted),
        ("Submitted", Event::Submitted),
        ("NotOnServer", Event::NotOnServer),
    ];
    let mut table = format!("{:<14} {:<20} {:<14} orders\n", "state", "event", "next state");
    for machine in &machines {
        for (name, event) in &events {
            let mut next = machine.clone();
            let effects = next.handle(event.clone());
            let is_given_back = effects == [Effect::ReleaseLock] && matches!(event, Event::LockGranted);
            if state(&next) != state(machine) || !(effects.is_empty() || is_given_back) {
                let orders: Vec<&str> = effects.iter().map(told).collect();
                let (from, to) = (state(machine), state(&next));
                writeln!(table, "{from:<14} {name:<20} {to:<14} {}", orders.join(", ")).unwrap();
            }
        }
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_table_in_the_documentation_is_what_the_machine_does() {
    let documentation = include_str!("../../saving.rs").lines().map_while(|line| line.strip_prefix("//!"));
    let lines = documentation.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let shown: String = lines
        .skip_while(|line| !line.starts_with("state "))
        .take_while(|line| *line != "```")
        .map(|line| line.to_owned() + "\n")
        .collect();
    let table = table();
    assert!(shown == table, "the table is now:\n{table}");
}
