//! A database that is away for a while.

use std::time::Duration;

use frontdesk_core::db::Db;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection, raw_sql};
use testkit::{Backend, Fault, FaultKind, Town, story};

use crate::echo::Echo;

/// SQLite: another process holds the write lock. PostgreSQL: the server lets nobody in.
pub enum Outage {
    Sqlite(SqliteConnection),
    Postgres(PgConnection, String),
}

impl Outage {
    pub async fn begin(town: &Town) -> Self {
        if town.backend() == Backend::Sqlite {
            let mut other = SqliteConnection::connect(town.database().url()).await.unwrap();
            raw_sql("pragma busy_timeout = 10000; begin exclusive").execute(&mut other).await.unwrap();
            return Self::Sqlite(other);
        }
        let name = town.database().url().rsplit('/').next().unwrap().to_owned();
        let server = std::env::var("TEST_POSTGRES_URL").unwrap();
        let mut other = PgConnection::connect(&server).await.unwrap();
        let shut = format!(
            "alter database {name} with allow_connections false; \
             select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        );
        raw_sql(AssertSqlSafe(shut)).execute(&mut other).await.unwrap();
        Self::Postgres(other, name)
    }

    pub async fn end(self) {
        match self {
            Self::Sqlite(mut other) => {
                raw_sql("rollback").execute(&mut other).await.unwrap();
                other.close().await.unwrap();
            }
            Self::Postgres(mut other, name) => {
                let open = format!("alter database {name} with allow_connections true");
                raw_sql(AssertSqlSafe(open)).execute(&mut other).await.unwrap();
                other.close().await.unwrap();
            }
        }
    }
}

story!(a_database_that_is_away_for_a_while_costs_no_attempt_and_loses_nothing, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("before");
    town.idle().await;
    let outage = Outage::begin(&town).await;
    for n in 0..5 {
        nino.says(&n.to_string());
    }
    town.eventually("the bot has noticed", || town.logs().has("could not be stored")).await;
    assert_eq!(town.world().pending_updates(town.account().id), 5);
    outage.end().await;
    town.idle().await;
    assert_eq!(nino.sees().len(), 12);
    assert_eq!(town.count("select count(*) from heard").await, 6);
    assert_eq!(town.count("select coalesce(max(attempts), 0) from inbox").await, 0);
});

story!(a_call_that_lands_while_the_database_is_away_is_not_repeated, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::Withhold).method("sendMessage"));
    nino.says("hello");
    town.eventually("the call is in flight", || town.world().calls_of("sendMessage").len() == 1).await;
    let outage = Outage::begin(&town).await;
    town.world().remove_faults(None);
    town.eventually("the bot has noticed", || town.logs().has("did not take what was sent")).await;
    outage.end().await;
    town.idle().await;
    assert_eq!(town.world().calls_of("sendMessage").len(), 1);
    assert_eq!(town.count("select count(*) from sent").await, 1);
});

story!(a_read_only_database_is_waited_out, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    let nino = town.person("Nino", "en");
    read_only(&town, true).await;
    nino.says("hello");
    town.eventually("the bot has noticed", || town.logs().has("could not be stored")).await;
    assert_eq!(town.world().pending_updates(town.account().id), 1);
    read_only(&town, false).await;
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
});

async fn read_only(town: &Town, on: bool) {
    if town.backend() == Backend::Sqlite {
        // The writer is one connection: this holds until it is taken back.
        pragma(town, &format!("pragma query_only = {on}")).await;
        return;
    }
    let name = town.database().url().rsplit('/').next().unwrap().to_owned();
    let server = std::env::var("TEST_POSTGRES_URL").unwrap();
    let mut other = PgConnection::connect(&server).await.unwrap();
    let change = format!(
        "alter database {name} set default_transaction_read_only = {on}; \
         select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    );
    raw_sql(AssertSqlSafe(change)).execute(&mut other).await.unwrap();
}

async fn pragma(town: &Town, text: &str) {
    let Db::Sqlite { writer, .. } = &town.shared().db else { panic!("a pragma is SQLite's") };
    let mut writer = writer.acquire().await.unwrap();
    raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut *writer).await.unwrap();
}

#[tokio::test]
async fn a_full_database_is_waited_out() {
    testkit::tell(Backend::Sqlite, |town: Town| async move {
        town.run(Echo::default()).await;
        town.idle().await;
        let nino = town.person("Nino", "en");
        let pages = town.count("select page_count from pragma_page_count").await;
        pragma(&town, &format!("pragma max_page_count = {}", pages + 1)).await;
        for _ in 0..20 {
            nino.says(&format!("note {}", "x".repeat(4_000)));
        }
        town.eventually("the bot has noticed", || town.logs().has("could not be stored")).await;
        assert!(town.world().pending_updates(town.account().id) > 0);
        pragma(&town, "pragma max_page_count = 1000000").await;
        town.idle().await;
        assert_eq!(town.count("select count(*) from heard").await, 20);
    })
    .await;
}

story!(a_bot_stops_while_the_database_is_away, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.idle().await;
    let outage = Outage::begin(&town).await;
    nino.says("hello");
    town.eventually("the bot has noticed", || town.logs().has("could not be stored")).await;
    let stopped = town.try_stop().await;
    assert!(format!("{:#}", stopped.unwrap_err()).contains("clean stop could not be noted"));
    outage.end().await;
    town.advance_only(Duration::from_secs(1));
    town.restart_bot().await;
    town.idle().await;
    nino.assert_sees_last(&["Lotus Support: (re \"hello\") hello"]);
});
