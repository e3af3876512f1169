use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use mask::{Masker, SecretString};

use super::{BotInfo, Problem, Setting, Sources, layers, unknown};
use crate::secrets::{Found, Secrets};

/// The text of every setting that is set, and the parsers that turn it into values.
///
/// Each parser gives `None` when the setting is not set or when its text is refused; the refusal is recorded,
/// and so is a required setting that is missing, so that [`super::load`] can report all of it.
pub struct Values {
    bot: BotInfo,
    masker: Masker,
    settings: Vec<Setting>,
    plain: BTreeMap<&'static str, (String, String)>,
    secret: BTreeMap<&'static str, Found>,
    problems: Vec<Problem>,
}

/// A setting as it is in force.
#[derive(Clone, Debug)]
pub struct Effective {
    /// Its environment name.
    pub setting: &'static str,
    /// Its text, masked; `None` when it is not set.
    pub value: Option<String>,
    /// Where the text came from; empty when it is not set.
    pub origin: String,
}

/// One sentence for someone who put a secret in the wrong place, or nowhere.
pub(super) fn where_secrets_go(env: &str) -> String {
    format!(
        "Set it in the environment as {env}, or name a file that holds it in {env}_FILE, or give it to the \
         systemd unit as the credential {}.",
        env.to_ascii_lowercase()
    )
}

impl Values {
    pub(super) fn collect(bot: &BotInfo, settings: &[Setting], sources: &Sources, masker: &Masker) -> Self {
        let mut problems = Vec::new();
        unknown::variables(settings, sources, &mut problems);
        for setting in settings.iter().filter(|setting| sources.not_text.contains(setting.env)) {
            problems.push(Problem {
                setting: setting.env.to_owned(),
                origin: Some(format!("environment {}", setting.env)),
                what: "is not UTF-8 text".to_owned(),
                help: format!("allowed: {}", setting.allowed),
            });
        }
        let plain = layers::read(bot, settings, sources, &mut problems);
        let secrets = Secrets::local(&sources.env, sources.credentials.as_deref(), masker.clone());
        let mut values = Self {
            bot: *bot,
            masker: masker.clone(),
            settings: settings.to_vec(),
            plain,
            secret: BTreeMap::new(),
            problems,
        };
        for setting in settings {
            values.take(setting, &secrets);
        }
        values
    }

    fn take(&mut self, setting: &Setting, secrets: &Secrets) {
        let mut emptied = String::new();
        if setting.secret {
            match secrets.read(setting.env) {
                Ok(lookup) => {
                    if let Some(found) = lookup.found {
                        self.secret.insert(setting.env, found);
                        return;
                    }
                    if let Some(empty) = lookup.empty.first() {
                        emptied = format!(" ({empty} is empty, which counts as missing)");
                    }
                }
                Err(error) => {
                    self.record(setting.env, &error.to_string(), &where_secrets_go(setting.env));
                    return;
                }
            }
        }
        if setting.required && !self.is_refused(setting.env) && !self.plain.contains_key(setting.env) {
            let place = if setting.secret {
                where_secrets_go(setting.env)
            } else {
                format!("Set it in the environment, or as {} in the file.", setting.key())
            };
            let help = format!("{place}\n    allowed: {}", setting.allowed);
            self.record(setting.env, &format!("is required and missing{emptied}"), &help);
        }
    }

    pub(super) fn finish(self) -> (Vec<Effective>, Vec<Problem>) {
        let effective = self.settings.iter().map(|setting| {
            let (value, origin) = match (self.secret.get(setting.env), self.plain.get(setting.env)) {
                (Some(found), _) => (Some(found.value.to_string()), found.origin.clone()),
                (None, Some((text, origin))) => (Some(self.masker.mask(text).into_owned()), origin.clone()),
                (None, None) => (None, String::new()),
            };
            Effective { setting: setting.env, value, origin }
        });
        let effective = effective.collect();
        let place =
            |problem: &Problem| self.settings.iter().position(|setting| setting.env == problem.setting);
        let mut problems = self.problems;
        problems.sort_by_key(|problem| place(problem).unwrap_or(usize::MAX));
        (effective, problems)
    }

    /// The bot that the settings are for.
    pub fn bot(&self) -> &BotInfo {
        &self.bot
    }

    /// Makes a secret that is only a part of a setting known to the masker, such as the password of a URL.
    pub fn register(&self, secret: &SecretString) {
        self.masker.register(secret);
    }

    /// Records that `setting` is refused. `what` reads behind its name and must not quote the value.
    pub fn refuse(&mut self, setting: &str, what: impl Display) {
        let help = format!("allowed: {}", self.described(setting).allowed);
        self.record(setting, &what.to_string(), &help);
    }

    /// Reads a setting that is not a secret; `parse` says what is wrong as it reads behind the name, without
    /// quoting the text.
    pub fn parse<T, E: Display>(
        &mut self,
        setting: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        debug_assert!(!self.described(setting).secret, "{setting} is a secret: use parse_secret");
        let parsed = parse(self.plain.get(setting)?.0.trim());
        self.keep(setting, parsed)
    }

    /// Reads a secret; as [`Values::parse`], but the text is not trimmed.
    pub fn parse_secret<T, E: Display>(
        &mut self,
        setting: &str,
        parse: impl FnOnce(&SecretString) -> Result<T, E>,
    ) -> Option<T> {
        debug_assert!(self.described(setting).secret, "{setting} is no secret: use parse");
        let parsed = parse(&self.secret.get(setting)?.value);
        self.keep(setting, parsed)
    }

    /// Reads a secret that has a default of its own: the outer `None` says that it is not set, the inner one
    /// that it was refused.
    pub fn optional_secret<T, E: Display>(
        &mut self,
        setting: &str,
        parse: impl FnOnce(&SecretString) -> Result<T, E>,
    ) -> Option<Option<T>> {
        if self.is_set(setting) || self.is_refused(setting) {
            return Some(self.parse_secret(setting, parse));
        }
        None
    }

    /// True when some source holds a value for it.
    pub fn is_set(&self, setting: &str) -> bool {
        self.plain.contains_key(setting) || self.secret.contains_key(setting)
    }

    /// True when a problem with it was recorded.
    pub fn is_refused(&self, setting: &str) -> bool {
        self.problems.iter().any(|problem| problem.setting == setting)
    }

    /// Text as it stands.
    pub fn text(&mut self, setting: &str) -> Option<String> {
        self.parse(setting, |text| Ok::<_, &str>(text.to_owned()))
    }

    /// A secret as it stands.
    pub fn secret(&mut self, setting: &str) -> Option<SecretString> {
        self.parse_secret(setting, |secret| Ok::<_, &str>(secret.clone()))
    }

    /// One of these words.
    pub fn choice<T: Clone>(&mut self, setting: &str, choices: &[(&str, T)]) -> Option<T> {
        self.parse(setting, |text| {
            let chosen = choices.iter().find(|(word, _)| *word == text);
            chosen.map(|(_, value)| value.clone()).ok_or("is not one of the words that are allowed")
        })
    }

    /// `true` or `false`.
    pub fn bool(&mut self, setting: &str) -> Option<bool> {
        self.choice(setting, &[("true", true), ("false", false)])
    }

    /// A whole number in `range`.
    pub fn number<T: FromStr + PartialOrd + Display>(
        &mut self,
        setting: &str,
        range: RangeInclusive<T>,
    ) -> Option<T> {
        self.parse(setting, |text| match text.parse::<T>() {
            Ok(number) if range.contains(&number) => Ok(number),
            Ok(_) => Err(format!("is not between {} and {}", range.start(), range.end())),
            Err(_) => Err("is not a whole number, or far too large".to_owned()),
        })
    }

    /// A time such as `500ms`, `30s`, `5m`, `2h` or `7d`, in microseconds.
    pub fn duration(&mut self, setting: &str) -> Option<i64> {
        self.parse(setting, |text| {
            let digits =
                text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
            let (number, unit) = text.split_at(digits);
            let unit = match unit.trim() {
                "ms" => 1_000,
                "s" => 1_000_000,
                "m" => 60_000_000,
                "h" => 3_600_000_000,
                "d" => 86_400_000_000,
                _ => return Err("is not a number with a unit (ms, s, m, h or d), such as 30s"),
            };
            let number = number.parse::<i64>().map_err(|_| "is not a number with a unit, such as 30s")?;
            number.checked_mul(unit).ok_or("is too long a time")
        })
    }

    /// The id of one group or channel: negative.
    pub fn chat_id(&mut self, setting: &str) -> Option<i64> {
        self.parse(setting, |text| match text.parse::<i64>() {
            Ok(id) if id < 0 => Ok(id),
            Ok(_) => Err("is not the id of a group: those are negative"),
            Err(_) => Err("is not a number"),
        })
    }

    /// The ids of one or more people, separated by commas: positive, each kept once.
    pub fn user_ids(&mut self, setting: &str) -> Option<Vec<i64>> {
        self.parse(setting, |text| {
            let mut ids = Vec::new();
            if text.ends_with(',') {
                return Err("ends with a comma: take it away, or write the id that follows".to_owned());
            }
            for (place, part) in text.split(',').enumerate() {
                match part.trim().parse::<i64>() {
                    Ok(id) if id > 0 => {
                        if !ids.contains(&id) {
                            ids.push(id);
                        }
                    }
                    Ok(_) => {
                        return Err(format!(
                            "is not a list of user ids: entry {} is not positive",
                            place + 1
                        ));
                    }
                    Err(_) => {
                        return Err(format!(
                            "is not a list of user ids: entry {} is not a number",
                            place + 1
                        ));
                    }
                }
            }
            Ok(ids)
        })
    }

    fn keep<T, E: Display>(&mut self, setting: &str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(what) => {
                self.refuse(setting, what);
                None
            }
        }
    }

    fn record(&mut self, setting: &str, what: &str, help: &str) {
        let origin = self.secret.get(setting).map(|found| found.origin.clone());
        let origin = origin.or_else(|| self.plain.get(setting).map(|(_, origin)| origin.clone()));
        let setting = setting.to_owned();
        self.problems.push(Problem { setting, origin, what: what.to_owned(), help: help.to_owned() });
    }

    /// A reader that asks for a setting nobody described is a mistake in the code: any start shows it.
    fn described(&self, name: &str) -> Setting {
        let found = self.settings.iter().find(|setting| setting.env == name);
        *found.unwrap_or_else(|| panic!("the setting {name} is read but not described"))
    }
}
