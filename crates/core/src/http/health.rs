use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State as Extracted;
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::state::{self, State};
use crate::app::Shared;
use crate::clock::Timestamp;

/// An update that waits longer than this says that the bot does not keep up.
const LATE: Duration = Duration::from_mins(1);
/// A poll is answered within a minute at least.
const SILENCE: Duration = Duration::from_mins(2);

type Page = (StatusCode, Json<Value>);

/// `/health`: everything an operator asks first. 503 only when the database does not answer.
pub(super) async fn health(Extracted(shared): Extracted<Arc<Shared>>) -> Page {
    let state = state::read(&shared).await;
    let code = if state.is_some() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(summary(&shared, state.as_ref())))
}

/// `/health/live`: the process serves.
pub(super) async fn live() -> Json<Value> {
    Json(json!({"live": true}))
}

/// `/health/ready`: the bot can do its work; 503 and why not.
pub(super) async fn ready(Extracted(shared): Extracted<Arc<Shared>>) -> Page {
    let why = if shared.is_stopping() {
        Some("the bot is stopping")
    } else if shared.me().is_none() {
        Some("Telegram has not told yet who the bot is")
    } else if !state::answers(&shared).await {
        Some("the database does not answer")
    } else {
        None
    };
    let code = if why.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(json!({"ready": why.is_none(), "why": why})))
}

/// `/health/bot`: who the bot is at Telegram.
pub(super) async fn bot(Extracted(shared): Extracted<Arc<Shared>>) -> Json<Value> {
    let me = shared.me();
    let me = me.as_ref();
    Json(json!({
        "id": shared.bot_id,
        "identified": me.is_some(),
        "username": me.map(|me| &me.username),
        "name": me.map(|me| &me.first_name),
        "can_read_all_group_messages": me.map(|me| me.can_read_all_group_messages),
        "can_join_groups": me.map(|me| me.can_join_groups),
        "updates": shared.about.updates,
    }))
}

fn summary(shared: &Shared, state: Option<&State>) -> Value {
    let now = shared.clock.now();
    let me = shared.me();
    let contact = shared.metrics.last_contact.get();
    let contact = (contact > 0).then(|| now.since(Timestamp(contact)));
    let oldest = state.and_then(|state| state.oldest_update).map(|at| now.since(at));
    let problems = problems(shared, state, oldest, contact);
    let status = match (state, problems.as_slice()) {
        (None, _) => "failing",
        (_, []) => "ok",
        _ => "degraded",
    };
    let schema: Option<BTreeMap<_, _>> = state.map(|state| state.schemas.iter().copied().collect());
    let jobs: Option<BTreeMap<_, _>> = state.map(|state| {
        let kinds = state.jobs.iter();
        kinds.map(|(kind, due, waiting)| (kind, json!({"due": due, "waiting": waiting}))).collect()
    });
    json!({
        "status": status,
        "problems": problems,
        "bot": shared.name,
        "version": shared.about.version,
        "environment": shared.environment,
        "uptime_s": now.since(shared.about.started).as_secs(),
        "stopping": shared.is_stopping(),
        "updates": shared.about.updates,
        "database": {"backend": shared.db.backend(), "ok": state.is_some(), "schema": schema},
        "oldest_unhandled_update_age_s": oldest.map(|age| age.as_secs()),
        "updates_waiting": state.map(|state| state.updates_waiting),
        "jobs": jobs,
        "dead_letters": state.map(|state| state.dead_letters),
        "last_contact_with_telegram_age_s": contact.map(|age| age.as_secs()),
        "telegram": {"identified": me.is_some(), "username": me.map(|me| me.username)},
    })
}

/// What keeps the bot from being well, each with what to do.
fn problems(
    shared: &Shared,
    state: Option<&State>,
    oldest: Option<Duration>,
    contact: Option<Duration>,
) -> Vec<String> {
    let mut problems = Vec::new();
    if state.is_none() {
        problems.push("the database does not answer; see DATABASE_URL and the log".to_owned());
    }
    if shared.me().is_none() {
        problems
            .push("Telegram has not told yet who the bot is; see TELEGRAM_API_URL and the log".to_owned());
    }
    if oldest.is_some_and(|age| age > LATE) {
        problems.push(
            "the oldest update waits for more than a minute; see the log for handlers that fail".to_owned(),
        );
    }
    // A webhook is silent when people are.
    let polling = shared.about.updates == "polling";
    let since_start = shared.clock.now().since(shared.about.started);
    if polling && contact.unwrap_or(since_start) > SILENCE {
        problems.push("Telegram has not answered for two minutes; see the network and the log".to_owned());
    }
    if let Some(count) = state.map(|state| state.dead_letters).filter(|count| *count > 0) {
        problems
            .push(format!("{count} dead letters wait for a person; see `{} dead-letters list`", shared.name));
    }
    problems
}
