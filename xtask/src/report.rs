//! What the reader sees: progress on stderr, results on stdout.
//!
//! Stdout carries only what a script would want, so that with `--json` its last line is the answer.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::clock::Stopwatch;

/// Writes one line to stdout. A reader that has gone away is no fault of the command.
pub fn result(line: &str) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// Writes one line to stderr.
pub fn note(line: &str) {
    let _ = writeln!(stderr().lock(), "{line}");
}

/// The line of one step: it turns on a terminal, and is printed at start and end elsewhere.
pub struct Progress {
    name: String,
    started: Stopwatch,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Shows that `name` has started. `turning` is false where the step prints lines of its own.
    pub fn start(name: &str, turning: bool) -> Self {
        let bar = if turning && stderr().is_terminal() {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.set_message(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            Some(bar)
        } else {
            note(&format!("… {name}"));
            None
        };
        Self { name: name.to_owned(), started: Stopwatch::start(), bar }
    }

    /// Replaces the turning line by the outcome, and returns the seconds that the step took.
    pub fn end(self, passed: bool) -> f64 {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let seconds = self.started.seconds();
        note(&format!("{} {} ({seconds:.1} s)", if passed { "✓" } else { "✗" }, self.name));
        seconds
    }
}
