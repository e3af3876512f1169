//! The clock by the control API.

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::wire::{Answer, Asked, Body, Failure, Natural, Nothing, ReadErrors, WriteErrors};
use crate::clock::LATEST;
use crate::ids::BotId;
use crate::world::advance::{Advanced, ClockView, Stuck};
use crate::world::participants::Told;
use crate::world::{Refused, World};

impl From<Stuck> for Failure {
    fn from(stuck: Stuck) -> Self {
        Self::refused(stuck.to_string())
    }
}

/// The clock, what is due next, and who follows it.
#[utoipa::path(get, path = "/api/clock", tag = "Time",
    responses((status = 200, description = "The clock", body = ClockView)))]
pub(super) async fn clock(State(world): State<World>) -> Json<ClockView> {
    Json(world.clock_view())
}

/// How far the clock is to go.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Advance {
    /// Microseconds.
    #[schema(minimum = 0)]
    pub micros: i64,
    /// How long all of it may take, in real milliseconds; 60,000 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub timeout_ms: Option<i64>,
}

/// Moves a clock that stands from one due time to the next, each time until everything that was due has happened, here
/// and at every participant. Refused while it runs, and when something does not come to its end: the error names it.
#[utoipa::path(post, path = "/api/clock/advance", tag = "Time", request_body = Advance,
    responses((status = 200, description = "It is there, and nothing is left to do", body = Advanced), WriteErrors))]
pub(super) async fn advance(State(world): State<World>, body: Body<Advance>) -> Answer<Advanced> {
    let Advance { micros, timeout_ms } = body.value;
    if micros < 0 {
        return Err(Failure::bad("a clock goes forward only"));
    }
    let patience = patience(timeout_ms)?.unwrap_or(60_000_000);
    if world.clock().now().saturating_add(micros) > LATEST {
        return Err(Failure::refused("a clock goes to the end of the year 9999 and no further"));
    }
    Ok(Json(world.advance(micros, patience).await?))
}

/// The time of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Now {
    /// Microseconds since 1970 UTC.
    pub now: i64,
}

/// Lets the clock stand where it is.
#[utoipa::path(post, path = "/api/clock/freeze", tag = "Time",
    responses((status = 200, description = "It stands", body = Now)))]
pub(super) async fn freeze(State(world): State<World>) -> Json<Now> {
    Json(Now { now: world.freeze() })
}

/// Lets the clock run on from where it stands.
#[utoipa::path(post, path = "/api/clock/thaw", tag = "Time",
    responses((status = 200, description = "It runs", body = Now)))]
pub(super) async fn thaw(State(world): State<World>) -> Json<Now> {
    Json(Now { now: world.thaw() })
}

/// A process that is to follow the clock.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Register {
    /// What errors call it.
    #[schema(min_length = 1)]
    pub name: String,
    /// The bot that it is: then an advance also waits for the bot's calls and updates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bot: Option<BotId>,
}

/// Begins to follow the clock. A participant of the same name that is gone makes room.
#[utoipa::path(post, path = "/api/clock/participants", tag = "Time", request_body = Register,
    responses((status = 200, description = "Its number, the time and its first turn", body = Told), WriteErrors))]
pub(super) async fn register(State(world): State<World>, body: Body<Register>) -> Answer<Told> {
    let Register { name, bot } = body.value;
    if name.is_empty() {
        return Err(Failure::bad("a participant needs a name"));
    }
    if let Some(unknown) = bot.filter(|bot| !world.lock().bots.contains_key(bot)) {
        return Err(Failure::missing(format!("there is no bot {unknown}")));
    }
    Ok(Json(world.register_participant(&name, bot)))
}

/// What a participant has come to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// The turn that it was told. A report of an older one counts for nothing.
    pub turn: Natural,
    /// When it has something to do next (microseconds since 1970 UTC); left out: nothing is planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<i64>,
}

/// Says that a participant has done everything of a turn. The answer's turn is greater when more has happened since.
#[utoipa::path(post, path = "/api/clock/participants/{id}", tag = "Time", params(("id" = u64, Path)),
    request_body = Report,
    responses((status = 200, description = "The time and the present turn", body = Told), WriteErrors))]
pub(super) async fn report(
    State(world): State<World>,
    Asked(Path(id)): Asked<Path<u64>>,
    body: Body<Report>,
) -> Answer<Told> {
    let Report { turn, due } = body.value;
    world.report_idle(id, turn.number(), due).map(Json).map_err(|refused| gone(&refused))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Follow {
    /// The turn that it knows.
    turn: Natural,
    /// How long at most, in real milliseconds; 20,000 when left out, 60,000 at most.
    #[param(minimum = 0)]
    timeout_ms: Option<i64>,
}

/// Waits until a participant's turn is another: the clock has moved, or its last report is worth nothing any more. A
/// participant keeps one of these open all the time; when its connection breaks, it counts as gone.
#[utoipa::path(get, path = "/api/clock/participants/{id}", tag = "Time", params(("id" = u64, Path), Follow),
    responses((status = 200, description = "The time and the present turn", body = Told), ReadErrors))]
pub(super) async fn follow(
    State(world): State<World>,
    Asked(Path(id)): Asked<Path<u64>>,
    Asked(Query(follow)): Asked<Query<Follow>>,
) -> Answer<Told> {
    let timeout = patience(follow.timeout_ms)?.unwrap_or(20_000_000);
    world.follow(id, follow.turn.number(), timeout).await.map(Json).map_err(|refused| gone(&refused))
}

/// Ends a participant's following.
#[utoipa::path(delete, path = "/api/clock/participants/{id}", tag = "Time", params(("id" = u64, Path)),
    responses((status = 200, description = "Nobody waits for it any more", body = Nothing), ReadErrors))]
pub(super) async fn leave(State(world): State<World>, Asked(Path(id)): Asked<Path<u64>>) -> Answer<Nothing> {
    world.remove_participant(id).map_err(|refused| gone(&refused))?;
    Ok(Json(Nothing {}))
}

fn gone(refused: &Refused) -> Failure {
    Failure::missing(refused.to_string())
}

/// Microseconds.
fn patience(milliseconds: Option<i64>) -> Result<Option<i64>, Failure> {
    if milliseconds.is_some_and(i64::is_negative) {
        return Err(Failure::bad("timeout_ms is not to be negative"));
    }
    Ok(milliseconds.map(|milliseconds| milliseconds.saturating_mul(1_000)))
}
