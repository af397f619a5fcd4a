//! Settings of a test run, from environment variables.

/// Returns the number in an environment variable, if it is set.
pub(crate) fn number_from_environment(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}
