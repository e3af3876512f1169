//! HTTP to processes on this machine: one request a connection, JSON in and out.
//!
//! An answer ends with its connection. It follows no redirect and knows no TLS.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// How long an answer may take; what waits on purpose waits less.
const PATIENCE: Duration = Duration::from_mins(1);

/// The status of an answer and its body.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What came after the headers.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, if the status is one of success.
    pub fn json(&self) -> Result<Value> {
        let text = String::from_utf8_lossy(&self.body);
        ensure!((200..300).contains(&self.status), "status {}: {}", self.status, text.trim());
        serde_json::from_str(&text).with_context(|| format!("answered no JSON: {}", text.trim()))
    }
}

/// Sends one request to `address` (`host:port`) and reads the whole answer. A `body` goes out as JSON.
pub fn ask(address: &str, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
    exchange(address, method, path, body).with_context(|| format!("{method} http://{address}{path} failed"))
}

/// The HTTP status of `path`; none if nobody answers in time.
pub fn status(address: &str, path: &str) -> Option<u16> {
    let mut stream = send(address, "GET", path, None, Duration::from_secs(1)).ok()?;
    // `HTTP/1.1 200` is twelve bytes. Not every server closes the connection soon.
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    status_of(std::str::from_utf8(&head).ok()?)
}

/// Whether `GET http://address/health/ready` answers 200 now.
pub fn is_ready(address: &str) -> bool {
    status(address, "/health/ready") == Some(200)
}

fn exchange(address: &str, method: &str, path: &str, body: Option<&Value>) -> Result<Answer> {
    let mut bytes = Vec::new();
    send(address, method, path, body, PATIENCE)?.read_to_end(&mut bytes)?;
    parse(&bytes)
}

fn send(address: &str, method: &str, path: &str, body: Option<&Value>, wait: Duration) -> Result<TcpStream> {
    let socket: SocketAddr = address.parse().context("the address is no number and port")?;
    let mut stream = TcpStream::connect_timeout(&socket, wait)?;
    stream.set_read_timeout(Some(wait))?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if let Some(body) = body {
        let body = body.to_string();
        write!(request, "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
    } else {
        request.push_str("\r\n");
    }
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

fn parse(bytes: &[u8]) -> Result<Answer> {
    let end =
        bytes.windows(4).position(|four| four == b"\r\n\r\n").context("the answer's headers do not end")?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let status = status_of(&head.to_ascii_uppercase()).context("the answer has no status")?;
    let body = &bytes[end + 4..];
    let in_chunks =
        head.lines().any(|line| line.starts_with("transfer-encoding:") && line.contains("chunked"));
    Ok(Answer { status, body: if in_chunks { joined(body)? } else { body.to_vec() } })
}

fn status_of(head: &str) -> Option<u16> {
    head.strip_prefix("HTTP/1.")?.split([' ', '\r']).nth(1)?.parse().ok()
}

/// The body of an answer that was sent in chunks, each after its length in hexadecimal digits.
fn joined(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").context("a chunk has no length")?;
        let digits = std::str::from_utf8(&rest[..end])?;
        let length = usize::from_str_radix(digits.split(';').next().unwrap_or_default().trim(), 16)?;
        if length == 0 {
            return Ok(body);
        }
        let chunk = rest.get(end + 2..end + 2 + length).context("a chunk was cut off")?;
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + length..).context("a chunk was cut off")?;
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use serde_json::json;

    use super::*;

    /// Answers one request, and hands over what was asked.
    fn answering(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        (address, asked)
    }

    #[test]
    fn two_hundred_is_ready_and_unavailable_is_not() {
        assert!(is_ready(&answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").0));
        assert!(!is_ready(&answering("HTTP/1.1 503 Service Unavailable\r\n\r\n").0));
    }

    #[test]
    fn nobody_there_is_not_ready() {
        let port = crate::postgres::free_port().unwrap();
        assert!(!is_ready(&format!("127.0.0.1:{port}")));
    }

    #[test]
    fn json_goes_out_with_its_length_and_comes_back() {
        let (address, asked) = answering("HTTP/1.1 200 OK\r\n\r\n{\"message\":12}");
        let answer = ask(&address, "POST", "/api/act", Some(&json!({ "a": 1 }))).unwrap();
        assert_eq!(answer.json().unwrap(), json!({ "message": 12 }));
        let asked = asked.join().unwrap();
        assert!(asked.starts_with("POST /api/act HTTP/1.1\r\n"), "{asked}");
        assert!(asked.ends_with("Content-Length: 7\r\n\r\n{\"a\":1}"), "{asked}");
    }

    #[test]
    fn a_refusal_is_an_error_with_its_words() {
        let (address, _asked) = answering("HTTP/1.1 400 Bad Request\r\n\r\n{\"error\":\"no such chat\"}");
        let error = ask(&address, "GET", "/", None).unwrap().json().unwrap_err().to_string();
        assert!(error.contains("400") && error.contains("no such chat"), "{error}");
    }

    #[test]
    fn chunks_are_joined() {
        let (address, _asked) = answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n",
        );
        assert_eq!(ask(&address, "GET", "/", None).unwrap().json().unwrap(), json!([1, 2]));
    }
}
