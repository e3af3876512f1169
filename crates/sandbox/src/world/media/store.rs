//! A file comes in: what Telegram makes of it.

use bytes::Bytes;

use crate::picture::{self, PHOTO_BOXES, Rendition, Unfit};
use crate::probe::{Facts, Format, probe};
use crate::world::files::{File, Size, THUMBNAIL};
use crate::world::message::Kind;
use crate::world::state::State;

/// A file on its way in.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub name: String,
    /// Left out, it follows from the name.
    pub mime: Option<String>,
    pub bytes: Bytes,
    /// Worked out before the world's lock was taken; done here when it is `None`.
    pub prepared: Option<Prepared>,
}

/// The costly part of a picture's way in.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub photo: Result<Vec<Rendition>, Unfit>,
    pub small: Option<Rendition>,
}

impl Prepared {
    /// Works it out for a picture; `None` for anything else.
    pub fn of(bytes: &Bytes, as_photo: bool) -> Option<Self> {
        image::guess_format(bytes).ok()?;
        Some(if as_photo {
            let photo = picture::photo(bytes);
            let sizes = photo.as_deref().unwrap_or_default();
            let is_small = |size: &&Rendition| size.width.max(size.height) <= picture::THUMBNAIL_BOX;
            let small = sizes.iter().rfind(is_small).cloned();
            Self { photo, small }
        } else {
            Self { photo: Err(Unfit::Process), small: picture::small(bytes, None) }
        })
    }
}

/// What the sender says about a file.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub kind: Kind,
    /// Seconds, 0 when not said.
    pub duration: u32,
    /// Pixels, 0 when not said; a video note's length is both.
    pub width: u32,
    pub height: u32,
    pub performer: Option<String>,
    pub title: Option<String>,
    pub thumbnail: Option<Bytes>,
    /// A document that is music, a film or a moving picture becomes that.
    pub detect: bool,
}

impl Wish {
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            duration: 0,
            width: 0,
            height: 0,
            performer: None,
            title: None,
            thumbnail: None,
            detect: false,
        }
    }
}

impl State {
    /// Puts a file into the store as Telegram would show it.
    pub fn receive(&mut self, incoming: Incoming, wish: &Wish) -> Result<u32, Unfit> {
        let facts = probe(&incoming.bytes);
        let kind = settled(wish, &facts);
        let file = match kind {
            Kind::Photo => photo(incoming)?,
            Kind::Sticker => sticker(incoming, &facts)?,
            kind => other(incoming, kind, wish, &facts),
        };
        Ok(self.files.add(file))
    }

    /// As [`receive`](Self::receive), but what is no picture passes for a photo of 640 by 480 pixels: tests of bots
    /// need not draw.
    pub fn receive_from_person(&mut self, incoming: Incoming, wish: &Wish) -> u32 {
        let (name, bytes) = (incoming.name.clone(), incoming.bytes.clone());
        let mime = incoming.mime.clone().unwrap_or_else(|| mime_of(&name).to_owned());
        self.receive(incoming, wish).unwrap_or_else(|_| {
            let size = Size { part: 'x', width: 640, height: 480, bytes: bytes.clone() };
            let sizes = if wish.kind == Kind::Photo { vec![size] } else { Vec::new() };
            let (width, height) = if wish.kind == Kind::Photo { (640, 480) } else { (512, 512) };
            let kind = wish.kind;
            self.files.add(File { width, height, sizes, ..plain(kind, bytes, name, mime) })
        })
    }
}

fn plain(kind: Kind, bytes: Bytes, name: String, mime: String) -> File {
    let (width, height, duration) = (0, 0, 0);
    File {
        kind,
        bytes,
        name,
        mime,
        width,
        height,
        duration,
        extra: String::new(),
        sizes: Vec::new(),
        qualities: Vec::new(),
        unique: None,
    }
}

/// What a file is sent as: a document that is something better becomes that, unless it was asked to stay one.
fn settled(wish: &Wish, facts: &Facts) -> Kind {
    match (wish.kind, facts.format) {
        (Kind::Document, Format::Gif) if wish.detect => Kind::Animation,
        (Kind::Document, Format::Mp4) if wish.detect && facts.width > 0 => {
            if facts.sound {
                Kind::Video
            } else {
                Kind::Animation
            }
        }
        (Kind::Document, Format::Mp3 | Format::M4a) if wish.detect => Kind::Audio,
        (Kind::Document, Format::Webp) if wish.detect && facts.width.max(facts.height) <= 512 => {
            Kind::Sticker
        }
        (Kind::Video, Format::Gif) => Kind::Animation,
        (kind, _) => kind,
    }
}

fn photo(incoming: Incoming) -> Result<File, Unfit> {
    let renditions = match incoming.prepared {
        Some(prepared) => prepared.photo?,
        None => picture::photo(&incoming.bytes)?,
    };
    let sizes = Size::all(&PHOTO_BOXES, renditions);
    let largest = sizes.last().cloned().ok_or(Unfit::Process)?;
    let (width, height) = (largest.width, largest.height);
    let file = plain(Kind::Photo, largest.bytes, "photo.jpg".to_owned(), "image/jpeg".to_owned());
    Ok(File { width, height, sizes, ..file })
}

fn sticker(incoming: Incoming, facts: &Facts) -> Result<File, Unfit> {
    let Incoming { name, bytes, .. } = incoming;
    let (width, height) = (facts.width, facts.height);
    let moving = |name: &str, mime: &str, side| {
        let file = plain(Kind::Sticker, bytes.clone(), name.to_owned(), mime.to_owned());
        let thumbnail = picture::blank(side, side).map(|size| Size::new(THUMBNAIL, size));
        File { width, height, sizes: thumbnail.into_iter().collect(), ..file }
    };
    match facts.format {
        Format::Tgs => Ok(moving("sticker.tgs", "application/x-tgsticker", 128)),
        Format::Webm => Ok(moving("sticker.webm", "video/webm", 320)),
        Format::Jpeg | Format::Png | Format::Webp => {
            let (whole, small) = picture::sticker(&bytes)?;
            let (width, height) = (whole.width, whole.height);
            let sizes = vec![Size::new(THUMBNAIL, small)];
            let file = plain(Kind::Sticker, whole.bytes, "sticker.webp".to_owned(), "image/webp".to_owned());
            Ok(File { width, height, sizes, ..file })
        }
        // What is no sticker is sent as the file that it is.
        _ => {
            let mime = mime_of(&name).to_owned();
            Ok(plain(Kind::Document, bytes, name, mime))
        }
    }
}

fn other(incoming: Incoming, kind: Kind, wish: &Wish, facts: &Facts) -> File {
    let Incoming { mut name, mime, bytes, prepared } = incoming;
    let said = |said: u32, read: u32| if said > 0 { said } else { read };
    let (mut width, mut height) = (said(wish.width, facts.width), said(wish.height, facts.height));
    if kind == Kind::VideoNote {
        // It is round: what is not square is cut.
        width = said(wish.width, facts.width.min(facts.height)).clamp(1, 640);
        height = width;
    }
    let mut mime = mime.unwrap_or_else(|| mime_of(&name).to_owned());
    if kind == Kind::Animation && facts.format == Format::Gif {
        // Telegram turns a GIF into a film, and names it so.
        name = format!("{name}.mp4");
        "video/mp4".clone_into(&mut mime);
    }
    let given = wish.thumbnail.as_ref();
    let shaped = || {
        let picture = given.and_then(|bytes| picture::thumbnail(bytes, Some((width, height))));
        let drawn =
            || if facts.format == Format::Gif { picture::small(&bytes, Some((width, height))) } else { None };
        picture.or_else(drawn).or_else(|| picture::blank(width, height))
    };
    let thumbnail = match kind {
        Kind::Video | Kind::Animation | Kind::VideoNote if width > 0 && height > 0 => shaped(),
        Kind::Document => match prepared {
            Some(prepared) => prepared.small,
            None if matches!(facts.format, Format::Jpeg | Format::Png | Format::Webp) => {
                picture::small(&bytes, None)
            }
            None => None,
        }
        .or_else(|| picture::thumbnail(given?, None)),
        Kind::Audio => given.and_then(|bytes| picture::thumbnail(bytes, None)),
        _ => None,
    };
    let tags = [("performer", &wish.performer), ("title", &wish.title)];
    let tags = tags
        .into_iter()
        .filter(|_| kind == Kind::Audio)
        .filter_map(|(tag, value)| Some(format!("\"{tag}\":{}", serde_json::Value::from(value.as_deref()?))));
    let extra = tags.collect::<Vec<_>>().join(",");
    let is_timed = matches!(
        kind,
        Kind::Video | Kind::Animation | Kind::VideoNote | Kind::Audio | Kind::Voice | Kind::LivePhoto
    );
    let duration = if is_timed { said(wish.duration, facts.duration) } else { 0 };
    let sizes = thumbnail.map(|size| Size::new(THUMBNAIL, size)).into_iter().collect();
    File { width, height, duration, extra, sizes, ..plain(kind, bytes, name, mime) }
}

/// The MIME type that a file's name stands for.
pub(crate) fn mime_of(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/x-wav",
        "flac" => "audio/flac",
        "mid" | "midi" => "audio/midi",
        "tgs" => "application/x-tgsticker",
        "txt" | "log" => "text/plain",
        "csv" => "text/csv",
        "html" | "htm" => "text/html",
        "md" => "text/markdown",
        "json" => "application/json",
        "xml" => "application/xml",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "doc" => "application/msword",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls" => "application/vnd.ms-excel",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt" => "application/vnd.ms-powerpoint",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => "application/octet-stream",
    }
}
