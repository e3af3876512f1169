//! The least HTTP that a bot can do with: POST of JSON on a connection that stays open.

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A connection.
pub struct Connection {
    stream: TcpStream,
    token: String,
    got: Vec<u8>,
    request: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str, token: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the sandbox does not answer")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, token: token.to_owned(), got: Vec::with_capacity(65_536), request: Vec::new() })
    }

    /// Calls a method; the body of the answer, which must be 200.
    pub async fn call(&mut self, method: &str, body: &str) -> anyhow::Result<Vec<u8>> {
        use std::io::Write as _;
        self.request.clear();
        write!(
            self.request,
            "POST /bot{}/{method} HTTP/1.1\r\nhost: sandbox\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        )?;
        self.stream.write_all(&self.request).await?;
        let (head, length) = loop {
            if let Some(end) = self.got.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.got[..end])?;
                if !head.starts_with("HTTP/1.1 200") {
                    bail!("{method} was answered with {head}");
                }
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                break (end + 4, length.context("an answer without a length")?.trim().parse::<usize>()?);
            }
            self.read().await?;
        };
        while self.got.len() < head + length {
            self.read().await?;
        }
        let rest = self.got.split_off(head + length);
        let answer = self.got.split_off(head);
        self.got = rest;
        Ok(answer)
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.got).await? == 0 {
            bail!("the sandbox has closed the connection");
        }
        Ok(())
    }
}
