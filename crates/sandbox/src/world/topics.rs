//! Topics of forums.

use super::chat::{GENERAL, Topic};
use super::json::Object;
use super::message::{Content, Kind, Message};
use super::state::State;
use super::{Refused, World};
use crate::ids::{ChatId, MessageId, PersonId};

/// The colours that Telegram offers for topics.
pub(crate) const ICON_COLORS: [i64; 6] =
    [7_322_096, 16_766_590, 13_338_331, 9_367_192, 16_749_490, 16_478_047];

impl World {
    /// A person opens a topic in a forum; returns its id.
    pub fn create_topic(&self, person: PersonId, chat: ChatId, name: &str) -> Result<MessageId, Refused> {
        let mut state = self.lock();
        state.may_open_topics(person, chat)?;
        // The apps pick a colour by chance; here each topic gets the next, the same in every run.
        let topics = state.group(chat)?.topics.len();
        let color = ICON_COLORS[topics.saturating_sub(1) % ICON_COLORS.len()];
        Ok(state.create_topic(chat, person.0, name, color, None))
    }

    /// A person renames a topic.
    pub fn rename_topic(
        &self,
        person: PersonId,
        chat: ChatId,
        topic: MessageId,
        name: &str,
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        state.manage(person, chat, topic)?;
        state.edit_topic(chat, person.0, topic, Some(name), None);
        Ok(())
    }

    /// A person closes a topic.
    pub fn close_topic(&self, person: PersonId, chat: ChatId, topic: MessageId) -> Result<(), Refused> {
        let mut state = self.lock();
        state.manage(person, chat, topic)?;
        state.set_closed(chat, person.0, topic, true);
        Ok(())
    }

    /// A person opens a closed topic again.
    pub fn reopen_topic(&self, person: PersonId, chat: ChatId, topic: MessageId) -> Result<(), Refused> {
        let mut state = self.lock();
        state.manage(person, chat, topic)?;
        state.set_closed(chat, person.0, topic, false);
        Ok(())
    }

    /// A person hides General, or shows it.
    pub fn hide_general(&self, person: PersonId, chat: ChatId, hidden: bool) -> Result<(), Refused> {
        let mut state = self.lock();
        state.may_manage_topics(person, chat)?;
        state.set_general_hidden(chat, person.0, hidden);
        Ok(())
    }

    /// A person deletes a topic with all its messages. Bots are not told, as at Telegram.
    pub fn delete_topic(&self, person: PersonId, chat: ChatId, topic: MessageId) -> Result<(), Refused> {
        let mut state = self.lock();
        state.manage(person, chat, topic)?;
        state.delete_topic(chat, topic);
        Ok(())
    }
}

impl State {
    fn may_open_topics(&self, person: PersonId, chat: ChatId) -> Result<(), Refused> {
        let place = self.group(chat)?;
        if !place.is_forum {
            return Refused::because(format!("{chat} is no forum"));
        }
        let may = place.allows(person.0, |rights| rights.can_manage_topics, |may| may.can_manage_topics);
        if may { Ok(()) } else { Refused::because(format!("{person} may not open topics in {chat}")) }
    }

    fn may_manage_topics(&self, person: PersonId, chat: ChatId) -> Result<(), Refused> {
        let place = self.group(chat)?;
        if !place.is_forum {
            return Refused::because(format!("{chat} is no forum"));
        }
        if !place.status(person.0).may(|rights| rights.can_manage_topics) {
            return Refused::because(format!("{person} may not manage topics of {chat}"));
        }
        Ok(())
    }

    fn manage(&self, person: PersonId, chat: ChatId, topic: MessageId) -> Result<(), Refused> {
        // Who opened a topic may change it, but not delete it.
        let is_own = self.topic(chat, topic).is_some_and(|topic| topic.creator == person.0);
        if !is_own {
            self.may_manage_topics(person, chat)?;
        }
        match self.topic(chat, topic) {
            Some(_) => Ok(()),
            None => Refused::because(format!("{chat} has no topic {topic}")),
        }
    }

    pub fn create_topic(
        &mut self,
        chat: ChatId,
        by: i64,
        name: &str,
        color: i64,
        emoji: Option<&str>,
    ) -> MessageId {
        let mut object = Object::new();
        object.text("name", name).plain("icon_color", color);
        if let Some(emoji) = emoji {
            object.text("icon_custom_emoji_id", emoji);
        }
        let content = Content::new(Kind::Service("forum_topic_created"), object.end());
        let id = self.store(Message::new(chat, by, content));
        let topic = Topic {
            id,
            name: name.to_owned(),
            icon_color: color,
            icon_emoji: emoji.map(str::to_owned),
            closed: false,
            hidden: false,
            deleted: false,
            creator: by,
            messages: vec![id],
        };
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.topics.insert(id, topic);
        }
        self.announce(chat, id, "message");
        self.show_chat(chat);
        id
    }

    /// Renames a topic or changes its icon; false when nothing changes.
    pub fn edit_topic(
        &mut self,
        chat: ChatId,
        by: i64,
        topic: MessageId,
        name: Option<&str>,
        emoji: Option<&str>,
    ) -> bool {
        let Some(place) = self.chats.get_mut(&chat).and_then(|chat| chat.topics.get_mut(&topic)) else {
            return false;
        };
        let name = name.filter(|name| !name.is_empty() && *name != place.name);
        let old = place.icon_emoji.as_deref().unwrap_or_default();
        let emoji = emoji.filter(|emoji| *emoji != old);
        if name.is_none() && emoji.is_none() {
            return false;
        }
        let mut object = Object::new();
        if let Some(name) = name {
            name.clone_into(&mut place.name);
            object.text("name", name);
        }
        if let Some(emoji) = emoji {
            place.icon_emoji = (!emoji.is_empty()).then(|| emoji.to_owned());
            object.text("icon_custom_emoji_id", emoji);
        }
        self.topic_service(chat, by, topic, "forum_topic_edited", &object.end());
        true
    }

    /// Closes or reopens a topic; false when it is so already.
    pub fn set_closed(&mut self, chat: ChatId, by: i64, topic: MessageId, closed: bool) -> bool {
        let Some(place) = self.chats.get_mut(&chat).and_then(|chat| chat.topics.get_mut(&topic)) else {
            return false;
        };
        if place.closed == closed {
            return false;
        }
        place.closed = closed;
        let was_hidden = std::mem::take(&mut place.hidden);
        place.hidden = was_hidden && closed;
        if was_hidden && !closed {
            // Who opens General shows it as well.
            self.topic_service(chat, by, topic, "general_forum_topic_unhidden", "{}");
        }
        let field = if closed { "forum_topic_closed" } else { "forum_topic_reopened" };
        self.topic_service(chat, by, topic, field, "{}");
        true
    }

    /// Hides General, which closes it, or shows it; false when it is so already.
    pub fn set_general_hidden(&mut self, chat: ChatId, by: i64, hidden: bool) -> bool {
        let place = self.chats.get_mut(&chat).and_then(|chat| chat.topics.get_mut(&GENERAL));
        let Some(general) = place.filter(|general| general.hidden != hidden) else { return false };
        general.hidden = hidden;
        general.closed |= hidden;
        let field = if hidden { "general_forum_topic_hidden" } else { "general_forum_topic_unhidden" };
        self.topic_service(chat, by, GENERAL, field, "{}");
        true
    }

    pub fn delete_topic(&mut self, chat: ChatId, topic: MessageId) {
        let Some(place) = self.chats.get_mut(&chat) else { return };
        let Some(topic) = place.topics.get_mut(&topic) else { return };
        topic.deleted = true;
        for id in &topic.messages {
            if let Some(message) = place.messages.get_mut(id) {
                message.deleted = true;
            }
        }
        let ids = topic.messages.clone();
        self.event(|| serde_json::json!({"event": "deleted", "chat": chat, "ids": ids}));
        self.show_chat(chat);
    }

    fn topic_service(&mut self, chat: ChatId, by: i64, topic: MessageId, field: &'static str, body: &str) {
        let mut message = Message::new(chat, by, Content::new(Kind::Service(field), body));
        message.topic = (topic != GENERAL).then_some(topic);
        let id = self.store(message);
        self.announce(chat, id, "message");
        self.show_chat(chat);
    }
}
