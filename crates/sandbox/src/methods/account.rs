//! The bot's own account: its Stars and gifts, logging out.

use serde_json::json;

use super::{ApiError, Done, Outcome, Request};

pub(super) fn call(request: &mut Request<'_>, method: &str) -> Option<Outcome> {
    Some(match method {
        "logOut" => Ok(request.log_out()),
        "close" => request.close(),
        // Payments are not played here: nobody has ever paid a Star or bought a gift.
        "getMyStarBalance" => Ok(Done::from(json!({"amount": 0}).to_string())),
        "getStarTransactions" => request.star_transactions(),
        "getUserGifts" => request.user_gifts(),
        "getChatGifts" => request.chat().map(|_| no_gifts()),
        "getAvailableGifts" => Ok(Done::from(json!({"gifts": []}).to_string())),
        _ => return None,
    })
}

fn no_gifts() -> Done {
    Done::from(json!({"total_count": 0, "gifts": []}).to_string())
}

/// How long a bot that logged out stays so, and how soon after a launch it may not be closed (microseconds).
const PAUSE: i64 = 600_000_000;

impl Request<'_> {
    fn log_out(&mut self) -> Done {
        let now = self.state.clock.now();
        if let Some(account) = self.state.bots.get_mut(&self.bot) {
            account.logged_out_until = now.saturating_add(PAUSE);
            account.webhook = None;
            account.webhook_epoch += 1;
            account.queue.clear();
            account.replays.clear();
            account.wake.notify_waiters();
            account.progress.notify_waiters();
        }
        self.state.show_bot(self.bot);
        Done::yes()
    }

    /// A bot that was launched long after the server must have run for 10 minutes.
    fn close(&mut self) -> Outcome {
        let (now, began) = (self.state.clock.now(), self.state.began_at);
        let Some(account) = self.state.bots.get_mut(&self.bot) else { return Ok(Done::yes()) };
        let launched = account.launched_at.unwrap_or(now);
        let left = PAUSE.saturating_sub(now.saturating_sub(launched));
        if left > 0 && launched > began.saturating_add(PAUSE) {
            return Err(ApiError::too_many((left / 1_000_000).max(1)));
        }
        account.launched_at = None;
        Ok(Done::yes())
    }

    fn star_transactions(&self) -> Outcome {
        let offset = self.params.int("offset").unwrap_or(0);
        let limit = self.params.int("limit").unwrap_or(100);
        if offset < 0 {
            return Err(ApiError::bad("offset must be non-negative"));
        }
        if limit < 0 {
            return Err(ApiError::bad("limit must be non-negative"));
        }
        Ok(Done::from(json!({"transactions": []}).to_string()))
    }

    fn user_gifts(&self) -> Outcome {
        self.user().map(|_| no_gifts())
    }
}
