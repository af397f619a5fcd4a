//! Plain text of a mail: paragraphs, wrapped to lines that any program shows whole.

/// Most characters of a line.
const WIDTH: usize = 76;
/// Mark before each line of a text that somebody wrote.
const QUOTE: &str = "> ";

/// Returns a text on one line, so that no part of it is taken for the header that follows.
#[must_use]
pub fn line(text: &str) -> String {
    let is_apart = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.split(is_apart).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Paragraphs of a mail.
#[derive(Debug)]
pub(crate) struct Paragraphs(Vec<String>);

impl Paragraphs {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a paragraph. Lines within it stay apart.
    pub(crate) fn say(&mut self, text: &str) {
        let lines = text.lines().map(|line| wrapped("", line));
        self.push(lines);
    }

    /// Adds the words of somebody, marked as such line by line: none of them passes for ours.
    pub(crate) fn quote(&mut self, text: &str) {
        let lines = text.lines().map(|line| wrapped(QUOTE, line));
        self.push(lines);
    }

    /// Adds a list.
    pub(crate) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        let lines = items.into_iter().map(|item| wrapped("  ", &line(&item)).replacen("  ", "- ", 1));
        self.push(lines);
    }

    /// Adds a list of facts, each after its name.
    pub(crate) fn facts(&mut self, facts: &[(&str, String)]) {
        let known = facts.iter().filter(|(_, fact)| !fact.is_empty());
        self.list(known.map(|(name, fact)| [name, "\u{a0}: ", fact].concat()));
    }

    /// Adds the line above a signature (RFC 3676, section 4.3).
    pub(crate) fn rule(&mut self) {
        self.0.push("-- ".to_owned());
    }

    fn push(&mut self, lines: impl Iterator<Item = String>) {
        let paragraph = lines.collect::<Vec<_>>().join("\n");
        if !paragraph.is_empty() {
            self.0.push(paragraph);
        }
    }

    /// Returns the whole text.
    pub(crate) fn wrapped(&self) -> String {
        let mut text = self.0.join("\n\n").replace("\n\n-- \n\n", "\n\n-- \n");
        text.push('\n');
        text
    }
}

/// Wraps a line at its spaces, with a mark before each. Where a space may not break stays whole, and so does a long word.
fn wrapped(mark: &str, text: &str) -> String {
    let mut lines = vec![mark.to_owned()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.len() - 1;
        let length = lines[last].chars().count();
        let is_begun = length > mark.chars().count();
        if is_begun && length + 1 + word.chars().count() > WIDTH {
            lines.push([mark, word].concat());
        } else {
            lines[last].push_str(if is_begun { " " } else { "" });
            lines[last].push_str(word);
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_at_spaces_that_may_break() {
        let mut text = Paragraphs::new();
        text.say(&"mot ".repeat(40));
        text.say(&["a".repeat(74), " 12\u{a0}ans".to_owned()].concat());
        text.say(&"x".repeat(90));
        let text = text.wrapped();
        let lengths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
        assert_eq!(lengths, [75, 75, 7, 0, 74, 6, 0, 90]);
        assert!(text.lines().all(|line| !line.ends_with(' ')));
    }

    #[test]
    fn words_of_others_are_marked_line_by_line() {
        let mut text = Paragraphs::new();
        text.quote("Bonjour.\n\n-- \nL’équipe FranceConnect");
        assert_eq!(text.wrapped(), "> Bonjour.\n>\n> --\n> L’équipe FranceConnect\n");
    }

    #[test]
    fn a_list_keeps_its_items_on_lines_of_their_own() {
        let mut text = Paragraphs::new();
        text.facts(&[("Projet", "Le\r\nguichet".to_owned()), ("Rien", String::new()), ("Long", "mot ".repeat(20))]);
        let text = text.wrapped();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "- Projet\u{a0}: Le guichet");
        assert!(lines[1].starts_with("- Long\u{a0}: mot") && lines[2].starts_with("  mot"), "{text}");
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn a_subject_has_one_line() {
        assert_eq!(line("Demande\r\nBcc: x@y.example\u{2028}\u{0}fin"), "Demande Bcc: x@y.example fin");
    }
}
