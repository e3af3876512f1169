//! Asks a bot whether it is ready: one request, the status line is the answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Whether `GET http://address/health/ready` answers 200 now.
pub fn is_ready(address: &str) -> bool {
    status(address, "/health/ready") == Some(200)
}

/// The HTTP status of `path`; none if nobody answers in time.
pub fn status(address: &str, path: &str) -> Option<u16> {
    let wait = Duration::from_secs(1);
    let address: SocketAddr = address.parse().ok()?;
    let mut stream = TcpStream::connect_timeout(&address, wait).ok()?;
    stream.set_read_timeout(Some(wait)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    // `HTTP/1.1 200` is twelve bytes.
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    std::str::from_utf8(&head).ok()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn answering(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn two_hundred_is_ready_and_unavailable_is_not() {
        assert!(is_ready(&answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")));
        assert!(!is_ready(&answering("HTTP/1.1 503 Service Unavailable\r\n\r\n")));
    }

    #[test]
    fn nobody_there_is_not_ready() {
        let port = crate::postgres::free_port().unwrap();
        assert!(!is_ready(&format!("127.0.0.1:{port}")));
    }
}
