//! A later version of Telegram: what a bot must live with that was written for this one.

use serde_json::{Map, Value, json};

/// Puts what no bot knows yet into every object: a field, and in lists whose items have a type one of an unknown type.
pub(crate) fn enrich(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    walk(&mut value);
    value.to_string()
}

fn walk(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(walk),
        Value::Object(fields) => {
            for (name, inner) in fields.iter_mut() {
                walk(inner);
                if let Value::Array(items) = inner {
                    items.extend(unknown_item(name));
                }
            }
            add_field(fields);
        }
        _ => {}
    }
}

/// An item of a type that no bot knows, for a list of that name.
fn unknown_item(list: &str) -> Option<Value> {
    let mut item = match list {
        "entities"
        | "caption_entities"
        | "question_entities"
        | "explanation_entities"
        | "description_entities" => {
            json!({"type": "type_of_a_later_version", "offset": 0, "length": 1})
        }
        "old_reaction" | "new_reaction" | "available_reactions" => {
            json!({"type": "type_of_a_later_version"})
        }
        _ => return None,
    };
    walk(&mut item);
    Some(item)
}

fn add_field(fields: &mut Map<String, Value>) {
    let field = || json!({"kind": "unknown", "list": [1, "2", null]});
    fields.entry("field_of_a_later_version").or_insert_with(field);
}

/// Updates of kinds, and with values, that no bot knows; they take turns. `author` and `chat` are objects as they stand
/// in the update that came before.
pub(crate) fn unknown_update(turn: i64, id: i64, author: &Value, chat: &Value) -> Value {
    let mut update = match turn % 4 {
        0 => json!({"kind_of_a_later_version": {"id": id, "of": ["any", "shape"]}}),
        1 => json!({"my_chat_member": {"chat": chat, "from": author, "date": 1, "new_chat_member":
            {"status": "status_of_a_later_version", "user": author}, "old_chat_member":
            {"status": "member", "user": author}}}),
        2 => {
            let chat = json!({"id": -1_009_999_999_999_i64, "type": "type_of_a_later_version", "title": "?"});
            json!({"message": {"message_id": 1, "date": 1, "chat": chat, "from": author, "text": "x"}})
        }
        _ => json!({"message": {"message_id": 0, "date": 1, "chat": chat, "from": author,
            "content_of_a_later_version": {"of": ["any", "shape"]}}}),
    };
    walk(&mut update);
    update["update_id"] = id.into();
    update
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_has_a_field_that_nobody_knows() {
        let enriched = enrich(r#"{"a":{"b":[{"c":1}]},"entities":[{"type":"bold","offset":0,"length":1}]}"#);
        assert_eq!(enriched.matches("field_of_a_later_version").count(), 5);
        assert!(enriched.contains(r#""type":"type_of_a_later_version""#));
    }

    #[test]
    fn four_kinds_of_surprise_take_turns() {
        let (author, chat) = (json!({"id": 1}), json!({"id": 2}));
        let made: Vec<_> =
            (0..4).map(|turn| unknown_update(turn, turn, &author, &chat).to_string()).collect();
        for word in ["kind_of", "status_of", "\"type_of", "content_of"] {
            assert!(made.iter().any(|update| update.contains(word)), "{word} is in none of {made:?}");
        }
    }
}
