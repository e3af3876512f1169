//! Topics of forums.

use super::{ApiError, Done, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::world::chat::GENERAL;
use crate::world::json::Object;
use crate::world::member::Status;
use crate::world::topics::ICON_COLORS;

impl Request<'_> {
    pub(super) fn create_topic(&mut self) -> Outcome {
        let chat = self.forum()?;
        // Administrators need the right; of others it depends on what everybody may do.
        let place = self.place(chat)?;
        let may = match place.status(self.bot.0) {
            Status::Administrator(rights) => rights.can_manage_topics,
            _ => place.allows(self.bot.0, |rights| rights.can_manage_topics, |may| may.can_manage_topics),
        };
        if !may {
            return Err(ApiError::bad("not enough rights to create a topic"));
        }
        let name = self.topic_name().ok_or_else(|| ApiError::bad("TOPIC_TITLE_EMPTY"))?;
        let color = self.params.int("icon_color").unwrap_or(ICON_COLORS[0]);
        if !ICON_COLORS.contains(&color) {
            return Err(ApiError::bad("TOPIC_ICON_COLOR_INVALID"));
        }
        let emoji = self.params.text("icon_custom_emoji_id").filter(|id| id != "0");
        self.is_topic_icon(emoji.as_deref())?;
        let id = self.state.create_topic(chat, self.bot.0, &name, color, emoji.as_deref());
        let mut object = Object::new();
        object.plain("message_thread_id", id).text("name", &name).plain("icon_color", color);
        if let Some(emoji) = emoji {
            object.text("icon_custom_emoji_id", &emoji);
        }
        object.newer(self.state.settings.newer);
        Ok(Done { result: object.end(), messages: vec![id] })
    }

    pub(super) fn edit_topic(&mut self) -> Outcome {
        let (chat, topic) = self.managed("edit")?;
        self.rename(chat, topic)
    }

    pub(super) fn edit_general(&mut self) -> Outcome {
        let chat = self.general("edit")?;
        if self.topic_name().is_none() {
            return Err(ApiError::bad("TOPIC_TITLE_EMPTY"));
        }
        self.rename(chat, GENERAL)
    }

    fn rename(&mut self, chat: ChatId, topic: MessageId) -> Outcome {
        let name = self.topic_name();
        let emoji =
            self.params.map.get("icon_custom_emoji_id").and_then(|emoji| emoji.as_str()).map(str::to_owned);
        let emoji = emoji.map(|id| if id == "0" { String::new() } else { id });
        self.is_topic_icon(emoji.as_deref().filter(|id| !id.is_empty()))?;
        if self.state.edit_topic(chat, self.bot.0, topic, name.as_deref(), emoji.as_deref()) {
            Ok(Done::yes())
        } else {
            Err(ApiError::bad("TOPIC_NOT_MODIFIED"))
        }
    }

    pub(super) fn set_topic_closed(&mut self, closed: bool) -> Outcome {
        let (chat, topic) = self.managed("close or reopen")?;
        self.close_or_open(chat, topic, closed)
    }

    pub(super) fn set_general_closed(&mut self, closed: bool) -> Outcome {
        let chat = self.general("close or reopen")?;
        self.close_or_open(chat, GENERAL, closed)
    }

    pub(super) fn set_general_hidden(&mut self, hidden: bool) -> Outcome {
        let chat = self.general("close or reopen")?;
        if self.state.set_general_hidden(chat, self.bot.0, hidden) {
            Ok(Done::yes())
        } else {
            Err(ApiError::bad("TOPIC_NOT_MODIFIED"))
        }
    }

    /// A topic's icon is one of those that Telegram offers.
    fn is_topic_icon(&mut self, emoji: Option<&str>) -> Result<(), ApiError> {
        if emoji.is_none_or(|id| self.state.public_emoji(id).is_some()) {
            return Ok(());
        }
        Err(ApiError::bad("DOCUMENT_INVALID"))
    }

    fn close_or_open(&mut self, chat: ChatId, topic: MessageId, closed: bool) -> Outcome {
        if self.state.set_closed(chat, self.bot.0, topic, closed) {
            Ok(Done::yes())
        } else {
            Err(ApiError::bad("TOPIC_NOT_MODIFIED"))
        }
    }

    pub(super) fn delete_topic(&mut self) -> Outcome {
        let chat = self.forum()?;
        self.needs(chat, "not enough rights to delete the topic", |rights| rights.can_delete_messages)?;
        let topic = self.topic_id(chat)?;
        self.state.delete_topic(chat, topic);
        Ok(Done::yes())
    }

    pub(super) fn unpin_topic(&mut self) -> Outcome {
        let chat = self.forum()?;
        let topic = self.topic_id(chat)?;
        self.unpin_all(Some(topic))
    }

    pub(super) fn unpin_general(&mut self) -> Outcome {
        self.forum()?;
        self.unpin_all(Some(GENERAL))
    }

    fn forum(&mut self) -> Result<ChatId, ApiError> {
        let chat = self.chat()?;
        if self.place(chat)?.is_forum { Ok(chat) } else { Err(ApiError::bad("the chat is not a forum")) }
    }

    /// A topic that the bot made or has the right to manage.
    fn managed(&mut self, what: &str) -> Result<(ChatId, MessageId), ApiError> {
        let chat = self.forum()?;
        let topic = self.topic_id(chat)?;
        let is_own = self.state.topic(chat, topic).is_some_and(|topic| topic.creator == self.bot.0);
        if !is_own {
            self.needs(chat, &format!("not enough rights to {what} the topic"), |rights| {
                rights.can_manage_topics
            })?;
        }
        Ok((chat, topic))
    }

    fn general(&mut self, what: &str) -> Result<ChatId, ApiError> {
        let chat = self.forum()?;
        self.needs(chat, &format!("not enough rights to {what} the topic"), |rights| {
            rights.can_manage_topics
        })?;
        Ok(chat)
    }

    fn topic_id(&self, chat: ChatId) -> Result<MessageId, ApiError> {
        let id = self.params.int("message_thread_id");
        let id = id.ok_or_else(|| ApiError::bad("message thread identifier is not specified"))?;
        let topic = self.state.topic(chat, id).filter(|topic| topic.id != GENERAL);
        topic.map(|topic| topic.id).ok_or_else(|| ApiError::bad("TOPIC_ID_INVALID"))
    }

    fn topic_name(&self) -> Option<String> {
        let name =
            self.params.text("name").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        // Telegram cuts names; it does not refuse them.
        name.map(|name| name.chars().take(128).collect())
    }
}
