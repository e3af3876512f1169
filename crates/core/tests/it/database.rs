//! Databases that a bot must not touch, or cannot.

use frontdesk_core::db::Db;
use testkit::{Backend, Town, story};

use crate::echo::Echo;

async fn refused(town: &Town) -> String {
    let error = town.try_run(Echo::default()).await.expect_err("it was to refuse");
    format!("{error:#}")
}

story!(a_database_of_a_newer_schema_is_refused, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    town.stop_bot().await;
    town.sql("insert into _frontdesk_migrations values (99, '0099_x', 'x', 98, 0)").await;
    let error = refused(&town).await;
    assert!(error.contains("newer release") && error.contains("98"), "{error}");
});

story!(a_database_of_a_newer_release_that_still_allows_this_one_is_used, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    town.stop_bot().await;
    town.sql("insert into _frontdesk_migrations values (99, '0099_x', 'x', 1, 0)").await;
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("hello");
    town.idle().await;
    nino.expect("hello");
});

story!(a_database_of_another_bot_is_refused, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    town.stop_bot().await;
    town.sql("update meta set value = 'order-bot (bot 5)' where key = 'owner'").await;
    let error = refused(&town).await;
    assert!(error.contains("order-bot (bot 5)") && error.contains("DATABASE_URL"), "{error}");
});

story!(a_migration_that_was_changed_is_refused, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    town.stop_bot().await;
    town.sql("update _echo_migrations set checksum = 'another'").await;
    let error = refused(&town).await;
    assert!(error.contains("migration 1 of echo-bot") && error.contains("another text"), "{error}");
});

#[tokio::test]
async fn a_sqlite_file_serves_one_process() {
    testkit::tell(Backend::Sqlite, |town: Town| async move {
        town.run(Echo::default()).await;
        let error = Db::open(town.database().url()).await.unwrap_err().to_string();
        assert!(error.contains("another process of this bot is using"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    testkit::tell(Backend::Sqlite, |town: Town| async move {
        std::fs::write(town.database().folder().join("bot.db"), "this is no database, ".repeat(99)).unwrap();
        let error = refused(&town).await;
        assert!(error.contains("DATABASE_URL"), "{error}");
        std::fs::remove_file(town.database().folder().join("bot.db")).unwrap();
        town.run(Echo::default()).await;
    })
    .await;
}
