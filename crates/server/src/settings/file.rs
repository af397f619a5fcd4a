//! File of settings: TOML, with one line for each flag, which both a flag and a variable overrule.
//!
//! Values of the file join the command line where nothing else sets them, so that each is read and checked in one place.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use thiserror::Error;
use toml::{Table, Value};

/// Identifier of the flag that names the file.
const FLAG: &str = "settings_file";
/// Most bytes of the file.
const MAX: u64 = 64 * 1024;
/// Likeness from which a name is proposed in place of another, of at most 1.
const LIKENESS: f64 = 0.8;

/// A file of settings that cannot be read, or says what no setting is.
#[derive(Debug, Error)]
#[error("--settings {path}: {reason}", path = path.display())]
pub(crate) struct WrongFile {
    path: PathBuf,
    reason: String,
}

/// Returns the arguments with those that the file adds, if one is named, and the command that reads them: of two settings that stand in for
/// each other, it does without the variable where a flag sets the other. The command has all settings; a subcommand may have fewer.
///
/// # Errors
/// When the file cannot be read, or holds anything but settings.
pub(crate) fn with_file(command: Command, arguments: Vec<OsString>) -> Result<(Command, Vec<OsString>), WrongFile> {
    // What is wrong on the command line is told when the whole is read. A wrong variable would end this reading before the others.
    let Ok(flags) = without_variables(command.clone()).ignore_errors(true).try_get_matches_from(&arguments) else {
        return Ok((command, arguments));
    };
    let name = flags.subcommand_name().map(str::to_owned);
    let (used, flags, place) = match flags.subcommand() {
        Some((name, flags)) => match command.find_subcommand(name) {
            Some(used) => (used, flags, 2),
            None => return Ok((command, arguments)),
        },
        None => (&command, &flags, 1),
    };
    let sources = Sources { command: used, flags };
    let mut added = Vec::new();
    if let Some(path) = sources.file() {
        let wrong = |reason| WrongFile { path: path.clone(), reason };
        let table = read(&path).map_err(wrong)?;
        added = sources.added(&command, &table).map_err(wrong)?;
    }
    let weaker = sources.overruled_variables();
    let forget = |command: Command| weaker.iter().fold(command, |command, id| command.mut_arg(id, without_variable));
    let command = match name {
        Some(name) => command.mut_subcommand(name, forget),
        None => forget(command),
    };
    let (before, after) = arguments.split_at(place.min(arguments.len()));
    Ok((command, [before, &added, after].concat()))
}

fn without_variable(argument: Arg) -> Arg {
    argument.env(Resettable::Reset)
}

fn without_variables(command: Command) -> Command {
    command.mut_args(without_variable).mut_subcommands(without_variables)
}

fn read(path: &Path) -> Result<Table, String> {
    let reason = |error: io::Error| error.to_string();
    if fs::metadata(path).map_err(reason)?.len() > MAX {
        return Err(format!("it has more than {MAX} bytes"));
    }
    // The message of a parser quotes the line, which may hold a secret.
    let text = fs::read_to_string(path).map_err(reason)?;
    text.parse::<Table>().map_err(|error| {
        let line = error.span().map_or(1, |span| 1 + text[..span.start.min(text.len())].matches('\n').count());
        format!("line {line} is not TOML: {}", error.message())
    })
}

/// Sources of settings that overrule the file.
struct Sources<'a> {
    command: &'a Command,
    /// Flags that the command line has.
    flags: &'a ArgMatches,
}

impl Sources<'_> {
    /// Returns the file of settings, if the command takes one and it is named.
    fn file(&self) -> Option<PathBuf> {
        let argument = self.command.get_arguments().find(|argument| argument.get_id() == FLAG)?;
        self.flags.get_one(FLAG).cloned().or_else(|| argument.get_env().and_then(env::var_os).map(PathBuf::from))
    }

    fn has_flag(&self, argument: &Arg) -> bool {
        self.flags.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine)
    }

    /// Returns whether the command line or a variable sets an argument.
    fn set(&self, argument: &Arg) -> bool {
        self.has_flag(argument) || has_variable(argument)
    }

    /// Returns the arguments that exclude another: a secret and its file, a setting and its earlier name.
    fn rivals<'b>(&'b self, argument: &'b Arg) -> impl Iterator<Item = &'b Arg> {
        let ours = self.command.get_arg_conflicts_with(argument);
        self.command.get_arguments().filter(move |other| {
            ours.iter().any(|rival| rival.get_id() == other.get_id())
                || self.command.get_arg_conflicts_with(other).iter().any(|rival| rival.get_id() == argument.get_id())
        })
    }

    /// Returns the arguments whose variable gives way to the flag of another.
    fn overruled_variables(&self) -> Vec<String> {
        let arguments =
            self.command.get_arguments().filter(|argument| has_variable(argument) && !self.has_flag(argument));
        let overruled = arguments.filter(|argument| self.rivals(argument).any(|rival| self.has_flag(rival)));
        overruled.map(|argument| argument.get_id().to_string()).collect()
    }

    /// Returns the flags that a file sets and nothing else does.
    fn added(&self, all: &Command, table: &Table) -> Result<Vec<OsString>, String> {
        let mut added = Vec::new();
        for (key, value) in table {
            if !all.get_arguments().any(|argument| is_named(argument, key) && argument.get_id() != FLAG) {
                return Err(unknown(all, key));
            }
            let Some(argument) = self.command.get_arguments().find(|argument| is_named(argument, key)) else {
                // A setting of the server, which this command does without.
                continue;
            };
            if self.set(argument) || self.rivals(argument).any(|rival| self.set(rival)) {
                continue;
            }
            for text in texts(key, value)? {
                added.push(format!("--{key}={text}").into());
            }
        }
        Ok(added)
    }
}

fn has_variable(argument: &Arg) -> bool {
    argument.get_env().and_then(env::var_os).is_some()
}

fn is_named(argument: &Arg, key: &str) -> bool {
    argument.get_long() == Some(key) && argument.get_env().is_some()
}

/// Returns the texts that the values of a setting are on a command line.
fn texts(key: &str, value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Integer(number) => Ok(vec![number.to_string()]),
        Value::Boolean(is_so) => Ok(vec![is_so.to_string()]),
        Value::Array(values) if !values.iter().any(Value::is_array) => {
            let texts = values.iter().map(|value| texts(key, value)).collect::<Result<Vec<_>, _>>()?;
            Ok(texts.concat())
        }
        _ => Err(format!("{key} is not a text, a whole number, true or false, or a list of them")),
    }
}

fn unknown(all: &Command, key: &str) -> String {
    let likeness = |name: &str| strsim::jaro_winkler(name, &key.replace('_', "-"));
    let names = all.get_arguments().filter(|argument| argument.get_env().is_some() && !argument.is_hide_set());
    let nearest = names.filter_map(Arg::get_long).max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    match nearest.filter(|name| likeness(name) >= LIKENESS) {
        Some(name) => format!("there is no setting {key}; the nearest is {name}"),
        None => format!("there is no setting {key}"),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::*;
    use crate::settings::Settings;

    fn parse(file: &str, flags: &[&str]) -> Result<Settings, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        fs::write(&path, file).unwrap();
        let command = Settings::command();
        let first = ["habilitation-server", "--settings", path.to_str().unwrap()];
        let arguments = first.iter().chain(flags).map(OsString::from).collect();
        let (command, arguments) = with_file(command, arguments).map_err(|error| error.to_string())?;
        let matches = command.try_get_matches_from(arguments).map_err(|error| error.to_string())?;
        Ok(Settings::from_arg_matches(&matches).unwrap())
    }

    #[test]
    fn a_file_sets_what_no_flag_does() {
        let file = "listen = \"127.0.0.1:9\"\ncalls-per-minute = 7\nembed-origin = [\"https://a.example\", \"https://b.example\"]";
        let settings = parse(file, &[]).unwrap();
        assert_eq!((settings.listen.port(), settings.limits.calls_per_minute), (9, 7));
        assert_eq!(settings.embed_origin.len(), 2);
        let settings = parse(file, &["--listen", "127.0.0.1:10", "--embed-origin=https://c.example"]).unwrap();
        assert_eq!((settings.listen.port(), settings.limits.calls_per_minute), (10, 7));
        assert_eq!(settings.embed_origin.len(), 1);
    }

    #[test]
    fn the_sample_settings_are_settings_those_in_comments_too() {
        let sample = include_str!("../../../../packaging/settings.toml");
        let settings = parse(sample, &[]).unwrap();
        assert!(settings.public_url(settings.listen).is_ok());
        let uncommented: Vec<&str> = sample
            .lines()
            .map(|line| line.strip_prefix('#').filter(|line| !line.starts_with(' ')).unwrap_or(line))
            .collect();
        let settings = parse(&uncommented.join("\n"), &[]).unwrap();
        assert!(settings.mail.smtp_file.is_some() && settings.embed_origin.len() == 1);
    }

    #[test]
    fn a_flag_with_a_secret_stands_in_for_its_file() {
        let file = "smtp-file = \"/run/credentials/smtp\"";
        assert!(parse(file, &[]).unwrap().mail.smtp_file.is_some());
        let settings = parse(file, &["--smtp", "smtps://relay.example"]).unwrap();
        assert!(settings.mail.smtp_file.is_none() && settings.mail.smtp.is_some());
    }

    #[test]
    fn a_file_gives_way_to_the_flag_of_a_setting_that_stands_in_for_it() {
        let settings = parse("keep-tombstones-months = 3", &["--keep-traces-months", "4"]).unwrap();
        assert_eq!(settings.retention.tombstone_months(), 4);
        assert!(parse("keep-tombstones-months = 3\nkeep-traces-months = 4", &[]).is_err(), "the file has both");
    }

    #[test]
    fn a_file_says_true_and_false() {
        for (file, is_demanded) in [("", true), ("team-mfa = false", false), ("team-mfa = true", true)] {
            assert_eq!(parse(file, &[]).unwrap().team.team_mfa, is_demanded, "{file}");
        }
        assert!(!parse("team-mfa = true", &["--team-mfa=false"]).unwrap().team.team_mfa);
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest() {
        for (file, said) in [
            ("listn = \"127.0.0.1:9\"", "there is no setting listn; the nearest is listen"),
            ("public_url = \"https://a.example\"", "the nearest is public-url"),
            ("settings = \"other.toml\"", "there is no setting settings"),
            ("help = \"\"", "there is no setting help"),
            ("zzz = 1", "there is no setting zzz"),
            ("[limits]\nconnections = 1", "there is no setting limits"),
            ("connections = 1.5", "connections is not a text"),
            ("connections = 0", "--connections"),
            ("smtp = \"smtp://user:motdepasse", "line 1 is not TOML"),
            ("listen = \"127.0.0.1:9\"\n\nsmtp = = \"motdepasse\"", "line 3 is not TOML"),
        ] {
            let error = parse(file, &[]).unwrap_err();
            assert!(error.contains(said) && !error.contains("motdepasse"), "{file}: {error}");
        }
        let error = parse(&"#".repeat(70_000), &[]).unwrap_err();
        assert!(error.contains("more than"), "{error}");
        let missing = with_file(Settings::command(), ["a", "--settings=/nonexistent"].map(OsString::from).to_vec());
        assert!(missing.unwrap_err().to_string().contains("--settings /nonexistent"));
    }
}
