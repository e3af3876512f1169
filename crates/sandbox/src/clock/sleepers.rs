//! Who waits for which time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// The times that somebody waits for, and a pulse that beats when one has woken.
#[derive(Debug)]
pub(super) struct Sleepers {
    due: Mutex<BTreeMap<i64, usize>>,
    pulse: watch::Sender<u64>,
}

impl Default for Sleepers {
    fn default() -> Self {
        Self { due: Mutex::default(), pulse: watch::channel(0).0 }
    }
}

impl Sleepers {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<i64, usize>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `deadline` as long as the answer lives.
    pub fn enter(&self, deadline: i64) -> Sleeper<'_> {
        *self.lock().entry(deadline).or_default() += 1;
        Sleeper { among: self, deadline }
    }

    /// The first time that somebody waits for.
    pub fn earliest(&self) -> Option<i64> {
        self.lock().keys().next().copied()
    }

    /// Wakes those who wait for a change.
    pub fn stir(&self) {
        if self.pulse.receiver_count() > 0 {
            self.pulse.send_modify(|count| *count += 1);
        }
    }

    pub fn pulse(&self) -> watch::Receiver<u64> {
        self.pulse.subscribe()
    }
}

/// One who waits.
pub(super) struct Sleeper<'a> {
    among: &'a Sleepers,
    deadline: i64,
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        let mut due = self.among.lock();
        if let Some(count) = due.get_mut(&self.deadline) {
            *count -= 1;
            if *count == 0 {
                due.remove(&self.deadline);
            }
        }
        drop(due);
        self.among.stir();
    }
}
