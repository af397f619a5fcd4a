//! `cargo xtask run`: everything that stands between a checkout and an address to open.

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::{Context, bail};
use lexopt::prelude::*;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::progress::Stages;
use crate::server::{Profile, Server, ask_to_stop};
use crate::stand_in::StandIn;
use crate::{build, server, workspace};

const DEFAULT_PORT: u16 = 8080;

pub(crate) const HELP: &str = "\
Builds what is missing, starts the server and prints its address. Ctrl-C stops it.

usage: cargo xtask run [--port NUMBER] [--proconnect]

  --port NUMBER   listen on this port of 127.0.0.1 (8080 if not given, 0 for any that is free)
  --proconnect    people sign in with a stand-in for ProConnect, not with the demonstration

What is typed into the page is kept in data/, which git ignores.";

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let (mut port, mut with_proconnect) = (DEFAULT_PORT, false);
    while let Some(option) = options.next()? {
        match option {
            Long("port") => port = options.value()?.parse()?,
            Long("proconnect") => with_proconnect = true,
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(option.unexpected().into()),
        }
    }
    if with_proconnect && port == 0 {
        bail!("the stand-in for ProConnect has to know where the server is: give a port");
    }
    // Before the minutes that a first build takes.
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!(
            "port {port} of 127.0.0.1 is taken by another program: stop that one, \
             or choose another port with `cargo xtask run --port {}`",
            port.saturating_add(1)
        );
    }
    build::page()?;
    let program = Stages::new(1).run("server: compile", || server::build(Profile::Dev))?;
    let data = workspace::root().join("data");
    std::fs::create_dir_all(&data).with_context(|| format!("{} cannot be created", data.display()))?;
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("Ctrl-C cannot be handled")?;
    let stand_in = with_proconnect.then(|| StandIn::start(port, &data)).transpose()?;
    let flags = stand_in.as_ref().map_or(Vec::new(), StandIn::flags);
    let mut server = Server::start(&program, port, &data, &flags)?;
    println!("\n    Habilitation is ready:  {}\n    Ctrl-C stops it.\n", server.address());
    let id = server.id();
    std::thread::spawn(move || {
        for _ in signals.forever() {
            ask_to_stop(id);
        }
    });
    let status = server.wait()?;
    if !status.success() {
        bail!("the server ended with a failure ({status}); it says why above");
    }
    println!("The server has stopped.");
    Ok(ExitCode::SUCCESS)
}
