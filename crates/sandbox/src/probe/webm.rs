//! `WebM`: elements in elements, each an id, a length and what it holds.

use super::{Facts, Format};

const SEGMENT: u64 = 0x1853_8067;
const INFO: u64 = 0x1549_a966;
const TIMECODE_SCALE: u64 = 0x002a_d7b1;
const DURATION: u64 = 0x4489;
const TRACKS: u64 = 0x1654_ae6b;
const TRACK: u64 = 0xae;
const TRACK_TYPE: u64 = 0x83;
const VIDEO: u64 = 0xe0;
const WIDTH: u64 = 0xb0;
const HEIGHT: u64 = 0xba;

/// Reads length and pixels from the segment's head.
pub(super) fn probe(bytes: &[u8]) -> Facts {
    let mut facts = Facts::of(Format::Webm);
    let Some(segment) = find(bytes, SEGMENT) else { return facts };
    if let Some(info) = find(segment, INFO) {
        // Nanoseconds of a tick.
        let scale = find(info, TIMECODE_SCALE).map_or(1_000_000, number);
        let ticks = find(info, DURATION).and_then(float).unwrap_or(0.0);
        facts.duration = whole_seconds(ticks, scale);
    }
    let tracks = find(segment, TRACKS).unwrap_or_default();
    for (_, track) in elements(tracks).filter(|(id, _)| *id == TRACK) {
        match find(track, TRACK_TYPE).map(number) {
            Some(1) => {
                let video = find(track, VIDEO).unwrap_or_default();
                let pixels = |id| find(video, id).map(number).and_then(|pixels| u32::try_from(pixels).ok());
                facts.width = pixels(WIDTH).unwrap_or(0);
                facts.height = pixels(HEIGHT).unwrap_or(0);
            }
            Some(2) => facts.sound = true,
            _ => {}
        }
    }
    facts
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the value is held between 0 and a year first"
)]
fn whole_seconds(ticks: f64, scale: u64) -> u32 {
    let seconds = ticks * scale as f64 / 1e9;
    if seconds.is_finite() { seconds.clamp(0.0, 31_536_000.0).round() as u32 } else { 0 }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

fn float(bytes: &[u8]) -> Option<f64> {
    match bytes.len() {
        4 => Some(f64::from(f32::from_be_bytes(bytes.try_into().ok()?))),
        8 => Some(f64::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

fn find(bytes: &[u8], wanted: u64) -> Option<&[u8]> {
    elements(bytes).find(|(id, _)| *id == wanted).map(|(_, content)| content)
}

/// The elements that stand side by side; ends at the first that cannot be read.
fn elements(mut rest: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        let id_length = usize::try_from(rest.first()?.leading_zeros()).ok()? + 1;
        let id = number(rest.get(..id_length.min(8))?);
        let sized = rest.get(id_length..)?;
        let length_length = usize::try_from(sized.first()?.leading_zeros()).ok()? + 1;
        let raw = number(sized.get(..length_length)?);
        // The length's own marker bit does not count; all ones mean "to the end".
        let mask = (1_u64 << (7 * length_length).min(63)) - 1;
        let content = sized.get(length_length..)?;
        let length = if raw & mask == mask { content.len() } else { usize::try_from(raw & mask).ok()? };
        let (content, after) = content.split_at(length.min(content.len()));
        rest = after;
        Some((id, content))
    })
}
