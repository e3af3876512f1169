//! Flood control: Telegram's limits on what a bot sends
//! (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::state::State;
use crate::ids::{BotId, ChatId};

/// A limit: one call is earned in `every` microseconds, and so many may be saved up.
#[derive(Clone, Copy)]
struct Rate {
    every: i64,
    burst: i64,
}

/// About 30 a second for a bot.
const BOT: Rate = Rate { every: 33_333, burst: 30 };
/// One a second for a person's chat; short bursts are let through.
const PERSON: Rate = Rate { every: 1_000_000, burst: 5 };
/// 20 a minute for a group or a channel.
const GROUP: Rate = Rate { every: 3_000_000, burst: 20 };
/// Chats that are remembered before those are forgotten that could send again long ago.
const REMEMBERED: usize = 10_000;

/// What a bot has used up: the times (microseconds) at which everything is earned back.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Flood {
    bot: i64,
    chats: BTreeMap<ChatId, i64>,
}

impl Flood {
    /// Takes one call to a chat; how long it has to wait (microseconds) when it is refused, and counts for nothing.
    fn take(&mut self, chat: ChatId, cost: i64, now: i64) -> Result<(), i64> {
        let rate = if chat.is_private() { PERSON } else { GROUP };
        let full = self.chats.get(&chat).copied().unwrap_or(0);
        let wait = rate.wait(full, now).max(BOT.wait(self.bot, now));
        if wait > 0 {
            return Err(wait);
        }
        if self.chats.len() >= REMEMBERED {
            self.chats.retain(|_, full| *full > now);
        }
        self.chats.insert(chat, rate.after(full, cost, now));
        self.bot = BOT.after(self.bot, cost, now);
        Ok(())
    }
}

impl Rate {
    fn wait(self, full: i64, now: i64) -> i64 {
        full.max(now).saturating_sub(now).saturating_add(self.every - self.every * self.burst)
    }

    fn after(self, full: i64, cost: i64, now: i64) -> i64 {
        full.max(now).saturating_add(self.every.saturating_mul(cost))
    }
}

impl State {
    /// Whether flood control lets a call through; otherwise the seconds to wait.
    pub fn flood(&mut self, bot: BotId, method: &str, chat: Option<ChatId>, cost: i64) -> Result<(), i64> {
        if !self.settings.flood_control || !is_limited(method) {
            return Ok(());
        }
        let now = self.clock.now();
        let (Some(chat), Some(account)) = (chat, self.bots.get_mut(&bot)) else { return Ok(()) };
        account.flood.take(chat, cost.max(1), now).map_err(|wait| wait.saturating_add(999_999) / 1_000_000)
    }
}

/// Whether the method writes into a chat.
fn is_limited(method: &str) -> bool {
    let sends = ["send", "forward", "copy", "editMessage"].iter().any(|start| method.starts_with(start));
    sends && !matches!(method, "sendChatAction" | "sendMessageDraft" | "sendRichMessageDraft")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;

    #[test]
    fn a_person_may_be_sent_a_burst_and_then_one_a_second() {
        let (mut flood, chat) = (Flood::default(), ChatId::private(PersonId(1), BotId(2)));
        let now = 1_790_000_000_000_000;
        for _ in 0..5 {
            assert_eq!(flood.take(chat, 1, now), Ok(()));
        }
        assert_eq!(flood.take(chat, 1, now), Err(1_000_000));
        assert_eq!(flood.take(chat, 1, now + 1_000_000), Ok(()));
        assert_eq!(flood.take(chat, 1, now + 1_000_001), Err(999_999));
    }

    #[test]
    fn a_bot_sends_thirty_at_once_however_many_chats_there_are() {
        let mut flood = Flood::default();
        let now = 1_790_000_000_000_000;
        let sent =
            (0..40).filter(|number| flood.take(ChatId::private(PersonId(*number), BotId(2)), 1, now).is_ok());
        assert_eq!(sent.count(), 30);
    }
}
