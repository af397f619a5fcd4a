//! Starting of other programs, with errors that name the command.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, bail};

use crate::workspace;

/// A command in the root of the checkout.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    command
}

/// The cargo that runs this program, whatever is first on the path.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command to its end, with its output on the screen.
///
/// # Errors
/// When it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = name(command);
    let status = command.status().with_context(|| format!("`{name}` cannot be started"))?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

/// Runs two commands beside each other to their ends, with their output on the screen.
///
/// # Errors
/// When one of them cannot be started or fails.
pub(crate) fn run_both(first: &mut Command, second: &mut Command) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        let first = scope.spawn(|| run(first));
        run(second).and(first.join().unwrap_or_else(|_| bail!("a thread ended early")))
    })
}

/// Runs a command to its end and returns what it wrote to its standard output.
///
/// # Errors
/// When it cannot be started or fails; the message ends with what it wrote to standard error.
pub(crate) fn capture(command: &mut Command) -> anyhow::Result<String> {
    let name = name(command);
    let output = command.output().with_context(|| format!("`{name}` cannot be started"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{name}` failed ({}): {}", output.status, said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command to its end, with its output on the screen.
///
/// # Errors
/// When it cannot be started or fails; where nobody watches, the message ends with what it said.
pub(crate) fn check(command: &mut Command) -> anyhow::Result<()> {
    if std::io::stderr().is_terminal() {
        return run(command);
    }
    let name = name(command);
    let mut said = Vec::new();
    let Err(failure) = follow(command, |line| said.push(line.to_owned()))? else { return Ok(()) };
    said.push(failure);
    bail!("`{name}` failed:\n{}", said.join("\n").trim())
}

/// Runs a command to its end, its standard output both on the screen and handed to `line`.
///
/// Whether it succeeded is in the result. A failure has what the command wrote to standard error, from its first line
/// that begins with `error`, and nothing on a terminal, where whoever watches has seen it.
///
/// # Errors
/// When it cannot be started or read.
pub(crate) fn follow(command: &mut Command, mut line: impl FnMut(&str)) -> anyhow::Result<Result<(), String>> {
    let name = name(command);
    if !std::io::stderr().is_terminal() {
        command.stderr(Stdio::piped());
    }
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("`{name}` cannot be started"))?;
    let (tell, told) = mpsc::channel();
    if let Some(errors) = child.stderr.take() {
        std::thread::spawn(move || {
            for text in BufReader::new(errors).lines().map_while(Result::ok) {
                eprintln!("{text}");
                // Nobody hears what a program that outlives the command still says.
                let _ = tell.send(text);
            }
        });
    } else {
        drop(tell);
    }
    if let Some(output) = child.stdout.take() {
        for text in BufReader::new(output).lines() {
            let text = text.with_context(|| format!("`{name}` cannot be read"))?;
            println!("{text}");
            line(&text);
        }
    }
    if child.wait()?.success() {
        return Ok(Ok(()));
    }
    let said: Vec<String> = std::iter::from_fn(|| told.recv_timeout(Duration::from_secs(1)).ok()).collect();
    let first = said.iter().position(|line| line.starts_with("error")).unwrap_or_default();
    Ok(Err(said[first..].join("\n")))
}

/// Output of a program's `--version`, if it is there and works.
pub(crate) fn version(program: impl AsRef<OsStr>) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program of that name on the path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// The command line as a person would type it, for messages.
fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_and_repeats_what_it_said() {
        let failure = capture(command("sh").args(["-c", "echo no room >&2; exit 3"])).unwrap_err();
        assert_eq!(failure.to_string(), "`sh -c echo no room >&2; exit 3` failed (exit status: 3): no room");
    }

    #[test]
    fn of_two_commands_each_may_fail() {
        let shell = |line: &str| {
            let mut shell = command("sh");
            shell.args(["-c", line]);
            shell
        };
        let fails = |first, second| run_both(&mut shell(first), &mut shell(second)).is_err();
        assert_eq!([fails("true", "true"), fails("false", "true"), fails("true", "false")], [false, true, true]);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run(&mut command("no-such-program")).unwrap_err();
        assert_eq!(failure.to_string(), "`no-such-program` cannot be started");
    }

    #[test]
    fn following_hands_over_each_line_and_the_outcome() {
        let mut lines = Vec::new();
        let mut two_lines = command("sh");
        two_lines.args(["-c", "echo one; echo two; exit 1"]);
        let outcome = follow(&mut two_lines, |line| lines.push(line.to_owned())).unwrap();
        assert_eq!((lines, outcome.is_ok()), (vec!["one".to_owned(), "two".to_owned()], false));
    }

    #[test]
    fn what_failed_is_told_from_its_first_error_on() {
        let mut compiler = command("sh");
        compiler.args(["-c", "(echo Compiling; echo error: no room; echo there) >&2; exit 1"]);
        let told = follow(&mut compiler, |_| ()).unwrap().unwrap_err();
        // On a terminal it was seen.
        assert!(["error: no room\nthere", ""].contains(&told.as_str()), "{told}");
    }

    #[test]
    fn only_programs_are_found_on_the_path() {
        assert!(find("sh").is_some());
        assert_eq!(find("no-such-program"), None);
    }
}
