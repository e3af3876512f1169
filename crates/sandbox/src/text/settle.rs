//! A text with its entities, as Telegram keeps it: cleaned, trimmed, entities that nest as they may, and those that
//! Telegram finds itself. The rules are those of `fix_formatted_text` in TDLib.

use super::{Entity, detect, links, utf16_len};

mod nest;

pub(crate) use nest::sort;

/// More entities than these a message does not keep.
const MOST_ENTITIES: usize = 100;

/// Kinds that a sender may set; the others Telegram finds itself.
const SETTABLE: [&str; 13] = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];

/// The text and its entities, or why Telegram does not take them. An empty text is fine here.
pub(crate) fn settle(raw: &str, given: Vec<Entity>) -> Result<(String, Vec<Entity>), String> {
    let mut entities: Vec<Entity> =
        given.into_iter().filter(|entity| SETTABLE.contains(&&*entity.kind)).filter_map(checked).collect();
    for entity in &entities {
        let most = 1_000_000;
        if entity.offset > most {
            return Err(format!("Receive an entity with incorrect offset {}", entity.offset));
        }
        if entity.length > most {
            return Err(format!("Receive an entity with incorrect length {}", entity.length));
        }
    }
    entities.retain(|entity| entity.length > 0);
    nest::fix(&mut entities);
    entities.truncate(MOST_ENTITIES);
    let text = clean(raw, &mut entities)?;
    entities.retain(|entity| entity.length > 0);
    nest::fix(&mut entities);
    let text = trim(&text, &mut entities);
    if text.chars().all(is_blank) {
        return Ok((String::new(), Vec::new()));
    }
    let found = detect::find(&text);
    if !found.is_empty() {
        entities = nest::merge(entities, found);
    }
    Ok((text, entities))
}

/// An address is written as Telegram writes it; an entity with a wrong one is dropped.
fn checked(mut entity: Entity) -> Option<Entity> {
    if entity.kind == "text_link" {
        let url = entity.url.take().unwrap_or_default();
        if let Some(id) = links::user_id(&url) {
            let user = Some(serde_json::json!({ "id": id }));
            return Some(Entity { user, ..Entity::new("text_mention", entity.offset, entity.length) });
        }
        entity.url = Some(links::checked(&url)?);
    }
    Some(entity)
}

/// Takes away what no text may hold, and moves the entities along.
fn clean(raw: &str, entities: &mut [Entity]) -> Result<String, String> {
    let is_odd = |byte: u8| (byte < 32 && byte != b'\n') || byte == 0xE2 || byte == 0xCC;
    if entities.is_empty() && !raw.bytes().any(is_odd) {
        return Ok(raw.to_owned());
    }
    let mut text = String::with_capacity(raw.len());
    // For every character: where it began in UTF-16 units before and after, and its byte.
    let mut places = Vec::with_capacity(if entities.is_empty() { 0 } else { raw.len() + 1 });
    let (mut before, mut after) = (0, 0);
    for (byte, char) in raw.char_indices() {
        if !entities.is_empty() {
            places.push((before, after, byte));
        }
        before += char.len_utf16();
        let kept = match char {
            '\r' | '\u{2028}'..='\u{202E}' | '\u{333}' | '\u{33F}' | '\u{30A}' => continue,
            '\n' => '\n',
            char if char < ' ' => ' ',
            char => char,
        };
        after += kept.len_utf16();
        text.push(kept);
    }
    places.push((before, after, raw.len()));
    for entity in entities.iter_mut() {
        let (offset, end) = (entity.offset, entity.end());
        if offset > before {
            return Err(format!("Entity begins after the end of the text at UTF-16 offset {offset}"));
        }
        if end > before {
            return Err(format!(
                "Entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
            ));
        }
        let first = places.binary_search_by_key(&offset, |place| place.0).map_err(|next| {
            format!("Entity begins in a middle of a UTF-16 symbol at byte offset {}", places[next].2)
        })?;
        let last = places.binary_search_by_key(&end, |place| place.0).map_err(|next| {
            format!(
                "Entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol at byte offset {}",
                places[next].2
            )
        })?;
        entity.offset = places[first].1;
        entity.length = places[last].1 - places[first].1;
    }
    Ok(hide_marks(text))
}

/// Of a run of direction marks only the last stays one.
fn hide_marks(text: String) -> String {
    let is_mark = |char: char| matches!(char, '\u{200E}' | '\u{200F}');
    if !text.contains(is_mark) {
        return text;
    }
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(char) = chars.next() {
        let is_last = !chars.peek().is_some_and(|next| is_mark(*next));
        out.push(if is_mark(char) && !is_last { '\u{200C}' } else { char });
    }
    out
}

fn is_blank(char: char) -> bool {
    char.is_whitespace()
        || matches!(
            char,
            '\u{180E}'
                | '\u{200B}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{200C}'
                | '\u{202E}'
                | '\u{2800}'
                | '\u{FFFC}'
        )
}

/// Takes spaces and line breaks off both ends; at the beginning only up to the first entity.
fn trim(text: &str, entities: &mut Vec<Entity>) -> String {
    let is_space = [' ', '\n'];
    let kept = text.trim_end_matches(is_space);
    let total = utf16_len(kept);
    entities.retain(|entity| entity.offset < total);
    for entity in entities.iter_mut() {
        entity.length = entity.length.min(total - entity.offset);
    }
    sort(entities);
    let leading = kept.len() - kept.trim_start_matches(is_space).len();
    // Spaces and line breaks are one unit and one byte each.
    let cut = entities.first().map_or(leading, |first| leading.min(first.offset));
    for entity in entities.iter_mut() {
        entity.offset -= cut;
    }
    kept[cut..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(raw: &str, given: Vec<Entity>) -> (String, Vec<(String, usize, usize)>) {
        let (text, entities) = settle(raw, given).unwrap();
        (text, entities.into_iter().map(|entity| (entity.kind, entity.offset, entity.length)).collect())
    }

    fn named(spans: &[(&str, usize, usize)]) -> Vec<(String, usize, usize)> {
        spans.iter().map(|(kind, offset, length)| ((*kind).to_owned(), *offset, *length)).collect()
    }

    #[test]
    fn trimming_moves_entities_along_and_stops_at_the_first() {
        let (text, found) =
            spans("  hi 👋 there \n", vec![Entity::new("bold", 5, 2), Entity::new("code", 8, 7)]);
        assert_eq!(text, "hi 👋 there");
        assert_eq!(found, named(&[("bold", 3, 2), ("code", 6, 5)]));
        assert_eq!(spans(" a", vec![Entity::new("bold", 0, 2)]).0, " a");
        assert_eq!(spans(" \u{2800}\n", Vec::new()).0, "");
    }

    #[test]
    fn odd_characters_are_taken_away() {
        let (text, found) = spans("a\r\nb\u{202E}c\td\u{333}", vec![Entity::new("bold", 3, 3)]);
        assert_eq!((text.as_str(), found), ("a\nbc d", named(&[("bold", 2, 2)])));
        assert_eq!(spans("\u{200F}\u{200F}a", Vec::new()).0, "\u{200C}\u{200F}a");
    }

    #[test]
    fn nested_styles_are_split_as_telegram_splits_them() {
        let given = vec![Entity::new("bold", 0, 9), Entity::new("italic", 5, 4)];
        assert_eq!(spans("bold both", given).1, named(&[("bold", 0, 5), ("bold", 5, 4), ("italic", 5, 4)]));
        let given = vec![Entity::new("bold", 0, 4), Entity::new("code", 2, 4)];
        assert_eq!(spans("abcdef", given).1, named(&[("bold", 0, 2), ("code", 2, 4)]));
        let given = vec![Entity::new("bold", 0, 2), Entity::new("bold", 2, 2)];
        assert_eq!(spans("abcd", given).1, named(&[("bold", 0, 4)]));
        let found = spans("see example.com now", vec![Entity::new("bold", 0, 19)]).1;
        assert_eq!(found, named(&[("bold", 0, 4), ("url", 4, 11), ("bold", 4, 11), ("bold", 15, 4)]));
    }

    #[test]
    fn entities_out_of_bounds_are_refused_in_telegrams_words() {
        for (offset, length, error) in [
            (9, 1, "Entity begins after the end of the text at UTF-16 offset 9"),
            (1, 9, "Entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10"),
            (2, 1, "Entity begins in a middle of a UTF-16 symbol at byte offset 5"),
            (
                0,
                2,
                "Entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 5",
            ),
            (2_000_000, 1, "Receive an entity with incorrect offset 2000000"),
        ] {
            assert_eq!(settle("a👋b", vec![Entity::new("bold", offset, length)]).unwrap_err(), error);
        }
    }

    #[test]
    fn a_command_inside_code_is_not_marked() {
        assert_eq!(spans("/start", vec![Entity::new("code", 0, 6)]).1.len(), 1);
    }
}
