//! Puts the built page into the program, where `HABILITATION_CARRIED_PAGE` names its folder. Without, the program carries none.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=HABILITATION_CARRIED_PAGE");
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    if let Some(folder) = env::var_os("HABILITATION_CARRIED_PAGE") {
        println!("cargo::rerun-if-changed={}", Path::new(&folder).display());
        collect(Path::new(&folder), "", &mut files)?;
    }
    files.sort();
    let mut list = String::from("&[\n");
    for (name, path) in files {
        // Writing to a string never fails.
        let _ = writeln!(list, "    ({name:?}, include_bytes!({path:?})),");
    }
    list.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("carried.rs"), list)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        let (Some(name), Some(text)) = (name.to_str(), path.to_str()) else {
            return Err(io::ErrorKind::InvalidFilename.into());
        };
        if entry.file_type()?.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.push((format!("{prefix}{name}"), text.to_owned()));
        }
    }
    Ok(())
}
