//! Albums.

use serde_json::Value;

use super::super::{ApiError, Done, Outcome, Request};
use super::ABOVE;
use crate::world::message::{Content, Kind};

/// Items of an album at most.
const MOST: usize = 10;

impl Request<'_> {
    pub(super) fn send_media_group(&mut self) -> Outcome {
        let chat = self.writable()?;
        let media = self.object("media").ok_or_else(|| ApiError::bad("parameter \"media\" is required"))?;
        let Ok(media) = media else { return Err(ApiError::bad("can't parse media JSON object")) };
        let Value::Array(items) = media else {
            return Err(ApiError::bad("expected an Array of InputMedia"));
        };
        // Told before a long list is worked through.
        if items.len() > MOST {
            return Err(ApiError::bad("too many messages to send as an album"));
        }
        let contents = items.iter().map(|item| self.media_item(item, true)).collect::<Result<Vec<_>, _>>()?;
        check(&contents)?;
        let group = if contents.len() > 1 { Some(self.state.album_number()) } else { None };
        let mut ids = Vec::new();
        for content in contents {
            ids.push(self.place_message(chat, content, group, false)?);
        }
        let messages: Vec<String> = ids.iter().map(|id| self.message_json(chat, *id)).collect();
        Ok(Done { result: format!("[{}]", messages.join(",")), messages: ids })
    }
}

/// Photos and videos go together; music and documents each with their own.
fn check(contents: &[Content]) -> Result<(), ApiError> {
    let Some(first) = contents.first() else {
        return Err(ApiError::bad("there are no messages to send"));
    };
    for content in contents {
        if !matches!(content.kind, Kind::Photo | Kind::LivePhoto | Kind::Video | Kind::Audio | Kind::Document)
        {
            return Err(ApiError::bad("invalid message content type"));
        }
        // Without a caption there is no place for it, and no word about one.
        let is_above = |content: &Content| content.extra.contains(ABOVE);
        if !content.text.is_empty() && !first.text.is_empty() && is_above(content) != is_above(first) {
            return Err(ApiError::bad(
                "parameter show_caption_above_media must be the same for all messages",
            ));
        }
    }
    let alone = [(Kind::Audio, "audio"), (Kind::Document, "document")];
    for (kind, word) in alone {
        let of_kind = contents.iter().filter(|content| content.kind == kind).count();
        if of_kind > 0 && of_kind < contents.len() {
            return Err(ApiError::bad(&format!("{word} can't be mixed with other media types")));
        }
    }
    Ok(())
}
