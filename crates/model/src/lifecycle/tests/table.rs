//! The table of states, held against another one that people can read.

use crate::choice::ClosedList;
use crate::lifecycle::{Kind, Refusal, Role, Standing, State, next};

/// Acts that are possible: kind, roles, states before, what it needs, the state after. `=` is the state before, `~`
/// the one at which a request rests: `accepted` while a habilitation is active, else the state that follows.
const POSSIBLE: &str = "
    submitted          applicant           draft changes_requested               -       submitted
    changes_requested  examiner            submitted                             -       changes_requested
    resumed            examiner            changes_requested refused             -       submitted
    resumed            clock               changes_requested                     -       submitted
    accepted           examiner            submitted                             -       accepted
    refused            examiner            submitted                             -       ~refused
    withdrawn          applicant           submitted changes_requested           -       ~withdrawn
    withdrawn          applicant clock     draft                                 sent    ~withdrawn
    reopened           applicant           accepted refused withdrawn revoked    -       draft
    revoked            examiner            any                                   active  revoked
    archived           applicant clock     refused withdrawn revoked             -       archived
    message            applicant examiner  any-but-archived                      sent    =
    note               examiner            any-but-archived                      sent    =
    assignment         examiner            any-but-archived                      sent    =
    deadline           clock               submitted                             -       =
    delivery           clock               any-but-archived                      sent    =
";

struct Row {
    kind: Kind,
    roles: Vec<Role>,
    from: Vec<State>,
    needs: &'static str,
    to: &'static str,
}

/// Reads the rows. Columns are two spaces or more apart.
fn rows() -> Vec<Row> {
    let rows = POSSIBLE.trim().lines().map(|line| {
        let columns: Vec<&str> = line.split("  ").map(str::trim).filter(|column| !column.is_empty()).collect();
        let [kind, roles, from, needs, to] = columns[..] else { panic!("{line}") };
        let from = match from {
            "any" => State::ALL.to_vec(),
            "any-but-archived" => State::ALL.iter().copied().filter(|state| *state != State::Archived).collect(),
            states => states.split(' ').map(|state| State::parse(state).unwrap()).collect(),
        };
        let roles = roles.split(' ').map(|role| Role::parse(role).unwrap()).collect();
        Row { kind: Kind::parse(kind).unwrap(), roles, from, needs, to }
    });
    rows.collect()
}

/// The state after an act, by the table above; none where it has no such row.
fn expected(rows: &[Row], standing: &Standing, kind: Kind, role: Role) -> Option<State> {
    let fits = |row: &&Row| {
        let is_met = match row.needs {
            "sent" => standing.was_submitted,
            "active" => standing.is_habilitated,
            _ => true,
        };
        row.kind == kind && row.roles.contains(&role) && row.from.contains(&standing.state) && is_met
    };
    let row = rows.iter().find(fits)?;
    Some(match (row.to, row.to.strip_prefix('~')) {
        ("=", _) => standing.state,
        (_, Some(_)) if standing.is_habilitated => State::Accepted,
        (_, Some(state)) | (state, None) => State::parse(state).unwrap(),
    })
}

fn every_case() -> impl Iterator<Item = (Standing, Kind, Role)> {
    let standings =
        State::ALL.iter().flat_map(|state| {
            [(false, false), (false, true), (true, false), (true, true)]
                .map(|(is_habilitated, was_submitted)| Standing { state: *state, is_habilitated, was_submitted })
        });
    standings.flat_map(|standing| {
        let acts = Kind::ALL.iter().flat_map(|kind| Role::ALL.iter().map(move |role| (*kind, *role)));
        acts.map(move |(kind, role)| (standing, kind, role))
    })
}

#[test]
fn every_act_of_every_role_in_every_state_leads_where_the_table_says_or_is_refused() {
    let rows = rows();
    let mut counted = 0;
    for (standing, kind, role) in every_case() {
        let led = next(&standing, kind, role).ok();
        assert_eq!(led, expected(&rows, &standing, kind, role), "{standing:?} {kind:?} {role:?}");
        counted += 1;
    }
    assert_eq!(counted, 8 * 4 * 24 * 5);
}

#[test]
fn every_row_of_the_table_is_met() {
    for row in rows() {
        let is_met = |(standing, kind, role): (Standing, Kind, Role)| {
            kind == row.kind && row.roles.contains(&role) && row.from.contains(&standing.state)
        };
        assert!(every_case().any(is_met), "{:?}", row.kind);
        assert!(
            every_case()
                .filter(|case| is_met(*case))
                .any(|(standing, kind, role)| { next(&standing, kind, role).is_ok() })
        );
    }
}

#[test]
fn a_reader_is_refused_as_one_who_only_looks() {
    for (standing, kind, role) in every_case().filter(|(_, _, role)| *role == Role::Reader) {
        assert_eq!(next(&standing, kind, role), Err(Refusal::ReadOnly));
    }
}

#[test]
fn a_state_is_wrong_only_for_a_role_that_does_the_act_in_another() {
    let does =
        |kind, role| every_case().any(|(standing, k, r)| (k, r) == (kind, role) && next(&standing, k, r).is_ok());
    for (standing, kind, role) in every_case().filter(|(_, _, role)| *role != Role::Reader) {
        let refusal = if does(kind, role) { Refusal::WrongState } else { Refusal::NotAllowed };
        if let Err(refused) = next(&standing, kind, role) {
            assert_eq!(refused, refusal, "{standing:?} {kind:?} {role:?}");
        }
    }
}

#[test]
fn nothing_is_done_to_an_archived_request() {
    for (standing, kind, role) in every_case() {
        if standing.state == State::Archived && !standing.is_habilitated {
            assert!(next(&standing, kind, role).is_err(), "{kind:?} {role:?}");
        }
    }
}

#[test]
fn nine_kinds_move_the_state_and_five_leave_it() {
    assert_eq!(Kind::ALL.iter().filter(|kind| kind.moves_state()).count(), 9);
    for (standing, kind, role) in every_case().filter(|(_, kind, _)| !kind.moves_state()) {
        assert!(
            next(&standing, kind, role).is_ok_and(|state| state == standing.state)
                || next(&standing, kind, role).is_err()
        );
    }
}
