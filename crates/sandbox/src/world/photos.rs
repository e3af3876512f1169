//! Photos of people, bots and chats.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::files::{File, Size};
use super::message::{Content, Kind, Message};
use super::state::State;
use super::{Refused, World};
use crate::ids::{ChatId, PersonId};
use crate::picture::{self, PROFILE_BOXES, Unfit};

/// Who and what has which photo, by number of the file.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Photos {
    /// Profile photos of people and bots, newest first.
    pub of_users: BTreeMap<i64, Vec<u32>>,
    pub of_chats: BTreeMap<ChatId, u32>,
}

impl World {
    /// A person sets a profile photo; `None` takes the newest away.
    pub fn set_profile_photo(&self, person: PersonId, photo: Option<Bytes>) -> Result<(), Refused> {
        let mut state = self.lock();
        if !state.users.contains_key(&person.0) {
            return Refused::because(format!("there is no person {person}"));
        }
        match photo {
            Some(bytes) => {
                let number =
                    state.add_profile_photo(&bytes).map_err(|unfit| Refused(unfit.text().to_owned()))?;
                state.photos.of_users.entry(person.0).or_default().insert(0, number);
            }
            None => drop(state.photos.take_newest(person.0)),
        }
        Ok(())
    }

    /// A person changes a group's photo, or takes it away with `None`; bots are told.
    pub fn set_chat_photo(
        &self,
        person: PersonId,
        chat: ChatId,
        photo: Option<Bytes>,
    ) -> Result<(), Refused> {
        let mut state = self.lock();
        let place = state.chats.get(&chat).filter(|place| place.status(person.0).is_in());
        if !place.is_some_and(|place| place.status(person.0).may(|rights| rights.can_change_info)) {
            return Refused::because(format!("{person} may not change the photo of {chat}"));
        }
        let number = photo.map(|bytes| state.add_profile_photo(&bytes)).transpose();
        let number = number.map_err(|unfit| Refused(unfit.text().to_owned()))?;
        state.change_chat_photo(chat, person.0, number);
        Ok(())
    }
}

impl Photos {
    /// Takes a user's newest photo away.
    pub fn take_newest(&mut self, user: i64) -> Option<u32> {
        let photos = self.of_users.get_mut(&user).filter(|photos| !photos.is_empty())?;
        Some(photos.remove(0))
    }
}

impl State {
    /// Puts a profile or chat photo into the store.
    pub fn add_profile_photo(&mut self, bytes: &Bytes) -> Result<u32, Unfit> {
        let sizes = Size::all(&PROFILE_BOXES, picture::profile(bytes)?);
        let largest = sizes.last().cloned().ok_or(Unfit::Process)?;
        Ok(self.files.add(File {
            kind: Kind::Photo,
            bytes: largest.bytes,
            name: "photo.jpg".to_owned(),
            mime: "image/jpeg".to_owned(),
            width: largest.width,
            height: largest.height,
            duration: 0,
            extra: String::new(),
            sizes,
            qualities: Vec::new(),
            unique: None,
        }))
    }

    /// Sets or removes a chat's photo, with the service message. There is something to remove.
    pub fn change_chat_photo(&mut self, chat: ChatId, by: i64, number: Option<u32>) {
        let content = if let Some(number) = number {
            self.photos.of_chats.insert(chat, number);
            let mut content = Content::new(Kind::Service("new_chat_photo"), self.photo_array(number));
            content.file = Some(number);
            content
        } else {
            self.photos.of_chats.remove(&chat);
            Content::new(Kind::Service("delete_chat_photo"), "true")
        };
        let id = self.store(Message::new(chat, by, content));
        self.announce(chat, id, "message");
        self.show_chat(chat);
    }
}
