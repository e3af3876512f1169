//! Where the sandbox's time comes from, and where everything that waits waits.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// A real or a manual clock, in microseconds since 1970 UTC. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The time of a manual clock; `None` with a real one.
    manual: Option<watch::Sender<i64>>,
    started: Instant,
}

impl Clock {
    /// The system's time.
    pub fn real() -> Self {
        Self::new(None)
    }

    /// A clock that stands at `start` (microseconds since 1970 UTC) until it is advanced.
    pub fn manual(start: i64) -> Self {
        Self::new(Some(watch::channel(start).0))
    }

    #[expect(clippy::disallowed_methods, reason = "the clock is the one place that reads the time")]
    fn new(manual: Option<watch::Sender<i64>>) -> Self {
        Self(Arc::new(Inner { manual, started: Instant::now() }))
    }

    /// Whether time stands still until [`advance`](Self::advance).
    pub fn is_manual(&self) -> bool {
        self.0.manual.is_some()
    }

    /// Microseconds since 1970 UTC.
    #[expect(clippy::disallowed_methods, reason = "the clock is the one place that reads the time")]
    pub fn now(&self) -> i64 {
        if let Some(now) = &self.0.manual {
            return *now.borrow();
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }

    /// Seconds since 1970 UTC, as Telegram dates things.
    pub fn seconds(&self) -> i64 {
        self.now().div_euclid(1_000_000)
    }

    /// Microseconds since this clock was made, by the process's monotonic clock: real even when the clock is manual.
    pub fn real_now(&self) -> i64 {
        i64::try_from(self.0.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// Moves a manual clock on by `micros` and wakes what was due; returns the new time, or `None` with a real clock.
    pub fn advance(&self, micros: i64) -> Option<i64> {
        let now = self.0.manual.as_ref()?;
        now.send_modify(|at| *at = at.saturating_add(micros.max(0)));
        Some(*now.borrow())
    }

    /// Puts a manual clock to `micros`, backwards too: for a world that is loaded. Who waits goes on waiting until the
    /// clock comes to where they wait for.
    pub(crate) fn set(&self, micros: i64) {
        if let Some(now) = &self.0.manual {
            now.send_replace(micros);
        }
    }

    /// Waits until `deadline` (microseconds since 1970 UTC).
    pub async fn sleep_until(&self, deadline: i64) {
        match &self.0.manual {
            // The sender lives as long as the clock, so waiting cannot fail.
            Some(now) => drop(now.subscribe().wait_for(|at| *at >= deadline).await),
            None => Self::sleep_really(deadline - self.now()).await,
        }
    }

    /// Waits `micros`.
    pub async fn sleep(&self, micros: i64) {
        self.sleep_until(self.now().saturating_add(micros)).await;
    }

    /// Waits `micros` of real time, whatever the clock: for latency that a benchmark measures.
    #[expect(clippy::disallowed_methods, reason = "the clock is the one place that waits")]
    pub async fn sleep_really(micros: i64) {
        if let Ok(micros @ 1..) = u64::try_from(micros) {
            tokio::time::sleep(Duration::from_micros(micros)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_what_is_due_and_nothing_else() {
        let clock = Clock::manual(1_000_000);
        let (early, late) = (clock.clone(), clock.clone());
        let early = tokio::spawn(async move { early.sleep(10).await });
        let late = tokio::spawn(async move { late.sleep(1_000).await });
        tokio::task::yield_now().await;
        assert_eq!(clock.advance(10), Some(1_000_010));
        early.await.unwrap();
        assert!(!late.is_finished());
        assert_eq!(clock.seconds(), 1);
    }
}
