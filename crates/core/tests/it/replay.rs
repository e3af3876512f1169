//! Dead letters that go again, from a process beside the bot.

use std::time::Duration;

use frontdesk_core::db::{Access, Db};
use frontdesk_core::flow;
use frontdesk_core::store::dead_letters::{self, DeadLetter};
use sandbox::{Fault, FaultKind};
use testkit::{Town, story};

use crate::echo::Echo;

/// What `dead-letters replay` does, through a connection of its own.
async fn replay(town: &Town, letter: &DeadLetter) -> Option<String> {
    let db = Db::open_beside(town.database().url(), Access::Write).await.unwrap().unwrap();
    let mut tx = db.begin().await.unwrap();
    let refused = flow::replay(&mut tx, letter, town.shared().bot_id, town.clock().now()).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    refused
}

/// Makes the next failure of what waits the last one.
async fn give_up(town: &Town) {
    town.sql("update inbox set attempts = 4, retry_at = 0 where state = 0").await;
    town.advance(Duration::from_secs(1)).await;
}

story!(a_replayed_update_is_answered_by_the_bot_that_runs, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("flaky 2");
    town.idle().await;
    give_up(&town).await;
    let letters = town.dead_letters().await;
    assert_eq!(replay(&town, &letters[0]).await, None);
    town.advance(Duration::from_secs(2)).await;
    town.eventually("the replayed update is answered", || {
        nino.sees().iter().any(|line| line.ends_with(") flaky 2"))
    })
    .await;
    town.idle().await;
    assert!(town.dead_letters().await.is_empty());
});

story!(two_who_replay_the_same_letter_replay_it_once, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("flaky 2");
    town.idle().await;
    give_up(&town).await;
    let letters = town.dead_letters().await;
    let (one, other) = tokio::join!(replay(&town, &letters[0]), replay(&town, &letters[0]));
    let refused: Vec<String> = [one, other].into_iter().flatten().collect();
    assert_eq!(refused, ["somebody else has replayed or dropped it just now"]);
    town.advance(Duration::from_secs(2)).await;
    town.eventually("it is handled", || nino.sees().iter().any(|line| line.ends_with(") flaky 2"))).await;
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 1);
});

story!(a_replayed_job_goes_out_under_its_own_id, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::LostReply).method("sendMessage").count(1));
    nino.says("pay");
    town.advance(Duration::from_mins(1)).await;
    let letters = town.dead_letters().await;
    assert_eq!((letters[0].what.as_str(), letters[0].reason.as_str()), ("job", "unknown"));
    let before = town.world().calls_of("sendMessage").len();
    assert_eq!(replay(&town, &letters[0]).await, None);
    town.advance(Duration::from_secs(2)).await;
    town.eventually("the job went out", || town.world().calls_of("sendMessage").len() > before).await;
    town.idle().await;
    let sent = format!("select count(*) from sent where job_id = {}", letters[0].reference);
    assert_eq!(town.count(&sent).await, 1);
    assert!(town.dead_letters().await.is_empty());
});

story!(an_update_that_came_again_meanwhile_stays_a_dead_letter, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("flaky 2");
    town.idle().await;
    give_up(&town).await;
    let letter = town.dead_letters().await.remove(0);
    assert_eq!(replay(&town, &letter).await, None);
    // The same letter once more, as if Telegram had sent the update a second time.
    let mut tx = town.shared().db.begin().await.unwrap();
    dead_letters::insert(&mut tx, &letter).await.unwrap();
    tx.commit().await.unwrap();
    let why = replay(&town, &town.dead_letters().await[0]).await.unwrap();
    assert!(why.contains("a second time"), "{why}");
    town.advance(Duration::from_secs(2)).await;
    town.eventually("the replayed update is answered", || {
        nino.sees().iter().any(|line| line.ends_with(") flaky 2"))
    })
    .await;
    town.idle().await;
    town.expect_dead_letters(1);
});

story!(an_operator_looks_at_a_database_that_is_in_use, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("fail");
    town.idle().await;
    give_up(&town).await;
    let db = Db::open_beside(town.database().url(), Access::Read).await.unwrap().unwrap();
    let mut tx = db.read().await.unwrap();
    assert_eq!(dead_letters::count(&mut tx).await.unwrap(), 1);
    tx.rollback().await;
    db.close().await;
    town.expect_dead_letters(1);
});
