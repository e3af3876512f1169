use tokio::sync::watch;

use super::{Shared, lock};

/// Tells those who wait for idleness that it may have come.
#[derive(Debug)]
pub(crate) struct Idle(watch::Sender<u64>);

impl Default for Idle {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Idle {
    pub fn changed(&self) {
        if self.0.receiver_count() > 0 {
            self.0.send_modify(|turns| *turns += 1);
        }
    }
}

impl Shared {
    /// Whether no update is unhandled, no job is due and no request is in flight.
    pub fn is_idle(&self) -> bool {
        let now = self.clock.now();
        let board = |board: &crate::flow::board::Board| board.is_idle() && board.next_due().is_none_or(|at| at > now);
        let quiet = board(&self.inbox()) && board(&self.jobs());
        quiet
            && lock(&self.next_due).is_none_or(|at| at > now)
            && lock(&self.gate_opens).is_none_or(|at| at > now)
            && lock(&self.unparked).is_empty()
            && self.me().is_some()
    }

    /// Returns once the bot is idle: what tests await instead of sleeping.
    pub async fn idle(&self) {
        let mut changes = self.idle.0.subscribe();
        while !self.is_idle() {
            // The sender lives in self, so this cannot fail.
            let _ = changes.changed().await;
        }
    }
}
