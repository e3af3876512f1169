//! The test clock: it goes from one due time to the next, and on only when everything has happened.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::World;
use super::participants::ParticipantView;
use super::state::State;
use crate::clock::Clock;

/// Why an advance did not come to its end. The clock stands where it had come to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stuck {
    /// It goes by itself.
    #[error(
        "the clock runs; freeze it first (POST /api/clock/freeze), or start the sandbox with --clock manual"
    )]
    Runs,
    /// A participant's process has ended, or has lost its connection.
    #[error("the participant {0:?} is gone: its connection broke before it said that it is idle")]
    Gone(String),
    /// Something does not come to an end.
    #[error("it did not come to rest: {0}")]
    Busy(String),
}

/// How an advance went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Advanced {
    /// Microseconds since 1970 UTC.
    pub now: i64,
    /// How many due times it stopped at.
    pub steps: u64,
}

/// The clock and who follows it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ClockView {
    /// Microseconds since 1970 UTC.
    pub now: i64,
    /// `manual` while it stands, `real` while it runs.
    pub clock: String,
    /// When something is due next, here or at a participant (microseconds since 1970 UTC).
    pub due: Option<i64>,
    /// The processes that follow it.
    pub participants: Vec<ParticipantView>,
}

impl World {
    /// Moves a clock that stands on by `micros`: to the earliest due time, where everything that is due happens
    /// (closings of polls, retries of webhooks, ends of waits, and whatever participants have to do then), on when all
    /// of it is done, and so forth to the end. `patience` is how long all of it may take (microseconds of real time).
    /// One advance at a time; a second waits, which its patience counts.
    pub async fn advance(&self, micros: i64, patience: i64) -> Result<Advanced, Stuck> {
        let until = self.clock().real_now().saturating_add(patience.max(0));
        let _turn = tokio::select! {
            biased;
            turn = self.advancing.lock() => turn,
            () = Clock::sleep_really(patience) => {
                return Err(Stuck::Busy("another advance is under way".to_owned()));
            }
        };
        if !self.clock().is_manual() {
            return Err(Stuck::Runs);
        }
        let target = self.clock().now().saturating_add(micros.max(0));
        let mut steps = 0;
        loop {
            self.settle(until).await?;
            let next = self.lock().next_due().filter(|due| *due <= target);
            let Some(due) = next else { break };
            if steps > 0 && self.clock().real_now() >= until {
                return Err(self.endless(due, steps));
            }
            self.move_to(due);
            steps += 1;
        }
        if self.clock().now() < target {
            self.move_to(target);
            self.settle(until).await?;
        }
        Ok(Advanced { now: self.clock().now(), steps })
    }

    /// Lets a clock that runs stand where it is; returns the time.
    pub fn freeze(&self) -> i64 {
        self.change_clock(Clock::freeze)
    }

    /// Lets a clock that stands run on from where it is; returns the time.
    pub fn thaw(&self) -> i64 {
        self.change_clock(Clock::thaw)
    }

    /// The clock and who follows it.
    pub fn clock_view(&self) -> ClockView {
        let state = self.lock();
        let clock = if state.clock.is_manual() { "manual" } else { "real" };
        ClockView {
            now: state.clock.now(),
            clock: clock.to_owned(),
            due: state.next_due(),
            participants: state.participants.views(),
        }
    }

    fn move_to(&self, micros: i64) {
        self.change_clock(|clock| clock.set(micros));
    }

    fn change_clock(&self, change: impl FnOnce(&Clock)) -> i64 {
        let mut state = self.lock();
        change(&state.clock);
        state.participants.stir(None);
        let now = state.clock.now();
        let clock = if state.clock.is_manual() { "manual" } else { "real" };
        state.event(|| json!({"event": "clock", "now": now, "clock": clock}));
        now
    }

    /// Time is up, and something is due at `due`.
    fn endless(&self, due: i64, steps: u64) -> Stuck {
        let state = self.lock();
        let who = match state.participants.due_at(due) {
            Some(name) => format!("the participant {name:?}"),
            None => "the sandbox".to_owned(),
        };
        Stuck::Busy(format!("after {steps} due times {who} has the next thing to do, at {due}"))
    }

    /// Waits until everything that is due has happened, up to `until` (microseconds of the process's clock).
    async fn settle(&self, until: i64) -> Result<(), Stuck> {
        let mut pulse = self.clock().pulse();
        loop {
            pulse.mark_unchanged();
            let real_now = self.clock().real_now();
            let busy = {
                let mut state = self.lock();
                if let Some(name) = state.participants.take_gone(real_now) {
                    return Err(Stuck::Gone(name));
                }
                state.busy()
            };
            let Some(busy) = busy else { return Ok(()) };
            if real_now >= until {
                return Err(Stuck::Busy(busy));
            }
            tokio::select! {
                // The clock keeps the sender, so this cannot fail.
                changed = pulse.changed() => drop(changed),
                // A participant that has gone silent is noticed by looking again.
                () = Clock::sleep_really((until - real_now).min(250_000)) => {}
            }
        }
    }
}

impl State {
    /// What is due now and has not happened, in words.
    fn busy(&mut self) -> Option<String> {
        self.fire_due();
        let now = self.clock.now();
        if self.clock.earliest().is_some_and(|due| due <= now) {
            return Some("a timer of the sandbox is at work".to_owned());
        }
        for bot in self.bots.values() {
            let (due, is_posting) = bot.webhook_due();
            if is_posting || due.is_some_and(|due| due <= now) {
                return Some(format!("the webhook of bot {} has not answered a delivery", bot.id));
            }
        }
        for (name, bot) in self.participants.bots() {
            let Some(account) = self.bots.get(&bot) else { continue };
            if account.in_flight > account.held {
                return Some(format!("a call of {name:?} is under way"));
            }
            let waits = !account.queue.is_empty() || !account.replays.is_empty();
            // After a failed poll it may wait for a time of the clock: nobody is to wait for it then.
            if waits && account.webhook.is_none() && !account.poll_failed {
                return Some(format!("{name:?} has not taken and confirmed its updates"));
            }
        }
        let name = self.participants.busy().next()?;
        Some(format!("the participant {name:?} has not said that it is idle"))
    }

    /// When something is due next.
    fn next_due(&self) -> Option<i64> {
        let now = self.clock.now();
        let webhooks = self.bots.values().filter_map(|bot| bot.webhook_due().0).min();
        let expiry = self.expiries.first().map(|(until, ..)| until.saturating_mul(1_000_000));
        let timer = self.timers.next();
        let due = [self.clock.earliest(), timer, webhooks, expiry, self.participants.earliest()];
        due.into_iter().flatten().filter(|due| *due > now).min()
    }
}
