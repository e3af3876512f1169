//! The one place of xtask that reads real time: it waits for real processes.

use std::time::{Duration, Instant};

/// A point in time after which waiting ends.
#[derive(Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    /// Ends after `wait`.
    pub fn after(wait: Duration) -> Self {
        Self(now() + wait)
    }

    /// What is left; zero once it has passed.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(now())
    }

    /// Whether it has passed.
    pub fn passed(self) -> bool {
        self.left().is_zero()
    }
}

/// Measures how long something took.
#[derive(Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(now())
    }

    /// Seconds since the start.
    pub fn seconds(self) -> f64 {
        now().saturating_duration_since(self.0).as_secs_f64()
    }
}

#[expect(clippy::disallowed_methods, reason = "xtask runs other processes and waits for them in real time")]
fn now() -> Instant {
    Instant::now()
}
