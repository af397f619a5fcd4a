//! The program itself: what it prints, how it ends, what it refuses to start with.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use habilitation_model::Draft;
use habilitation_model::wire::{CaughtMail, CaughtMails};
use tempfile::TempDir;

use crate::app::address;
use crate::call::{Call, Response};
use habilitation_fixtures::{id, named, ready};

pub(crate) fn command(folder: &Path, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_habilitation-server"));
    command
        .env_clear()
        .env("HABILITATION_LISTEN", "127.0.0.1:0")
        .env("HABILITATION_DATA", folder.join("data"))
        .env("HABILITATION_DIST", folder.join("dist"))
        .args(flags);
    command
}

pub(crate) fn folder_with_page() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("dist")).unwrap();
    fs::write(folder.path().join("dist/index.html"), "<!doctype html>").unwrap();
    folder
}

/// A server in a process of its own; dropping it ends the process.
pub(crate) struct Program {
    child: Child,
    origin: String,
}

impl Program {
    pub(crate) fn start(folder: &Path, flags: &[&str]) -> Self {
        Self::try_start(folder, flags).unwrap()
    }

    /// A server, or what it says when it refuses to start.
    pub(crate) fn try_start(folder: &Path, flags: &[&str]) -> Result<Self, String> {
        Self::run(&mut command(folder, flags))
    }

    /// Starts a server whose data folder is a disk of its own, of so many mebibytes. Returns none where this user may not mount
    /// one.
    pub(crate) fn on_a_disk_of(mebibytes: u32, folder: &Path) -> Option<Self> {
        let data = folder.join("data");
        fs::create_dir(&data).unwrap();
        // In a name space of its own, so that it ends with the program.
        let in_name_space = |script: &str| {
            let mut unshare = Command::new("unshare");
            unshare.args(["--user", "--map-root-user", "--mount", "sh", "-ec"]);
            let mount = format!("mount -t tmpfs -o size={mebibytes}m none \"$0\"; {script}");
            unshare.arg(mount).arg(&data);
            unshare
        };
        if !in_name_space("true").output().is_ok_and(|output| output.status.success()) {
            return None;
        }
        let mut server = in_name_space("exec \"$@\"");
        let direct = command(folder, &[]);
        server.arg(direct.get_program()).env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        server.envs(direct.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Some(Self::run(&mut server).unwrap())
    }

    pub(crate) fn run(command: &mut Command) -> Result<Self, String> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        if line.is_empty() {
            return Err(String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap());
        }
        assert!(line.starts_with("http://127.0.0.1:") && line.ends_with("/\n"), "{line:?}");
        Ok(Self { child, origin: line.trim().trim_end_matches('/').to_owned() })
    }

    /// Takes the log, for whoever reads it while the program runs.
    pub(crate) fn log(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Kills the program without warning, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        Call::to(&self.origin, method, path)
    }

    pub(crate) async fn sign_in(&self) -> String {
        let body = serde_json::json!({"person": "noemie"});
        let answer: Response = self.call("POST", "/api/demo/session").json(&body).send().await;
        answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    /// Sends a signal, and answers the exit code and the log.
    pub(crate) fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail when it has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_operator_reads_by_which_subject_somebody_is_listed_in_the_team() {
    let folder = folder_with_page();
    let accounts = |email: &str| command(folder.path(), &["accounts", "--email", email]).output().unwrap();
    let without = accounts("claire.fontaine@equipe.example");
    assert!(!without.status.success() && !without.stderr.is_empty(), "there is no database");
    drop(Program::start(folder.path(), &[]));
    let database = rusqlite::Connection::open(folder.path().join("data/habilitation.sqlite")).unwrap();
    database
        .execute_batch(
            "INSERT INTO accounts VALUES ('01900000-0000-7000-8000-000000000001', 'Claire.Fontaine@equipe.example',
                 'Claire', 'Fontaine', '130025265', 0, 'claire.fontaine@equipe.example', 0, 1796000000000);
             INSERT INTO account_subjects VALUES ('https://auth.example', '5f2c',
                 '01900000-0000-7000-8000-000000000001', 0);",
        )
        .unwrap();
    let told =
        |email: &str| String::from_utf8(accounts(email).stdout).unwrap().lines().skip(1).collect::<Vec<_>>().join("|");
    assert_eq!(
        told("claire.fontaine@EQUIPE.example"),
        "proconnect:01900000-0000-7000-8000-000000000001\thttps://auth.example\t5f2c\tClaire Fontaine\t\
         2026-11-30T00:53:20.000Z"
    );
    assert_eq!(told("claire"), "");
}

#[test]
fn a_team_that_could_not_get_in_is_refused_with_a_sentence() {
    let folder = folder_with_page();
    let team = folder.path().join("team.json");
    fs::write(&team, r#"{"members": []}"#).unwrap();
    let refused = Program::try_start(folder.path(), &["--team", team.to_str().unwrap()]).err().unwrap();
    assert!(refused.contains("--proconnect-issuer is missing"), "{refused}");
}

#[tokio::test]
async fn it_says_where_it_is_and_ends_well_when_it_is_asked_to() {
    let folder = folder_with_page();
    for signal in ["-TERM", "-INT"] {
        let program = Program::start(folder.path(), &[]);
        assert_eq!(program.call("GET", "/readyz").send().await.status, 200);
        let (code, log) = program.stop(signal);
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("stopped"), "{log}");
        assert!(!folder.path().join("data/habilitation.sqlite-wal").exists(), "everything is in its place");
    }
}

#[tokio::test]
async fn the_log_says_what_happened_and_nothing_of_anybody() {
    let folder = folder_with_page();
    let program = Program::start(folder.path(), &["--log-format", "json", "--log-level", "debug"]);
    let cookie = program.sign_in().await;
    let body = serde_json::json!({"schema": 1, "draft": named("Secret du projet")});
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*").json(&body);
    assert_eq!(save.send().await.status, 201);
    let wrong = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-match", "\"1\"");
    assert_eq!(wrong.json(&serde_json::json!({"schema": "Secret du projet"})).send().await.status, 400);
    program.call("GET", "/api/requests?q=Secret+du+projet").header("cookie", &cookie).send().await;
    program.call("GET", "/Secret-du-projet").send().await;
    program.call("BREW", "/").send().await;

    let (_, log) = program.stop("-TERM");
    let calls: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &serde_json::Value| line["message"] == "call")
        .collect();
    let told: Vec<_> = calls
        .iter()
        .map(|call| {
            (call["method"].as_str().unwrap(), call["route"].as_str().unwrap(), call["status"].as_u64().unwrap())
        })
        .collect();
    let expected = [
        ("POST", "/api/demo/session", 201),
        ("PUT", "/api/requests/{id}", 201),
        ("PUT", "/api/requests/{id}", 400),
        ("GET", "/api/requests", 200),
        ("GET", "other", 404),
        ("other", "other", 405),
    ];
    assert_eq!(told, expected);
    assert!(calls.iter().all(|call| call["milliseconds"].is_f64() && call["id"].as_str().unwrap().len() == 16));
    let token = cookie.split_once('=').unwrap().1;
    for secret in ["Secret", "noemie", "Noémie", "vallon", token, id(1).as_str()] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn the_log_tells_of_mails_without_any_person() {
    let folder = folder_with_page();
    let program = Program::start(folder.path(), &["--log-format", "json", "--log-level", "debug"]);
    let cookie = program.sign_in().await;
    let body = serde_json::json!({"schema": 1, "draft": ready()});
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*").json(&body);
    assert_eq!(save.send().await.status, 201);
    let submission = format!("{}/submission", address(&id(1)));
    let submit = program.call("POST", &submission).header("cookie", &cookie).header("if-match", "\"1\"");
    assert_eq!(submit.send().await.status, 201);
    let caught: CaughtMails = program.call("GET", "/api/demo/mail").send().await.read();
    assert_eq!(caught.mails.len(), 2);

    let (_, log) = program.stop("-TERM");
    for CaughtMail { id, to, subject, .. } in caught.mails {
        assert!(log.contains(id.as_str()), "{log}");
        for secret in [to.as_str(), subject.as_str(), subject.split("] ").nth(1).unwrap()] {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    }
    let Draft { organisation, people, project, .. } = ready();
    for text in [organisation.applicant.family_name, people.technical.phone, people.dpo.email, project.name] {
        assert!(!log.contains(text.trimmed()), "{} is in the log:\n{log}", text.trimmed());
    }
}

#[test]
fn mails_leave_in_the_name_of_a_service_or_the_program_does_not_start() {
    let folder = folder_with_page();
    let relay = "smtp://127.0.0.1:1";
    let flags =
        ["--smtp", relay, "--service-name", "DINUM", "--service-address", "20 avenue de l’Exemple; 75007 Paris"];
    let reason = Program::try_start(folder.path(), &flags).err().unwrap();
    assert!(reason.contains("--service-phone") && !reason.contains("panicked"), "{reason}");
    let open =
        [&flags[..], &["--service-phone", "01 99 00 45 00", "--smtp", "smtp://user:motdepasse@relay.example"]].concat();
    let reason = Program::try_start(folder.path(), &open[2..]).err().unwrap();
    assert!(reason.contains("smtps://") && !reason.contains("motdepasse"), "{reason}");
    let all = [&flags[..], &["--service-phone", "01 99 00 45 00"]].concat();
    Program::start(folder.path(), &all);
}

#[test]
fn half_of_the_settings_of_proconnect_keep_the_program_from_starting() {
    let folder = folder_with_page();
    let issuer = ["--proconnect-issuer", "https://auth.example/api/v2", "--proconnect-client-id", "habilitation"];
    for (flags, missing) in [(&issuer[..2], "--proconnect-client-id"), (&issuer, "--proconnect-secret-file")] {
        let reason = Program::try_start(folder.path(), flags).err().unwrap();
        assert!(reason.contains(&format!("{missing} is missing")) && !reason.contains("panicked"), "{reason}");
    }
    let secret = folder.path().join("secret");
    let all = [&issuer[..], &["--proconnect-secret-file", secret.to_str().unwrap()]].concat();
    fs::write(&secret, "short").unwrap();
    let reason = Program::try_start(folder.path(), &all).err().unwrap();
    assert!(reason.contains("--proconnect-secret-file") && !reason.contains("short\""), "{reason}");
    fs::write(&secret, "0123456789abcdef").unwrap();
    Program::start(folder.path(), &all);
}

#[tokio::test]
async fn what_concerns_security_has_a_log_of_its_own_that_names_people_by_their_identifier_alone() {
    let folder = folder_with_page();
    let file = folder.path().join("security.log");
    let program = Program::start(folder.path(), &["--log-format", "json", "--security-log", file.to_str().unwrap()]);
    let cookie = program.sign_in().await;
    let session = |method: &str| program.call(method, "/api/session").header("cookie", &cookie);
    session("DELETE").header("origin", "https://theirs.example").send().await.problem(403, "foreign-origin");
    assert_eq!(session("DELETE").send().await.status, 204);
    session("GET").send().await.problem(401, "signed-out");
    let (_, log) = program.stop("-TERM");
    let lines = fs::read_to_string(&file).unwrap();
    let events: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = events.iter().map(|line| (line["event"].as_str().unwrap(), line["person"].as_str())).collect();
    let noemie = Some("demonstration:noemie");
    assert_eq!(told, [("signed_in", noemie), ("refused", None), ("signed_out", noemie), ("refused", None)]);
    assert!(events.iter().all(|line| line["timestamp"].is_string()));
    assert_eq!(events[1]["status"], 403);
    for secret in ["Noémie", "vallon", cookie.split_once('=').unwrap().1] {
        assert!(!lines.contains(secret), "{secret}: {lines}");
    }
    assert!(!log.contains("noemie") && !log.contains("signed_in"), "{log}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn it_says_at_start_in_which_way_people_sign_in() {
    let folder = folder_with_page();
    for (flags, said) in [
        (&[][..], "demonstration: anybody on this machine signs in"),
        (&["--public-url", "https://habilitation.example"], "nobody can sign in"),
    ] {
        let mut command = command(folder.path(), flags);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut String::new()).unwrap();
        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        let log = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
        assert!(log.contains(said), "{log}");
    }
}

#[tokio::test]
async fn nothing_of_a_sign_in_is_in_the_log() {
    let folder = folder_with_page();
    let portal = "https://portail.example";
    let flags = ["--log-format", "json", "--log-level", "debug", "--embed-origin", portal];
    let program = Program::start(folder.path(), &flags);
    let cookie = program.sign_in().await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let window = format!("/?page=portail&challenge={challenge}&origin={portal}");
    assert_eq!(program.call("GET", &window).send().await.status, 200);
    let grant = serde_json::json!({"challenge": challenge, "portal": portal, "handover": "message"});
    let granted = program.call("POST", "/api/embed/grants").header("cookie", &cookie).json(&grant).send().await;
    let code = granted.read::<habilitation_model::wire::IssuedGrant>().code.unwrap();
    let claim = serde_json::json!({"verifier": verifier, "code": code});
    let claimed = program.call("POST", "/api/embed/tokens").header("origin", portal).json(&claim).send().await;
    let token = claimed.read::<habilitation_model::wire::IssuedToken>().token;
    let by_token = program.call("GET", "/api/requests").header("origin", portal);
    assert_eq!(by_token.header("authorization", &format!("Bearer {token}")).send().await.status, 200);

    let (_, log) = program.stop("-TERM");
    assert!(log.contains("/api/embed/tokens") && log.contains("/api/requests"), "{log}");
    for secret in [verifier, challenge, &code, &token, portal, "noemie"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn a_call_under_way_is_finished_before_the_end() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let folder = folder_with_page();
    let program = Program::start(folder.path(), &[]);
    let cookie = program.sign_in().await;
    let host = program.origin.strip_prefix("http://").unwrap().to_owned();
    let body = serde_json::json!({"schema": 1, "draft": named("Guichet")}).to_string();
    let head = format!(
        "PUT {} HTTP/1.1\r\nhost: {host}\r\norigin: {}\r\ncookie: {cookie}\r\nif-none-match: *\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        address(&id(1)),
        program.origin,
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server says that it waits for the body: the call is under way.
    let mut go_on = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");

    let stopping = tokio::task::spawn_blocking(move || program.stop("-TERM"));
    while tokio::net::TcpStream::connect(&host).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
    assert_eq!(stopping.await.unwrap().0, Some(0));
}

fn refused(folder: &Path, flags: &[&str]) -> String {
    let Output { status, stdout, stderr } = command(folder, flags).output().unwrap();
    let told = String::from_utf8(stderr).unwrap();
    assert!(!status.success() && stdout.is_empty(), "{told}");
    told
}

#[test]
fn a_wrong_setting_is_told_in_one_sentence() {
    let folder = folder_with_page();
    let sentence = |flags: &[&str]| {
        let told = refused(folder.path(), flags);
        let lines: Vec<&str> = told.lines().filter(|line| !line.is_empty()).collect();
        assert!(lines[0].starts_with("error: "), "{told}");
        lines[0].to_owned()
    };
    for (flags, words) in [
        (&["--listen", "nowhere"][..], "--listen"),
        (&["--listen", "0.0.0.0:0"], "--public-url"),
        (&["--public-url", "http://habilitation.example"], "https://"),
        (&["--dist", "/nonexistent"], "cargo xtask build"),
        (&["--data", "/proc/nothing"], "--data /proc/nothing"),
        (&["--legal-notice", "/nonexistent"], "--legal-notice /nonexistent"),
        (&["--session-minutes", "0"], "--session-minutes"),
        (&["--embed-origin", "https://portail.example/"], "without a slash"),
        (&["--public-url", "http://localhost:9", "--embed-origin", "http://localhost:9"], "this server itself"),
        (&["--database", "postgres://localhost"], "--database"),
    ] {
        let told = sentence(flags);
        assert!(told.contains(words), "{flags:?}: {told}");
    }
}

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused() {
    let folder = folder_with_page();
    let first = Program::start(folder.path(), &[]);
    assert!(refused(folder.path(), &[]).contains("another server is using it"));
    assert_eq!(first.call("GET", "/readyz").send().await.status, 200);
}

#[test]
fn its_help_has_every_setting_with_its_default() {
    let output = Command::new(env!("CARGO_BIN_EXE_habilitation-server")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for words in [
        "--listen",
        "HABILITATION_LISTEN",
        "[default: 127.0.0.1:8080]",
        "HABILITATION_KEEP_DRAFTS_MONTHS",
        "[default: 12]",
    ] {
        assert!(help.contains(words), "{words}:\n{help}");
    }
}
