//! Titles, descriptions and other settings of a chat, and the rights that a bot asks for.

use serde_json::Value;

use super::{ApiError, Done, Outcome, Request};
use crate::world::chat::ChatKind;
use crate::world::json::Object;
use crate::world::rights::Rights;

/// The methods about a chat's settings.
pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "setChatTitle" => request.set_title(),
        "setChatDescription" => request.set_chat_description(),
        "setChatStickerSet" => request.set_sticker_set(true),
        "deleteChatStickerSet" => request.set_sticker_set(false),
        "setMyDefaultAdministratorRights" => request.set_default_rights(),
        "getMyDefaultAdministratorRights" => Ok(request.get_default_rights()),
        _ => return None,
    })
}

impl Request<'_> {
    fn set_title(&mut self) -> Outcome {
        let chat = self.chat()?;
        let title = self.params.text("title").unwrap_or_default();
        // Telegram cuts it; it does not refuse it.
        let title: String = title.trim().chars().take(128).collect();
        if title.is_empty() {
            return Err(ApiError::bad("title must be non-empty"));
        }
        if chat.is_private() {
            return Err(ApiError::bad("can't change private chat title"));
        }
        self.needs(chat, "not enough rights to change chat title", |rights| rights.can_change_info)?;
        if self.place(chat)?.title == title {
            return Ok(Done::yes());
        }
        self.state.set_title(chat, self.bot.0, &title);
        Ok(Done::yes())
    }

    fn set_chat_description(&mut self) -> Outcome {
        let chat = self.chat()?;
        if chat.is_private() {
            return Err(ApiError::bad("can't change private chat description"));
        }
        self.needs(chat, "not enough rights to set chat description", |rights| rights.can_change_info)?;
        let given = self.params.text("description").unwrap_or_default();
        let given: String = given.trim().chars().take(255).collect();
        let description = (!given.is_empty()).then_some(given);
        if let Some(place) = self.state.chats.get_mut(&chat) {
            if place.description == description {
                return Err(ApiError::bad("chat description is not modified"));
            }
            place.description = description;
        }
        self.state.show_chat(chat);
        Ok(Done::yes())
    }

    fn set_sticker_set(&mut self, given: bool) -> Outcome {
        let chat = self.chat()?;
        if self.place(chat)?.kind != ChatKind::Supergroup {
            return Err(ApiError::bad("method is available only for supergroups"));
        }
        let name = self.params.text("sticker_set_name").filter(|_| given);
        if let Some(name) = &name {
            self.state.know_public_set(name);
        }
        let set = match &name {
            Some(name) => self.state.stickers.set(name).map(|set| set.name.clone()),
            None => None,
        };
        if given && set.is_none() {
            return Err(ApiError::bad("STICKERSET_INVALID"));
        }
        let text = "not enough rights to change supergroup sticker set";
        self.needs(chat, text, |rights| rights.can_change_info)?;
        if !self.may_set_stickers(self.place(chat)?) {
            return Err(ApiError::bad("PARTICIPANTS_TOO_FEW"));
        }
        if let Some(place) = self.state.chats.get_mut(&chat) {
            place.settings.sticker_set = set;
        }
        self.state.show_chat(chat);
        Ok(Done::yes())
    }

    fn set_default_rights(&mut self) -> Outcome {
        let for_channels = self.params.flag("for_channels");
        let given = match self.params.json("rights") {
            None => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::Object(given)) => Some(given),
            Some(_) => return Err(ApiError::bad("can't parse ChatAdministratorRights JSON object")),
        };
        let mut rights = Rights::default();
        for (name, value) in given.into_iter().flatten() {
            let wrong = || {
                let field = format!("Field \"{name}\" must be of type Boolean");
                ApiError::bad(&format!("can't parse ChatAdministratorRights: {field}"))
            };
            rights.set(name, value.as_bool().ok_or_else(wrong)?);
        }
        let kind = if for_channels { ChatKind::Channel } else { ChatKind::Supergroup };
        rights.is_anonymous &= !for_channels;
        if let Some(account) = self.state.bots.get_mut(&self.bot) {
            let rights = (rights != Rights::default()).then(|| rights.for_kind(kind));
            *account.default_rights_mut(kind) = rights;
        }
        Ok(Done::yes())
    }

    fn get_default_rights(&mut self) -> Done {
        let for_channels = self.params.flag("for_channels");
        let kind = if for_channels { ChatKind::Channel } else { ChatKind::Supergroup };
        let account = self.state.bots.get_mut(&self.bot);
        let rights = account.and_then(|account| *account.default_rights_mut(kind)).unwrap_or_default();
        let mut object = Object::with_capacity(512);
        rights.write(&mut object, kind);
        Done::from(object.end())
    }
}
