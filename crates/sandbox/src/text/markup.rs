//! HTML and Markdown, parsed to entities with Telegram's errors.

use super::Entity;

mod html;
mod markdown;

pub(crate) use html::html;
pub(crate) use markdown::{markdown, markdown_v2};

/// A text and its entities, or Telegram's error without its prefix.
pub(crate) type Parsed = Result<(String, Vec<Entity>), String>;

/// A text that grows while entities open and close in it.
#[derive(Default)]
struct Builder {
    text: String,
    /// Length of the text in UTF-16 units.
    units: usize,
    entities: Vec<Entity>,
}

impl Builder {
    fn push(&mut self, char: char) {
        self.text.push(char);
        self.units += char.len_utf16();
    }

    fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
        self.units += super::utf16_len(text);
    }

    /// Ends an entity that began at `start`; an empty one is none.
    fn close(&mut self, mut entity: Entity, start: usize) {
        if self.units > start {
            entity.offset = start;
            entity.length = self.units - start;
            self.entities.push(entity);
        }
    }

    fn done(mut self) -> (String, Vec<Entity>) {
        self.entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
        (self.text, self.entities)
    }
}
