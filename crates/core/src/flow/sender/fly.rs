//! The call itself, beside the sender.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::Value;
use tracing::Instrument;

use super::claim::{CallPayload, Prepared};
use super::{Landed, Sender};
use crate::app::{App, Shared};
use crate::bot::Bot;
use crate::clock::{Stopwatch, within};
use crate::flow::failpoint::failpoint;
use crate::flow::job::JobError;
use crate::flow::outcome::Returned;
use crate::store::jobs;
use crate::telegram::CallError;

impl<B: Bot> Sender<B> {
    pub(super) fn fly(&mut self, job: jobs::Row, prepared: Prepared) {
        let (app, back) = (Arc::clone(&self.app), self.back.clone());
        let span = tracing::info_span!(
            "job",
            job = job.id,
            lane = %app.shared.masker.lane(&job.lane),
            kind = %job.kind,
        );
        let took_off = app.shared.clock.now();
        let flight = async move {
            failpoint!("call-before");
            let (method, returned) = match prepared {
                Prepared::Call(call) => {
                    let method = call.method.clone();
                    // Whatever happens in there, the job lands: a flight that never comes back holds its lane.
                    let made = AssertUnwindSafe(app.shared.make(call)).catch_unwind().await;
                    let lost = || CallError::Unclear("the call panicked".to_owned());
                    (Some(method), made.unwrap_or_else(|_| Returned::Call(lost())))
                }
                Prepared::Own(payload) => (None, app.own(&job.kind, payload).await),
            };
            failpoint!("call-after");
            // The sender waits for whatever is in flight, so it is there to take it.
            let _ = back.send(Landed { job, method, took_off, returned });
        };
        self.flights.spawn(flight.instrument(span));
    }
}

impl Shared {
    async fn make(&self, call: CallPayload) -> Returned {
        let watch = Stopwatch::start();
        let body = Value::Object(call.body);
        let answer = if call.files.is_empty() {
            self.client.call(&call.method, &body).await
        } else {
            self.client.upload(&call.method, &body, &call.files).await
        };
        let (outcome, code) = match &answer {
            Ok(_) => ("done", 200),
            Err(CallError::Refused(refusal)) => ("refused", refusal.code),
            Err(CallError::RetryAfter(_)) => ("too many", 429),
            Err(CallError::Migrated(_)) => ("migrated", 400),
            Err(CallError::Unauthorized) => ("unauthorized", 401),
            Err(CallError::Outage(_)) => ("outage", 0),
            Err(CallError::Unclear(_)) => ("unclear", 0),
        };
        self.metrics.call(&call.method, outcome);
        let duration_ms = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
        match answer {
            Ok(result) => {
                self.metrics.last_contact.set(self.clock.now().micros());
                tracing::debug!(method = call.method, code, duration_ms, "called");
                Returned::Done(String::from(Box::<str>::from(result)))
            }
            Err(error) => {
                if matches!(error, CallError::RetryAfter(_)) {
                    self.metrics.too_many_requests.inc();
                }
                tracing::warn!(method = call.method, code, duration_ms, outcome, error = %error, "a call was not done");
                Returned::Call(error)
            }
        }
    }
}

impl<B: Bot> App<B> {
    async fn own(&self, kind: &str, payload: Value) -> Returned {
        let watch = Stopwatch::start();
        let bound = self.bot.job_bound();
        let running = AssertUnwindSafe(async { self.bot.run_job(kind, payload).await }).catch_unwind();
        let Some(done) = within(bound, running).await else {
            tracing::warn!(
                code = "over time",
                bound_s = bound.as_secs(),
                "a job took too long and was stopped"
            );
            let why = format!("the job took more than its {} s and was stopped", bound.as_secs());
            return Returned::Own(JobError::Unclear(why));
        };
        let duration_ms = u64::try_from(watch.elapsed().as_millis()).unwrap_or(u64::MAX);
        match done {
            Ok(Ok(result)) => {
                tracing::debug!(code = "done", duration_ms, "job done");
                Returned::Done(result.to_string())
            }
            Ok(Err(error)) => {
                tracing::warn!(code = "failed", duration_ms, error = %error, "a job was not done");
                Returned::Own(error)
            }
            Err(_) => Returned::Own(JobError::Temporary("the job panicked".to_owned())),
        }
    }
}
