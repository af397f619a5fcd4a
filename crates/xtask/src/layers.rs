//! `cargo xtask layers`: which module may know which.
//!
//! Reads the paths that the modules of a crate name, and refuses circles and arrows that point upwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::workspace;

pub(crate) const HELP: &str = "\
Checks which module knows which: none may know itself by way of others, and some may never know
some others. Prints what is wrong, with the names that make it so.

usage: cargo xtask layers";

/// An arrow that there may never be: modules at or under the first know none at or under the second.
type Never = (&'static str, &'static str);

/// The sources of a crate, and the arrows that there may never be in them.
struct Layers {
    sources: &'static str,
    nevers: &'static [Never],
}

const CHECKED: [Layers; 3] = [PAGE, MODEL, SERVER];

const PAGE: Layers = Layers {
    sources: "src",
    nevers: &[
        ("pages", "app"),
        ("steps", "app"),
        ("steps", "pages"),
        ("fields", "app"),
        ("fields", "pages"),
        ("fields", "steps"),
        ("components", "fields"),
        ("components", "pages"),
        ("context", "components"),
        ("form", "draft"),
        ("draft", "pages"),
        ("api", "draft"),
        ("api", "form"),
        ("browser", "api"),
        ("browser", "clock"),
        ("browser", "context"),
        ("browser", "device"),
        ("browser", "effect"),
        ("browser", "form"),
        ("browser", "ids"),
        ("browser", "portal"),
        ("portal", "api::http"),
        ("device", "api"),
        ("device", "draft"),
        ("clock", "context"),
        ("clock", "texts"),
        ("ids", "context"),
        ("ids", "texts"),
        ("draft", "context"),
        ("draft", "texts"),
        ("texts", "components"),
        ("texts", "context"),
        ("json", "context"),
        ("html", "context"),
        ("lazy", "context"),
    ],
};

const MODEL: Layers = Layers {
    sources: "crates/model/src",
    nevers: &[
        ("clean", "field"),
        ("code", "draft"),
        ("code", "field"),
        ("draft", "checks"),
        ("draft", "field"),
        ("from_json", "draft"),
        ("from_json", "field"),
        ("rules", "draft"),
        ("step", "field"),
        ("field", "saving"),
        ("finding", "saving"),
        ("saving", "schema"),
        ("saving", "export"),
    ],
};

const SERVER: Layers = Layers {
    sources: "crates/server/src",
    nevers: &[
        ("app", "routes"),
        ("app", "session"),
        ("files", "store"),
        ("problem", "store"),
        ("session", "routes"),
        ("store", "app"),
        ("store", "preconditions"),
        ("store", "problem"),
        ("store", "routes"),
        ("store", "session"),
    ],
};

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    match options.next()? {
        Some(Long("help") | Short('h')) => {
            println!("{HELP}");
            return Ok(ExitCode::SUCCESS);
        }
        Some(option) => return Err(option.unexpected().into()),
        None => {}
    }
    check()?;
    Ok(ExitCode::SUCCESS)
}

/// Checks the layers of every crate that has some.
///
/// # Errors
/// When there is a circle, or an arrow that there may never be; and when a source cannot be read.
pub(crate) fn check() -> anyhow::Result<()> {
    let mut wrong = String::new();
    for Layers { sources, nevers } in CHECKED {
        let arrows = arrows(&workspace::root().join(sources))?;
        println!("{sources}: {} modules", arrows.len());
        for line in circles(&arrows).into_iter().chain(upward(&arrows, nevers)) {
            // Writing to a string never fails.
            let _ = writeln!(wrong, "{sources}: {line}");
        }
    }
    if !wrong.is_empty() {
        bail!("modules know what they must not know:\n{wrong}");
    }
    Ok(())
}

/// Modules that each module knows, by their paths within the crate (`pages::request`).
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn arrows(folder: &Path) -> anyhow::Result<Arrows> {
    let mut sources = BTreeMap::new();
    read(folder, "", &mut sources)?;
    let known = |path: &[&str]| {
        let ways = (1..=path.len()).rev().map(|length| path[..length].join("::"));
        ways.into_iter().find(|path| sources.contains_key(path))
    };
    let knows = |(module, source): (&String, &String)| {
        let own: Vec<&str> = module.split("::").collect();
        let named = names(source).into_iter().filter_map(|name| {
            let parts: Vec<&str> = name.split("::").collect();
            let found = match parts[0] {
                "crate" => known(&parts[1..]),
                "self" => known(&[&own, &parts[1..]].concat()),
                "super" => {
                    let up = parts.iter().take_while(|part| **part == "super").count();
                    let stem = &own[..own.len().saturating_sub(up)];
                    known(&[stem, &parts[up..]].concat())
                }
                // A module below this one.
                _ => known(&[&own, parts.as_slice()].concat()).filter(|path| path.starts_with(&format!("{module}::"))),
            };
            found.filter(|found| found != module)
        });
        (module.clone(), named.collect())
    };
    Ok(sources.iter().map(knows).collect())
}

/// Reads the modules of a folder, by their paths.
fn read(folder: &Path, path: &str, sources: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    for entry in entries {
        let file = entry?.path();
        let Some(name) = file.file_stem().and_then(|name| name.to_str()) else { continue };
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") };
        if file.is_dir() {
            read(&file, &path, sources)?;
        } else if file.extension().is_some_and(|extension| extension == "rs") && !matches!(name, "lib" | "main") {
            let source =
                std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            sources.insert(path, source);
        }
    }
    Ok(())
}

/// The paths that a source names, with those of `use` written out one by one. Tests may know what they test, and comments
/// are no code.
fn names(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String =
        code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    let mut rest = code.as_str();
    // Whatever stands before or after a `use` may name a path in full.
    while let Some((before, after)) = split_at_use(rest) {
        in_full(before, &mut names);
        let (tree, after) = after.split_once(';').unwrap_or((after, ""));
        written_out("", &tree.split_whitespace().collect::<Vec<_>>().join(" "), &mut names);
        rest = after;
    }
    in_full(rest, &mut names);
    names
}

fn split_at_use(code: &str) -> Option<(&str, &str)> {
    let begins = |place: &usize| {
        let before =
            code[..*place].trim_end_matches("pub ").trim_end_matches("pub(super) ").trim_end_matches("pub(crate) ");
        before.is_empty() || before.ends_with(['\n', ' '])
    };
    let place = code.match_indices("use ").map(|(place, _)| place).find(begins)?;
    Some((&code[..place], &code[place + "use ".len()..]))
}

/// Finds paths that begin at the crate, the parent or the module itself.
fn in_full(code: &str, names: &mut Vec<String>) {
    let is_path = |character: char| character.is_alphanumeric() || matches!(character, '_' | ':');
    let words = code.split(|character| !is_path(character));
    let is_ours = |word: &&str| ["crate::", "super::", "self::"].iter().any(|start| word.starts_with(start));
    names.extend(words.filter(is_ours).map(|word| word.trim_end_matches(':').to_owned()));
}

/// Writes a tree of `use` out: `a::{b, c::d}` are `a::b` and `a::c::d`.
fn written_out(before: &str, tree: &str, names: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((stem, branches)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default().trim();
        if !name.is_empty() {
            names.push(format!("{before}{name}"));
        }
        return;
    };
    let stem = format!("{before}{}", stem.trim());
    let branches = branches.trim().strip_suffix('}').unwrap_or(branches);
    let (mut depth, mut start) = (0_u32, 0);
    for (place, character) in branches.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                written_out(&stem, &branches[start..place], names);
                start = place + 1;
            }
            _ => {}
        }
    }
    written_out(&stem, &branches[start..], names);
}

/// Says of each group of modules that know themselves by way of each other what makes it one.
fn circles(arrows: &Arrows) -> Vec<String> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        arrows.keys().map(|module| (module, reached(arrows, module))).collect();
    let mut told = BTreeSet::new();
    let mut lines = Vec::new();
    for module in arrows.keys().filter(|module| reached[module].contains(module)) {
        if !told.insert(module) {
            continue;
        }
        let circle: Vec<&String> =
            reached[module].iter().copied().filter(|other| reached[other].contains(module)).collect();
        told.extend(circle.iter().copied());
        let knows = |module: &&String| {
            let known: Vec<&str> =
                arrows[*module].iter().filter(|known| circle.contains(known)).map(String::as_str).collect();
            format!("{module} knows {}", known.join(", "))
        };
        lines.push(format!(
            "a circle of {}: {}",
            circle.len(),
            circle.iter().map(knows).collect::<Vec<_>>().join("; ")
        ));
    }
    lines
}

fn reached<'a>(arrows: &'a Arrows, from: &str) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = arrows.get(from).into_iter().flatten().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(arrows.get(module).into_iter().flatten());
        }
    }
    reached
}

fn upward(arrows: &Arrows, nevers: &[Never]) -> Vec<String> {
    let is_in =
        |module: &str, of: &str| module == of || module.strip_prefix(of).is_some_and(|rest| rest.starts_with("::"));
    let mut lines = Vec::new();
    for (from, to) in nevers {
        for (module, known) in arrows.iter().filter(|(module, _)| is_in(module, from)) {
            lines.extend(known.iter().filter(|known| is_in(known, to)).map(|known| format!("{module} knows {known}")));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Findings about modules, each given by its path and its source.
    fn wrong(modules: &[(&str, &str)], nevers: &[Never]) -> Vec<String> {
        static FOLDERS: AtomicU32 = AtomicU32::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("layers-{}-{number}", std::process::id()));
        for (path, source) in modules {
            let file = folder.join(format!("{}.rs", path.replace("::", "/")));
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, source).unwrap();
        }
        let arrows = arrows(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        circles(&arrows).into_iter().chain(upward(&arrows, nevers)).collect()
    }

    #[test]
    fn modules_that_only_know_what_is_below_them_are_in_order() {
        let modules = [
            ("app", "use crate::pages;"),
            ("pages", "mod help;\npub use help::Help;"),
            ("pages::help", "// crate::app"),
        ];
        assert_eq!(wrong(&modules, &[("pages", "app")]), [""; 0]);
    }

    #[test]
    fn an_upward_use_is_refused_however_it_is_written() {
        for source in [
            "use crate::app::App;",
            "use crate::{model::Id, app};",
            "pub(super) use super::super::app::{self, App as Frame};",
            "fn draw() { crate::app::App::get(); }",
        ] {
            let modules = [("app", ""), ("pages::help", source)];
            assert_eq!(wrong(&modules, &[("pages", "app")]), ["pages::help knows app"], "{source}");
        }
    }

    #[test]
    fn a_circle_is_told_with_what_makes_it_one() {
        let modules = [
            ("form", "use crate::{draft::{Draft, tabs}, clock};"),
            ("draft", "use super::form::Form;"),
            ("clock", ""),
            ("draft::tabs", ""),
        ];
        assert_eq!(wrong(&modules, &[]), ["a circle of 2: draft knows form; form knows draft"]);
    }

    #[test]
    fn tests_may_know_what_they_test() {
        let modules = [("rules", "#[cfg(test)]\nmod tests { use crate::draft; }"), ("draft", "use crate::rules;")];
        assert_eq!(wrong(&modules, &[]), [""; 0]);
    }
}
