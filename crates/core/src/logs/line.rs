use std::borrow::Cow;

use mask::Masker;
use serde_json::Value;
use tracing::Level;

use super::fields::Fields;
use super::time::rfc3339;

/// Keys that each line has already; a field of that name gets `field_` before it.
const OWN_KEYS: &[&str] = &["ts", "level", "target", "bot", "env"];

/// The form of a line.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Json,
    Pretty { colours: bool },
}

/// What stands in one line.
pub(super) struct Line<'l> {
    pub micros: i64,
    pub level: Level,
    pub target: &'l str,
    pub bot: &'l str,
    pub environment: &'static str,
    pub fields: Fields,
}

impl Line<'_> {
    /// The line with its line end; not masked yet, but so that masking leaves JSON whole.
    pub fn format(mut self, form: Form, masker: &Masker) -> String {
        let message = match self.fields.0.iter().position(|(name, _)| *name == "message") {
            Some(place) => self.fields.0.remove(place).1,
            None => Value::from(""),
        };
        match form {
            Form::Json => self.json(message, masker),
            Form::Pretty { colours } => self.pretty(&message, colours),
        }
    }

    fn json(self, message: Value, masker: &Masker) -> String {
        let mut out = String::with_capacity(256);
        let own = [
            ("ts", Value::from(rfc3339(self.micros))),
            ("level", self.level.as_str().to_ascii_lowercase().into()),
            ("target", self.target.into()),
            ("message", message),
            ("bot", self.bot.into()),
            ("env", self.environment.into()),
        ];
        let fields = self.fields.0.into_iter().map(|(name, value)| {
            let value = whole(name, value, masker);
            (if OWN_KEYS.contains(&name) { Cow::Owned(format!("field_{name}")) } else { name.into() }, value)
        });
        let own = own.into_iter().map(|(name, value)| (Cow::Borrowed(name), value));
        for (place, (name, value)) in own.chain(fields).enumerate() {
            out.push(if place == 0 { '{' } else { ',' });
            out.push_str(&Value::from(name).to_string());
            out.push(':');
            out.push_str(&value.to_string());
        }
        out.push_str("}\n");
        out
    }

    fn pretty(self, message: &Value, colours: bool) -> String {
        let level = format!("{:>5}", self.level.as_str());
        let (time, level) = if colours {
            let colour = match self.level {
                Level::ERROR => 31,
                Level::WARN => 33,
                Level::INFO => 32,
                Level::DEBUG => 34,
                Level::TRACE => 35,
            };
            (format!("\x1b[2m{}\x1b[0m", rfc3339(self.micros)), format!("\x1b[{colour}m{level}\x1b[0m"))
        } else {
            (rfc3339(self.micros), level)
        };
        let mut out = format!("{time} {level} {}/{} {}:", self.bot, self.environment, self.target);
        let mut word = |text: std::fmt::Arguments<'_>| {
            out.push(' ');
            // Control characters from outside could drive the terminal.
            for character in text.to_string().chars() {
                match character {
                    '\n' | '\t' => out.push(character),
                    _ if character.is_control() => out.extend(character.escape_default()),
                    _ => out.push(character),
                }
            }
        };
        match message.as_str() {
            Some(text) => word(format_args!("{text}")),
            None => word(format_args!("{message}")),
        }
        for (name, value) in &self.fields.0 {
            word(format_args!("{name}={value}"));
        }
        out.push('\n');
        out
    }
}

/// A number that the masker would replace becomes a string first, so that the line stays JSON.
fn whole(name: &str, value: Value, masker: &Masker) -> Value {
    match value {
        Value::Number(number) if matches!(masker.mask(&format!("{name}={number}")), Cow::Owned(_)) => {
            Value::from(number.to_string())
        }
        _ => value,
    }
}
