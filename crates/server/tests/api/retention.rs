//! Retention and purge.

use std::fs::File;
use std::time::{Duration, SystemTime};

use habilitation_model::Draft;
use habilitation_model::draft::Data;
use jiff::SignedDuration;

use crate::app::{TestApp, address};
use habilitation_fixtures::{Fixture, id, named, pdf, ready};

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

#[tokio::test]
async fn a_draft_that_nobody_touches_for_a_year_goes_and_does_not_come_back() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("forgotten")).await;
    who.send(&id(1), &id(9), &pdf("forgotten")).await;
    who.create(&id(2), &ready()).await;
    who.submit(&id(2), 1).await;
    app.wait(days(180));
    let who = app.sign_in("noemie").await;
    who.create(&id(3), &named("kept")).await;

    app.wait(days(155));
    // Whoever has an address is told 30 days before.
    app.purge().await;
    app.wait(days(29));
    app.purge().await;
    let who = app.sign_in("noemie").await;
    assert_eq!(who.read(&id(1)).await.draft, named("forgotten"), "a day before");

    app.wait(days(2));
    app.purge().await;
    let who = app.sign_in("noemie").await;
    who.get(&address(&id(1))).await.problem(410, "deleted");
    who.save(&id(1), None, &named("late")).send().await.problem(410, "deleted");
    assert_eq!(app.files(), [] as [std::path::PathBuf; 0], "its file went with it");
    assert_eq!(who.read(&id(2)).await.number.as_deref(), Some("FC-2026-000001"), "a submitted request stays");
    who.read(&id(3)).await;
}

/// Returns the contents of all files of the data folder, one after the other.
fn bytes_on_disk(app: &TestApp) -> Vec<u8> {
    let top = std::fs::read_dir(app.data()).unwrap().map(|entry| entry.unwrap().path());
    top.filter(|path| path.is_file()).chain(app.files()).flat_map(|path| std::fs::read(path).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn what_was_deleted_or_replaced_is_nowhere_in_the_files_after_the_next_purge() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    // A page or more each, so that some become free as a whole.
    let long = |word: &str| Draft {
        data: Data { recipients: word.repeat(440).as_str().into(), ..Data::default() },
        ..named("a")
    };
    for number in 1..20 {
        who.create(&id(number), &long("effacé-")).await;
    }
    who.create(&id(40), &long("remplacé-")).await;
    who.change(&id(40), 1, &long("gardé-")).await;
    assert!(holds(&bytes_on_disk(&app), "effacé-") && holds(&bytes_on_disk(&app), "remplacé-"), "before");
    for number in 1..20 {
        who.delete(&id(number), 1).await;
    }
    app.purge().await;
    let bytes = bytes_on_disk(&app);
    assert!(!holds(&bytes, "effacé-"), "deleted");
    assert!(!holds(&bytes, "remplacé-"), "replaced");
    assert!(holds(&bytes, "gardé-"), "kept");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt;

    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let listing = Fixture::named("town-hall");
    who.create(&id(1), &listing).await;
    who.send(&id(1), &listing.documents().next().unwrap().id, &pdf("a")).await;
    let top = std::fs::read_dir(app.data()).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = top.filter(|path| path.is_file()).chain(app.files()).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn the_tombstone_of_a_deleted_draft_goes_in_time() {
    let app = TestApp::builder().with(|settings| settings.retention.keep_tombstones_months = 3).start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    who.delete(&id(1), 1).await;
    app.wait(days(91));
    app.purge().await;
    app.sign_in("noemie").await.get(&address(&id(1))).await.problem(410, "deleted");
    app.wait(days(3));
    app.purge().await;
    app.sign_in("noemie").await.get(&address(&id(1))).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_file_that_no_draft_lists_goes_after_a_day() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    let listing = Fixture::named("town-hall");
    let document = listing.documents().next().unwrap().id.clone();
    who.create(&id(1), &listing).await;
    who.send(&id(1), &document, &pdf("listed")).await;
    who.send(&id(1), &id(9), &pdf("never listed")).await;
    app.wait(SignedDuration::from_hours(23));
    app.purge().await;
    assert_eq!(app.files().len(), 2);
    app.wait(SignedDuration::from_hours(2));
    app.purge().await;
    assert_eq!(app.files().len(), 1);

    let who = app.sign_in("noemie").await;
    who.change(&id(1), 1, &listing.duplicate()).await;
    app.wait(SignedDuration::from_hours(20));
    app.sign_in("noemie").await.change(&id(1), 2, &listing).await;
    app.wait(SignedDuration::from_hours(20));
    app.purge().await;
    assert_eq!(app.files().len(), 1, "it was taken back in time");
    app.sign_in("noemie").await.submit(&id(1), 3).await;
}

#[tokio::test]
async fn a_file_that_a_crash_left_behind_goes_after_a_day() {
    let app = TestApp::start().await;
    let who = app.sign_in("noemie").await;
    who.create(&id(1), &named("a")).await;
    who.send(&id(1), &id(9), &pdf("known")).await;
    let lost = app.data().join("documents/0123456789abcdef0123456789abcdef");
    let noon = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(app.now().as_millisecond()).unwrap());
    File::create(&lost).unwrap().set_modified(noon).unwrap();
    app.purge().await;
    assert!(lost.exists(), "it may be on its way");
    app.wait(SignedDuration::from_hours(25));
    who.app.purge().await;
    assert!(!lost.exists());
}

#[tokio::test]
async fn sessions_that_have_ended_are_forgotten() {
    let app = TestApp::start().await;
    app.sign_in("noemie").await;
    app.wait(SignedDuration::from_hours(3));
    app.sign_in("karim").await;
    app.purge().await;
    let sessions = app.kept().into_iter().filter(|kept| kept.starts_with("sessions.key")).count();
    assert_eq!(sessions, 1);
}
