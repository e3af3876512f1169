//! What is left in the tables: for the end of a story, and for a story that is stuck.

use std::fmt::Write as _;

use frontdesk_core::app::Shared;
use frontdesk_core::clock::Stopwatch;
use frontdesk_core::db::Tx;
use frontdesk_core::on;
use frontdesk_core::store::dead_letters::{self, DeadLetter};
use sqlx::{AssertSqlSafe, query, query_as};

use crate::town::{PATIENCE, Town};

/// What a story said that it leaves behind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Expected {
    dead_letters: i64,
    waiting_jobs: i64,
    unhandled: i64,
    not_understood: i64,
}

impl Town {
    /// So many dead letters are right at the end.
    pub fn expect_dead_letters(&self, count: i64) {
        self.expected().dead_letters = count;
    }

    /// So many jobs that are due but not done are right at the end.
    pub fn expect_waiting_jobs(&self, count: i64) {
        self.expected().waiting_jobs = count;
    }

    /// So many updates that are not handled are right at the end.
    pub fn expect_unhandled(&self, count: i64) {
        self.expected().unhandled = count;
    }

    /// So many updates that were not understood are right at the end.
    pub fn expect_not_understood(&self, count: i64) {
        self.expected().not_understood = count;
    }

    /// What a statement that counts finds.
    ///
    /// # Panics
    /// When it is no statement of one integer.
    pub async fn count(&self, sql: &str) -> i64 {
        let mut tx = self.begin().await;
        let row: (i64,) = on!(&mut tx, c => query_as(AssertSqlSafe(sql.to_owned())).fetch_one(c).await)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        tx.rollback().await;
        row.0
    }

    /// Returns once a statement that counts finds `wanted`.
    ///
    /// # Panics
    /// After 20 s.
    pub async fn eventually_count(&self, sql: &str, wanted: i64) {
        let watch = Stopwatch::start();
        loop {
            let found = self.count(sql).await;
            if found == wanted {
                return;
            }
            assert!(watch.elapsed() < PATIENCE, "{sql}: {found} instead of {wanted}");
        }
    }

    /// Runs a statement; returns how many rows it changed.
    ///
    /// # Panics
    /// When it fails.
    pub async fn sql(&self, sql: &str) -> u64 {
        let mut tx = self.begin().await;
        let changed = on!(&mut tx, c => query(AssertSqlSafe(sql.to_owned())).execute(c).await.map(|done| done.rows_affected()));
        let changed = changed.unwrap_or_else(|error| panic!("{sql}: {error}"));
        tx.commit().await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        changed
    }

    /// The dead letters.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn dead_letters(&self) -> Vec<DeadLetter> {
        let mut tx = self.begin().await;
        let letters = dead_letters::list(&mut tx, 1000).await.unwrap_or_else(|error| panic!("{error}"));
        tx.rollback().await;
        letters
    }

    async fn begin(&self) -> Tx {
        self.db().await.begin().await.unwrap_or_else(|error| panic!("the database does not answer: {error}"))
    }

    /// Judges how a story ended.
    pub(crate) async fn end(&self) {
        if !self.was_started() {
            return;
        }
        if self.is_running() {
            self.idle().await;
        }
        let found = self.left_behind().await;
        let expected = *self.expected();
        assert_eq!(
            found,
            lines(expected),
            "a story leaves behind what it did not expect: {}",
            self.details().await
        );
        let missing = self
            .logs()
            .text()
            .lines()
            .find(|line| line.contains("the text ") && line.contains(" is missing"))
            .map(str::to_owned);
        assert_eq!(missing, None, "a text was missing");
        if self.checks_schema() {
            assert_eq!(
                self.world().violations(),
                Vec::<String>::new(),
                "the sandbox broke the Bot API's schema"
            );
            assert!(self.world().validated() > 0, "the sandbox validated nothing");
        }
        if self.is_running() {
            self.stop_bot().await;
        }
    }

    async fn left_behind(&self) -> String {
        let due = self.clock().now().micros();
        lines(Expected {
            dead_letters: self.count("select count(*) from dead_letters").await,
            waiting_jobs: self.count(&format!("select count(*) from jobs where due <= {due}")).await,
            unhandled: self.count("select count(*) from inbox where state = 0").await,
            not_understood: self.count("select count(*) from inbox where state = 2").await,
        })
    }

    /// The rows that wait, for the one who looks into it.
    pub(crate) async fn details(&self) -> String {
        let mut tx = self.begin().await;
        let inbox: Vec<(i64, String, String, i64, i64)> = on!(&mut tx, c => query_as(
            "select seq, lane, kind, attempts, state from inbox where state <> 1 order by seq limit 20")
            .fetch_all(c).await)
        .unwrap_or_default();
        let jobs: Vec<(i64, String, String, i64, i64, i64)> = on!(&mut tx, c => query_as(
            "select id, lane, payload, state, attempts, due from jobs order by id limit 20").fetch_all(c).await)
        .unwrap_or_default();
        let letters = dead_letters::list(&mut tx, 20).await.unwrap_or_default();
        tx.rollback().await;
        let mut text = String::new();
        for (seq, lane, kind, attempts, state) in inbox {
            let _ =
                write!(text, "\n  update {seq} ({kind}) in lane {lane}: state {state}, attempts {attempts}");
        }
        for (id, lane, payload, state, attempts, due) in jobs {
            let payload: String = payload.chars().take(160).collect();
            let _ = write!(
                text,
                "\n  job {id} in lane {lane}: state {state}, attempts {attempts}, due {due}: {payload}"
            );
        }
        for letter in letters {
            let _ = write!(
                text,
                "\n  dead letter of {} ({}): {}: {}",
                letter.what, letter.kind, letter.reason, letter.error
            );
        }
        text
    }

    pub(crate) async fn stuck(&self, shared: &Shared) -> String {
        let world = self.world();
        let last: Vec<String> = world
            .journal()
            .iter()
            .rev()
            .take(12)
            .map(|call| format!("\n  {} {:?} {} {:?}", call.method, call.ok, call.code, call.description))
            .collect();
        let fields = world.pending_updates(self.account().id);
        format!(
            "{fields} updates are not confirmed, {} calls are in flight, the bot says idle: {}, at {}.{}\nThe last calls, newest first:{}",
            world.in_flight(self.account().id),
            shared.is_idle(),
            self.clock().now().micros(),
            self.details().await,
            last.concat()
        )
    }
}

fn lines(counts: Expected) -> String {
    format!(
        "dead letters: {}, due jobs: {}, unhandled updates: {}, not understood: {}",
        counts.dead_letters, counts.waiting_jobs, counts.unhandled, counts.not_understood
    )
}
