//! Small files that pass for real ones.

use bytes::Bytes;

use crate::world::message::Kind;

/// Name, MIME type and bytes of a made-up file.
pub(super) fn file(kind: Kind) -> (&'static str, &'static str, Bytes) {
    match kind {
        Kind::Photo => ("photo.png", "image/png", picture(320, 240)),
        Kind::Video => ("video.mp4", "video/mp4", movie()),
        Kind::Animation => ("animation.mp4", "video/mp4", movie()),
        Kind::VideoNote => ("note.mp4", "video/mp4", movie()),
        Kind::Voice => {
            ("voice.ogg", "audio/ogg", Bytes::from_static(b"OggS\0\x02\0\0\0\0\0\0\0\0OpusHead\x01\x01"))
        }
        Kind::Audio => {
            ("jasmine.mp3", "audio/mpeg", Bytes::from_static(b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64"))
        }
        Kind::Sticker => ("sticker.webp", "image/webp", sticker()),
        _ => ("tea list.txt", "text/plain", Bytes::from_static(b"Jasmine\nOolong\nLotus\n")),
    }
}

/// Pixels of a file: read from a PNG, otherwise what is usual for its kind.
pub(super) fn dimensions(kind: Kind, bytes: &[u8]) -> (u32, u32) {
    let number = |at: usize| {
        bytes.get(at..at + 4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
    };
    if bytes.starts_with(b"\x89PNG")
        && let (Some(width @ 1..=20_000), Some(height @ 1..=20_000)) = (number(16), number(20))
    {
        return (width, height);
    }
    match kind {
        Kind::Photo | Kind::Video | Kind::Animation => (640, 480),
        Kind::VideoNote => (240, 240),
        Kind::Sticker => (512, 512),
        _ => (0, 0),
    }
}

/// The boxes with which an MP4 begins.
fn movie() -> Bytes {
    Bytes::from_static(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free\0\0\0\x08mdat")
}

/// A WebP of one pixel, losslessly packed.
fn sticker() -> Bytes {
    Bytes::from_static(b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0")
}

/// A PNG of stripes in eight shades of grey, so that a page shows something.
fn picture(width: u32, height: u32) -> Bytes {
    let mut raw = Vec::new();
    for row in 0..height {
        raw.push(0);
        raw.extend(
            (0..width).map(|column| u8::try_from(((row / 30 + column / 40) % 8) * 24 + 56).unwrap_or(0)),
        );
    }
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"IDAT", &stored(&raw));
    chunk(&mut png, *b"IEND", &[]);
    png.into()
}

/// A zlib stream that compresses nothing.
fn stored(raw: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = raw.len().div_ceil(65_535);
    for (index, block) in raw.chunks(65_535).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(index + 1 == blocks));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in raw {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    out.extend(((high << 16) | low).to_be_bytes());
    out
}

fn chunk(png: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    png.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let start = png.len();
    png.extend(kind);
    png.extend(data);
    let checksum = !png[start..].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    });
    png.extend(checksum.to_be_bytes());
}
