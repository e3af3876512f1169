//! People who let a bot answer their customers: Business connections.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::json::Object;
use super::message::Message;
use super::state::State;
use super::{Refused, World};
use crate::ids::{BotId, ChatId, MessageId, PersonId};

/// What a connected bot may be allowed, by the Bot API's names.
pub(crate) const RIGHTS: [&str; 14] = [
    "can_reply",
    "can_read_messages",
    "can_delete_sent_messages",
    "can_delete_all_messages",
    "can_edit_name",
    "can_edit_bio",
    "can_edit_profile_photo",
    "can_edit_username",
    "can_change_gift_settings",
    "can_view_gifts_and_stars",
    "can_convert_gifts_to_stars",
    "can_transfer_and_upgrade_gifts",
    "can_transfer_stars",
    "can_manage_stories",
];

/// A customer who wrote so long ago (seconds) is not written to.
const ACTIVE_FOR: i64 = 24 * 3_600;

/// A bot that works for an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Connection {
    pub id: String,
    pub owner: PersonId,
    pub bot: BotId,
    /// Seconds since 1970 UTC.
    pub date: i64,
    pub rights: BTreeSet<String>,
    pub enabled: bool,
}

/// All connections.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Business {
    pub connections: BTreeMap<String, Connection>,
    /// The connection of an account that is on; each has one bot.
    current: BTreeMap<i64, String>,
    /// The chats of an account with other people.
    chats: BTreeMap<i64, Vec<ChatId>>,
    /// When somebody wrote last in a chat of two people (seconds), by chat and writer.
    spoke: BTreeMap<String, i64>,
    /// What the account has read in a chat, by chat.
    pub read: BTreeMap<String, MessageId>,
}

impl World {
    /// A person connects a bot to their business account, or changes its rights; returns the connection's id.
    pub fn business_connect(
        &self,
        person: PersonId,
        bot: BotId,
        rights: &[String],
    ) -> Result<String, Refused> {
        let mut state = self.lock();
        if let Some(wrong) = rights.iter().find(|right| !RIGHTS.contains(&right.as_str())) {
            return Refused::because(format!("{wrong:?} is no right of a business bot"));
        }
        if !state.bots.get(&bot).is_some_and(|account| account.modes.business) {
            return Refused::because(format!(
                "business mode of bot {bot} is off; turn it on with configure_bot"
            ));
        }
        if state.users.get(&person.0).is_none_or(|user| user.is_bot) {
            return Refused::because(format!("there is no person {person}"));
        }
        let rights: BTreeSet<String> = rights.iter().cloned().collect();
        let known = state.business.of(person).filter(|known| known.bot == bot).map(|known| known.id.clone());
        if let Some(connection) = known.as_ref().and_then(|id| state.business.connections.get_mut(id)) {
            connection.rights = rights;
            let id = connection.id.clone();
            state.tell_connection(&id);
            return Ok(id);
        }
        state.disconnect(person);
        let id = format!("sandbox-business-{}", state.number("business", 0));
        let date = state.clock.seconds();
        // The bot may write to the account's owner from now on.
        let private = state.private_chat(person, bot);
        if let Some(chat) = state.chats.get_mut(&private) {
            chat.started = true;
        }
        let connection = Connection { id: id.clone(), owner: person, bot, date, rights, enabled: true };
        state.business.connections.insert(id.clone(), connection);
        state.business.current.insert(person.0, id.clone());
        state.tell_connection(&id);
        Ok(id)
    }

    /// A person takes the bot off their business account.
    pub fn business_disconnect(&self, person: PersonId) -> Result<(), Refused> {
        let mut state = self.lock();
        if state.disconnect(person) {
            Ok(())
        } else {
            Refused::because(format!("no bot is connected to the account of {person}"))
        }
    }

    /// The newest message of a chat of two people that a bot marked as read for its account.
    pub fn read_up_to(&self, chat: ChatId) -> Option<MessageId> {
        self.lock().business.read.get(&chat.to_string()).copied()
    }
}

impl Business {
    /// A chat of two people begins.
    pub fn note_chat(&mut self, chat: ChatId) {
        if let ChatId::Private { person, bot } = chat {
            self.chats.entry(person.0).or_default().push(chat);
            self.chats.entry(bot.0).or_default().push(chat);
        }
    }

    /// The chats of an account with other people.
    pub fn chats_of(&self, owner: PersonId) -> &[ChatId] {
        self.chats.get(&owner.0).map(Vec::as_slice).unwrap_or_default()
    }

    /// The connection that works for an account.
    pub fn of(&self, owner: PersonId) -> Option<&Connection> {
        self.connections.get(self.current.get(&owner.0)?)
    }
}

impl State {
    fn disconnect(&mut self, person: PersonId) -> bool {
        let Some(id) = self.business.current.remove(&person.0) else { return false };
        if let Some(connection) = self.business.connections.get_mut(&id) {
            connection.enabled = false;
        }
        self.tell_connection(&id);
        true
    }

    fn tell_connection(&mut self, id: &str) {
        let Some(connection) = self.business.connections.get(id) else { return };
        let (bot, json) = (connection.bot, self.connection_json(connection));
        self.push(bot, "business_connection", None, &json);
    }

    /// The `BusinessConnection` object.
    pub fn connection_json(&self, connection: &Connection) -> String {
        let rights: BTreeMap<&str, bool> =
            connection.rights.iter().map(|right| (right.as_str(), true)).collect();
        let mut object = Object::with_capacity(256);
        object
            .text("id", &connection.id)
            .raw("user", self.users.get(&connection.owner.0).map_or("null", |user| &user.json))
            .plain("user_chat_id", connection.owner)
            .plain("date", connection.date)
            .raw("rights", &json!(rights).to_string())
            .plain("is_enabled", connection.enabled)
            .newer(self.settings.newer);
        object.end()
    }

    /// The chat of two accounts, whichever of them is named first.
    pub fn chat_between(&self, one: i64, other: i64) -> ChatId {
        let turned = ChatId::private(PersonId(other), BotId(one));
        if self.chats.contains_key(&turned) { turned } else { ChatId::private(PersonId(one), BotId(other)) }
    }

    /// Tells the bots of both accounts of a message in a chat of two people. `by_bot`: the bot that wrote it, which is
    /// not told.
    pub fn announce_business(&mut self, chat: ChatId, id: MessageId, edited: bool, by_bot: Option<BotId>) {
        let ChatId::Private { person, bot: other } = chat else { return };
        let Some(from) =
            self.chats.get(&chat).and_then(|place| place.messages.get(&id)).map(|message| message.from)
        else {
            return;
        };
        if !edited {
            self.business.spoke.insert(format!("{chat} {from}"), self.clock.seconds());
        }
        let kind = if edited { "edited_business_message" } else { "business_message" };
        for owner in [person, PersonId(other.0)] {
            let Some(connection) = self.business.of(owner).filter(|known| Some(known.bot) != by_bot) else {
                continue;
            };
            let (bot, connection) = (connection.bot, connection.id.clone());
            let json = self.business_json(&connection, chat, id);
            self.push(bot, kind, Some(chat), &json);
        }
    }

    /// Tells the bots of both accounts which messages are gone; the bot that took them away is not told.
    pub fn tell_deleted(&mut self, chat: ChatId, ids: &[MessageId], by_bot: Option<BotId>) {
        let ChatId::Private { person, bot: other } = chat else { return };
        for owner in [person, PersonId(other.0)] {
            let Some(connection) = self.business.of(owner).filter(|known| Some(known.bot) != by_bot) else {
                continue;
            };
            let mut object = Object::with_capacity(256);
            object
                .text("business_connection_id", &connection.id)
                .raw("chat", &self.counterpart_json(chat, owner))
                .raw("message_ids", &format!("{ids:?}"));
            let bot = connection.bot;
            self.push(bot, "deleted_business_messages", Some(chat), &object.end());
        }
    }

    /// The `Message` object as the bot of a connection sees it.
    pub fn business_json(&self, connection: &str, chat: ChatId, id: MessageId) -> String {
        let found = self.chats.get(&chat).and_then(|place| Some((place, place.messages.get(&id)?)));
        let Some((place, message)) = found else { return "null".to_owned() };
        let message: &Message = message;
        let Some(owner) = self.business.connections.get(connection).map(|known| known.owner) else {
            return "null".to_owned();
        };
        let json = self.message_json(place, message);
        // A chat of two people looks different from either side: a bot sees the other person's.
        let seen = format!("\"chat\":{}", self.counterpart_json(chat, owner));
        let json = json.replace(&format!("\"chat\":{}", place.json), &seen);
        let field = format!("\"business_connection_id\":{},", super::json::quoted(connection));
        // A quotation mark inside of a text is escaped: this cannot be anything but the field.
        let json = json.replace("\"reply_to_message\":{", &format!("\"reply_to_message\":{{{field}"));
        json.replacen('{', &format!("{{{field}"), 1)
    }

    fn counterpart_json(&self, chat: ChatId, owner: PersonId) -> String {
        let other = chat.other_than(owner.0).and_then(|other| self.users.get(&other));
        let mut object = Object::with_capacity(128);
        if let Some(user) = other {
            object.plain("id", user.id).text("first_name", &user.first_name);
            if let Some(last) = &user.last_name {
                object.text("last_name", last);
            }
            if let Some(username) = &user.username {
                object.text("username", username);
            }
        }
        object.text("type", "private");
        object.end()
    }

    /// Whether the other side of a chat has written in the last 24 hours.
    pub fn is_active(&self, chat: ChatId, customer: i64) -> bool {
        let last = self.business.spoke.get(&format!("{chat} {customer}"));
        last.is_some_and(|last| self.clock.seconds().saturating_sub(*last) < ACTIVE_FOR)
    }

    /// Writes the JSON of a person's private chats again, after their name changed.
    pub fn rename_chats(&mut self, person: PersonId) {
        let user = self.users.get(&person.0);
        let with_bots = self.bots.keys().map(|bot| ChatId::private(person, *bot));
        let all: Vec<ChatId> = with_bots.chain(self.business.chats_of(person).iter().copied()).collect();
        for id in all {
            let is_theirs = matches!(id, ChatId::Private { person: owner, .. } if owner == person);
            if let Some(chat) = self.chats.get_mut(&id).filter(|_| is_theirs) {
                chat.title = user.map(super::user::User::name).unwrap_or_default();
                chat.rebuild(user);
            }
        }
        self.show_person(person.0);
    }
}
