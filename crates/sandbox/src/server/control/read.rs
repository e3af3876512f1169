//! What there is: chats, messages, files, and what happens.

use std::convert::Infallible;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use utoipa::{IntoParams, ToSchema};

use super::wire::{Answer, Asked, Failure, Natural, ReadErrors};
use crate::ids::{ChatId, MessageId, PersonId};
use crate::world::World;
use crate::world::view::{MessageView, Overview};

/// Everything but the messages.
#[utoipa::path(get, path = "/api/state", tag = "People",
    responses((status = 200, description = "Everything but the messages", body = Overview)))]
pub(super) async fn state(State(world): State<World>) -> axum::Json<Overview> {
    let mut state = world.lock();
    state.fire_due();
    axum::Json(state.overview())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only if this person is in the chat.
    #[serde(rename = "as")]
    person: Option<PersonId>,
    /// Only of this topic; 1 is General.
    topic: Option<MessageId>,
    /// Only with a greater id.
    after: Option<MessageId>,
    /// The newest so many; 500 when left out.
    limit: Option<Natural>,
}

/// Messages of a chat.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Messages {
    /// Oldest first; no deleted ones.
    pub messages: Vec<MessageView>,
}

/// Messages of a chat.
#[utoipa::path(get, path = "/api/chats/{chat}/messages", tag = "People",
    params(("chat" = ChatId, Path, description = "The chat"), Which),
    responses((status = 200, description = "Oldest first", body = Messages), ReadErrors))]
pub(super) async fn messages(
    State(world): State<World>,
    Asked(Path(chat)): Asked<Path<ChatId>>,
    Asked(Query(which)): Asked<Query<Which>>,
) -> Answer<Messages> {
    let state = world.lock();
    if !state.may_exist(chat) {
        return Err(Failure::missing(format!("there is no chat {chat}")));
    }
    if let Some(person) = which.person.filter(|person| !state.is_person(*person)) {
        return Err(Failure::missing(format!("there is no person {person}")));
    }
    let Some(place) = state.chats.get(&chat) else {
        // A private chat begins with its first message.
        return Ok(axum::Json(Messages { messages: Vec::new() }));
    };
    if let Some(person) = which.person {
        let is_own = chat.is_of(person.0);
        if !is_own && !place.status(person.0).is_in() {
            return Err(Failure::refused(format!("{person} is not in {chat}")));
        }
    }
    let limit = which.limit.map_or(500, Natural::size);
    let after = which.after.unwrap_or(0);
    let of_topic = |topic: Option<MessageId>| which.topic.is_none_or(|wanted| topic.unwrap_or(1) == wanted);
    let newest = place.messages.range(after.saturating_add(1)..).rev().map(|(_, message)| message);
    let mut messages: Vec<_> = newest
        .filter(|message| !message.deleted && of_topic(message.topic))
        .take(limit)
        .map(|message| state.view(message))
        .collect();
    messages.reverse();
    Ok(axum::Json(Messages { messages }))
}

/// The bytes of a file, with its MIME type.
#[utoipa::path(get, path = "/api/files/{file}", tag = "People",
    params(("file" = u32, Path, description = "The number in `media.file` of a message")),
    responses((status = 200, description = "The bytes", content_type = "*/*"), ReadErrors))]
pub(super) async fn file(
    State(world): State<World>,
    Asked(Path(number)): Asked<Path<u32>>,
) -> Result<Response, Failure> {
    let state = world.lock();
    let file =
        state.files.get(number).ok_or_else(|| Failure::missing(format!("there is no file {number}")))?;
    Ok(crate::server::download::bytes_of(file.real_mime(), file.bytes.clone()))
}

/// What happens, as it happens: server-sent events without end.
///
/// The data of each is one JSON object with `event`: `message` and `edited` (with `message`), `deleted` (`chat`,
/// `ids`), `reaction` (`message`), `chat`, `person` and `bot` (as in the state; changed or new), `callback` (`id`,
/// `bot`, `person`, `chat`, `message`, `data`), `callback_answer` (`id`, `person`, `chat`, `text`, `alert`, `url`),
/// `action` (`chat`, `topic`, `bot`, `action`), `call` (a finished call as in the journal), `faults`, `clock`, and
/// `reload` when the listener fell behind: then state and messages are to be read again.
#[utoipa::path(get, path = "/api/events", tag = "People",
    responses((status = 200, description = "A stream without end", body = String, content_type = "text/event-stream")))]
pub(super) async fn events(State(world): State<World>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
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
