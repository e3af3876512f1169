//! Defaults < TOML file < environment, as plain strings through figment. No secret comes here.

use std::collections::BTreeMap;
use std::path::Path;

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::{BotInfo, Problem, Setting, Sources, setting::Preset, unknown};

/// Text of each setting that is set, by environment name, and where it came from.
pub(super) fn read(
    bot: &BotInfo,
    settings: &[Setting],
    sources: &Sources,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'static str, (String, String)> {
    let plain = || settings.iter().filter(|setting| !setting.secret);
    let defaults = plain().filter(|setting| matches!(setting.default, Preset::Text(_)));
    let defaults = defaults.filter_map(|setting| Some((setting.key(), setting.default_text(bot)?)));
    // An empty variable is one that is not set: env files and compose files leave names without a value.
    let env = plain().filter_map(|setting| {
        let text = sources.env.get(setting.env).filter(|text| !text.trim().is_empty())?;
        Some((setting.key(), text.clone()))
    });
    let mut figment = Figment::new().merge(Layer::new("default".to_owned(), defaults));
    if let Some(path) = &sources.file {
        let file = file(path, settings, problems);
        figment = figment.merge(Layer::new(path.display().to_string(), file));
    }
    let figment = figment.merge(Layer::new("environment".to_owned(), env));

    plain()
        .filter_map(|setting| {
            let key = setting.key();
            let value = figment.find_value(&key).ok()?;
            let origin = match figment.get_metadata(value.tag())?.name.as_ref() {
                "default" => "the default".to_owned(),
                "environment" => format!("environment {}", setting.env),
                path => format!("{path}:{key}"),
            };
            Some((setting.env, (value.into_string()?, origin)))
        })
        .collect()
}

/// The file's known keys as text; what is not a setting, or a secret, becomes a problem.
fn file(path: &Path, settings: &[Setting], problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let name = path.display().to_string();
    let mut problem = |setting: String, origin: Option<String>, what: &str, help: String| {
        problems.push(Problem { setting, origin, what: what.to_owned(), help });
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let help = "Correct the path behind --config, or the file's rights.".to_owned();
            problem(format!("The file {name}"), None, &format!("cannot be read: {error}"), help);
            return Vec::new();
        }
    };
    let table: toml::Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => {
            // Only the place: the message of the parser quotes the line.
            let line = error.span().map_or(1, |span| {
                text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count() + 1
            });
            let help = "A line reads like: log_level = \"info\"".to_owned();
            problem(format!("The file {name}"), None, &format!("is not TOML (line {line})"), help);
            return Vec::new();
        }
    };
    let mut known = Vec::new();
    for (key, value) in table {
        // A key of another form is no misspelt setting but something pasted, and is not repeated.
        let formed =
            key.len() <= 40 && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        if !formed {
            problem(format!("A key of {name}"), None, "is not a setting", unknown::nearest_key("", settings));
            continue;
        }
        let origin = Some(format!("{name}:{key}"));
        match settings.iter().find(|setting| setting.key() == key) {
            None => problem(key.clone(), origin, "is not a setting", unknown::nearest_key(&key, settings)),
            Some(setting) if setting.secret => {
                problem(
                    setting.env.to_owned(),
                    origin,
                    "is a secret and may not stand in the file",
                    super::values::where_secrets_go(setting.env),
                );
            }
            Some(setting) => match as_text(&value) {
                Some(text) => known.push((key, text)),
                None => problem(
                    setting.env.to_owned(),
                    origin,
                    "is neither text, a whole number, true or false, nor a list of these",
                    format!("allowed: {}", setting.allowed),
                ),
            },
        }
    }
    known
}

/// A TOML value as the text that the environment would hold.
fn as_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        toml::Value::Array(items) if !items.iter().any(toml::Value::is_array) => {
            Some(items.iter().map(as_text).collect::<Option<Vec<_>>>()?.join(","))
        }
        _ => None,
    }
}

struct Layer {
    name: String,
    dict: Dict,
}

impl Layer {
    fn new(name: String, values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { name, dict: values.into_iter().map(|(key, text)| (key, Value::from(text))).collect() }
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Profile::Default.collect(self.dict.clone()))
    }
}
