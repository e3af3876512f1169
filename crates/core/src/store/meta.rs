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
