//! What people show of themselves, and the end of an account.

use super::chat::ChatKind;
use super::{Refused, World};
use crate::ids::{BotId, ChatId, PersonId};

impl World {
    /// Makes a person's account deleted: it loses name and username, and bots get 403 when they write to it.
    pub fn deactivate(&self, person: PersonId) {
        let mut state = self.lock();
        let Some(user) = state.users.get_mut(&person.0) else { return };
        user.deactivated = true;
        user.first_name = String::new();
        user.last_name = None;
        user.language = None;
        let username = user.username.take();
        user.rebuild();
        if let Some(username) = username {
            state.usernames.remove(&username.to_lowercase());
        }
        state.show_person(person.0);
    }

    /// What a person says of themselves in their profile.
    pub fn set_bio(&self, person: PersonId, bio: Option<&str>) {
        let mut state = self.lock();
        if let Some(user) = state.users.get_mut(&person.0) {
            user.bio = bio.map(str::to_owned);
        }
        state.show_person(person.0);
    }

    /// Puts a channel that a person owns into their profile, or takes it away.
    pub fn set_personal_chat(&self, person: PersonId, channel: Option<ChatId>) -> Result<(), Refused> {
        let mut state = self.lock();
        if let Some(channel) = channel {
            let place = state.group(channel)?;
            if place.kind != ChatKind::Channel || !place.status(person.0).is_admin() {
                return Refused::because(format!("{channel} is no channel of {person}"));
            }
        }
        if let Some(user) = state.users.get_mut(&person.0) {
            user.personal_chat = channel.map(ChatId::number);
        }
        state.show_person(person.0);
        Ok(())
    }

    /// A person lets a bot set their emoji status, or no longer.
    pub fn allow_emoji_status(&self, person: PersonId, bot: BotId, on: bool) {
        let mut state = self.lock();
        if let Some(user) = state.users.get_mut(&person.0) {
            user.emoji_bots.retain(|known| *known != bot.0);
            if on {
                user.emoji_bots.push(bot.0);
            }
        }
    }

    /// A person writes in a group in the name of a channel of theirs from now on, or as themselves.
    pub fn send_as(&self, person: PersonId, group: ChatId, channel: Option<ChatId>) -> Result<(), Refused> {
        let mut state = self.lock();
        if let Some(channel) = channel {
            let place = state.group(channel)?;
            if place.kind != ChatKind::Channel || !place.status(person.0).is_admin() {
                return Refused::because(format!("{channel} is no channel of {person}"));
            }
        }
        let place = state.group(group)?;
        if place.kind != ChatKind::Supergroup || !place.status(person.0).is_in() {
            return Refused::because(format!("{group} is no supergroup that {person} is in"));
        }
        let place = state.chats.get_mut(&group);
        if let Some(member) = place.and_then(|place| place.members.get_mut(&person.0)) {
            member.send_as = channel.map(ChatId::number);
        }
        Ok(())
    }
}
