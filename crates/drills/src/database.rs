//! The database under the bot: fresh for each drill, and taken away under it where a drill says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use rand::RngExt as _;
use rand::rngs::StdRng;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

use crate::clock::pause;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// A server, named by `TEST_POSTGRES_URL`.
    Postgres,
    /// One after the other.
    Both,
}

impl Backend {
    /// The backends that it stands for.
    pub fn each(self) -> Vec<Self> {
        match self {
            Self::Both => vec![Self::Sqlite, Self::Postgres],
            one => vec![one],
        }
    }

    /// For reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Both => "both",
        }
    }
}

/// A fresh database.
#[derive(Debug)]
pub enum Database {
    /// A file in a folder of the drill's.
    Sqlite(PathBuf),
    /// A database of its own on the server.
    Postgres {
        /// `postgres://…/drill_…`
        url: String,
    },
}

impl Database {
    /// Makes one.
    pub async fn fresh(backend: Backend, folder: &Path) -> Result<Self> {
        if backend == Backend::Sqlite {
            return Ok(Self::Sqlite(folder.join("bot.db")));
        }
        let server = std::env::var("TEST_POSTGRES_URL").context(
            "TEST_POSTGRES_URL is not set: run this drill by `cargo xtask`, which starts a PostgreSQL",
        )?;
        let name = format!("drill_{:08x}", rand::make_rng::<StdRng>().random::<u32>());
        let options: sqlx::postgres::PgConnectOptions =
            server.parse().context("TEST_POSTGRES_URL cannot be read")?;
        let mut conn = options.connect().await.context("TEST_POSTGRES_URL: the server does not answer")?;
        conn.execute(AssertSqlSafe(format!("create database {name}"))).await?;
        conn.close().await?;
        let mut url = server.clone();
        let query = url.find('?').map(|at| url.split_off(at)).unwrap_or_default();
        let base = match url.match_indices('/').nth(2) {
            Some((at, _)) => url[..at].to_owned(),
            None => url,
        };
        Ok(Self::Postgres { url: format!("{base}/{name}{query}") })
    }

    /// `DATABASE_URL`.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres { url } => url.clone(),
        }
    }

    /// Reads one number. The bot must have stopped, or the database be PostgreSQL.
    pub async fn number(&self, sql: &'static str) -> Result<i64> {
        match self {
            Self::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut conn = options.connect().await?;
                Ok(sqlx::query(sql).fetch_one(&mut conn).await?.try_get(0)?)
            }
            Self::Postgres { url } => {
                let options: sqlx::postgres::PgConnectOptions = url.parse()?;
                let mut conn = options.connect().await?;
                Ok(sqlx::query(sql).fetch_one(&mut conn).await?.try_get(0)?)
            }
        }
    }

    /// Runs statements.
    pub async fn run(&self, sql: String) -> Result<()> {
        match self {
            Self::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut conn = options.connect().await?;
                conn.execute(AssertSqlSafe(sql)).await?;
            }
            Self::Postgres { url } => {
                let options: sqlx::postgres::PgConnectOptions = url.parse()?;
                let mut conn = options.connect().await?;
                conn.execute(AssertSqlSafe(sql)).await?;
            }
        }
        Ok(())
    }

    /// Takes the database away for `time`: SQLite is locked by a connection that is not the bot's; PostgreSQL
    /// is stopped as by a power cut, and started again.
    pub async fn outage(&self, time: Duration) -> Result<()> {
        match self {
            Self::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new()
                    .filename(path)
                    .busy_timeout(Duration::from_secs(30));
                let mut conn = options.connect().await?;
                conn.execute("begin exclusive").await.context("the lock could not be taken")?;
                pause(time).await;
                conn.execute("rollback").await?;
                conn.close().await?;
            }
            Self::Postgres { .. } => {
                pg_ctl(&["stop", "-m", "immediate"])?;
                pause(time).await;
                pg_ctl(&["start", "-w", "-l", "/dev/null"])?;
            }
        }
        Ok(())
    }
}

/// `pg_ctl` on the server that `cargo xtask` started, as the user that it belongs to.
fn pg_ctl(words: &[&str]) -> Result<()> {
    let var = |name: &str| {
        std::env::var(name).with_context(|| format!("{name} is not set: run this drill by `cargo xtask`"))
    };
    let (data, bin, user) = (var("PGCTL_DATA")?, var("PGCTL_BIN")?, var("PGCTL_USER")?);
    let mut command = if rustix::process::getuid().is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", &user, "--"]);
        command.arg(Path::new(&bin).join("pg_ctl"));
        command
    } else {
        Command::new(Path::new(&bin).join("pg_ctl"))
    };
    let status = command.args(["-D", &data]).args(words).current_dir("/tmp").stdout(Stdio::null()).status();
    anyhow::ensure!(
        status.context("pg_ctl could not be run")?.success(),
        "pg_ctl {} failed",
        words.join(" ")
    );
    Ok(())
}
