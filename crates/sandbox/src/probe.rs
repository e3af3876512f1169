//! What a file is, read from its bytes.

use crate::picture;

mod mp3;
mod mp4;
mod ogg;
mod webm;

/// A format that Telegram treats in a way of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Gif,
    Webp,
    /// MPEG-4 with a picture track.
    Mp4,
    /// MPEG-4 with sound alone.
    M4a,
    Webm,
    Ogg,
    Mp3,
    /// A gzipped animation: an animated sticker.
    Tgs,
    Other,
}

/// What the bytes of a file tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub format: Format,
    /// Pixels; 0 when unknown.
    pub width: u32,
    pub height: u32,
    /// Seconds, rounded; 0 when unknown.
    pub duration: u32,
    /// Whether a video has sound.
    pub sound: bool,
}

impl Facts {
    const fn of(format: Format) -> Self {
        Self { format, width: 0, height: 0, duration: 0, sound: false }
    }
}

/// Reads what there is to read; never fails, whatever the bytes.
pub(crate) fn probe(bytes: &[u8]) -> Facts {
    let picture = |format| {
        let (width, height) = picture::dimensions(bytes).unwrap_or_default();
        Facts { width, height, ..Facts::of(format) }
    };
    match bytes {
        [0xff, 0xd8, 0xff, ..] => picture(Format::Jpeg),
        [0x89, b'P', b'N', b'G', ..] => picture(Format::Png),
        [b'G', b'I', b'F', b'8', ..] => picture(Format::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => picture(Format::Webp),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => mp4::probe(bytes),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => webm::probe(bytes),
        [b'O', b'g', b'g', b'S', ..] => Facts { duration: ogg::seconds(bytes), ..Facts::of(Format::Ogg) },
        [0x1f, 0x8b, ..] => Facts { width: 512, height: 512, ..Facts::of(Format::Tgs) },
        _ => match mp3::seconds(bytes) {
            Some(duration) => Facts { duration, ..Facts::of(Format::Mp3) },
            None => Facts::of(Format::Other),
        },
    }
}

/// `value / per`, rounded to the next whole number.
fn rounded(value: u64, per: u64) -> u32 {
    if per == 0 {
        return 0;
    }
    u32::try_from(value.saturating_add(per / 2) / per).unwrap_or(u32::MAX)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
}

fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    let (high, low) = (be32(bytes, at)?, be32(bytes, at.checked_add(4)?)?);
    Some((u64::from(high) << 32) | u64::from(low))
}
