//! `cargo xtask fuzz`: hostile input for the readers of the model, guided by what it reaches.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::progress::Stages;
use crate::{process, tools, workspace};

pub(crate) const HELP: &str = "\
Gives hostile input to the readers of the model (fuzz/fuzz_targets), guided by what of their
code it reaches. What it finds to be worth trying is kept in target/fuzz; what makes a reader
fail is named at the end, and belongs into a test. It takes a nightly compiler.

usage: cargo xtask fuzz [--seconds COUNT] [TARGET]...

  --seconds COUNT  how long each reader is tried [default: 60]";

/// The readers.
const TARGETS: [&str; 7] = ["draft", "export", "wire", "place", "prefill", "cursor", "bounce"];

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let (mut seconds, mut targets) = (60_u32, Vec::new());
    while let Some(option) = options.next()? {
        match option {
            Long("seconds") => seconds = options.value()?.parse()?,
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            Value(target) => {
                let target = target.string()?;
                let known = TARGETS.iter().find(|known| **known == target);
                targets.push(*known.with_context(|| format!("there is no reader `{target}`: {}", TARGETS.join(", ")))?);
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    let fuzzer = tools::fuzzer()?;
    let mut stages = Stages::new(targets.len());
    let mut failed = Vec::new();
    for target in targets {
        if stages.run(target, || run(&fuzzer, target, seconds)).is_err() {
            failed.push(target);
        }
    }
    if !failed.is_empty() {
        bail!("these readers failed: {}. What made them is in fuzz/artifacts", failed.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

fn run(fuzzer: &PathBuf, target: &str, seconds: u32) -> anyhow::Result<()> {
    // The first folder takes what is new; those of the repository stay small.
    let found = workspace::target()?.join("fuzz").join(target);
    std::fs::create_dir_all(&found).with_context(|| format!("{} cannot be made", found.display()))?;
    let mut fuzz = process::command(fuzzer);
    fuzz.args(["fuzz", "run", "--fuzz-dir", "fuzz", "--target-dir"]).arg(workspace::target()?.join("fuzz/build"));
    fuzz.arg(target).arg(&found).arg(workspace::root().join("fuzz/corpus").join(target));
    fuzz.args(["--", "-max_len=262144", "-rss_limit_mb=2048", "-timeout=10", "-print_final_stats=1", "-verbosity=0"]);
    fuzz.arg(format!("-max_total_time={seconds}"));
    process::run(fuzz.env("RUSTUP_TOOLCHAIN", tools::NIGHTLY))
}
