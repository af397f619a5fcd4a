//! `cargo xtask build`: the page, ready to be served.
//!
//! Trunk compiles it into `dist/` under hashed names. Then
//!
//! - the program is split in two and shrunk,
//! - the style sheets become one, and so do the modules of `boot.js` and of `embed.js`,
//! - scripts and styles are minified, and the files named by their new content,
//! - the first pages are drawn into `index.html`, with the style and what runs before the first paint,
//! - the licences of what the page contains are listed,
//! - every file that gains from it is compressed beside itself,
//! - and the weight of a first visit is counted.
//!
//! Nothing is done when no input has changed.

mod compress;
mod embed;
mod fingerprint;
mod html;
pub(crate) mod licences;
mod minify;
mod naming;
mod prerender;
mod scripts;
mod shrink;
mod split;
mod stylesheet;
pub(crate) mod weight;

use std::process::{ExitCode, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::{env, io};

use anyhow::Context;
use lexopt::prelude::*;

use crate::progress::Stages;
use crate::{process, tools, workspace};
use weight::Weight;

pub(crate) const HELP: &str = "\
Builds the page into dist/, ready to be served: hashed names, compressed copies of every file
that gains from it, and dist/licences.txt with the licence of every crate in it.

usage: cargo xtask build [--force]

  --force   build even if nothing has changed since the last build";

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut force = false;
    while let Some(option) = options.next()? {
        match option {
            Long("force") => force = true,
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    if force {
        fingerprint::forget()?;
    }
    let weight = page()?;
    println!("\n{weight}");
    Ok(ExitCode::SUCCESS)
}

/// Build of the page beside other work, in a process of its own. What it says is shown once it is waited for.
pub(crate) struct Ahead(JoinHandle<io::Result<Output>>);

/// Begins to build the page, with tools that are there.
///
/// Cargo keeps apart what it builds for the page, and the crates of the workspace follow one another so that a core is idle at times. Whoever
/// needs the page calls [`page`], which finds it up to date then, or fails as this build did.
pub(crate) fn ahead() -> Ahead {
    Ahead(thread::spawn(|| process::command(env::current_exe()?).arg("build").stdin(Stdio::null()).output()))
}

impl Ahead {
    /// Waits for the end of the build.
    pub(crate) fn wait(self) {
        if let Ok(Ok(output)) = self.0.join() {
            eprintln!("\n{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// Builds the page unless `dist/` already holds it, and weighs it.
///
/// # Errors
/// When a tool is missing or the build fails.
pub(crate) fn page() -> anyhow::Result<Weight> {
    let inputs = fingerprint::inputs()?;
    if fingerprint::is_built(inputs)? {
        eprintln!("\nThe page is up to date in dist/");
        return weight::measure(&workspace::dist());
    }
    let mut stages = Stages::new(12);
    let path = stages.run("page: tools", tools::for_the_page)?;
    fingerprint::forget()?;
    stages.run("page: compile", || {
        let mut trunk = process::command("trunk");
        trunk.args(["build", "--release", "--features", "split"]).env("PATH", &path);
        // Trunk reads this variable as a yes or no of its own and refuses any other value.
        trunk.env_remove("NO_COLOR");
        process::run(&mut trunk).context("the page does not build")
    })?;
    let dist = workspace::dist();
    stages.run("page: split", || split::program(&dist, &path))?;
    stages.run("page: shrink", || shrink::program(&dist))?;
    stages.run("page: stylesheet", || stylesheet::join(&dist))?;
    stages.run("page: scripts", || scripts::bundle(&dist, &path))?;
    stages.run("page: element", || embed::point(&dist))?;
    stages.run("page: minify", || minify::folder(&dist, &path))?;
    stages.run("page: names", || naming::by_content(&dist))?;
    stages.run("page: prerender", || prerender::pages(&dist))?;
    stages.run("page: licences", || licences::write(&dist.join("licences.txt")))?;
    stages.run("page: compress", || compress::folder(&dist))?;
    fingerprint::remember(inputs)?;
    weight::measure(&dist)
}
