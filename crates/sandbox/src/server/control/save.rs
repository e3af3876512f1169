//! `GET /api/save`, `POST /api/load` and `POST /api/reset`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;

use super::wire::{Answer, Failure, Nothing, Raw, WriteErrors};
use crate::world::World;
use crate::world::save::NoState;

impl From<NoState> for Failure {
    fn from(error: NoState) -> Self {
        Self::bad(error.to_string())
    }
}

/// Everything as one JSON document that `/api/load` takes back. Not the journal, and no call under way.
#[utoipa::path(get, path = "/api/save", tag = "World",
    responses((status = 200, description = "The saved world", body = Object)))]
pub(super) async fn save(State(world): State<World>) -> impl IntoResponse {
    ([("content-type", "application/json")], world.save())
}

/// Puts a saved world, up to 1 GiB, into the place of this one.
#[utoipa::path(post, path = "/api/load", tag = "World", request_body = Object,
    responses((status = 200, description = "It is there", body = Nothing), WriteErrors))]
pub(super) async fn load(State(world): State<World>, Raw(body): Raw<1024>) -> Answer<Nothing> {
    let document =
        std::str::from_utf8(&body).map_err(|_| Failure::bad("the saved state is no JSON: it is no UTF-8"))?;
    world.load(document)?;
    Ok(Json(Nothing {}))
}

/// Goes back to the world that the sandbox began with.
#[utoipa::path(post, path = "/api/reset", tag = "World",
    responses((status = 200, description = "It is there", body = Nothing), WriteErrors))]
pub(super) async fn reset(State(world): State<World>) -> Answer<Nothing> {
    world.reset()?;
    Ok(Json(Nothing {}))
}
