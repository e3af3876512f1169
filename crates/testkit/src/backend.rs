use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

/// Which database a story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file in a folder of the story's own.
    Sqlite,
    /// A database of the story's own on the server at `TEST_POSTGRES_URL`.
    Postgres,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// A database that is there for one story and goes with it.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Server { admin: String, name: String },
}

impl TestDatabase {
    /// Makes an empty one.
    ///
    /// # Panics
    /// Without `TEST_POSTGRES_URL`, or when the server does not let us.
    pub async fn create(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = tempfile::Builder::new().prefix("story-").tempdir();
                let folder = folder.expect("the folder for temporary files can be written");
                let url = format!("sqlite:{}", folder.path().join("bot.db").display());
                Self { url, place: Place::Folder(folder) }
            }
            Backend::Postgres => Self::on_server().await,
        }
    }

    async fn on_server() -> Self {
        let admin = std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| {
            panic!(
                "TEST_POSTGRES_URL is not set, so the PostgreSQL half of this story cannot run: use \
                 `cargo xtask test`, which starts a server, or `cargo xtask postgres` and export its URL"
            )
        });
        let name = format!("story_{:016x}", RandomState::new().build_hasher().finish());
        administer(&admin, format!("create database {name}")).await;
        let (server, _) = admin.rsplit_once('/').expect("TEST_POSTGRES_URL ends with the name of a database");
        Self { url: format!("{server}/{name}"), place: Place::Server { admin, name } }
    }

    /// Its address, as `DATABASE_URL` has it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of a SQLite database.
    ///
    /// # Panics
    /// On PostgreSQL.
    pub fn folder(&self) -> &std::path::Path {
        match &self.place {
            Place::Folder(folder) => folder.path(),
            Place::Server { .. } => panic!("a database on PostgreSQL has no folder"),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Server { admin, name } = &self.place else { return };
        let (admin, name) = (admin.clone(), name.clone());
        // The story's own runtime may be on its way out, and cannot be waited on here anyway.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime
                .expect("a runtime starts")
                .block_on(administer(&admin, format!("drop database {name} with (force)")));
        });
        let dropped = dropped.join().is_ok() || std::thread::panicking();
        assert!(dropped, "the story's database could not be dropped");
    }
}

async fn administer(url: &str, statement: String) {
    let connected = PgConnection::connect(url).await;
    let mut server = connected.unwrap_or_else(|error| {
        panic!("the PostgreSQL server at TEST_POSTGRES_URL does not answer ({error}); `cargo xtask test` starts one")
    });
    let done = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut server).await;
    done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    // What was to be done is done; how the connection ends is no matter.
    let _ = server.close().await;
}
