//! `/metrics`, as a program reads it, and what is made of it: alert rules and a dashboard.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};

use serde_json::json;
use tempfile::TempDir;

use crate::app::address;
use crate::call::Call;
use crate::program::{Program, command, folder_with_page};
use habilitation_fixtures::{id, pdf, ready};

/// Files that name metrics, as they are packaged.
const MADE_OF_METRICS: [&str; 2] = [
    include_str!("../../../../packaging/prometheus-alerts.yml"),
    include_str!("../../../../packaging/grafana-dashboard.json"),
];

/// A server with metrics, and their address.
struct Metered {
    program: Program,
    origin: String,
    _folder: TempDir,
}

impl Metered {
    fn start() -> Self {
        let folder = folder_with_page();
        // The log says where the metrics are, if the system gave them a port.
        let flags = ["--metrics-listen", "127.0.0.1:0", "--log-format", "json"];
        let mut program = Program::run(&mut command(folder.path(), &flags)).unwrap();
        let mut log = BufReader::new(program.log());
        let mut line = String::new();
        while !line.contains("metrics are at") {
            line.clear();
            assert!(log.read_line(&mut line).unwrap() > 0, "the log tells no address");
        }
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        let said: serde_json::Value = serde_json::from_str(&line).unwrap();
        let origin = format!("http://{}", said["address"].as_str().unwrap());
        Self { program, origin, _folder: folder }
    }

    async fn text(&self) -> String {
        let answer = Call::to(&self.origin, "GET", "/metrics").send().await;
        assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        answer.text()
    }
}

/// Returns the sum of the samples of a name that have these labels, among others.
fn sum(text: &str, name: &str, labels: &[(&str, &str)]) -> f64 {
    let mut sum = 0.0;
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (series, number) = line.rsplit_once(' ').unwrap();
        let number: f64 = number.parse().unwrap();
        let (found, of_it) = series.split_once('{').unwrap_or((series, "}"));
        let has = |(label, value): &(&str, &str)| of_it.contains(&format!("{label}=\"{value}\""));
        if found == name && labels.iter().all(has) {
            sum += number;
        }
    }
    sum
}

#[tokio::test]
async fn metrics_tell_what_was_done_and_nothing_of_anybody() {
    let metered = Metered::start();
    let call = |method: &str, path: &str| metered.program.call(method, path);
    assert_eq!(sum(&metered.text().await, "habilitation_saves_total", &[]), 0.0);
    let cookie = metered.program.sign_in().await;
    let save = |expected: &str, value: &str| {
        let body = json!({"schema": 1, "draft": ready()});
        call("PUT", &address(&id(1))).header("cookie", &cookie).header(expected, value).json(&body)
    };
    assert_eq!(save("if-none-match", "*").send().await.status, 201);
    assert_eq!(save("if-match", "\"9\"").send().await.status, 412);
    let document = format!("{}/documents/{}", address(&id(1)), id(9));
    let send = call("PUT", &document).header("cookie", &cookie).header("content-type", "application/pdf");
    assert_eq!(send.body(&pdf("plan")).send().await.status, 201);
    let submit = call("POST", &format!("{}/submission", address(&id(1)))).header("cookie", &cookie);
    assert_eq!(submit.header("if-match", "\"1\"").send().await.status, 201);

    let scrape = metered.text().await;
    for (name, labels, number) in [
        ("habilitation_saves_total", &[][..], 1.0),
        ("habilitation_save_conflicts_total", &[], 1.0),
        ("habilitation_submissions_total", &[], 1.0),
        ("habilitation_uploads_total", &[], 1.0),
        ("habilitation_uploaded_bytes_total", &[], 13.0),
        ("habilitation_storage_failures_total", &[], 0.0),
        ("habilitation_decisions_total", &[("kind", "accepted")], 0.0),
        ("habilitation_sessions", &[], 1.0),
        ("habilitation_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0),
        (
            "habilitation_http_request_duration_seconds_count",
            &[("method", "PUT"), ("route", "/api/requests/{id}"), ("status", "412")],
            1.0,
        ),
    ] {
        assert_eq!(sum(&scrape, name, labels), number, "{name} {labels:?}");
    }
    for operation in ["read", "write"] {
        assert!(sum(&scrape, "habilitation_database_duration_seconds_count", &[("operation", operation)]) > 0.0);
    }
    let text = scrape;
    let token = cookie.split_once('=').unwrap().1;
    for secret in ["noemie", "Noémie", "vallon", token, id(1).as_str(), id(9).as_str(), "127.0.0.1"] {
        assert!(!text.contains(secret), "{secret} is in the metrics:\n{text}");
    }
    assert_eq!(call("GET", "/metrics").send().await.status, 404, "it is not among what everybody may call");
}

#[tokio::test]
async fn alert_rules_and_dashboard_name_metrics_that_there_are() {
    let metered = Metered::start();
    metered.program.sign_in().await;
    // A purge is done at the start; a mail is attempted once something is submitted.
    let body = json!({"schema": 1, "draft": ready()});
    let cookie = metered.program.sign_in().await;
    let save = metered.program.call("PUT", &address(&id(1))).header("cookie", &cookie);
    assert_eq!(save.header("if-none-match", "*").json(&body).send().await.status, 201);
    let submit = metered.program.call("POST", &format!("{}/submission", address(&id(1)))).header("cookie", &cookie);
    assert_eq!(submit.header("if-match", "\"1\"").send().await.status, 201);
    let mut told = metered.text().await;
    while !told.contains("habilitation_delivery_attempts_total{") || !told.contains("habilitation_purge_last") {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        told = metered.text().await;
    }
    let there: BTreeSet<&str> = told.lines().filter_map(|line| line.split(['{', ' ']).next()).collect();
    for file in MADE_OF_METRICS {
        let names: BTreeSet<&str> = file
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .filter(|word| word.starts_with("habilitation_"))
            .collect();
        assert!(names.len() > 5, "{names:?}");
        let missing: Vec<_> = names.difference(&there).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
    serde_json::from_str::<serde_json::Value>(MADE_OF_METRICS[1]).unwrap();
}
