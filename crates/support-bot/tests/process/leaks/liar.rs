//! A Bot API server that quotes what it is told in every error: the worst that Telegram's error texts can be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A running one; it ends with the runtime.
pub struct Liar {
    pub url: String,
    calls: Arc<AtomicUsize>,
}

impl Liar {
    /// Says once what getUpdates has, and then nothing.
    pub async fn start(token: String, updates: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let (counted, polls) = (Arc::clone(&calls), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (token, updates) = (token.clone(), updates.clone());
                tokio::spawn(serve(stream, token, updates, Arc::clone(&counted), Arc::clone(&polls)));
            }
        });
        Self { url, calls }
    }

    /// How many calls it refused.
    pub fn refused(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut stream: TcpStream,
    token: String,
    updates: Value,
    calls: Arc<AtomicUsize>,
    polls: Arc<AtomicUsize>,
) -> Option<()> {
    let mut read = Vec::new();
    loop {
        let head = loop {
            if let Some(at) = read.windows(4).position(|end| end == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut read).await.ok()? == 0 {
                return None;
            }
        };
        let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
        let length = text
            .split_once("content-length: ")
            .and_then(|(_, rest)| rest.lines().next()?.trim().parse().ok());
        let length: usize = length.unwrap_or(0);
        while read.len() < head + length {
            if stream.read_buf(&mut read).await.ok()? == 0 {
                return None;
            }
        }
        let body = String::from_utf8_lossy(&read[head..head + length]).into_owned();
        read.drain(..head + length);
        let path = text.split(' ').nth(1)?.to_owned();
        let (code, answer) = match path.rsplit('/').next()? {
            "getme" => (200, json!({"ok": true, "result": {"id": 7_100_200_300_i64, "is_bot": true, "first_name": "Lotus",
                "username": "lotus_support_bot", "can_join_groups": true, "can_read_all_group_messages": false,
                "supports_inline_queries": false}}).to_string()),
            "getupdates" if polls.fetch_add(1, Ordering::SeqCst) == 0 => {
                (200, json!({"ok": true, "result": updates}).to_string())
            }
            // Nothing more comes.
            "getupdates" => std::future::pending().await,
            _ => refusal(calls.fetch_add(1, Ordering::SeqCst), &path, &token, &body),
        };
        let length = answer.len();
        let head = format!(
            "HTTP/1.1 {code} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(format!("{head}{answer}").as_bytes()).await.ok()?;
    }
}

/// Every form of refusal in turn; each tells token, address and the whole call.
fn refusal(turn: usize, path: &str, token: &str, body: &str) -> (u16, String) {
    let quoted = format!("can't parse \"{body}\" of {token} at {path}");
    let told = |code: u16, description: String| {
        (code, json!({"ok": false, "error_code": code, "description": description}).to_string())
    };
    match turn % 5 {
        0 => told(400, format!("Bad Request: {quoted}")),
        1 => told(500, format!("Internal Server Error: {quoted}")),
        2 => (502, format!("<html>Bad Gateway: {quoted}</html>")),
        3 => told(403, format!("Forbidden: bot was blocked by the user 2000001, '{body}'")),
        _ => (200, format!("{{\"ok\":true,\"result\":{{\"echo\":{quoted:?}, broken}}")),
    }
}
