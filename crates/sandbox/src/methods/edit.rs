//! Changes of messages: edits, deletions, pins.

use serde_json::json;

use super::target::visible;
use super::{ApiError, Done, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::world::chat::ChatKind;
use crate::world::message::{Content, Kind, Message};

/// After so many seconds nobody but an administrator may delete a message for everyone.
const DELETABLE_FOR: i64 = 48 * 3_600;

impl Request<'_> {
    pub(super) fn edit_text(&mut self) -> Outcome {
        let (chat, old) = self.editable()?;
        let content = self.text_content()?;
        if old.content.kind != Kind::Text {
            return Err(ApiError::bad("there is no text in the message to edit"));
        }
        self.replace(chat, &old, content, true)
    }

    pub(super) fn edit_caption(&mut self) -> Outcome {
        let (chat, old) = self.editable()?;
        let (text, entities) = self.caption()?;
        if !old.content.kind.takes_caption() {
            return Err(ApiError::bad("there is no caption in the message to edit"));
        }
        let mut content = Content { text: text.into(), entities: entities.into(), ..old.content.clone() };
        super::media::place_caption(&mut content, self.params.flag("show_caption_above_media"));
        self.replace(chat, &old, content, true)
    }

    pub(super) fn edit_markup(&mut self) -> Outcome {
        let (chat, old) = self.editable()?;
        let content = old.content.clone();
        self.replace(chat, &old, content, false)
    }

    /// A message of the bot's own.
    pub(super) fn editable(&mut self) -> Result<(ChatId, Message), ApiError> {
        self.editable_as("message to edit")
    }

    /// As [`editable`](Self::editable); `what` is in the error when it is not there.
    pub(super) fn editable_as(&mut self, what: &str) -> Result<(ChatId, Message), ApiError> {
        if self.is_inline() {
            return self.inline_message();
        }
        let chat = self.writable()?;
        let id = self.message_id()?;
        let found = visible(self.place(chat)?, id);
        let message = found.ok_or_else(|| ApiError::bad(&format!("{what} not found")))?;
        let place = self.place(chat)?;
        let is_editor = place.kind == ChatKind::Channel
            && place.status(self.bot.0).may(|rights| rights.can_edit_messages)
            && !message.sender.as_ref().is_some_and(|sender| sender.automatic);
        let is_own = message.from == self.bot.0 || message.behalf == Some(self.bot.0);
        if !(is_own || is_editor) || message.content.kind.is_service() || !message.origin.is_empty() {
            return Err(ApiError::bad("message can't be edited"));
        }
        Ok((chat, message.clone()))
    }

    /// Whether the message is named as one that was sent by inline mode.
    fn is_inline(&self) -> bool {
        self.params.text("chat_id").is_none() && self.params.text("message_id").is_none()
    }

    fn inline_message(&self) -> Result<(ChatId, Message), ApiError> {
        let id = self.params.text("inline_message_id");
        let id = id.ok_or_else(|| ApiError::bad("message identifier is not specified"))?;
        let found = self.state.inline.messages.get(&id).filter(|(bot, ..)| *bot == self.bot);
        let message =
            found.and_then(|(_, chat, id)| Some((*chat, visible(self.place(*chat).ok()?, *id)?.clone())));
        message.ok_or_else(|| ApiError::bad("MESSAGE_ID_INVALID"))
    }

    /// What a method that edits answers: the message, or `true` for one of inline mode.
    pub(super) fn edited_json(&self, chat: ChatId, id: MessageId) -> String {
        if self.is_inline() { "true".to_owned() } else { self.message_json(chat, id) }
    }

    pub(super) fn replace(&mut self, chat: ChatId, old: &Message, content: Content, dated: bool) -> Outcome {
        let markup = self.markup(chat)?;
        let same = old.content.kind == content.kind
            && old.content.body == content.body
            && old.content.text == content.text
            && old.content.entities == content.entities
            && old.content.extra == content.extra;
        if same && *old.markup == *markup.inline {
            return Err(ApiError::bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a \
                 current content and reply markup of the message",
            ));
        }
        let now = self.state.clock.seconds();
        let kept = self.state.chats.get_mut(&chat).and_then(|place| place.messages.get_mut(&old.id));
        if let Some(message) = kept {
            message.content = content;
            message.markup = markup.inline.into();
            if dated {
                message.edited = Some(now);
            }
        }
        self.state.publish(chat, old.id, "edited_message");
        if old.behalf.is_some() {
            let bot = self.bot;
            self.state.announce_business(chat, old.id, true, Some(bot));
        }
        Ok(Done { result: self.edited_json(chat, old.id), messages: vec![old.id] })
    }

    pub(super) fn delete_message(&mut self) -> Outcome {
        let chat = self.chat()?;
        let id = self.message_id()?;
        match self.deletable(chat, id)? {
            None => Err(ApiError::bad("message to delete not found")),
            Some(false) => Err(ApiError::bad("message can't be deleted")),
            Some(true) => {
                self.remove(chat, &[id]);
                Ok(Done::yes())
            }
        }
    }

    pub(super) fn delete_messages(&mut self) -> Outcome {
        let chat = self.chat()?;
        let ids = self.message_ids()?;
        let mut gone = Vec::new();
        for id in ids {
            match self.deletable(chat, id)? {
                Some(true) => gone.push(id),
                Some(false) => return Err(ApiError::bad("message can't be deleted")),
                None => {}
            }
        }
        self.remove(chat, &gone);
        Ok(Done::yes())
    }

    /// `None`: there is no such message.
    fn deletable(&self, chat: ChatId, id: MessageId) -> Result<Option<bool>, ApiError> {
        let place = self.place(chat)?;
        let Some(message) = visible(place, id) else { return Ok(None) };
        let is_admin = place.status(self.bot.0).may(|rights| rights.can_delete_messages);
        let is_young = self.state.clock.seconds().saturating_sub(message.date) < DELETABLE_FOR;
        let is_own = message.from == self.bot.0 || chat.is_private();
        let is_creation = matches!(
            message.content.kind,
            Kind::Service("supergroup_chat_created" | "channel_chat_created" | "forum_topic_created")
        );
        // A die in a private chat can be taken back only after a day.
        let is_cast = chat.is_private()
            && message.content.kind == Kind::Dice
            && self.state.clock.seconds().saturating_sub(message.date) < 24 * 3_600;
        Ok(Some((is_admin || (is_own && is_young)) && !is_creation && !is_cast))
    }

    pub(super) fn remove(&mut self, chat: ChatId, ids: &[MessageId]) {
        if let Some(place) = self.state.chats.get_mut(&chat) {
            for id in ids {
                if let Some(message) = place.messages.get_mut(id) {
                    message.deleted = true;
                    if message.pinned {
                        place.pinned.retain(|pinned| pinned != id);
                    }
                }
            }
        }
        self.state.event(|| json!({"event": "deleted", "chat": chat, "ids": ids}));
    }

    pub(super) fn pin_message(&mut self) -> Outcome {
        let chat = self.pins()?;
        let id = self.message_id()?;
        let found = visible(self.place(chat)?, id).map(|message| message.content.kind.is_service());
        match found {
            None => Err(ApiError::bad("message to pin not found")),
            Some(true) => Err(ApiError::bad("message can't be pinned")),
            Some(false) => {
                self.state.pin(chat, self.bot.0, id);
                Ok(Done::yes())
            }
        }
    }

    pub(super) fn unpin_message(&mut self) -> Outcome {
        let chat = self.pins()?;
        let newest = self.place(chat)?.pinned.last().copied();
        let id = self.params.int("message_id").or(newest);
        let pinned =
            id.filter(|id| self.state.chats.get(&chat).is_some_and(|place| place.pinned.contains(id)));
        let id = pinned.ok_or_else(|| ApiError::bad("message to unpin not found"))?;
        self.state.unpin(chat, id);
        Ok(Done::yes())
    }

    pub(super) fn unpin_all(&mut self, topic: Option<MessageId>) -> Outcome {
        let chat = self.pins()?;
        let place = self.place(chat)?;
        let of_topic = |id: &&MessageId| {
            topic.is_none_or(|topic| {
                place.messages.get(id).is_some_and(|message| message.topic.unwrap_or(1) == topic)
            })
        };
        let pinned: Vec<MessageId> = place.pinned.iter().filter(of_topic).copied().collect();
        for id in pinned {
            self.state.unpin(chat, id);
        }
        Ok(Done::yes())
    }

    fn pins(&mut self) -> Result<ChatId, ApiError> {
        let chat = self.writable()?;
        if !chat.is_private() {
            let text = "not enough rights to manage pinned messages in the chat";
            let is_channel = self.place(chat)?.kind == ChatKind::Channel;
            self.needs(chat, text, |rights| {
                if is_channel { rights.can_edit_messages } else { rights.can_pin_messages }
            })?;
        }
        Ok(chat)
    }
}
