//! Settings of a test run from the environment.

/// A number that they give in the environment.
pub(crate) fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}
