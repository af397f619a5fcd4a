//! The tests that cargo runs, counted.

use super::Count;
use crate::process;

/// Runs the tests of one package, with options of cargo and the arguments that a person gave.
///
/// # Errors
/// When cargo cannot be started.
pub(super) fn test(package: &str, options: &[&str], arguments: &[String]) -> anyhow::Result<Count> {
    let mut cargo = process::cargo();
    // Tests of a target that fail do not hide those of the next one.
    cargo.args(["test", "--no-fail-fast", "--package", package]).args(options).args(arguments);
    let mut count = Count::default();
    let succeeded = process::follow(&mut cargo, |line| {
        if let Some((passed, failed)) = outcome(line) {
            count.passed += passed;
            count.failed += failed;
        }
    })?;
    // It did not compile, or a test took the whole process down.
    if !succeeded && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_of_a_test_program_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out";
        assert_eq!(outcome(line), Some((12, 3)));
        assert_eq!(outcome("test result_is_kept ... ok"), None);
    }
}
