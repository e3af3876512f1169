//! Small files that pass for real ones.

use bytes::Bytes;

use crate::picture;
use crate::world::message::Kind;

/// Name and bytes of a made-up file.
pub(super) fn file(kind: Kind) -> (&'static str, Bytes) {
    match kind {
        Kind::Photo => ("photo.jpg", picture::garden(640, 480)),
        Kind::Video => ("video.mp4", movie(640, 480, 3)),
        Kind::Animation => ("animation.mp4", movie(640, 480, 3)),
        Kind::VideoNote => ("note.mp4", movie(240, 240, 2)),
        Kind::Voice => ("voice.ogg", recording(2)),
        Kind::Audio => ("jasmine.mp3", music()),
        Kind::Sticker => ("sticker.webp", sticker()),
        _ => ("tea list.txt", Bytes::from_static(b"Jasmine\nOolong\nLotus\n")),
    }
}

/// An MP4 of these pixels and seconds, without a frame in it.
fn movie(width: u32, height: u32, seconds: u32) -> Bytes {
    let mut header = vec![0; 100];
    header[12..16].copy_from_slice(&1_000_u32.to_be_bytes());
    header[16..20].copy_from_slice(&(seconds * 1_000).to_be_bytes());
    let mut track = vec![0; 84];
    // The matrix that turns nothing.
    track[40..44].copy_from_slice(&0x1_0000_u32.to_be_bytes());
    track[76..80].copy_from_slice(&(width << 16).to_be_bytes());
    track[80..84].copy_from_slice(&(height << 16).to_be_bytes());
    let mut handler = vec![0; 25];
    handler[8..12].copy_from_slice(b"vide");
    let media = boxed(*b"mdia", &boxed(*b"hdlr", &handler));
    let track = boxed(*b"trak", &[boxed(*b"tkhd", &track), media].concat());
    let movie = boxed(*b"moov", &[boxed(*b"mvhd", &header), track].concat());
    [boxed(*b"ftyp", b"mp42\0\0\0\0mp42isom"), movie, boxed(*b"mdat", &[])].concat().into()
}

fn boxed(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap_or(u32::MAX);
    [length.to_be_bytes().as_slice(), &name, content].concat()
}

/// An Opus recording of these seconds, all of them silent: head and last page.
fn recording(seconds: u64) -> Bytes {
    let page = |kind: u8, position: u64, content: &[u8]| {
        let length = u8::try_from(content.len()).unwrap_or(u8::MAX);
        let mut page = b"OggS\0".to_vec();
        page.push(kind);
        page.extend(position.to_le_bytes());
        page.extend([0; 12]);
        page.extend([1, length]);
        page.extend(content);
        page
    };
    let head = page(2, 0, b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0");
    [head, page(4, seconds * 48_000, b"\xf8\xff\xfe")].concat().into()
}

/// Three minutes of an MP3, by what its first frame says; the frames themselves are left out.
fn music() -> Bytes {
    // Version 1, layer III, 128 kilobits and 44,100 samples a second, in stereo.
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(36, 0);
    frame.extend(b"Info");
    frame.extend(1_u32.to_be_bytes());
    frame.extend((180 * 44_100_u32 / 1_152).to_be_bytes());
    frame.resize(417, 0);
    frame.into()
}

/// A tile of tea green.
fn sticker() -> Bytes {
    picture::tile(512, [88, 140, 96])
}
