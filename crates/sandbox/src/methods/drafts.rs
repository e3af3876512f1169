//! sendMessageDraft: a message that appears while it is being written.

use serde_json::{Value, json};

use super::{ApiError, Done, Outcome, Request};
use crate::text::utf16_len;

pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    (method == "sendMessageDraft").then(|| request.send_draft())
}

impl Request<'_> {
    /// The page and other watchers see the draft; it is no message, and no bot hears of it.
    fn send_draft(&mut self) -> Outcome {
        let chat = self.writable()?;
        if !chat.is_private() {
            return Err(ApiError::bad("PEER_ID_INVALID"));
        }
        let draft = self.params.int("draft_id").filter(|draft| *draft != 0);
        let draft = draft.ok_or_else(|| ApiError::bad("RANDOM_ID_INVALID"))?;
        let raw = self.params.text("text").unwrap_or_default();
        let mode = self.params.text("parse_mode");
        let (text, entities) = self.formatted(&raw, self.params.json("entities"), mode.as_deref())?;
        if utf16_len(&text) > 4_096 {
            return Err(ApiError::bad("message is too long"));
        }
        let bot = self.bot;
        let entities: Value = serde_json::from_str(&entities).unwrap_or_else(|_| json!([]));
        self.state.event(|| {
            json!({"event": "draft", "chat": chat, "bot": bot, "draft": draft, "text": text, "entities": entities})
        });
        Ok(Done::yes())
    }
}
