//! Who may be in a chat, and do what there.

use super::{ApiError, Done, Outcome, Request};
use crate::ids::ChatId;
use crate::world::chat::ChatKind;
use crate::world::member::Status;
use crate::world::rights::Rights;
use crate::world::standing::Way;

const RESTRICT: &str = "not enough rights to restrict/unrestrict chat member";
/// A ban or restriction shorter than 30 seconds, or longer than 366 days, holds for ever.
const SHORTEST: i64 = 30;
const LONGEST: i64 = 366 * 86_400;

/// The methods about members and their rights.
pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "banChatMember" => request.ban(),
        "unbanChatMember" => request.unban(),
        "restrictChatMember" => request.restrict(),
        "promoteChatMember" => request.promote(),
        "setChatAdministratorCustomTitle" => request.set_custom_title(),
        "setChatMemberTag" => request.set_member_tag(),
        "setChatPermissions" => request.set_permissions(),
        "banChatSenderChat" => request.ban_sender(true),
        "unbanChatSenderChat" => request.ban_sender(false),
        _ => return None,
    })
}

impl Request<'_> {
    fn ban(&mut self) -> Outcome {
        let chat = self.chat()?;
        if chat.is_private() {
            return Err(ApiError::bad("can't ban members in private chats"));
        }
        let user = self.subject(chat)?;
        let until = self.until();
        self.state.change_member(chat, self.bot.0, user, &Way::default(), |member| {
            member.stand(Status::Kicked);
            member.until = until;
        });
        Ok(Done::yes())
    }

    fn unban(&mut self) -> Outcome {
        let chat = self.chat()?;
        self.is_supergroup_or_channel(chat)?;
        let user = self.known_user()?;
        let status = self.place(chat)?.status(user);
        if self.params.flag("only_if_banned") && status != Status::Kicked {
            return Ok(Done::yes());
        }
        let user = self.subject(chat)?;
        // Who is a member leaves by it, unless asked otherwise.
        self.state.set_status(chat, self.bot.0, user, Status::Left);
        Ok(Done::yes())
    }

    fn restrict(&mut self) -> Outcome {
        let permissions = self.permissions()?;
        let chat = self.chat()?;
        if self.place(chat)?.kind != ChatKind::Supergroup {
            return Err(ApiError::bad("method is available only for supergroups"));
        }
        let user = self.subject(chat)?;
        let until = self.until();
        self.state.restrict(chat, self.bot.0, user, permissions, until);
        Ok(Done::yes())
    }

    fn promote(&mut self) -> Outcome {
        let user = self.user_id()?;
        let chat = self.chat()?;
        self.is_supergroup_or_channel(chat)?;
        let mut rights = Rights::default();
        for name in self.params.map.keys() {
            rights.set(name, self.params.flag(name));
        }
        rights.can_manage_video_chats |= self.params.flag("can_manage_voice_chats");
        let kind = self.place(chat)?.kind;
        let is_promotion = rights != Rights::default();
        if is_promotion && kind == ChatKind::Channel && !self.params.map.contains_key("can_restrict_members")
        {
            rights.can_restrict_members = true;
        }
        let own = self.own_status(chat);
        if user == self.bot.0 {
            if is_promotion {
                return Err(ApiError::bad("can't promote self"));
            }
        } else if !own.may(|rights| rights.can_promote_members) {
            return Err(ApiError::bad("not enough rights"));
        }
        let user = self.known_user()?;
        let place = self.place(chat)?;
        let member = place.members.get(&user);
        match place.status(user) {
            Status::Creator => return Err(ApiError::bad("can't remove chat owner")),
            Status::Administrator(_) => {
                let editable = member.is_some_and(|member| place.may_edit(self.bot.0, member));
                if !editable && user != self.bot.0 {
                    return Err(ApiError::bad("CHAT_ADMIN_REQUIRED"));
                }
            }
            status if !status.is_in() => return Err(ApiError::bad("USER_NOT_PARTICIPANT")),
            _ if !is_promotion => return Ok(Done::yes()),
            _ => {}
        }
        if let Status::Administrator(held) = own
            && !rights.for_kind(kind).within(&held)
        {
            return Err(ApiError::bad("RIGHT_FORBIDDEN"));
        }
        let is_bot = self.state.users.get(&user).is_some_and(|user| user.is_bot);
        let status = match (is_promotion, kind, is_bot) {
            (true, ..) => Status::Administrator(Rights { can_manage_chat: true, ..rights }),
            // A bot is in a channel as an administrator or not at all.
            (false, ChatKind::Channel, true) => Status::Left,
            _ => Status::Member,
        };
        let by = self.bot.0;
        self.state.change_member(chat, by, user, &Way::default(), |member| {
            let tag = std::mem::take(&mut member.tag);
            member.stand(status);
            if is_promotion {
                member.promoted_by = by;
            }
            member.tag = tag;
        });
        Ok(Done::yes())
    }

    fn set_custom_title(&mut self) -> Outcome {
        let chat = self.chat()?;
        self.is_group(chat)?;
        let user = self.known_user()?;
        let place = self.place(chat)?;
        match place.status(user) {
            Status::Creator => return Err(ApiError::bad("only the owner can edit their custom title")),
            Status::Administrator(_) => {}
            _ => return Err(ApiError::bad("user is not an administrator")),
        }
        let editable = place.members.get(&user).is_some_and(|member| place.may_edit(self.bot.0, member));
        if !editable {
            return Err(ApiError::bad("not enough rights to change custom title of the user"));
        }
        let title = self.params.text("custom_title").unwrap_or_default();
        self.set_tag(chat, user, &title, "CUSTOM_TITLE")
    }

    fn set_member_tag(&mut self) -> Outcome {
        let chat = self.chat()?;
        self.is_group(chat)?;
        let user = self.known_user()?;
        self.needs(chat, "CHAT_ADMIN_REQUIRED", |rights| rights.can_manage_tags)?;
        let place = self.place(chat)?;
        match place.status(user) {
            Status::Creator | Status::Administrator(_) => return Err(ApiError::bad("TAG_CHANGE_FORBIDDEN")),
            status if !status.is_in() => return Err(ApiError::bad("USER_NOT_PARTICIPANT")),
            _ => {}
        }
        let tag = self.params.text("tag").unwrap_or_default();
        self.set_tag(chat, user, &tag, "TAG")
    }

    fn set_tag(&mut self, chat: ChatId, user: i64, tag: &str, what: &str) -> Outcome {
        if tag.chars().any(is_emoji) {
            return Err(ApiError::bad(&format!("{what}_EMOJI_NOT_ALLOWED")));
        }
        // Telegram cuts it; it does not refuse it.
        let tag: String = tag.trim().chars().take(16).collect();
        let by = self.bot.0;
        self.state.change_member(chat, by, user, &Way::default(), |member| member.tag = tag.into());
        Ok(Done::yes())
    }

    fn set_permissions(&mut self) -> Outcome {
        let permissions = self.permissions()?;
        let chat = self.chat()?;
        match self.place(chat)?.kind {
            ChatKind::Private => return Err(ApiError::bad("can't change private chat permissions")),
            ChatKind::Channel => return Err(ApiError::bad("can't change channel chat permissions")),
            ChatKind::Group | ChatKind::Supergroup => {}
        }
        let text = "not enough rights to change chat permissions";
        self.needs(chat, text, |rights| rights.can_restrict_members)?;
        if let Some(place) = self.state.chats.get_mut(&chat) {
            place.settings.permissions = permissions;
        }
        self.state.show_chat(chat);
        Ok(Done::yes())
    }

    fn ban_sender(&mut self, on: bool) -> Outcome {
        let chat = self.chat()?;
        let sender = super::named_chat(self.state, self.bot, self.params, "sender_chat_id");
        let sender = sender.filter(|sender| self.state.chats.contains_key(sender));
        let sender = sender.ok_or_else(|| ApiError::bad("chat not found"))?;
        if !matches!(self.place(chat)?.kind, ChatKind::Supergroup | ChatKind::Channel) {
            return Err(ApiError::bad("can't ban chats in basic groups"));
        }
        self.needs(chat, RESTRICT, |rights| rights.can_restrict_members)?;
        if sender.is_private() || sender == chat {
            return Err(ApiError::bad("PARTICIPANT_ID_INVALID"));
        }
        if let Some(place) = self.state.chats.get_mut(&chat) {
            place.settings.banned_senders.retain(|banned| *banned != sender.number());
            if on {
                place.settings.banned_senders.push(sender.number());
            }
        }
        self.state.show_chat(chat);
        Ok(Done::yes())
    }

    /// The user whom a ban or restriction is about.
    fn subject(&self, chat: ChatId) -> Result<i64, ApiError> {
        let user = self.user_id()?;
        if user == self.bot.0 {
            return Err(ApiError::bad("can't restrict self"));
        }
        self.needs(chat, RESTRICT, |rights| rights.can_restrict_members)?;
        let user = self.known_user()?;
        let place = self.place(chat)?;
        match place.status(user) {
            Status::Creator => Err(ApiError::bad("can't remove chat owner")),
            Status::Administrator(_) => {
                // Who made them an administrator may take everything at once.
                let member = place.members.get(&user);
                if member.is_some_and(|member| place.may_edit(self.bot.0, member)) {
                    return Ok(user);
                }
                Err(ApiError::bad("user is an administrator of the chat"))
            }
            _ => Ok(user),
        }
    }

    fn until(&self) -> i64 {
        let until = self.params.int("until_date").unwrap_or(0);
        let lasts = until.saturating_sub(self.state.clock.seconds());
        if (SHORTEST..=LONGEST).contains(&lasts) { until } else { 0 }
    }

    fn is_group(&self, chat: ChatId) -> Result<(), ApiError> {
        match self.place(chat)?.kind {
            ChatKind::Group | ChatKind::Supergroup => Ok(()),
            _ => Err(ApiError::bad("method is available only for groups and supergroups")),
        }
    }

    fn is_supergroup_or_channel(&self, chat: ChatId) -> Result<(), ApiError> {
        match self.place(chat)?.kind {
            ChatKind::Supergroup | ChatKind::Channel => Ok(()),
            _ => Err(ApiError::bad("method is available for supergroup and channel chats only")),
        }
    }
}

fn is_emoji(letter: char) -> bool {
    matches!(u32::from(letter), 0x2600..=0x27BF | 0x1F000..=0x1FAFF | 0x2B00..=0x2BFF | 0xFE0F | 0x200D)
}
