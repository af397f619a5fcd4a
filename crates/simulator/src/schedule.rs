//! Schedules: made from a seed, run, and cut down to what matters where they break a rule.

use habilitation_model::saving::Side;

use crate::mutant::Mutant;
use crate::oracle::{FIELDS, List};
use crate::random::Random;
use crate::step::{Clock, INTERCEPTED_STATUSES, Step};
use crate::world::{DEVICES, World};

/// Steps of the longest schedule, unless another number is asked for.
pub const STEPS: usize = 40;
/// Most steps that are drawn to find one that makes sense.
const DRAWS: usize = 12;

/// Settings that a seed decides before the first step.
#[derive(Clone, Copy, Debug)]
struct Setting {
    has_locks: bool,
    side: Side,
}

impl Setting {
    fn draw(random: &mut Random) -> Self {
        let side = if random.one_in(2) { Side::Mine } else { Side::Theirs };
        Self { has_locks: !random.one_in(4), side }
    }
}

/// A broken rule and how it comes to that.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Runs the schedule again.
    pub seed: u64,
    /// The rule.
    pub rule: String,
    /// The fewest steps that break it, with what everybody did.
    pub trace: String,
}

/// Runs the schedule of a seed, of at most so many steps; answers the rule that it breaks, if any.
#[must_use]
pub fn run(seed: u64, steps: usize, mutant: Option<Mutant>) -> Option<String> {
    let mut random = Random::new(seed);
    let setting = Setting::draw(&mut random);
    let mut world = World::new(setting.has_locks, mutant, false);
    let _ = generate(&mut world, &mut random, steps);
    finish(&mut world, setting);
    world.violated
}

/// Runs the schedule of a seed that breaks a rule again, and cuts it down.
#[must_use]
pub fn explain(seed: u64, steps: usize, mutant: Option<Mutant>) -> Option<Failure> {
    let mut random = Random::new(seed);
    let setting = Setting::draw(&mut random);
    let mut world = World::new(setting.has_locks, mutant, false);
    let mut steps = generate(&mut world, &mut random, steps);
    finish(&mut world, setting);
    world.violated?;
    // Leaves out one step after the other, until each that is left matters.
    let is_broken = |steps: &[Step]| replay(steps, setting, mutant, false).violated.is_some();
    while let Some(fewer) = (0..steps.len()).rev().map(|place| without(&steps, place)).find(|fewer| is_broken(fewer)) {
        steps = fewer;
    }
    let world = replay(&steps, setting, mutant, true);
    let rule = world.violated.clone()?;
    Some(Failure { seed, rule, trace: world.trace().unwrap_or_default() })
}

fn without(steps: &[Step], place: usize) -> Vec<Step> {
    let mut fewer = steps.to_vec();
    fewer.remove(place);
    fewer
}

fn replay(steps: &[Step], setting: Setting, mutant: Option<Mutant>, traced: bool) -> World {
    let mut world = World::new(setting.has_locks, mutant, traced);
    for step in steps {
        world.apply(*step);
    }
    finish(&mut world, setting);
    world
}

/// Ends the schedule: all troubles end, and the rules are checked.
fn finish(world: &mut World, setting: Setting) {
    if world.violated.is_some() {
        return;
    }
    world.reconnect();
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

/// Draws steps and takes them; answers those that made sense.
fn generate(world: &mut World, random: &mut Random, most: usize) -> Vec<Step> {
    let kinds = Kinds::draw(random);
    let length = 4 + random.below(most.saturating_sub(4));
    let mut steps = Vec::with_capacity(length);
    let mut take = |world: &mut World, step| {
        if world.apply(step) {
            steps.push(step);
            return true;
        }
        false
    };
    take(world, Step::Open(0));
    for _ in 0..length {
        for _ in 0..DRAWS {
            let step = kinds.step(world, random);
            if take(world, step) {
                break;
            }
        }
        if world.violated.is_some() {
            break;
        }
    }
    steps
}

/// Kinds of trouble that a schedule knows: with few of them, each goes deeper than with all.
struct Kinds(u64);

impl Kinds {
    fn draw(random: &mut Random) -> Self {
        Self(random.number() | random.number())
    }

    fn has(&self, kind: u32) -> bool {
        self.0 & (1 << kind) != 0
    }

    fn step(&self, world: &World, random: &mut Random) -> Step {
        let tab = random.below(world.tabs.len());
        let device = random.below(DEVICES);
        let call = random.below(world.calls.len());
        let field = random.below(FIELDS.len());
        let side = if random.one_in(2) { Side::Mine } else { Side::Theirs };
        let list = if random.one_in(2) { List::Scopes } else { List::Documents };
        // What every schedule has, in three draws of four.
        if !random.one_in(4) {
            return match random.below(14) {
                0..3 => Step::Type(tab, field),
                3 | 4 => Step::Wake(tab),
                5 => Step::Grant(device),
                6 | 7 => Step::Arrive(call),
                8 | 9 => Step::Answer(call),
                10 => Step::Receive(tab),
                11 => Step::Choose(tab, side),
                12 => Step::Open(device),
                _ => Step::Add(tab, list),
            };
        }
        let kind = random.below(48);
        if !self.has(u32::try_from(kind).unwrap_or(0)) {
            return Step::Arrive(call);
        }
        match kind {
            0 => Step::TypeInARace(tab, field),
            1 => Step::Remove(tab, list),
            2 => Step::Flush(tab),
            3 => Step::Hide(tab),
            4 => Step::Close(tab),
            5 => Step::Crash(tab),
            6 => Step::Freeze(tab),
            7 | 8 => Step::Thaw(tab),
            9 => Step::Repeat(call),
            10 => Step::GiveUp(call),
            11 | 12 => Step::Lose(call),
            13 => Step::Network(device),
            14 => Step::Server,
            15 => Step::SignOut(device),
            16 => Step::SignIn(device),
            17 => Step::Fill(device),
            18 => Step::Wipe(device),
            19 => Step::Submit(tab),
            20 => Step::Delete(tab),
            21 => Step::BeginAgain(tab),
            22 => Step::LetGo(tab),
            23 => Step::PutAside(tab),
            24 | 25 => Step::BringBack(tab),
            26 => Step::TypeTooMuch(tab, field),
            27 => Step::SignInAnother(device),
            28 => Step::Leave(tab),
            29 => Step::ReceiveLate(tab),
            30..=32 => Step::Intercept(call, pick(random, &INTERCEPTED_STATUSES), random.one_in(3)),
            33 => Step::Defer(call, pick(random, &[408, 425, 429])),
            34 => Step::Hang(call),
            35 | 36 => Step::Backup,
            37 => Step::Restore,
            38 | 39 => Step::SetClock(device, pick(random, &Clock::ALL)),
            40..=42 => Step::ToolWrites(tab, field),
            43..=45 => Step::LeaveControl(tab),
            _ => Step::Duplicate(tab),
        }
    }
}

fn pick<T: Copy, const N: usize>(random: &mut Random, from: &[T; N]) -> T {
    from[random.below(N)]
}
