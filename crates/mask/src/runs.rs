//! One pass over the bytes for what begins with digits: card numbers, bot tokens, long hashes.

use crate::cards::Cards;
use crate::spans::{Put, Spans};

/// A hexadecimal run of this length looks like a secret or a hash.
const LONG_HEX: usize = 32;
/// What stays of it.
const KEPT_HEX: usize = 9;
/// A bot token is an id of at least this many digits, a colon, and…
const TOKEN_ID: usize = 5;
/// …at least this many letters, digits, `_` or `-`.
const TOKEN_SECRET: usize = 16;

pub(crate) fn find(text: &str, spans: &mut Spans) {
    let bytes = text.as_bytes();
    let mut cards = Cards::default();
    let mut hex_start = 0;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_hexdigit() {
            at += 1;
            hex_start = at;
            continue;
        }
        let run = at;
        if bytes[at].is_ascii_digit() {
            at = end_of(bytes, at, u8::is_ascii_digit);
            cards.group(text, run..at, spans);
            if at - run >= TOKEN_ID {
                token(bytes, run, at, spans);
            }
        } else {
            at = end_of(bytes, at, |byte| byte.is_ascii_hexdigit() && !byte.is_ascii_digit());
        }
        let ended = !bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        if ended && at - hex_start >= LONG_HEX {
            spans.add(hex_start + KEPT_HEX..at, Put::Cut);
        }
    }
    cards.finish(text, spans);
}

/// `<digits>:<secret>`, also with the colon in percent form, and the tokens of payment providers
/// (`<digits>:TEST:<more>`).
fn token(bytes: &[u8], id: usize, colon: usize, spans: &mut Spans) {
    let rest = &bytes[colon..];
    let mut secret = colon
        + match rest {
            [b':', ..] => 1,
            [b'%', b'3', b'A' | b'a', ..] => 3,
            _ => return,
        };
    let provider = bytes[secret..].starts_with(b"TEST:") || bytes[secret..].starts_with(b"LIVE:");
    if provider {
        secret += "TEST:".len();
    }
    let end = end_of(bytes, secret, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if end - secret >= TOKEN_SECRET || provider && end > secret {
        spans.add(id..end, Put::Masked);
    }
}

fn end_of(bytes: &[u8], from: usize, within: impl Fn(&u8) -> bool) -> usize {
    bytes[from..].iter().position(|byte| !within(byte)).map_or(bytes.len(), |length| from + length)
}
