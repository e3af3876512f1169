//! Every statement of the store on both databases, and what it costs.

use frontdesk_core::Bot;
use frontdesk_core::cli::Deployable;
use frontdesk_core::clock::Timestamp;
use frontdesk_core::db::{Db, Tx, migrate};
use frontdesk_core::flow::JobId;
use frontdesk_core::on;
use sqlx::{AssertSqlSafe, query_as};
use testkit::{Backend, TestDatabase};

use super::messages::Side;
use super::tickets::Ticket;
use super::{desks, groups, messages, tickets};
use crate::domain::ticket::Status;

const NOW: Timestamp = Timestamp(1_000_000);
const STAFF: i64 = -1001;

struct Store {
    db: Db,
    // Dropped last: the database is removed with it.
    _database: TestDatabase,
}

async fn store(backend: Backend) -> Store {
    let database = TestDatabase::create(backend).await;
    let db = Db::open(database.url()).await.unwrap();
    let desk = crate::config::Desk { staff_group: STAFF, admins: vec![1], staff_language: "en".to_owned() };
    migrate(&db, &crate::SupportBot::new(desk).migrations(), NOW).await.unwrap();
    Store { db, _database: database }
}

fn ticket(desk_id: i64, number: i64, chat: i64, status: Status) -> Ticket {
    Ticket {
        id: 0,
        desk_id,
        number,
        customer_chat_id: chat,
        customer_thread_id: None,
        customer_id: chat.abs(),
        language: Some("en".to_owned()),
        name: "Nino".to_owned(),
        username: None,
        group_title: None,
        topic_job: Some(JobId(number * 10)),
        card_job: JobId(number * 10 + 1),
        second_topic: None,
        status: status.to_row(),
    }
}

/// Names a test for each database.
macro_rules! on_both {
    ($name:ident) => {
        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                super::$name(super::store(testkit::Backend::Sqlite).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name(super::store(testkit::Backend::Postgres).await).await;
            }
        }
    };
}

on_both!(numbers_count_from_one_in_each_desk_and_follow_a_move);
async fn numbers_count_from_one_in_each_desk_and_follow_a_move(store: Store) {
    let mut tx = store.db.begin().await.unwrap();
    let (first, one) = desks::next_number(&mut tx, STAFF, STAFF).await.unwrap();
    let (other, also_one) = desks::next_number(&mut tx, -2, -2).await.unwrap();
    assert_eq!((one, also_one), (1, 1));
    assert_ne!(first, other);
    assert_eq!(desks::next_number(&mut tx, STAFF, STAFF).await.unwrap(), (first, 2));
    // The alias is known before Telegram's notice was handled, and after it, with either setting.
    assert_eq!(desks::next_number(&mut tx, -1009, STAFF).await.unwrap(), (first, 3));
    desks::moved(&mut tx, STAFF, -1009).await.unwrap();
    assert_eq!(desks::next_number(&mut tx, -1009, STAFF).await.unwrap(), (first, 4));
    assert_eq!(desks::next_number(&mut tx, -1009, -1009).await.unwrap(), (first, 5));
    assert!(desks::tell_once(&mut tx, first, Timestamp(10), NOW).await.unwrap());
    assert!(!desks::tell_once(&mut tx, first, Timestamp(10), NOW).await.unwrap());
    tx.commit().await.unwrap();
}

on_both!(a_private_chat_has_one_open_ticket);
async fn a_private_chat_has_one_open_ticket(store: Store) {
    let mut tx = store.db.begin().await.unwrap();
    let (desk, _) = desks::next_number(&mut tx, STAFF, STAFF).await.unwrap();
    let mut open = ticket(desk, 1, 7, Status::Open);
    open.id = tickets::insert(&mut tx, &open, NOW).await.unwrap();
    assert_eq!(tickets::open_in_private(&mut tx, STAFF, STAFF, 7).await.unwrap(), Some(open.clone()));
    assert_eq!(tickets::open_in_private(&mut tx, -2, -2, 7).await.unwrap(), None, "another desk");
    assert_eq!(tickets::by_topic(&mut tx, JobId(10)).await.unwrap(), Some(open.clone()));
    assert_eq!(tickets::by_number(&mut tx, STAFF, STAFF, 1).await.unwrap(), Some(open.clone()));
    tickets::set_language(&mut tx, open.id, None).await.unwrap();
    tickets::set_place(&mut tx, open.id, None, JobId(99)).await.unwrap();
    tickets::set_status(&mut tx, open.id, Status::Closed, NOW).await.unwrap();
    let closed = tickets::get(&mut tx, open.id).await.unwrap().unwrap();
    assert_eq!((closed.status(), closed.topic_job, closed.card_job), (Status::Closed, None, JobId(99)));
    assert_eq!(closed.language, None);
    assert_eq!(tickets::open_in_private(&mut tx, STAFF, STAFF, 7).await.unwrap(), None);
    tickets::insert(&mut tx, &ticket(desk, 2, 7, Status::Open), NOW).await.unwrap();
    tickets::insert(&mut tx, &ticket(desk, 3, -7, Status::Open), NOW).await.unwrap();
    tickets::insert(&mut tx, &ticket(desk, 4, -7, Status::Open), NOW).await.unwrap();
    let second = tickets::insert(&mut tx, &ticket(desk, 5, 7, Status::Open), NOW).await;
    assert!(second.is_err(), "two open tickets in one private chat");
    tx.rollback().await;
}

on_both!(the_map_finds_each_message_from_either_side);
async fn the_map_finds_each_message_from_either_side(store: Store) {
    let mut tx = store.db.begin().await.unwrap();
    let (desk, _) = desks::next_number(&mut tx, STAFF, STAFF).await.unwrap();
    let id = tickets::insert(&mut tx, &ticket(desk, 1, 7, Status::Open), NOW).await.unwrap();
    let first = messages::entries(JobId(100), id, Side::Customer, 7, &[1]);
    let album = messages::entries(JobId(200), id, Side::Customer, 7, &[2, 3, 4]);
    let answer = messages::entries(JobId(300), id, Side::Staff, STAFF, &[50]);
    let notice = messages::notice(JobId(400), id, Side::NoticeToCustomer);
    messages::insert(&mut tx, &[first.clone(), album.clone(), answer.clone(), vec![notice]].concat())
        .await
        .unwrap();
    messages::insert(&mut tx, &[]).await.unwrap();
    assert_eq!(messages::by_job(&mut tx, 200, 1).await.unwrap(), Some(album[1]));
    assert_eq!(messages::by_source(&mut tx, STAFF, 50).await.unwrap(), Some(answer[0]));
    assert_eq!(messages::by_source(&mut tx, STAFF, 51).await.unwrap(), None);
    assert_eq!(messages::latest(&mut tx, id).await.unwrap(), Some(album[0]));
    assert_eq!(messages::since(&mut tx, id, JobId(150), 10).await.unwrap(), album);
    assert_eq!(tickets::by_message(&mut tx, 400).await.unwrap().unwrap().id, id);

    assert!(messages::keep(&mut tx, JobId(200)).await.unwrap());
    assert!(!messages::keep(&mut tx, JobId(201)).await.unwrap());
    assert_eq!(messages::waiting_tickets(&mut tx, 0, 10).await.unwrap(), [id]);
    assert_eq!(messages::waiting_tickets(&mut tx, id, 10).await.unwrap(), Vec::<i64>::new());
    assert_eq!(messages::undelivered(&mut tx, id, 10).await.unwrap(), album);
    messages::moved(&mut tx, JobId(200), JobId(500)).await.unwrap();
    assert_eq!(messages::undelivered(&mut tx, id, 10).await.unwrap(), []);
    assert_eq!(messages::by_job(&mut tx, 500, 2).await.unwrap().unwrap().from_message_id, Some(4));
    tx.commit().await.unwrap();
}

on_both!(groups_are_added_once_and_follow_a_move);
async fn groups_are_added_once_and_follow_a_move(store: Store) {
    let mut tx = store.db.begin().await.unwrap();
    assert!(groups::add(&mut tx, -5, "Tea", 1, NOW).await.unwrap());
    assert!(!groups::add(&mut tx, -5, "Tea", 1, NOW).await.unwrap());
    groups::moved(&mut tx, -5, -1005).await.unwrap();
    assert!(!groups::has(&mut tx, -5).await.unwrap());
    assert_eq!(groups::all(&mut tx).await.unwrap(), [(-1005, "Tea".to_owned())]);
    groups::add(&mut tx, -5, "Tea again", 1, NOW).await.unwrap();
    groups::moved(&mut tx, -5, -1005).await.unwrap();
    assert_eq!(groups::all(&mut tx).await.unwrap().len(), 1);
    assert!(groups::remove(&mut tx, -1005).await.unwrap());
    assert!(!groups::remove(&mut tx, -1005).await.unwrap());
    tx.commit().await.unwrap();
}

on_both!(no_statement_of_a_message_reads_through_a_table);
async fn no_statement_of_a_message_reads_through_a_table(store: Store) {
    let mut tx = store.db.begin().await.unwrap();
    let (desk, _) = desks::next_number(&mut tx, STAFF, STAFF).await.unwrap();
    // Enough rows that a planner which may choose prefers an index.
    let range = if store.db.is_sqlite() {
        "with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 20000)"
    } else {
        "with numbers (n) as (select generate_series(1, 20000))"
    };
    tx.raw(format!(
        "insert into tickets (desk_id, number, customer_chat_id, customer_id, name, topic_job, card_job, status, \
         opened_at) {range} select {desk}, n, n % 500 + 1, n % 500 + 1, 'Nino', n * 10, n * 10 + 1, 1, 0 from numbers"
    ))
    .await
    .unwrap();
    tx.raw(format!(
        "insert into messages (job_id, part, ticket_id, side, from_chat_id, from_message_id) {range} \
         select n, 0, (select min(id) from tickets) + n % 100, n % 2, n % 500 + 1, n from numbers"
    ))
    .await
    .unwrap();
    tx.commit().await.unwrap();
    if !store.db.is_sqlite() {
        let mut tx = store.db.begin().await.unwrap();
        tx.raw("analyze").await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = store.db.begin().await.unwrap();
    for statement in [
        tickets::OPEN_IN_PRIVATE,
        tickets::BY_TOPIC,
        tickets::BY_NUMBER,
        tickets::BY_MESSAGE,
        messages::BY_JOB,
        messages::BY_SOURCE,
        messages::LATEST,
        messages::UNDELIVERED,
        messages::WAITING_TICKETS,
    ] {
        let plan = plan(&mut tx, store.db.is_sqlite(), statement).await;
        let reads_through = |line: &str| {
            // Desks are as many as staff groups: reading them all is as good as an index.
            let is_small = line.contains("SCAN d") || line.contains("on desks");
            let sqlite = line.trim_start().starts_with("SCAN") && !line.contains("USING");
            !is_small && (sqlite || line.contains("Seq Scan"))
        };
        let scans = plan.lines().any(reads_through);
        assert!(!scans, "{statement}\n{plan}");
    }
    tx.rollback().await;
}

/// What the planner would do. Parameters are written as numbers: a plan has none.
async fn plan(tx: &mut Tx, is_sqlite: bool, statement: &str) -> String {
    let mut text = statement.to_owned();
    for (place, value) in [("$1", "-1001"), ("$2", "0"), ("$3", "7")] {
        text = text.replace(place, value);
    }
    if is_sqlite {
        let sql = format!("explain query plan {text}");
        let rows: Vec<(i64, i64, i64, String)> =
            on!(tx, c => query_as(AssertSqlSafe(sql)).fetch_all(c).await).unwrap();
        return rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n");
    }
    let sql = format!("explain {text}");
    let rows: Vec<(String,)> = on!(tx, c => query_as(AssertSqlSafe(sql)).fetch_all(c).await).unwrap();
    rows.into_iter().map(|row| row.0).collect::<Vec<_>>().join("\n")
}
