//! Photos of chats, of the bot itself, and of people.

use serde_json::Value;

use super::{ApiError, Done, Outcome, Request};
use crate::ids::ChatId;

/// The methods about chat and profile photos.
pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "setChatPhoto" => request.set_chat_photo(),
        "deleteChatPhoto" => request.delete_chat_photo(),
        "setMyProfilePhoto" => request.set_my_photo(),
        "removeMyProfilePhoto" => Ok(request.remove_my_photo()),
        "getUserProfilePhotos" => request.user_photos(),
        "getUserProfileAudios" => request.user_audios(),
        _ => return None,
    })
}

impl Request<'_> {
    fn set_chat_photo(&mut self) -> Outcome {
        let given = self.params.text("photo").unwrap_or_default();
        let Some(upload) = self.upload(&given, "photo").cloned() else {
            let text = if given.is_empty() {
                "there is no photo in the request"
            } else {
                "photo must be uploaded as an InputFile"
            };
            return Err(ApiError::bad(text));
        };
        let chat = self.photo_chat()?;
        let number = self.photo_file(&upload.bytes)?;
        self.state.change_chat_photo(chat, self.bot.0, Some(number));
        Ok(Done::yes())
    }

    fn delete_chat_photo(&mut self) -> Outcome {
        let chat = self.photo_chat()?;
        if !self.state.photos.of_chats.contains_key(&chat) {
            return Err(ApiError::bad("CHAT_NOT_MODIFIED"));
        }
        self.state.change_chat_photo(chat, self.bot.0, None);
        Ok(Done::yes())
    }

    /// The chat whose photo the bot may change.
    fn photo_chat(&mut self) -> Result<ChatId, ApiError> {
        let chat = self.chat()?;
        if chat.is_private() {
            return Err(ApiError::bad("can't change private chat photo"));
        }
        self.needs(chat, "not enough rights to change chat photo", |rights| rights.can_change_info)?;
        Ok(chat)
    }

    /// The `ChatPhoto` of a chat, of the person's in a private chat.
    pub(super) fn chat_photo(&self, chat: ChatId) -> Option<String> {
        let photos = &self.state.photos;
        let number = match chat {
            ChatId::Private { person, .. } => photos.of_users.get(&person.0)?.first(),
            ChatId::Group(_) => photos.of_chats.get(&chat),
        };
        self.state.chat_photo(*number?)
    }

    fn photo_file(&mut self, bytes: &bytes::Bytes) -> Result<u32, ApiError> {
        if bytes.is_empty() {
            return Err(ApiError::bad("file must be non-empty"));
        }
        self.state.add_profile_photo(bytes).map_err(|unfit| ApiError::bad(unfit.text()))
    }

    fn set_my_photo(&mut self) -> Outcome {
        let photo = self.object("photo").ok_or_else(|| ApiError::bad("photo isn't specified"))?;
        let photo = photo.map_err(|()| ApiError::bad("can't parse photo JSON object"))?;
        let Value::Object(photo) = photo else {
            return Err(ApiError::bad("object expected as profile photo"));
        };
        let field = match photo.get("type").and_then(Value::as_str) {
            Some("static") => "photo",
            Some("animated") => "animation",
            Some(_) => return Err(ApiError::bad("invalid profile photo type specified")),
            None => return Err(ApiError::bad("can't find field \"type\"")),
        };
        let given = photo.get(field).and_then(Value::as_str).unwrap_or_default();
        let upload = self.upload(given, "").cloned();
        let upload = upload.ok_or_else(|| ApiError::bad("photo must be uploaded as a file"))?;
        let still = if field == "photo" {
            upload.bytes
        } else {
            // The film's main frame stands for it: there is no decoder of films here.
            crate::picture::blank(640, 640).map(|frame| frame.bytes).unwrap_or_default()
        };
        let number = self.photo_file(&still)?;
        self.state.photos.of_users.entry(self.bot.0).or_default().insert(0, number);
        Ok(Done::yes())
    }

    fn remove_my_photo(&mut self) -> Done {
        // Telegram does not mind when there is none.
        self.state.photos.take_newest(self.bot.0);
        Done::yes()
    }

    /// Music on one's profile is for paying people: nobody here has any.
    fn user_audios(&mut self) -> Outcome {
        self.user()?;
        Ok(Done::from(r#"{"total_count":0,"audios":[]}"#.to_owned()))
    }

    fn user_photos(&mut self) -> Outcome {
        let user = self.user()?;
        let (offset, limit) =
            (self.params.int("offset").unwrap_or(0), self.params.int("limit").unwrap_or(100));
        let offset = usize::try_from(offset.max(0)).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit.clamp(1, 100)).unwrap_or(100);
        let photos = self.state.photos.of_users.get(&user).map(Vec::as_slice).unwrap_or_default();
        let shown = photos.iter().skip(offset).take(limit);
        let shown: Vec<String> = shown.map(|number| self.state.photo_array(*number)).collect();
        Ok(Done::from(format!(r#"{{"total_count":{},"photos":[{}]}}"#, photos.len(), shown.join(","))))
    }
}
