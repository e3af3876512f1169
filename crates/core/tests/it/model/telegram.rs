//! Telegram's side: what people wrote, what is confirmed, what arrived in chats.

use super::LANES;
use super::machine::Nature;

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Done and answered.
    Done,
    /// Done, the answer lost.
    Lost,
    /// Not done, and no answer.
    Cut,
    /// 429.
    TooMany,
    /// 5xx.
    Away,
}

/// An update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    pub id: u32,
    pub lane: u8,
    pub nature: Nature,
}

#[derive(Debug)]
pub struct Telegram {
    /// Everything that ever was sent to the bot, in order.
    pub written: Vec<Update>,
    /// Everything below this id is confirmed.
    confirmed: u32,
    blocked: [bool; LANES as usize],
    /// By lane: the jobs whose messages arrived, in order.
    pub sent: [Vec<u32>; LANES as usize],
}

impl Telegram {
    pub fn new() -> Self {
        Self { written: Vec::new(), confirmed: 0, blocked: [false; LANES as usize], sent: Default::default() }
    }

    pub fn write(&mut self, lane: u8, nature: Nature) {
        // Who has blocked a bot does not write to it.
        if !self.blocked[usize::from(lane)] || nature == Nature::Blocks {
            let id = u32::try_from(self.written.len()).unwrap();
            self.written.push(Update { id, lane, nature });
        }
    }

    pub fn block(&mut self, lane: u8) {
        if !self.blocked[usize::from(lane)] {
            self.blocked[usize::from(lane)] = true;
            self.write(lane, Nature::Blocks);
        }
    }

    pub fn unblock(&mut self, lane: u8) {
        if self.blocked[usize::from(lane)] {
            self.blocked[usize::from(lane)] = false;
            self.write(lane, Nature::Unblocks);
        }
    }

    /// getUpdates: confirms what is below the offset and gives the rest.
    pub fn updates(&mut self, offset: Option<u32>) -> Vec<Update> {
        self.confirmed = self.confirmed.max(offset.unwrap_or(0));
        self.written.iter().filter(|update| update.id >= self.confirmed).copied().collect()
    }

    pub fn confirmed(&self) -> impl Iterator<Item = &Update> {
        self.written.iter().filter(|update| update.id < self.confirmed)
    }

    /// A message arrives; `false`: the chat has blocked the bot.
    pub fn deliver(&mut self, lane: u8, job: u32) -> bool {
        let taken = !self.blocked[usize::from(lane)];
        if taken {
            self.sent[usize::from(lane)].push(job);
        }
        taken
    }
}
