//! Crashes and stops: nothing is lost, nothing is done twice.

use testkit::{Fault, FaultKind, story};

use crate::echo::Echo;
use crate::outage::Outage;

story!(an_update_that_was_not_stored_is_not_acknowledged, |town| async move {
    town.run(Echo::default()).await;
    town.idle().await;
    let outage = Outage::begin(&town).await;
    let nino = town.person("Nino", "en");
    nino.says("hello");
    town.eventually("the bot has tried to store it", || town.logs().has("could not be stored")).await;
    assert_eq!(town.world().pending_updates(town.account().id), 1);
    town.crash_bot();
    outage.end().await;
    town.restart_bot().await;
    town.idle().await;
    nino.assert_sees(&["Nino: hello", "Lotus Support: (re \"hello\") hello"]);
});

story!(an_update_that_comes_again_after_a_crash_is_handled_once, |town| async move {
    town.fault(Fault::new(FaultKind::Duplicate));
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    for n in 0..20 {
        nino.says(&format!("note {n}"));
    }
    town.idle().await;
    town.crash_bot();
    for n in 20..30 {
        nino.says(&format!("note {n}"));
    }
    town.restart_bot().await;
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 30);
    assert_eq!(town.count("select count(distinct text) from heard").await, 30);
});

story!(a_call_in_flight_at_a_crash_is_made_again_and_its_handler_is_not_run_again, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::Withhold).method("sendMessage"));
    nino.says("hello");
    town.eventually("the call is in flight", || town.world().calls_of("sendMessage").len() == 1).await;
    town.crash_bot();
    town.world().remove_faults(None);
    town.restart_bot().await;
    town.idle().await;
    assert_eq!(town.world().calls_of("sendMessage").len(), 2, "its fate was unclear");
    assert_eq!(town.count("select count(*) from heard").await, 1);
});

story!(what_costs_money_and_was_in_flight_at_a_crash_waits_for_a_person, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::Withhold).method("sendMessage"));
    nino.says("pay");
    town.eventually("the call is in flight", || town.world().calls_of("sendMessage").len() == 1).await;
    town.crash_bot();
    town.world().remove_faults(None);
    town.restart_bot().await;
    town.idle().await;
    assert_eq!(town.world().calls_of("sendMessage").len(), 1);
    assert_eq!(town.dead_letters().await[0].reason, "unknown");
    assert_eq!(town.count("select count(*) from heard where text = 'pay: unknown'").await, 1);
    town.expect_dead_letters(1);
});

story!(a_clean_stop_waits_for_what_is_in_flight, |town| async move {
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    town.fault(Fault::new(FaultKind::Withhold).method("sendMessage"));
    nino.says("hello");
    town.eventually("the call is in flight", || town.world().calls_of("sendMessage").len() == 1).await;
    let (stopping, ()) = tokio::join!(town.try_stop(), async {
        tokio::task::yield_now().await;
        town.world().remove_faults(None);
    });
    stopping.unwrap();
    assert_eq!(town.count("select count(*) from jobs").await, 0);
    assert_eq!(town.count("select count(*) from meta where key = 'clean_stop' and value = '1'").await, 1);
    town.restart_bot().await;
    town.idle().await;
    nino.assert_sees(&["Nino: hello", "Lotus Support: (re \"hello\") hello"]);
});

story!(ten_crashes_under_load_lose_nothing_and_double_no_state, |town| async move {
    town.run(Echo::default()).await;
    let people: Vec<_> = (0..10).map(|n| town.person(&format!("Person {n}"), "en")).collect();
    for round in 0..10 {
        for n in 0..10 {
            for person in &people {
                person.says(&format!("{round}-{n}"));
            }
        }
        // Somewhere in the middle of it, never at the same place.
        let before = town.world().calls_of("sendMessage").len();
        let some = round * 9;
        town.eventually("some are answered", || town.world().calls_of("sendMessage").len() >= before + some)
            .await;
        town.crash_bot();
        town.restart_bot().await;
    }
    town.idle().await;
    assert_eq!(town.count("select count(*) from heard").await, 1_000);
    assert_eq!(
        town.count("select count(*) from (select distinct chat, message from heard) every").await,
        1_000
    );
    for person in &people {
        let mut answers: Vec<String> =
            person.views().into_iter().filter(|view| view.from.bot).filter_map(|view| view.text).collect();
        let sent = answers.len();
        answers.dedup();
        let expected: Vec<String> =
            (0..10).flat_map(|round| (0..10).map(move |n| format!("{round}-{n}"))).collect();
        assert_eq!(answers, expected, "in order, and a repeat only right behind what it repeats");
        assert!(sent <= 110, "at most one unclear call a lane and crash");
    }
});

story!(a_row_that_is_done_keeps_no_text_and_goes_after_48_hours, |town| async move {
    use std::time::Duration;
    town.run(Echo::default()).await;
    let nino = town.person("Nino", "en");
    nino.says("a canary in a coal mine");
    town.idle().await;
    assert_eq!(town.count("select count(*) from inbox where raw is not null").await, 0);
    assert_eq!(town.count("select count(*) from inbox where state = 1 and kind = 'message'").await, 1);
    town.logs().assert_never("a canary in a coal mine");
    town.advance(Duration::from_hours(47)).await;
    assert_eq!(town.count("select count(*) from inbox where kind = 'message'").await, 1);
    // Cleared every ten minutes; a round may be under way while the time moves.
    let mut rounds = 0;
    while town.count("select count(*) from inbox where kind = 'message'").await > 0 {
        rounds += 1;
        assert!(rounds < 500, "nobody clears it away");
        town.advance(Duration::from_mins(10)).await;
    }
    assert!(rounds > 5, "cleared {rounds} rounds after the 47th hour");
});
