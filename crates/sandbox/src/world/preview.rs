//! Which link of a text is shown as a preview.

use serde_json::{Map, Value};

use super::json::Object;
use crate::text::utf16_slice;

/// The `link_preview_options` field of a message with this text, name and all; empty when it has neither a link nor
/// options. `asked`: the sender's `LinkPreviewOptions`.
pub(crate) fn preview_field(text: &str, entities: &str, asked: Option<&Map<String, Value>>) -> String {
    let is_on = |name: &str| asked.is_some_and(|asked| asked.get(name) == Some(&Value::Bool(true)));
    if is_on("is_disabled") {
        return r#""link_preview_options":{"is_disabled":true}"#.to_owned();
    }
    let given =
        asked.and_then(|asked| asked.get("url")).and_then(Value::as_str).filter(|url| !url.is_empty());
    let Some(url) = given.map(str::to_owned).or_else(|| first_link(text, entities)) else {
        return String::new();
    };
    let mut object = Object::new();
    object.text("url", &url);
    for name in ["prefer_small_media", "prefer_large_media", "show_above_text"] {
        // The size matters only for a page that was named.
        if is_on(name) && (given.is_some() || name == "show_above_text") {
            object.plain(name, true);
        }
    }
    format!(r#""link_preview_options":{}"#, object.end())
}

fn first_link(text: &str, entities: &str) -> Option<String> {
    // Most messages have no link, and this runs for every message.
    if !entities.contains("url") && !entities.contains("text_link") {
        return None;
    }
    let entities: Vec<Value> = serde_json::from_str(entities).ok()?;
    entities.iter().find_map(|entity| {
        let number = |name: &str| usize::try_from(entity[name].as_u64()?).ok();
        match entity["type"].as_str()? {
            "url" => utf16_slice(text, number("offset")?, number("length")?).map(str::to_owned),
            "text_link" => entity["url"].as_str().filter(|url| url.starts_with("http")).map(str::to_owned),
            _ => None,
        }
    })
}
