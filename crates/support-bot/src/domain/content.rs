use serde_json::{Value, json};

/// What a message now says, for the edit of its copy.
#[derive(Clone, Debug, PartialEq)]
pub enum NewContent {
    /// A text with its entities.
    Text(Value),
    /// A picture, film, sound or file, as Telegram takes it (an `InputMedia`).
    Media(Value),
    /// The caption of a voice message, which is itself never replaced.
    Caption(Value),
    /// A kind whose edits are not passed on: live locations and votes change all the time.
    Other,
}

impl NewContent {
    /// Reads a message in the Bot API's JSON.
    pub fn of(message: &Value) -> Self {
        if let Some(text) = message.get("text") {
            return Self::Text(json!({
                "text": text,
                "entities": message.get("entities").cloned().unwrap_or_else(|| json!([])),
                "link_preview_options": message.get("link_preview_options").cloned().unwrap_or_else(|| json!({})),
            }));
        }
        if let Some(media) = input_media(message) {
            return Self::Media(media);
        }
        if message.get("voice").is_some() {
            let (caption, entities) = caption(message);
            return Self::Caption(json!({"caption": caption, "caption_entities": entities}));
        }
        Self::Other
    }
}

/// The `InputMedia` that shows the same file with the same caption. `None`: the kind has none.
pub fn input_media(message: &Value) -> Option<Value> {
    // An animation comes as a document too.
    let kind = ["photo", "video", "animation", "audio", "document"]
        .into_iter()
        .find(|kind| message.get(*kind).is_some_and(|media| !media.is_null()))?;
    let media = &message[kind];
    let file = if kind == "photo" { media.as_array()?.last()? } else { media };
    let (caption, entities) = caption(message);
    let mut input = json!({"type": kind, "media": file.get("file_id")?, "caption": caption, "caption_entities": entities});
    if matches!(kind, "photo" | "video" | "animation") {
        for flag in ["has_spoiler", "show_caption_above_media"] {
            let source = if flag == "has_spoiler" { "has_media_spoiler" } else { flag };
            if message.get(source).and_then(Value::as_bool) == Some(true) {
                input[flag] = json!(true);
            }
        }
    }
    Some(input)
}

fn caption(message: &Value) -> (Value, Value) {
    (
        message.get("caption").cloned().unwrap_or_else(|| json!("")),
        message.get("caption_entities").cloned().unwrap_or_else(|| json!([])),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_keeps_its_largest_file_caption_and_spoiler() {
        let message = json!({
            "photo": [{"file_id": "small"}, {"file_id": "large"}], "caption": "hi",
            "caption_entities": [{"type": "bold", "offset": 0, "length": 2}], "has_media_spoiler": true,
        });
        assert_eq!(
            input_media(&message),
            Some(json!({"type": "photo", "media": "large", "caption": "hi", "has_spoiler": true,
                "caption_entities": [{"type": "bold", "offset": 0, "length": 2}]}))
        );
    }

    #[test]
    fn an_animation_is_not_taken_for_the_document_it_also_is() {
        let message = json!({"animation": {"file_id": "a"}, "document": {"file_id": "a"}});
        assert_eq!(input_media(&message).unwrap()["type"], "animation");
    }

    #[test]
    fn an_edit_of_a_live_location_says_nothing_new() {
        assert_eq!(NewContent::of(&json!({"location": {"latitude": 1.0}})), NewContent::Other);
        assert!(matches!(NewContent::of(&json!({"voice": {"file_id": "v"}})), NewContent::Caption(_)));
        assert!(matches!(NewContent::of(&json!({"text": "x"})), NewContent::Text(_)));
    }
}
