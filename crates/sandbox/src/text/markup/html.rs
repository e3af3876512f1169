//! `parse_mode: HTML`.

use super::{Builder, Parsed};
use crate::text::Entity;

/// A tag that is open.
struct Open {
    tag: String,
    entity: Option<Entity>,
    /// UTF-16 units.
    start: usize,
}

/// Parses HTML as Telegram does.
pub(crate) fn html(raw: &str) -> Parsed {
    let mut out = Builder::default();
    let mut stack: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(char) = raw[at..].chars().next() {
        match char {
            '&' => {
                let (decoded, length) = reference(&raw[at..]).unwrap_or(('&', 1));
                out.push(decoded);
                at += length;
            }
            '<' => {
                let length =
                    raw[at..].find('>').ok_or_else(|| format!("Unclosed start tag at byte offset {at}"))?;
                let inside = &raw[at + 1..at + length];
                match inside.strip_prefix('/') {
                    Some(name) => end_tag(name.trim(), at, &mut stack, &mut out)?,
                    None => stack.push(start_tag(inside, at, &stack, out.units)?),
                }
                at += length + 1;
            }
            _ => {
                out.push(char);
                at += char.len_utf8();
            }
        }
    }
    match stack.last() {
        Some(open) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag)),
        None => Ok(out.done()),
    }
}

fn end_tag(name: &str, at: usize, stack: &mut Vec<Open>, out: &mut Builder) -> Result<(), String> {
    let Some(open) = stack.pop() else { return Err(format!("Unexpected end tag at byte offset {at}")) };
    let name = name.to_lowercase();
    if !name.is_empty() && name != open.tag {
        return Err(format!(
            "Unmatched end tag at byte offset {at}, expected \"</{}>\", found \"</{name}>\"",
            open.tag
        ));
    }
    if let Some(mut entity) = open.entity {
        if entity.kind == "text_link" && entity.url.is_none() {
            // A link without href leads where its text says, if anywhere.
            let shown: String =
                String::from_utf16_lossy(&out.text.encode_utf16().skip(open.start).collect::<Vec<u16>>());
            if !shown.contains('.') {
                return Ok(());
            }
            entity.url = Some(shown);
        }
        // `<pre>` around nothing but `<code class="language-x">` is that one block, not two.
        let is_block_already = out.entities.last().is_some_and(|last| {
            last.kind == "pre" && last.offset == open.start && last.offset + last.length == out.units
        });
        if entity.kind != "pre" || !is_block_already {
            out.close(entity, open.start);
        }
    }
    Ok(())
}

fn start_tag(inside: &str, at: usize, stack: &[Open], start: usize) -> Result<Open, String> {
    let name_end = inside.find(|char: char| char.is_whitespace()).unwrap_or(inside.len());
    let tag = inside[..name_end].to_lowercase();
    let attribute = |name: &str| attribute(&inside[name_end..], name);
    let plain = |kind: &str| Some(Entity::new(kind, 0, 0));
    let entity = match tag.as_str() {
        "b" | "strong" => plain("bold"),
        "i" | "em" => plain("italic"),
        "u" | "ins" => plain("underline"),
        "s" | "strike" | "del" => plain("strikethrough"),
        "tg-spoiler" => plain("spoiler"),
        "span" if attribute("class").as_deref() == Some("tg-spoiler") => plain("spoiler"),
        "span" => return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {at}")),
        "pre" => plain("pre"),
        "blockquote" if inside[name_end..].contains("expandable") => plain("expandable_blockquote"),
        "blockquote" => plain("blockquote"),
        "code" => Some(code(stack, start, attribute("class").as_deref())),
        "tg-emoji" => {
            plain("custom_emoji").map(|entity| Entity { custom_emoji_id: attribute("emoji-id"), ..entity })
        }
        "a" => Some(link(attribute("href"))),
        _ => return Err(format!("Unsupported start tag \"{tag}\" at byte offset {at}")),
    };
    Ok(Open { tag, entity, start })
}

/// `<pre><code class="language-x">` is one block of code in a language.
fn code(stack: &[Open], start: usize, class: Option<&str>) -> Entity {
    let language = class.and_then(|class| class.strip_prefix("language-")).map(str::to_owned);
    let in_block = stack.last().is_some_and(|open| open.tag == "pre" && open.start == start);
    match language {
        Some(language) if in_block => Entity { language: Some(language), ..Entity::new("pre", 0, 0) },
        _ => Entity::new("code", 0, 0),
    }
}

fn link(href: Option<String>) -> Entity {
    let person = href.as_deref().and_then(|href| href.strip_prefix("tg://user?id="));
    match person.and_then(|id| id.parse::<i64>().ok()) {
        Some(id) => {
            Entity { user: Some(serde_json::json!({ "id": id })), ..Entity::new("text_mention", 0, 0) }
        }
        None => Entity { url: href.filter(|href| !href.is_empty()), ..Entity::new("text_link", 0, 0) },
    }
}

/// The value of an attribute, with or without quotes.
fn attribute(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let end = rest.find(|char: char| char == '=' || char.is_whitespace())?;
        let found = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else { continue };
        let after = after.trim_start();
        let quote = after.chars().next().filter(|char| matches!(char, '"' | '\''));
        let (value, tail) = match quote {
            Some(quote) => after[1..].split_once(quote)?,
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(decode(value));
        }
        rest = tail;
    }
}

fn decode(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(char) = rest.chars().next() {
        let (decoded, length) = reference(rest).filter(|_| char == '&').unwrap_or((char, char.len_utf8()));
        out.push(decoded);
        rest = &rest[length..];
    }
    out
}

/// A character reference at the start of `text`, and its length in bytes. Telegram knows four names.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.get(1..)?.find(|char: char| !(char.is_ascii_alphanumeric() || char == '#'))? + 1;
    let name = &text[1..end];
    let char = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(number).filter(|char| *char != '\0')?
        }
    };
    let length = if text[end..].starts_with(';') { end + 1 } else { end };
    Some((char, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_tags_become_entities_in_utf16_units() {
        let (text, entities) =
            html("👋 <b>hi <i>you</i></b> &lt;3 <a href=\"https://example.com\">x</a>").unwrap();
        assert_eq!(text, "👋 hi you <3 x");
        let spans: Vec<_> =
            entities.iter().map(|entity| (&*entity.kind, entity.offset, entity.length)).collect();
        assert_eq!(spans, [("bold", 3, 6), ("italic", 6, 3), ("text_link", 13, 1)]);
    }

    #[test]
    fn a_block_of_code_in_a_language_is_one_entity() {
        let (_, entities) = html("<pre><code class=\"language-rust\">let x;</code></pre>").unwrap();
        let found: Vec<_> =
            entities.iter().map(|entity| (&*entity.kind, entity.language.as_deref())).collect();
        assert_eq!(found, [("pre", Some("rust"))]);
    }

    #[test]
    fn wrong_html_fails_with_telegrams_words() {
        assert_eq!(html("a <x>").unwrap_err(), "Unsupported start tag \"x\" at byte offset 2");
        assert_eq!(html("<b>a").unwrap_err(), "Can't find end tag corresponding to start tag \"b\"");
        assert_eq!(html("a</b>").unwrap_err(), "Unexpected end tag at byte offset 1");
        assert_eq!(
            html("<b>a</i>").unwrap_err(),
            "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""
        );
    }
}
