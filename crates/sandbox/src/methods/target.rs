//! Where a call goes: its chat, topic and the message that it answers.

use serde_json::Value;

use super::{ApiError, Request, named_chat};
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::world::chat::{Chat, ChatKind, GENERAL};
use crate::world::draft::quote_json;
use crate::world::json::Object;
use crate::world::member::Status;
use crate::world::message::Kind;
use crate::world::message::{Message, Reply};
use crate::world::rights::Rights;
use crate::world::sending::Unsent;
use crate::world::state::State;

impl Request<'_> {
    /// The chat that `chat_id` names, which the bot must know.
    pub(super) fn chat(&mut self) -> Result<ChatId, ApiError> {
        self.chat_in("chat_id")
    }

    /// The chat that the parameter `name` names.
    pub(super) fn chat_in(&mut self, name: &str) -> Result<ChatId, ApiError> {
        self.chat_for(name, false)
    }

    /// The chat that `chat_id` names, to look at: that may be a public one where the bot is not.
    pub(super) fn chat_to_read(&mut self) -> Result<ChatId, ApiError> {
        self.chat_for("chat_id", true)
    }

    fn chat_for(&mut self, name: &str, to_read: bool) -> Result<ChatId, ApiError> {
        if self.params.text(name).is_none() {
            return Err(ApiError::bad(&format!("{name} is empty")));
        }
        if name == "chat_id"
            && let Some(connection) = self.on_behalf()?
        {
            return self.business_chat(&connection);
        }
        let id = named_chat(self.state, self.bot, self.params, name);
        let id = id.ok_or_else(|| ApiError::bad("chat not found"))?;
        match id {
            ChatId::Private { person, bot } => self.private(person, bot)?,
            ChatId::Group(_) => self.group(id, to_read)?,
        }
        Ok(id)
    }

    fn private(&mut self, person: PersonId, bot: BotId) -> Result<(), ApiError> {
        let user = self.state.users.get(&person.0).ok_or_else(|| ApiError::bad("chat not found"))?;
        if user.is_bot {
            let own = user.id == bot.0;
            let text =
                if own { "bot can't send messages to itself" } else { "bot can't send messages to bots" };
            return Err(ApiError::forbidden(text));
        }
        if self.state.chats.contains_key(&ChatId::private(person, bot)) {
            return Ok(());
        }
        // A bot knows the people of its groups, but they have to write first.
        let mut groups = self.state.chats.values().filter(|chat| !chat.id.is_private());
        if groups.any(|chat| chat.status(bot.0).is_in() && chat.status(person.0).is_in()) {
            self.state.private_chat(person, bot);
            return Ok(());
        }
        Err(ApiError::bad("chat not found"))
    }

    fn group(&self, id: ChatId, to_read: bool) -> Result<(), ApiError> {
        let chat = self.state.chats.get(&id).ok_or_else(|| ApiError::bad("chat not found"))?;
        if let Some(new) = chat.migrated_to.filter(|_| !to_read) {
            let error = ApiError::bad("group chat was upgraded to a supergroup chat");
            return Err(ApiError { migrate_to: Some(new), ..error });
        }
        let kind = chat.kind_word();
        // A basic group can be looked at for ever.
        let is_open = to_read && (chat.username.is_some() || chat.kind == ChatKind::Group);
        match chat.members.get(&self.bot.0).map(|member| member.status) {
            None if to_read && chat.username.is_some() => Ok(()),
            None if chat.username.is_none() => Err(ApiError::bad("chat not found")),
            Some(Status::Kicked) if to_read && chat.kind == ChatKind::Group => Ok(()),
            Some(Status::Kicked) => Err(ApiError::forbidden(&format!("bot was kicked from the {kind} chat"))),
            Some(Status::Left) if is_open => Ok(()),
            None | Some(Status::Left) => {
                Err(ApiError::forbidden(&format!("bot is not a member of the {kind} chat")))
            }
            Some(_) => Ok(()),
        }
    }

    /// The chat, which the bot must be able to write to.
    pub(super) fn writable(&mut self) -> Result<ChatId, ApiError> {
        if let Some(connection) = self.on_behalf()? {
            return self.business_writable(&connection);
        }
        let id = self.chat()?;
        let chat = self.place(id)?;
        if let ChatId::Private { person, .. } = id {
            if self.state.users.get(&person.0).is_some_and(|user| user.deactivated) {
                return Err(ApiError::forbidden("user is deactivated"));
            }
            if chat.blocked {
                return Err(ApiError::forbidden("bot was blocked by the user"));
            }
            if !chat.started && self.state.clock.seconds() >= chat.open_until {
                return Err(ApiError::forbidden("bot can't initiate conversation with a user"));
            }
        }
        Ok(id)
    }

    /// Fails with Telegram's text unless the bot may send a message of this kind there now.
    pub(super) fn may_send(&self, id: ChatId, kind: Kind) -> Result<(), ApiError> {
        match self.state.may_send(self.place(id)?, self.bot.0, kind) {
            Ok(()) => Ok(()),
            Err(Unsent::Forbidden(text)) => Err(ApiError::bad(text)),
            Err(Unsent::Wait(seconds)) => Err(ApiError::too_many(seconds)),
        }
    }

    pub(super) fn place(&self, id: ChatId) -> Result<&Chat, ApiError> {
        self.state.chats.get(&id).ok_or_else(|| ApiError::bad("chat not found"))
    }

    /// How the bot stands in the chat.
    pub(super) fn own_status(&self, id: ChatId) -> Status {
        self.state.chats.get(&id).map_or(Status::Left, |chat| chat.status(self.bot.0))
    }

    /// Fails with Telegram's text unless the bot has the right.
    pub(super) fn needs(
        &self,
        id: ChatId,
        text: &str,
        has: impl Fn(&Rights) -> bool,
    ) -> Result<(), ApiError> {
        if self.own_status(id).may(has) { Ok(()) } else { Err(ApiError::bad(text)) }
    }

    /// The topic that a new message goes to; `None` is General, or no forum.
    pub(super) fn thread(
        &self,
        id: ChatId,
        answered: Option<MessageId>,
    ) -> Result<Option<MessageId>, ApiError> {
        let asked = self.params.int("message_thread_id").filter(|thread| *thread != 0);
        let chat = self.place(id)?;
        let not_found = || ApiError::bad("message thread not found");
        if !chat.is_forum {
            return if asked.is_some() { Err(not_found()) } else { Ok(None) };
        }
        let of_answered = answered.and_then(|id| chat.messages.get(&id)).and_then(|message| message.topic);
        let thread = asked.or(of_answered).unwrap_or(GENERAL);
        let topic = chat.topics.get(&thread).filter(|topic| !topic.deleted).ok_or_else(not_found)?;
        if topic.closed && !chat.status(self.bot.0).may(|rights| rights.can_manage_topics) {
            return Err(ApiError::bad("TOPIC_CLOSED"));
        }
        Ok((thread != GENERAL).then_some(thread))
    }

    /// What the new message answers.
    pub(super) fn reply(&self, id: ChatId) -> Result<Option<Box<Reply>>, ApiError> {
        let given = match self.params.json("reply_parameters") {
            Some(Value::Object(given)) => given.clone(),
            Some(Value::String(text)) if !text.is_empty() => {
                return Err(ApiError::bad("can't parse reply parameters JSON object"));
            }
            None | Some(Value::String(_)) => serde_json::Map::new(),
            Some(_) => return Err(ApiError::bad("object expected as reply parameters")),
        };
        let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        let message =
            given.get("message_id").and_then(number).or_else(|| self.params.int("reply_to_message_id"));
        let Some(message) = message.filter(|message| *message > 0) else { return Ok(None) };
        let source = self.answered_chat(id, given.get("chat_id"))?;
        let lenient = given.get("allow_sending_without_reply").and_then(Value::as_bool);
        let lenient = lenient.unwrap_or_else(|| self.params.flag("allow_sending_without_reply"));
        let found = self.state.chats.get(&source).and_then(|chat| Some((chat, visible(chat, message)?)));
        let Some((chat, parent)) = found else {
            let missing = ApiError::bad("message to be replied not found");
            return if lenient && source == id { Ok(None) } else { Err(missing) };
        };
        if source != id && parent.is_protected {
            return Err(ApiError::bad("message to be replied can't be replied in another chat"));
        }
        let position = given.get("quote_position").and_then(number);
        let quote = match given.get("quote").and_then(Value::as_str).filter(|words| !words.is_empty()) {
            None => String::new(),
            Some(words) => {
                let mode = given.get("quote_parse_mode").and_then(Value::as_str);
                let (words, entities) = self.formatted(words, given.get("quote_entities"), mode)?;
                let position = position.and_then(|at| usize::try_from(at).ok());
                quote_json(&parent.content.text, &words, position, &quotable(&entities))
                    .ok_or_else(|| ApiError::bad("QUOTE_TEXT_INVALID"))?
            }
        };
        let external = if source == id { String::new() } else { self.external(chat, parent) };
        Ok(Some(Box::new(Reply { message, quote: quote.into(), external: external.into() })))
    }

    /// The chat of the message that is answered, which the bot must be able to read.
    fn answered_chat(&self, here: ChatId, given: Option<&Value>) -> Result<ChatId, ApiError> {
        let not_found = || ApiError::bad("chat not found");
        let chat = match given.filter(|given| !given.is_null()) {
            None => return Ok(here),
            Some(Value::String(name)) if name.starts_with('@') => {
                let number = self.state.usernames.get(&name[1..].to_lowercase()).ok_or_else(not_found)?;
                State::chat_of(self.bot, *number)
            }
            Some(given) => {
                let number = given.as_i64().or_else(|| given.as_str()?.parse().ok()).ok_or_else(not_found)?;
                State::chat_of(self.bot, number)
            }
        };
        let is_private = chat.is_private() && self.state.chats.contains_key(&chat);
        if chat == here || is_private || self.own_status(chat).is_in() { Ok(chat) } else { Err(not_found()) }
    }

    /// `ExternalReplyInfo`: of private chats only whose message it was.
    fn external(&self, chat: &Chat, parent: &Message) -> String {
        let mut object = Object::with_capacity(512);
        object.raw("origin", &self.state.origin(parent));
        if !chat.id.is_private() {
            object.raw("chat", &chat.json).plain("message_id", parent.id);
        }
        self.state.write_answered(&mut object, parent);
        object.end()
    }
}

/// The entities that a quotation keeps.
fn quotable(entities: &str) -> String {
    let mut entities: Vec<Value> = serde_json::from_str(entities).unwrap_or_default();
    let kept = ["bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji", "date_time"];
    entities.retain(|entity| entity["type"].as_str().is_some_and(|kind| kept.contains(&kind)));
    if entities.is_empty() { String::new() } else { Value::from(entities).to_string() }
}

/// A message of the chat that is there.
pub(super) fn visible(chat: &Chat, id: MessageId) -> Option<&Message> {
    chat.messages.get(&id).map(|message| &**message).filter(|message| !message.deleted)
}
