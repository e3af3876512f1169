//! Facts about chats and their members.

use serde_json::json;

use super::{ApiError, Done, Outcome, Request};
use crate::ids::ChatId;
use crate::world::chat::{Chat, ChatKind};
use crate::world::json::Object;
use crate::world::member::{Member, Status};
use crate::world::state::State;
use crate::world::user::User;

impl Request<'_> {
    pub(super) fn get_chat(&mut self) -> Outcome {
        let id = self.chat_to_read()?;
        let chat = self.place(id)?;
        let person = match id {
            ChatId::Private { person, .. } => self.state.users.get(&person.0),
            ChatId::Group(_) => None,
        };
        let mut object = Object::with_capacity(1_024);
        chat.write(&mut object, person);
        object.plain("accent_color_id", id.number().rem_euclid(7)).plain("max_reaction_count", 11).raw(
            "accepted_gift_types",
            r#"{"unlimited_gifts":false,"limited_gifts":false,"unique_gifts":false,"premium_subscription":false,"gifts_from_channels":false}"#,
        );
        if let Some(username) = chat.username.as_ref().or_else(|| person?.username.as_ref()) {
            object.raw("active_usernames", &json!([username]).to_string());
        }
        if let Some(photo) = self.chat_photo(id) {
            object.raw("photo", &photo);
        }
        if let Some(description) = &chat.description {
            object.text("description", description);
        }
        if !id.is_private() {
            if chat.kind != ChatKind::Channel {
                object.raw("permissions", &chat.settings.permissions.json());
            }
            if let Some(invite) = State::primary_invite(chat, self.bot.0) {
                object.text("invite_link", &invite.link);
            }
            if chat.settings.slow_mode > 0 {
                object.plain("slow_mode_delay", chat.settings.slow_mode);
            }
            if State::asks_first(chat) {
                object.plain("join_by_request", true);
            }
            if chat.kind != ChatKind::Group {
                object.plain("has_visible_history", true);
            }
            if let Some(linked) = chat.settings.linked {
                object.plain("linked_chat_id", linked);
            }
        }
        if let Some(person) = person {
            self.write_profile(&mut object, person);
        }
        if chat.kind == ChatKind::Supergroup {
            if let Some(set) = &chat.settings.sticker_set {
                object.text("sticker_set_name", set);
            }
            if self.may_set_stickers(chat) {
                object.plain("can_set_sticker_set", true);
            }
        }
        let pinned = chat.pinned.last().and_then(|id| chat.messages.get(id));
        if let Some(message) = pinned {
            object.raw("pinned_message", &self.state.message_json(chat, message));
        }
        object.newer(self.state.settings.newer);
        Ok(Done::from(object.end()))
    }

    fn write_profile(&self, object: &mut Object, person: &User) {
        if let Some(bio) = &person.bio {
            object.text("bio", bio);
        }
        let channel = person.personal_chat.and_then(|number| self.state.chats.get(&ChatId::Group(number)));
        if let Some(channel) = channel {
            object.raw("personal_chat", &channel.json);
        }
        let now = self.state.clock.seconds();
        if let Some((emoji, ends)) =
            person.emoji_status.as_ref().filter(|(_, ends)| *ends == 0 || *ends > now)
        {
            object.text("emoji_status_custom_emoji_id", emoji);
            if *ends > 0 {
                object.plain("emoji_status_expiration_date", ends);
            }
        }
    }

    /// A supergroup has a sticker set from 100 members on.
    pub(super) fn may_set_stickers(&self, place: &Chat) -> bool {
        let is_large = place.members.values().filter(|member| member.status.is_in()).count() >= 100;
        is_large && place.status(self.bot.0).may(|rights| rights.can_change_info)
    }

    pub(super) fn get_member(&mut self) -> Outcome {
        let chat = self.chat_to_read()?;
        let user = self.known_user()?;
        Ok(Done::from(self.member_json(chat, user)))
    }

    pub(super) fn get_administrators(&mut self) -> Outcome {
        let chat = self.chat_to_read()?;
        if chat.is_private() {
            return Err(ApiError::bad("there are no administrators in the private chat"));
        }
        let place = self.place(chat)?;
        let bots_too = self.params.flag("return_bots");
        let is_shown = |id: &i64| {
            let is_bot = self.state.users.get(id).is_some_and(|user| user.is_bot);
            place.status(*id).is_admin() && (!is_bot || *id == self.bot.0 || bots_too)
        };
        let mut admins: Vec<i64> = place.members.keys().filter(|id| is_shown(id)).copied().collect();
        admins.sort_unstable_by_key(|id| (place.status(*id) != Status::Creator, *id));
        let list: Vec<String> = admins.into_iter().map(|id| self.member_json(chat, id)).collect();
        Ok(Done::from(format!("[{}]", list.join(","))))
    }

    pub(super) fn get_member_count(&mut self) -> Outcome {
        let chat = self.chat_to_read()?;
        let place = self.place(chat)?;
        let count = place.members.values().filter(|member| member.status.is_in()).count();
        Ok(Done::from(if chat.is_private() { 2 } else { count }.to_string()))
    }

    pub(super) fn leave_chat(&mut self) -> Outcome {
        let chat = self.chat()?;
        if chat.is_private() {
            return Err(ApiError::bad("chat member status can't be changed in private chats"));
        }
        self.state.set_status(chat, self.bot.0, self.bot.0, Status::Left);
        Ok(Done::yes())
    }

    pub(super) fn member_json(&self, id: ChatId, user: i64) -> String {
        let json = self.state.users.get(&user).map_or("null", |user| &user.json);
        let Some(chat) = self.state.chats.get(&id) else { return "null".to_owned() };
        if let Some(member) = chat.members.get(&user) {
            return member.json(json, chat.kind, chat.may_edit(self.bot.0, member));
        }
        let is_there = matches!(id, ChatId::Private { person, bot } if person.0 == user || bot.0 == user);
        let status = if is_there { Status::Member } else { Status::Left };
        Member::new(status).json(json, chat.kind, false)
    }

    /// The user that `user_id` names, whoever it may be.
    pub(super) fn user_id(&self) -> Result<i64, ApiError> {
        let id = self.params.int("user_id").filter(|id| *id > 0);
        id.ok_or_else(|| ApiError::bad("invalid user_id specified"))
    }

    /// The user that `user_id` names, who may be a member of a chat.
    pub(super) fn known_user(&self) -> Result<i64, ApiError> {
        let id = self.user_id()?;
        if self.state.users.contains_key(&id) { Ok(id) } else { Err(ApiError::bad("member not found")) }
    }

    /// The user that `user_id` names, whom the bot knows.
    pub(super) fn user(&self) -> Result<i64, ApiError> {
        let id = self.user_id()?;
        if self.state.users.contains_key(&id) { Ok(id) } else { Err(ApiError::bad("user not found")) }
    }
}
