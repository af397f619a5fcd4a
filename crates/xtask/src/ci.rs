//! `cargo xtask ci`: what has to hold before a change lands, cheapest first.

mod dependencies;

use std::process::{Command, ExitCode};

use lexopt::prelude::*;

use crate::progress::Stages;
use crate::test::{self, Count, Summary};
use crate::tools::WASM;
use crate::{browser, process, tools};

pub(crate) const HELP: &str = "\
Runs every check, then all tests, as continuous integration does: format, lints (native and
WebAssembly), documentation, dependencies, tests, weight of the page, browser.

usage: cargo xtask ci";

/// A check, by the name under which it is announced.
type Check = (&'static str, fn() -> anyhow::Result<()>);

const CHECKS: [Check; 9] = [
    ("format", format),
    ("lints", native_lints),
    ("lints of the page as WebAssembly", wasm_lints),
    ("documentation", documentation),
    ("types of the browser tests", browser::types),
    ("licences and origin of dependencies", dependencies::licences_and_origin),
    ("known vulnerabilities of crates", dependencies::vulnerable_crates),
    ("known vulnerabilities of npm packages", dependencies::vulnerable_packages),
    ("unused dependencies", dependencies::unused),
];

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    if let Some(option) = options.next()? {
        if !matches!(option, Long("help") | Short('h')) {
            return Err(option.unexpected().into());
        }
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let mut stages = Stages::new(CHECKS.len() + 1);
    let mut summary = Summary::default();
    summary.measure("checks", || {
        let mut count = Count::default();
        for (name, check) in CHECKS {
            match stages.run(name, check) {
                Ok(()) => count.passed += 1,
                Err(failure) => {
                    eprintln!("error: {failure:#}");
                    count.failed += 1;
                }
            }
        }
        Ok(count)
    });
    stages.run("tests", || {
        test::all(&mut summary);
        Ok(())
    })?;
    println!("\n{summary}");
    Ok(summary.exit_code())
}

fn format() -> anyhow::Result<()> {
    process::run(process::cargo().args(["fmt", "--all", "--check"]))
}

fn native_lints() -> anyhow::Result<()> {
    // The first call that reads Cargo.lock: a stale one stops here.
    clippy(&["--workspace", "--all-targets", "--locked"])
}

fn wasm_lints() -> anyhow::Result<()> {
    // Installs the target where it is missing.
    tools::for_the_page()?;
    clippy(&["--package", "habilitation", "--features", "split", "--target", WASM, "--locked"])
}

fn clippy(options: &[&str]) -> anyhow::Result<()> {
    let mut clippy: Command = process::cargo();
    clippy.arg("clippy").args(options).args(["--", "--deny", "warnings"]);
    process::run(&mut clippy)
}

fn documentation() -> anyhow::Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"]);
    process::run(cargo.env("RUSTDOCFLAGS", "--deny warnings"))
}
