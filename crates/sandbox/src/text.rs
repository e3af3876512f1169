//! Text as Telegram treats it: trimmed, measured in UTF-16 units, marked with entities.

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) mod detect;
pub(crate) mod markup;

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

    pub fn end(&self) -> usize {
        self.offset.saturating_add(self.length)
    }
}

/// Kinds that a sender may set; the others Telegram finds itself.
const SETTABLE: [&str; 13] = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];

/// More entities than these are not looked at: a text has room for few, and a hostile list has no end.
const MOST_ENTITIES: usize = 1_000;

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

/// A text with its entities, as Telegram keeps it: trimmed, what was given made valid, the rest found in the text.
pub(crate) fn settle(raw: &str, given: Vec<Entity>) -> (String, Vec<Entity>) {
    let text = raw.replace('\r', "");
    let leading = text.len() - text.trim_start().len();
    let cut = utf16_len(&text[..leading]);
    let trimmed = text.trim();
    let total = utf16_len(trimmed);
    let mut entities: Vec<Entity> = given
        .into_iter()
        .take(MOST_ENTITIES)
        .filter(|entity| SETTABLE.contains(&entity.kind.as_str()) && entity.length > 0)
        .filter_map(|mut entity| {
            let (start, end) =
                (entity.offset.saturating_sub(cut), entity.end().saturating_sub(cut).min(total));
            entity.offset = start;
            entity.length = end.checked_sub(start).filter(|length| *length > 0)?;
            // An entity that cuts an emoji in two is dropped.
            utf16_slice(trimmed, start, entity.length).is_some().then_some(entity)
        })
        .collect();
    let taken: Vec<(usize, usize)> = entities
        .iter()
        .filter(|entity| matches!(entity.kind.as_str(), "code" | "pre" | "text_link" | "text_mention"))
        .map(|entity| (entity.offset, entity.end()))
        .collect();
    let found = detect::find(trimmed);
    entities.extend(
        found
            .into_iter()
            .filter(|found| !taken.iter().any(|(from, to)| found.offset < *to && *from < found.end())),
    );
    entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
    (trimmed.to_owned(), entities)
}

/// Entities as JSON; empty for none.
pub(crate) fn entities_json(entities: &[Entity]) -> String {
    if entities.is_empty() { String::new() } else { serde_json::to_string(entities).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trimming_moves_entities_along() {
        let (text, entities) =
            settle("  hi 👋 there ", vec![Entity::new("bold", 5, 2), Entity::new("italic", 0, 4)]);
        assert_eq!(text, "hi 👋 there");
        let spans: Vec<_> =
            entities.iter().map(|entity| (entity.kind.as_str(), entity.offset, entity.length)).collect();
        assert_eq!(spans, [("italic", 0, 2), ("bold", 3, 2)]);
    }

    #[test]
    fn an_entity_inside_an_emoji_is_dropped() {
        assert!(settle("👋", vec![Entity::new("bold", 1, 1)]).1.is_empty());
    }

    #[test]
    fn a_command_inside_code_is_not_marked() {
        let (_, entities) = settle("/start", vec![Entity::new("code", 0, 6)]);
        assert_eq!(entities.len(), 1);
    }
}
