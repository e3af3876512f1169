//! The runner takes lanes that have something waiting, the first update of each, and has it handled.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;

use super::failpoint::failpoint;
use super::group::{Fault, Settled, Work};
use super::job::{MOST_ATTEMPTS, backoff};
use crate::app::{App, lock};
use crate::bot::Bot;
use crate::clock::{Timestamp, real_pause};
use crate::store::inbox;
use crate::telegram::Me;

/// Lanes whose updates share a transaction on SQLite, where a transaction costs more than its statements.
const GROUP: usize = 48;
/// Workers on PostgreSQL, one lane and one transaction each.
const WORKERS: usize = 6;
/// An album is whole when this time has passed since its newest part came.
const ALBUM_GAP: Duration = Duration::from_millis(700);

/// What becomes of a lane after a turn.
enum Next {
    More,
    Empty,
    Wait(Timestamp),
}

/// Starts the workers: one on SQLite, several on PostgreSQL.
pub(crate) fn spawn<B: Bot>(app: &Arc<App<B>>, tasks: &mut tokio::task::JoinSet<()>) {
    let (workers, group) = if app.shared.db.is_sqlite() { (1, GROUP) } else { (WORKERS, 1) };
    for _ in 0..workers {
        tasks.spawn(work(Arc::clone(app), group));
    }
}

async fn work<B: Bot>(app: Arc<App<B>>, group: usize) {
    let shared = &app.shared;
    // Routes need the bot's name: nothing is handled before Telegram has told it, once in a database's life.
    let mut known = shared.me.subscribe();
    let me = tokio::select! {
        me = known.wait_for(Option::is_some) => me.ok().and_then(|me| me.clone()),
        () = shared.stopped() => None,
    };
    let Some(me) = me else { return };
    while !shared.is_stopping() {
        let (lanes, next, more) = {
            let mut board = shared.inbox();
            board.wake_due(shared.clock.now());
            let lanes = board.take(group);
            (lanes, board.next_due(), board.has_ready())
        };
        if more {
            shared.inbox_wake.notify_one();
        }
        if !lanes.is_empty() {
            app.turn(&lanes, &me).await;
            shared.idle.changed();
            continue;
        }
        shared.idle.changed();
        tokio::select! {
            () = shared.inbox_wake.notified() => {}
            () = shared.clock.sleep_until(next.unwrap_or(Timestamp(i64::MAX))), if next.is_some() => {}
            () = shared.stopped() => {}
        }
    }
}

impl<B: Bot> App<B> {
    /// Handles the first update of each of these lanes, however long the database is away.
    async fn turn(&self, lanes: &[String], me: &Me) {
        let mut pause = Duration::from_millis(50);
        loop {
            match self.attempt(lanes, me).await {
                Ok(nexts) => {
                    let mut board = self.shared.inbox();
                    for (lane, next) in nexts {
                        match next {
                            Next::More => board.release(&lane),
                            Next::Empty => board.empty(&lane),
                            Next::Wait(until) => board.wait_until(&lane, until),
                        }
                    }
                    return;
                }
                Err(()) if self.shared.is_stopping() => return,
                Err(()) => {
                    real_pause(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(1));
                }
            }
        }
    }

    async fn attempt(&self, lanes: &[String], me: &Me) -> Result<Vec<(String, Next)>, ()> {
        let now = self.shared.clock.now();
        let mut tx = self.shared.db.begin().await.map_err(|error| outage(&error))?;
        let (works, mut nexts) = match self.heads(&mut tx, lanes, now).await {
            Ok(found) => found,
            Err(error) => {
                tx.rollback().await;
                outage(&error);
                return Err(());
            }
        };
        let (alone, group): (Vec<Work>, Vec<Work>) =
            works.into_iter().partition(|work| work.head().attempts > 0 || self.is_suspect(work));
        let mut settled = Settled::default();
        let mut failed = None;
        for (n, work) in group.iter().enumerate() {
            let span = self.span(work);
            if let Err(fault) = self.handle(&mut tx, work, me, now, &mut settled).instrument(span).await {
                failed = Some((n, fault));
                break;
            }
        }
        match failed {
            None => match self.commit(tx, settled, now).await {
                Ok(()) => nexts.extend(group.into_iter().map(|work| (work.head().lane.clone(), Next::More))),
                Err(error) if crate::db::is_outage(&error) => {
                    outage(&error);
                    return Err(());
                }
                // Something of one of them cannot be stored: each by itself shows whose it is.
                Err(error) => {
                    tracing::warn!(
                        error = crate::logs::describe_error(&error),
                        "a group could not be stored"
                    );
                    for work in &group {
                        nexts.push((work.head().lane.clone(), self.alone(work, me).await?));
                    }
                }
            },
            Some((_, Fault::Outage)) => {
                tx.rollback().await;
                tracing::warn!("the database is out of reach; updates wait in their lanes");
                return Err(());
            }
            // It is not run a second time at once: a handler that hung has held everyone up long enough. The
            // others of its group go back to their lanes and make up the next one.
            Some((n, Fault::Failed(why))) => {
                tx.rollback().await;
                if group.len() > 1 {
                    self.shared.metrics.groups_undone.inc();
                }
                for (other, work) in group.iter().enumerate() {
                    let next = if other == n { self.failed(work, &why, now).await? } else { Next::More };
                    nexts.push((work.head().lane.clone(), next));
                }
            }
        }
        for work in &alone {
            nexts.push((work.head().lane.clone(), self.alone(work, me).await?));
        }
        Ok(nexts)
    }

    /// The first work of each lane, and what becomes of the lanes that have none now.
    async fn heads(
        &self,
        tx: &mut crate::db::Tx,
        lanes: &[String],
        now: Timestamp,
    ) -> Result<(Vec<Work>, Vec<(String, Next)>), sqlx::Error> {
        let mut heads: HashMap<String, inbox::Row> =
            inbox::heads(tx, lanes).await?.into_iter().map(|row| (row.lane.clone(), row)).collect();
        let (mut works, mut nexts) = (Vec::with_capacity(lanes.len()), Vec::new());
        for lane in lanes {
            match heads.remove(lane) {
                None => nexts.push((lane.clone(), Next::Empty)),
                Some(row) if row.retry_at > now => nexts.push((lane.clone(), Next::Wait(row.retry_at))),
                Some(row) => {
                    let rows = match &row.album {
                        Some(album) => inbox::album(tx, lane, album).await?,
                        None => vec![row],
                    };
                    let newest = rows.iter().map(|row| row.received_at).max().unwrap_or(now);
                    if rows[0].album.is_some() && newest + ALBUM_GAP > now {
                        nexts.push((lane.clone(), Next::Wait(newest + ALBUM_GAP)));
                    } else {
                        works.push(Work { rows });
                    }
                }
            }
        }
        Ok((works, nexts))
    }

    /// Handles one piece of work in a transaction of its own.
    async fn alone(&self, work: &Work, me: &Me) -> Result<Next, ()> {
        let now = self.shared.clock.now();
        if self.is_suspect(work) {
            // One at a time, with the attempt committed first: the one that kills the process is found.
            let _turn = self.shared.solo.lock().await;
            if work.head().attempts >= MOST_ATTEMPTS {
                return self.bury(work, "crashed", "the bot died each time it was handled", now).await;
            }
            self.count_attempt(work, now).await?;
            let next = self.alone_in_tx(work, me, now).await;
            lock(&self.shared.suspects).remove(&work.head().lane);
            return next;
        }
        self.alone_in_tx(work, me, now).await
    }

    async fn alone_in_tx(&self, work: &Work, me: &Me, now: Timestamp) -> Result<Next, ()> {
        let mut tx = self.shared.db.begin().await.map_err(|error| outage(&error))?;
        let mut settled = Settled::default();
        let span = self.span(work);
        match self.handle(&mut tx, work, me, now, &mut settled).instrument(span).await {
            Ok(()) => match self.commit(tx, settled, now).await {
                Ok(()) => Ok(Next::More),
                Err(error) if crate::db::is_outage(&error) => {
                    outage(&error);
                    Err(())
                }
                Err(error) => self.failed(work, &crate::logs::describe_error(&error), now).await,
            },
            Err(Fault::Outage) => {
                tx.rollback().await;
                Err(())
            }
            Err(Fault::Failed(why)) => {
                tx.rollback().await;
                self.failed(work, &why, now).await
            }
        }
    }

    /// A failed attempt: again later, or a dead letter.
    async fn failed(&self, work: &Work, why: &str, now: Timestamp) -> Result<Next, ()> {
        let head = work.head();
        let attempts = head.attempts + 1;
        self.span(work).in_scope(|| {
            tracing::error!(attempt = attempts, error = why, code = "failed", "a handler failed");
        });
        self.shared.metrics.update(&head.kind, "failed");
        if attempts >= MOST_ATTEMPTS {
            return self.bury(work, "failed", why, now).await;
        }
        let retry_at = now + backoff(attempts);
        let counted = async {
            let mut tx = self.shared.db.begin().await?;
            for row in &work.rows {
                inbox::put_back(&mut tx, row.seq, attempts, retry_at).await?;
            }
            tx.commit().await
        };
        counted.await.map_err(|error| outage(&error))?;
        Ok(Next::Wait(retry_at))
    }

    async fn count_attempt(&self, work: &Work, now: Timestamp) -> Result<(), ()> {
        let counted = async {
            let mut tx = self.shared.db.begin().await?;
            inbox::put_back(&mut tx, work.head().seq, work.head().attempts + 1, now).await?;
            tx.commit().await
        };
        counted.await.map_err(|error| outage(&error))?;
        failpoint!("suspect-counted");
        Ok(())
    }

    async fn bury(&self, work: &Work, reason: &str, why: &str, now: Timestamp) -> Result<Next, ()> {
        self.bury_update(work, reason, why, now).await.map_err(|error| outage(&error))?;
        Ok(Next::More)
    }

    fn is_suspect(&self, work: &Work) -> bool {
        let suspects: &HashSet<String> = &lock(&self.shared.suspects);
        !suspects.is_empty() && suspects.contains(&work.head().lane)
    }

    fn span(&self, work: &Work) -> tracing::Span {
        let head = work.head();
        tracing::info_span!(
            "update",
            update_id = head.update_id,
            seq = head.seq,
            lane = %self.shared.masker.lane(&head.lane),
            kind = %head.kind,
        )
    }
}

fn outage(error: &sqlx::Error) {
    let error = crate::logs::describe_error(error);
    tracing::warn!(error, "the database did not take a transaction; it is tried again");
}
