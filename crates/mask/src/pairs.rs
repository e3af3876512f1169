//! Values that stand behind a name: `password=…`, `"token": "…"`, `--secret …`.

use std::ops::Range;

use crate::MASKED;
use crate::spans::{Put, Spans};

/// Names whose value is a secret, when they end a longer name too (`client_secret`, `accessToken`).
pub(crate) const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "token",
    "secret",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
    "accesskey",
    "secret_key",
    "secret-key",
    "secretkey",
    "private_key",
    "private-key",
    "privatekey",
    "encryption_key",
    "signing_key",
    "auth_key",
    "credential",
    "credentials",
];

/// Headers whose unquoted value goes to the end of the line.
pub(crate) const HEADERS: &[&str] = &["authorization", "cookie"];

/// Looks behind a name that ends at `end`.
pub(crate) fn find(text: &str, name: Range<usize>, header: bool, spans: &mut Spans) {
    if let Some(value) = separator(text, &name).and_then(|from| value(text, from, header)) {
        spans.add(value, Put::Masked);
    }
}

/// Where the value begins.
fn separator(text: &str, name: &Range<usize>) -> Option<usize> {
    let rest = &text[name.end..];
    let quoted = rest.trim_start_matches('\\');
    let closed = quoted.strip_prefix(['"', '\'', ']', '`']).unwrap_or(rest);
    let spaced = closed.trim_start_matches([' ', '\t']);
    let value = if let Some(value) = spaced.strip_prefix("=>").or_else(|| spaced.strip_prefix('=')) {
        value.trim_start_matches('=')
    } else if let Some(value) = spaced.strip_prefix("%3D").or_else(|| spaced.strip_prefix("%3d")) {
        value
    } else if let Some(value) = spaced.strip_prefix(':') {
        // `token::Kind` is a path and `secret://` a scheme.
        if value.starts_with(':') || value.starts_with("//") {
            return None;
        }
        value
    } else if spaced.len() < rest.len() && is_option(text, name.start) {
        spaced
    } else {
        return None;
    };
    let value = value.trim_start_matches([' ', '\t']);
    Some(text.len() - value.len())
}

/// True when the name that holds `at` begins with two dashes, as on a command line.
fn is_option(text: &str, at: usize) -> bool {
    let word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let head = &text[..at];
    head[head.trim_end_matches(word).len()..].starts_with("--")
}

fn value(text: &str, from: usize, header: bool) -> Option<Range<usize>> {
    let from = skip_wrappers(text, from);
    let rest = &text[from..];
    let escapes = rest.len() - rest.trim_start_matches('\\').len();
    let inner = &rest[escapes..];
    if let Some(quote) = inner.chars().next().filter(|character| matches!(character, '"' | '\'')) {
        let start = from + escapes + 1;
        if let Some(end) = closing(text, start, quote, escapes) {
            return Some(start..end);
        }
        return Some(start..unquoted_end(text, start, header));
    }
    let end = unquoted_end(text, from, header);
    let word = text[from..end].trim_end_matches([',', ';', '.', ')', '}', ']']);
    let plain = matches!(word, "null" | "None" | "true" | "false" | "nil");
    (end > from && !plain).then_some(from..end)
}

/// Steps over `Some(`, `Ok(`, `[`, `{` and the `b` of a byte string: Debug output wraps values in them.
fn skip_wrappers(text: &str, mut from: usize) -> usize {
    loop {
        let rest = &text[from..];
        if rest.starts_with(MASKED) {
            return from;
        }
        let word =
            rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
        let step = match (word, rest[word..].bytes().next()) {
            (_, Some(b'(')) | (0, Some(b'[' | b'{')) => word + 1,
            (1, Some(b'"' | b'\'' | b'\\')) if matches!(rest.as_bytes()[0], b'b' | b'r') => 1,
            _ => return from,
        };
        from += step;
    }
}

/// Where the quote that was opened behind `escapes` backslashes closes. Nested levels of escaping double the
/// backslashes: a quote inside the value has more of them than the one that ends it.
fn closing(text: &str, start: usize, quote: char, escapes: usize) -> Option<usize> {
    text[start..].match_indices(quote).find_map(|(at, _)| {
        let end = start + at;
        let before = &text[start..end];
        let run = before.len() - before.trim_end_matches('\\').len();
        (run % (2 * (escapes + 1)) == escapes).then_some(end - escapes)
    })
}

/// Unquoted values end at white space, a quote, `&`, `<` or `>`; they take brackets and commas with them, for
/// a password may hold any of these.
fn unquoted_end(text: &str, from: usize, header: bool) -> usize {
    let ends = |character: char| match character {
        '"' | '<' | '>' | '\n' | '\r' => true,
        '&' | '\'' => !header,
        _ => !header && character.is_whitespace(),
    };
    let rest = &text[from..];
    let value = rest.find(ends).map_or(rest, |end| &rest[..end]);
    // The backslash before a quote belongs to the quote.
    let stopped_at_quote = rest[value.len()..].starts_with(['"', '\'']);
    let value = if stopped_at_quote { value.trim_end_matches('\\') } else { value };
    from + value.len()
}
