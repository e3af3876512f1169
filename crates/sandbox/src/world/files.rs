//! Files: what bots and people sent.

use std::collections::HashMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::message::Kind;

/// A file that was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct File {
    pub kind: Kind,
    #[serde(with = "super::save::base64")]
    pub bytes: Bytes,
    pub name: String,
    pub mime: String,
    /// Pixels; 0 where it has none.
    pub width: u32,
    pub height: u32,
    /// Seconds.
    pub duration: u32,
    /// Set with the file: performer, title, emoji…, as JSON fields.
    pub extra: String,
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

    /// The file that a `file_id` names.
    pub fn find(&self, file_id: &str) -> Option<(u32, &File)> {
        let number = file_id.strip_prefix("sandbox-")?.rsplit('-').next()?.parse().ok()?;
        let file = self.get(number)?;
        file_id.starts_with(&format!("sandbox-{}-", file.kind.field())).then_some((number, file))
    }
}

/// The `file_id` of a file. Sizes of one photo differ in `part`.
pub(crate) fn file_id(kind: Kind, part: &str, number: u32) -> String {
    format!("sandbox-{}-{part}-{number}", kind.field())
}

/// The path under which a file is downloaded.
pub(crate) fn file_path(number: u32, file: &File) -> String {
    let folder = match file.kind {
        Kind::Photo => "photos",
        Kind::Video => "videos",
        Kind::Voice => "voice",
        Kind::Audio => "music",
        Kind::Sticker => "stickers",
        Kind::Animation => "animations",
        Kind::VideoNote => "video_notes",
        _ => "documents",
    };
    let ending = file.name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{folder}/file_{number}.{ending}")
}

/// The number in a path that [`file_path`] made.
pub(crate) fn number_in_path(path: &str) -> Option<u32> {
    path.rsplit('/').next()?.strip_prefix("file_")?.split('.').next()?.parse().ok()
}
