//! Copy of a database as it is at one moment, while others go on writing to it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::inspecting;
use crate::store::StoreFailure;

/// Pages that are copied at a time.
const PAGES: i32 = 1024;
/// Wait for a lock that somebody else holds.
const WAIT: Duration = Duration::from_millis(50);

/// Copies a database into a new file that needs no journal beside it. `progress` is told pages, those copied and all.
///
/// # Errors
/// When the database cannot be read, or the copy cannot be written.
pub(crate) fn snapshot(from: &Path, to: &Path, mut progress: impl FnMut(u64, u64)) -> Result<(), StoreFailure> {
    let source = inspecting::open(from)?;
    // A transaction that has read sees one state to its end; without it, each change of others would begin the copy anew.
    let transaction = source.unchecked_transaction()?;
    transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    let mut copy = Connection::open(to)?;
    let backup = Backup::new(&transaction, &mut copy)?;
    loop {
        let step = backup.step(PAGES)?;
        let pages = backup.progress();
        let count = |pages| u64::try_from(pages).unwrap_or_default();
        progress(count(pages.pagecount - pages.remaining), count(pages.pagecount));
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => thread::sleep(WAIT),
        }
    }
    drop(backup);
    copy.pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0))?;
    copy.close().map_err(|(_, error)| StoreFailure::from(error))
}
