//! `backup`: a copy of the data folder as it is at one moment, made while the server runs.
//!
//! The database is copied first, as of one moment; then each document that this copy names, and mails that are files. A document never
//! changes, and while this command runs, the server removes none. What is in the folder from an earlier run is taken again where it is
//! the same, so that a run that was cut goes on, and a later one copies what is new. The [manifest] comes last: until it is in its place,
//! the folder holds the backup that was there before, or none. The folder was empty at the first run, which left a mark: nothing is
//! removed from any other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirEntry, File, FileType, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Done;
use super::copying::{
    self, JOURNALS, LOST_AND_FOUND, NotCopied, PART, Progress, copy, digest, remove_journals, sync_folder,
};
use super::documents::Documents;
use super::manifest::{self, Copied, Entry, MANIFEST, Manifest};
use crate::clock::{Clock, SystemClock, rfc3339};
use crate::files::{self, DOCUMENTS, FileName, MAILS};
use crate::settings::Settings;
use crate::store::sqlite::{DATABASE, inspect, snapshot};

/// File that is locked while somebody writes to a backup.
const LOCK: &str = "lock";
/// Mark of a folder that is a backup, or will be one.
const MARK: &str = "habilitation-backup";
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

/// Makes a backup, and says on the standard output what it holds. Documents that are not whole in the data folder are named in it; then
/// all else is copied, and the command fails.
pub(super) fn run(Arguments { to, settings }: &Arguments) -> Done {
    let wrong = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let source = settings.data.join(DATABASE);
    if !source.is_file() {
        return Err(format!("--data {}: there is no database in this folder", settings.data.display()).into());
    }
    if to.exists() {
        refuse_others(to)?;
    }
    files::make_private(to).map_err(|error| wrong(to, error))?;
    let _ours = lock(to)?;
    // Somebody may have written there meanwhile.
    refuse_others(to)?;
    copying::write(&to.join(MARK), b"").map_err(|error| wrong(&to.join(MARK), error))?;
    for folder in [DOCUMENTS, MAILS] {
        files::make_private(&to.join(folder)).map_err(|error| wrong(to, error))?;
    }
    let earlier = Manifest::read(to)?;
    let there = Documents::of(settings)?;
    let _held = files::hold_documents(&settings.data).map_err(|error| wrong(&settings.data, error))?;

    let begun_at = rfc3339(SystemClock.now());
    let database = copy_database(&source, to)?;
    let inspected = inspect(&to.join(&database.file)).map_err(|error| format!("the copied database: {error}"))?;
    // In another bucket all documents would be missing, and this would take the place of a whole backup.
    there.verify_ours(!inspected.documents.is_empty())?;
    let mut known: BTreeMap<String, Entry> = BTreeMap::new();
    if let Some(earlier) = &earlier {
        known.extend(earlier.documents.iter().map(|entry| (entry.file.clone(), entry.clone())));
    }
    let bytes = inspected.documents.iter().map(|(_, size)| size).sum();
    let mut progress = Progress::of("documents", inspected.documents.len(), bytes);
    let (mut documents, mut missing, mut copied) = (Vec::new(), Vec::new(), 0_usize);
    for (name, size) in &inspected.documents {
        match take_document(&there, to, name, *size, known.remove(name.as_str()))? {
            Taken::Before(entry) => documents.push(entry),
            Taken::Now(entry) => {
                copied += 1;
                documents.push(entry);
            }
            Taken::Lost(reason) => {
                eprintln!("document {name}: {reason}");
                missing.push(name.to_string());
            }
        }
        progress.count(*size);
    }
    let mails = take_mails(&settings.data.join(MAILS), &to.join(MAILS), earlier.as_ref())?;
    let (tables, requests) = (inspected.version, inspected.requests);
    let manifest = Manifest::new(Copied { begun_at, tables, requests, database }, documents, missing, mails);
    manifest.write(to).map_err(|error| wrong(&to.join(MANIFEST), error))?;
    remove_others(to, &manifest).map_err(|error| wrong(to, error))?;
    println!("{}; {copied} documents were copied now", manifest.summary());
    match manifest.missing.len() {
        0 => Ok(()),
        missing => Err(format!("{missing} documents are missing in the data folder; all else is in the backup").into()),
    }
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

/// Refuses a folder that holds anything but a backup. Nothing is changed there: what is not of the backup is removed from it later.
fn refuse_others(to: &Path) -> Result<(), String> {
    let mut is_empty = true;
    for (name, kind) in entries(to)? {
        let (is_ours, is_folder) = match &*name {
            LOST_AND_FOUND => continue,
            LOCK => (true, false),
            DOCUMENTS | MAILS => (true, true),
            name => (name == MANIFEST || name == MARK || manifest::is_database(name) || is_rest(name), false),
        };
        if !is_ours || kind.is_symlink() || kind.is_dir() != is_folder {
            return Err(other(to, &name));
        }
        // The first run makes the lock, then its mark.
        is_empty &= name == LOCK || name.strip_suffix(PART) == Some(MARK);
        if is_folder {
            let folder = to.join(&name);
            let is_of_backup = if name == DOCUMENTS { manifest::is_document } else { manifest::is_mail };
            for (file, kind) in entries(&folder)? {
                if !is_of_backup(file.strip_suffix(PART).unwrap_or(&file)) || !kind.is_file() {
                    return Err(other(&folder, &file));
                }
            }
        }
    }
    if is_empty || to.join(MARK).exists() || Manifest::read(to)?.is_some() {
        Ok(())
    } else {
        Err(format!("{}: it is neither empty nor a backup", to.display()))
    }
}

fn other(folder: &Path, name: &str) -> String {
    format!("{}: it holds something else than a backup: {name}", folder.display())
}

fn entries(folder: &Path) -> Result<Vec<(String, FileType)>, String> {
    let read = || {
        let named = |entry: DirEntry| Ok((entry.file_name().to_string_lossy().into_owned(), entry.file_type()?));
        fs::read_dir(folder)?.map(|entry| entry.and_then(named)).collect::<io::Result<_>>()
    };
    read().map_err(|error| format!("{}: {error}", folder.display()))
}

/// Returns whether a name is that of a file which a run that was cut left behind.
fn is_rest(name: &str) -> bool {
    let ends = name.strip_prefix(NEW_DATABASE).is_some_and(|end| end.is_empty() || JOURNALS.contains(&end));
    ends || name.strip_suffix(PART).is_some_and(|name| name == MANIFEST || name == MARK)
}

/// Copies the database as it is now, and reads the copy back.
fn copy_database(source: &Path, to: &Path) -> Result<Entry, String> {
    let new = to.join(NEW_DATABASE);
    let wrong = |error: io::Error| format!("{}: {error}", new.display());
    copying::remove(&new).and_then(|()| remove_journals(&new)).map_err(wrong)?;
    files::private().create_new(true).open(&new).map_err(wrong)?;
    let told = |pages: u64, all: u64| eprintln!("database: {pages} of {all} pages");
    snapshot(source, &new, told)
        .map_err(|error| format!("{} cannot be copied to {}: {error}", source.display(), new.display()))?;
    File::open(&new).and_then(|file| file.sync_all()).map_err(wrong)?;
    let digest = digest(&new).map_err(wrong)?;
    let entry = Entry::new(Manifest::database_name(&digest), digest);
    fs::rename(&new, to.join(&entry.file)).and_then(|()| sync_folder(to)).map_err(wrong)?;
    Ok(entry)
}

/// Copy of a document.
enum Taken {
    /// An earlier run made it.
    Before(Entry),
    /// Entry that this run made.
    Now(Entry),
    /// There is none, since the file in the data folder is not whole, for this reason.
    Lost(String),
}

/// Takes a document, whose copy is read back.
fn take_document(
    from: &Documents,
    to: &Path,
    name: &FileName,
    size: u64,
    known: Option<Entry>,
) -> Result<Taken, String> {
    let copied = to.join(DOCUMENTS).join(name.as_str());
    let wrong = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    if copied.exists() {
        let there = digest(&copied).map_err(|error| wrong(&copied, error))?;
        // A run that was cut left one that no manifest knows.
        let expected = known.or_else(|| Some(Entry::new(name.to_string(), from.digest(name).ok()?)));
        if let Some(expected) = expected.filter(|entry| entry.bytes == size && entry.is_of(&there)) {
            return Ok(Taken::Before(expected));
        }
    }
    let lost = || Ok(Taken::Lost(format!("it has not the {size} bytes that the database says")));
    if from.is_of_another_length(name, size) {
        return lost();
    }
    let copy = match from.copy(name, &copied) {
        Err(NotCopied::From(_, error)) if from.is_loss(&error) => return Ok(Taken::Lost(error.to_string())),
        Ok(copy) if copy.bytes != size => return lost(),
        copy => copy.map_err(|error| error.to_string())?,
    };
    let entry = Entry::new(name.to_string(), copy);
    let there = digest(&copied).map_err(|error| wrong(&copied, error))?;
    if entry.is_of(&there) {
        Ok(Taken::Now(entry))
    } else {
        Err(format!("{}: it reads back otherwise", copied.display()))
    }
}

/// Copies the mails that are files. One that an earlier backup has stays as it is there; one that is forgotten meanwhile is left out.
fn take_mails(from: &Path, to: &Path, earlier: Option<&Manifest>) -> Result<Vec<Entry>, String> {
    let mut taken = Vec::new();
    if !from.exists() {
        return Ok(taken);
    }
    let known: BTreeMap<&str, &Entry> =
        earlier.into_iter().flat_map(|earlier| &earlier.mails).map(|entry| (entry.file.as_str(), entry)).collect();
    for (name, kind) in entries(from)? {
        if !manifest::is_mail(&name) || !kind.is_file() {
            continue;
        }
        let copied = to.join(&name);
        if let Some(&entry) = known.get(name.as_str())
            && digest(&copied).is_ok_and(|there| entry.is_of(&there))
        {
            taken.push(entry.clone());
            continue;
        }
        match copy(&from.join(&name), &copied) {
            Ok(digest) => taken.push(Entry::new(name, digest)),
            Err(NotCopied::From(_, error)) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    taken.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(taken)
}

/// Removes files that the manifest does not name: an earlier backup, and the rest of runs that were cut.
fn remove_others(to: &Path, manifest: &Manifest) -> io::Result<()> {
    let remove = |folder: &Path, is_left: &dyn Fn(&str) -> bool| {
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            if name.to_str().is_some_and(is_left) {
                fs::remove_file(folder.join(&name))?;
            }
        }
        Ok::<_, io::Error>(())
    };
    remove(to, &|name| manifest::is_database(name) && name != manifest.database.file || is_rest(name))?;
    let documents: BTreeSet<&str> = manifest.documents.iter().map(|entry| entry.file.as_str()).collect();
    let of = |name: &str, is_ours: fn(&str) -> bool| is_ours(name.strip_suffix(PART).unwrap_or(name));
    remove(&to.join(DOCUMENTS), &|name| of(name, manifest::is_document) && !documents.contains(name))?;
    let mails: BTreeSet<&str> = manifest.mails.iter().map(|entry| entry.file.as_str()).collect();
    remove(&to.join(MAILS), &|name| of(name, manifest::is_mail) && !mails.contains(name))
}
