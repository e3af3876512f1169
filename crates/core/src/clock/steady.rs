//! The system's time without its steps back.
//!
//! Gates, backoffs and due times are kept as points in time. Were the wall clock put back by an hour (an NTP step,
//! a machine that booted with a wrong clock), all of them would lie an hour ahead and everything would stand still.
//! So the time that counts goes on by the monotonic clock, from where the wall clock was:
//!
//! - **back**: not followed. Until the wall clock has caught up, or the next start, the bot is ahead of it; this is
//!   [`Steady::ahead`], which housekeeping says in the log.
//! - **forward**: followed at once. A machine that slept, or a clock that was put right, has only missed time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Timestamp;

/// A clock of the machine that never goes back. One a process: each remembers by itself how far it has come.
#[derive(Debug)]
pub(super) struct Steady {
    start: Instant,
    /// The largest distance seen between the wall clock and the time since `start`, in microseconds.
    offset: AtomicI64,
}

impl Steady {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn new() -> Self {
        Self { start: Instant::now(), offset: AtomicI64::new(i64::MIN) }
    }

    pub fn now(&self) -> Timestamp {
        // In this order: held up between the two, the distance comes out too small, which changes nothing.
        let wall = wall();
        self.read(wall, self.start.elapsed())
    }

    /// How far this clock is ahead of the wall clock.
    pub fn ahead(&self) -> Duration {
        self.now().since(wall())
    }

    /// The time, when the wall clock shows `wall` and `elapsed` has passed since the start.
    fn read(&self, wall: Timestamp, elapsed: Duration) -> Timestamp {
        let distance = (wall - elapsed).0;
        let offset = self.offset.fetch_max(distance, Ordering::Relaxed).max(distance);
        Timestamp(offset) + elapsed
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(since.map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const HOUR: Duration = Duration::from_hours(1);
    const NOON: Timestamp = Timestamp(1_800_000_000_000_000);

    #[test]
    fn a_wall_clock_that_is_put_back_stops_nothing() {
        let clock = Steady::new();
        assert_eq!(clock.read(NOON, SECOND), NOON);
        assert_eq!(clock.read(NOON - HOUR, SECOND * 2), NOON + SECOND, "it goes on by the monotonic clock");
        assert_eq!(clock.read(NOON - HOUR + SECOND, SECOND * 3), NOON + SECOND * 2);
    }

    #[test]
    fn a_wall_clock_that_jumps_ahead_is_followed() {
        let clock = Steady::new();
        assert_eq!(clock.read(NOON, SECOND), NOON);
        assert_eq!(clock.read(NOON + HOUR, SECOND * 2), NOON + HOUR, "the machine slept");
        assert_eq!(
            clock.read(NOON + SECOND * 2, SECOND * 3),
            NOON + HOUR + SECOND,
            "and back is not followed"
        );
    }

    #[test]
    fn the_real_one_shows_the_wall_clock_and_is_not_ahead_of_it() {
        let clock = Steady::new();
        let (before, now, after) = (wall(), clock.now(), wall());
        assert!(before <= now && now <= after, "{before:?} {now:?} {after:?}");
        assert!(clock.ahead() < SECOND);
    }
}
