//! The program, which is what its commands do.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    habilitation_server::commands::main()
}
