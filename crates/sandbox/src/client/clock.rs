//! The clock, and processes that follow it.

use bytes::Bytes;

use super::{Answer, Client};
use crate::ids::BotId;
use crate::server::control::wire::Nothing;
use crate::server::control::{Advance, Now, Register, Report};
use crate::world::advance::{Advanced, ClockView};
use crate::world::participants::Told;

impl Client {
    /// The clock, what is due next, and who follows it.
    pub async fn clock(&self) -> Answer<ClockView> {
        self.get("/api/clock").await
    }

    /// Moves a clock that stands on, from one due time to the next, until nothing is left to do there; returns the new
    /// time (microseconds).
    pub async fn advance(&self, micros: i64) -> Answer<i64> {
        let advance = Advance { micros, timeout_ms: None };
        let Advanced { now, .. } = self.post("/api/clock/advance", &advance).await?;
        Ok(now)
    }

    /// Lets the clock stand where it is; returns the time.
    pub async fn freeze(&self) -> Answer<i64> {
        let Now { now } = self.read("POST", "/api/clock/freeze", Bytes::new()).await?;
        Ok(now)
    }

    /// Lets the clock run on from where it stands; returns the time.
    pub async fn thaw(&self) -> Answer<i64> {
        let Now { now } = self.read("POST", "/api/clock/thaw", Bytes::new()).await?;
        Ok(now)
    }

    /// Begins to follow the clock under a name, as the process of `bot` if it is one.
    pub async fn register(&self, name: &str, bot: Option<BotId>) -> Answer<Told> {
        self.post("/api/clock/participants", &Register { name: name.to_owned(), bot }).await
    }

    /// Says that a participant has done everything of `turn`, and when it has something to do next (microseconds).
    pub async fn report_idle(&self, id: u64, turn: u64, due: Option<i64>) -> Answer<Told> {
        self.post(&format!("/api/clock/participants/{id}"), &Report { turn: turn.into(), due }).await
    }

    /// Waits until a participant's turn is another than `turn`, at most 20 s.
    pub async fn follow(&self, id: u64, turn: u64) -> Answer<Told> {
        self.get(&format!("/api/clock/participants/{id}?turn={turn}")).await
    }

    /// Ends a participant's following.
    pub async fn leave(&self, id: u64) -> Answer<()> {
        let path = format!("/api/clock/participants/{id}");
        self.read::<Nothing>("DELETE", &path, Bytes::new()).await.map(drop)
    }
}
