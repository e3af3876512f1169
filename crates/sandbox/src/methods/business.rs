//! Business connections: on whose behalf a bot acts, and what it does to an account.

use serde_json::json;

use super::target::visible;
use super::{ApiError, Done, Outcome, Request};
use crate::ids::{ChatId, MessageId};
use crate::world::business::Connection;

pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "getBusinessConnection" => {
            request.connection().map(|connection| Done::from(request.state.connection_json(&connection)))
        }
        "readBusinessMessage" => request.read_business(),
        "deleteBusinessMessages" => request.delete_business(),
        "setBusinessAccountName" => request.business_name(),
        "setBusinessAccountUsername" => request.business_username(),
        "setBusinessAccountBio" => request.business_bio(),
        "getBusinessAccountStarBalance" => {
            request.allowed("can_view_gifts_and_stars").map(|_| Done::from(json!({"amount": 0}).to_string()))
        }
        "getBusinessAccountGifts" => request
            .allowed("can_view_gifts_and_stars")
            .map(|_| Done::from(json!({"total_count": 0, "gifts": []}).to_string())),
        _ => return None,
    })
}

impl Request<'_> {
    /// The connection that the call names, if it names one.
    pub(super) fn on_behalf(&self) -> Result<Option<Connection>, ApiError> {
        if self.params.text("business_connection_id").is_none() {
            return Ok(None);
        }
        let connection = self.connection()?;
        if connection.enabled { Ok(Some(connection)) } else { Err(invalid()) }
    }

    fn connection(&self) -> Result<Connection, ApiError> {
        let id = self.params.text("business_connection_id").unwrap_or_default();
        let known = self.state.business.connections.get(&id);
        known.filter(|connection| connection.bot == self.bot).cloned().ok_or_else(invalid)
    }

    /// The connection, when it is on and has the right.
    fn allowed(&self, right: &str) -> Result<Connection, ApiError> {
        let connection = self.on_behalf()?.ok_or_else(invalid)?;
        if connection.rights.contains(right) { Ok(connection) } else { Err(not_allowed()) }
    }

    /// The chat of the account that the call names.
    pub(super) fn business_chat(&self, connection: &Connection) -> Result<ChatId, ApiError> {
        let other = self.params.text("chat_id").ok_or_else(|| ApiError::bad("chat_id is empty"))?;
        let other = match other.strip_prefix('@') {
            Some(name) => self.state.usernames.get(&name.to_lowercase()).copied(),
            None => other.parse().ok(),
        };
        let other = other.filter(|other| self.state.users.contains_key(other));
        let other = other.ok_or_else(|| ApiError::bad("BUSINESS_PEER_INVALID"))?;
        let chat = self.state.chat_between(other, connection.owner.0);
        if self.state.chats.contains_key(&chat) {
            Ok(chat)
        } else {
            Err(ApiError::bad("BUSINESS_PEER_INVALID"))
        }
    }

    /// As [`business_chat`](Self::business_chat), where the bot may write now.
    pub(super) fn business_writable(&self, connection: &Connection) -> Result<ChatId, ApiError> {
        let chat = self.business_chat(connection)?;
        if !connection.rights.contains("can_reply") {
            return Err(not_allowed());
        }
        let customer = chat.other_than(connection.owner.0).unwrap_or_default();
        if self.state.users.get(&customer).is_some_and(|user| user.deactivated) {
            return Err(ApiError::forbidden("user is deactivated"));
        }
        if !self.state.is_active(chat, customer) {
            return Err(ApiError::bad("BUSINESS_PEER_USAGE_MISSING"));
        }
        Ok(chat)
    }

    fn read_business(&mut self) -> Outcome {
        let connection = self.allowed("can_read_messages")?;
        let chat = self.business_chat(&connection)?;
        let id = self.message_id()?;
        let customer = chat.other_than(connection.owner.0).unwrap_or_default();
        if !self.state.is_active(chat, customer) {
            return Err(ApiError::bad("BUSINESS_PEER_USAGE_MISSING"));
        }
        visible(self.place(chat)?, id).ok_or_else(|| ApiError::bad("MESSAGE_ID_INVALID"))?;
        let read = self.state.business.read.entry(chat.to_string()).or_default();
        *read = (*read).max(id);
        let owner = connection.owner;
        self.state.event(|| json!({"event": "read", "chat": chat, "person": owner, "message": id}));
        Ok(Done::yes())
    }

    fn delete_business(&mut self) -> Outcome {
        let connection = self.on_behalf()?.ok_or_else(invalid)?;
        let ids = self.message_ids()?;
        let has = |right: &str| connection.rights.contains(right);
        let chats: Vec<ChatId> = ids.iter().filter_map(|id| self.chat_with(&connection, *id)).collect();
        let chat = *chats.first().ok_or_else(|| ApiError::bad("MESSAGE_ID_INVALID"))?;
        if chats.len() < ids.len() || chats.iter().any(|other| *other != chat) {
            return Err(ApiError::bad("MESSAGE_ID_INVALID"));
        }
        let place = self.place(chat)?;
        let own =
            |id: &MessageId| place.messages.get(id).is_some_and(|message| message.behalf == Some(self.bot.0));
        let may = has("can_delete_all_messages") || (has("can_delete_sent_messages") && ids.iter().all(own));
        if !may {
            return Err(not_allowed());
        }
        self.remove(chat, &ids);
        let bot = self.bot;
        self.state.tell_deleted(chat, &ids, Some(bot));
        Ok(Done::yes())
    }

    /// The chat of the account that a message is in: in chats of two people, ids come from one mailbox.
    fn chat_with(&self, connection: &Connection, id: MessageId) -> Option<ChatId> {
        let holds = |chat: &&ChatId| self.place(**chat).is_ok_and(|place| visible(place, id).is_some());
        self.state.business.chats_of(connection.owner).iter().find(holds).copied()
    }

    fn business_name(&mut self) -> Outcome {
        let connection = self.allowed("can_edit_name")?;
        let first = self.params.text("first_name").unwrap_or_default().trim().to_owned();
        let last = self.params.text("last_name").map(|name| name.trim().to_owned());
        if first.is_empty() || first.chars().count() > 64 {
            return Err(ApiError::bad("FIRSTNAME_INVALID"));
        }
        if last.as_ref().is_some_and(|last| last.chars().count() > 64) {
            return Err(ApiError::bad("LASTNAME_INVALID"));
        }
        if let Some(user) = self.state.users.get_mut(&connection.owner.0) {
            user.first_name = first;
            user.last_name = last.filter(|last| !last.is_empty());
            user.rebuild();
        }
        self.state.rename_chats(connection.owner);
        Ok(Done::yes())
    }

    fn business_username(&mut self) -> Outcome {
        let connection = self.allowed("can_edit_username")?;
        let name = self.params.text("username");
        if let Some(name) = &name {
            let fits = |char: char| char.is_ascii_alphanumeric() || char == '_';
            if !(5..=32).contains(&name.len()) || !name.chars().all(fits) {
                return Err(ApiError::bad("USERNAME_INVALID"));
            }
            let taken = self.state.usernames.get(&name.to_lowercase());
            if taken.is_some_and(|taken| *taken != connection.owner.0) {
                return Err(ApiError::bad("USERNAME_OCCUPIED"));
            }
        }
        if let Some(user) = self.state.users.get_mut(&connection.owner.0) {
            if user.username == name {
                return Err(ApiError::bad("USERNAME_NOT_MODIFIED"));
            }
            if let Some(old) = user.username.take() {
                self.state.usernames.remove(&old.to_lowercase());
            }
            if let Some(name) = &name {
                self.state.usernames.insert(name.to_lowercase(), connection.owner.0);
            }
            user.username = name;
            user.rebuild();
        }
        self.state.rename_chats(connection.owner);
        Ok(Done::yes())
    }

    fn business_bio(&mut self) -> Outcome {
        let connection = self.allowed("can_edit_bio")?;
        let bio = self.params.text("bio");
        if bio.as_ref().is_some_and(|bio| bio.chars().count() > 140) {
            return Err(ApiError::bad("ABOUT_TOO_LONG"));
        }
        if let Some(user) = self.state.users.get_mut(&connection.owner.0) {
            user.bio = bio;
        }
        self.state.show_person(connection.owner.0);
        Ok(Done::yes())
    }
}

fn invalid() -> ApiError {
    ApiError::bad("BUSINESS_CONNECTION_INVALID")
}

fn not_allowed() -> ApiError {
    ApiError::bad("BOT_ACCESS_FORBIDDEN")
}
