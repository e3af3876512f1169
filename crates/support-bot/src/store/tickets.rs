//! Tickets.

use frontdesk_core::clock::Timestamp;
use frontdesk_core::db::Tx;
use frontdesk_core::flow::JobId;
use frontdesk_core::on;
use sqlx::{FromRow, query, query_as};

use crate::domain::ticket::{self, Status};

/// A ticket.
#[derive(Clone, Debug, FromRow, PartialEq, Eq)]
pub struct Ticket {
    /// The table's own id.
    pub id: i64,
    /// The desk.
    pub desk_id: i64,
    /// What people call it by: from 1 on in each desk.
    pub number: i64,
    /// Where it was asked, by the chat's id of then.
    pub customer_chat_id: i64,
    /// The forum topic in which it was asked.
    pub customer_thread_id: Option<i64>,
    /// Who asked.
    pub customer_id: i64,
    /// The language of their Telegram.
    pub language: Option<String>,
    /// Their name then.
    pub name: String,
    /// Their username then, without `@`.
    pub username: Option<String>,
    /// The title of the group where it was asked.
    pub group_title: Option<String>,
    /// The job that makes its topic; none: it lives in General.
    pub topic_job: Option<JobId>,
    /// The job that sends its card.
    pub card_job: JobId,
    /// See [`Ticket::status`].
    pub status: i64,
    /// Not stored: another topic than its own, in which staff work on it right now. After a lost answer Telegram
    /// has two of a name, and one of them is on no map.
    #[sqlx(skip)]
    pub second_topic: Option<i64>,
}

impl Ticket {
    /// Whether it is open.
    pub fn status(&self) -> Status {
        Status::from_row(self.status)
    }

    /// Taken before its state is changed or relied on.
    pub fn lock_key(&self) -> i64 {
        ticket::lock_key(self.customer_chat_id, self.customer_id)
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select t.id, t.desk_id, t.number, t.customer_chat_id, t.customer_thread_id, t.customer_id, t.language, ",
            "t.name, t.username, t.group_title, t.topic_job, t.card_job, t.status from tickets t ",
            $rest
        )
    };
}

pub(super) const OPEN_IN_PRIVATE: &str = select!(
    "join desks d on d.id = t.desk_id \
         where t.customer_chat_id = $3 and t.status = 0 and t.customer_chat_id > 0 and d.staff_chat_id in ($1, $2)"
);
pub(super) const BY_TOPIC: &str = select!("where t.topic_job = $1");
pub(super) const BY_NUMBER: &str = select!(
    "join desks d on d.id = t.desk_id \
         where d.staff_chat_id in ($1, $2) and t.number = $3"
);
pub(super) const BY_MESSAGE: &str =
    select!("where t.id = (select ticket_id from messages where job_id = $1 limit 1)");

/// Stores a new ticket and returns its id; that of `ticket` counts for nothing.
pub async fn insert(tx: &mut Tx, ticket: &Ticket, now: Timestamp) -> Result<i64, sqlx::Error> {
    let row: (i64,) = on!(tx, c => query_as(
        "insert into tickets (desk_id, number, customer_chat_id, customer_thread_id, customer_id, language, name, \
         username, group_title, topic_job, card_job, status, opened_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id")
        .bind(ticket.desk_id).bind(ticket.number).bind(ticket.customer_chat_id).bind(ticket.customer_thread_id)
        .bind(ticket.customer_id).bind(&ticket.language).bind(&ticket.name).bind(&ticket.username)
        .bind(&ticket.group_title).bind(ticket.topic_job).bind(ticket.card_job).bind(ticket.status).bind(now)
        .fetch_one(c).await)?;
    Ok(row.0)
}

/// The open ticket of a private chat at the desk of `staff_chat`, which was configured as `before`.
pub async fn open_in_private(
    tx: &mut Tx,
    staff_chat: i64,
    before: i64,
    customer_chat: i64,
) -> Result<Option<Ticket>, sqlx::Error> {
    on!(tx, c => query_as(OPEN_IN_PRIVATE).bind(staff_chat).bind(before).bind(customer_chat).fetch_optional(c).await)
}

/// A ticket by its id.
pub async fn get(tx: &mut Tx, id: i64) -> Result<Option<Ticket>, sqlx::Error> {
    on!(tx, c => query_as(select!("where t.id = $1")).bind(id).fetch_optional(c).await)
}

/// A ticket by the job that made its topic.
pub async fn by_topic(tx: &mut Tx, topic_job: JobId) -> Result<Option<Ticket>, sqlx::Error> {
    on!(tx, c => query_as(BY_TOPIC).bind(topic_job).fetch_optional(c).await)
}

/// A ticket by its number at the desk of `staff_chat`, which was configured as `before`.
pub async fn by_number(
    tx: &mut Tx,
    staff_chat: i64,
    before: i64,
    number: i64,
) -> Result<Option<Ticket>, sqlx::Error> {
    on!(tx, c => query_as(BY_NUMBER).bind(staff_chat).bind(before).bind(number).fetch_optional(c).await)
}

/// The ticket that a message belongs to, by the job that sent it.
pub async fn by_message(tx: &mut Tx, job: i64) -> Result<Option<Ticket>, sqlx::Error> {
    on!(tx, c => query_as(BY_MESSAGE).bind(job).fetch_optional(c).await)
}

/// Opens or closes a ticket.
pub async fn set_status(tx: &mut Tx, id: i64, status: Status, now: Timestamp) -> Result<(), sqlx::Error> {
    let closed_at = (status == Status::Closed).then_some(now);
    on!(tx, c => query("update tickets set status = $2, closed_at = $3 where id = $1")
        .bind(id).bind(status.to_row()).bind(closed_at).execute(c).await.map(drop))
}

/// Gives a ticket another place in the staff group.
pub async fn set_place(
    tx: &mut Tx,
    id: i64,
    topic_job: Option<JobId>,
    card_job: JobId,
) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update tickets set topic_job = $2, card_job = $3 where id = $1")
        .bind(id).bind(topic_job).bind(card_job).execute(c).await.map(drop))
}

/// The language of the customer changed.
pub async fn set_language(tx: &mut Tx, id: i64, language: Option<&str>) -> Result<(), sqlx::Error> {
    on!(tx, c => query("update tickets set language = $2 where id = $1")
        .bind(id).bind(language).execute(c).await.map(drop))
}
