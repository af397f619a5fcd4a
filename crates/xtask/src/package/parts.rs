//! List of the parts of the program (SBOM), by CycloneDX 1.6: the crates that it contains, with version and licence.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use super::PROGRAM;
use crate::build::licences::Crate;

/// Writes the list.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write(list: &Path, crates: &BTreeSet<Crate>) -> anyhow::Result<()> {
    fs::write(list, serde_json::to_vec_pretty(&document(crates))?).context("the list of parts cannot be written")
}

fn document(crates: &BTreeSet<Crate>) -> Value {
    let own = format!("pkg:generic/{PROGRAM}@{}", env!("CARGO_PKG_VERSION"));
    let components: Vec<Value> = crates.iter().map(component).collect();
    let parts: Vec<&Value> = components.iter().map(|component| &component["bom-ref"]).collect();
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": PROGRAM,
                "version": env!("CARGO_PKG_VERSION"),
                "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            },
        },
        "dependencies": [{ "ref": own, "dependsOn": parts }],
        "components": components,
    })
}

fn component(found: &Crate) -> Value {
    let url = format!("pkg:cargo/{}@{}", found.name, found.version);
    let mut component = json!({
        "type": "library",
        "bom-ref": url,
        "name": found.name,
        "version": found.version,
        "purl": url,
        // Some crates still part two licences by a slash.
        "licenses": [{ "expression": found.licence.replace('/', " OR ") }],
    });
    if let Some(repository) = &found.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::licences;
    use crate::tools::MUSL;

    #[test]
    fn the_list_names_each_crate_once_with_its_licence() {
        let crates = licences::crates_of("crates/server/Cargo.toml", MUSL).unwrap();
        let document = document(&crates);
        let components = document["components"].as_array().unwrap();
        let names: BTreeSet<&str> = components.iter().map(|part| part["bom-ref"].as_str().unwrap()).collect();
        assert_eq!(names.len(), components.len());
        assert!(components.iter().any(|part| part["name"] == "rusqlite"));
        assert!(!components.iter().any(|part| part["name"] == "habilitation-model" || part["name"] == "clap_derive"));
        assert!(components.iter().all(|part| !part["licenses"][0]["expression"].as_str().unwrap().contains('/')));
    }
}
