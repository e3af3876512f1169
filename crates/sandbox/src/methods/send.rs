//! New messages.

use serde_json::{Value, json};

use super::{ApiError, Done, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::world::message::{Content, Kind, Message};

impl Request<'_> {
    pub(super) fn send_message(&mut self) -> Outcome {
        let chat = self.writable()?;
        let (text, entities) = self.text()?;
        self.post(chat, Content::text(&text, &entities))
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
        mut content: Content,
        group: Option<u64>,
        with_markup: bool,
    ) -> Result<MessageId, ApiError> {
        let reply = self.reply(chat)?;
        let thread = self.thread(
            chat,
            reply.as_ref().filter(|reply| reply.external.is_empty()).map(|reply| reply.message),
        )?;
        let markup = if with_markup { self.markup(chat)? } else { super::markup::Markup::default() };
        if self.params.flag("protect_content") {
            add_extra(&mut content, r#""has_protected_content":true"#);
        }
        let mut message = Message::new(chat, self.bot.0, content);
        message.topic = thread;
        message.reply = reply;
        message.media_group = group;
        message.markup = markup.inline.into();
        message.keyboard = markup.keyboard.into();
        let id = self.state.store(message);
        self.state.publish(chat, id, "message");
        Ok(id)
    }

    /// The `Message` object of a message that is there.
    pub(super) fn message_json(&self, chat: ChatId, id: MessageId) -> String {
        let found = self.state.chats.get(&chat).and_then(|chat| Some((chat, chat.messages.get(&id)?)));
        found.map_or_else(|| "null".to_owned(), |(chat, message)| self.state.message_json(chat, message))
    }

    pub(super) fn send_location(&mut self) -> Outcome {
        let chat = self.writable()?;
        let place = self.location()?;
        self.post(chat, Content::new(Kind::Location, place.to_string()))
    }

    fn location(&self) -> Result<Value, ApiError> {
        let read = |name: &str, most: f64| {
            let value = self.params.float(name).ok_or_else(|| ApiError::bad(&format!("{name} is empty")))?;
            if value.abs() <= most {
                Ok(value)
            } else {
                Err(ApiError::bad("wrong latitude or longitude specified"))
            }
        };
        Ok(json!({"latitude": read("latitude", 90.0)?, "longitude": read("longitude", 180.0)?}))
    }

    pub(super) fn send_venue(&mut self) -> Outcome {
        let chat = self.writable()?;
        let location = self.location()?;
        let title = self.needed("title")?;
        let address = self.needed("address")?;
        let venue = json!({"location": location, "title": title, "address": address});
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

const ACTIONS: [&str; 12] = [
    "typing",
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
    content.extra = match &*content.extra {
        "" => field.into(),
        extra => format!("{extra},{field}").into(),
    };
}
