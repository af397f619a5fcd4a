//! Scripts and style sheets: their format and lints by Biome, their types by TypeScript.
//!
//! Both tools are packages of the browser tests. `biome.jsonc` names the files and the rules.

use std::process::Command;

use anyhow::Context;

use crate::{process, tools, workspace};

/// Projects of TypeScript; most of them are JavaScript with types in comments.
const PROJECTS: [&str; 4] = [
    "crates/xtask/tsconfig.json",
    "public/tsconfig.json",
    "public/tsconfig.worker.json",
    "tests/browser/tsconfig.json",
];

/// Formats all scripts and style sheets.
///
/// # Errors
/// When a file cannot be parsed, or a package is missing and cannot be installed.
pub(crate) fn format() -> anyhow::Result<()> {
    process::run(biome()?.args(["format", "--write"]))
}

/// Checks the format of all scripts and style sheets.
///
/// # Errors
/// When a file has another format, or a package is missing and cannot be installed.
pub(crate) fn check_format() -> anyhow::Result<()> {
    process::check(biome()?.arg("format"))
}

/// Checks the lints of all scripts and style sheets.
///
/// # Errors
/// When a file breaks a rule, or a package is missing and cannot be installed.
pub(crate) fn lints() -> anyhow::Result<()> {
    process::check(biome()?.args(["lint", "--error-on-warnings"]))
}

/// Checks the types of all scripts.
///
/// # Errors
/// When the compiler finds an error, or a package is missing and cannot be installed.
pub(crate) fn types() -> anyhow::Result<()> {
    // State of the last check, with which the next one takes half the time.
    let states = workspace::target()?.join("types");
    std::fs::create_dir_all(&states).with_context(|| format!("{} cannot be made", states.display()))?;
    for project in PROJECTS {
        let mut tsc = package("typescript/bin/tsc")?;
        tsc.args(["--project", project, "--incremental", "--tsBuildInfoFile"]);
        process::check(tsc.arg(states.join(project.replace('/', "-"))))?;
    }
    Ok(())
}

fn biome() -> anyhow::Result<Command> {
    package("@biomejs/biome/bin/biome")
}

/// Returns a command that runs a script of a package in the root of the checkout, still without arguments.
fn package(script: &str) -> anyhow::Result<Command> {
    let folder = workspace::browser_tests();
    tools::packages(&folder)?;
    let mut command = process::command("node");
    command.arg(folder.join("node_modules").join(script));
    Ok(command)
}
