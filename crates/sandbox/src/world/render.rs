//! Messages as bots see them.

use serde_json::Value;

use super::chat::{Chat, ChatKind};
use super::json::Object;
use super::message::{Kind, Message, Sender};
use super::state::State;
use crate::ids::ChatId;

impl State {
    /// The `Message` object of a message that is there.
    pub fn message_json(&self, chat: &Chat, message: &Message) -> String {
        self.render(chat, message, true)
    }

    fn render(&self, chat: &Chat, message: &Message, with_reply: bool) -> String {
        let mut object = Object::with_capacity(640 + message.content.text.len());
        object.plain("message_id", message.id);
        match &message.sender {
            Some(sender) => self.write_sender(&mut object, chat, sender),
            None => {
                if let Some(user) = self.users.get(&message.from) {
                    object.raw("from", &user.json);
                }
            }
        }
        if chat.kind == ChatKind::Supergroup {
            write_standing(&mut object, chat, message.from);
        }
        object.raw("chat", &chat.json).plain("date", message.date);
        if let Some(edited) = message.edited {
            object.plain("edit_date", edited);
        }
        if let Some(topic) = message.topic {
            object.plain("message_thread_id", topic).plain("is_topic_message", true);
        }
        if !message.origin.is_empty() {
            object.raw("forward_origin", &message.origin);
            if message.sender.as_ref().is_some_and(|sender| sender.automatic) {
                object.plain("is_automatic_forward", true);
            }
        }
        if with_reply {
            self.write_reply(&mut object, chat, message);
        }
        if let Some(group) = message.media_group {
            object.text("media_group_id", &group.to_string());
        }
        if message.is_protected {
            object.plain("has_protected_content", true);
        }
        if let Some(bot) = message.via.and_then(|bot| self.users.get(&bot)) {
            object.raw("via_bot", &bot.json);
        }
        if let Some(bot) = message.behalf.and_then(|bot| self.users.get(&bot)) {
            object.raw("sender_business_bot", &bot.json);
        }
        if !message.marks.is_empty() {
            object.fields(&message.marks);
        }
        self.write_content(&mut object, message);
        if !message.markup.is_empty() {
            object.raw("reply_markup", &message.markup);
        }
        object.newer(self.settings.newer);
        object.end()
    }

    fn write_sender(&self, object: &mut Object, chat: &Chat, sender: &Sender) {
        // Older clients need somebody to have written.
        if chat.kind != ChatKind::Channel {
            object.raw("from", stand_in(chat, sender));
        }
        if !sender.signature.is_empty() {
            object.text("author_signature", &sender.signature);
        }
        let other = ChatId::Group(sender.chat);
        let named = if other == chat.id { Some(chat) } else { self.chats.get(&other) };
        if let Some(named) = named {
            object.raw("sender_chat", &named.json);
        }
    }

    fn write_reply(&self, object: &mut Object, chat: &Chat, message: &Message) {
        if let Some(reply) = &message.reply {
            if !reply.external.is_empty() {
                object.raw("external_reply", &reply.external);
            } else if let Some(parent) = chat.messages.get(&reply.message).filter(|parent| !parent.deleted) {
                object.raw("reply_to_message", &self.render(chat, parent, false));
            }
            if !reply.quote.is_empty() {
                object.raw("quote", &reply.quote);
            }
        } else if let Some(parent) = message.topic.and_then(|topic| chat.messages.get(&topic)) {
            // Telegram shows what answers nothing in a topic as an answer to the topic's first message.
            if parent.id != message.id {
                object.raw("reply_to_message", &self.render(chat, parent, false));
            }
        }
    }

    /// Writes what a message in another chat said, for who answers it here: its media, not its words.
    pub fn write_answered(&self, object: &mut Object, message: &Message) {
        let content = &message.content;
        match content.kind {
            Kind::Text | Kind::Service(_) | Kind::Rich => {}
            Kind::Poll => {
                object.raw("poll", &self.poll_json(content));
            }
            kind => {
                object.raw(kind.field(), &content.body);
            }
        }
        if content.extra.contains("\"has_media_spoiler\":true") {
            object.plain("has_media_spoiler", true);
        }
    }

    /// Writes the fields of what a message says, as `Message` and `ExternalReplyInfo` have them.
    fn write_content(&self, object: &mut Object, message: &Message) {
        let content = &message.content;
        match content.kind {
            Kind::Text => {
                object.text("text", &content.text);
                if !content.entities.is_empty() {
                    object.raw("entities", &content.entities);
                }
            }
            Kind::Game => {
                object.raw("game", &content.body);
            }
            Kind::Poll => {
                object.raw("poll", &self.poll_json(content));
            }
            kind => {
                object.raw(kind.field(), &content.body);
                match kind {
                    // Older clients read an animation as a document, and a venue as a location.
                    Kind::Animation => {
                        let mut document: Value = serde_json::from_str(&content.body).unwrap_or_default();
                        if let Some(fields) = document.as_object_mut() {
                            fields
                                .retain(|name, _| !matches!(name.as_str(), "width" | "height" | "duration"));
                        }
                        object.raw("document", &document.to_string());
                    }
                    Kind::Venue => {
                        let venue: Value = serde_json::from_str(&content.body).unwrap_or_default();
                        object.raw("location", &venue["location"].to_string());
                    }
                    _ => {}
                }
                if !content.text.is_empty() {
                    object.text("caption", &content.text);
                }
                if !content.entities.is_empty() {
                    object.raw("caption_entities", &content.entities);
                }
            }
        }
        if !content.extra.is_empty() {
            object.fields(&content.extra);
        }
    }
}

/// The author's tag or title, and how often they boost the chat.
fn write_standing(object: &mut Object, chat: &Chat, author: i64) {
    if let Some(member) = chat.members.get(&author).filter(|member| !member.tag.is_empty()) {
        object.text("sender_tag", &member.tag);
    }
    if !chat.boosts.is_empty() {
        let boosts = chat.boosts.iter().filter(|boost| boost.person == author).count();
        if boosts > 0 {
            object.plain("sender_boost_count", boosts);
        }
    }
}

/// The account that Telegram shows as the author of what a chat says in a group.
fn stand_in(chat: &Chat, sender: &Sender) -> &'static str {
    if sender.automatic {
        r#"{"id":777000,"is_bot":false,"first_name":"Telegram"}"#
    } else if sender.chat == chat.id.number() {
        r#"{"id":1087968824,"is_bot":true,"first_name":"Group","username":"GroupAnonymousBot"}"#
    } else {
        r#"{"id":136817688,"is_bot":true,"first_name":"Channel","username":"Channel_Bot"}"#
    }
}
