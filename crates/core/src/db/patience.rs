//! How long a database may keep us waiting. A server whose cable was pulled resets no connection: without a bound of our
//! own, whoever waits for its answer waits for ever.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::{Stopwatch, within};

/// Bounds on PostgreSQL, from both ends of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A statement that takes longer is ended by the server. Only migrations may take more.
    pub statement: Duration,
    /// A lock that is not to be had in this time is tried again.
    pub lock: Duration,
    /// A transaction in which nothing comes any more is undone by the server: its process is gone, and what it locked
    /// must not stay locked.
    pub abandoned: Duration,
    /// An answer that takes longer will not come: the connection is given up. More than `statement`, so that a server
    /// that lives says so itself.
    pub answer: Duration,
    /// The same for the sign of life that a connection from the pool gives first.
    pub ping: Duration,
    /// How long one attempt waits for a connection.
    pub connect: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            statement: Duration::from_secs(5),
            lock: Duration::from_secs(3),
            abandoned: Duration::from_secs(20),
            answer: Duration::from_secs(6),
            ping: Duration::from_secs(1),
            connect: Duration::from_secs(3),
        }
    }
}

impl Patience {
    /// As the server's settings, for the start of a session. Its own sockets are watched as well: the locks of a
    /// process that was cut off are let go as soon as that shows.
    pub(super) fn settings(&self) -> [(&'static str, String); 7] {
        let millis = |time: Duration| time.as_millis().to_string();
        [
            ("statement_timeout", millis(self.statement)),
            ("lock_timeout", millis(self.lock)),
            ("idle_in_transaction_session_timeout", millis(self.abandoned)),
            ("tcp_keepalives_idle", "10".to_owned()),
            ("tcp_keepalives_interval", "5".to_owned()),
            ("tcp_keepalives_count", "3".to_owned()),
            ("tcp_user_timeout", "25000".to_owned()),
        ]
    }
}

/// The answer, or that none came in time: an outage, after which the connection is of no use.
#[doc(hidden)]
pub async fn answered<T>(
    bound: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    within(bound, work).await.unwrap_or_else(|| {
        let text = format!("PostgreSQL gave no answer within {} ms", bound.as_millis());
        Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, text)))
    })
}

/// How long the statements of a transaction have taken so far, the one under way counted in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter(Arc<Mutex<Spent>>);

#[derive(Debug, Default)]
struct Spent {
    before: Duration,
    since: Option<Stopwatch>,
}

impl Meter {
    pub fn spent(&self) -> Duration {
        let spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spent.before + spent.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    pub fn enter(&self) -> InDatabase {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).since = Some(Stopwatch::start());
        InDatabase(self.clone())
    }
}

/// A statement is under way, until this is dropped.
#[doc(hidden)]
#[derive(Debug)]
pub struct InDatabase(Meter);

impl Drop for InDatabase {
    fn drop(&mut self) {
        let mut spent = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = spent.since.take() {
            spent.before += since.elapsed();
        }
    }
}
