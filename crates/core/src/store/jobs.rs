//! Jobs: what is to happen later or elsewhere. A job that is done has no row any more.

use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use super::batch;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::on;

/// A job as its row holds it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct Row {
    /// Its name for ever: `seq × 4096 + n` of the update that asked for it.
    pub id: i64,
    /// The line of work that keeps its order.
    pub lane: String,
    /// The chat whose rate limit it is under.
    pub chat_id: Option<i64>,
    /// `call` for a Telegram method, `event` for a reminder, else a kind of the bot's own.
    pub kind: String,
    /// JSON, by kind.
    pub payload: String,
    /// Lower is more urgent. It chooses between lanes, never inside one.
    pub priority: i64,
    /// It enters its lane at this time.
    pub due: Timestamp,
    /// Whether `due` lay in the future when it was made.
    pub delayed: i64,
    /// After this time it ends without being done.
    pub expires_at: Option<Timestamp>,
    /// Not before this time; meanwhile it holds its lane.
    pub retry_at: Timestamp,
    /// How often it failed by its own fault.
    pub attempts: i64,
    /// 0 waiting, 1 in flight.
    pub state: i64,
    /// The bits of [`crate::flow::Policy`].
    pub policy: i64,
    /// Where its result comes back as an event.
    pub reply_lane: Option<String>,
    /// What the handler that asked wants to find in that event.
    pub tag: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, lane, chat_id, kind, payload, priority, due, delayed, expires_at, retry_at, attempts, \
                       state, policy, reply_lane, tag, created_at";

/// Stores jobs. One that stands already (a handler that ran again after an unclear commit) is left as it is.
pub async fn insert(tx: &mut Tx, rows: &[Row]) -> Result<(), sqlx::Error> {
    for run in batch::padded(rows) {
        let sql = format!(
            "insert into jobs ({COLUMNS}) values {} on conflict (id) do nothing",
            batch::values(run.len(), 16)
        );
        on!(tx, c => {
            let mut q = query(AssertSqlSafe(sql));
            for row in run.iter().copied() {
                q = q.bind(row.id).bind(&row.lane).bind(row.chat_id).bind(&row.kind).bind(&row.payload)
                    .bind(row.priority).bind(row.due).bind(row.delayed).bind(row.expires_at).bind(row.retry_at)
                    .bind(row.attempts).bind(row.state).bind(row.policy).bind(&row.reply_lane).bind(&row.tag)
                    .bind(row.created_at);
            }
            q.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The first job of each of these lanes. What is due later is not in its lane before [`became_due`] has seen it, so that
/// any number of such jobs costs nothing here.
pub async fn heads(tx: &mut Tx, lanes: &[String]) -> Result<Vec<Row>, sqlx::Error> {
    let mut heads = Vec::with_capacity(lanes.len());
    for run in batch::padded(lanes) {
        let sql = heads_sql(run.len());
        let rows: Vec<Row> = on!(tx, c => {
            let mut q = query_as(AssertSqlSafe(sql));
            for lane in run.iter().copied() {
                q = q.bind(lane);
            }
            q.fetch_all(c).await
        })?;
        heads.extend(rows);
    }
    Ok(heads)
}

/// The statement of [`heads`] for so many lanes.
pub fn heads_sql(lanes: usize) -> String {
    let head = |n| format!("(select id from jobs where lane = ${n} and delayed = 0 order by id limit 1)");
    let heads: Vec<String> = (1..=lanes).map(head).collect();
    format!("select {COLUMNS} from jobs where id in ({})", heads.join(", "))
}

/// Marks jobs as in flight. Committed before the call goes out, so that a crash leaves a trace of it. Returns
/// how many there were: one that a handler took back meanwhile is none any more.
pub async fn in_flight(tx: &mut Tx, ids: &[i64]) -> Result<u64, sqlx::Error> {
    let mut count = 0;
    for run in batch::padded(ids) {
        let sql = format!("update jobs set state = 1 where id in ({})", batch::list(1, run.len()));
        count += on!(tx, c => {
            let mut q = query(AssertSqlSafe(sql));
            for id in run.iter().copied() {
                q = q.bind(id);
            }
            q.execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    Ok(count)
}

/// Takes jobs away: they are done, or a dead letter now.
pub async fn remove(tx: &mut Tx, ids: &[i64]) -> Result<(), sqlx::Error> {
    for run in batch::padded(ids) {
        let sql = format!("delete from jobs where id in ({})", batch::list(1, run.len()));
        on!(tx, c => {
            let mut q = query(AssertSqlSafe(sql));
            for id in run.iter().copied() {
                q = q.bind(id);
            }
            q.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Cancels a job that has not been taken yet. Returns whether there was one.
pub async fn cancel(tx: &mut Tx, id: i64) -> Result<bool, sqlx::Error> {
    on!(tx, c => query("delete from jobs where id = $1 and state = 0")
        .bind(id).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// Puts a job back in its lane, to be taken at `retry_at`, with `attempts` counted so far.
pub async fn put_back(tx: &mut Tx, id: i64, attempts: i64, retry_at: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update jobs set state = 0, attempts = $2, retry_at = $3 where id = $1")
        .bind(id).bind(attempts).bind(retry_at).execute(c).await.map(drop))
}

/// The lanes that have a job in them, with their highest urgency.
pub async fn due_lanes(tx: &mut Tx) -> Result<Vec<(String, i64)>, sqlx::Error> {
    on!(tx, c => query_as("select lane, min(priority) from jobs where delayed = 0 group by lane").fetch_all(c).await)
}

/// Takes note that delayed jobs became due by `now`: their lanes, and when the next one becomes due.
pub async fn became_due(
    tx: &mut Tx,
    now: Timestamp,
) -> Result<(Vec<(String, i64)>, Option<Timestamp>), sqlx::Error> {
    let lanes = on!(tx, c => query_as(
        // Materialized, or SQLite walks through all jobs by lane to save the sorting of a few.
        "with come as materialized (select lane, priority from jobs where delayed = 1 and due <= $1) \
         select lane, min(priority) from come group by lane")
        .bind(now).fetch_all(c).await)?;
    on!(tx, c => query("update jobs set delayed = 0 where delayed = 1 and due <= $1")
        .bind(now).execute(c).await.map(drop))?;
    Ok((lanes, next_due(tx).await?))
}

/// When the next delayed job becomes due.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, sqlx::Error> {
    let row: (Option<Timestamp>,) =
        on!(tx, c => query_as("select min(due) from jobs where delayed = 1").fetch_one(c).await)?;
    Ok(row.0)
}

/// What a process that died left in flight.
pub async fn left_in_flight(tx: &mut Tx) -> Result<Vec<Row>, sqlx::Error> {
    let sql = format!("select {COLUMNS} from jobs where state = 1 order by id");
    on!(tx, c => query_as(AssertSqlSafe(sql)).fetch_all(c).await)
}

/// Which of these jobs still stand.
pub async fn standing(tx: &mut Tx, ids: &[i64]) -> Result<Vec<i64>, sqlx::Error> {
    let mut found = Vec::new();
    for run in batch::padded(ids) {
        let sql = format!("select id from jobs where id in ({})", batch::list(1, run.len()));
        let rows: Vec<(i64,)> = on!(tx, c => {
            let mut q = query_as(AssertSqlSafe(sql));
            for id in run.iter().copied() {
                q = q.bind(id);
            }
            q.fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|row| row.0));
    }
    Ok(found)
}

/// Jobs by kind: how many are due, and how many wait for their time.
pub async fn counts(tx: &mut Tx, now: Timestamp) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
    on!(tx, c => query_as(
        "select kind, count(case when due <= $1 then 1 end), count(case when due > $1 then 1 end) \
         from jobs group by kind order by kind")
        .bind(now).fetch_all(c).await)
}

/// The oldest jobs, for an operator to look at.
pub async fn oldest(tx: &mut Tx, at_most: i64) -> Result<Vec<Row>, sqlx::Error> {
    let sql = format!("select {COLUMNS} from jobs order by id limit $1");
    on!(tx, c => query_as(AssertSqlSafe(sql)).bind(at_most).fetch_all(c).await)
}

/// Moves what waits for a group to the supergroup that it became. What is in flight stays where it is until it
/// lands: in another lane it would be taken a second time.
pub async fn move_chat(tx: &mut Tx, from: i64, to: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => query(
        "update jobs set chat_id = $2, \
         lane = case when lane = cast($1 as text) then cast($2 as text) else lane end \
         where chat_id = $1 and state = 0")
        .bind(from).bind(to).execute(c).await.map(drop))
}
