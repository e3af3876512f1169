//! `POST /v1/chat/completions` and the models.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::answer::{Choice, completion, text_of};
use super::errors::{Failure, check_key};
use super::script::Reply;
use super::{Asked, MODELS, Openai, stream, strict};
use crate::server::body;
use crate::standins::CutInstead;
use crate::world::World;

pub(super) async fn models(headers: HeaderMap) -> Result<Json<Value>, Failure> {
    check_key(&headers)?;
    let list: Vec<Value> = MODELS.iter().map(|model| model_json(model)).collect();
    Ok(Json(json!({"object": "list", "data": list})))
}

pub(super) async fn model(headers: HeaderMap, Path(model): Path<String>) -> Result<Json<Value>, Failure> {
    check_key(&headers)?;
    if MODELS.contains(&model.as_str()) {
        Ok(Json(model_json(&model)))
    } else {
        Err(Failure::no_model(&model))
    }
}

fn model_json(model: &str) -> Value {
    json!({"id": model, "object": "model", "created": 1_750_000_000, "owned_by": "sandbox"})
}

pub(super) async fn completions(
    State(openai): State<Openai>,
    State(world): State<World>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let body = match body::read(body, 16).await {
        Ok(body) => body,
        Err(error) => {
            return Failure::new(413, "invalid_request_error", None, None, &error.to_string())
                .into_response();
        }
    };
    if let Err(failure) = check_key(&head.headers) {
        return failure.into_response();
    }
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        let message = "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your \
                       HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid \
                       JSON.)";
        return Failure::request(None, message).into_response();
    };
    respond(&openai, &world, request).await
}

async fn respond(openai: &Openai, world: &World, request: Value) -> Response {
    let messages = request["messages"].as_array();
    let of_user = |message: &&Value| message["role"] == "user";
    let user = messages.and_then(|list| list.iter().rfind(of_user)).map(text_of).unwrap_or_default();
    let mut asked = Asked {
        seq: 0,
        at: world.clock().now(),
        model: request["model"].as_str().unwrap_or_default().to_owned(),
        user,
        body: request,
        script: None,
        status: 0,
        answer: Value::Null,
    };
    if let Err(failure) = check(&asked.body) {
        return end(openai, world, asked, Err(failure));
    }
    let script = openai.lock().scripts.take(&asked.user);
    asked.script = script.as_ref().map(|(id, _)| *id);
    let (reply, delay) = script.map_or((None, 0), |(_, script)| (Some(script.reply), script.delay_ms));
    world.clock().sleep(i64::from(delay) * 1_000).await;
    let failure = match &reply {
        Some(Reply::RateLimit { retry_after }) => Failure::rate_limit(*retry_after, &asked.model),
        Some(Reply::InsufficientQuota) => Failure::quota(),
        Some(Reply::ServerError { status }) => Failure::server(*status),
        Some(silent @ (Reply::Timeout | Reply::Cut | Reply::Garbage)) => {
            return unanswered(openai, world, asked, silent).await;
        }
        _ => {
            let choice = match &reply {
                Some(reply) => Choice::of(reply, &asked.body),
                None => Ok(None),
            };
            let choice = choice.map(|choice| choice.unwrap_or_else(|| Choice::unscripted(&asked.body)));
            return end(openai, world, asked, choice);
        }
    };
    end(openai, world, asked, Err(failure))
}

/// Writes down how a request ended, and answers it.
fn end(openai: &Openai, world: &World, mut asked: Asked, choice: Result<Choice, Failure>) -> Response {
    let (streams, with_usage) =
        (asked.body["stream"] == true, asked.body["stream_options"]["include_usage"] == true);
    let mut desk = openai.lock();
    let seq = desk.last + 1;
    let outcome = choice.map(|choice| {
        let choice = choice.limited(&asked.body);
        completion(seq, world.clock().seconds(), &asked.body, &choice)
    });
    asked.status = outcome.as_ref().map_or_else(|failure| failure.status, |_| 200);
    asked.answer = outcome.as_ref().map_or_else(|failure| failure.body.clone(), Value::clone);
    desk.record(asked);
    drop(desk);
    tell(world, seq);
    let mut response = match outcome {
        Ok(completion) if streams => stream::events(&completion, with_usage),
        Ok(completion) => Json(completion).into_response(),
        Err(failure) => failure.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert("openai-version", HeaderValue::from_static("2020-10-01"));
    headers.insert("openai-organization", HeaderValue::from_static("org-sandbox"));
    headers.insert("openai-processing-ms", HeaderValue::from_static("1"));
    headers.extend(
        HeaderValue::from_str(&format!("req_sandbox{seq}"))
            .ok()
            .map(|id| (axum::http::HeaderName::from_static("x-request-id"), id)),
    );
    response
}

/// Ends a request without an answer that a client could read.
async fn unanswered(openai: &Openai, world: &World, mut asked: Asked, reply: &Reply) -> Response {
    asked.status = if matches!(reply, Reply::Garbage) { 502 } else { 0 };
    let seq = {
        let mut desk = openai.lock();
        desk.record(asked);
        desk.last
    };
    tell(world, seq);
    match reply {
        // The client goes and the future is dropped.
        Reply::Timeout => std::future::pending().await,
        Reply::Garbage => {
            (axum::http::StatusCode::BAD_GATEWAY, "<html><h1>502 Bad Gateway</h1></html>").into_response()
        }
        _ => axum::Extension(CutInstead).into_response(),
    }
}

fn tell(world: &World, seq: u64) {
    world.lock().event(|| json!({"event": "stand_in", "service": "openai", "request": seq}));
}

/// Who may have written a message.
const ROLES: [&str; 6] = ["developer", "system", "user", "assistant", "tool", "function"];

/// Refuses what OpenAI refuses.
fn check(request: &Value) -> Result<(), Failure> {
    let Some(model) = request["model"].as_str() else {
        return Err(Failure::request(None, "you must provide a model parameter"));
    };
    if !MODELS.contains(&model) {
        return Err(Failure::no_model(model));
    }
    let messages = request["messages"].as_array();
    let Some(messages) = messages.filter(|messages| !messages.is_empty()) else {
        let message = "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty \
                       array instead.";
        return Err(Failure::request(Some("messages"), message));
    };
    for (index, message) in messages.iter().enumerate() {
        let role = message["role"].as_str().unwrap_or_default();
        if !ROLES.contains(&role) {
            let param = format!("messages[{index}].role");
            let message = format!(
                "Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'."
            );
            return Err(Failure::request(Some(&param), &message));
        }
    }
    if request.get("max_tokens").is_some_and(|most| !most.is_null()) && model.starts_with("gpt-5") {
        let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use \
                       'max_completion_tokens' instead.";
        return Err(Failure::new(
            400,
            "invalid_request_error",
            Some("unsupported_parameter"),
            Some("max_tokens"),
            message,
        ));
    }
    if request["n"].as_u64().is_some_and(|choices| choices != 1) {
        return Err(Failure::request(Some("n"), "The stand-in plays one choice only: leave n out."));
    }
    check_format(&request["response_format"], messages)
}

fn check_format(format: &Value, messages: &[Value]) -> Result<(), Failure> {
    match format["type"].as_str() {
        None if format.is_null() => Ok(()),
        Some("text") => Ok(()),
        Some("json_object") => {
            if messages.iter().any(|message| text_of(message).to_lowercase().contains("json")) {
                return Ok(());
            }
            let message = "'messages' must contain the word 'json' in some form, to use 'response_format' of type \
                           'json_object'.";
            Err(Failure::request(Some("messages"), message))
        }
        Some("json_schema") => check_schema(&format["json_schema"]),
        _ => {
            let message = "Invalid value for 'response_format.type'. Supported values are: 'json_object', \
                           'json_schema', and 'text'.";
            Err(Failure::request(Some("response_format.type"), message))
        }
    }
}

fn check_schema(format: &Value) -> Result<(), Failure> {
    let Some(name) = format["name"].as_str() else {
        let message = "Missing required parameter: 'response_format.json_schema.name'.";
        let param = Some("response_format.json_schema.name");
        return Err(Failure::new(
            400,
            "invalid_request_error",
            Some("missing_required_parameter"),
            param,
            message,
        ));
    };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if name.is_empty() || name.len() > 64 || !name.bytes().all(is_letter) {
        let message = "Invalid 'response_format.json_schema.name': string does not match pattern. Expected a string \
                       that matches the pattern '^[a-zA-Z0-9_-]+$'.";
        return Err(Failure::request(Some("response_format.json_schema.name"), message));
    }
    if format["strict"] == true
        && let Some(why) = strict::refuse(&format["schema"])
    {
        let message = format!("Invalid schema for response_format '{name}': {why}");
        return Err(Failure::request(Some("response_format"), &message));
    }
    Ok(())
}
