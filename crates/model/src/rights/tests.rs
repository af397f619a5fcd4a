//! The table of rights, written out: one line for each action, one column for each condition of a request.
//!
//! Letters: `o` owner, `e` editor, `r` reader, `x` examiner, `l` onlooker, `c` colleague, `p` operator.

use super::*;
use crate::ClosedList;

const CONDITIONS: [Standing; 9] = [
    Standing::BEGUN,
    Standing { state: State::Submitted, is_habilitated: false, was_submitted: true },
    Standing { state: State::ChangesRequested, is_habilitated: false, was_submitted: true },
    Standing { state: State::Accepted, is_habilitated: true, was_submitted: true },
    Standing { state: State::Draft, is_habilitated: true, was_submitted: true },
    Standing { state: State::Refused, is_habilitated: false, was_submitted: true },
    Standing { state: State::Withdrawn, is_habilitated: false, was_submitted: true },
    Standing { state: State::Revoked, is_habilitated: false, was_submitted: true },
    Standing { state: State::Archived, is_habilitated: false, was_submitted: true },
];

const ACTORS: [(char, Actor); 7] = [
    ('o', Actor::Participant(Part::Owner)),
    ('e', Actor::Participant(Part::Editor)),
    ('r', Actor::Participant(Part::Reader)),
    ('x', Actor::Examiner),
    ('l', Actor::Onlooker),
    ('c', Actor::Colleague),
    ('p', Actor::Operator),
];

#[rustfmt::skip]
const TABLE: [(Action, [&str; 9]); 16] = [
    //                       begun  sent     changes  accepted reopened refused  withdrawn revoked archived
    (Action::Read,           ["oer", "oerxl", "oerxl", "oerxl", "oerxl", "oerxl", "oerxl", "oerxl", "oxl"]),
    (Action::Edit,           ["oe",  "",      "oe",    "",      "oe",    "",      "",      "",      ""]),
    (Action::Submit,         ["o",   "",      "o",     "",      "o",     "",      "",      "",      ""]),
    (Action::Reopen,         ["",    "",      "",      "o",     "",      "o",     "o",     "o",     ""]),
    (Action::Withdraw,       ["",    "o",     "o",     "",      "o",     "",      "",      "",      ""]),
    (Action::Delete,         ["o",   "",      "",      "",      "",      "",      "",      "",      ""]),
    (Action::Archive,        ["",    "",      "",      "",      "",      "o",     "o",     "o",     ""]),
    (Action::Write,          ["",    "oex",   "oex",   "oex",   "oex",   "oex",   "oex",   "oex",   ""]),
    (Action::Decide,         ["",    "x",     "x",     "x",     "x",     "x",     "",      "",      ""]),
    (Action::ListPeople,     ["oer", "oer",   "oer",   "oer",   "oer",   "oer",   "oer",   "oer",   ""]),
    (Action::Invite,         ["o",   "o",     "o",     "o",     "o",     "o",     "o",     "o",     ""]),
    (Action::Leave,          ["er",  "er",    "er",    "er",    "er",    "er",    "er",    "er",    "er"]),
    (Action::HandOver,       ["o",   "o",     "o",     "o",     "o",     "o",     "o",     "o",     ""]),
    (Action::AskRecovery,    ["c",   "c",     "c",     "c",     "c",     "c",     "c",     "c",     ""]),
    (Action::DecideRecovery, ["p",   "x",     "x",     "x",     "x",     "x",     "x",     "x",     ""]),
    (Action::Reassign,       ["p",   "p",     "p",     "p",     "p",     "p",     "p",     "p",     "p"]),
];

fn allowed(action: Action, standing: Standing, change: impl Fn(&mut Caller, &mut Condition)) -> String {
    let may = |actor: &Actor| {
        let (mut caller, mut condition) = (Caller::of(*actor), Condition::from(standing));
        change(&mut caller, &mut condition);
        allows(&caller, action, &condition)
    };
    ACTORS.iter().filter(|(_, actor)| may(actor)).map(|(letter, _)| letter).collect()
}

/// Returns a cell of the table without some of its letters.
fn fewer(cell: &str, without: &str) -> String {
    cell.chars().filter(|letter| !without.contains(*letter)).collect()
}

#[test]
fn each_action_belongs_to_those_of_the_table_in_each_condition() {
    for action in Action::ALL {
        let (_, cells) = TABLE.iter().find(|(listed, _)| listed == action).unwrap();
        for (standing, cell) in CONDITIONS.into_iter().zip(cells) {
            assert_eq!(allowed(*action, standing, |_, _| ()), *cell, "{action:?} in {standing:?}");
        }
    }
}

#[test]
fn whoever_signed_in_for_another_organisation_reads_leaves_and_hands_over() {
    for (action, cells) in TABLE {
        let stays = matches!(action, Action::Read | Action::ListPeople | Action::Leave | Action::HandOver);
        for (standing, cell) in CONDITIONS.into_iter().zip(cells) {
            let without = if stays { "" } else { "oerc" };
            let elsewhere = allowed(action, standing, |caller, _| caller.acts_for_organisation = false);
            assert_eq!(elsewhere, fewer(cell, without), "{action:?} in {standing:?}");
        }
    }
}

#[test]
fn a_portal_does_nothing_about_people() {
    use Action::{AskRecovery, HandOver, Invite, Leave, ListPeople};
    for (action, cells) in TABLE {
        let is_about_people = matches!(action, AskRecovery | HandOver | Invite | Leave | ListPeople);
        for (standing, cell) in CONDITIONS.into_iter().zip(cells) {
            let without = if is_about_people { "oerc" } else { "" };
            let there = allowed(action, standing, |caller, _| caller.is_through_portal = true);
            assert_eq!(there, fewer(cell, without), "{action:?} in {standing:?}");
        }
    }
}

#[test]
fn what_may_be_contested_is_not_passed_on_given_up_or_put_away() {
    for (action, cells) in TABLE {
        let is_final = matches!(action, Action::HandOver | Action::Withdraw | Action::Delete | Action::Archive);
        for (standing, cell) in CONDITIONS.into_iter().zip(cells) {
            let without = if is_final { "oerc" } else { "" };
            let contestable = allowed(action, standing, |_, condition| condition.is_contestable = true);
            assert_eq!(contestable, fewer(cell, without), "{action:?} in {standing:?}");
        }
    }
}

#[test]
fn an_examiner_only_reads_a_request_of_their_own() {
    for (action, cells) in TABLE {
        for (standing, cell) in CONDITIONS.into_iter().zip(cells) {
            let without = if action == Action::Read { "" } else { "x" };
            assert_eq!(allowed(action, standing, |caller, _| caller.is_own = true), fewer(cell, without), "{action:?}");
        }
    }
}

#[test]
fn what_the_state_alone_forbids_is_told_from_what_the_caller_never_may() {
    let owner = Caller::participant(Part::Owner);
    let portal = Caller { is_through_portal: true, ..owner };
    let elsewhere = Caller { acts_for_organisation: false, ..owner };
    for (caller, action, is_contestable, is_possible) in [
        (owner, Action::Withdraw, false, true),
        (owner, Action::Withdraw, true, false),
        (owner, Action::Leave, false, false),
        (elsewhere, Action::Edit, false, false),
        (elsewhere, Action::HandOver, false, true),
        (portal, Action::Invite, false, false),
        (Caller::participant(Part::Editor), Action::Edit, false, true),
        (Caller::participant(Part::Editor), Action::Submit, false, false),
        (Caller::participant(Part::Reader), Action::Edit, false, false),
    ] {
        assert_eq!(allows_in_some_state(&caller, action, is_contestable), is_possible, "{caller:?} {action:?}");
    }
}
