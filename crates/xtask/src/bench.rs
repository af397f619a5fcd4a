//! `cargo xtask bench`: what the page costs in a browser, beside an empty page and pages of other libraries.
//!
//! The measuring itself is a Playwright run (tests/browser/chores/bench.ts), which has the browser
//! and the server at hand; it leaves a table in Markdown, which this chore shows and keeps.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use lexopt::prelude::*;

use crate::progress::Stages;
use crate::server::Profile;
use crate::{browser, build, process, server, workspace};

pub(crate) const HELP: &str = "\
Measures the start page and the form in a browser, beside an empty page with one field: first and
largest paint, first usable field, when the program is ready, key to frame, layout shift, and bytes
on the wire; at full speed, with the processor slowed down four times, and with a slow network too.
Medians of five, nothing cached, all pages in turns.

usage: cargo xtask bench [--peers FOLDER] [--write] | --team

  --peers FOLDER   measure in the same run what is in the folders `react`, `rjsf` and `survey` of
                   this one, each of them optional: the same form made with React, with
                   react-jsonschema-form and with SurveyJS
  --write          put the table into README.md
  --team           measure instead how long the team's pages take to open, beside the list of an
                   applicant: each may take 1.5 times as long

A peer is a folder of static files with an `index.html` that shows the first step at once: bundle
it with any bundler, minified and for production, with relative addresses. Nothing needs to be
compressed or served: the chore does both, as it does for our own page.";

/// Markers around the table in README.md.
const MARKERS: [&str; 2] = ["<!-- bench -->\n", "<!-- /bench -->"];

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut write = false;
    let mut peers = None;
    while let Some(option) = options.next()? {
        match option {
            Long("write") => write = true,
            Long("team") => return openings(),
            Long("peers") => {
                let folder = PathBuf::from(options.value()?);
                // The measuring runs in another folder.
                let found = folder.canonicalize().with_context(|| format!("there is no {}", folder.display()))?;
                peers = Some(found);
            }
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    build::page()?;
    let mut stages = Stages::new(2);
    let program = stages.run("server: compile", || server::build(Profile::Release))?;
    let table = workspace::target()?.join("bench.md");
    stages.run("measure", || {
        let mut playwright = browser::playwright(&program)?;
        playwright.args(["--config", "chores", "chores/bench.ts"]).env("HABILITATION_BENCH_TABLE", &table);
        if let Some(peers) = &peers {
            playwright.env("HABILITATION_BENCH_PEERS", peers);
        }
        process::run(&mut playwright)
    })?;
    let table = std::fs::read_to_string(&table).context("the measurements left no table")?;
    println!("\n{table}");
    if write {
        let readme = workspace::root().join("README.md");
        let text = std::fs::read_to_string(&readme).context("README.md cannot be read")?;
        let text = with_table(&text, &table).context("README.md has no place for the table")?;
        std::fs::write(&readme, text).context("README.md cannot be written")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures how long the team's pages take to open.
fn openings() -> anyhow::Result<ExitCode> {
    build::page()?;
    let mut stages = Stages::new(2);
    let program = stages.run("server: compile", || server::build(Profile::Release))?;
    stages.run("measure", || {
        let mut playwright = browser::playwright(&program)?;
        playwright.args(["--config", "chores", "chores/openings.ts"]);
        process::run(&mut playwright)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The text with this table between the markers.
fn with_table(text: &str, table: &str) -> Option<String> {
    let [start, end] = MARKERS;
    let (before, rest) = text.split_once(start)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{start}\n{}\n\n{end}{after}", table.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_table_replaces_the_old_one_and_nothing_else() {
        let text = "# Speed\n<!-- bench -->\n\n| old |\n\n<!-- /bench -->\nend\n";
        assert_eq!(
            with_table(text, "| new |\n").as_deref(),
            Some("# Speed\n<!-- bench -->\n\n| new |\n\n<!-- /bench -->\nend\n")
        );
        assert_eq!(with_table("no markers", "| new |"), None);
    }
}
