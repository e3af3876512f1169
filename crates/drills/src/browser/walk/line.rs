//! The line between browser and sandbox, which can be cut.

use std::cell::RefCell;
use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Passes on every connection to the sandbox, until it is cut.
#[derive(Debug)]
pub struct Line {
    /// Where the browser finds the page.
    pub url: String,
    here: SocketAddr,
    target: String,
    carrier: RefCell<JoinHandle<()>>,
}

impl Line {
    /// A line to the sandbox at `url`.
    pub async fn open(url: &str) -> Result<Self> {
        let target = url.strip_prefix("http://").context("the page's address is no http://")?;
        let target = target.trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let here = listener.local_addr()?;
        let carrier = RefCell::new(tokio::spawn(carry(listener, target.clone())));
        Ok(Self { url: format!("http://{here}"), here, target, carrier })
    }

    /// Ends every connection; a new one is refused.
    pub async fn cut(&self) {
        let carrier = self.carrier.replace(tokio::spawn(async {}));
        carrier.abort();
        // Only when the task has ended are its connections closed.
        let _ = carrier.await;
    }

    /// It carries again, at the same address.
    pub async fn mend(&self) -> Result<()> {
        let listener = TcpListener::bind(self.here).await.context("the line's port was taken")?;
        self.carrier.replace(tokio::spawn(carry(listener, self.target.clone())));
        Ok(())
    }
}

async fn carry(listener: TcpListener, target: String) {
    let mut connections = JoinSet::new();
    while let Ok((mut browser, _)) = listener.accept().await {
        let target = target.clone();
        connections.spawn(async move {
            if let Ok(mut sandbox) = TcpStream::connect(target).await {
                // A connection that breaks is what a cut line is for.
                let _ = tokio::io::copy_bidirectional(&mut browser, &mut sandbox).await;
            }
        });
    }
}
