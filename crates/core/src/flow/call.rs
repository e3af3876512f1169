//! A call of the Bot API as a job.

use serde::Serialize;
use serde_json::{Map, Value, json};
use teloxide::requests::Payload;

use super::job::{CALL, JobId, Policy, Tell};
use super::peek::chat_lane;
use crate::clock::Timestamp;
use crate::store::jobs::Row;
use crate::telegram::FilePart;

/// A forum topic: one that stands, or the one that a job will make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Its `message_thread_id`.
    Id(i64),
    /// The job that makes it. What goes there waits for it, in a lane of the topic's own.
    Job(JobId),
}

/// A message: one that stands, or the one that a job will send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// Its `message_id`.
    Id(i64),
    /// The job that sends it.
    Job(JobId),
    /// One of several messages that a job sends, counted from 0.
    Part(JobId, i64),
}

/// A call of the Bot API that is to be made by a job: method, JSON body, and what becomes of its result.
#[derive(Clone, Debug)]
pub struct Call {
    method: String,
    body: Map<String, Value>,
    files: Vec<FilePart>,
    topic: Option<Topic>,
    lane: Option<String>,
    own_lane: bool,
    priority: i16,
    due: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    policy: Policy,
    tag: Option<String>,
}

impl Call {
    /// A call of teloxide's payload type: `Call::of(&SendMessage::new(chat, "…"))`.
    ///
    /// # Panics
    /// Never for teloxide's payloads: each serializes to a JSON object.
    pub fn of<P: Payload + Serialize>(payload: &P) -> Self {
        let mut name = P::NAME.trim_end_matches("Inline").to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Self::raw(name, serde_json::to_value(payload).expect("a payload of teloxide is plain data"))
    }

    /// A call by name, for methods newer than teloxide. A `body` that is no object counts as empty.
    pub fn raw(method: impl Into<String>, body: Value) -> Self {
        let body = if let Value::Object(body) = body { body } else { Map::new() };
        Self {
            method: method.into(),
            body,
            files: Vec::new(),
            topic: None,
            lane: None,
            own_lane: false,
            priority: 0,
            due: None,
            expires_at: None,
            policy: Policy::default(),
            tag: None,
        }
    }

    /// Into a forum topic.
    #[must_use]
    pub fn in_topic(mut self, topic: Topic) -> Self {
        self.body.insert("message_thread_id".to_owned(), topic.json());
        self.beside(topic)
    }

    /// In the order of what goes into a topic, without naming it in the body: an edit of a message there.
    #[must_use]
    pub fn beside(mut self, topic: Topic) -> Self {
        self.topic = Some(topic);
        self
    }

    /// As an answer to a message. Where that is gone, the answer goes without it.
    #[must_use]
    pub fn reply_to(mut self, message: Message) -> Self {
        self.body.insert(
            "reply_parameters".to_owned(),
            json!({"message_id": message.json(), "allow_sending_without_reply": true}),
        );
        self
    }

    /// On a message that another job sends: for edits, pins, reactions, deletes.
    #[must_use]
    pub fn on_message(mut self, message: Message) -> Self {
        self.body.insert("message_id".to_owned(), message.json());
        self
    }

    /// With a file from disk.
    #[must_use]
    pub fn file(mut self, part: FilePart) -> Self {
        self.files.push(part);
        self
    }

    /// In a lane of its own name, in which whatever refers to it by [`Topic::Job`] follows it: for the
    /// creation of a topic, so that one topic's making does not wait for another's.
    #[must_use]
    pub fn in_its_own_lane(mut self) -> Self {
        self.own_lane = true;
        self
    }

    /// In the lane of this name.
    #[must_use]
    pub fn in_lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = Some(lane.into());
        self
    }

    /// Which results come back as an event, with this tag.
    #[must_use]
    pub fn tell(mut self, tell: Tell, tag: impl Into<String>) -> Self {
        self.policy.tell = tell;
        self.tag = Some(tag.into());
        self
    }

    /// Never repeated when its answer was lost: it becomes a dead letter for a person to decide on.
    #[must_use]
    pub fn ask_when_unclear(mut self) -> Self {
        self.policy.ask_when_unclear = true;
        self
    }

    /// Waits while the chat is parked; otherwise it ends.
    #[must_use]
    pub fn wait_while_parked(mut self) -> Self {
        self.policy.wait_while_parked = true;
        self
    }

    /// Not before this time.
    #[must_use]
    pub fn due(mut self, at: Timestamp) -> Self {
        self.due = Some(at);
        self
    }

    /// Not after this time.
    #[must_use]
    pub fn expires_at(mut self, at: Timestamp) -> Self {
        self.expires_at = Some(at);
        self
    }

    /// Lower goes first among lanes; 0 is usual, a broadcast takes 10.
    #[must_use]
    pub fn priority(mut self, priority: i16) -> Self {
        self.priority = priority;
        self
    }

    /// The chat that it goes to, when it is named by its id.
    pub fn chat_id(&self) -> Option<i64> {
        self.body.get("chat_id").and_then(Value::as_i64)
    }

    pub(crate) fn row(self, id: JobId, reply_lane: &str, now: Timestamp) -> Row {
        let chat_id = self.chat_id();
        let lane = self.lane(id, chat_id);
        let due = self.due.unwrap_or(now);
        let mut payload = json!({"method": self.method, "body": self.body});
        if !self.files.is_empty() {
            payload["files"] = json!(self.files);
        }
        Row {
            id: id.0,
            lane,
            chat_id,
            kind: CALL.to_owned(),
            payload: payload.to_string(),
            priority: self.priority.into(),
            due,
            delayed: i64::from(due > now),
            expires_at: self.expires_at,
            retry_at: Timestamp(0),
            attempts: 0,
            state: 0,
            policy: self.policy.to_bits(),
            reply_lane: (self.policy.tell != Tell::Nothing).then(|| reply_lane.to_owned()),
            tag: self.tag,
            created_at: now,
        }
    }

    fn lane(&self, id: JobId, chat_id: Option<i64>) -> String {
        if let Some(lane) = &self.lane {
            return lane.clone();
        }
        if self.own_lane {
            return format!("j{}", id.0);
        }
        match (self.topic, chat_id) {
            (Some(Topic::Job(job)), _) => format!("j{}", job.0),
            (Some(Topic::Id(topic)), Some(chat)) => chat_lane(chat, Some(topic)),
            (None, Some(chat)) => chat_lane(chat, None),
            (_, None) => match self.body.get("callback_query_id").and_then(Value::as_str) {
                Some(query) => format!("q{query}"),
                None => "bot".to_owned(),
            },
        }
    }
}

impl Topic {
    fn json(self) -> Value {
        match self {
            Self::Id(id) => json!(id),
            Self::Job(job) => json!({"$job": job.0}),
        }
    }
}

impl Message {
    fn json(self) -> Value {
        match self {
            Self::Id(id) => json!(id),
            Self::Job(job) => json!({"$job": job.0}),
            Self::Part(job, part) => json!({"$job": job.0, "part": part}),
        }
    }
}

#[cfg(test)]
mod tests {
    use teloxide::payloads::{EditMessageTextInline, SendMessage};
    use teloxide::types::ChatId;

    use super::*;

    #[test]
    fn what_goes_into_a_topic_that_is_yet_to_be_made_follows_its_maker() {
        let maker = Call::raw("createForumTopic", json!({"chat_id": -100, "name": "#1"})).in_its_own_lane();
        let message = Call::of(&SendMessage::new(ChatId(-100), "hello")).in_topic(Topic::Job(JobId(5)));
        assert_eq!(maker.row(JobId(5), "7", Timestamp(0)).lane, "j5");
        let row = message.row(JobId(6), "7", Timestamp(0));
        assert_eq!((row.lane.as_str(), row.chat_id), ("j5", Some(-100)));
        let payload: Value = serde_json::from_str(&row.payload).unwrap();
        assert_eq!(
            payload,
            json!({"method": "sendMessage", "body": {
            "chat_id": -100, "text": "hello", "message_thread_id": {"$job": 5}}})
        );
    }

    #[test]
    fn a_method_is_named_as_telegram_names_it() {
        let call = Call::of(&EditMessageTextInline::new("i", "text"));
        assert_eq!(call.method, "editMessageText");
    }
}
