//! The token endpoint: a signed claim for an access token (RFC 7523).

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::{Google, keys};
use crate::clock::Clock;
use crate::server::body;
use crate::world::World;

/// What a client says that it brings.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long a token lives, in seconds. Google says one less.
const LIFE: i64 = 3_600;
/// How far a client's clock may be off, in seconds.
const SKEW: i64 = 300;

/// A token that was granted.
#[derive(Clone, Debug)]
pub(super) struct Granted {
    /// With spaces between.
    pub scope: String,
    /// Seconds since 1970 UTC.
    pub until: i64,
}

impl Granted {
    /// Whether it lets its bearer read or write sheets.
    pub fn allows(&self, writing: bool) -> bool {
        self.scope.split(' ').filter_map(|scope| scope.strip_prefix("https://www.googleapis.com/auth/")).any(
            |scope| {
                matches!(scope, "spreadsheets" | "drive" | "drive.file")
                    || (!writing && matches!(scope, "spreadsheets.readonly" | "drive.readonly"))
            },
        )
    }
}

/// `http://` and the address by which the client reached us.
pub(super) fn base(headers: &HeaderMap) -> String {
    let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    format!("http://{host}")
}

pub(super) async fn service_account(State(google): State<Google>, headers: HeaderMap) -> Json<Value> {
    let base = base(&headers);
    // The first time the key is made, which takes long enough to be in everybody's way.
    let file = tokio::task::spawn_blocking(move || google.account().file(&base)).await;
    Json(file.unwrap_or_default())
}

struct Refusal(&'static str, &'static str);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"error": self.0, "error_description": self.1});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

pub(super) async fn grant(
    State(google): State<Google>,
    State(world): State<World>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = body::read(body, 1).await else {
        return Refusal("invalid_request", "The request body is too large.").into_response();
    };
    let base = base(&head.headers);
    let now = world.clock().seconds();
    let granting = tokio::task::spawn_blocking(move || give(&google, &body, &base, now));
    match granting.await {
        Ok(Ok(token)) => Json(token).into_response(),
        Ok(Err(refusal)) => refusal.into_response(),
        Err(_) => Refusal("invalid_request", "Bad Request").into_response(),
    }
}

fn give(google: &Google, body: &[u8], base: &str, now: i64) -> Result<Value, Refusal> {
    let field = |name: &str| {
        url::form_urlencoded::parse(body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    };
    let grant = field("grant_type").ok_or(Refusal("invalid_request", "Missing parameter: grant_type"))?;
    if grant != GRANT {
        return Err(Refusal(
            "unsupported_grant_type",
            "Invalid grant_type: only a signed claim is taken here",
        ));
    }
    let assertion = field("assertion").ok_or(Refusal("invalid_request", "Missing parameter: assertion"))?;
    let claims = checked(google, &assertion, base, now)?;
    let scope = claims["scope"].as_str().unwrap_or_default().trim().to_owned();
    if scope.is_empty() {
        return Err(Refusal("invalid_scope", "Invalid OAuth scope or ID token audience provided."));
    }
    let mut drive = google.lock();
    let token = format!("sandbox-access-token-{}", drive.number());
    drive.tokens.insert(token.clone(), Granted { scope, until: now.saturating_add(LIFE) });
    Ok(json!({"access_token": token, "expires_in": LIFE - 1, "token_type": "Bearer"}))
}

/// The claims of an assertion that holds.
fn checked(google: &Google, assertion: &str, base: &str, now: i64) -> Result<Value, Refusal> {
    const GRANT_ERROR: &str = "invalid_grant";
    let malformed = || Refusal(GRANT_ERROR, "Invalid JWT: Token must be a JWS with three parts.");
    let (signed, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
    let (header, claims) = signed.split_once('.').ok_or_else(malformed)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).map_err(|_| malformed());
    let parse = |part: &str| serde_json::from_slice::<Value>(&decode(part)?).map_err(|_| malformed());
    let (header, claims) = (parse(header)?, parse(claims)?);
    if header["alg"] != "RS256" {
        return Err(Refusal(GRANT_ERROR, "Invalid JWT: the algorithm is not RS256."));
    }
    if claims["iss"] != keys::EMAIL {
        return Err(Refusal(GRANT_ERROR, "Invalid grant: account not found"));
    }
    if !google.account().key.verifies(signed.as_bytes(), &decode(signature)?) {
        return Err(Refusal(GRANT_ERROR, "Invalid JWT Signature."));
    }
    // Some clients always name Google's own endpoint, wherever they send it.
    let own = format!("{base}/google/token");
    if ![own.as_str(), "https://oauth2.googleapis.com/token"]
        .iter()
        .any(|endpoint| claims["aud"] == *endpoint)
    {
        return Err(Refusal(GRANT_ERROR, "Invalid JWT: Failed audience check."));
    }
    let (issued, expires) =
        (claims["iat"].as_i64().unwrap_or_default(), claims["exp"].as_i64().unwrap_or_default());
    let fits = |now: i64| {
        expires > now.saturating_sub(SKEW)
            && issued < now.saturating_add(SKEW)
            && expires.saturating_sub(issued) <= LIFE
            && expires > issued
    };
    // A client library follows no test clock: its own time is as good as the world's.
    if !fits(now) && !fits(Clock::real().seconds()) {
        let message = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check \
                       your iat and exp values in the JWT claim.";
        return Err(Refusal(GRANT_ERROR, message));
    }
    Ok(claims)
}
