//! `cargo xtask format`: one format for all sources.

use std::process::ExitCode;

use lexopt::prelude::*;

use crate::{process, scripts};

pub(crate) const HELP: &str = "\
Formats all sources: Rust with rustfmt, scripts and style sheets with Biome.

usage: cargo xtask format [--check]

  --check   change nothing, and fail where something would change";

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut is_check = false;
    while let Some(option) = options.next()? {
        match option {
            Long("check") => is_check = true,
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    if is_check {
        check()?;
    } else {
        process::run(process::cargo().args(["fmt", "--all"]))?;
        scripts::format()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks the format of all sources.
///
/// # Errors
/// When a source has another format, or a tool is missing and cannot be installed.
pub(crate) fn check() -> anyhow::Result<()> {
    process::check(process::cargo().args(["fmt", "--all", "--check"]))?;
    scripts::check_format()
}
