//! `cargo xtask simulate`: the saving machine in millions of schedules.

use std::process::ExitCode;

use crate::process;

/// Runs the simulator, to which the options go as they are.
pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut cargo = process::cargo();
    cargo.args(["run", "--quiet", "--package", "habilitation-simulator", "--"]).args(options.raw_args()?);
    process::run(&mut cargo)?;
    Ok(ExitCode::SUCCESS)
}
