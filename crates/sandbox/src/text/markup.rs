//! HTML and Markdown, parsed to entities with Telegram's errors: the rules are those of `parseTextEntities` in TDLib.

use super::{Entity, links};

mod html;
mod legacy;
mod markdown;

pub(crate) use html::html;
pub(crate) use legacy::markdown;
pub(crate) use markdown::markdown_v2;

/// A text and its entities, or Telegram's error without its prefix.
pub(crate) type Parsed = Result<(String, Vec<Entity>), String>;

/// A text that is read byte by byte: all marks are ASCII, and past its end stands 0.
struct Source<'a>(&'a [u8]);

impl Source<'_> {
    fn at(&self, index: usize) -> u8 {
        self.0.get(index).copied().unwrap_or(0)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn starts(&self, index: usize, with: &str) -> bool {
        self.0.get(index..).is_some_and(|rest| rest.starts_with(with.as_bytes()))
    }

    fn text(&self, from: usize, to: usize) -> String {
        String::from_utf8_lossy(self.0.get(from..to).unwrap_or_default()).into_owned()
    }
}

/// A text that grows while entities open and close in it.
#[derive(Default)]
struct Builder {
    bytes: Vec<u8>,
    /// Length of the text in UTF-16 units.
    units: usize,
    entities: Vec<Entity>,
}

impl Builder {
    /// One byte of a text; the bytes of a character come in order.
    fn push(&mut self, byte: u8) {
        if byte & 0xC0 != 0x80 {
            self.units += if byte >= 0xF0 { 2 } else { 1 };
        }
        self.bytes.push(byte);
    }

    fn push_char(&mut self, char: char) {
        self.units += char.len_utf16();
        self.bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// What was written from a byte on.
    fn since(&self, byte: usize) -> String {
        String::from_utf8_lossy(self.bytes.get(byte..).unwrap_or_default()).into_owned()
    }

    fn add(&mut self, mut entity: Entity, start: usize) {
        entity.offset = start;
        entity.length = self.units - start;
        self.entities.push(entity);
    }

    fn done(mut self) -> (String, Vec<Entity>) {
        super::settle::sort(&mut self.entities);
        (String::from_utf8_lossy(&self.bytes).into_owned(), self.entities)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x0B)
}

/// A link or a mention by id; `None` where the address leads nowhere.
fn link(url: &str) -> Option<Entity> {
    if let Some(id) = links::user_id(url) {
        return Some(Entity {
            user: Some(serde_json::json!({ "id": id })),
            ..Entity::new("text_mention", 0, 0)
        });
    }
    let url = links::checked(url)?;
    Some(Entity { url: Some(url), ..Entity::new("text_link", 0, 0) })
}

/// A block of code begins at `at`, behind its backticks: its language, and where its text begins.
fn block(source: &Source<'_>, mut at: usize) -> (Option<String>, usize) {
    let mut end = at;
    while !is_space(source.at(end)) && source.at(end) != b'`' {
        end += 1;
    }
    let mut language = None;
    if end != at && end < source.len() && source.at(end) != b'`' {
        language = Some(source.text(at, end));
        at = end;
    }
    let is_break = |byte: u8| byte == b'\n' || byte == b'\r';
    if is_break(source.at(at)) {
        let is_pair = is_break(source.at(at + 1)) && source.at(at) != source.at(at + 1);
        at += if is_pair { 2 } else { 1 };
    }
    (language, at)
}
