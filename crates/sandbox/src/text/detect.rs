//! What Telegram finds in a text by itself: commands, mentions, hashtags, cashtags, links, addresses, numbers.

use super::{Entity, utf16_len};

mod link;

/// Where what begins with the mark at a byte ends, if it is what it looks like.
type Search = fn(&str, usize) -> Option<usize>;

/// The entities of a text that its sender did not mark, in order and apart.
pub(crate) fn find(text: &str) -> Vec<Entity> {
    // Most messages have none of these, and this runs for every message.
    let has = |mark: u8| text.as_bytes().contains(&mark);
    if !text.bytes().any(|byte| matches!(byte, b'/' | b'@' | b'#' | b'$' | b'.' | b'+')) {
        return Vec::new();
    }
    let mut found: Vec<(&'static str, usize, usize)> = Vec::new();
    let searches: [(u8, &'static str, Search); 5] = [
        (b'@', "mention", mention),
        (b'/', "bot_command", command),
        (b'#', "hashtag", hashtag),
        (b'$', "cashtag", cashtag),
        (b'+', "phone_number", phone),
    ];
    for (mark, kind, search) in searches.into_iter().filter(|(mark, ..)| has(*mark)) {
        let mut from = 0;
        while let Some(at) = text[from..].find(char::from(mark)).map(|at| from + at) {
            from = at + 1;
            if let Some(end) = search(text, at) {
                found.push((kind, at, end));
                from = end;
            }
        }
    }
    if has(b'.') {
        link::find(text, &mut found);
    }
    in_units(text, found)
}

/// Sorts, keeps what does not overlap, and counts in UTF-16 units.
fn in_units(text: &str, mut found: Vec<(&'static str, usize, usize)>) -> Vec<Entity> {
    found.sort_by_key(|(_, from, to)| (*from, std::cmp::Reverse(*to)));
    let (mut byte, mut units) = (0, 0);
    let mut entities = Vec::with_capacity(found.len());
    for (kind, from, to) in found {
        if from < byte {
            continue;
        }
        units += utf16_len(&text[byte..from]);
        let length = utf16_len(&text[from..to]);
        entities.push(Entity::new(kind, units, length));
        units += length;
        byte = to;
    }
    entities
}

fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// A letter, a digit or an underscore of any script.
fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn is_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// Where a run of such characters that begins at `from` ends.
fn run(text: &str, from: usize, fits: impl Fn(char) -> bool) -> usize {
    text[from..].find(|char| !fits(char)).map_or(text.len(), |length| from + length)
}

fn mention(text: &str, at: usize) -> Option<usize> {
    let end = run(text, at + 1, is_name);
    let name = &text[at + 1..end];
    let is_short = ["gif", "nft", "pic", "ufc", "vid"].contains(&name.to_ascii_lowercase().as_str());
    let fits = (4..=32).contains(&name.len()) || is_short;
    (fits && !before(text, at).is_some_and(is_word) && !after(text, end).is_some_and(is_word)).then_some(end)
}

fn command(text: &str, at: usize) -> Option<usize> {
    let is_edge = |char: char| !is_word(char) && !matches!(char, '/' | '<' | '>');
    let mut end = run(text, at + 1, is_name);
    if !(1..=64).contains(&(end - at - 1)) || !before(text, at).is_none_or(is_edge) {
        return None;
    }
    if text[end..].starts_with('@') {
        let name_end = run(text, end + 1, is_name);
        if !(3..=32).contains(&(name_end - end - 1)) {
            return None;
        }
        end = name_end;
    }
    after(text, end).is_none_or(is_edge).then_some(end)
}

fn is_tag(char: char) -> bool {
    char.is_alphanumeric()
        || matches!(char, '_' | '\u{200C}' | '·')
        || ('\u{D80}'..='\u{DFF}').contains(&char)
}

fn hashtag(text: &str, at: usize) -> Option<usize> {
    let run_end = run(text, at + 1, is_tag);
    let end = text[at + 1..run_end].char_indices().nth(256).map_or(run_end, |(length, _)| at + 1 + length);
    let has_letter = text[at + 1..end].chars().any(char::is_alphabetic);
    if before(text, at).is_some_and(is_tag) || !has_letter {
        return None;
    }
    let end = if end == run_end { at_chat(text, end).unwrap_or(end) } else { end };
    (!text[end.max(run_end)..].starts_with('#')).then_some(end)
}

/// `@name` behind a tag, which searches in that chat.
fn at_chat(text: &str, at: usize) -> Option<usize> {
    text[at..].strip_prefix('@')?;
    let end = run(text, at + 1, is_name);
    (3..=32).contains(&(end - at - 1)).then_some(end)
}

fn cashtag(text: &str, at: usize) -> Option<usize> {
    let end = if text[at + 1..].starts_with("1INCH") {
        at + 6
    } else {
        run(text, at + 1, |char| char.is_ascii_uppercase())
    };
    let is_part = |char: char| is_tag(char) || char == '$';
    if !(1..=8).contains(&(end - at - 1)) || before(text, at).is_some_and(is_part) {
        return None;
    }
    let end = at_chat(text, end).unwrap_or(end);
    (!after(text, end).is_some_and(is_part)).then_some(end)
}

/// An international number, digits without spaces.
fn phone(text: &str, at: usize) -> Option<usize> {
    let end = run(text, at + 1, |char| char.is_ascii_digit());
    let fits = (10..=15).contains(&(end - at - 1));
    (fits && !before(text, at).is_some_and(is_word) && !after(text, end).is_some_and(is_word)).then_some(end)
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
        let found = spans(
            "👋 /ask@lotus_bot see @nino_b, #tea $TON at https://example.com/a?b. or mail a@example.org, call +995555000111",
        );
        let expected = [
            ("bot_command", "/ask@lotus_bot"),
            ("mention", "@nino_b"),
            ("hashtag", "#tea"),
            ("cashtag", "$TON"),
            ("url", "https://example.com/a?b"),
            ("email", "a@example.org"),
            ("phone_number", "+995555000111"),
        ];
        assert_eq!(found, expected.map(|(kind, text)| (kind.to_owned(), text.to_owned())));
    }

    #[test]
    fn plain_prose_holds_nothing() {
        let none = "I paid 3.50 for and/or. #12 isn't a tag, /usr/bin no command, a@b no mention, end.Next one, @abc 1+1";
        assert_eq!(spans(none), []);
    }

    #[test]
    fn links_end_where_prose_goes_on() {
        let found = spans(
            "(https://en.wikipedia.org/wiki/Tea_(drink)), http://localhost:80/x, tea.example.shop/a#b!",
        );
        let texts: Vec<_> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["https://en.wikipedia.org/wiki/Tea_(drink)", "tea.example.shop/a#b"]);
        assert_eq!(spans("чай.рф ftp://files.example.net")[0].1, "чай.рф");
    }
}
