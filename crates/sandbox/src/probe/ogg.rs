//! Ogg with Opus: pages, each with the position of its last sample.

/// Samples a second of Opus, whatever was recorded.
const RATE: u64 = 48_000;

/// Length in seconds, from the position of the last page.
pub(super) fn seconds(bytes: &[u8]) -> u32 {
    let pages = bytes.windows(4).rposition(|four| four == b"OggS");
    let position = pages.and_then(|page| {
        let eight: [u8; 8] = bytes.get(page + 6..page + 14)?.try_into().ok()?;
        Some(u64::from_le_bytes(eight)).filter(|position| *position != u64::MAX)
    });
    let head = bytes.windows(8).position(|eight| eight == b"OpusHead");
    let skipped =
        head.and_then(|head| Some(u16::from_le_bytes([*bytes.get(head + 10)?, *bytes.get(head + 11)?])));
    super::rounded(position.unwrap_or(0).saturating_sub(u64::from(skipped.unwrap_or(0))), RATE)
}
