//! Logs: one layer, one writer, everything masked.
//!
//! [`subscriber`] builds what a test scopes with `tracing::subscriber::with_default`; [`init`] makes it the
//! process's own, bridges the `log` crate and installs the panic hook. Every line carries bot and environment;
//! fields of spans (update, lane, job, code, `duration_ms`) are flattened into the line of each event in them,
//! from root to leaf. Lines of dependencies pass the same layer and the same masker.
//!
//! Masking finds secrets, not private text: what people write is never logged. Dependencies that print payloads
//! at some level are capped below it, whatever `LOG_LEVEL` says; see `levels.rs`.

mod describe;
mod fields;
mod layer;
mod levels;
mod line;
mod panics;
#[cfg(test)]
mod tests;
pub mod time;

use std::io::IsTerminal as _;
use std::sync::Arc;

use mask::{Masker, MaskingMakeWriter};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_log::AsLog as _;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::{LookupSpan, Registry};

pub use describe::{describe, describe_error};
pub use levels::Levels;
pub use panics::panic_hook;

use crate::config::{Environment, LogFormat};
use layer::LogLayer;
use line::Form;

/// A further layer beside the log, such as alerts.
pub type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// What the log is made of.
pub struct Options {
    /// The form of a line.
    pub format: LogFormat,
    /// What is logged.
    pub levels: Levels,
    /// The bot's name, in every line.
    pub bot: String,
    /// The installation, in every line.
    pub environment: Environment,
    /// Masks every line.
    pub masker: Masker,
    /// Where lines go.
    pub writer: BoxMakeWriter,
    /// Whether `writer` is a terminal: decides `auto`, and colours.
    pub terminal: bool,
    /// The app's clock: microseconds UTC.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl Options {
    /// Lines on stderr: stdout belongs to what a command prints.
    pub fn stderr(
        bot: &str,
        environment: Environment,
        log: &crate::config::Log,
        masker: Masker,
        now: Arc<dyn Fn() -> i64 + Send + Sync>,
    ) -> Self {
        Self {
            format: log.format,
            levels: log.level.clone(),
            bot: bot.to_owned(),
            environment,
            masker,
            writer: BoxMakeWriter::new(std::io::stderr),
            terminal: std::io::stderr().is_terminal(),
            now,
        }
    }
}

/// The log could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the log of this process is already set up: logs::init may be called once")]
pub struct InitError;

/// Makes the log, and `more` layers beside it, the process's own; bridges the `log` crate; installs the panic
/// hook.
///
/// # Errors
/// When another one is already set.
pub fn init(options: Options, more: Vec<BoxedLayer>) -> Result<(), InitError> {
    let masker = options.masker.clone();
    // The bridge asks the subscriber about each record below this; further layers may want warnings.
    let bridged = options.levels.highest().max(LevelFilter::WARN).as_log();
    tracing::subscriber::set_global_default(subscriber(options, more)).map_err(|_| InitError)?;
    tracing_log::LogTracer::builder().with_max_level(bridged).init().map_err(|_| InitError)?;
    std::panic::set_hook(Box::new(panic_hook(masker)));
    Ok(())
}

/// The log, and `more` layers beside it, to be scoped or made global.
pub fn subscriber(options: Options, more: Vec<BoxedLayer>) -> impl Subscriber + Send + Sync {
    let mut layers: Vec<BoxedLayer> = vec![layer(options)];
    layers.extend(more);
    Registry::default().with(layers)
}

/// The log as a layer, with its levels as its filter.
pub fn layer<S>(options: Options) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'s> LookupSpan<'s> + Send + Sync,
{
    let form = match options.format {
        LogFormat::Json => Form::Json,
        LogFormat::Auto if !options.terminal => Form::Json,
        LogFormat::Auto | LogFormat::Pretty => Form::Pretty { colours: options.terminal },
    };
    Box::new(LogLayer {
        gate: options.levels.gate(),
        highest: options.levels.highest(),
        form,
        bot: options.bot,
        environment: options.environment.as_str(),
        writer: MaskingMakeWriter::new(options.writer, options.masker.clone()),
        masker: options.masker,
        now: options.now,
    })
}
