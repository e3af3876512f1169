//! Where the sandbox's time comes from, and where everything that waits waits.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

mod sleepers;

use sleepers::Sleepers;

/// The end of the year 9999 (microseconds since 1970 UTC): no clock goes further, so that what is planned some time after
/// now is always a time.
pub(crate) const LATEST: i64 = 253_402_300_799_999_999;

/// A clock that runs or stands, in microseconds since 1970 UTC. Clones share it.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    hand: watch::Sender<Hand>,
    sleepers: Sleepers,
    started: Instant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    /// With the system's time, so many microseconds ahead of it.
    Runs { ahead: i64 },
    /// Until it is advanced.
    Stands { at: i64 },
}

impl Clock {
    /// The system's time.
    pub fn real() -> Self {
        Self::new(Hand::Runs { ahead: 0 })
    }

    /// A clock that stands at `start` (microseconds since 1970 UTC, up to the year 9999) until it is advanced.
    pub fn manual(start: i64) -> Self {
        Self::new(Hand::Stands { at: start.clamp(0, LATEST) })
    }

    #[expect(clippy::disallowed_methods, reason = "the clock is the one place that reads the time")]
    fn new(hand: Hand) -> Self {
        let hand = watch::channel(hand).0;
        Self(Arc::new(Inner { hand, sleepers: Sleepers::default(), started: Instant::now() }))
    }

    /// Whether time stands still until [`advance`](Self::advance).
    pub fn is_manual(&self) -> bool {
        matches!(*self.0.hand.borrow(), Hand::Stands { .. })
    }

    /// Microseconds since 1970 UTC.
    pub fn now(&self) -> i64 {
        match *self.0.hand.borrow() {
            Hand::Stands { at } => at,
            Hand::Runs { ahead } => system().saturating_add(ahead).clamp(0, LATEST),
        }
    }

    /// Seconds since 1970 UTC, as Telegram dates things.
    pub fn seconds(&self) -> i64 {
        self.now().div_euclid(1_000_000)
    }

    /// Microseconds since this clock was made, by the process's monotonic clock: real even when the clock stands.
    pub fn real_now(&self) -> i64 {
        i64::try_from(self.0.started.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// Moves a clock that stands on by `micros` at once, to the end of the year 9999 at most, and wakes what was due; returns the new time, or `None` when
    /// it runs. [`World::advance`](crate::World::advance) goes from one due time to the next instead.
    pub fn advance(&self, micros: i64) -> Option<i64> {
        let mut now = None;
        self.0.hand.send_if_modified(|hand| match hand {
            Hand::Runs { .. } => false,
            Hand::Stands { at } => {
                *at = at.saturating_add(micros.max(0)).min(LATEST);
                now = Some(*at);
                true
            }
        });
        now
    }

    /// Puts a clock that stands to `micros`, backwards too: for a world that is loaded. Who waits goes on waiting until
    /// the clock comes to where they wait for.
    pub(crate) fn set(&self, micros: i64) {
        self.0.hand.send_if_modified(|hand| match hand {
            Hand::Runs { .. } => false,
            Hand::Stands { at } => {
                *at = micros.clamp(0, LATEST);
                true
            }
        });
    }

    /// Lets it stand at a time, or run with the system's time: as it did when a world began.
    pub(crate) fn restore(&self, stands_at: Option<i64>) {
        let hand = stands_at.map_or(Hand::Runs { ahead: 0 }, |at| Hand::Stands { at: at.clamp(0, LATEST) });
        self.0.hand.send_replace(hand);
    }

    /// Lets a clock that runs stand where it is.
    pub(crate) fn freeze(&self) {
        let at = self.now();
        self.0.hand.send_if_modified(|hand| {
            let runs = matches!(hand, Hand::Runs { .. });
            *hand = if runs { Hand::Stands { at } } else { *hand };
            runs
        });
    }

    /// Lets a clock that stands run on from where it is.
    pub(crate) fn thaw(&self) {
        self.0.hand.send_if_modified(|hand| match *hand {
            Hand::Runs { .. } => false,
            Hand::Stands { at } => {
                *hand = Hand::Runs { ahead: at.saturating_sub(system()) };
                true
            }
        });
    }

    /// The first time that somebody waits for here.
    pub(crate) fn earliest(&self) -> Option<i64> {
        self.0.sleepers.earliest()
    }

    /// Tells who waits for the world to settle that something has changed.
    pub(crate) fn stir(&self) {
        self.0.sleepers.stir();
    }

    /// Beats with every [`stir`](Self::stir), and when a sleeper has woken.
    pub(crate) fn pulse(&self) -> watch::Receiver<u64> {
        self.0.sleepers.pulse()
    }

    /// Waits until `deadline` (microseconds since 1970 UTC).
    pub async fn sleep_until(&self, deadline: i64) {
        let _sleeper = self.0.sleepers.enter(deadline);
        let mut changes = self.0.hand.subscribe();
        loop {
            let hand = *changes.borrow_and_update();
            // The sender lives as long as the clock, so waiting for a change cannot fail.
            match hand {
                Hand::Stands { at } if at >= deadline => return,
                Hand::Stands { .. } => drop(changes.changed().await),
                Hand::Runs { .. } => {
                    let left = deadline.saturating_sub(self.now());
                    if left <= 0 {
                        return;
                    }
                    tokio::select! {
                        () = Self::sleep_really(left) => {}
                        moved = changes.changed() => drop(moved),
                    }
                }
            }
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

#[expect(clippy::disallowed_methods, reason = "the clock is the one place that reads the time")]
fn system() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
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
        assert_eq!(clock.earliest(), Some(1_000_010));
        assert_eq!(clock.advance(10), Some(1_000_010));
        early.await.unwrap();
        assert!(!late.is_finished());
        assert_eq!((clock.seconds(), clock.earliest()), (1, Some(1_001_000)));
        late.abort();
        assert!(late.await.unwrap_err().is_cancelled());
        assert_eq!(clock.earliest(), None);
    }

    #[tokio::test]
    async fn a_frozen_clock_stands_and_a_thawed_one_runs_on_from_there() {
        let clock = Clock::real();
        assert_eq!(clock.advance(5), None);
        clock.freeze();
        let at = clock.now();
        let sleeper = clock.clone();
        let sleeper = tokio::spawn(async move { sleeper.sleep(60_000_000).await });
        tokio::task::yield_now().await;
        clock.advance(59_999_000);
        assert_eq!(clock.now(), at + 59_999_000);
        clock.thaw();
        // The last millisecond passes by itself.
        sleeper.await.unwrap();
        let ran = clock.now();
        assert!(ran >= at + 60_000_000, "{ran} is before the sleeper's time");
    }
}
