use std::time::Duration;

use crate::app::{Shared, lock};
use crate::clock::{Timestamp, within};
use crate::db::Tx;
use crate::store::{dead_letters, inbox, jobs, meta};

/// How long a page waits for the database.
const BOUND: Duration = Duration::from_secs(2);

/// What the database says of the bot's work.
#[derive(Debug)]
pub(super) struct State {
    /// The schema of each part: core's, the bot's.
    pub schemas: Vec<(&'static str, i64)>,
    pub updates_waiting: i64,
    pub oldest_update: Option<Timestamp>,
    /// Kind, how many are due, how many wait for their time.
    pub jobs: Vec<(String, i64, i64)>,
    pub dead_letters: i64,
}

/// Reads it; `None` when the database does not answer in time.
pub(super) async fn read(shared: &Shared) -> Option<State> {
    match within(BOUND, all(shared)).await {
        Some(Ok(state)) => Some(state),
        Some(Err(error)) => {
            tracing::warn!(
                error = crate::logs::describe_error(&error),
                "the database does not answer health"
            );
            None
        }
        None => {
            tracing::warn!("the database does not answer health within {} s", BOUND.as_secs());
            None
        }
    }
}

/// Whether it answers at all.
pub(super) async fn answers(shared: &Shared) -> bool {
    let ask = async {
        let mut tx = shared.db.read().await?;
        let asked = meta::count(&mut tx).await;
        tx.rollback().await;
        asked.map(drop)
    };
    matches!(within(BOUND, ask).await, Some(Ok(())))
}

/// What has to be counted row by row.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    at: Timestamp,
    updates_waiting: i64,
    oldest_update: Option<Timestamp>,
    jobs: Vec<(String, i64, i64)>,
}

/// From so many rows on a count is told again for a while, instead of counting at each call.
const MANY: i64 = 10_000;
const FOR: Duration = Duration::from_secs(5);

async fn counted(tx: &mut Tx, shared: &Shared) -> Result<Counted, sqlx::Error> {
    let now = shared.clock.now();
    let before = lock(&shared.counted).clone();
    if let Some(before) = before.filter(|before| now.since(before.at) < FOR) {
        return Ok(before);
    }
    let (updates_waiting, oldest_update) = inbox::backlog(tx).await?;
    let jobs = jobs::counts(tx, now).await?;
    let rows = updates_waiting + jobs.iter().map(|(_, due, waiting)| due + waiting).sum::<i64>();
    let counted = Counted { at: now, updates_waiting, oldest_update, jobs };
    *lock(&shared.counted) = (rows >= MANY).then(|| counted.clone());
    Ok(counted)
}

async fn all(shared: &Shared) -> Result<State, sqlx::Error> {
    let mut tx = shared.db.read().await?;
    let state = inside(&mut tx, shared).await;
    tx.rollback().await;
    state
}

async fn inside(tx: &mut Tx, shared: &Shared) -> Result<State, sqlx::Error> {
    let mut schemas = Vec::with_capacity(2);
    for part in &shared.about.schemas {
        schemas.push((part.part, part.newest_in(tx).await?));
    }
    let counted = counted(tx, shared).await?;
    Ok(State {
        schemas,
        updates_waiting: counted.updates_waiting,
        oldest_update: counted.oldest_update,
        jobs: counted.jobs,
        dead_letters: dead_letters::count(tx).await?,
    })
}
