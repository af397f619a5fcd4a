//! Settings of the team that examines requests.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{ArgAction, Args};
use habilitation_model::wire::TeamRole;
use habilitation_model::{ClosedList, Text};
use serde::Deserialize;
use thiserror::Error;

use super::proconnect::Registration;
use crate::team::{Entrance, ListedMember, Subject, Team};

/// Longest file, in bytes.
const FILE_MAX: u64 = 256 * 1024;
/// Longest name and office, in characters.
const LINE_MAX: usize = 200;
/// Longest identifier of a person at their provider, in bytes.
const SUBJECT_MAX: usize = 256;

/// Team that examines requests.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Team that examines requests")]
pub struct TeamSettings {
    /// JSON file of the members: `{"members": [{"issuer": "…", "subject": "…", "name": "…", "office": "…", "role": "examiner"}]}`;
    /// the other role is `reader` [default: nobody examines requests].
    #[arg(long, env = "HABILITATION_TEAM", value_name = "FILE")]
    pub team: Option<PathBuf>,

    /// Demand for two factors of members.
    #[arg(
        long,
        env = "HABILITATION_TEAM_MFA",
        value_name = "BOOLEAN",
        default_value_t = true,
        action = ArgAction::Set
    )]
    pub team_mfa: bool,
}

/// Settings of the team that cannot be.
#[derive(Debug, Error)]
pub enum WrongTeamSettings {
    /// Members are bound to identifiers at ProConnect.
    #[error("--team takes people who sign in with ProConnect: --proconnect-issuer is missing")]
    NoProConnect,
    /// No member could get in.
    #[error(
        "--team lets in people of the identity providers that --trusted-identity-providers names, and it names none"
    )]
    NoProvider,
    /// The file cannot be read.
    #[error("--team {path}: {reason}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Description of what is wrong. It repeats nothing of the file but its own words.
        reason: String,
    },
}

/// The file of the team.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamFile {
    members: Vec<FileMember>,
}

/// A member in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileMember {
    issuer: String,
    subject: String,
    name: String,
    #[serde(default)]
    office: String,
    role: String,
}

impl TeamSettings {
    /// Returns the team of people who sign in with ProConnect.
    ///
    /// # Errors
    /// When the file cannot be read or believed, or nobody in it could get in.
    pub(crate) fn team(&self, registration: Option<&Registration>) -> Result<Team, WrongTeamSettings> {
        let Some(path) = &self.team else { return Ok(Team::default()) };
        let registration = registration.ok_or(WrongTeamSettings::NoProConnect)?;
        if registration.trusted_providers.is_empty() {
            return Err(WrongTeamSettings::NoProvider);
        }
        let wrong = |reason| WrongTeamSettings::File { path: path.clone(), reason };
        let members = read(path).and_then(|text| members(&text, registration.issuer.as_str())).map_err(wrong)?;
        let providers = registration.trusted_providers.clone();
        Ok(Team::listed(members, Entrance { needs_two_factors: self.team_mfa, providers }))
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.kind().to_string())?;
    let length = file.take(FILE_MAX + 1).read_to_string(&mut text).map_err(|error| error.kind().to_string())?;
    if u64::try_from(length).is_ok_and(|length| length <= FILE_MAX) {
        Ok(text)
    } else {
        Err(format!("it has more than {FILE_MAX} bytes"))
    }
}

/// Reads the members. Each is named in what is wrong by their place in the file, from 1.
fn members(text: &str, issuer: &str) -> Result<Vec<ListedMember>, String> {
    let file: TeamFile = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut members: Vec<ListedMember> = Vec::new();
    for (place, member) in file.members.into_iter().enumerate() {
        let wrong = |reason: &str| format!("member {}: {reason}", place + 1);
        let FileMember { issuer: of, subject, name, office, role } = member;
        if of != issuer {
            return Err(wrong("`issuer` is not that of --proconnect-issuer, to the letter"));
        }
        if !(1..=SUBJECT_MAX).contains(&subject.len()) || !subject.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(wrong("`subject` is not made of 1 to 256 visible characters"));
        }
        let line = |text: String| Some(Text::from(&*text).line()).filter(|line| line.chars().count() <= LINE_MAX);
        let name = line(name).filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| wrong("`name` does not have 1 to 200 characters"))?;
        let office = line(office).ok_or_else(|| wrong("`office` has more than 200 characters"))?;
        let role = TeamRole::parse(&role).ok_or_else(|| wrong("`role` is neither `examiner` nor `reader`"))?;
        let subject = Subject { issuer: of, subject };
        if members.iter().any(|known| known.subject == subject) {
            return Err(wrong("the same subject stands further up"));
        }
        members.push(ListedMember { subject, name, office, role });
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://auth.example/api/v2";

    fn member(change: &str, to: &str) -> String {
        let whole = format!(
            r#"{{"issuer": "{ISSUER}", "subject": "5f2c", "name": "Claire Fontaine", "office": "Instructrice", "role": "examiner"}}"#
        );
        assert!(whole.contains(change), "{change}");
        whole.replace(change, to)
    }

    fn file(members: &[String]) -> String {
        format!(r#"{{"members": [{}]}}"#, members.join(","))
    }

    #[test]
    fn members_are_read_from_their_file() {
        let both = file(&[member("", ""), member("5f2c", "5f2d").replace("examiner", "reader")]);
        let read = members(&both, ISSUER).unwrap();
        let told: Vec<_> = read.iter().map(|member| (&*member.subject.subject, &*member.name, member.role)).collect();
        let claire = "Claire Fontaine";
        assert_eq!(told, [("5f2c", claire, TeamRole::Examiner), ("5f2d", claire, TeamRole::Reader)]);
    }

    #[test]
    fn what_is_wrong_is_told_with_the_place_of_the_member() {
        for (change, to, told) in [
            (ISSUER, "https://auth.example/api/v2/", "`issuer`"),
            ("5f2c", "", "`subject`"),
            ("5f2c", "é", "`subject`"),
            ("Claire Fontaine", " ", "`name`"),
            ("Instructrice", &"a".repeat(201), "`office`"),
            ("examiner", "admin", "`role`"),
            ("\"role\"", "\"rôle\"", "unknown field"),
            ("\"subject\": \"5f2c\", ", "", "missing field `subject`"),
            ("\"subject\"", "\"email\"", "unknown field `email`"),
        ] {
            let error = members(&file(&[member("5f2c", "other"), member(change, to)]), ISSUER).err().unwrap();
            assert!(error.contains(told), "{error}");
            assert!(error.starts_with("member 2: ") || error.contains("line 1"), "{error}");
        }
        let twice = members(&file(&[member("", ""), member("", "")]), ISSUER).err().unwrap();
        assert_eq!(twice, "member 2: the same subject stands further up");
        assert!(members("[]", ISSUER).is_err());
    }

    #[test]
    fn without_proconnect_or_a_provider_that_is_trusted_nobody_could_get_in() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("team.json");
        std::fs::write(&path, file(&[member("", "")])).unwrap();
        let settings = TeamSettings { team: Some(path.clone()), team_mfa: true };
        let team = |trusted: &[&str]| settings.team(Some(&Registration::made_up(ISSUER, trusted)));
        assert_eq!(team(&["ministry"]).unwrap().subjects().len(), 1);
        assert!(matches!(team(&[]), Err(WrongTeamSettings::NoProvider)));
        assert!(matches!(settings.team(None), Err(WrongTeamSettings::NoProConnect)));
        std::fs::write(&path, " ".repeat(256 * 1024 + 1)).unwrap();
        let error = team(&["ministry"]).unwrap_err().to_string();
        assert!(error.contains("team.json: it has more than"), "{error}");
        let none = TeamSettings { team: None, team_mfa: true };
        assert!(none.team(None).unwrap().subjects().is_empty());
    }
}
