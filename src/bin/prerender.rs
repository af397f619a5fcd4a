//! `prerender BLANK PERSON FOLDER`: writes what a static host needs into a folder, its `index.html` and the text of its content
//! security policy. `BLANK` is the built `index.html` without a page, `PERSON` the session of the demonstration's person, in JSON.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::Path;

use habilitation::prerender::{policy, static_document};

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args_os().skip(1);
    let mut next = || arguments.next().ok_or(ErrorKind::InvalidInput);
    let (blank, person, folder) = (fs::read_to_string(next()?)?, fs::read_to_string(next()?)?, next()?);
    let folder = Path::new(&folder);
    fs::write(folder.join("index.html"), static_document(&blank, serde_json::from_str(&person)?))?;
    fs::write(folder.join("content-security-policy.txt"), policy(&blank) + "\n")
}
