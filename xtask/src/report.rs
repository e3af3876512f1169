//! What the reader sees: progress on stderr, results on stdout.
//!
//! Stdout carries only what a script would want, so that with `--json` its last line is the answer.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::clock::Stopwatch;

/// Writes one line to stdout. A reader that has gone away is no fault of the command.
pub fn result(line: &str) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// The line that turns now, if one does: other lines must not break it.
static TURNING: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Writes one line to stderr.
pub fn note(line: &str) {
    let write = || {
        let _ = writeln!(stderr().lock(), "{line}");
    };
    match &*TURNING.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

fn turn(bar: Option<ProgressBar>) {
    *TURNING.lock().unwrap_or_else(PoisonError::into_inner) = bar;
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
            turn(Some(bar.clone()));
            Some(bar)
        } else {
            note(&format!("… {name}"));
            None
        };
        Self { name: name.to_owned(), started: Stopwatch::start(), bar }
    }

    /// Says what the step does now: beside its name on a terminal, as a line elsewhere.
    pub fn step(&self, what: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(format!("{}: {what}", self.name)),
            None => note(&format!("… {}: {what}", self.name)),
        }
    }

    /// Says how far the step is, on a terminal only.
    pub fn count(&self, done: usize, total: usize) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}: {done} of {total}", self.name));
        }
    }

    /// Replaces the turning line by the outcome, and returns the seconds that the step took.
    pub fn end(self, passed: bool) -> f64 {
        if let Some(bar) = &self.bar {
            turn(None);
            bar.finish_and_clear();
        }
        let seconds = self.started.seconds();
        note(&format!("{} {} ({seconds:.1} s)", if passed { "✓" } else { "✗" }, self.name));
        seconds
    }
}
