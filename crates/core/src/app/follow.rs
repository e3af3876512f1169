//! Following the test clock of a sandbox: `TEST_CLOCK_URL`.
//!
//! The sandbox's README describes the protocol. This process says that it is idle when no sleeper's time has come and
//! the bot has nothing in hand; the sandbox takes that back as soon as it gives the bot an update or an answer.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Shared;
use crate::clock::{Clock, Hand, Timestamp, real_pause};

/// What is more than the sandbox ever holds a request.
const PATIENCE: Duration = Duration::from_secs(90);
/// After a failure: a sandbox that is gone stays so, mostly.
const PAUSE: Duration = Duration::from_millis(500);

/// What the sandbox says.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Told {
    id: u64,
    now: Timestamp,
    turn: u64,
    stands: bool,
}

/// This process at the sandbox's clock.
pub(crate) struct Follower {
    http: reqwest::Client,
    url: String,
    whoami: Value,
    told: Told,
    hand: Hand,
}

impl Follower {
    /// Begins to follow the clock of the sandbox at `url` as the process of a bot. The clock stands from then on
    /// until [`run`](Self::run) moves it.
    pub async fn begin(url: &str, name: &str, bot: i64) -> anyhow::Result<(Clock, Self)> {
        // The first to come installs it; that another part of the process was quicker is no error.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
        let http = http.map_err(|error| anyhow::anyhow!("the HTTP client cannot start: {error}"))?;
        let url = format!("{}/api/clock/participants", url.trim_end_matches('/'));
        let whoami = json!({"name": name, "bot": bot});
        let told = ask(http.post(&url).body(whoami.to_string())).await;
        let told = told.with_context(|| format!("the test clock at {url} does not take this bot"))?;
        let (clock, hand) = Clock::followed(told.now);
        Ok((clock, Self { http, url, whoami, told, hand }))
    }

    /// Moves the clock with the sandbox's, and says when everything that was due is done. It ends never.
    pub async fn run(&mut self, shared: Arc<Shared>) -> Infallible {
        let mut is_lost = false;
        loop {
            self.hand.set(self.told.now, self.told.stands);
            match self.turn(&shared).await {
                Ok(told) => {
                    is_lost = false;
                    self.told = told;
                }
                Err(error) => {
                    if !is_lost {
                        tracing::warn!(
                            "the test clock was lost; it is looked for: {}",
                            crate::logs::describe(&error)
                        );
                    }
                    is_lost = true;
                    real_pause(PAUSE).await;
                    if let Ok(told) = ask(self.http.post(&self.url).body(self.whoami.to_string())).await {
                        self.told = told;
                    }
                }
            }
        }
    }

    /// Nobody waits for this process any more.
    pub async fn leave(&self) {
        // Whoever advances hears of it from the connection that ends, if not from this.
        drop(self.http.delete(format!("{}/{}", self.url, self.told.id)).send().await);
    }

    /// One turn: tells the sandbox when this process is idle, and returns when the next turn begins.
    async fn turn(&self, shared: &Shared) -> anyhow::Result<Told> {
        let here = format!("{}/{}", self.url, self.told.id);
        let mut next = std::pin::pin!(ask(self.http.get(format!("{here}?turn={}", self.told.turn))));
        tokio::select! {
            told = &mut next => return told,
            () = self.idle(shared) => {}
        }
        let due = self.hand.next_due();
        let report = json!({"turn": self.told.turn, "due": due});
        ask(self.http.post(&here).body(report.to_string())).await?;
        next.await
    }

    /// Returns once no sleeper's time has come and the bot has nothing in hand.
    async fn idle(&self, shared: &Shared) {
        let (mut turns, mut woken) = (shared.idle.subscribe(), self.hand.woken());
        loop {
            turns.mark_unchanged();
            woken.mark_unchanged();
            if self.is_idle(shared) {
                // A task that has just woken may not have said yet what it takes in hand.
                for _ in 0..16 {
                    tokio::task::yield_now().await;
                }
                if self.is_idle(shared) {
                    return;
                }
            }
            // Both senders outlive this.
            tokio::select! {
                changed = turns.changed() => drop(changed),
                changed = woken.changed() => drop(changed),
            }
        }
    }

    fn is_idle(&self, shared: &Shared) -> bool {
        self.hand.next_due().is_none_or(|at| at > shared.clock.now()) && shared.is_idle()
    }
}

async fn ask(request: reqwest::RequestBuilder) -> anyhow::Result<Told> {
    let answer = request.header("content-type", "application/json").send().await;
    let answer = answer.map_err(reqwest::Error::without_url)?;
    let status = answer.status();
    let body = answer.bytes().await.map_err(reqwest::Error::without_url)?;
    if status.is_success() {
        return serde_json::from_slice(&body).context("the test clock answered something else");
    }
    let said: Value = serde_json::from_slice(&body).unwrap_or_default();
    anyhow::bail!("it said: {}", said["error"].as_str().unwrap_or(status.as_str()))
}
