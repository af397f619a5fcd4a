//! Weight of a first visit: the files that a browser loads, and the budget they must keep.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::html;
use super::split::Parts;

/// Bytes in a kilobyte, here and in every figure of the project.
const KILOBYTE: u64 = 1_024;

/// The most that the part of the program that starts may weigh, compressed with brotli, in bytes.
const WASM_BUDGET: u64 = 176 * KILOBYTE;

/// The most that each deferred part may weigh, compressed with brotli, in bytes.
const DEFERRED_BUDGET: u64 = 110 * KILOBYTE;

/// The most that everything a first visit loads may weigh, compressed with brotli, in bytes.
const FIRST_VISIT_BUDGET: u64 = 195 * KILOBYTE;

/// A file of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    name: String,
    /// Bytes on disk.
    raw: u64,
    /// Bytes on the wire: compressed with brotli where that is smaller.
    sent: u64,
}

/// The files that a first visit loads, and those that are deferred.
pub(crate) struct Weight {
    files: Vec<File>,
    deferred: Vec<File>,
}

/// Part of the budget.
pub(crate) struct Limit {
    /// Name of the part, as it is printed.
    pub(crate) name: &'static str,
    /// Bytes sent.
    pub(crate) sent: u64,
    /// Bytes allowed.
    pub(crate) allowed: u64,
}

impl Limit {
    /// Returns whether the budget is kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.sent <= self.allowed
    }
}

impl Weight {
    /// Returns each limit, with the bytes that count against it.
    pub(crate) fn limits(&self) -> [Limit; 3] {
        let sent = |matches: fn(&File) -> bool| -> u64 {
            self.files.iter().filter(|file| matches(file)).map(|file| file.sent).sum()
        };
        [
            Limit { name: "WebAssembly", sent: sent(|file| has_extension(&file.name, "wasm")), allowed: WASM_BUDGET },
            Limit { name: "first visit", sent: sent(|_| true), allowed: FIRST_VISIT_BUDGET },
            Limit {
                name: "deferred, at most",
                sent: self.deferred.iter().map(|file| file.sent).max().unwrap_or_default(),
                allowed: DEFERRED_BUDGET,
            },
        ]
    }
}

/// Weighs the files that a first visit of the built page loads.
///
/// # Errors
/// When a file that index.html names is not there.
pub(crate) fn measure(dist: &Path) -> anyhow::Result<Weight> {
    let index = dist.join("index.html");
    let html = std::fs::read_to_string(&index).with_context(|| format!("{} cannot be read", index.display()))?;
    let mut names = vec!["index.html".to_owned()];
    names.extend(loaded_by(&html));
    let files = names.into_iter().map(|name| weigh(dist, name)).collect::<Result<_, _>>()?;
    let name = |path: PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let deferred =
        Parts::of(dist)?.deferred.into_iter().map(|path| weigh(dist, name(path))).collect::<Result<_, _>>()?;
    Ok(Weight { files, deferred })
}

fn weigh(dist: &Path, name: String) -> anyhow::Result<File> {
    let size = |path: &Path| std::fs::metadata(path).map(|found| found.len());
    let raw = size(&dist.join(&name)).with_context(|| format!("dist/{name} is missing"))?;
    let sent = size(&dist.join(format!("{name}.br"))).unwrap_or(raw);
    Ok(File { name, raw, sent })
}

/// The files that a browser loads because this document names them, each once, in order.
fn loaded_by(document: &str) -> Vec<String> {
    let mut names = Vec::new();
    for tag in html::tags(document) {
        let attributes: &[&str] = match html::element(tag) {
            "link" => &["href"],
            "script" => &["src", "data-js", "data-wasm"],
            "img" => &["src"],
            _ => &[],
        };
        for value in attributes.iter().filter_map(|name| html::attribute(tag, name)) {
            let name = value.trim_start_matches("./").to_owned();
            let is_file = !name.is_empty() && !name.starts_with(['?', '#']) && !name.contains(':');
            if is_file && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{} KB", bytes / KILOBYTE, bytes % KILOBYTE * 10 / KILOBYTE)
}

impl fmt::Display for Weight {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = || self.files.iter().chain(&self.deferred);
        let width = all().map(|file| file.name.len()).max().unwrap_or_default();
        writeln!(out, "{:width$}  {:>10}  {:>10}", "a first visit loads, then", "raw", "brotli")?;
        for File { name, raw, sent } in all() {
            writeln!(out, "{name:width$}  {:>10}  {:>10}", kilobytes(*raw), kilobytes(*sent))?;
        }
        self.limits().iter().try_for_each(|limit| writeln!(out, "{limit}"))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_kept() { "of" } else { "OVER THE BUDGET of" };
        write!(out, "{}: {} {verdict} {}", self.name, kilobytes(self.sent), kilobytes(self.allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_document_names_is_loaded_once_and_links_are_not() {
        let html = r##"<!doctype html><link rel=icon href=./icon.svg><link rel="stylesheet"
            href="./app-1.css"><link rel=modulepreload href=./app-2.js><a href="./licences.txt">
            <script type="module" src="./boot.js" data-js="./app-2.js" data-wasm=./app-3.wasm>
            </script><a href="?page=aide"><link rel=canonical href="https://vallon.example/">"##;
        assert_eq!(loaded_by(html), ["icon.svg", "app-1.css", "app-2.js", "boot.js", "app-3.wasm"]);
    }

    #[test]
    fn the_budget_is_kept_up_to_the_last_byte() {
        let file = |sent| File { name: "page.wasm".to_owned(), raw: 0, sent };
        let weight = |sent| Weight { files: vec![file(sent)], deferred: vec![file(0), file(sent)] };
        let kept = |sent| weight(sent).limits().map(|limit| limit.is_kept());
        assert_eq!(kept(112_640), [true, true, true]);
        assert_eq!(kept(112_641), [true, true, false]);
        assert_eq!(kept(180_224), [true, true, false]);
        assert_eq!(kept(180_225), [false, true, false]);
        assert_eq!(kept(199_680), [false, true, false]);
        assert_eq!(kept(199_681), [false, false, false]);
    }

    #[test]
    fn sizes_are_shown_in_kilobytes_of_1024_bytes() {
        assert_eq!([0, 1_023, 1_024, 153_600].map(kilobytes), ["0.0 KB", "0.9 KB", "1.0 KB", "150.0 KB"]);
    }
}
