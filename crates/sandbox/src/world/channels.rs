//! Channels: what is said there, the channel says.

use super::chat::{Chat, ChatKind};
use super::member::Status;
use super::message::{Content, Kind, Message, Sender};
use super::state::State;
use super::user::User;
use super::{Refused, World};
use crate::ids::{ChatId, MessageId, PersonId};

impl World {
    /// A channel; with a username it is public.
    pub fn add_channel(
        &self,
        title: &str,
        username: Option<&str>,
        creator: PersonId,
    ) -> Result<ChatId, Refused> {
        let mut state = self.lock();
        let free = username.is_none_or(|name| !state.usernames.contains_key(&name.to_lowercase()));
        if !free {
            return Refused::because("this username is taken");
        }
        let channel = state.create_group(title, creator, ChatKind::Channel, false);
        if username.is_some() {
            state.set_username(channel, username);
        }
        Ok(channel)
    }

    /// Gives a supergroup or channel a public username, or takes it away.
    pub fn set_username(&self, chat: ChatId, username: Option<&str>) -> Result<(), Refused> {
        let mut state = self.lock();
        if !matches!(state.group(chat)?.kind, ChatKind::Supergroup | ChatKind::Channel) {
            return Refused::because("only supergroups and channels can be public");
        }
        let owner = username.and_then(|name| state.usernames.get(&name.to_lowercase()));
        if owner.is_some_and(|owner| *owner != chat.number()) {
            return Refused::because("this username is taken");
        }
        state.set_username(chat, username);
        Ok(())
    }

    /// Posts of a channel show who wrote them from now on, or no longer.
    pub fn set_signatures(&self, channel: ChatId, on: bool) -> Result<(), Refused> {
        let mut state = self.lock();
        state.channel(channel)?.settings.signatures = on;
        state.show_chat(channel);
        Ok(())
    }

    /// Makes a supergroup the discussion group of a channel, or with `None` takes it away.
    pub fn set_discussion(&self, channel: ChatId, group: Option<ChatId>) -> Result<(), Refused> {
        let mut state = self.lock();
        if let Some(group) = group
            && state.group(group)?.kind != ChatKind::Supergroup
        {
            return Refused::because(format!("{group} is no supergroup"));
        }
        let old = state.channel(channel)?.settings.linked.map(ChatId::Group);
        state.channel(channel)?.settings.linked = group.map(ChatId::number);
        for (chat, link) in [(old, None), (group, Some(channel.number()))] {
            let Some(chat) = chat else { continue };
            if let Some(place) = state.chats.get_mut(&chat) {
                place.settings.linked = link;
            }
            state.show_chat(chat);
        }
        state.show_chat(channel);
        Ok(())
    }
}

impl State {
    fn channel(&mut self, id: ChatId) -> Result<&mut Chat, Refused> {
        let found = self.chats.get_mut(&id).filter(|chat| chat.kind == ChatKind::Channel);
        found.ok_or_else(|| Refused(format!("there is no channel {id}")))
    }

    pub fn set_username(&mut self, id: ChatId, username: Option<&str>) {
        let Some(chat) = self.chats.get_mut(&id) else { return };
        if let Some(old) = chat.username.take() {
            self.usernames.remove(&old.to_lowercase());
        }
        chat.username = username.map(str::to_owned);
        chat.rebuild(None);
        if let Some(name) = username {
            self.usernames.insert(name.to_lowercase(), id.number());
        }
        self.show_chat(id);
    }

    /// Bots are in a channel as administrators, or not at all.
    pub fn may_stand_in(&self, chat: ChatId, who: i64, status: Status) -> Result<(), Refused> {
        let is_bot = self.users.get(&who).is_some_and(|user| user.is_bot);
        let is_channel = self.group(chat)?.kind == ChatKind::Channel;
        if is_channel && is_bot && status.is_in() && !status.is_admin() {
            return Refused::because("a bot can be in a channel as an administrator only");
        }
        Ok(())
    }

    /// In the name of which chat a user writes there, if not in their own.
    pub fn sender_in(&self, chat: &Chat, user: i64) -> Option<Box<Sender>> {
        let signature = match chat.kind {
            ChatKind::Channel if chat.settings.signatures => {
                self.users.get(&user).map(User::name).unwrap_or_default()
            }
            ChatKind::Channel => String::new(),
            _ => {
                let member = chat.members.get(&user)?;
                if let Some(channel) = member.send_as {
                    return Some(Box::new(Sender { chat: channel, signature: "".into(), automatic: false }));
                }
                if !member.is_anonymous() {
                    return None;
                }
                member.tag.to_string()
            }
        };
        Some(Box::new(Sender { chat: chat.id.number(), signature: signature.into(), automatic: false }))
    }

    /// Puts a channel's new post into its discussion group as well, pinned there.
    pub fn discuss(&mut self, channel: ChatId, id: MessageId) {
        let Some(place) = self.chats.get(&channel) else { return };
        let Some(group) = place.settings.linked.filter(|_| place.kind == ChatKind::Channel) else { return };
        let Some(post) = place.messages.get(&id).filter(|post| !post.content.kind.is_service()) else {
            return;
        };
        let group = ChatId::Group(group);
        let mut message = Message::new(group, post.from, post.content.clone());
        message.media_group = post.media_group;
        message.origin = self.origin(post).into();
        let signature = post.sender.as_ref().map(|sender| sender.signature.clone()).unwrap_or_default();
        message.sender = Some(Box::new(Sender { chat: channel.number(), signature, automatic: true }));
        let id = self.store(message);
        self.announce(group, id, "message");
        if let Some(place) = self.chats.get_mut(&group) {
            // It is pinned without a service message.
            if let Some(message) = place.messages.get_mut(&id) {
                message.pinned = true;
                place.pinned.push(id);
            }
        }
    }

    /// The service message that a chat of this kind begins with.
    pub fn creation(kind: ChatKind) -> Content {
        let field = match kind {
            ChatKind::Supergroup => "supergroup_chat_created",
            ChatKind::Channel => "channel_chat_created",
            _ => "group_chat_created",
        };
        Content::new(Kind::Service(field), "true")
    }
}
