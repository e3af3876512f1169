//! One running bot: the tasks that receive, handle and send, and what they share.

mod about;
mod follow;
mod identify;
mod idle;
mod start;

pub(crate) use about::About;
pub(crate) use follow::Follower;
pub use start::{Options, Running, Updates};
pub(crate) use start::{owner, owner_id};

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mask::Masker;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::{Notify, watch};

use crate::aliases::Aliases;
use crate::clock::{Clock, Timestamp};
use crate::db::Db;
use crate::flow::board::Board;
use crate::metrics::Metrics;
use crate::telegram::limits::Limits;
use crate::telegram::{Client, Me};
use crate::texts::Texts;

/// A bot and what its tasks share.
pub(crate) struct App<B> {
    pub bot: B,
    pub shared: Arc<Shared>,
}

/// What the tasks of one bot share.
pub struct Shared {
    /// The bot crate's name.
    pub name: &'static str,
    /// `development`, `staging` or `production`.
    pub environment: String,
    pub(crate) about: About,
    /// The database.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Telegram.
    pub client: Client,
    /// The bot's id: the digits before its token's colon.
    pub bot_id: i64,
    /// The sentences.
    pub texts: Texts,
    /// The masker of every sink.
    pub masker: Masker,
    /// Groups that became supergroups.
    pub aliases: Aliases,
    /// What is counted.
    pub metrics: Metrics,
    pub(crate) limits: Limits,
    pub(crate) budget: Duration,
    pub(crate) me: watch::Sender<Option<Me>>,
    pub(crate) inbox: Mutex<Board>,
    pub(crate) inbox_wake: Notify,
    pub(crate) jobs: Mutex<Board>,
    pub(crate) jobs_wake: Notify,
    /// When the next delayed job becomes due.
    pub(crate) next_due: Mutex<Option<Timestamp>>,
    /// When the next lane that waits at a limit may go.
    pub(crate) gate_opens: Mutex<Option<Timestamp>>,
    pub(crate) parked: Mutex<HashMap<i64, String>>,
    /// Chats that may be written to again since the sender last looked.
    pub(crate) unparked: Mutex<Vec<i64>>,
    /// Jobs that were taken back since the sender last looked: others may wait for them.
    pub(crate) gone: Mutex<Vec<i64>>,
    /// Lanes whose first update was perhaps in hand when the last process died.
    pub(crate) suspects: Mutex<HashSet<String>>,
    pub(crate) solo: tokio::sync::Mutex<()>,
    pub(crate) stopping: watch::Sender<bool>,
    /// The last count of many rows, for the pages.
    pub(crate) counted: Mutex<Option<crate::http::Counted>>,
    pub(crate) idle: idle::Idle,
    pub(crate) rng: Mutex<StdRng>,
}

impl Shared {
    /// The bot as getMe showed it; `None` until Telegram has answered for the first time.
    pub fn me(&self) -> Option<Me> {
        self.me.borrow().clone()
    }

    pub(crate) fn inbox(&self) -> MutexGuard<'_, Board> {
        lock(&self.inbox)
    }

    pub(crate) fn jobs(&self) -> MutexGuard<'_, Board> {
        lock(&self.jobs)
    }

    /// A job becomes due at this time.
    pub(crate) fn note_due(&self, at: Timestamp) {
        let mut next = lock(&self.next_due);
        *next = Some(next.map_or(at, |next| next.min(at)));
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Returns when the bot is to stop.
    pub(crate) async fn stopped(&self) {
        let mut watch = self.stopping.subscribe();
        // The sender lives in self.
        let _ = watch.wait_for(|stopping| *stopping).await;
    }

    pub(crate) fn fork_rng(&self) -> StdRng {
        StdRng::from_rng(&mut *lock(&self.rng))
    }
}

/// A lock whose holder panicked holds plain data: it is used on.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
