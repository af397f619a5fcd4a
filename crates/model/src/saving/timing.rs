//! Times that the machine waits.

/// Milliseconds from the first edit after a save to the next save. With [`LOCK_PATIENCE`] they keep the promise of two
/// seconds, and let a person type a few words. Further edits do not put the save off.
pub const SAVE_DELAY: u32 = 900;
/// Milliseconds after which a save leaves without the lock, which a frozen tab may hold. Revisions protect all the
/// same.
pub const LOCK_PATIENCE: u32 = 800;
/// Milliseconds before the first retry; it doubles up to [`RETRY_LONGEST`].
pub(super) const RETRY_SHORTEST: u32 = 1_000;
/// Most milliseconds between retries.
pub(super) const RETRY_LONGEST: u32 = 60_000;

/// Returns the milliseconds before the next attempt, which double with each failure in a row. `random` is any number;
/// `pause` is the server's `Retry-After`, in milliseconds.
pub(super) fn retry_after(failures: u32, random: u32, pause: u32) -> u32 {
    let longest = RETRY_SHORTEST.saturating_mul(1 << failures.min(16)).min(RETRY_LONGEST);
    // A random time between half and the whole, so that clients which were cut off together do not come back together.
    let after = longest / 2 + random % (longest / 2);
    after.max(pause.min(RETRY_LONGEST))
}
