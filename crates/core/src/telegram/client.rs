use std::sync::Arc;
use std::time::Duration;

use mask::SecretString;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::error::{Answer, CallError, Refusal, classify, from_reqwest};
use super::files::{FilePart, form};

/// What a [`Client`] needs to know.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The Bot API server, without a slash at the end: `https://api.telegram.org`.
    pub api_url: String,
    /// How long a call may take, its answer included. Uploads get more with their size.
    pub timeout: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { api_url: "https://api.telegram.org".to_owned(), timeout: Duration::from_secs(30) }
    }
}

/// The Bot API client. Cheap to clone; its Debug shows no token.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base: SecretString,
    options: ClientOptions,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("api_url", &self.0.options.api_url).finish_non_exhaustive()
    }
}

impl Client {
    /// A client for one bot. Fails only when the TLS library cannot start.
    pub fn new(token: &SecretString, options: ClientOptions) -> anyhow::Result<Self> {
        // The first to come installs it; that another part of the process was quicker is no error.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .pool_max_idle_per_host(128)
            .pool_idle_timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| anyhow::anyhow!("the HTTPS client cannot start: {}", error.without_url()))?;
        let base =
            SecretString::from(format!("{}/bot{}/", options.api_url.trim_end_matches('/'), token.expose()));
        Ok(Self(Arc::new(Inner { http, base, options })))
    }

    /// Calls `method` with a JSON body and returns the `result` of the answer.
    pub async fn call(&self, method: &str, body: &Value) -> Result<Box<RawValue>, CallError> {
        self.call_within(method, body, self.0.options.timeout).await
    }

    /// Like [`Client::call`], with another bound: a long poll takes longer than a send.
    pub async fn call_within(
        &self,
        method: &str,
        body: &Value,
        timeout: Duration,
    ) -> Result<Box<RawValue>, CallError> {
        let text = self.raw_call(method, body, timeout).await?;
        result_of(text.0, &text.1)
    }

    /// Calls `method` and reads its result into `T`.
    pub async fn call_as<T: DeserializeOwned>(&self, method: &str, body: &Value) -> Result<T, CallError> {
        let result = self.call(method, body).await?;
        serde_json::from_str(result.get()).map_err(|error| {
            let what =
                format!("the result of {method} has another form than expected ({:?})", error.classify());
            CallError::Refused(Refusal { code: 200, description: what })
        })
    }

    /// Status and body as they came, for the poller, which reads the updates where they lie.
    pub(crate) async fn raw_call(
        &self,
        method: &str,
        body: &Value,
        timeout: Duration,
    ) -> Result<(u16, bytes::Bytes), CallError> {
        let url = format!("{}{method}", self.0.base.expose());
        let body = serde_json::to_vec(body).map_err(|_| {
            CallError::Refused(Refusal { code: 400, description: "the body is no JSON".to_owned() })
        })?;
        let request =
            self.0.http.post(url).timeout(timeout).header("content-type", "application/json").body(body);
        let response = request.send().await.map_err(from_reqwest)?;
        let status = response.status().as_u16();
        Ok((status, response.bytes().await.map_err(from_reqwest)?))
    }

    /// The server's clock, from the head of an answer to a request without a token; exact to a second.
    pub(crate) async fn server_date(&self) -> Option<std::time::SystemTime> {
        let request = self.0.http.get(&self.0.options.api_url).timeout(Duration::from_secs(10));
        let response = request.send().await.ok()?;
        httpdate::parse_http_date(response.headers().get("date")?.to_str().ok()?).ok()
    }

    /// Calls `method` with files, which are streamed from disk.
    pub async fn upload(
        &self,
        method: &str,
        body: &Value,
        files: &[FilePart],
    ) -> Result<Box<RawValue>, CallError> {
        let (form, size) = form(body, files)
            .await
            .map_err(|description| CallError::Refused(Refusal { code: 400, description }))?;
        let url = format!("{}{method}", self.0.base.expose());
        // A slow line still carries 50 kB/s.
        let timeout = self.0.options.timeout + Duration::from_secs(size / 50_000);
        let request = self.0.http.post(url).timeout(timeout).multipart(form);
        let response = request.send().await.map_err(from_reqwest)?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.map_err(from_reqwest)?;
        result_of(status, &bytes)
    }

    /// Streams a file that getFile named (`file_path`) into `into`. Returns its size in bytes.
    pub async fn download(
        &self,
        file_path: &str,
        into: &mut (impl tokio::io::AsyncWrite + Unpin),
    ) -> Result<u64, CallError> {
        use tokio::io::AsyncWriteExt;
        let api = self.0.options.api_url.trim_end_matches('/');
        let bot = self.0.base.expose().strip_prefix(api).unwrap_or_default();
        let mut response =
            self.0.http.get(format!("{api}/file{bot}{file_path}")).send().await.map_err(from_reqwest)?;
        if !response.status().is_success() {
            return Err(classify(response.status().as_u16(), None));
        }
        let mut size = 0;
        while let Some(chunk) = response.chunk().await.map_err(from_reqwest)? {
            size += chunk.len() as u64;
            let written = into.write_all(&chunk).await;
            written
                .map_err(|error| CallError::Outage(format!("the file cannot be written here: {error}")))?;
        }
        Ok(size)
    }
}

/// The `result` of an answer, or why there is none.
pub(crate) fn result_of(status: u16, body: &[u8]) -> Result<Box<RawValue>, CallError> {
    let answer: Option<Answer<'_>> = serde_json::from_slice(body).ok();
    match answer {
        Some(Answer { ok: true, result: Some(result), .. }) => Ok(result.to_owned()),
        // Cut off on its way, or in a form of tomorrow: the call was done.
        Some(Answer { ok: true, .. }) => Err(CallError::Unclear("the answer has no result".to_owned())),
        None if status == 200 && body.trim_ascii_start().starts_with(br#"{"ok":true"#) => {
            Err(CallError::Unclear("the answer cannot be read to its end".to_owned()))
        }
        answer => Err(classify(status, answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_instead_of_an_answer_is_an_outage_and_half_an_answer_is_unclear() {
        let page = result_of(200, b"<html>Welcome to the guest network</html>");
        assert!(matches!(page, Err(CallError::Outage(_))), "{page:?}");
        let other = result_of(200, br#"{"status":"fine"}"#);
        assert!(matches!(other, Err(CallError::Outage(_))), "{other:?}");
        for half in [br#"{"ok":true,"result":{"message_id":5"#.as_slice(), br#"{"ok":true}"#] {
            let half = result_of(200, half);
            assert!(matches!(half, Err(CallError::Unclear(_))), "{half:?}");
        }
        assert_eq!(result_of(200, br#"{"ok":true,"result":7}"#).unwrap().get(), "7");
    }
}
