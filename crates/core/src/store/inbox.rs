//! The inbox: what Telegram sent, and events of our own, in the order of their lanes.

use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use super::batch;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::on;

/// A row to be stored.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// Telegram's number; `None` for an event of our own.
    pub update_id: Option<i64>,
    /// The line of work that keeps its order.
    pub lane: String,
    /// The chat it is about, if any.
    pub chat_id: Option<i64>,
    /// `message`, `callback_query` … or `event`.
    pub kind: String,
    /// Telegram's `media_group_id`.
    pub album: Option<String>,
    /// The update's own JSON (the value under its kind), or the event's.
    pub raw: String,
}

/// A row that waits.
#[derive(Clone, Debug, FromRow)]
pub struct Row {
    /// Its place in the order of its lane.
    pub seq: i64,
    /// Telegram's number; `None` for an event of our own.
    pub update_id: Option<i64>,
    /// The line of work that keeps its order.
    pub lane: String,
    /// The chat it is about, if any.
    pub chat_id: Option<i64>,
    /// `message`, `callback_query` … or `event`.
    pub kind: String,
    /// Telegram's `media_group_id`.
    pub album: Option<String>,
    /// The JSON.
    pub raw: String,
    /// How often it failed.
    pub attempts: i64,
    /// Not before this time.
    pub retry_at: Timestamp,
    /// When it was stored.
    pub received_at: Timestamp,
}

const COLUMNS: &str =
    "seq, update_id, lane, chat_id, kind, album, coalesce(raw, '') as raw, attempts, retry_at, received_at";

/// Stores rows in their order; one whose update id is known already is passed over. Returns the place
/// and update id of those that were new.
pub async fn insert(
    tx: &mut Tx,
    bot_id: i64,
    rows: &[NewRow],
    now: Timestamp,
) -> Result<Vec<(i64, Option<i64>)>, sqlx::Error> {
    let mut stored = Vec::with_capacity(rows.len());
    for run in batch::runs(rows) {
        let sql = format!(
            "insert into inbox (bot_id, update_id, lane, chat_id, kind, album, raw, received_at) values {} \
             on conflict (bot_id, update_id) do nothing returning seq, update_id",
            batch::values(run.len(), 8)
        );
        let new: Vec<(i64, Option<i64>)> = on!(tx, c => {
            let mut q = query_as(AssertSqlSafe(sql));
            for row in run {
                q = q.bind(bot_id).bind(row.update_id).bind(&row.lane).bind(row.chat_id).bind(&row.kind)
                    .bind(&row.album).bind(&row.raw).bind(now);
            }
            q.fetch_all(c).await
        })?;
        stored.extend(new);
    }
    Ok(stored)
}

/// The first waiting row of each of these lanes.
pub async fn heads(tx: &mut Tx, lanes: &[String]) -> Result<Vec<Row>, sqlx::Error> {
    let mut heads = Vec::with_capacity(lanes.len());
    for run in batch::padded(lanes) {
        let sql = format!(
            "select {COLUMNS} from inbox where seq in ({})",
            (1..=run.len())
                .map(|n| format!("(select min(seq) from inbox where lane = ${n} and state = 0)"))
                .collect::<Vec<_>>()
                .join(", ")
        );
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

/// The waiting parts of one album, in order. Telegram's have ten at most; of something larger so many are one event.
pub async fn album(tx: &mut Tx, lane: &str, album: &str) -> Result<Vec<Row>, sqlx::Error> {
    on!(tx, c => query_as(AssertSqlSafe(album_sql())).bind(lane).bind(album).fetch_all(c).await)
}

/// The statement of [`album`].
pub fn album_sql() -> String {
    format!(
        "select {COLUMNS} from inbox where lane = $1 and state = 0 and album = $2 order by seq limit {MOST_PARTS}"
    )
}

const MOST_PARTS: usize = 32;

/// Marks waiting rows as done. Their content goes at once: it is somebody's private text. Returns how many
/// were waiting still.
pub async fn done(tx: &mut Tx, seqs: &[i64], now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut count = 0;
    for run in batch::padded(seqs) {
        let sql = format!(
            "update inbox set state = 1, raw = null, done_at = $1 where seq in ({}) and state = 0",
            batch::list(2, run.len())
        );
        count += on!(tx, c => {
            let mut q = query(AssertSqlSafe(sql)).bind(now);
            for seq in run.iter().copied() {
                q = q.bind(seq);
            }
            q.execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    Ok(count)
}

/// Marks a row as of a kind or form that this version does not know. It stays as it came until it is
/// cleared away, for a newer version or for a person to look at.
pub async fn not_understood(tx: &mut Tx, seq: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update inbox set state = 2, done_at = $1 where seq = $2")
        .bind(now).bind(seq).execute(c).await.map(drop))
}

/// Puts a row back in its lane, to be handled at `retry_at`, with `attempts` counted so far.
pub async fn put_back(tx: &mut Tx, seq: i64, attempts: i64, retry_at: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update inbox set attempts = $2, retry_at = $3 where seq = $1")
        .bind(seq).bind(attempts).bind(retry_at).execute(c).await.map(drop))
}

/// Takes a row that has ended out of the inbox, so that its update can be stored again.
pub async fn remove_ended(tx: &mut Tx, seq: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => query("delete from inbox where seq = $1 and state <> 0").bind(seq).execute(c).await.map(drop))
}

/// The lanes that have something waiting.
pub async fn waiting_lanes(tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        on!(tx, c => query_as("select distinct lane from inbox where state = 0").fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// How many rows wait, and since when the oldest of them.
pub async fn backlog(tx: &mut Tx) -> Result<(i64, Option<Timestamp>), sqlx::Error> {
    on!(tx, c => query_as("select count(*), min(received_at) from inbox where state = 0").fetch_one(c).await)
}

/// Clears away rows that ended before `before`, `at_most` of them. Telegram restarts update ids at random
/// after a quiet week: a key kept for ever could swallow a new update.
pub async fn clear(tx: &mut Tx, before: Timestamp, at_most: i64) -> Result<u64, sqlx::Error> {
    on!(tx, c => query(
        "delete from inbox where seq in \
         (select seq from inbox where state <> 0 and done_at < $1 order by done_at limit $2)")
        .bind(before).bind(at_most).execute(c).await.map(|done| done.rows_affected()))
}

/// Moves what waits for a group to the supergroup that it became.
pub async fn move_lane(tx: &mut Tx, from: &str, to: &str) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update inbox set lane = $2 where lane = $1 and state = 0")
        .bind(from).bind(to).execute(c).await.map(drop))
}
