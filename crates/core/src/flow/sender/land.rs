//! Storing what came of jobs, in the transaction that ends them.

use std::time::Duration;

use serde_json::json;

use super::claim::counts_against_chat;
use super::{Landed, Sender};
use crate::app::lock;
use crate::bot::Bot;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::flow::event::{EVENT, JobResult, Outcome, Stored};
use crate::flow::job::{JobId, Policy, Tell, backoff};
use crate::flow::outcome::{Returned, Verdict, made, verdict};
use crate::store::dead_letters::DeadLetter;
use crate::store::inbox::NewRow;
use crate::store::sent::Sent;
use crate::store::{chats, dead_letters, inbox, jobs, sent};

/// What the rest of the process learns when the transaction is committed.
#[derive(Debug, Default)]
pub(super) struct Landing {
    /// Jobs that ended in this turn, before they flew.
    pub ended: Vec<(jobs::Row, Outcome)>,
    /// Lanes of the inbox that got an event.
    pub events: Vec<String>,
    /// Jobs that landed or ended: others may wait for them.
    pub gone: Vec<i64>,
    aliases: Vec<(i64, i64)>,
    counts: Vec<(String, &'static str)>,
    /// Lanes with delayed jobs that became due.
    pub became_due: Vec<(String, i64)>,
    /// When the next delayed job becomes due.
    pub next_due: Option<Timestamp>,
}

impl<B: Bot> Sender<B> {
    /// Stores everything that landed.
    pub(super) async fn store_landed(
        &mut self,
        tx: &mut Tx,
        now: Timestamp,
        landing: &mut Landing,
    ) -> Result<(), sqlx::Error> {
        let (mut sent_rows, mut done): (Vec<Sent>, Vec<i64>) = (Vec::new(), Vec::new());
        let mut events = Vec::new();
        // Taken out and put back: the methods below need the rest of self.
        let landed = std::mem::take(&mut self.landed);
        let mut result = Ok(());
        for one in &landed {
            let policy = Policy::from_bits(one.job.policy);
            let verdict = verdict(&one.returned, policy, one.job.attempts);
            if let (Returned::Done(text), Some(method)) = (&one.returned, &one.method) {
                sent_rows.extend(made(
                    method,
                    text,
                    one.job.id,
                    one.job.chat_id.map(|chat| self.today(chat)),
                ));
            }
            if let Verdict::Ended(outcome) = &verdict {
                done.push(one.job.id);
                events.extend(event(&one.job, outcome.clone()));
                self.outages = if one.method.is_some() { 0 } else { self.outages };
                landing.counts.push((one.job.kind.clone(), outcome_name(outcome)));
                continue;
            }
            result = self.store_unfinished(tx, one, verdict, now, landing, &mut events).await;
            if result.is_err() {
                break;
            }
        }
        self.landed = landed;
        result?;
        sent::insert(tx, &sent_rows, now).await?;
        jobs::remove(tx, &done).await?;
        landing.gone.extend(self.landed.iter().map(|landed| landed.job.id));
        self.store_events(tx, events, now, landing).await
    }

    async fn store_unfinished(
        &mut self,
        tx: &mut Tx,
        one: &Landed,
        verdict: Verdict,
        now: Timestamp,
        landing: &mut Landing,
        events: &mut Vec<NewRow>,
    ) -> Result<(), sqlx::Error> {
        let job = &one.job;
        let chat = job.chat_id.map(|chat| self.today(chat));
        match verdict {
            Verdict::Ended(_) => {}
            Verdict::Parked(why) => {
                if let Some(chat) = chat {
                    if !chats::park(tx, chat, &why, one.took_off, now).await? {
                        return jobs::put_back(tx, job.id, job.attempts, now + backoff(1)).await;
                    }
                    lock(&self.app.shared.parked).insert(chat, why.clone());
                }
                if Policy::from_bits(job.policy).wait_while_parked {
                    jobs::put_back(tx, job.id, job.attempts, now).await?;
                } else {
                    jobs::remove(tx, &[job.id]).await?;
                    events.extend(event(job, Outcome::Parked { why }));
                }
                landing.counts.push((job.kind.clone(), "parked"));
            }
            Verdict::Again(wait, attempts) => {
                jobs::put_back(tx, job.id, attempts, now + wait).await?;
                landing.counts.push((job.kind.clone(), "again"));
            }
            Verdict::ChatPause(wait) => {
                // What waits at no chat's limit holds its own lane, not the whole bot.
                let limited = chat.filter(|_| one.method.as_deref().is_some_and(counts_against_chat));
                if limited.is_some() {
                    self.gates.pause(limited, now + wait);
                }
                let retry_at = if limited.is_some() { Timestamp(0) } else { now + wait };
                jobs::put_back(tx, job.id, job.attempts, retry_at).await?;
            }
            Verdict::Outage => {
                // Doubling from half a second to half a minute, for the whole bot. Calls that failed together
                // have met one outage.
                if now >= self.outage_until {
                    let wait = Duration::from_millis(500 << self.outages.min(6)).min(Duration::from_secs(30));
                    self.outages = self.outages.saturating_add(1);
                    self.outage_until = now + wait;
                    self.gates.pause(None, self.outage_until);
                }
                jobs::put_back(tx, job.id, job.attempts, Timestamp(0)).await?;
            }
            Verdict::Migrated(to) => {
                jobs::put_back(tx, job.id, job.attempts, Timestamp(0)).await?;
                if let Some(from) = job.chat_id.filter(|from| *from != to) {
                    chats::migrated(tx, from, to, now).await?;
                    jobs::move_chat(tx, from, to).await?;
                    inbox::move_lane(tx, &from.to_string(), &to.to_string()).await?;
                    landing.aliases.push((from, to));
                }
            }
            Verdict::Dead(reason, why) => {
                dead_letters::insert(tx, &self.letter(job, reason, &why, now)).await?;
                jobs::remove(tx, &[job.id]).await?;
                let outcome =
                    if reason == "unknown" { Outcome::Unknown } else { Outcome::Failed { code: 0, why } };
                events.extend(event(job, outcome));
                landing.counts.push((job.kind.clone(), "dead"));
            }
        }
        Ok(())
    }

    /// Stores jobs that ended without flying: expired, parked, reminders.
    pub(super) async fn store_ended(
        &mut self,
        tx: &mut Tx,
        landing: &mut Landing,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        let ended = std::mem::take(&mut landing.ended);
        let ids: Vec<i64> = ended.iter().map(|(job, _)| job.id).collect();
        jobs::remove(tx, &ids).await?;
        landing.gone.extend(ids);
        let mut events = Vec::new();
        for (job, outcome) in ended {
            landing.counts.push((job.kind.clone(), outcome_name(&outcome)));
            events.extend(event(&job, outcome));
        }
        self.store_events(tx, events, now, landing).await
    }

    async fn store_events(
        &self,
        tx: &mut Tx,
        events: Vec<NewRow>,
        now: Timestamp,
        landing: &mut Landing,
    ) -> Result<(), sqlx::Error> {
        inbox::insert(tx, self.app.shared.bot_id, &events, now).await?;
        landing.events.extend(events.into_iter().map(|row| row.lane));
        Ok(())
    }

    /// After the commit.
    pub(super) fn after_landing(&mut self, landing: Landing) {
        self.landed.clear();
        let shared = &self.app.shared;
        for (from, to) in &landing.aliases {
            shared.aliases.learn(*from, *to);
        }
        {
            let mut inbox = shared.inbox();
            for lane in &landing.events {
                inbox.notify(lane, 0);
            }
            for (_, to) in &landing.aliases {
                inbox.notify(&to.to_string(), 0);
            }
        }
        if !landing.events.is_empty() || !landing.aliases.is_empty() {
            shared.inbox_wake.notify_one();
        }
        let mut board = shared.jobs();
        for (_, to) in &landing.aliases {
            board.notify(&to.to_string(), 0);
        }
        for (lane, priority) in &landing.became_due {
            board.notify(lane, i16::try_from(*priority).unwrap_or(0));
        }
        for job in landing.gone {
            for lane in self.behind.remove(&job).into_iter().flatten() {
                board.wake(&lane);
            }
        }
        drop(board);
        landing.next_due.into_iter().for_each(|at| shared.note_due(at));
        for (kind, outcome) in landing.counts {
            shared.metrics.job(&kind, outcome);
        }
    }

    fn letter(&self, job: &jobs::Row, reason: &str, why: &str, now: Timestamp) -> DeadLetter {
        tracing::error!(
            job = job.id,
            lane = %self.app.shared.masker.lane(&job.lane),
            reason,
            error = why,
            "a job became a dead letter: see `dead-letters list`"
        );
        DeadLetter {
            id: 0,
            what: "job".to_owned(),
            reference: job.id,
            lane: job.lane.clone(),
            chat_id: job.chat_id,
            kind: job.kind.clone(),
            content: json!(job).to_string(),
            reason: reason.to_owned(),
            error: self.app.shared.masker.mask(why).into_owned(),
            attempts: job.attempts + 1,
            died_at: now,
        }
    }

    fn today(&self, chat: i64) -> i64 {
        self.app.shared.aliases.today(chat)
    }
}

/// The event that brings a job's end back into the lane that asked, if it asked.
fn event(job: &jobs::Row, outcome: Outcome) -> Option<NewRow> {
    let reply_lane = job.reply_lane.clone().filter(|lane| !lane.is_empty())?;
    let wanted = match Policy::from_bits(job.policy).tell {
        Tell::Everything => true,
        Tell::Failures => !matches!(outcome, Outcome::Done { .. }),
        Tell::Nothing => job.kind == crate::flow::job::REMINDER,
    };
    wanted.then(|| {
        let result = JobResult {
            job: JobId(job.id),
            kind: job.kind.clone(),
            tag: job.tag.clone().unwrap_or_default(),
            outcome,
        };
        NewRow {
            update_id: None,
            lane: reply_lane,
            chat_id: job.chat_id,
            kind: EVENT.to_owned(),
            album: None,
            raw: json!(Stored::Job(result)).to_string(),
        }
    })
}

fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done { .. } => "done",
        Outcome::Failed { .. } => "refused",
        Outcome::Parked { .. } => "parked",
        Outcome::Expired => "expired",
        Outcome::Unknown => "unknown",
    }
}
