//! One stylesheet out of several: the first paint waits for it, and on a slow line each file more costs a connection.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, ensure};

const LINK: &str = "<link rel=\"stylesheet\" href=\"./";
const LINK_END: &str = "\"/>";

/// Joins the stylesheets that `index.html` names, in their order, into one whose name tells its content.
///
/// # Errors
/// When a file cannot be read or written, or Trunk writes its links otherwise than expected.
pub(super) fn join(dist: &Path) -> anyhow::Result<()> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).context("the page has no index.html")?;
    let names: Vec<&str> =
        html.split(LINK).skip(1).filter_map(|rest| rest.split_once(LINK_END)).map(|(name, _)| name).collect();
    ensure!(!names.is_empty(), "index.html names no stylesheet the way Trunk writes it");
    let mut sheet = String::new();
    for name in &names {
        sheet += &fs::read_to_string(dist.join(name)).with_context(|| format!("{name} is not there"))?;
    }
    let mut hasher = DefaultHasher::new();
    sheet.hash(&mut hasher);
    let joined = format!("style-{:016x}.css", hasher.finish());
    let mut first = format!("{LINK}{joined}{LINK_END}");
    let mut html = html.clone();
    for name in &names {
        html = html.replace(&format!("{LINK}{name}{LINK_END}"), &std::mem::take(&mut first));
        fs::remove_file(dist.join(name))?;
    }
    fs::write(dist.join(joined), sheet)?;
    fs::write(page, html)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_stylesheets_become_one_in_their_order() {
        let folder = empty_folder();
        fs::write(folder.join("a-1.css"), "a{}").unwrap();
        fs::write(folder.join("b-2.css"), "b{}").unwrap();
        let links = format!("<head>{LINK}a-1.css{LINK_END}\n{LINK}b-2.css{LINK_END}</head>");
        fs::write(folder.join("index.html"), links).unwrap();
        join(&folder).unwrap();
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        let name = html.split(LINK).nth(1).unwrap().split_once(LINK_END).unwrap().0;
        assert_eq!(html.matches("stylesheet").count(), 1);
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), "a{}b{}");
        assert!(!folder.join("a-1.css").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    fn empty_folder() -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("habilitation-stylesheet-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}
