use serde_json::Value;
use teloxide::types::{Message, MessageEntity, MessageEntityKind, MessageKind};

use crate::domain::content::{self, NewContent};
use crate::domain::continuing;
use crate::domain::person::{ANONYMOUS_ADMIN, Person, clean, cut};

/// So many UTF-16 units of a group's title are kept: as many as Telegram allows.
const TITLE: usize = 128;

/// One message, or all parts of one album, in what the handlers need of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The chat it was written in.
    pub chat_id: i64,
    /// The forum topic it was written in.
    pub thread: Option<i64>,
    /// The message, or the parts of the album in rising order. Never empty.
    pub message_ids: Vec<i64>,
    /// Who wrote it.
    pub from: Person,
    /// The group's title; empty in a private chat.
    pub title: String,
    /// Whether it stands in a topic that the bot made, as far as Telegram says so.
    pub is_in_own_topic: bool,
    /// The ticket that the name of such a topic names: the name that it was made with.
    pub topic_number: Option<i64>,
    /// What it answers.
    pub reply: Option<Replied>,
    /// Its text or caption; of an album the first one.
    pub text: String,
    /// Whether it is more than a text.
    pub has_media: bool,
    /// The parts of an album as `InputMedia`, where every part can be sent so.
    pub album: Option<Vec<Value>>,
}

/// The message that another one answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replied {
    /// Its id.
    pub message_id: i64,
    /// Whether the bot wrote it.
    pub is_ours: bool,
    /// The ticket that its text names: `#12`.
    pub number: Option<i64>,
}

/// A message that was edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    /// The message as it is now.
    pub said: Said,
    /// What its copy is to show.
    pub content: NewContent,
}

/// Whether a message is something that a person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// It can be passed on, or at least tried.
    Content,
    /// It tells what happened in the chat: topics, pins, members.
    Service,
    /// A kind that this version does not know.
    Unknown,
}

impl Said {
    /// Reads a message, or the parts of an album. `None`: nobody is known to have written it (a channel,
    /// another bot). `bot_id` is this bot's.
    pub fn of(parts: &[Message], bot_id: i64) -> Option<Self> {
        let first = parts.first()?;
        let from = author(first)?;
        let mut message_ids: Vec<i64> = parts.iter().map(|part| i64::from(part.id.0)).collect();
        message_ids.sort_unstable();
        let thread = first.thread_id.filter(|_| first.is_topic_message).map(|thread| i64::from(thread.0.0));
        let own_root = root(first, thread).filter(|root| wrote(root, bot_id));
        let text = parts.iter().find_map(words).unwrap_or_default();
        Some(Self {
            chat_id: first.chat.id.0,
            thread,
            message_ids,
            from,
            title: cut(&clean(first.chat.title().unwrap_or_default()), TITLE).to_owned(),
            is_in_own_topic: own_root.is_some(),
            topic_number: own_root
                .and_then(Message::forum_topic_created)
                .and_then(|topic| continuing::named_in(&topic.name)),
            reply: reply(first, thread, bot_id),
            text: text.to_owned(),
            has_media: first.text().is_none(),
            album: (parts.len() > 1).then(|| album(parts)).flatten(),
        })
    }

    /// Its id; of an album that of the first part.
    pub fn message_id(&self) -> i64 {
        self.message_ids[0]
    }
}

impl Edited {
    /// Reads an edited message.
    pub fn of(message: &Message, bot_id: i64) -> Option<Self> {
        let said = Said::of(std::slice::from_ref(message), bot_id)?;
        let json = serde_json::to_value(message).ok()?;
        Some(Self { said, content: NewContent::of(&json) })
    }
}

/// What sort of message this is.
pub fn sort(message: &Message) -> Sort {
    match &message.kind {
        MessageKind::Common(_) if message.chat_migration().is_some() => Sort::Service,
        MessageKind::Common(_)
        | MessageKind::Dice(_)
        | MessageKind::Invoice(_)
        | MessageKind::Giveaway(_)
        | MessageKind::GiveawayWinners(_) => Sort::Content,
        MessageKind::Empty {} => Sort::Unknown,
        _ => Sort::Service,
    }
}

/// Whether one of the parts mentions the bot, by the marks that Telegram sets: a mention inside of a longer
/// word is none.
pub fn mentions(parts: &[Message], bot_id: i64, username: &str) -> bool {
    parts.iter().any(|part| {
        let entities = part.entities().or_else(|| part.caption_entities()).unwrap_or_default();
        let text = words(part).unwrap_or_default();
        entities.iter().any(|entity| is_mention(entity, text, bot_id, username))
    })
}

/// A text without the mentions of the bot: what is left is the question.
pub fn without_mentions(text: &str, username: &str) -> String {
    let name = format!("@{username}");
    let is_name = |word: &str| word.trim_end_matches([',', '.', ':', '!', '?']).eq_ignore_ascii_case(&name);
    text.split_whitespace().filter(|word| !is_name(word)).collect::<Vec<_>>().join(" ")
}

fn is_mention(entity: &MessageEntity, text: &str, bot_id: i64, username: &str) -> bool {
    match &entity.kind {
        MessageEntityKind::Mention => {
            utf16(text, entity.offset, entity.length)
                .and_then(|name| name.strip_prefix('@').map(|name| name.eq_ignore_ascii_case(username)))
                == Some(true)
        }
        MessageEntityKind::TextMention { user } => i64::try_from(user.id.0) == Ok(bot_id),
        _ => false,
    }
}

/// The part of a text that an entity marks. `None`: its place lies outside of the text, or inside of a
/// character.
fn utf16(text: &str, offset: usize, length: usize) -> Option<String> {
    let units: Vec<u16> = text.encode_utf16().skip(offset).take(length).collect();
    (units.len() == length).then(|| String::from_utf16(&units).ok()).flatten()
}

fn words(message: &Message) -> Option<&str> {
    message.text().or_else(|| message.caption())
}

/// Who wrote a message. Administrators who stay anonymous are their group; channels and other bots are nobody.
fn author(message: &Message) -> Option<Person> {
    let user = message.from.as_ref()?;
    let id = i64::try_from(user.id.0).ok()?;
    if id == ANONYMOUS_ADMIN {
        let group = message.sender_chat.as_ref().filter(|sender| sender.id == message.chat.id)?;
        return Some(Person::new(id, group.title().unwrap_or_default(), None, None));
    }
    if user.is_bot || message.sender_chat.is_some() || message.is_automatic_forward() {
        return None;
    }
    Some(Person::new(id, &user.full_name(), user.username.as_deref(), user.language_code.as_deref()))
}

/// In a forum, what answers nothing answers the message that made the topic.
fn root(message: &Message, thread: Option<i64>) -> Option<&Message> {
    message.reply_to_message().filter(|to| thread == Some(i64::from(to.id.0)))
}

fn reply(message: &Message, thread: Option<i64>, bot_id: i64) -> Option<Replied> {
    if root(message, thread).is_some() {
        return None;
    }
    let to = message.reply_to_message()?;
    Some(Replied {
        message_id: i64::from(to.id.0),
        is_ours: wrote(to, bot_id),
        number: continuing::named_in(words(to).unwrap_or_default()),
    })
}

fn wrote(message: &Message, user: i64) -> bool {
    message.from.as_ref().is_some_and(|from| i64::try_from(from.id.0) == Ok(user))
}

fn album(parts: &[Message]) -> Option<Vec<Value>> {
    let mut parts: Vec<&Message> = parts.iter().collect();
    parts.sort_by_key(|part| part.id.0);
    parts.into_iter().map(|part| content::input_media(&serde_json::to_value(part).ok()?)).collect()
}
