use std::collections::{BTreeSet, HashMap};

use crate::clock::Timestamp;
use crate::telegram::limits::{Gate, Limits};

/// The limits of all chats and of the bot. A lane's head passes its chat's gate, then the bot's.
#[derive(Debug)]
pub(super) struct Gates {
    limits: Limits,
    chats: HashMap<i64, Gate<String>>,
    bot: Gate<String>,
    /// When the next lane that waits at a chat's gate may go: a wake looks at these, not at every chat.
    due: BTreeSet<(Timestamp, i64)>,
    /// The same by chat.
    due_of: HashMap<i64, Timestamp>,
    /// From so many chats on, gates that hold nothing are cleared away.
    clear_at: usize,
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
        Self {
            limits,
            chats: HashMap::new(),
            bot: Gate::new(limits.bot()),
            due: BTreeSet::new(),
            due_of: HashMap::new(),
            clear_at: KEPT,
            passes: HashMap::new(),
        }
    }

    /// Whether the head of `lane` may go now. If not, the lane waits here until [`Gates::release`] names it.
    pub fn pass(&mut self, lane: &str, chat: Option<i64>, priority: i16, now: Timestamp) -> bool {
        let have = self.passes.get(lane).copied();
        if have == Some(Pass::Both) {
            return true;
        }
        if let (None, Some(chat)) = (have, chat) {
            if !self.chat(chat).enter(lane.to_owned(), priority, now) {
                self.note(chat);
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
        while let Some((_, chat)) = self.due.first().copied().filter(|(at, _)| *at <= now) {
            for lane in self.chat(chat).release(now) {
                self.passes.insert(lane.clone(), Pass::Chat);
                free.push(lane);
            }
            self.note(chat);
        }
        for lane in self.bot.release(now) {
            self.passes.insert(lane.clone(), Pass::Both);
            free.push(lane);
        }
        if self.chats.len() > self.clear_at {
            self.chats.retain(|_, gate| !gate.is_idle(now));
            // Where many are busy, not at each wake again.
            self.clear_at = KEPT.max(self.chats.len() * 2);
        }
        free
    }

    /// When somebody who waits can go on.
    pub fn next_release(&self) -> Option<Timestamp> {
        self.due.first().map(|(at, _)| *at).into_iter().chain(self.bot.next_release()).min()
    }

    /// Nothing to this chat before `until`; without a chat, nothing at all.
    pub fn pause(&mut self, chat: Option<i64>, until: Timestamp) {
        match chat {
            Some(chat) => {
                self.chat(chat).pause(until);
                self.note(chat);
            }
            None => self.bot.pause(until),
        }
    }

    /// After every change of a chat's gate: when its next lane may go.
    fn note(&mut self, chat: i64) {
        let due = self.chats.get(&chat).and_then(Gate::next_release);
        let before = match due {
            Some(at) => self.due_of.insert(chat, at),
            None => self.due_of.remove(&chat),
        };
        if before == due {
            return;
        }
        self.due.extend(due.map(|at| (at, chat)));
        if let Some(at) = before {
            self.due.remove(&(at, chat));
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
    fn a_wake_looks_only_at_the_chats_whose_time_has_come() {
        let now = Timestamp(1_000_000);
        let mut gates = Gates::new(Limits::Off);
        let at = |chat: i64| now + Duration::from_secs(u64::try_from(chat).unwrap());
        for chat in 1..=5_000 {
            gates.pause(Some(chat), at(chat));
            assert!(!gates.pass(&chat.to_string(), Some(chat), 0, now));
        }
        // A longer pause moves a chat back, and is not undone by a shorter one.
        gates.pause(Some(1), at(7_000));
        gates.pause(Some(1), at(3));
        assert_eq!(gates.due.len(), 5_000, "each chat stands there once");
        assert_eq!(gates.next_release(), Some(at(2)));
        assert_eq!(gates.release(at(4)), ["2", "3", "4"]);
        assert_eq!(gates.next_release(), Some(at(5)));
        assert_eq!(gates.release(at(5_000)).len(), 4_996);
        assert_eq!(gates.release(at(7_000)), ["1"]);
        assert_eq!((gates.next_release(), gates.due.len(), gates.due_of.len()), (None, 0, 0));
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
