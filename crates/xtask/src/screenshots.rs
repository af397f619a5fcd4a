//! `cargo xtask screenshots`: the pictures of the README and the guide, taken from the real page.

use std::process::ExitCode;

use lexopt::prelude::*;

use crate::progress::Stages;
use crate::server::Profile;
use crate::{browser, build, process, server, workspace};

pub(crate) const HELP: &str = "\
Takes the pictures of the README and of docs/embedding.md anew, into docs/screenshots/.

usage: cargo xtask screenshots";

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    if let Some(option) = options.next()? {
        if !matches!(option, Long("help") | Short('h')) {
            return Err(option.unexpected().into());
        }
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    build::page()?;
    let mut stages = Stages::new(2);
    let program = stages.run("server: compile", || server::build(Profile::Dev))?;
    let folder = workspace::root().join("docs/screenshots");
    stages.run("take the pictures", || {
        let mut playwright = browser::playwright(&program)?;
        playwright.args(["--config", "chores", "screenshots"]).env("HABILITATION_PICTURES", folder);
        process::run(&mut playwright)
    })?;
    Ok(ExitCode::SUCCESS)
}
