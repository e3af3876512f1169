//! What Telegram finds in a text by itself: commands, mentions, hashtags, links, addresses.

use super::{Entity, utf16_len};

/// The entities of a text that its sender did not mark.
pub(crate) fn find(text: &str) -> Vec<Entity> {
    // Most messages have none of these, and this runs for every message.
    if !text.bytes().any(|byte| matches!(byte, b'/' | b'@' | b'#' | b'$' | b'.')) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut byte, mut offset) = (0, 0);
    for word in text.split_inclusive(char::is_whitespace) {
        let body = word.trim_end();
        if let Some((kind, start, end)) = classify(body) {
            let before = utf16_len(&body[..start]);
            found.push(Entity::new(kind, offset + before, utf16_len(&body[start..end])));
        }
        byte += word.len();
        offset += utf16_len(word);
    }
    debug_assert_eq!(byte, text.len(), "the words make up the text");
    found
}

/// Kind and byte range of what a word holds.
fn classify(word: &str) -> Option<(&'static str, usize, usize)> {
    let start =
        word.find(|char: char| !matches!(char, '(' | '[' | '{' | '"' | '\'' | '«' | '“' | ',' | '!' | '?'))?;
    let rest = &word[start..];
    let name_end = |text: &str| {
        text.find(|char: char| !(char.is_ascii_alphanumeric() || char == '_')).unwrap_or(text.len())
    };
    if let Some(name) = rest.strip_prefix('/') {
        let length = name_end(name);
        if !(1..=64).contains(&length) || name[length..].starts_with('/') {
            return None;
        }
        let at = &name[length..];
        let suffix =
            at.strip_prefix('@').map(name_end).filter(|length| *length >= 3).map_or(0, |length| length + 1);
        return Some(("bot_command", start, start + 1 + length + suffix));
    }
    if let Some(name) = rest.strip_prefix('@') {
        let length = name_end(name);
        return (4..=32).contains(&length).then_some(("mention", start, start + 1 + length));
    }
    if let Some(tag) = rest.strip_prefix('#') {
        let length = tag.find(|char: char| !(char.is_alphanumeric() || char == '_')).unwrap_or(tag.len());
        let is_number = tag[..length].chars().all(char::is_numeric);
        return (length > 0 && !is_number).then_some(("hashtag", start, start + 1 + length));
    }
    if let Some(tag) = rest.strip_prefix('$') {
        let length = tag.find(|char: char| !char.is_ascii_uppercase()).unwrap_or(tag.len());
        return (1..=8).contains(&length).then_some(("cashtag", start, start + 1 + length));
    }
    link(word, start)
}

fn link(word: &str, start: usize) -> Option<(&'static str, usize, usize)> {
    let is_end = |char: char| {
        matches!(char, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '"' | '\'' | '»' | '”')
    };
    let rest = word[start..].trim_end_matches(is_end);
    let end = start + rest.len();
    let lower = rest.to_ascii_lowercase();
    let bare = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let host = bare.unwrap_or(&lower).split(['/', '?', '#', ':']).next()?;
    let (name, top) = host.rsplit_once('.')?;
    if let Some((local, domain)) = name.split_once('@') {
        let is_local = |char: char| char.is_ascii_alphanumeric() || "._+-%".contains(char);
        let fits = bare.is_none() && !local.is_empty() && local.chars().all(is_local) && !domain.is_empty();
        return (fits && is_top(top)).then_some(("email", start, end));
    }
    let is_host = |char: char| char.is_alphanumeric() || char == '-' || char == '.';
    let fits = !name.is_empty() && name.chars().all(is_host) && !name.starts_with('.');
    let known = bare.is_some() && top.len() >= 2 || is_top(top);
    (fits && known).then_some(("url", start, end))
}

/// Top-level domains that make a bare word a link; Telegram knows them all.
fn is_top(top: &str) -> bool {
    const COMMON: [&str; 22] = [
        "com", "org", "net", "io", "me", "dev", "app", "info", "biz", "shop", "de", "fr", "es", "it", "uk",
        "ru", "cn", "jp", "ge", "eu", "us", "test",
    ];
    COMMON.contains(&top)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str) -> Vec<(String, String)> {
        find(text)
            .into_iter()
            .map(|entity| {
                let slice = crate::text::utf16_slice(text, entity.offset, entity.length).unwrap();
                (entity.kind, slice.to_owned())
            })
            .collect()
    }

    #[test]
    fn commands_mentions_and_links_are_found() {
        let found =
            spans("👋 /ask@lotus_bot see @nino_b, #tea at https://example.com/a?b. or mail a@example.org");
        let expected = [
            ("bot_command", "/ask@lotus_bot"),
            ("mention", "@nino_b"),
            ("hashtag", "#tea"),
            ("url", "https://example.com/a?b"),
            ("email", "a@example.org"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind.to_owned(), text.to_owned())));
    }

    #[test]
    fn plain_prose_holds_nothing() {
        assert!(spans("I paid 3.50 for and/or. #12 isn't a tag, /usr/bin no command").is_empty());
    }
}
