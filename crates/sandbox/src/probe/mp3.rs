//! MP3: frames with their rates in the header, perhaps behind a tag.

use super::{be32, rounded};

/// Kilobits a second of layer III, by the header's index: of version 1, and of versions 2 and 2.5.
const RATES: [[u32; 15]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// Length in seconds; `None` when it is no MP3.
pub(super) fn seconds(bytes: &[u8]) -> Option<u32> {
    let start = tag(bytes);
    let frame = bytes.get(start..)?;
    let Some(header) = Header::read(frame) else {
        // A tag without music is still called one.
        return (start > 0).then_some(0);
    };
    let per_second = u64::from(header.samples_a_second);
    if let Some(frames) = header.frames(frame) {
        return Some(rounded(u64::from(frames) * u64::from(header.samples), per_second));
    }
    let bits = u64::try_from(frame.len()).unwrap_or(u64::MAX).saturating_mul(8);
    Some(rounded(bits, u64::from(header.kilobits) * 1_000))
}

/// Bytes of an ID3 tag at the beginning.
fn tag(bytes: &[u8]) -> usize {
    match bytes {
        [b'I', b'D', b'3', _, _, _, a, b, c, d, ..] => {
            let length = [a, b, c, d].into_iter().fold(0, |sum, byte| (sum << 7) | usize::from(byte & 0x7f));
            length + 10
        }
        _ => 0,
    }
}

struct Header {
    kilobits: u32,
    samples_a_second: u32,
    /// Samples of a frame.
    samples: u32,
    is_first_version: bool,
    is_mono: bool,
}

impl Header {
    fn read(frame: &[u8]) -> Option<Self> {
        let word = be32(frame, 0)?;
        let (version, layer) = ((word >> 19) & 3, (word >> 17) & 3);
        if word >> 21 != 0x7ff || version == 1 || layer != 1 {
            return None;
        }
        let is_first_version = version == 3;
        let rates = &RATES[usize::from(!is_first_version)];
        let kilobits = *rates.get(usize::try_from((word >> 12) & 15).ok()?)?;
        let base = *[44_100, 48_000, 32_000].get(usize::try_from((word >> 10) & 3).ok()?)?;
        let samples_a_second = match version {
            3 => base,
            2 => base / 2,
            _ => base / 4,
        };
        let samples = if is_first_version { 1_152 } else { 576 };
        let header =
            Self { kilobits, samples_a_second, samples, is_first_version, is_mono: (word >> 6) & 3 == 3 };
        (kilobits > 0).then_some(header)
    }

    /// The number of frames that an encoder of variable rates wrote into the first.
    fn frames(&self, frame: &[u8]) -> Option<u32> {
        let at = match (self.is_first_version, self.is_mono) {
            (true, false) => 36,
            (true, true) | (false, false) => 21,
            (false, true) => 13,
        };
        let is_known = matches!(frame.get(at..at + 4)?, b"Xing" | b"Info") && be32(frame, at + 4)? & 1 == 1;
        is_known.then(|| be32(frame, at + 8)).flatten()
    }
}
