//! The packages of `cargo xtask package`, which runs this: each is unpacked and does the main job.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::app::address;
use crate::program::Program;
use habilitation_fixtures::{id, ready};

/// Returns the package whose name ends so.
fn package(end: &str) -> PathBuf {
    let folder = std::env::var("HABILITATION_PACKAGE").unwrap();
    let mut names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    names.find(|path| path.to_str().unwrap().ends_with(end)).unwrap()
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Reads the page, signs in, saves, submits, and reads the page of the request.
async fn does_the_main_job(command: &mut Command) {
    let begun = Instant::now();
    let program = Program::run(command).unwrap();
    assert_eq!(program.call("GET", "/readyz").send().await.status, 200);
    println!("ready after {} ms", begun.elapsed().as_millis());
    let page = program.call("GET", "/").header("accept", "text/html").send().await;
    assert!(page.status == 200 && page.text().contains("FranceConnect"), "{}", page.text());
    let packed = program.call("GET", "/?page=aide").header("accept-encoding", "br").send().await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, Some("br")));
    let script = page.text().split('"').find(|text| text.ends_with(".wasm")).unwrap().to_owned();
    let path = format!("/{}", script.trim_start_matches(['.', '/']));
    let wasm = program.call("GET", &path).header("accept-encoding", "br").send().await;
    assert_eq!(
        (wasm.status, wasm.header("content-type"), wasm.header("content-encoding")),
        (200, Some("application/wasm"), Some("br"))
    );

    let cookie = program.sign_in().await;
    let body = serde_json::json!({"schema": 1, "draft": ready()});
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*").json(&body);
    assert_eq!(save.send().await.status, 201);
    let submit = program.call("POST", &format!("{}/submission", address(&id(1)))).header("cookie", &cookie);
    assert_eq!(submit.header("if-match", "\"1\"").send().await.status, 201);
    let own = program.call("GET", &format!("/?demande={}", id(1))).header("cookie", &cookie).send().await;
    assert_eq!(own.status, 200);
    assert_eq!(program.stop("-TERM").0, Some(0));
}

#[test]
#[ignore = "`cargo xtask package` makes the packages, and runs this"]
fn packaged_files_are_those_of_the_sums() {
    let sums = package("SHA256SUMS");
    let told = run("sha256sum", &["--check", "--strict", "SHA256SUMS"], sums.parent().unwrap());
    assert_eq!(told.lines().count(), 3, "{told}");
    let parts: Value = serde_json::from_slice(&fs::read(package(".cdx.json")).unwrap()).unwrap();
    assert_eq!((parts["bomFormat"].as_str(), parts["specVersion"].as_str()), (Some("CycloneDX"), Some("1.6")));
}

#[tokio::test]
#[ignore = "`cargo xtask package` makes the packages, and runs this"]
async fn packaged_archive_does_the_main_job_in_an_empty_folder() {
    let (place, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run("tar", &["-xzf", package(".tar.gz").to_str().unwrap(), "--strip-components=1"], place.path());
    for file in ["habilitation.service", "settings.toml", "LICENSE-MIT", "licences.txt", "operations.md"] {
        assert!(place.path().join(file).is_file(), "{file}");
    }
    let mut command = Command::new(place.path().join("habilitation-server"));
    command.env_clear().env("HABILITATION_LISTEN", "127.0.0.1:0").current_dir(empty.path());
    does_the_main_job(&mut command).await;
}

#[tokio::test]
#[ignore = "`cargo xtask package` makes the packages, and runs this"]
async fn packaged_image_does_the_main_job_with_nothing_else_around_it() {
    let (place, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    run("tar", &["-xf", package(".oci.tar").to_str().unwrap()], place.path());
    let json = |path: &str| -> Value { serde_json::from_slice(&fs::read(place.path().join(path)).unwrap()).unwrap() };
    let blob = |descriptor: &Value| {
        let digest = descriptor["digest"].as_str().unwrap().strip_prefix("sha256:").unwrap();
        let path = format!("blobs/sha256/{digest}");
        let bytes = fs::read(place.path().join(&path)).unwrap();
        assert_eq!(HEXLOWER.encode(&Sha256::digest(&bytes)), digest);
        assert_eq!(descriptor["size"].as_u64(), u64::try_from(bytes.len()).ok());
        path
    };
    assert_eq!(json("oci-layout")["imageLayoutVersion"], "1.0.0");
    let manifest = json(&blob(&json("index.json")["manifests"][0]));
    let config = json(&blob(&manifest["config"]));
    assert_eq!(config["config"]["User"], "65532:65532");
    let layer = blob(&manifest["layers"][0]);
    run("tar", &["-xzf", place.path().join(layer).to_str().unwrap(), "--no-same-owner"], root.path());
    assert!(root.path().join("etc/ssl/certs/ca-certificates.crt").is_file());
    assert!(!root.path().join("bin").exists(), "there is no shell");

    // Whoever may not change the root of a process does so in a name space of their own.
    let is_root = run("id", &["-u"], root.path()).trim() == "0";
    let mut command = Command::new(if is_root { "chroot" } else { "unshare" });
    if !is_root {
        command.args(["--user", "--map-root-user", "chroot"]);
    }
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").arg(root.path()).arg("/habilitation-server");
    for variable in config["config"]["Env"].as_array().unwrap() {
        let (name, value) = variable.as_str().unwrap().split_once('=').unwrap();
        command.env(name, value);
    }
    does_the_main_job(command.args(["--listen", "127.0.0.1:0"])).await;
}
