//! Time: the one place that reads the wall clock. Everything else is handed a [`Clock`].

mod followed;
mod steady;

use std::ops::{Add, Sub};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use self::followed::Followed;
pub(crate) use self::followed::Hand;
use self::steady::Steady;

/// A point in time: microseconds since 1970-01-01 UTC.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    sqlx::Type,
    serde::Serialize,
    serde::Deserialize,
)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Microseconds since 1970-01-01 UTC.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(rhs.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, rhs: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(rhs.as_micros()).unwrap_or(i64::MAX)))
    }
}

/// Where time comes from: the system, a hand that a test turns, or a sandbox in another process.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System(Arc<Steady>),
    Manual(Arc<watch::Sender<Timestamp>>),
    /// Another process's.
    Followed(Arc<Followed>),
}

/// The longest that a sleeper takes to notice that the clock jumped ahead.
const SLICE: Duration = Duration::from_secs(30);

impl Clock {
    /// The machine's clock, which never goes back: a wall clock that is put back by an hour holds up nothing, one
    /// that jumps ahead is followed. Clones show the same time; two clocks made apart need not.
    pub fn system() -> Self {
        Self(Kind::System(Arc::new(Steady::new())))
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    pub fn manual(start: Timestamp) -> Self {
        Self(Kind::Manual(Arc::new(watch::Sender::new(start))))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::System(clock) => clock.now(),
            Kind::Manual(hand) => *hand.borrow(),
            Kind::Followed(clock) => clock.now(),
        }
    }

    /// How far this clock is ahead of the machine's, since that one was put back. A manual clock is nobody's.
    pub fn ahead(&self) -> Duration {
        match &self.0 {
            Kind::System(clock) => clock.ahead(),
            Kind::Manual(_) | Kind::Followed(_) => Duration::ZERO,
        }
    }

    /// Moves a manual clock forward and wakes whoever waited for the time that has now come.
    /// The system's clock is not ours to move: there it does nothing.
    pub fn advance(&self, by: Duration) {
        if let Kind::Manual(hand) = &self.0 {
            hand.send_modify(|now| *now = *now + by);
        }
    }

    /// Returns once the clock shows `at` or later.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub async fn sleep_until(&self, at: Timestamp) {
        match &self.0 {
            // In slices: the timer stands still while the machine sleeps, and knows nothing of a clock put ahead.
            Kind::System(clock) => loop {
                let left = at.since(clock.now());
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(SLICE)).await;
            },
            Kind::Manual(hand) => {
                let mut watch = hand.subscribe();
                // The sender lives as long as this clock does, so the wait cannot fail.
                let _ = watch.wait_for(|now| *now >= at).await;
            }
            Kind::Followed(clock) => clock.sleep_until(at).await,
        }
    }

    /// Returns once `for_` has passed on this clock.
    pub async fn sleep(&self, for_: Duration) {
        self.sleep_until(self.now() + for_).await;
    }
}

/// A span of real time, whatever clock the app runs on: for measuring and for bounds on work that
/// really runs (a handler's budget, a request's time-out), never for anything a person waits for.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts counting.
    #[expect(clippy::disallowed_methods, reason = "measures work, decides nothing that is stored")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// The time since [`Stopwatch::start`].
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Bounds work that really runs by real time. `None`: the bound was reached and the work dropped.
#[expect(clippy::disallowed_methods, reason = "bounds real work; a manual clock stands still meanwhile")]
pub async fn within<T>(bound: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(bound, work).await.ok()
}

/// The same, where only the work's own time counts: `elsewhere` says how much of the time since the start it waited for
/// something that is not its fault.
pub async fn within_own_time<T>(
    bound: Duration,
    elsewhere: impl Fn() -> Duration,
    work: impl Future<Output = T>,
) -> Option<T> {
    let watch = Stopwatch::start();
    let mut work = std::pin::pin!(work);
    let mut left = bound;
    loop {
        if let Some(done) = within(left, work.as_mut()).await {
            return Some(done);
        }
        let own = watch.elapsed().saturating_sub(elsewhere());
        left = bound.checked_sub(own).filter(|left| !left.is_zero())?;
    }
}

/// Waits in real time: for retries of what is outside of us (a database, a network), where a manual
/// clock that stands still would wait for ever.
#[expect(clippy::disallowed_methods, reason = "an outage passes in real time")]
pub async fn real_pause(for_: Duration) {
    tokio::time::sleep(for_).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_who_waits_for_the_time_that_came() {
        let clock = Clock::manual(Timestamp(1_000_000));
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_mins(1)).await }
        });
        // It reads the clock when it first runs.
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(30));
        clock.advance(Duration::from_secs(30));
        waiting.await.unwrap();
        assert_eq!(clock.now(), Timestamp(61_000_000));
    }
}
