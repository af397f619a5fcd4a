//! Counts of the tests, by kind.

use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::progress::readable;

/// Outcomes of one kind of test.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

/// Outcomes of all kinds, in the order in which they ran.
#[derive(Default)]
pub(crate) struct Summary {
    kinds: Vec<(String, Count, Duration)>,
}

impl Summary {
    /// Runs the tests of a kind and adds what they came to. A kind that could not run at all
    /// counts as one failure.
    pub(crate) fn measure(&mut self, kind: &str, tests: impl FnOnce() -> anyhow::Result<Count>) {
        eprintln!("\n=== {kind}");
        let start = Instant::now();
        match tests() {
            Ok(count) => self.add(kind, count, start.elapsed()),
            Err(failure) => self.add_failure(kind, &failure, start.elapsed()),
        }
    }

    /// Adds outcomes.
    pub(crate) fn add(&mut self, kind: &str, count: Count, time: Duration) {
        self.kinds.push((kind.to_owned(), count, time));
    }

    /// Adds a kind that could not run.
    pub(crate) fn add_failure(&mut self, kind: &str, failure: &anyhow::Error, time: Duration) {
        eprintln!("\nerror: {failure:#}");
        self.add(kind, Count { passed: 0, failed: 1 }, time);
    }

    /// Success only if tests ran and all passed.
    pub(crate) fn exit_code(&self) -> ExitCode {
        let total = self.total();
        if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn total(&self) -> Count {
        self.kinds.iter().fold(Count::default(), |sum, (_, count, _)| Count {
            passed: sum.passed + count.passed,
            failed: sum.failed + count.failed,
        })
    }
}

/// A table, then the line that tools look for.
impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:12} {:>7} {:>7} {:>14}", "tests", "passed", "failed", "time")?;
        for (kind, count, time) in &self.kinds {
            writeln!(out, "{kind:12} {:>7} {:>7} {:>14}", count.passed, count.failed, readable(*time))?;
        }
        let total = self.total();
        write!(out, "\n{} passed, {} failed", total.passed, total.failed)
    }
}

/// The outcomes in a JSON report of Playwright Test. A test that passed only when tried again
/// has failed, and so has one that was skipped: nothing may be switched off unseen.
pub(super) fn of_playwright(report: &str) -> Option<Count> {
    let report: Value = serde_json::from_str(report).ok()?;
    let number = |name: &str| usize::try_from(report["stats"][name].as_u64()?).ok();
    let errors = report["errors"].as_array()?.len();
    Some(Count {
        passed: number("expected")?,
        failed: number("unexpected")? + number("flaky")? + number("skipped")? + errors,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(counts: &[(usize, usize)]) -> Summary {
        let mut summary = Summary::default();
        for &(passed, failed) in counts {
            summary.add("kind", Count { passed, failed }, Duration::from_secs(1));
        }
        summary
    }

    #[test]
    fn the_last_line_counts_all_kinds() {
        let text = summary(&[(3, 0), (4, 1)]).to_string();
        assert_eq!(text.lines().last(), Some("7 passed, 1 failed"));
    }

    #[test]
    fn only_tests_that_ran_and_passed_are_a_success() {
        let is_success = |counts| format!("{:?}", summary(counts).exit_code()) == format!("{:?}", ExitCode::SUCCESS);
        assert!(is_success(&[(3, 0)]));
        assert!(!is_success(&[(3, 1)]));
        assert!(!is_success(&[]));
    }

    #[test]
    fn a_kind_that_cannot_run_is_a_failure() {
        let mut summary = Summary::default();
        summary.measure("browser", || anyhow::bail!("no browser"));
        assert_eq!(summary.total(), Count { passed: 0, failed: 1 });
    }

    #[test]
    fn skipped_and_flaky_tests_of_playwright_count_as_failures() {
        let report = r#"{"errors": [{}], "stats":
            {"expected": 40, "unexpected": 2, "flaky": 1, "skipped": 1, "duration": 9.5}}"#;
        assert_eq!(of_playwright(report), Some(Count { passed: 40, failed: 5 }));
        assert_eq!(of_playwright("{}"), None);
    }
}
