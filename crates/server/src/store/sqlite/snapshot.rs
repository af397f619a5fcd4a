//! Copy of a database as it is at one moment, while others go on writing to it.

use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

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

/// Ends in a copy what would be open again with it: sessions, those of portals too, and grants that no portal claimed. Returns the
/// number of mails and notices that wait there.
///
/// # Errors
/// When the copy cannot be read or written.
pub(crate) fn end_sessions(copy: &Path) -> Result<u64, StoreFailure> {
    let copy = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // An earlier release may have written it, without the later tables.
    let has = |table: &str| copy.table_exists(None, table);
    for (table, statement) in [("sessions", "DELETE FROM sessions"), ("grants", "DELETE FROM grants")] {
        if has(table)? {
            copy.execute(statement, [])?;
        }
    }
    let waiting = if has("outbox")? {
        copy.query_row("SELECT count(*) FROM outbox WHERE state = 'waiting'", [], |row| row.get(0))?
    } else {
        0
    };
    copy.close().map_err(|(_, error)| StoreFailure::from(error))?;
    Ok(waiting)
}
