//! Tools of the chores, found or installed; no other module installs anything.
//!
//! A program of crates.io on the path is taken when its version is the one the project names; else the one in the
//! cache; else it is installed into the cache. Packages of npm are installed as their lock file has them, and programs of
//! the system with apt. Whatever was installed is run once before it is trusted: an interrupted installation is never taken
//! for a tool.

mod apt;
mod chromium;
mod crates;
mod engines;
mod node;
mod proxies;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

pub(crate) use chromium::{chromium, headless_chromium};
pub(crate) use engines::engines;
pub(crate) use node::{build_packages, node, packages};
pub(crate) use proxies::proxies;

use crate::{process, workspace};
use crates::Program;

/// The page is compiled for this target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The packaged server is compiled for this target, so that it needs no library of the system.
pub(crate) const MUSL: &str = "x86_64-unknown-linux-musl";

/// 0.22 needs a newer compiler than the one named in Cargo.toml.
const TRUNK: &str = "0.21.14";
/// Instrumented builds need flags that the stable compiler does not take.
pub(crate) const NIGHTLY: &str = "nightly";
const CARGO_FUZZ: &str = "0.13.2";
const CARGO_DENY: &str = "0.20.2";
const CARGO_MACHETE: &str = "0.9.2";

/// Finds or installs the tools of the page's build; returns the value of `PATH` to build with.
///
/// # Errors
/// When something is missing and cannot be installed.
pub(crate) fn for_the_page() -> anyhow::Result<OsString> {
    target(WASM, "the page")?;
    let folders = [
        node::build_tools()?,
        crates::ensure(&Program {
            package: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            // The generated JavaScript and the crate must agree to the last digit.
            version: &workspace::locked_version("wasm-bindgen")?,
            options: &[],
            purpose: "it makes the JavaScript that loads the page's WebAssembly",
        })?,
        crates::ensure(&Program {
            package: "trunk",
            program: "trunk",
            version: TRUNK,
            // Without its check for newer versions.
            options: &["--no-default-features", "--features", "rustls"],
            purpose: "it builds the page",
        })?,
    ];
    path_with(&folders)
}

/// The two checkers of dependencies that continuous integration runs: cargo-deny, then
/// cargo-machete.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn for_the_checks() -> anyhow::Result<[PathBuf; 2]> {
    let deny = crates::ensure(&Program {
        package: "cargo-deny",
        program: "cargo-deny",
        version: CARGO_DENY,
        options: &[],
        purpose: "it checks the licences and the origin of every dependency",
    })?;
    let machete = crates::ensure(&Program {
        package: "cargo-machete",
        program: "cargo-machete",
        version: CARGO_MACHETE,
        options: &[],
        purpose: "it finds dependencies that nothing uses",
    })?;
    Ok([deny.join("cargo-deny"), machete.join("cargo-machete")])
}

/// cargo-fuzz, with the compiler that it takes.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn fuzzer() -> anyhow::Result<PathBuf> {
    let mut ask = process::command("rustc");
    if process::capture(ask.arg("--version").env("RUSTUP_TOOLCHAIN", NIGHTLY)).is_err() {
        process::run(process::command("rustup").args(["toolchain", "install", NIGHTLY, "--profile", "minimal"]))
            .context("a nightly compiler is missing: install it with `rustup toolchain install nightly`")?;
    }
    let folder = crates::ensure(&Program {
        package: "cargo-fuzz",
        program: "cargo-fuzz",
        version: CARGO_FUZZ,
        options: &[],
        purpose: "it gives hostile input to the readers of the model",
    })?;
    Ok(folder.join("cargo-fuzz"))
}

/// Finds or installs what links the server statically: the standard library for [`MUSL`], and a compiler of C for it.
///
/// # Errors
/// When one is missing and cannot be installed.
pub(crate) fn for_the_package() -> anyhow::Result<()> {
    target(MUSL, "the packaged server")?;
    apt::ensure(&apt::Program {
        names: &["musl-gcc"],
        package: "musl-tools",
        version: "-dumpversion",
        purpose: "it compiles SQLite and the cryptography of the packaged server",
    })?;
    Ok(())
}

/// Finds or installs the standard library for a target.
fn target(target: &str, what: &str) -> anyhow::Result<()> {
    let mut ask = process::command("rustc");
    ask.args(["--print", "target-libdir", "--target", target]);
    let library = process::capture(&mut ask)?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!(
            "the standard library for {target} is missing: {what} is compiled for it. \
             Install it with the package manager that Rust came from"
        );
    }
    process::run(process::command("rustup").args(["target", "add", target])).with_context(|| {
        format!(
            "the standard library for {target} is missing: {what} is compiled for it. \
             Install it with `rustup target add {target}`"
        )
    })
}

/// `PATH` with these folders in front.
fn path_with(folders: &[PathBuf]) -> anyhow::Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&path));
    std::env::join_paths(all).context("a folder of the tools cannot be put on PATH")
}

/// Returns whether the output of a program's `--version` names exactly this one.
fn is_version(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word.trim_start_matches('v') == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_matches_as_a_whole_word_only() {
        assert!(is_version("wasm-bindgen 0.2.126", "0.2.126"));
        assert!(is_version("wasm-opt version 132 (version_132)", "132"));
        assert!(is_version("v20.1.0", "20.1.0"));
        assert!(!is_version("wasm-bindgen 0.2.126", "0.2.12"));
        assert!(!is_version("trunk 0.21.14-rc.1", "0.21.14"));
    }

    #[test]
    fn tools_come_before_everything_else_on_the_path() {
        let path = path_with(&[PathBuf::from("/tools/a"), PathBuf::from("/tools/b")]).unwrap();
        let folders: Vec<_> = std::env::split_paths(&path).take(2).collect();
        assert_eq!(folders, [PathBuf::from("/tools/a"), PathBuf::from("/tools/b")]);
    }
}
