//! The stand-in for ProConnect as a child process, with which a server is tried.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context, bail};

use crate::{process, tools, workspace};

/// Port of the stand-in.
const PORT: u16 = 9080;
/// Secret that it shares with the server. It protects nothing: anyone signs in there as anyone.
const SECRET: &str = "a-secret-of-at-least-thirty-two-characters";

/// A stand-in that runs. Dropping it ends the process.
pub(crate) struct StandIn {
    child: Child,
    issuer: String,
    secret: PathBuf,
}

impl StandIn {
    /// Starts the stand-in for a server on this port, and waits until it answers.
    ///
    /// # Errors
    /// When a package is missing and cannot be installed, or its port is taken.
    pub(crate) fn start(server: u16, data: &Path) -> anyhow::Result<Self> {
        let folder = workspace::browser_tests();
        tools::packages(&folder)?;
        let secret = data.join("proconnect-stand-in-secret");
        std::fs::write(&secret, SECRET).with_context(|| format!("{} cannot be written", secret.display()))?;
        let mut command = process::command("node");
        command
            .arg(folder.join("proconnect.mjs"))
            .env("PORT", PORT.to_string())
            .env("APP", format!("http://127.0.0.1:{server}"))
            .env("CLIENT_SECRET", SECRET)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        // A group of its own: Ctrl-C reaches this program alone, which ends the server first.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().context("the stand-in for ProConnect cannot be started")?;
        let mut issuer = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut issuer)?;
        }
        if issuer.trim().is_empty() {
            let status = child.wait()?;
            bail!("the stand-in for ProConnect ended before it was ready ({status}); is port {PORT} taken?");
        }
        Ok(Self { child, issuer: issuer.trim().to_owned(), secret })
    }

    /// Returns the flags of a server whose people sign in there.
    pub(crate) fn flags(&self) -> Vec<String> {
        let flag = |name: &str, value: &str| [name.to_owned(), value.to_owned()];
        let secret = self.secret.display().to_string();
        [
            flag("--proconnect-issuer", &self.issuer),
            flag("--proconnect-client-id", "habilitation"),
            flag("--proconnect-secret-file", &secret),
        ]
        .concat()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
