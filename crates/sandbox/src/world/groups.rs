//! Members come, go, rise and fall.

use super::chat::{Chat, ChatKind};
use super::chat_settings::ChatSettings;
use super::json::quoted;
use super::member::{Member, Status};
use super::message::{Content, Kind, Message};
use super::rights::{Permissions, Rights};
use super::standing::Way;
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
        state.may_put(chat, by, who, status)?;
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
        let place = state.group(chat)?;
        match place.status(person.0) {
            Status::Kicked => Refused::because(format!("{person} is banned from {chat}")),
            status if status.is_in() => Refused::because(format!("{person} is in {chat} already")),
            _ if State::asks_first(place) => {
                state.ask_to_join(chat, person, None);
                Ok(())
            }
            _ => {
                state.change_member(chat, person.0, person.0, &Way::default(), Member::come);
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
        state.change_member(chat, person.0, person.0, &Way::default(), Member::go);
        Ok(())
    }

    /// An administrator bans a person or a bot.
    pub fn kick(&self, by: PersonId, chat: ChatId, who: impl Into<UserId>) -> Result<(), Refused> {
        let mut state = self.lock();
        state.may_restrict(by, chat)?;
        state.set_status(chat, by.0, who.into().0, Status::Kicked);
        Ok(())
    }

    /// An administrator lets who was banned come again.
    pub fn unban(&self, by: PersonId, chat: ChatId, who: impl Into<UserId>) -> Result<(), Refused> {
        let mut state = self.lock();
        state.may_restrict(by, chat)?;
        let who = who.into().0;
        if state.group(chat)?.status(who) == Status::Kicked {
            state.set_status(chat, by.0, who, Status::Left);
        }
        Ok(())
    }

    /// An administrator leaves a member of a supergroup these permissions only, until then (seconds since 1970 UTC;
    /// 0 for ever). With all of them the member is free again.
    pub fn restrict(
        &self,
        by: PersonId,
        chat: ChatId,
        who: impl Into<UserId>,
        permissions: Permissions,
        until: i64,
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        state.may_restrict(by, chat)?;
        let who = who.into().0;
        if state.group(chat)?.status(who).is_admin() {
            return Refused::because(format!("{who} is an administrator of {chat}"));
        }
        state.restrict(chat, by.0, who, permissions, until);
        Ok(())
    }

    /// What every member of a group may do from now on.
    pub fn set_permissions(&self, chat: ChatId, permissions: Permissions) -> Result<(), Refused> {
        self.change_settings(chat, |settings| settings.permissions = permissions)
    }

    /// Members write once in so many seconds; 0 ends slow mode.
    pub fn set_slow_mode(&self, chat: ChatId, seconds: i64) -> Result<(), Refused> {
        self.change_settings(chat, |settings| settings.slow_mode = seconds.max(0))
    }

    /// Who comes to a public group waits for an administrator, or no longer.
    pub fn set_join_by_request(&self, chat: ChatId, on: bool) -> Result<(), Refused> {
        self.change_settings(chat, |settings| settings.join_by_request = on)
    }

    fn change_settings(&self, chat: ChatId, change: impl FnOnce(&mut ChatSettings)) -> Result<(), Refused> {
        let mut state = self.lock();
        state.group(chat)?;
        if let Some(place) = state.chats.get_mut(&chat) {
            change(&mut place.settings);
        }
        state.show_chat(chat);
        Ok(())
    }

    /// An administrator appears as the group from now on, or as themselves.
    pub fn set_anonymous(&self, chat: ChatId, who: PersonId, on: bool) -> Result<(), Refused> {
        let mut state = self.lock();
        if !state.group(chat)?.status(who.0).is_admin() {
            return Refused::because(format!("{who} is no administrator of {chat}"));
        }
        state.change_member(chat, who.0, who.0, &Way::default(), |member| match &mut member.status {
            Status::Administrator(rights) => rights.is_anonymous = on,
            _ => member.anonymous = on,
        });
        Ok(())
    }

    /// The title of an administrator, or the tag of a member; empty takes it away.
    pub fn set_tag(&self, chat: ChatId, who: impl Into<UserId>, tag: &str) -> Result<(), Refused> {
        let mut state = self.lock();
        let who = who.into().0;
        if !state.group(chat)?.status(who).is_in() {
            return Refused::because(format!("{who} is not in {chat}"));
        }
        state.change_member(chat, who, who, &Way::default(), |member| member.tag = tag.into());
        Ok(())
    }

    /// The rights that a bot asks for in a chat of this kind; `None` when it asks for none.
    pub fn rights_asked_for(&self, chat: ChatId, bot: impl Into<UserId>) -> Option<Rights> {
        let mut state = self.lock();
        let kind = state.chats.get(&chat)?.kind;
        *state.bots.get_mut(&BotId(bot.into().0))?.default_rights_mut(kind)
    }

    /// A person gives a group or channel another title.
    pub fn set_title(&self, person: PersonId, chat: ChatId, title: &str) -> Result<(), Refused> {
        let mut state = self.lock();
        let place = state.group(chat)?;
        if !place.allows(person.0, |rights| rights.can_change_info, |may| may.can_change_info) {
            return Refused::because(format!("{person} may not change the title of {chat}"));
        }
        let title = title.trim();
        if title.is_empty() || title.chars().count() > 128 {
            return Refused::because("a title has 1 to 128 letters");
        }
        state.set_title(chat, person.0, title);
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

    /// Whether somebody may give somebody else this status.
    fn may_put(&self, chat: ChatId, by: i64, who: i64, status: Status) -> Result<(), Refused> {
        let place = self.group(chat)?;
        let old = place.status(who);
        if old == Status::Creator && status != Status::Creator {
            return Refused::because("the owner of a chat stays its owner");
        }
        let may_join = self.bots.get(&BotId(who)).is_none_or(|bot| bot.can_join_groups);
        if !may_join && !old.is_in() && status.is_in() && place.kind != ChatKind::Channel {
            return Refused::because("this bot cannot be added to groups");
        }
        let may = if status.is_admin() || old.is_admin() {
            place.status(by).may(|rights| rights.can_promote_members)
        } else if status.is_in() && !old.is_in() {
            place.allows(by, |rights| rights.can_invite_users, |may| may.can_invite_users)
        } else {
            place.status(by).may(|rights| rights.can_restrict_members)
        };
        if may { Ok(()) } else { Refused::because(format!("{by} may not make {who} that in {chat}")) }
    }

    fn may_restrict(&self, by: PersonId, chat: ChatId) -> Result<(), Refused> {
        if self.group(chat)?.status(by.0).may(|rights| rights.can_restrict_members) {
            return Ok(());
        }
        Refused::because(format!("{by} may not ban or restrict members of {chat}"))
    }

    /// Gives a chat another title and says so in it.
    pub fn set_title(&mut self, chat: ChatId, by: i64, title: &str) {
        let Some(place) = self.chats.get_mut(&chat) else { return };
        title.clone_into(&mut place.title);
        place.rebuild(None);
        let content = Content::new(Kind::Service("new_chat_title"), quoted(title));
        let id = self.store(Message::new(chat, by, content));
        self.announce(chat, id, "message");
        self.show_chat(chat);
    }

    /// Leaves somebody these permissions only; all of them make them free.
    pub fn restrict(&mut self, chat: ChatId, by: i64, who: i64, permissions: Permissions, until: i64) {
        self.change_member(chat, by, who, &Way::default(), |member| {
            let is_in = member.status.is_in();
            let is_free = permissions.covers(&Permissions::all());
            let tag = std::mem::take(&mut member.tag);
            member.stand(match (is_in, is_free) {
                (true, true) => Status::Member,
                (true, false) => Status::Restricted,
                (false, _) => Status::Left,
            });
            member.tag = tag;
            if !is_free {
                member.permissions = Some(permissions);
                member.until = until;
            }
        });
    }

    pub fn group(&self, chat: ChatId) -> Result<&Chat, Refused> {
        let place = self.chats.get(&chat).filter(|place| !place.id.is_private());
        let place = place.ok_or_else(|| Refused(format!("there is no group {chat}")))?;
        match place.migrated_to {
            Some(new) => Refused::because(format!("the group has become the supergroup {new}")),
            None => Ok(place),
        }
    }

    fn migrate(&mut self, group: ChatId) -> Result<ChatId, Refused> {
        let old = self.group(group)?;
        if old.kind != ChatKind::Group {
            return Refused::because(format!("{group} is no basic group"));
        }
        let title = old.title.clone();
        let members = old.members.clone();
        let (settings, description) = (old.settings.clone(), old.description.clone());
        let creator = members.iter().find(|(_, member)| member.status == Status::Creator);
        let creator = creator.map_or(0, |(id, _)| *id);
        let number = (-1_002_000_000_000_i64).saturating_sub(self.number("supergroups", 0));
        let new = ChatId::Group(number);
        let mut chat = Chat::new(new, ChatKind::Supergroup, &title);
        chat.settings = settings;
        chat.description = description;
        for (id, member) in members {
            let is_bot = self.users.get(&id).is_some_and(|user| user.is_bot);
            chat.put_member(id, is_bot, member);
        }
        chat.rebuild(None);
        self.chats.insert(new, chat);
        if let Some(photo) = self.photos.of_chats.get(&group).copied() {
            self.photos.of_chats.insert(new, photo);
        }
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
