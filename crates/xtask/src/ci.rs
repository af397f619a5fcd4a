//! `cargo xtask ci`: what has to hold before a change lands.

mod dependencies;

use std::process::{Command, ExitCode};

use lexopt::prelude::*;

use crate::progress::Stages;
use crate::test::{self, Failure, Outcomes, Summary};
use crate::tools::WASM;
use crate::{build, format, layers, lint, process, scripts, tools};

pub(crate) const HELP: &str = "\
Runs every check, then all tests, as continuous integration does: format, layers, doc comments,
lints and types of scripts, lints of Rust (native and WebAssembly), documentation, dependencies,
cost of reading, tests, weight of the page, browser. The page is built beside the checks.

usage: cargo xtask ci [--offline]

  --offline  go on where the databases of known vulnerabilities cannot be reached; the
             summary then says that they were not asked";

/// Outcome of a check that did not fail.
enum Outcome {
    Passed,
    /// The database could not be reached, which `--offline` allows.
    NotAsked,
}

/// A check, by the name under which it is announced; it is told whether there may be no network.
type Check = (&'static str, fn(bool) -> anyhow::Result<Outcome>);

/// Outcome of a check that needs no network.
fn passed(check: anyhow::Result<()>) -> anyhow::Result<Outcome> {
    check.map(|()| Outcome::Passed)
}

/// Checks beside which the page is built.
const CHECKS: [Check; 12] = [
    ("format", |_| passed(format::check())),
    ("layers", |_| passed(layers::check())),
    ("first sentences of doc comments", |_| passed(lint::check())),
    ("lints of scripts and style sheets", |_| passed(scripts::lints())),
    ("types of scripts", |_| passed(scripts::types())),
    ("lints", |_| passed(native_lints())),
    ("lints of the page as WebAssembly", |_| passed(wasm_lints())),
    ("documentation", |_| passed(documentation())),
    ("licences and origin of dependencies", |_| passed(dependencies::licences_and_origin())),
    ("known vulnerabilities of crates", dependencies::vulnerable_crates),
    ("known vulnerabilities of npm packages", dependencies::vulnerable_packages),
    ("unused dependencies", |_| passed(dependencies::unused())),
];

/// Check that measures time: nothing runs beside it.
const TIMED: Check = ("cost of reading", |_| passed(cost_of_reading()));

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut offline = false;
    while let Some(option) = options.next()? {
        match option {
            Long("offline") => offline = true,
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    let mut stages = Stages::new(CHECKS.len() + 3);
    stages.run("tools of the page", tools::for_the_page)?;
    let page = build::ahead();
    let (mut summary, mut not_asked) = (Summary::default(), Vec::new());
    summary.measure("checks", || {
        let mut outcomes = Outcomes::default();
        let mut run = |(name, check): Check| match stages.run(name, || check(offline)) {
            Ok(Outcome::Passed) => outcomes.passed += 1,
            Ok(Outcome::NotAsked) => not_asked.push(name),
            Err(failure) => {
                eprintln!("error: {failure:#}");
                outcomes.failures.push(Failure::new(name, format!("{failure:#}")));
            }
        };
        CHECKS.into_iter().for_each(&mut run);
        page.wait();
        run(TIMED);
        Ok(outcomes)
    });
    stages.run("tests", || {
        test::all(&mut summary);
        Ok(())
    })?;
    println!("\n{summary}");
    if !not_asked.is_empty() {
        println!("NOT CHECKED, for want of a network: {}", not_asked.join(", "));
    }
    Ok(summary.exit_code())
}

fn native_lints() -> anyhow::Result<()> {
    // The first call that reads Cargo.lock: an outdated one stops here.
    clippy(&["--workspace", "--all-targets", "--locked"])?;
    // The server draws pages to HTML: for the whole workspace, the page's crate is that one.
    clippy(&["--package", "habilitation", "--all-targets", "--locked"])
}

fn wasm_lints() -> anyhow::Result<()> {
    clippy(&["--package", "habilitation", "--features", "split", "--target", WASM, "--locked"])
}

fn clippy(options: &[&str]) -> anyhow::Result<()> {
    let mut clippy: Command = process::cargo();
    clippy.arg("clippy").args(options).args(["--", "--deny", "warnings"]);
    process::check(&mut clippy)
}

/// Time against size of every reader and rule of the model.
fn cost_of_reading() -> anyhow::Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--release", "--quiet", "--package", "habilitation-model", "--example", "cost", "--locked"]);
    process::check(cargo.args(["--", "--check"]))
}

fn documentation() -> anyhow::Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"]);
    process::check(cargo.env("RUSTDOCFLAGS", "--deny warnings"))
}
