//! Bans, restrictions, promotions, titles.

use serde_json::Value;

use super::{ApiError, Done, Outcome, Request};
use crate::ids::ChatId;
use crate::world::member::{Rights, Status};
use crate::world::message::{Content, Kind, Message};

const RESTRICT: &str = "not enough rights to restrict/unrestrict chat member";

impl Request<'_> {
    pub(super) fn ban(&mut self) -> Outcome {
        let (chat, user) = self.subject(RESTRICT, |rights| rights.can_restrict_members)?;
        self.state.set_status(chat, self.bot.0, user, Status::Kicked);
        Ok(Done::yes())
    }

    pub(super) fn unban(&mut self) -> Outcome {
        let (chat, user) = self.subject(RESTRICT, |rights| rights.can_restrict_members)?;
        let status = self.place(chat)?.status(user);
        // Who is a member leaves by it, unless asked otherwise.
        if status == Status::Kicked || (status.is_in() && !self.params.flag("only_if_banned")) {
            self.state.set_status(chat, self.bot.0, user, Status::Left);
        }
        Ok(Done::yes())
    }

    pub(super) fn restrict(&mut self) -> Outcome {
        let (chat, user) = self.subject(RESTRICT, |rights| rights.can_restrict_members)?;
        let permissions = self.params.json("permissions").and_then(Value::as_object);
        let permissions = permissions.ok_or_else(|| ApiError::bad("can't parse chat permissions"))?;
        let may_write = permissions.get("can_send_messages").and_then(Value::as_bool).unwrap_or(false);
        if !self.place(chat)?.status(user).is_in() {
            return Err(ApiError::bad("USER_NOT_PARTICIPANT"));
        }
        let status = if may_write { Status::Member } else { Status::Restricted };
        self.state.set_status(chat, self.bot.0, user, status);
        Ok(Done::yes())
    }

    pub(super) fn promote(&mut self) -> Outcome {
        let chat = self.chat()?;
        let user = self.user()?;
        self.needs(chat, "not enough rights", |rights| rights.can_promote_members)?;
        let status = self.place(chat)?.status(user);
        if status == Status::Creator {
            return Err(ApiError::bad("can't remove chat owner"));
        }
        if !status.is_in() {
            return Err(ApiError::bad("USER_NOT_PARTICIPANT"));
        }
        let mut rights = Rights::default();
        for name in self.params.map.keys().filter(|name| name.starts_with("can_") || *name == "is_anonymous")
        {
            rights.set(name, self.params.flag(name));
        }
        let status = if rights == Rights::default() {
            Status::Member
        } else {
            Status::Administrator(Rights { can_manage_chat: true, ..rights })
        };
        self.state.set_status(chat, self.bot.0, user, status);
        Ok(Done::yes())
    }

    fn subject(&mut self, text: &str, has: impl Fn(&Rights) -> bool) -> Result<(ChatId, i64), ApiError> {
        let chat = self.chat()?;
        if chat.is_private() {
            return Err(ApiError::bad("method is available only for groups and supergroups"));
        }
        let user = self.user()?;
        self.needs(chat, text, has)?;
        match self.place(chat)?.status(user) {
            Status::Creator => Err(ApiError::bad("can't remove chat owner")),
            Status::Administrator(_) => Err(ApiError::bad("user is an administrator of the chat")),
            _ => Ok((chat, user)),
        }
    }

    pub(super) fn set_title(&mut self) -> Outcome {
        let chat = self.chat()?;
        self.needs(chat, "not enough rights to change chat title", |rights| rights.can_change_info)?;
        let title = self.params.text("title").unwrap_or_default().trim().to_owned();
        if title.is_empty() {
            return Err(ApiError::bad("title must be non-empty"));
        }
        if let Some(place) = self.state.chats.get_mut(&chat) {
            place.title.clone_from(&title);
            place.rebuild(None);
        }
        let body = Value::from(title).to_string();
        let content = Content::new(Kind::Service("new_chat_title"), body);
        let id = self.state.store(Message::new(chat, self.bot.0, content));
        self.state.announce(chat, id, "message");
        self.state.show_chat(chat);
        Ok(Done::yes())
    }

    pub(super) fn set_chat_description(&mut self) -> Outcome {
        let chat = self.chat()?;
        self.needs(chat, "not enough rights to set chat description", |rights| rights.can_change_info)?;
        let description = self.params.text("description");
        if let Some(place) = self.state.chats.get_mut(&chat) {
            if place.description == description {
                return Err(ApiError::bad("chat description is not modified"));
            }
            place.description = description;
        }
        Ok(Done::yes())
    }
}
