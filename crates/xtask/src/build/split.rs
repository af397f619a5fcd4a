//! Splitting of the program: the first part has all that the first field needs, the others are fetched on demand.
//!
//! `src/lazy.rs` declares the functions that are deferred.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::{process, tools, workspace};

/// The files of the program. They share a name: one is no use without the others.
pub(super) struct Parts {
    /// Part that starts the page.
    pub(super) first: PathBuf,
    /// Deferred parts, in the order of their names.
    pub(super) deferred: Vec<PathBuf>,
    /// The script that loads the first part, and the others for it.
    pub(super) loader: PathBuf,
}

impl Parts {
    /// The files of the program in the folder, whether they are there yet or not.
    ///
    /// # Errors
    /// When there is no program.
    pub(super) fn of(dist: &Path) -> anyhow::Result<Self> {
        let files = std::fs::read_dir(dist).context("the build left nothing")?;
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().into_string().ok();
        let mut names: Vec<String> = files.filter_map(name).collect();
        names.sort();
        let stem = names.iter().find_map(|name| name.strip_suffix("_bg.wasm")).context("the build left no program")?;
        let is_deferred = |name: &&String| {
            let end = name.strip_prefix(stem).and_then(|end| end.strip_suffix(".wasm"));
            end.is_some_and(|end| end.starts_with('_') && end != "_bg")
        };
        let deferred = names.iter().filter(is_deferred).map(|name| dist.join(name)).collect();
        let file = |end: &str| dist.join(format!("{stem}{end}"));
        Ok(Self { first: file("_bg.wasm"), deferred, loader: file(".js") })
    }
}

/// The list of the parts that the splitter leaves: for each, the files that it takes.
pub(super) fn list() -> anyhow::Result<PathBuf> {
    Ok(workspace::target()?.join("split/parts.json"))
}

/// Parts that applicants never need: that of the team that examines requests, and the mails of a demonstration.
const NOT_OF_APPLICANTS: [&str; 2] = ["mails", "team"];

/// Replaces the whole program in the folder by its parts and their loader. `index.html` gets the names of the
/// deferred files, for the service worker to keep: all but those that no applicant needs.
///
/// # Errors
/// When the program is not there, or cannot be split.
pub(super) fn program(dist: &Path, path: &OsStr) -> anyhow::Result<()> {
    let parts = Parts::of(dist)?;
    let target = workspace::target()?;
    // What the linker made: which code refers to which is known no more once wasm-bindgen has been at it.
    let linked = target.join(tools::WASM).join("page/habilitation.wasm");
    let work = target.join("split");
    if work.exists() {
        std::fs::remove_dir_all(&work).with_context(|| format!("{} cannot be emptied", work.display()))?;
    }
    std::fs::create_dir_all(&work).with_context(|| format!("{} cannot be made", work.display()))?;
    process::run(process::cargo().args(["run", "--quiet", "--package", "splitter", "--"]).arg(linked).arg(&work))
        .context("the program cannot be split")?;
    let mut bindgen = process::command("wasm-bindgen");
    // The other parts share the table of the first, which is only kept that way.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", "first", "--out-dir"]);
    process::run(bindgen.arg(&work).arg(work.join("first.wasm")).env("PATH", path))?;
    let copy = |from: &str, to: &Path| {
        std::fs::copy(work.join(from), to).with_context(|| format!("{} cannot be written", to.display()))
    };
    copy("first_bg.wasm", &parts.first)?;
    copy("first.js", &parts.loader)?;
    let stem = parts.loader.file_stem().and_then(|stem| stem.to_str()).context("the loader has no name")?;
    let mut names = Vec::new();
    let parts_by_name = parts_by_name()?;
    let of_applicants = files(parts_by_name.iter().filter(|(name, _)| !NOT_OF_APPLICANTS.contains(&name.as_str())));
    for file in files(parts_by_name.iter()) {
        let name = format!("{stem}_{file}.wasm");
        copy(&format!("{file}.wasm"), &dist.join(&name))?;
        if of_applicants.contains(file) {
            names.push(name);
        }
    }
    let index = dist.join("index.html");
    let html = std::fs::read_to_string(&index).context("index.html cannot be read")?;
    let (head, body) = html.split_once("</head>").context("index.html has no head")?;
    let meta = format!("<meta name=\"deferred\" content=\"{}\" />", names.join(" "));
    std::fs::write(&index, [head, &meta, "</head>", body].concat()).context("index.html cannot be written")
}

/// The parts, each with the files that it takes.
fn parts_by_name() -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let json = std::fs::read_to_string(list()?).context("the splitter left no list of parts")?;
    let parts: BTreeMap<String, Vec<String>> = serde_json::from_str(&json).context("the list of parts is broken")?;
    ensure!(parts.values().any(|files| !files.is_empty()), "the program has one part alone");
    Ok(parts)
}

/// The files that some parts take, each once.
fn files<'a>(parts: impl Iterator<Item = (&'a String, &'a Vec<String>)>) -> BTreeSet<&'a String> {
    parts.flat_map(|(_, files)| files).collect()
}
