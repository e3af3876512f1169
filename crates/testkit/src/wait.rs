//! What a story does instead of sleeping.

use std::time::Duration;

use frontdesk_core::clock::{Stopwatch, real_pause, within};

use crate::town::{PATIENCE, Town};

impl Town {
    /// Returns once every update is delivered and handled, no job is due and no call is in flight.
    ///
    /// # Panics
    /// When that does not come within 20 s, with what is stuck; when the bot does not run.
    pub async fn idle(&self) {
        let shared = self.shared();
        let (world, bot) = (self.world(), self.account().id);
        let quiet = async {
            loop {
                world.wait_until_delivered(bot).await;
                shared.idle().await;
                // Both at once, or one has given the other new work.
                if world.pending_updates(bot) == 0 && world.in_flight(bot) == 0 && shared.is_idle() {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let came = within(PATIENCE, quiet).await.is_some();
        assert!(came, "idle did not come; {}", self.stuck(&shared).await);
    }

    /// Moves the time on, for the bot and for Telegram, and awaits idle.
    ///
    /// # Panics
    /// As [`Town::idle`].
    pub async fn advance(&self, by: Duration) {
        self.advance_only(by);
        self.idle().await;
    }

    /// Moves the time on and waits for nothing.
    pub fn advance_only(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.world().clock().advance(micros);
        self.clock().advance(by);
    }

    /// Returns once `holds` does: for moments in which the bot is busy on purpose, so that idle cannot come.
    ///
    /// # Panics
    /// After 20 s.
    pub async fn eventually(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let watch = Stopwatch::start();
        while !holds() {
            assert!(watch.elapsed() < PATIENCE, "it was to come about that {what}");
            // What is awaited happens over sockets and in SQLite's threads: in real time.
            real_pause(Duration::from_millis(2)).await;
        }
    }
}
