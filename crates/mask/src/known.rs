//! Exact known values, in every form in which they may turn up.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::spans::{Put, Spans};

/// Shorter values are not registered: they would mask half of every line.
const SHORTEST: usize = 4;
/// Shorter values are looked for as they stand only: their encoded forms are too short to mean anything.
const SHORTEST_ENCODED: usize = 6;
/// From this length the part of a bot token behind the colon is a value of its own.
const SHORTEST_TOKEN_PART: usize = 12;

/// The forms that are looked for, and the automaton that finds all of them in one pass.
#[derive(Default)]
pub(crate) struct Known {
    forms: BTreeSet<String>,
    automaton: Option<AhoCorasick>,
}

impl Known {
    /// These values and one more; `None` when the value is too short to be looked for.
    pub fn with(&self, value: &str) -> Option<Self> {
        let mut forms = self.forms.clone();
        if value.len() < SHORTEST {
            return None;
        }
        add_forms(value, &mut forms);
        if let Some((id, rest)) = value.split_once(':')
            && !id.is_empty()
            && id.bytes().all(|byte| byte.is_ascii_digit())
            && rest.len() >= SHORTEST_TOKEN_PART
        {
            add_forms(rest, &mut forms);
        }
        // Overlapping matches need the standard kind: two secrets that share characters are both covered.
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&forms).ok();
        // Building fails only past 2³¹ states; the values before it are then still looked for.
        let automaton = automaton.or_else(|| self.automaton.clone());
        Some(Self { forms, automaton })
    }

    pub fn find(&self, text: &str, spans: &mut Spans) {
        let Some(automaton) = &self.automaton else { return };
        for found in automaton.find_overlapping_iter(text) {
            spans.add(found.range(), Put::Masked);
        }
    }
}

fn add_forms(value: &str, forms: &mut BTreeSet<String>) {
    forms.insert(value.to_owned());
    if value.len() < SHORTEST_ENCODED {
        return;
    }
    for (upper, plus) in [(true, false), (false, false), (true, true)] {
        forms.insert(url_encoded(value, upper, plus));
    }
    let once = json_escaped(value);
    forms.insert(json_escaped(&once));
    forms.insert(once);
    forms.insert(value.escape_debug().to_string());
    for lead in 0..3 {
        forms.insert(base64_core(value, lead, &STANDARD_NO_PAD));
        forms.insert(base64_core(value, lead, &URL_SAFE_NO_PAD));
    }
}

/// Everything but unreserved characters in percent form; `plus` writes a space as `+`, as forms do.
fn url_encoded(value: &str, upper: bool, plus: bool) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' if plus => out.push('+'),
            _ => {
                let digit = |half: u8| {
                    let digit = char::from_digit(half.into(), 16).expect("half a byte is one digit");
                    if upper { digit.to_ascii_uppercase() } else { digit }
                };
                out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out
}

fn json_escaped(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The characters of a base64 text that `value` alone decides when `lead` bytes (mod 3) stand before it.
fn base64_core(value: &str, lead: usize, engine: &impl base64::Engine) -> String {
    let mut bytes = vec![0; lead];
    bytes.extend_from_slice(value.as_bytes());
    let text = engine.encode(&bytes);
    let decided_from = (lead * 8).div_ceil(6);
    let decided_to = bytes.len() * 8 / 6;
    text[decided_from..decided_to].to_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn masked(secrets: &[&str], text: &str) -> String {
        let known = secrets.iter().fold(Known::default(), |known, secret| known.with(secret).unwrap());
        let mut spans = Spans::default();
        known.find(text, &mut spans);
        spans.apply(text)
    }

    #[test]
    fn every_form_of_a_value_is_found() {
        let secret = "p@ss/\"wörd\" x";
        let url = "p%40ss%2F%22w%C3%B6rd%22%20x";
        assert_eq!(masked(&[secret], secret), "[masked]");
        assert_eq!(masked(&[secret], url), "[masked]");
        assert_eq!(masked(&[secret], &url.to_lowercase()), "[masked]");
        assert_eq!(masked(&[secret], &url.replace("%20", "+")), "[masked]");
        assert_eq!(masked(&[secret], &serde_json::to_string(secret).unwrap()), "\"[masked]\"");
    }

    #[test]
    fn base64_is_found_at_every_alignment() {
        let secret = "correct-horse-battery";
        for lead in ["", "a", "ab", "abc", "user:"] {
            for tail in ["", "z", "zz"] {
                let text = STANDARD.encode(format!("{lead}{secret}{tail}"));
                let out = masked(&[secret], &text);
                assert!(out.contains("[masked]"), "{text}");
                assert!(out.replace("[masked]", "").len() <= 14, "{out} keeps too much of {text}");
            }
        }
    }

    #[test]
    fn values_that_share_characters_are_both_covered() {
        assert_eq!(masked(&["abcdef", "defghi"], "x abcdefghi y"), "x [masked] y");
        assert_eq!(masked(&["abcdef", "abcdefghi"], "abcdefghi"), "[masked]");
    }

    #[test]
    fn the_secret_part_of_a_bot_token_is_a_value_too() {
        let part = "s".repeat(35);
        assert_eq!(masked(&[&format!("1000001:{part}")], &format!("only {part}")), "only [masked]");
    }

    #[test]
    fn a_short_value_is_not_looked_for() {
        assert!(Known::default().with("abc").is_none());
        assert_eq!(masked(&["abcd"], "abcd"), "[masked]");
    }
}
