//! Programs that come with the system: found, or installed with `apt-get` where that needs no password.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::process;

/// A program of a Debian package.
pub(super) struct Program {
    /// Names under which systems install it; the first one found is taken.
    pub(super) names: &'static [&'static str],
    /// The package that apt installs.
    pub(super) package: &'static str,
    /// The argument that makes it say its version and end.
    pub(super) version: &'static str,
    /// Reason for which it is needed, as a clause such as "the browser tests drive it".
    pub(super) purpose: &'static str,
}

/// Folders of programs for operators, which are not on everybody's path.
const FOR_OPERATORS: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

/// Finds a program, or installs its package.
///
/// # Errors
/// When it is missing and cannot be installed; the message says what to install.
pub(super) fn ensure(program: &Program) -> anyhow::Result<PathBuf> {
    if let Some(found) = find(program) {
        return Ok(found);
    }
    let Program { package, purpose, .. } = program;
    let missing = format!(
        "{package} is missing: {purpose}. \
         Install it with `apt-get install {package}`, or the package manager of your system"
    );
    if !is_root() || process::find("apt-get").is_none() {
        bail!(missing);
    }
    eprintln!("      {package} is installed: {purpose}");
    process::run(&mut apt_get(&["update"])).context(missing.clone())?;
    process::run(&mut apt_get(&["install", "--yes", package])).context(missing)?;
    find(program).with_context(|| format!("{package} was installed and does not work"))
}

fn find(program: &Program) -> Option<PathBuf> {
    let on_path = program.names.iter().filter_map(|name| process::find(name));
    let for_operators =
        FOR_OPERATORS.iter().flat_map(|folder| program.names.iter().map(|name| Path::new(folder).join(name)));
    on_path.chain(for_operators).find(|file| works(file, program.version))
}

/// Returns whether a program starts and prints its version.
fn works(file: &Path, version: &str) -> bool {
    let mut ask = Command::new(file);
    ask.arg(version).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success())
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = process::command("apt-get");
    command.args(["--quiet", "--quiet"]).args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    process::capture(process::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: Program = Program { names: &["no-such-shell", "sh"], package: "dash", version: "-n", purpose: "" };

    #[test]
    fn a_program_is_found_under_any_of_its_names_if_it_works() {
        assert!(find(&SHELL).unwrap().ends_with("sh"));
        assert_eq!(find(&Program { version: "--no-such-option", ..SHELL }), None);
        assert_eq!(find(&Program { names: &["no-such-shell"], ..SHELL }), None);
    }
}
