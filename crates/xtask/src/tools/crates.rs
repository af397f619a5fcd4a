//! Programs published on crates.io.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use super::is_version;
use crate::progress::Ticker;
use crate::{process, workspace};

/// A program of a crate, in one exact version.
pub(super) struct Program<'a> {
    pub(super) package: &'a str,
    pub(super) program: &'a str,
    pub(super) version: &'a str,
    /// Further options of `cargo install`.
    pub(super) options: &'a [&'a str],
    /// Reason for which it is needed, shown while it is installed and where that fails.
    pub(super) purpose: &'a str,
}

/// Number of lines that are shown of a failed installation.
const LAST_LINES: usize = 30;

/// Finds or installs a program and answers the folder it is in.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(super) fn ensure(wanted: &Program<'_>) -> anyhow::Result<PathBuf> {
    if let Some(found) = process::find(wanted.program)
        && works(wanted, &found)
        && let Some(folder) = found.parent()
    {
        return Ok(folder.to_owned());
    }
    let tools = workspace::cache()?.join("tools");
    let folder = tools.join("bin");
    let installed = folder.join(wanted.program);
    if works(wanted, &installed) {
        return Ok(folder);
    }
    eprintln!("      {} {} is installed: {}", wanted.program, wanted.version, wanted.purpose);
    if !(download(wanted, &tools) && works(wanted, &installed)) {
        compile(wanted, &tools).with_context(|| {
            format!(
                "{} {} is missing: {}. Install it with `cargo install {} --version {} --locked`",
                wanted.program, wanted.version, wanted.purpose, wanted.package, wanted.version
            )
        })?;
    }
    if !works(wanted, &installed) {
        bail!("{} was installed and does not work", installed.display());
    }
    Ok(folder)
}

fn works(wanted: &Program<'_>, program: &Path) -> bool {
    process::version(program).is_some_and(|said| is_version(&said, wanted.version))
}

/// Takes a published binary where cargo-binstall is there to fetch it.
fn download(wanted: &Program<'_>, tools: &Path) -> bool {
    if process::find("cargo-binstall").is_none() {
        return false;
    }
    let crate_and_version = format!("{}@{}", wanted.package, wanted.version);
    let mut install = process::cargo();
    install.args(["binstall", "--no-confirm", "--disable-strategies", "compile", "--root"]);
    install.arg(tools).arg(crate_and_version);
    process::run(&mut install).is_ok()
}

fn compile(wanted: &Program<'_>, tools: &Path) -> anyhow::Result<()> {
    // Kept until the program works, so that an interrupted installation goes on where it was.
    let work = workspace::cache()?.join("tools-target");
    let mut install = process::cargo();
    install.args(["install", wanted.package, "--version", wanted.version, "--locked", "--root"]);
    install.arg(tools).args(wanted.options).env("CARGO_TARGET_DIR", &work);
    // Minutes of waiting weigh more here than the speed of the tool.
    for (setting, value) in [("LTO", "off"), ("OPT_LEVEL", "1"), ("CODEGEN_UNITS", "16"), ("STRIP", "symbols")] {
        install.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
    }
    let label = format!("{} {}", wanted.program, wanted.version);
    watch(&mut install, Ticker::new(label))?;
    match std::fs::remove_dir_all(&work) {
        Err(failure) if failure.kind() != std::io::ErrorKind::NotFound => {
            Err(failure).with_context(|| format!("{} cannot be removed", work.display()))
        }
        _ => Ok(()),
    }
}

/// Runs cargo with one moving line in place of its many, and shows the last ones if it fails.
fn watch(install: &mut Command, mut ticker: Ticker) -> anyhow::Result<()> {
    let mut child =
        install.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().context("`cargo install` cannot be started")?;
    let mut compiled = 0;
    let mut last_lines = VecDeque::with_capacity(LAST_LINES + 1);
    if let Some(output) = child.stderr.take() {
        for line in BufReader::new(output).lines() {
            let line = line.context("`cargo install` cannot be read")?;
            if line.trim_start().starts_with("Compiling ") {
                compiled += 1;
            }
            ticker.show(&format!("{compiled} crates compiled"));
            last_lines.push_back(line);
            if last_lines.len() > LAST_LINES {
                last_lines.pop_front();
            }
        }
    }
    let status = child.wait()?;
    ticker.finish();
    if !status.success() {
        bail!("`cargo install` failed:\n{}", Vec::from(last_lines).join("\n"));
    }
    Ok(())
}
