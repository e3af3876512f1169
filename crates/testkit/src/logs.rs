use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use frontdesk_core::config::{Environment, LogFormat};
use frontdesk_core::logs;
use mask::Masker;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// The log of one story: what the bot's own, masked log would have held.
#[derive(Clone, Debug, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// Everything so far: one JSON object a line.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// Whether a line holds these words.
    pub fn has(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Asserts that these words are in no line.
    ///
    /// # Panics
    /// When they are.
    pub fn assert_never(&self, words: &str) {
        let text = self.text();
        let found = text.lines().find(|line| line.contains(words));
        assert!(found.is_none(), "{words:?} stands in a log line:\n{}", found.unwrap_or_default());
    }

    /// Asserts that these words are in some line.
    ///
    /// # Panics
    /// When they are not.
    pub fn assert_has(&self, words: &str) {
        assert!(self.has(words), "{words:?} stands in no log line; the last ones are\n{}", self.tail(20));
    }

    pub(crate) fn tail(&self, lines: usize) -> String {
        let text = self.text();
        let all: Vec<&str> = text.lines().collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }

    /// Takes the log of this thread, and so of a story's whole runtime, for as long as the guard lives.
    pub(crate) fn capture(
        &self,
        masker: &Masker,
        clock: &frontdesk_core::clock::Clock,
    ) -> tracing::subscriber::DefaultGuard {
        let (sink, clock) = (self.clone(), clock.clone());
        let levels = std::env::var("STORY_LOG").unwrap_or_else(|_| "debug".to_owned());
        let options = logs::Options {
            format: LogFormat::Json,
            levels: levels.parse().unwrap_or_default(),
            bot: "story".to_owned(),
            environment: Environment::Development,
            masker: masker.clone(),
            writer: BoxMakeWriter::new(move || sink.clone()),
            terminal: false,
            now: Arc::new(move || clock.now().micros()),
        };
        tracing::subscriber::set_default(logs::subscriber(options, Vec::new()))
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Prints the end of a log when the story that wrote it fails.
pub(crate) struct ShowOnFailure(pub Logs);

impl Drop for ShowOnFailure {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the story's log ends with\n{}", self.0.tail(60));
        }
    }
}
