//! What an `InlineQueryResult` becomes when somebody chooses it.

use serde_json::{Map, Value, json};

use super::super::media::Input;
use super::super::{ApiError, Request};
use super::{required, text_of};
use crate::ids::ChatId;
use crate::world::inline::Ready;
use crate::world::media::{Wish, file_kind};
use crate::world::message::{Content, Kind};
use crate::world::preview::preview_field;

/// Types of results with a file: the field of its address, of its `file_id`, and the kind of media.
const FILES: [(&str, &str, &str, &str); 9] = [
    ("audio", "audio_url", "audio_file_id", "audio"),
    ("document", "document_url", "document_file_id", "document"),
    ("gif", "gif_url", "gif_file_id", "animation"),
    ("mpeg4_gif", "mpeg4_url", "mpeg4_file_id", "animation"),
    ("photo", "photo_url", "photo_file_id", "photo"),
    ("sticker", "", "sticker_file_id", "sticker"),
    ("video", "video_url", "video_file_id", "video"),
    ("voice", "voice_url", "voice_file_id", "voice"),
    ("voice_note", "voice_note_url", "voice_note_file_id", "voice"),
];

impl Request<'_> {
    pub(super) fn ready(&mut self, result: &Value) -> Result<Ready, ApiError> {
        let object = result.as_object().ok_or_else(|| wrong("inline query result must be an object"))?;
        let kind = required(object, "type").map_err(|error| parse(&error))?.to_lowercase();
        let id = required(object, "id").map_err(|error| parse(&error))?.to_owned();
        if id.is_empty() || id.len() > 64 {
            return Err(ApiError::bad("RESULT_ID_INVALID"));
        }
        let own = self.own_content(&kind, object).map_err(|error| parse(&error))?;
        let content = match self.given_content(&kind, object).map_err(|error| parse(&error))? {
            Some(content) => Ok(content),
            None => own.ok_or_else(|| wrong("Input message content is not specified"))?,
        };
        let markup = match object.get("reply_markup").filter(|markup| !markup.is_null()) {
            None => String::new(),
            // Where it will stand is not known yet: what is for private chats only is refused.
            Some(markup) => self.markup_of(markup, ChatId::Group(-1))?.inline,
        };
        Ok(Ready { id, result: result.to_string(), content, markup })
    }

    /// What `input_message_content` says, or the text of old.
    fn given_content(
        &mut self,
        kind: &str,
        object: &Map<String, Value>,
    ) -> Result<Option<Content>, ApiError> {
        let given = object.get("input_message_content").and_then(Value::as_object);
        let Some(given) = given else {
            let text = text_of(object, "message_text");
            return if kind == "article" || text.is_some() {
                self.text_of_result(object).map(Some)
            } else {
                Ok(None)
            };
        };
        if text_of(given, "message_text").is_some() {
            return self.text_of_result(given).map(Some);
        }
        if given.contains_key("latitude") && given.contains_key("longitude") {
            let is_venue = given.contains_key("title") && given.contains_key("address");
            return place(given, is_venue).map(Some);
        }
        if given.contains_key("phone_number") {
            return contact(given).map(Some);
        }
        if given.contains_key("payload") {
            return Err(ApiError::new(501, "Not Implemented: the sandbox has no payments yet"));
        }
        if kind == "article" {
            Err(ApiError::bad("input message content is not specified"))
        } else {
            Ok(None)
        }
    }

    fn text_of_result(&mut self, given: &Map<String, Value>) -> Result<Content, ApiError> {
        let raw = required(given, "message_text")?;
        let mode = text_of(given, "parse_mode");
        let (text, entities) = self.checked_text(raw, given.get("entities"), mode)?;
        let disabled = given.get("disable_web_page_preview") == Some(&Value::Bool(true));
        let off = disabled.then(|| Map::from_iter([("is_disabled".to_owned(), true.into())]));
        let asked = given.get("link_preview_options").and_then(Value::as_object).cloned().or(off);
        let extra = preview_field(&text, &entities, asked.as_ref()).into();
        Ok(Content { extra, ..Content::text(&text, &entities) })
    }

    /// What the result is by itself; `None` for an article.
    fn own_content(
        &mut self,
        kind: &str,
        object: &Map<String, Value>,
    ) -> Result<Option<Result<Content, String>>, ApiError> {
        let content = match kind {
            "article" => {
                required(object, "title")?;
                return Ok(None);
            }
            "contact" => contact(object)?,
            "location" => {
                required(object, "title")?;
                place(object, false)?
            }
            "venue" => place(object, true)?,
            "game" => self.game(required(object, "game_short_name")?, ChatId::Group(-1))?,
            _ => return self.file_of_result(kind, object).map(Some),
        };
        Ok(Some(Ok(content)))
    }

    fn file_of_result(
        &mut self,
        kind: &str,
        object: &Map<String, Value>,
    ) -> Result<Result<Content, String>, ApiError> {
        let known = FILES.iter().find(|(name, ..)| *name == kind);
        let (_, url, file_id, media) = known.ok_or_else(|| {
            ApiError::bad(&format!("type \"{kind}\" is unsupported for the inline query result"))
        })?;
        let kind = file_kind(media).unwrap_or(Kind::Document);
        let number = match text_of(object, url) {
            // Telegram loads it when the result is chosen: what cannot be had is told then.
            Some(url) => match self.file_of(Input::Remote(url.to_owned()), &Wish::of(kind)) {
                Ok(number) => number,
                Err(error) => return Ok(Err(format!("{url} cannot be sent: {}", error.description))),
            },
            None => self.file_of(Input::Remote(required(object, file_id)?.to_owned()), &Wish::of(kind))?,
        };
        let mut content = self.state.file_content(number);
        if content.kind.takes_caption() {
            let raw = text_of(object, "caption").unwrap_or_default();
            let (text, entities) =
                self.caption_of(raw, object.get("caption_entities"), text_of(object, "parse_mode"))?;
            content.text = text.into();
            content.entities = entities.into();
        }
        Ok(Ok(content))
    }
}

fn wrong(text: &str) -> ApiError {
    ApiError::bad(&format!("can't parse inline query result: {text}"))
}

/// Telegram tells where the parse failed, and keeps its own errors.
fn parse(error: &ApiError) -> ApiError {
    let Some(text) = error.description.strip_prefix("Bad Request: ") else { return error.clone() };
    // Only the first letter of a whole error is made small.
    let text = text.strip_prefix("can't").map_or_else(|| text.to_owned(), |rest| format!("Can't{rest}"));
    wrong(&text)
}

fn number(given: &Map<String, Value>, name: &str) -> Result<f64, ApiError> {
    let value = given.get(name);
    let number = value.and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
    number.ok_or_else(|| ApiError::bad(&format!("can't find field \"{name}\"")))
}

fn place(given: &Map<String, Value>, is_venue: bool) -> Result<Content, ApiError> {
    let place = json!({"latitude": number(given, "latitude")?, "longitude": number(given, "longitude")?});
    if !is_venue {
        return Ok(Content::new(Kind::Location, place.to_string()));
    }
    let venue = json!({"location": place, "title": required(given, "title")?, "address": required(given, "address")?});
    Ok(Content::new(Kind::Venue, venue.to_string()))
}

fn contact(given: &Map<String, Value>) -> Result<Content, ApiError> {
    let mut contact = json!({
        "phone_number": required(given, "phone_number")?, "first_name": required(given, "first_name")?,
    });
    for name in ["last_name", "vcard"] {
        if let Some(value) = text_of(given, name) {
            contact[name] = value.into();
        }
    }
    Ok(Content::new(Kind::Contact, contact.to_string()))
}
