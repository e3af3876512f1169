//! Asking for updates. The next offset goes out only when everything before it is committed.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::client::result_of;
use super::error::CallError;
use crate::app::Shared;
use crate::clock::{Timestamp, real_pause};
use crate::flow::intake::Intake;
use crate::flow::peek::peek;

/// How long Telegram holds an empty poll.
const POLL: Duration = Duration::from_secs(50);
/// After so long without an update ids may begin anew: then an old offset could confirm what was never seen.
const QUIET: Duration = Duration::from_hours(24);

#[derive(Deserialize)]
struct Updates<'a> {
    #[serde(borrow)]
    result: Vec<&'a RawValue>,
}

/// Polls until the bot stops.
pub(crate) async fn run(shared: Arc<Shared>, intake: Intake, allowed: &'static [&'static str]) {
    tokio::select! {
        () = poll(&shared, &intake, allowed) => {}
        () = shared.stopped() => {}
    }
}

async fn poll(shared: &Shared, intake: &Intake, allowed: &[&str]) {
    // A starting poller sends no offset: it does not know what the last one had confirmed.
    let mut offset: Option<i64> = None;
    let mut last: Timestamp = shared.clock.now();
    let mut pause = Pause::default();
    loop {
        if shared.clock.now().since(last) > QUIET {
            offset = None;
        }
        let mut body = json!({"timeout": POLL.as_secs(), "limit": 100, "allowed_updates": allowed});
        if let Some(offset) = offset {
            body["offset"] = offset.into();
        }
        let answer = shared.client.raw_call("getUpdates", &body, POLL + Duration::from_secs(10)).await;
        let bytes = match answer {
            Ok((200, bytes)) => bytes,
            Ok((status, bytes)) => {
                let error = result_of(status, &bytes).err();
                let error = error.unwrap_or_else(|| CallError::Outage(format!("HTTP {status}")));
                trouble(shared, &error, &mut pause).await;
                continue;
            }
            Err(error) => {
                trouble(shared, &error, &mut pause).await;
                continue;
            }
        };
        let Ok(updates) = serde_json::from_slice::<Updates<'_>>(&bytes) else {
            trouble(
                shared,
                &CallError::Outage("getUpdates was answered with something else".to_owned()),
                &mut pause,
            )
            .await;
            continue;
        };
        shared.metrics.last_contact.set(shared.clock.now().micros());
        if !updates.result.is_empty() {
            last = shared.clock.now();
        }
        let mut rows = Vec::with_capacity(updates.result.len());
        for update in &updates.result {
            match peek(update) {
                Ok(row) => rows.push(row),
                Err(error) => tracing::error!(%error, "something in an answer of getUpdates was passed over"),
            }
        }
        let newest = rows.iter().filter_map(|row| row.update_id).max();
        while intake.store(rows.clone()).await.is_err() {
            pause.wait().await;
        }
        match newest {
            Some(newest) => {
                pause = Pause::default();
                offset = Some(newest.saturating_add(1));
            }
            None if updates.result.is_empty() => pause = Pause::default(),
            // Nothing in it can be confirmed: it would come again at once.
            None => pause.wait().await,
        }
    }
}

/// Waits a little longer each time, in real time: an outage does not pass on a test's clock.
struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(Duration::from_millis(100))
    }
}

impl Pause {
    async fn wait(&mut self) {
        real_pause(self.0).await;
        self.0 = (self.0 * 2).min(Duration::from_secs(15));
    }
}

async fn trouble(shared: &Shared, error: &CallError, pause: &mut Pause) {
    match error {
        CallError::Refused(refusal) if refusal.code == 409 && refusal.description.contains("webhook") => {
            tracing::warn!(
                "a webhook is set for this bot, and UPDATES=polling: the webhook is deleted, waiting updates stay"
            );
            let deleted = shared.client.call("deleteWebhook", &json!({"drop_pending_updates": false})).await;
            if let Err(error) = deleted {
                tracing::warn!(%error, "the webhook could not be deleted");
            }
        }
        CallError::Refused(refusal) if refusal.code == 409 => tracing::error!(
            "another process polls with this token; stop it, or give this one a token of its own (TELEGRAM_BOT_TOKEN)"
        ),
        CallError::RetryAfter(wait) => {
            real_pause(*wait).await;
            return;
        }
        error => tracing::warn!(%error, "getUpdates was not answered; it is asked again"),
    }
    pause.wait().await;
}
