//! Being called by Telegram. An update is answered with 200 once it is committed; when the database does
//! not take it the answer is 503, and Telegram keeps it and comes again.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use mask::SecretString;
use serde_json::json;
use serde_json::value::RawValue;
use subtle::ConstantTimeEq;

use super::error::CallError;
use crate::app::Shared;
use crate::clock::{real_pause, within};
use crate::flow::intake::Intake;
use crate::flow::peek::peek;

/// The largest body taken, in bytes. Telegram's updates stay far below.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// Telegram waits about a minute for an answer.
const STORE_WITHIN: Duration = Duration::from_secs(10);
/// A body of Telegram's comes at once.
const BODY_WITHIN: Duration = Duration::from_secs(10);
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The webhook's end here.
#[derive(Clone)]
pub struct Hook {
    path: String,
    secret: SecretString,
    intake: Intake,
}

impl Hook {
    /// Serves the path of `url`.
    pub(crate) fn new(url: &str, secret: &SecretString, intake: Intake) -> anyhow::Result<Self> {
        let rest =
            url.split_once("://").map(|(_, rest)| rest).context("WEBHOOK_URL: begins with https://")?;
        let path = rest.find('/').map_or("/", |at| &rest[at..]);
        let path = path.split(['?', '#']).next().unwrap_or("/").to_owned();
        Ok(Self { path, secret: secret.clone(), intake })
    }

    /// The path that Telegram calls.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Its route, to be merged into the bot's server.
    pub fn router(self) -> axum::Router {
        axum::Router::new()
            .route(&self.path.clone(), post(receive))
            .layer(DefaultBodyLimit::max(BODY_LIMIT))
            .with_state(self)
    }
}

async fn receive(State(hook): State<Hook>, headers: HeaderMap, request: Request) -> StatusCode {
    // Before a byte of the body is read: whoever does not know the secret costs no memory.
    let given = headers.get(SECRET_HEADER).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    if !bool::from(given.ct_eq(hook.secret.expose().as_bytes())) {
        tracing::warn!(code = 401, "a webhook call without the right secret was refused; see WEBHOOK_SECRET");
        return StatusCode::UNAUTHORIZED;
    }
    let body = match within(BODY_WITHIN, Bytes::from_request(request, &())).await {
        Some(Ok(body)) => body,
        Some(Err(rejection)) => {
            let code = rejection.status();
            tracing::warn!(code = code.as_u16(), "the body of a webhook call was not taken");
            return code;
        }
        None => {
            tracing::warn!(code = 408, "the body of a webhook call did not come in time");
            return StatusCode::REQUEST_TIMEOUT;
        }
    };
    let row = serde_json::from_slice::<&RawValue>(&body).ok().and_then(|raw| peek(raw).ok());
    let Some(row) = row else {
        tracing::warn!(code = 400, bytes = body.len(), "a webhook call held no update");
        return StatusCode::BAD_REQUEST;
    };
    match within(STORE_WITHIN, hook.intake.store(vec![row])).await {
        Some(Ok(())) => StatusCode::OK,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Tells Telegram where to call, until it has understood.
pub(crate) async fn announce(
    shared: Arc<Shared>,
    url: String,
    secret: SecretString,
    allowed: &'static [&'static str],
) {
    let body = json!({"url": url, "secret_token": secret.expose(), "allowed_updates": allowed, "max_connections": 40});
    let mut pause = Duration::from_millis(500);
    loop {
        let answer = tokio::select! {
            answer = shared.client.call("setWebhook", &body) => answer,
            () = shared.stopped() => return,
        };
        match answer {
            Ok(_) => {
                tracing::info!("Telegram calls the webhook from now on");
                return;
            }
            Err(CallError::Refused(refusal)) => {
                tracing::error!(why = refusal.shown(), "WEBHOOK_URL: Telegram does not take this webhook");
            }
            Err(error) => tracing::warn!(%error, "setWebhook was not answered; it is asked again"),
        }
        tokio::select! {
            () = real_pause(pause) => {}
            () = shared.stopped() => return,
        }
        pause = (pause * 2).min(Duration::from_mins(1));
    }
}
