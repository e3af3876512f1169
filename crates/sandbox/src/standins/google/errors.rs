//! Errors in Google's form and words.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error of the Sheets API.
#[derive(Debug)]
pub(super) struct Failure {
    pub status: u16,
    word: &'static str,
    message: String,
    details: Option<Value>,
}

impl Failure {
    fn new(status: u16, word: &'static str, message: impl Into<String>) -> Self {
        Self { status, word, message: message.into(), details: None }
    }

    pub fn argument(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", message)
    }

    pub fn unauthenticated() -> Self {
        let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or \
                       other valid authentication credential. See \
                       https://developers.google.com/identity/sign-in/web/devconsole-project.";
        Self::new(401, "UNAUTHENTICATED", message)
    }

    pub fn no_permission() -> Self {
        Self::new(403, "PERMISSION_DENIED", "The caller does not have permission")
    }

    pub fn scope() -> Self {
        let mut failure =
            Self::new(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.");
        failure.details = Some(info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"));
        failure
    }

    pub fn not_found() -> Self {
        Self::new(404, "NOT_FOUND", "Requested entity was not found.")
    }

    pub fn quota(what: &str) -> Self {
        let message = format!(
            "Quota exceeded for quota metric '{what} requests' and limit '{what} requests per minute per user' of \
             service 'sheets.googleapis.com' for consumer 'project_number:100000000000'."
        );
        let mut failure = Self::new(429, "RESOURCE_EXHAUSTED", message);
        failure.details = Some(info("RATE_LIMIT_EXCEEDED"));
        failure
    }

    pub fn server(status: u16) -> Self {
        match status {
            503 => Self::new(503, "UNAVAILABLE", "The service is currently unavailable."),
            _ => Self::new(status, "INTERNAL", "Internal error encountered."),
        }
    }
}

fn info(reason: &str) -> Value {
    json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com",
        "metadata": {"service": "sheets.googleapis.com"}}])
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut error = json!({"code": self.status, "message": self.message, "status": self.word});
        if let Some(details) = self.details {
            error["details"] = details;
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({"error": error}))).into_response()
    }
}
