//! Handling: several lanes' first updates in one transaction, each in its own where that fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use futures_util::FutureExt;

use super::context::Ctx;
use super::event::{self, Event};
use super::failpoint::failpoint;
use super::job::{FALLBACK_ANSWER, NUMBERS_PER_UPDATE};
use crate::app::{App, lock};
use crate::bot::Bot;
use crate::clock::{Stopwatch, Timestamp, within_own_time};
use crate::db::Tx;
use crate::logs;
use crate::store::{chats, inbox, jobs};
use crate::telegram::Me;

/// The rows that one handler gets: one update, or the parts of an album.
#[derive(Debug)]
pub(crate) struct Work {
    pub rows: Vec<inbox::Row>,
}

impl Work {
    pub fn head(&self) -> &inbox::Row {
        &self.rows[0]
    }
}

/// What handlers asked for, to be stored with their transaction.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    jobs: Vec<jobs::Row>,
    cancelled: Vec<i64>,
    done: Vec<i64>,
    not_understood: Vec<i64>,
    parked: Vec<(i64, String)>,
    unparked: Vec<i64>,
    aliases: Vec<(i64, i64)>,
    handled: Vec<(String, &'static str, Timestamp)>,
}

/// Why a handler did not come to its end.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The database is out of reach: nobody's fault.
    Outage,
    /// The handler's own, in a text that may be logged.
    Failed(String),
}

impl<B: Bot> App<B> {
    /// Runs the handler of one piece of work inside `tx`. Whatever it asked for goes to `settled`.
    pub(crate) async fn handle(
        &self,
        tx: &mut Tx,
        work: &Work,
        me: &Me,
        now: Timestamp,
        settled: &mut Settled,
    ) -> Result<(), Fault> {
        let head = work.head();
        // Reading and routing take what people send: a panic there is this update's, as one of its handler is.
        let parsed = catch_unwind(|| {
            if work.rows.len() > 1 { event::parse_album(&work.rows) } else { event::parse(head) }
        });
        let parsed = parsed.map_err(|_| Fault::Failed("reading the update panicked".to_owned()))?;
        let Some(event) = parsed else {
            tracing::warn!(kind = %head.kind, "an update of a kind or form that this version does not know was kept");
            settled.not_understood.extend(work.rows.iter().map(|row| row.seq));
            settled.handled.push((head.kind.clone(), "not understood", head.received_at));
            return Ok(());
        };
        self.facts(tx, &event, head, now, settled).await.map_err(|error| fault_of(tx, &error.into()))?;
        // A slow disk is not the handler's fault: what its statements take does not count.
        let meter = tx.meter();
        let before = meter.spent();
        let mut ctx = Ctx {
            tx,
            now,
            rng: self.shared.fork_rng(),
            shared: &self.shared,
            me,
            seq: head.seq,
            lane: &head.lane,
            jobs: Vec::new(),
            cancelled: Vec::new(),
        };
        let watch = Stopwatch::start();
        let route = catch_unwind(AssertUnwindSafe(|| self.bot.route(event, me)));
        if let Some(route) = route.map_err(|_| Fault::Failed("routing the update panicked".to_owned()))? {
            let running = AssertUnwindSafe(async { self.bot.handle(route, &mut ctx).await }).catch_unwind();
            let in_database = || meter.spent().saturating_sub(before);
            match within_own_time(self.shared.budget, in_database, running).await {
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => return Err(fault_of(ctx.tx, &error)),
                Some(Err(_)) => return Err(Fault::Failed("the handler panicked".to_owned())),
                None if ctx.tx.hit_an_outage() => return Err(Fault::Outage),
                None => return Err(Fault::Failed(over_budget(self.shared.budget))),
            }
        }
        if ctx.tx.hit_an_outage() {
            return Err(Fault::Outage);
        }
        // A swallowed error: the commit would be refused again and again, for the whole group.
        if ctx.tx.has_failed() {
            return Err(Fault::Failed("the handler went on after a statement that failed".to_owned()));
        }
        self.shared.metrics.handler.observe(watch.elapsed().as_secs_f64());
        let (mut jobs, cancelled) = (ctx.jobs, ctx.cancelled);
        answer_callback(head, &mut jobs, settled, now);
        settled.jobs.append(&mut jobs);
        settled.cancelled.extend(cancelled);
        settled.done.extend(work.rows.iter().map(|row| row.seq));
        settled.handled.push((head.kind.clone(), "done", head.received_at));
        Ok(())
    }

    /// What core itself learns from an update.
    pub(super) async fn facts(
        &self,
        tx: &mut Tx,
        event: &Event,
        head: &inbox::Row,
        now: Timestamp,
        settled: &mut Settled,
    ) -> Result<(), sqlx::Error> {
        let parked = head.chat_id.filter(|chat| lock(&self.shared.parked).contains_key(chat));
        match event {
            Event::MyChatMember(change) => {
                let chat = super::housekeeping::chat_of(change);
                chats::set_status(tx, &chat, now).await?;
                match chat.parked {
                    Some(why) => settled.parked.push((chat.chat_id, why)),
                    // Also where it is not parked yet: the answer that parks it may be under way.
                    None => settled.unparked.push(chat.chat_id),
                }
            }
            Event::Message(_) | Event::Album(_) => {
                // Telegram's last word from a group that threw the bot out is a message too.
                if let Some(chat) = parked.filter(|_| !self.tells_of_leaving(event)) {
                    chats::unpark(tx, chat).await?;
                    settled.unparked.push(chat);
                }
                if let Event::Message(message) = event
                    && let Some(to) = message.migrate_to_chat_id()
                {
                    let from = message.chat.id.0;
                    chats::migrated(tx, from, to.0, now).await?;
                    jobs::move_chat(tx, from, to.0).await?;
                    settled.aliases.push((from, to.0));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether a message says that this bot is no longer in the group.
    fn tells_of_leaving(&self, event: &Event) -> bool {
        let Event::Message(message) = event else { return false };
        message
            .left_chat_member()
            .is_some_and(|user| i64::try_from(user.id.0).is_ok_and(|id| id == self.shared.bot_id))
    }

    /// Stores what was asked for and commits. Then, and only then, tells the sender.
    pub(crate) async fn commit(
        &self,
        mut tx: Tx,
        settled: Settled,
        now: Timestamp,
    ) -> Result<(), sqlx::Error> {
        jobs::insert(&mut tx, &settled.jobs).await?;
        let mut cancelled = Vec::new();
        for id in &settled.cancelled {
            if jobs::cancel(&mut tx, *id).await? {
                cancelled.push(*id);
            }
        }
        // Whoever else handled one of these meanwhile has committed it: then all of this is undone, and the
        // lanes are read again.
        if inbox::done(&mut tx, &settled.done, now).await? != settled.done.len() as u64 {
            tx.rollback().await;
            tracing::warn!("an update was handled by two at once; this time was undone");
            // The other may have been a process that died: then nobody else wakes these lanes.
            self.publish(&settled, now);
            return Ok(());
        }
        for seq in &settled.not_understood {
            inbox::not_understood(&mut tx, *seq, now).await?;
        }
        failpoint!("handler-before-commit");
        let committed = tx.commit().await;
        failpoint!("handler-after-commit");
        lock(&self.shared.gone).extend(cancelled);
        // A commit that failed may be stored all the same, and then nobody else would wake those lanes. Where
        // it is not, they are woken for nothing.
        self.publish(&settled, now);
        committed?;
        for (kind, outcome, received_at) in settled.handled {
            self.shared.metrics.update(&kind, outcome);
            self.shared.metrics.lag.observe(now.since(received_at).as_secs_f64());
        }
        Ok(())
    }

    pub(super) fn publish(&self, settled: &Settled, now: Timestamp) {
        let shared = &self.shared;
        for (from, to) in &settled.aliases {
            shared.aliases.learn(*from, *to);
            shared.jobs().notify(&to.to_string(), 0);
        }
        if !settled.unparked.is_empty() || !settled.parked.is_empty() {
            let mut parked = lock(&shared.parked);
            for chat in &settled.unparked {
                parked.remove(chat);
            }
            parked.extend(settled.parked.iter().cloned());
            lock(&shared.unparked).extend(&settled.unparked);
        }
        let mut board = shared.jobs();
        for job in &settled.jobs {
            if job.due > now {
                shared.note_due(job.due);
            } else {
                board.notify(&job.lane, i16::try_from(job.priority).unwrap_or(0));
            }
        }
        drop(board);
        shared.jobs_wake.notify_one();
    }
}

/// Every callback query is answered: by the handler, or empty, so that the button stops spinning. The
/// answer that was laid ready for a slow handler is taken back.
fn answer_callback(head: &inbox::Row, jobs: &mut Vec<jobs::Row>, settled: &mut Settled, now: Timestamp) {
    if head.kind != "callback_query" {
        return;
    }
    let fallback = head.seq * NUMBERS_PER_UPDATE + FALLBACK_ANSWER;
    settled.cancelled.push(fallback);
    if !jobs.iter().any(|job| job.lane == head.lane)
        && let Some(query) = head.lane.strip_prefix('q')
    {
        jobs.push(super::intake::empty_answer(fallback - 2, query, now, now));
    }
}

fn over_budget(budget: Duration) -> String {
    format!("the handler took more than its {} ms and was stopped", budget.as_millis())
}

fn fault_of(tx: &Tx, error: &anyhow::Error) -> Fault {
    let outage =
        error.chain().filter_map(|cause| cause.downcast_ref::<sqlx::Error>()).any(crate::db::is_outage);
    if outage || tx.hit_an_outage() { Fault::Outage } else { Fault::Failed(logs::describe(error)) }
}
