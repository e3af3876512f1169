//! Media: sent by upload or `file_id`, and downloaded.

use serde_json::{Value, json};

use super::send::add_extra;
use super::{ApiError, Done, Outcome, Request};
use crate::world::files::file_path;
use crate::world::json::Object;
use crate::world::media::file_kind;
use crate::world::message::{Content, Kind};

/// What `getFile` serves at most.
const DOWNLOADABLE: usize = 20 * 1024 * 1024;

impl Request<'_> {
    /// sendPhoto and its like; `field` is both the parameter and the kind.
    pub(super) fn send_media(&mut self, field: &str) -> Outcome {
        let chat = self.writable()?;
        let source = self.params.text(field);
        let source = source.ok_or_else(|| ApiError::bad(&format!("there is no {field} in the request")))?;
        let mut content = self.file(field, &source, None)?;
        if content.kind.takes_caption() {
            let (text, entities) = self.caption()?;
            content.text = text.into();
            content.entities = entities.into();
        }
        if self.params.flag("has_spoiler") {
            add_extra(&mut content, r#""has_media_spoiler":true"#);
        }
        if self.params.flag("show_caption_above_media") {
            add_extra(&mut content, r#""show_caption_above_media":true"#);
        }
        self.post(chat, content)
    }

    /// The content of a file that is uploaded or named. `item`: the `InputMedia` that it stands in.
    fn file(&mut self, field: &str, source: &str, item: Option<&Value>) -> Result<Content, ApiError> {
        let kind = file_kind(field).ok_or_else(|| ApiError::bad("media not found"))?;
        if let Some(name) = source.strip_prefix("attach://") {
            let upload = self.params.files.get(name).cloned();
            let upload =
                upload.ok_or_else(|| ApiError::bad(&format!("there is no {field} in the request")))?;
            if upload.bytes.is_empty() {
                return Err(ApiError::bad("file must be non-empty"));
            }
            let extra = self.extra(kind, item);
            let number = self.state.add_file(kind, upload.bytes, &upload.name, &upload.mime, &extra);
            return Ok(self.state.file_content(number));
        }
        if source.contains("://") {
            return Err(ApiError::bad("failed to get HTTP URL content"));
        }
        let (number, file) = self
            .state
            .files
            .find(source)
            .ok_or_else(|| ApiError::bad("wrong file identifier/HTTP URL specified"))?;
        if file.kind != kind {
            return Err(ApiError::bad(&format!(
                "can't use file of type {} as {}",
                capital(file.kind),
                capital(kind)
            )));
        }
        Ok(self.state.file_content(number))
    }

    fn extra(&self, kind: Kind, item: Option<&Value>) -> String {
        let names: &[&str] = match kind {
            Kind::Audio => &["performer", "title"],
            Kind::Sticker => &["emoji"],
            _ => &[],
        };
        let value = |name: &str| match item {
            Some(item) => item[name].as_str().map(str::to_owned),
            None => self.params.text(name),
        };
        let fields =
            names.iter().filter_map(|name| Some(format!("\"{name}\":{}", Value::from(value(name)?))));
        fields.collect::<Vec<_>>().join(",")
    }

    /// The content of an `InputMedia`.
    pub(super) fn media_item(&mut self, item: &Value) -> Result<Content, ApiError> {
        let kind = item["type"]
            .as_str()
            .ok_or_else(|| ApiError::bad("can't parse InputMedia: type must be non-empty"))?;
        if !["photo", "video", "audio", "document", "animation"].contains(&kind) {
            return Err(ApiError::bad(&format!("can't parse InputMedia: type {kind:?} is unsupported")));
        }
        let source = item["media"].as_str().ok_or_else(|| ApiError::bad("media not found"))?;
        let mut content = self.file(kind, source, Some(item))?;
        let raw = item["caption"].as_str().unwrap_or_default();
        let entities = Some(&item["caption_entities"]).filter(|entities| entities.is_array());
        let (text, entities) = self.caption_of(raw, entities, item["parse_mode"].as_str())?;
        content.text = text.into();
        content.entities = entities.into();
        if item["has_spoiler"] == true {
            add_extra(&mut content, r#""has_media_spoiler":true"#);
        }
        Ok(content)
    }

    pub(super) fn send_media_group(&mut self) -> Outcome {
        let chat = self.writable()?;
        let items = self.params.json("media").and_then(Value::as_array).cloned().unwrap_or_default();
        if items.is_empty() {
            return Err(ApiError::bad("there are no messages to send"));
        }
        if items.len() > 10 {
            return Err(ApiError::bad("too many messages to send as an album"));
        }
        let kinds: Vec<&str> = items.iter().map(|item| item["type"].as_str().unwrap_or_default()).collect();
        let alone = kinds.iter().any(|kind| matches!(*kind, "audio" | "document"));
        if kinds.contains(&"animation") || (alone && kinds.iter().any(|kind| *kind != kinds[0])) {
            return Err(ApiError::bad("can't use the media of the specified type in the album"));
        }
        let contents = items.iter().map(|item| self.media_item(item)).collect::<Result<Vec<_>, _>>()?;
        let group = if contents.len() > 1 { Some(self.state.album_number()) } else { None };
        let mut ids = Vec::new();
        for content in contents {
            ids.push(self.place_message(chat, content, group, false)?);
        }
        let messages: Vec<String> = ids.iter().map(|id| self.message_json(chat, *id)).collect();
        Ok(Done { result: format!("[{}]", messages.join(",")), messages: ids })
    }

    pub(super) fn get_file(&mut self) -> Outcome {
        let id = self.params.text("file_id").ok_or_else(|| ApiError::bad("file_id not specified"))?;
        let (number, file) = self.state.files.find(&id).ok_or_else(|| ApiError::bad("invalid file_id"))?;
        if file.bytes.len() > DOWNLOADABLE {
            return Err(ApiError::bad("file is too big"));
        }
        let mut object = Object::new();
        object
            .text("file_id", &id)
            .text("file_unique_id", &format!("u{number}f"))
            .plain("file_size", file.bytes.len())
            .text("file_path", &file_path(number, file));
        Ok(Done::from(object.end()))
    }

    pub(super) fn user_photos(&mut self) -> Outcome {
        let user = self.params.int("user_id").and_then(|id| self.state.users.get(&id));
        user.ok_or_else(|| ApiError::bad("user not found"))?;
        Ok(Done::from(json!({"total_count": 0, "photos": []}).to_string()))
    }
}

fn capital(kind: Kind) -> String {
    let mut word = kind.field().replace('_', " ");
    if let Some(first) = word.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    word
}
