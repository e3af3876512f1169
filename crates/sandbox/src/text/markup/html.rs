//! `parse_mode: HTML`.

use super::{Builder, Parsed, Source, is_space, link};
use crate::text::{Entity, links};

const TAGS: [&str; 17] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
    "span",
    "pre",
    "code",
    "blockquote",
];

/// A tag that is open.
struct Open {
    tag: String,
    /// The one attribute of the tag that matters.
    argument: String,
    /// Of `tg-time`, seconds since 1970 UTC.
    date: i64,
    /// UTF-16 units.
    start: usize,
    /// Where its text begins in the result.
    from: usize,
}

/// Parses HTML as Telegram does.
pub(crate) fn html(raw: &str) -> Parsed {
    let source = Source(raw.as_bytes());
    let mut out = Builder::default();
    let mut stack: Vec<Open> = Vec::new();
    let mut at = 0;
    let mut half = false;
    while at < source.len() {
        match source.at(at) {
            b'&' => {
                if let Some((code, end)) = reference(&source, at) {
                    // Half of a surrogate pair is no character, and two halves do not become one.
                    half |= char::from_u32(code).is_none();
                    out.push_char(char::from_u32(code).unwrap_or('\u{FFFD}'));
                    at = end;
                } else {
                    out.push(b'&');
                    at += 1;
                }
            }
            b'<' if source.at(at + 1) == b'/' => at = end_tag(&source, at, &mut stack, &mut out)?,
            b'<' => {
                let (mut open, end) = start_tag(&source, at)?;
                (open.start, open.from) = (out.units, out.bytes.len());
                stack.push(open);
                at = end;
            }
            byte => {
                out.push(byte);
                at += 1;
            }
        }
    }
    if let Some(open) = stack.last() {
        return Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag));
    }
    if half {
        return Err(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched \
                    surrogate code units"
                .to_owned(),
        );
    }
    for entity in &mut out.entities {
        // A language belongs to a block.
        if entity.kind == "code" {
            entity.language = None;
        }
    }
    Ok(out.done())
}

fn end_tag(
    source: &Source<'_>,
    begin: usize,
    stack: &mut Vec<Open>,
    out: &mut Builder,
) -> Result<usize, String> {
    let Some(open) = stack.pop() else { return Err(format!("Unexpected end tag at byte offset {begin}")) };
    let mut at = begin + 2;
    while !is_space(source.at(at)) && source.at(at) != b'>' {
        at += 1;
    }
    let name = source.text(begin + 2, at).to_ascii_lowercase();
    while is_space(source.at(at)) && source.at(at) != 0 {
        at += 1;
    }
    if source.at(at) != b'>' {
        return Err(format!("Unclosed end tag at byte offset {begin}"));
    }
    if !name.is_empty() && name != open.tag {
        return Err(format!(
            "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
            open.tag
        ));
    }
    if out.units > open.start {
        close(&open, out)?;
    }
    Ok(at + 1)
}

fn close(open: &Open, out: &mut Builder) -> Result<(), String> {
    let plain = |kind: &str| Some(Entity::new(kind, 0, 0));
    let entity = match open.tag.as_str() {
        "b" | "strong" => plain("bold"),
        "i" | "em" => plain("italic"),
        "u" | "ins" => plain("underline"),
        "s" | "strike" | "del" => plain("strikethrough"),
        "tg-spoiler" | "span" => plain("spoiler"),
        "tg-emoji" => {
            let id: Option<i64> = open.argument.parse().ok().filter(|id| *id != 0);
            let id = id.ok_or("Invalid custom emoji identifier specified")?;
            Some(Entity { custom_emoji_id: Some(id.to_string()), ..Entity::new("custom_emoji", 0, 0) })
        }
        "tg-time" => {
            if !links::is_time_format(&open.argument) {
                return Err("Invalid date format used".to_owned());
            }
            (open.date > 0).then(|| Entity::time(open.date, open.argument.clone()))
        }
        // A link without an address leads where its text says, if anywhere.
        "a" if open.argument.is_empty() => link(&out.since(open.from)),
        "a" => link(&open.argument),
        "blockquote" if open.argument.is_empty() => plain("blockquote"),
        "blockquote" => plain("expandable_blockquote"),
        tag => {
            code(tag, open, out);
            None
        }
    };
    if let Some(entity) = entity {
        out.add(entity, open.start);
    }
    Ok(())
}

/// `<pre><code class="language-x">`, in either order, is one block of code in a language.
fn code(tag: &str, open: &Open, out: &mut Builder) {
    let length = out.units - open.start;
    let language = Some(open.argument.clone()).filter(|language| !language.is_empty());
    let inner = out.entities.last_mut().filter(|inner| inner.offset == open.start && inner.length == length);
    match (tag, inner) {
        ("pre", Some(inner)) if inner.kind == "code" && inner.language.is_some() => {
            "pre".clone_into(&mut inner.kind);
        }
        ("code", Some(inner)) if inner.kind == "pre" && inner.language.is_none() && language.is_some() => {
            inner.language = language;
        }
        _ => out.add(Entity { language, ..Entity::new(tag, 0, 0) }, open.start),
    }
}

fn start_tag(source: &Source<'_>, begin: usize) -> Result<(Open, usize), String> {
    let mut at = begin + 1;
    while !is_space(source.at(at)) && source.at(at) != b'>' {
        at += 1;
    }
    if at >= source.len() {
        return Err(format!("Unclosed start tag at byte offset {begin}"));
    }
    let tag = source.text(begin + 1, at).to_ascii_lowercase();
    if !TAGS.contains(&tag.as_str()) {
        return Err(format!("Unsupported start tag \"{tag}\" at byte offset {begin}"));
    }
    let mut open = Open { tag, argument: String::new(), date: 0, start: 0, from: 0 };
    loop {
        while at < source.len() && is_space(source.at(at)) {
            at += 1;
        }
        if source.at(at) == b'>' {
            break;
        }
        at = attribute(source, begin, at, &mut open)?;
    }
    if open.tag == "span" && open.argument != "spoiler" {
        return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
    }
    Ok((open, at + 1))
}

/// One attribute of a tag; returns where the next may begin.
fn attribute(source: &Source<'_>, begin: usize, first: usize, open: &mut Open) -> Result<usize, String> {
    let mut at = first;
    while !is_space(source.at(at)) && !matches!(source.at(at), b'=' | b'>' | b'/' | b'"' | b'\'') {
        at += 1;
    }
    let name = source.text(first, at);
    if name.is_empty() {
        return Err(format!("Empty attribute name in the tag \"{}\" at byte offset {begin}", open.tag));
    }
    let unclosed = |open: &Open| format!("Unclosed start tag \"{}\" at byte offset {begin}", open.tag);
    let skip = |mut at: usize| {
        while at < source.len() && is_space(source.at(at)) {
            at += 1;
        }
        at
    };
    at = skip(at);
    if source.at(at) != b'=' {
        if at >= source.len() {
            return Err(unclosed(open));
        }
        if open.tag == "blockquote" && name == "expandable" {
            "1".clone_into(&mut open.argument);
        }
        return Ok(at);
    }
    at = skip(at + 1);
    if at >= source.len() {
        return Err(unclosed(open));
    }
    let (value, end) = value(source, at)?;
    if end >= source.len() {
        return Err(format!("Unclosed start tag at byte offset {begin}"));
    }
    match (open.tag.as_str(), name.as_str()) {
        ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "format") => open.argument = value,
        ("code", "class") => {
            if let Some(language) = value.strip_prefix("language-") {
                language.clone_into(&mut open.argument);
            }
        }
        ("span", "class") => {
            if let Some(class) = value.strip_prefix("tg-") {
                class.clone_into(&mut open.argument);
            }
        }
        ("blockquote", "expandable") => "1".clone_into(&mut open.argument),
        ("tg-time", "unix") => open.date = value.parse::<i32>().unwrap_or(0).into(),
        _ => {}
    }
    Ok(end)
}

/// The value of an attribute, with or without quotation marks, and where it ends.
fn value(source: &Source<'_>, first: usize) -> Result<(String, usize), String> {
    let quote = source.at(first);
    let mut at = first;
    if quote != b'"' && quote != b'\'' {
        while source.at(at).is_ascii_alphanumeric() || matches!(source.at(at), b'.' | b'-') {
            at += 1;
        }
        if !is_space(source.at(at)) && source.at(at) != b'>' {
            return Err(format!("Unexpected end of name token at byte offset {first}"));
        }
        return Ok((source.text(first, at).to_ascii_lowercase(), at));
    }
    at += 1;
    let mut value = Builder::default();
    while at < source.len() && source.at(at) != quote {
        let decoded = if source.at(at) == b'&' { reference(source, at) } else { None };
        if let Some((code, end)) = decoded {
            value.push_char(char::from_u32(code).unwrap_or('\u{FFFD}'));
            at = end;
        } else {
            value.push(source.at(at));
            at += 1;
        }
    }
    Ok((value.since(0), (at + 1).min(source.len())))
}

/// A character reference and where it ends. Telegram knows four names.
fn reference(source: &Source<'_>, begin: usize) -> Option<(u32, usize)> {
    let mut at = begin + 1;
    let code = if source.at(at) == b'#' {
        let hex = source.at(at + 1) == b'x';
        at += if hex { 2 } else { 1 };
        let (first, radix) = (at, if hex { 16 } else { 10 });
        while char::from(source.at(at)).is_digit(radix) {
            at += 1;
        }
        let code = u32::from_str_radix(&source.text(first, at), radix).ok()?;
        if code == 0 || code >= 0x10_FFFF || at - begin >= 10 {
            return None;
        }
        code
    } else {
        while source.at(at).is_ascii_alphabetic() {
            at += 1;
        }
        u32::from(match source.text(begin + 1, at).as_str() {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            _ => return None,
        })
    };
    Some((code, if source.at(at) == b';' { at + 1 } else { at }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(raw: &str) -> (String, Vec<(String, usize, usize)>) {
        let (text, entities) = html(raw).unwrap();
        (text, entities.into_iter().map(|entity| (entity.kind, entity.offset, entity.length)).collect())
    }

    #[test]
    fn nested_tags_become_entities_in_utf16_units() {
        let (text, found) = spans("👋 <b>hi <i>you</i></b> &lt;3 <a href=\"https://example.com\">x</a>");
        assert_eq!(text, "👋 hi you <3 x");
        let expected = [("bold", 3, 6), ("italic", 6, 3), ("text_link", 13, 1)];
        assert_eq!(found, expected.map(|(kind, offset, length)| (kind.to_owned(), offset, length)));
    }

    #[test]
    fn a_block_with_a_language_is_one_entity() {
        for raw in [
            "<pre><code class=\"language-rust\">let</code></pre>",
            "<code class='language-rust'><pre>let</pre></code>",
        ] {
            let (_, entities) = html(raw).unwrap();
            assert_eq!(entities.len(), 1, "{raw}");
            assert_eq!((&*entities[0].kind, entities[0].language.as_deref()), ("pre", Some("rust")));
        }
        let (_, found) = spans("<blockquote expandable>a</blockquote><tg-time unix='5' format=r>b</tg-time>");
        assert_eq!(found[0].0, "expandable_blockquote");
        assert_eq!(found[1].0, "date_time");
    }

    #[test]
    fn wrong_html_fails_with_telegrams_words() {
        for (raw, error) in [
            ("a <x>", "Unsupported start tag \"x\" at byte offset 2"),
            ("🍵<b", "Unclosed start tag at byte offset 4"),
            ("<b>a", "Can't find end tag corresponding to start tag \"b\""),
            ("a</b>", "Unexpected end tag at byte offset 1"),
            ("<b>a</b", "Unclosed end tag at byte offset 4"),
            ("<b>a</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
            ("<a href=x_>", "Unexpected end of name token at byte offset 8"),
            ("<a =x>", "Empty attribute name in the tag \"a\" at byte offset 0"),
            ("<a href", "Unclosed start tag \"a\" at byte offset 0"),
            ("<span class='x'>a</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
            ("<tg-emoji emoji-id='x'>a</tg-emoji>", "Invalid custom emoji identifier specified"),
        ] {
            assert_eq!(html(raw).unwrap_err(), error, "{raw}");
        }
    }
}
