//! Where secrets come from: a systemd credential, a file that a variable names, the environment.
//!
//! One secret has one source. Two at once are an error that names both, since nobody could say which is meant
//! after a rotation. Every secret that is read is registered with the masker before anybody sees it.

mod local;

use std::collections::BTreeMap;
use std::path::Path;

use mask::{Masker, SecretString};

pub use local::{Credentials, Environment, NamedFile};

/// A place that may hold secrets. Cloud sources are further implementations.
pub trait SecretSource: Send + Sync {
    /// Where `secret` would be found here, for errors: `environment TELEGRAM_BOT_TOKEN`.
    fn origin(&self, secret: &str) -> String;

    /// The secret by its environment name, or `None` when this place does not have it.
    ///
    /// # Errors
    /// It is there and cannot be read.
    fn get(&self, secret: &str) -> Result<Option<SecretString>, SecretError>;
}

/// A secret that cannot be had. Never holds a part of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// A source names it and cannot read it.
    #[error("cannot be read from {origin}: {reason}")]
    Unreadable {
        /// The source.
        origin: String,
        /// Why, without the content.
        reason: String,
    },
    /// Two or more sources hold it.
    #[error("is set more than once: {}. Keep one of them", origins.join(" and "))]
    Several {
        /// The sources, strongest first.
        origins: Vec<String>,
    },
}

/// A secret and the place it came from.
#[derive(Clone, Debug)]
pub struct Found {
    /// The secret.
    pub value: SecretString,
    /// The place, such as `credential file /run/credentials/x/telegram_bot_token`.
    pub origin: String,
}

/// What a look through all sources gave.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    /// The secret, where one source has it.
    pub found: Option<Found>,
    /// Sources that hold it with an empty value, which counts as missing.
    pub empty: Vec<String>,
}

/// The sources of one app, strongest first.
pub struct Secrets {
    sources: Vec<Box<dyn SecretSource>>,
    masker: Masker,
}

impl Secrets {
    /// Credential directory, then `NAME_FILE`, then the environment.
    pub fn local(env: &BTreeMap<String, String>, credentials: Option<&Path>, masker: Masker) -> Self {
        let mut sources: Vec<Box<dyn SecretSource>> = Vec::new();
        if let Some(directory) = credentials {
            sources.push(Box::new(Credentials::new(directory)));
        }
        sources.push(Box::new(NamedFile::new(env.clone())));
        sources.push(Box::new(Environment::new(env.clone())));
        Self { sources, masker }
    }

    /// Adds a source behind those that are there.
    #[must_use]
    pub fn with(mut self, source: impl SecretSource + 'static) -> Self {
        self.sources.push(Box::new(source));
        self
    }

    /// Looks for the secret of this environment name in every source and registers it with the masker.
    ///
    /// # Errors
    /// A source cannot be read, or more than one has it.
    pub fn read(&self, name: &str) -> Result<Lookup, SecretError> {
        let mut lookup = Lookup::default();
        let mut origins = Vec::new();
        for source in &self.sources {
            let Some(value) = source.get(name)? else { continue };
            let origin = source.origin(name);
            if value.is_empty() {
                lookup.empty.push(origin);
                continue;
            }
            self.masker.register(&value);
            origins.push(origin.clone());
            lookup.found.get_or_insert(Found { value, origin });
        }
        if origins.len() > 1 {
            return Err(SecretError::Several { origins });
        }
        Ok(lookup)
    }
}

#[cfg(test)]
mod tests;
