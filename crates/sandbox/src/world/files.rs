//! Files: what bots and people sent.

use std::borrow::Cow;
use std::collections::HashMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::message::Kind;
use crate::ids::BotId;
use crate::picture::Rendition;

/// A file that was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct File {
    pub kind: Kind,
    /// A photo's are those of its largest size.
    #[serde(with = "super::save::base64")]
    pub bytes: Bytes,
    pub name: String,
    pub mime: String,
    /// Pixels; 0 where it has none.
    pub width: u32,
    pub height: u32,
    /// Seconds.
    pub duration: u32,
    /// Set with the file: performer and title, as JSON fields.
    pub extra: String,
    /// A photo's sizes, smallest first, the photo itself among them; of everything else the thumbnail.
    pub sizes: Vec<Size>,
    /// A video's other qualities: files, by number.
    #[serde(default)]
    pub qualities: Vec<Quality>,
    /// Of a file that Telegram has had before this world began: its `file_unique_id`, and its thumbnail's.
    pub unique: Option<[String; 2]>,
}

impl File {
    /// The MIME type of the bytes: those of a GIF stay a GIF's, whatever Telegram calls it.
    pub fn real_mime(&self) -> &str {
        if self.bytes.starts_with(b"GIF8") { "image/gif" } else { &self.mime }
    }
}

/// A video in another quality.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Quality {
    pub file: u32,
    /// `h264`, `h265` or `av01`.
    pub codec: String,
}

/// One rendition of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Size {
    /// Telegram's letter: `s`, `m`, `x`, `y` of a photo, `a`, `b`, `c` of a profile photo, `t` of a thumbnail.
    pub part: char,
    /// Pixels.
    pub width: u32,
    pub height: u32,
    #[serde(with = "super::save::base64")]
    pub bytes: Bytes,
}

impl Size {
    pub fn new(part: char, rendition: Rendition) -> Self {
        Self { part, width: rendition.width, height: rendition.height, bytes: rendition.bytes }
    }

    /// The sizes of a picture, with the letters of `boxes`: a smaller picture has fewer sizes.
    pub fn all(boxes: &[(char, u32)], renditions: Vec<Rendition>) -> Vec<Self> {
        boxes.iter().zip(renditions).map(|((part, _), rendition)| Self::new(*part, rendition)).collect()
    }
}

/// The letter of the file itself in its ids.
pub(crate) const WHOLE: char = 'f';
/// The letter of a thumbnail.
pub(crate) const THUMBNAIL: char = 't';

/// What a `file_id` names: a file, or one of its sizes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    pub number: u32,
    pub part: char,
    pub file: &'a File,
}

impl Found<'_> {
    /// The bytes that getFile leads to.
    pub fn bytes(&self) -> &Bytes {
        let size = self.file.sizes.iter().find(|size| size.part == self.part);
        size.map_or(&self.file.bytes, |size| &size.bytes)
    }

    /// Whether it is the thumbnail of something else.
    pub fn is_thumbnail(&self) -> bool {
        self.part == THUMBNAIL
    }

    /// Telegram's name of its type, as errors show it.
    pub fn type_name(&self) -> &'static str {
        match self.part {
            THUMBNAIL => "Thumbnail",
            'a'..='c' => "ChatPhoto",
            _ => type_name(self.file.kind),
        }
    }

    pub fn unique_id(&self) -> String {
        unique_id(self.number, self.part, self.file)
    }
}

/// All files, by number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Files {
    files: Vec<File>,
    /// Files made up once for each kind, so that a thousand photos of a test share their bytes.
    #[serde(serialize_with = "super::save::sorted")]
    pub samples: HashMap<Kind, u32>,
}

impl Files {
    pub fn add(&mut self, file: File) -> u32 {
        self.files.push(file);
        u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX)
    }

    pub fn get(&self, number: u32) -> Option<&File> {
        self.files.get(usize::try_from(number).ok()?)
    }

    /// What a `file_id` of this bot names. Another bot's says nothing, as at Telegram.
    pub fn find(&self, bot: BotId, file_id: &str) -> Option<Found<'_>> {
        let mut words = file_id.strip_prefix("sandbox-")?.splitn(4, '-');
        if words.next()?.parse() != Ok(bot.0) {
            return None;
        }
        let kind = words.next()?;
        let part = words.next()?.parse().ok()?;
        self.part(words.next()?.parse().ok()?, part).filter(|found| found.file.kind.field() == kind)
    }

    /// The file that a download path of [`file_path`] names.
    pub fn at_path(&self, path: &str) -> Option<Found<'_>> {
        let name = path.rsplit('/').next()?.strip_prefix("file_")?.split('.').next()?;
        let (number, part) = name.split_once('_').unwrap_or((name, "f"));
        let found = self.part(number.parse().ok()?, part.parse().ok()?)?;
        (file_path(&found) == path).then_some(found)
    }

    fn part(&self, number: u32, part: char) -> Option<Found<'_>> {
        let file = self.get(number)?;
        let is_there = match part {
            WHOLE => file.kind != Kind::Photo,
            part => file.sizes.iter().any(|size| size.part == part),
        };
        is_there.then_some(Found { number, part, file })
    }
}

/// Telegram's name of a file's type, as errors show it.
pub(crate) fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Photo => "Photo",
        Kind::Video => "Video",
        Kind::Audio => "Audio",
        Kind::Voice => "VoiceNote",
        Kind::Animation => "Animation",
        Kind::VideoNote => "VideoNote",
        Kind::Sticker => "Sticker",
        Kind::LivePhoto => "LivePhoto",
        _ => "Document",
    }
}

/// The `file_id` of a file or one of its sizes, as it is kept: [`for_bot`] makes it a bot's own.
pub(crate) fn file_id(kind: Kind, part: char, number: u32) -> String {
    format!("sandbox-0-{}-{part}-{number}", kind.field())
}

/// The `file_unique_id`: the same for every bot.
pub(crate) fn unique_id(number: u32, part: char, file: &File) -> String {
    match &file.unique {
        Some([whole, thumbnail]) => if part == WHOLE { whole } else { thumbnail }.clone(),
        // As long as Telegram's are: 15 letters for a file, 16 for a size of it.
        None if part == WHOLE => format!("AgAD{number:0>11}"),
        None => format!("AQAD{number:0>11}{part}"),
    }
}

/// The JSON as a bot reads it: file ids are each bot's own.
///
/// The key's closing quote stands before them unescaped, so nothing that somebody wrote is ever taken for one.
pub(crate) fn for_bot(json: &str, bot: BotId) -> Cow<'_, str> {
    const KEPT: &str = "file_id\":\"sandbox-0-";
    if json.contains(KEPT) {
        Cow::Owned(json.replace(KEPT, &format!("file_id\":\"sandbox-{bot}-")))
    } else {
        Cow::Borrowed(json)
    }
}

/// The path under which a file is downloaded.
pub(crate) fn file_path(found: &Found<'_>) -> String {
    let Found { number, part, file } = found;
    let folder = match (part, file.kind) {
        (&THUMBNAIL, _) => "thumbnails",
        ('a'..='c', _) => "profile_photos",
        (_, Kind::Photo) => "photos",
        (_, Kind::Video | Kind::LivePhoto) => "videos",
        (_, Kind::Voice) => "voice",
        (_, Kind::Audio) => "music",
        (_, Kind::Sticker) => "stickers",
        (_, Kind::Animation) => "animations",
        (_, Kind::VideoNote) => "video_notes",
        _ => "documents",
    };
    if *part != WHOLE {
        let ending = if found.bytes().starts_with(b"RIFF") { "webp" } else { "jpg" };
        return format!("{folder}/file_{number}_{part}.{ending}");
    }
    let ending = file.name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{folder}/file_{number}.{ending}")
}
