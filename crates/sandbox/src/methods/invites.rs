//! Invite links and requests to be let in.

use super::{ApiError, Done, Outcome, Request};
use crate::ids::ChatId;
use crate::world::chat::ChatKind;
use crate::world::invites::Invite;
use crate::world::json::quoted;
use crate::world::state::State;

/// A paid membership lasts 30 days (seconds).
const MONTH: i64 = 2_592_000;

/// The methods about invite links and join requests.
pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "exportChatInviteLink" => request.export_invite(),
        "createChatInviteLink" => request.create_invite(),
        "editChatInviteLink" => request.edit_invite(),
        "createChatSubscriptionInviteLink" => request.create_subscription(),
        "editChatSubscriptionInviteLink" => request.edit_subscription(),
        "revokeChatInviteLink" => request.revoke_invite(),
        "approveChatJoinRequest" => request.answer_join_request(true),
        "declineChatJoinRequest" => request.answer_join_request(false),
        _ => return None,
    })
}

impl Request<'_> {
    fn export_invite(&mut self) -> Outcome {
        let chat = self.inviting()?;
        Ok(Done::from(quoted(&self.new_primary(chat))))
    }

    /// Puts a new primary link of the bot's in the place of the old.
    fn new_primary(&mut self, chat: ChatId) -> String {
        let by = self.bot.0;
        if let Some(place) = self.state.chats.get_mut(&chat) {
            let old = place.invites.values_mut().filter(|invite| invite.primary && invite.creator == by);
            old.for_each(|invite| invite.revoked = true);
        }
        self.state.add_invite(chat, Invite { creator: by, primary: true, ..Invite::default() })
    }

    fn create_invite(&mut self) -> Outcome {
        let chat = self.inviting()?;
        let invite = self.given_invite(Invite { creator: self.bot.0, ..Invite::default() })?;
        let link = self.state.add_invite(chat, invite);
        self.invite(chat, &link)
    }

    fn edit_invite(&mut self) -> Outcome {
        let chat = self.inviting()?;
        let old = self.own_invite(chat)?;
        if old.primary {
            return Err(ApiError::bad("CHAT_INVITE_PERMANENT"));
        }
        let invite = self.given_invite(old)?;
        self.keep_invite(chat, invite)
    }

    fn create_subscription(&mut self) -> Outcome {
        let chat = self.inviting()?;
        if self.place(chat)?.kind != ChatKind::Channel {
            return Err(ApiError::bad("CHAT_INVALID"));
        }
        let period = self.params.int("subscription_period").unwrap_or(0);
        let price = self.params.int("subscription_price").unwrap_or(0);
        if period != MONTH {
            return Err(ApiError::bad("SUBSCRIPTION_PERIOD_INVALID"));
        }
        if !(1..=10_000).contains(&price) {
            return Err(ApiError::bad("SUBSCRIPTION_PRICE_INVALID"));
        }
        let invite =
            Invite { creator: self.bot.0, name: self.invite_name(), period, price, ..Invite::default() };
        let link = self.state.add_invite(chat, invite);
        self.invite(chat, &link)
    }

    fn edit_subscription(&mut self) -> Outcome {
        let chat = self.inviting()?;
        let old = self.own_invite(chat)?;
        let invite = Invite { name: self.invite_name(), ..old };
        self.keep_invite(chat, invite)
    }

    fn revoke_invite(&mut self) -> Outcome {
        let chat = self.inviting()?;
        let old = self.own_invite(chat)?;
        let link = old.link.clone();
        if old.primary {
            // There is always a primary link.
            self.new_primary(chat);
        }
        self.keep_invite(chat, Invite { revoked: true, ..old })?;
        self.invite(chat, &link)
    }

    fn answer_join_request(&mut self, approve: bool) -> Outcome {
        let chat = self.chat()?;
        let user = self.known_user()?;
        let text = "not enough rights to manage chat join requests";
        self.needs(chat, text, |rights| rights.can_invite_users)?;
        let place = self.place(chat)?;
        if !place.requests.contains_key(&user) {
            let text = if place.status(user).is_in() {
                "USER_ALREADY_PARTICIPANT"
            } else {
                "HIDE_REQUESTER_MISSING"
            };
            return Err(ApiError::bad(text));
        }
        self.state.answer_request(chat, self.bot.0, user, approve);
        Ok(Done::yes())
    }

    /// A chat whose links the bot may manage.
    fn inviting(&mut self) -> Result<ChatId, ApiError> {
        let chat = self.chat()?;
        if chat.is_private() {
            return Err(ApiError::bad("can't invite members to a private chat"));
        }
        let text = "not enough rights to manage chat invite link";
        self.needs(chat, text, |rights| rights.can_invite_users)?;
        Ok(chat)
    }

    /// A link that the bot made and has not revoked.
    fn own_invite(&self, chat: ChatId) -> Result<Invite, ApiError> {
        let link = self.params.text("invite_link").unwrap_or_default();
        let invite = self.place(chat)?.invites.get(&link).filter(|invite| invite.creator == self.bot.0);
        invite.filter(|invite| !invite.revoked).cloned().ok_or_else(|| ApiError::bad("INVITE_HASH_EXPIRED"))
    }

    fn given_invite(&self, old: Invite) -> Result<Invite, ApiError> {
        let expires = self.params.int("expire_date").unwrap_or(0).max(0);
        let limit = self.params.int("member_limit").unwrap_or(0).clamp(0, 99_999);
        let by_request = self.params.flag("creates_join_request");
        if by_request && limit > 0 {
            let text = "member limit can't be specified for links requiring administrator approval";
            return Err(ApiError::bad(text));
        }
        if expires > 0 && expires <= self.state.clock.seconds() {
            return Err(ApiError::bad("EXPIRE_DATE_INVALID"));
        }
        Ok(Invite { name: self.invite_name(), expires, limit, by_request, ..old })
    }

    fn invite_name(&self) -> String {
        // Telegram cuts it; it does not refuse it.
        self.params.text("name").unwrap_or_default().trim().chars().take(32).collect()
    }

    fn keep_invite(&mut self, chat: ChatId, invite: Invite) -> Outcome {
        let link = invite.link.clone();
        if let Some(place) = self.state.chats.get_mut(&chat) {
            place.invites.insert(link.clone(), invite);
        }
        self.invite(chat, &link)
    }

    fn invite(&self, chat: ChatId, link: &str) -> Outcome {
        let place = self.place(chat)?;
        let invite = place.invites.get(link).ok_or_else(|| ApiError::bad("INVITE_HASH_EXPIRED"))?;
        let state: &State = self.state;
        Ok(Done::from(state.invite_json(place, invite, self.bot.0)))
    }
}
