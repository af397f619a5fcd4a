//! Names that tell the content: a file may be kept for ever by whoever has loaded it, so another content needs another name.
//!
//! Trunk names the files by what they are before they are shrunk and minified.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use anyhow::{Context, ensure};

/// Length of the hashes that Trunk writes.
const SHORTEST_HASH: usize = 15;

/// Gives each hashed file of the folder the hash of its content, in its name and wherever it is named.
///
/// # Errors
/// When a file cannot be read or written, or no file is hashed.
pub(super) fn by_content(dist: &Path) -> anyhow::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dist).with_context(|| format!("{} cannot be read", dist.display()))? {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort();
    let mut hashes: Vec<String> = names.iter().filter_map(|name| hash(name)).map(str::to_owned).collect();
    hashes.dedup();
    ensure!(!hashes.is_empty(), "no file of the build has a hash in its name");
    for old in &hashes {
        // The program and its loader share a hash: they only work together.
        let mut hasher = DefaultHasher::new();
        for name in names.iter().filter(|name| name.contains(old)) {
            hasher.write(&fs::read(dist.join(name)).with_context(|| format!("dist/{name} cannot be read"))?);
        }
        let new = format!("{:016x}", hasher.finish());
        for name in &mut names {
            let renamed = name.replace(old, &new);
            fs::rename(dist.join(&*name), dist.join(&renamed))
                .with_context(|| format!("dist/{name} cannot be renamed"))?;
            *name = renamed;
        }
        for name in names.iter().filter(|name| name.ends_with(".html") || name.ends_with(".js")) {
            let file = dist.join(name);
            let text = fs::read_to_string(&file).with_context(|| format!("dist/{name} cannot be read"))?;
            fs::write(&file, text.replace(old, &new)).with_context(|| format!("dist/{name} cannot be written"))?;
        }
    }
    Ok(())
}

/// The hash in a name: `-`, then hexadecimal digits, then `.` or `_`.
fn hash(name: &str) -> Option<&str> {
    let after = name.rsplit_once('-')?.1;
    let end = after.find(|digit: char| !digit.is_ascii_hexdigit())?;
    (end >= SHORTEST_HASH && after[end..].starts_with(['.', '_'])).then_some(&after[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_what_it_holds_wherever_it_is_named() {
        let folder = std::env::temp_dir().join(format!("habilitation-naming-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        let named = || {
            let mut names: Vec<_> =
                fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        write("page-0123456789abcdef.js", "import 'page-0123456789abcdef_bg.wasm'");
        write("page-0123456789abcdef_bg.wasm", "program");
        write("index.html", "<link href=./page-0123456789abcdef.js>");
        write("icon.svg", "");
        by_content(&folder).unwrap();
        let first = named();
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        assert!(html.contains(&first[2]) && !html.contains("0123456789abcdef"), "{first:?} {html}");
        assert!(first[3].ends_with("_bg.wasm"), "{first:?}");

        // Another content gets another name.
        let program = first[3].clone();
        write(&program, "another program");
        by_content(&folder).unwrap();
        assert_ne!(named()[3], program);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn only_a_hash_is_taken_for_one() {
        assert_eq!(hash("page-0123456789abcdef_bg.wasm"), Some("0123456789abcdef"));
        assert_eq!(hash("icon-dd5b56fd7afd0d7.svg"), Some("dd5b56fd7afd0d7"));
        assert_eq!(hash("index.html"), None);
        assert_eq!(hash("static-hosting.html"), None);
    }
}
