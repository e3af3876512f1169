//! Copies and forwards.

use std::collections::HashMap;

use super::send::add_extra;
use super::target::visible;
use super::{ApiError, Done, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::world::json::quoted;
use crate::world::message::{Content, Kind, Message};

impl Request<'_> {
    pub(super) fn copy_message(&mut self) -> Outcome {
        let chat = self.writable()?;
        let from = self.chat_in("from_chat_id")?;
        let source = self.source(from, "copy")?;
        let mut content = self.copy_of(&source)?;
        if content.kind.takes_caption() && self.params.map.contains_key("caption") {
            let (text, entities) = self.caption()?;
            content.text = text.into();
            content.entities = entities.into();
            super::media::place_caption(&mut content, self.params.flag("show_caption_above_media"));
        }
        if self.params.flag("show_caption_above_media") && !content.extra.contains("show_caption_above_media")
        {
            add_extra(&mut content, r#""show_caption_above_media":true"#);
        }
        let id = self.place_message(chat, content, None, true)?;
        Ok(Done { result: format!(r#"{{"message_id":{id}}}"#), messages: vec![id] })
    }

    pub(super) fn forward_message(&mut self) -> Outcome {
        let chat = self.writable()?;
        let from = self.chat_in("from_chat_id")?;
        let source = self.source(from, "forward")?;
        let id = self.place_forward(chat, &source, None)?;
        Ok(Done { result: self.message_json(chat, id), messages: vec![id] })
    }

    /// copyMessages and forwardMessages: what cannot be found or copied is skipped, albums stay albums.
    pub(super) fn many(&mut self, forward: bool) -> Outcome {
        let chat = self.writable()?;
        let from = self.chat_in("from_chat_id")?;
        let ids = self.message_ids()?;
        if !ids.is_sorted_by(|one, next| one < next) {
            return Err(ApiError::bad("message identifiers must be in a strictly increasing order"));
        }
        let place = self.place(from)?;
        let found: Vec<Message> = ids
            .iter()
            .filter_map(|id| visible(place, *id))
            .filter(|message| !message.content.kind.is_service() && !message.is_protected)
            .cloned()
            .collect();
        if found.is_empty() {
            let what = if forward { "forward" } else { "copy" };
            return Err(ApiError::bad(&format!("there are no messages to {what}")));
        }
        let mut groups = HashMap::new();
        let mut made = Vec::new();
        for source in found {
            let group =
                source.media_group.map(|old| *groups.entry(old).or_insert_with(|| self.state.album_number()));
            made.push(if forward {
                self.place_forward(chat, &source, group)?
            } else {
                let mut content = self.copy_of(&source)?;
                if self.params.flag("remove_caption") && content.kind.takes_caption() {
                    content.text = "".into();
                    content.entities = "".into();
                    super::media::place_caption(&mut content, false);
                }
                self.place_message(chat, content, group, false)?
            });
        }
        let result: Vec<String> = made.iter().map(|id| format!(r#"{{"message_id":{id}}}"#)).collect();
        Ok(Done { result: format!("[{}]", result.join(",")), messages: made })
    }

    fn place_forward(
        &mut self,
        chat: ChatId,
        source: &Message,
        group: Option<u64>,
    ) -> Result<MessageId, ApiError> {
        self.may_send(chat, source.content.kind)?;
        let thread = self.thread(chat, None)?;
        let mut message = Message::new(chat, self.bot.0, source.content.clone());
        message.is_protected = self.params.flag("protect_content");
        // Buttons of bots go along as far as they lead somewhere without the bot.
        message.markup = links_only(&source.markup).into();
        message.origin = self.state.origin(source).into();
        message.topic = thread;
        message.media_group = group;
        let id = self.state.store(message);
        self.state.publish(chat, id, "message");
        Ok(id)
    }

    fn source(&self, from: ChatId, what: &str) -> Result<Message, ApiError> {
        let id = self.message_id()?;
        let found = visible(self.place(from)?, id);
        let source = found.ok_or_else(|| ApiError::bad(&format!("message to {what} not found")))?;
        if source.content.kind.is_service() || source.is_protected {
            let done = if what == "copy" { "copied" } else { "forwarded" };
            return Err(ApiError::bad(&format!("message can't be {done}")));
        }
        Ok(source.clone())
    }

    fn copy_of(&mut self, source: &Message) -> Result<Content, ApiError> {
        if source.content.kind != Kind::Poll {
            return Ok(source.content.clone());
        }
        self.poll_copy(&source.content)
    }

    pub(super) fn message_id(&self) -> Result<MessageId, ApiError> {
        let id = self.params.int("message_id").filter(|id| *id > 0);
        id.ok_or_else(|| ApiError::bad("message identifier is not specified"))
    }

    pub(super) fn message_ids(&self) -> Result<Vec<MessageId>, ApiError> {
        let list = self.params.list("message_ids").unwrap_or_default();
        if list.is_empty() {
            return Err(ApiError::bad("message identifiers are not specified"));
        }
        if list.len() > 100 {
            return Err(ApiError::bad("too many message identifiers specified"));
        }
        let parse = |id: &String| {
            id.parse().map_err(|_| ApiError::bad(&format!("invalid message identifier {}", quoted(id))))
        };
        list.iter().map(parse).collect()
    }
}

/// Of a keyboard, when all of its buttons are links; else none.
fn links_only(markup: &str) -> &str {
    let is_link = |button: &crate::world::view::Button| button.url.is_some();
    let rows = crate::world::view::buttons(markup);
    if !rows.is_empty() && rows.iter().flatten().all(is_link) { markup } else { "" }
}
