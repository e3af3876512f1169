//! Parameters of a call, in all four forms.

use std::collections::HashMap;

use bytes::Bytes;
use hyper::Request;
use serde_json::{Map, Value};

mod json;
mod parts;

use super::body;
use crate::methods::ApiError;
use crate::world::media::Prepared;

/// Uploads are at most 50 MB at Telegram; the rest is room for the other parts.
const MOST_MIB: usize = 51;
/// All that is no file has so many bytes at most.
const MOST_BYTES: usize = 1 << 20;

/// A file in a multipart form. Its MIME type follows from its name, as at Telegram, whatever the part says.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub name: String,
    pub bytes: Bytes,
    /// What was worked out before the world was locked.
    pub prepared: Option<Prepared>,
}

/// A call's parameters.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub map: Map<String, Value>,
    pub files: HashMap<String, Upload>,
}

/// Parameters that come as JSON in a form.
const JSON_FIELDS: [&str; 33] = [
    "entities",
    "caption_entities",
    "quote_entities",
    "question_entities",
    "explanation_entities",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "media",
    "allowed_updates",
    "commands",
    "scope",
    "menu_button",
    "options",
    "message_ids",
    "reaction",
    "permissions",
    "rights",
    "correct_option_ids",
    "suggested_post_parameters",
    "mask_position",
    "stickers",
    "sticker_set",
    "results",
    "button",
    "checklist",
    "country_codes",
    "description_entities",
    "explanation_media",
    "result",
    "rich_message",
    "ephemeral_message_parameters",
    "text_entities",
];

fn too_large() -> ApiError {
    ApiError::new(413, "Request Entity Too Large")
}

impl Params {
    /// Reads query and body.
    pub async fn read<B>(request: Request<B>) -> Result<Self, ApiError>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError> + Send,
    {
        let mut params = Self::default();
        let query = request.uri().query().unwrap_or_default();
        let taken = query.len();
        params.form(query.as_bytes());
        let kind = request.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let (head, body) = request.into_parts();
        let body = body::read(body, MOST_MIB).await.map_err(|_| too_large())?;
        let lowercase = kind.to_ascii_lowercase();
        if body.is_empty() {
            return Ok(params);
        }
        if lowercase.contains("multipart/form-data") {
            parts::read(&mut params, &kind, taken, Request::from_parts(head, body.into())).await?;
            return Ok(params);
        }
        let is_form = lowercase.contains("application/x-www-form-urlencoded");
        if (is_form || lowercase.contains("application/json"))
            && taken.saturating_add(body.len()) > MOST_BYTES
        {
            return Err(ApiError::new(413, "Request Entity Too Large: too many parameters"));
        }
        if is_form {
            params.form(&body);
        } else if lowercase.contains("application/json") {
            params.json_fields(json::fields(&body));
        }
        // A body of another type is no parameters.
        Ok(params)
    }

    /// The parameters in a JSON object. A text may itself be JSON, as in a form.
    pub fn of_json(fields: Map<String, Value>) -> Self {
        let mut params = Self::default();
        params.json_fields(fields);
        params
    }

    fn json_fields(&mut self, fields: Map<String, Value>) {
        for (name, value) in fields {
            match value {
                Value::String(text) => self.field(name, text),
                value => drop(self.map.insert(name, value)),
            }
        }
    }

    fn form(&mut self, encoded: &[u8]) {
        for (name, value) in url::form_urlencoded::parse(encoded) {
            self.field(name.into_owned(), value.into_owned());
        }
    }

    fn field(&mut self, name: String, value: String) {
        let parsed =
            if JSON_FIELDS.contains(&name.as_str()) { serde_json::from_str(&value).ok() } else { None };
        self.map.insert(name, parsed.unwrap_or(Value::String(value)));
    }

    /// Does for the uploads what takes long, while the world is not locked.
    pub async fn prepare(&mut self, method: &str) {
        let as_photo = match method {
            "sendDocument" => false,
            "sendPhoto" | "sendLivePhoto" | "sendMediaGroup" | "sendPaidMedia" | "editMessageMedia" => true,
            _ if method.contains("Sticker") || method.starts_with("send") => {
                return self.fetch().await;
            }
            _ => return,
        };
        self.fetch().await;
        for upload in self.files.values_mut() {
            let bytes = upload.bytes.clone();
            // A task that panicked on some picture leaves the work to be done, and to fail, under the lock.
            let prepared = tokio::task::spawn_blocking(move || Prepared::of(&bytes, as_photo)).await;
            upload.prepared = prepared.ok().flatten();
        }
    }

    /// Gets the files that are named by a URL of this machine; they stand among the uploads under that URL.
    async fn fetch(&mut self) {
        for url in super::fetch::urls(&self.map) {
            if let Some(upload) = super::fetch::fetch(&url).await {
                self.files.insert(url, upload);
            }
        }
    }

    /// A parameter as text; numbers count as text. Empty counts as absent.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.map.get(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(on) => Some(on.to_string()),
            _ => None,
        }
    }

    /// A whole number, also one in a string.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.map.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A number, also one in a string.
    pub fn float(&self, name: &str) -> Option<f64> {
        match self.map.get(name)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether a switch is on.
    pub fn flag(&self, name: &str) -> bool {
        match self.map.get(name) {
            Some(Value::Bool(on)) => *on,
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            Some(Value::String(text)) => matches!(text.to_lowercase().as_str(), "true" | "yes" | "1"),
            _ => false,
        }
    }

    /// An object or array. `null` counts as absent.
    pub fn json(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// A list of texts or numbers, as texts.
    pub fn list(&self, name: &str) -> Option<Vec<String>> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.map.get(name)?.as_array().map(|list| list.iter().map(text).collect())
    }
}
