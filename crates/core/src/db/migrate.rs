use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::query_as;

use super::{Conn, Db, DbError, Tx, answered};
use crate::clock::Timestamp;
use crate::on;

/// One step of a schema, in both dialects. Its first line says `-- oldest: N`: the oldest binary schema
/// that still works on a database that has it.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its number, from 1 without gaps.
    pub version: i64,
    /// The file's name without number and ending.
    pub name: &'static str,
    /// The text for SQLite.
    pub sqlite: &'static str,
    /// The text for PostgreSQL.
    pub postgres: &'static str,
}

/// The schema of core or of one bot: append-only.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// `core`, or the bot's name.
    pub part: &'static str,
    /// The table that says which were applied.
    pub table: &'static str,
    /// In order.
    pub list: &'static [Migration],
}

/// Names the migration files of a crate: `migrations!("support-bot", "_migrations", 1 => "tickets", …)`
/// reads `migrations/{sqlite,postgres}/0001_tickets.sql`.
#[macro_export]
macro_rules! migrations {
    ($part:expr, $table:expr, $($file:literal),+ $(,)?) => {
        $crate::db::Migrations {
            part: $part,
            table: $table,
            list: &[$($crate::db::Migration {
                version: $crate::db::Migration::number($file),
                name: $file,
                sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite/", $file, ".sql")),
                postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres/", $file, ".sql")),
            }),+],
        }
    };
}

impl Migration {
    /// The number in front of a migration file's name.
    ///
    /// # Panics
    /// At compile time, when the name does not begin with four digits.
    pub const fn number(file: &str) -> i64 {
        let bytes = file.as_bytes();
        let mut number = 0;
        let mut at = 0;
        while at < 4 {
            assert!(bytes[at].is_ascii_digit(), "a migration is named NNNN_name");
            number = number * 10 + (bytes[at] - b'0') as i64;
            at += 1;
        }
        number
    }

    fn text(&self, sqlite: bool) -> &'static str {
        if sqlite { self.sqlite } else { self.postgres }
    }

    /// The `-- oldest: N` of its first line; its own number where there is none, which is the safe side.
    fn oldest(&self, sqlite: bool) -> i64 {
        self.text(sqlite)
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("-- oldest:"))
            .and_then(|rest| rest.trim().parse().ok())
            .unwrap_or(self.version)
    }

    fn checksum(&self, sqlite: bool) -> String {
        use std::fmt::Write;
        Sha256::digest(self.text(sqlite)).iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// Where a database stands against this binary's migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SchemaState {
    /// The newest migration the database has.
    pub found: i64,
    /// The newest that this binary has.
    pub ours: i64,
}

/// How long migrating may take.
const MIGRATING: Duration = Duration::from_hours(1);

/// Brings a database up to this binary's schema; one that a newer release has upgraded is left as it is
/// where that release still allows this binary, and refused otherwise. Returns what was applied.
///
/// On PostgreSQL an advisory lock lets one process migrate; on SQLite the file belongs to one process.
pub async fn migrate(db: &Db, migrations: &Migrations, now: Timestamp) -> Result<Vec<&'static str>, DbError> {
    let sqlite = db.is_sqlite();
    let mut tx = db.begin().await?;
    // Another process may be at it, and a large table takes its time.
    tx.take_time(MIGRATING).await?;
    tx.lock(0x6672_6f6e_7464).await?;
    create_table(&mut tx, migrations.table).await?;
    let state = check(&mut tx, migrations, sqlite).await?;
    let mut applied = Vec::new();
    for migration in migrations.list.iter().filter(|m| m.version > state.found) {
        tx.raw(migration.text(sqlite)).await?;
        record(&mut tx, migrations.table, migration, sqlite, now).await?;
        applied.push(migration.name);
    }
    tx.commit().await?;
    Ok(applied)
}

impl Migrations {
    /// The newest migration that the database has; 0 when it has none. Reads only.
    pub async fn newest_in(&self, tx: &mut Tx) -> Result<i64, sqlx::Error> {
        if !self.has_table(tx).await? {
            return Ok(0);
        }
        let sql = format!("select coalesce(max(version), 0) from {}", self.table);
        let row: (i64,) = on!(tx, c => query_as(sqlx::AssertSqlSafe(sql)).fetch_one(c).await)?;
        Ok(row.0)
    }

    async fn has_table(&self, tx: &mut Tx) -> Result<bool, sqlx::Error> {
        let bound = tx.bound();
        let found = match tx.conn() {
            Conn::Sqlite(c) => {
                query_as("select count(*) from sqlite_master where type = 'table' and name = $1")
                    .bind(self.table)
                    .fetch_one(c)
                    .await
            }
            Conn::Postgres(c) => {
                let found = query_as(
                    "select count(*) from pg_tables where schemaname = current_schema() and tablename = $1",
                );
                answered(bound, found.bind(self.table).fetch_one(c)).await
            }
        };
        let row: (i64,) = tx.note(found)?;
        Ok(row.0 > 0)
    }
}

/// Reads where the database stands, without changing it. `found` is 0 on an empty database.
pub async fn schema_state(db: &Db, migrations: &Migrations) -> Result<SchemaState, DbError> {
    let sqlite = db.is_sqlite();
    let mut tx = db.read().await?;
    let state = match migrations.has_table(&mut tx).await {
        Ok(true) => check(&mut tx, migrations, sqlite).await,
        Ok(false) => Ok(SchemaState { found: 0, ours: migrations.list.last().map_or(0, |m| m.version) }),
        Err(error) => Err(error.into()),
    };
    tx.rollback().await;
    state
}

async fn create_table(tx: &mut Tx, table: &str) -> Result<(), sqlx::Error> {
    tx.raw(format!(
        "create table if not exists {table} (version bigint primary key, name text not null, \
         checksum text not null, oldest bigint not null, applied_at bigint not null)"
    ))
    .await
}

async fn check(tx: &mut Tx, migrations: &Migrations, sqlite: bool) -> Result<SchemaState, DbError> {
    let sql = format!("select version, checksum, oldest from {} order by version", migrations.table);
    let rows: Vec<(i64, String, i64)> = on!(tx, c => query_as(sqlx::AssertSqlSafe(sql)).fetch_all(c).await)?;
    let ours = migrations.list.last().map_or(0, |m| m.version);
    let found = rows.last().map_or(0, |row| row.0);
    for (version, checksum, oldest) in &rows {
        match migrations.list.iter().find(|m| m.version == *version) {
            Some(migration) if migration.checksum(sqlite) != *checksum => {
                return Err(DbError::Changed { part: migrations.part, version: *version });
            }
            None if *oldest > ours => {
                return Err(DbError::Newer { part: migrations.part, found, oldest: *oldest, ours });
            }
            _ => {}
        }
    }
    Ok(SchemaState { found, ours })
}

async fn record(
    tx: &mut Tx,
    table: &str,
    migration: &Migration,
    sqlite: bool,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "insert into {table} (version, name, checksum, oldest, applied_at) values ($1, $2, $3, $4, $5)"
    );
    let (checksum, oldest) = (migration.checksum(sqlite), migration.oldest(sqlite));
    on!(tx, c => sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(migration.version).bind(migration.name).bind(checksum).bind(oldest).bind(now)
        .execute(c).await.map(drop))
}
