//! `GET /api/save`, `POST /api/load` and `POST /api/reset`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::json;

use super::{Answer, Failure, Json};
use crate::world::World;
use crate::world::save::NoState;

/// A world may hold many files.
pub(super) const MOST_BYTES: usize = 1024 * 1024 * 1024;

impl From<NoState> for Failure {
    fn from(error: NoState) -> Self {
        Self::bad(error.to_string())
    }
}

pub(super) async fn save(State(world): State<World>) -> Response {
    ([("content-type", "application/json")], world.save()).into_response()
}

pub(super) async fn load(State(world): State<World>, body: Bytes) -> Answer {
    let document =
        std::str::from_utf8(&body).map_err(|_| Failure::bad("the saved state is no JSON: it is no UTF-8"))?;
    world.load(document)?;
    Ok(Json(json!({})))
}

pub(super) async fn reset(State(world): State<World>) -> Answer {
    world.reset()?;
    Ok(Json(json!({})))
}
