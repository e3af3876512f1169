//! A person's messages by the control API.

use base64::Engine as _;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::wire::{Failure, Natural};
use super::{At, Done};
use crate::ids::{ChatId, MessageId, PersonId};
use crate::world::World;
use crate::world::draft::Draft;
use crate::world::media::{Media, OtherQuality};

/// Where and how a message is written.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Writing {
    /// Who writes.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// Where.
    pub chat: ChatId,
    /// Text of media.
    pub caption: Option<String>,
    /// Topic of a forum.
    pub topic: Option<MessageId>,
    /// The message that it answers. In a forum it goes to that message's topic.
    pub reply_to: Option<MessageId>,
    /// The words of that message that it quotes.
    pub quote: Option<String>,
    /// `MessageEntity` objects; what cannot be read as one is left out.
    pub entities: Option<Vec<Value>>,
    /// The id that it gets, in a supergroup or channel: above every id there.
    pub number: Option<MessageId>,
}

/// A person writes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"act": "say", "as": 2_000_003, "chat": "2000003_1000001", "text": "Hello"}))]
pub struct Say {
    /// Where and how.
    #[serde(flatten)]
    pub writing: Writing,
    /// The text; with media its caption.
    pub text: Option<String>,
    /// Something made up of this kind.
    #[schema(value_type = Option<Kind>)]
    pub media: Option<String>,
    /// So many of it as one album, up to 10.
    pub album: Option<Natural>,
}

/// What can be made up.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes")]
enum Kind {
    Photo,
    Video,
    Audio,
    Voice,
    Document,
    Animation,
    VideoNote,
    Sticker,
    Location,
    Venue,
    Contact,
    Dice,
    Poll,
}

/// A person sends a file of their own.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SendFile {
    /// Where and how.
    #[serde(flatten)]
    pub writing: Writing,
    /// File name.
    pub name: String,
    /// MIME type; it decides the kind when `media` does not.
    pub mime: String,
    /// The file's bytes in base64.
    #[schema(
        pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
    )]
    pub base64: String,
    /// The kind: `photo`, `document`…
    pub media: Option<String>,
    /// Of a video: the other qualities that Telegram made of it, as it does in large channels.
    pub qualities: Option<Vec<GivenQuality>>,
    /// More files: all are sent as one album of up to 10, and the caption goes with the first.
    pub album: Option<Vec<GivenFile>>,
}

/// A file of a person's own.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GivenFile {
    /// File name.
    pub name: String,
    /// MIME type; it decides the kind when `media` does not.
    pub mime: String,
    /// The file's bytes in base64.
    #[schema(
        pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
    )]
    pub base64: String,
    /// The kind: `photo`, `document`…
    pub media: Option<String>,
}

/// A video in another quality.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct GivenQuality {
    /// Pixels.
    pub width: Natural,
    /// Pixels.
    pub height: Natural,
    /// `h264`, `h265` or `av01`.
    pub codec: String,
    /// The bytes in base64.
    #[schema(
        pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
    )]
    pub base64: String,
}

/// A person sets a photo: of themselves, or of a group.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetPhoto {
    /// Who does it.
    #[serde(rename = "as")]
    pub person: PersonId,
    /// The group or channel; left out, it is their own profile photo.
    pub chat: Option<ChatId>,
    /// A picture's bytes in base64; left out, the photo is taken away.
    #[schema(
        pattern = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$"
    )]
    pub base64: Option<String>,
}

/// A person changes the text or caption of a message of theirs.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Edit {
    /// Who, and which.
    #[serde(flatten)]
    pub at: At,
    /// What it is to say.
    pub text: String,
}

/// A person forwards a message.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Forward {
    /// Who, and which.
    #[serde(flatten)]
    pub at: At,
    /// To which chat of theirs.
    pub to: ChatId,
    /// Into which topic of it.
    pub topic: Option<MessageId>,
}

impl Writing {
    /// A plain message.
    pub fn new(person: PersonId, chat: ChatId) -> Self {
        Self {
            person,
            chat,
            caption: None,
            topic: None,
            reply_to: None,
            quote: None,
            entities: None,
            number: None,
        }
    }

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
        if let Some(number) = self.number {
            draft = draft.numbered(number);
        }
        if let Some(entities) = &self.entities {
            draft = draft.entities(&Value::Array(entities.clone()));
        }
        draft
    }
}

impl Say {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let mut draft = self.writing.draft(world);
        if let Some(text) = &self.text {
            draft = draft.text(text);
        }
        if let Some(kind) = &self.media {
            let media =
                Media::of_kind(kind).ok_or_else(|| Failure::bad(format!("{kind:?} is no kind of media")))?;
            draft = draft.media(media);
        }
        Ok(Done::messages(draft.album(self.album.map_or(1, Natural::size).min(10)).send_all()?))
    }
}

impl SendFile {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let Self { writing, name, mime, base64, media, qualities, album } = self;
        let mut first = GivenFile { name, mime, base64, media }.read()?;
        if let Some(qualities) = qualities {
            let qualities = qualities.into_iter().map(GivenQuality::read).collect::<Result<Vec<_>, _>>()?;
            first = Media::Qualities(Box::new(first), qualities);
        }
        let mut draft = writing.draft(world).media(first);
        for file in album.unwrap_or_default() {
            draft = draft.media(file.read()?);
        }
        Ok(Done::messages(draft.send_all()?))
    }
}

impl GivenFile {
    fn read(self) -> Result<Media, Failure> {
        let by_mime = match self.mime.split('/').next() {
            Some("image") => "photo",
            Some("video") => "video",
            Some("audio") => "audio",
            _ => "document",
        };
        let kind = self.media.unwrap_or_else(|| by_mime.to_owned());
        Ok(Media::File { kind, name: self.name, mime: self.mime, bytes: decoded(&self.base64)? })
    }
}

impl GivenQuality {
    fn read(self) -> Result<OtherQuality, Failure> {
        let pixels = |side: Natural| u32::try_from(side.size()).unwrap_or(u32::MAX).min(10_000);
        let (width, height) = (pixels(self.width), pixels(self.height));
        Ok(OtherQuality { width, height, codec: self.codec, bytes: decoded(&self.base64)? })
    }
}

impl SetPhoto {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let photo = self.base64.as_deref().map(decoded).transpose()?;
        match self.chat {
            Some(chat) => world.set_chat_photo(self.person, chat, photo)?,
            None => world.set_profile_photo(self.person, photo)?,
        }
        Ok(().into())
    }
}

fn decoded(base64: &str) -> Result<Bytes, Failure> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(base64);
    let bytes = bytes.map_err(|error| Failure::bad(format!("base64 cannot be decoded: {error}")))?;
    Ok(bytes.into())
}

impl Edit {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        Ok(world.edit(self.at.person, self.at.chat, self.at.message, &self.text)?.into())
    }
}

impl Forward {
    pub(super) fn perform(self, world: &World) -> Result<Done, Failure> {
        let At { person, chat, message } = self.at;
        Ok(Done::messages(vec![world.forward(person, chat, message, self.to, self.topic)?]))
    }
}
