use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::known::Known;
use crate::spans::Spans;
use crate::{MASKED, SecretString, patterns, pseudonym, runs};

/// Removing one secret can uncover another only in texts made for it; past this many rounds all of it goes.
const ROUNDS: usize = 8;

/// Masks what may not leave the process. Cheap to clone; clones share what was registered.
#[derive(Clone)]
pub struct Masker(Arc<Inner>);

struct Inner {
    known: RwLock<Known>,
    person_key: RwLock<[u8; 32]>,
}

impl Masker {
    /// A masker with the app's own key for the names of people and groups.
    pub fn new(person_key: [u8; 32]) -> Self {
        Self(Arc::new(Inner { known: RwLock::default(), person_key: RwLock::new(person_key) }))
    }

    /// Makes `secret` a known value from now on, in every form. False when it is under four bytes: such a
    /// value cannot be looked for.
    pub fn register(&self, secret: &SecretString) -> bool {
        let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
        let Some(more) = known.with(secret.expose()) else { return false };
        *known = more;
        true
    }

    /// `text` with every secret replaced; borrowed when there is none.
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let Some(mut masked) = self.round(text) else { return Cow::Borrowed(text) };
        for _ in 1..ROUNDS {
            match self.round(&masked) {
                Some(more) => masked = more,
                None => return Cow::Owned(masked),
            }
        }
        Cow::Owned(MASKED.to_owned())
    }

    /// Like [`Masker::mask`]; bytes that are not UTF-8 become U+FFFD.
    pub fn mask_bytes<'t>(&self, bytes: &'t [u8]) -> Cow<'t, [u8]> {
        match str::from_utf8(bytes) {
            Ok(text) => match self.mask(text) {
                Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                Cow::Owned(text) => Cow::Owned(text.into_bytes()),
            },
            Err(_) => Cow::Owned(self.mask(&String::from_utf8_lossy(bytes)).into_owned().into_bytes()),
        }
    }

    /// Replaces the key behind [`Masker::person`] and its like; names given before no longer match.
    pub fn set_person_key(&self, key: [u8; 32]) {
        *self.0.person_key.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    /// The name of a person in logs: `p` and eight letters.
    pub fn person(&self, id: i64) -> String {
        pseudonym::pseudonym(&self.key(), 'p', &id.to_be_bytes())
    }

    /// The name of a chat in logs: `g` and eight letters, or the person's name for a private chat.
    pub fn chat(&self, id: i64) -> String {
        pseudonym::chat(&self.key(), id)
    }

    /// A lane key with its ids replaced; the number of a topic or of a job stays.
    pub fn lane(&self, lane: &str) -> String {
        pseudonym::lane(&self.key(), lane)
    }

    /// One look for everything; `None` when nothing is to be replaced.
    fn round(&self, text: &str) -> Option<String> {
        let mut spans = Spans::default();
        self.0.known.read().unwrap_or_else(PoisonError::into_inner).find(text, &mut spans);
        patterns::find(text, &mut spans);
        runs::find(text, &mut spans);
        if spans.is_empty() {
            return None;
        }
        Some(spans.apply(text)).filter(|masked| masked != text)
    }

    fn key(&self) -> [u8; 32] {
        *self.0.person_key.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Masker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Masker")
    }
}
