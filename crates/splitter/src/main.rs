//! Splits the page's program in two, along the functions that `src/lazy.rs` defers.
//!
//! usage: splitter PROGRAM.wasm FOLDER
//!
//! PROGRAM.wasm is the output of the linker, before wasm-bindgen. The folder gets `first.wasm`, which goes through wasm-bindgen
//! in its place, and `rest.wasm`, which shares the memory and the table of the first.

use std::path::PathBuf;

use anyhow::{Context, anyhow, ensure};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(program), Some(folder)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("usage: splitter PROGRAM.wasm FOLDER");
    };
    let bytes = std::fs::read(&program).with_context(|| format!("{} cannot be read", program.display()))?;
    let first = folder.join("first.wasm");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = &folder;
    options.main_out_path = &first;
    let made = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:?}"))?;
    ensure!(made.split_modules.len() == 1, "the program falls into {} parts", made.split_modules.len() + 1);
    std::fs::rename(&made.split_modules[0], folder.join("rest.wasm")).context("the rest cannot be renamed")
}
