use std::fmt;
use std::str::FromStr;

use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// What is logged: a level, and levels of single targets.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Levels {
    base: LevelFilter,
    targets: Vec<(String, LevelFilter)>,
}

/// Targets that print payloads or secrets, and the most that they may say. They hold whatever is configured.
const CAPS: &[(&str, LevelFilter, &str)] = &[
    ("axum::rejection", LevelFilter::DEBUG, "at trace it quotes the values in a refused body"),
    ("reqwest::connect", LevelFilter::DEBUG, "at trace, with verbose connections, it prints every byte"),
    ("rustls", LevelFilter::DEBUG, "at trace it prints handshakes with session tickets"),
    ("sqlx::postgres::notice", LevelFilter::ERROR, "a notice holds what a trigger's author put into it"),
    ("sqlx_postgres::options", LevelFilter::ERROR, "a warning prints values from the database URL"),
    ("teloxide::dispatching", LevelFilter::ERROR, "a warning prints whole updates"),
    ("teloxide_core::adaptors::trace", LevelFilter::DEBUG, "at trace it prints requests and responses"),
    ("tungstenite", LevelFilter::DEBUG, "at trace it prints messages and handshake requests"),
];

impl Levels {
    /// The most that any target may say.
    pub(super) fn highest(&self) -> LevelFilter {
        self.targets.iter().map(|(_, level)| *level).fold(self.base, Ord::max)
    }

    /// These levels under the caps, as the log layer asks for them.
    pub(super) fn gate(&self) -> Gate {
        let wanted = Targets::new().with_default(self.base).with_targets(self.targets.iter().cloned());
        let caps = CAPS.iter().map(|(target, level, _)| (*target, *level));
        Gate { wanted, caps: Targets::new().with_default(LevelFilter::TRACE).with_targets(caps) }
    }
}

/// What may pass to the log.
pub(super) struct Gate {
    wanted: Targets,
    caps: Targets,
}

impl Gate {
    pub fn lets_pass(&self, metadata: &Metadata<'_>) -> bool {
        let (target, level) = (metadata.target(), metadata.level());
        self.wanted.would_enable(target, level) && self.caps.would_enable(target, level)
    }
}

impl Default for Levels {
    fn default() -> Self {
        Self { base: LevelFilter::INFO, targets: Vec::new() }
    }
}

impl FromStr for Levels {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut levels = Self::default();
        for (place, part) in text.split(',').map(str::trim).enumerate() {
            let (target, word) =
                part.split_once('=').map_or((None, part), |(target, word)| (Some(target), word));
            let level = match word.trim() {
                "off" => LevelFilter::OFF,
                "error" => LevelFilter::ERROR,
                "warn" => LevelFilter::WARN,
                "info" => LevelFilter::INFO,
                "debug" => LevelFilter::DEBUG,
                "trace" => LevelFilter::TRACE,
                _ => return Err(format!("holds something else than a level in entry {}", place + 1)),
            };
            match target.map(str::trim) {
                Some("") => return Err(format!("holds no target before the = in entry {}", place + 1)),
                Some(target) => levels.targets.push((target.to_owned(), level)),
                None => levels.base = level,
            }
        }
        Ok(levels)
    }
}

impl fmt::Display for Levels {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.base)?;
        self.targets.iter().try_for_each(|(target, level)| write!(formatter, ",{target}={level}"))
    }
}
