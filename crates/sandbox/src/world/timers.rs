//! What is to happen at a time of the clock.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::World;
use super::state::State;
use crate::clock::Clock;
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
    waiting: BTreeMap<i64, VecDeque<Due>>,
}

impl Timers {
    /// When the next is due.
    pub fn next(&self) -> Option<i64> {
        self.waiting.keys().next().copied()
    }

    /// Takes out the first that is due by `now`; what comes after it stays, also when carrying it out fails.
    fn take(&mut self, now: i64) -> Option<Due> {
        let mut entry = self.waiting.first_entry().filter(|entry| *entry.key() <= now)?;
        // In the order in which they were added; there is never a time without one.
        let due = entry.get_mut().pop_front();
        if entry.get().is_empty() {
            entry.remove();
        }
        due
    }
}

impl State {
    /// Lets something happen at a time (microseconds since 1970 UTC).
    pub fn at(&mut self, at: i64, due: Due) {
        self.timers.waiting.entry(at).or_default().push_back(due);
        self.timers_changed.notify_one();
    }

    /// Lets something happen at a time given in seconds since 1970 UTC.
    pub fn at_second(&mut self, at: i64, due: Due) {
        self.at(at.saturating_mul(1_000_000), due);
    }

    /// Carries out what is due by now. Calls of bots come here first, so that none sees a past that should be over.
    pub fn fire_due(&mut self) {
        let now = self.clock.now();
        self.drop_old_updates(now);
        while let Some(due) = self.timers.take(now) {
            match due {
                Due::ClosePoll(id) => drop(self.close_poll(&id)),
                Due::EndStanding => self.expire(),
                Due::EndBoost(chat, id) => self.end_boost(chat, &id),
                Due::EndLocation(chat, id) => self.end_location(chat, id),
            }
        }
    }
}

impl World {
    /// Carries out what falls due, for ever; something nearer that is added wakes it.
    pub(crate) async fn run_timers(self) {
        loop {
            let look = || {
                let mut state = self.lock();
                state.fire_due();
                (state.timers.next(), std::sync::Arc::clone(&state.timers_changed))
            };
            let Some((next, changed)) = survive(look) else {
                // What failed is out of the way. Should something fail for ever, it does so slowly.
                Clock::sleep_really(100_000).await;
                continue;
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

/// What `work` returns, or `None` when it panics: the timers go on for the rest of the world.
fn survive<T>(work: impl FnOnce() -> T) -> Option<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    if done.is_err() {
        tracing::error!("something that was due failed; the timers go on without it");
    }
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timers_outlive_a_failure_of_what_was_due() {
        assert_eq!(survive(|| 5), Some(5));
        let fails = || assert!(!std::hint::black_box(true), "a timer that fails");
        assert_eq!(survive(fails), None);
    }

    #[test]
    fn what_is_due_at_once_is_taken_one_by_one_in_its_order() {
        let due = [Due::EndStanding, Due::ClosePoll("5".to_owned())];
        let mut timers = Timers::default();
        timers.waiting.insert(7, due.clone().into());
        assert_eq!(timers.take(6), None);
        assert_eq!([timers.take(7), timers.take(8)], due.map(Some));
        assert_eq!((timers.take(8), timers.next()), (None, None));
    }
}
