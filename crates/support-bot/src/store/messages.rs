//! The map of a ticket's messages: which message of one side is which of the other.

use frontdesk_core::db::Tx;
use frontdesk_core::flow::JobId;
use frontdesk_core::on;
use sqlx::{AssertSqlSafe, FromRow, query, query_as};

/// From where to where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From the customer, copied to staff.
    Customer,
    /// From staff, copied to the customer.
    Staff,
    /// The bot's own, to the customer.
    NoticeToCustomer,
    /// The bot's own, to staff.
    NoticeToStaff,
}

impl Side {
    /// As the table holds it.
    pub fn to_row(self) -> i64 {
        match self {
            Self::Customer => 0,
            Self::Staff => 1,
            Self::NoticeToCustomer => 2,
            Self::NoticeToStaff => 3,
        }
    }
}

/// One message, or one part of an album.
#[derive(Clone, Copy, Debug, FromRow, PartialEq, Eq)]
pub struct Entry {
    /// The job that sends its copy.
    pub job_id: JobId,
    /// Which of the job's messages.
    pub part: i64,
    /// The ticket.
    pub ticket_id: i64,
    /// See [`Side`].
    pub side: i64,
    /// The chat of the original.
    pub from_chat_id: Option<i64>,
    /// The original.
    pub from_message_id: Option<i64>,
}

impl Entry {
    /// Whether it goes this way.
    pub fn is(&self, side: Side) -> bool {
        self.side == side.to_row()
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select job_id, part, ticket_id, side, from_chat_id, from_message_id from messages where ",
            $rest
        )
    };
}

pub(super) const WAITING_TICKETS: &str = "select distinct ticket_id from messages where undelivered = 1 and ticket_id > $1 \
         order by ticket_id limit $2";
pub(super) const BY_JOB: &str = select!("job_id = $1 and part = $2");
pub(super) const BY_SOURCE: &str = select!(
    "from_chat_id = $1 and from_message_id = $2 \
         order by job_id desc limit 1"
);
pub(super) const LATEST: &str = select!("ticket_id = $1 and side = 0 order by job_id desc, part limit 1");
pub(super) const UNDELIVERED: &str =
    select!("ticket_id = $1 and undelivered = 1 order by job_id, part limit $2");

/// The entries of one message: one for each part.
pub fn entries(job: JobId, ticket: i64, side: Side, chat: i64, messages: &[i64]) -> Vec<Entry> {
    (0..)
        .zip(messages)
        .map(|(part, message)| Entry {
            job_id: job,
            part,
            ticket_id: ticket,
            side: side.to_row(),
            from_chat_id: Some(chat),
            from_message_id: Some(*message),
        })
        .collect()
}

/// The entry of a message of the bot's own.
pub fn notice(job: JobId, ticket: i64, side: Side) -> Entry {
    Entry {
        job_id: job,
        part: 0,
        ticket_id: ticket,
        side: side.to_row(),
        from_chat_id: None,
        from_message_id: None,
    }
}

/// Stores entries, in one statement.
pub async fn insert(tx: &mut Tx, entries: &[Entry]) -> Result<(), sqlx::Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows: Vec<String> = (0..entries.len())
        .map(|row| {
            let at = row * 6;
            format!("(${}, ${}, ${}, ${}, ${}, ${})", at + 1, at + 2, at + 3, at + 4, at + 5, at + 6)
        })
        .collect();
    let sql = AssertSqlSafe(format!(
        "insert into messages (job_id, part, ticket_id, side, from_chat_id, from_message_id) values {}",
        rows.join(", ")
    ));
    on!(tx, c => {
        let mut q = query(sql);
        for entry in entries {
            q = q.bind(entry.job_id).bind(entry.part).bind(entry.ticket_id).bind(entry.side)
                .bind(entry.from_chat_id).bind(entry.from_message_id);
        }
        q.execute(c).await.map(drop)
    })
}

/// The entry of a copy, by the job that sent it.
pub async fn by_job(tx: &mut Tx, job: i64, part: i64) -> Result<Option<Entry>, sqlx::Error> {
    on!(tx, c => query_as(BY_JOB).bind(job).bind(part).fetch_optional(c).await)
}

/// The newest entry of an original.
pub async fn by_source(tx: &mut Tx, chat: i64, message: i64) -> Result<Option<Entry>, sqlx::Error> {
    on!(tx, c => query_as(BY_SOURCE).bind(chat).bind(message).fetch_optional(c).await)
}

/// The customer's latest message of a ticket.
pub async fn latest(tx: &mut Tx, ticket: i64) -> Result<Option<Entry>, sqlx::Error> {
    on!(tx, c => query_as(LATEST).bind(ticket).fetch_optional(c).await)
}

/// The customer's messages of a ticket from a job on, oldest first, at most so many.
pub async fn since(tx: &mut Tx, ticket: i64, job: JobId, most: i64) -> Result<Vec<Entry>, sqlx::Error> {
    on!(tx, c => query_as(select!("ticket_id = $1 and side = 0 and job_id >= $2 \
         order by job_id, part limit $3")).bind(ticket).bind(job).bind(most).fetch_all(c).await)
}

/// The customer's messages of a ticket that wait for staff to be reachable again, oldest first.
pub async fn undelivered(tx: &mut Tx, ticket: i64, most: i64) -> Result<Vec<Entry>, sqlx::Error> {
    on!(tx, c => query_as(UNDELIVERED).bind(ticket).bind(most).fetch_all(c).await)
}

/// Tickets behind `after` with messages that wait, at most so many.
pub async fn waiting_tickets(tx: &mut Tx, after: i64, most: i64) -> Result<Vec<i64>, sqlx::Error> {
    let rows: Vec<(i64,)> = on!(tx, c => query_as(
        WAITING_TICKETS)
        .bind(after).bind(most).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Notes that a message waits until staff can be reached. False: nothing of the kind is known.
pub async fn keep(tx: &mut Tx, job: JobId) -> Result<bool, sqlx::Error> {
    on!(tx, c => query("update messages set undelivered = 1 where job_id = $1")
        .bind(job).execute(c).await.map(|done| done.rows_affected() > 0))
}

/// A message is sent by another job now.
pub async fn moved(tx: &mut Tx, from: JobId, to: JobId) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update messages set job_id = $2, undelivered = 0 where job_id = $1")
        .bind(from).bind(to).execute(c).await.map(drop))
}
