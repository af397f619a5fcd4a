//! Documents in a bucket: what people are told when it fails, what a kill leaves in it, and the commands.

use std::fs;
use std::path::Path;
use std::time::Duration;

use habilitation_bucket::{Bucket, Fault, NAME, SECRET};
use habilitation_fixtures::{id, named, pdf};
use jiff::{SignedDuration, Timestamp};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::app::{TestApp, address};
use crate::call::Call;
use crate::program::{Program, command, folder_with_page};

/// A document of three parts.
fn large() -> Vec<u8> {
    let mut body = pdf("");
    body.resize(10 * 1024 * 1024, b'x');
    body
}

/// Waits until something holds that the server does by itself.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_bucket_that_fails_is_told_and_can_be_tried_again_while_everything_else_works() {
    let app = TestApp::builder().bucket(Bucket::start()).start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    who.send(&id(1), &id(9), &pdf("kept")).await;
    let path = format!("{}/documents/{}", address(&id(1)), id(9));
    let faults = [
        (Fault::Refuse(507, "InsufficientStorage"), 507, "storage-full"),
        (Fault::Refuse(500, "InternalError"), 503, "storage-away"),
        (Fault::HangUp, 503, "storage-away"),
    ];
    for (fault, status, kind) in faults {
        app.bucket().fail(fault);
        for body in [pdf("new"), large()] {
            let refused = who.upload(&id(1), &id(10), &body).send().await;
            refused.problem(status, kind);
            assert!(refused.header("retry-after").is_some(), "{fault:?}");
        }
        who.get(&path).await.problem(503, "storage-away");
        assert_eq!(app.get("/readyz").await.status, 200, "{fault:?}");
        assert_eq!(who.read(&id(1)).await.arrived, [id(9)]);
        app.bucket().mend();
        who.send(&id(1), &id(10), &large()).await;
        assert_eq!(who.get(&path).await.body, pdf("kept"));
        assert_eq!(who.call("DELETE", &format!("{}/documents/{}", address(&id(1)), id(10))).send().await.status, 204);
    }
}

#[tokio::test]
async fn a_bucket_that_is_slow_is_waited_for_no_longer_than_the_operator_says() {
    let short = |settings: &mut habilitation_server::settings::Settings| settings.bucket.bucket_timeout_seconds = 1;
    let app = TestApp::builder().bucket(Bucket::start()).with(short).start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    app.bucket().fail(Fault::Slow(Duration::from_secs(60)));
    let begun = Instant::now();
    who.upload(&id(1), &id(9), &pdf("a")).send().await.problem(503, "storage-away");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(app.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn a_server_starts_while_its_bucket_is_away_and_uses_it_once_it_is_there() {
    let mut bucket = Bucket::start();
    bucket.stop();
    let mut app = TestApp::builder().bucket(bucket).start().await;
    {
        let who = app.sign_in("noemie").await;
        who.create(&id(1), &named("a")).await;
        who.upload(&id(1), &id(9), &pdf("a")).send().await.problem(503, "storage-away");
    }
    app.bucket_to_stop().start_again();
    let cookie = {
        let who = app.sign_in("noemie").await;
        who.send(&id(1), &id(9), &pdf("a")).await;
        who.cookie
    };
    app.bucket_to_stop().stop();
    app.bucket_to_stop().start_again();
    let who = crate::app::Person { app: &app, cookie };
    assert_eq!(who.get(&format!("{}/documents/{}", address(&id(1)), id(9))).await.body, pdf("a"));
}

#[tokio::test]
async fn a_download_that_is_cut_for_good_is_not_taken_for_whole() {
    let app = TestApp::builder().bucket(Bucket::start()).start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    who.send(&id(1), &id(9), &large()).await;
    app.bucket().fail(Fault::CutAfter(1024));
    let call = who.call("GET", &format!("{}/documents/{}", address(&id(1)), id(9)));
    // The line is cut, or it was before the answer began.
    assert!(call.try_send().await.is_none_or(|answer| answer.status == 503));
}

#[tokio::test]
async fn an_upload_that_its_sender_cuts_leaves_nothing() {
    let app = TestApp::builder().bucket(Bucket::start()).start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    let stream = half_an_upload(app.origin(), &who.cookie).await;
    let bucket = app.bucket();
    until("it is sent while it comes", || bucket.unfinished() == 1).await;
    drop(stream);
    until("it is aborted", || bucket.unfinished() == 0).await;
    assert_eq!(app.files().len(), 0);
}

/// Sends the head and the first 6 MiB of a document of 10, and leaves the line open.
async fn half_an_upload(origin: &str, cookie: &str) -> TcpStream {
    let host = origin.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).await.unwrap();
    let length = 10 * 1024 * 1024;
    let head = format!(
        "PUT {}/documents/{} HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncookie: {cookie}\r\n\
         content-length: {length}\r\n\r\n",
        address(&id(1)),
        id(9)
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&large()[..6 * 1024 * 1024]).await.unwrap();
    stream
}

#[tokio::test]
async fn what_nothing_refers_to_is_swept_after_a_day() {
    let app = TestApp::builder().bucket(Bucket::start()).start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    who.send(&id(1), &id(9), &pdf("known")).await;
    let top = app.bucket().objects();
    let (lost, theirs) = (top.join("prod/0123456789abcdef0123456789abcdef"), top.join("prod/report.pdf"));
    for path in [&lost, &theirs] {
        let file = fs::File::create(path).unwrap();
        file.set_modified(std::time::SystemTime::from(app.now())).unwrap();
    }
    app.purge().await;
    assert!(lost.exists(), "it may be on its way");
    app.wait(SignedDuration::from_hours(25));
    app.purge().await;
    assert!(!lost.exists() && theirs.exists());
}

/// Returns a command whose documents are in a bucket, under a prefix.
fn with_bucket(folder: &Path, bucket: &Bucket, prefix: &str, arguments: &[&str]) -> std::process::Command {
    let mut command = command(folder, arguments);
    command.envs(bucket.variables()).env("HABILITATION_BUCKET", format!("s3://{NAME}/{prefix}"));
    command.env("HABILITATION_BUCKET_TIMEOUT_SECONDS", "30");
    command
}

fn run(folder: &Path, bucket: &Bucket, prefix: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = with_bucket(folder, bucket, prefix, arguments).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(told).unwrap())
}

#[tokio::test]
async fn a_kill_in_the_middle_of_an_upload_leaves_nothing_that_stays() {
    let (folder, bucket) = (folder_with_page(), Bucket::start());
    let program = Program::run(&mut with_bucket(folder.path(), &bucket, "prod", &[])).unwrap();
    let cookie = program.sign_in().await;
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*");
    assert_eq!(save.json(&serde_json::json!({"schema": 1, "draft": named("a")})).send().await.status, 201);
    let _stream = half_an_upload(program.origin(), &cookie).await;
    until("it is sent while it comes", || bucket.unfinished() == 1).await;
    program.kill();
    assert_eq!(bucket.unfinished(), 1, "nobody aborted it");
    let data = folder.path().join("data");
    let now = Timestamp::try_from(fs::metadata(&data).unwrap().modified().unwrap()).unwrap();
    let app = TestApp::builder().bucket(bucket).with(|settings| settings.data = data).start().await;
    // The bucket has a clock of its own.
    app.wait(app.now().duration_until(now));
    app.purge().await;
    assert_eq!(app.bucket().unfinished(), 1, "it may be on its way");
    app.wait(SignedDuration::from_hours(25));
    app.purge().await;
    assert_eq!(app.files().len(), 0);
}

#[tokio::test]
async fn documents_move_from_a_folder_to_a_bucket_and_back_by_a_backup() {
    let (folder, bucket) = (folder_with_page(), Bucket::start());
    let program = Program::start(folder.path(), &[]);
    let cookie = program.sign_in().await;
    let call =
        |program: &Program, method: &str, path: &str| -> Call { program.call(method, path).header("cookie", &cookie) };
    let save = call(&program, "PUT", &address(&id(1))).header("if-none-match", "*");
    assert_eq!(save.json(&serde_json::json!({"schema": 1, "draft": named("a")})).send().await.status, 201);
    let document = |number: u8| format!("{}/documents/{}", address(&id(1)), id(number));
    for (number, bytes) in [(9, pdf("small")), (10, large())] {
        assert_eq!(call(&program, "PUT", &document(number)).body(&bytes).send().await.status, 201);
    }
    let first = folder.path().join("backup");
    let (code, told) = {
        let output = command(folder.path(), &["backup", first.to_str().unwrap()]).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(code, Some(0), "{told}");
    program.stop("-TERM");
    let refused = Program::run(&mut with_bucket(folder.path(), &bucket, "prod", &[])).err().unwrap();
    assert!(refused.contains("its documents are in the folder"), "{refused}");

    let moved = folder_with_page();
    let (code, told) = run(moved.path(), &bucket, "prod", &["restore", first.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(bucket.keys().len(), 3, "two documents and the mark");
    let (code, told) = run(moved.path(), &bucket, "prod", &["check"]);
    assert!(code == Some(0) && told.contains("ok      bucket: s3://documents/prod can be written"), "{told}");
    assert!(told.contains("documents: all 2 are there") && !told.contains(SECRET), "{told}");
    assert_eq!(bucket.keys().len(), 3, "a check leaves nothing");
    let (code, told) = run(folder_with_page().path(), &bucket, "prod", &["restore", first.to_str().unwrap()]);
    assert!(code == Some(1) && told.contains("it belongs to another data folder"), "{told}");

    let program = Program::run(&mut with_bucket(moved.path(), &bucket, "prod", &[])).unwrap();
    let cookie = program.sign_in().await;
    let answer = program.call("GET", &document(10)).header("cookie", &cookie).send().await;
    assert!(answer.status == 200 && answer.body == large());
    let second = moved.path().join("backup");
    let arguments = ["backup", second.to_str().unwrap()];
    let (code, told) = run(moved.path(), &bucket, "prod", &arguments);
    assert!(code == Some(0) && told.contains("2 documents were copied now"), "{told}");
    let (code, told) = run(moved.path(), &bucket, "prod", &arguments);
    assert!(code == Some(0) && told.contains("0 documents were copied now"), "{told}");

    let back = folder_with_page();
    let restore = command(back.path(), &["restore", second.to_str().unwrap()]).output().unwrap();
    assert!(restore.status.success(), "{}", String::from_utf8_lossy(&restore.stderr));
    let program = Program::start(back.path(), &[]);
    let cookie = program.sign_in().await;
    for (number, bytes) in [(9, pdf("small")), (10, large())] {
        let answer = program.call("GET", &document(number)).header("cookie", &cookie).send().await;
        assert!(answer.status == 200 && answer.body == bytes, "{number}");
    }
}

#[tokio::test]
async fn a_restore_that_its_bucket_cut_goes_on_in_the_same_place() {
    let (folder, mut bucket) = (folder_with_page(), Bucket::start());
    let program = Program::start(folder.path(), &[]);
    let cookie = program.sign_in().await;
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*");
    assert_eq!(save.json(&serde_json::json!({"schema": 1, "draft": named("a")})).send().await.status, 201);
    let path = format!("{}/documents/{}", address(&id(1)), id(9));
    assert_eq!(program.call("PUT", &path).header("cookie", &cookie).body(&pdf("a")).send().await.status, 201);
    let backup = folder.path().join("backup");
    assert!(command(folder.path(), &["backup", backup.to_str().unwrap()]).status().unwrap().success());

    let place = folder_with_page();
    let arguments = ["restore", backup.to_str().unwrap()];
    bucket.stop();
    let (code, told) = run(place.path(), &bucket, "prod", &arguments);
    assert!(code == Some(1) && told.contains("s3://documents/prod: the bucket: it cannot be reached"), "{told}");
    bucket.start_again();
    // What a cut run wrote and the backup does not name.
    let lost = bucket.objects().join("prod/0123456789abcdef0123456789abcdef");
    fs::create_dir_all(lost.parent().unwrap()).unwrap();
    fs::write(&lost, "theirs").unwrap();
    let (code, told) = run(place.path(), &bucket, "prod", &arguments);
    assert!(code == Some(1) && told.contains("it is not empty; name another prefix"), "{told}");
    fs::remove_file(&lost).unwrap();
    let mark = fs::read(place.path().join("data/bucket-mark")).unwrap();
    fs::write(bucket.objects().join("prod/mark"), mark).unwrap();
    fs::write(&lost, "ours").unwrap();
    // Cut after the bucket was adopted, and before anything else came.
    fs::rename(backup.join("documents"), backup.join("cut")).unwrap();
    let (code, told) = run(place.path(), &bucket, "prod", &arguments);
    assert_eq!(code, Some(1), "{told}");
    fs::rename(backup.join("cut"), backup.join("documents")).unwrap();
    let without = command(place.path(), &arguments).output().unwrap();
    assert!(String::from_utf8(without.stderr).unwrap().contains("--bucket is missing"));
    let (code, told) = run(place.path(), &bucket, "prod", &arguments);
    assert!(code == Some(0) && !lost.exists(), "{told}");
    let program = Program::run(&mut with_bucket(place.path(), &bucket, "prod", &[])).unwrap();
    let cookie = program.sign_in().await;
    assert_eq!(program.call("GET", &path).header("cookie", &cookie).send().await.body, pdf("a"));
}

#[tokio::test]
async fn commands_tell_a_bucket_that_is_away_from_documents_that_are_lost() {
    let (folder, mut bucket) = (folder_with_page(), Bucket::start());
    let program = Program::run(&mut with_bucket(folder.path(), &bucket, "prod", &[])).unwrap();
    let cookie = program.sign_in().await;
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*");
    assert_eq!(save.json(&serde_json::json!({"schema": 1, "draft": named("a")})).send().await.status, 201);
    let path = format!("{}/documents/{}", address(&id(1)), id(9));
    assert_eq!(program.call("PUT", &path).header("cookie", &cookie).body(&pdf("a")).send().await.status, 201);
    let to = folder.path().join("backup");
    let arguments = ["backup", to.to_str().unwrap()];

    bucket.stop();
    let (code, told) = run(folder.path(), &bucket, "prod", &arguments);
    assert!(code == Some(1) && told.contains("it cannot be reached") && !told.contains("missing"), "{told}");
    assert!(!to.join("manifest.json").exists());
    let (code, told) = run(folder.path(), &bucket, "prod", &["check"]);
    assert!(code == Some(1) && told.contains("failed  bucket: --bucket s3://documents/prod"), "{told}");
    bucket.start_again();

    let lost = bucket.keys().into_iter().find(|key| key != "prod/mark").unwrap();
    fs::remove_file(bucket.objects().join(lost)).unwrap();
    let (code, told) = run(folder.path(), &bucket, "prod", &arguments);
    assert!(code == Some(1) && told.contains("error: 1 documents are missing"), "{told}");
    let (_, told) = run(folder.path(), &bucket, "prod", &["check"]);
    assert!(told.contains("failed  documents: 1 of 1 are missing"), "{told}");

    program.stop("-TERM");
    let refused = Program::try_start(folder.path(), &[]).err().unwrap();
    assert!(refused.contains("--bucket is missing"), "{refused}");
}

#[tokio::test]
async fn a_bucket_that_is_named_by_mistake_gets_no_document_and_costs_none() {
    let (folder, bucket) = (folder_with_page(), Bucket::start());
    let start = |prefix: &str| Program::run(&mut with_bucket(folder.path(), &bucket, prefix, &[])).unwrap();
    let path = |number: u8| format!("{}/documents/{}", address(&id(1)), id(number));
    let to = folder.path().join("backup");
    let arguments = ["backup", to.to_str().unwrap()];
    let program = start("prod");
    let cookie = program.sign_in().await;
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*");
    assert_eq!(save.json(&serde_json::json!({"schema": 1, "draft": named("a")})).send().await.status, 201);
    assert_eq!(program.call("PUT", &path(9)).header("cookie", &cookie).body(&pdf("a")).send().await.status, 201);
    assert_eq!(run(folder.path(), &bucket, "prod", &arguments).0, Some(0));
    let (manifest, keys) = (fs::read(to.join("manifest.json")).unwrap(), bucket.keys());
    program.stop("-TERM");

    let program = start("porc");
    let cookie = program.sign_in().await;
    for number in [9, 10] {
        let refused = program.call("PUT", &path(number)).header("cookie", &cookie).body(&pdf("b")).send().await;
        refused.problem(503, "storage-away");
    }
    program.call("GET", &path(9)).header("cookie", &cookie).send().await.problem(503, "storage-away");
    let expected = "does not bear the mark of this data folder, whose documents are in s3://documents/prod";
    let (code, told) = run(folder.path(), &bucket, "porc", &["check"]);
    assert!(code == Some(1) && told.contains("failed  bucket") && told.contains(expected), "{told}");
    let (code, told) = run(folder.path(), &bucket, "porc", &arguments);
    assert!(code == Some(1) && told.contains(expected) && !told.contains("missing"), "{told}");
    assert_eq!(fs::read(to.join("manifest.json")).unwrap(), manifest, "the earlier backup is whole");
    let (_, log) = program.stop("-TERM");
    assert!(log.contains(expected), "{log}");
    assert_eq!(bucket.keys(), keys);

    let program = start("prod");
    let cookie = program.sign_in().await;
    assert_eq!(program.call("GET", &path(9)).header("cookie", &cookie).send().await.body, pdf("a"));
    assert_eq!(run(folder.path(), &bucket, "prod", &arguments).0, Some(0));
}

#[tokio::test]
async fn a_first_start_with_a_bucket_by_mistake_binds_the_folder_to_nothing() {
    let (folder, bucket) = (folder_with_page(), Bucket::start());
    let theirs = bucket.objects().join("theirs/mark");
    fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    fs::write(&theirs, "0123456789abcdef0123456789abcdef").unwrap();
    for prefix in ["porc", "theirs"] {
        Program::run(&mut with_bucket(folder.path(), &bucket, prefix, &[])).unwrap().stop("-TERM");
    }
    assert_eq!(bucket.keys(), ["theirs/mark"]);
    Program::start(folder.path(), &[]).stop("-TERM");
    Program::run(&mut with_bucket(folder.path(), &bucket, "prod", &[])).unwrap().stop("-TERM");
}

#[tokio::test]
async fn the_secret_key_may_stand_in_a_file_and_is_never_shown() {
    let (folder, bucket) = (folder_with_page(), Bucket::start());
    let secret = folder.path().join("secret");
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let flags = ["--bucket-secret-file", secret.to_str().unwrap(), "--log-level", "trace"];
    let without_key = |arguments: &[&str]| {
        let mut command = with_bucket(folder.path(), &bucket, "prod", arguments);
        command.env_remove("AWS_SECRET_ACCESS_KEY");
        command
    };
    let refused = Program::run(&mut without_key(&[])).err().unwrap();
    assert!(refused.contains("--bucket"), "{refused}");
    let program = Program::run(&mut without_key(&flags)).unwrap();
    let cookie = program.sign_in().await;
    let save = program.call("PUT", &address(&id(1))).header("cookie", &cookie).header("if-none-match", "*");
    assert_eq!(save.json(&serde_json::json!({"schema": 1, "draft": named("a")})).send().await.status, 201);
    let path = format!("{}/documents/{}", address(&id(1)), id(9));
    assert_eq!(program.call("PUT", &path).header("cookie", &cookie).body(&pdf("a")).send().await.status, 201);
    bucket.fail(Fault::Refuse(403, "SignatureDoesNotMatch"));
    program.call("PUT", &path).header("cookie", &cookie).body(&pdf("b")).send().await.problem(503, "storage-away");
    let (_, log) = program.stop("-TERM");
    assert!(log.contains("SignatureDoesNotMatch") && !log.contains(SECRET) && !log.contains("Signature="), "{log}");
    let help = with_bucket(folder.path(), &bucket, "prod", &["--help"]).output().unwrap().stdout;
    assert!(!String::from_utf8(help).unwrap().contains(SECRET));
}
