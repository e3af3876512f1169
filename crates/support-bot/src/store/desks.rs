//! Desks: a staff group, and the numbers of its tickets.

use frontdesk_core::clock::Timestamp;
use frontdesk_core::db::Tx;
use frontdesk_core::on;
use sqlx::{query, query_as};

/// The next number of a desk, from 1 on, and the desk. The row stays locked until the transaction ends, so
/// that numbers have no gaps and no twins. `before` is the id that the group had when it was configured.
pub async fn next_number(tx: &mut Tx, staff_chat: i64, before: i64) -> Result<(i64, i64), sqlx::Error> {
    let known: Option<(i64, i64)> = on!(tx, c => query_as(
        "update desks set last_number = last_number + 1 where staff_chat_id in ($1, $2) returning id, last_number")
        .bind(staff_chat).bind(before).fetch_optional(c).await)?;
    if let Some(found) = known {
        return Ok(found);
    }
    // Two first tickets at once: the second waits here for the first, and counts on.
    on!(tx, c => query_as(
        "insert into desks (staff_chat_id, last_number) values ($1, 1) \
         on conflict (staff_chat_id) do update set last_number = desks.last_number + 1 returning id, last_number")
        .bind(staff_chat).fetch_one(c).await)
}

/// Notes that staff are told now that topics cannot be made. False: they were told since `since`.
pub async fn tell_once(
    tx: &mut Tx,
    desk: i64,
    since: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    on!(tx, c => query("update desks set told_at = $3 where id = $1 and told_at < $2")
        .bind(desk).bind(since).bind(now).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// The staff group became a supergroup.
pub async fn moved(tx: &mut Tx, from: i64, to: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update desks set staff_chat_id = $2 where staff_chat_id = $1")
        .bind(from).bind(to).execute(c).await.map(drop))
}
