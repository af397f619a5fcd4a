//! `cargo xtask package`: what an operator installs, in `target/package/`.
//!
//! One statically linked program that carries the page is packed in an archive, with a unit of systemd and sample settings, and in
//! an image of the Open Container Initiative, which is made of files alone: no daemon builds it.

mod image;
mod parts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::build::{self, licences};
use crate::progress::Stages;
use crate::tools::MUSL;
use crate::{process, tools, workspace};

pub(crate) const HELP: &str = "\
Makes what an operator installs, in target/package/: the server as one program that carries the
page, an archive with it, an image for containers, the list of its parts, and SHA256SUMS. Then
unpacks both, and does the main job with each.

usage: cargo xtask package [--page FOLDER]

  --page FOLDER  take this built page, and build none";

/// Program of the server.
const PROGRAM: &str = "habilitation-server";
/// Names of what is made.
const SUMS: &str = "SHA256SUMS";
/// Test that does the main job with what was unpacked.
const TEST: &str = "packaged";

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut page = None;
    while let Some(option) = options.next()? {
        match option {
            Long("page") => page = Some(PathBuf::from(options.value()?)),
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    let page = match page {
        Some(page) => page.canonicalize().context("--page: there is no such folder")?,
        None => {
            build::page()?;
            workspace::dist()
        }
    };
    package(&page)?;
    Ok(ExitCode::SUCCESS)
}

fn package(page: &Path) -> anyhow::Result<()> {
    let mut stages = Stages::new(6);
    let folder = workspace::target()?.join("package");
    if folder.exists() {
        fs::remove_dir_all(&folder).context("the last package cannot be removed")?;
    }
    fs::create_dir_all(&folder)?;
    let program = stages.run("package: program", || program(page))?;
    let name = format!("{PROGRAM}-{}", env!("CARGO_PKG_VERSION"));
    let crates = licences::crates_of("crates/server/Cargo.toml", MUSL)?;
    let list = folder.join(format!("{name}.cdx.json"));
    stages.run("package: list of parts", || parts::write(&list, &crates))?;
    let unpacked = folder.join(format!("{name}-x86_64-linux"));
    stages.run("package: archive", || {
        fs::create_dir(&unpacked)?;
        fs::copy(&program, unpacked.join(PROGRAM))?;
        let root = workspace::root();
        for file in ["LICENSE-APACHE", "LICENSE-MIT", "docs/operations.md"] {
            copy_into(&root.join(file), &unpacked)?;
        }
        for entry in fs::read_dir(root.join("packaging"))? {
            copy_into(&entry?.path(), &unpacked)?;
        }
        licences::write_list(&unpacked.join("licences.txt"), "server", &crates)?;
        // Those of the page are another list, which the page shows.
        let archive = folder.join(format!("{name}-x86_64-linux.tar.gz"));
        tar(&folder, &unpacked, &archive, &[])?;
        fs::remove_dir_all(&unpacked).context("the folder of the archive cannot be removed")
    })?;
    stages.run("package: image", || image::write(&folder, &name, &program))?;
    stages.run("package: sums", || sums(&folder))?;
    stages.run("package: main job", || {
        let mut cargo = process::cargo();
        cargo.args(["test", "--package", PROGRAM, "--test", "api", TEST, "--", "--ignored", "--nocapture"]);
        process::run(cargo.env("HABILITATION_PACKAGE", &folder))
    })?;
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        println!("{:>12} bytes  {}", entry.metadata()?.len(), entry.path().display());
    }
    println!("{:>12} bytes  {}", fs::metadata(&program)?.len(), program.display());
    Ok(())
}

/// Builds the program with the page in it.
fn program(page: &Path) -> anyhow::Result<PathBuf> {
    if !page.join("index.html").is_file() {
        bail!("{}: there is no built page in this folder", page.display());
    }
    tools::for_the_package()?;
    let mut cargo = process::cargo();
    cargo.args(["build", "--profile", "shipped", "--target", MUSL, "--package", PROGRAM, "--locked"]);
    process::run(cargo.env("HABILITATION_CARRIED_PAGE", page)).context("the server does not build")?;
    Ok(workspace::target()?.join(MUSL).join("shipped").join(PROGRAM))
}

fn copy_into(file: &Path, folder: &Path) -> anyhow::Result<()> {
    let name = file.file_name().context("a file has no name")?;
    fs::copy(file, folder.join(name)).with_context(|| format!("{} cannot be copied", file.display()))?;
    Ok(())
}

/// Packs a folder into an archive that tells neither when nor by whom it was made. One that ends in `.gz` is compressed.
fn tar(base: &Path, folder: &Path, archive: &Path, options: &[&str]) -> anyhow::Result<()> {
    let plain = archive.with_extension("");
    let is_compressed = archive.extension().is_some_and(|extension| extension == "gz");
    let target = if is_compressed { plain.as_path() } else { archive };
    let inside = folder.strip_prefix(base).context("a folder is packed from one that holds it")?;
    let inside = if inside.as_os_str().is_empty() { Path::new(".") } else { inside };
    let mut tar = process::command("tar");
    tar.args(["--create", "--format=ustar", "--sort=name", "--mtime=@0", "--numeric-owner"]);
    tar.args(if options.is_empty() { &["--owner=0", "--group=0"] } else { options });
    tar.arg("--file").arg(target).arg("--directory").arg(base).arg(inside);
    process::run(&mut tar)?;
    if is_compressed {
        process::run(process::command("gzip").args(["--no-name", "--best", "--force"]).arg(target))?;
    }
    Ok(())
}

/// Returns the SHA-256 of a file, in hexadecimal digits.
fn sha256(file: &Path) -> anyhow::Result<String> {
    let told = process::capture(process::command("sha256sum").arg("--binary").arg(file))?;
    told.split_whitespace().next().map(str::to_owned).context("`sha256sum` tells no sum")
}

fn sums(folder: &Path) -> anyhow::Result<()> {
    let mut names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<anyhow::Result<Vec<_>>>()?;
    names.sort();
    let told = process::capture(Command::new("sha256sum").args(&names).current_dir(folder))?;
    fs::write(folder.join(SUMS), told).context("the sums cannot be written")
}
