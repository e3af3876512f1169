//! What a person sees.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

mod overview;

pub use overview::{BotView, ChatView, ClockKind, CommandList, MemberView, Overview, PersonView, SetFault};

use super::chat::Chat;
use super::files::{File, WHOLE, file_id};
use super::message::{Kind, Message};
use super::state::State;
use crate::ids::{BotId, ChatId, MessageId, PersonId};

/// Who wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Author {
    /// User id.
    pub id: i64,
    /// First and last name.
    pub name: String,
    /// Whether it is a bot.
    pub bot: bool,
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Button {
    /// What stands on it.
    pub text: String,
    /// `callback_data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
}

/// A file in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaView {
    /// Number of the file.
    pub file: u32,
    /// Where the page gets it.
    pub url: String,
    /// The Bot API's id, as the chat's first bot knows it.
    pub file_id: String,
    /// File name.
    pub name: String,
    /// MIME type.
    pub mime: String,
    /// Bytes.
    pub size: usize,
    /// Pixels, 0 for none.
    pub width: u32,
    /// Pixels, 0 for none.
    pub height: u32,
    /// Seconds, 0 for none.
    pub duration: u32,
}

/// A reaction under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReactionView {
    /// User id.
    pub from: i64,
    /// The emoji.
    pub emoji: String,
}

/// What somebody voted for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VoteView {
    /// User id.
    pub from: i64,
    /// Indexes of the options.
    pub options: Vec<usize>,
}

/// A message as a person sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "four things that a message can be, each on its own")]
pub struct MessageView {
    /// Its id.
    pub id: MessageId,
    /// Its chat.
    pub chat: ChatId,
    /// Seconds since 1970 UTC.
    pub date: i64,
    /// Who wrote it.
    pub from: Author,
    /// The chat in whose name it was written: a channel, or the group of an anonymous administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender_chat: Option<i64>,
    /// The author's name as the chat shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// `text`, `photo`…, or the field of a service message.
    pub kind: String,
    /// The text or the caption.
    pub text: Option<String>,
    /// The text's `MessageEntity` objects.
    pub entities: Vec<Value>,
    /// The file.
    pub media: Option<MediaView>,
    /// The album.
    pub media_group: Option<String>,
    /// The message of the same chat that it answers.
    pub reply_to: Option<MessageId>,
    /// The words that it quotes.
    pub quote: Option<String>,
    /// Its topic; `None` in General.
    pub topic: Option<MessageId>,
    /// Inline buttons, by row.
    pub buttons: Vec<Vec<Button>>,
    /// Reply keyboard, its removal or a forced reply, as the Bot API object.
    pub keyboard: Option<Value>,
    /// Reactions.
    pub reactions: Vec<ReactionView>,
    /// The votes of a poll, also of an anonymous one: they are the page's, which plays every person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<VoteView>,
    /// The name of the original author, in a forwarded message.
    pub forwarded_from: Option<String>,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether it was edited.
    pub edited: bool,
    /// Whether it was deleted: people no longer see it.
    pub deleted: bool,
    /// Whether it can be neither forwarded nor saved.
    pub protected: bool,
    /// The Bot API object of its kind (location, poll, service message…), `{}` for a text.
    pub content: Value,
}

/// The answer to a press on a button, as the person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallbackAnswer {
    /// The callback query's id.
    pub id: String,
    /// Who pressed.
    pub person: PersonId,
    /// The bot that answered.
    pub bot: BotId,
    /// Where.
    pub chat: ChatId,
    /// The notice, if there is one.
    pub text: Option<String>,
    /// Whether it is a dialogue instead of a notice.
    pub alert: bool,
    /// A page to open.
    pub url: Option<String>,
}

/// A topic as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopicView {
    /// Id of its first message; 1 for General.
    pub id: MessageId,
    /// Its name.
    pub name: String,
    /// Whether only administrators may write.
    pub closed: bool,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Whether it is General, and hidden.
    #[serde(default)]
    pub hidden: bool,
    /// RGB.
    pub icon_color: i64,
    /// How many messages were written in it.
    pub messages: usize,
}

impl State {
    pub fn view(&self, message: &Message) -> MessageView {
        let content = &message.content;
        let author = self.users.get(&message.from);
        let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
        let reply = message.reply.as_deref().filter(|reply| reply.external.is_empty());
        MessageView {
            id: message.id,
            chat: message.chat,
            date: message.date,
            from: Author {
                id: message.from,
                name: author.map(super::user::User::name).unwrap_or_default(),
                bot: author.is_some_and(|user| user.is_bot),
            },
            sender_chat: message.sender.as_ref().map(|sender| sender.chat),
            signature: message
                .sender
                .as_ref()
                .map(|sender| sender.signature.to_string())
                .filter(|signature| !signature.is_empty()),
            kind: content.kind.field().to_owned(),
            text: (!content.text.is_empty() && content.kind != Kind::Game).then(|| content.text.to_string()),
            entities: serde_json::from_str(&content.entities).unwrap_or_default(),
            media: content.file.and_then(|number| {
                Some(media_view(number, self.files.get(number)?, self.bot_of(message.chat)))
            }),
            media_group: message.media_group.map(|group| group.to_string()),
            reply_to: reply.map(|reply| reply.message),
            quote: message
                .reply
                .as_ref()
                .and_then(|reply| Some(parse(&reply.quote)?["text"].as_str()?.to_owned())),
            topic: message.topic,
            buttons: buttons(&message.markup),
            keyboard: parse(&message.keyboard),
            reactions: reactions(message),
            votes: self.votes(message),
            forwarded_from: parse(&message.origin).map(|origin| origin_name(&origin)),
            pinned: message.pinned,
            edited: message.edited.is_some(),
            deleted: message.deleted,
            content: if content.kind == Kind::Poll {
                parse(&self.poll_json(content))
            } else {
                parse(&content.body)
            }
            .unwrap_or_else(|| json!({})),
            protected: message.is_protected,
        }
    }

    fn votes(&self, message: &Message) -> Vec<VoteView> {
        if message.content.kind != Kind::Poll {
            return Vec::new();
        }
        let votes = self.polls.get(&*message.content.body).into_iter().flat_map(|poll| &poll.votes);
        votes.map(|(from, options)| VoteView { from: *from, options: options.clone() }).collect()
    }

    /// The bot of a private chat, or the first of a group.
    fn bot_of(&self, chat: ChatId) -> Option<BotId> {
        match chat {
            ChatId::Private { bot, .. } => Some(bot),
            ChatId::Group(_) => self.chats.get(&chat)?.bots.first().copied().map(BotId),
        }
    }

    pub fn topic_views(chat: &Chat) -> Vec<TopicView> {
        let view = |topic: &super::chat::Topic| TopicView {
            id: topic.id,
            name: topic.name.clone(),
            closed: topic.closed,
            deleted: topic.deleted,
            hidden: topic.hidden,
            icon_color: topic.icon_color,
            messages: topic.messages.len(),
        };
        chat.topics.values().map(view).collect()
    }

    /// Tells the page of a message.
    pub fn show(&self, chat: ChatId, id: MessageId, event: &str) {
        self.event(|| {
            let message = self.chats.get(&chat).and_then(|chat| chat.messages.get(&id));
            json!({"event": event, "message": message.map(|message| self.view(message))})
        });
    }
}

pub(crate) fn buttons(markup: &str) -> Vec<Vec<Button>> {
    let Ok(markup) = serde_json::from_str::<Value>(markup) else { return Vec::new() };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let button = |value: &Value| Button {
        text: text(&value["text"]).unwrap_or_default(),
        data: text(&value["callback_data"]),
        url: text(&value["url"]),
        copy: text(&value["copy_text"]["text"]),
    };
    let rows = markup["inline_keyboard"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row.as_array().into_iter().flatten().map(button).collect()).collect()
}

fn media_view(number: u32, file: &File, bot: Option<BotId>) -> MediaView {
    let part = file.sizes.last().filter(|_| file.kind == Kind::Photo).map_or(WHOLE, |size| size.part);
    let id = file_id(file.kind, part, number);
    MediaView {
        file: number,
        url: format!("/api/files/{number}"),
        file_id: bot.map_or_else(|| id.clone(), |bot| id.replacen("-0-", &format!("-{bot}-"), 1)),
        name: file.name.clone(),
        mime: file.real_mime().to_owned(),
        size: file.bytes.len(),
        width: file.width,
        height: file.height,
        duration: file.duration,
    }
}

fn reactions(message: &Message) -> Vec<ReactionView> {
    let emoji = |json: &String| {
        let value: Value = serde_json::from_str(json).unwrap_or_default();
        value["emoji"].as_str().or_else(|| value["custom_emoji_id"].as_str()).unwrap_or("?").to_owned()
    };
    let all = message.reactions.iter();
    all.flat_map(|(from, list)| list.iter().map(move |json| ReactionView { from: *from, emoji: emoji(json) }))
        .collect()
}

fn origin_name(origin: &Value) -> String {
    let user = &origin["sender_user"];
    let name = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let chat = [&origin["chat"], &origin["sender_chat"]].into_iter().find(|chat| chat.is_object());
    if let Some(chat) = chat {
        name(&chat["title"])
    } else if user.is_object() {
        format!("{} {}", name(&user["first_name"]), name(&user["last_name"])).trim().to_owned()
    } else {
        name(&origin["sender_user_name"])
    }
}
