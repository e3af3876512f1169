//! What members may do, as a call gives it.

use serde_json::Value;

use super::{ApiError, Request};
use crate::world::rights::Permissions;

/// The permissions that once were one.
const MEDIA: [&str; 6] = [
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
];

impl Request<'_> {
    /// `ChatPermissions`, where some imply others unless they are to stand alone.
    pub(super) fn permissions(&self) -> Result<Permissions, ApiError> {
        let given = match self.params.json("permissions") {
            Some(Value::Object(given)) => given,
            Some(Value::String(_)) | None => {
                return Err(ApiError::bad("can't parse permissions JSON object"));
            }
            Some(_) => return Err(ApiError::bad("object expected as permissions")),
        };
        let mut may = Permissions::default();
        for (name, value) in given {
            let wrong = || {
                let text = format!("can't parse chat permissions: Field \"{name}\" must be of type Boolean");
                ApiError::bad(&text)
            };
            may.set(name, value.as_bool().ok_or_else(wrong)?);
        }
        let has = |name: &str| given.contains_key(name);
        let on = |name: &str| given.get(name).and_then(Value::as_bool).unwrap_or(false);
        let apart = self.params.flag("use_independent_chat_permissions");
        let mut all_media = false;
        if !MEDIA.iter().any(|name| has(name)) && on("can_send_media_messages") {
            all_media = true;
            may.can_send_messages |= !apart;
        }
        if !has("can_manage_topics") {
            may.can_manage_topics = may.can_pin_messages;
        }
        if !has("can_edit_tag") {
            may.can_edit_tag = may.can_pin_messages;
        }
        if !has("can_react_to_messages") {
            may.can_react_to_messages = may.can_send_messages;
        }
        if (may.can_send_other_messages || may.can_add_web_page_previews) && !apart {
            all_media = true;
            may.can_send_messages = true;
        }
        may.can_send_messages |= may.can_send_polls && !apart;
        if all_media {
            for name in MEDIA {
                may.set(name, true);
            }
        }
        Ok(may)
    }
}
