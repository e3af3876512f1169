//! Files that a bot sends by URL. Only this machine is asked: every other host fails as one that cannot be reached.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::Request;
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};
use tokio::net::TcpStream;
use url::{Host, Url};

use super::params::Upload;
use crate::clock::Clock;

/// Parameters and fields of `InputMedia` and `InputSticker` that may hold a URL.
const FIELDS: [&str; 12] = [
    "photo",
    "live_photo",
    "audio",
    "document",
    "video",
    "animation",
    "voice",
    "video_note",
    "sticker",
    "cover",
    "media",
    "thumbnail",
];
/// What Telegram fetches at most, from one server.
const MOST_BYTES: usize = 20 * 1_024 * 1_024;
/// Microseconds of real time.
const PATIENCE: i64 = 10_000_000;

/// The URLs on this machine that the parameters name.
pub(super) fn urls(params: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in params {
        collect(name, value, &mut found);
    }
    found
}

fn collect(name: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text)
            if FIELDS.contains(&name)
                && text.starts_with("http://")
                && Url::parse(text).is_ok_and(|url| is_here(&url)) =>
        {
            found.push(text.clone());
        }
        Value::Array(list) => list.iter().for_each(|item| collect(name, item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| collect(name, value, found)),
        _ => {}
    }
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The file behind a URL; `None` when there is none to be had.
pub(super) async fn fetch(url: &str) -> Option<Upload> {
    let url = Url::parse(url).ok().filter(is_here)?;
    let name = url.path_segments()?.next_back().filter(|name| !name.is_empty()).unwrap_or("file").to_owned();
    // The server's patience is real time, even when the world's clock stands.
    let bytes = tokio::select! {
        bytes = get(&url) => bytes?,
        () = Clock::sleep_really(PATIENCE) => return None,
    };
    Some(Upload { name, bytes, prepared: None })
}

async fn get(url: &Url) -> Option<Bytes> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let connection = tokio::spawn(connection);
    let request = Request::get(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header("host", format!("{host}:{port}"))
        .header("connection", "close")
        .body(Empty::<Bytes>::new())
        .ok()?;
    let response = sender.send_request(request).await.ok()?;
    let is_there = response.status().is_success();
    let body = Limited::new(response.into_body(), MOST_BYTES).collect().await.ok();
    connection.abort();
    body.filter(|_| is_there).map(http_body_util::Collected::to_bytes)
}
