//! What is to happen at a time of the clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::World;
use super::state::State;
use crate::ids::{ChatId, MessageId};

/// Something that happens by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Due {
    /// A poll that was open long enough closes.
    ClosePoll(String),
    /// A ban, a restriction or a paid membership ends.
    EndStanding,
    /// A person's boost of a chat ends.
    EndBoost(ChatId, String),
    /// A location is no longer live.
    EndLocation(ChatId, MessageId),
}

/// What is due when (microseconds since 1970 UTC).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Timers {
    waiting: BTreeMap<i64, Vec<Due>>,
}

impl Timers {
    /// When the next is due.
    pub fn next(&self) -> Option<i64> {
        self.waiting.keys().next().copied()
    }
}

impl State {
    /// Lets something happen at a time (microseconds since 1970 UTC).
    pub fn at(&mut self, at: i64, due: Due) {
        self.timers.waiting.entry(at).or_default().push(due);
        self.timers_changed.notify_one();
    }

    /// Carries out what is due by now. Calls of bots come here first, so that none sees a past that should be over.
    pub fn fire_due(&mut self) {
        let now = self.clock.now();
        self.drop_old_updates(now);
        while let Some(entry) = self.timers.waiting.first_entry().filter(|entry| *entry.key() <= now) {
            for due in entry.remove() {
                match due {
                    Due::ClosePoll(id) => drop(self.close_poll(&id)),
                    Due::EndStanding => self.expire(),
                    Due::EndBoost(chat, id) => self.end_boost(chat, &id),
                    Due::EndLocation(chat, id) => self.end_location(chat, id),
                }
            }
        }
    }
}

impl World {
    /// Carries out what falls due, for ever; something nearer that is added wakes it.
    pub(crate) async fn run_timers(self) {
        loop {
            let (next, changed) = {
                let mut state = self.lock();
                state.fire_due();
                (state.timers.next(), std::sync::Arc::clone(&state.timers_changed))
            };
            let mut woken = std::pin::pin!(changed.notified());
            woken.as_mut().enable();
            match next {
                // Nothing is lost between the look and the wait: who adds leaves a permit.
                None => woken.await,
                Some(at) => tokio::select! {
                    () = woken => {}
                    () = self.clock().sleep_until(at) => {}
                },
            }
        }
    }
}
