//! Measures the cost of reading and checking against the size of the input: `cargo run --release -p habilitation-model
//! --example cost`. With `-- --check` it fails where a cost grows faster than the input, or is over its limit.
//!
//! Each field is filled with each pattern up to the largest body that the API accepts, and each list with as many
//! elements as fit; every reader and rule runs on it. The dearest cases are printed, in milliseconds, for a quarter,
//! half and the whole of that size. No cost may grow faster than linearly.

#![expect(clippy::disallowed_methods, reason = "it measures time, and is no rule")]
#![expect(clippy::expect_used, reason = "a case that cannot be made is a mistake in this file")]

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use habilitation_model::field::Value;
use habilitation_model::saving::{Event, Machine, SavedDraft};
use habilitation_model::wire::BODY_MAX;
use habilitation_model::{Date, Draft, Field, Request, export, finding::Circumstances, prefill};

/// Texts that fill a field, over and over: those that readers look for, and those that they ignore.
const PATTERNS: &[&str] = &[
    "a",
    "é",
    "e\u{301}",
    " ",
    "\n",
    "\u{202a}",
    "\u{200d}",
    "👩\u{200d}",
    "1",
    "0 ",
    "+33",
    "+",
    "-",
    "1-",
    "(",
    ".",
    "a.",
    "@",
    "a@",
    "<",
    "/",
    "a/",
    "https://",
    "?a=",
    ":",
    "xn--",
    "poste ",
    "mailto:",
    "tel:",
    "février ",
    "12.000",
    "'",
    "\u{fe0f}",
];

/// Longest that a reader may take with the largest body, in milliseconds.
const WHOLE_MAX: f64 = 150.0;
/// Highest factor by which four times the input may take longer: linear is 4, and the rest is for caches and the clock.
const FOURFOLD_MAX: f64 = 8.0;
/// Shortest time whose growth can be told, in milliseconds.
const TELLING: f64 = 2.0;

/// Runs of a case, and of one that seemed too dear: other processes only add to its time.
const RUNS: usize = 3;
const RUNS_AGAIN: usize = 30;

fn main() -> ExitCode {
    let whole = usize::try_from(BODY_MAX).expect("a body fits in memory");
    let sizes = [whole / 4, whole / 2, whole - 1_024];
    if std::env::args().any(|argument| argument == "--check") { check(sizes[0], sizes[2]) } else { show(sizes) }
}

/// Prints the dearest cases.
fn show(sizes: [usize; 3]) -> ExitCode {
    let mut rows: Vec<(String, [f64; 3])> = cases()
        .into_iter()
        .flat_map(|Case { name, stages, body }| {
            let bodies = sizes.map(&body);
            let row = |(stage, run): &Stage| {
                (format!("{name}, {stage}"), bodies.clone().map(|body| fastest(RUNS, || run(&body))))
            };
            stages.iter().map(row).collect::<Vec<_>>()
        })
        .collect();
    rows.sort_by(|one, other| other.1[2].total_cmp(&one.1[2]));
    println!(
        "| case | {} KiB | {} KiB | {} KiB |\n|---|---|---|---|",
        sizes[0] / 1_024,
        sizes[1] / 1_024,
        sizes[2] / 1_024
    );
    for (name, [quarter, half, whole]) in rows.iter().take(20) {
        println!("| {name} | {quarter:.2} | {half:.2} | {whole:.2} |");
    }
    ExitCode::SUCCESS
}

/// Fails where a case is too dear, or grows faster than what is read.
fn check(quarter: usize, whole: usize) -> ExitCode {
    let (mut count, mut too_dear) = (0, Vec::new());
    for Case { name, stages, body } in cases() {
        let bodies = [quarter, whole].map(&body);
        for (stage, run) in stages {
            count += 1;
            let times = |runs| bodies.clone().map(|body| fastest(runs, || run(&body)));
            if is_too_dear(times(1)) && is_too_dear(times(RUNS_AGAIN)) {
                too_dear.push(format!("{name}, {stage}"));
            }
        }
    }
    println!("{count} cases of reading and checking, {} too dear", too_dear.len());
    too_dear.iter().for_each(|case| println!("  {case}"));
    if too_dear.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn is_too_dear([quarter, whole]: [f64; 2]) -> bool {
    whole > WHOLE_MAX || whole > TELLING && whole > FOURFOLD_MAX * quarter.max(TELLING / FOURFOLD_MAX)
}

/// A kind of input: it is made at a size in bytes, and read by each of the stages.
struct Case {
    name: String,
    stages: &'static [Stage],
    body: Box<dyn Fn(usize) -> String>,
}

/// A reader: its name, and the call that runs it.
type Stage = (&'static str, fn(&str));

/// A link: the path of a field, then U+0000, then its answer.
const LINK: &[Stage] = &[("by a link", |link| {
    let (path, answer) = link.split_once('\0').expect("a path and an answer");
    drop(black_box(prefill::PrefilledAnswer::parse(path, answer, Date::FIRST)));
})];

/// The JSON of a draft.
const DRAFT: &[Stage] = &[
    ("read", |json| drop(black_box(serde_json::from_str::<Draft>(json)))),
    ("checked", |json| {
        if let Ok(draft) = serde_json::from_str::<Draft>(json) {
            black_box(draft.findings(&Circumstances::on(Date::FIRST)));
            drop(black_box(Request::new(&draft, &[])));
        }
    }),
    ("imported", |json| {
        let file = format!(
            r#"{{"format":"{}","schema":1,"exported_at":"2026-11-28T20:00:00Z","draft":{json}}}"#,
            export::FORMAT
        );
        let imported = black_box(export::import(file.as_str()));
        assert_ne!(imported, Err(export::ImportError::OtherFormat), "what is refused costs nothing");
    }),
    ("merged", |json| {
        if let Ok(draft) = serde_json::from_str::<Draft>(json) {
            let saved =
                |revision, draft| SavedDraft { revision, saved_at: format!("2026-11-28T20:00:{revision:02}Z"), draft };
            let mut machine = Machine::from_server(1, saved(1, Draft::default()));
            let _ = machine.handle(Event::Edited(draft.clone()));
            let asked = machine.base_revision();
            let _ = machine.handle(Event::Found { current: saved(2, draft).into(), asked });
            black_box(machine);
        }
    }),
];

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for field in Field::ALL.iter().copied() {
        let path = field.path();
        let mut case = |of: &str, stages, body: Box<dyn Fn(usize) -> String>| {
            cases.push(Case { name: format!("{path} of {of}"), stages, body });
        };
        match field.value(&Draft::default()) {
            Value::Text(_) => {
                for pattern in PATTERNS {
                    let text = |size: usize| pattern.repeat(size / pattern.len());
                    case(&format!("{pattern:?}"), DRAFT, Box::new(move |size| with(field, &text(size))));
                    case(&format!("{pattern:?}"), LINK, Box::new(move |size| format!("{path}\0{}", text(size))));
                }
            }
            Value::Documents(_) => case("files", DRAFT, Box::new(move |size| at(field, &list(size, file)))),
            Value::Scopes(_) => {
                case("scopes", DRAFT, Box::new(move |size| at(field, &list(size, |number| format!("\"{number:x}\"")))));
                case(
                    "scopes",
                    LINK,
                    Box::new(move |size| format!("{path}\0{}", list(size, |number| format!("{number:x} ")))),
                );
            }
            _ => {}
        }
    }
    cases
}

fn file(number: usize) -> String {
    format!(r#"{{"id":"01a22380-0000-7000-8000-{number:012x}","name":"a","size":1,"type":"application/pdf"}}"#)
}

/// A draft whose answer to a field is this text.
fn with(field: Field, text: &str) -> String {
    let mut draft = Draft::default();
    field.set(&mut draft, Value::Text(text));
    serde_json::to_string(&draft).expect("a draft has no keys but texts")
}

/// A draft whose answer to a field is this JSON.
fn at(field: Field, json: &str) -> String {
    let (section, name) = field.path().split_once('.').expect("a field is in a section");
    format!(r#"{{"{section}":{{"{name}":{json}}}}}"#)
}

fn list(size: usize, element: impl Fn(usize) -> String) -> String {
    let count = size / (element(0).len() + 3);
    format!("[{}]", (0..count).map(element).collect::<Vec<_>>().join(","))
}

/// Milliseconds of the fastest of so many runs.
fn fastest(runs: usize, mut run: impl FnMut()) -> f64 {
    let time = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64() * 1_000.0
    };
    (0..runs).map(|_| time(&mut run)).fold(f64::MAX, f64::min)
}
