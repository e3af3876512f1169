//! The way of a request to the Sheets API: who asks, what goes wrong, what is done.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::act::Call;
use super::errors::Failure;
use super::trouble::GoogleFaultKind;
use super::{Drive, Google, SheetsCall};
use crate::server::body;
use crate::standins::CutInstead;
use crate::world::World;

pub(super) async fn call(
    State(google): State<Google>,
    State(world): State<World>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = body::read(body, 16).await else {
        return Failure::argument("Request payload size exceeds the limit.").into_response();
    };
    let asked = head.uri.path_and_query().map_or("", |path| path.as_str());
    let asked = asked.trim_start_matches("/google").to_owned();
    let parsed = if body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&body) };
    let Ok(body) = parsed else {
        return Failure::argument("Invalid JSON payload received.").into_response();
    };
    let mut record = SheetsCall {
        seq: 0,
        at: world.clock().now(),
        method: head.method.to_string(),
        path: asked.clone(),
        body: body.clone(),
        status: 0,
        done: false,
    };
    let (outcome, hidden) = {
        let mut drive = google.lock();
        let now = world.clock().seconds();
        let (ending, swallowed) =
            perform(&mut drive, &head.headers, now, head.method.as_str(), &asked, &body);
        record.done = ending.is_ok();
        if swallowed.is_none() {
            record.status = ending.as_ref().map_or_else(|failure| failure.status, |_| 200);
        }
        let seq = drive.record(record);
        drop(drive);
        world.lock().event(|| json!({"event": "stand_in", "service": "google", "request": seq}));
        (ending, swallowed)
    };
    match hidden {
        // The client goes and the future is dropped.
        Some(GoogleFaultKind::Timeout) => std::future::pending().await,
        Some(_) => axum::Extension(CutInstead).into_response(),
        None => outcome.map(Json).into_response(),
    }
}

/// Carries a request out. A fault that swallows the answer comes back beside what was done.
fn perform(
    drive: &mut Drive,
    headers: &HeaderMap,
    now: i64,
    method: &str,
    asked: &str,
    body: &Value,
) -> (Result<Value, Failure>, Option<GoogleFaultKind>) {
    let struck = drive.trouble.strike(asked);
    let refused = match struck {
        Some(GoogleFaultKind::RateLimit) => Some(Failure::quota("Write")),
        Some(GoogleFaultKind::ServerError { status }) => Some(Failure::server(status)),
        Some(GoogleFaultKind::Cut) => return (Err(Failure::server(503)), struck),
        _ => None,
    };
    if let Some(failure) = refused {
        return (Err(failure), None);
    }
    let done = allowed(drive, headers, now, method, asked, body);
    (done, struck)
}

fn allowed(
    drive: &mut Drive,
    headers: &HeaderMap,
    now: i64,
    method: &str,
    asked: &str,
    body: &Value,
) -> Result<Value, Failure> {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let granted = drive.tokens.get(header.strip_prefix("Bearer ").unwrap_or_default());
    let granted = granted.filter(|granted| granted.until > now).ok_or_else(Failure::unauthenticated)?;
    let call = Call::read(method, asked, body).ok_or_else(Failure::not_found)?;
    if !granted.allows(call.writes()) {
        return Err(Failure::scope());
    }
    drive.trouble.count(now, call.writes())?;
    call.perform(drive)
}
