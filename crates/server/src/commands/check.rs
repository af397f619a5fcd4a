//! `check`: one line for each thing that the server needs, and whether it is there. It may run beside a server.

use std::io::Write;
use std::path::Path;

use clap::Args;

use super::Done;
use crate::dist::Dist;
use crate::settings::Settings;

/// Settings to verify.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) settings: Settings,
}

/// Outcome of one check: what is there, or what is wrong.
type Outcome = Result<String, String>;

/// Verifies all, and tells it on the standard output.
pub(super) fn run(Arguments { settings }: &Arguments) -> Done {
    let outcomes = [
        ("settings", check_settings(settings)),
        ("data folder", check_data(&settings.data)),
        ("page", check_page(settings)),
    ];
    let mut wrong = 0;
    for (subject, outcome) in outcomes {
        match outcome {
            Ok(what) => println!("ok      {subject}: {what}"),
            Err(reason) => {
                wrong += 1;
                println!("failed  {subject}: {reason}");
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => Err("one check failed".into()),
        _ => Err(format!("{wrong} checks failed").into()),
    }
}

fn check_settings(settings: &Settings) -> Outcome {
    let public_url = settings.public_url(settings.listen).map_err(|error| error.to_string())?;
    settings.check_portals(&public_url).map_err(|error| error.to_string())?;
    Ok(format!("people reach this server at {public_url}"))
}

fn check_data(folder: &Path) -> Outcome {
    if !folder.exists() {
        return Ok(format!("{} is not there yet; the first start makes it", folder.display()));
    }
    let wrong = |error: std::io::Error| format!("--data {}: {error}", folder.display());
    let mut probe = tempfile(folder).map_err(wrong)?;
    probe.write_all(b"check").and_then(|()| probe.sync_all()).map_err(wrong)?;
    Ok(format!("{} can be written", folder.display()))
}

/// Makes a file that has no name any more.
fn tempfile(folder: &Path) -> std::io::Result<std::fs::File> {
    let path = folder.join(format!("check-{}", std::process::id()));
    let file = crate::files::private().create_new(true).open(&path)?;
    std::fs::remove_file(path)?;
    Ok(file)
}

fn check_page(settings: &Settings) -> Outcome {
    let config = settings.page_config(false).map_err(|error| error.to_string())?;
    Dist::read(&settings.dist, &config).map_err(|error| error.to_string())?;
    Ok(format!("{} has one", settings.dist.display()))
}
