//! How somebody stands in a chat changes, and whom that is told.

use super::chat::{Chat, ChatKind};
use super::json::Object;
use super::member::{Member, Status};
use super::message::{Content, Kind, Message};
use super::state::State;
use super::timers::Due;
use crate::ids::{BotId, ChatId, MessageId};

/// By which way somebody comes in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Way {
    /// The invite link.
    pub link: Option<String>,
    /// An administrator let them in.
    pub by_request: bool,
}

impl State {
    /// Gives somebody a status, with nothing else of what they had.
    pub fn set_status(&mut self, chat: ChatId, by: i64, who: i64, status: Status) {
        self.change_member(chat, by, who, &Way::default(), |member| {
            if member.status != status {
                member.stand(status);
            }
            if status.is_admin() {
                member.promoted_by = by;
            }
        });
    }

    /// Changes how somebody stands in a group and tells whom it concerns.
    pub fn change_member(
        &mut self,
        chat: ChatId,
        by: i64,
        who: i64,
        way: &Way,
        change: impl FnOnce(&mut Member),
    ) {
        let is_bot = self.users.get(&who).is_some_and(|user| user.is_bot);
        let privacy = self.bots.get(&BotId(who)).is_none_or(|bot| bot.privacy);
        let Some(place) = self.chats.get_mut(&chat) else { return };
        let old = place.members.get(&who).cloned().unwrap_or_else(|| Member::new(Status::Left));
        let mut new = old.clone();
        change(&mut new);
        if let Status::Administrator(rights) = &mut new.status {
            *rights = rights.for_kind(place.kind);
        }
        if !old.status.is_in() {
            new.hears_all = !privacy;
        }
        if old == new {
            return;
        }
        place.put_member(who, is_bot, new.clone());
        let is_channel = place.kind == ChatKind::Channel;
        if old.until > 0 {
            self.expiries.remove(&(old.until, chat, who));
        }
        if new.until > 0 {
            self.expiries.insert((new.until, chat, who));
            self.at_second(new.until, Due::EndStanding);
        }
        self.tell_member(chat, by, who, (&old, &new), way);
        let user = self.users.get(&who).map(|user| user.json.clone()).unwrap_or_default();
        let (author, service) = match (old.status.is_in(), new.status.is_in()) {
            // Who comes by a link comes by themselves, whoever let them in.
            (false, true) if way.by_request => (who, Some(("new_chat_members", format!("[{user}]")))),
            (false, true) => (by, Some(("new_chat_members", format!("[{user}]")))),
            (true, false) => (by, Some(("left_chat_member", user))),
            _ => (by, None),
        };
        // Channels do not tell who comes and goes.
        if let Some((field, body)) = service.filter(|_| !is_channel) {
            let content = Content::new(Kind::Service(field), body);
            let id = self.store(Message::new(chat, author, content));
            self.announce(chat, id, "message");
            // A bot that goes sees itself go; it is no longer among those who hear of the chat.
            if is_bot && !new.status.is_in() {
                self.tell_leaver(chat, id, who);
            }
        }
        self.show_chat(chat);
    }

    fn tell_leaver(&mut self, chat: ChatId, id: MessageId, bot: i64) {
        let Some(place) = self.chats.get(&chat) else { return };
        let Some(message) = place.messages.get(&id) else { return };
        let json = self.message_json(place, message);
        self.push(BotId(bot), "message", Some(chat), &json);
    }

    /// Tells of a private chat that a bot may write to, or no longer.
    pub fn tell_status(&mut self, chat: ChatId, by: i64, who: i64, old: Status, new: Status) {
        self.tell_member(chat, by, who, (&Member::new(old), &Member::new(new)), &Way::default());
    }

    /// Sends `my_chat_member` to the bot that it is about, and `chat_member` to administrators that asked.
    fn tell_member(&mut self, chat: ChatId, by: i64, who: i64, (old, new): (&Member, &Member), way: &Way) {
        let Some(place) = self.chats.get(&chat) else { return };
        let is_admin = |bot: &&i64| **bot != who && place.status(**bot).is_admin();
        let admins: Vec<i64> = place.bots.iter().filter(is_admin).copied().collect();
        let own = self.bots.contains_key(&BotId(who)).then_some((who, "my_chat_member"));
        for (bot, kind) in own.into_iter().chain(admins.into_iter().map(|bot| (bot, "chat_member"))) {
            let Some(place) = self.chats.get(&chat) else { return };
            let (Some(author), Some(user)) = (self.users.get(&by), self.users.get(&who)) else { return };
            let json = |member: &Member| member.json(&user.json, place.kind, place.may_edit(bot, member));
            let mut object = Object::with_capacity(1_024);
            object
                .raw("chat", &place.json)
                .raw("from", &author.json)
                .plain("date", self.clock.seconds())
                .raw("old_chat_member", &json(old))
                .raw("new_chat_member", &json(new));
            let link = way.link.as_ref().and_then(|link| place.invites.get(link));
            if let Some(invite) = link {
                object.raw("invite_link", &self.invite_json(place, invite, bot));
            }
            if way.by_request {
                object.plain("via_join_request", true);
            }
            object.newer(self.settings.newer);
            self.push(BotId(bot), kind, Some(chat), &object.end());
        }
    }

    /// Ends what has ended by now: bans, restrictions, paid memberships. Bots are told of the last only.
    pub fn expire(&mut self) {
        if self.expiries.is_empty() {
            return;
        }
        let now = self.clock.seconds();
        while let Some(&(until, chat, who)) = self.expiries.first() {
            if until > now {
                return;
            }
            self.expiries.pop_first();
            let Some(place) = self.chats.get_mut(&chat) else { continue };
            let Some(member) = place.members.get_mut(&who) else { continue };
            match member.status {
                Status::Kicked => member.stand(Status::Left),
                Status::Restricted => {
                    member.status = Status::Member;
                    member.permissions = None;
                    member.until = 0;
                }
                Status::Left => {
                    member.permissions = None;
                    member.until = 0;
                }
                Status::Member => {
                    self.set_status(chat, who, who, Status::Left);
                    continue;
                }
                Status::Creator | Status::Administrator(_) => member.until = 0,
            }
            self.show_chat(chat);
        }
    }
}

impl Chat {
    /// Whether a bot may change the rights of this administrator.
    pub fn may_edit(&self, bot: i64, member: &Member) -> bool {
        member.promoted_by == bot && self.status(bot).may(|rights| rights.can_promote_members)
    }
}
