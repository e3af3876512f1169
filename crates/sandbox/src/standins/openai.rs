//! The OpenAI-compatible chat endpoint.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

mod answer;
mod chat;
#[expect(unused_qualifications, reason = "utoipa's macro writes them")]
pub(crate) mod control;
mod errors;
mod script;
mod stream;
mod strict;

pub use script::{Reply, Script, SetScript, ToolCall};

use super::Shared;
use super::kept::Kept;

/// The key that it takes; every other is refused as OpenAI refuses it.
pub const KEY: &str = "sk-sandbox-stand-in";
/// The models that it knows. Another one is answered as a model that was shut down.
pub const MODELS: [&str; 8] =
    ["gpt-5", "gpt-5-mini", "gpt-5-nano", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano", "gpt-4o", "gpt-4o-mini"];

/// A handle on the stand-in; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Openai(Arc<Mutex<Desk>>);

/// What it holds.
#[derive(Default)]
pub(crate) struct Desk {
    scripts: script::Scripts,
    requests: Kept<Asked>,
    last: u64,
}

/// One request that was made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Asked {
    /// Its number, from 1.
    pub seq: u64,
    /// Microseconds since 1970 UTC, by the world's clock.
    pub at: i64,
    /// The model that was asked for.
    pub model: String,
    /// The last message of the user, which scripts match.
    pub user: String,
    /// The whole body.
    pub body: Value,
    /// The script that answered; `null`: nothing was scripted.
    pub script: Option<u64>,
    /// The HTTP status; 0 when it was never answered.
    pub status: u16,
    /// The answer or the error; a streamed one as it would have been in one piece.
    pub answer: Value,
}

impl Openai {
    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    fn record(&mut self, mut asked: Asked) {
        self.last += 1;
        asked.seq = self.last;
        self.requests.push(asked);
    }
}

/// What OpenAI's clients call.
pub(super) fn service() -> Router<Shared> {
    Router::new()
        .route("/openai/v1/chat/completions", post(chat::completions))
        .route("/openai/v1/models", get(chat::models))
        .route("/openai/v1/models/{model}", get(chat::model))
        .route("/openai/v1/{*rest}", get(errors::no_path).post(errors::no_path).delete(errors::no_path))
}
