//! Media: sent by upload, by `file_id`, or by a URL on this machine.

use serde_json::Value;

mod group;
mod input;
mod paid;

use input::{Fields, wrong};

pub(super) use input::Input;

use super::send::add_extra;
use super::{ApiError, Outcome, Request};
use crate::world::media::{Wish, file_kind};
use crate::world::message::{Content, Kind, Message};

/// The methods that send media, and getFile.
pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "sendPhoto" => request.send_media("photo"),
        "sendLivePhoto" => request.send_live_photo(),
        "sendAudio" => request.send_media("audio"),
        "sendDocument" => request.send_media("document"),
        "sendVideo" => request.send_media("video"),
        "sendAnimation" => request.send_media("animation"),
        "sendVoice" => request.send_media("voice"),
        "sendVideoNote" => request.send_media("video_note"),
        "sendSticker" => request.send_media("sticker"),
        "sendPaidMedia" => request.send_paid_media(),
        "sendMediaGroup" => request.send_media_group(),
        "editMessageMedia" => request.edit_media(),
        "getFile" => request.get_file(),
        _ => return None,
    })
}

/// What may stand in a message whose media is changed.
const CHANGEABLE: [Kind; 7] =
    [Kind::Text, Kind::Photo, Kind::LivePhoto, Kind::Video, Kind::Audio, Kind::Document, Kind::Animation];

impl Request<'_> {
    /// sendPhoto and its like; `field` is both the parameter and the kind.
    fn send_media(&mut self, field: &str) -> Outcome {
        let chat = self.writable()?;
        let fields = Fields::Call(self.params);
        let word = field.replace('_', " ");
        let input = self.input(&fields.text(field).unwrap_or_default(), field);
        let input = input.ok_or_else(|| ApiError::bad(&format!("there is no {word} in the request")))?;
        let mut content =
            self.media_content(file_kind(field).unwrap_or(Kind::Document), input, fields, true)?;
        self.caption_it(&mut content, fields, true)?;
        self.post(chat, content)
    }

    fn send_live_photo(&mut self) -> Outcome {
        let chat = self.writable()?;
        let fields = Fields::Call(self.params);
        let film = self.input(&fields.text("live_photo").unwrap_or_default(), "live_photo");
        let film = film.ok_or_else(|| ApiError::bad("there is no live photo in the request"))?;
        let photo = self.input(&fields.text("photo").unwrap_or_default(), "photo");
        let photo = photo.ok_or_else(|| ApiError::bad("there is no photo in the request"))?;
        let mut content = self.live_photo(film, photo)?;
        self.caption_it(&mut content, fields, true)?;
        self.post(chat, content)
    }

    fn live_photo(&mut self, film: Input, photo: Input) -> Result<Content, ApiError> {
        let photo = self.file_of(photo, &Wish::of(Kind::Photo))?;
        let film = self.file_of(film, &Wish::of(Kind::LivePhoto))?;
        Ok(self.state.live_photo_content(film, photo))
    }

    /// The content of one file. `detect`: a document may become something better.
    fn media_content(
        &mut self,
        kind: Kind,
        input: Input,
        fields: Fields<'_>,
        detect: bool,
    ) -> Result<Content, ApiError> {
        let is_upload = matches!(input, Input::Upload(_));
        let wish = self.wish(kind, fields, detect);
        let number = self.file_of(input, &wish)?;
        let mut content = self.state.file_content(number);
        if content.kind == Kind::Sticker
            && is_upload
            && let Some(emoji) = fields.text("emoji")
        {
            self.state.stickers.describe(number, &emoji);
            content = self.state.file_content(number);
        }
        if content.kind == Kind::Video {
            let more = self.video_fields(fields)?;
            content.body = self.state.file_object(number, &more).into();
        }
        Ok(content)
    }

    /// What a video has in this message alone: cover and start, as JSON fields.
    fn video_fields(&mut self, fields: Fields<'_>) -> Result<String, ApiError> {
        let mut more = Vec::new();
        let own = if matches!(fields, Fields::Call(_)) { "cover" } else { "" };
        if let Some(cover) = self.input(&fields.text("cover").unwrap_or_default(), own) {
            let number = self.file_of(cover, &Wish::of(Kind::Photo))?;
            more.push(format!("\"cover\":{}", self.state.photo_array(number)));
        }
        let start = fields.size("start_timestamp", 86_400);
        if start > 0 {
            more.push(format!("\"start_timestamp\":{start}"));
        }
        Ok(more.join(","))
    }

    fn wish(&self, kind: Kind, fields: Fields<'_>, detect: bool) -> Wish {
        let thumbnail = ["thumbnail", "thumb"].into_iter().find_map(|name| {
            let given = fields.text(name).unwrap_or_default();
            self.upload(&given, name).map(|upload| upload.bytes.clone())
        });
        let (width, height) = match kind {
            Kind::VideoNote => (fields.size("length", 10_000), fields.size("length", 10_000)),
            _ => (fields.size("width", 10_000), fields.size("height", 10_000)),
        };
        Wish {
            duration: fields.size("duration", 86_400),
            width,
            height,
            performer: fields.text("performer"),
            title: fields.text("title"),
            thumbnail,
            detect: detect && !fields.flag("disable_content_type_detection"),
            ..Wish::of(kind)
        }
    }

    /// Puts caption, spoiler and the caption's place into the content of media that can have them.
    fn caption_it(&self, content: &mut Content, fields: Fields<'_>, spoilers: bool) -> Result<(), ApiError> {
        if content.kind.takes_caption() {
            let raw = fields.text("caption").unwrap_or_default();
            let mode = fields.text("parse_mode");
            let (text, entities) = self.caption_of(&raw, fields.list("caption_entities"), mode.as_deref())?;
            content.text = text.into();
            content.entities = entities.into();
        }
        place_caption(content, fields.flag("show_caption_above_media"));
        if SEEN.contains(&content.kind) && spoilers && fields.flag("has_spoiler") {
            add_extra(content, r#""has_media_spoiler":true"#);
        }
        Ok(())
    }

    /// The content of an `InputMedia`.
    pub(super) fn media_item(&mut self, item: &Value, in_album: bool) -> Result<Content, ApiError> {
        let wrong = |text: &str| ApiError::bad(&format!("can't parse InputMedia: {text}"));
        if !item.is_object() {
            return Err(wrong("expected an Object"));
        }
        let kind = item["type"].as_str().ok_or_else(|| wrong("Can't find field \"type\""))?;
        let fields = Fields::Item(item);
        let given = fields.text("media").unwrap_or_default();
        let input = self.input(&given, "").ok_or_else(|| wrong("media not found"))?;
        let mut content = match kind {
            "live_photo" => {
                let photo = self.input(&fields.text("photo").unwrap_or_default(), "");
                self.live_photo(input, photo.ok_or_else(|| wrong("photo not found"))?)?
            }
            "animation" if in_album => {
                return Err(wrong("type \"animation\" can't be used in sendMediaGroup"));
            }
            "photo" | "video" | "animation" | "audio" | "document" => {
                let kind = file_kind(kind).unwrap_or(Kind::Document);
                self.media_content(kind, input, fields, !in_album)?
            }
            _ => return Err(wrong(&format!("type \"{kind}\" is unsupported"))),
        };
        self.caption_it(&mut content, fields, true)?;
        Ok(content)
    }

    fn edit_media(&mut self) -> Outcome {
        let (chat, old) = self.editable()?;
        let media = self.object("media");
        let media = media.ok_or_else(|| ApiError::bad("parameter \"media\" is required"))?;
        let media = media.map_err(|()| ApiError::bad("can't parse input media JSON object"))?;
        if !CHANGEABLE.contains(&old.content.kind) {
            return Err(ApiError::bad("there is no media in the message to edit"));
        }
        let content = self.media_item(&media, false)?;
        check_album(&old, content.kind)?;
        self.replace(chat, &old, content, true)
    }
}

/// Says whether the caption stands above what is seen; without a caption it has no place.
pub(super) fn place_caption(content: &mut Content, above: bool) {
    if content.extra.contains(ABOVE) {
        let fields = content.extra.split(&format!(",{ABOVE}")).collect::<String>();
        let rest = fields.strip_prefix(ABOVE).map(|rest| rest.trim_start_matches(',').to_owned());
        content.extra = rest.unwrap_or(fields).into();
    }
    if above && SEEN.contains(&content.kind) && !content.text.is_empty() {
        add_extra(content, ABOVE);
    }
}

/// What is seen, so that a caption can stand above it.
const SEEN: [Kind; 5] = [Kind::Photo, Kind::LivePhoto, Kind::Video, Kind::Animation, Kind::PaidMedia];

/// The field of a message whose caption stands above its media.
const ABOVE: &str = r#""show_caption_above_media":true"#;

/// An item of an album stays of a kind that the album can hold.
fn check_album(old: &Message, new: Kind) -> Result<(), ApiError> {
    let family = |kind| match kind {
        Kind::Photo | Kind::LivePhoto | Kind::Video => 0,
        Kind::Audio => 1,
        Kind::Document => 2,
        _ => 3,
    };
    if old.media_group.is_some() && family(old.content.kind) != family(new) {
        return Err(wrong("Can't use the media of the specified type in the album"));
    }
    Ok(())
}
