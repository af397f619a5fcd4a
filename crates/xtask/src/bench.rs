//! `cargo xtask bench`: what the page costs in a browser, beside an empty page.
//!
//! The measuring itself is a Playwright run (tests/browser/chores/bench.ts), which has the browser
//! and the server at hand; it leaves a table in Markdown, which this chore shows and keeps.

use std::process::ExitCode;

use anyhow::Context;
use lexopt::prelude::*;

use crate::progress::Stages;
use crate::server::Profile;
use crate::{browser, build, process, server, workspace};

pub(crate) const HELP: &str = "\
Measures the page in a browser, beside an empty page with one field: bytes of a first visit,
first paint, first usable field and key to frame, at full speed, with the processor slowed down
four times, and with a slow network too. Medians of five, nothing cached.

usage: cargo xtask bench [--write]

  --write   put the table into README.md";

/// Markers around the table in README.md.
const MARKERS: [&str; 2] = ["<!-- bench -->\n", "<!-- /bench -->"];

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut write = false;
    while let Some(option) = options.next()? {
        match option {
            Long("write") => write = true,
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
        playwright.args(["--config", "chores", "bench"]).env("HABILITATION_BENCH_TABLE", &table);
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
