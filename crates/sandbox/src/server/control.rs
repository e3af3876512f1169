//! The control API and the page: thin over [`World`].

use std::convert::Infallible;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::Stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

mod act;
mod save;
mod send;

use crate::clock::Clock;
use crate::faults::Fault;
use crate::ids::{BotId, ChatId, MessageId, PersonId};
use crate::world::{Refused, World};

/// Everything that is not the Bot API.
pub(super) fn router(world: World) -> Router {
    Router::new()
        .route("/api/state", get(state))
        .route("/api/chats/{chat}/messages", get(messages))
        .route("/api/act", post(act::act))
        .route("/api/save", get(save::save))
        .route("/api/load", post(save::load).layer(DefaultBodyLimit::max(save::MOST_BYTES)))
        .route("/api/reset", post(save::reset))
        .route("/api/faults", get(faults).post(add_fault).delete(remove_faults))
        .route("/api/release", post(release))
        .route("/api/journal", get(journal))
        .route("/api/violations", get(violations))
        .route("/api/idle", get(idle))
        .route("/api/clock/advance", post(advance))
        .route("/api/events", get(events))
        .route("/api/files/{file}", get(file))
        .fallback(|| async {
            Failure::missing("there is no such path; the README of the sandbox lists them")
        })
        .layer(DefaultBodyLimit::max(96 * 1024 * 1024))
        .with_state(world)
        .merge(super::page::router())
}

/// An error of the control API: `{"error":"…"}`.
pub(super) struct Failure(StatusCode, String);

impl Failure {
    pub(super) fn bad(sentence: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, sentence.into())
    }

    fn missing(sentence: impl Into<String>) -> Self {
        Self(StatusCode::NOT_FOUND, sentence.into())
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::bad(refused.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Json(json!({"error": self.1})).into_response();
        *response.status_mut() = self.0;
        response
    }
}

/// A part of the address; what cannot be read is told as every error here is.
struct Asked<T>(T);

impl<S: Send + Sync, T: FromRequestParts<S>> FromRequestParts<S> for Asked<T>
where
    T::Rejection: std::fmt::Display,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        T::from_request_parts(parts, state)
            .await
            .map(Self)
            .map_err(|rejection| Failure::bad(rejection.to_string()))
    }
}

/// JSON in an answer.
pub(super) struct Json(pub(super) Value);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        ([("content-type", "application/json")], self.0.to_string()).into_response()
    }
}

pub(super) type Answer = Result<Json, Failure>;

/// Reads JSON whatever the content type, so that a plain `curl -d` works.
pub(super) fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::bad(format!("the body is not what this path takes: {error}")))
}

async fn state(State(world): State<World>) -> Json {
    let state = world.lock();
    let mut bots: Vec<_> = state.bots.values().collect();
    bots.sort_unstable_by_key(|bot| bot.id);
    let mut people: Vec<_> = state.users.values().filter(|user| !user.is_bot).collect();
    people.sort_unstable_by_key(|user| user.id);
    let mut chats: Vec<_> = state.chats.values().collect();
    chats.sort_unstable_by_key(|chat| chat.id);
    Json(json!({
        "now": state.clock.now(),
        "clock": if state.clock.is_manual() { "manual" } else { "real" },
        "last_call": state.journal.last(),
        "bots": bots.into_iter().map(|bot| state.bot_state(bot)).collect::<Vec<_>>(),
        "people": people.into_iter().map(crate::world::state::State::person_state).collect::<Vec<_>>(),
        "chats": chats.into_iter().map(|chat| state.chat_state(chat)).collect::<Vec<_>>(),
        "faults": state.fault_list(),
        "latency_ms": state.settings.latency / 1_000,
        "newer": state.settings.newer,
    }))
}

#[derive(Deserialize)]
struct Which {
    #[serde(rename = "as")]
    person: Option<PersonId>,
    topic: Option<MessageId>,
    after: Option<MessageId>,
    limit: Option<usize>,
}

async fn messages(
    State(world): State<World>,
    Asked(Path(chat)): Asked<Path<String>>,
    Asked(Query(which)): Asked<Query<Which>>,
) -> Answer {
    let chat: ChatId = chat.parse().map_err(|error| Failure::bad(format!("{error}")))?;
    let state = world.lock();
    let Some(place) = state.chats.get(&chat) else {
        // A private chat begins with its first message.
        return if chat.is_private() {
            Ok(Json(json!({"messages": []})))
        } else {
            Err(Failure::missing(format!("there is no chat {chat}")))
        };
    };
    if let Some(person) = which.person {
        let is_own = matches!(chat, ChatId::Private { person: owner, .. } if owner == person);
        if !is_own && !place.status(person.0).is_in() {
            return Err(Failure::bad(format!("{person} is not in {chat}")));
        }
    }
    let limit = which.limit.unwrap_or(500);
    let after = which.after.unwrap_or(0);
    let of_topic = |topic: Option<MessageId>| which.topic.is_none_or(|wanted| topic.unwrap_or(1) == wanted);
    let newest = place.messages.range(after.saturating_add(1)..).rev().map(|(_, message)| message);
    let mut list: Vec<_> = newest
        .filter(|message| !message.deleted && of_topic(message.topic))
        .take(limit)
        .map(|message| state.view(message))
        .collect();
    list.reverse();
    Ok(Json(json!({ "messages": list })))
}

async fn faults(State(world): State<World>) -> Json {
    Json(json!({"faults": world.lock().fault_list()}))
}

async fn add_fault(State(world): State<World>, body: Bytes) -> Answer {
    let fault: Fault = parse(&body)?;
    Ok(Json(json!({"id": world.add_fault(fault)})))
}

#[derive(Deserialize)]
struct OneFault {
    id: Option<u64>,
}

async fn remove_faults(State(world): State<World>, Asked(Query(one)): Asked<Query<OneFault>>) -> Json {
    world.remove_faults(one.id);
    Json(json!({}))
}

async fn release(State(world): State<World>) -> Json {
    world.release();
    Json(json!({}))
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

async fn journal(State(world): State<World>, Asked(Query(page)): Asked<Query<Page>>) -> Json {
    let state = world.lock();
    let calls: Vec<_> = state.journal.after(page.after, page.limit.unwrap_or(1_000)).collect();
    Json(json!({"calls": calls, "last": state.journal.last()}))
}

async fn violations(State(world): State<World>) -> Json {
    Json(
        json!({"violations": world.violations(), "validated": world.validated(), "methods": world.validated_methods()}),
    )
}

#[derive(Deserialize)]
struct Idle {
    bot: Option<BotId>,
    timeout_ms: Option<i64>,
}

async fn idle(State(world): State<World>, Asked(Query(which)): Asked<Query<Idle>>) -> Answer {
    let bots: Vec<BotId> = match which.bot {
        Some(bot) => vec![bot],
        None => world.lock().bots.keys().copied().collect(),
    };
    if let Some(unknown) = bots.iter().find(|bot| !world.lock().bots.contains_key(bot)) {
        return Err(Failure::missing(format!("there is no bot {unknown}")));
    }
    let all = async {
        for bot in bots {
            world.wait_until_idle(bot).await;
        }
    };
    // The caller's patience is real time, even when the world's clock stands.
    let idle = tokio::select! {
        () = all => true,
        () = Clock::sleep_really(which.timeout_ms.unwrap_or(30_000).saturating_mul(1_000)) => false,
    };
    Ok(Json(json!({ "idle": idle })))
}

#[derive(Deserialize)]
struct Advance {
    micros: i64,
}

async fn advance(State(world): State<World>, body: Bytes) -> Answer {
    let Advance { micros } = parse(&body)?;
    let now = world.clock().advance(micros);
    let now = now.ok_or_else(|| {
        Failure::bad("the clock is real; start the sandbox with --clock manual to advance it")
    })?;
    world.lock().event(|| json!({"event": "clock", "now": now}));
    Ok(Json(json!({ "now": now })))
}

async fn events(State(world): State<World>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let stream = futures_util::stream::unfold(world.events(), |mut events| async {
        let data = match events.recv().await {
            Ok(event) => event.to_string(),
            // The page fell behind: it loads everything again.
            Err(RecvError::Lagged(_)) => json!({"event": "reload"}).to_string(),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(Event::default().data(data)), events))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

async fn file(
    State(world): State<World>,
    Asked(Path(number)): Asked<Path<u32>>,
) -> Result<Response, Failure> {
    let state = world.lock();
    let file =
        state.files.get(number).ok_or_else(|| Failure::missing(format!("there is no file {number}")))?;
    Ok(super::download::bytes_of(&file.mime, file.bytes.clone()))
}
