use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::clock::within;

/// The page itself is bounded by two seconds.
const BOUND: Duration = Duration::from_secs(5);
/// No answer of a bot is longer.
const LONGEST: u64 = 1024 * 1024;

/// What the running bot answers to `GET /health` at its HTTP_ADDR: code and JSON. The error says who did not.
pub(super) async fn health(addr: SocketAddr) -> Result<(u16, Value), String> {
    let addr = reachable(addr);
    let answer = match within(BOUND, get(addr)).await {
        Some(Ok(answer)) => answer,
        Some(Err(error)) => return Err(format!("nobody answers at http://{addr}/health: {error}")),
        None => return Err(format!("http://{addr}/health does not answer within {} s", BOUND.as_secs())),
    };
    parse(&answer).ok_or_else(|| format!("what answers at http://{addr}/health is no Frontdesk bot"))
}

/// One request over a connection of its own: a container asks twice a minute, and a whole client would cost
/// more than the question.
async fn get(addr: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(addr).await?;
    // HTTP/1.0: the answer is not cut into chunks, and the connection ends with it.
    stream.write_all(format!("GET /health HTTP/1.0\r\nHost: {addr}\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn parse(answer: &str) -> Option<(u16, Value)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let code = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    let body: Value = serde_json::from_str(body).ok()?;
    body.get("status")?.as_str()?;
    Some((code, body))
}

/// Where an address that stands for all of this machine can be asked.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_health_page_is_taken_for_one() {
        let page = "HTTP/1.0 503 Service Unavailable\r\ncontent-type: x\r\n\r\n{\"status\":\"failing\"}";
        assert_eq!(
            parse(page).map(|(code, page)| (code, page["status"].to_string())),
            Some((503, "\"failing\"".to_owned()))
        );
        assert_eq!(parse("HTTP/1.0 200 OK\r\n\r\n<html>"), None);
        assert_eq!(parse("HTTP/1.0 200 OK\r\n\r\n{\"up\":true}"), None);
    }

    #[test]
    fn an_address_for_all_of_the_machine_is_asked_at_loopback() {
        let asked = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(asked("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(asked("[::]:8080"), "[::1]:8080");
        assert_eq!(asked("192.0.2.7:8080"), "192.0.2.7:8080");
    }
}
