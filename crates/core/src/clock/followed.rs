//! A time that somebody else sets, and who waits for it here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::{Clock, Kind, Stopwatch, Timestamp};

/// What a followed clock shows.
#[derive(Clone, Copy, Debug)]
enum Shown {
    /// It stands.
    Stands(Timestamp),
    /// It showed this, and has run on since.
    Runs(Timestamp, Stopwatch),
}

#[derive(Debug)]
pub(super) struct Followed {
    shown: watch::Sender<Shown>,
    sleepers: Mutex<BTreeMap<Timestamp, usize>>,
    woken: watch::Sender<u64>,
}

/// What sets a followed clock.
#[derive(Clone, Debug)]
pub(crate) struct Hand(Arc<Followed>);

impl Clock {
    /// A clock that stands at `at` until its hand is set.
    pub(crate) fn followed(at: Timestamp) -> (Self, Hand) {
        let followed = Arc::new(Followed {
            shown: watch::Sender::new(Shown::Stands(at)),
            sleepers: Mutex::default(),
            woken: watch::Sender::new(0),
        });
        (Self(Kind::Followed(Arc::clone(&followed))), Hand(followed))
    }
}

impl Hand {
    /// Shows `at`, where it stands or runs on from; whoever waited for a time that has come wakes.
    pub fn set(&self, at: Timestamp, stands: bool) {
        let shown = if stands { Shown::Stands(at) } else { Shown::Runs(at, Stopwatch::start()) };
        self.0.shown.send_replace(shown);
    }

    /// The first time that somebody waits for.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.0.sleepers().keys().next().copied()
    }

    /// Changes whenever one that waited has woken or given up.
    pub fn woken(&self) -> watch::Receiver<u64> {
        self.0.woken.subscribe()
    }
}

impl Followed {
    fn sleepers(&self) -> MutexGuard<'_, BTreeMap<Timestamp, usize>> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn now(&self) -> Timestamp {
        match *self.shown.borrow() {
            Shown::Stands(at) => at,
            Shown::Runs(at, since) => at + since.elapsed(),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub async fn sleep_until(&self, at: Timestamp) {
        let _sleeper = Sleeper::begin(self, at);
        let mut changes = self.shown.subscribe();
        loop {
            let shown = *changes.borrow_and_update();
            let left = at.since(self.now());
            if left.is_zero() {
                return;
            }
            // The sender lives in self, so waiting for a change cannot fail.
            match shown {
                Shown::Stands(_) => drop(changes.changed().await),
                Shown::Runs(..) => tokio::select! {
                    () = tokio::time::sleep(left) => {}
                    moved = changes.changed() => drop(moved),
                },
            }
        }
    }
}

/// One who waits.
struct Sleeper<'a> {
    clock: &'a Followed,
    at: Timestamp,
}

impl<'a> Sleeper<'a> {
    fn begin(clock: &'a Followed, at: Timestamp) -> Self {
        *clock.sleepers().entry(at).or_default() += 1;
        clock.woken.send_modify(|count| *count += 1);
        Self { clock, at }
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        let mut sleepers = self.clock.sleepers();
        if let Some(count) = sleepers.get_mut(&self.at) {
            *count -= 1;
            if *count == 0 {
                sleepers.remove(&self.at);
            }
        }
        drop(sleepers);
        self.clock.woken.send_modify(|count| *count += 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn the_hand_knows_who_waits_for_which_time() {
        let (clock, hand) = Clock::followed(Timestamp(0));
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(5)).await }
        });
        tokio::task::yield_now().await;
        assert_eq!(hand.next_due(), Some(Timestamp(5_000_000)));
        hand.set(Timestamp(4_999_999), true);
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        hand.set(Timestamp(5_000_000), true);
        sleeper.await.unwrap();
        assert_eq!((hand.next_due(), clock.now()), (None, Timestamp(5_000_000)));
        hand.set(Timestamp(5_000_000), false);
        clock.sleep(Duration::from_millis(1)).await;
        assert!(clock.now() >= Timestamp(5_001_000));
    }
}
