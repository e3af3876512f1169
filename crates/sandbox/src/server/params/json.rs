//! Parameters in a JSON body.

use serde_json::{Map, Value};

/// The fields of the object. Telegram takes those that stand before a mistake, and passes over the mistake and the rest:
/// a broken body ends as a call in which something is missing.
pub(super) fn fields(body: &[u8]) -> Map<String, Value> {
    if let Ok(Value::Object(map)) = serde_json::from_slice(body) {
        return map;
    }
    let mut map = Map::new();
    let mut rest = body.trim_ascii_start().strip_prefix(b"{");
    while let Some(at) = rest {
        let Some((name, value, after)) = field(at) else { break };
        map.insert(name, value);
        rest = after.trim_ascii_start().strip_prefix(b",");
    }
    map
}

/// The next field, and what comes after it.
fn field(rest: &[u8]) -> Option<(String, Value, &[u8])> {
    let (Value::String(name), rest) = value(rest)? else { return None };
    let (value, rest) = value(rest.trim_ascii_start().strip_prefix(b":")?)?;
    Some((name, value, rest))
}

fn value(rest: &[u8]) -> Option<(Value, &[u8])> {
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter();
    let value = values.next()?.ok()?;
    Some((value, rest.get(values.byte_offset()..)?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::fields;

    #[test]
    fn what_stands_before_a_mistake_counts() {
        let cases: [(&[u8], Value); 7] = [
            (b"{\"a\": 1, \"b\": {\"c\": [2]}}", json!({"a": 1, "b": {"c": [2]}})),
            (b" {\"a\" : 1 , \"b\": \"x", json!({"a": 1})),
            (b"{\"a\": 1 \"b\": 2}", json!({"a": 1})),
            (b"{\"a\": 1, \"b\" 2}", json!({"a": 1})),
            (b"{\"a\": 1} more", json!({"a": 1})),
            (b"{\"a\": \"\xff\"}", json!({})),
            (b"[1]", json!({})),
        ];
        for (body, expected) in cases {
            assert_eq!(Value::Object(fields(body)), expected, "{}", String::from_utf8_lossy(body));
        }
    }
}
