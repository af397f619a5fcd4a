//! The tests that Playwright runs, read from its JSON report.

use serde_json::Value;

use super::{Failure, Outcomes};

/// The outcomes in a JSON report of Playwright Test. A test that passed only when tried again
/// has failed, and so has one that was skipped: nothing may be switched off unseen.
pub(super) fn outcomes(report: &str) -> Option<Outcomes> {
    let report: Value = serde_json::from_str(report).ok()?;
    let mut outcomes = Outcomes::default();
    for file in report["suites"].as_array()? {
        read_suite(file, "", &mut outcomes);
    }
    let beside = report["errors"].as_array()?;
    outcomes.failures.extend(beside.iter().map(|error| Failure::new("beside the tests", message(error))));
    Some(outcomes)
}

/// Adds the outcomes of a file or of a group of tests. `groups` begins the titles of its tests.
fn read_suite(suite: &Value, groups: &str, outcomes: &mut Outcomes) {
    for spec in list(&suite["specs"]) {
        let place = format!("{}:{}", text(&spec["file"]), spec["line"]);
        for test in list(&spec["tests"]) {
            let status = text(&test["status"]);
            if status == "expected" {
                outcomes.passed += 1;
                continue;
            }
            let project = match text(&test["projectName"]) {
                "" => String::new(),
                name => format!("[{name}] "),
            };
            let name = format!("{project}{place} › {groups}{}", text(&spec["title"]));
            outcomes.failures.push(Failure::new(name, error(status, &test["results"])));
        }
    }
    for group in list(&suite["suites"]) {
        read_suite(group, &format!("{groups}{} › ", text(&group["title"])), outcomes);
    }
}

/// All that went wrong in the first try that failed.
fn error(status: &str, tries: &Value) -> String {
    let failed = list(tries).iter().map(|attempt| list(&attempt["errors"])).find(|errors| !errors.is_empty());
    let mut parts: Vec<String> = failed.into_iter().flatten().map(message).collect();
    if status != "unexpected" {
        parts.insert(0, format!("({status})"));
    }
    parts.join("\n\n")
}

/// The text of an error, without the colours that are written into it.
fn message(error: &Value) -> String {
    let mut parts = text(&error["message"]).split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Report of Playwright 1.65 without the members that nothing reads.
    const REPORT: &str = r#"{
        "suites": [{
            "title": "tabs.spec.ts",
            "specs": [
                { "title": "passes", "file": "tabs.spec.ts", "line": 6, "tests": [
                    { "projectName": "", "status": "expected", "results": [{ "errors": [] }] }] },
                { "title": "passes later", "file": "tabs.spec.ts", "line": 7, "tests": [
                    { "projectName": "", "status": "flaky", "results": [
                        { "errors": [{ "message": "late" }] }, { "errors": [] }] }] },
                { "title": "waits", "file": "tabs.spec.ts", "line": 8, "tests": [
                    { "projectName": "webkit", "status": "unexpected", "results": [{ "errors": [
                        { "message": "Test timeout exceeded." },
                        { "message": "Expected: \u001b[32m1\u001b[39m\nReceived: 0" }] }] }] }],
            "suites": [{
                "title": "two tabs",
                "specs": [
                    { "title": "rests", "file": "tabs.spec.ts", "line": 9, "tests": [
                        { "projectName": "", "status": "skipped", "results": [{ "errors": [] }] }] }]
            }]
        }],
        "errors": [{ "message": "Cannot find module" }],
        "stats": { "expected": 1, "skipped": 1, "unexpected": 1, "flaky": 1 }
    }"#;

    #[test]
    fn all_that_did_not_pass_at_once_has_failed_and_is_named() {
        let expected = [
            Failure::new("tabs.spec.ts:7 › passes later", "(flaky)\n\nlate"),
            Failure::new("[webkit] tabs.spec.ts:8 › waits", "Test timeout exceeded.\n\nExpected: 1\nReceived: 0"),
            Failure::new("tabs.spec.ts:9 › two tabs › rests", "(skipped)"),
            Failure::new("beside the tests", "Cannot find module"),
        ];
        assert_eq!(outcomes(REPORT), Some(Outcomes { passed: 1, failures: expected.into() }));
    }

    #[test]
    fn what_is_no_report_has_no_outcomes() {
        assert_eq!(outcomes("{}"), None);
    }
}
