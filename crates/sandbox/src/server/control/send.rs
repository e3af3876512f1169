//! A person's messages by the control API.

use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Failure;
use crate::ids::{ChatId, MessageId, PersonId};
use crate::world::World;
use crate::world::draft::Draft;
use crate::world::media::Media;

/// `"act":"say"`.
#[derive(Deserialize)]
pub(super) struct Saying {
    #[serde(flatten)]
    common: Common,
    text: Option<String>,
    media: Option<String>,
    album: Option<usize>,
}

/// `"act":"send_file"`.
#[derive(Deserialize)]
pub(super) struct Sending {
    #[serde(flatten)]
    common: Common,
    name: String,
    mime: String,
    base64: String,
    media: Option<String>,
}

#[derive(Deserialize)]
struct Common {
    #[serde(rename = "as")]
    person: PersonId,
    chat: ChatId,
    caption: Option<String>,
    topic: Option<MessageId>,
    reply_to: Option<MessageId>,
    quote: Option<String>,
    entities: Option<Value>,
}

impl Common {
    fn draft(&self, world: &World) -> Draft {
        let mut draft =
            world.message(self.person, self.chat).text(self.caption.as_deref().unwrap_or_default());
        if let Some(topic) = self.topic {
            draft = draft.topic(topic);
        }
        if let Some(message) = self.reply_to {
            draft = draft.reply_to(message);
        }
        if let Some(words) = &self.quote {
            draft = draft.quote(words);
        }
        if let Some(entities) = &self.entities {
            draft = draft.entities(entities);
        }
        draft
    }
}

impl Saying {
    pub(super) fn perform(self, world: &World) -> Result<Value, Failure> {
        let mut draft = self.common.draft(world);
        if let Some(text) = &self.text {
            draft = draft.text(text);
        }
        if let Some(kind) = &self.media {
            let media =
                Media::of_kind(kind).ok_or_else(|| Failure::bad(format!("{kind:?} is no kind of media")))?;
            draft = draft.media(media);
        }
        finish(draft.album(self.album.unwrap_or(1).min(10)))
    }
}

impl Sending {
    pub(super) fn perform(self, world: &World) -> Result<Value, Failure> {
        let bytes = base64::engine::general_purpose::STANDARD.decode(&self.base64);
        let bytes = bytes.map_err(|error| Failure::bad(format!("base64 cannot be decoded: {error}")))?;
        let by_mime = match self.mime.split('/').next() {
            Some("image") => "photo",
            Some("video") => "video",
            Some("audio") => "audio",
            _ => "document",
        };
        let kind = self.media.clone().unwrap_or_else(|| by_mime.to_owned());
        let media = Media::File { kind, name: self.name, mime: self.mime, bytes: bytes.into() };
        finish(self.common.draft(world).media(media))
    }
}

fn finish(draft: Draft) -> Result<Value, Failure> {
    let ids = draft.send_all()?;
    Ok(json!({"message": ids[0], "messages": ids}))
}
