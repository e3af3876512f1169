//! The intake commits what was received, and only then says so: the poller asks with the next offset, the
//! webhook answers 200.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::call::Call;
use super::failpoint::failpoint;
use super::job::{FALLBACK_ANSWER, JobId, NUMBERS_PER_UPDATE};
use crate::app::Shared;
use crate::clock::Timestamp;
use crate::store::inbox::NewRow;
use crate::store::{inbox, jobs};

/// A callback that nobody answered for so long is answered empty.
const ANSWER_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
/// Telegram forgets a callback query after some time; later answers are refused anyway.
const ANSWER_EXPIRES: std::time::Duration = std::time::Duration::from_mins(1);
/// Webhook requests that may wait for one transaction.
const QUEUE: usize = 256;

type Request = (Vec<NewRow>, oneshot::Sender<Result<(), Unstored>>);

/// The database did not take it: Telegram keeps the update and sends it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the database did not take the update")]
pub struct Unstored;

/// Hands rows to the one task that stores them.
#[derive(Clone, Debug)]
pub struct Intake(mpsc::Sender<Request>);

impl Intake {
    /// Starts the task. It ends when all handles are gone, or when the bot stops.
    pub(crate) fn spawn(shared: Arc<Shared>, tasks: &mut tokio::task::JoinSet<()>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tasks.spawn(run(shared, receiver));
        Self(sender)
    }

    /// Returns once the rows are committed.
    pub async fn store(&self, rows: Vec<NewRow>) -> Result<(), Unstored> {
        if rows.is_empty() {
            return Ok(());
        }
        let (done, wait) = oneshot::channel();
        self.0.send((rows, done)).await.map_err(|_| Unstored)?;
        wait.await.map_err(|_| Unstored)?
    }
}

async fn run(shared: Arc<Shared>, mut requests: mpsc::Receiver<Request>) {
    let mut batch = Vec::new();
    let mut nothing_new = 0;
    loop {
        let taken = tokio::select! {
            taken = requests.recv_many(&mut batch, 64) => taken,
            // What was handed over before is stored still. A webhook's client that is slow to send its body
            // must not hold up the stop; it is told to come again.
            () = shared.stopped(), if !requests.is_closed() => {
                requests.close();
                continue;
            }
        };
        if taken == 0 {
            return;
        }
        let (mut rows, mut waiting) = (Vec::new(), Vec::new());
        for (more, done) in batch.drain(..) {
            rows.extend(more);
            waiting.push(done);
        }
        // Webhooks come over several connections; the ids say in which order they were meant.
        rows.sort_by_key(|row| row.update_id);
        let stored = store(&shared, &rows).await;
        if let Ok(new) = stored {
            nothing_new = say_if_nothing_is_new(new, nothing_new, &shared);
        }
        let stored = stored.map(drop).map_err(|error| {
            let error = crate::logs::describe(&anyhow::Error::new(error));
            tracing::warn!(error, "updates could not be stored; Telegram keeps them");
            Unstored
        });
        for done in waiting {
            // Whoever no longer waits will get the update again.
            let _ = done.send(stored);
        }
    }
}

/// So many batches in a row without anything new: after a crash it is one.
const SUSPICIOUS: u32 = 3;

/// Says once that Telegram's numbers are all known: then what people write is taken for old, and nobody is answered.
/// Returns how many batches in a row brought nothing new.
fn say_if_nothing_is_new(new: usize, before: u32, shared: &Shared) -> u32 {
    if new > 0 {
        return 0;
    }
    if before + 1 == SUSPICIOUS {
        tracing::warn!(
            "all updates that come have numbers that were handled before; they are passed over. A Bot API server that \
             was started anew (a sandbox) counts from the beginning: give {} an empty DATA_DIR, or another DATABASE_URL",
            shared.name
        );
    }
    before.saturating_add(1)
}

/// Returns how many of them were new.
async fn store(shared: &Shared, rows: &[NewRow]) -> Result<usize, sqlx::Error> {
    let now = shared.clock.now();
    let mut tx = shared.db.begin().await?;
    let new = inbox::insert(&mut tx, shared.bot_id, rows, now).await?;
    let answers: Vec<jobs::Row> = rows
        .iter()
        .filter(|row| row.kind == "callback_query")
        .filter_map(|row| {
            let (seq, _) = new.iter().find(|(_, id)| *id == row.update_id)?;
            let query = row.lane.strip_prefix('q')?;
            Some(empty_answer(seq * NUMBERS_PER_UPDATE + FALLBACK_ANSWER, query, now, now + ANSWER_WITHIN))
        })
        .collect();
    jobs::insert(&mut tx, &answers).await?;
    failpoint!("intake-before-commit");
    tx.commit().await?;
    failpoint!("intake-after-commit");
    // Also for those that were stored before: an earlier commit may have failed only for us.
    if rows.iter().any(|row| row.kind == "callback_query") {
        shared.note_due(now + ANSWER_WITHIN);
        shared.jobs_wake.notify_one();
    }
    let mut board = shared.inbox();
    for row in rows {
        board.notify(&row.lane, 0);
    }
    drop(board);
    shared.inbox_wake.notify_one();
    Ok(new.len())
}

/// The answer that stops a button from spinning and says nothing.
pub(crate) fn empty_answer(id: i64, query: &str, now: Timestamp, due: Timestamp) -> jobs::Row {
    Call::raw("answerCallbackQuery", json!({"callback_query_id": query}))
        .due(due)
        .expires_at(now + ANSWER_EXPIRES)
        .row(JobId(id), "", now)
}
