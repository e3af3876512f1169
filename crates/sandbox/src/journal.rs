//! The record of every call of every bot.

use std::borrow::Cow;
use std::collections::VecDeque;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
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
    /// The answer's JSON; `None` while under way, when it is long, and in a journal that keeps every call.
    #[serde(
        default,
        serialize_with = "as_json",
        deserialize_with = "from_json",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Object>)]
    pub answer: Option<Bytes>,
}

/// The longest answer that is kept, in bytes: a page of updates with files would fill the memory.
const LONGEST_ANSWER: usize = 8_192;

#[expect(clippy::ref_option, reason = "serde hands the field over so")]
fn as_json<S: Serializer>(answer: &Option<Bytes>, serializer: S) -> Result<S::Ok, S::Error> {
    let json: Option<&RawValue> = answer.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok());
    json.serialize(serializer)
}

fn from_json<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Bytes>, D::Error> {
    let json = Option::<Value>::deserialize(deserializer)?;
    Ok(json.map(|json| json.to_string().into()))
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

    /// Writes down what a call was answered.
    pub fn answered(&mut self, seq: u64, answer: &Bytes) {
        if answer.len() > LONGEST_ANSWER || !matches!(self.size, JournalSize::Newest(_)) {
            return;
        }
        if let Some(call) = self.get_mut(seq) {
            call.answer = Some(answer.clone());
        }
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
