//! The database: one SQL text on SQLite and on PostgreSQL.
//!
//! [`Db`] is the pools, [`Tx`] one open transaction, [`on!`](crate::on) runs one statement on
//! whichever of the two it is. PostgreSQL has to answer within [`Patience`]; SQLite's slow disk is waited for.

mod error;
mod migrate;
mod open;
mod patience;
mod tx;

pub use error::{DbError, is_outage, remedy};
pub use migrate::{Migration, Migrations, SchemaState, migrate, schema_state};
pub use open::Access;
pub use patience::{Patience, answered};
pub use tx::{Conn, Tx};

use sqlx::{PgPool, SqlitePool};

/// The pools of one bot's database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// SQLite in WAL mode: a single writer, and readers that it does not disturb.
    Sqlite {
        /// One connection, `synchronous=full`: every write of the process goes through it.
        writer: SqlitePool,
        /// Several connections for statements that only read.
        readers: SqlitePool,
        /// Held as long as the database is open: the file belongs to one process. `None`: opened beside it.
        lock: Option<std::sync::Arc<std::fs::File>>,
    },
    /// PostgreSQL 15 or newer by direct connection.
    Postgres {
        /// Several connections.
        pool: PgPool,
        /// How long it may keep us waiting.
        patience: Patience,
    },
}

impl Db {
    /// Begins a transaction that writes. On SQLite it holds the only write lock until it ends.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        match self {
            Self::Sqlite { writer, .. } => Tx::sqlite(writer, "begin immediate").await,
            Self::Postgres { pool, patience } => Tx::postgres(pool, *patience, "begin").await,
        }
    }

    /// Begins a transaction that only reads: one view of the data, and no lock on it.
    pub async fn read(&self) -> Result<Tx, sqlx::Error> {
        match self {
            Self::Sqlite { readers, .. } => Tx::sqlite(readers, "begin deferred").await,
            Self::Postgres { pool, patience } => Tx::postgres(pool, *patience, "begin read only").await,
        }
    }

    /// Whether this is SQLite, where one writer at a time makes grouping worth it.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// `sqlite` or `postgres`, for health and logs.
    pub fn backend(&self) -> &'static str {
        if self.is_sqlite() { "sqlite" } else { "postgres" }
    }

    /// Waits for the pools to give back their connections and closes them.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

/// Runs one statement on whichever database the transaction is on, and records a failure in it: such
/// a transaction can only roll back.
///
/// ```ignore
/// let row: Option<(i64,)> =
///     on!(tx, c => query_as("select id from tickets where number = $1").bind(n).fetch_optional(c).await)?;
/// ```
#[macro_export]
macro_rules! on {
    ($tx:expr, $c:ident => $statement:expr) => {{
        let tx: &mut $crate::db::Tx = &mut *$tx;
        let (bound, under_way) = (tx.bound(), tx.enter());
        let result = match tx.conn() {
            $crate::db::Conn::Sqlite($c) => $statement,
            $crate::db::Conn::Postgres($c) => $crate::db::answered(bound, async { $statement }).await,
        };
        drop(under_way);
        tx.note(result)
    }};
}
