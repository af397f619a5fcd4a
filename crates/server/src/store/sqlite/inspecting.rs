//! Looking at a database without serving from it: for checks and backups.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{Migrations, SchemaVersion};

use super::connections;
use crate::files::FileName;
use crate::store::StoreFailure;

/// State of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inspected {
    /// Version of its tables.
    pub(crate) version: usize,
    /// Set where the next start has to bring its tables forward.
    pub(crate) is_earlier: bool,
    /// Requests, drafts included.
    pub(crate) requests: u64,
    /// Files of documents that it names, with their bytes.
    pub(crate) documents: Vec<(FileName, u64)>,
}

/// Inspects a database that somebody may be using. One that is damaged, or of a later release, is a failure.
///
/// # Errors
/// With a sentence that names no value.
pub(super) fn inspect(path: &Path, migrations: &Migrations<'_>) -> Result<Inspected, StoreFailure> {
    inspect_connection(&open(path)?, migrations)
}

/// Opens a database that is there; none is made.
pub(super) fn open(path: &Path) -> Result<Connection, StoreFailure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(connections::LOCK_TIMEOUT)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn inspect_connection(connection: &Connection, migrations: &Migrations<'_>) -> Result<Inspected, StoreFailure> {
    let broken = |reason: &str| StoreFailure::Broken(reason.to_owned());
    let broken_by = |error: rusqlite_migration::Error| StoreFailure::Broken(error.to_string());
    let version = match migrations.current_version(connection).map_err(broken_by)? {
        SchemaVersion::Inside(version) => version.get(),
        SchemaVersion::NoneSet => return Err(broken("it has no tables")),
        SchemaVersion::Outside(_) => return Err(broken("a later release wrote it")),
    };
    let health: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if health != "ok" {
        return Err(broken("it is damaged"));
    }
    let requests = connection.query_row("SELECT count(*) FROM requests", [], |row| row.get(0))?;
    let mut statement = connection.prepare("SELECT file, size FROM documents ORDER BY file")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?)))?;
    let documents = rows
        .map(|row| {
            let (name, size) = row?;
            Ok((FileName::parse(&name).ok_or_else(|| broken("it names a file that can be none"))?, size))
        })
        .collect::<Result<_, StoreFailure>>()?;
    let is_earlier = migrations.pending_migrations(connection).map_err(broken_by)? > 0;
    Ok(Inspected { version, is_earlier, requests, documents })
}
