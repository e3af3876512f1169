//! The tables: what a crash leaves.

use std::collections::BTreeSet;

use super::LANES;
use super::machine::Nature;
use super::telegram::Update;

/// A change of state that must happen once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Handled {
        update: u32,
        lane: u8,
    },
    /// A job's end came back.
    Event(u32),
}

#[derive(Clone, Copy, Debug)]
pub enum Content {
    Update(Update),
    Event(u32),
}

#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub content: Content,
    pub lane: u8,
    pub done: bool,
    pub attempts: u8,
    pub retry_at: u32,
}

impl Row {
    pub fn is_done(&self) -> bool {
        self.done
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Job {
    pub id: u32,
    pub lane: u8,
    pub in_flight: bool,
    pub nature: Nature,
    pub attempts: u8,
    pub retry_at: u32,
    /// How often the bot had been taken back when it took off.
    pub took_off: u32,
}

/// The tables.
#[derive(Clone, Debug, Default)]
pub struct Db {
    pub inbox: Vec<Row>,
    pub jobs: Vec<Job>,
    pub effects: Vec<Effect>,
    /// Dead letters of updates.
    pub buried: BTreeSet<u32>,
    pub parked: BTreeSet<u8>,
    /// How often each chat took the bot back: `chats.seen_at` of the real table.
    pub taken_back: [u32; LANES as usize],
}

impl Db {
    pub fn knows(&self, update: u32) -> bool {
        self.inbox.iter().any(|row| matches!(row.content, Content::Update(known) if known.id == update))
    }

    pub fn is_handled(&self, update: u32) -> bool {
        self.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Handled { update: id, .. } if *id == update))
    }

    pub fn handled_in(&self, lane: u8) -> Vec<u32> {
        let of = |effect: &Effect| match *effect {
            Effect::Handled { update, lane: at } if at == lane => Some(update),
            _ => None,
        };
        self.effects.iter().filter_map(of).collect()
    }

    pub fn insert_event(&mut self, job: &Job) {
        let row =
            Row { content: Content::Event(job.id), lane: job.lane, done: false, attempts: 0, retry_at: 0 };
        self.inbox.push(row);
    }

    pub fn end(&mut self, job: &Job) {
        self.jobs.retain(|other| other.id != job.id);
        self.insert_event(job);
    }

    pub fn put_back(&mut self, job: &Job, attempts: u8, retry_at: u32) {
        if let Some(row) = self.jobs.iter_mut().find(|row| row.id == job.id) {
            (row.in_flight, row.attempts, row.retry_at) = (false, attempts, retry_at);
        }
    }

    pub fn head(&self, lane: u8) -> Option<usize> {
        self.inbox.iter().position(|row| row.lane == lane && !row.done)
    }
}
