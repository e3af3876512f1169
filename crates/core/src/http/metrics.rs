use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::extract::State as Extracted;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::state::{self, State};
use crate::app::Shared;
use crate::clock::Timestamp;

const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// `/metrics`: what was counted since the start, and what the tables hold now.
pub(super) async fn page(Extracted(shared): Extracted<Arc<Shared>>) -> Response {
    let state = state::read(&shared).await;
    let now = gauges(&shared, state.as_ref());
    let mut page = String::with_capacity(8 * 1024);
    let written = encode_registry(&mut page, &shared.metrics.registry)
        .and_then(|()| encode_registry(&mut page, &now))
        .and_then(|()| encode_eof(&mut page));
    match written {
        Ok(()) => ([(header::CONTENT_TYPE, TYPE)], page).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Waiting {
    kind: String,
    state: &'static str,
}

/// What is read at each scrape. Without a database only its absence is told.
fn gauges(shared: &Shared, state: Option<&State>) -> Registry {
    let now = shared.clock.now();
    let mut registry = crate::metrics::registry(shared.name, &shared.environment);
    registry.register("build", "The running version", Info::new([("version", shared.about.version)]));
    seconds(&mut registry, "start_time", "When the process started, Unix time", shared.about.started);
    let contact = shared.metrics.last_contact.get();
    if contact > 0 {
        seconds(&mut registry, "last_contact", "When Telegram last answered, Unix time", Timestamp(contact));
    }
    number(&mut registry, "database_up", "Whether the database answers", i64::from(state.is_some()));
    let Some(state) = state else { return registry };
    number(&mut registry, "updates_waiting", "Updates that are not handled yet", state.updates_waiting);
    number(&mut registry, "dead_letters", "What waits for a person", state.dead_letters);
    let age = state.oldest_update.map_or(0.0, |at| now.since(at).as_secs_f64());
    let oldest = Gauge::<f64, AtomicU64>::default();
    oldest.set(age);
    registry.register_with_unit(
        "oldest_update_age",
        "Age of the oldest unhandled update",
        Unit::Seconds,
        oldest,
    );
    let jobs = Family::<Waiting, Gauge>::default();
    for (kind, due, waiting) in &state.jobs {
        for (state, count) in [("due", *due), ("waiting", *waiting)] {
            jobs.get_or_create(&Waiting { kind: kind.clone(), state }).set(count);
        }
    }
    registry.register("jobs_standing", "Jobs that are due, and that wait for their time, by kind", jobs);
    registry
}

fn number(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

#[expect(
    clippy::cast_precision_loss,
    reason = "microseconds of this century are exact to a microsecond or two"
)]
fn seconds(registry: &mut Registry, name: &str, help: &str, at: Timestamp) {
    let gauge = Gauge::<f64, AtomicU64>::default();
    gauge.set(at.micros() as f64 / 1e6);
    registry.register_with_unit(name, help, Unit::Seconds, gauge);
}
