use std::io::Write as _;
use std::sync::Arc;

use mask::{Masker, MaskingMakeWriter};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_log::NormalizeEvent as _;
use tracing_subscriber::fmt::MakeWriter as _;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::fields::Fields;
use super::levels::Gate;
use super::line::{Form, Line};

/// Spans of ours carry what every line needs (update, lane, job), so they are there at any level.
const OURS: &str = "frontdesk_core";

/// Writes one line per event, in one call.
///
/// It looks at the levels itself. As a filter of tracing-subscriber's they would lose lines: a library that only
/// asks whether a level is enabled (as sqlx does at each notice of PostgreSQL), and hears no, leaves that answer
/// behind in its thread, and the next event there goes nowhere.
pub(super) struct LogLayer {
    pub gate: Gate,
    pub highest: LevelFilter,
    pub form: Form,
    pub bot: String,
    pub environment: &'static str,
    pub writer: MaskingMakeWriter<BoxMakeWriter>,
    pub masker: Masker,
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for LogLayer {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let ours = metadata.is_span() && metadata.target().starts_with(OURS);
        if ours || self.gate.lets_pass(metadata) { Interest::always() } else { Interest::never() }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.highest.max(LevelFilter::INFO))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        // Events of the log crate carry their real target in fields.
        let bridged = event.normalized_metadata();
        let metadata = bridged.as_ref().unwrap_or_else(|| event.metadata());
        if !self.gate.lets_pass(metadata) {
            return;
        }
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(recorded) = span.extensions().get::<Fields>() {
                recorded.0.iter().for_each(|(name, value)| fields.set(name, value.clone()));
            }
        }
        event.record(&mut fields);

        let line = Line {
            micros: (self.now)(),
            level: *metadata.level(),
            target: metadata.target(),
            bot: &self.bot,
            environment: self.environment,
            fields,
        };
        let text = line.format(self.form, &self.masker);
        // There is nowhere left to report that the log itself cannot be written.
        drop(self.writer.make_writer_for(metadata).write_all(text.as_bytes()));
    }
}
