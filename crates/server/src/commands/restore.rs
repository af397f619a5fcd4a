//! `restore`: a data folder from a backup, into an empty place.
//!
//! A mark stands in the folder from the first write to the last: a server does not start on a folder that has it, and a restore that
//! was cut goes on there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Done;
use super::copying::{Digest, Progress, copy, digest, part, sync_folder, write};
use super::manifest::{Entry, Manifest};
use crate::files::{self, DOCUMENTS, RESTORING};
use crate::settings::Settings;
use crate::store::sqlite::{DATABASE, inspect};

/// Places of a restore.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folder of the backup.
    from: PathBuf,

    #[command(flatten)]
    settings: Settings,
}

/// Restores a backup into the data folder, and says on the standard output what it holds.
pub(super) fn run(Arguments { from, settings }: &Arguments) -> Done {
    let data = &settings.data;
    let manifest =
        Manifest::read(from)?.ok_or_else(|| format!("{}: there is no whole backup in this folder", from.display()))?;
    begin(data)?;
    let _lock = files::lock(data).map_err(|error| format!("--data {}: {error}", data.display()))?;
    let mut progress = Progress::of("files", manifest.documents.len() + 1, manifest.bytes());
    for entry in &manifest.documents {
        bring(&from.join(DOCUMENTS).join(&entry.file), &data.join(DOCUMENTS).join(&entry.file), entry)?;
        progress.count(entry.bytes);
    }
    let new = part(&data.join(DATABASE));
    bring(&from.join(&manifest.database.file), &new, &manifest.database)?;
    progress.count(manifest.database.bytes);
    let inspected = inspect(&new).map_err(|error| format!("{}: {error}", new.display()))?;
    let named = inspected.documents.iter().map(|(name, size)| (name.as_str(), *size));
    if !named.eq(manifest.documents.iter().map(|entry| (entry.file.as_str(), entry.bytes))) {
        return Err("the database names other documents than the manifest".into());
    }
    end(data, &new).map_err(|error| format!("--data {}: {error}", data.display()))?;
    println!(
        "{} requests and {} documents, {} bytes, as of {}",
        manifest.requests,
        manifest.documents.len(),
        manifest.bytes(),
        manifest.begun_at
    );
    Ok(())
}

/// Marks an empty folder as one that is being restored. One that has the mark is taken as it is.
fn begin(data: &Path) -> Result<(), String> {
    let wrong = |error: io::Error| format!("--data {}: {error}", data.display());
    files::make_private(data).map_err(wrong)?;
    let mark = data.join(RESTORING);
    if !mark.exists() {
        if fs::read_dir(data).map_err(wrong)?.any(|entry| entry.is_ok_and(|entry| entry.file_name() != part_of_mark()))
        {
            return Err(format!(
                "--data {}: it is not empty; a backup is restored into an empty folder",
                data.display()
            ));
        }
        write(&mark, b"").map_err(wrong)?;
    }
    files::make_private(&data.join(DOCUMENTS)).map_err(wrong)
}

/// Returns the name of a mark that was cut before it was one.
fn part_of_mark() -> std::ffi::OsString {
    part(Path::new(RESTORING)).into_os_string()
}

/// Copies a file of the backup and reads the copy back, unless it is there already.
fn bring(from: &Path, to: &Path, entry: &Entry) -> Result<(), String> {
    let wrong = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let is_whole = |digest: Digest| entry.is_of(&digest);
    if to.exists() && digest(to).map(is_whole).map_err(|error| wrong(to, error))? {
        return Ok(());
    }
    if !copy(from, to).map(is_whole).map_err(|error| wrong(from, error))? {
        return Err(format!("{}: it is not what the manifest says", from.display()));
    }
    if digest(to).map(is_whole).map_err(|error| wrong(to, error))? {
        Ok(())
    } else {
        Err(format!("{}: it reads back otherwise", to.display()))
    }
}

/// Gives the database its name, and takes the mark away.
fn end(data: &Path, new: &Path) -> io::Result<()> {
    for entry in fs::read_dir(data.join(DOCUMENTS))? {
        let path = entry?.path();
        if path.extension().is_some() {
            fs::remove_file(path)?;
        }
    }
    fs::rename(new, data.join(DATABASE))?;
    sync_folder(data)?;
    fs::remove_file(data.join(RESTORING))?;
    sync_folder(data)
}
