//! Every chore of the project as one command: `cargo xtask CHORE`.
//!
//! This file only picks the chore; each one lives in the file that bears its name. What they
//! need from outside (compilers, browsers, packages) is found or installed by [`tools`], and
//! nowhere else.

mod bench;
mod browser;
mod build;
mod ci;
mod format;
mod fuzz;
mod layers;
mod lint;
mod mails;
mod package;
mod process;
mod progress;
mod run;
mod screenshots;
mod scripts;
mod server;
mod simulate;
mod stand_in;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

const HELP: &str = "\
Every chore of the project as one command.

usage: cargo xtask CHORE [OPTIONS]

  run          build what is missing, start the server and print its address
  test         run all tests: Rust, weight of the page, browser
  ci           run every check, then all tests
  build        build the page into dist/, compressed, with its licences
  package      build what is installed: program, archive, image, list of parts
  format       format all sources
  layers       check the dependencies among modules
  lint         check the first sentence of each doc comment
  mails        write the document that shows all mails
  simulate     run the saving machine through millions of schedules
  fuzz         give hostile input to the readers of the model
  bench        measure the page in a browser, beside an empty page
  screenshots  refresh the pictures of the README and the guide

`cargo xtask CHORE --help` tells more. Tools that the chores install are kept in
~/.cache/habilitation, or in the folder that HABILITATION_CACHE names.";

fn main() -> ExitCode {
    match chore() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\nerror: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn chore() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let Some(name) = arguments.next() else {
        eprintln!("{HELP}");
        return Ok(ExitCode::from(2));
    };
    let options = lexopt::Parser::from_args(arguments);
    match name.as_str() {
        "run" => run::main(options),
        "test" => test::main(options),
        "ci" => ci::main(options),
        "build" => build::main(options),
        "package" => package::main(options),
        "simulate" => simulate::main(options),
        "fuzz" => fuzz::main(options),
        "format" => format::main(options),
        "layers" => layers::main(options),
        "lint" => lint::main(options),
        "mails" => mails::main(options),
        "bench" => bench::main(options),
        "screenshots" => screenshots::main(options),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => anyhow::bail!("there is no chore named `{name}`; `cargo xtask help` lists them"),
    }
}
