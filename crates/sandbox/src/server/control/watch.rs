//! The record of what bots did, and waiting for them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::wire::{Answer, Asked, Failure, Natural, ReadErrors};
use crate::clock::Clock;
use crate::coverage::Coverage;
use crate::ids::BotId;
use crate::journal::Call;
use crate::world::World;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// Only with a greater number.
    #[serde(default)]
    after: Natural,
    /// At most so many; 1,000 when left out.
    limit: Option<Natural>,
}

/// Calls of bots.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Calls {
    /// Oldest first.
    pub calls: Vec<Call>,
    /// The number of the newest call that there is.
    pub last: u64,
}

/// The calls of all bots, while the journal keeps them.
#[utoipa::path(get, path = "/api/journal", tag = "Record", params(Page),
    responses((status = 200, description = "Calls, oldest first", body = Calls), ReadErrors))]
pub(super) async fn journal(
    State(world): State<World>,
    Asked(Query(page)): Asked<Query<Page>>,
) -> Json<Calls> {
    let state = world.lock();
    let calls =
        state.journal.after(page.after.number(), page.limit.map_or(1_000, Natural::size)).cloned().collect();
    Json(Calls { calls, last: state.journal.last() })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Lines {
    /// Only with a greater number.
    #[serde(default)]
    after: Natural,
    /// At most so many; 1,000 when left out.
    limit: Option<Natural>,
    /// Only calls of this bot.
    bot: Option<BotId>,
    /// Only calls of this method, in any case.
    method: Option<String>,
}

/// The calls of all bots as text, a line for each, for grep.
#[utoipa::path(get, path = "/api/journal.txt", tag = "Record", params(Lines),
    responses((status = 200, description = "Calls, oldest first", body = String, content_type = "text/plain"),
        ReadErrors))]
pub(super) async fn lines(
    State(world): State<World>,
    Asked(Query(page)): Asked<Query<Lines>>,
) -> impl IntoResponse {
    let state = world.lock();
    let fits = |call: &&Call| {
        page.bot.is_none_or(|bot| call.bot == Some(bot))
            && page.method.as_ref().is_none_or(|method| call.method.eq_ignore_ascii_case(method))
    };
    let calls = state.journal.after(page.after.number(), usize::MAX).filter(fits);
    let mut text = String::new();
    for call in calls.take(page.limit.map_or(1_000, Natural::size)) {
        text.push_str(&call.line());
        text.push('\n');
    }
    ([("content-type", "text/plain; charset=utf-8")], text)
}

/// What was checked against the schema, and which methods were called how often, never, or in vain.
#[utoipa::path(get, path = "/api/coverage", tag = "Record",
    responses((status = 200, description = "Counts since the start", body = Coverage)))]
pub(super) async fn coverage(State(world): State<World>) -> Json<Coverage> {
    Json(world.coverage())
}

/// What the validator found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Violations {
    /// Sentences; none is as it should be.
    pub violations: Vec<String>,
    /// How many answers and updates were checked.
    pub validated: u64,
    /// How often each method was answered under validation.
    pub methods: BTreeMap<String, u64>,
}

/// What was wrong with the sandbox's own answers and updates, for servers with a validator.
#[utoipa::path(get, path = "/api/violations", tag = "Record",
    responses((status = 200, description = "What the validator found", body = Violations)))]
pub(super) async fn violations(State(world): State<World>) -> Json<Violations> {
    Json(Violations {
        violations: world.violations(),
        validated: world.validated(),
        methods: world.validated_methods(),
    })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wait {
    /// Only this bot; all of them when left out.
    bot: Option<BotId>,
    /// How long at most, in real milliseconds; 5,000 when left out.
    timeout_ms: Option<Natural>,
}

/// Whether nothing was left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Idle {
    /// False when the patience ended first.
    pub idle: bool,
}

/// Waits until the bot has confirmed every update and no call of it is in flight.
#[utoipa::path(get, path = "/api/idle", tag = "Time", params(Wait),
    responses((status = 200, description = "Whether it came to that", body = Idle), ReadErrors))]
pub(super) async fn idle(
    State(world): State<World>,
    Asked(Query(which)): Asked<Query<Wait>>,
) -> Answer<Idle> {
    let bots: Vec<BotId> = match which.bot {
        Some(bot) => vec![bot],
        None => world.lock().bots.keys().copied().collect(),
    };
    if let Some(unknown) = bots.iter().find(|bot| !world.lock().bots.contains_key(bot)) {
        return Err(Failure::missing(format!("there is no bot {unknown}")));
    }
    let patience = which.timeout_ms.map_or(5_000, i64::from);
    let all = async {
        for bot in bots {
            world.wait_until_idle(bot).await;
        }
    };
    // The caller's patience is real time, even when the world's clock stands.
    let idle = tokio::select! {
        () = all => true,
        () = Clock::sleep_really(patience.saturating_mul(1_000)) => false,
    };
    Ok(Json(Idle { idle }))
}
