//! Pages that show before the program is there: `index.html` for static hosts, and `served.html`, the blank document in which our own
//! server draws its pages. Their style, and the script that runs before the first paint, stand in them.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use super::html;
use crate::process;

/// Place of the script that runs before the first paint.
const EARLY: &str = "<script id=\"early\"></script>";

/// Sessions of the person of the demonstration.
const PERSON: &str = "demonstration/person.json";

/// Writes the pages.
///
/// # Errors
/// When a file cannot be read or written, or `index.html` lacks a place for what stands in it.
pub(super) fn pages(dist: &Path) -> anyhow::Result<()> {
    let html = fs::read_to_string(dist.join("index.html")).context("the page has no index.html")?;
    let early_file = dist.join("early.js");
    let early = fs::read_to_string(&early_file).context("dist/early.js cannot be read")?;
    fs::remove_file(&early_file).context("dist/early.js cannot be removed")?;
    let blank = with_early(&with_style(&html, dist)?, &early)?;
    // A static host is asked for its settings; our server writes them into the page.
    let served = without(&blank, |tag| html::attribute(tag, "href") == Some("config.json"))?;
    fs::write(dist.join("served.html"), served).context("dist/served.html cannot be written")?;
    let blank_file = dist.join("blank.html");
    fs::write(&blank_file, &blank).context("dist/blank.html cannot be written")?;
    let mut prerender = process::cargo();
    prerender.args(["run", "--quiet", "--package", "habilitation", "--no-default-features", "--features", "ssr"]);
    prerender.args(["--bin", "prerender", "--"]).arg(&blank_file).arg(dist.join(PERSON)).arg(dist);
    process::run(&mut prerender)?;
    fs::remove_file(blank_file).context("dist/blank.html cannot be removed")
}

/// Puts the style sheet into the document, which names its file for hosts whose policy forbids that.
fn with_style(html: &str, dist: &Path) -> anyhow::Result<String> {
    let is_sheet = |tag: &&str| html::attribute(tag, "rel") == Some("stylesheet");
    let tag = html::tags(html).find(is_sheet).context("index.html names no stylesheet")?;
    let href = html::attribute(tag, "href").context("the stylesheet has no address")?;
    let file = dist.join(href.trim_start_matches("./"));
    let style = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    ensure!(!style.contains("</style"), "the style sheet has what ends its element");
    Ok(html.replacen(&format!("<{tag}>"), &format!("<style data-href=\"{href}\">{}</style>", style.trim_end()), 1))
}

/// Puts the script that runs before the first paint into the document.
fn with_early(html: &str, early: &str) -> anyhow::Result<String> {
    ensure!(html.matches(EARLY).count() == 1, "index.html has no place for early.js");
    ensure!(!early.contains("</"), "early.js has what ends its element");
    Ok(html.replacen(EARLY, &format!("<script>{}</script>", early.trim_end()), 1))
}

/// Takes the first tag away that `is_meant`.
fn without(html: &str, is_meant: impl Fn(&str) -> bool) -> anyhow::Result<String> {
    let tag =
        html::tags(html).find(|tag| is_meant(tag)).context("index.html lacks a tag that our server does without")?;
    Ok(html.replacen(&format!("<{tag}>"), "", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_early_script_stand_in_the_document() {
        let folder = std::env::temp_dir().join(format!("habilitation-prerender-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("style-1.css"), "a{}\n").unwrap();
        let html = with_style("<link rel=stylesheet href=./style-1.css><p>", &folder).unwrap();
        assert_eq!(html, "<style data-href=\"./style-1.css\">a{}</style><p>");
        fs::remove_dir_all(folder).unwrap();
        assert_eq!(with_early("<script id=\"early\"></script><p>", "run()\n").unwrap(), "<script>run()</script><p>");
        assert!(with_early("<p>", "run()").is_err());
        assert!(with_early("<script id=\"early\"></script>", "'</script>'").is_err());
    }

    #[test]
    fn what_only_a_static_host_needs_is_taken_away() {
        let html = "<link rel=icon href=i><link rel=preload href=\"config.json\" as=fetch><p>";
        let is_config = |tag: &str| html::attribute(tag, "href") == Some("config.json");
        assert_eq!(without(html, is_config).unwrap(), "<link rel=icon href=i><p>");
        assert!(without("<p>", is_config).is_err());
    }
}
