//! JSON written by hand, for what is built many thousand times a second.

use std::fmt::{Display, Write as _};

/// `text` as a JSON string, with its quotes.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A JSON object under construction.
pub(crate) struct Object(String);

impl Object {
    pub fn new() -> Self {
        Self::with_capacity(64)
    }

    pub fn with_capacity(bytes: usize) -> Self {
        let mut json = String::with_capacity(bytes);
        json.push('{');
        Self(json)
    }

    fn key(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    /// A field whose value is JSON already.
    pub fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.key(name);
        self.0.push_str(json);
        self
    }

    /// A number or a boolean.
    pub fn plain(&mut self, name: &str, value: impl Display) -> &mut Self {
        self.key(name);
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{value}");
        self
    }

    /// A string.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        let value = quoted(value);
        self.raw(name, &value)
    }

    /// Fields that are JSON already, with commas between.
    pub fn fields(&mut self, json: &str) -> &mut Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(json);
        self
    }

    /// A field that a later Telegram may add.
    pub fn newer(&mut self, on: bool) -> &mut Self {
        if on {
            self.raw("field_of_a_later_version", r#"{"kind":"unknown","list":[1,"2",null]}"#);
        }
        self
    }

    pub fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}
