use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::{Db, DbError, Patience};
use crate::clock::within;

/// Connections to PostgreSQL: handlers of several lanes, the sender, the intake and a few readers.
const POSTGRES_CONNECTIONS: u32 = 12;
/// How long one attempt waits for a connection or a lock; whoever needs it tries again.
const PATIENCE: Duration = Duration::from_secs(3);

impl Db {
    /// Opens the database at `url` (`sqlite:path` or `postgres://…`), making a SQLite file and its
    /// folder where there is none. Does not migrate.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        Self::open_with(url, Patience::default()).await
    }

    /// The same, with other bounds on PostgreSQL.
    pub async fn open_with(url: &str, patience: Patience) -> Result<Self, DbError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return open_sqlite(path.trim_start_matches("//")).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return open_postgres(url, POSTGRES_CONNECTIONS, patience).await;
        }
        Err(unknown_scheme(url))
    }

    /// Opens a database beside the process that serves it, for an operator's commands: without the file's
    /// lock, with a connection or two. `None`: there is no database yet. Nothing is created.
    pub async fn open_beside(url: &str, access: Access) -> Result<Option<Self>, DbError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return sqlite_beside(path.trim_start_matches("//"), access).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return open_postgres(url, 2, Patience::default()).await.map(Some);
        }
        Err(unknown_scheme(url))
    }
}

/// What an operator's command wants of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To look.
    Read,
    /// To change rows.
    Write,
}

fn unknown_scheme(url: &str) -> DbError {
    DbError::UnknownScheme(url.chars().take_while(|c| *c != ':').take(12).collect())
}

async fn open_postgres(url: &str, connections: u32, patience: Patience) -> Result<Db, DbError> {
    // The text of a parse error may hold the password: it is not passed on.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| sqlx::Error::Protocol("the postgres:// address cannot be read".into()))?
        .disable_statement_logging();
    // What the address sets itself stays.
    let own = options.get_options().unwrap_or_default().to_owned();
    let ours = patience.settings().into_iter().filter(|(name, _)| !own.contains(name));
    let options = options.options(ours);
    let opening = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience.connect)
        // The pool's own test waits as long as the kernel does.
        .test_before_acquire(false)
        .before_acquire(move |connection, _| {
            Box::pin(async move {
                Ok(within(patience.ping, connection.ping()).await.is_some_and(|pong| pong.is_ok()))
            })
        })
        .connect_with(options.clone())
        .await;
    match opening {
        Ok(pool) => Ok(Db::Postgres { pool, patience }),
        // A pool says only that it waited for nothing: one connection says why.
        Err(timed_out @ sqlx::Error::PoolTimedOut) => {
            let why = within(patience.connect, options.connect()).await;
            Err(why.and_then(Result::err).unwrap_or(timed_out).into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn sqlite_beside(path: &str, access: Access) -> Result<Option<Db>, DbError> {
    match std::fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(DbError::Open { path: path.to_owned(), source }),
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .disable_statement_logging();
    let reading = options.clone().read_only(true);
    let writing = match access {
        Access::Read => reading.clone(),
        Access::Write => options.synchronous(SqliteSynchronous::Full),
    };
    let pool = || SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    let writer = pool().connect_with(writing).await?;
    Ok(Some(Db::Sqlite { writer, readers: pool().connect_lazy_with(reading), lock: None }))
}

async fn open_sqlite(path: &str) -> Result<Db, DbError> {
    let lock = lock_file(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(1))
        .disable_statement_logging();
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options.clone().synchronous(SqliteSynchronous::Full))
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(3)
        .acquire_timeout(PATIENCE)
        .connect_lazy_with(options.read_only(true).create_if_missing(false));
    Ok(Db::Sqlite { writer, readers, lock: Some(Arc::new(lock)) })
}

/// Takes `<path>.lock` for this process: SQLite itself would let two bots write the same file in turn,
/// and both would send.
fn lock_file(path: &str) -> Result<File, DbError> {
    let lock_path = format!("{path}.lock");
    let fail = |source| DbError::Open { path: lock_path.clone(), source };
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let file = OpenOptions::new().create(true).append(true).open(&lock_path).map_err(fail)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(DbError::InUse(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(fail(source)),
    }
}
