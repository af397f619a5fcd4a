//! Joining of the style sheets: the first paint waits for all of them, and each file costs a request.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, ensure};

use super::html;

/// Joins the stylesheets that `index.html` names, in their order, into one whose name tells its content.
///
/// # Errors
/// When a file cannot be read or written, or `index.html` names no stylesheet.
pub(super) fn join(dist: &Path) -> anyhow::Result<()> {
    let page = dist.join("index.html");
    let mut html = fs::read_to_string(&page).context("the page has no index.html")?;
    let links: Vec<(String, String)> = html::tags(&html)
        .filter(|tag| html::element(tag) == "link" && html::attribute(tag, "rel") == Some("stylesheet"))
        .filter_map(|tag| Some((format!("<{tag}>"), html::attribute(tag, "href")?.trim_start_matches("./").to_owned())))
        .collect();
    ensure!(!links.is_empty(), "index.html names no stylesheet");
    let mut sheet = String::new();
    for (_, name) in &links {
        let file = dist.join(name);
        sheet += &fs::read_to_string(&file).with_context(|| format!("dist/{name} is missing"))?;
        fs::remove_file(&file).with_context(|| format!("dist/{name} cannot be removed"))?;
    }
    let mut hasher = DefaultHasher::new();
    sheet.hash(&mut hasher);
    let joined = format!("style-{:016x}.css", hasher.finish());
    // The first link gives way to the new one, the others to nothing.
    let mut replacement = format!("<link rel=stylesheet href=./{joined}>");
    for (link, _) in &links {
        html = html.replacen(link, &std::mem::take(&mut replacement), 1);
    }
    fs::write(dist.join(&joined), sheet).with_context(|| format!("dist/{joined} cannot be written"))?;
    fs::write(page, html).context("dist/index.html cannot be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_stylesheets_become_one_in_their_order() {
        let folder = std::env::temp_dir().join(format!("habilitation-stylesheet-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a-1.css"), "a{}").unwrap();
        fs::write(folder.join("b-2.css"), "b{}").unwrap();
        let links =
            "<link rel=\"stylesheet\" href=\"./a-1.css\"/><link href=./b-2.css rel=stylesheet><link rel=icon href=i>";
        fs::write(folder.join("index.html"), links).unwrap();
        join(&folder).unwrap();
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        let name = html.strip_prefix("<link rel=stylesheet href=./").unwrap().strip_suffix("><link rel=icon href=i>");
        assert_eq!(fs::read_to_string(folder.join(name.unwrap())).unwrap(), "a{}b{}");
        assert!(!folder.join("a-1.css").exists());
        assert!(!folder.join("b-2.css").exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
