//! Real time: a drill runs real processes, and waits for them.

use std::time::{Duration, Instant};

/// A moment of real time.
#[derive(Clone, Copy, Debug)]
pub struct Moment(Instant);

impl Moment {
    /// Now.
    #[expect(clippy::disallowed_methods, reason = "a drill measures real processes")]
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// Since then.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Lets real time pass.
#[expect(clippy::disallowed_methods, reason = "a drill's load comes at real times")]
pub async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}
