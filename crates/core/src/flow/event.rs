//! What a bot routes.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use teloxide::types::{
    CallbackQuery, ChatMemberUpdated, Message, MessageReactionUpdated, PreCheckoutQuery, Update, UpdateKind,
};

use super::job::JobId;
use crate::store::inbox::Row;

/// The kind of inbox rows that are ours and not Telegram's.
pub const EVENT: &str = "event";

/// What a bot routes: an update, or something that came of what it asked for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A new message, in a private chat, a group or a topic.
    Message(Box<Message>),
    /// All parts of one media group, in order; two at least.
    Album(Vec<Message>),
    /// A message that was edited.
    EditedMessage(Box<Message>),
    /// A button under a message was tapped.
    Callback(Box<CallbackQuery>),
    /// What the bot is in a chat has changed. Core has noted it already.
    MyChatMember(Box<ChatMemberUpdated>),
    /// What somebody is in a chat has changed.
    ChatMember(Box<ChatMemberUpdated>),
    /// Reactions on a message have changed.
    Reaction(Box<MessageReactionUpdated>),
    /// Somebody is about to pay: to be answered within ten seconds.
    PreCheckout(Box<PreCheckoutQuery>),
    /// Another kind that teloxide's types know.
    Other(Box<UpdateKind>),
    /// A job whose result was asked for has ended, or a reminder is due.
    Job(JobResult),
    /// The bot has started: the place for refresh jobs.
    Started,
}

/// How a job ended, as an event in the lane that asked for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobResult {
    /// The job.
    pub job: JobId,
    /// `call`, `reminder`, or a kind of the bot's own.
    pub kind: String,
    /// What the handler that asked wrote down.
    pub tag: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Done, with this result (for a call, Telegram's own).
    Done {
        /// JSON.
        result: Value,
    },
    /// Refused, or failed too often.
    Failed {
        /// Telegram's code; 0 for other reasons.
        code: u16,
        /// Why, in Telegram's words or the job's.
        why: String,
    },
    /// The bot may not write to that chat now: blocked, kicked, deactivated.
    Parked {
        /// Telegram's words.
        why: String,
    },
    /// Its time was over before it could be done.
    Expired,
    /// Whether it was done is not known, and it is not safe to repeat: a person has to look.
    Unknown,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Stored {
    Job(JobResult),
    Started,
}

/// Reads a row into an event. `None`: its kind or form is newer than this version.
pub(crate) fn parse(row: &Row) -> Option<Event> {
    let raw = row.raw.as_str();
    Some(match row.kind.as_str() {
        EVENT => match serde_json::from_str(raw).ok()? {
            Stored::Job(result) => Event::Job(result),
            Stored::Started => Event::Started,
        },
        "message" => Event::Message(Box::new(serde_json::from_str(raw).ok()?)),
        "edited_message" => Event::EditedMessage(Box::new(serde_json::from_str(raw).ok()?)),
        "callback_query" => Event::Callback(Box::new(serde_json::from_str(raw).ok()?)),
        "my_chat_member" => Event::MyChatMember(Box::new(serde_json::from_str(raw).ok()?)),
        "chat_member" => Event::ChatMember(Box::new(serde_json::from_str(raw).ok()?)),
        "message_reaction" => Event::Reaction(Box::new(serde_json::from_str(raw).ok()?)),
        "pre_checkout_query" => Event::PreCheckout(Box::new(serde_json::from_str(raw).ok()?)),
        kind => {
            let id = row.update_id.unwrap_or_default();
            let text = format!(r#"{{"update_id":{id},"{kind}":{raw}}}"#);
            let update: Update = serde_json::from_str(&text).ok()?;
            if matches!(update.kind, UpdateKind::Error(_)) {
                return None;
            }
            Event::Other(Box::new(update.kind))
        }
    })
}

/// Reads the parts of an album. One that cannot be read makes the album unreadable.
pub(crate) fn parse_album(rows: &[Row]) -> Option<Event> {
    let parts: Option<Vec<Message>> = rows.iter().map(|row| serde_json::from_str(&row.raw).ok()).collect();
    let mut parts = parts?;
    if parts.len() == 1 {
        return parts.pop().map(|part| Event::Message(Box::new(part)));
    }
    Some(Event::Album(parts))
}
