//! Invite links, and people who ask to be let in.

use rand::RngExt as _;
use serde::{Deserialize, Serialize};

use super::chat::{Chat, ChatKind};
use super::json::Object;
use super::member::Status;
use super::standing::Way;
use super::state::State;
use super::{Refused, World};
use crate::ids::{BotId, ChatId, PersonId};

/// A bot may write so long to who asks to be let in (seconds).
const OPEN_FOR: i64 = 5 * 60;

/// An invite link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Invite {
    pub link: String,
    pub creator: i64,
    /// Empty for none.
    pub name: String,
    /// Seconds since 1970 UTC; 0 for never.
    pub expires: i64,
    /// How many may be in the chat by it at once; 0 for any number.
    pub limit: i64,
    /// Who uses it waits for an administrator.
    pub by_request: bool,
    pub primary: bool,
    pub revoked: bool,
    /// A paid membership lasts so long (seconds); 0 for a free link.
    pub period: i64,
    /// Stars for each period.
    pub price: i64,
    /// How many came by it.
    pub joined: i64,
}

/// Somebody who waits to be let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct JoinRequest {
    /// By which link; a public chat needs none.
    pub link: Option<String>,
    /// Seconds since 1970 UTC.
    pub date: i64,
}

/// How an attempt to join went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// They are in this chat.
    In(ChatId),
    /// They wait for an administrator of this chat.
    Waiting(ChatId),
}

impl World {
    /// A person follows an invite link.
    pub fn join_by_link(&self, person: PersonId, link: &str) -> Result<Joined, Refused> {
        let mut state = self.lock();
        let now = state.clock.seconds();
        let invalid = || Refused("this invite link is wrong, was revoked or has expired".to_owned());
        let chat = *state.links.get(link).ok_or_else(invalid)?;
        let place = state.group(chat)?;
        let invite = place.invites.get(link).ok_or_else(invalid)?;
        let is_full = invite.limit > 0 && invite.joined >= invite.limit;
        if invite.revoked || (invite.expires > 0 && invite.expires <= now) || is_full {
            return Err(invalid());
        }
        let (by_request, period) = (invite.by_request, invite.period);
        may_come(place, person)?;
        if by_request {
            state.ask_to_join(chat, person, Some(link));
            return Ok(Joined::Waiting(chat));
        }
        if let Some(invite) = state.chats.get_mut(&chat).and_then(|chat| chat.invites.get_mut(link)) {
            invite.joined = invite.joined.saturating_add(1);
        }
        let way = Way { link: Some(link.to_owned()), by_request: false };
        state.change_member(chat, person.0, person.0, &way, |member| {
            member.come();
            if period > 0 {
                member.until = now.saturating_add(period);
            }
        });
        Ok(Joined::In(chat))
    }

    /// A person asks to be let into a public chat that asks for it, or comes in.
    pub fn request_join(&self, person: PersonId, chat: ChatId) -> Result<Joined, Refused> {
        let mut state = self.lock();
        let place = state.group(chat)?;
        may_come(place, person)?;
        state.ask_to_join(chat, person, None);
        Ok(Joined::Waiting(chat))
    }

    /// An administrator makes an invite link.
    pub fn create_invite(&self, by: PersonId, chat: ChatId, by_request: bool) -> Result<String, Refused> {
        let mut state = self.lock();
        let place = state.group(chat)?;
        if !place.status(by.0).may(|rights| rights.can_invite_users) {
            return Refused::because(format!("{by} may not make invite links of {chat}"));
        }
        let invite = Invite { creator: by.0, by_request, ..Invite::default() };
        Ok(state.add_invite(chat, invite))
    }

    /// An administrator lets somebody in who asked, or does not.
    pub fn answer_join_request(
        &self,
        by: PersonId,
        chat: ChatId,
        person: PersonId,
        approve: bool,
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        let place = state.group(chat)?;
        if !place.status(by.0).may(|rights| rights.can_invite_users) {
            return Refused::because(format!("{by} may not let people into {chat}"));
        }
        if !place.requests.contains_key(&person.0) {
            return Refused::because(format!("{person} has not asked to be let into {chat}"));
        }
        state.answer_request(chat, by.0, person.0, approve);
        Ok(())
    }
}

fn may_come(place: &Chat, person: PersonId) -> Result<(), Refused> {
    match place.status(person.0) {
        Status::Kicked => Refused::because(format!("{person} is banned from {}", place.id)),
        status if status.is_in() => Refused::because(format!("{person} is in {} already", place.id)),
        _ => Ok(()),
    }
}

impl State {
    /// Keeps a new link under a made-up address, which it returns.
    pub fn add_invite(&mut self, chat: ChatId, mut invite: Invite) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let (rng, links) = (&mut self.rng, &self.links);
        let link = loop {
            let letters = (0..16).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]));
            let link = format!("https://t.me/+{}", letters.collect::<String>());
            if !links.contains_key(&link) {
                break link;
            }
        };
        invite.link.clone_from(&link);
        self.links.insert(link.clone(), chat);
        if let Some(place) = self.chats.get_mut(&chat) {
            place.invites.insert(link.clone(), invite);
        }
        link
    }

    /// The primary link that this administrator has there.
    pub fn primary_invite(place: &Chat, by: i64) -> Option<&Invite> {
        place.invites.values().find(|invite| invite.primary && !invite.revoked && invite.creator == by)
    }

    /// A `ChatInviteLink` object as `viewer` sees it: others' links are cut.
    pub fn invite_json(&self, place: &Chat, invite: &Invite, viewer: i64) -> String {
        let mut object = Object::with_capacity(512);
        if invite.creator == viewer {
            object.text("invite_link", &invite.link);
        } else {
            object.text("invite_link", &format!("{}...", &invite.link[..invite.link.len().min(22)]));
        }
        if let Some(creator) = self.users.get(&invite.creator) {
            object.raw("creator", &creator.json);
        }
        if !invite.name.is_empty() {
            object.text("name", &invite.name);
        }
        let waiting =
            place.requests.values().filter(|request| request.link.as_ref() == Some(&invite.link)).count();
        let numbers = [
            ("expire_date", invite.expires),
            ("member_limit", invite.limit),
            ("pending_join_request_count", i64::try_from(waiting).unwrap_or_default()),
            ("subscription_period", invite.period),
            ("subscription_price", invite.price),
        ];
        for (name, number) in numbers.into_iter().filter(|(_, number)| *number > 0) {
            object.plain(name, number);
        }
        object
            .plain("creates_join_request", invite.by_request)
            .plain("is_primary", invite.primary)
            .plain("is_revoked", invite.revoked);
        object.end()
    }

    pub fn ask_to_join(&mut self, chat: ChatId, person: PersonId, link: Option<&str>) {
        let date = self.clock.seconds();
        let Some(place) = self.chats.get_mut(&chat) else { return };
        if place.requests.insert(person.0, JoinRequest { link: link.map(str::to_owned), date }).is_some() {
            return;
        }
        let may = |bot: &&i64| place.status(**bot).may(|rights| rights.can_invite_users);
        let bots: Vec<i64> = place.bots.iter().filter(may).copied().collect();
        for bot in bots {
            let private = self.private_chat(person, BotId(bot));
            if let Some(private) = self.chats.get_mut(&private) {
                private.open_until = date.saturating_add(OPEN_FOR);
            }
            let (Some(place), Some(user)) = (self.chats.get(&chat), self.users.get(&person.0)) else {
                return;
            };
            let mut object = Object::with_capacity(512);
            object
                .raw("chat", &place.json)
                .raw("from", &user.json)
                .plain("user_chat_id", person)
                .plain("date", date);
            if let Some(bio) = &user.bio {
                object.text("bio", bio);
            }
            if let Some(invite) = link.and_then(|link| place.invites.get(link)) {
                object.raw("invite_link", &self.invite_json(place, invite, bot));
            }
            object.newer(self.settings.newer);
            self.push(BotId(bot), "chat_join_request", Some(chat), &object.end());
        }
        self.show_chat(chat);
    }

    /// Lets somebody in who asked, or does not.
    pub fn answer_request(&mut self, chat: ChatId, by: i64, who: i64, approve: bool) {
        let Some(place) = self.chats.get_mut(&chat) else { return };
        let Some(request) = place.requests.remove(&who) else { return };
        let bots = place.bots.clone();
        for bot in bots {
            if let Some(private) = self.chats.get_mut(&ChatId::private(PersonId(who), BotId(bot))) {
                private.open_until = 0;
            }
        }
        if approve {
            let way = Way { link: request.link, by_request: true };
            self.change_member(chat, by, who, &way, super::member::Member::come);
        }
        self.show_chat(chat);
    }

    /// Whether people come into this chat by themselves only when somebody lets them in.
    pub fn asks_first(place: &Chat) -> bool {
        place.kind == ChatKind::Supergroup && place.settings.join_by_request
    }
}
