//! The record of every call of every bot.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::ids::{BotId, ChatId, MessageId};

/// How many calls are kept.
#[derive(Clone, Copy, Debug)]
pub enum JournalSize {
    /// None.
    Off,
    /// The newest so many.
    Newest(usize),
    /// All of them: for drills that compare every call.
    Unbounded,
}

/// One call.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// Its number, from 1, in the order of acceptance.
    pub seq: u64,
    /// Who called; `None` with an unknown token.
    pub bot: Option<BotId>,
    /// The method as the Bot API spells it.
    pub method: String,
    /// The parameters, parsed where they came as JSON in a form.
    #[schema(value_type = Object)]
    pub params: Map<String, Value>,
    /// The chat that `chat_id` names.
    pub chat: Option<ChatId>,
    /// When the request had been read (microseconds, [`Clock::real_now`](crate::Clock::real_now)).
    pub accepted_at: i64,
    /// When the last byte of the answer had been handed to the socket; `None` until then, or for ever when the
    /// client went before.
    pub answered_at: Option<i64>,
    /// Whether it succeeded; `None` while it is under way.
    pub ok: Option<bool>,
    /// The HTTP status; 0 while under way, or when the connection was cut instead of answered.
    pub code: u16,
    /// Telegram's error text.
    pub description: Option<String>,
    /// The messages that it made.
    pub messages: Vec<MessageId>,
    /// The kind of the fault that struck it.
    pub fault: Option<Cow<'static, str>>,
}

/// The calls, oldest first.
#[derive(Debug)]
pub(crate) struct Journal {
    size: JournalSize,
    calls: VecDeque<Call>,
    last: u64,
}

impl Journal {
    pub fn new(size: JournalSize) -> Self {
        Self { size, calls: VecDeque::new(), last: 0 }
    }

    /// One that keeps nothing.
    pub fn off() -> Self {
        Self::new(JournalSize::Off)
    }

    /// Begins a call and gives it its number.
    pub fn begin(&mut self, mut call: Call) -> u64 {
        self.last += 1;
        call.seq = self.last;
        let room = match self.size {
            JournalSize::Off => return self.last,
            JournalSize::Newest(room) => room,
            JournalSize::Unbounded => usize::MAX,
        };
        self.calls.push_back(call);
        if self.calls.len() > room {
            self.calls.pop_front();
        }
        self.last
    }

    /// The call with that number, while it is kept.
    pub fn get_mut(&mut self, seq: u64) -> Option<&mut Call> {
        let first = self.calls.front()?.seq;
        self.calls.get_mut(usize::try_from(seq.checked_sub(first)?).ok()?)
    }

    /// Up to `limit` calls with a number above `after`.
    pub fn after(&self, after: u64, limit: usize) -> impl Iterator<Item = &Call> {
        let first = self.calls.front().map_or(0, |call| call.seq);
        let skip = usize::try_from(after.saturating_add(1).saturating_sub(first)).unwrap_or(usize::MAX);
        self.calls.iter().skip(skip).take(limit)
    }

    pub fn last(&self) -> u64 {
        self.last
    }

    pub fn clear(&mut self) {
        self.calls.clear();
    }
}
