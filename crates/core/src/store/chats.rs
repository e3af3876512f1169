//! Facts on chats, kept from Telegram's own updates, so that no handler has to ask the network.

use sqlx::{FromRow, query, query_as};

use crate::clock::Timestamp;
use crate::db::Tx;
use crate::on;

/// What is known of a chat.
#[derive(Clone, Debug, Default, FromRow, PartialEq, Eq, serde::Serialize)]
pub struct Chat {
    /// Telegram's id.
    pub chat_id: i64,
    /// `private`, `group`, `supergroup`, `channel`.
    pub kind: Option<String>,
    /// 1: a supergroup with topics.
    pub is_forum: Option<i64>,
    /// What the bot is there: `administrator`, `member`, `left`, `kicked`, `restricted`.
    pub bot_status: Option<String>,
    /// The bot's rights there, as Telegram's ChatMember JSON.
    pub bot_rights: Option<String>,
    /// Why the bot may not write there now, in Telegram's words.
    pub parked: Option<String>,
    /// The supergroup that this group became.
    pub migrated_to: Option<i64>,
}

const COLUMNS: &str = "chat_id, kind, is_forum, bot_status, bot_rights, parked, migrated_to";

/// What is known of a chat.
pub async fn get(tx: &mut Tx, chat_id: i64) -> Result<Option<Chat>, sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(format!("select {COLUMNS} from chats where chat_id = $1"));
    on!(tx, c => query_as(sql).bind(chat_id).fetch_optional(c).await)
}

/// Notes what the bot is in a chat; a chat it can write to again is no longer parked.
pub async fn set_status(tx: &mut Tx, chat: &Chat, now: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, c => query(
        "insert into chats (chat_id, kind, is_forum, bot_status, bot_rights, parked, seen_at) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (chat_id) do update set kind = excluded.kind, \
         is_forum = excluded.is_forum, bot_status = excluded.bot_status, bot_rights = excluded.bot_rights, \
         parked = excluded.parked, seen_at = excluded.seen_at")
        .bind(chat.chat_id).bind(&chat.kind).bind(chat.is_forum).bind(&chat.bot_status).bind(&chat.bot_rights)
        .bind(&chat.parked).bind(now).execute(c).await.map(drop))
}

/// Parks a chat: a call that took off at `since` was told that the bot may not write there. `false`: the bot was
/// taken back meanwhile, and that answer is no longer true.
pub async fn park(
    tx: &mut Tx,
    chat_id: i64,
    why: &str,
    since: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    on!(tx, c => query(
        "insert into chats (chat_id, parked, parked_at, seen_at) values ($1, $2, $3, $3) \
         on conflict (chat_id) do update set parked = excluded.parked, parked_at = excluded.parked_at \
         where chats.seen_at < $4 or coalesce(chats.bot_status, 'left') in ('left', 'kicked')")
        .bind(chat_id).bind(why).bind(now).bind(since).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// Ends a parking: somebody wrote from there.
pub async fn unpark(tx: &mut Tx, chat_id: i64) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update chats set parked = null, parked_at = null where chat_id = $1")
        .bind(chat_id).execute(c).await.map(drop))
}

/// The parked chats, with the reason.
pub async fn parked(tx: &mut Tx) -> Result<Vec<(i64, String)>, sqlx::Error> {
    on!(tx, c => query_as("select chat_id, parked from chats where parked is not null").fetch_all(c).await)
}

/// Notes for ever that a group became a supergroup.
pub async fn migrated(tx: &mut Tx, from: i64, to: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    on!(tx, c => query(
        "insert into chats (chat_id, migrated_to, seen_at) values ($1, $2, $3) \
         on conflict (chat_id) do update set migrated_to = excluded.migrated_to")
        .bind(from).bind(to).bind(now).execute(c).await.map(drop))
}

/// Every group that became a supergroup: old id, new id.
pub async fn migrations(tx: &mut Tx) -> Result<Vec<(i64, i64)>, sqlx::Error> {
    on!(tx, c => query_as("select chat_id, migrated_to from chats where migrated_to is not null").fetch_all(c).await)
}

/// Every group in which the bot is known to be, for `doctor`.
pub async fn groups(tx: &mut Tx) -> Result<Vec<Chat>, sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from chats where chat_id < 0 and migrated_to is null order by chat_id"
    ));
    on!(tx, c => query_as(sql).fetch_all(c).await)
}
