use std::borrow::Cow;

use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool};

use super::error::is_outage;

/// A connection inside a transaction, of one database or the other.
pub enum Conn<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// One open transaction. It ends by [`Tx::commit`] or [`Tx::rollback`]; dropped without either, its
/// connection is closed, which rolls it back too.
///
/// A statement that failed is remembered: on PostgreSQL a `commit` after a swallowed error returns Ok
/// and stores nothing, on SQLite it stores the rest. So such a transaction refuses to commit.
#[derive(Debug)]
pub struct Tx {
    inner: Option<Inner>,
    failed: Option<Failed>,
}

#[derive(Debug)]
enum Inner {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    Statement,
    Outage,
}

impl Tx {
    pub(super) async fn sqlite(pool: &SqlitePool, begin: &'static str) -> Result<Self, sqlx::Error> {
        let mut conn = pool.acquire().await?;
        sqlx::query(begin).execute(&mut *conn).await?;
        Ok(Self { inner: Some(Inner::Sqlite(conn)), failed: None })
    }

    pub(super) async fn postgres(pool: &PgPool, begin: &'static str) -> Result<Self, sqlx::Error> {
        let mut conn = pool.acquire().await?;
        if let Err(error) = sqlx::query(begin).execute(&mut *conn).await {
            conn.close_on_drop();
            return Err(error);
        }
        Ok(Self { inner: Some(Inner::Postgres(conn)), failed: None })
    }

    /// The connection, for [`on!`](crate::on).
    ///
    /// # Panics
    /// Never: only `commit` and `rollback` take the connection, and they consume the transaction.
    pub fn conn(&mut self) -> Conn<'_> {
        match self.inner.as_mut().expect("an open transaction has its connection") {
            Inner::Sqlite(conn) => Conn::Sqlite(conn),
            Inner::Postgres(conn) => Conn::Postgres(conn),
        }
    }

    /// Records whether a statement failed. [`on!`](crate::on) calls it.
    pub fn note<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if let Err(error) = &result {
            let outage = is_outage(error) || self.failed == Some(Failed::Outage);
            self.failed = Some(if outage { Failed::Outage } else { Failed::Statement });
        }
        result
    }

    /// Whether a statement failed, whatever became of its error: this transaction can only be undone.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Whether a statement failed because the database was out of reach, full or locked.
    pub fn hit_an_outage(&self) -> bool {
        self.failed == Some(Failed::Outage)
    }

    /// Serialises everyone who takes the same key until this transaction ends: an advisory lock on
    /// PostgreSQL; nothing on SQLite, where a writing transaction is alone anyway.
    pub async fn lock(&mut self, key: i64) -> Result<(), sqlx::Error> {
        let result = match self.conn() {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(conn) => {
                sqlx::query("select pg_advisory_xact_lock($1)").bind(key).execute(conn).await.map(drop)
            }
        };
        self.note(result)
    }

    /// Runs a fixed text without parameters and without preparing it: several statements may stand
    /// in it.
    pub async fn raw(&mut self, text: impl Into<Cow<'static, str>>) -> Result<(), sqlx::Error> {
        let text: Cow<'static, str> = text.into();
        let result = match self.conn() {
            Conn::Sqlite(conn) => {
                sqlx::raw_sql(AssertSqlSafe(text.into_owned())).execute(conn).await.map(drop)
            }
            Conn::Postgres(conn) => {
                sqlx::raw_sql(AssertSqlSafe(text.into_owned())).execute(conn).await.map(drop)
            }
        };
        self.note(result)
    }

    /// Commits. An error means that it may or may not have been stored: read again to know.
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        if self.failed.is_some() {
            self.rollback().await;
            return Err(sqlx::Error::Protocol("a statement failed, so the transaction was undone".into()));
        }
        self.end("commit").await
    }

    /// Undoes everything. A connection on which even that fails is closed, which undoes it as well.
    pub async fn rollback(mut self) {
        if let Err(error) = self.end("rollback").await {
            tracing::debug!(%error, "rollback failed, the connection was closed");
        }
    }

    async fn end(&mut self, word: &'static str) -> Result<(), sqlx::Error> {
        match self.conn() {
            Conn::Sqlite(conn) => sqlx::query(word).execute(conn).await?,
            // PostgreSQL's result type is another one.
            Conn::Postgres(conn) => {
                sqlx::query(word).execute(conn).await?;
                self.inner = None;
                return Ok(());
            }
        };
        self.inner = None;
        Ok(())
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        // Not ended: the connection is in a transaction that nobody will finish.
        match self.inner.take() {
            Some(Inner::Sqlite(mut conn)) => conn.close_on_drop(),
            Some(Inner::Postgres(mut conn)) => conn.close_on_drop(),
            None => {}
        }
    }
}
