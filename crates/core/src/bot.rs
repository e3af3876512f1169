use std::future::Future;
use std::time::Duration;

use serde_json::Value;

use crate::db::Migrations;
use crate::flow::{Ctx, Event, JobError};
use crate::telegram::Me;

/// A bot: what it routes and what it does. Everything else is core's.
///
/// `route` is pure and reads like a table of contents; `handle` runs one route in one transaction. A
/// handler that fails, panics or takes more than its budget is undone and tried again with backoff, and
/// becomes a dead letter at last; the person is told.
pub trait Bot: Send + Sync + 'static {
    /// The closed enum of what this bot does.
    type Route: Send + 'static;

    /// The crate's version, for `--version`, logs and health: `env!("CARGO_PKG_VERSION")` of the bot's own crate.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// The crate's name, such as `support-bot`. A database remembers whose it is.
    fn name(&self) -> &'static str;

    /// The bot's own schema.
    fn migrations(&self) -> Migrations;

    /// The sentences that people read: language and Fluent source, the default language first.
    fn locales(&self) -> &'static [(&'static str, &'static str)];

    /// The kinds of updates to ask Telegram for.
    fn allowed_updates(&self) -> &'static [&'static str];

    /// Commands, descriptions and menu button, by language.
    fn profile(&self) -> crate::profile::Profile {
        crate::profile::Profile::default()
    }

    /// What an event means to this bot; `None`: nothing.
    fn route(&self, event: Event, me: &Me) -> Option<Self::Route>;

    /// Does it. Awaits the transaction in `ctx` and nothing else.
    fn handle(
        &self,
        route: Self::Route,
        ctx: &mut Ctx<'_>,
    ) -> impl Future<Output = anyhow::Result<()>> + Send;

    /// How long [`run_job`](Bot::run_job) may take, in real time: five minutes. Then it is dropped, and whether it
    /// was done counts as unclear. A job that never ended would hold its lane, and one of the places in flight.
    fn job_bound(&self) -> Duration {
        Duration::from_mins(5)
    }

    /// Does a job of the bot's own kind, outside of any transaction. Its result comes back as an event.
    fn run_job(&self, kind: &str, payload: Value) -> impl Future<Output = Result<Value, JobError>> + Send {
        let _ = payload;
        let why = format!("this version of {} knows no job of kind {kind}", self.name());
        std::future::ready(Err(JobError::Permanent(why)))
    }
}
