//! What is counted. Labels are kinds and outcomes, never people, chats or texts.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::flow::event::EVENT;
use crate::flow::peek::KINDS;

/// A kind and how it ended.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Ended {
    /// `message`, `callback_query` …; a job's kind; a method's name.
    pub kind: String,
    /// `done`, `failed`, `dead`, `refused`, `unclear` …
    pub outcome: &'static str,
}

/// An empty registry whose lines carry bot and environment.
pub(crate) fn registry(bot: &str, environment: &str) -> Registry {
    let labels = [("bot", bot), ("environment", environment)];
    let labels = labels.into_iter().map(|(name, value)| (name.into(), value.to_owned().into()));
    Registry::with_prefix_and_labels("frontdesk", labels)
}

/// The counters of one app. The registry belongs to the app, never to the process.
#[derive(Debug)]
pub struct Metrics {
    /// For the page `/metrics`.
    pub registry: Registry,
    /// Updates and events, by kind and how their handling ended.
    pub updates: Family<Ended, Counter>,
    /// From stored to handled.
    pub lag: Histogram,
    /// A handler's own time.
    pub handler: Histogram,
    /// Jobs by kind and how they ended.
    pub jobs: Family<Ended, Counter>,
    /// Calls by method and how they ended.
    pub calls: Family<Ended, Counter>,
    /// Answers 429.
    pub too_many_requests: Counter,
    /// Groups of updates that were undone and run again one by one.
    pub groups_undone: Counter,
    /// Jobs in flight.
    pub in_flight: Gauge,
    /// When Telegram last answered, microseconds UTC; 0: not yet.
    pub last_contact: Gauge,
}

impl Metrics {
    /// The counters of this bot in this environment: both stand in every line of the page.
    pub fn new(bot: &str, environment: &str) -> Self {
        let times = || Histogram::new(exponential_buckets(0.0005, 2.0, 16));
        let mut metrics = Self {
            registry: registry(bot, environment),
            updates: Family::default(),
            lag: times(),
            handler: times(),
            jobs: Family::default(),
            calls: Family::default(),
            too_many_requests: Counter::default(),
            groups_undone: Counter::default(),
            in_flight: Gauge::default(),
            last_contact: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("updates", "Updates and events by kind and outcome", metrics.updates.clone());
        registry.register_with_unit(
            "update_lag",
            "From stored to handled",
            Unit::Seconds,
            metrics.lag.clone(),
        );
        registry.register_with_unit(
            "handler_time",
            "A handler's own time",
            Unit::Seconds,
            metrics.handler.clone(),
        );
        registry.register("jobs", "Jobs by kind and outcome", metrics.jobs.clone());
        registry.register("calls", "Bot API calls by method and outcome", metrics.calls.clone());
        registry.register("too_many_requests", "Answers 429", metrics.too_many_requests.clone());
        registry.register("groups_undone", "Groups undone and run one by one", metrics.groups_undone.clone());
        registry.register("in_flight", "Jobs in flight", metrics.in_flight.clone());
        metrics
    }

    pub(crate) fn update(&self, kind: &str, outcome: &'static str) {
        // Kinds that nobody knows yet share a label, or whoever sends updates could make as many as they like.
        let known = kind == EVENT || KINDS.contains(&kind);
        let kind = if known { kind } else { "unknown" }.to_owned();
        self.updates.get_or_create(&Ended { kind, outcome }).inc();
    }

    pub(crate) fn job(&self, kind: &str, outcome: &'static str) {
        self.jobs.get_or_create(&Ended { kind: kind.to_owned(), outcome }).inc();
    }

    pub(crate) fn call(&self, method: &str, outcome: &'static str) {
        self.calls.get_or_create(&Ended { kind: method.to_owned(), outcome }).inc();
    }
}
