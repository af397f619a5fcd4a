//! Image for containers, as an archive of an OCI image layout: one layer, with the program and the certificates that it trusts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use super::{PROGRAM, sha256, tar};

/// User and group of the program.
const USER: u32 = 65532;
/// Certificates of this machine, and their place in the image.
const CERTIFICATES: [&str; 2] = ["/etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs/ca-certificates.crt"];
/// Folder of the data in the image.
const DATA: &str = "data";

/// Writes the archive of the image beside the other packages.
///
/// # Errors
/// When a program of the system fails, or a file cannot be written.
pub(super) fn write(folder: &Path, name: &str, program: &Path) -> anyhow::Result<()> {
    let work = folder.join("image");
    let (root, layout) = (work.join("root"), work.join("layout"));
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(root.join("etc/ssl/certs"))?;
    fs::create_dir_all(root.join(DATA))?;
    fs::create_dir_all(&blobs)?;
    fs::copy(program, root.join(PROGRAM))?;
    fs::copy(CERTIFICATES[0], root.join(CERTIFICATES[1]))
        .with_context(|| format!("{} cannot be copied: install ca-certificates", CERTIFICATES[0]))?;
    fs::write(root.join("etc/passwd"), format!("habilitation:x:{USER}:{USER}::/{DATA}:/\n"))?;
    fs::write(root.join("etc/group"), format!("habilitation:x:{USER}:\n"))?;
    for (path, mode) in [(PROGRAM, 0o755), (CERTIFICATES[1], 0o644), ("etc/passwd", 0o644), ("etc/group", 0o644)] {
        fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode))?;
    }
    fs::set_permissions(root.join(DATA), fs::Permissions::from_mode(0o700))?;

    let layer = work.join("layer.tar");
    let owner = [&*format!("--owner={USER}"), &*format!("--group={USER}")];
    tar(&root, &root, &layer, &owner)?;
    let plain = sha256(&layer)?;
    tar(&root, &root, &work.join("layer.tar.gz"), &owner)?;
    let layer = blob(&blobs, &fs::read(work.join("layer.tar.gz"))?, "application/vnd.oci.image.layer.v1.tar+gzip")?;
    let config = json!({
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "User": format!("{USER}:{USER}"),
            "Entrypoint": [format!("/{PROGRAM}")],
            "Env": [
                format!("HABILITATION_DATA=/{DATA}"),
                "HABILITATION_LISTEN=0.0.0.0:8080",
                format!("SSL_CERT_FILE=/{}", CERTIFICATES[1]),
            ],
            "ExposedPorts": { "8080/tcp": {} },
            "Volumes": { format!("/{DATA}"): {} },
            "WorkingDir": "/",
            "StopSignal": "SIGTERM",
            "Labels": { "org.opencontainers.image.version": env!("CARGO_PKG_VERSION") },
        },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{plain}")] },
    });
    let config = blob(&blobs, &serde_json::to_vec(&config)?, "application/vnd.oci.image.config.v1+json")?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [layer],
    });
    let mut manifest = blob(&blobs, &serde_json::to_vec(&manifest)?, "application/vnd.oci.image.manifest.v1+json")?;
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": env!("CARGO_PKG_VERSION") });
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [manifest],
    });
    fs::write(layout.join("index.json"), serde_json::to_vec(&index)?)?;
    fs::write(layout.join("oci-layout"), json!({ "imageLayoutVersion": "1.0.0" }).to_string())?;
    tar(&layout, &layout, &folder.join(format!("{name}.oci.tar")), &[])?;
    fs::remove_dir_all(work).context("the folder of the image cannot be removed")
}

/// Puts a blob under the name that its content gives it, and returns its descriptor.
fn blob(blobs: &Path, bytes: &[u8], media_type: &str) -> anyhow::Result<Value> {
    let new = blobs.join("new");
    fs::write(&new, bytes)?;
    let digest = sha256(&new)?;
    fs::rename(new, blobs.join(&digest))?;
    Ok(json!({ "mediaType": media_type, "digest": format!("sha256:{digest}"), "size": bytes.len() }))
}
