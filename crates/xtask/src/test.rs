//! `cargo xtask test`: every test there is, with one count and the names of those that failed at the end.
//!
//! A kind that fails does not hide the ones after it: all run, then the outcome is told.

mod playwright;
mod rust;
mod summary;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::build::weight::Limit;
use crate::server::Profile;
use crate::{browser, build, process, server, tools, workspace};
pub(crate) use summary::{Failure, Outcomes, Summary};

pub(crate) const HELP: &str = "\
Runs all tests: of each crate, of the weight of the page, and in three browsers. The output ends with
the first errors, the names of all tests that failed, and one count.

usage: cargo xtask test [--only KIND] [-- ARGUMENTS]

  --only rust      cargo's tests only; ARGUMENTS go to `cargo test`
  --only browser   browser tests only; ARGUMENTS go to `playwright test`
  --only engines   the main journeys in Firefox and WebKit only; ARGUMENTS go to `playwright test`

examples:
  cargo xtask test --only rust -- a_dpo_who_bears_the_controllers_name
  cargo xtask test --only browser -- keyboard --headed
  cargo xtask test --only engines -- portal --project=webkit";

/// Options of cargo under which the crate of the page draws pages to HTML.
const NATIVE_PAGE: &[&str] = &["--no-default-features", "--features", "ssr", "--lib"];

/// Tests that cargo runs: their name, their package, and the options that it takes.
const PACKAGES: [(&str, &str, &[&str]); 9] = [
    ("macros", "habilitation-model-derive", &[]),
    ("model", "habilitation-model", &[]),
    ("mails", "habilitation-words", &[]),
    ("saving", "habilitation-simulator", &[]),
    ("server", "habilitation-server", &[]),
    ("page", "habilitation", &[]),
    ("page as HTML", "habilitation", NATIVE_PAGE),
    ("chores", "xtask", &[]),
    ("parts", "splitter", &[]),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kinds {
    All,
    Rust,
    Browser,
    Engines,
}

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut kinds = Kinds::All;
    let mut arguments = Vec::new();
    while let Some(option) = options.next()? {
        match option {
            Long("only") => {
                kinds = match options.value()?.string()?.as_str() {
                    "rust" => Kinds::Rust,
                    "browser" => Kinds::Browser,
                    "engines" => Kinds::Engines,
                    other => bail!("there is no kind `{other}`: it is `rust`, `browser` or `engines`"),
                };
            }
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            Value(first) if kinds != Kinds::All => {
                arguments.push(first.string()?);
                for further in options.raw_args()? {
                    arguments.push(further.string()?);
                }
            }
            Value(_) => {
                bail!("arguments for one kind of test need `--only rust`, `--only browser` or `--only engines`")
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    let mut summary = Summary::default();
    if matches!(kinds, Kinds::All | Kinds::Rust) {
        rust(&arguments, &mut summary);
    }
    if kinds != Kinds::Rust {
        page(kinds, &arguments, &mut summary);
    }
    println!("\n{summary}");
    Ok(summary.exit_code())
}

/// Runs all tests, adding to what has been counted already.
pub(crate) fn all(summary: &mut Summary) {
    rust(&[], summary);
    page(Kinds::All, &[], summary);
}

fn rust(arguments: &[String], summary: &mut Summary) {
    let start = Instant::now();
    if let Err(failure) = tools::proxies() {
        summary.add_failure("proxies", &failure, start.elapsed());
    }
    for (kind, package, options) in PACKAGES {
        summary.measure(kind, || rust::test(package, options, arguments));
    }
}

fn page(kinds: Kinds, arguments: &[String], summary: &mut Summary) {
    let start = Instant::now();
    let weight = match build::page() {
        Ok(weight) => weight,
        Err(failure) => return summary.add_failure("page build", &failure, start.elapsed()),
    };
    println!("\n{weight}");
    if kinds == Kinds::All {
        let (kept, broken): (Vec<_>, Vec<_>) = weight.limits().into_iter().partition(Limit::is_kept);
        let failures = broken.iter().map(|limit| Failure::new(limit.name, limit.to_string())).collect();
        summary.add("weight", Outcomes { passed: kept.len(), failures }, start.elapsed());
    }
    if kinds != Kinds::Engines {
        summary.measure("browser", || in_browser("report.json", browser::playwright, arguments));
    }
    if kinds != Kinds::Browser {
        summary.measure("engines", || in_browser("engines.json", browser::engines, arguments));
    }
}

/// Runs tests with Playwright Test, which leaves a report of that name.
fn in_browser(
    report: &str,
    runner: fn(&Path) -> anyhow::Result<Command>,
    arguments: &[String],
) -> anyhow::Result<Outcomes> {
    let program = server::build(Profile::Dev)?;
    let report = workspace::browser_tests().join("results").join(report);
    match std::fs::remove_file(&report) {
        Err(failure) if failure.kind() != std::io::ErrorKind::NotFound => {
            return Err(failure).context("the last report of the browser tests cannot be removed");
        }
        _ => {}
    }
    let mut runner = runner(&program)?;
    runner.args(arguments).env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    let ran = process::run(&mut runner);
    let Ok(text) = std::fs::read_to_string(&report) else {
        ran?;
        bail!("the browser tests left no report");
    };
    let mut outcomes = playwright::outcomes(&text).context("the report of the browser tests is unreadable")?;
    // Something besides a test went wrong, such as a server that did not stop.
    if let (Err(failure), true) = (ran, outcomes.failures.is_empty()) {
        outcomes.failures.push(Failure::new("beside the tests", format!("{failure:#}")));
    }
    Ok(outcomes)
}
