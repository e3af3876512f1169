//! One message as it is kept.

use serde::{Deserialize, Serialize};

use crate::ids::{ChatId, MessageId};

/// What a message is; the word is the field of the Bot API's `Message` that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Kind {
    Text,
    Photo,
    Video,
    Audio,
    Voice,
    Document,
    Animation,
    VideoNote,
    Sticker,
    Location,
    Venue,
    Contact,
    Dice,
    Poll,
    Game,
    Checklist,
    Rich,
    LivePhoto,
    PaidMedia,
    /// A service message, by its field.
    Service(#[serde(with = "super::save::word")] Word),
}

/// A name that the program knows. (An alias, because serde would borrow a reference from what it reads.)
type Word = &'static str;

impl Kind {
    /// The field of `Message`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Document => "document",
            Self::Animation => "animation",
            Self::VideoNote => "video_note",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Venue => "venue",
            Self::Contact => "contact",
            Self::Dice => "dice",
            Self::Poll => "poll",
            Self::Game => "game",
            Self::Checklist => "checklist",
            Self::Rich => "rich_message",
            Self::LivePhoto => "live_photo",
            Self::PaidMedia => "paid_media",
            Self::Service(field) => field,
        }
    }

    pub fn is_service(self) -> bool {
        matches!(self, Self::Service(_))
    }

    /// Whether a caption can stand under it.
    pub fn takes_caption(self) -> bool {
        matches!(
            self,
            Self::Photo
                | Self::Video
                | Self::Audio
                | Self::Voice
                | Self::Document
                | Self::Animation
                | Self::LivePhoto
                | Self::PaidMedia
        )
    }
}

/// What a message says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Content {
    pub kind: Kind,
    /// The JSON of the kind's field; empty for a text; the id of a poll, which is kept apart.
    pub body: Box<str>,
    /// The text or the caption; empty for none.
    pub text: Box<str>,
    /// The entities as a JSON array; empty for none.
    pub entities: Box<str>,
    /// Number of the file in the store, for media.
    pub file: Option<u32>,
    /// More fields of the message as JSON, `"name":value` with commas between; mostly empty.
    pub extra: Box<str>,
}

/// Adds a field to a list of JSON fields.
pub(crate) fn add_field(fields: &mut Box<str>, field: &str) {
    *fields = match &**fields {
        "" => field.into(),
        before => format!("{before},{field}").into(),
    };
}

impl Content {
    pub fn new(kind: Kind, body: impl Into<Box<str>>) -> Self {
        Self { kind, body: body.into(), text: "".into(), entities: "".into(), file: None, extra: "".into() }
    }

    pub fn text(text: &str, entities: &str) -> Self {
        Self { text: text.into(), entities: entities.into(), ..Self::new(Kind::Text, "") }
    }
}

/// What a message answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub message: MessageId,
    /// A `TextQuote` object; empty for none.
    pub quote: Box<str>,
    /// `ExternalReplyInfo` when the message is in another chat; empty otherwise.
    pub external: Box<str>,
}

/// The chat in whose name somebody writes: a channel's posts, and what anonymous administrators say.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Sender {
    /// The chat's number.
    pub chat: i64,
    /// The author's name or title, where the chat shows it; empty for none.
    pub signature: Box<str>,
    /// Telegram itself forwarded it, from a channel to its discussion group.
    pub automatic: bool,
}

/// A message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub id: MessageId,
    pub chat: ChatId,
    /// Seconds since 1970 UTC.
    pub date: i64,
    pub edited: Option<i64>,
    /// The author's user id.
    pub from: i64,
    /// In the name of which chat.
    pub sender: Option<Box<Sender>>,
    /// The topic it stands in; `None` in General and outside forums.
    pub topic: Option<MessageId>,
    pub reply: Option<Box<Reply>>,
    pub content: Content,
    /// An inline keyboard as JSON; empty for none.
    pub markup: Box<str>,
    /// A reply keyboard, removal or forced reply, which only people see; empty for none.
    pub keyboard: Box<str>,
    pub media_group: Option<u64>,
    /// The bot by whose inline mode it was sent, and the id by which that bot edits it (empty: it cannot).
    pub via: Option<i64>,
    pub inline_id: Box<str>,
    /// The bot that wrote it on behalf of a business account.
    pub behalf: Option<i64>,
    /// It can be neither forwarded nor copied.
    pub is_protected: bool,
    /// What belongs to this message and to no copy of it: fields of `Message` as JSON, with commas between; mostly
    /// empty.
    pub marks: Box<str>,
    /// A `MessageOrigin` object; empty for none.
    pub origin: Box<str>,
    /// Who reacted how: user and `ReactionType` objects.
    pub reactions: Vec<(i64, Vec<String>)>,
    pub pinned: bool,
    pub deleted: bool,
}

impl Message {
    /// A message yet without id and date: the chat gives them.
    pub fn new(chat: ChatId, from: i64, content: Content) -> Self {
        Self {
            id: 0,
            chat,
            date: 0,
            edited: None,
            from,
            sender: None,
            topic: None,
            reply: None,
            content,
            markup: "".into(),
            keyboard: "".into(),
            media_group: None,
            via: None,
            inline_id: "".into(),
            behalf: None,
            is_protected: false,
            marks: "".into(),
            origin: "".into(),
            reactions: Vec::new(),
            pinned: false,
            deleted: false,
        }
    }
}
