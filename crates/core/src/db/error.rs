use thiserror::Error;

/// Why a database could not be opened or prepared. Each says what to do.
#[derive(Debug, Error)]
pub enum DbError {
    /// The address is of neither database.
    #[error("DATABASE_URL must begin with sqlite: or postgres://; it begins with {0:?}")]
    UnknownScheme(String),
    /// Another process holds the SQLite file.
    #[error(
        "DATABASE_URL: another process of this bot is using {0}; one SQLite file serves one process. \
         Stop the other, or use PostgreSQL"
    )]
    InUse(String),
    /// The file or its folder could not be opened or written.
    #[error(
        "DATABASE_URL: cannot open {path}: {source}. Check that the folder exists and that this user may write there"
    )]
    Open {
        /// The SQLite file or its lock file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database answered with an error, or not at all.
    #[error("DATABASE_URL: {}. {}", crate::logs::describe_error(.0), remedy(.0))]
    Sql(#[from] sqlx::Error),
    /// A newer release has changed the schema beyond what this binary understands.
    #[error(
        "DATABASE_URL: this database was upgraded by a newer release (schema {found} of {part}), which needs a \
         binary of schema {oldest} at least; this one has {ours}. Install the newer release, or restore the backup \
         made before the upgrade"
    )]
    Newer {
        /// `core` or the bot's name.
        part: &'static str,
        /// The schema that the database has.
        found: i64,
        /// The oldest binary schema that still works on it.
        oldest: i64,
        /// The schema of this binary.
        ours: i64,
    },
    /// A migration that was applied has another text in this binary.
    #[error(
        "DATABASE_URL: migration {version} of {part} was applied with another text than this binary has; \
         migrations never change once landed. This binary is not a release of this bot"
    )]
    Changed {
        /// `core` or the bot's name.
        part: &'static str,
        /// The migration's number.
        version: i64,
    },
    /// The database holds the data of another bot.
    #[error("DATABASE_URL: this database belongs to {theirs}, not to {ours}. Give each bot its own database")]
    AnotherBot {
        /// Whose it is.
        theirs: String,
        /// Who we are.
        ours: String,
    },
}

/// What an operator can do about an error of the database.
pub fn remedy(error: &sqlx::Error) -> &'static str {
    const SERVER: &str = "Check that the server runs, and that address, user and password are right";
    let sqlx::Error::Database(error) = error else { return SERVER };
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return match code.as_ref() {
            "3D000" => "Create it on the server, or correct its name",
            "42501" => "Give the user the right to make tables in this database",
            code if code.starts_with("28") => "Correct user and password, or let the server accept them",
            code if code.starts_with("53") => {
                "Make room on the server: its disk or its connections are used up"
            }
            _ => SERVER,
        };
    }
    match code.parse::<i64>().unwrap_or_default() & 0xff {
        5 | 6 => "Another program holds the file: end it, or try again when it is done",
        8 => "Give this user the right to write the file and its folder",
        13 => "Make room on the disk",
        11 | 26 => "Set the path of another file, or restore this one from a backup",
        _ => "Check that the path names a file, that its folder exists, and that this user may write there",
    }
}

/// Whether an error says that the database is out of reach, locked, full or read-only, rather than that
/// the statement was wrong. Nobody is to blame for an outage: it is waited out, and counts as no attempt.
pub fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => {
            if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                error.code().is_some_and(|code| postgres_outage(&code))
            } else {
                error.code().and_then(|code| code.parse::<i64>().ok()).is_some_and(sqlite_outage)
            }
        }
        _ => false,
    }
}

/// Classes 08 (connection), 53 (resources, disk full), 57 (shutdown), 58 (system), and what a retry
/// settles: serialization failures, deadlocks, a server that is still read-only.
fn postgres_outage(code: &str) -> bool {
    ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        || ["40001", "40P01", "25006", "55P03"].contains(&code)
}

/// Busy, locked, read-only, I/O, full, cannot open, protocol. Extended codes carry the primary one in
/// their low byte (<https://sqlite.org/rescode.html>).
fn sqlite_outage(code: i64) -> bool {
    [5, 6, 8, 10, 13, 14, 15].contains(&(code & 0xff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_outage_and_a_broken_constraint_is_not() {
        assert!(sqlite_outage(13));
        assert!(sqlite_outage(5 | (2 << 8)), "busy, extended");
        assert!(!sqlite_outage(19));
        assert!(postgres_outage("57P01"));
        assert!(!postgres_outage("23505"));
    }
}
