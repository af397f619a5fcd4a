//! Checks of dependencies: their licences and origin, known vulnerabilities, and whether they are used.

use std::path::Path;

use anyhow::{Context, bail};
use serde_json::Value;

use super::Outcome;
use crate::{process, tools, workspace};

/// Bans, licences and sources, by the rules of deny.toml.
pub(super) fn licences_and_origin() -> anyhow::Result<()> {
    let [deny, _] = tools::for_the_checks()?;
    process::check(process::command(deny).args(["--locked", "check", "bans", "licenses", "sources"]))
}

/// The RustSec advisories. Where their database cannot be had this fails, unless one said that there is no network.
pub(super) fn vulnerable_crates(offline: bool) -> anyhow::Result<Outcome> {
    let [deny, _] = tools::for_the_checks()?;
    if process::capture(process::command(&deny).args(["--locked", "fetch", "db"])).is_err() {
        return not_asked("the database of advisories cannot be reached", offline);
    }
    process::check(process::command(deny).args(["--locked", "check", "--disable-fetch", "advisories"]))?;
    Ok(Outcome::Passed)
}

/// The npm registry's advisories, likewise.
pub(super) fn vulnerable_packages(offline: bool) -> anyhow::Result<Outcome> {
    tools::node()?;
    let mut outcome = Outcome::Passed;
    for folder in [workspace::browser_tests(), workspace::root().join("crates/xtask/npm")] {
        if let Outcome::NotAsked = audit(&folder, offline)? {
            outcome = Outcome::NotAsked;
        }
    }
    Ok(outcome)
}

fn not_asked(why: &str, offline: bool) -> anyhow::Result<Outcome> {
    if !offline {
        bail!("{why}: nothing is known of the dependencies. Without a network, say `--offline`");
    }
    eprintln!("      NOT CHECKED: {why}");
    Ok(Outcome::NotAsked)
}

fn audit(folder: &Path, offline: bool) -> anyhow::Result<Outcome> {
    let shown = folder.strip_prefix(workspace::root()).unwrap_or(folder).display();
    let mut npm = process::command("npm");
    // The exit code is the same for "found something" and "could not ask".
    let output = npm.current_dir(folder).args(["audit", "--json"]).output();
    let output = output.context("`npm audit` cannot be started")?;
    match vulnerabilities(&output.stdout) {
        None => not_asked(&format!("the npm registry does not answer for {shown}"), offline),
        Some(0) => {
            eprintln!("      {shown}: nothing known");
            Ok(Outcome::Passed)
        }
        Some(found) => bail!("{found} known vulnerabilities: see `npm audit` in {shown}"),
    }
}

/// Number of vulnerabilities in an answer of `npm audit --json`; `None` where that is no report.
fn vulnerabilities(answer: &[u8]) -> Option<u64> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    answer["metadata"]["vulnerabilities"]["total"].as_u64()
}

/// Dependencies that stand in a manifest and nowhere else.
pub(super) fn unused() -> anyhow::Result<()> {
    let [_, machete] = tools::for_the_checks()?;
    process::check(process::command(machete).args(["--skip-target-dir", "."]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_question_is_not_a_clean_bill() {
        assert_eq!(vulnerabilities(br#"{"message": "not found", "statusCode": 404}"#), None);
        assert_eq!(vulnerabilities(b"npm error network"), None);
        assert!(not_asked("no network", false).is_err() && not_asked("no network", true).is_ok());
        let report = br#"{"metadata": {"vulnerabilities": {"high": 2, "total": 2}}}"#;
        assert_eq!(vulnerabilities(report), Some(2));
    }
}
