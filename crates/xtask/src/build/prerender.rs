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
    let sheet = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let style = without_host_rules(&sheet).with_context(|| format!("{} has a rule without an end", file.display()))?;
    ensure!(!style.contains("</style"), "the style sheet has what ends its element");
    Ok(html.replacen(&format!("<{tag}>"), &format!("<style data-href=\"{href}\">{}</style>", style.trim_end()), 1))
}

/// Leaves out the rules of the element in a portal, which are for a shadow tree. None if the braces of the sheet do not match.
fn without_host_rules(sheet: &str) -> Option<String> {
    let mut kept = String::new();
    let mut rest = sheet;
    while let Some((prelude, after)) = rest.split_once('{') {
        let mut depth = 1;
        let end = after.find(|character| {
            depth += i32::from(character == '{') - i32::from(character == '}');
            depth == 0
        })?;
        let (body, after) = (&after[..end], &after[end + 1..]);
        let is_group = prelude.trim_start().starts_with('@') && body.contains('{') && !prelude.contains("@keyframes");
        if is_group {
            let body = without_host_rules(body)?;
            if !body.trim().is_empty() {
                kept.extend([prelude, "{", &body, "}"]);
            }
        } else if !prelude.contains(":host") {
            kept.extend([prelude, "{", body, "}"]);
        }
        rest = after;
    }
    kept.push_str(rest);
    Some(kept)
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
    fn the_style_in_the_document_has_no_rule_for_a_portal() {
        let sheet = ":host>.a{b:c}.a{b:c}@media print{:host .a{b:c}}@container (x){.a{b:c}:host .a{d:e}}@keyframes n{to{f:g}}\n";
        let kept = ".a{b:c}@container (x){.a{b:c}}@keyframes n{to{f:g}}\n";
        assert_eq!(without_host_rules(sheet).as_deref(), Some(kept));
        assert_eq!(without_host_rules(".a{b:c"), None);
    }

    #[test]
    fn what_only_a_static_host_needs_is_taken_away() {
        let html = "<link rel=icon href=i><link rel=preload href=\"config.json\" as=fetch><p>";
        let is_config = |tag: &str| html::attribute(tag, "href") == Some("config.json");
        assert_eq!(without(html, is_config).unwrap(), "<link rel=icon href=i><p>");
        assert!(without("<p>", is_config).is_err());
    }
}
