//! Settings in a file, and `check` of all that the server needs.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Output;

use crate::program::{Program, command, folder_with_page};

/// Runs a command to its end, and returns its exit code, its standard output and its standard error.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command(folder, arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Answers each connection: says something first, then something to each line that a client sends.
fn stand_in(first: &'static str, answer: impl Fn(&str) -> Option<String> + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut line = String::new();
            // A client that has gone is no matter.
            let _ = stream.get_mut().write_all(first.as_bytes());
            while stream.read_line(&mut line).is_ok_and(|length| length > 0) {
                if let Some(text) = answer(line.trim_end()) {
                    let _ = stream.get_mut().write_all(text.as_bytes());
                }
                line.clear();
            }
        }
    });
    address
}

fn http(body: String) -> impl Fn(&str) -> Option<String> {
    move |line| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        line.is_empty().then(|| [&head, &*body].concat())
    }
}

#[tokio::test]
async fn a_file_of_settings_gives_way_to_variables_and_flags() {
    let folder = folder_with_page();
    let file = folder.path().join("settings.toml");
    fs::write(&file, "listen = \"nowhere\"\nlog-format = \"json\"\nlog-level = \"debug\"\n").unwrap();
    // A variable says where to listen.
    let program = Program::start(folder.path(), &["--settings", file.to_str().unwrap(), "--log-level", "info"]);
    assert_eq!(program.call("GET", "/readyz").send().await.status, 200);
    let (_, log) = program.stop("-TERM");
    assert!(log.lines().all(|line| line.starts_with('{') && !line.contains("\"DEBUG\"")), "{log}");
}

#[test]
fn a_wrong_file_of_settings_keeps_the_program_from_starting() {
    let folder = folder_with_page();
    let file = folder.path().join("settings.toml");
    for (text, said) in [("conections = 9", "the nearest is connections"), ("connections = 0", "--connections")] {
        fs::write(&file, text).unwrap();
        let reason = Program::try_start(folder.path(), &["--settings", file.to_str().unwrap()]).err().unwrap();
        assert!(reason.starts_with("error: ") && reason.contains(said), "{reason}");
    }
}

#[test]
fn a_file_of_settings_gives_way_to_variables_though_another_is_wrong() {
    let folder = folder_with_page();
    let file = folder.path().join("settings.toml");
    fs::write(&file, "log-level = \"info\"\nlisten = \"127.0.0.1:0\"\nproxies = 1\n").unwrap();
    for (variable, value) in [("LISTEN", "nowhere"), ("LOG_LEVEL", "loud"), ("PROXIES", "many")] {
        let mut command = command(folder.path(), &["check", "--settings", file.to_str().unwrap()]);
        let output = command.env(format!("HABILITATION_{variable}"), value).output().unwrap();
        let reason = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && reason.contains(value), "{variable}: {reason}");
    }
}

#[test]
fn a_secret_gives_way_to_its_file_where_that_comes_from_a_stronger_source() {
    let folder = folder_with_page();
    let relay = stand_in("220 relay.example\r\n", |line| {
        let verb = line.split(' ').next().unwrap_or_default();
        Some(if ["EHLO", "QUIT"].contains(&verb) { "250 relay.example\r\n" } else { "500 no\r\n" }.to_owned())
    });
    let right = folder.path().join("smtp");
    fs::write(&right, format!("smtp://{relay}")).unwrap();
    let right = right.to_str().unwrap();
    let texts = "service-name = \"a\"\nservice-address = \"a\"\nservice-phone = \"a\"\n";
    let file = folder.path().join("settings.toml");
    let check = |in_file: &str, variables: &[(&str, &str)], flags: &[&str]| {
        fs::write(&file, [texts, in_file].concat()).unwrap();
        let flags = [&["check", "--settings", file.to_str().unwrap()], flags].concat();
        let output = command(folder.path(), &flags).envs(variables.iter().copied()).output().unwrap();
        let (told, reason) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(told.contains(&format!("ok      relay: {relay}")), "{told}{reason}");
    };
    let wrong = "smtp://127.0.0.1:1";
    check(&format!("smtp = {wrong:?}"), &[("HABILITATION_SMTP_FILE", right)], &[]);
    check(&format!("smtp = {wrong:?}"), &[], &["--smtp-file", right]);
    check("", &[("HABILITATION_SMTP", wrong)], &["--smtp-file", right]);
    check(
        "smtp-file = \"/nonexistent\"",
        &[("HABILITATION_SMTP_FILE", "/nonexistent")],
        &["--smtp", &format!("smtp://{relay}")],
    );
}

#[test]
fn each_command_takes_its_settings_from_the_file() {
    let folder = folder_with_page();
    drop(Program::start(folder.path(), &[]));
    let file = folder.path().join("settings.toml");
    fs::write(&file, format!("data = {:?}\nteam-mfa = false\n", folder.path().join("data").to_str().unwrap())).unwrap();
    let flags = ["accounts", "--settings", file.to_str().unwrap(), "--email", "claire@equipe.example"];
    let output = command(folder.path(), &flags).env_remove("HABILITATION_DATA").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("account\tissuer\tsubject"));
}

#[test]
fn the_commands_of_the_operator_take_the_settings_of_the_server_from_its_file() {
    let folder = folder_with_page();
    drop(Program::start(folder.path(), &[]));
    let (file, log) = (folder.path().join("settings.toml"), folder.path().join("security.log"));
    let data = folder.path().join("data");
    let settings = format!("data = {data:?}\nsecurity-log = {log:?}\nteam-mfa = false\nproxies = 1\n");
    fs::write(&file, settings).unwrap();
    let run = |flags: &[&str]| {
        let flags = [flags, &["--settings", file.to_str().unwrap()]].concat();
        let output = command(folder.path(), &flags).env_remove("HABILITATION_DATA").output().unwrap();
        let (told, reason) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        (output.status.success(), told, reason)
    };
    let (is_done, told, reason) = run(&["list-recoveries"]);
    assert_eq!((is_done, told.as_str()), (true, "No call for a draft waits for a decision.\n"), "{reason}");
    let authority = ["--reason", "Départ", "--by", "Alix Mercier", "--second", "Sacha Petit"];
    let to = "personne@vallon.example";
    for (words, said) in [
        (&["reassign", "--request", "FC-2026-000001", "--to", to][..], "there is no request FC-2026-000001"),
        (&["move-organisation", "--from", "219900420", "--to", "999001738"], "no request belongs to the organisation"),
        (&["decide-recovery", "--recovery", "0", "--grant"], "--recovery: this is no identifier"),
        (&["erase-person", "--person", to], "nobody has signed in as"),
    ] {
        let (is_done, _, reason) = run(&[words, &authority].concat());
        assert!(!is_done && reason.contains(said), "{words:?}: {reason}");
    }
    assert_eq!(
        fs::read_to_string(&log).unwrap().lines().count(),
        4,
        "each is told in the security log of the settings"
    );

    // A flag overrules the file, and what is no setting is refused.
    let (is_done, _, reason) = run(&["list-recoveries", "--data", "/nonexistent"]);
    assert!(!is_done && reason.contains("--data /nonexistent: there is no database"), "{reason}");
    fs::write(&file, "dta = \"data\"").unwrap();
    let (is_done, _, reason) = run(&["list-recoveries"]);
    assert!(!is_done && reason.contains("there is no setting dta; the nearest is data"), "{reason}");
}

#[test]
fn a_check_reads_the_team_and_the_directory() {
    let folder = folder_with_page();
    let file = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).to_str().unwrap().to_owned()
    };
    let issuer = "http://127.0.0.1:1/api/v2";
    let member = format!(
        "{{\"members\": [{{\"issuer\": {issuer:?}, \"subject\": \"5f2c\", \"name\": \"Claire\", \"role\": \"examiner\"}}]}}"
    );
    let (team, wrong, secret) =
        (file("team.json", &member), file("wrong.json", "{}"), file("secret", "0123456789abcdef0123456789abcdef"));
    let check = |team: &str| {
        let flags = ["--proconnect-issuer", issuer, "--proconnect-client-id", "a", "--proconnect-secret-file", &secret];
        let more = ["--trusted-identity-providers", "ministry", "--team", team];
        let directory = ["--organisation-api", "http://127.0.0.1:1/search"];
        run(folder.path(), &[&["check"][..], &flags, &more, &directory].concat()).1
    };
    let told = check(&team);
    assert!(told.contains("ok      team: its file lists 1\n"), "{told}");
    assert!(told.contains("ok      directory: http://127.0.0.1:1/search is asked"), "{told}");
    assert!(check(&wrong).contains("failed  settings: --team"), "{}", check(&wrong));
}

#[test]
fn the_address_of_a_partner_is_not_repeated() {
    let folder = folder_with_page();
    let reason =
        Program::try_start(folder.path(), &["--webhook-url", "http://partner.example/motdepasse"]).err().unwrap();
    assert!(reason.contains("--webhook-url") && !reason.contains("motdepasse"), "{reason}");
}

#[tokio::test]
async fn secrets_are_neither_in_the_help_nor_in_the_log_nor_in_what_probes_are_told() {
    let folder = folder_with_page();
    let secret = "motdepasse-motdepasse-motdepasse";
    let file = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).to_str().unwrap().to_owned()
    };
    let smtp = file("smtp", &format!("smtp://user:{secret}@127.0.0.1:1\n"));
    let bounces = file("bounces", secret);
    let settings = file(
        "settings.toml",
        &format!(
            "smtp-file = {smtp:?}\nbounce-secret-file = {bounces:?}\nlog-level = \"trace\"\n\
             service-name = \"a\"\nservice-address = \"a\"\nservice-phone = \"01 99 00 45 00\"\n"
        ),
    );
    let program = Program::start(folder.path(), &["--settings", &settings]);
    let ready = program.call("GET", "/readyz").send().await;
    assert!(ready.status == 200 && !ready.text().contains("motdepasse"));
    let (_, log) = program.stop("-TERM");
    assert!(!log.contains("motdepasse"), "{log}");

    for arguments in [&["--help"][..], &["check", "--help"]] {
        let mut command = command(folder.path(), arguments);
        for variable in ["SMTP", "WEBHOOK_SECRET", "BOUNCE_SECRET"] {
            command.env(format!("HABILITATION_{variable}"), secret);
        }
        let help = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert!(help.contains("HABILITATION_BOUNCE_SECRET") && !help.contains("motdepasse"), "{help}");
    }
}

#[tokio::test]
async fn a_check_tells_of_each_thing_that_the_server_needs() {
    let folder = folder_with_page();
    let subjects = |told: &str| -> Vec<String> {
        told.lines().map(|line| line.split(':').next().unwrap().replace("ok      ", "")).collect()
    };
    let (code, told, _) = run(folder.path(), &["check"]);
    assert_eq!(code, Some(0), "{told}");
    let all = [
        "settings",
        "data folder",
        "bucket",
        "database",
        "page",
        "relay",
        "webhook",
        "identity provider",
        "team",
        "directory",
    ];
    assert_eq!(subjects(&told), all);

    let program = Program::start(folder.path(), &[]);
    program.sign_in().await;
    let (code, told, _) = run(folder.path(), &["check"]);
    assert!(code == Some(0) && told.contains("documents: all 0 are there"), "beside the server: {told}");
    assert_eq!(program.call("GET", "/readyz").send().await.status, 200);
    program.stop("-TERM");
    let (code, told, _) = run(folder.path(), &["check"]);
    assert!(code == Some(0) && told.contains("database: it is whole, with 0 requests"), "{told}");
    assert!(!folder.path().join("data/habilitation.sqlite-wal").exists(), "nothing is left behind");
}

#[test]
fn a_check_of_what_is_wrong_fails_and_says_of_what() {
    let folder = folder_with_page();
    drop(Program::start(folder.path(), &[]));
    let data = folder.path().join("data");
    let database = || rusqlite::Connection::open(data.join("habilitation.sqlite")).unwrap();
    let failed = |flags: &[&str]| {
        let (code, told, reason) = run(folder.path(), &[&["check"], flags].concat());
        assert!(code == Some(1) && reason.starts_with("error: one check failed"), "{told}{reason}");
        told.lines().find_map(|line| line.strip_prefix("failed  ")).unwrap().to_owned()
    };
    assert!(failed(&["--dist", "/nonexistent"]).starts_with("page: --dist /nonexistent"));
    assert!(failed(&["--webhook-url", "https://a.example"]).starts_with("settings: --webhook-url needs"));
    assert!(
        failed(&["--team", "/nonexistent"]).starts_with("settings: --team takes people who sign in with ProConnect")
    );

    let row = "INSERT INTO documents (request, id, owner, file, type, size) VALUES ('a', 'b', 'c', ?1, 'd', 9)";
    let file = "0123456789abcdef0123456789abcdef";
    database()
        .execute_batch(&format!("PRAGMA foreign_keys = off; {}", row.replace("?1", &format!("'{file}'"))))
        .unwrap();
    assert_eq!(failed(&[]), "documents: 1 of 1 are missing or of another length");
    fs::write(data.join("documents").join(file), "too short").unwrap();
    assert!(run(folder.path(), &["check"]).1.contains("documents: all 1 are there"));

    let version: u32 = database().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    database().pragma_update(None, "user_version", version + 1).unwrap();
    assert!(failed(&[]).ends_with("a later release wrote it"));
    fs::write(data.join("habilitation.sqlite"), "damaged".repeat(1000)).unwrap();
    assert!(failed(&[]).starts_with("database: "));
}

#[test]
fn a_check_greets_the_relay_the_partner_and_the_provider_and_sends_nothing() {
    let folder = folder_with_page();
    let relay = stand_in("220 relay.example\r\n", |line| {
        let verb = line.split(' ').next().unwrap_or_default();
        Some(if ["EHLO", "QUIT"].contains(&verb) { "250 relay.example\r\n" } else { "500 no\r\n" }.to_owned())
    });
    let partner = stand_in("", |line| {
        assert!(!line.starts_with("POST"), "a notice was sent");
        line.is_empty().then(|| "HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n".to_owned())
    });
    let secret = folder.path().join("secret");
    fs::write(&secret, "0123456789abcdef0123456789abcdef").unwrap();
    let check = |relay: SocketAddr, partner: SocketAddr, provider: &str| {
        let flags = [
            "check".to_owned(),
            format!("--smtp=smtp://{relay}"),
            "--service-name=a".to_owned(),
            "--service-address=a".to_owned(),
            "--service-phone=a".to_owned(),
            format!("--webhook-url=http://{partner}/notices"),
            "--webhook-secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
            format!("--proconnect-issuer={provider}"),
            "--proconnect-client-id=habilitation".to_owned(),
            format!("--proconnect-secret-file={}", secret.display()),
        ];
        run(folder.path(), &flags.iter().map(String::as_str).collect::<Vec<_>>())
    };
    // The document names its issuer, whose port is known once somebody listens.
    let provider = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let issuer = format!("http://{provider}/api/v2");
    let (code, told, reason) = check(relay, partner, &issuer);
    assert_eq!(code, Some(1), "{told}{reason}");
    for line in [
        &*format!("ok      relay: {relay} answers without TLS"),
        "ok      webhook: 127.0.0.1 answers, with 405",
        &format!("failed  identity provider: {issuer}: the provider does not answer"),
    ] {
        assert!(told.contains(line), "{line} in {told}");
    }
    let provider = stand_in("", http("{\"issuer\": \"https://elsewhere.example\"}".to_owned()));
    let (_, told, _) = check(relay, partner, &format!("http://{provider}"));
    assert!(told.contains("failed  identity provider"), "{told}");
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (_, told, _) = check(nobody, nobody, &issuer);
    assert!(told.contains("failed  relay: 127.0.0.1") && told.contains("failed  webhook: 127.0.0.1"), "{told}");
}
