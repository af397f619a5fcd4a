//! Schedules, made from a seed, run, and shortened to the actions that break a rule.

use habilitation_model::saving::Side;

use crate::action::{Action, Clock, INTERCEPTED_STATUSES};
use crate::mutant::Mutant;
use crate::oracle::{FIELDS, List};
use crate::random::Random;
use crate::shorten::shortened;
use crate::world::{DEVICES, World};

/// Actions of the longest schedule, unless another number is given.
pub const ACTIONS: usize = 40;
/// Most draws of an action until one makes sense.
const DRAWS: usize = 12;

/// Settings that a seed decides before the first action.
#[derive(Clone, Copy, Debug)]
struct Setting {
    has_locks: bool,
    side: Side,
    /// Set where a second person who lost their right gets it back in the end.
    gives_right_back: bool,
}

impl Setting {
    fn draw(random: &mut Random) -> Self {
        let side = if random.one_in(2) { Side::Mine } else { Side::Theirs };
        Self { has_locks: !random.one_in(4), side, gives_right_back: random.one_in(2) }
    }
}

/// Broken rule, with the actions that break it.
#[derive(Clone, Debug)]
pub struct Violation {
    /// Seed that runs the schedule again.
    pub seed: u64,
    /// Rule that was broken.
    pub rule: String,
    /// Fewest actions that break it, with all events and effects.
    pub trace: String,
}

/// Runs the schedule of a seed, of at most so many actions; returns the rule that it breaks, if any.
#[must_use]
pub fn run(seed: u64, actions: usize, mutant: Option<Mutant>) -> Option<String> {
    let mut random = Random::new(seed);
    let setting = Setting::draw(&mut random);
    let mut world = World::new(setting.has_locks, mutant, false);
    let _ = generate(&mut world, &mut random, actions);
    finish(&mut world, setting);
    world.violated
}

/// Runs the schedule of a seed that breaks a rule again, and shortens it.
#[must_use]
pub fn explain(seed: u64, actions: usize, mutant: Option<Mutant>) -> Option<Violation> {
    let mut random = Random::new(seed);
    let setting = Setting::draw(&mut random);
    let mut world = World::new(setting.has_locks, mutant, false);
    let actions = generate(&mut world, &mut random, actions);
    finish(&mut world, setting);
    world.violated?;
    let actions = shortened(actions, |actions| replay(actions, setting, mutant, false).violated.is_some());
    let world = replay(&actions, setting, mutant, true);
    let rule = world.violated.clone()?;
    Some(Violation { seed, rule, trace: world.trace().unwrap_or_default() })
}

fn replay(actions: &[Action], setting: Setting, mutant: Option<Mutant>, traced: bool) -> World {
    let mut world = World::new(setting.has_locks, mutant, traced);
    for action in actions {
        world.apply(*action);
    }
    finish(&mut world, setting);
    world
}

/// Ends the schedule: every failure ends, and the rules are checked.
fn finish(world: &mut World, setting: Setting) {
    if world.violated.is_some() {
        return;
    }
    world.reconnect(setting.gives_right_back);
    world.check_rest();
    world.check_nothing_lost();
    if world.violated.is_some() {
        return;
    }
    world.converge(setting.side);
    world.check_rest();
    world.check_nothing_lost();
    world.check_convergence();
}

/// Draws actions and applies them; returns those that made sense.
fn generate(world: &mut World, random: &mut Random, most: usize) -> Vec<Action> {
    let kinds = FailureKinds::draw(random);
    let length = 4 + random.below(most.saturating_sub(4));
    let mut actions = Vec::with_capacity(length);
    let mut take = |world: &mut World, action| {
        if world.apply(action) {
            actions.push(action);
            return true;
        }
        false
    };
    take(world, Action::OpenTab(0));
    for _ in 0..length {
        for _ in 0..DRAWS {
            let action = kinds.action(world, random);
            if take(world, action) {
                break;
            }
        }
        if world.violated.is_some() {
            break;
        }
    }
    actions
}

/// FailureKinds of failures that a schedule may draw: with few of them, each goes deeper than with all.
struct FailureKinds(u64);

impl FailureKinds {
    fn draw(random: &mut Random) -> Self {
        Self(random.number() | random.number())
    }

    fn has(&self, kind: u32) -> bool {
        self.0 & (1 << kind) != 0
    }

    fn action(&self, world: &World, random: &mut Random) -> Action {
        let tab = random.below(world.tabs.len());
        let device = random.below(DEVICES);
        let call = random.below(world.calls.len());
        let field = random.below(FIELDS.len());
        let side = if random.one_in(2) { Side::Mine } else { Side::Theirs };
        let list = if random.one_in(2) { List::Scopes } else { List::Documents };
        // Three draws of four are actions of every schedule.
        if !random.one_in(4) {
            return match random.below(14) {
                0..3 => Action::TypeText(tab, field),
                3 | 4 => Action::FireTimer(tab),
                5 => Action::GrantLock(device),
                6 | 7 => Action::DeliverCall(call),
                8 | 9 => Action::DeliverResponse(call),
                10 => Action::ReceiveMessage(tab),
                11 => Action::ResolveConflict(tab, side),
                12 => Action::OpenTab(device),
                _ => Action::AddElement(tab, list),
            };
        }
        let kind = random.below(50);
        if !self.has(u32::try_from(kind).unwrap_or(0)) {
            return Action::DeliverCall(call);
        }
        match kind {
            0 => Action::TypeInRace(tab, field),
            1 => Action::RemoveElement(tab, list),
            2 => Action::ChangeStep(tab),
            3 => Action::HideTab(tab),
            4 => Action::CloseTab(tab),
            5 => Action::CrashTab(tab),
            6 => Action::FreezeTab(tab),
            7 | 8 => Action::ThawTab(tab),
            9 => Action::DeliverCallAgain(call),
            10 => Action::TimeOutCall(call),
            11 | 12 => Action::LoseCall(call),
            13 => Action::ToggleNetwork(device),
            14 => Action::ToggleServer,
            15 => Action::EndSession(device),
            16 => Action::SignIn(device),
            17 => Action::ToggleFullStorage(device),
            18 => Action::WipeStorage(device),
            19 => Action::Submit(tab),
            20 => Action::Delete(tab),
            21 => Action::BeginNewRequest(tab),
            22 => Action::Erase(tab),
            23 => Action::EnterBfcache(tab),
            24 | 25 => Action::LeaveBfcache(tab),
            26 => Action::TypeRejected(tab, field),
            27 => Action::SignInAnother(device),
            28 => Action::SignOut(tab),
            29 => Action::ReceiveLateMessage(tab),
            30..=32 => Action::InterceptCall(call, pick(random, &INTERCEPTED_STATUSES), random.one_in(3)),
            33 => Action::DeferCall(call, pick(random, &[408, 425, 429])),
            34 => Action::HangCall(call),
            35 | 36 => Action::BackUpServer,
            37 => Action::RestoreServer,
            38 | 39 => Action::SetClock(device, pick(random, &Clock::ALL)),
            40..=42 => Action::WriteByTool(tab, field),
            43..=45 => Action::LeaveControl(tab),
            46 => Action::TakeRight,
            47 => Action::GiveRight,
            _ => Action::DuplicateTab(tab),
        }
    }
}

fn pick<T: Copy, const N: usize>(random: &mut Random, from: &[T; N]) -> T {
    from[random.below(N)]
}
