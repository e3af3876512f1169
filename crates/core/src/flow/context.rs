//! What a handler is given.

use rand::rngs::StdRng;

use super::call::Call;
use super::job::{Job, JobId, MOST_PER_UPDATE, NUMBERS_PER_UPDATE, REMINDER};
use crate::app::Shared;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::store::jobs::Row;
use crate::store::sent::{self, Sent};
use crate::telegram::Me;
use crate::texts::Texts;

/// What a handler works with: its transaction, the time, the texts, and the list of what is to happen
/// later or elsewhere. A handler awaits the database and nothing else.
pub struct Ctx<'a> {
    /// The transaction that everything of this update is in: for the bot's store functions.
    pub tx: &'a mut Tx,
    /// When this update is handled.
    pub now: Timestamp,
    /// Randomness. Seeded in tests.
    pub rng: StdRng,
    pub(crate) shared: &'a Shared,
    pub(crate) me: &'a Me,
    pub(crate) seq: i64,
    pub(crate) lane: &'a str,
    pub(crate) jobs: Vec<Row>,
    pub(crate) cancelled: Vec<i64>,
}

impl Ctx<'_> {
    /// Queues a call of the Bot API. It is made after this update is committed, in the order of its lane.
    ///
    /// # Errors
    /// When one update asks for more than 4,000 jobs.
    pub fn call(&mut self, call: Call) -> anyhow::Result<JobId> {
        let id = self.next_id()?;
        let row = call.row(id, self.lane, self.now);
        self.jobs.push(row);
        Ok(id)
    }

    /// Queues work of the bot's own kind. Its result comes back into this lane.
    ///
    /// # Errors
    /// When one update asks for more than 4,000 jobs.
    pub fn job(&mut self, job: Job) -> anyhow::Result<JobId> {
        let id = self.next_id()?;
        let row = job.row(id, self.lane, self.now);
        self.jobs.push(row);
        Ok(id)
    }

    /// Has an event with this tag come into `lane` at `at`.
    ///
    /// # Errors
    /// When one update asks for more than 4,000 jobs.
    pub fn remind(&mut self, at: Timestamp, lane: &str, tag: impl Into<String>) -> anyhow::Result<JobId> {
        let id = self.next_id()?;
        let mut job = Job::new(REMINDER, format!("r{lane}"), serde_json::Value::Null);
        job.due = Some(at);
        job.tag = tag.into();
        self.jobs.push(job.row(id, lane, self.now));
        Ok(id)
    }

    /// Takes back a job that has not begun. One that has begun goes on.
    pub fn cancel(&mut self, job: JobId) {
        self.jobs.retain(|row| row.id != job.0);
        self.cancelled.push(job.0);
    }

    /// What a job became: its message or topic, once it was sent.
    pub async fn sent(&mut self, job: JobId) -> Result<Option<Sent>, sqlx::Error> {
        Ok(sent::of_jobs(self.tx, &[job.0]).await?.first().copied())
    }

    /// Which job made this message or topic. `None`: none of ours.
    pub async fn job_of(&mut self, chat_id: i64, message_id: i64) -> Result<Option<Sent>, sqlx::Error> {
        sent::job_of(self.tx, chat_id, message_id).await
    }

    /// The sentences of this bot.
    pub fn texts(&self) -> &Texts {
        &self.shared.texts
    }

    /// The bot itself, as Telegram knows it.
    pub fn me(&self) -> &Me {
        self.me
    }

    /// The id that a chat has today: a group that became a supergroup keeps its old id in settings and
    /// tables for ever.
    pub fn today(&self, chat_id: i64) -> i64 {
        self.shared.aliases.today(chat_id)
    }

    /// The lane that this update came in.
    pub fn lane(&self) -> &str {
        self.lane
    }

    /// A name for a person that may stand in a log line.
    pub fn pseudonym(&self, user_id: i64) -> String {
        self.shared.masker.person(user_id)
    }

    fn next_id(&mut self) -> anyhow::Result<JobId> {
        let n = i64::try_from(self.jobs.len() + self.cancelled.len())?;
        anyhow::ensure!(
            n < MOST_PER_UPDATE,
            "one update may ask for {MOST_PER_UPDATE} jobs; make the rest from a job's event"
        );
        Ok(JobId(self.seq * NUMBERS_PER_UPDATE + n))
    }
}
