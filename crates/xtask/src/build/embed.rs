//! The element for portals: `embed.js`, the one file whose name never changes, told the hashed names.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

/// The names that are written in `embed.js`: what they begin and end with in `dist/`, where a hash stands between.
const NAMES: [(&str, &str, &str); 3] = [
    ("./habilitation.js", "habilitation-", ".js"),
    ("./habilitation_bg.wasm", "habilitation-", "_bg.wasm"),
    ("./style.css", "style-", ".css"),
];

/// Writes the hashed names of the program, its loader and its style into `embed.js`.
///
/// # Errors
/// When a file cannot be read or written, or one of the names is not there exactly once.
pub(super) fn point(dist: &Path) -> anyhow::Result<()> {
    let embed = dist.join("embed.js");
    let mut script = fs::read_to_string(&embed).context("dist/embed.js cannot be read")?;
    let mut files = Vec::new();
    for entry in fs::read_dir(dist).context("dist cannot be read")? {
        files.push(entry?.file_name().to_string_lossy().into_owned());
    }
    for (name, beginning, end) in NAMES {
        let found: Vec<_> = files.iter().filter(|file| file.starts_with(beginning) && file.ends_with(end)).collect();
        ensure!(found.len() == 1, "dist/ has {} files {beginning}*{end}", found.len());
        ensure!(script.matches(name).count() == 1, "embed.js names {name} not exactly once");
        script = script.replace(name, &format!("./{}", found[0]));
    }
    fs::write(&embed, script).context("dist/embed.js cannot be written")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    #[test]
    fn the_names_that_stay_give_way_to_the_hashed_ones() {
        let folder = std::env::temp_dir().join(format!("habilitation-embed-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::copy(workspace::root().join("public/embed.js"), folder.join("embed.js")).unwrap();
        for file in ["boot-1.js", "habilitation-2.js", "habilitation-2_bg.wasm", "style-3.css"] {
            fs::write(folder.join(file), "").unwrap();
        }
        point(&folder).unwrap();
        let script = fs::read_to_string(folder.join("embed.js")).unwrap();
        for name in ["'./habilitation-2.js'", "'./habilitation-2_bg.wasm'", "'./style-3.css'"] {
            assert!(script.contains(name), "{name}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
