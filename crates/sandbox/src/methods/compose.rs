//! Texts and captions of a call.

use serde_json::Value;

use super::{ApiError, Request};
use crate::text::{Entity, entities_json, markup, settle, utf16_len};

/// Telegram refuses texts of more bytes before it parses them.
const MOST_RAW_UNITS: usize = 35_000;

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
        if text.is_empty() {
            return Err(ApiError::bad("message text is empty"));
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
        if raw.len() > MOST_RAW_UNITS * 4 {
            return Err(ApiError::bad("message is too long"));
        }
        let wrong = |error: String| ApiError::bad(&format!("can't parse entities: {error}"));
        let (text, entities) = match mode.map(str::to_lowercase).as_deref() {
            None | Some("") => (raw.to_owned(), given_entities(given)?),
            Some("html") => markup::html(raw).map_err(wrong)?,
            Some("markdownv2") => markup::markdown_v2(raw).map_err(wrong)?,
            Some("markdown") => markup::markdown(raw).map_err(wrong)?,
            Some("none") => (raw.to_owned(), Vec::new()),
            Some(_) => return Err(ApiError::bad("unsupported parse_mode")),
        };
        let (text, entities) = settle(&text, entities);
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

fn given_entities(given: Option<&Value>) -> Result<Vec<Entity>, ApiError> {
    match given {
        None => Ok(Vec::new()),
        // What is no entity is left out, as Telegram leaves out what it does not support.
        Some(Value::Array(list)) => {
            Ok(list.iter().filter_map(|entity| serde_json::from_value(entity.clone()).ok()).collect())
        }
        Some(Value::String(text)) if text.is_empty() => Ok(Vec::new()),
        Some(_) => Err(ApiError::bad("can't parse entities: expected an Array of MessageEntity")),
    }
}
