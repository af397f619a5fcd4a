//! `cargo xtask layers`: which module may know which.
//!
//! Reads the paths that the modules of a crate name, and refuses dependency cycles and forbidden dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::workspace;

pub(crate) const HELP: &str = "\
Checks the dependencies among the modules of the page, the model and the server: there may be no
cycle, and none that is forbidden. Prints each violation, with the modules that make it one.

usage: cargo xtask layers";

/// Forbidden dependency: no module at or under the first path may depend on one at or under the second.
type Forbidden = (&'static str, &'static str);

/// Sources of a crate, and the dependencies that are forbidden among their modules.
struct Layers {
    sources: &'static str,
    forbidden: &'static [Forbidden],
}

const CHECKED: [Layers; 3] = [PAGE, MODEL, SERVER];

const PAGE: Layers = Layers {
    sources: "src",
    forbidden: &[
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
    forbidden: &[
        ("changes", "lifecycle"),
        ("clean", "field"),
        ("code", "draft"),
        ("code", "field"),
        ("draft", "checks"),
        ("draft", "field"),
        ("from_json", "draft"),
        ("from_json", "field"),
        ("lifecycle", "saving"),
        ("lifecycle", "wire"),
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
    forbidden: &[
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
/// When there is a cycle or a forbidden dependency; and when a source cannot be read.
pub(crate) fn check() -> anyhow::Result<()> {
    let mut violations = String::new();
    for Layers { sources, forbidden } in CHECKED {
        let dependencies = dependencies(&workspace::root().join(sources))?;
        println!("{sources}: {} modules", dependencies.len());
        for line in cycles(&dependencies).into_iter().chain(forbidden_among(&dependencies, forbidden)) {
            // Writing to a string never fails.
            let _ = writeln!(violations, "{sources}: {line}");
        }
    }
    if !violations.is_empty() {
        bail!("modules depend on what they must not depend on:\n{violations}");
    }
    Ok(())
}

/// Modules that each module depends on, by their paths within the crate (`pages::request`).
type Dependencies = BTreeMap<String, BTreeSet<String>>;

/// Reads the dependencies among the modules of a folder.
fn dependencies(folder: &Path) -> anyhow::Result<Dependencies> {
    let mut sources = BTreeMap::new();
    read(folder, "", &mut sources)?;
    // The module that holds an item: the longest beginning of its path that has a file.
    let module_of = |path: &[&str]| {
        let beginnings = (1..=path.len()).rev().map(|length| path[..length].join("::"));
        beginnings.into_iter().find(|path| sources.contains_key(path))
    };
    let dependencies_of = |(module, source): (&String, &String)| {
        let own: Vec<&str> = module.split("::").collect();
        let named = paths_in(source).into_iter().filter_map(|path| {
            let parts: Vec<&str> = path.split("::").collect();
            let found = match parts[0] {
                "crate" => module_of(&parts[1..]),
                "self" => module_of(&[&own, &parts[1..]].concat()),
                "super" => {
                    let up = parts.iter().take_while(|part| **part == "super").count();
                    let stem = &own[..own.len().saturating_sub(up)];
                    module_of(&[stem, &parts[up..]].concat())
                }
                // A module below this one.
                _ => module_of(&[&own, parts.as_slice()].concat())
                    .filter(|path| path.starts_with(&format!("{module}::"))),
            };
            found.filter(|found| found != module)
        });
        (module.clone(), named.collect())
    };
    Ok(sources.iter().map(dependencies_of).collect())
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

/// The paths that a source names, with those of `use` written out one by one. Tests may depend on what they test, and comments
/// are no code.
fn paths_in(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String =
        code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut paths = Vec::new();
    let mut rest = code.as_str();
    // Whatever stands before or after a `use` may name a path in full.
    while let Some((before, after)) = split_at_use(rest) {
        push_full_paths(before, &mut paths);
        let (tree, after) = after.split_once(';').unwrap_or((after, ""));
        push_use_tree("", &tree.split_whitespace().collect::<Vec<_>>().join(" "), &mut paths);
        rest = after;
    }
    push_full_paths(rest, &mut paths);
    paths
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

/// Adds the paths in an expression that begin at the crate, the parent or the module itself.
fn push_full_paths(code: &str, paths: &mut Vec<String>) {
    let is_path = |character: char| character.is_alphanumeric() || matches!(character, '_' | ':');
    let words = code.split(|character| !is_path(character));
    let is_ours = |word: &&str| ["crate::", "super::", "self::"].iter().any(|start| word.starts_with(start));
    paths.extend(words.filter(is_ours).map(|word| word.trim_end_matches(':').to_owned()));
}

/// Adds the paths of a tree of `use`: `a::{b, c::d}` are `a::b` and `a::c::d`.
fn push_use_tree(before: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((stem, branches)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default().trim();
        if !name.is_empty() {
            paths.push(format!("{before}{name}"));
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
                push_use_tree(&stem, &branches[start..place], paths);
                start = place + 1;
            }
            _ => {}
        }
    }
    push_use_tree(&stem, &branches[start..], paths);
}

/// Returns a line for each dependency cycle, with the dependencies that make it one.
fn cycles(dependencies: &Dependencies) -> Vec<String> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        dependencies.keys().map(|module| (module, reached(dependencies, module))).collect();
    let mut listed = BTreeSet::new();
    let mut lines = Vec::new();
    for module in dependencies.keys().filter(|module| reached[module].contains(module)) {
        if !listed.insert(module) {
            continue;
        }
        let cycle: Vec<&String> =
            reached[module].iter().copied().filter(|other| reached[other].contains(module)).collect();
        listed.extend(cycle.iter().copied());
        let within = |module: &&String| {
            let others: Vec<&str> =
                dependencies[*module].iter().filter(|other| cycle.contains(other)).map(String::as_str).collect();
            format!("{module} depends on {}", others.join(", "))
        };
        lines.push(format!("a cycle of {}: {}", cycle.len(), cycle.iter().map(within).collect::<Vec<_>>().join("; ")));
    }
    lines
}

/// Returns the modules that a module depends on, itself or by way of others.
fn reached<'a>(dependencies: &'a Dependencies, from: &str) -> BTreeSet<&'a String> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<&String> = dependencies.get(from).into_iter().flatten().collect();
    while let Some(module) = next.pop() {
        if reached.insert(module) {
            next.extend(dependencies.get(module).into_iter().flatten());
        }
    }
    reached
}

/// Returns a line for each dependency that is forbidden.
fn forbidden_among(dependencies: &Dependencies, forbidden: &[Forbidden]) -> Vec<String> {
    let is_in =
        |module: &str, of: &str| module == of || module.strip_prefix(of).is_some_and(|rest| rest.starts_with("::"));
    let mut lines = Vec::new();
    for (from, to) in forbidden {
        for (module, others) in dependencies.iter().filter(|(module, _)| is_in(module, from)) {
            let found = others.iter().filter(|other| is_in(other, to));
            lines.extend(found.map(|other| format!("{module} depends on {other}, which is forbidden")));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Violations among modules, each given by its path and its source.
    fn violations(modules: &[(&str, &str)], forbidden: &[Forbidden]) -> Vec<String> {
        static FOLDERS: AtomicU32 = AtomicU32::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("layers-{}-{number}", std::process::id()));
        for (path, source) in modules {
            let file = folder.join(format!("{}.rs", path.replace("::", "/")));
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, source).unwrap();
        }
        let dependencies = dependencies(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        cycles(&dependencies).into_iter().chain(forbidden_among(&dependencies, forbidden)).collect()
    }

    #[test]
    fn modules_that_depend_only_on_those_below_them_are_in_order() {
        let modules = [
            ("app", "use crate::pages;"),
            ("pages", "mod help;\npub use help::Help;"),
            ("pages::help", "// crate::app"),
        ];
        assert_eq!(violations(&modules, &[("pages", "app")]), [""; 0]);
    }

    #[test]
    fn a_forbidden_dependency_is_found_however_it_is_written() {
        for source in [
            "use crate::app::App;",
            "use crate::{model::Id, app};",
            "pub(super) use super::super::app::{self, App as Frame};",
            "fn draw() { crate::app::App::get(); }",
        ] {
            let modules = [("app", ""), ("pages::help", source)];
            assert_eq!(
                violations(&modules, &[("pages", "app")]),
                ["pages::help depends on app, which is forbidden"],
                "{source}"
            );
        }
    }

    #[test]
    fn a_cycle_is_told_with_the_dependencies_that_make_it_one() {
        let modules = [
            ("form", "use crate::{draft::{Draft, tabs}, clock};"),
            ("draft", "use super::form::Form;"),
            ("clock", ""),
            ("draft::tabs", ""),
        ];
        assert_eq!(violations(&modules, &[]), ["a cycle of 2: draft depends on form; form depends on draft"]);
    }

    #[test]
    fn tests_may_depend_on_what_they_test() {
        let modules = [("rules", "#[cfg(test)]\nmod tests { use crate::draft; }"), ("draft", "use crate::rules;")];
        assert_eq!(violations(&modules, &[]), [""; 0]);
    }
}
