use std::collections::HashMap;

use crate::clock::Timestamp;
use crate::telegram::limits::{Gate, Limits};

/// The limits of all chats and of the bot. A lane's head passes its chat's gate, then the bot's.
#[derive(Debug)]
pub(super) struct Gates {
    limits: Limits,
    chats: HashMap<i64, Gate<String>>,
    bot: Gate<String>,
    /// Lanes that waited and may go now, and how far.
    passes: HashMap<String, Pass>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Chat,
    Both,
}

/// Chats whose gates are kept although nobody waits there: beyond it they are cleared away.
const KEPT: usize = 1024;

impl Gates {
    pub fn new(limits: Limits) -> Self {
        Self { limits, chats: HashMap::new(), bot: Gate::new(limits.bot()), passes: HashMap::new() }
    }

    /// Whether the head of `lane` may go now. If not, the lane waits here until [`Gates::release`] names it.
    pub fn pass(&mut self, lane: &str, chat: Option<i64>, priority: i16, now: Timestamp) -> bool {
        let have = self.passes.get(lane).copied();
        if have == Some(Pass::Both) {
            return true;
        }
        if let (None, Some(chat)) = (have, chat) {
            if !self.chat(chat).enter(lane.to_owned(), priority, now) {
                return false;
            }
            // Remembered in case the bot's own gate is shut.
            self.passes.insert(lane.to_owned(), Pass::Chat);
        }
        if self.bot.enter(lane.to_owned(), priority, now) {
            return true;
        }
        self.passes.insert(lane.to_owned(), Pass::Chat);
        false
    }

    /// The lane's head has gone, or there is none: its pass is used up.
    pub fn forget(&mut self, lane: &str) {
        self.passes.remove(lane);
    }

    /// The lanes that may try again now.
    pub fn release(&mut self, now: Timestamp) -> Vec<String> {
        let mut free = Vec::new();
        for gate in self.chats.values_mut() {
            for lane in gate.release(now) {
                self.passes.insert(lane.clone(), Pass::Chat);
                free.push(lane);
            }
        }
        for lane in self.bot.release(now) {
            self.passes.insert(lane.clone(), Pass::Both);
            free.push(lane);
        }
        if self.chats.len() > KEPT {
            self.chats.retain(|_, gate| !gate.is_idle(now));
        }
        free
    }

    /// When somebody who waits can go on.
    pub fn next_release(&self) -> Option<Timestamp> {
        self.chats.values().filter_map(Gate::next_release).chain(self.bot.next_release()).min()
    }

    /// Nothing to this chat before `until`; without a chat, nothing at all.
    pub fn pause(&mut self, chat: Option<i64>, until: Timestamp) {
        match chat {
            Some(chat) => self.chat(chat).pause(until),
            None => self.bot.pause(until),
        }
    }

    fn chat(&mut self, chat: i64) -> &mut Gate<String> {
        let limits = self.limits;
        self.chats.entry(chat).or_insert_with(|| Gate::new(limits.chat(chat)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_429_of_one_chat_holds_no_other() {
        let now = Timestamp(1_000_000);
        let mut gates = Gates::new(Limits::Off);
        gates.pause(Some(1), now + Duration::from_secs(5));
        assert!(!gates.pass("1", Some(1), 0, now));
        assert!(gates.pass("2", Some(2), 0, now));
        let later = gates.next_release().unwrap();
        assert_eq!(later, now + Duration::from_secs(5));
        assert_eq!(gates.release(later), ["1"]);
        assert!(gates.pass("1", Some(1), 0, later));
    }

    #[test]
    fn a_lane_that_passed_its_chat_does_not_queue_there_again() {
        let now = Timestamp(1_000_000);
        let mut gates = Gates::new(Limits::Telegram);
        gates.pause(None, now + Duration::from_secs(1));
        assert!(!gates.pass("7", Some(7), 0, now), "the whole bot waits");
        let free = gates.release(now + Duration::from_secs(1));
        assert_eq!(free, ["7"]);
        assert!(gates.pass("7", Some(7), 0, now + Duration::from_secs(1)));
    }
}
