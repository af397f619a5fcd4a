//! The tests that cargo runs, read from what their programs print.

use std::mem;

use super::{Failure, Outcomes};
use crate::process;

/// Runs the tests of one package, with options of cargo and the arguments that a person gave.
///
/// # Errors
/// When cargo cannot be started.
pub(super) fn test(package: &str, options: &[&str], arguments: &[String]) -> anyhow::Result<Outcomes> {
    let mut cargo = process::cargo();
    // Tests of a target that fail do not hide those of the next one.
    cargo.args(["test", "--no-fail-fast", "--package", package]).args(options).args(arguments);
    let mut reader = Reader::default();
    let ended = process::follow(&mut cargo, |line| reader.read(line))?;
    let mut outcomes = reader.outcomes;
    // It did not compile, or a test took the whole process down.
    if let (Err(said), true) = (ended, outcomes.failures.is_empty()) {
        outcomes.failures.push(Failure::new(package, said));
    }
    Ok(outcomes)
}

/// Reader of what test programs print, one after the other.
#[derive(Default)]
struct Reader {
    outcomes: Outcomes,
    /// Lines of the program whose closing line has not come yet.
    lines: Vec<String>,
}

impl Reader {
    fn read(&mut self, line: &str) {
        let Some((passed, failed)) = outcome(line) else {
            self.lines.push(line.to_owned());
            return;
        };
        let mut failures = failures(&mem::take(&mut self.lines));
        // The number holds, whatever became of the names.
        failures.resize_with(failed, || Failure::new("a test without a name", ""));
        self.outcomes.passed += passed;
        self.outcomes.failures.append(&mut failures);
    }
}

/// The numbers in the closing line of a test program:
/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn outcome(line: &str) -> Option<(usize, usize)> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut parts = numbers.split("; ");
    let passed = parts.next()?.strip_suffix(" passed")?.parse().ok()?;
    let failed = parts.next()?.strip_suffix(" failed")?.parse().ok()?;
    Some((passed, failed))
}

/// The failures that a test program tells: their names in its last list `failures:`, what each printed further up.
fn failures(lines: &[String]) -> Vec<Failure> {
    let Some(list) = lines.iter().rposition(|line| line == "failures:") else { return Vec::new() };
    let (before, names) = lines.split_at(list);
    let headings: Vec<(&str, String)> = names
        .iter()
        .filter_map(|line| line.strip_prefix("    "))
        .map(|name| (name, format!("---- {name} stdout ----")))
        .collect();
    let is_heading = |line: &String| headings.iter().any(|(_, heading)| heading == line);
    let printed = |heading: &String| {
        let start = before.iter().position(|line| line == heading).map_or(before.len(), |place| place + 1);
        before[start..].iter().take_while(|line| !is_heading(line)).map(String::as_str).collect::<Vec<_>>()
    };
    headings.iter().map(|(name, heading)| Failure::new(*name, error(&printed(heading)))).collect()
}

/// The error in what a test printed: from its panic on, if there is one.
fn error(printed: &[&str]) -> String {
    let start = printed.iter().position(|line| line.contains(" panicked at ")).unwrap_or_default();
    printed[start..].join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Outcomes {
        let mut reader = Reader::default();
        text.lines().for_each(|line| reader.read(line));
        reader.outcomes
    }

    #[test]
    fn the_closing_line_of_a_test_program_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out";
        assert_eq!(outcome(line), Some((12, 3)));
        assert_eq!(outcome("test result_is_kept ... ok"), None);
    }

    #[test]
    fn the_tests_that_failed_are_told_with_their_panics() {
        let outcomes = read(
            "running 3 tests
test sum ... ok
test limits ... FAILED
test dates ... FAILED

failures:

---- limits stdout ----
a line of a log

thread 'limits' (7) panicked at src/limits.rs:12:9:
assertion `left == right` failed
  left: 1
 right: 2

---- dates stdout ----
note: test did not panic as expected

failures:
    limits
    dates

test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

running 1 test
test other ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        let panic = "thread 'limits' (7) panicked at src/limits.rs:12:9:
assertion `left == right` failed
  left: 1
 right: 2";
        let failures = [Failure::new("limits", panic), Failure::new("dates", "note: test did not panic as expected")];
        assert_eq!(outcomes, Outcomes { passed: 2, failures: failures.into() });
    }

    #[test]
    fn a_failure_without_a_name_is_counted() {
        let outcomes = read("test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out");
        assert_eq!(outcomes.failures, [Failure::new("a test without a name", "")]);
    }
}
