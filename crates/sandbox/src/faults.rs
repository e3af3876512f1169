//! Faults: what a test lets go wrong.

use rand::RngExt as _;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::ids::ChatId;
use crate::world::generator::Generator;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Refused with 429; nothing is done.
    #[serde(rename = "429")]
    TooManyRequests {
        /// Seconds.
        #[serde(default = "one")]
        #[schema(minimum = 0)]
        retry_after: i64,
    },
    /// Refused with a 5xx; nothing is done.
    #[serde(rename = "5xx")]
    ServerError {
        /// The status, 502 by default.
        #[serde(default = "bad_gateway")]
        #[schema(minimum = 500, maximum = 599)]
        code: u16,
    },
    /// Done at once, answered later.
    Slow {
        /// Milliseconds of the clock.
        #[schema(minimum = 0)]
        ms: i64,
    },
    /// Done, never answered: held until the client goes.
    Timeout,
    /// The connection is closed before the call is accepted; nothing is done.
    Cut,
    /// Done, then the connection is closed without an answer.
    LostReply,
    /// Done; the answer waits for [`World::release`](crate::World::release).
    Withhold,
    /// A confirmed update is delivered once more, with the same `update_id`.
    Duplicate,
    /// The updates of one answer come shuffled across chats.
    Reorder,
}

fn one() -> i64 {
    1
}

fn bad_gateway() -> u16 {
    502
}

impl FaultKind {
    /// The name that the control API uses.
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooManyRequests { .. } => "429",
            Self::ServerError { .. } => "5xx",
            Self::Slow { .. } => "slow",
            Self::Timeout => "timeout",
            Self::Cut => "cut",
            Self::LostReply => "lost_reply",
            Self::Withhold => "withhold",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
        }
    }

    fn is_of_updates(&self) -> bool {
        matches!(self, Self::Duplicate | Self::Reorder)
    }
}

/// A fault, and whom it strikes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// The method (any case); `None`: all but getUpdates. No meaning for `duplicate` and `reorder`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only calls for this chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatId>,
    /// How many times; `None`: until it is taken away.
    #[serde(default, alias = "left", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub count: Option<u64>,
    /// How likely it strikes a call that fits, 0 to 1, by the world's seeded generator.
    #[serde(default = "always")]
    #[schema(minimum = 0.0, maximum = 1.0)]
    pub chance: f64,
}

fn always() -> f64 {
    1.0
}

impl Fault {
    /// Says what makes no sense in it.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match self.kind {
            FaultKind::ServerError { code } if !(500..=599).contains(&code) => {
                Err("code is to be 500 to 599")
            }
            FaultKind::TooManyRequests { retry_after } if retry_after < 0 => {
                Err("retry_after is not to be negative")
            }
            FaultKind::Slow { ms } if ms < 0 => Err("ms is not to be negative"),
            _ if self.count.is_some_and(|count| count == 0 || i64::try_from(count).is_err()) => {
                Err("count is to be 1 to 2⁶³ − 1")
            }
            _ if !(0.0..=1.0).contains(&self.chance) => Err("chance is to be 0 to 1"),
            _ => Ok(()),
        }
    }

    /// A fault that strikes every call of every method but getUpdates.
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, method: None, chat: None, count: None, chance: 1.0 }
    }

    /// Only this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Only this chat.
    #[must_use]
    pub fn chat(mut self, chat: ChatId) -> Self {
        self.chat = Some(chat);
        self
    }

    /// Only so many times.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Only with this chance, 0 to 1.
    #[must_use]
    pub fn chance(mut self, chance: f64) -> Self {
        self.chance = chance;
        self
    }
}

/// The faults that are set.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Faults {
    set: Vec<(u64, Fault)>,
    next: u64,
    /// Counts releases: a withheld answer waits for the next.
    #[serde(skip, default = "unreleased")]
    pub released: watch::Sender<u64>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { set: Vec::new(), next: 1, released: unreleased() }
    }
}

fn unreleased() -> watch::Sender<u64> {
    watch::channel(0).0
}

impl Faults {
    pub fn add(&mut self, fault: Fault) -> u64 {
        let id = self.next;
        self.next += 1;
        self.set.push((id, fault));
        id
    }

    pub fn remove(&mut self, id: Option<u64>) {
        self.set.retain(|(have, _)| id.is_some_and(|id| id != *have));
        self.release();
    }

    pub fn release(&self) {
        self.released.send_modify(|count| *count += 1);
    }

    pub fn list(&self) -> &[(u64, Fault)] {
        &self.set
    }

    /// The fault that strikes this call, if any; it is used up by that.
    pub fn strike_call(
        &mut self,
        method: &str,
        chat: Option<ChatId>,
        rng: &mut Generator,
    ) -> Option<FaultKind> {
        self.strike(rng, |fault| {
            let fits = match &fault.method {
                Some(wanted) => wanted.eq_ignore_ascii_case(method),
                None => method != "getUpdates",
            };
            fits && !fault.kind.is_of_updates() && fault.chat.is_none_or(|wanted| chat == Some(wanted))
        })
    }

    /// Whether a fault of updates strikes.
    pub fn strike_update(&mut self, kind: &FaultKind, chat: Option<ChatId>, rng: &mut Generator) -> bool {
        self.strike(rng, |fault| {
            fault.kind == *kind && (fault.chat.is_none() || chat.is_none() || fault.chat == chat)
        })
        .is_some()
    }

    fn strike(&mut self, rng: &mut Generator, fits: impl Fn(&Fault) -> bool) -> Option<FaultKind> {
        let position = self.set.iter().position(|(_, fault)| {
            fits(fault) && (fault.chance >= 1.0 || rng.random::<f64>() < fault.chance)
        })?;
        let fault = &mut self.set[position].1;
        let kind = fault.kind.clone();
        if let Some(count) = &mut fault.count {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.set.remove(position);
            }
        }
        Some(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_strikes_as_often_as_its_count_says() {
        let (mut faults, mut rng) = (Faults::default(), Generator::new(1));
        faults.add(Fault::new(FaultKind::Cut).method("sendMessage").count(2));
        assert_eq!(faults.strike_call("getMe", None, &mut rng), None);
        assert_eq!(faults.strike_call("sendMessage", None, &mut rng), Some(FaultKind::Cut));
        assert_eq!(faults.strike_call("sendMessage", None, &mut rng), Some(FaultKind::Cut));
        assert_eq!(faults.strike_call("sendMessage", None, &mut rng), None);
    }

    #[test]
    fn a_fault_without_method_spares_get_updates() {
        let (mut faults, mut rng) = (Faults::default(), Generator::new(1));
        faults.add(Fault::new(FaultKind::ServerError { code: 502 }));
        assert_eq!(faults.strike_call("getUpdates", None, &mut rng), None);
        assert!(faults.strike_call("getMe", None, &mut rng).is_some());
    }
}
