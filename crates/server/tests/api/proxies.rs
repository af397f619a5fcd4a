//! The server behind real proxies, each with the very configuration that `docs/proxies.md` gives.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use habilitation_model::document::MAX_SIZE;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::app::{address, tag};
use crate::call::Call;
use crate::program::{Program, folder_with_page};
use habilitation_fixtures::{id, named, pdf};

const PORTAL: &str = "https://portail.example";

const GUIDE: &str = include_str!("../../../../docs/proxies.md");

/// The block of the guide in a language.
fn block(language: &str) -> &'static str {
    let opening = format!("```{language}\n");
    let mut parts = GUIDE.split(&opening);
    let block = parts.nth(1).unwrap().split("```").next().unwrap();
    assert!(parts.next().is_none(), "the guide has one block of {language}");
    block
}

/// Sets a value in place of the one in the guide, which has to be there.
fn set(text: &str, value: &str, own: &str) -> String {
    assert!(text.contains(value), "{value}:\n{text}");
    text.replace(value, own)
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A program of the system; operators' programs are not on everybody's path.
fn find(program: &str, package: &str) -> PathBuf {
    let path = std::env::var("PATH").unwrap_or_default();
    let folders = path.split(':').chain(["/usr/sbin", "/usr/local/sbin"]);
    let found = folders.map(|folder| Path::new(folder).join(program)).find(|file| file.is_file());
    found.unwrap_or_else(|| {
        panic!("{program} is missing, and this test runs it: install it with `apt-get install {package}`, or run `cargo xtask test`")
    })
}

/// A proxy before a server, both as the guide says.
struct Proxied {
    origin: String,
    /// Address at which the server itself listens.
    behind: String,
    proxy: Child,
    server: Program,
    folder: TempDir,
}

impl Drop for Proxied {
    fn drop(&mut self) {
        // Its workers end with it when it is asked to, not when it is killed.
        let _ = Command::new("kill").arg(self.proxy.id().to_string()).status();
        let _ = self.proxy.wait();
    }
}

impl Proxied {
    async fn nginx(flags: &[&str]) -> Self {
        Self::start(flags, |folder, port, server| {
            let block = set(block("nginx"), "127.0.0.1:8080", server);
            let block = set(&block, "listen 443 ssl;", &format!("listen 127.0.0.1:{port} default_server;"));
            let block = set(&block, "listen 80;", &format!("listen 127.0.0.1:{};", free_port()));
            let (certificate, others): (Vec<&str>, Vec<&str>) =
                block.lines().partition(|line| line.trim().starts_with("ssl_certificate"));
            assert_eq!(certificate.len(), 2);
            let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map(|kind| format!("{kind}_temp_path {}/{kind};\n", folder.display()))
                .concat();
            let configuration = format!(
                "daemon off;\nuser root;\npid {0}/nginx.pid;\nerror_log {0}/nginx.log;\nworker_processes 1;\nevents {{}}\n\
                 http {{\naccess_log off;\n{temporary}\n{1}\n}}\n",
                folder.display(),
                others.join("\n")
            );
            let file = folder.join("nginx.conf");
            fs::write(&file, configuration).unwrap();
            let mut nginx = Command::new(find("nginx", "nginx-light"));
            nginx.arg("-p").arg(folder).arg("-e").arg(folder.join("nginx.log")).arg("-c").arg(file);
            nginx
        })
        .await
    }

    async fn caddy(flags: &[&str]) -> Self {
        Self::start(flags, |folder, port, server| {
            let block = set(block("caddy"), "127.0.0.1:8080", server);
            let block = set(&block, "habilitation.example {", &format!("http://127.0.0.1:{port} {{"));
            let file = folder.join("Caddyfile");
            fs::write(&file, format!("{{\n\tadmin off\n}}\n{block}")).unwrap();
            let mut caddy = Command::new(find("caddy", "caddy"));
            caddy.args(["run", "--adapter", "caddyfile", "--config"]).arg(file).env("HOME", folder);
            caddy
        })
        .await
    }

    /// Starts both. `proxy` says how, given a folder, the port to listen on and where the server is.
    async fn start(flags: &[&str], proxy: impl FnOnce(&Path, u16, &str) -> Command) -> Self {
        let folder = folder_with_page();
        fs::write(folder.path().join("dist/index.html"), "<!doctype html>\n".repeat(100)).unwrap();
        fs::write(folder.path().join("dist/index.html.br"), "brotli").unwrap();
        let (port, behind) = (free_port(), format!("127.0.0.1:{}", free_port()));
        let origin = format!("http://127.0.0.1:{port}");
        let command = set(block("sh").trim(), "127.0.0.1:8080", &behind);
        let command = set(&command, "https://habilitation.example", &origin);
        let told: Vec<&str> = command.split_whitespace().skip(1).chain(flags.iter().copied()).collect();
        let server = Program::start(folder.path(), &told);
        let mut command = proxy(folder.path(), port, &behind);
        let proxy = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut proxied = Self { origin, behind, proxy, server, folder };
        while TcpStream::connect(&proxied.origin["http://".len()..]).await.is_err() {
            let log = || fs::read_to_string(proxied.folder.path().join("nginx.log")).unwrap_or_default();
            assert!(proxied.proxy.try_wait().unwrap().is_none(), "the proxy does not start: {}", log());
            sleep(Duration::from_millis(10)).await;
        }
        proxied
    }

    fn call(&self, method: &str, path: &str) -> Call {
        Call::to(&self.origin, method, path)
    }

    /// Signs in past the proxy: the demonstration, which has no passwords, is not for those who come through one.
    async fn sign_in(&self) -> String {
        let body = json!({"person": "noemie"});
        self.call("POST", "/api/demo/session").json(&body).send().await.problem(403, "passed-on");
        let host = &self.origin["http://".len()..];
        let direct = Call::new(self.behind.parse().unwrap(), "POST", "/api/demo/session").header("host", host);
        let answer = direct.header("origin", &self.origin).json(&body).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    /// A portal asks whether it was granted anything.
    fn claim(&self) -> Call {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        self.call("POST", "/api/embed/tokens").header("origin", PORTAL).json(&json!({"verifier": verifier}))
    }
}

/// A file of the largest size.
fn largest() -> Vec<u8> {
    let mut bytes = pdf("");
    bytes.extend((0..).map(|place: u32| place.to_le_bytes()[1]).take(usize::try_from(MAX_SIZE).unwrap() - bytes.len()));
    bytes
}

/// Checks that what a person does, and what is refused them, comes through unchanged.
async fn everything_comes_through(proxied: &Proxied) {
    let cookie = proxied.sign_in().await;
    let call = |method: &str, path: &str| proxied.call(method, path).header("cookie", &cookie);
    let save = |number: u8| {
        let body = json!({"schema": 1, "draft": named("Guichet citoyen")});
        call("PUT", &address(&id(number))).json(&body)
    };
    let saved = save(1).header("if-none-match", "*").send().await;
    assert_eq!((saved.status, saved.header("etag")), (201, Some("\"1\"")));
    assert_eq!(saved.header("location"), Some(address(&id(1)).as_str()));
    assert_eq!(save(1).header("if-match", &tag(1)).send().await.status, 200);
    let stale = save(1).header("if-match", &tag(1)).send().await.problem(412, "stale");
    assert_eq!(stale.current.unwrap().revision, 2);
    save(1).send().await.problem(428, "precondition-required");
    let again = call("GET", &address(&id(1))).header("if-none-match", &tag(2)).send().await;
    assert_eq!((again.status, again.body.len()), (304, 0));

    let document = format!("{}/documents/{}", address(&id(1)), id(9));
    let file = largest();
    let sent = call("PUT", &document).header("content-type", "image/heic").body(&file).send().await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    let read = call("GET", &document).send().await;
    assert_eq!(read.header("content-length"), Some(MAX_SIZE.to_string().as_str()));
    assert!(read.body == file, "every byte of it");
    assert!(read.header("content-disposition").unwrap().starts_with("attachment; filename=\"document.pdf\""));
    assert_eq!(read.header("cache-control"), Some("no-store"));

    let too_large = call("PUT", &document).body(&[&file[..], b"x"].concat()).send().await;
    assert_eq!(too_large.problem(413, "too-large").limit, Some(MAX_SIZE));
    call("PUT", &document).body(b"plain text").send().await.problem(415, "unsupported-file");
    // Refused while the body is still on its way.
    proxied.call("PUT", &document).body(&file).send().await.problem(401, "signed-out");
    call("GET", &address(&id(2))).send().await.problem(404, "not-found");
    call("BREW", "/").send().await.problem(405, "method-not-allowed");
    call("DELETE", &address(&id(1)))
        .header("origin", "https://theirs.example")
        .send()
        .await
        .problem(403, "foreign-origin");

    let page = proxied.call("GET", "/").header("accept-encoding", "br, gzip").send().await;
    assert_eq!((page.header("content-encoding"), page.text().as_str()), (Some("br"), "brotli"));
    assert!(page.header("etag").unwrap().starts_with('"'), "not weakened");
    assert!(page.header("content-security-policy").is_some());
    let plain = proxied.call("GET", "/").send().await;
    assert_eq!(plain.header("content-encoding"), None);
    let head = proxied.call("HEAD", "/").send().await;
    assert_eq!((head.status, head.header("etag")), (200, plain.header("etag")));
}

/// Checks that a file reaches the server while its rest is still to come. The call ends well.
async fn files_go_on_as_they_come(proxied: &Proxied) {
    let cookie = proxied.sign_in().await;
    let body = json!({"schema": 1, "draft": named("a")});
    let save = proxied.call("PUT", &address(&id(3))).header("cookie", &cookie).header("if-none-match", "*").json(&body);
    assert_eq!(save.send().await.status, 201);
    let file = largest();
    let (first, rest) = file.split_at(file.len() / 2);
    let host = &proxied.origin["http://".len()..];
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "PUT {}/documents/{} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {cookie}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        address(&id(3)),
        id(9),
        file.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(first).await.unwrap();
    let incoming = || {
        let files = fs::read_dir(proxied.folder.path().join("data/incoming")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>()
    };
    let begun = Instant::now();
    while incoming() < MAX_SIZE / 4 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the proxy keeps what has come");
        sleep(Duration::from_millis(5)).await;
    }
    stream.write_all(rest).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
}

/// Callers are told apart by what the proxy says of them, never by what they say of themselves.
async fn callers_are_told_apart(proxied: &Proxied) {
    for (caller, status) in [("127.0.0.2", 202), ("127.0.0.2", 202), ("127.0.0.2", 429), ("127.0.0.3", 202)] {
        assert_eq!(proxied.claim().from(caller).send().await.status, status, "{caller}");
    }
    let refused = proxied.claim().from("127.0.0.2").header("x-forwarded-for", "192.0.2.1").send().await;
    refused.problem(429, "too-many-calls");
    assert!(refused.header("retry-after").is_some());
}

#[tokio::test]
async fn behind_nginx_everything_comes_through() {
    everything_comes_through(&Proxied::nginx(&[]).await).await;
}

#[tokio::test]
async fn behind_caddy_everything_comes_through() {
    everything_comes_through(&Proxied::caddy(&[]).await).await;
}

#[tokio::test]
async fn behind_nginx_and_caddy_files_go_on_as_they_come() {
    files_go_on_as_they_come(&Proxied::nginx(&[]).await).await;
    files_go_on_as_they_come(&Proxied::caddy(&[]).await).await;
}

#[tokio::test]
async fn behind_nginx_and_caddy_callers_are_told_apart() {
    let flags = ["--embed-claims-per-minute", "2", "--embed-origin", PORTAL];
    callers_are_told_apart(&Proxied::nginx(&flags).await).await;
    callers_are_told_apart(&Proxied::caddy(&flags).await).await;
}

#[tokio::test]
async fn another_name_is_answered_in_words_behind_nginx_too() {
    let proxied = Proxied::nginx(&[]).await;
    let other = |path: &str| proxied.call("GET", path).header("host", "theirs.example");
    let page = other("/").header("accept", "text/html,*/*;q=0.8").send().await;
    assert_eq!((page.status, page.header("content-type")), (421, Some("text/html; charset=utf-8")));
    assert!(page.text().contains(&format!("<a href=\"{}/\">", proxied.origin)), "{}", page.text());
    other("/api/session").send().await.problem(421, "misdirected");
    // A proxy that does not pass the name on, as nginx by itself: the server sees that of the upstream.
    let direct = Call::new(proxied.behind.parse().unwrap(), "GET", "/").header("host", "habilitation");
    assert_eq!(direct.header("accept", "text/html").send().await.status, 421);
    assert_eq!(proxied.server.origin(), proxied.origin);
}
