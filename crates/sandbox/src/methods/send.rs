//! New messages.

use serde_json::json;

use super::{ApiError, Done, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::world::message::{Content, Kind, Message, add_field};

impl Request<'_> {
    pub(super) fn send_message(&mut self) -> Outcome {
        let chat = self.writable()?;
        let content = self.text_content()?;
        self.post(chat, content)
    }

    /// The content that `text` and what belongs to it make.
    pub(super) fn text_content(&self) -> Result<Content, ApiError> {
        let (text, entities) = self.text()?;
        let extra = self.preview(&text, &entities)?.into();
        Ok(Content { extra, ..Content::text(&text, &entities) })
    }

    /// Fails as the message itself would by what it answers, its topic or its keyboard; for methods that book
    /// something before they send.
    pub(super) fn check_message(&self, chat: ChatId) -> Result<(), ApiError> {
        let reply = self.reply(chat)?;
        self.thread(chat, reply.map(|reply| reply.message))?;
        self.markup(chat)?;
        Ok(())
    }

    /// Sends one message with what every send method has: topic, reply, keyboard.
    pub(super) fn post(&mut self, chat: ChatId, content: Content) -> Outcome {
        let id = self.place_message(chat, content, None, true)?;
        Ok(Done { result: self.message_json(chat, id), messages: vec![id] })
    }

    /// Puts a message of the bot into a chat; an album's items share `group`.
    pub(super) fn place_message(
        &mut self,
        chat: ChatId,
        content: Content,
        group: Option<u64>,
        with_markup: bool,
    ) -> Result<MessageId, ApiError> {
        self.may_send(chat, content.kind)?;
        let reply = self.reply(chat)?;
        let thread = self.thread(
            chat,
            reply.as_ref().filter(|reply| reply.external.is_empty()).map(|reply| reply.message),
        )?;
        let markup = if with_markup { self.markup(chat)? } else { super::markup::Markup::default() };
        let effect = self.effect(chat)?;
        let behalf = self.on_behalf()?;
        let from = behalf.as_ref().map_or(self.bot.0, |connection| connection.owner.0);
        let mut message = Message::new(chat, from, content);
        message.behalf = behalf.map(|_| self.bot.0);
        message.is_protected = self.params.flag("protect_content");
        if let Some(effect) = effect {
            add_field(&mut message.marks, &format!(r#""effect_id":"{effect}""#));
        }
        message.topic = thread;
        message.reply = reply;
        message.media_group = group;
        message.markup = markup.inline.into();
        message.keyboard = markup.keyboard.into();
        let message_is_business = message.behalf.is_some();
        let id = self.state.store(message);
        self.state.note_sent(chat, self.bot.0);
        self.state.publish(chat, id, "message");
        if message_is_business {
            let bot = self.bot;
            self.state.announce_business(chat, id, false, Some(bot));
        }
        Ok(id)
    }

    /// The number of the effect that plays when the message arrives.
    fn effect(&self, chat: ChatId) -> Result<Option<i64>, ApiError> {
        let Some(effect) = self.params.text("message_effect_id") else { return Ok(None) };
        // What is no number counts as none at Telegram.
        let effect: i64 = effect.parse().unwrap_or_default();
        if effect != 0 && !chat.is_private() {
            return Err(ApiError::bad("can't use message effects in the chat"));
        }
        Ok((effect != 0).then_some(effect))
    }

    /// The `Message` object of a message that is there.
    pub(super) fn message_json(&self, chat: ChatId, id: MessageId) -> String {
        if let Ok(Some(connection)) = self.on_behalf() {
            return self.state.business_json(&connection.id, chat, id);
        }
        let found = self.state.chats.get(&chat).and_then(|chat| Some((chat, chat.messages.get(&id)?)));
        found.map_or_else(|| "null".to_owned(), |(chat, message)| self.state.message_json(chat, message))
    }

    pub(super) fn send_venue(&mut self) -> Outcome {
        let chat = self.writable()?;
        let location = self.location()?;
        let title = self.needed("title")?;
        let address = self.needed("address")?;
        let mut venue = json!({"location": location, "title": title, "address": address});
        // A venue comes from one of the two; Foursquare wins.
        let services = [["foursquare_id", "foursquare_type"], ["google_place_id", "google_place_type"]];
        for service in services {
            for name in service {
                if let Some(value) = self.params.text(name) {
                    venue[name] = value.into();
                }
            }
            if service.iter().any(|name| venue.get(name).is_some()) {
                break;
            }
        }
        self.post(chat, Content::new(Kind::Venue, venue.to_string()))
    }

    pub(super) fn send_contact(&mut self) -> Outcome {
        let chat = self.writable()?;
        let mut contact =
            json!({"phone_number": self.needed("phone_number")?, "first_name": self.needed("first_name")?});
        for name in ["last_name", "vcard"] {
            if let Some(value) = self.params.text(name) {
                contact[name] = value.into();
            }
        }
        self.post(chat, Content::new(Kind::Contact, contact.to_string()))
    }

    pub(super) fn send_dice(&mut self) -> Outcome {
        let chat = self.writable()?;
        let emoji = self.params.text("emoji").unwrap_or_else(|| "🎲".to_owned());
        if !["🎲", "🎯", "🏀", "⚽", "🎳", "🎰"].contains(&emoji.as_str()) {
            return Err(ApiError::bad("wrong dice emoji specified"));
        }
        let content = self.state.dice(&emoji);
        self.post(chat, content)
    }

    pub(super) fn needed(&self, name: &str) -> Result<String, ApiError> {
        self.params.text(name).ok_or_else(|| ApiError::bad(&format!("{name} is empty")))
    }

    pub(super) fn send_chat_action(&mut self) -> Outcome {
        let chat = self.writable()?;
        let action = self.params.text("action").unwrap_or_default().to_lowercase();
        if !ACTIONS.contains(&action.as_str()) {
            return Err(ApiError::bad("wrong parameter action in request"));
        }
        let (topic, bot) = (self.thread(chat, None)?, self.bot);
        self.state
            .event(|| json!({"event": "action", "chat": chat, "topic": topic, "bot": bot, "action": action}));
        Ok(Done::yes())
    }
}

const ACTIONS: [&str; 15] = [
    "typing",
    "cancel",
    "upload_video_note",
    "pick_up_location",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "record_audio",
    "upload_audio",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
];

/// Adds a field to a message's content.
pub(super) fn add_extra(content: &mut Content, field: &str) {
    add_field(&mut content.extra, field);
}
