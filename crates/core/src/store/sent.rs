//! Which message, or which forum topic, a job became: how a message that does not exist yet is named,
//! and how an answer to it is found again.

use sqlx::{AssertSqlSafe, query, query_as};

use super::batch;
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::on;

/// A message or topic that a job made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The job.
    pub job_id: i64,
    /// Which of the job's messages: 0, and counted on for an album.
    pub part: i64,
    /// The chat it is in.
    pub chat_id: i64,
    /// The message's id; a topic's is its `message_thread_id`.
    pub message_id: i64,
}

/// Stores what jobs became. A job that was sent twice after an unclear answer keeps its first.
pub async fn insert(tx: &mut Tx, rows: &[Sent], now: Timestamp) -> Result<(), sqlx::Error> {
    for run in batch::padded(rows) {
        let sql = format!(
            "insert into sent (job_id, part, chat_id, message_id, sent_at) values {} on conflict do nothing",
            batch::values(run.len(), 5)
        );
        on!(tx, c => {
            let mut q = query(AssertSqlSafe(sql));
            for row in run.iter().copied() {
                q = q.bind(row.job_id).bind(row.part).bind(row.chat_id).bind(row.message_id).bind(now);
            }
            q.execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// What these jobs became, as far as they were sent.
pub async fn of_jobs(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Sent>, sqlx::Error> {
    let mut found = Vec::new();
    for run in batch::padded(ids) {
        let sql = format!(
            "select job_id, part, chat_id, message_id from sent where job_id in ({}) order by job_id, part",
            batch::list(1, run.len())
        );
        let rows: Vec<(i64, i64, i64, i64)> = on!(tx, c => {
            let mut q = query_as(AssertSqlSafe(sql));
            for id in run.iter().copied() {
                q = q.bind(id);
            }
            q.fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(|(job_id, part, chat_id, message_id)| Sent {
            job_id,
            part,
            chat_id,
            message_id,
        }));
    }
    Ok(found)
}

/// Which job made this message or topic.
pub async fn job_of(tx: &mut Tx, chat_id: i64, message_id: i64) -> Result<Option<Sent>, sqlx::Error> {
    let row: Option<(i64, i64)> = on!(tx, c => query_as(
        "select job_id, part from sent where chat_id = $1 and message_id = $2 order by job_id desc limit 1")
        .bind(chat_id).bind(message_id).fetch_optional(c).await)?;
    Ok(row.map(|(job_id, part)| Sent { job_id, part, chat_id, message_id }))
}
