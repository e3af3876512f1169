//! Whatever anybody writes: no parser panics, and every entity lies on characters of its text.

use proptest::prelude::*;

use super::{Entity, markup, settle, utf16_len, utf16_slice};

/// Texts full of marks, tags, emoji and odd characters.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[_*~`|>\\[\\]()!\\\\#+={}.\\-\n\r ]{1,4}",
        "(<|</)(b|i|a|pre|code|span|blockquote|tg-emoji|tg-time|x)( (href|class|unix|format|expandable)=?['\"]?[a-z:/?=.]{0,6}['\"]?)?>?",
        "&(lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fD]{1,6})?;?",
        "(tg://user\\?id=7|https?://[a-z.]{1,9}/?|a@b[.]org|/[a-z]{0,3}@?[a-z]{0,5}|[@#$+][A-Za-z0-9_]{0,9})",
        "\\PC{0,3}",
        any::<char>().prop_map(String::from),
        Just("👋🏽".to_owned()),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn entities() -> impl Strategy<Value = Vec<Entity>> {
    let kinds = prop_oneof![
        Just("bold"),
        Just("italic"),
        Just("spoiler"),
        Just("code"),
        Just("pre"),
        Just("blockquote"),
        Just("expandable_blockquote"),
        Just("text_link"),
        Just("custom_emoji"),
        Just("url"),
    ];
    let entity = (kinds, 0_usize..40, 0_usize..40).prop_map(|(kind, offset, length)| {
        let url = (kind == "text_link").then(|| "example.com".to_owned());
        Entity { url, ..Entity::new(kind, offset, length) }
    });
    proptest::collection::vec(entity, 0..8)
}

/// Every entity lies in the text, on its characters, in order.
fn check(text: &str, entities: &[Entity]) -> Result<(), TestCaseError> {
    let total = utf16_len(text);
    for entity in entities {
        prop_assert!(entity.length > 0 && entity.end() <= total, "{entity:?} of {total} in {text:?}");
        prop_assert!(utf16_slice(text, entity.offset, entity.length).is_some(), "{entity:?} in {text:?}");
    }
    prop_assert!(entities.is_sorted_by_key(|entity| entity.offset), "{entities:?}");
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_parsed_has_valid_entities(raw in text()) {
        for parse in [markup::html, markup::markdown, markup::markdown_v2] {
            if let Ok((text, entities)) = parse(&raw) {
                check(&text, &entities)?;
                let (text, entities) = settle(&text, entities).map_err(TestCaseError::fail)?;
                check(&text, &entities)?;
            }
        }
    }

    #[test]
    fn whatever_is_sent_has_valid_entities_that_stay_as_they_are(raw in text(), given in entities()) {
        if let Ok((text, entities)) = settle(&raw, given) {
            check(&text, &entities)?;
            let code: Vec<&Entity> =
                entities.iter().filter(|entity| matches!(&*entity.kind, "code" | "pre")).collect();
            let overlaps = |one: &Entity, other: &Entity| {
                one != other && one.offset < other.end() && other.offset < one.end()
            };
            for entity in entities.iter().filter(|entity| !entity.kind.ends_with("blockquote")) {
                prop_assert!(!code.iter().any(|code| overlaps(code, entity)), "{entity:?} in code: {entities:?}");
            }
        }
    }
}
