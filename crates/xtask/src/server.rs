//! The real server as a child process: built, started, stopped.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, bail};

use crate::{process, workspace};

const PACKAGE: &str = "habilitation-server";

/// Cargo profile of the server.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// Quick to compile: for tests and for trying things out.
    Dev,
    /// Optimised, as deployed: for measurements.
    Release,
}

/// Builds the server and returns the path of its program.
///
/// # Errors
/// When it does not build.
pub(crate) fn build(profile: Profile) -> anyhow::Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--package", PACKAGE]);
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    process::run(&mut cargo).context("the server does not build")?;
    Ok(workspace::target()?.join(folder).join(PACKAGE))
}

/// A server that runs. Dropping it ends the process at once.
pub(crate) struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts the server, with flags beside those of its folders, and waits until it has said its address.
    ///
    /// # Errors
    /// When it cannot be started, or ends before it is ready.
    pub(crate) fn start(program: &Path, port: u16, data: &Path, flags: &[String]) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(data)
            .arg("--dist")
            .arg(workspace::dist())
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        // A group of its own: Ctrl-C reaches this program alone, which then stops the server.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().context("the server cannot be started")?;
        let mut address = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut address)?;
        }
        if address.trim().is_empty() {
            let status = child.wait()?;
            bail!("the server ended before it was ready ({status}); it says why above");
        }
        Ok(Self { child, address: address.trim().to_owned() })
    }

    /// Address for a browser, as the server itself prints it.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The number by which other programs know the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When the process cannot be waited for.
    pub(crate) fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        self.child.wait().context("the server cannot be waited for")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks a process to finish what it does and end.
pub(crate) fn ask_to_stop(id: u32) {
    // The one way to send a signal without unsafe code or a crate for it.
    let _ = Command::new("kill").args(["-TERM", &id.to_string()]).status();
}
