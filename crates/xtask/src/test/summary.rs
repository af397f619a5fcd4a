//! Outcomes of the tests, by kind.

use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::progress::readable;

/// Number of failures of which the summary repeats the error.
const EXPLAINED: usize = 10;

/// Lines of an error that the summary repeats.
const LINES: usize = 25;

/// Characters of such a line: a value that does not fit on a screen helps nobody there.
const CHARACTERS: usize = 300;

/// A test that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Name by which the test is found.
    name: String,
    /// Error as the test told it, in lines.
    error: String,
}

impl Failure {
    pub(crate) fn new(name: impl Into<String>, error: impl Into<String>) -> Self {
        Self { name: name.into(), error: error.into() }
    }
}

/// Outcomes of one kind of test.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcomes {
    pub(crate) passed: usize,
    pub(crate) failures: Vec<Failure>,
}

/// Outcomes of all kinds, in the order in which they ran.
#[derive(Default)]
pub(crate) struct Summary {
    kinds: Vec<(String, Outcomes, Duration)>,
}

impl Summary {
    /// Runs the tests of a kind and adds what they came to. A kind that could not run at all
    /// counts as one failure.
    pub(crate) fn measure(&mut self, kind: &str, tests: impl FnOnce() -> anyhow::Result<Outcomes>) {
        eprintln!("\n=== {kind}");
        let start = Instant::now();
        match tests() {
            Ok(outcomes) => self.add(kind, outcomes, start.elapsed()),
            Err(failure) => self.add_failure(kind, &failure, start.elapsed()),
        }
    }

    /// Adds outcomes.
    pub(crate) fn add(&mut self, kind: &str, outcomes: Outcomes, time: Duration) {
        self.kinds.push((kind.to_owned(), outcomes, time));
    }

    /// Adds a kind that could not run.
    pub(crate) fn add_failure(&mut self, kind: &str, failure: &anyhow::Error, time: Duration) {
        eprintln!("\nerror: {failure:#}");
        let failure = Failure::new("could not run", format!("{failure:#}"));
        self.add(kind, Outcomes { passed: 0, failures: vec![failure] }, time);
    }

    /// Success only if tests ran and all passed.
    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.failed() == 0 && self.passed() > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn passed(&self) -> usize {
        self.kinds.iter().map(|(_, outcomes, _)| outcomes.passed).sum()
    }

    fn failed(&self) -> usize {
        self.failures().count()
    }

    fn failures(&self) -> impl Iterator<Item = (&str, &Failure)> {
        self.kinds
            .iter()
            .flat_map(|(kind, outcomes, _)| outcomes.failures.iter().map(move |failure| (kind.as_str(), failure)))
    }
}

/// A table, the first errors, the names of all tests that failed, then the line that tools look for.
///
/// The end of a long output is what is seen of it first, and at times all: it tells what failed and why.
impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:12} {:>7} {:>7} {:>14}", "tests", "passed", "failed", "time")?;
        for (kind, Outcomes { passed, failures }, time) in &self.kinds {
            writeln!(out, "{kind:12} {passed:>7} {:>7} {:>14}", failures.len(), readable(*time))?;
        }
        for (kind, Failure { name, error }) in self.failures().take(EXPLAINED) {
            writeln!(out, "\n--- {kind}: {name}")?;
            for line in error.lines().take(LINES) {
                writeln!(out, "{}", format!("    {line:.CHARACTERS$}").trim_end())?;
            }
            let left_out = error.lines().count().saturating_sub(LINES);
            if left_out > 0 {
                writeln!(out, "    ({left_out} more lines)")?;
            }
        }
        for (place, (kind, failure)) in self.failures().enumerate() {
            let heading = if place == 0 { "\nfailed:\n" } else { "" };
            writeln!(out, "{heading}    {kind}: {}", failure.name)?;
        }
        write!(out, "\n{} passed, {} failed", self.passed(), self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(kinds: &[(usize, &[&str])]) -> Summary {
        let mut summary = Summary::default();
        for &(passed, errors) in kinds {
            let failure = |(place, error): (usize, &&str)| Failure::new(format!("test {}", place + 1), *error);
            let failures = errors.iter().enumerate().map(failure).collect();
            summary.add("kind", Outcomes { passed, failures }, Duration::from_secs(1));
        }
        summary
    }

    /// The lines below the table.
    fn below(summary: &Summary) -> String {
        let text = summary.to_string();
        text.split_once("\n\n").unwrap().1.to_owned()
    }

    #[test]
    fn the_last_line_counts_all_kinds() {
        let text = summary(&[(3, &[]), (4, &["wrong"])]).to_string();
        assert_eq!(text.lines().last(), Some("7 passed, 1 failed"));
    }

    #[test]
    fn a_run_without_failures_is_a_table_and_a_count() {
        assert_eq!(below(&summary(&[(3, &[])])), "3 passed, 0 failed");
    }

    #[test]
    fn each_test_that_failed_is_told_with_its_error_then_by_name() {
        let expected = "--- kind: test 1
    Expected: 1
    Received: 2

--- kind: test 2

failed:
    kind: test 1
    kind: test 2

0 passed, 2 failed";
        assert_eq!(below(&summary(&[(0, &["Expected: 1\nReceived: 2", ""])])), expected);
    }

    #[test]
    fn long_errors_are_cut_and_many_are_named_only() {
        let long = "x\n".repeat(LINES + 2);
        let text = below(&summary(&[(0, &[long.as_str(); EXPLAINED + 1])]));
        let count = |line: &str| text.lines().filter(|other| other.trim() == line).count();
        assert_eq!(count("x"), EXPLAINED * LINES);
        assert_eq!(count("(2 more lines)"), EXPLAINED);
        assert_eq!(count("kind: test 11"), 1);
        assert_eq!(count("--- kind: test 11"), 0);
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let text = below(&summary(&[(0, &["é".repeat(CHARACTERS + 1).as_str()])]));
        assert_eq!(text.lines().nth(1).unwrap().trim(), "é".repeat(CHARACTERS));
    }

    #[test]
    fn only_tests_that_ran_and_passed_are_a_success() {
        let is_success = |kinds| format!("{:?}", summary(kinds).exit_code()) == format!("{:?}", ExitCode::SUCCESS);
        assert!(is_success(&[(3, &[])]));
        assert!(!is_success(&[(3, &["wrong"])]));
        assert!(!is_success(&[]));
    }

    #[test]
    fn a_kind_that_cannot_run_is_a_failure_that_tells_why() {
        let mut summary = Summary::default();
        summary.measure("browser", || anyhow::bail!("no browser"));
        assert!(below(&summary).starts_with("--- browser: could not run\n    no browser\n"));
        assert_eq!((summary.passed(), summary.failed()), (0, 1));
    }
}
