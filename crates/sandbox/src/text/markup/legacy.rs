//! `parse_mode: Markdown`, the older one: no nesting, no escapes inside of entities.

use super::{Builder, Parsed, Source, block, link};
use crate::text::Entity;

/// Parses legacy Markdown.
pub(crate) fn markdown(raw: &str) -> Parsed {
    let source = Source(raw.as_bytes());
    let mut out = Builder::default();
    let mut at = 0;
    while at < source.len() {
        let mark = source.at(at);
        if mark == b'\\' && matches!(source.at(at + 1), b'_' | b'*' | b'`' | b'[') {
            out.push(source.at(at + 1));
            at += 2;
        } else if matches!(mark, b'_' | b'*' | b'`' | b'[') {
            at = entity(&source, at, &mut out)?;
        } else {
            out.push(mark);
            at += 1;
        }
    }
    Ok(out.done())
}

/// One entity with its text; returns where the text behind it begins.
fn entity(source: &Source<'_>, begin: usize, out: &mut Builder) -> Result<usize, String> {
    let mark = source.at(begin);
    let is_block = source.starts(begin, "```");
    let (language, mut at) = if is_block { block(source, begin + 3) } else { (None, begin + 1) };
    let end = if mark == b'[' { b']' } else { mark };
    let (start, first) = (out.units, at);
    while at < source.len() && (source.at(at) != end || (is_block && !source.starts(at, "```"))) {
        out.push(source.at(at));
        at += 1;
    }
    if at >= source.len() {
        return Err(format!("Can't find end of the entity starting at byte offset {begin}"));
    }
    let made = match mark {
        b'_' => Some(Entity::new("italic", 0, 0)),
        b'*' => Some(Entity::new("bold", 0, 0)),
        b'`' if is_block => Some(Entity { language, ..Entity::new("pre", 0, 0) }),
        b'`' => Some(Entity::new("code", 0, 0)),
        _ => {
            // Without an address the text is one.
            let mut url = source.text(first, at);
            if source.at(at + 1) == b'(' {
                let from = at + 2;
                at = from;
                while at < source.len() && source.at(at) != b')' {
                    at += 1;
                }
                url = source.text(from, at);
            }
            link(&url)
        }
    };
    if let Some(made) = made.filter(|_| out.units > start) {
        out.add(made, start);
    }
    Ok(at + if is_block { 3 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_do_not_nest_and_escapes_work_outside() {
        let (text, entities) = markdown(r"_a*b_ \*c [x](https://example.com/y) ```rust let```").unwrap();
        assert_eq!(text, "a*b *c x  let");
        let spans: Vec<_> =
            entities.iter().map(|entity| (&*entity.kind, entity.offset, entity.length)).collect();
        assert_eq!(spans, [("italic", 0, 3), ("text_link", 7, 1), ("pre", 9, 4)]);
        assert_eq!(entities[2].language.as_deref(), Some("rust"));
        assert_eq!(markdown("a *b").unwrap_err(), "Can't find end of the entity starting at byte offset 2");
    }
}
