//! What one bot knows of itself: a few named values.

use sqlx::{query, query_as};

use crate::db::Tx;
use crate::on;

/// The value under `key`.
pub async fn get(tx: &mut Tx, key: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        on!(tx, c => query_as("select value from meta where key = $1").bind(key).fetch_optional(c).await)?;
    Ok(row.map(|row| row.0))
}

/// Sets the value under `key`.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), sqlx::Error> {
    on!(tx, c => query(
        "insert into meta (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value")
        .bind(key).bind(value).execute(c).await.map(drop))
}

/// How many values there are: the smallest question that shows whether the database answers.
pub async fn count(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    let row: (i64,) = on!(tx, c => query_as("select count(*) from meta").fetch_one(c).await)?;
    Ok(row.0)
}
