//! Every sentence that a person reads, by Project Fluent.
//!
//! A language is a tag and one or more `.ftl` sources; the first language is the default. Core's own texts are
//! there in every [`Texts`], and a bot's messages of the same name replace them. Languages fall back: `zh-hans`
//! and `zh` read `zh-CN`, what is unknown reads the default.
//!
//! A missing key falls back to the default language, then to the key itself, and is reported: [`Texts::strict`]
//! panics, for tests; otherwise it is logged once a key. [`check`] compares the languages with each other.

mod check;
mod language;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

pub use check::{Problem, check};
pub use fluent_bundle::{FluentArgs, FluentValue};
use fluent_bundle::{FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::logs::time::civil;

/// Core's own texts, in the languages that it has.
pub const CORE: &[(&str, &str)] =
    &[("en", include_str!("../locales/en.ftl")), ("zh-CN", include_str!("../locales/zh-CN.ftl"))];

/// Sources that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// No language was given.
    #[error("texts need at least one language")]
    Empty,
    /// A tag that is none.
    #[error("{0} is not a language tag")]
    Tag(String),
    /// A source with errors.
    #[error("the texts of {language} have a syntax error: {what}")]
    Syntax {
        /// The language.
        language: String,
        /// What the parser says.
        what: String,
    },
}

/// The texts of one app, in all its languages.
pub struct Texts {
    languages: Vec<Language>,
    strict: bool,
    missing: Mutex<BTreeSet<String>>,
}

struct Language {
    tag: String,
    id: LanguageIdentifier,
    bundle: FluentBundle<FluentResource>,
}

impl Texts {
    /// Texts by language; the first language is the default. Sources of one language may be given apart.
    ///
    /// # Errors
    /// A bad tag or syntax. Tests find both.
    pub fn new(sources: &[(&str, &str)]) -> Result<Self, TextsError> {
        let mut languages: Vec<Language> = Vec::new();
        for (tag, _) in sources {
            if !languages.iter().any(|language| language.tag == *tag) {
                languages.push(Language::new(tag)?);
            }
        }
        if languages.is_empty() {
            return Err(TextsError::Empty);
        }
        for language in &mut languages {
            for (tag, source) in CORE.iter().chain(sources) {
                if *tag == language.tag {
                    language.add(source)?;
                }
            }
        }
        Ok(Self { languages, strict: false, missing: Mutex::default() })
    }

    /// A missing key or argument panics from now on: for tests.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The tags, default first.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(|language| language.tag.as_str())
    }

    /// The tag of the language that someone with this code (as Telegram gives it) reads.
    pub fn language(&self, wanted: Option<&str>) -> &str {
        &self.best(wanted).tag
    }

    /// The text of `key` in the language nearest to `language`.
    ///
    /// # Panics
    /// When the texts are [`Texts::strict`] and the key or one of its arguments is missing.
    pub fn get(&self, language: Option<&str>, key: &str, args: &FluentArgs<'_>) -> String {
        let best = self.best(language);
        if let Some(text) = self.format(best, key, args) {
            return text;
        }
        self.report(&format!("the text {key} is missing in {}", best.tag));
        self.languages
            .first()
            .and_then(|default| self.format(default, key, args))
            .unwrap_or_else(|| key.to_owned())
    }

    /// As [`Texts::get`], for a text without arguments.
    pub fn plain(&self, language: Option<&str>, key: &str) -> String {
        self.get(language, key, &FluentArgs::new())
    }

    fn format(&self, language: &Language, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let (message, attribute) =
            key.split_once('.').map_or((key, None), |(message, name)| (message, Some(name)));
        let message = language.bundle.get_message(message)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        let text = language.bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
        if !errors.is_empty() {
            self.report(&format!(
                "the text {key} in {} cannot be filled in: an argument is missing",
                language.tag
            ));
        }
        Some(text)
    }

    fn best(&self, wanted: Option<&str>) -> &Language {
        let place = wanted
            .and_then(|wanted| language::best(wanted, self.languages.iter().map(|language| &language.id)));
        &self.languages[place.unwrap_or(0)]
    }

    /// Once a problem: a missing text would otherwise fill the log.
    fn report(&self, problem: &str) {
        assert!(!self.strict, "{problem}");
        let new = self.missing.lock().unwrap_or_else(PoisonError::into_inner).insert(problem.to_owned());
        if new {
            tracing::warn!("{problem}");
        }
    }
}

impl Language {
    fn new(tag: &str) -> Result<Self, TextsError> {
        let id: LanguageIdentifier = tag.parse().map_err(|_| TextsError::Tag(tag.to_owned()))?;
        let mut bundle = FluentBundle::new_concurrent(vec![id.clone()]);
        // Isolation marks around arguments are for mixed directions; clients show them as boxes.
        bundle.set_use_isolating(false);
        Ok(Self { tag: tag.to_owned(), id, bundle })
    }

    fn add(&mut self, source: &str) -> Result<(), TextsError> {
        let resource =
            FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| TextsError::Syntax {
                language: self.tag.clone(),
                what: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            })?;
        self.bundle.add_resource_overriding(resource);
        Ok(())
    }
}

/// Arguments `year`, `month`, `day`, `hour` and `minute` (the last four with two digits), for date patterns in
/// `.ftl`: Fluent in Rust has no DATETIME. `micros` is UTC, `offset_minutes` what the reader's clock is ahead.
pub fn date_args(args: &mut FluentArgs<'_>, micros: i64, offset_minutes: i32) {
    let local = civil(micros.saturating_add(i64::from(offset_minutes) * 60_000_000));
    args.set("year", local.year.to_string());
    for (name, value) in
        [("month", local.month), ("day", local.day), ("hour", local.hour), ("minute", local.minute)]
    {
        args.set(name, format!("{value:02}"));
    }
}
