//! Jobs: their names, policies and errors.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::store::jobs::Row;

/// The name of a job, known before it is stored: `seq × 4096 + n` for the n-th job of the update at `seq`.
/// So an update that runs again after an unclear commit makes no second one. Bots keep it in their tables
/// as the name of the message that the job becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct JobId(pub i64);

/// So many jobs one update may ask for; the last few numbers are core's own.
pub const MOST_PER_UPDATE: i64 = 4000;
pub(crate) const NUMBERS_PER_UPDATE: i64 = 4096;
/// The number of the empty answer to a callback query that nobody answered in time.
pub(crate) const FALLBACK_ANSWER: i64 = 4095;
/// The number of the message that says that something went wrong.
pub(crate) const APOLOGY: i64 = 4094;

pub(crate) const CALL: &str = "call";
pub(crate) const REMINDER: &str = "reminder";

/// Which results of a job come back as an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tell {
    /// None.
    #[default]
    Nothing,
    /// Only that it was not done.
    Failures,
    /// However it ended.
    Everything,
}

/// What is to be done where doing it again, or not at all, would both be wrong for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Which results come back.
    pub tell: Tell,
    /// After a lost answer a person decides (what costs money); else it is done again.
    pub ask_when_unclear: bool,
    /// While the chat is parked the job waits; else it ends.
    pub wait_while_parked: bool,
}

impl Policy {
    const ASK: i64 = 1;
    const WAIT: i64 = 2;
    const FAILURES: i64 = 4;
    const EVERYTHING: i64 = 8;

    /// As the row holds it.
    pub fn to_bits(self) -> i64 {
        let tell = match self.tell {
            Tell::Nothing => 0,
            Tell::Failures => Self::FAILURES,
            Tell::Everything => Self::EVERYTHING,
        };
        tell | if self.ask_when_unclear { Self::ASK } else { 0 }
            | if self.wait_while_parked { Self::WAIT } else { 0 }
    }

    /// From a row.
    pub fn from_bits(bits: i64) -> Self {
        let tell = if bits & Self::EVERYTHING != 0 {
            Tell::Everything
        } else if bits & Self::FAILURES != 0 {
            Tell::Failures
        } else {
            Tell::Nothing
        };
        Self { tell, ask_when_unclear: bits & Self::ASK != 0, wait_while_parked: bits & Self::WAIT != 0 }
    }
}

/// Work of a kind of the bot's own, done by [`Bot::run_job`](crate::Bot::run_job) outside of any transaction.
#[derive(Clone, Debug)]
pub struct Job {
    /// The kind, such as `sheet-row`.
    pub kind: &'static str,
    /// What it needs to know: JSON.
    pub payload: Value,
    /// Its line of work; jobs of one lane run one after the other.
    pub lane: String,
    /// When.
    pub due: Option<Timestamp>,
    /// Not after this time.
    pub expires_at: Option<Timestamp>,
    /// Lower is more urgent; 0 is usual.
    pub priority: i16,
    /// What becomes of it when it fails.
    pub policy: Policy,
    /// Found again in the event with its result.
    pub tag: String,
}

impl Job {
    /// A job of `kind` in `lane`, due now, whose result nobody asked for.
    pub fn new(kind: &'static str, lane: impl Into<String>, payload: Value) -> Self {
        Self {
            kind,
            payload,
            lane: lane.into(),
            due: None,
            expires_at: None,
            priority: 0,
            policy: Policy::default(),
            tag: String::new(),
        }
    }

    pub(crate) fn row(self, id: JobId, reply_lane: &str, now: Timestamp) -> Row {
        let due = self.due.unwrap_or(now);
        Row {
            id: id.0,
            lane: self.lane,
            chat_id: None,
            kind: self.kind.to_owned(),
            payload: self.payload.to_string(),
            priority: self.priority.into(),
            due,
            delayed: i64::from(due > now),
            expires_at: self.expires_at,
            retry_at: Timestamp(0),
            attempts: 0,
            state: 0,
            policy: self.policy.to_bits(),
            reply_lane: Some(reply_lane.to_owned()),
            tag: Some(self.tag),
            created_at: now,
        }
    }
}

/// Why a job of the bot's own kind did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It will not get better by trying again.
    #[error("{0}")]
    Permanent(String),
    /// It may: tried again with backoff, and counted.
    #[error("{0}")]
    Temporary(String),
    /// The service is out of reach: tried again, not counted.
    #[error("{0}")]
    Outage(String),
    /// It may have been done or not.
    #[error("{0}")]
    Unclear(String),
}

/// Attempts until an update or job becomes a dead letter.
pub const MOST_ATTEMPTS: i64 = 5;

/// How long after the n-th failed attempt the next may come: 1, 2, 4 … seconds, a minute at most.
pub fn backoff(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
    Duration::from_secs(1 << doublings).min(Duration::from_mins(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_reads_back_as_it_was_stored() {
        for tell in [Tell::Nothing, Tell::Failures, Tell::Everything] {
            for (ask_when_unclear, wait_while_parked) in [(false, false), (true, false), (true, true)] {
                let policy = Policy { tell, ask_when_unclear, wait_while_parked };
                assert_eq!(Policy::from_bits(policy.to_bits()), policy);
            }
        }
    }

    #[test]
    fn backoff_doubles_up_to_a_minute() {
        let seconds: Vec<u64> = (1..9).map(|attempt| backoff(attempt).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
    }
}
