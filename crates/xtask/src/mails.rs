//! `cargo xtask mails`: the document that shows all mails.

use std::process::ExitCode;

use lexopt::prelude::*;

use crate::process;

pub(crate) const HELP: &str = "\
Writes docs/mails.md: each mail once, of a made-up request. A test compares the document with the
program.

usage: cargo xtask mails";

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    match options.next()? {
        Some(Long("help") | Short('h')) => {
            println!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(option) => return Err(option.unexpected().into()),
        None => {}
    }
    let mut cargo = process::cargo();
    cargo.args(["test", "--quiet", "--package", "habilitation-words", "--test", "document"]);
    process::run(cargo.env("HABILITATION_WRITE_MAILS", "1"))?;
    Ok(ExitCode::SUCCESS)
}
