//! The commands of the operator's guide, run as they stand there. A folder takes the place of the root of a machine.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::program::Program;

const GUIDE: &str = include_str!("../../../../docs/operations.md");
const PACKAGING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging");

/// Returns the commands of the blocks that a shell runs.
fn commands() -> Vec<&'static str> {
    let blocks = GUIDE.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.flat_map(str::lines).collect()
}

/// Makes an archive as the packages have it, with the program of these tests.
fn archive(folder: &Path) {
    let name = format!("habilitation-server-{}-x86_64-linux", env!("CARGO_PKG_VERSION"));
    let inside = folder.join(&name);
    fs::create_dir(&inside).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_habilitation-server"), inside.join("habilitation-server")).unwrap();
    for file in ["habilitation.service", "settings.toml"] {
        fs::copy(Path::new(PACKAGING).join(file), inside.join(file)).unwrap();
    }
    let script = format!("tar -czf {name}.tar.gz {name} && rm -r {name} && sha256sum {name}.tar.gz > SHA256SUMS");
    assert!(Command::new("sh").args(["-ec", &script]).current_dir(folder).status().unwrap().success());
}

#[tokio::test]
async fn each_command_of_the_guide_does_what_it_says() {
    let root = tempfile::tempdir().unwrap();
    let place = root.path().to_str().unwrap();
    archive(root.path());
    fs::create_dir_all(root.path().join("dist")).unwrap();
    fs::write(root.path().join("dist/index.html"), "<!doctype html>").unwrap();
    fs::create_dir_all(root.path().join("bin")).unwrap();
    // The manager of services is the only stand-in: it says what it was asked for.
    let manager = root.path().join("bin/systemctl");
    fs::write(&manager, "#!/bin/sh\necho systemctl \"$@\"\n").unwrap();
    fs::set_permissions(&manager, fs::Permissions::from_mode(0o755)).unwrap();

    let mut server = None;
    for line in commands() {
        let line = ["/usr/local/", "/etc/", "/var/"]
            .iter()
            .fold(line.to_owned(), |line, path| line.replace(&format!(" {path}"), &format!(" {place}{path}")));
        let output = Command::new("sh")
            .args(["-ec", &line])
            .current_dir(root.path())
            .env_clear()
            .env("PATH", format!("{place}/usr/local/bin:{place}/bin:/usr/bin:/bin"))
            .env("HABILITATION_DATA", root.path().join("var/lib/habilitation"))
            .env("HABILITATION_DIST", root.path().join("dist"))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}\n{told}{}", String::from_utf8_lossy(&output.stdout));
        if line.contains("enable --now") {
            let mut command = Command::new(root.path().join("usr/local/bin/habilitation-server"));
            command.env_clear().env("HABILITATION_LISTEN", "127.0.0.1:0").env("HABILITATION_LOG_LEVEL", "warn");
            command.env("HABILITATION_DATA", root.path().join("var/lib/habilitation"));
            server = Some(Program::run(command.env("HABILITATION_DIST", root.path().join("dist"))).unwrap());
        }
    }
    assert_eq!(server.unwrap().call("GET", "/readyz").send().await.status, 200);
    assert!(root.path().join("var/lib/habilitation-restored/habilitation.sqlite").is_file());
    assert!(root.path().join("var/backups/habilitation/manifest.json").is_file());
}
