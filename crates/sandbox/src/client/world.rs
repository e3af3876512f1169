//! The whole world, kept and put back, and what was covered.

use bytes::Bytes;

use super::{Answer, Client};
use crate::coverage::Coverage;
use crate::server::control::wire::Nothing;

impl Client {
    /// Everything as one JSON document that [`load`](Self::load) takes back.
    pub async fn save(&self) -> Answer<Bytes> {
        self.send("GET", "/api/save", Bytes::new()).await
    }

    /// Puts a saved world into the place of the one that is there.
    pub async fn load(&self, document: Bytes) -> Answer<()> {
        self.read::<Nothing>("POST", "/api/load", document).await.map(drop)
    }

    /// Goes back to the world that the sandbox began with.
    pub async fn reset(&self) -> Answer<()> {
        self.read::<Nothing>("POST", "/api/reset", Bytes::new()).await.map(drop)
    }

    /// What was checked against the schema, and which methods were called how often or never.
    pub async fn coverage(&self) -> Answer<Coverage> {
        self.get("/api/coverage").await
    }

    /// The calls with a number above `after` as text, a line for each, up to `limit`.
    pub async fn journal_text(&self, after: u64, limit: usize) -> Answer<String> {
        let path = format!("/api/journal.txt?after={after}&limit={limit}");
        let bytes = self.send("GET", &path, Bytes::new()).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
