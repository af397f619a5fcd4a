//! Proves by simulation what happens to a request after it is sent: no act is lost, made twice, or made on what nobody saw.
//!
//! A seed decides a schedule of one request: its applicant in two pages, two examiners in one page each, a network that delays
//! and repeats calls, days that pass, the clock and the purge. The server asks the real model what follows, as
//! `crates/server` does. A ledger knows the rules from the specification alone, and counts days one by one. After
//! every action both have to agree:
//!
//! - a call is taken if and only if the rules let it, and what it changes is that and nothing else;
//! - an act is made once, however often its call arrives, and an identifier stands for one act;
//! - nobody of the team decides on a revision that moved, or past an event of the applicant that their page did not show;
//! - a habilitation ends by a revocation or by the next one alone, and at most one is active;
//! - what was sent never changes, and the draft changes by its applicant alone;
//! - the legal clock counts each day of suspension once, and each reminder is given once;
//! - what was ever sent is never purged;
//! - nobody loses anything by days alone of which no mail told them thirty days before, once;
//! - of a request that is erased nothing is left that anybody wrote, and whoever asks is told that it is gone.

mod action;
mod ledger;
mod losses;
mod mutant;
mod server;
mod world;

pub use mutant::Mutant;

use crate::life::action::Action;
use crate::life::world::World;
use crate::random::Random;
use crate::schedule::Violation;
use crate::shorten::shortened;

/// Actions of the longest schedule.
pub const ACTIONS: usize = 60;
/// Runs the schedule of a seed, of at most so many actions; returns the rule that it breaks, if any.
#[must_use]
pub fn run(seed: u64, actions: usize, mutant: Option<Mutant>) -> Option<String> {
    let mut world = World::new(mutant);
    generate(&mut world, seed, actions);
    world.violated
}

/// Runs the schedule of a seed that breaks a rule again, and shortens it.
#[must_use]
pub fn explain(seed: u64, actions: usize, mutant: Option<Mutant>) -> Option<Violation> {
    let mut world = World::new(mutant);
    let actions = generate(&mut world, seed, actions);
    world.violated?;
    let actions = shortened(actions, |actions| replay(actions, mutant).violated.is_some());
    let rule = replay(&actions, mutant).violated?;
    let trace = actions.iter().map(|action| format!("{action:?}\n")).collect();
    Some(Violation { seed, rule, trace })
}

fn replay(actions: &[Action], mutant: Option<Mutant>) -> World {
    let mut world = World::new(mutant);
    for action in actions {
        world.apply(*action);
    }
    world
}

/// Draws actions and applies them, until one breaks a rule; returns those that made sense.
fn generate(world: &mut World, seed: u64, most: usize) -> Vec<Action> {
    let mut random = Random::new(seed);
    let length = 4 + random.below(most.saturating_sub(4));
    let mut actions = Vec::with_capacity(length);
    while actions.len() < length && world.violated.is_none() {
        let drawn = Action::draw(&mut random, world.calls());
        // Mostly people see what is there and reach the server. Else what they do is done behind the times.
        let page = drawn.page().filter(|_| !random.one_in(3));
        let (before, after) = (page.map(Action::Load), page.map(|_| Action::Deliver(world.calls())));
        // The clock looks often where days pass.
        let clock = matches!(drawn, Action::Wait(_)) && random.one_in(2);
        for action in before.into_iter().chain([drawn]).chain(after).chain(clock.then_some(Action::RunClock)) {
            if world.violated.is_none() && world.apply(action) {
                actions.push(action);
            }
        }
    }
    actions
}
