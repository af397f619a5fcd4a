//! Times that the machine waits.

/// Milliseconds from the first edit after a save to the next save: short enough, with [`LOCK_PATIENCE`], for the
/// promise of two seconds, long enough for a few words. Further edits do not put it off.
pub const SAVE_DELAY: u32 = 900;
/// Milliseconds after which a save leaves without the lock: a frozen tab may hold the lock, and revisions protect
/// anyway.
pub const LOCK_PATIENCE: u32 = 800;
/// Milliseconds before the first retry; it doubles up to [`RETRY_LONGEST`].
pub(super) const RETRY_SHORTEST: u32 = 1_000;
/// Milliseconds between retries at most.
pub(super) const RETRY_LONGEST: u32 = 60_000;

/// Milliseconds before the next attempt, which double with each failure in a row. `random` is any number; `pause` is what
/// the server asks for, in milliseconds.
pub(super) fn retry_after(failures: u32, random: u32, pause: u32) -> u32 {
    let longest = RETRY_SHORTEST.saturating_mul(1 << failures.min(16)).min(RETRY_LONGEST);
    // Between half and the whole of it, so that clients cut off together do not come back together.
    let after = longest / 2 + random % (longest / 2);
    after.max(pause.min(RETRY_LONGEST))
}
