//! People and groups by keyed names.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// RFC 4648, lower case.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// `prefix` and eight letters: the first 40 bits of HMAC-SHA256(key, prefix ‖ subject).
pub(crate) fn pseudonym(key: &[u8; 32], prefix: char, subject: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    let mut domain = [0; 4];
    mac.update(prefix.encode_utf8(&mut domain).as_bytes());
    mac.update(subject);
    let digest = mac.finalize().into_bytes();
    let bits = digest[..5].iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let letters = (0..8).rev().map(|place| {
        let index = usize::try_from(bits >> (5 * place) & 31).expect("five bits");
        char::from(ALPHABET[index])
    });
    std::iter::once(prefix).chain(letters).collect()
}

/// A private chat has its person's id, so it gets the person's name.
pub(crate) fn chat(key: &[u8; 32], id: i64) -> String {
    pseudonym(key, if id > 0 { 'p' } else { 'g' }, &id.to_be_bytes())
}

/// A lane key with its chat or query id replaced: `-100123/45`, `123`, `q987`; `j55` names a job and stays.
pub(crate) fn lane(key: &[u8; 32], lane: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if lane.strip_prefix('j').is_some_and(digits) {
        return lane.to_owned();
    }
    // The upper half of a callback query's id is the person's id.
    if let Some(query) = lane.strip_prefix('q').filter(|rest| digits(rest)) {
        return pseudonym(key, 'q', query.as_bytes());
    }
    let (chat_id, topic) = lane.split_once('/').map_or((lane, None), |(chat, topic)| (chat, Some(topic)));
    match (chat_id.parse::<i64>(), topic) {
        (Ok(id), None) => chat(key, id),
        (Ok(id), Some(topic)) if digits(topic) => format!("{}/{topic}", chat(key, id)),
        _ => pseudonym(key, 'l', lane.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn one_key_gives_one_name_and_another_key_another() {
        let name = chat(&KEY, 42);
        assert_eq!(name, chat(&KEY, 42));
        assert_ne!(name, chat(&[8; 32], 42));
        assert_ne!(name, chat(&KEY, 43));
        assert_eq!(name.len(), 9);
        assert!(name.starts_with('p') && name[1..].bytes().all(|byte| ALPHABET.contains(&byte)));
    }

    #[test]
    fn the_name_is_the_head_of_the_hmac() {
        // From Python: b32encode(hmac.digest(bytes([7] * 32), b"p" + (42).to_bytes(8, "big"), "sha256")[:5])
        assert_eq!(chat(&KEY, 42), "promxcb4l");
    }

    #[test]
    fn a_lane_keeps_its_shape_and_loses_its_ids() {
        let group = chat(&KEY, -100_123);
        assert!(group.starts_with('g'));
        assert_eq!(lane(&KEY, "-100123/45"), format!("{group}/45"));
        assert_eq!(lane(&KEY, "-100123"), group);
        assert_eq!(lane(&KEY, "123"), chat(&KEY, 123));
        assert_eq!(lane(&KEY, "j55"), "j55");
        let query = lane(&KEY, "q987");
        assert!(query.starts_with('q') && query.len() == 9 && !query.contains("987"));
        for odd in ["", "hello", "12/ab", "q", "jx", "日本"] {
            assert!(lane(&KEY, odd).starts_with('l'), "{odd}");
        }
    }
}
