//! A bot that can be started again: each start gets a handle of the same one.

use std::sync::Arc;
use std::time::Duration;

use frontdesk_core::Bot;
use frontdesk_core::db::Migrations;
use frontdesk_core::flow::{Ctx, Event, JobError};
use frontdesk_core::profile::Profile;
use frontdesk_core::telegram::Me;
use serde_json::Value;

pub(crate) struct Again<B>(pub Arc<B>);

impl<B: Bot> Bot for Again<B> {
    type Route = B::Route;

    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn migrations(&self) -> Migrations {
        self.0.migrations()
    }

    fn locales(&self) -> &'static [(&'static str, &'static str)] {
        self.0.locales()
    }

    fn allowed_updates(&self) -> &'static [&'static str] {
        self.0.allowed_updates()
    }

    fn profile(&self) -> Profile {
        self.0.profile()
    }

    fn route(&self, event: Event, me: &Me) -> Option<Self::Route> {
        self.0.route(event, me)
    }

    fn handle(
        &self,
        route: Self::Route,
        ctx: &mut Ctx<'_>,
    ) -> impl Future<Output = anyhow::Result<()>> + Send {
        self.0.handle(route, ctx)
    }

    fn job_bound(&self) -> Duration {
        self.0.job_bound()
    }

    fn run_job(&self, kind: &str, payload: Value) -> impl Future<Output = Result<Value, JobError>> + Send {
        self.0.run_job(kind, payload)
    }
}
