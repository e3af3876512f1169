//! What a person does besides writing.

use serde_json::json;

use super::chat::ChatKind;
use super::json::Object;
use super::member::Status;
use super::message::{Content, Kind, Message};
use super::state::{Callback, State};
use super::{Refused, World};
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::text::{entities_json, settle, utf16_len};

impl World {
    /// A person presses Start in a bot's chat, with the payload of a deep link if there is one.
    pub fn start(&self, person: PersonId, bot: BotId, payload: Option<&str>) -> Result<MessageId, Refused> {
        let text = payload.map_or_else(|| "/start".to_owned(), |payload| format!("/start {payload}"));
        let chat = ChatId::private(person, bot);
        self.unblock(person, bot);
        self.say(person, chat, &text)
    }

    /// A person changes the text or caption of a message of theirs.
    pub fn edit(&self, person: PersonId, chat: ChatId, id: MessageId, text: &str) -> Result<(), Refused> {
        let mut state = self.lock();
        let now = state.clock.seconds();
        let message = state.own_message(person, chat, id)?;
        let (text, entities) = settle(text, Vec::new()).map_err(Refused)?;
        let limit = if message.content.kind == Kind::Text { 4_096 } else { 1_024 };
        if utf16_len(&text) > limit || (text.is_empty() && message.content.kind == Kind::Text) {
            return Refused::because(format!("the text needs 1 to {limit} UTF-16 units"));
        }
        message.content.text = text.into();
        message.content.entities = entities_json(&entities).into();
        message.edited = Some(now);
        state.announce(chat, id, "edited_message");
        Ok(())
    }

    /// A person deletes a message of theirs, or as administrator anybody's. Bots are not told, as at Telegram.
    pub fn delete(&self, person: PersonId, chat: ChatId, id: MessageId) -> Result<(), Refused> {
        let mut state = self.lock();
        let is_admin = chat.is_private()
            || state
                .chats
                .get(&chat)
                .is_some_and(|chat| chat.status(person.0).may(|rights| rights.can_delete_messages));
        let message = state.seen_message(person, chat, id)?;
        if message.from != person.0 && !is_admin {
            return Refused::because(format!("{person} may not delete message {id}"));
        }
        message.deleted = true;
        state.tell_deleted(chat, &[id], None);
        state.event(|| json!({"event": "deleted", "chat": chat, "ids": [id]}));
        Ok(())
    }

    /// A person reacts with an emoji, or takes the reaction back with `None`. Refused when it is none of the emoji that
    /// Telegram offers.
    pub fn react(
        &self,
        person: PersonId,
        chat: ChatId,
        id: MessageId,
        emoji: Option<&str>,
    ) -> Result<(), Refused> {
        if let Some(emoji) = emoji.filter(|emoji| !super::reaction::is_reaction(emoji)) {
            return Refused::because(format!("{emoji:?} is no emoji to react with"));
        }
        let mut state = self.lock();
        let new: Vec<String> =
            emoji.map(|emoji| json!({"type": "emoji", "emoji": emoji}).to_string()).into_iter().collect();
        if let Some(place) = state.chats.get(&chat).filter(|place| !place.id.is_private())
            && !place.allows(person.0, |_| true, |may| may.can_react_to_messages)
        {
            return Refused::because(format!("{person} may not react in {chat}"));
        }
        let message = state.seen_message(person, chat, id)?;
        let position = message.reactions.iter().position(|(from, _)| *from == person.0);
        let old = position.map(|position| message.reactions.remove(position).1).unwrap_or_default();
        if !new.is_empty() {
            message.reactions.push((person.0, new.clone()));
        }
        if old != new {
            state.tell_reaction(person.0, chat, id, &old, &new);
        }
        Ok(())
    }

    /// A person presses the button with this label; returns the callback query's id.
    pub fn tap(&self, person: PersonId, chat: ChatId, id: MessageId, label: &str) -> Result<String, Refused> {
        let mut state = self.lock();
        let message = state.seen_message(person, chat, id)?;
        let bot = BotId(message.via.or(message.behalf).unwrap_or(message.from));
        let rows = super::view::buttons(&message.markup);
        if message.content.kind == Kind::Game {
            // The first button of a game starts it; without a keyboard there is one to play.
            let first = rows.iter().flatten().next().map_or("Play", |button| &button.text);
            if first == label {
                let name = message.content.text.to_string();
                return Ok(state.call_back(person, chat, id, bot, ("game_short_name", &name)));
            }
        }
        let Some(button) = rows.into_iter().flatten().find(|button| button.text == label) else {
            return Refused::because(format!("message {id} has no button {label:?}"));
        };
        let Some(data) = button.data else {
            return Refused::because(format!("the button {label:?} calls no bot back"));
        };
        Ok(state.call_back(person, chat, id, bot, ("data", &data)))
    }

    /// A person forwards a message to another chat of theirs; returns the new message's id.
    pub fn forward(
        &self,
        person: PersonId,
        chat: ChatId,
        id: MessageId,
        to: ChatId,
        topic: Option<MessageId>,
    ) -> Result<MessageId, Refused> {
        let mut state = self.lock();
        let source = state.seen_message(person, chat, id)?.clone();
        if source.content.kind.is_service() {
            return Refused::because(format!("message {id} is a service message"));
        }
        let topic = state.may_write(person, to, topic, None)?;
        state.may_say(person, to, source.content.kind)?;
        state.note_sent(to, person.0);
        let mut message = Message::new(to, person.0, source.content.clone());
        message.origin = state.origin(&source).into();
        message.topic = topic;
        let new = state.store(message);
        state.announce(to, new, "message");
        Ok(new)
    }

    /// A person votes in a poll; no options takes the vote back.
    pub fn vote(
        &self,
        person: PersonId,
        chat: ChatId,
        id: MessageId,
        options: &[usize],
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        state.fire_due();
        let message = state.seen_message(person, chat, id)?;
        if message.content.kind != Kind::Poll {
            return Refused::because(format!("message {id} is no poll"));
        }
        let poll = message.content.body.clone();
        state.cast_vote(person, chat, id, &poll, options)
    }

    /// A person pins a message; the service message tells the bots.
    pub fn pin(&self, person: PersonId, chat: ChatId, id: MessageId) -> Result<(), Refused> {
        let mut state = self.lock();
        state.seen_message(person, chat, id)?;
        state.may_pin(person, chat)?;
        state.pin(chat, person.0, id);
        Ok(())
    }

    /// A person takes a pin away.
    pub fn unpin(&self, person: PersonId, chat: ChatId, id: MessageId) -> Result<(), Refused> {
        let mut state = self.lock();
        state.seen_message(person, chat, id)?;
        state.may_pin(person, chat)?;
        state.unpin(chat, id);
        Ok(())
    }

    /// A person blocks a bot: it can no longer write to them.
    pub fn block(&self, person: PersonId, bot: BotId) {
        self.set_blocked(person, bot, true);
    }

    /// A person takes a bot back.
    pub fn unblock(&self, person: PersonId, bot: BotId) {
        self.set_blocked(person, bot, false);
    }

    fn set_blocked(&self, person: PersonId, bot: BotId, blocked: bool) {
        let mut state = self.lock();
        if !state.users.contains_key(&person.0) || !state.bots.contains_key(&bot) {
            return;
        }
        let id = state.private_chat(person, bot);
        let Some(chat) = state.chats.get_mut(&id).filter(|chat| chat.blocked != blocked) else { return };
        chat.blocked = blocked;
        let (old, new) =
            if blocked { (Status::Member, Status::Kicked) } else { (Status::Kicked, Status::Member) };
        state.tell_status(id, person.0, bot.0, old, new);
        state.show_chat(id);
    }
}

impl State {
    /// A message that a person can see.
    fn seen_message(
        &mut self,
        person: PersonId,
        chat: ChatId,
        id: MessageId,
    ) -> Result<&mut Message, Refused> {
        let is_own = chat.is_of(person.0);
        let place = self.chats.get_mut(&chat).filter(|chat| is_own || chat.status(person.0).is_in());
        let Some(place) = place else { return Refused::because(format!("{person} is not in {chat}")) };
        let message = place.messages.get_mut(&id).filter(|message| !message.deleted);
        message
            .map(|message| &mut **message)
            .ok_or_else(|| Refused(format!("there is no message {id} in {chat}")))
    }

    fn may_pin(&self, person: PersonId, chat: ChatId) -> Result<(), Refused> {
        let Some(place) = self.chats.get(&chat).filter(|place| !place.id.is_private()) else { return Ok(()) };
        let may = match place.kind {
            ChatKind::Channel => place.status(person.0).may(|rights| rights.can_edit_messages),
            _ => place.allows(person.0, |rights| rights.can_pin_messages, |may| may.can_pin_messages),
        };
        if may { Ok(()) } else { Refused::because(format!("{person} may not pin messages in {chat}")) }
    }

    fn own_message(
        &mut self,
        person: PersonId,
        chat: ChatId,
        id: MessageId,
    ) -> Result<&mut Message, Refused> {
        let is_editor = self.chats.get(&chat).is_some_and(|place| {
            place.kind == ChatKind::Channel && place.status(person.0).may(|rights| rights.can_edit_messages)
        });
        let message = self.seen_message(person, chat, id)?;
        if (message.from != person.0 && !is_editor) || message.content.kind.is_service() {
            return Refused::because(format!("message {id} is not {person}'s to change"));
        }
        Ok(message)
    }

    /// `what`: `data` or `game_short_name`, and its value.
    fn call_back(
        &mut self,
        person: PersonId,
        chat: ChatId,
        id: MessageId,
        bot: BotId,
        what: (&str, &str),
    ) -> String {
        let number = self.number("callbacks", 700_000_000);
        let asked_at = self.clock.now();
        self.forget_callbacks(asked_at);
        self.callbacks.insert(number.unsigned_abs(), Callback { bot, person, chat, asked_at });
        let (Some(place), Some(user)) = (self.chats.get(&chat), self.users.get(&person.0)) else {
            return number.to_string();
        };
        let mut object = Object::with_capacity(1_024);
        object.text("id", &number.to_string()).raw("from", &user.json);
        match place.messages.get(&id) {
            // Of a message that inline mode sent the bot knows only the id.
            Some(message) if !message.inline_id.is_empty() => {
                object.text("inline_message_id", &message.inline_id)
            }
            Some(message) if message.behalf.is_some() => {
                let connection = self.business.of(PersonId(message.from)).map(|known| known.id.clone());
                object.raw("message", &self.business_json(&connection.unwrap_or_default(), chat, id))
            }
            Some(message) => object.raw("message", &self.message_json(place, message)),
            None => &mut object,
        };
        object
            .text("chat_instance", &format!("{}", chat.number().wrapping_abs().wrapping_mul(1_000_003)))
            .text(what.0, what.1)
            .newer(self.settings.newer);
        self.push(bot, "callback_query", Some(chat), &object.end());
        self.event(|| json!({"event": "callback", "id": number.to_string(), "bot": bot, "person": person, "chat": chat, "message": id, what.0: what.1}));
        number.to_string()
    }

    pub fn tell_reaction(&mut self, from: i64, chat: ChatId, id: MessageId, old: &[String], new: &[String]) {
        self.show(chat, id, "reaction");
        let (Some(place), Some(user)) = (self.chats.get(&chat), self.users.get(&from)) else { return };
        if place.kind == ChatKind::Channel {
            return self.tell_reaction_counts(chat, id);
        }
        // Who is anonymous reacts as the group.
        let hidden =
            self.sender_in(place, from).and_then(|sender| self.chats.get(&ChatId::Group(sender.chat)));
        let (actor, by) = hidden.map_or(("user", &user.json), |chat| ("actor_chat", &chat.json));
        let mut object = Object::with_capacity(512);
        object
            .raw("chat", &place.json)
            .plain("message_id", id)
            .raw(actor, by)
            .plain("date", self.clock.seconds())
            .raw("old_reaction", &format!("[{}]", old.join(",")))
            .raw("new_reaction", &format!("[{}]", new.join(",")))
            .newer(self.settings.newer);
        let json = object.end();
        let hears = |bot: &&i64| **bot != from && (chat.is_private() || place.status(**bot).is_admin());
        let bots: Vec<i64> = place.bots.iter().filter(hears).copied().collect();
        for bot in bots {
            self.push(BotId(bot), "message_reaction", Some(chat), &json);
        }
    }

    /// In a channel nobody sees who reacted: administrators are told how many did.
    fn tell_reaction_counts(&mut self, chat: ChatId, id: MessageId) {
        let Some(place) = self.chats.get(&chat) else { return };
        let Some(message) = place.messages.get(&id) else { return };
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for reaction in message.reactions.iter().flat_map(|(_, list)| list) {
            match counts.iter_mut().find(|(known, _)| known == reaction) {
                Some((_, count)) => *count += 1,
                None => counts.push((reaction, 1)),
            }
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let counts: Vec<String> = counts
            .into_iter()
            .map(|(reaction, count)| format!(r#"{{"type":{reaction},"total_count":{count}}}"#))
            .collect();
        let mut object = Object::with_capacity(256);
        object
            .raw("chat", &place.json)
            .plain("message_id", id)
            .plain("date", self.clock.seconds())
            .raw("reactions", &format!("[{}]", counts.join(",")))
            .newer(self.settings.newer);
        let json = object.end();
        let bots: Vec<i64> =
            place.bots.iter().filter(|bot| place.status(**bot).is_admin()).copied().collect();
        for bot in bots {
            self.push(BotId(bot), "message_reaction_count", Some(chat), &json);
        }
    }

    /// Where a forwarded message comes from, as `MessageOrigin`.
    pub fn origin(&self, source: &Message) -> String {
        if !source.origin.is_empty() {
            return source.origin.to_string();
        }
        let mut object = Object::with_capacity(256);
        let Some(sender) = &source.sender else {
            object.text("type", "user").plain("date", source.date);
            if let Some(user) = self.users.get(&source.from) {
                object.raw("sender_user", &user.json);
            }
            return object.end();
        };
        let named = self.chats.get(&ChatId::Group(sender.chat));
        let json = named.map(|chat| chat.json.as_str()).unwrap_or_default();
        if source.chat.number() == sender.chat && named.is_some_and(|chat| chat.kind == ChatKind::Channel) {
            object.text("type", "channel").plain("date", source.date).raw("chat", json);
            object.plain("message_id", source.id);
        } else {
            object.text("type", "chat").plain("date", source.date).raw("sender_chat", json);
        }
        if !sender.signature.is_empty() {
            object.text("author_signature", &sender.signature);
        }
        object.end()
    }

    pub fn pin(&mut self, chat: ChatId, by: i64, id: MessageId) {
        let Some(place) = self.chats.get_mut(&chat) else { return };
        let Some(message) = place.messages.get_mut(&id) else { return };
        message.pinned = true;
        let topic = message.topic;
        place.pinned.retain(|pinned| *pinned != id);
        place.pinned.push(id);
        let Some(place) = self.chats.get(&chat) else { return };
        let json =
            place.messages.get(&id).map(|message| self.message_json(place, message)).unwrap_or_default();
        let mut service = Message::new(chat, by, Content::new(Kind::Service("pinned_message"), json));
        service.topic = topic;
        self.show(chat, id, "edited");
        let id = self.store(service);
        self.announce(chat, id, "message");
        self.show_chat(chat);
    }

    pub fn unpin(&mut self, chat: ChatId, id: MessageId) {
        let Some(place) = self.chats.get_mut(&chat) else { return };
        place.pinned.retain(|pinned| *pinned != id);
        if let Some(message) = place.messages.get_mut(&id) {
            message.pinned = false;
        }
        self.show(chat, id, "edited");
        self.show_chat(chat);
    }
}
