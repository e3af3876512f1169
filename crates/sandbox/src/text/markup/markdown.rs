//! `parse_mode: MarkdownV2`.

use super::{Builder, Parsed, Source, block, link};
use crate::text::{Entity, links};

/// Characters that stand for themselves only after a backslash.
const RESERVED: &[u8] = b"_*[]()~`>#+-=|{}.!\n";

/// What is open, under the names that Telegram's errors use.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre,
    PreCode,
    TextUrl,
    CustomEmoji,
    BlockQuote,
}

impl Mark {
    fn name(self) -> &'static str {
        match self {
            Self::Bold => "Bold",
            Self::Italic => "Italic",
            Self::Underline => "Underline",
            Self::Strikethrough => "Strikethrough",
            Self::Spoiler => "Spoiler",
            Self::Code => "Code",
            Self::Pre => "Pre",
            Self::PreCode => "PreCode",
            Self::TextUrl => "TextUrl",
            Self::CustomEmoji => "CustomEmoji",
            Self::BlockQuote => "BlockQuote",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Strikethrough => "strikethrough",
            Self::Spoiler => "spoiler",
            Self::Code => "code",
            Self::Pre | Self::PreCode => "pre",
            Self::TextUrl => "text_link",
            Self::CustomEmoji => "custom_emoji",
            Self::BlockQuote => "blockquote",
        }
    }

    /// How many bytes its closing mark has.
    fn closing(self) -> usize {
        match self {
            Self::Underline | Self::Spoiler => 2,
            Self::Pre | Self::PreCode => 3,
            _ => 1,
        }
    }

    fn holds_code(self) -> bool {
        matches!(self, Self::Code | Self::Pre | Self::PreCode)
    }
}

struct Open {
    mark: Mark,
    language: Option<String>,
    /// UTF-16 units.
    start: usize,
    /// Where its mark stands in the source, for errors.
    byte: usize,
    /// Where its text begins in the result.
    from: usize,
}

struct Parser<'a> {
    source: Source<'a>,
    out: Builder,
    open: Vec<Open>,
    in_quote: bool,
    may_quote: bool,
    at: usize,
}

/// Parses MarkdownV2.
pub(crate) fn markdown_v2(raw: &str) -> Parsed {
    let source = Source(raw.as_bytes());
    let mut parser =
        Parser { source, out: Builder::default(), open: Vec::new(), in_quote: false, may_quote: true, at: 0 };
    while parser.at < parser.source.len() {
        parser.step()?;
    }
    parser.finish()
}

impl Parser<'_> {
    fn step(&mut self) -> Result<(), String> {
        let byte = self.source.at(self.at);
        if byte == b'\\' && (1..=126).contains(&self.source.at(self.at + 1)) {
            let protected = self.source.at(self.at + 1);
            self.out.push(protected);
            if protected != b'\r' {
                self.may_quote = protected == b'\n';
            }
            self.at += 2;
            return Ok(());
        }
        let in_code = self.open.last().is_some_and(|open| open.mark.holds_code());
        let is_mark = if in_code { byte == b'`' } else { RESERVED.contains(&byte) };
        if !is_mark {
            if byte & 0xC0 != 0x80 && byte != b'\r' {
                self.may_quote = false;
            }
            self.out.push(byte);
            self.at += 1;
            return Ok(());
        }
        if self.ends(byte) { self.close(byte) } else { self.begin(byte) }
    }

    /// Whether the mark here ends what is open.
    fn ends(&self, byte: u8) -> bool {
        let Some(open) = self.open.last() else { return false };
        let next = self.source.at(self.at + 1);
        if self.in_quote && byte == b'\n' && next != b'>' {
            return true;
        }
        match open.mark {
            Mark::Bold => byte == b'*',
            Mark::Italic => byte == b'_' && next != b'_',
            Mark::Underline => byte == b'_' && next == b'_',
            Mark::Strikethrough => byte == b'~',
            Mark::Spoiler => byte == b'|' && next == b'|',
            Mark::Code => byte == b'`',
            Mark::Pre | Mark::PreCode => self.source.starts(self.at, "```"),
            Mark::TextUrl | Mark::CustomEmoji => byte == b']',
            Mark::BlockQuote => false,
        }
    }

    fn begin(&mut self, byte: u8) -> Result<(), String> {
        let (at, next) = (self.at, self.source.at(self.at + 1));
        let mut language = None;
        let (mark, length) = match byte {
            b'_' if next == b'_' => (Mark::Underline, 2),
            b'_' => (Mark::Italic, 1),
            b'*' => (Mark::Bold, 1),
            b'~' => (Mark::Strikethrough, 1),
            b'|' if next == b'|' => (Mark::Spoiler, 2),
            b'[' => (Mark::TextUrl, 1),
            b'!' if next == b'[' => (Mark::CustomEmoji, 2),
            b'`' if self.source.starts(at, "```") => {
                let (found, text) = block(&self.source, at + 3);
                language = found;
                (if language.is_some() { Mark::PreCode } else { Mark::Pre }, text - at)
            }
            b'`' => (Mark::Code, 1),
            b'\n' => {
                self.out.push(b'\n');
                self.may_quote = true;
                self.at += 1;
                return Ok(());
            }
            b'>' if self.may_quote && self.in_quote => {
                self.at += 1;
                return Ok(());
            }
            b'>' if self.may_quote => {
                self.in_quote = true;
                (Mark::BlockQuote, 1)
            }
            _ => {
                let char = char::from(byte);
                return Err(format!(
                    "Character '{char}' is reserved and must be escaped with the preceding '\\'"
                ));
            }
        };
        let (start, from) = (self.out.units, self.out.bytes.len());
        self.open.push(Open { mark, language, start, byte: at, from });
        self.at += length;
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), String> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        if byte == b'\n' {
            return self.close_quote(open);
        }
        let is_empty = self.out.units == open.start;
        let plain = Entity { language: open.language.clone(), ..Entity::new(open.mark.kind(), 0, 0) };
        let (entity, end) = match open.mark {
            Mark::TextUrl => match self.address()? {
                Some((url, end)) => (link(&url), end),
                // Without an address the text is one.
                None => (link(&self.out.since(open.from)), self.at + 1),
            },
            Mark::CustomEmoji => {
                let (url, end) =
                    self.address()?.ok_or("The entity must contain a tg://emoji or tg://time URL")?;
                (Some(emoji_or_time(&url)?), end)
            }
            mark => (Some(plain), self.at + mark.closing()),
        };
        if let Some(entity) = entity.filter(|_| !is_empty) {
            self.out.add(entity, open.start);
        }
        self.at = end;
        Ok(())
    }

    /// The line ends, and no quotation goes on: `open` is what was open last.
    fn close_quote(&mut self, open: Open) -> Result<(), String> {
        let (quote, kind) = if open.mark == Mark::BlockQuote {
            (open, "blockquote")
        } else {
            // Two bars at the end of a quotation make it expandable; they had opened a spoiler.
            let before = self.source.at(self.at.wrapping_sub(1)) == b'\r';
            let bars = open.byte + 2 + usize::from(before) == self.at;
            let quote = if open.mark == Mark::Spoiler && bars { self.open.pop() } else { None };
            match quote {
                Some(quote) if quote.mark == Mark::BlockQuote => (quote, "expandable_blockquote"),
                Some(other) => return Err(unclosed(&other)),
                None => return Err(unclosed(&open)),
            }
        };
        self.in_quote = false;
        self.may_quote = true;
        self.out.push(b'\n');
        self.out.add(Entity::new(kind, 0, 0), quote.start);
        self.at += 1;
        Ok(())
    }

    /// `(address)` behind a closing bracket, and where the text goes on; `None` without one.
    fn address(&self) -> Result<Option<(String, usize)>, String> {
        if self.source.at(self.at + 1) != b'(' {
            return Ok(None);
        }
        let first = self.at + 2;
        let mut at = first;
        let mut url = Vec::new();
        while at < self.source.len() && self.source.at(at) != b')' {
            if self.source.at(at) == b'\\' && (1..=126).contains(&self.source.at(at + 1)) {
                at += 1;
            }
            url.push(self.source.at(at));
            at += 1;
        }
        if self.source.at(at) != b')' {
            return Err(format!("Can't find end of a URL at byte offset {first}"));
        }
        Ok(Some((String::from_utf8_lossy(&url).into_owned(), at + 1)))
    }

    fn finish(mut self) -> Parsed {
        if self.in_quote {
            let is_bars = |open: &Open| open.mark == Mark::Spoiler && open.byte + 2 == self.source.len();
            let expandable = self.open.last().is_some_and(is_bars);
            if expandable {
                self.open.pop();
            }
            let quote = self.open.pop_if(|open| open.mark == Mark::BlockQuote);
            if let Some(quote) = quote.filter(|quote| self.out.units > quote.start) {
                let kind = if expandable { "expandable_blockquote" } else { "blockquote" };
                self.out.add(Entity::new(kind, 0, 0), quote.start);
            }
        }
        match self.open.last() {
            Some(open) => Err(unclosed(open)),
            None => Ok(self.out.done()),
        }
    }
}

fn unclosed(open: &Open) -> String {
    format!("Can't find end of {} entity at byte offset {}", open.mark.name(), open.byte)
}

fn emoji_or_time(url: &str) -> Result<Entity, String> {
    if let Some(id) = links::emoji_id(url) {
        return Ok(Entity { custom_emoji_id: Some(id), ..Entity::new("custom_emoji", 0, 0) });
    }
    let (unix, format) = links::time(url).ok_or("Invalid tg://emoji or tg://time URL specified")?;
    Ok(Entity::time(unix, format))
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
        assert_eq!(found[1], ("pre".to_owned(), 13, 6));
        let (text, found) = spans(markdown_v2(">one\n>two||\nrest"));
        assert_eq!((text.as_str(), found[0].0.as_str()), ("one\ntwo\nrest", "expandable_blockquote"));
        let (_, found) =
            spans(markdown_v2("![🍵](tg://emoji?id=5) ![then](tg://time?unix=1700000000&format=r)"));
        assert_eq!(found, [("custom_emoji".to_owned(), 0, 2), ("date_time".to_owned(), 3, 4)]);
    }

    #[test]
    fn wrong_markdown_fails_with_telegrams_words() {
        for (raw, error) in [
            ("a.", r"Character '.' is reserved and must be escaped with the preceding '\'"),
            ("a >b", r"Character '>' is reserved and must be escaped with the preceding '\'"),
            ("a *b", "Can't find end of Bold entity at byte offset 2"),
            ("🍵 __b", "Can't find end of Underline entity at byte offset 5"),
            ("```x", "Can't find end of Pre entity at byte offset 0"),
            ("```x y", "Can't find end of PreCode entity at byte offset 0"),
            ("[a](b", "Can't find end of a URL at byte offset 4"),
            ("![a]", "The entity must contain a tg://emoji or tg://time URL"),
            ("![a](x)", "Invalid tg://emoji or tg://time URL specified"),
            (">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
        ] {
            assert_eq!(markdown_v2(raw).unwrap_err(), error, "{raw}");
        }
    }
}
