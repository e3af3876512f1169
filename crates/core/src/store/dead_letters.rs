//! Dead letters: updates and jobs that failed too often, or whose fate is unknown, until a person replays
//! or drops them.

use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use crate::clock::Timestamp;
use crate::db::Tx;
use crate::on;

/// One dead letter.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct DeadLetter {
    /// Its number, for the command line.
    pub id: i64,
    /// `update` or `job`.
    pub what: String,
    /// The inbox row's or the job's own number.
    #[sqlx(rename = "ref")]
    pub reference: i64,
    /// The lane it came from.
    pub lane: String,
    /// The chat it is about.
    pub chat_id: Option<i64>,
    /// The update's or job's kind.
    pub kind: String,
    /// The whole row as JSON, to replay it. It may hold private text: shown only on demand.
    #[serde(skip)]
    pub content: String,
    /// `failed`, `unknown` (an answer was lost, and repeating it is not safe), `crashed`.
    pub reason: String,
    /// The last error, masked.
    pub error: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub died_at: Timestamp,
}

const COLUMNS: &str = "id, what, ref, lane, chat_id, kind, content, reason, error, attempts, died_at";

/// Stores a dead letter; its own `id` is given by the database.
pub async fn insert(tx: &mut Tx, letter: &DeadLetter) -> Result<(), sqlx::Error> {
    on!(tx, c => query(
        "insert into dead_letters (what, ref, lane, chat_id, kind, content, reason, error, attempts, died_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        .bind(&letter.what).bind(letter.reference).bind(&letter.lane).bind(letter.chat_id).bind(&letter.kind)
        .bind(&letter.content).bind(&letter.reason).bind(&letter.error).bind(letter.attempts).bind(letter.died_at)
        .execute(c).await.map(drop))
}

/// All of them, oldest first, `at_most` so many.
pub async fn list(tx: &mut Tx, at_most: i64) -> Result<Vec<DeadLetter>, sqlx::Error> {
    let sql = format!("select {COLUMNS} from dead_letters order by id limit $1");
    on!(tx, c => query_as(AssertSqlSafe(sql)).bind(at_most).fetch_all(c).await)
}

/// One of them.
pub async fn get(tx: &mut Tx, id: i64) -> Result<Option<DeadLetter>, sqlx::Error> {
    let sql = format!("select {COLUMNS} from dead_letters where id = $1");
    on!(tx, c => query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(c).await)
}

/// Holds one until the transaction ends, so that nobody else takes it meanwhile. False: somebody has.
pub async fn hold(tx: &mut Tx, id: i64) -> Result<bool, sqlx::Error> {
    on!(tx, c => query("update dead_letters set what = what where id = $1")
        .bind(id).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// Takes one away. False: somebody else has, and what belongs to it is theirs to do.
pub async fn remove(tx: &mut Tx, id: i64) -> Result<bool, sqlx::Error> {
    on!(tx, c => query("delete from dead_letters where id = $1")
        .bind(id).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// How many there are.
pub async fn count(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    let row: (i64,) = on!(tx, c => query_as("select count(*) from dead_letters").fetch_one(c).await)?;
    Ok(row.0)
}
