//! Members come, go, rise and fall.

use super::chat::{Chat, ChatKind};
use super::json::Object;
use super::member::{Rights, Status, chat_member};
use super::message::{Content, Kind, Message};
use super::state::State;
use super::{Refused, World};
use crate::ids::{BotId, ChatId, PersonId, UserId};

impl World {
    /// The group's creator adds somebody with this status (or changes the status of who is there).
    pub fn add_member(&self, chat: ChatId, who: impl Into<UserId>, status: Status) -> Result<(), Refused> {
        self.add_member_by(None, chat, who, status)
    }

    /// As [`add_member`](Self::add_member), by another person.
    pub fn add_member_by(
        &self,
        by: Option<PersonId>,
        chat: ChatId,
        who: impl Into<UserId>,
        status: Status,
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        let who = who.into().0;
        let by = state.by(by, chat)?;
        if !state.users.contains_key(&who) {
            return Refused::because(format!("there is no user {who}"));
        }
        state.may_stand_in(chat, who, status)?;
        state.set_status(chat, by, who, status);
        Ok(())
    }

    /// The group's creator makes a member an administrator with these rights.
    pub fn promote(&self, chat: ChatId, who: impl Into<UserId>, rights: Rights) -> Result<(), Refused> {
        self.add_member(chat, who, Status::Administrator(rights))
    }

    /// The group's creator makes an administrator a plain member again.
    pub fn demote(&self, chat: ChatId, who: impl Into<UserId>) -> Result<(), Refused> {
        self.add_member(chat, who, Status::Member)
    }

    /// A person comes in by themselves.
    pub fn join(&self, person: PersonId, chat: ChatId) -> Result<(), Refused> {
        let mut state = self.lock();
        match state.group(chat)?.status(person.0) {
            Status::Kicked => Refused::because(format!("{person} is banned from {chat}")),
            status if status.is_in() => Refused::because(format!("{person} is in {chat} already")),
            _ => {
                state.set_status(chat, person.0, person.0, Status::Member);
                Ok(())
            }
        }
    }

    /// A person goes.
    pub fn leave(&self, person: PersonId, chat: ChatId) -> Result<(), Refused> {
        let mut state = self.lock();
        if !state.group(chat)?.status(person.0).is_in() {
            return Refused::because(format!("{person} is not in {chat}"));
        }
        state.set_status(chat, person.0, person.0, Status::Left);
        Ok(())
    }

    /// An administrator bans a person or a bot.
    pub fn kick(&self, by: PersonId, chat: ChatId, who: impl Into<UserId>) -> Result<(), Refused> {
        let mut state = self.lock();
        if !state.group(chat)?.status(by.0).may(|rights| rights.can_restrict_members) {
            return Refused::because(format!("{by} may not ban members of {chat}"));
        }
        state.set_status(chat, by.0, who.into().0, Status::Kicked);
        Ok(())
    }

    /// How somebody stands in a group.
    pub fn status(&self, chat: ChatId, who: impl Into<UserId>) -> Status {
        self.lock().chats.get(&chat).map_or(Status::Left, |chat| chat.status(who.into().0))
    }

    /// A basic group becomes a supergroup: a new chat without the old messages. Returns its id.
    pub fn migrate(&self, group: ChatId) -> Result<ChatId, Refused> {
        self.lock().migrate(group)
    }
}

impl State {
    fn by(&self, by: Option<PersonId>, chat: ChatId) -> Result<i64, Refused> {
        let chat = self.group(chat)?;
        let creator = || chat.members.iter().find(|(_, member)| member.status == Status::Creator);
        match by {
            Some(person) => Ok(person.0),
            None => {
                creator().map(|(id, _)| *id).ok_or_else(|| Refused(format!("{} has no creator", chat.id)))
            }
        }
    }

    pub fn group(&self, chat: ChatId) -> Result<&Chat, Refused> {
        let place = self.chats.get(&chat).filter(|place| !place.id.is_private());
        let place = place.ok_or_else(|| Refused(format!("there is no group {chat}")))?;
        match place.migrated_to {
            Some(new) => Refused::because(format!("the group has become the supergroup {new}")),
            None => Ok(place),
        }
    }

    /// Changes how somebody stands in a group and tells whom it concerns.
    pub fn set_status(&mut self, chat: ChatId, by: i64, who: i64, status: Status) {
        let is_bot = self.users.get(&who).is_some_and(|user| user.is_bot);
        let privacy = self.bots.get(&BotId(who)).is_none_or(|bot| bot.privacy);
        let Some(place) = self.chats.get_mut(&chat) else { return };
        let old = place.status(who);
        if old == status {
            return;
        }
        let hears_all = match place.members.get(&who) {
            Some(member) if old.is_in() => member.hears_all,
            _ => !privacy,
        };
        place.set_status(who, is_bot, hears_all, status);
        let is_channel = place.kind == ChatKind::Channel;
        self.tell_status(chat, by, who, old, status);
        let user = self.users.get(&who).map(|user| user.json.clone()).unwrap_or_default();
        let service = match (old.is_in(), status.is_in()) {
            (false, true) => Some(Content::new(Kind::Service("new_chat_members"), format!("[{user}]"))),
            (true, false) => Some(Content::new(Kind::Service("left_chat_member"), user)),
            _ => None,
        };
        // Channels do not tell who comes and goes.
        if let Some(content) = service.filter(|_| !is_channel) {
            let id = self.store(Message::new(chat, by, content));
            self.announce(chat, id, "message");
        }
        self.show_chat(chat);
    }

    /// Sends `my_chat_member` to the bot that it is about, and `chat_member` to administrators that asked.
    pub fn tell_status(&mut self, chat: ChatId, by: i64, who: i64, old: Status, new: Status) {
        let Some(place) = self.chats.get(&chat) else { return };
        let (Some(author), Some(user)) = (self.users.get(&by), self.users.get(&who)) else { return };
        let mut object = Object::with_capacity(1_024);
        object
            .raw("chat", &place.json)
            .raw("from", &author.json)
            .plain("date", self.clock.seconds())
            .raw("old_chat_member", &chat_member(old, &user.json, place.kind))
            .raw("new_chat_member", &chat_member(new, &user.json, place.kind))
            .newer(self.settings.newer);
        let json = object.end();
        let is_admin = |bot: &&i64| **bot != who && place.status(**bot).is_admin();
        let admins: Vec<i64> = place.bots.iter().filter(is_admin).copied().collect();
        if self.bots.contains_key(&BotId(who)) {
            self.push(BotId(who), "my_chat_member", Some(chat), &json);
        }
        for bot in admins {
            self.push(BotId(bot), "chat_member", Some(chat), &json);
        }
    }

    fn migrate(&mut self, group: ChatId) -> Result<ChatId, Refused> {
        let old = self.group(group)?;
        if old.kind != ChatKind::Group {
            return Refused::because(format!("{group} is no basic group"));
        }
        let title = old.title.clone();
        let members: Vec<_> =
            old.members.iter().map(|(id, member)| (*id, member.status, member.hears_all)).collect();
        let creator =
            members.iter().find(|(_, status, _)| *status == Status::Creator).map_or(0, |(id, ..)| *id);
        let number = -1_002_000_000_000 - self.number("supergroups", 0);
        let new = ChatId::Group(number);
        let mut chat = Chat::new(new, ChatKind::Supergroup, &title);
        for (id, status, hears_all) in members {
            let is_bot = self.users.get(&id).is_some_and(|user| user.is_bot);
            chat.set_status(id, is_bot, hears_all, status);
        }
        chat.rebuild(None);
        self.chats.insert(new, chat);
        let to = Content::new(Kind::Service("migrate_to_chat_id"), number.to_string());
        let id = self.store(Message::new(group, creator, to));
        self.announce(group, id, "message");
        let from = Content::new(Kind::Service("migrate_from_chat_id"), group.number().to_string());
        let id = self.store(Message::new(new, creator, from));
        self.announce(new, id, "message");
        if let Some(old) = self.chats.get_mut(&group) {
            old.migrated_to = Some(number);
        }
        self.show_chat(group);
        self.show_chat(new);
        Ok(new)
    }
}
