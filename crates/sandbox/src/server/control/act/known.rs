//! Whether what an act names is there: 404 says which of them is not.

use serde::Deserialize;
use serde_json::Value;

use super::super::wire::Failure;
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::world::state::State;

/// The names that every act uses for the same thing.
#[derive(Deserialize)]
struct Names {
    #[serde(rename = "as")]
    person: Option<PersonId>,
    who: Option<i64>,
    bot: Option<BotId>,
    chat: Option<ChatId>,
    to: Option<ChatId>,
    message: Option<MessageId>,
}

/// Fails when an act names somebody or something that does not exist.
pub(super) fn check(state: &State, act: &Value) -> Result<(), Failure> {
    // The act was read from the same JSON, so this cannot fail for a name that it uses.
    let Ok(names) = Names::deserialize(act) else { return Ok(()) };
    let missing = |what: String| Err(Failure::missing(format!("there is no {what}")));
    if let Some(person) = names.person.filter(|person| !state.is_person(*person)) {
        return missing(format!("person {person}"));
    }
    if let Some(who) = names.who.filter(|who| !state.users.contains_key(who)) {
        return missing(format!("user {who}"));
    }
    if let Some(bot) = names.bot.filter(|bot| !state.bots.contains_key(bot)) {
        return missing(format!("bot {bot}"));
    }
    for chat in names.chat.into_iter().chain(names.to) {
        if !state.may_exist(chat) {
            return missing(format!("chat {chat}"));
        }
    }
    if let (Some(chat), Some(message)) = (names.chat, names.message) {
        let place = state.chats.get(&chat);
        if !place.is_some_and(|place| place.messages.contains_key(&message)) {
            return missing(format!("message {message} in {chat}"));
        }
    }
    Ok(())
}

impl State {
    pub(in crate::server) fn is_person(&self, person: PersonId) -> bool {
        self.users.get(&person.0).is_some_and(|user| !user.is_bot)
    }

    /// A group that is there; or a private chat, which is there from its first message on, of somebody who is there.
    pub(in crate::server) fn may_exist(&self, chat: ChatId) -> bool {
        match chat {
            ChatId::Group(_) => self.chats.contains_key(&chat),
            ChatId::Private { person, bot } => {
                let other = PersonId(bot.0);
                self.is_person(person)
                    && (self.bots.contains_key(&bot) || (self.is_person(other) && other != person))
            }
        }
    }
}
