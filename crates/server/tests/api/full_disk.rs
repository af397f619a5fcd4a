//! A disk without room left: refused in words of its own, and nothing of what is kept is lost.

use habilitation_model::Field;
use habilitation_model::field::Value;
use serde_json::json;

use crate::app::{address, tag};
use crate::call::Call;
use crate::program::{Program, folder_with_page};
use habilitation_fixtures::{id, named, pdf};

#[tokio::test]
async fn on_a_full_disk_saves_and_files_are_refused_as_such_and_reading_goes_on() {
    let folder = folder_with_page();
    let Some(program) = Program::on_a_disk_of(4, folder.path()) else {
        // What a full disk is told as is tested without one too: see `store::sqlite::connections` and `routes::documents`.
        eprintln!("not run: this user may not mount a disk (`unshare --user --mount` is refused)");
        return;
    };
    let cookie = program.sign_in().await;
    let call = |method: &str, path: &str| program.call(method, path).header("cookie", &cookie);
    let save = |number: u8, words: &str| -> Call {
        let mut draft = named("Guichet");
        for field in Field::ALL.iter().filter(|field| field.is_multiline()) {
            field.set(&mut draft, Value::Text(words));
        }
        call("PUT", &address(&id(number))).header("if-none-match", "*").json(&json!({"schema": 1, "draft": draft}))
    };
    assert_eq!(save(1, "").send().await.status, 201);
    let document = |number: u8| format!("{}/documents/{}", address(&id(1)), id(number));
    assert_eq!(call("PUT", &document(50)).body(&pdf("small")).send().await.status, 201);

    let large = pdf(&"x".repeat(8 * 1024 * 1024));
    let refused = call("PUT", &document(51)).body(&large).send().await;
    refused.problem(507, "storage-full");
    assert!(refused.header("retry-after").is_some());

    // What came of it is gone again; now the database takes all there is.
    let mut kept = 1;
    let refused = loop {
        let answer = save(kept + 1, &"🙂".repeat(4_000)).send().await;
        if answer.status != 201 {
            break answer;
        }
        kept += 1;
    };
    assert!(kept > 2, "{kept}");
    refused.problem(507, "storage-full");
    assert!(refused.header("retry-after").is_some());
    for number in 1..=kept {
        assert_eq!(call("GET", &address(&id(number))).send().await.status, 200, "{number}");
    }
    assert_eq!(call("GET", &document(50)).send().await.body, pdf("small"));
    assert_eq!(call("GET", "/api/requests").send().await.status, 200);
    program.call("PUT", &address(&id(1))).header("if-match", &tag(1)).send().await.problem(401, "signed-out");

    let (code, log) = program.stop("-TERM");
    assert_eq!(code, Some(0), "{log}");
}
