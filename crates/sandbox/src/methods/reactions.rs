//! Reactions and presses on buttons.

use serde_json::{Value, json};

use super::target::visible;
use super::{ApiError, Done, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::text::utf16_len;
use crate::world::reaction::is_reaction;
use crate::world::state::CALLBACK_LIFE;
use crate::world::view::CallbackAnswer;

/// How far back deleteAllMessageReactions goes.
const RECENT: usize = 1_000;

impl Request<'_> {
    pub(super) fn set_reaction(&mut self) -> Outcome {
        let chat = self.writable()?;
        let id = self.message_id()?;
        let given = self.params.json("reaction").and_then(Value::as_array).cloned().unwrap_or_default();
        if given.len() > 1 {
            return Err(ApiError::bad("REACTIONS_TOO_MANY"));
        }
        let new = given.iter().map(reaction).collect::<Result<Vec<_>, _>>()?;
        if visible(self.place(chat)?, id).is_none() {
            return Err(ApiError::bad("message to react not found"));
        }
        let message = self.state.chats.get_mut(&chat).and_then(|place| place.messages.get_mut(&id));
        if let Some(message) = message {
            let bot = self.bot.0;
            message.reactions.retain(|(from, _)| *from != bot);
            if !new.is_empty() {
                message.reactions.push((bot, new));
            }
        }
        // Bots are not told of bots' reactions.
        self.state.show(chat, id, "reaction");
        Ok(Done::yes())
    }

    /// Takes somebody's reaction off a message.
    pub(super) fn delete_reaction(&mut self) -> Outcome {
        let (chat, actor) = self.reaction_of()?;
        let id = self.message_id()?;
        if visible(self.place(chat)?, id).is_none() {
            return Err(ApiError::bad("message to delete reactions not found"));
        }
        self.take_reactions(chat, &[id], actor);
        Ok(Done::yes())
    }

    /// Takes somebody's reactions off the newest messages of a chat.
    pub(super) fn delete_all_reactions(&mut self) -> Outcome {
        let (chat, actor) = self.reaction_of()?;
        let newest = self.place(chat)?.messages.keys().rev().take(RECENT).copied().collect::<Vec<_>>();
        self.take_reactions(chat, &newest, actor);
        Ok(Done::yes())
    }

    /// The chat, and whose reactions are to go.
    fn reaction_of(&mut self) -> Result<(ChatId, i64), ApiError> {
        let chat = self.writable()?;
        let actor = if self.params.text("user_id").is_some() {
            self.user()?
        } else {
            self.chat_in("actor_chat_id")?.number()
        };
        if chat.is_private() {
            return Err(ApiError::bad("method is available only in groups and channels"));
        }
        self.needs(chat, "not enough rights", |rights| rights.can_delete_messages)?;
        Ok((chat, actor))
    }

    fn take_reactions(&mut self, chat: ChatId, ids: &[MessageId], actor: i64) {
        for id in ids {
            let message = self.state.chats.get_mut(&chat).and_then(|place| place.messages.get_mut(id));
            let Some(message) = message else { continue };
            let position = message.reactions.iter().position(|(from, _)| *from == actor);
            if let Some(position) = position {
                let (_, old) = message.reactions.remove(position);
                self.state.tell_reaction(actor, chat, *id, &old, &[]);
            }
        }
    }

    pub(super) fn answer_callback(&mut self) -> Outcome {
        let id = self.params.text("callback_query_id").unwrap_or_default();
        let now = self.state.clock.now();
        let text = self.params.text("text");
        if text.as_ref().is_some_and(|text| utf16_len(text) > 200) {
            return Err(ApiError::bad("MESSAGE_TOO_LONG"));
        }
        let number = id.parse().ok();
        let bot = self.bot;
        let lives = |callback: &crate::world::state::Callback| {
            callback.bot == bot && now.saturating_sub(callback.asked_at) < CALLBACK_LIFE
        };
        let known = number.filter(|number| self.state.callbacks.get(number).is_some_and(lives));
        let callback = known.and_then(|number| self.state.callbacks.remove(&number));
        let callback = callback.ok_or_else(|| {
            ApiError::bad("query is too old and response timeout expired or query ID is invalid")
        })?;
        let answer = CallbackAnswer {
            id,
            person: callback.person,
            bot,
            chat: callback.chat,
            text,
            alert: self.params.flag("show_alert"),
            url: self.params.text("url"),
        };
        self.state.event(|| {
            let mut event = serde_json::to_value(&answer).unwrap_or_default();
            event["event"] = "callback_answer".into();
            event
        });
        self.state.keep_answer(answer);
        Ok(Done::yes())
    }
}

fn reaction(given: &Value) -> Result<String, ApiError> {
    let invalid = || ApiError::bad("REACTION_INVALID");
    match given["type"].as_str() {
        Some("emoji") => {
            let emoji = given["emoji"].as_str().filter(|emoji| is_reaction(emoji)).ok_or_else(invalid)?;
            Ok(json!({"type": "emoji", "emoji": emoji}).to_string())
        }
        Some("custom_emoji") => {
            let id = given["custom_emoji_id"].as_str().ok_or_else(invalid)?;
            Ok(json!({"type": "custom_emoji", "custom_emoji_id": id}).to_string())
        }
        _ => Err(invalid()),
    }
}
