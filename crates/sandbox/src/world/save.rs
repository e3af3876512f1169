//! The whole world as one JSON document, and back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::World;
use super::state::State;
use crate::clock::{Clock, LATEST};

mod forms;

pub(crate) use forms::{base64, pairs, sorted, text, word};

/// The version of the document that this sandbox writes, and the only one that it reads.
const VERSION: u32 = 1;

/// A text that is no saved state, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NoState(String);

#[derive(Serialize)]
struct Written<'a> {
    sandbox_state: u32,
    /// The time of a manual clock (microseconds since 1970 UTC).
    clock: Option<i64>,
    state: &'a State,
}

#[derive(Deserialize)]
struct Read {
    clock: Option<i64>,
    state: State,
}

#[derive(Deserialize)]
struct Head {
    sandbox_state: Option<u32>,
}

impl World {
    /// Everything as one JSON document: people, bots with their tokens, chats, messages, files, updates that wait,
    /// webhooks, settings, faults, the next ids and the time of a manual clock. Not the journal, and no call under way.
    /// One state always makes the same document.
    pub fn save(&self) -> String {
        let state = self.lock();
        let clock = state.clock.is_manual().then(|| state.clock.now());
        let written = Written { sandbox_state: VERSION, clock, state: &state };
        // Writing to memory fails only where a map has keys that are no text, which a test would find.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Puts a saved world into the place of this one. Polls under way end with an empty answer, webhook deliveries of
    /// the old world are forgotten, the loaded bots' webhooks begin to work, and the journal goes on. A manual clock
    /// goes to the time that was saved. Call it on a tokio runtime.
    pub fn load(&self, document: &str) -> Result<(), NoState> {
        self.adopt(Self::read(document)?, |clock, saved| {
            if let Some(now) = saved {
                clock.set(now);
            }
        });
        Ok(())
    }

    fn read(document: &str) -> Result<Read, NoState> {
        let head: Head = serde_json::from_str(document)
            .map_err(|error| NoState(format!("the saved state is no JSON: {error}")))?;
        match head.sandbox_state {
            Some(VERSION) => {}
            Some(other) => {
                return Err(NoState(format!(
                    "the saved state has version {other}, and this sandbox reads version {VERSION}"
                )));
            }
            None => {
                return Err(NoState("this is no saved state: it has no field sandbox_state".to_owned()));
            }
        }
        let read: Read = serde_json::from_str(document)
            .map_err(|error| NoState(format!("the saved state cannot be read: {error}")))?;
        if let Some(clock) = read.clock.filter(|clock| !(0..=LATEST).contains(clock)) {
            return Err(NoState(format!(
                "the saved state's clock is at {clock}: a clock is between 0 and {LATEST}, the end of the year 9999"
            )));
        }
        Ok(read)
    }

    /// Keeps the world as it is now as the one that [`reset`](Self::reset) goes back to.
    pub fn remember_opening(&self) {
        let document = self.save();
        self.lock().opening = document.into();
    }

    /// Goes back to the world that [`remember_opening`](Self::remember_opening) kept, the empty one otherwise, with
    /// the same ids and with a clock that stands or runs as it did then, and forgets the journal's calls. What was under way ends as in [`load`](Self::load).
    pub fn reset(&self) -> Result<(), NoState> {
        let opening = Arc::clone(&self.lock().opening);
        self.adopt(Self::read(&opening)?, Clock::restore);
        self.clear_journal();
        Ok(())
    }

    fn adopt(&self, read: Read, set_clock: impl FnOnce(&Clock, Option<i64>)) {
        let mut guard = self.lock();
        let old = std::mem::replace(&mut *guard, read.state);
        let state = &mut *guard;
        state.clock = old.clock;
        state.journal = old.journal;
        state.checker = old.checker;
        state.events = old.events;
        state.opening = old.opening;
        state.participants = old.participants;
        state.counts = old.counts;
        state.timers_changed = old.timers_changed;
        state.timers_changed.notify_one();
        state.generation = old.generation + 1;
        set_clock(&state.clock, read.clock);
        state.participants.stir(None);
        // A task of the old world takes no step in the new one: its webhook's epoch never comes again.
        let epoch = old.bots.values().map(|bot| bot.webhook_epoch).max().unwrap_or_default() + 1;
        for bot in state.bots.values_mut() {
            bot.webhook_epoch = epoch;
        }
        for before in old.bots.values() {
            if let Some(bot) = state.bots.get_mut(&before.id) {
                // Who waits for this bot in the old world goes on waiting in the new one.
                bot.wake = Arc::clone(&before.wake);
                bot.progress = Arc::clone(&before.progress);
            }
            before.wake.notify_waiters();
            before.progress.notify_waiters();
        }
        // Withheld answers of the old world go out.
        old.faults.release();
        state.event(|| json!({"event": "reload"}));
        let bots: Vec<_> = state.bots.keys().copied().collect();
        drop(guard);
        for bot in bots {
            crate::server::webhook::run(self, bot);
        }
    }
}
