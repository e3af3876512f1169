//! What OpenAI's strict mode takes as a schema, and whether an answer fits one.

use serde_json::Value;

/// Keywords that strict mode knows.
const KNOWN: [&str; 27] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "anyOf",
    "$ref",
    "$defs",
    "definitions",
    "description",
    "title",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "default",
    "examples",
    "$schema",
];
/// Limits of strict mode.
const MOST_PROPERTIES: usize = 5_000;
const MOST_ENUM_VALUES: usize = 1_000;
const DEEPEST: usize = 10;

/// Says why strict mode refuses a schema, in OpenAI's words.
pub(super) fn refuse(schema: &Value) -> Option<String> {
    if schema["type"] != "object" {
        let kind = schema["type"].as_str().unwrap_or("None");
        return Some(format!("schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."));
    }
    if schema.get("anyOf").is_some() {
        return Some("In context=(), schema must not have 'anyOf' at the top level.".to_owned());
    }
    let mut counted = Counted::default();
    counted.look(schema, &mut Vec::new(), 0);
    counted.wrong
}

#[derive(Default)]
struct Counted {
    properties: usize,
    enum_values: usize,
    wrong: Option<String>,
}

impl Counted {
    fn look(&mut self, schema: &Value, at: &mut Vec<String>, depth: usize) {
        if self.wrong.is_none() {
            self.wrong =
                self.fault(schema, depth).map(|fault| format!("In context={}, {fault}", context(at)));
        }
        let object = schema.as_object();
        for name in ["properties", "$defs", "definitions"] {
            for (key, value) in object.and_then(|object| object.get(name)?.as_object()).into_iter().flatten()
            {
                at.extend([name.to_owned(), key.clone()]);
                self.look(value, at, depth + 1);
                at.truncate(at.len() - 2);
            }
        }
        if let Some(items) = schema.get("items") {
            at.push("items".to_owned());
            self.look(items, at, depth + 1);
            at.pop();
        }
        for (index, value) in schema["anyOf"].as_array().into_iter().flatten().enumerate() {
            at.extend(["anyOf".to_owned(), index.to_string()]);
            self.look(value, at, depth);
            at.truncate(at.len() - 2);
        }
    }

    fn fault(&mut self, schema: &Value, depth: usize) -> Option<String> {
        let Some(object) = schema.as_object() else { return Some("schema must be an object.".to_owned()) };
        if depth > DEEPEST {
            return Some(format!("schema nests deeper than {DEEPEST} levels."));
        }
        if let Some(unknown) = object.keys().find(|key| !KNOWN.contains(&key.as_str())) {
            return Some(format!("'{unknown}' is not permitted."));
        }
        if object.keys().all(|key| !["type", "anyOf", "$ref", "enum", "const"].contains(&key.as_str())) {
            return Some("schema must have a 'type' key.".to_owned());
        }
        self.enum_values += schema["enum"].as_array().map_or(0, Vec::len);
        if self.enum_values > MOST_ENUM_VALUES {
            return Some(format!("schema has more than {MOST_ENUM_VALUES} enum values."));
        }
        if !types(schema).contains(&"object") {
            return if types(schema).contains(&"array") && schema.get("items").is_none() {
                Some("array schema missing items.".to_owned())
            } else {
                None
            };
        }
        if schema["additionalProperties"] != Value::Bool(false) {
            return Some("'additionalProperties' is required to be supplied and to be false.".to_owned());
        }
        let properties = schema["properties"].as_object();
        self.properties += properties.map_or(0, serde_json::Map::len);
        if self.properties > MOST_PROPERTIES {
            return Some(format!("schema has more than {MOST_PROPERTIES} properties."));
        }
        let required = schema["required"].as_array();
        let is_required = |key: &String| required.is_some_and(|list| list.iter().any(|name| name == key));
        let missing = properties.into_iter().flat_map(serde_json::Map::keys).find(|key| !is_required(key));
        missing.map(|key| {
            format!(
                "'required' is required to be supplied and to be an array including every key in properties. Missing \
                 '{key}'."
            )
        })
    }
}

fn context(at: &[String]) -> String {
    let quoted: Vec<String> = at.iter().map(|part| format!("'{part}'")).collect();
    if quoted.len() == 1 { format!("({},)", quoted[0]) } else { format!("({})", quoted.join(", ")) }
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let pointer = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

/// How far references are followed: a schema may refer to itself.
const FURTHEST: usize = 100;

/// Says why a value does not fit a schema of strict mode.
pub(super) fn misfit(schema: &Value, value: &Value) -> Option<String> {
    misfit_at(schema, schema, value, "the answer", 0)
}

fn misfit_at(root: &Value, schema: &Value, value: &Value, at: &str, depth: usize) -> Option<String> {
    if depth > FURTHEST {
        return Some(format!("{at} nests too deep"));
    }
    let misfit = |root, schema, value, at: &str| misfit_at(root, schema, value, at, depth + 1);
    let schema = resolved(root, schema);
    if let Some(either) = schema["anyOf"].as_array() {
        let fits = either.iter().any(|one| misfit(root, one, value, at).is_none());
        return (!fits).then(|| format!("{at} fits none of anyOf"));
    }
    if schema["enum"].as_array().is_some_and(|list| !list.contains(value)) {
        return Some(format!("{at} is {value}, which is not in enum"));
    }
    if schema.get("const").is_some_and(|wanted| wanted != value) {
        return Some(format!("{at} is {value} instead of {}", schema["const"]));
    }
    let kinds = types(schema);
    if !kinds.is_empty() && !kinds.iter().any(|kind| is_of(kind, value)) {
        return Some(format!("{at} is {value} instead of {}", kinds.join(" or ")));
    }
    match value {
        Value::Object(object) => {
            let properties = schema["properties"].as_object()?;
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            if let Some(missing) = required.into_iter().find(|key| !object.contains_key(*key)) {
                return Some(format!("{at} has no {missing}"));
            }
            object.iter().find_map(|(key, value)| match properties.get(key) {
                Some(schema) => misfit(root, schema, value, &format!("{at}.{key}")),
                None => Some(format!("{at} has {key}, which the schema does not know")),
            })
        }
        Value::Array(list) => {
            let length = u64::try_from(list.len()).unwrap_or(u64::MAX);
            if schema["minItems"].as_u64().is_some_and(|least| length < least)
                || schema["maxItems"].as_u64().is_some_and(|most| length > most)
            {
                return Some(format!("{at} has {length} items"));
            }
            let of_item = |(index, value)| misfit(root, &schema["items"], value, &format!("{at}[{index}]"));
            list.iter().enumerate().find_map(of_item)
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            let under = schema["minimum"].as_f64().is_some_and(|least| number < least)
                || schema["exclusiveMinimum"].as_f64().is_some_and(|least| number <= least);
            let over = schema["maximum"].as_f64().is_some_and(|most| number > most)
                || schema["exclusiveMaximum"].as_f64().is_some_and(|most| number >= most);
            (under || over).then(|| format!("{at} is {number}, out of its bounds"))
        }
        Value::String(text) => {
            let pattern = schema["pattern"].as_str().and_then(|pattern| regex::Regex::new(pattern).ok());
            let fits = pattern.is_none_or(|pattern| pattern.is_match(text));
            (!fits).then(|| format!("{at} does not match {}", schema["pattern"]))
        }
        _ => None,
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

/// The least value that fits a schema: what is answered when nothing was scripted.
pub(super) fn least(schema: &Value) -> Value {
    least_at(schema, schema, 0)
}

fn least_at(root: &Value, schema: &Value, depth: usize) -> Value {
    if depth > FURTHEST {
        return Value::Null;
    }
    let least = |root, schema| least_at(root, schema, depth + 1);
    let schema = resolved(root, schema);
    if let Some(value) = schema.get("const").or_else(|| schema["enum"].as_array()?.first()) {
        return value.clone();
    }
    if let Some(either) = schema["anyOf"].as_array() {
        let null = either.iter().find(|one| types(one) == ["null"]);
        return null.or(either.first()).map_or(Value::Null, |one| least(root, one));
    }
    let kinds = types(schema);
    if kinds.contains(&"null") {
        return Value::Null;
    }
    match kinds.first().copied() {
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            properties.map(|(key, schema)| (key.clone(), least(root, schema))).collect()
        }
        Some("array") => {
            let count = schema["minItems"].as_u64().unwrap_or_default();
            (0..count.min(100)).map(|_| least(root, &schema["items"])).collect()
        }
        Some("string") => "".into(),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| 0.into()),
        Some("boolean") => false.into(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_that_leaves_anything_open_is_refused() {
        let open = json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]});
        assert!(refuse(&open).unwrap().starts_with("In context=(), 'additionalProperties'"));
        let inner = json!({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}},
            "required": [], "additionalProperties": false}}, "required": ["a"], "additionalProperties": false});
        assert!(refuse(&inner).unwrap().contains("In context=('properties', 'a'), 'required'"));
        let all_of = json!({"type": "object", "properties": {"a": {"type": "string", "allOf": []}}, "required": ["a"], "additionalProperties": false});
        assert!(refuse(&all_of).unwrap().contains("'allOf' is not permitted"));
        assert!(refuse(&json!({"type": "array"})).unwrap().contains("got 'type: \"array\"'"));
    }

    #[test]
    fn the_least_answer_fits() {
        let schema = json!({"type": "object", "properties": {
            "customer": {"type": "string", "enum": ["c1", "c2"]}, "note": {"type": ["string", "null"]},
            "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/item"}}},
            "required": ["customer", "note", "items"], "additionalProperties": false,
            "$defs": {"item": {"type": "object", "properties": {"amount": {"type": "number", "minimum": 1}}, "required": ["amount"], "additionalProperties": false}}});
        assert_eq!(refuse(&schema), None);
        let value = least(&schema);
        assert_eq!(value, json!({"customer": "c1", "note": null, "items": [{"amount": 1}]}));
        assert_eq!(misfit(&schema, &value), None);
        let wrong = json!({"customer": "c9", "note": null, "items": []});
        assert!(misfit(&schema, &wrong).is_some());
    }
}
