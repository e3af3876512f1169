//! Text as Telegram treats it: trimmed, measured in UTF-16 units, marked with entities.

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) mod detect;
pub(crate) mod links;
pub(crate) mod markup;
#[cfg(test)]
mod properties;
mod settle;

pub(crate) use settle::settle;

/// A `MessageEntity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entity {
    #[serde(rename = "type")]
    pub kind: String,
    /// UTF-16 units.
    pub offset: usize,
    /// UTF-16 units.
    pub length: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unix_time: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_time_format: Option<String>,
}

impl Entity {
    pub fn new(kind: &str, offset: usize, length: usize) -> Self {
        Self {
            kind: kind.to_owned(),
            offset,
            length,
            url: None,
            user: None,
            language: None,
            custom_emoji_id: None,
            unix_time: None,
            date_time_format: None,
        }
    }

    /// A point in time, which apps show in the reader's own way.
    pub fn time(unix: i64, format: String) -> Self {
        let date_time_format = Some(format).filter(|format| !format.is_empty());
        Self { unix_time: Some(unix), date_time_format, ..Self::new("date_time", 0, 0) }
    }

    pub fn end(&self) -> usize {
        self.offset.saturating_add(self.length)
    }
}

/// Length in UTF-16 units.
pub(crate) fn utf16_len(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// The byte position of a UTF-16 offset; `None` inside a surrogate pair or past the end.
pub(crate) fn byte_at(text: &str, offset: usize) -> Option<usize> {
    let mut units = 0;
    for (byte, char) in text.char_indices() {
        if units == offset {
            return Some(byte);
        }
        units += char.len_utf16();
    }
    (units == offset).then_some(text.len())
}

/// The part of `text` from a UTF-16 offset on for `length` units.
pub(crate) fn utf16_slice(text: &str, offset: usize, length: usize) -> Option<&str> {
    text.get(byte_at(text, offset)?..byte_at(text, offset.checked_add(length)?)?)
}

/// Entities as JSON; empty for none.
pub(crate) fn entities_json(entities: &[Entity]) -> String {
    if entities.is_empty() { String::new() } else { serde_json::to_string(entities).unwrap_or_default() }
}
