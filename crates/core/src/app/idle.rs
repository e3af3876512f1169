use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

use super::{Shared, lock};

/// Tells those who wait for idleness that it may have come.
#[derive(Debug)]
pub(crate) struct Idle {
    turns: watch::Sender<u64>,
    /// Between two sleeps of the sender: what it took from the lists stands nowhere else then.
    sending: AtomicBool,
}

impl Default for Idle {
    fn default() -> Self {
        Self { turns: watch::Sender::new(0), sending: AtomicBool::new(false) }
    }
}

impl Idle {
    pub fn changed(&self) {
        if self.turns.receiver_count() > 0 {
            self.turns.send_modify(|turns| *turns += 1);
        }
    }

    /// Changes whenever idleness may have come.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.turns.subscribe()
    }

    /// The sender has woken, or goes to sleep.
    pub fn set_sending(&self, sending: bool) {
        self.sending.store(sending, Ordering::SeqCst);
        self.changed();
    }
}

impl Shared {
    /// Whether no update is unhandled, no job is due and no request is in flight.
    pub fn is_idle(&self) -> bool {
        let now = self.clock.now();
        let board =
            |board: &crate::flow::board::Board| board.is_idle() && board.next_due().is_none_or(|at| at > now);
        let quiet = board(&self.inbox()) && board(&self.jobs());
        quiet
            && lock(&self.next_due).is_none_or(|at| at > now)
            && lock(&self.gate_opens).is_none_or(|at| at > now)
            && lock(&self.unparked).is_empty()
            && lock(&self.gone).is_empty()
            && !self.idle.sending.load(Ordering::SeqCst)
            && self.me().is_some()
    }

    /// Returns once the bot is idle: what tests await instead of sleeping.
    pub async fn idle(&self) {
        let mut changes = self.idle.turns.subscribe();
        while !self.is_idle() {
            // The sender lives in self, so this cannot fail.
            let _ = changes.changed().await;
        }
    }
}
