//! The world: people, bots, chats and what passes between them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

pub(crate) mod acts;
pub(crate) mod advance;
pub(crate) mod boosts;
pub(crate) mod bot;
pub(crate) mod business;
mod channels;
pub(crate) mod chat;
pub(crate) mod chat_settings;
pub(crate) mod deliver;
pub(crate) mod draft;
pub(crate) mod files;
pub(crate) mod flood;
pub(crate) mod games;
pub(crate) mod generator;
pub(crate) mod groups;
pub(crate) mod inline;
mod inspect;
pub(crate) mod invites;
pub(crate) mod json;
pub(crate) mod media;
pub(crate) mod member;
pub(crate) mod message;
pub(crate) mod participants;
mod people;
mod photos;
pub(crate) mod poll;
pub(crate) mod preview;
pub(crate) mod reaction;
mod render;
pub(crate) mod rights;
pub(crate) mod save;
pub(crate) mod sending;
pub(crate) mod setup;
pub(crate) mod standing;
pub(crate) mod state;
pub(crate) mod stickers;
pub(crate) mod timers;
pub(crate) mod topics;
pub(crate) mod user;
pub(crate) mod view;

use crate::clock::Clock;
use state::State;

/// A handle on the world: clones share it, and every method may be called from any thread.
///
/// Whatever a person does goes out to the bots that may know of it before the method returns.
#[derive(Clone)]
pub struct World {
    state: Arc<Mutex<State>>,
    clock: Clock,
    /// Held while the clock is advanced.
    advancing: Arc<tokio::sync::Mutex<()>>,
}

/// Why Telegram does not let a person do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub(crate) String);

impl Refused {
    pub(crate) fn because<T>(reason: impl Into<String>) -> Result<T, Self> {
        Err(Self(reason.into()))
    }
}

impl World {
    pub(crate) fn new(state: State) -> Self {
        Self { clock: state.clock.clone(), state: Arc::new(Mutex::new(state)), advancing: Arc::default() }
    }

    /// The lock is never held across an await, and a panic under it leaves nothing half done that matters here.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.expire();
        state
    }

    /// The clock that everything here follows.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Changes as they happen, each a JSON object with `"event"`, as `/api/events` sends them.
    pub fn events(&self) -> broadcast::Receiver<Arc<str>> {
        self.lock().events.subscribe()
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}
