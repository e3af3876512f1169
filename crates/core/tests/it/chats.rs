//! Chats that cannot be written to, and groups that become supergroups.

use std::time::Duration;

use testkit::{Fault, FaultKind, story};

use crate::echo::Echo;

story!(a_chat_that_blocked_the_bot_is_parked_and_unparked, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("hello");
    nino.blocks();
    town.idle().await;
    let calls = town.world().calls_of("sendMessage").len();
    mei.says(&format!("tell {}", nino.id()));
    mei.says(&format!("insist {}", nino.id()));
    town.idle().await;
    assert_eq!(town.world().calls_of("sendMessage").len(), calls, "nothing is even tried");
    assert_eq!(town.count("select count(*) from heard where text = 'tell: parked'").await, 1);
    assert_eq!(town.count("select count(*) from jobs").await, 1, "what insists waits");
    town.restart_bot().await;
    town.idle().await;
    assert_eq!(town.count("select count(*) from jobs").await, 1, "over a restart too");
    nino.unblocks();
    town.idle().await;
    nino.expect("insisted");
    nino.assert_never_saw("told");
});

story!(a_403_parks_the_chat_and_a_new_message_unparks_it, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("hello");
    nino.blocks();
    town.idle().await;
    // The bot has missed that: only the answer of a call can tell.
    town.stop_bot().await;
    town.sql("delete from chats").await;
    town.restart_bot().await;
    mei.says(&format!("insist {}", nino.id()));
    town.idle().await;
    assert_eq!(town.count("select count(*) from chats where parked is not null").await, 1);
    assert_eq!(town.count("select count(*) from jobs").await, 1);
    nino.unblocks();
    nino.says("here again");
    town.idle().await;
    nino.expect("insisted");
    nino.expect("here again");
    assert_eq!(town.count("select count(*) from chats where parked is not null").await, 0);
});

story!(a_bot_that_was_thrown_out_of_a_group_writes_nothing_there, |town| async move {
    town.run(Echo::default()).await;
    let mei = town.person("Mei", "en");
    let group = town.supergroup("Lotus", &mei);
    group.add_bot();
    town.idle().await;
    group.kick_bot(&mei);
    town.idle().await;
    let calls = town.world().calls_of("sendMessage").len();
    mei.says(&format!("tell {}", group.id()));
    town.idle().await;
    assert_eq!(town.world().calls_of("sendMessage").len(), calls);
    assert_eq!(town.count("select count(*) from heard where text = 'tell: parked'").await, 1);
});

story!(a_group_that_became_a_supergroup_is_known_by_its_old_id_for_ever, |town| async move {
    town.run(Echo::default()).await;
    let mei = town.person("Mei", "en");
    let old = town.group("Lotus", &mei);
    old.make_bot_admin(testkit::Rights::usual());
    mei.at(&old).says("note hello");
    town.idle().await;
    let new = old.migrates();
    town.idle().await;
    let calls = town.world().calls_of("sendMessage").len();
    mei.says(&format!("tell {}", old.id()));
    town.idle().await;
    mei.at(&new).expect("told");
    assert_eq!(town.world().calls_of("sendMessage").len(), calls + 1, "without asking the old id first");
    town.restart_bot().await;
    mei.says(&format!("to {}", old.id()));
    town.idle().await;
    mei.at(&new).expect("sent there");
    assert_eq!(town.shared().aliases.today(old.id()), new.id());
});

story!(a_migration_that_only_an_error_tells_of_moves_what_waits, |town| async move {
    town.run(Echo::default()).await;
    let mei = town.person("Mei", "en");
    let old = town.group("Lotus", &mei);
    old.make_bot_admin(testkit::Rights::usual());
    let new = old.migrates();
    town.idle().await;
    town.stop_bot().await;
    town.sql("delete from chats").await;
    for _ in 0..3 {
        mei.says(&format!("to {}", old.id()));
    }
    town.restart_bot().await;
    town.idle().await;
    let told = mei.at(&new).sees().iter().filter(|line| line.ends_with("sent there")).count();
    assert_eq!(told, 3);
    let refused = town.world().calls_of("sendMessage").iter().filter(|call| call.ok == Some(false)).count();
    // A job that was already on its way when the first refusal told may hear it for itself.
    assert!((1..=2).contains(&refused), "one refusal tells the rest: {refused}");
    assert_eq!(town.shared().aliases.today(old.id()), new.id());
});

story!(a_chat_that_comes_back_is_open_even_if_the_handler_of_that_fails, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("hello");
    nino.blocks();
    mei.says(&format!("insist {}", nino.id()));
    town.idle().await;
    town.sql("drop table heard").await;
    nino.unblocks();
    town.idle().await;
    for wait in [1, 2, 4, 8] {
        town.advance(Duration::from_secs(wait)).await;
    }
    nino.expect("insisted");
    town.expect_dead_letters(1);
});

story!(a_refusal_older_than_the_return_parks_nobody, |town| async move {
    town.run(Echo::default()).await;
    let (nino, mei) = (town.person("Nino", "en"), town.person("Mei", "en"));
    nino.says("note hello");
    town.idle().await;
    // A refusal of which no update tells, and whose answer is slow.
    town.world().deactivate(nino.id());
    town.fault(Fault::new(FaultKind::Withhold).method("sendMessage"));
    mei.says(&format!("insist {}", nino.id()));
    town.eventually("the call is out", || town.world().calls_of("sendMessage").len() == 1).await;
    nino.blocks();
    nino.unblocks();
    town.eventually_count("select count(*) from heard where text = 'status: member'", 1).await;
    town.world().remove_faults(None);
    town.idle().await;
    assert_eq!(town.count("select count(*) from chats where parked is not null").await, 0);
    town.advance(Duration::from_secs(1)).await;
    assert_eq!(town.world().calls_of("sendMessage").len(), 2, "it is tried once more");
    assert_eq!(
        town.count("select count(*) from chats where parked is not null").await,
        1,
        "and now it is true"
    );
    town.expect_waiting_jobs(1);
});
