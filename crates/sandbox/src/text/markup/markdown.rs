//! `parse_mode: MarkdownV2`, and the older `Markdown`.

use super::{Builder, Parsed};
use crate::text::Entity;

/// Characters that stand for themselves only after a backslash.
const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

/// A mark that is open.
struct Open {
    mark: &'static str,
    kind: &'static str,
    /// UTF-16 units.
    start: usize,
    /// Where its mark stands, for the error.
    byte: usize,
}

/// Parses MarkdownV2 as Telegram does.
pub(crate) fn markdown_v2(raw: &str) -> Parsed {
    let mut out = Builder::default();
    let mut stack: Vec<Open> = Vec::new();
    let mut quote: Option<usize> = None;
    let mut at = 0;
    while let Some(char) = raw[at..].chars().next() {
        let rest = &raw[at..];
        let line_begins = at == 0 || raw[..at].ends_with('\n');
        if char == '>' && line_begins {
            quote = quote.or(Some(out.units));
            at += 1;
            continue;
        }
        if let Some(start) = quote.filter(|_| line_begins) {
            close_quote(&mut out, start, "blockquote");
            quote = None;
        }
        if let Some(start) =
            quote.filter(|_| rest.starts_with("||") && (rest.len() == 2 || rest[2..].starts_with('\n')))
            && stack.last().is_none_or(|open| open.mark != "||")
        {
            close_quote(&mut out, start, "expandable_blockquote");
            quote = None;
            at += 2;
            continue;
        }
        at += match char {
            '\\' => escaped(rest, &mut out),
            '`' => code(raw, at, &mut out)?,
            '[' => {
                stack.push(Open { mark: "]", kind: "TextUrl", start: out.units, byte: at });
                1
            }
            '!' if rest.starts_with("![") => {
                stack.push(Open { mark: "]", kind: "CustomEmoji", start: out.units, byte: at });
                2
            }
            ']' if stack.last().is_some_and(|open| open.mark == "]") => {
                close_link(rest, &mut stack, &mut out)?
            }
            _ => match mark(rest, &stack) {
                Some((mark, kind)) => {
                    if stack.last().is_some_and(|open| open.mark == mark) {
                        let open = stack.pop();
                        out.close(Entity::new(entity_of(kind), 0, 0), open.map_or(0, |open| open.start));
                    } else {
                        stack.push(Open { mark, kind, start: out.units, byte: at });
                    }
                    mark.len()
                }
                None if RESERVED.contains(char) => {
                    return Err(format!(
                        "Character '{char}' is reserved and must be escaped with the preceding '\\'"
                    ));
                }
                None => {
                    out.push(char);
                    char.len_utf8()
                }
            },
        };
    }
    if let Some(start) = quote {
        close_quote(&mut out, start, "blockquote");
    }
    match stack.last() {
        Some(open) => Err(format!("Can't find end of {} entity at byte offset {}", open.kind, open.byte)),
        None => Ok(out.done()),
    }
}

fn close_quote(out: &mut Builder, start: usize, kind: &str) {
    out.close(Entity::new(kind, 0, 0), start);
}

/// The mark at the start of `rest`. Two underscores are one mark, unless an italic ends there.
fn mark(rest: &str, stack: &[Open]) -> Option<(&'static str, &'static str)> {
    let italic_ends = stack.last().is_some_and(|open| open.mark == "_");
    let marks =
        [("__", "Underline"), ("||", "Spoiler"), ("*", "Bold"), ("_", "Italic"), ("~", "Strikethrough")];
    marks.into_iter().find(|(mark, _)| rest.starts_with(mark) && !(*mark == "__" && italic_ends))
}

fn entity_of(kind: &str) -> &'static str {
    match kind {
        "Underline" => "underline",
        "Spoiler" => "spoiler",
        "Bold" => "bold",
        "Italic" => "italic",
        _ => "strikethrough",
    }
}

/// A backslash and what it protects.
fn escaped(rest: &str, out: &mut Builder) -> usize {
    let protected = rest[1..].chars().next().filter(|char| (1..=126).contains(&u32::from(*char)));
    out.push(protected.unwrap_or('\\'));
    if protected.is_some() { 2 } else { 1 }
}

/// Code between backticks, or a block between three; the length in bytes.
fn code(raw: &str, at: usize, out: &mut Builder) -> Result<usize, String> {
    let rest = &raw[at..];
    let block = rest.starts_with("```");
    let fence = if block { "```" } else { "`" };
    let name = if block { "PreCode" } else { "Code" };
    let mut body = String::new();
    let mut chars = rest[fence.len()..].char_indices();
    while let Some((index, char)) = chars.next() {
        if rest[fence.len() + index..].starts_with(fence) {
            let (language, body) = if block { split_language(&body) } else { (None, body.as_str()) };
            let start = out.units;
            out.push_str(body);
            let entity = Entity::new(if block { "pre" } else { "code" }, 0, 0);
            out.close(Entity { language, ..entity }, start);
            return Ok(fence.len() * 2 + index);
        }
        if char == '\\' {
            body.extend(chars.next().map(|(_, escaped)| escaped));
        } else {
            body.push(char);
        }
    }
    Err(format!("Can't find end of {name} entity at byte offset {at}"))
}

fn split_language(body: &str) -> (Option<String>, &str) {
    match body.split_once('\n') {
        Some(("", rest)) => (None, rest),
        Some((first, rest)) if !first.contains(char::is_whitespace) => (Some(first.to_owned()), rest),
        _ => (None, body),
    }
}

/// `](url)` after a link's text; the length in bytes.
fn close_link(rest: &str, stack: &mut Vec<Open>, out: &mut Builder) -> Result<usize, String> {
    let Some(open) = stack.pop() else { return Ok(1) };
    let Some(target) = rest[1..].strip_prefix('(') else {
        if open.kind == "CustomEmoji" {
            return Err("Custom emoji entity must contain a tg://emoji URL".to_owned());
        }
        // Brackets without an address are a link to nowhere: only the text stays.
        return Ok(1);
    };
    let mut url = String::new();
    let mut chars = target.char_indices();
    while let Some((index, char)) = chars.next() {
        match char {
            ')' => {
                out.close(link(&url, open.kind), open.start);
                return Ok(index + 3);
            }
            '\\' => url.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => url.push(char),
        }
    }
    Err(format!("Can't find end of a URL at byte offset {}", open.byte))
}

fn link(url: &str, kind: &str) -> Entity {
    if let Some(id) = url.strip_prefix("tg://emoji?id=").filter(|_| kind == "CustomEmoji") {
        return Entity { custom_emoji_id: Some(id.to_owned()), ..Entity::new("custom_emoji", 0, 0) };
    }
    match url.strip_prefix("tg://user?id=").and_then(|id| id.parse::<i64>().ok()) {
        Some(id) => {
            Entity { user: Some(serde_json::json!({ "id": id })), ..Entity::new("text_mention", 0, 0) }
        }
        None => Entity { url: Some(url.to_owned()), ..Entity::new("text_link", 0, 0) },
    }
}

/// Parses the older Markdown: no nesting, no escapes inside entities.
pub(crate) fn markdown(raw: &str) -> Parsed {
    let mut out = Builder::default();
    let mut at = 0;
    while let Some(char) = raw[at..].chars().next() {
        let rest = &raw[at..];
        let unclosed =
            |what: &str| format!("Can't find end of the entity starting at byte offset {at}{what}");
        at += match char {
            '\\' if rest[1..].starts_with(['_', '*', '`', '[']) => {
                out.push_str(&rest[1..2]);
                2
            }
            '`' => code(raw, at, &mut out).map_err(|_| unclosed(""))?,
            '*' | '_' => {
                let length = rest[1..].find(char).ok_or_else(|| unclosed(""))?;
                let start = out.units;
                out.push_str(&rest[1..=length]);
                out.close(Entity::new(if char == '*' { "bold" } else { "italic" }, 0, 0), start);
                length + 2
            }
            '[' => {
                let length = rest.find(']').ok_or_else(|| unclosed(""))?;
                let start = out.units;
                out.push_str(&rest[1..length]);
                let mut stack = vec![Open { mark: "]", kind: "TextUrl", start, byte: at }];
                length + close_link(&rest[length..], &mut stack, &mut out)?
            }
            _ => {
                out.push(char);
                char.len_utf8()
            }
        };
    }
    Ok(out.done())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(parsed: Parsed) -> (String, Vec<(String, usize, usize)>) {
        let (text, entities) = parsed.unwrap();
        (text, entities.into_iter().map(|entity| (entity.kind, entity.offset, entity.length)).collect())
    }

    #[test]
    fn nested_marks_become_entities() {
        let (text, found) = spans(markdown_v2(r"*bold _both_* ~gone~ \. [x](https://example.com/a\)b) `c`"));
        assert_eq!(text, "bold both gone . x c");
        let expected = [
            ("bold", 0, 9),
            ("italic", 5, 4),
            ("strikethrough", 10, 4),
            ("text_link", 17, 1),
            ("code", 19, 1),
        ];
        assert_eq!(found, expected.map(|(kind, offset, length)| (kind.to_owned(), offset, length)));
    }

    #[test]
    fn quotes_and_blocks_are_found() {
        let (text, found) = spans(markdown_v2(">one\n>two\nrest\n```rust\nlet a\n```"));
        assert_eq!(text, "one\ntwo\nrest\nlet a\n");
        assert_eq!(found[0], ("blockquote".to_owned(), 0, 8));
        assert_eq!(found[1].0, "pre");
    }

    #[test]
    fn wrong_markdown_fails_with_telegrams_words() {
        assert_eq!(
            markdown_v2("a.").unwrap_err(),
            r"Character '.' is reserved and must be escaped with the preceding '\'"
        );
        assert_eq!(markdown_v2("a *b").unwrap_err(), "Can't find end of Bold entity at byte offset 2");
        assert_eq!(markdown("a *b").unwrap_err(), "Can't find end of the entity starting at byte offset 2");
    }
}
