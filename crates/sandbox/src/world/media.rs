//! Things other than text, with made-up files that pass for real ones.

use bytes::Bytes;
use serde_json::json;

use super::Refused;
use super::files::Quality;
use super::message::{Content, Kind};
use super::poll::Poll;
use super::state::State;

mod object;
mod samples;
mod store;

pub(crate) use store::{Incoming, Prepared, Wish, mime_of};

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
    /// A video with the other qualities that Telegram made of it, as it does in large channels.
    Qualities(Box<Media>, Vec<OtherQuality>),
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

/// A video in another quality.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherQuality {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `h264`, `h265` or `av01`.
    pub codec: String,
    /// The bytes.
    pub bytes: Bytes,
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

impl Media {
    /// The costly part of a picture's way in, done without the world.
    pub(crate) fn prepare(&self) -> Option<Prepared> {
        match self {
            Self::File { kind, bytes, .. } if kind == "photo" || kind == "document" => {
                Prepared::of(bytes, kind == "photo")
            }
            _ => None,
        }
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
    pub fn make(&mut self, media: &Media, prepared: Option<Prepared>) -> Result<Content, Refused> {
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
            Media::Qualities(media, qualities) => return self.with_qualities(media, qualities),
            Media::File { kind, name, mime, bytes } => {
                let Some(kind) = file_kind(kind) else {
                    return Refused::because(format!("{kind:?} is no kind of file"));
                };
                let incoming = Incoming {
                    name: name.clone(),
                    mime: Some(mime.clone()).filter(|mime| !mime.is_empty()),
                    bytes: bytes.clone(),
                    prepared,
                };
                let number = self.receive_from_person(incoming, &Wish::of(kind));
                return Ok(self.file_content(number));
            }
        };
        let number = self.sample(kind);
        Ok(self.file_content(number))
    }

    fn with_qualities(&mut self, media: &Media, others: &[OtherQuality]) -> Result<Content, Refused> {
        let made = self.make(media, None)?;
        let video =
            made.file.and_then(|number| self.files.get(number)).filter(|file| file.kind == Kind::Video);
        let Some(mut video) = video.cloned() else {
            return Refused::because("only a video has other qualities");
        };
        for other in others {
            let wish = Wish { width: other.width, height: other.height, ..Wish::of(Kind::Video) };
            let incoming = Incoming {
                name: "video.mp4".to_owned(),
                mime: None,
                bytes: other.bytes.clone(),
                prepared: None,
            };
            let file = self.receive_from_person(incoming, &wish);
            video.qualities.push(Quality { file, codec: other.codec.clone() });
        }
        // A file of its own: the made-up video is shared.
        let number = self.files.add(video);
        Ok(self.file_content(number))
    }

    /// The made-up file of a kind.
    pub fn sample(&mut self, kind: Kind) -> u32 {
        if let Some(number) = self.files.samples.get(&kind) {
            return *number;
        }
        let (name, bytes) = samples::file(kind);
        let incoming = Incoming { name: name.to_owned(), mime: None, bytes, prepared: None };
        let number = self.receive_from_person(incoming, &Wish::of(kind));
        if kind == Kind::Sticker {
            self.stickers.describe(number, "🍵");
        }
        self.files.samples.insert(kind, number);
        number
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
