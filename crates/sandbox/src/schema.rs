//! Answers and updates, held against the machine-readable Bot API.
//!
//! The schema is `.butcher/schema/schema.json` of aiogram's source archive: every type with its fields, their types and
//! whether they are required. Result types of methods stand in its prose only, so they are listed here.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::Value;

mod results;

pub use results::result_type;

/// The Bot API's types, to check JSON against.
#[derive(Clone, Debug)]
pub struct Validator(Arc<HashMap<String, Type>>);

#[derive(Debug)]
enum Type {
    Object(HashMap<String, Field>),
    OneOf(Vec<String>),
}

#[derive(Debug)]
struct Field {
    kind: Shape,
    required: bool,
}

#[derive(Clone, Debug)]
enum Shape {
    Integer,
    Float,
    Text,
    Boolean,
    True,
    Named(String),
    ArrayOf(Box<Shape>),
    AnyOf(Vec<Shape>),
}

impl Validator {
    /// Reads aiogram's `schema.json`.
    pub fn load(path: impl AsRef<Path>) -> anyhow::Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the Bot API schema {} cannot be read", path.display()))?;
        let schema: Value = serde_json::from_str(&text)
            .with_context(|| format!("the Bot API schema {} is no JSON", path.display()))?;
        let mut types = HashMap::new();
        let items = schema["items"].as_array().into_iter().flatten();
        for item in items.flat_map(|section| section["children"].as_array().into_iter().flatten()) {
            if let (Some("types"), Some(name)) = (item["category"].as_str(), item["name"].as_str()) {
                types.insert(name.to_owned(), read_type(item));
            }
        }
        if !types.contains_key("Update") {
            bail!("the Bot API schema {} has no type Update: is it aiogram's?", path.display());
        }
        Ok(Self(Arc::new(types)))
    }

    /// What is wrong with an update. `newer`: unknown fields and kinds are allowed.
    pub fn update(&self, update: &Value, newer: bool) -> Vec<String> {
        self.check(&Shape::Named("Update".to_owned()), update, newer)
    }

    /// What is wrong with a method's whole answer, `{"ok":…}`.
    pub fn answer(&self, method: &str, answer: &Value, newer: bool) -> Vec<String> {
        match answer["ok"].as_bool() {
            Some(true) => match result_type(method) {
                Some(kind) => self.check(&shape(kind), &answer["result"], newer),
                None => vec![format!("{method}: its result type is not listed in schema/results.rs")],
            },
            Some(false) if answer["error_code"].is_i64() && answer["description"].is_string() => {
                answer.get("parameters").map_or_else(Vec::new, |parameters| {
                    self.check(&Shape::Named("ResponseParameters".to_owned()), parameters, newer)
                })
            }
            _ => {
                vec![format!("{method}: an answer needs ok, and error_code and description when it is false")]
            }
        }
    }

    fn check(&self, shape: &Shape, value: &Value, newer: bool) -> Vec<String> {
        let mut wrong = Vec::new();
        self.walk(shape, value, newer, "", &mut wrong);
        wrong
    }

    fn walk(&self, shape: &Shape, value: &Value, newer: bool, at: &str, wrong: &mut Vec<String>) {
        let fits = match shape {
            Shape::Integer => value.is_i64(),
            Shape::Float => value.is_number(),
            Shape::Text => value.is_string(),
            Shape::Boolean => value.is_boolean(),
            Shape::True => *value == Value::Bool(true),
            Shape::ArrayOf(inner) => match value.as_array() {
                Some(items) => {
                    for (index, item) in items.iter().enumerate() {
                        self.walk(inner, item, newer, &format!("{at}[{index}]"), wrong);
                    }
                    true
                }
                None => false,
            },
            Shape::AnyOf(shapes) => shapes.iter().any(|shape| self.check(shape, value, newer).is_empty()),
            Shape::Named(name) => return self.walk_named(name, value, newer, at, wrong),
        };
        if !fits {
            wrong.push(format!("{at}: {shape:?} expected, got {value}"));
        }
    }

    fn walk_named(&self, name: &str, value: &Value, newer: bool, at: &str, wrong: &mut Vec<String>) {
        match self.0.get(name) {
            Some(Type::OneOf(names)) => {
                let trial = |name: &String| self.check(&Shape::Named(name.clone()), value, newer);
                if !names.iter().any(|name| trial(name).is_empty()) {
                    wrong.push(format!("{at}: none of {name}: {value}"));
                }
            }
            Some(Type::Object(fields)) => {
                let Some(object) = value.as_object() else {
                    return wrong.push(format!("{at}: {name} expected, got {value}"));
                };
                for (key, field) in fields {
                    match object.get(key) {
                        Some(value) => self.walk(&field.kind, value, newer, &format!("{at}.{key}"), wrong),
                        None if field.required => wrong.push(format!("{at}: {name} needs {key}")),
                        None => {}
                    }
                }
                if !newer {
                    let unknown = object.keys().filter(|key| !fields.contains_key(*key));
                    wrong.extend(unknown.map(|key| format!("{at}: {name} has no {key}")));
                }
            }
            None => wrong.push(format!("{at}: the schema has no type {name}")),
        }
    }
}

fn read_type(item: &Value) -> Type {
    let annotations = item["annotations"].as_array().map(Vec::as_slice).unwrap_or_default();
    let description = item["description"].as_str().unwrap_or_default();
    let variants: Vec<String> = description
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "))
        .map(|name| name.trim().to_owned())
        .filter(|name| name.chars().all(char::is_alphanumeric))
        .collect();
    if annotations.is_empty() && !variants.is_empty() {
        return Type::OneOf(variants);
    }
    let field = |annotation: &Value| {
        let name = annotation["name"].as_str()?.to_owned();
        let kind = shape(annotation["type"].as_str()?);
        Some((name, Field { kind, required: annotation["required"].as_bool().unwrap_or(false) }))
    };
    Type::Object(annotations.iter().filter_map(field).collect())
}

/// Reads "Array of X", "X or Y", "Integer"…
fn shape(text: &str) -> Shape {
    if let Some(inner) = text.strip_prefix("Array of ") {
        return Shape::ArrayOf(Box::new(shape(inner)));
    }
    if text.contains(" or ") {
        return Shape::AnyOf(text.split(" or ").map(shape).collect());
    }
    match text {
        "Integer" => Shape::Integer,
        "Float" => Shape::Float,
        "String" => Shape::Text,
        "Boolean" => Shape::Boolean,
        "True" => Shape::True,
        name => Shape::Named(name.to_owned()),
    }
}

/// A validator at work: it counts, and keeps what it finds.
#[derive(Debug)]
pub(crate) struct Checker {
    validator: Validator,
    pub answers: u64,
    pub updates: u64,
    pub violations: Vec<String>,
    /// Calls by method.
    pub methods: BTreeMap<String, u64>,
}

impl Checker {
    pub fn new(validator: Validator) -> Self {
        Self { validator, answers: 0, updates: 0, violations: Vec::new(), methods: BTreeMap::new() }
    }

    pub fn update(&mut self, json: &str, newer: bool) {
        self.updates += 1;
        let wrong = match serde_json::from_str(json) {
            Ok(update) => self.validator.update(&update, newer),
            Err(error) => vec![format!("no JSON: {error}")],
        };
        self.violations.extend(wrong.into_iter().map(|wrong| format!("update{wrong} in {json}")));
    }

    pub fn answer(&mut self, method: &str, json: &str, newer: bool) {
        self.answers += 1;
        *self.methods.entry(method.to_owned()).or_default() += 1;
        let wrong = match serde_json::from_str(json) {
            // Updates were checked when they were made; unknown and malformed ones are there on purpose.
            Ok(_) if method == "getUpdates" => Vec::new(),
            Ok(answer) => self.validator.answer(method, &answer, newer),
            Err(error) => vec![format!("no JSON: {error}")],
        };
        self.violations.extend(wrong.into_iter().map(|wrong| format!("{method}{wrong} in {json}")));
    }
}
