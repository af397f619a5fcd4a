//! Runs schedules on every core and tells how many a second, or why one breaks a rule.

#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use habilitation_simulator::{Violation, life};
use lexopt::prelude::*;

const HELP: &str = "\
Runs schedules of people, tabs, devices, network troubles and crashes through the saving machine.

usage: cargo xtask simulate [--lives] [--mutants] [--schedules NUMBER] [--seed NUMBER] [--actions NUMBER]

  --schedules NUMBER  how many (1,000,000 if not given)
  --seed NUMBER       the first seed (0 if not given); the same seed gives the same schedule
  --actions NUMBER    actions of the longest schedule (40 if not given, 60 of a life); another number gives other schedules
  --lives             lives of a request after it was sent, with applicants, examiners and days that pass, instead of saving
  --mutants           break the rules one by one, and tell which schedule notices";

fn main() -> ExitCode {
    match simulate() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Function that runs the schedule of a seed, of so many actions; returns the rule that it breaks, if any.
type Run = Box<dyn Fn(u64, usize) -> Option<String>>;

/// Simulation that the program runs.
struct Simulation {
    /// Runs the schedule of a seed, of at most so many actions; returns the rule that it breaks, if any.
    run: fn(u64, usize) -> Option<String>,
    explain: fn(u64, usize) -> Option<Violation>,
    /// Names of the broken rules, and the same for each.
    mutants: Vec<(String, Run)>,
    /// Actions of the longest schedule, unless another number is given.
    actions: usize,
}

impl Simulation {
    fn of_saving() -> Self {
        use habilitation_simulator::{ACTIONS, Mutant, explain, run};
        let named = |mutant| {
            let broken: Run = Box::new(move |seed, actions| run(seed, actions, Some(mutant)));
            (format!("{mutant:?}"), broken)
        };
        Self {
            run: |seed, actions| run(seed, actions, None),
            explain: |seed, actions| explain(seed, actions, None),
            mutants: Mutant::ALL.map(named).into(),
            actions: ACTIONS,
        }
    }

    fn of_lives() -> Self {
        let named = |mutant| {
            let broken: Run = Box::new(move |seed, actions| life::run(seed, actions, Some(mutant)));
            (format!("{mutant:?}"), broken)
        };
        Self {
            run: |seed, actions| life::run(seed, actions, None),
            explain: |seed, actions| life::explain(seed, actions, None),
            mutants: life::Mutant::ALL.map(named).into(),
            actions: life::ACTIONS,
        }
    }
}

fn simulate() -> Result<ExitCode, lexopt::Error> {
    let (mut schedules, mut seed, mut actions, mut mutants) = (1_000_000, 0, None, false);
    let mut simulation = Simulation::of_saving();
    let mut options = lexopt::Parser::from_env();
    while let Some(option) = options.next()? {
        match option {
            Long("schedules") => schedules = options.value()?.parse()?,
            Long("seed") => seed = options.value()?.parse()?,
            Long("actions") => actions = Some(options.value()?.parse()?),
            Long("mutants") => mutants = true,
            Long("lives") => simulation = Simulation::of_lives(),
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(option.unexpected()),
        }
    }
    let actions = actions.unwrap_or(simulation.actions);
    if !mutants {
        return Ok(search(&simulation, seed, schedules, actions));
    }
    let mut missed = 0;
    println!("| broken rule | noticed after | what was seen |\n|---|---|---|");
    for (mutant, run) in &simulation.mutants {
        match (seed..seed + schedules).find_map(|seed| Some((seed, run(seed, actions)?))) {
            Some((found, rule)) => println!("| {mutant} | {} | {rule} |", found - seed + 1),
            None => {
                missed += 1;
                println!("| {mutant} | not in {schedules} | |");
            }
        }
    }
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Looks for a schedule that breaks a rule, on every core, and prints its progress.
fn search(simulation: &Simulation, first: u64, schedules: u64, actions: usize) -> ExitCode {
    let Simulation { run, explain, .. } = *simulation;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let end = first + schedules;
    let next = AtomicU64::new(first);
    let broken = AtomicU64::new(u64::MAX);
    let start = Instant::now();
    let workers = thread::scope(|scope| {
        let worker = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= end || seed > broken.load(Ordering::Relaxed) {
                    break;
                }
                if run(seed, actions).is_some() {
                    broken.fetch_min(seed, Ordering::Relaxed);
                }
            }
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        let mut told = Instant::now();
        while workers.iter().any(|worker| !worker.is_finished()) {
            thread::sleep(Duration::from_millis(20));
            if told.elapsed() > Duration::from_secs(5) {
                told = Instant::now();
                let done = next.load(Ordering::Relaxed).min(end) - first;
                eprintln!("{done} of {schedules} schedules, {} a second", rate(done, start.elapsed()));
            }
        }
        workers.into_iter().map(thread::ScopedJoinHandle::join).filter(Result::is_ok).count()
    });
    if workers < cores {
        eprintln!("error: a simulation panicked");
        return ExitCode::FAILURE;
    }
    let seed = broken.load(Ordering::Relaxed);
    if let Some(violation) = (seed != u64::MAX).then(|| explain(seed, actions)).flatten() {
        eprintln!("seed {} breaks a rule. What it takes:\n\n{}", violation.seed, violation.trace);
        eprintln!("{}", violation.rule);
        return ExitCode::FAILURE;
    }
    let rate = rate(schedules, start.elapsed());
    println!("{schedules} schedules from seed {first} on keep the promise ({rate} a second on {cores} cores)");
    ExitCode::SUCCESS
}

fn rate(done: u64, elapsed: Duration) -> u128 {
    u128::from(done) * 1_000 / elapsed.as_millis().max(1)
}
