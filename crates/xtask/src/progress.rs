//! Progress of a chore on the screen: numbered stages, each with the time it took.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// The stages of one chore.
pub(crate) struct Stages {
    total: usize,
    started: usize,
}

impl Stages {
    /// A chore of `total` stages.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, started: 0 }
    }

    /// Runs the next stage, announcing its start and its end.
    ///
    /// # Errors
    /// Whatever the stage answers.
    pub(crate) fn run<T>(&mut self, name: &str, stage: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.started += 1;
        let place = format!("[{}/{}]", self.started, self.total);
        eprintln!("\n{place} {name}");
        let start = Instant::now();
        let outcome = stage();
        let ending = if outcome.is_ok() { "done" } else { "failed" };
        eprintln!("{place} {name}: {ending} in {}", readable(start.elapsed()));
        outcome
    }
}

/// A line that keeps telling how far a long piece of work is.
///
/// On a terminal it is redrawn in place; elsewhere it is printed twice a minute.
pub(crate) struct Ticker {
    label: String,
    start: Instant,
    last: Instant,
    terminal: bool,
}

impl Ticker {
    /// Starts the line.
    pub(crate) fn new(label: impl Into<String>) -> Self {
        let now = Instant::now();
        let terminal = std::io::stderr().is_terminal();
        Self { label: label.into(), start: now, last: now, terminal }
    }

    /// Shows `state`, unless something was shown a moment ago.
    pub(crate) fn show(&mut self, state: &str) {
        let pause = if self.terminal { Duration::from_millis(200) } else { Duration::from_secs(30) };
        if self.last.elapsed() < pause {
            return;
        }
        self.last = Instant::now();
        let line = format!("      {}: {state}, {}", self.label, readable(self.start.elapsed()));
        if self.terminal {
            eprint!("\r\x1b[2K{line}");
            // A line that cannot be shown is no reason to stop the work.
            let _ = std::io::stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }

    /// Clears the line.
    pub(crate) fn finish(self) {
        if self.terminal {
            eprint!("\r\x1b[2K");
        }
    }
}

/// A duration for people: `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn readable(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well_at_every_scale() {
        let shown = [400, 9_940, 12_400, 185_000].map(Duration::from_millis).map(readable);
        assert_eq!(shown, ["0.4 s", "9.9 s", "12 s", "3 min 05 s"]);
    }

    #[test]
    fn a_stage_hands_back_what_it_made_or_why_it_failed() {
        let mut stages = Stages::new(2);
        assert_eq!(stages.run("first", || Ok(7)).unwrap(), 7);
        let failure = stages.run::<()>("second", || anyhow::bail!("no room")).unwrap_err();
        assert_eq!(failure.to_string(), "no room");
    }
}
