//! Media that people pay for. A bot sees all of what it sent; who has paid is not played here.

use serde_json::Value;

use super::super::{ApiError, Outcome, Request};
use super::Fields;
use crate::world::media::{Wish, file_kind};
use crate::world::message::{Content, Kind};

const MOST_STARS: i64 = 1_000_000;
const MOST: usize = 10;

impl Request<'_> {
    pub(super) fn send_paid_media(&mut self) -> Outcome {
        let chat = self.writable()?;
        let media = self.object("media").ok_or_else(|| ApiError::bad("parameter \"media\" is required"))?;
        let Ok(media) = media else { return Err(ApiError::bad("can't parse paid media JSON object")) };
        let Value::Array(items) = media else {
            return Err(ApiError::bad("expected an Array of InputPaidMedia"));
        };
        let stars = self.params.int("star_count").unwrap_or(0);
        if !(1..=MOST_STARS).contains(&stars) {
            return Err(ApiError::bad("invalid media price specified"));
        }
        let mut first = None;
        let mut shown = Vec::new();
        for item in &items {
            let (number, object) = self.paid_item(item)?;
            first = first.or(Some(number));
            shown.push(object);
        }
        if shown.is_empty() || shown.len() > MOST {
            return Err(ApiError::bad("invalid number of paid media specified"));
        }
        let body = format!("{{\"star_count\":{stars},\"paid_media\":[{}]}}", shown.join(","));
        let mut content = Content::new(Kind::PaidMedia, body);
        content.file = first;
        self.caption_it(&mut content, Fields::Call(self.params), false)?;
        self.post(chat, content)
    }

    /// The file of an `InputPaidMedia` and the `PaidMedia` that shows it.
    fn paid_item(&mut self, item: &Value) -> Result<(u32, String), ApiError> {
        let wrong = |text: &str| ApiError::bad(&format!("can't parse InputPaidMedia: {text}"));
        if !item.is_object() {
            return Err(wrong("expected an Object"));
        }
        let fields = Fields::Item(item);
        let input = self.input(&fields.text("media").unwrap_or_default(), "");
        let input = input.ok_or_else(|| wrong("media not found"))?;
        let kind = item["type"].as_str().ok_or_else(|| wrong("Can't find field \"type\""))?;
        let content = match kind {
            "live_photo" => {
                let photo = self.input(&fields.text("photo").unwrap_or_default(), "photo");
                let photo = photo.ok_or_else(|| wrong("photo not found"))?;
                let photo = self.file_of(photo, &Wish::of(Kind::Photo))?;
                let film = self.file_of(input, &Wish::of(Kind::LivePhoto))?;
                self.state.live_photo_content(film, photo)
            }
            "photo" | "video" => {
                self.media_content(file_kind(kind).unwrap_or(Kind::Photo), input, fields, false)?
            }
            _ => return Err(wrong(&format!("type \"{kind}\" is unsupported"))),
        };
        let number = content.file.ok_or_else(|| wrong("media not found"))?;
        if content.kind.field() != kind {
            return Err(ApiError::bad("invalid paid media file specified"));
        }
        Ok((number, format!("{{\"type\":\"{kind}\",\"{kind}\":{}}}", content.body)))
    }
}
