//! The bot's side: tables that are committed, memory that a crash takes, and the transactions between them.

use std::collections::{BTreeMap, BTreeSet};

use super::LANES;
use super::tables::{Content, Db, Effect, Job, Row};
use super::telegram::{Answer, Telegram, Update};

/// After so many attempts an update or job is given up.
const MOST: u8 = 3;
/// Job numbers for each inbox row.
const NUMBERS: u32 = 4;

/// What an update asks of its handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A message in answer.
    Plain,
    /// An error so many times first.
    Fails(u8),
    /// A call that is never repeated blindly.
    Money,
    /// A message that waits while the chat is parked.
    Insists,
    /// The bot was blocked. No message.
    Blocks,
    /// The bot was taken back. No message.
    Unblocks,
}

/// What becomes of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    Stored,
    /// Not stored, and the process knows it failed.
    Undone,
    /// Stored, and the process believes it failed.
    Unclear,
}

/// The rules, each of which a test breaks.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
pub struct Rules {
    pub acknowledge_before_commit: bool,
    pub call_before_mark: bool,
    pub done_mark_apart: bool,
    pub wake_after_clear_commits_only: bool,
    pub believe_failed_commits: bool,
    pub skip_over_backoff: bool,
    pub park_on_old_answers: bool,
}

/// How a call came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Returned {
    Done,
    Unclear,
    Later,
    Parked,
}

/// What a crash takes.
#[derive(Debug, Default)]
struct Process {
    offset: Option<u32>,
    received: Vec<Update>,
    /// Lanes of the inbox and of the jobs that somebody will look at, and since when they may.
    inbox: BTreeMap<u8, u32>,
    jobs: BTreeMap<u8, u32>,
    /// Lanes whose head waits for its chat.
    held: BTreeSet<u8>,
    flying: Vec<Job>,
    landed: Vec<(Job, Returned)>,
    doubtful: bool,
}

/// Telegram, the tables, and the process while there is one.
#[derive(Debug)]
pub struct Machine {
    pub telegram: Telegram,
    pub db: Db,
    /// How often the fate of a job was unclear.
    pub unclear: BTreeMap<u32, usize>,
    pub money: BTreeSet<u32>,
    rules: Rules,
    process: Option<Process>,
    time: u32,
}

impl Machine {
    pub fn new(rules: Rules) -> Self {
        Self {
            telegram: Telegram::new(),
            db: Db::default(),
            unclear: BTreeMap::new(),
            money: BTreeSet::new(),
            rules,
            process: Some(Process::default()),
            time: 0,
        }
    }

    /// The poller asks, with the offset that it knows.
    pub fn poll(&mut self) {
        let Some(process) = &mut self.process else { return };
        if process.received.is_empty() {
            process.received = self.telegram.updates(process.offset);
            if self.rules.acknowledge_before_commit {
                let early = process.received.last().map(|update| update.id + 1);
                drop(self.telegram.updates(early));
            }
        }
    }

    /// The intake's transaction.
    pub fn store(&mut self, commit: Commit) {
        let Some(process) = &mut self.process else { return };
        let mut db = self.db.clone();
        for update in &process.received {
            if !db.knows(update.id) {
                let content = Content::Update(*update);
                db.inbox.push(Row { content, lane: update.lane, done: false, attempts: 0, retry_at: 0 });
            }
        }
        if commit != Commit::Undone {
            self.db = db;
        }
        if commit == Commit::Stored {
            process.offset = process.received.last().map(|update| update.id + 1).or(process.offset);
            // A lane that waits for a time waits on.
            for update in process.received.drain(..) {
                process.inbox.entry(update.lane).or_insert(0);
            }
        }
    }

    /// The handler's transaction for the first row of a lane.
    pub fn handle(&mut self, lane: u8, commit: Commit) {
        let Some(process) = &mut self.process else { return };
        if process.inbox.get(&lane).is_none_or(|at| *at > self.time) {
            return;
        }
        let Some(head) = self.db.head(lane) else {
            process.inbox.remove(&lane);
            return;
        };
        let mut db = self.db.clone();
        let seq = u32::try_from(head).unwrap();
        let row = &mut db.inbox[head];
        if row.retry_at > self.time {
            process.inbox.insert(lane, row.retry_at);
            return;
        }
        let id = seq * NUMBERS;
        let job = |nature| Job { id, lane, in_flight: false, nature, attempts: 0, retry_at: 0, took_off: 0 };
        let (mut new, mut parked, mut unparked) = (None, false, false);
        match row.content {
            Content::Update(Update { nature: Nature::Fails(times), id, .. }) if row.attempts < times => {
                row.attempts += 1;
                row.retry_at = self.time + 1;
                if row.attempts == MOST {
                    row.done = true;
                    db.buried.insert(id);
                    new = Some(job(Nature::Plain));
                }
            }
            Content::Update(update) => {
                row.done = true;
                unparked = update.nature == Nature::Unblocks;
                parked = update.nature == Nature::Blocks;
                new = (!unparked && !parked).then(|| job(update.nature));
                db.effects.push(Effect::Handled { update: update.id, lane });
            }
            Content::Event(job) => {
                row.done = true;
                db.effects.push(Effect::Event(job));
            }
        }
        if unparked {
            db.parked.remove(&lane);
            db.taken_back[usize::from(lane)] += 1;
        }
        if parked {
            db.parked.insert(lane);
        }
        // A job is named by its row's number: run again, the handler makes no second one.
        db.jobs.extend(new.filter(|new| !db.jobs.iter().any(|job| job.id == new.id)));
        if self.rules.done_mark_apart {
            self.db.effects.clone_from(&db.effects);
        }
        if commit != Commit::Undone {
            self.db = db;
        }
        if commit == Commit::Stored || !self.rules.wake_after_clear_commits_only {
            if new.is_some() {
                process.jobs.entry(lane).or_insert(0);
            }
            if unparked && process.held.remove(&lane) {
                process.jobs.insert(lane, 0);
            }
        }
        self.money.extend(new.filter(|new| new.nature == Nature::Money).map(|new| new.id));
    }

    /// The sender's transaction: what landed is stored, the next jobs are claimed.
    pub fn send(&mut self, commit: Commit) {
        let Some(process) = &mut self.process else { return };
        let mut db = self.db.clone();
        let mut awake: BTreeSet<u8> = process.landed.iter().map(|(job, _)| job.lane).collect();
        awake.extend(process.jobs.iter().filter(|(_, at)| **at <= self.time).map(|(lane, _)| *lane));
        if process.doubtful && !self.rules.believe_failed_commits {
            // What the failed commit ended after all has no row any more.
            process.landed.retain(|(job, _)| db.jobs.iter().any(|row| row.id == job.id));
            awake.extend(db.jobs.iter().map(|job| job.lane));
        }
        let mut told: BTreeSet<u8> = if process.doubtful { (0..LANES).collect() } else { BTreeSet::new() };
        for (job, returned) in &process.landed {
            let gone = land(&mut db, job, *returned, self.time, self.rules);
            told.extend(gone.then_some(job.lane));
        }
        awake.retain(|lane| !process.flying.iter().any(|job| job.lane == *lane));
        let (mut claimed, mut later, mut held) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        for lane in &awake {
            match claim(&mut db, *lane, self.time, self.rules, &mut told) {
                Claim::Nothing => {}
                Claim::Fly(job) => claimed.push(job),
                Claim::Later(at) => drop(later.insert(*lane, at)),
                Claim::Held => drop(held.insert(*lane)),
            }
        }
        if commit != Commit::Undone {
            self.db = db;
        }
        if commit == Commit::Stored {
            process.doubtful = false;
            process.landed.clear();
            process.jobs.retain(|lane, _| !awake.contains(lane));
            process.jobs.extend(later);
            process.held.retain(|lane| !awake.contains(lane));
            process.held.extend(held);
            for lane in told {
                process.inbox.entry(lane).or_insert(0);
            }
            process.flying.extend(claimed);
        } else {
            process.doubtful = true;
            if self.rules.call_before_mark {
                process.flying.extend(claimed);
            }
        }
    }

    /// A call reaches Telegram, or does not, and comes back.
    pub fn call(&mut self, lane: u8, answer: Answer) {
        let Some(process) = &mut self.process else { return };
        let Some(at) = process.flying.iter().position(|job| job.lane == lane) else { return };
        let job = process.flying.remove(at);
        let arrives = matches!(answer, Answer::Done | Answer::Lost);
        let taken = arrives && self.telegram.deliver(lane, job.id);
        let returned = match answer {
            Answer::Done if taken => Returned::Done,
            Answer::Done => Returned::Parked,
            Answer::Lost | Answer::Cut => Returned::Unclear,
            Answer::TooMany | Answer::Away => Returned::Later,
        };
        if returned == Returned::Unclear {
            *self.unclear.entry(job.id).or_default() += 1;
        }
        process.landed.push((job, returned));
    }

    pub fn tick(&mut self) {
        self.time += 1;
    }

    /// The process dies. What it had sent off may still arrive.
    pub fn crash(&mut self, arrives: bool) {
        let Some(process) = self.process.take() else { return };
        for job in &process.flying {
            if arrives {
                self.telegram.deliver(job.lane, job.id);
            }
        }
        let landed = process.landed.iter().map(|(job, _)| job);
        for job in process.flying.iter().chain(landed) {
            *self.unclear.entry(job.id).or_default() += 1;
        }
    }

    /// The next process takes up what the last one left.
    pub fn start(&mut self) {
        if self.process.is_some() {
            return;
        }
        let left: Vec<Job> = self.db.jobs.iter().filter(|job| job.in_flight).copied().collect();
        for job in left {
            if job.nature == Nature::Money {
                self.db.end(&job);
            } else {
                self.db.put_back(&job, job.attempts, 0);
            }
        }
        let process = Process {
            inbox: (0..LANES).map(|lane| (lane, 0)).collect(),
            jobs: (0..LANES).map(|lane| (lane, 0)).collect(),
            ..Process::default()
        };
        self.process = Some(process);
    }
}

/// Stores how a job came back; whether an event of it waits now.
fn land(db: &mut Db, job: &Job, returned: Returned, time: u32, rules: Rules) -> bool {
    let is_old = db.taken_back[usize::from(job.lane)] != job.took_off && !rules.park_on_old_answers;
    match returned {
        // The bot was taken back since: try again.
        Returned::Parked if is_old => db.put_back(job, job.attempts, time + 1),
        Returned::Later => db.put_back(job, job.attempts, time + 1),
        Returned::Unclear if job.nature != Nature::Money && job.attempts + 1 < MOST => {
            db.put_back(job, job.attempts + 1, time + 1);
        }
        Returned::Parked => {
            db.parked.insert(job.lane);
            if job.nature != Nature::Insists {
                db.end(job);
                return true;
            }
            db.put_back(job, job.attempts, 0);
        }
        // Done, or a dead letter.
        Returned::Done | Returned::Unclear => {
            db.end(job);
            return true;
        }
    }
    false
}

enum Claim {
    Nothing,
    Fly(Job),
    Later(u32),
    Held,
}

/// Takes the head of a lane.
fn claim(db: &mut Db, lane: u8, time: u32, rules: Rules, told: &mut BTreeSet<u8>) -> Claim {
    loop {
        let fits = |job: &&mut Job| job.lane == lane && !(rules.skip_over_backoff && job.retry_at > time);
        let Some(job) = db.jobs.iter_mut().filter(fits).min_by_key(|job| job.id) else {
            return Claim::Nothing;
        };
        if job.retry_at > time {
            return Claim::Later(job.retry_at);
        }
        if db.parked.contains(&lane) {
            if job.nature == Nature::Insists {
                return Claim::Held;
            }
            let job = *job;
            db.end(&job);
            told.insert(lane);
            continue;
        }
        job.in_flight = true;
        job.took_off = db.taken_back[usize::from(lane)];
        return Claim::Fly(*job);
    }
}
