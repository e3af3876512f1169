//! Boosts of chats.

use serde::{Deserialize, Serialize};

use super::json::Object;
use super::message::{Content, Kind, Message};
use super::state::State;
use super::timers::Due;
use super::{Refused, World};
use crate::ids::{BotId, ChatId, PersonId};

/// A boost lasts so long unless it is said otherwise (seconds).
const MONTH: i64 = 30 * 86_400;

/// A person's boost of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Boost {
    pub id: String,
    pub person: i64,
    /// Seconds since 1970 UTC.
    pub added: i64,
    pub ends: i64,
}

impl World {
    /// A person with Premium boosts a supergroup or channel for 30 days; returns the boost's id.
    pub fn boost(&self, person: PersonId, chat: ChatId) -> Result<String, Refused> {
        let mut state = self.lock();
        let place = state.group(chat)?;
        if !place.status(person.0).is_in() {
            return Refused::because(format!("{person} is not in {chat}"));
        }
        let is_group = place.kind == super::chat::ChatKind::Supergroup;
        let added = state.clock.seconds();
        let id = format!("sandbox-boost-{}", state.number("boosts", 0));
        let boost = Boost { id: id.clone(), person: person.0, added, ends: added.saturating_add(MONTH) };
        state.tell_boost(chat, &boost, false);
        state.at_second(boost.ends, Due::EndBoost(chat, id.clone()));
        if let Some(place) = state.chats.get_mut(&chat) {
            place.boosts.push(boost);
        }
        if is_group {
            let content = Content::new(Kind::Service("boost_added"), r#"{"boost_count":1}"#);
            let message = state.store(Message::new(chat, person.0, content));
            state.announce(chat, message, "message");
        }
        Ok(id)
    }

    /// A person takes their boost away again.
    pub fn end_boost(&self, chat: ChatId, id: &str) -> Result<(), Refused> {
        let mut state = self.lock();
        let known = state.group(chat)?.boosts.iter().any(|boost| boost.id == id);
        if !known {
            return Refused::because(format!("{chat} has no boost {id}"));
        }
        state.end_boost(chat, id);
        Ok(())
    }
}

impl State {
    pub fn end_boost(&mut self, chat: ChatId, id: &str) {
        let Some(place) = self.chats.get_mut(&chat) else { return };
        let Some(position) = place.boosts.iter().position(|boost| boost.id == id) else { return };
        let boost = place.boosts.remove(position);
        self.tell_boost(chat, &boost, true);
    }

    fn boost_source(&self, boost: &Boost) -> String {
        let mut object = Object::new();
        object.text("source", "premium");
        if let Some(user) = self.users.get(&boost.person) {
            object.raw("user", &user.json);
        }
        object.end()
    }

    /// A `ChatBoost` object.
    pub fn boost_json(&self, boost: &Boost) -> String {
        let mut object = Object::with_capacity(256);
        object
            .text("boost_id", &boost.id)
            .plain("add_date", boost.added)
            .plain("expiration_date", boost.ends)
            .raw("source", &self.boost_source(boost));
        object.end()
    }

    fn tell_boost(&mut self, chat: ChatId, boost: &Boost, ended: bool) {
        let Some(place) = self.chats.get(&chat) else { return };
        let mut object = Object::with_capacity(512);
        object.raw("chat", &place.json);
        if ended {
            object
                .text("boost_id", &boost.id)
                .plain("remove_date", self.clock.seconds())
                .raw("source", &self.boost_source(boost));
        } else {
            object.raw("boost", &self.boost_json(boost));
        }
        object.newer(self.settings.newer);
        let json = object.end();
        let bots: Vec<i64> =
            place.bots.iter().filter(|bot| place.status(**bot).is_admin()).copied().collect();
        let kind = if ended { "removed_chat_boost" } else { "chat_boost" };
        for bot in bots {
            self.push(BotId(bot), kind, Some(chat), &json);
        }
    }
}
