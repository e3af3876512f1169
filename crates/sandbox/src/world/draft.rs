//! A person writes.

use super::chat::{ChatKind, GENERAL};
use super::json::{Object, quoted};
use super::media::{Media, Prepared};
use super::message::{Content, Kind, Message, Reply};
use super::state::State;
use super::{Refused, World};
use crate::ids::{ChatId, MessageId, PersonId};
use crate::text::{Entity, entities_json, settle, utf16_len, utf16_slice};

/// A message that a person is about to send; see [`World::message`].
#[must_use = "a draft goes nowhere before send()"]
pub struct Draft {
    world: World,
    person: PersonId,
    chat: ChatId,
    text: String,
    entities: Vec<Entity>,
    media: Vec<Media>,
    album: usize,
    topic: Option<MessageId>,
    reply_to: Option<MessageId>,
    quote: Option<String>,
    number: Option<MessageId>,
}

impl World {
    /// A person writes a text; returns the message's id.
    pub fn say(&self, person: PersonId, chat: ChatId, text: &str) -> Result<MessageId, Refused> {
        self.message(person, chat).text(text).send()
    }

    /// Begins a message with more than text: `world.message(nino, chat).photo().caption("look").reply_to(7).send()`.
    pub fn message(&self, person: PersonId, chat: ChatId) -> Draft {
        Draft {
            world: self.clone(),
            person,
            chat,
            text: String::new(),
            entities: Vec::new(),
            media: Vec::new(),
            album: 1,
            topic: None,
            reply_to: None,
            quote: None,
            number: None,
        }
    }
}

impl Draft {
    /// The text, or the caption of media.
    pub fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// Another word for [`text`](Self::text).
    pub fn caption(self, caption: &str) -> Self {
        self.text(caption)
    }

    /// Marks a part of the text (UTF-16 units), e.g. `"bold"`.
    pub fn entity(mut self, kind: &str, offset: usize, length: usize) -> Self {
        self.entities.push(Entity::new(kind, offset, length));
        self
    }

    /// `MessageEntity` objects; what cannot be read as one is left out.
    pub fn entities(mut self, entities: &serde_json::Value) -> Self {
        let entities = entities.as_array().into_iter().flatten();
        self.entities.extend(entities.filter_map(|entity| serde_json::from_value(entity.clone()).ok()));
        self
    }

    /// A file or another thing than text. Called again, it makes an album of different things: 2 to 10 photos and
    /// videos, or pieces of music, or documents.
    pub fn media(mut self, media: Media) -> Self {
        self.media.push(media);
        self
    }

    /// A made-up photo.
    pub fn photo(self) -> Self {
        self.media(Media::Photo)
    }

    /// A made-up document.
    pub fn document(self) -> Self {
        self.media(Media::Document)
    }

    /// A made-up voice note.
    pub fn voice(self) -> Self {
        self.media(Media::Voice)
    }

    /// So many of the media as one album; the caption goes with the first.
    pub fn album(mut self, items: usize) -> Self {
        self.album = items.max(1);
        self
    }

    /// Into this topic of a forum.
    pub fn topic(mut self, topic: MessageId) -> Self {
        self.topic = Some(topic);
        self
    }

    /// As an answer to a message of the same chat. In a forum it goes to that message's topic.
    pub fn reply_to(mut self, message: MessageId) -> Self {
        self.reply_to = Some(message);
        self
    }

    /// Quotes these words of the message that it answers.
    pub fn quote(mut self, words: &str) -> Self {
        self.quote = Some(words.to_owned());
        self
    }

    /// Gives it this id, as if the messages before had been written and deleted long ago. In supergroups and channels
    /// only, and above every id there.
    pub fn numbered(mut self, id: MessageId) -> Self {
        self.number = Some(id);
        self
    }

    /// Sends it; returns the id of the message, of an album's first.
    pub fn send(self) -> Result<MessageId, Refused> {
        Ok(self.send_all()?[0])
    }

    /// Sends it; returns the ids of all its messages, never none.
    pub fn send_all(self) -> Result<Vec<MessageId>, Refused> {
        let world = self.world.clone();
        // Pictures are read before the world is locked.
        let prepared = self.media.iter().map(Media::prepare).collect();
        let mut state = world.lock();
        state.say(self, prepared)
    }
}

impl State {
    fn say(&mut self, draft: Draft, prepared: Vec<Option<Prepared>>) -> Result<Vec<MessageId>, Refused> {
        let topic = self.may_write(draft.person, draft.chat, draft.topic, draft.reply_to)?;
        let reply = draft
            .reply_to
            .map(|message| self.reply(draft.chat, message, draft.quote.as_deref()))
            .transpose()?;
        let (text, entities) = settle(&draft.text, draft.entities).map_err(Refused)?;
        let entities = entities_json(&entities);
        let limit = if draft.media.is_empty() { 4_096 } else { 1_024 };
        if utf16_len(&text) > limit {
            return Refused::because(format!(
                "the text has over {limit} UTF-16 units; Telegram's apps would split it"
            ));
        }
        if text.is_empty() && draft.media.is_empty() {
            return Refused::because("a message needs a text or media");
        }
        let mut contents = Vec::new();
        for (media, prepared) in draft.media.iter().zip(prepared) {
            contents.push(self.make(media, prepared)?);
        }
        match contents.as_slice() {
            [] => contents.push(Content::new(Kind::Text, "")),
            [content] if draft.album > 1 => contents = vec![content.clone(); draft.album],
            [_] => {}
            several => check_album(several)?,
        }
        if let Some(id) = draft.number {
            self.skip_to(draft.chat, id)?;
        }
        let group = if contents.len() > 1 { Some(self.album_number()) } else { None };
        let mut ids = Vec::new();
        for (item, mut content) in contents.into_iter().enumerate() {
            if item == 0 {
                self.may_say(draft.person, draft.chat, content.kind)?;
                self.note_sent(draft.chat, draft.person.0);
                content.text = text.as_str().into();
                content.entities = entities.as_str().into();
            }
            let mut message = Message::new(draft.chat, draft.person.0, content);
            message.topic = topic;
            message.reply.clone_from(&reply);
            message.media_group = group;
            let id = self.store(message);
            ids.push(id);
            self.announce(draft.chat, id, "message");
        }
        Ok(ids)
    }

    /// Lets the next message of a supergroup or channel have this id.
    fn skip_to(&mut self, chat: ChatId, id: MessageId) -> Result<(), Refused> {
        let place = self
            .chats
            .get_mut(&chat)
            .filter(|place| matches!(place.kind, ChatKind::Supergroup | ChatKind::Channel));
        match place {
            Some(place) if id >= place.next_message && id <= i64::from(i32::MAX) => {
                place.next_message = id;
                Ok(())
            }
            Some(place) => {
                Refused::because(format!("the next message of {chat} is number {}", place.next_message))
            }
            None => Refused::because(format!("{chat} does not count messages of its own")),
        }
    }

    pub fn album_number(&mut self) -> u64 {
        u64::try_from(self.number("albums", 13_000_000_000)).unwrap_or_default()
    }

    /// Whether a person may write there now; returns the topic that it goes to.
    pub fn may_write(
        &mut self,
        person: PersonId,
        chat: ChatId,
        topic: Option<MessageId>,
        reply_to: Option<MessageId>,
    ) -> Result<Option<MessageId>, Refused> {
        if !self.users.contains_key(&person.0) {
            return Refused::because(format!("there is no person {person}"));
        }
        if let ChatId::Private { person: owner, bot } = chat {
            let with_person = !self.bots.contains_key(&bot);
            if with_person && (!chat.is_of(person.0) || !self.users.contains_key(&bot.0) || owner.0 == bot.0)
            {
                return Refused::because(format!("{chat} is no private chat of {person}"));
            }
            if !with_person && owner != person {
                return Refused::because(format!("{chat} is no private chat of {person} with a bot"));
            }
            if with_person && self.chat_between(owner.0, bot.0) != chat {
                return Refused::because(format!("the chat of these two is {}_{owner}", bot.0));
            }
            // Either of two people may begin.
            let person = owner;
            self.private_chat(person, bot);
            if self.chats.get(&chat).is_some_and(|chat| chat.blocked) {
                return Refused::because("this person has blocked the bot; unblock it first");
            }
            return Ok(None);
        }
        if self.users.get(&person.0).is_some_and(|user| user.deactivated) {
            return Refused::because("this account was deleted");
        }
        let Some(place) = self.chats.get(&chat) else {
            return Refused::because(format!("there is no chat {chat}"));
        };
        if let Some(new) = place.migrated_to {
            return Refused::because(format!("the group has become the supergroup {new}"));
        }
        let status = place.status(person.0);
        if !status.is_in() {
            return Refused::because(format!("{person} may not write in {chat}: {}", status.word()));
        }
        if !place.is_forum {
            return Ok(None);
        }
        let answered = reply_to.and_then(|id| place.messages.get(&id)).and_then(|message| message.topic);
        let topic = topic.or(answered).unwrap_or(GENERAL);
        match place.topics.get(&topic) {
            None => Refused::because(format!("{chat} has no topic {topic}")),
            Some(topic) if topic.deleted => Refused::because(format!("topic {} was deleted", topic.id)),
            Some(topic) if topic.closed && !status.may(|rights| rights.can_manage_topics) => {
                Refused::because(format!("topic {} is closed", topic.id))
            }
            Some(topic) => Ok((topic.id != GENERAL).then_some(topic.id)),
        }
    }

    fn reply(&self, chat: ChatId, message: MessageId, quote: Option<&str>) -> Result<Box<Reply>, Refused> {
        let Some(parent) = self.chats.get(&chat).and_then(|chat| chat.messages.get(&message)) else {
            return Refused::because(format!("there is no message {message} in {chat}"));
        };
        let quote = match quote {
            None => String::new(),
            Some(words) => match quote_json(&parent.content.text, words, None, "") {
                Some(quote) => quote,
                None => return Refused::because(format!("message {message} does not hold the quoted words")),
            },
        };
        Ok(Box::new(Reply { message, quote: quote.into(), external: "".into() }))
    }
}

/// What Telegram's apps send as one album.
fn check_album(contents: &[Content]) -> Result<(), Refused> {
    let family = |content: &Content| match content.kind {
        Kind::Photo | Kind::Video => Some(0),
        Kind::Audio => Some(1),
        Kind::Document => Some(2),
        _ => None,
    };
    let first = contents.first().and_then(family);
    if contents.len() > 10 || first.is_none() || contents.iter().any(|content| family(content) != first) {
        return Refused::because(
            "an album has 2 to 10 photos and videos, or pieces of music, or documents; Telegram's apps send the rest \
             one by one",
        );
    }
    Ok(())
}

/// A `TextQuote` of `words` in `text`, at or near `position` (UTF-16 units).
pub(crate) fn quote_json(text: &str, words: &str, position: Option<usize>, entities: &str) -> Option<String> {
    let length = utf16_len(words);
    let here = position.filter(|position| utf16_slice(text, *position, length) == Some(words));
    let position = match here {
        Some(position) => position,
        None => utf16_len(&text[..text.find(words)?]),
    };
    let mut object = Object::new();
    object.raw("text", &quoted(words)).plain("position", position).plain("is_manual", true);
    if !entities.is_empty() {
        object.raw("entities", entities);
    }
    Some(object.end())
}
