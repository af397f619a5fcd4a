//! `cargo xtask lint`: the rules of comments that a program can check.
//!
//! The first sentence of a doc comment names its subject, or begins with a verb in the third person, whose object it names; it is
//! short. rustdoc shows it alone in its lists, where a pronoun refers to nothing.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use lexopt::prelude::*;

use crate::workspace;

pub(crate) const HELP: &str = "\
Checks the first sentence of every doc comment (`///`, `//!`): it opens neither with a pronoun nor
with a question word, nor with a verb whose object is a pronoun, and has at most 20 words. Prints each
offender as `path:line: message`.

usage: cargo xtask lint [PATH]...

  PATH   files and folders to read instead of the whole repository";

/// Files and folders of the repository that hold Rust.
const SOURCES: [&str; 4] = ["build.rs", "crates", "fuzz", "src"];

/// Folders that hold no source of ours, wherever they are.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// Openings that leave open what a sentence is about.
const REFUSED_OPENINGS: [&str; 29] = [
    "As",
    "Everybody",
    "Everything",
    "How",
    "If",
    "It",
    "Its",
    "Nobody",
    "Nothing",
    "One",
    "Only",
    "Somebody",
    "Something",
    "That",
    "The same",
    "Their",
    "These",
    "They",
    "This",
    "Those",
    "What",
    "When",
    "Where",
    "Whether",
    "Which",
    "Who",
    "Whom",
    "Whose",
    "Why",
];

/// Prepositions that leave open what a sentence is about before one of [`QUESTION_WORDS`] ("Under which it is stored").
const PREPOSITIONS: [&str; 12] =
    ["After", "At", "By", "For", "From", "In", "On", "Since", "To", "Under", "Until", "With"];

/// Words that begin a question or a relative clause.
const QUESTION_WORDS: [&str; 8] = ["how", "what", "when", "where", "which", "who", "whom", "whose"];

/// Pronouns that leave open what a verb acts on ("Returns what is stored").
const REFUSED_OBJECTS: [&str; 6] = ["it", "them", "those", "what", "whatever", "whoever"];

/// Pronouns that are refused as objects only with what follows them: "one" may count ("Reads one answer").
const REFUSED_OBJECT_PHRASES: [&str; 4] = ["one that", "one which", "one who", "one's"];

/// Verbs that may ask a question ("Tells what follows from the answers").
const ASKING_VERBS: [&str; 2] = ["Asks", "Tells"];

/// Verbs that govern neither a clause nor a question: "Takes that…" and "Returns which…" lack an object.
const OBJECT_VERBS: [&str; 7] = ["Gets", "Gives", "Keeps", "Returns", "Sends", "Sets", "Takes"];

/// Openings of clauses and questions, refused after [`OBJECT_VERBS`].
const CLAUSE_OPENINGS: [&str; 4] = ["that", "which", "who", "whom"];

/// Most words of a first sentence.
const MAX_WORDS: usize = 20;

pub(crate) fn main(mut options: lexopt::Parser) -> anyhow::Result<ExitCode> {
    let mut sources = Vec::new();
    while let Some(option) = options.next()? {
        match option {
            Long("help") | Short('h') => {
                println!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            Value(path) => sources.push(PathBuf::from(path)),
            _ => return Err(option.unexpected().into()),
        }
    }
    if sources.is_empty() {
        check()?;
    } else {
        check_all(&sources)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks the doc comments of the whole repository.
///
/// # Errors
/// When a comment breaks a rule; and when a source cannot be read.
pub(crate) fn check() -> anyhow::Result<()> {
    check_all(&SOURCES.map(|source| workspace::root().join(source)))
}

fn check_all(sources: &[PathBuf]) -> anyhow::Result<()> {
    let mut files = Vec::new();
    for source in sources {
        collect(source, &mut files)?;
    }
    files.sort();
    let (mut comments, mut faults) = (0, Vec::new());
    for file in files {
        let source = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        let shown = file.strip_prefix(workspace::root()).unwrap_or(&file).display();
        for comment in doc_comments(&source) {
            comments += 1;
            if let Some(fault) = fault(&comment.summary) {
                faults.push(format!("{shown}:{}: {fault}", comment.line));
            }
        }
    }
    println!("{comments} doc comments");
    if !faults.is_empty() {
        bail!("{} doc comments break a rule of CONTRIBUTING.md:\n{}", faults.len(), faults.join("\n"));
    }
    Ok(())
}

/// Collects the Rust files at or under a path.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let is_named = |names: &[&str]| path.file_name().is_some_and(|name| names.iter().any(|skipped| name == *skipped));
    if path.is_dir() && !is_named(&SKIPPED) {
        let entries = std::fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))?;
        for entry in entries {
            collect(&entry?.path(), files)?;
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        files.push(path.to_owned());
    }
    Ok(())
}

/// Beginning of a doc comment.
#[derive(Debug, PartialEq, Eq)]
struct DocComment {
    /// Number of its first line, from 1.
    line: usize,
    /// First paragraph, on one line; empty where the comment begins with a heading, a list, a table or code.
    summary: String,
}

fn doc_comments(source: &str) -> Vec<DocComment> {
    let mut comments = Vec::new();
    let mut lines = source.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        let Some((marker, first)) = doc_line(line) else { continue };
        let mut block = vec![first];
        while let Some((_, next)) = lines.next_if(|(_, line)| doc_line(line).is_some_and(|(other, _)| other == marker))
        {
            block.extend(doc_line(next).map(|(_, text)| text));
        }
        comments.push(DocComment { line: number + 1, summary: summary(&block) });
    }
    comments
}

/// Splits a line of a doc comment into its marker and its text.
fn doc_line(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let (marker, text) = line.split_at_checked("///".len())?;
    // Four slashes are an ordinary comment.
    (matches!(marker, "///" | "//!") && !text.starts_with('/')).then(|| (marker, text.trim()))
}

fn summary(block: &[&str]) -> String {
    let is_prose = |text: &str| !["#", "```", "- ", "* ", "|", "1. "].iter().any(|start| text.starts_with(start));
    let paragraph: Vec<&str> = block.iter().copied().take_while(|text| !text.is_empty() && is_prose(text)).collect();
    paragraph.join(" ")
}

/// Rule that a summary breaks.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    Opening(String),
    Object { verb: String, object: &'static str },
    Length(usize),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opening(words) => write!(out, "opens with `{words}`: name the subject, or begin with a verb"),
            Self::Object { verb, object } => write!(out, "`{verb} {object}`: name the object of the verb"),
            Self::Length(words) => write!(out, "the first sentence has {words} words, {MAX_WORDS} at most are allowed"),
        }
    }
}

fn fault(summary: &str) -> Option<Fault> {
    if let Some(words) = REFUSED_OPENINGS.into_iter().find(|words| begins_with(summary, words)) {
        return Some(Fault::Opening(words.to_owned()));
    }
    if let Some((preposition, rest)) = summary.split_once(' ').filter(|(first, _)| PREPOSITIONS.contains(first))
        && let Some(question) = QUESTION_WORDS.into_iter().find(|word| begins_with(rest, word))
    {
        return Some(Fault::Opening(format!("{preposition} {question}")));
    }
    if let Some((verb, object)) = refused_object(summary) {
        return Some(Fault::Object { verb: verb.to_owned(), object });
    }
    let words = first_sentence(summary).split_whitespace().count();
    (words > MAX_WORDS).then_some(Fault::Length(words))
}

/// Returns whether a text begins with whole words.
fn begins_with(text: &str, words: &str) -> bool {
    let is_whole = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
    text.strip_prefix(words).is_some_and(is_whole)
}

/// Returns the verb of a summary and the pronoun in place of its object. A noun in the plural ends like a verb, and may well be
/// followed by "that" or "who": those are refused after some verbs only.
fn refused_object(summary: &str) -> Option<(&str, &'static str)> {
    let (verb, rest) = summary.split_once(' ')?;
    if !verb.ends_with('s') || !verb.chars().all(char::is_alphabetic) {
        return None;
    }
    let objects = REFUSED_OBJECTS.into_iter().filter(|object| *object != "what" || !ASKING_VERBS.contains(&verb));
    let clauses = CLAUSE_OPENINGS.into_iter().filter(|_| OBJECT_VERBS.contains(&verb));
    let object = objects.chain(REFUSED_OBJECT_PHRASES).chain(clauses).find(|words| begins_with(rest, words))?;
    Some((verb, object))
}

/// First sentence of a paragraph; a colon ends one too.
fn first_sentence(paragraph: &str) -> &str {
    let ends = |(place, mark): &(usize, &str)| paragraph[place + mark.len()..].starts_with(char::is_whitespace);
    let end = paragraph.match_indices(['.', '!', '?', ':']).find(ends);
    end.map_or(paragraph, |(place, mark)| &paragraph[..place + mark.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(source: &str) -> Vec<(usize, Fault)> {
        let comments = doc_comments(source).into_iter();
        comments.filter_map(|comment| Some((comment.line, fault(&comment.summary)?))).collect()
    }

    #[test]
    fn a_subject_or_a_verb_in_the_third_person_is_accepted() {
        for comment in [
            "//! Rules of the form.",
            "/// Returns whether the draft is saved.",
            "    /// Itinerary of the person; `As` begins another word.",
            "/// Onerous work. It may take a second.",
            "/// `What` is a name here.",
            "/// For people.",
        ] {
            assert_eq!(faults(comment), [], "{comment}");
        }
    }

    #[test]
    fn a_pronoun_or_a_question_word_is_refused_in_both_kinds_of_comments() {
        for (comment, opening) in [
            ("//! What the page knows.", "What"),
            ("    /// Whether it is saved.", "Whether"),
            ("/// It's saved.", "It"),
            ("/// The same, later.", "The same"),
            ("/// One", "One"),
            ("/// Under which it is stored.", "Under which"),
            ("/// For how long it is kept.", "For how"),
        ] {
            assert_eq!(faults(comment), [(1, Fault::Opening(opening.to_owned()))], "{comment}");
        }
    }

    #[test]
    fn a_verb_whose_object_is_a_pronoun_is_refused() {
        for (comment, verb, object) in [
            ("/// Returns what is stored.", "Returns", "what"),
            ("//! Takes that the tab has the lock.", "Takes", "that"),
            ("/// Sends them.", "Sends", "them"),
            ("/// Reads one that somebody drew.", "Reads", "one that"),
            ("/// Lists one's own requests.", "Lists", "one's"),
            ("/// Returns which of the two is kept.", "Returns", "which"),
        ] {
            assert_eq!(faults(comment), [(1, Fault::Object { verb: verb.to_owned(), object })], "{comment}");
        }
    }

    #[test]
    fn a_clause_a_question_a_number_and_a_plural_noun_are_no_such_objects() {
        for comment in [
            "/// Checks that Node.js is there.",
            "/// Records that the bytes are stored.",
            "/// Tells what follows from the answers.",
            "/// Asks who wants to sign in.",
            "/// Reads one answer.",
            "/// Returns whether the draft is saved.",
            "/// Fields that a request cannot do without.",
            "/// Callers who send nothing more.",
            "/// Returns thematic maps.",
        ] {
            assert_eq!(faults(comment), [], "{comment}");
        }
    }

    #[test]
    fn twenty_words_are_accepted_and_twenty_one_refused() {
        let sentence = |words: usize| format!("/// {}.", vec!["word"; words].join(" "));
        assert_eq!(faults(&sentence(MAX_WORDS)), []);
        assert_eq!(faults(&sentence(MAX_WORDS + 1)), [(1, Fault::Length(MAX_WORDS + 1))]);
    }

    #[test]
    fn a_sentence_goes_on_over_lines_and_ends_within_one() {
        let half = ["word"; MAX_WORDS / 2].join(" ");
        assert_eq!(faults(&format!("/// {half}\n/// {half}. {half}\n/// {half}")), []);
        assert_eq!(faults(&format!("fn before() {{}}\n\n/// {half}\n/// {half} more")), [(3, Fault::Length(21))]);
        assert_eq!(first_sentence("Version 1.2 of a file. More."), "Version 1.2 of a file.");
        assert_eq!(first_sentence("A file: more."), "A file:");
    }

    #[test]
    fn everything_but_the_first_paragraph_is_left_alone() {
        for comment in [
            "/// Sends the draft.\n///\n/// What follows is free.\n///\n/// # Errors\n/// When it fails.",
            "/// # Errors\n/// When it fails.",
            "/// ```\n/// What\n/// ```",
            "/// - What\n/// - When",
            "/// Reads one of\n/// - What, in as many words as are needed to say so and a few more that make it too long to be taken for one",
            "// What an ordinary comment says.",
            "//// What a ruler says.",
            "#[doc = \"What an attribute says.\"]",
            "let text = \"/// What a text says.\";",
        ] {
            assert_eq!(faults(comment), [], "{comment}");
        }
    }

    #[test]
    fn comments_of_a_module_and_of_its_first_item_are_two() {
        assert_eq!(faults("//! Rules.\n/// What they say."), [(2, Fault::Opening("What".to_owned()))]);
    }
}
