//! Inline mode: `@bot query` typed in any chat, the bot's results, and the messages that are sent with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::chat::ChatKind;
use super::json::Object;
use super::message::{Content, Message};
use super::state::State;
use super::{Refused, World};
use crate::ids::{BotId, ChatId, MessageId, PersonId};

/// A result can be chosen, and a query answered, for so long (microseconds).
pub(crate) const QUERY_LIFE: i64 = 30_000_000;

/// Queries that are kept while the clock stands.
const MOST_KEPT: usize = 10_000;

/// What was typed, and what came back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Query {
    pub bot: BotId,
    pub person: PersonId,
    pub chat: ChatId,
    pub text: String,
    /// Microseconds.
    pub asked_at: i64,
    pub answer: Option<Answer>,
}

/// What a bot answered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub results: Vec<Ready>,
    pub next_offset: String,
    /// `InlineQueryResultsButton`; empty for none.
    pub button: String,
}

/// A result with the message that it becomes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    pub id: String,
    /// `InlineQueryResult`, as the bot gave it.
    pub result: String,
    /// Or why the sandbox cannot send it.
    pub content: Result<Content, String>,
    /// An inline keyboard as JSON; empty for none.
    pub markup: String,
}

/// A message that a Mini App's user may send.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Prepared {
    pub bot: BotId,
    pub person: PersonId,
    pub ready: Ready,
    /// Seconds since 1970 UTC.
    pub expires: i64,
}

/// Everything of inline mode.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Inline {
    pub queries: BTreeMap<u64, Query>,
    pub prepared: BTreeMap<String, Prepared>,
    /// Messages that bots may edit by their `inline_message_id`.
    pub messages: BTreeMap<String, (BotId, ChatId, MessageId)>,
}

impl Inline {
    /// Drops the queries that are over; the oldest come first.
    fn forget_queries(&mut self, now: i64) {
        while let Some(oldest) = self.queries.first_entry() {
            if now.saturating_sub(oldest.get().asked_at) < QUERY_LIFE && self.queries.len() < MOST_KEPT {
                break;
            }
            self.queries.pop_first();
        }
    }

    /// Keeps a message that was prepared. Each time their number has doubled, those go that nobody can send any more.
    pub fn prepare(&mut self, id: String, prepared: Prepared, now: i64) {
        if self.prepared.len().is_power_of_two() {
            self.prepared.retain(|_, prepared| now < prepared.expires);
        }
        self.prepared.insert(id, prepared);
    }
}

impl World {
    /// A person types `@bot text` in a chat, from `offset` on when they scroll further; returns the query's id.
    pub fn inline_query(
        &self,
        person: PersonId,
        chat: ChatId,
        bot: BotId,
        text: &str,
        offset: &str,
    ) -> Result<String, Refused> {
        let mut state = self.lock();
        state.may_write(person, chat, None, None)?;
        if !state.bots.get(&bot).is_some_and(|account| account.modes.inline) {
            return Refused::because(format!(
                "inline mode of bot {bot} is off; turn it on with configure_bot"
            ));
        }
        if text.chars().count() > 256 {
            return Refused::because("an inline query has up to 256 characters");
        }
        let now = state.clock.now();
        state.inline.forget_queries(now);
        let number = state.number("inline", 800_000_000).unsigned_abs();
        let query = Query { bot, person, chat, text: text.to_owned(), asked_at: now, answer: None };
        state.inline.queries.insert(number, query);
        let kind = match (chat, state.chats.get(&chat).map(|place| place.kind)) {
            (ChatId::Private { bot: owner, .. }, _) if owner == bot => "sender",
            (_, Some(ChatKind::Group)) => "group",
            (_, Some(ChatKind::Supergroup)) => "supergroup",
            (_, Some(ChatKind::Channel)) => "channel",
            _ => "private",
        };
        let mut object = Object::with_capacity(256);
        object
            .text("id", &number.to_string())
            .raw("from", &state.users.get(&person.0).map(|user| user.json.clone()).unwrap_or_default())
            .text("query", text)
            .text("offset", offset)
            .text("chat_type", kind)
            .newer(state.settings.newer);
        state.push(bot, "inline_query", None, &object.end());
        Ok(number.to_string())
    }

    /// What the bot answered, as `{"results":[…],"next_offset":"…","button":…}`; `None` until it has.
    pub fn inline_results(&self, query: &str) -> Option<Value> {
        let state = self.lock();
        let answer = state.inline.queries.get(&query.parse().ok()?)?.answer.as_ref()?;
        Some(answer_json(answer))
    }

    /// A person chooses one of the results; returns the message that they send with it.
    pub fn choose_result(&self, person: PersonId, query: &str, result: &str) -> Result<MessageId, Refused> {
        let mut state = self.lock();
        let now = state.clock.now();
        let found = query.parse().ok().and_then(|number: u64| state.inline.queries.get(&number));
        let found =
            found.filter(|asked| asked.person == person && now.saturating_sub(asked.asked_at) < QUERY_LIFE);
        let Some(asked) = found.cloned() else {
            return Refused::because(format!("there is no fresh inline query {query} of {person}"));
        };
        let answer = asked.answer.unwrap_or_default();
        let Some(ready) = answer.results.into_iter().find(|ready| ready.id == result) else {
            return Refused::because(format!("the bot has given no result {result:?}"));
        };
        let (message, inline) = state.send_via(person, asked.chat, asked.bot, &ready)?;
        let account = state.bots.get(&asked.bot);
        if account.is_some_and(|account| account.modes.feedback) {
            let mut object = Object::with_capacity(256);
            object
                .text("result_id", &ready.id)
                .raw("from", &state.users.get(&person.0).map(|user| user.json.clone()).unwrap_or_default())
                .text("query", &asked.text);
            if let Some(id) = &inline {
                object.text("inline_message_id", id);
            }
            object.newer(state.settings.newer);
            state.push(asked.bot, "chosen_inline_result", None, &object.end());
        }
        Ok(message)
    }

    /// A person sends a message that was prepared for them; returns its id.
    pub fn send_prepared(
        &self,
        person: PersonId,
        chat: ChatId,
        prepared: &str,
    ) -> Result<MessageId, Refused> {
        let mut state = self.lock();
        let now = state.clock.seconds();
        let found = state.inline.prepared.get(prepared);
        let found = found.filter(|prepared| prepared.person == person && now < prepared.expires).cloned();
        let Some(found) = found else {
            return Refused::because(format!("nothing is prepared for {person} as {prepared:?}"));
        };
        Ok(state.send_via(person, chat, found.bot, &found.ready)?.0)
    }
}

pub(crate) fn answer_json(answer: &Answer) -> Value {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    json!({
        "results": answer.results.iter().map(|ready| parse(&ready.result)).collect::<Vec<_>>(),
        "next_offset": answer.next_offset,
        "button": parse(&answer.button),
    })
}

impl State {
    /// Sends a result in a person's name; with a keyboard the bot may edit it by the id that is returned.
    fn send_via(
        &mut self,
        person: PersonId,
        chat: ChatId,
        bot: BotId,
        ready: &Ready,
    ) -> Result<(MessageId, Option<String>), Refused> {
        let topic = self.may_write(person, chat, None, None)?;
        let content = ready.content.clone().map_err(Refused)?;
        let mut message = Message::new(chat, person.0, content);
        message.topic = topic;
        message.via = Some(bot.0);
        message.markup = ready.markup.as_str().into();
        let id = self.store(message);
        let inline = (!ready.markup.is_empty()).then(|| self.inline_id(bot, chat, id));
        self.announce(chat, id, "message");
        Ok((id, inline))
    }

    fn inline_id(&mut self, bot: BotId, chat: ChatId, id: MessageId) -> String {
        let name = format!("sandbox-inline-{}", self.number("inline_messages", 0));
        self.inline.messages.insert(name.clone(), (bot, chat, id));
        if let Some(message) = self.chats.get_mut(&chat).and_then(|place| place.messages.get_mut(&id)) {
            message.inline_id = name.as_str().into();
        }
        name
    }
}
