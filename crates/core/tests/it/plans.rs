//! What waits for later, or behind, costs nothing: the plans of the statements that every turn runs.

use frontdesk_core::db::{Conn, Tx};
use frontdesk_core::on;
use frontdesk_core::store::{inbox, jobs};
use sqlx::{AssertSqlSafe, query_as};
use testkit::{Town, story};

use crate::echo::Echo;

/// What the planner would do. Parameters are written out: a plan has none.
async fn plan(town: &Town, statement: &str) -> String {
    let mut text = statement.to_owned();
    for (place, value) in [("$1", "'busy'"), ("$2", "'a5'"), ("$3", "'c'"), ("$4", "'d'")] {
        text = text.replace(place, value);
    }
    let mut tx: Tx = town.shared().db.begin().await.unwrap();
    let sqlite = matches!(tx.conn(), Conn::Sqlite(_));
    let plan = if sqlite {
        let sql = format!("explain query plan {text}");
        let rows: Vec<(i64, i64, i64, String)> =
            on!(&mut tx, c => query_as(AssertSqlSafe(sql)).fetch_all(c).await).unwrap();
        rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n")
    } else {
        let sql = format!("explain {text}");
        let rows: Vec<(String,)> =
            on!(&mut tx, c => query_as(AssertSqlSafe(sql)).fetch_all(c).await).unwrap();
        rows.into_iter().map(|row| row.0).collect::<Vec<_>>().join("\n")
    };
    tx.rollback().await;
    plan
}

async fn analyze(town: &Town) {
    town.sql("analyze").await;
}

story!(the_head_of_a_lane_is_found_at_once_behind_any_number_of_delayed_jobs, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    town.sql(
        "insert into jobs (id, lane, kind, payload, priority, due, delayed, policy, created_at) \
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000) \
         select 1000000 + i, 'busy', 'work', '{}', 0, 9000000000000000, 1, 0, 0 from n",
    )
    .await;
    analyze(&town).await;
    let plan = plan(&town, &jobs::heads_sql(4)).await;
    assert_eq!(plan.matches("jobs_ready").count(), 4, "{plan}");
    assert!(!plan.contains("Seq Scan"), "{plan}");
    let mut tx = town.shared().db.begin().await.unwrap();
    assert_eq!(jobs::heads(&mut tx, &["busy".to_owned()]).await.unwrap().len(), 0);
    tx.rollback().await;
    town.sql("delete from jobs where lane = 'busy'").await;
});

story!(the_parts_of_an_album_are_found_without_reading_the_lane, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    town.sql(
        "insert into inbox (bot_id, update_id, lane, kind, album, raw, received_at) \
         with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000) \
         select 1, i, 'busy', 'message', case when i % 100 = 0 then 'a' || (i % 1000) end, '{}', 0 from n",
    )
    .await;
    analyze(&town).await;
    town.sql("update inbox set state = 1, done_at = 0 where lane = 'busy' and seq % 2 = 1").await;
    let plan = plan(&town, &inbox::album_sql()).await;
    assert!(plan.contains("inbox_albums"), "{plan}");
    town.sql("delete from inbox where lane = 'busy'").await;
});
