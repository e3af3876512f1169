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

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;

    /// The head of a `WebM` of 512 by 300 pixels and 2.5 seconds.
    const WEBM: &[u8] = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff\x15\x49\xa9\x66\x8e\x2a\xd7\xb1\x83\
        \x0f\x42\x40\x44\x89\x84\x45\x1c\x40\x00\x16\x54\xae\x6b\x8f\xae\x8d\x83\x81\x01\xe0\x88\xb0\x82\x02\x00\xba\x82\x01\x2c";

    #[test]
    fn a_webm_tells_its_pixels_and_seconds() {
        let facts = probe(WEBM);
        assert_eq!((facts.format, facts.width, facts.height, facts.duration), (Format::Webm, 512, 300, 3));
    }

    #[test]
    fn an_mp3_without_a_count_of_frames_is_measured_by_its_rate() {
        // 320 kilobits a second: 40,000 bytes are a second.
        let mut music = vec![0xff, 0xfb, 0xe4, 0xc4];
        music.resize(120_000, 0);
        let facts = probe(&music);
        assert_eq!((facts.format, facts.duration), (Format::Mp3, 3));
    }

    #[test]
    fn whatever_the_bytes_are_reading_them_ends() {
        let mut rng = StdRng::seed_from_u64(7);
        let heads: [&[u8]; 5] = [
            WEBM,
            b"\0\0\0\x10ftypmp42\0\0\0\0\0\0\0\x40moov\0\0\0\x38trak\0\0\0\x10tkhd\0\0\0\0\0\0\0\0mdia",
            b"OggS\0\x02\0\0\0\0\0\0\0\0OpusHead\x01\x01",
            b"ID3\x04\0\0\x7f\x7f\x7f\x7f\xff\xfb\x90\x64Info",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\0\0\0\0",
        ];
        for head in heads {
            for _ in 0..2_000 {
                let mut bytes = head.to_vec();
                bytes.truncate(rng.random_range(0..=bytes.len()));
                bytes.extend((0..rng.random_range(0..64)).map(|_| rng.random::<u8>()));
                for _ in 0..rng.random_range(0..4) {
                    if !bytes.is_empty() {
                        let at = rng.random_range(0..bytes.len());
                        bytes[at] = rng.random();
                    }
                }
                let facts = probe(&bytes);
                assert!(facts.duration < u32::MAX || facts.format != Format::Other);
            }
        }
    }
}
