//! Quotas, and what a test lets go wrong.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::errors::Failure;

/// How many requests a minute of the clock has; without end where `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quota {
    /// Requests that only read.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 4_294_967_295_u32)]
    pub reads_per_minute: Option<u32>,
    /// Requests that write; a batch counts as one.
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 4_294_967_295_u32)]
    pub writes_per_minute: Option<u32>,
}

impl Default for Quota {
    /// As Google gives it to one user.
    fn default() -> Self {
        Self { reads_per_minute: Some(60), writes_per_minute: Some(60) }
    }
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GoogleFaultKind {
    /// 429 as when the quota is used up; nothing is done.
    RateLimit,
    /// 5xx; nothing is done.
    ServerError {
        /// 500 to 599; 503 when left out.
        #[serde(default = "unavailable")]
        #[schema(minimum = 500, maximum = 599)]
        status: u16,
    },
    /// The connection is closed; nothing is done.
    Cut,
    /// It is done, and the connection is closed without an answer.
    LostReply,
    /// It is done, and never answered: held until the client goes.
    Timeout,
}

fn unavailable() -> u16 {
    503
}

/// A fault, and which requests it strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"kind": "lost_reply", "times": 1, "path": ":append"}))]
pub struct GoogleFault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: GoogleFaultKind,
    /// How many times; until all are taken away when left out.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 4_294_967_295_u32)]
    pub times: Option<u32>,
    /// Only requests whose path holds this text.
    #[serde(default)]
    pub path: Option<String>,
}

/// What stands in the way of requests.
#[derive(Default)]
pub(super) struct Trouble {
    pub quota: Quota,
    pub faults: Vec<GoogleFault>,
    minute: i64,
    reads: u32,
    writes: u32,
}

impl Trouble {
    /// The fault that strikes this request; it is used up by that.
    pub fn strike(&mut self, path: &str) -> Option<GoogleFaultKind> {
        let fits = |fault: &GoogleFault| fault.path.as_deref().is_none_or(|part| path.contains(part));
        let at = self.faults.iter().position(fits)?;
        let kind = self.faults[at].kind;
        if let Some(times) = &mut self.faults[at].times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.faults.remove(at);
            }
        }
        Some(kind)
    }

    /// Counts a request at `now` (seconds since 1970 UTC) and refuses what is too much.
    pub fn count(&mut self, now: i64, writes: bool) -> Result<(), Failure> {
        if self.minute != now.div_euclid(60) {
            self.minute = now.div_euclid(60);
            (self.reads, self.writes) = (0, 0);
        }
        let (used, most, what) = if writes {
            (&mut self.writes, self.quota.writes_per_minute, "Write")
        } else {
            (&mut self.reads, self.quota.reads_per_minute, "Read")
        };
        if most.is_some_and(|most| *used >= most) {
            return Err(Failure::quota(what));
        }
        *used += 1;
        Ok(())
    }

    /// Begins the minute anew.
    pub fn set_quota(&mut self, quota: Quota) {
        self.quota = quota;
        (self.reads, self.writes) = (0, 0);
    }
}
