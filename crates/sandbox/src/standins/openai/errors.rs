//! Errors in OpenAI's form and words.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::KEY;

/// An error.
#[derive(Debug)]
pub(super) struct Failure {
    pub status: u16,
    pub body: Value,
    pub retry_after: Option<u32>,
}

impl Failure {
    pub fn new(status: u16, kind: &str, code: Option<&str>, param: Option<&str>, message: &str) -> Self {
        let body = json!({"error": {"message": message, "type": kind, "param": param, "code": code}});
        Self { status, body, retry_after: None }
    }

    /// The request makes no sense.
    pub fn request(param: Option<&str>, message: &str) -> Self {
        Self::new(400, "invalid_request_error", None, param, message)
    }

    pub fn no_model(model: &str) -> Self {
        let message = format!("The model `{model}` does not exist or you do not have access to it.");
        Self::new(404, "invalid_request_error", Some("model_not_found"), None, &message)
    }

    pub fn rate_limit(retry_after: u32, model: &str) -> Self {
        let message = format!(
            "Rate limit reached for {model} in organization org-sandbox on requests per min (RPM): Limit 500, Used \
             500, Requested 1. Please try again in {retry_after}s."
        );
        let failure = Self::new(429, "requests", Some("rate_limit_exceeded"), None, &message);
        Self { retry_after: Some(retry_after), ..failure }
    }

    pub fn quota() -> Self {
        let message = "You exceeded your current quota, please check your plan and billing details.";
        Self::new(429, "insufficient_quota", Some("insufficient_quota"), None, message)
    }

    pub fn server(status: u16) -> Self {
        let message = match status {
            503 => "The engine is currently overloaded, please try again later.",
            _ => "The server had an error while processing your request. Sorry about that!",
        };
        Self::new(status, "server_error", None, None, message)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert("retry-after", seconds.into());
            headers.insert("x-ratelimit-limit-requests", HeaderValue::from_static("500"));
            headers.insert("x-ratelimit-remaining-requests", HeaderValue::from_static("0"));
            let reset = HeaderValue::from_str(&format!("{seconds}s"));
            headers.extend(
                reset
                    .ok()
                    .map(|reset| (axum::http::HeaderName::from_static("x-ratelimit-reset-requests"), reset)),
            );
        }
        response
    }
}

/// Refuses a request without the right key.
pub(super) fn check_key(headers: &HeaderMap) -> Result<(), Failure> {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let key = header.strip_prefix("Bearer ").unwrap_or_default().trim();
    if key == KEY {
        return Ok(());
    }
    if key.is_empty() {
        let message = "You didn't provide an API key. You need to provide your API key in an Authorization header \
                       using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).";
        return Err(Failure::new(401, "invalid_request_error", None, None, message));
    }
    // Enough to recognize it by, as OpenAI shows it.
    let letters: Vec<char> = key.chars().collect();
    let shown: String = if letters.len() > 12 {
        letters[..8].iter().chain(&['*'; 8]).chain(&letters[letters.len() - 4..]).collect()
    } else {
        "*".repeat(letters.len())
    };
    let message = format!(
        "Incorrect API key provided: {shown}. You can find your API key at https://platform.openai.com/account/api-keys."
    );
    Err(Failure::new(401, "invalid_request_error", Some("invalid_api_key"), None, &message))
}

/// A path of OpenAI's that the stand-in does not play.
pub(super) async fn no_path(uri: Uri) -> Failure {
    let message = format!("Invalid URL ({})", uri.path().trim_start_matches("/openai"));
    Failure::new(404, "invalid_request_error", None, None, &message)
}
