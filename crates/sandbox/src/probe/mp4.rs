//! MPEG-4: boxes in boxes, each a length, a name of four letters and what it holds.

use super::{Facts, Format, be32, be64, rounded};

/// Reads length and pixels from the `moov` box.
pub(super) fn probe(bytes: &[u8]) -> Facts {
    let brand_is_sound = bytes.get(8..11) == Some(b"M4A".as_slice());
    let mut facts = Facts::of(if brand_is_sound { Format::M4a } else { Format::Mp4 });
    let Some(movie) = find(bytes, *b"moov") else { return facts };
    if let Some(header) = find(movie, *b"mvhd") {
        facts.duration = seconds(header).unwrap_or(0);
    }
    let mut has_picture = false;
    for (name, track) in boxes(movie) {
        if name != *b"trak" {
            continue;
        }
        let handler = find(track, *b"mdia").and_then(|media| find(media, *b"hdlr"));
        match handler.and_then(|handler| handler.get(8..12)) {
            Some(b"vide") => {
                has_picture = true;
                if let Some((width, height)) = find(track, *b"tkhd").and_then(pixels) {
                    facts.width = facts.width.max(width);
                    facts.height = facts.height.max(height);
                }
            }
            Some(b"soun") => facts.sound = true,
            _ => {}
        }
    }
    if facts.sound && !has_picture {
        facts.format = Format::M4a;
    }
    facts
}

/// Length of the movie, from its header of version 0 (32 bits) or 1 (64 bits).
fn seconds(header: &[u8]) -> Option<u32> {
    let (scale, length) = match header.first()? {
        1 => (be32(header, 20)?, be64(header, 24)?),
        _ => (be32(header, 12)?, u64::from(be32(header, 16)?)),
    };
    Some(rounded(length, u64::from(scale)))
}

/// Width and height, which end a track's header as numbers of 16 and 16 bits, turned when the matrix turns them.
fn pixels(header: &[u8]) -> Option<(u32, u32)> {
    let size = header.len().checked_sub(8)?;
    let (width, height) = (be32(header, size)? >> 16, be32(header, size + 4)? >> 16);
    let first = be32(header, size.checked_sub(36)?)?;
    // A matrix whose first number is zero turns the picture by a quarter.
    Some(if first == 0 { (height, width) } else { (width, height) })
}

fn find(bytes: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    boxes(bytes).find(|(name, _)| *name == wanted).map(|(_, content)| content)
}

/// The boxes that stand side by side; ends at the first that does not fit.
fn boxes(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let name: [u8; 4] = rest.get(4..8)?.try_into().ok()?;
        let (start, length) = match be32(rest, 0)? {
            0 => (8, rest.len()),
            1 => (16, usize::try_from(be64(rest, 8)?).ok()?),
            length => (8, usize::try_from(length).ok()?),
        };
        // A box that goes on past the end is cut: a file may be truncated.
        let length = length.min(rest.len());
        let content = rest.get(start..length)?;
        rest = &rest[length..];
        Some((name, content))
    })
}
