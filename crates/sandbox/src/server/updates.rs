//! getUpdates.

use std::sync::Arc;

use super::params::Params;
use crate::clock::Clock;
use crate::faults::FaultKind;
use crate::ids::BotId;
use crate::methods::ApiError;
use crate::world::World;
use crate::world::bot::{KEPT, Queued};
use crate::world::state::State;

/// The result's JSON: what is there, or waits for something as long as `timeout` says.
pub(super) async fn get_updates(world: &World, bot: BotId, params: &Params) -> Result<String, ApiError> {
    let limit = usize::try_from(params.int("limit").unwrap_or(100).clamp(1, 100)).unwrap_or(100);
    let timeout = params.int("timeout").unwrap_or(0).clamp(0, 50);
    let (wake, poll, generation) = {
        let mut state = world.lock();
        let now = state.clock.now();
        let account = state.bots.get_mut(&bot).ok_or_else(|| ApiError::new(401, "Unauthorized"))?;
        if !account.admit(now) {
            return Err(ApiError::logged_out());
        }
        if account.webhook.is_some() {
            return Err(ApiError::new(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            ));
        }
        account.set_allowed(params.list("allowed_updates"));
        account.poll += 1;
        let (wake, poll) = (Arc::clone(&account.wake), account.poll);
        if let Some(offset) = params.int("offset") {
            state.confirm(bot, offset);
        }
        // The older of two polls ends.
        wake.notify_waiters();
        (wake, poll, state.generation)
    };
    let deadline = world.clock().now().saturating_add(timeout * 1_000_000);
    // A clock that stands does not keep a client longer than it asked for: its own patience is real.
    let mut over = std::pin::pin!(Clock::sleep_really(timeout * 1_000_000));
    loop {
        let mut woken = std::pin::pin!(wake.notified());
        woken.as_mut().enable();
        {
            let mut state = world.lock();
            if state.generation != generation {
                // Another world was loaded: this poll saw nothing of it.
                return Ok("[]".to_owned());
            }
            let account = state.bots.get_mut(&bot).ok_or_else(|| ApiError::new(401, "Unauthorized"))?;
            if account.poll != poll || account.webhook.is_some() {
                return Err(terminated(account.webhook.is_some()));
            }
            if !account.queue.is_empty() || !account.replays.is_empty() {
                return Ok(state.take(bot, limit));
            }
        }
        if world.clock().now() >= deadline {
            return Ok("[]".to_owned());
        }
        tokio::select! {
            () = woken => {}
            () = world.clock().sleep_until(deadline) => {}
            () = over.as_mut() => return Ok("[]".to_owned()),
        }
    }
}

fn terminated(by_webhook: bool) -> ApiError {
    let by = if by_webhook {
        "setWebhook request"
    } else {
        "other getUpdates request; make sure that only one bot instance is running"
    };
    ApiError::new(409, &format!("Conflict: terminated by {by}"))
}

impl State {
    /// Forgets what comes before `offset`; a negative one keeps so many of the newest.
    fn confirm(&mut self, bot: BotId, offset: i64) {
        let Some(account) = self.bots.get_mut(&bot) else { return };
        let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        let mut confirmed = Vec::new();
        while let Some(first) = account.queue.front() {
            let done = if offset < 0 { account.queue.len() > keep } else { first.id < offset };
            if !done {
                break;
            }
            confirmed.extend(account.queue.pop_front());
        }
        if !confirmed.is_empty() {
            self.participants.stir(Some(bot));
            self.clock.stir();
            account.progress.notify_waiters();
            self.replay_some(bot, confirmed);
        }
    }

    /// Keeps those confirmed updates that a fault delivers once more.
    pub(super) fn replay_some(&mut self, bot: BotId, confirmed: Vec<Queued>) {
        if self.faults.list().is_empty() {
            return;
        }
        let expires = self.clock.now().saturating_add(KEPT);
        for update in confirmed.into_iter().filter(|update| !update.replayed) {
            if self.faults.strike_update(&FaultKind::Duplicate, update.chat, &mut self.rng)
                && let Some(account) = self.bots.get_mut(&bot)
            {
                let fresh =
                    Queued { in_delivery: false, attempts: 0, due: 0, replayed: true, expires, ..update };
                account.replays.push(fresh);
                account.wake.notify_waiters();
                self.updates_expire.get_or_insert(expires);
            }
        }
    }

    fn take(&mut self, bot: BotId, limit: usize) -> String {
        let Some(account) = self.bots.get_mut(&bot) else { return "[]".to_owned() };
        let replays = std::mem::take(&mut account.replays);
        let replayed = !replays.is_empty();
        let room = limit.saturating_sub(replays.len());
        let queued = account.queue.iter().take(room).cloned();
        let mut batch: Vec<Queued> = replays.into_iter().chain(queued).collect();
        if replayed {
            account.progress.notify_waiters();
        }
        if batch.len() > 1
            && !self.faults.list().is_empty()
            && self.faults.strike_update(&FaultKind::Reorder, None, &mut self.rng)
        {
            self.shuffle(&mut batch);
        }
        let mut json =
            Vec::with_capacity(batch.iter().map(|update| update.json.len() + 1).sum::<usize>() + 2);
        json.push(b'[');
        for (index, update) in batch.iter().enumerate() {
            if index > 0 {
                json.push(b',');
            }
            json.extend_from_slice(&update.json);
        }
        json.push(b']');
        // Every update was a String before.
        String::from_utf8(json).unwrap_or_else(|_| "[]".to_owned())
    }

    /// Shuffles across chats; inside a chat the order stays.
    fn shuffle(&mut self, batch: &mut Vec<Queued>) {
        use rand::seq::SliceRandom as _;
        let mut slots: Vec<_> = batch.iter().map(|update| update.chat).collect();
        slots.shuffle(&mut self.rng);
        let mut left: Vec<Option<Queued>> = batch.drain(..).map(Some).collect();
        for slot in slots {
            let next =
                left.iter_mut().find(|update| update.as_ref().is_some_and(|update| update.chat == slot));
            batch.extend(next.and_then(Option::take));
        }
    }
}
