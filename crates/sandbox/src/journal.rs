//! The record of every call of every bot.

mod text;

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
    /// When it was accepted by the world's clock (microseconds since 1970 UTC).
    #[serde(default)]
    pub at: i64,
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

/// The most that is kept in all unless every call is, in bytes: the oldest go first.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// What parameters take in memory, about.
fn weight(params: &Map<String, Value>) -> usize {
    fn of(value: &Value) -> usize {
        match value {
            Value::String(text) => 32 + text.len(),
            Value::Array(items) => 32 + items.iter().map(of).sum::<usize>(),
            Value::Object(fields) => weight(fields),
            _ => 32,
        }
    }
    256 + params.iter().map(|(name, value)| 32 + name.len() + of(value)).sum::<usize>()
}

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
    /// What each call takes in bytes, about, unless all are kept.
    weights: VecDeque<usize>,
    bytes: usize,
    last: u64,
}

impl Journal {
    pub fn new(size: JournalSize) -> Self {
        Self { size, calls: VecDeque::new(), weights: VecDeque::new(), bytes: 0, last: 0 }
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
        self.grow(weight(&call.params));
        self.calls.push_back(call);
        while self.calls.len() > room || (self.bytes > MOST_BYTES && self.is_bounded()) {
            self.forget_first();
        }
        self.last
    }

    fn is_bounded(&self) -> bool {
        matches!(self.size, JournalSize::Newest(_))
    }

    fn grow(&mut self, bytes: usize) {
        if self.is_bounded() {
            self.weights.push_back(bytes);
            self.bytes += bytes;
        }
    }

    fn forget_first(&mut self) {
        self.calls.pop_front();
        self.bytes -= self.weights.pop_front().unwrap_or(0);
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
        let Some(call) = self.get_mut(seq) else { return };
        call.answer = Some(answer.clone());
        let first = self.calls.front().map_or(seq, |call| call.seq);
        let index = usize::try_from(seq - first).unwrap_or(usize::MAX);
        if let Some(weight) = self.weights.get_mut(index) {
            *weight += answer.len();
            self.bytes += answer.len();
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
        self.weights.clear();
        self.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_calls_push_out_the_oldest_before_their_number_does() {
        let mut journal = Journal::new(JournalSize::Newest(1_000));
        let call = |text: &str| {
            let call = serde_json::json!({"seq": 0, "bot": null, "method": "sendMessage", "params": {"text": text},
                "chat": null, "accepted_at": 0, "answered_at": null, "ok": null, "code": 0, "description": null,
                "messages": [], "fault": null});
            serde_json::from_value::<Call>(call).unwrap()
        };
        let long = "x".repeat(1024 * 1024);
        for _ in 0..100 {
            journal.begin(call(&long));
        }
        let kept = journal.after(0, usize::MAX).count();
        assert!((50..=64).contains(&kept), "{kept} are kept");
        let last = journal.last();
        journal.answered(last, &Bytes::from(vec![b'1'; 8_000]));
        assert!(journal.get_mut(last).unwrap().answer.is_some());
        journal.clear();
        assert_eq!((journal.bytes, journal.begin(call("x"))), (0, last + 1));
    }
}
