//! Texts and captions of a call.

use serde_json::Value;

use super::{ApiError, Request};
use crate::text::{Entity, entities_json, markup, settle, utf16_len};

/// Telegram refuses texts of more bytes before it parses them.
const MOST_RAW_BYTES: usize = 1 << 15;

impl Request<'_> {
    /// The text of a message, with its entities as JSON.
    pub(super) fn text(&self) -> Result<(String, String), ApiError> {
        let raw = self.params.text("text").unwrap_or_default();
        let mode = self.params.text("parse_mode");
        self.checked_text(&raw, self.params.json("entities"), mode.as_deref())
    }

    /// A text that is neither empty nor too long.
    pub(super) fn checked_text(
        &self,
        raw: &str,
        given: Option<&Value>,
        mode: Option<&str>,
    ) -> Result<(String, String), ApiError> {
        let (text, entities) = self.formatted(raw, given, mode)?;
        if raw.is_empty() {
            return Err(ApiError::bad("message text is empty"));
        }
        if text.is_empty() {
            return Err(ApiError::bad("text must be non-empty"));
        }
        if utf16_len(&text) > 4_096 {
            return Err(ApiError::bad("message is too long"));
        }
        Ok((text, entities))
    }

    /// The caption of a message, with its entities as JSON; both empty without one.
    pub(super) fn caption(&self) -> Result<(String, String), ApiError> {
        let raw = self.params.text("caption").unwrap_or_default();
        let mode = self.params.text("parse_mode");
        self.caption_of(&raw, self.params.json("caption_entities"), mode.as_deref())
    }

    pub(super) fn caption_of(
        &self,
        raw: &str,
        given: Option<&Value>,
        mode: Option<&str>,
    ) -> Result<(String, String), ApiError> {
        let (text, entities) = self.formatted(raw, given, mode)?;
        if utf16_len(&text) > 1_024 {
            return Err(ApiError::bad("message caption is too long"));
        }
        Ok((text, entities))
    }

    /// Parses by `mode`, or takes the entities that were given.
    pub(super) fn formatted(
        &self,
        raw: &str,
        given: Option<&Value>,
        mode: Option<&str>,
    ) -> Result<(String, String), ApiError> {
        if raw.len() > MOST_RAW_BYTES {
            return Err(ApiError::bad("text is too long"));
        }
        let wrong = |error: String| ApiError::bad(&format!("can't parse entities: {error}"));
        let (text, entities) = match mode.map(str::to_lowercase).as_deref().filter(|_| !raw.is_empty()) {
            None | Some("" | "none") => (raw.to_owned(), given_entities(given)?),
            Some("html") => markup::html(raw).map_err(wrong)?,
            Some("markdownv2") => markup::markdown_v2(raw).map_err(wrong)?,
            Some("markdown") => markup::markdown(raw).map_err(wrong)?,
            Some(_) => return Err(ApiError::bad("unsupported parse_mode")),
        };
        let (text, entities) = settle(&text, entities).map_err(|error| ApiError::bad(&small(&error)))?;
        let known: Vec<Entity> = entities.into_iter().filter_map(|entity| self.with_user(entity)).collect();
        Ok((text, entities_json(&known)))
    }

    /// A mention by id shows the whole user; of an unknown user it is dropped.
    fn with_user(&self, mut entity: Entity) -> Option<Entity> {
        if entity.kind == "text_mention" {
            let id = entity.user.as_ref()?["id"].as_i64()?;
            entity.user = serde_json::from_str(&self.state.users.get(&id)?.json).ok();
        }
        Some(entity)
    }
}

/// What is no list counts as none, at Telegram.
fn given_entities(given: Option<&Value>) -> Result<Vec<Entity>, ApiError> {
    let list = given.and_then(Value::as_array).into_iter().flatten();
    let wrong = |error: String| ApiError::bad(&format!("can't parse MessageEntity: {error}"));
    list.map(|entity| given_entity(entity).map_err(wrong)).collect()
}

fn given_entity(given: &Value) -> Result<Entity, String> {
    let object = given.as_object().ok_or("expected an Object")?;
    for name in ["offset", "length"] {
        let value = object.get(name).ok_or_else(|| format!("Can't find field \"{name}\""))?;
        let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
        if number.is_none_or(|number| i32::try_from(number).is_err()) {
            return Err(format!("Field \"{name}\" must be a valid Number"));
        }
        if number.is_some_and(i64::is_negative) {
            return Err(format!("Receive an entity with incorrect {name} {value}"));
        }
    }
    let kind = object.get("type").ok_or("Can't find field \"type\"")?;
    let kind = kind.as_str().ok_or("Field \"type\" must be of type String")?;
    let needed = match kind {
        "" => return Err("Type is not specified".to_owned()),
        "text_link" => Some("url"),
        "text_mention" => Some("user"),
        "custom_emoji" => Some("custom_emoji_id"),
        _ => None,
    };
    if let Some(name) = needed.filter(|name| object.get(*name).is_none_or(Value::is_null)) {
        return Err(format!("Can't find field \"{name}\""));
    }
    serde_json::from_value(numbers(given)).map_err(|_| format!("Fields of a \"{kind}\" are of wrong types"))
}

/// Numbers may come as text.
fn numbers(given: &Value) -> Value {
    let mut entity = given.clone();
    for name in ["offset", "length", "unix_time"] {
        if let Some(number) = entity[name].as_str().and_then(|text| text.parse::<i64>().ok()) {
            entity[name] = number.into();
        }
    }
    entity
}

/// Telegram writes the first letter of its own errors small.
fn small(error: &str) -> String {
    let mut chars = error.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}
