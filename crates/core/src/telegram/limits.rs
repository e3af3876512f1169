//! Telegram's sending limits, kept before Telegram has to remind us: about 30 calls a second for a bot,
//! one a second for a person's chat, 20 a minute for a group
//! (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).
//!
//! A [`Gate`] is one such limit with the lanes that wait at it. Chats have a gate each, the bot has one:
//! a chat's 429 holds that chat alone.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::clock::Timestamp;

/// How fast a gate lets lanes through.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// One passage is earned in this time.
    pub every: Duration,
    /// So many may be saved up.
    pub burst: u32,
}

/// Whether Telegram's limits are kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// As Telegram has them.
    Telegram,
    /// None: only for another Bot API server, such as the sandbox under load.
    Off,
}

impl Limits {
    /// The limit of the whole bot.
    pub fn bot(self) -> Option<Rate> {
        (self == Self::Telegram).then_some(Rate { every: Duration::from_millis(34), burst: 20 })
    }

    /// The limit of one chat. Groups have negative ids.
    pub fn chat(self, chat_id: i64) -> Option<Rate> {
        let person = Rate { every: Duration::from_secs(1), burst: 3 };
        let group = Rate { every: Duration::from_secs(3), burst: 20 };
        (self == Self::Telegram).then_some(if chat_id < 0 { group } else { person })
    }
}

/// One limit, and who waits at it: the most urgent first, then who came first.
#[derive(Debug)]
pub struct Gate<L> {
    rate: Option<Rate>,
    /// When the saved-up passages would all be earned: the arrival time of the generic cell rate
    /// algorithm (ITU-T I.371).
    full_at: Timestamp,
    paused_until: Timestamp,
    waiting: BTreeSet<(i16, u64, L)>,
    arrivals: u64,
}

impl<L: Ord + Clone> Gate<L> {
    /// A gate with all its passages saved up; `None` lets everyone through until it is paused.
    pub fn new(rate: Option<Rate>) -> Self {
        Self {
            rate,
            full_at: Timestamp(i64::MIN),
            paused_until: Timestamp(i64::MIN),
            waiting: BTreeSet::new(),
            arrivals: 0,
        }
    }

    /// Lets `lane` through, or puts it in the queue. A lower `priority` value is more urgent.
    pub fn enter(&mut self, lane: L, priority: i16, now: Timestamp) -> bool {
        if self.waiting.is_empty() && self.opens_at() <= now {
            self.take(now);
            return true;
        }
        self.arrivals += 1;
        self.waiting.insert((priority, self.arrivals, lane));
        false
    }

    /// Lets through whoever may go by now.
    pub fn release(&mut self, now: Timestamp) -> Vec<L> {
        let mut free = Vec::new();
        while !self.waiting.is_empty() && self.opens_at() <= now {
            if let Some((_, _, lane)) = self.waiting.pop_first() {
                self.take(now);
                free.push(lane);
            }
        }
        free
    }

    /// When somebody who waits can go, if anybody waits.
    pub fn next_release(&self) -> Option<Timestamp> {
        (!self.waiting.is_empty()).then(|| self.opens_at())
    }

    /// Closes the gate until `until`: a 429, or an outage.
    pub fn pause(&mut self, until: Timestamp) {
        self.paused_until = self.paused_until.max(until);
    }

    /// Whether it holds no state worth keeping: nobody waits and all passages are saved up again.
    pub fn is_idle(&self, now: Timestamp) -> bool {
        self.waiting.is_empty() && self.paused_until <= now && self.full_at <= now
    }

    fn opens_at(&self) -> Timestamp {
        let earned = self
            .rate
            .map_or(Timestamp(i64::MIN), |rate| self.full_at - rate.every * rate.burst.saturating_sub(1));
        earned.max(self.paused_until)
    }

    fn take(&mut self, now: Timestamp) {
        if let Some(rate) = self.rate {
            self.full_at = self.full_at.max(now) + rate.every;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const START: Timestamp = Timestamp(1_000_000_000);

    #[test]
    fn a_burst_goes_at_once_and_the_rest_one_at_a_time() {
        let mut gate = Gate::new(Some(Rate { every: SECOND, burst: 3 }));
        let gone: Vec<bool> = (0..5).map(|lane| gate.enter(lane, 0, START)).collect();
        assert_eq!(gone, [true, true, true, false, false]);
        assert_eq!(gate.next_release(), Some(START + SECOND));
        assert_eq!(gate.release(START + SECOND), [3]);
        assert_eq!(gate.release(START + SECOND * 2), [4]);
        assert!(gate.is_idle(START + SECOND * 5));
    }

    #[test]
    fn a_pause_holds_everyone_and_the_urgent_go_first_after_it() {
        let mut gate = Gate::new(None);
        gate.pause(START + SECOND);
        assert!(!gate.enter("broadcast", 10, START));
        assert!(!gate.enter("answer", 0, START));
        assert_eq!(gate.release(START), Vec::<&str>::new());
        assert_eq!(gate.release(START + SECOND), ["answer", "broadcast"]);
    }
}
