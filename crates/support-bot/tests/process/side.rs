//! The database from beside the bot: what only somebody with the database's own tools can do to it.

use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use testkit::TestDatabase;

/// A connection of its own.
pub enum Side {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Side {
    pub async fn open(database: &TestDatabase) -> Self {
        let url = database.url();
        match url.strip_prefix("sqlite:") {
            Some(path) => {
                let options =
                    SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(20));
                Self::Sqlite(options.connect().await.unwrap())
            }
            None => Self::Postgres(PgConnection::connect(url).await.unwrap()),
        }
    }

    /// On PostgreSQL: beside all databases of the tests' server.
    pub async fn of_the_server() -> Self {
        let url = std::env::var("TEST_POSTGRES_URL").unwrap();
        Self::Postgres(PgConnection::connect(&url).await.unwrap())
    }

    /// Runs statements.
    pub async fn run(&mut self, sql: &str) {
        let statements = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let done = match self {
            Self::Sqlite(connection) => statements.execute(connection).await.map(drop),
            Self::Postgres(connection) => statements.execute(connection).await.map(drop),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Reads one number.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let query = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query(query).fetch_one(connection).await.unwrap().get(0),
            Self::Postgres(connection) => sqlx::query(query).fetch_one(connection).await.unwrap().get(0),
        }
    }
}
