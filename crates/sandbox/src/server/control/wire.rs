//! How requests come in and errors go out, the same on every path.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{IntoResponses, ToSchema};

use crate::server::body::NoBody;
use crate::world::Refused;

/// What a refusal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refusal {
    /// A sentence for a person.
    pub error: String,
}

/// What a path that only reads may refuse.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it only describes")]
pub(crate) enum ReadErrors {
    /// A part of the address is not what this path takes.
    #[response(status = 400)]
    Malformed(Refusal),
    /// Another site's page asks for it, or it is asked for by a name that is not this machine's.
    #[response(status = 403)]
    Foreign(Refusal),
    /// What the address names is not there.
    #[response(status = 404)]
    Missing(Refusal),
    /// It cannot be read as it is asked for.
    #[response(status = 409)]
    Refused(Refusal),
}

/// What a path that takes a body may refuse.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it only describes")]
pub(crate) enum WriteErrors {
    /// The body is malformed.
    #[response(status = 400)]
    Malformed(Refusal),
    /// It is well written, but Telegram or the world as it is now does not let it be done.
    #[response(status = 409)]
    Refused(Refusal),
    /// Another site's page asks for it, or it is asked for by a name that is not this machine's.
    #[response(status = 403)]
    Foreign(Refusal),
    /// What the body names is not there.
    #[response(status = 404)]
    Missing(Refusal),
    /// The body is over 96 MiB, or what the path says.
    #[response(status = 413)]
    TooLarge(Refusal),
    /// The body says that it is something else than JSON. None, `application/x-www-form-urlencoded` and `text/plain`
    /// count as JSON, so that a plain `curl -d` works.
    #[response(status = 415)]
    NotJson(Refusal),
}

/// An error of the control API: `{"error":"…"}`.
#[derive(Debug)]
pub(crate) struct Failure(StatusCode, String);

impl Failure {
    pub fn bad(sentence: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, sentence.into())
    }

    pub fn refused(sentence: impl Into<String>) -> Self {
        Self(StatusCode::CONFLICT, sentence.into())
    }

    pub fn missing(sentence: impl Into<String>) -> Self {
        Self(StatusCode::NOT_FOUND, sentence.into())
    }

    pub fn foreign(sentence: impl Into<String>) -> Self {
        Self(StatusCode::FORBIDDEN, sentence.into())
    }

    pub fn method_not_allowed() -> Self {
        let sentence = "this path does not take that method; /api/docs lists what it takes";
        Self(StatusCode::METHOD_NOT_ALLOWED, sentence.to_owned())
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::refused(refused.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, axum::Json(Refusal { error: self.1 })).into_response()
    }
}

pub(crate) type Answer<T> = Result<axum::Json<T>, Failure>;

/// Nothing more to say: `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Nothing {}

/// A part of the address; what cannot be read is told as every error here is.
pub(crate) struct Asked<T>(pub T);

impl<S: Send + Sync, T: FromRequestParts<S>> FromRequestParts<S> for Asked<T>
where
    T::Rejection: std::fmt::Display,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        T::from_request_parts(parts, state)
            .await
            .map(Self)
            .map_err(|rejection| Failure::bad(rejection.to_string()))
    }
}

/// A body that claims to be JSON, of at most `MIB` binary megabytes.
pub(crate) struct Raw<const MIB: usize>(pub Bytes);

impl<S: Send + Sync, const MIB: usize> FromRequest<S> for Raw<MIB> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let kind = request.headers().get("content-type").map(|kind| kind.to_str().unwrap_or("?").to_owned());
        let bytes =
            crate::server::body::read(request.into_body(), MIB).await.map_err(|error| match error {
                NoBody::TooLarge(_) => Failure(StatusCode::PAYLOAD_TOO_LARGE, error.to_string()),
                NoBody::BrokeOff(_) => Failure::bad(error.to_string()),
            })?;
        if let Some(kind) = kind.filter(|kind| !counts_as_json(kind)) {
            let sentence = format!("the body is to be application/json, and is {kind}");
            return Err(Failure(StatusCode::UNSUPPORTED_MEDIA_TYPE, sentence));
        }
        Ok(Self(bytes))
    }
}

/// A body of JSON, up to 96 MiB: a file of 50 MB in base64, and room around it.
pub(crate) struct Body<T> {
    pub value: T,
    /// What it was read from.
    pub json: Value,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let Raw(bytes) = Raw::<96>::from_request(request, state).await?;
        let not_taken =
            |error: serde_json::Error| Failure::bad(format!("the body is not what this path takes: {error}"));
        let mut json: Value = serde_json::from_slice(&bytes).map_err(not_taken)?;
        // serde would read a struct from a list of its fields' values too.
        if !json.is_object() {
            return Err(Failure::bad("the body is to be a JSON object"));
        }
        whole(&mut json);
        let value = T::deserialize(&json).map_err(not_taken)?;
        Ok(Self { value, json })
    }
}

impl<T> Body<T> {
    /// Refuses a number in the place of the name of what is asked for: serde would take it as a variant's index.
    pub fn names(&self, tag: &str) -> Result<(), Failure> {
        if self.json[tag].is_string() { Ok(()) } else { Err(Failure::bad(format!("{tag} is to be a text"))) }
    }
}

/// Writes `5.0` as `5`: to JSON Schema and to JavaScript they are the same number.
fn whole(json: &mut Value) {
    match json {
        Value::Number(number) => {
            // Up to there a float holds every whole number.
            let is_whole = |float: &f64| float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
            if let Some(float) = number.as_f64().filter(|float| number.is_f64() && is_whole(float)) {
                #[expect(clippy::cast_possible_truncation, reason = "it was just seen to fit")]
                let integer = float as i64;
                *number = integer.into();
            }
        }
        Value::Array(list) => list.iter_mut().for_each(whole),
        Value::Object(map) => map.values_mut().for_each(whole),
        _ => {}
    }
}

/// A number that counts something: 0 to 2⁶³ − 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Natural(i64);

impl Natural {
    /// As an index or a size.
    pub fn size(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    pub(crate) fn number(self) -> u64 {
        self.0.unsigned_abs()
    }
}

impl TryFrom<i64> for Natural {
    type Error = &'static str;

    fn try_from(number: i64) -> Result<Self, &'static str> {
        if number < 0 { Err("the number is not to be negative") } else { Ok(Self(number)) }
    }
}

impl From<Natural> for i64 {
    fn from(natural: Natural) -> Self {
        natural.0
    }
}

impl From<u64> for Natural {
    /// What is over its range counts as the greatest.
    fn from(number: u64) -> Self {
        Self(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Natural {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

impl utoipa::PartialSchema for Natural {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0))
            .into()
    }
}

impl ToSchema for Natural {}

fn counts_as_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "application/json" | "application/x-www-form-urlencoded" | "text/plain")
        || (kind.starts_with("application/") && kind.ends_with("+json"))
}
