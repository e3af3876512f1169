//! All of core's SQL. One module a table; each function is one or two statements.

pub mod batch;
pub mod chats;
pub mod dead_letters;
pub mod inbox;
pub mod jobs;
pub mod meta;
pub mod sent;

use crate::db::{Conn, Migrations, Tx};

/// Waits for transactions of a process that died: its last commit may still be under way in PostgreSQL. SQLite's
/// end with their process.
pub async fn outlive_the_last_process(tx: &mut Tx) -> Result<(), sqlx::Error> {
    if let Conn::Sqlite(_) = tx.conn() {
        return Ok(());
    }
    tx.take_time(std::time::Duration::from_secs(30)).await?;
    tx.raw("lock table inbox, jobs in share row exclusive mode").await
}

/// Core's own schema. Its table has another name than a bot's, so that each moves by itself.
pub const MIGRATIONS: Migrations =
    crate::migrations!("core", "_frontdesk_migrations", "0001_flow", "0002_heads");
