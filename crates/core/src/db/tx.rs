use std::borrow::Cow;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool};

use super::error::is_outage;
use super::patience::{InDatabase, Meter, Patience, answered};
use crate::clock::within;

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
    patience: Patience,
    meter: Meter,
}

#[derive(Debug)]
enum Inner {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Failed {
    Statement,
    Outage,
    /// The connection is gone, or silent: nothing more can be asked of it.
    Gone,
}

impl Tx {
    pub(super) async fn sqlite(pool: &SqlitePool, begin: &'static str) -> Result<Self, sqlx::Error> {
        let mut conn = pool.acquire().await?;
        sqlx::query(begin).execute(&mut *conn).await?;
        Ok(Self::new(Inner::Sqlite(conn), Patience::default()))
    }

    pub(super) async fn postgres(
        pool: &PgPool,
        patience: Patience,
        begin: &'static str,
    ) -> Result<Self, sqlx::Error> {
        let mut conn = pool.acquire().await?;
        if let Err(error) = answered(patience.answer, sqlx::query(begin).execute(&mut *conn)).await {
            conn.close_on_drop();
            return Err(error);
        }
        Ok(Self::new(Inner::Postgres(conn), patience))
    }

    fn new(inner: Inner, patience: Patience) -> Self {
        Self { inner: Some(inner), failed: None, patience, meter: Meter::default() }
    }

    /// The bound on an answer of PostgreSQL. [`on!`](crate::on) asks for it.
    #[doc(hidden)]
    pub fn bound(&self) -> Duration {
        self.patience.answer
    }

    /// A statement begins: until what this returns is dropped. [`on!`](crate::on) calls it.
    #[doc(hidden)]
    pub fn enter(&self) -> InDatabase {
        self.meter.enter()
    }

    /// How long its statements take.
    pub(crate) fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// Lets what follows in this transaction take so long on PostgreSQL: a migration, a lock that is worth waiting for.
    pub(crate) async fn take_time(&mut self, at_most: Duration) -> Result<(), sqlx::Error> {
        if let Conn::Postgres(_) = self.conn() {
            let millis = at_most.as_millis();
            self.raw(format!("set local statement_timeout = {millis}; set local lock_timeout = {millis}"))
                .await?;
            self.patience.answer = at_most + Duration::from_secs(1);
        }
        Ok(())
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
            let failed = match error {
                sqlx::Error::Io(_) => Failed::Gone,
                error if is_outage(error) => Failed::Outage,
                _ => Failed::Statement,
            };
            self.failed = self.failed.max(Some(failed));
        }
        result
    }

    /// Whether a statement failed, whatever became of its error: this transaction can only be undone.
    pub fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Whether a statement failed because the database was out of reach, full or locked.
    pub fn hit_an_outage(&self) -> bool {
        self.failed >= Some(Failed::Outage)
    }

    /// Serialises everyone who takes the same key until this transaction ends: an advisory lock on
    /// PostgreSQL; nothing on SQLite, where a writing transaction is alone anyway.
    pub async fn lock(&mut self, key: i64) -> Result<(), sqlx::Error> {
        let (bound, under_way) = (self.bound(), self.enter());
        let result = match self.conn() {
            Conn::Sqlite(_) => Ok(()),
            Conn::Postgres(conn) => {
                let lock = sqlx::query("select pg_advisory_xact_lock($1)").bind(key);
                answered(bound, lock.execute(conn)).await.map(drop)
            }
        };
        drop(under_way);
        self.note(result)
    }

    /// Runs a fixed text without parameters and without preparing it: several statements may stand
    /// in it.
    pub async fn raw(&mut self, text: impl Into<Cow<'static, str>>) -> Result<(), sqlx::Error> {
        let text: Cow<'static, str> = text.into();
        let (bound, under_way) = (self.bound(), self.enter());
        let result = match self.conn() {
            Conn::Sqlite(conn) => {
                sqlx::raw_sql(AssertSqlSafe(text.into_owned())).execute(conn).await.map(drop)
            }
            Conn::Postgres(conn) => {
                answered(bound, sqlx::raw_sql(AssertSqlSafe(text.into_owned())).execute(conn)).await.map(drop)
            }
        };
        drop(under_way);
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
        if self.failed == Some(Failed::Gone) {
            return;
        }
        if let Err(error) = self.end("rollback").await {
            tracing::debug!(%error, "rollback failed, the connection was closed");
        }
    }

    async fn end(&mut self, word: &'static str) -> Result<(), sqlx::Error> {
        let bound = self.bound();
        match self.conn() {
            Conn::Sqlite(conn) => {
                sqlx::query(word).execute(conn).await?;
            }
            Conn::Postgres(conn) => {
                answered(bound, sqlx::query(word).execute(conn)).await?;
            }
        }
        if let Some(Inner::Postgres(mut conn)) = self.inner.take() {
            // What the pool does by itself when it gets a connection back, but not for ever: it asks for a sign of life,
            // and until that comes the connection's place is taken.
            let ping = self.patience.ping;
            tokio::spawn(async move { within(ping, conn.return_to_pool()).await });
        }
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
