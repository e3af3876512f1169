//! The groups in which customers may ask.

use frontdesk_core::clock::Timestamp;
use frontdesk_core::db::Tx;
use frontdesk_core::on;
use sqlx::{query, query_as};

/// Lets customers of a group ask. False: they could already.
pub async fn add(tx: &mut Tx, chat: i64, title: &str, by: i64, now: Timestamp) -> Result<bool, sqlx::Error> {
    on!(tx, c => query(
        "insert into customer_groups (chat_id, title, added_by, added_at) values ($1, $2, $3, $4) \
         on conflict (chat_id) do nothing")
        .bind(chat).bind(title).bind(by).bind(now).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// Lets them ask no longer. False: they could not anyway.
pub async fn remove(tx: &mut Tx, chat: i64) -> Result<bool, sqlx::Error> {
    on!(tx, c => query("delete from customer_groups where chat_id = $1")
        .bind(chat).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// Whether customers of a group may ask.
pub async fn has(tx: &mut Tx, chat: i64) -> Result<bool, sqlx::Error> {
    let row: Option<(i64,)> = on!(tx, c => query_as("select chat_id from customer_groups where chat_id = $1")
        .bind(chat).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// All of them: id and title.
pub async fn all(tx: &mut Tx) -> Result<Vec<(i64, String)>, sqlx::Error> {
    on!(tx, c => query_as("select chat_id, title from customer_groups order by added_at, chat_id")
        .fetch_all(c).await)
}

/// A group became a supergroup.
pub async fn moved(tx: &mut Tx, from: i64, to: i64) -> Result<(), sqlx::Error> {
    if has(tx, to).await? {
        remove(tx, from).await?;
        return Ok(());
    }
    on!(tx, c => query("update customer_groups set chat_id = $2 where chat_id = $1")
        .bind(from).bind(to).execute(c).await.map(drop))
}
