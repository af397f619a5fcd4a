//! `restore`: a data folder from a backup, into an empty place.
//!
//! A mark stands in the folder from the first write to the last: a server does not start on a folder that has it, and a restore that
//! was cut goes on there. Sessions are not restored: one that has ended since would be open again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Done;
use super::copying::{self, Digest, LOST_AND_FOUND, Progress, copy, digest, part, remove_journals, sync_folder, write};
use super::documents::{Documents, Shelf};
use super::manifest::{Entry, Manifest};
use crate::files::{self, DOCUMENTS, FileName, LOCK, MAILS, RESTORING};
use crate::settings::Settings;
use crate::store::StoreFailure;
use crate::store::sqlite::{DATABASE, end_sessions, inspect};

/// Places of a restore.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the backup.
    from: PathBuf,

    #[command(flatten)]
    settings: Settings,
}

/// Restores a backup into the data folder, and says on the standard output what it holds. Where documents were missing in the backup, it
/// restores all else, and fails.
pub(super) fn run(Arguments { from, settings }: &Arguments) -> Done {
    let data = &settings.data;
    let wrong = |error: io::Error| format!("--data {}: {error}", data.display());
    let manifest =
        Manifest::read(from)?.ok_or_else(|| format!("{}: there is no whole backup in this folder", from.display()))?;
    if data.exists() {
        progress_in(data, &manifest)?;
    }
    files::make_private(data).map_err(wrong)?;
    let _lock = files::lock(data).map_err(|error| format!("--data {}: {error}", data.display()))?;
    // Somebody may have written there meanwhile.
    if progress_in(data, &manifest)? == Restored::Not {
        restore(from, settings, &manifest)?;
    }
    copying::remove(&data.join(RESTORING)).and_then(|()| sync_folder(data)).map_err(wrong)?;
    println!("{}; all sessions have ended", manifest.summary());
    match manifest.missing.len() {
        0 => Ok(()),
        missing => Err(format!("{missing} documents were missing in the backup; all else is restored").into()),
    }
}

fn restore(from: &Path, settings: &Settings, manifest: &Manifest) -> Result<(), String> {
    let data = &settings.data;
    let wrong = |error: io::Error| format!("--data {}: {error}", data.display());
    let mark = data.join(RESTORING);
    write(&mark, mark_of(manifest, "").as_bytes()).map_err(wrong)?;
    let (documents, mails) = (Documents::for_restore(settings)?, data.join(MAILS));
    if let Documents::Folder(folder) = &documents {
        files::make_private(folder).map_err(wrong)?;
    }
    files::make_private(&mails).map_err(wrong)?;
    let files = manifest.documents.len() + manifest.mails.len() + 1;
    let mut progress = Progress::of("files", files, manifest.bytes());
    for entry in &manifest.documents {
        bring_document(&from.join(DOCUMENTS).join(&entry.file), &documents, entry)?;
        progress.count(entry.bytes);
    }
    for entry in &manifest.mails {
        bring(&from.join(MAILS).join(&entry.file), &mails.join(&entry.file), entry)?;
        progress.count(entry.bytes);
    }
    let new = part(&data.join(DATABASE));
    remove_journals(&new).map_err(wrong)?;
    bring(&from.join(&manifest.database.file), &new, &manifest.database)?;
    progress.count(manifest.database.bytes);
    let failed = |error: StoreFailure| format!("{}: {error}", new.display());
    let inspected = inspect(&new).map_err(failed)?;
    let mut named: BTreeMap<&str, Option<u64>> =
        manifest.documents.iter().map(|entry| (entry.file.as_str(), Some(entry.bytes))).collect();
    named.extend(manifest.missing.iter().map(|name| (name.as_str(), None)));
    let is_named =
        |(name, size): &(FileName, u64)| named.get(name.as_str()).is_some_and(|of| of.is_none_or(|of| of == *size));
    if named.len() != inspected.documents.len() || !inspected.documents.iter().all(is_named) {
        return Err("the database names other documents than the manifest".to_owned());
    }
    let waiting = end_sessions(&new).map_err(failed)?;
    if waiting > 0 {
        eprintln!(
            "{waiting} mails and notices wait in the backup; the server sends them once it starts, again where they left since"
        );
    }
    match &documents {
        Documents::Folder(folder) => remove_others(folder, &manifest.documents).map_err(wrong)?,
        Documents::Bucket(shelf) => remove_other_objects(shelf, &manifest.documents)
            .map_err(|error| format!("--bucket {}: {error}", shelf.place()))?,
    }
    remove_others(&mails, &manifest.mails).map_err(wrong)?;
    end(data, &new, manifest).map_err(wrong)
}

/// Stage of a restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Restored {
    /// Files are still to come.
    Not,
    /// All but the mark is as it will be.
    All,
}

/// Returns how far a restore of this backup came in a data folder. Nothing is changed there.
///
/// # Errors
/// When the folder is not empty, and no restore of this backup was cut in it.
fn progress_in(data: &Path, manifest: &Manifest) -> Result<Restored, String> {
    let wrong = |error: io::Error| format!("--data {}: {error}", data.display());
    let refused = |reason: &str| Err(format!("--data {}: {reason}", data.display()));
    let mark = match fs::read_to_string(data.join(RESTORING)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        mark => Some(mark.map_err(wrong)?),
    };
    let Some(mark) = mark else {
        for entry in fs::read_dir(data).map_err(wrong)? {
            let name = entry.map_err(wrong)?.file_name();
            if name != LOCK && name != LOST_AND_FOUND && name != part(Path::new(RESTORING)).as_os_str() {
                return refused("it is not empty; a backup is restored into an empty folder");
            }
        }
        return Ok(Restored::Not);
    };
    let database = data.join(DATABASE);
    if !database.exists() {
        return Ok(Restored::Not);
    }
    let there = digest(&database).map_err(wrong)?;
    if mark == mark_of(manifest, &there.sha256) {
        Ok(Restored::All)
    } else {
        refused("it has a database that is not of this restore")
    }
}

/// Returns the content of the mark: the database of the backup, and that which is restored, once it is whole.
fn mark_of(manifest: &Manifest, restored: &str) -> String {
    format!("{}\n{restored}\n", manifest.database.sha256)
}

/// Copies a file of the backup and reads the copy back, unless it is there already.
fn bring(from: &Path, to: &Path, entry: &Entry) -> Result<(), String> {
    let wrong = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let is_whole = |digest: Digest| entry.is_of(&digest);
    if to.exists() && digest(to).map(is_whole).map_err(|error| wrong(to, error))? {
        return Ok(());
    }
    if !copy(from, to).map(is_whole).map_err(|error| error.to_string())? {
        return Err(format!("{}: it is not what the manifest says", from.display()));
    }
    if digest(to).map(is_whole).map_err(|error| wrong(to, error))? {
        Ok(())
    } else {
        Err(format!("{}: it reads back otherwise", to.display()))
    }
}

/// Brings a document to its place and reads it back, unless it is there already.
fn bring_document(from: &Path, documents: &Documents, entry: &Entry) -> Result<(), String> {
    let shelf = match documents {
        Documents::Folder(folder) => return bring(from, &folder.join(&entry.file), entry),
        Documents::Bucket(shelf) => shelf,
    };
    let name = FileName::parse(&entry.file).ok_or("the manifest names a document that is none")?;
    let is_there = || match documents.digest(&name) {
        Ok(digest) => Ok(entry.is_of(&digest)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(format!("{}/{name}: {error}", shelf.place())),
    };
    if is_there()? {
        return Ok(());
    }
    if !digest(from).is_ok_and(|digest| entry.is_of(&digest)) {
        return Err(format!("{}: it is not what the manifest says", from.display()));
    }
    shelf.write(&name, from)?;
    if is_there()? { Ok(()) } else { Err(format!("{}/{name}: it reads back otherwise", shelf.place())) }
}

/// Removes documents of the bucket that the manifest does not name: the rest of a run that was cut.
fn remove_other_objects(shelf: &Shelf, entries: &[Entry]) -> io::Result<()> {
    let named: BTreeSet<&str> = entries.iter().map(|entry| entry.file.as_str()).collect();
    let others = shelf.list()?.into_iter().map(|file| file.name).filter(|name| !named.contains(name.as_str()));
    shelf.remove(&others.collect::<Vec<_>>())
}

/// Removes files of documents or mails that the manifest does not name: the rest of a run that was cut.
fn remove_others(folder: &Path, entries: &[Entry]) -> io::Result<()> {
    let named: BTreeSet<&str> = entries.iter().map(|entry| entry.file.as_str()).collect();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name.to_str().is_none_or(|name| !named.contains(name)) {
            fs::remove_file(folder.join(name))?;
        }
    }
    Ok(())
}

/// Gives the database its name. Only the mark is left to be taken away.
fn end(data: &Path, new: &Path, manifest: &Manifest) -> io::Result<()> {
    let database = data.join(DATABASE);
    remove_journals(new)?;
    remove_journals(&database)?;
    File::open(new)?.sync_all()?;
    write(&data.join(RESTORING), mark_of(manifest, &digest(new)?.sha256).as_bytes())?;
    fs::rename(new, database)?;
    sync_folder(data)
}
