//! Things other than text, with made-up files that pass for real ones.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Refused;
use super::files::{File, file_id};
use super::json::Object;
use super::message::{Content, Kind};
use super::poll::Poll;
use super::state::State;

mod samples;

/// What a person sends besides text.
#[derive(Clone, Debug, PartialEq)]
pub enum Media {
    /// A made-up photo in three sizes.
    Photo,
    /// A made-up video.
    Video,
    /// A made-up piece of music.
    Audio,
    /// A made-up voice note.
    Voice,
    /// A made-up text file.
    Document,
    /// A made-up animation.
    Animation,
    /// A made-up round video.
    VideoNote,
    /// A made-up sticker.
    Sticker,
    /// A place: latitude and longitude.
    Location(f64, f64),
    /// A shop on the map.
    Venue,
    /// Somebody's number.
    Contact,
    /// An emoji that shows a random value: 🎲 and its like.
    Dice(String),
    /// A poll: question and options.
    Poll(String, Vec<String>),
    /// A file with these bytes, sent as what `kind` says (`photo`, `document`, `voice`…).
    File {
        /// A word of [`MessageView::kind`](crate::MessageView::kind).
        kind: String,
        /// File name.
        name: String,
        /// MIME type.
        mime: String,
        /// The bytes.
        bytes: Bytes,
    },
}

impl Media {
    /// The media of that kind, made up; `None` when it is no kind of media.
    pub fn of_kind(kind: &str) -> Option<Self> {
        Some(match kind {
            "photo" => Self::Photo,
            "video" => Self::Video,
            "audio" => Self::Audio,
            "voice" => Self::Voice,
            "document" => Self::Document,
            "animation" => Self::Animation,
            "video_note" => Self::VideoNote,
            "sticker" => Self::Sticker,
            "location" => Self::Location(41.6938, 44.8015),
            "venue" => Self::Venue,
            "contact" => Self::Contact,
            "dice" => Self::Dice("🎲".to_owned()),
            "poll" => Self::Poll("Which tea?".to_owned(), vec!["Jasmine".to_owned(), "Oolong".to_owned()]),
            _ => return None,
        })
    }
}

/// The kind of file that a word names.
pub(crate) fn file_kind(word: &str) -> Option<Kind> {
    Some(match word {
        "photo" => Kind::Photo,
        "video" => Kind::Video,
        "audio" => Kind::Audio,
        "voice" => Kind::Voice,
        "document" => Kind::Document,
        "animation" => Kind::Animation,
        "video_note" => Kind::VideoNote,
        "sticker" => Kind::Sticker,
        _ => return None,
    })
}

impl State {
    /// The content of what a person sends.
    pub fn make(&mut self, media: &Media) -> Result<Content, Refused> {
        let kind = match media {
            Media::Photo => Kind::Photo,
            Media::Video => Kind::Video,
            Media::Audio => Kind::Audio,
            Media::Voice => Kind::Voice,
            Media::Document => Kind::Document,
            Media::Animation => Kind::Animation,
            Media::VideoNote => Kind::VideoNote,
            Media::Sticker => Kind::Sticker,
            Media::Location(latitude, longitude) => {
                let place = json!({"latitude": latitude, "longitude": longitude});
                return Ok(Content::new(Kind::Location, place.to_string()));
            }
            Media::Venue => {
                let place = json!({"location": {"latitude": 41.6938, "longitude": 44.8015}, "title": "Lotus Tea",
                    "address": "7 Riverside"});
                return Ok(Content::new(Kind::Venue, place.to_string()));
            }
            Media::Contact => {
                let contact = json!({"phone_number": "+995555000111", "first_name": "Giorgi"});
                return Ok(Content::new(Kind::Contact, contact.to_string()));
            }
            Media::Dice(emoji) => return Ok(self.dice(emoji)),
            Media::Poll(question, options) => {
                return Ok(self.poll(Poll::simple(question, options)));
            }
            Media::File { kind, name, mime, bytes } => {
                let Some(kind) = file_kind(kind) else {
                    return Refused::because(format!("{kind:?} is no kind of file"));
                };
                let number = self.add_file(kind, bytes.clone(), name, mime, "");
                return Ok(self.file_content(number));
            }
        };
        let number = self.sample(kind);
        Ok(self.file_content(number))
    }

    /// The made-up file of a kind.
    pub fn sample(&mut self, kind: Kind) -> u32 {
        if let Some(number) = self.files.samples.get(&kind) {
            return *number;
        }
        let (name, mime, bytes) = samples::file(kind);
        let number = self.add_file(kind, bytes, name, mime, "");
        self.files.samples.insert(kind, number);
        number
    }

    /// Puts a file into the store. `extra`: more fields of its object.
    pub fn add_file(&mut self, kind: Kind, bytes: Bytes, name: &str, mime: &str, extra: &str) -> u32 {
        let (width, height) = samples::dimensions(kind, &bytes);
        let duration = match kind {
            Kind::Video | Kind::Animation => 3,
            Kind::VideoNote | Kind::Voice => 2,
            Kind::Audio => 180,
            _ => 0,
        };
        let (name, mime) = (name.to_owned(), mime.to_owned());
        self.files.add(File { kind, bytes, name, mime, width, height, duration, extra: extra.to_owned() })
    }

    /// The content that shows a file of the store.
    pub fn file_content(&self, number: u32) -> Content {
        let Some(file) = self.files.get(number) else { return Content::new(Kind::Document, "{}") };
        let mut content = Content::new(file.kind, file_json(number, file));
        content.file = Some(number);
        content
    }

    pub fn dice(&mut self, emoji: &str) -> Content {
        use rand::RngExt as _;
        let most = match emoji {
            "🏀" | "⚽" => 5,
            "🎰" => 64,
            _ => 6,
        };
        let value = self.rng.random_range(1..=most);
        Content::new(Kind::Dice, json!({"emoji": emoji, "value": value}).to_string())
    }
}

fn file_json(number: u32, file: &File) -> String {
    if file.kind == Kind::Photo {
        let size = |part: &str, divisor: u32| {
            photo_size(
                number,
                part,
                (file.width / divisor).max(1),
                (file.height / divisor).max(1),
                file.bytes.len(),
            )
        };
        return Value::from(vec![size("s", 8), size("m", 2), size("x", 1)]).to_string();
    }
    let mut object = Object::with_capacity(256);
    object
        .text("file_id", &file_id(file.kind, "f", number))
        .text("file_unique_id", &format!("u{number}f"))
        .plain("file_size", file.bytes.len());
    match file.kind {
        Kind::VideoNote => {
            object.plain("length", file.width);
        }
        Kind::Video | Kind::Animation | Kind::Sticker => {
            object.plain("width", file.width).plain("height", file.height);
        }
        _ => {}
    }
    if matches!(file.kind, Kind::Video | Kind::Animation | Kind::VideoNote | Kind::Voice | Kind::Audio) {
        object.plain("duration", file.duration);
    }
    if matches!(file.kind, Kind::Video | Kind::Animation | Kind::VideoNote) {
        object.raw("thumbnail", &photo_size(number, "t", 320, 240, 1_024).to_string());
    }
    if matches!(file.kind, Kind::Video | Kind::Animation | Kind::Document | Kind::Audio) {
        object.text("file_name", &file.name);
    }
    if !matches!(file.kind, Kind::VideoNote | Kind::Sticker) {
        object.text("mime_type", &file.mime);
    }
    if file.kind == Kind::Sticker {
        object.text("type", "regular").plain("is_animated", false).plain("is_video", false);
        if file.extra.is_empty() {
            object.text("emoji", "🍵");
        }
    }
    if !file.extra.is_empty() {
        object.fields(&file.extra);
    }
    object.end()
}

fn photo_size(number: u32, part: &str, width: u32, height: u32, size: usize) -> Value {
    json!({
        "file_id": file_id(Kind::Photo, part, number), "file_unique_id": format!("u{number}{part}"),
        "width": width, "height": height, "file_size": size,
    })
}
