//! `backup`: a copy of the data folder as it is at one moment, made while the server runs.
//!
//! The database is copied first, as of one moment; then each document that this copy names. A document never changes, and while
//! this command runs, the server removes none. What is in the folder from an earlier run is taken again where it is the same, so
//! that a run that was cut goes on, and a later one copies what is new. The [manifest](super::manifest) comes last: until it
//! is in its place, the folder holds the backup that was there before, or none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Done;
use super::copying::{PART, Progress, copy, digest, sync_folder};
use super::manifest::{Entry, MANIFEST, Manifest};
use crate::clock::{Clock, SystemClock, rfc3339};
use crate::files::{self, DOCUMENTS, FileName};
use crate::settings::Settings;
use crate::store::sqlite::{DATABASE, inspect, snapshot};

/// File that is locked while somebody writes to a backup.
const LOCK: &str = "lock";
/// First characters of the name of a database.
const DATABASE_PREFIX: &str = "database-";
/// Name of a database that is not whole yet.
const NEW_DATABASE: &str = "database-new.part";

/// Places of a backup.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the backup; it is made if it is missing. An earlier backup there is replaced once the new one is whole.
    to: PathBuf,

    #[command(flatten)]
    settings: Settings,
}

/// Makes a backup, and says on the standard output what it holds.
pub(super) fn run(Arguments { to, settings }: &Arguments) -> Done {
    let wrong = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let source = settings.data.join(DATABASE);
    if !source.is_file() {
        return Err(format!("--data {}: there is no database in this folder", settings.data.display()).into());
    }
    files::make_private(&to.join(DOCUMENTS)).map_err(|error| wrong(to, error))?;
    let _ours = lock(to)?;
    refuse_others(to)?;
    let earlier = Manifest::read(to)?;
    let _held = files::hold_documents(&settings.data).map_err(|error| wrong(&settings.data, error))?;

    let begun_at = rfc3339(SystemClock.now());
    let database = copy_database(&source, to)?;
    let inspected = inspect(&to.join(&database.file)).map_err(|error| format!("the copied database: {error}"))?;
    let mut known: BTreeMap<String, Entry> = BTreeMap::new();
    if let Some(earlier) = &earlier {
        known.extend(earlier.documents.iter().map(|entry| (entry.file.clone(), entry.clone())));
    }
    let bytes = inspected.documents.iter().map(|(_, size)| size).sum();
    let mut progress = Progress::of("documents", inspected.documents.len(), bytes);
    let (mut documents, mut copied) = (Vec::new(), 0_usize);
    for (name, size) in &inspected.documents {
        let (entry, is_new) = take_document(&settings.data, to, name, known.remove(name.as_str()))?;
        if entry.bytes != *size {
            return Err(format!("document {name} has {} bytes; the database says {size}", entry.bytes).into());
        }
        copied += usize::from(is_new);
        documents.push(entry);
        progress.count(*size);
    }
    let manifest = Manifest::new(begun_at, inspected.version, inspected.requests, database, documents);
    manifest.write(to).map_err(|error| wrong(&to.join(MANIFEST), error))?;
    remove_others(to, &manifest).map_err(|error| wrong(to, error))?;
    println!(
        "{} requests and {} documents ({copied} of them copied now), {} bytes, as of {}",
        manifest.requests,
        manifest.documents.len(),
        manifest.bytes(),
        manifest.begun_at
    );
    Ok(())
}

fn lock(to: &Path) -> Result<File, String> {
    let wrong = |reason: String| format!("{}: {reason}", to.display());
    let lock = files::private().create(true).truncate(false).open(to.join(LOCK));
    let lock = lock.map_err(|error| wrong(error.to_string()))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(wrong("another backup is writing to it".to_owned())),
        Err(TryLockError::Error(error)) => Err(wrong(error.to_string())),
    }
}

/// Refuses a folder that holds anything but a backup, since what is not of the backup is removed from it.
fn refuse_others(to: &Path) -> Result<(), String> {
    let wrong = |error: io::Error| format!("{}: {error}", to.display());
    for entry in fs::read_dir(to).map_err(wrong)? {
        let name = entry.map_err(wrong)?.file_name();
        let name = name.to_string_lossy();
        let is_ours = [MANIFEST, LOCK, DOCUMENTS].contains(&&*name)
            || name.starts_with(DATABASE_PREFIX)
            || name.strip_suffix(PART) == Some(MANIFEST);
        if !is_ours {
            return Err(format!("{}: it holds something else than a backup: {name}", to.display()));
        }
    }
    Ok(())
}

/// Copies the database as it is now, and reads the copy back.
fn copy_database(source: &Path, to: &Path) -> Result<Entry, String> {
    let new = to.join(NEW_DATABASE);
    let wrong = |error: io::Error| format!("{}: {error}", new.display());
    for end in ["", "-journal", "-wal", "-shm"] {
        let rest = to.join([NEW_DATABASE, end].concat());
        if rest.exists() {
            fs::remove_file(rest).map_err(wrong)?;
        }
    }
    files::private().create_new(true).open(&new).map_err(wrong)?;
    let told = |pages: u64, all: u64| eprintln!("database: {pages} of {all} pages");
    snapshot(source, &new, told).map_err(|error| format!("the database cannot be copied: {error}"))?;
    File::open(&new).and_then(|file| file.sync_all()).map_err(wrong)?;
    let digest = digest(&new).map_err(wrong)?;
    let entry = Entry::new(Manifest::database_name(&digest), digest);
    fs::rename(&new, to.join(&entry.file)).and_then(|()| sync_folder(to)).map_err(wrong)?;
    Ok(entry)
}

/// Returns the entry of a document whose copy was read back, and whether it was copied now.
fn take_document(data: &Path, to: &Path, name: &FileName, known: Option<Entry>) -> Result<(Entry, bool), String> {
    let (from, copied) = (data.join(DOCUMENTS).join(name.as_str()), to.join(DOCUMENTS).join(name.as_str()));
    let wrong = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    if copied.exists() {
        let there = digest(&copied).map_err(|error| wrong(&copied, error))?;
        let expected = match known {
            Some(entry) => entry,
            // A run that was cut left it: its manifest never came.
            None => Entry::new(name.to_string(), digest(&from).map_err(|error| wrong(&from, error))?),
        };
        if expected.is_of(&there) {
            return Ok((expected, false));
        }
    }
    let entry = Entry::new(name.to_string(), copy(&from, &copied).map_err(|error| wrong(&from, error))?);
    let there = digest(&copied).map_err(|error| wrong(&copied, error))?;
    if entry.is_of(&there) { Ok((entry, true)) } else { Err(format!("{}: it reads back otherwise", copied.display())) }
}

/// Removes files that the manifest does not name: an earlier backup, and the rest of runs that were cut.
fn remove_others(to: &Path, manifest: &Manifest) -> io::Result<()> {
    for entry in fs::read_dir(to)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        let is_left = text.starts_with(DATABASE_PREFIX) && text != manifest.database.file;
        if is_left || text.ends_with(PART) {
            fs::remove_file(to.join(&name))?;
        }
    }
    let documents: BTreeSet<&str> = manifest.documents.iter().map(|entry| entry.file.as_str()).collect();
    for entry in fs::read_dir(to.join(DOCUMENTS))? {
        let name = entry?.file_name();
        if !documents.contains(&*name.to_string_lossy()) {
            fs::remove_file(to.join(DOCUMENTS).join(&name))?;
        }
    }
    Ok(())
}
